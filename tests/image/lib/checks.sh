# shellcheck shell=bash
# Running the checks: each in a shell of its own, so that one that fails ends there and the others go on.

# They are told apart into lanes that run side by side, because each waits half of its time: what looks at how the image is built
# and what is in it, what serves and fails, and what boots it.
LANES=(contents serving booting)
CHECKS=()
lane_pids=()
check_pid=''

# check NUMBER LANE FUNCTION TEXT declares one; those of a lane run in the order of their numbers.
check() {
	CHECKS+=("$(printf '%s\t%s\t%s\t%s' "$@")")
}

# note TEXT is printed under the check's own line, whether it passes or not.
note() {
	printf '%s\n' "$*" >>"$WORK/notes.$LANE"
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

# run_apart FUNCTION: in a process group of its own, so that a signal ends all of it at once; output to WORK/output.LANE.
run_apart() {
	local status=0
	set -m
	# Not in a condition, where bash ignores set -e all the way down.
	(set -e; "$1") >"$WORK/output.$LANE" 2>&1 </dev/null &
	check_pid=$!
	set +m
	wait "$check_pid" || status=$?
	check_pid=''
	return "$status"
}

end_check() {
	[[ -z "$check_pid" ]] || kill -KILL -- "-$check_pid" 2>/dev/null
}

end_checks() {
	end_check
	((${#lane_pids[@]} == 0)) || { kill -TERM "${lane_pids[@]}" && wait "${lane_pids[@]}"; } 2>/dev/null
}

# run_lane LANE NUMBER…
run_lane() {
	local LANE=$1 number lane function text began status
	shift
	while IFS=$'\t' read -r number lane function text; do
		if [[ "$lane" != "$LANE" ]] || ! wanted "$number" "$@"; then continue; fi
		began=$SECONDS status=0
		: >"$WORK/notes.$LANE"
		run_apart "$function" || status=$?
		if ((status == 0)); then
			printf 'ok %2d %s (%d s)\n' "$number" "$text" $((SECONDS - began))
		else
			printf 'not ok %2d %s (%d s)\n' "$number" "$text" $((SECONDS - began))
			tail -n 60 "$WORK/output.$LANE" | sed 's/^/    | /'
		fi
		sed 's/^/    /' "$WORK/notes.$LANE"
	done < <(printf '%s\n' "${CHECKS[@]}" | sort -n)
}

# run_checks NUMBER…: prints those of the last lane as they end, and then all of each other lane.
run_checks() {
	local tee_pid lane last=${LANES[-1]}
	for lane in "${LANES[@]:0:${#LANES[@]}-1}"; do
		(
			trap 'end_check; exit 143' TERM
			run_lane "$lane" "$@"
		) >"$WORK/lane.$lane" 2>&1 &
		lane_pids+=("$!")
	done
	# No pipe, in which this shell would not know what to end on a signal.
	exec 6> >(exec tee "$WORK/lane.$last")
	tee_pid=$!
	run_lane "$last" "$@" >&6
	exec 6>&-
	wait "$tee_pid" || true
	wait "${lane_pids[@]}" || true
	lane_pids=()
	for lane in "${LANES[@]:0:${#LANES[@]}-1}"; do cat "$WORK/lane.$lane"; done
}

summary() {
	local passed failed
	passed="$(cat "${LANES[@]/#/$WORK/lane.}" | grep -c '^ok ')" || true
	failed="$(cat "${LANES[@]/#/$WORK/lane.}" | grep -c '^not ok ')" || true
	printf '%d passed, %d failed\n' "$passed" "$failed"
	((passed > 0 && failed == 0))
}
