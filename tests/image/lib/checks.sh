# shellcheck shell=bash
# Running the checks: each in a shell of its own, so that one that fails ends there and the others go on.

CHECKS=()
passed=0
failed=0
check_pid=''

# check NUMBER FUNCTION TEXT declares one; they run in the order of their numbers.
check() {
	CHECKS+=("$(printf '%s\t%s\t%s' "$1" "$2" "$3")")
}

# note TEXT is printed under the check's own line, whether it passes or not.
note() {
	printf '%s\n' "$*" >>"$WORK/notes"
}

# fail TEXT ends the check.
fail() {
	printf 'FAILED: %s\n' "$*"
	exit 1
}

# expect TEXT PATTERN MESSAGE: TEXT matches the extended regular expression.
expect() {
	grep -qE -- "$2" <<<"$1" || fail "$3: nothing matches /$2/ in:
$1"
}

expect_none() {
	! grep -E -- "$2" <<<"$1" || fail "$3: /$2/ matches the lines above"
}

wanted() {
	local number=$1 range
	shift
	(($# > 0)) || return 0
	for range in "$@"; do
		if ((number >= ${range%-*} && number <= ${range#*-})); then return 0; fi
	done
	return 1
}

# run_apart FUNCTION: in a process group of its own, so that a signal ends all of it at once; output to WORK/output.
run_apart() {
	local status=0
	set -m
	# Not in a condition, where bash ignores set -e all the way down.
	(set -e; "$1") >"$WORK/output" 2>&1 </dev/null &
	check_pid=$!
	set +m
	wait "$check_pid" || status=$?
	check_pid=''
	return "$status"
}

end_check() {
	[[ -z "$check_pid" ]] || kill -KILL -- "-$check_pid" 2>/dev/null
}

run_checks() {
	local number function text began status
	while IFS=$'\t' read -r number function text; do
		wanted "$number" "$@" || continue
		began=$SECONDS
		: >"$WORK/notes"
		status=0
		run_apart "$function" || status=$?
		if ((status == 0)); then
			passed=$((passed + 1))
			printf 'ok %2d %s (%d s)\n' "$number" "$text" $((SECONDS - began))
		else
			failed=$((failed + 1))
			printf 'not ok %2d %s (%d s)\n' "$number" "$text" $((SECONDS - began))
			tail -n 60 "$WORK/output" | sed 's/^/    | /'
		fi
		sed 's/^/    /' "$WORK/notes"
	done < <(printf '%s\n' "${CHECKS[@]}" | sort -n)
}

summary() {
	printf '%d passed, %d failed\n' "$passed" "$failed"
	((failed == 0))
}
