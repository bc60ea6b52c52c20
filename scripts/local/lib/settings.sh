# shellcheck shell=bash
# Where settings come from: the environment wins over .env, .env over .local/secrets.env, and that over defaults.

# load_env_file FILE: NAME=value lines for names that are not set yet. Read, never executed. A line that is none ends the
# script: passed over, it would be a setting that does nothing. It may hold a secret, so its number names it.
load_env_file() {
	local file=$1 line name value number=0
	[[ -r $file ]] || return 0
	while IFS= read -r line || [[ -n $line ]]; do
		((++number))
		if ((number == 1)); then line=${line#$'\xef\xbb\xbf'}; fi
		[[ ! $line =~ ^[[:space:]]*(#.*)?$ ]] || continue
		[[ $line =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)[[:space:]]*=[[:space:]]*(.*)$ ]] ||
			die 78 "$file:$number is neither a comment nor NAME=value: correct that line."
		name=${BASH_REMATCH[2]}
		value=${BASH_REMATCH[3]}
		if [[ $value =~ ^\"(.*)\"[[:space:]]*(#.*)?$ || $value =~ ^\'(.*)\'[[:space:]]*(#.*)?$ ]]; then
			value=${BASH_REMATCH[1]}
		else
			value=${value%%[[:space:]]#*}
			value=${value%"${value##*[![:space:]]}"}
		fi
		[[ -v $name ]] || export "$name=$value"
	done <"$file"
}

# What the entrypoint takes from NAME_FILE is needed here already: which servers to start, what to print, what stands in URLs.
resolve_secret_files() {
	local problems
	load_secret_files
	[[ -n $TRM_CONFIG_PROBLEMS ]] || return 0
	mapfile -t problems <<<"$TRM_CONFIG_PROBLEMS"
	die 78 "${problems[@]}"
}

random_text() {
	local text
	text=$(head -c 96 /dev/urandom | base64 -w 0 | tr -d '+/=')
	printf '%s' "${text:0:$1}"
}

# Random per installation, kept in .local/secrets.env, readable by this user only.
ensure_secrets() {
	local file=$LOCAL/secrets.env name names=(SECRET ADMIN_PASSWORD DB_PASSWORD TRM_PG_SUPERUSER_PASSWORD TRM_REDIS_PASSWORD)
	local made=()
	need_whole_secrets "$file"
	# Given but empty, as a line of .env without its value, is not given.
	for name in "${names[@]}"; do [[ -n ${!name:-} ]] || unset "$name"; done
	load_env_file "$file"
	for name in "${names[@]}"; do
		[[ -z ${!name:-} ]] || continue
		# With a server of somebody else's, only that server's owner knows its password.
		if [[ -n ${DB_HOST:-} && ($name == DB_PASSWORD || $name == TRM_PG_SUPERUSER_PASSWORD) ]]; then continue; fi
		# The cluster has it, and nobody knows it any more.
		if [[ $name == TRM_PG_SUPERUSER_PASSWORD ]] && has_cluster; then lost_secrets "lacks $name"; fi
		printf -v "$name" '%s' "$(random_text "$([[ $name == SECRET ]] && echo 48 || echo 20)")"
		made+=("$name=${!name}")
	done
	if ((${#made[@]} > 0)); then
		# As a whole: a start that is killed leaves no half of it.
		(umask 077 && { cat "$file" 2>/dev/null || true; printf '%s\n' "${made[@]}"; } >"$file.new")
		mv "$file.new" "$file"
	fi
	export SECRET ADMIN_PASSWORD
}

has_cluster() {
	[[ -z ${DB_HOST:-} && -e $LOCAL/postgres/PG_VERSION ]]
}

# A file that was cut off somewhere (a full disk, a copy) may end in half a password.
need_whole_secrets() {
	if [[ ! -e $1 ]]; then
		if has_cluster; then lost_secrets 'is gone'; fi
	elif [[ -n $(tail -c 1 "$1") ]]; then
		lost_secrets 'is cut off: its last line has no end'
	fi
}

lost_secrets() {
	die 78 "$LOCAL/secrets.env, which holds the passwords of the cluster beside it, $1." \
		'Put the file back as it was, or start afresh with: npm run reset'
}

# For a state directory with a long path; each has its own, or one stack would talk to the pm2 of another.
short_pm2_home() {
	printf '/tmp/trm-pm2-%s' "$(printf '%s' "$LOCAL" | sha256sum | head -c 16)"
}

# What the production entrypoint needs to run here: variables only.
export_stack_environment() {
	export ADMIN_EMAIL=${ADMIN_EMAIL:-admin@example.com}
	export HOST=${HOST:-127.0.0.1} PORT=${PORT:-8055}
	export PUBLIC_URL=${PUBLIC_URL:-http://127.0.0.1:$PORT}
	export NODE_ENV=${NODE_ENV:-production}
	export TELEMETRY=${TELEMETRY:-false} AI_ENABLED=${AI_ENABLED:-false} MCP_ENABLED=${MCP_ENABLED:-false}
	export STORAGE_LOCAL_ROOT=${STORAGE_LOCAL_ROOT:-$LOCAL/uploads}
	export TEMP_PATH=${TEMP_PATH:-$LOCAL/tmp}
	export NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE:-$LOCAL/cache/node}
	export DIRECTUS_CLI=${DIRECTUS_CLI:-$ROOT/node_modules/directus/cli.js}
	export ECOSYSTEM_FILE=${ECOSYSTEM_FILE:-$ROOT/scripts/local/ecosystem.config.cjs}
	export EVENT_STREAM=${EVENT_STREAM:-trm:events}
	# .env has been read above; Directus would let it win over the environment, so it gets no file of its own.
	export CONFIG_PATH=${CONFIG_PATH:-$LOCAL/directus.env}
	# pm2 puts sockets there, and a socket's path may have 107 bytes.
	export PM2_HOME=${PM2_HOME:-$LOCAL/pm2}
	if ((${#PM2_HOME} > 90)); then PM2_HOME=$(short_pm2_home); fi
	mkdir -p "$STORAGE_LOCAL_ROOT" "$TEMP_PATH" "$NODE_COMPILE_CACHE" "$PM2_HOME"
}

# Percent-encoded for a URL.
url_encode() {
	local LC_ALL=C text=$1 out='' char i
	for ((i = 0; i < ${#text}; i++)); do
		char=${text:i:1}
		case $char in
			[a-zA-Z0-9._~-]) out+=$char ;;
			*) out+=$(printf '%%%02X' "'$char") ;;
		esac
	done
	printf '%s' "$out"
}

database_url() {
	printf 'postgres://%s:%s@%s:%s/%s' "$(url_encode "$DB_USER")" "$(url_encode "$DB_PASSWORD")" \
		"$DB_HOST" "${DB_PORT:-5432}" "$(url_encode "$DB_DATABASE")"
}

# Lets other tools attach to the running stack.
write_stack_file() {
	local file=$LOCAL/stack.env
	(umask 077 && : >"$file.new")
	printf '%s=%s\n' PUBLIC_URL "$PUBLIC_URL" ADMIN_EMAIL "$ADMIN_EMAIL" ADMIN_PASSWORD "$ADMIN_PASSWORD" \
		DATABASE_URL "$(database_url)" REDIS_URL "${REDIS:-}" EVENT_STREAM "$EVENT_STREAM" >"$file.new"
	mv "$file.new" "$file"
}
