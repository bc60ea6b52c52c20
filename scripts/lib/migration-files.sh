# shellcheck shell=bash
# Reading a directory of migrations: names, hashes, kinds, and what can be refused without a database.

migration_names=()
declare -A migration_hashes=()
# "transaction", "no-transaction" or "repeatable"
declare -A migration_kinds=()
# "after-schema/", "current/" or "": what the ledger puts before the name of a file.
migration_prefix=''

# read_migrations DIR WORK copies DIR's *.sql with normalised line endings to WORK, hashes the copies, and fails with one
# line per problem. The copies are what psql runs, so what was hashed is what runs.
# Every boot runs this: no process per check and file, since a dozen of them take longer than all the rest.
read_migrations() {
	local dir=$1 work=$2 path file name number problems=0
	declare -A file_of_number=()
	migration_prefix=''
	[[ "${dir##*/}" != @(after-schema|current) ]] || migration_prefix="${dir##*/}/"
	local LC_ALL=C
	for path in "$dir"/*.sql; do
		[[ -e "$path" || -L "$path" ]] || continue
		file="${path##*/}"
		name="$migration_prefix$file"
		if ! refuse_name "$name"; then
			problems=$((problems + 1))
			continue
		fi
		number="${file:0:3}"
		if [[ "$migration_prefix" != current/ && -n "${file_of_number[$number]:-}" ]]; then
			log_error "$name: has the same number as ${file_of_number[$number]}; remedy: give the newer one the next free number"
			problems=$((problems + 1))
		fi
		file_of_number[$number]="$name"
		if ! tr -d '\r' 2>/dev/null <"$path" >"$work/$file"; then
			log_error "$name: cannot be read as user $(id -u); remedy: correct its owner or mode"
			problems=$((problems + 1))
			continue
		fi
		migration_names+=("$name")
		read_options "$name" "$work/$file" || problems=$((problems + 1))
	done
	((${#migration_names[@]} > 0)) || return "$((problems > 0))"
	hash_migrations "$work"
	refuse_forbidden_statements "$work" || problems=$((problems + 1))
	((problems == 0))
}

# Fails for a name that is none, and says what it should be.
refuse_name() {
	if [[ "$migration_prefix" == current/ ]]; then
		[[ ! "${1##*/}" =~ ^[a-z][a-z0-9-]*\.sql$ ]] || return 0
		log_error "$1: not the name of a repeatable file; remedy: call it for what it is about, in small letters: what-it-is-about.sql"
	else
		[[ ! "${1##*/}" =~ ^[0-9]{3}_[A-Za-z0-9_-]+\.sql$ ]] || return 0
		log_error "$1: not a migration's name; remedy: call it NNN_what_it_does.sql with three digits"
	fi
	return 1
}

# What the bytes and comments of a file say about how to run it, or that it cannot be run.
read_options() {
	local name=$1 path=$2 text nul=false
	# Up to a NUL byte, which succeeds only where there is one.
	! IFS= read -r -d '' text <"$path" || nul=true
	# shellcheck disable=SC2034 # for the script that sources this file
	migration_kinds[$name]=transaction
	[[ "$migration_prefix" != current/ ]] || migration_kinds[$name]=repeatable
	[[ "$migration_prefix" == current/ || ! "${text%%$'\n'*}" =~ ^'-- trm: no-transaction '*$ ]] || migration_kinds[$name]=no-transaction
	refuse_encoding "$name" "$text" "$nul" && refuse_unknown_option "$name" "$text"
}

# psql skips what follows a NUL byte, and a byte order mark hides the option of the first line.
refuse_encoding() {
	local found=''
	if [[ "$2" == $'\xef\xbb\xbf'* ]]; then
		found='begins with a byte order mark'
	elif [[ "$3" == true ]]; then
		found='holds NUL bytes (UTF-16?)'
	fi
	[[ -n "$found" ]] || return 0
	log_error "$1: $found; remedy: save it as UTF-8 without a byte order mark"
	return 1
}

# An option with a slip in it would be a comment, and its file would run in another way than meant.
refuse_unknown_option() {
	local name=$1 text=$2 line number=0 anywhere='^[[:space:]]*(--|/[*])[-[:space:]]*trm[[:space:]]*:'
	local first='^[[:space:]]*(--|/[*])[-[:space:]]*(trm[[:space:]]*)?no[-_[:space:]]*transaction'
	# The loop below takes its time, and few files speak of trm in a comment.
	[[ "${text,,}" =~ trm[[:space:]]*: || "${text,,}" =~ $first ]] || return 0
	while IFS= read -r line || [[ -n "$line" ]]; do
		number=$((number + 1))
		[[ "${line,,}" =~ $anywhere || $number == 1 && "${line,,}" =~ $first ]] || continue
		if ((number > 1)) || [[ "${migration_kinds[$name]}" != no-transaction ]]; then
			log_error "$name:$number: not an option of the runner: $line; remedy: make the first line exactly \"-- trm: no-transaction\", or word the comment differently"
			return 1
		fi
	done <<<"$text"
}

hash_migrations() {
	local hash file
	while read -r hash file; do
		# The asterisk stands for "binary" where that makes a difference.
		migration_hashes["$migration_prefix${file#\*}"]="$hash"
	done < <(cd "$1" && sha256sum -- *.sql)
}

refuse_forbidden_statements() {
	local found line
	found="$(cd "$1" && LC_ALL=C awk -f "$LIB/find-forbidden-statements.awk" -- *.sql)"
	[[ -n "$found" ]] || return 0
	while IFS= read -r line; do
		log_error "$migration_prefix$line does not belong in a migration; remedy: plain SQL only, the runner wraps each file in its own transaction (or start it with \"-- trm: no-transaction\")"
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
