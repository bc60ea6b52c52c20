#!/bin/sh
# Makes the secrets that compose.yaml mounts. What is there is kept. POSIX, so that it runs on a developer's macOS too.
set -eu

usage() {
	echo 'usage: make-secrets.sh [DIRECTORY]   (default compose/secrets)
exit: 0 done, 1 not writable, 64 usage, 78 files that do not fit together'
}

# die STATUS MESSAGE
die() {
	echo "[make-secrets] error: $2" >&2
	exit "$1"
}

random_text() {
	LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c "$1"
}

sha256() {
	if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

# Each byte as %XX where any of them may have a meaning in a URL.
url_encode() {
	case $1 in
		*[!A-Za-z0-9._~-]*) printf '%s' "$1" | od -An -v -tx1 | tr -d '\n' | tr ' ' '%' ;;
		*) printf '%s' "$1" ;;
	esac
}

# put NAME VALUE: whole or not at all, so that a killed run leaves no empty secret.
put() {
	printf '%s\n' "$2" >"$directory/.$1.new"
	# The directory is closed; the containers' users must be able to read what is mounted.
	chmod 444 "$directory/.$1.new"
	mv "$directory/.$1.new" "$directory/$1"
	made="$made $1"
}

has() {
	[ -s "$directory/$1" ]
}

# Three files say the same password: one alone that is missing can be made from it.
make_redis() {
	if ! has redis_password; then
		if has redis_acl || has redis_url; then
			die 78 "$directory/redis_password is missing, and redis_acl or redis_url are there; remedy: put it back, or remove these two as well"
		fi
		put redis_password "$(random_text 32)"
	fi
	password=$(cat "$directory/redis_password")
	has redis_acl || put redis_acl "$(printf 'user default off\nuser trm on #%s ~* &* +@all' "$(printf '%s' "$password" | sha256)")"
	has redis_url || put redis_url "redis://trm:$(url_encode "$password")@redis:6379/0"
}

case ${1:-} in
	-h | --help) usage; exit ;;
	-*) usage >&2; die 64 "unknown option $1" ;;
esac
[ $# -le 1 ] || { usage >&2; die 64 'one directory at most'; }
directory=${1:-$(dirname "$0")/../compose/secrets}
made=''
if ! mkdir -p "$directory" || ! chmod 700 "$directory"; then
	die 1 "$directory cannot be made or closed to others; remedy: check its owner"
fi
for name in postgres_password db_password admin_password; do
	has "$name" || put "$name" "$(random_text 24)"
done
has secret || put secret "$(random_text 48)"
make_redis
if [ -n "$made" ]; then
	echo "[make-secrets] made in $directory:$made"
else
	echo "[make-secrets] nothing to make in $directory"
fi
