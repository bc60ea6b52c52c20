# shellcheck shell=bash
# A private Redis: loopback only, with a password, every write in an append-only file.

redis_config() {
	# everysec is enough: a stop writes out what is left, and a killed Redis leaves its writes with the kernel.
	cat <<-CONF
		bind 127.0.0.1
		port $TRM_REDIS_PORT
		requirepass $TRM_REDIS_PASSWORD
		dir "$LOCAL/redis"
		appendonly yes
		appendfsync everysec
		save ""
		maxmemory-policy noeviction
		daemonize no
	CONF
}

# One PING over a plain TCP connection; a server that is still loading its file answers with an error.
redis_answers() {
	local reply=''
	exec 7<>"/dev/tcp/127.0.0.1/$TRM_REDIS_PORT" || return 1
	printf 'AUTH %s\r\nPING\r\n' "$TRM_REDIS_PASSWORD" >&7
	while read -r -t 1 -u 7 reply; do
		[[ $reply != +OK* ]] || continue
		break
	done
	exec 7>&-
	[[ $reply == +PONG* ]]
}

redis_start() {
	local log=$LOCAL/log/redis.log pid
	mkdir -p "$LOCAL/redis" "$LOCAL/log"
	chmod 700 "$LOCAL/redis"
	(umask 077 && redis_config >"$LOCAL/redis/redis.conf")
	: >"$log"
	spawn_saved redis "$log" redis-server "$LOCAL/redis/redis.conf"
	pid=$SPAWNED
	until redis_answers 2>/dev/null; do
		if ! is_running "$pid"; then
			die 69 'Redis did not start. The end of .local/log/redis.log:' "$(tail -n 20 "$log")"
		fi
		pause 0.1
	done
}

# On SIGTERM Redis writes out its append-only file and ends.
redis_stop() {
	stop_saved redis TERM 20
}
