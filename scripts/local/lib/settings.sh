# shellcheck shell=bash
# Where settings come from: the environment wins over .env, .env over .local/secrets.env, and that over defaults.

# load_env_file FILE: NAME=value lines for names that are not set yet. Read, never executed.
load_env_file() {
	local file=$1 line name value
	[[ -r $file ]] || return 0
	while IFS= read -r line || [[ -n $line ]]; do
		line=${line%$'\r'}
		[[ $line =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
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

# A secret may be given as NAME_FILE; here we need its value, to print it and to build URLs.
resolve_secret_files() {
	local name file
	for name in DB_PASSWORD SECRET ADMIN_PASSWORD REDIS; do
		file=${name}_FILE
		[[ -n ${!file:-} ]] || continue
		[[ -r ${!file} ]] || die 78 "$file=${!file} cannot be read: correct the path or its permissions."
		export "$name=$(<"${!file}")"
		unset "$file"
	done
}

random_text() {
	local text
	text=$(head -c 96 /dev/urandom | base64 -w 0 | tr -d '+/=')
	printf '%s' "${text:0:$1}"
}

# Random per installation, kept in .local/secrets.env, readable by this user only.
ensure_secrets() {
	local file=$LOCAL/secrets.env name names=(SECRET ADMIN_PASSWORD DB_PASSWORD TRM_PG_SUPERUSER_PASSWORD TRM_REDIS_PASSWORD)
	mkdir -p "$LOCAL"
	if [[ ! -e $file && -e $LOCAL/postgres/PG_VERSION && -z ${DB_HOST:-} ]]; then
		die 78 '.local/postgres is there, but .local/secrets.env with its passwords is not.' \
			'Put the file back, or start afresh with: npm run reset'
	fi
	(umask 077 && touch "$file")
	# Given but empty, as a line of .env without its value, is not given.
	for name in "${names[@]}"; do [[ -n ${!name:-} ]] || unset "$name"; done
	load_env_file "$file"
	for name in "${names[@]}"; do
		[[ -z ${!name:-} ]] || continue
		# With a server of somebody else's, only that server's owner knows its password.
		if [[ -n ${DB_HOST:-} && ($name == DB_PASSWORD || $name == TRM_PG_SUPERUSER_PASSWORD) ]]; then continue; fi
		printf -v "$name" '%s' "$(random_text "$([[ $name == SECRET ]] && echo 48 || echo 20)")"
		printf '%s=%s\n' "$name" "${!name}" >>"$file"
	done
	export SECRET ADMIN_PASSWORD
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
	if ((${#PM2_HOME} > 90)); then PM2_HOME=/tmp/trm-pm2-$(printf '%s' "$ROOT" | sha256sum | head -c 16); fi
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
