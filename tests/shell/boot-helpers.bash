# shellcheck shell=bash
# Real boots of the entrypoint: starting, watching and ending them. For tests that have loaded helpers.bash.
# shellcheck disable=SC2034,SC2153 # variables go to and come from bats and the test files

boot_environment() {
	[[ -f "$APP_ROOT/extensions/trm/dist/api.js" ]] || { echo 'build the bundle first: npm run build' >&2; return 1; }
	export SECRET=0123456789abcdef0123456789abcdef ADMIN_EMAIL=admin@example.com ADMIN_PASSWORD=Secret-1234
	export DIRECTUS_CLI="$ROOT/node_modules/directus/cli.js" ECOSYSTEM_FILE="$ROOT/scripts/local/ecosystem.config.cjs"
	export TELEMETRY=false AI_ENABLED=false MCP_ENABLED=false HOST=127.0.0.1 LOG_LEVEL=warn
	# Two dozen starts of Directus: compile it once. npm test has a place for all suites.
	export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE:-$BATS_FILE_TMPDIR/compiled}"
	# What the entrypoint sets, for the starts without it.
	export REDIS_ENABLED=false
	unset REDIS DB_INIT_PATH SNAPSHOT_PATH ACCESS_PATH SETTINGS_PATH
}

# start_boot LOG [COMMAND…]: pid in $boot, port in $port.
start_boot() {
	local log=$1
	shift
	port="$(free_port)"
	(cd "$APP_ROOT" && PORT=$port PUBLIC_URL="http://127.0.0.1:$port" PM2_HOME="$BATS_TEST_TMPDIR/pm2-$port" \
		exec "${@:-$ENTRYPOINT}") >"$log" 2>&1 3>&- &
	boot=$!
	boots+=("$boot")
}

stop_boots() {
	local pid
	for pid in "${boots[@]}"; do
		kill -TERM "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	boots=()
}

serves() {
	(exec 9<>"/dev/tcp/127.0.0.1/$1" && printf 'GET /server/ping HTTP/1.0\r\n\r\n' >&9 && grep -q pong <&9)
}

serves_or_show() {
	eventually "$1" serves "$2" || { cat "$3"; return 1; }
}

# boot_and_stop LOG boots until the server answers, then stops it.
boot_and_stop() {
	start_boot "$1"
	serves_or_show 120 "$port" "$1" || return 1
	stop_boots
}
