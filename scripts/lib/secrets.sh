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

# Quotes and blanks around a value, which "docker run --env-file" and systemd files keep, are not part of it: whatever the variable, they
# are removed. Passwords, secrets, keys and tokens may have them, so those stay as they are.
clean_values() {
	local name value
	while IFS= read -r name; do
		[[ "$name" =~ ^[A-Z] && ! "$name" =~ PASSWORD|SECRET|KEY|TOKEN ]] || continue
		value="${!name}"
		value="${value#"${value%%[![:space:]]*}"}"
		value="${value%"${value##*[![:space:]]}"}"
		if [[ "$value" =~ ^(\".*\"|\'.*\')$ ]] && ((${#value} > 1)); then value="${value:1:-1}"; fi
		[[ "$value" == "${!name}" ]] || export "$name=$value"
	done < <(compgen -e)
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
		config_problems+=("$1 is \"$value\"; remedy: give a port number, such as ${2:-5432}")
}

# require_number NAME… Directus takes what is none as text, and then for no limit.
require_number() {
	local name
	for name in "$@"; do
		[[ "${!name:-0}" =~ ^(0|[1-9][0-9]{0,8})$ ]] ||
			config_problems+=("$name is \"${!name}\"; remedy: give a whole number, or leave it unset")
	done
}

# require_boolean NAME…
require_boolean() {
	local name
	for name in "$@"; do
		[[ "${!name:-false}" =~ ^(true|false)$ ]] ||
			config_problems+=("$name is \"${!name}\"; remedy: true or false, or leave it unset")
	done
}

# The address that cookies, links in e-mail and the check of a request's origin are made from: each would read another thing into what
# is no URL. The scheme is made lower case, the one part that Directus compares as it stands.
require_web_address() {
	local value="${!1:-}" pattern='^([Hh][Tt][Tt][Pp][Ss]?)(://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[^][:space:]"'\''<>?#\\[]*)?)$'
	[[ -n "$value" ]] || return 0
	if [[ "$value" =~ $pattern ]]; then
		export "$1=${BASH_REMATCH[1],,}${BASH_REMATCH[2]}"
	else
		config_problems+=("$1 is \"$value\", which is no address of a site; remedy: give scheme and host, such as https://race.example.com")
	fi
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
