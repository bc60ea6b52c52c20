# shellcheck shell=bash
# Reading a directory of migrations: names, hashes, kinds, and what can be refused without a database.

migration_names=()
declare -A migration_hashes=()
# "transaction" or "no-transaction"
declare -A migration_kinds=()
# "after-schema/" or "": what the ledger puts before the name of a file.
migration_prefix=''

# read_migrations DIR WORK copies DIR's *.sql with normalised line endings to WORK, hashes the copies, and fails with one
# line per problem. The copies are what psql runs, so what was hashed is what runs.
read_migrations() {
	local dir=$1 work=$2 path file name number problems=0
	declare -A file_of_number=()
	migration_prefix=''
	[[ "$(basename "$dir")" != after-schema ]] || migration_prefix='after-schema/'
	local LC_ALL=C
	for path in "$dir"/*.sql; do
		[[ -e "$path" || -L "$path" ]] || continue
		file="$(basename "$path")"
		name="$migration_prefix$file"
		if [[ ! "$file" =~ ^[0-9]{3}_[A-Za-z0-9_-]+\.sql$ ]]; then
			log_error "$name: not a migration's name; remedy: call it NNN_what_it_does.sql with three digits"
			problems=$((problems + 1))
			continue
		fi
		number="${file:0:3}"
		if [[ -n "${file_of_number[$number]:-}" ]]; then
			log_error "$name: has the same number as ${file_of_number[$number]}; remedy: give the newer one the next free number"
			problems=$((problems + 1))
		fi
		file_of_number[$number]="$name"
		if ! tr -d '\r' 2>/dev/null <"$path" >"$work/$file"; then
			log_error "$name: cannot be read as user $(id -u); remedy: correct its owner or mode"
			problems=$((problems + 1))
			continue
		fi
		refuse_encoding "$name" "$work/$file" || problems=$((problems + 1))
		refuse_unknown_option "$name" "$work/$file" || problems=$((problems + 1))
		refuse_forbidden_statements "$name" "$work/$file" || problems=$((problems + 1))
		migration_names+=("$name")
		migration_hashes[$name]="$(sha256sum <"$work/$file" | cut -d ' ' -f 1)"
		# shellcheck disable=SC2034 # for the script that sources this file
		migration_kinds[$name]="$(kind_of_migration "$work/$file")"
	done
	((problems == 0))
}

kind_of_migration() {
	if head -n 1 "$1" | grep -q '^-- trm: no-transaction *$'; then
		echo no-transaction
	else
		echo transaction
	fi
}

# psql skips what follows a NUL byte, and a byte order mark hides the option of the first line.
refuse_encoding() {
	local found=''
	if [[ "$(head -c 3 "$2")" == $'\xef\xbb\xbf' ]]; then
		found='begins with a byte order mark'
	elif (($(tr -d '\000' <"$2" | wc -c) != $(wc -c <"$2"))); then
		found='holds NUL bytes (UTF-16?)'
	fi 2>/dev/null
	[[ -n "$found" ]] || return 0
	log_error "$1: $found; remedy: save it as UTF-8 without a byte order mark"
	return 1
}

# An option with a slip in it would be a comment, and its file would run in another way than meant.
refuse_unknown_option() {
	local line number=0 kind anywhere='^[[:space:]]*(--|/[*])[-[:space:]]*trm[[:space:]]*:'
	local first='^[[:space:]]*(--|/[*])[-[:space:]]*(trm[[:space:]]*)?no[-_[:space:]]*transaction'
	kind="$(kind_of_migration "$2")"
	while IFS= read -r line || [[ -n "$line" ]]; do
		number=$((number + 1))
		[[ "${line,,}" =~ $anywhere || $number == 1 && "${line,,}" =~ $first ]] || continue
		if ((number > 1)) || [[ "$kind" == transaction ]]; then
			log_error "$1:$number: not an option of the runner: $line; remedy: make the first line exactly \"-- trm: no-transaction\", or word the comment differently"
			return 1
		fi
	done <"$2"
}

refuse_forbidden_statements() {
	local name=$1 path=$2 found line
	found="$(LC_ALL=C awk -f "$LIB/find-forbidden-statements.awk" "$path")"
	[[ -n "$found" ]] || return 0
	while IFS= read -r line; do
		log_error "$name:$line does not belong in a migration; remedy: plain SQL only, the runner wraps each file in its own transaction (or start it with \"-- trm: no-transaction\")"
	done <<<"$found"
	return 1
}

# The files as JSON for compare-ledger.sql. Names and hashes need no escaping: read_migrations has refused what would.
migrations_as_json() {
	local name json=''
	for name in "${migration_names[@]}"; do
		json+="${json:+,}{\"filename\":\"$name\",\"sha256\":\"${migration_hashes[$name]}\"}"
	done
	printf '[%s]' "$json"
}
