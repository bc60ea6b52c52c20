# shellcheck shell=bash
# Variables and their NAME_FILE variants. What is wrong is collected, so that one message can name all of it.

config_problems=()

REQUIRED=(DB_CLIENT DB_HOST DB_DATABASE DB_USER DB_PASSWORD SECRET ADMIN_EMAIL ADMIN_PASSWORD PUBLIC_URL)
# Directus reads a few more NAME_FILE variables by itself (storage, mail, single sign-on); those stay untouched.
# shellcheck disable=SC2034 # for the scripts that source this file
FROM_FILES=("${REQUIRED[@]}" DB_PORT KEY ADMIN_TOKEN PROJECT_OWNER REDIS REDIS_HOST REDIS_USERNAME REDIS_PASSWORD
	EVENT_REDIS_SENTINEL_PASSWORD)

# load_secret_files NAME… sets NAME from the file that NAME_FILE names, then unsets NAME_FILE: Directus stops when it sees both.
load_secret_files() {
	local name file_variable path value
	for name in "$@"; do
		file_variable="${name}_FILE"
		path="${!file_variable:-}"
		if [[ -z "$path" ]]; then
			unset "$file_variable"
		elif [[ -n "${!name:-}" ]]; then
			config_problems+=("both $name and $file_variable are set; remedy: keep one of them")
		elif [[ ! -f "$path" && ! -p "$path" || ! -r "$path" ]]; then
			config_problems+=("$file_variable: cannot read the file $path as user $(id -u); remedy: check the path, the mount and the owner")
		else
			value="$(<"$path")"
			while [[ "$value" == *[$'\r\n'] ]]; do
				value="${value%?}"
			done
			if [[ -z "$value" ]]; then
				config_problems+=("$file_variable: the file $path is empty; remedy: write the value of $name into it")
			else
				export "$name=$value"
				unset "$file_variable"
			fi
		fi
	done
}

# require_variables NAME… adds one problem that names every NAME without a value.
require_variables() {
	local name file_variable missing=()
	for name in "$@"; do
		file_variable="${name}_FILE"
		if [[ -z "${!file_variable:-}" && ! "${!name:-}" =~ [^[:space:]] ]]; then
			missing+=("$name")
		fi
	done
	if ((${#missing[@]} > 0)); then
		config_problems+=("required variables are missing: ${missing[*]}; remedy: set each of them, or NAME_FILE with the path of a file that holds the value")
	fi
}

# What is no port cannot be waited for.
require_port() {
	local value="${!1:-}"
	[[ -z "$value" || "$value" =~ ^[1-9][0-9]{0,4}$ ]] && ((${value:-1} <= 65535)) ||
		config_problems+=("$1 is \"$value\"; remedy: give a port number, such as 5432")
}

require_boolean() {
	[[ "${!1:-false}" =~ ^(true|false)$ ]] ||
		config_problems+=("$1 is \"${!1}\"; remedy: true or false, or leave it unset")
}

# Of Sentinel and Cluster only the relay knows: Directus would ask a host of that name, at its start and for ever.
require_single_redis_for_directus() {
	local name
	[[ "${REDIS:-}" =~ ^rediss?-(sentinel|cluster): ]] || return 0
	for name in $(compgen -e); do
		[[ "$name=${!name}" == REDIS_ENABLED=true || "$name=${!name}" == *_STORE=redis ]] || continue
		config_problems+=("$name=${!name} makes Directus itself use REDIS, and it does not understand ${BASH_REMATCH[0]}//; remedy: unset $name (the event stream does not need it), or give a REDIS of the form redis://host:6379/0")
	done
}

# Over them items are asked for and changed past the routes that the bundle closes to all but administrators.
require_websockets_off() {
	[[ "${WEBSOCKETS_ENABLED:-false}" == false ]] ||
		config_problems+=("WEBSOCKETS_ENABLED is \"$WEBSOCKETS_ENABLED\", and over WebSockets items are asked for and changed past what is closed to all but administrators; remedy: unset it")
}

# require_writable NAME DIRECTORY: pm2 with a home that it cannot write to stays up and never serves.
require_writable() {
	{ [[ -d "$2" ]] || mkdir -p "$2"; } 2>/dev/null && [[ -w "$2" ]] ||
		config_problems+=("user $(id -u) cannot write to $2; remedy: under a read-only root mount a tmpfs there (--tmpfs /tmp), or set $1 to a directory that it can write to")
}

# Ends the script with every collected problem on stderr.
stop_on_config_problems() {
	local problem
	((${#config_problems[@]} > 0)) || return 0
	for problem in "${config_problems[@]}"; do
		log_error "$problem"
	done
	exit "$EXIT_CONFIG"
}
