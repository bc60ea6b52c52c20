# shellcheck shell=bash
# What is in the image.

# Bytes and instruction of each layer that our Dockerfile adds: those from the newest to the first COPY.
own_layers() {
	docker history --no-trunc --human=false --format '{{.Size}}\t{{.CreatedBy}}' "$IMAGE" | sed '\,COPY /image/scripts scripts,q'
}

# The places that COPY fills, as the image itself tells them.
copied_paths() {
	own_layers | sed -nE 's,^[0-9]+\tCOPY (/image/[^ ]+) ([^ ]+).*,\1 \2,p' | while read -r from to; do
		if [[ $to == ./ ]]; then printf '%s\n' "${from##*/}"; else printf '%s\n' "$to"; fi
	done
}

in_image() {
	docker run --rm --entrypoint "$1" "$IMAGE" "${@:2}"
}

check 3 contents sizes 'what is copied in has at most 15 MB'
sizes() {
	local size instruction copied=0 layers=0
	while IFS=$'\t' read -r size instruction; do
		case "$instruction" in
			COPY*) copied=$((copied + size)) layers=$((layers + 1)) ;;
		esac
		((size == 0)) || note "$(printf '%10d %s' "$size" "${instruction:0:90}")"
	done < <(own_layers)
	note "copied in: $((copied / 1000)) kB in $layers layers"
	((layers >= 6 && copied > 100000)) || fail "$layers layers with $copied bytes: these are not ours"
	((copied <= 15000000)) || fail "$copied bytes"
}

check 4 contents not_root 'does not run as root'
not_root() {
	expect "$(docker inspect --format '{{.Config.User}}' "$IMAGE")" '^node$' 'the configured user'
	expect "$(in_image id -u)" '^1000$' 'the user of a process'
}

check 9 contents nothing_but_the_product 'no source, test or development package is in it'
nothing_but_the_product() {
	local paths files
	mapfile -t paths < <(copied_paths)
	((${#paths[@]} >= 6)) || fail "only ${paths[*]} is known to be copied in"
	files="$(in_image find "${paths[@]}" -type f)"
	expect "$files" '^extensions/trm/dist/api.js$' 'the bundle'
	expect "$files" '^tools/seed/dist/seed.js$' 'the generator of the seeds'
	expect_none "$files" '\.(ts|vue|map|bats|md)$|node_modules|(^|/)(tests?|src|bench|local)/|/\.|tsconfig|eslint|vitest' 'what does not belong there'
	expect_none "$(in_image cat extensions/trm/package.json)" 'devDependencies|"scripts"' 'the manifest of the bundle'
	expect_none "$(own_layers)" 'node_modules|npm ' 'a layer with packages'
	note "$(wc -l <<<"$files") files in: ${paths[*]}"
}

check 21 contents same_for_every_architecture 'nothing that is copied in depends on the architecture: no ELF file'
same_for_every_architecture() {
	# shellcheck disable=SC2016 # for the shell inside
	local paths elf='for file; do [ "$(head -c 4 "$file" | od -An -tx1 | tr -d " ")" = 7f454c46 ] && echo "$file"; done; true'
	mapfile -t paths < <(copied_paths)
	((${#paths[@]} >= 6)) || fail "only ${paths[*]} is known to be copied in"
	expect "$(in_image sh -c "$elf" sh /usr/local/bin/node)" node 'the search finds an ELF file where there is one'
	expect_none "$(in_image find "${paths[@]}" -type f -exec sh -c "$elf" sh {} +)" . 'ELF files'
}

check 22 contents metadata 'version and revision are in the labels, in build.json and in the first line of the log'
metadata() {
	built
	expect "$(docker inspect --format '{{json .Config.Labels}}' "$RUN:first")" '"org.opencontainers.image.revision":"canary".*"org.opencontainers.image.version":"9.8.7"' 'labels'
	expect "$(docker run --rm "$RUN:first" cat build.json)" '"version":"9.8.7","revision":"canary","directus":"[0-9.]+"' 'build.json'
	expect "$( (docker run --rm "$RUN:first" 2>/dev/null || true) | head -n 1)" 'TRM Directus 9\.8\.7 \(revision canary, Directus [0-9.]+\)' 'the first line'
}
