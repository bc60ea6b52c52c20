# shellcheck shell=bash
# Debian packages: what is missing, and installing it without starting any system service.

APT_POLICY=/usr/sbin/policy-rc.d
APT_CLUSTERS=/etc/postgresql-common/createcluster.d/trm-directus.conf
APT_MARK='# trm-directus: only while packages are being installed'

# The newest installed server from 15 up that has PostGIS: its directory of programs.
postgres_bin() {
	local version
	while read -r version; do
		if [[ $version =~ ^[0-9]+$ ]] && ((version >= 15)) && [[ -x /usr/lib/postgresql/$version/bin/initdb &&
			-e /usr/share/postgresql/$version/extension/postgis.control ]]; then
			printf '/usr/lib/postgresql/%s/bin' "$version"
			return 0
		fi
	done < <(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | sort -rn)
	return 1
}

# The first Python that has the package redis. Debian's own is asked too: another one first on PATH does not see Debian's packages.
python_with_redis() {
	local python
	for python in python3 /usr/bin/python3; do
		if "$python" -c 'import redis' 2>/dev/null; then
			printf '%s' "$python"
			return 0
		fi
	done
	return 1
}

# missing_parts WHAT...: what of it this machine lacks. Words: postgres, psql, redis, python3-redis, dockerd, and names of programs.
missing_parts() {
	local what
	for what in "$@"; do
		case $what in
			postgres) postgres_bin >/dev/null ;;
			python3-redis) python_with_redis >/dev/null ;;
			redis) command -v redis-server >/dev/null ;;
			# A docker program is not yet an engine, and Debian 13 has them in packages of their own.
			dockerd) command -v dockerd >/dev/null && command -v docker >/dev/null ;;
			docker-compose) command -v docker-compose >/dev/null || docker compose version >/dev/null 2>&1 ;;
			# Ubuntu has it as a snap only, so another one may be named.
			chromium) [[ -n ${CHROMIUM:-} ]] || command -v chromium >/dev/null ;;
			*) command -v "$what" >/dev/null ;;
		esac || printf '%s\n' "$what"
	done
}

# choose_packages WHAT...: the packages that bring these parts (words as above), of the names on stdin, those that apt offers, a line each.
# For what nothing on offer brings, the names that Debian 12 has.
choose_packages() {
	local name what newest=15 additional
	local -A offered=()
	while read -r name; do
		offered[${name:-none}]=1
		if [[ $name =~ ^postgresql-([0-9]+)-postgis-3$ ]] && ((BASH_REMATCH[1] > newest)); then newest=${BASH_REMATCH[1]}; fi
	done
	for what in "$@"; do
		case $what in
			postgres) printf '%s\n' "postgresql-$newest" "postgresql-$newest-postgis-3" ;;
			psql) printf 'postgresql-client\n' ;;
			redis) printf 'redis-server\n' ;;
			python3-redis) printf 'python3\npython3-redis\n' ;;
			dockerd)
				printf 'docker.io\n'
				# Debian 13 has the client apart, and later engines build with buildx only.
				for additional in docker-cli docker-buildx; do
					if [[ -v offered[$additional] ]]; then printf '%s\n' "$additional"; fi
				done
				;;
			# Ubuntu's version 2 is called so; docker-compose there is version 1, and in Debian 13 version 2.
			docker-compose) if [[ -v offered[docker-compose-v2] ]]; then printf 'docker-compose-v2\n'; else printf 'docker-compose\n'; fi ;;
			*) printf '%s\n' "$what" ;;
		esac
	done
}

# missing_packages WHAT...: words as for missing_parts.
missing_packages() {
	local parts
	mapfile -t parts < <(missing_parts "$@")
	if ((${#parts[@]} > 0)); then apt-cache pkgnames 2>/dev/null | choose_packages "${parts[@]}"; fi
}

as_root() {
	if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

can_install() {
	command -v apt-get >/dev/null || return 1
	((EUID == 0)) || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# Everything we put in place for the installation goes again, also what a killed run left.
remove_apt_guards() {
	local file
	for file in "$APT_POLICY" "$APT_CLUSTERS"; do
		if grep -qxF "$APT_MARK" "$file" 2>/dev/null; then as_root rm -f "$file"; fi
	done
}

# Called by run_step. The guards keep the packages from starting services or creating a cluster on port 5432.
apt_install() {
	trap remove_apt_guards EXIT
	trap 'exit 143' TERM
	remove_apt_guards
	if [[ ! -e $APT_POLICY ]]; then
		printf '#!/bin/sh\n%s\nexit 101\n' "$APT_MARK" | as_root tee "$APT_POLICY" >/dev/null
		as_root chmod 755 "$APT_POLICY"
	fi
	if [[ ! -e /usr/lib/postgresql ]]; then
		as_root mkdir -p "${APT_CLUSTERS%/*}"
		printf '%s\ncreate_main_cluster = false\n' "$APT_MARK" | as_root tee "$APT_CLUSTERS" >/dev/null
	fi
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
}

# ensure_packages WHAT...: words as for missing_packages.
ensure_packages() {
	local missing
	mapfile -t missing < <(missing_packages "$@")
	((${#missing[@]} > 0)) || return 0
	if can_install; then
		# Package lists may be absent (a container) or older than the mirror.
		run_step apt-update 'Refreshing the Debian package lists' as_root apt-get update -q ||
			complain 'Going on with the package lists as they are.'
		mapfile -t missing < <(missing_packages "$@")
		run_step apt-install "Installing Debian packages: ${missing[*]}" apt_install "${missing[@]}" || exit 69
		mapfile -t missing < <(missing_packages "$@")
		((${#missing[@]} > 0)) || return 0
	fi
	die 69 "Missing here: ${missing[*]}" \
		'There are three ways on:' \
		'  1. Debian or Ubuntu: install the packages (or run this as root, or with sudo that asks for no password):' \
		"       apt-get install --no-install-recommends ${missing[*]}" \
		'  2. Your own servers: set DB_HOST, DB_PORT, DB_DATABASE, DB_USER, DB_PASSWORD for Postgres 15 or newer' \
		'     with PostGIS (a psql program is still needed), and REDIS=redis://host:6379 for Redis, in .env or the environment.' \
		'  3. Any system with Docker and its compose plugin: npm run dev:reset'
}
