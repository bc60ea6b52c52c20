# shellcheck shell=bash
# The shell tests: in two lanes of bats, and beside the integration tests where both run.

# Those that take long in one lane, which take about as long as all the others.
in_first_lane() {
	[[ $1 == */@(deployment|local-stack).bats ]]
}

# Two lanes of bats, of which one by itself waits a third of its time; the output of the second comes after that of the first.
# Leaves what was reported, the exit status and the seconds in the run's directory.
run_bats() {
	local files=(tests/shell/*.bats) file first=() second=() began=$SECONDS status=0 second_pid=''
	# shellcheck disable=SC2153 # of suites.sh
	if ((${#FILES[@]} > 0)); then files=("${FILES[@]}"); fi
	for file in "${files[@]}"; do
		if in_first_lane "$file"; then first+=("$file"); else second+=("$file"); fi
	done
	: >"$RUN/shell.tap"
	if ((${#first[@]} > 0 && ${#second[@]} > 0)); then
		bats --timing --tap "${second[@]}" >"$RUN/shell-second.tap" 2>&1 &
		second_pid=$!
		second=()
	fi
	bats --timing --tap "${first[@]}" "${second[@]}" | tee "$RUN/shell.tap" || status=$?
	if [[ -n $second_pid ]]; then
		wait "$second_pid" || status=$?
		tee -a "$RUN/shell.tap" <"$RUN/shell-second.tap"
	fi
	printf '%s %s\n' "$status" $((SECONDS - began)) >"$RUN/shell.end"
}

# beside_bats COMMAND...: the shell tests beside the command, in one process group with it. Their output comes after its own.
beside_bats() {
	local status=0
	# Before it runs in the background: a suite that ends at once would look for it too early.
	: >"$RUN/shell.log"
	run_bats >>"$RUN/shell.log" 2>&1 &
	"$@" || status=$?
	printf '\n── shell ──\n'
	tail -n +1 -f --pid=$! "$RUN/shell.log"
	return "$status"
}

# Both wait for servers half of the time: side by side they take little longer than one of them.
suite_shell() {
	has_tests shell tests/shell -name '*.bats' || return 0
	: >"$RUN/shell.tap"
	if ((${#FILES[@]} == 0)) && chosen integration; then
		# shellcheck disable=SC2034 # for the next suite's run_vitest
		BATS_BESIDE=true
		say 'runs beside the next suite'
		return 0
	fi
	attend run_bats || true
	shell_row
}

shell_row() {
	local tap=$RUN/shell.tap seconds=0 status=1 planned=0 passed failed skipped note=''
	read -r status seconds 2>/dev/null <"$RUN/shell.end" || true
	# A plan for each lane.
	planned=$(awk -F '[.][.]' '/^1[.][.][0-9]/ { sum += $2 } END { print sum + 0 }' "$tap")
	skipped=$(grep -c '^ok .* # skip' "$tap") || true
	passed=$(($(grep -c '^ok ' "$tap" || true) - skipped))
	failed=$(grep -c '^not ok ' "$tap") || true
	tap_failures shell "$tap"
	# Tests that were announced and never reported died with their file.
	if ((passed + failed + skipped < ${planned:-0})); then
		note="$((planned - passed - failed - skipped)) never reported"
		failed=$((planned - passed - skipped))
	fi
	if ((status != 0 && failed == 0)); then
		failed=1
		note="exit $status"
	fi
	row shell "$passed" "$failed" "$skipped" "$seconds" "$note"
}
