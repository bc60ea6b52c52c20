#!/usr/bin/env bash
# Makes the secrets that compose.yaml mounts. What is there is kept.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
LOG_TAG=make-secrets
# shellcheck source=lib/log.sh
source "$HERE/lib/log.sh"
# shellcheck source=local/lib/settings.sh
source "$HERE/local/lib/settings.sh"

usage() {
	cat <<-'TEXT'
		usage: make-secrets.sh [DIRECTORY]   (default compose/secrets)
		exit: 0 done, 1 not writable, 64 usage, 78 files that do not fit together
	TEXT
}

# put NAME VALUE: whole or not at all, so that a killed run leaves no empty secret.
put() {
	printf '%s\n' "$2" >"$directory/.$1.new"
	# The directory is closed; the containers' users must be able to read what is mounted.
	chmod 444 "$directory/.$1.new"
	mv "$directory/.$1.new" "$directory/$1"
	made+=("$1")
}

has() {
	[[ -s "$directory/$1" ]]
}

# Three files say the same password: one alone that is missing can be made from it.
make_redis() {
	local password
	if ! has redis_password; then
		if has redis_acl || has redis_url; then
			die "$EXIT_CONFIG" "$directory/redis_password is missing, and redis_acl or redis_url are there; remedy: put it back, or remove these two as well"
		fi
		put redis_password "$(random_text 32)"
	fi
	password="$(<"$directory/redis_password")"
	has redis_acl || put redis_acl "$(printf 'user default off\nuser trm on #%s ~* &* +@all' \
		"$(printf '%s' "$password" | sha256sum | head -c 64)")"
	has redis_url || put redis_url "redis://trm:$(url_encode "$password")@redis:6379/0"
}

main() {
	case "${1:-}" in
		-h | --help) usage; return ;;
		-*) usage >&2; die 64 "unknown option $1" ;;
	esac
	(($# <= 1)) || { usage >&2; die 64 'one directory at most'; }
	directory="${1:-$HERE/../compose/secrets}"
	made=()
	if ! mkdir -p "$directory" || ! chmod 700 "$directory"; then
		die "$EXIT_FAILURE" "$directory cannot be made or closed to others; remedy: check its owner"
	fi
	local name
	for name in postgres_password db_password admin_password; do
		has "$name" || put "$name" "$(random_text 24)"
	done
	has secret || put secret "$(random_text 48)"
	make_redis
	if ((${#made[@]} > 0)); then
		log "made in $directory: ${made[*]}"
	else
		log "nothing to make in $directory"
	fi
}

main "$@"
