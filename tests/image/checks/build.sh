# shellcheck shell=bash
# How the image is built. Works on a copy of the tracked files, so that a build of the checkout stays cached.

# The copy, with a secret everywhere where somebody might have one.
build_context() {
	local context="$WORK/context" place
	[[ ! -d "$context" ]] || return 0
	mkdir "$context"
	(cd "$ROOT" && git ls-files -z --cached --others --exclude-standard | xargs -0 tar -c --ignore-failed-read 2>/dev/null) | tar -x -C "$context"
	for place in .env extensions/trm/.env seeds/.env snapshots/.env.local db-init/.env scripts/lib/.env secrets.txt db-init/dump.sql.bak snapshots/notes.txt extensions/trm/id_rsa; do
		printf 'PASSWORD=%s\n' "$SIGNING_SECRET" >"$context/$place"
	done
	# Not yet built with these packages by anybody: the secret is really used.
	printf '%*s\n' "$((RANDOM + 1))" '' >>"$context/package.json"
	# As in a checkout of somebody whose umask lets nobody else read.
	chmod -R go= "$context"
}

# build TAG [OPTION…]: the log goes to WORK/TAG.log.
build() {
	printf '# %s\n' "$SIGNING_SECRET" >"$WORK/npmrc"
	NPM_TOKEN="$SIGNING_SECRET" DOCKER_BUILDKIT=1 docker build --progress=plain --label "trm.verify=$RUN" --tag "$RUN:$1" \
		${DIRECTUS_IMAGE:+--build-arg "DIRECTUS_IMAGE=$DIRECTUS_IMAGE"} --build-arg VERSION=9.8.7 --build-arg REVISION=canary \
		--secret "id=npmrc,src=$WORK/npmrc" "${@:2}" "$WORK/context" >"$WORK/$1.log" 2>&1 || { tail -n 40 "$WORK/$1.log"; fail "the build of $1 failed"; }
}

# step_of LOG PATTERN: the number of the step whose line matches, such as #12.
step_of() {
	sed -nE "s/^(#[0-9]+) \[.*$2.*/\1/p" "$WORK/$1.log" | head -n 1
}

# Once for all checks of this file, 22 and --build.
built() {
	build_context
	docker image inspect "$RUN:first" >/dev/null 2>&1 || build first
}

check 1 contents image_builds 'builds from the tracked files'
image_builds() {
	built
	expect_none "$(<"$WORK/first.log")" "^$(step_of first 'npm ci') CACHED" 'the packages were cached, so nothing was shown'
}

check 25 contents readable_by_all 'from a checkout that only its owner can read, every file is readable by any user'
readable_by_all() {
	built
	local paths
	mapfile -t paths < <(copied_paths)
	expect_none "$(docker run --rm --entrypoint find "$RUN:first" "${paths[@]}" ! -perm -004)" . 'not readable by all'
	expect_none "$(docker run --rm --entrypoint find "$RUN:first" "${paths[@]}" -type d ! -perm -001)" . 'directories that not all can enter'
}

check 2 contents source_edit_keeps_packages 'an edited source leaves the packages cached, and changes the bundle'
source_edit_keeps_packages() {
	built
	printf '\nconsole.log("edited");\n' >>"$WORK/context/extensions/trm/src/command-line/index.ts"
	build second
	expect "$(<"$WORK/second.log")" "^$(step_of second 'npm ci') CACHED" 'the packages were installed again'
	expect_none "$(<"$WORK/second.log")" "^$(step_of second 'npm run build') CACHED" 'the bundle was not built'
	expect "$(docker run --rm --entrypoint tail "$RUN:second" -n 5000 extensions/trm/dist/api.js)" 'console.log\("edited"\)' 'the edit is not in the bundle'
}

check 8 contents no_secret_in_the_image 'a secret of the build, of its surroundings and of a run is in no layer, history, label or file'
no_secret_in_the_image() {
	built
	# A layer may be compressed, so that grep would not see into it.
	docker save "$RUN:first" >"$WORK/image.tar"
	mkdir "$WORK/layers"
	tar -x -C "$WORK/layers" -f "$WORK/image.tar"
	rm "$WORK/image.tar"
	local file seen=0
	while IFS= read -r -d '' file; do
		seen=$((seen + 1))
		if gzip -t "$file" 2>/dev/null; then gzip -dc "$file"; else cat "$file"; fi | grep -aq "$SIGNING_SECRET" && fail "the secret is in ${file#"$WORK/layers/"}"
	done < <(find "$WORK/layers" -type f -print0)
	rm -rf "$WORK/layers"
	((seen > 8)) || fail "only $seen files in the saved image"
	expect_none "$(docker history --no-trunc "$RUN:first"; docker inspect "$RUN:first")" "$SIGNING_SECRET" 'history or configuration'

	booted_database secrets
	start secrets secrets
	wait_until_serving secrets
	expect_none "$(docker exec "$RUN-secrets" grep -rlE "$SIGNING_SECRET|$DB_SECRET|$ADMIN_SECRET" /tmp /directus --exclude-dir=node_modules 2>/dev/null || true)" . 'a secret was written to a file'
	expect_none "$(docker exec "$RUN-secrets" sh -c 'cat /proc/[0-9]*/cmdline | tr "\0" " "')" "$SIGNING_SECRET|$DB_SECRET|$ADMIN_SECRET" 'a secret stands on a command line'
	remove secrets
}

check 13 contents target_with_psql 'the target with-psql has psql, and is the same besides'
target_with_psql() {
	built
	build psql --target with-psql
	expect "$(docker run --rm --entrypoint psql "$RUN:psql" --version)" '^psql' 'psql'
	expect "$(docker run --rm --entrypoint id "$RUN:psql" -un)" '^node$' 'the user'
	expect "$(docker inspect --format '{{.Config.Entrypoint}}' "$RUN:psql")" '^\[/directus/entrypoint.sh\]$' 'the entrypoint'
}
