#!/usr/bin/env bash
# Builds stand-ins of directus/directus and of the database image, for machines that reach no image registry, from Debian's
# packages and the packages that the checkout has installed. Prints their names. docs/image.md says what they cannot show.
# With --bases only those that need no package of npm.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(cd "$HERE/../../.." && pwd)"
cd "$ROOT"

DEBIAN=bookworm
# What the upstream image has: npm of Node 22, pm2@5.
NPM_VERSION=10.9.4
work=''

say() {
	printf '[stand-in] %s\n' "$*" >&2
}

clean_up() {
	[[ -z $work ]] || rm -rf "$work"
}

# Of Alpine's BusyBox: what our scripts call and Debian has in another make.
readonly BUSYBOX_TOOLS=(awk egrep fgrep find grep hostname ps sed wget which xargs)

# debian_root DIRECTORY
debian_root() {
	debootstrap --variant=minbase --include=ca-certificates,busybox "$DEBIAN" "$1" >"$work/debootstrap.log" 2>&1 ||
		{ tail -n 20 "$work/debootstrap.log" >&2; return 1; }
	rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/*
	# A proxy or registry of this machine's is one for builds too.
	cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/ca-certificates.crt"
	cp -r /usr/local/share/ca-certificates "$1/usr/local/share/"
	chroot "$1" groupadd --gid 1000 node
	chroot "$1" useradd --uid 1000 --gid node --create-home --shell /bin/sh node
}

# What Alpine lacks or has from BusyBox: there is no bash, and the rest is covered.
become_alpine() {
	local root=$1 tool
	for tool in "${BUSYBOX_TOOLS[@]}"; do
		ln -s /usr/bin/busybox "$root/usr/local/bin/$tool"
	done
	rm "$root/usr/bin/bash"
	chroot "$root" /usr/bin/busybox --list | while IFS= read -r tool; do
		if grep -qxF -e "/bin/$tool" -e "/usr/bin/$tool" "$root/var/lib/dpkg/info/coreutils.list"; then
			ln -s /usr/bin/busybox "$root/usr/local/bin/$tool"
		fi
	done
	install -m 755 "$HERE/apk" "$root/usr/local/bin/apk"
}

# Node from the locked package; npm and pm2 as upstream has them, installed for everybody.
add_node() {
	local root=$1 arch=x64 pm2
	if [[ $(uname -m) == aarch64 ]]; then arch=arm64; fi
	install -m 755 "node_modules/node-linux-$arch/bin/node" "$root/usr/local/bin/node"
	pm2="$(node -p 'require("./package.json").devDependencies.pm2')"
	npm install --global --prefix "$root/usr/local" --no-audit --no-fund --no-update-notifier --loglevel=error \
		"npm@$NPM_VERSION" "pm2@$pm2" >/dev/null
	mkdir -p "$root/usr/local/etc"
	printf 'cafile=/etc/ssl/certs/ca-certificates.crt\nregistry=%s\n' "$(npm config get registry 2>/dev/null)" >"$root/usr/local/etc/npmrc"
}

# The locked packages that Directus needs, and no other: names relative to the checkout, nested ones lie inside.
directus_packages() {
	# It complains of peer versions, which the lock has settled.
	{ npm ls --omit=dev --all --parseable 2>/dev/null || true; } |
		sed -n "s,^$ROOT/\(node_modules/\(@[^/]*/\)\?[^/]*\)\$,\1,p" |
		grep -vE '^node_modules/(directus|trm|node-linux-[a-z0-9]*)$'
}

# append TAR DIRECTORY WHAT…
append() {
	tar -rf "$1" --owner=1000 --group=1000 --mode=u=rwX,go=rX -C "$2" "${@:3}"
}

# add_directus TAR: adds /directus, of user node, as the upstream image has it.
add_directus() {
	local extra="$work/directus"
	mkdir -p "$extra"/directus/{database,extensions,node_modules,uploads}
	cp "$HERE/ecosystem.config.cjs" "$extra/directus/"
	# The API imports directus/version by name.
	ln -s .. "$extra/directus/node_modules/directus"
	directus_packages >"$work/packages"
	grep -qx node_modules/@directus/api "$work/packages" || { say 'the packages of Directus are not installed; remedy: npm ci'; return 1; }
	append "$1" "$extra" directus
	append "$1" node_modules/directus --transform 's,^,directus/,S' -T <(ls -A node_modules/directus)
	append "$1" "$ROOT" --transform 's,^,directus/,S' -T "$work/packages"
}

import_directus() {
	docker import \
		--change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DB_CLIENT=sqlite3 DB_FILENAME=/directus/database/database.sqlite' \
		--change 'ENV NODE_ENV=production NPM_CONFIG_UPDATE_NOTIFIER=false' \
		--change 'USER node' --change 'WORKDIR /directus' --change 'EXPOSE 8055' \
		--change 'CMD ["sh","-c","node cli.js bootstrap && pm2-runtime start ecosystem.config.cjs"]' \
		"$1" "$2" >/dev/null
}

has_image() {
	[[ -n "$(docker images -q "$1")" ]]
}

# make_bases DEBIAN DATABASE: the images that need nothing of npm.
make_bases() {
	if ! has_image "$1"; then
		say "debootstrap $DEBIAN"
		debian_root "$work/root"
		tar -c -C "$work/root" . |
			docker import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$1" >/dev/null
		rm -rf "$work/root"
	fi
	if ! has_image "$2"; then
		say "the database: $2"
		DOCKER_BUILDKIT=1 docker build --quiet --build-arg BASE="$1" --tag "$2" --file "$HERE/database.Dockerfile" "$HERE" >/dev/null
	fi
}

# unpack IMAGE DIRECTORY
unpack() {
	local container
	container="$(docker create "$1" true)"
	mkdir "$2"
	docker export "$container" | tar -x -C "$2"
	docker rm "$container" >/dev/null
}

main() {
	local version directus database base
	version="$(cat "$HERE"/* package-lock.json | sha256sum | head -c 12)"
	directus="trm-stand-in/directus:$version" database="trm-stand-in/database:$version" base="trm-stand-in/debian:$version"
	work="$(mktemp -d "${TMPDIR:-/tmp}/trm-stand-in.XXXXXX")"
	trap clean_up EXIT
	make_bases "$base" "$database"
	if [[ ${1:-} == --bases ]]; then return; fi
	if ! has_image "$directus"; then
		say "Directus: $directus"
		unpack "$base" "$work/root"
		add_node "$work/root"
		become_alpine "$work/root"
		tar -cf "$work/root.tar" -C "$work/root" .
		add_directus "$work/root.tar"
		import_directus "$work/root.tar" "$directus"
	fi
	printf 'DIRECTUS_IMAGE=%s\nDB_IMAGE=%s\nREDIS_IMAGE=%s\n' "$directus" "$database" "$database"
}

main "$@"
