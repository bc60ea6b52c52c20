# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what the entrypoint and session.sh read and set
# The boot fingerprint: what steps 2-4 work from, as one JSON object in trm.state. A database on which all of them were completed
# with the same fingerprint needs none of them again: a warm boot.

# "warm" or "full"
boot_kind=''
# Why it is that, in the log's words.
boot_reason=''
fingerprint=''
fingerprint_problem=''

# Sets boot_kind and boot_reason, or ends the boot of an image that is older than the database.
choose_boot() {
	local verdict detail
	make_fingerprint || fingerprint='{}'
	compare_fingerprint
	IFS=$'\t' read -r verdict detail <<<"$session_answer"
	if [[ "$verdict" == newer ]]; then
		die "$EXIT_FAILURE" "this image has Directus $directus_version, and the database was booted with Directus $detail, which may have changed Directus's own tables; remedy: run an image with Directus $detail or newer, or restore the backup from before the upgrade (to go back without one, at your own risk: DELETE FROM trm.state WHERE key = 'boot.fingerprint')"
	fi
	boot_kind=full boot_reason="$detail"
	if [[ -n "$fingerprint_problem" ]]; then
		boot_reason="$fingerprint_problem"
	elif [[ "${BOOT_FORCE:-false}" == true ]]; then
		boot_reason='BOOT_FORCE=true'
	elif [[ "$verdict" == warm ]]; then
		boot_kind=warm boot_reason="unchanged since $detail (boot fingerprint ${fingerprint_digest:0:12})"
	fi
}

begin_full_boot() {
	log "running all steps: $boot_reason"
	run_fingerprint_sql begin-full-boot.sql
}

# A boot of files that could not be read leaves none, and the next one is a full one again.
store_fingerprint() {
	[[ -n "$fingerprint_problem" ]] || run_fingerprint_sql store-fingerprint.sql
}

compare_fingerprint() {
	run_fingerprint_sql compare-fingerprint.sql
}

run_fingerprint_sql() {
	check_boot_lock
	session_ask "\\set image '$fingerprint'
\\set directus '$directus_version'
$(include "$LIB/$1")" && return
	session_refused_sql || stop_on_lost_lock
	die "$EXIT_FAILURE" "boot fingerprint: $1 failed, see the lines above; remedy: correct the cause and start again"
}

# Fails, with the reason in fingerprint_problem, where something cannot be read: then nothing is known to be unchanged.
make_fingerprint() {
	local bundle="${EXTENSIONS_PATH:-./extensions}/trm/dist/api.js" migrations snapshots code
	read_directus_version
	if [[ -z "$directus_version" ]]; then
		fingerprint_problem="no version of Directus is found beside $DIRECTUS_CLI"
	elif [[ -n "${EXTENSIONS_LOCATION:-}" ]]; then
		fingerprint_problem='the bundle lies in EXTENSIONS_LOCATION, where its changes are not seen'
	fi
	[[ -z "$fingerprint_problem" ]] || return 1
	digest_files migrations "$DB_INIT_PATH"/*.sql "$DB_INIT_PATH"/after-schema/*.sql "$DB_INIT_PATH"/current/*.sql &&
		digest_files snapshots "$SNAPSHOT_PATH" "$ACCESS_PATH" "$SETTINGS_PATH" &&
		digest_files code "$bundle" "$HERE/entrypoint.sh" "$HERE"/scripts/*.sh "$LIB"/* "${MIGRATIONS_PATH:-./migrations}"/* || return 1
	fingerprint="{\"directus\":\"$directus_version\",\"migrations\":\"$migrations\",\"snapshots\":\"$snapshots\",\"code\":\"$code\"}"
	digest_text fingerprint_digest "$fingerprint"
}

# Read from the file: starting node for it would take longer than all of the comparison.
read_directus_version() {
	local path text directory
	directus_version=''
	directory="$(dirname "$(readlink -f "$DIRECTUS_CLI")")"
	for path in "$directory/package.json" "$directory/node_modules/directus/package.json"; do
		text="$(cat "$path" 2>/dev/null)" || continue
		[[ "$text" =~ \"name\"[[:space:]]*:[[:space:]]*\"directus\" ]] || continue
		if [[ "$text" =~ \"version\"[[:space:]]*:[[:space:]]*\"([0-9A-Za-z.+-]+)\" ]]; then
			directus_version="${BASH_REMATCH[1]}"
			return
		fi
	done
}

# digest_files NAME PATH… sets NAME to the SHA-256 over the files' names and contents. Absent files count by their absence.
digest_files() {
	local name=$1 path present=() hashes list='' index=0
	shift
	for path in "$@"; do
		# A directory is none of ours; a link to nowhere is a mistake that its step reports.
		[[ -d "$path" || ! -e "$path" && ! -L "$path" ]] || present+=("$path")
	done
	if ((${#present[@]} > 0)); then
		# Bundles and migrations are read through one process; its output names files as they are called here.
		if ! hashes="$(sha256sum -- "${present[@]}" 2>/dev/null)"; then
			fingerprint_problem="not all of ${present[*]} can be read"
			return 1
		fi
		while read -r path _; do
			# A name that needs escaping gets a backslash before its hash.
			list+="${path#\\} ${present[index++]##*/}"$'\n'
		done <<<"$hashes"
	fi
	digest_text "$name" "$list"
}

# digest_text NAME TEXT
digest_text() {
	local digest
	digest="$(printf '%s' "$2" | sha256sum)"
	printf -v "$1" '%s' "${digest%% *}"
}
