# shellcheck shell=bash
# The suites of npm test: each adds a row of counts to the table and never ends the run.

# shellcheck source=scripts/local/lib/lint.sh
source "$ROOT/scripts/local/lib/lint.sh"
# shellcheck source=scripts/local/lib/shell-suite.sh
source "$ROOT/scripts/local/lib/shell-suite.sh"

# Only these, when there are any.
FILES=()
ROWS=()
PASSED=0
FAILED=0
SKIPPED=0
# Whether vitest's next run has the shell tests beside it.
BATS_BESIDE=false

# row NAME PASSED FAILED SKIPPED SECONDS [NOTE]
row() {
	PASSED=$((PASSED + $2)) FAILED=$((FAILED + $3)) SKIPPED=$((SKIPPED + $4))
	ROWS+=("$(printf '%-14s %7d %7d %8d %7ds  %s' "$1" "$2" "$3" "$4" "$5" "${6:-}")")
}

summary() {
	printf '\n%-14s %7s %7s %8s %8s\n' suite passed failed skipped time
	printf '%s\n' "${ROWS[@]}"
	printf '\n'
	# Repeated at the end: the last page of a long log is the one that is read.
	cat "$RUN"/*.failures 2>/dev/null || true
	if ((SKIPPED > 0)); then printf '%s skipped (each says why above)\n' "$SKIPPED"; fi
	printf '%s passed, %s failed\n' "$PASSED" "$FAILED"
	((FAILED == 0))
}

# attend COMMAND...: runs it with its output on the terminal, in a process group that end_step can end as a whole.
attend() {
	local status=0
	set -m
	("$@") </dev/null 9>&- &
	STEP_PIDS['attended']=$!
	set +m
	wait "${STEP_PIDS['attended']}" || status=$?
	unset 'STEP_PIDS[attended]'
	return "$status"
}

# A suite without a test file is a mistake somewhere, so it counts as a failure.
has_tests() {
	local name=$1
	shift
	if [[ -n $(find "$@" -not -path '*/node_modules/*' -print -quit 2>/dev/null) ]]; then return 0; fi
	row "$name" 0 1 0 0 'no test files'
	return 1
}

# run_vitest PROJECTS FOLDER...: leaves the exit status in VITEST_STATUS. Several projects are one word, with commas.
run_vitest() {
	local project=$1 each
	shift
	VITEST_STATUS=0
	local command=(vitest run --reporter=default --reporter=json --outputFile.json="$RUN/$project.json")
	for each in ${project//,/ }; do command+=(--project "$each"); done
	command+=("$@")
	if $BATS_BESIDE; then command=(beside_bats "${command[@]}"); fi
	attend "${command[@]}" || VITEST_STATUS=$?
	if ((VITEST_STATUS != 0)); then vitest_failures "$RUN/$project.json" >>"$RUN/vitest.failures" || true; fi
}

# vitest_failures REPORT: each test that failed, or file that failed as a whole, with the beginning of its message. A message may be
# cut within a letter of two halves, which jq refuses.
vitest_failures() {
	jq -r --arg root "$ROOT/" '
		def entry($name; $message): "not ok \($name)", ($message | split("\n")[:4][] | "#   " + .[:300]);
		.testResults[] | (.name | ltrimstr($root)) as $file
		| if any(.assertionResults[]; .status == "failed")
			then .assertionResults[] | select(.status == "failed") | entry("\($file): \(.fullName)"; .failureMessages[0] // "")
			else select(.status == "failed") | entry($file; .message) end' < <(sed -E 's/\\u[dD][89a-fA-F][0-9a-fA-F]{2}/?/g' "$1")
}

# tap_failures NAME LOG: the same of a log in which tests are lines "ok" and "not ok".
tap_failures() {
	grep -A 8 '^not ok ' "$2" | grep -v '^ok ' >"$RUN/$1.failures" || true
}

# vitest_row NAME PROJECT FOLDER SECONDS: counts from the report what lies in the folder.
vitest_row() {
	local name=$1 report=$RUN/$2.json folder=$ROOT/$3/ seconds=$4 passed=0 failed=0 skipped=0 note=''
	# A file that fails as a whole, at import or in a hook, has no failed test of its own: it counts as one.
	read -r passed failed skipped < <(jq -r --arg folder "$folder" '
		[.testResults[] | select(.name | startswith($folder))] as $files
		| [$files[].assertionResults[].status] as $tests
		| [($tests | map(select(. == "passed")) | length),
			($tests | map(select(. == "failed")) | length)
				+ ([$files[] | select(.status == "failed" and all(.assertionResults[]; .status != "failed"))] | length),
			($tests | map(select(. != "passed" and . != "failed")) | length)] | join(" ")' "$report" 2>/dev/null) ||
		note='no report'
	row "$name" "${passed:-0}" "${failed:-0}" "${skipped:-0}" "$seconds" "$note"
	VITEST_FAILED=$((VITEST_FAILED + failed))
}

# vitest_suites PROJECT NAME=FOLDER...: one run, so that what the project sets up once serves all of them. An exit
# status that no failed test explains is a failure too (no report, an unhandled rejection, a teardown that throws).
vitest_suites() {
	local project=$1 pair folders=() began=$SECONDS seconds
	shift
	VITEST_FAILED=0
	for pair in "$@"; do folders+=("${pair#*=}/"); done
	if ((${#FILES[@]} > 0)); then folders=("${FILES[@]}"); fi
	run_vitest "$project" "${folders[@]}"
	seconds=$((SECONDS - began))
	for pair in "$@"; do
		vitest_row "${pair%%=*}" "$project" "${pair#*=}" "$seconds"
		# The time stands in the first row only.
		seconds=0
	done
	if ((VITEST_STATUS != 0 && VITEST_FAILED == 0)); then row "$project" 0 1 0 0 "exit $VITEST_STATUS"; fi
}

suite_unit() {
	local pairs=()
	if has_tests unit extensions -name '*.test.ts'; then pairs+=(unit=extensions); fi
	if has_tests contract packages -name '*.test.ts'; then pairs+=(contract=packages); fi
	if has_tests seed-tool tools -name '*.test.ts'; then pairs+=(seed-tool=tools); fi
	if has_tests docs tests/docs -name '*.test.ts'; then pairs+=(docs=tests/docs); fi
	if has_tests chaos-parts tests/chaos -name '*.test.ts'; then pairs+=(chaos-parts=tests/chaos); fi
	if ((${#pairs[@]} > 0)); then vitest_suites unit "${pairs[@]}"; fi
}

suite_integration() {
	local pairs=()
	if has_tests integration tests/integration -name '*.test.ts'; then pairs+=(integration=tests/integration); fi
	if has_tests api tests/api -name '*.test.ts'; then pairs+=(api=tests/api); fi
	if ((${#pairs[@]} > 0)); then vitest_suites integration,api "${pairs[@]}"; fi
	if $BATS_BESIDE; then
		BATS_BESIDE=false
		shell_row
	fi
}

# Each cell of the tables of rights and each attack counts as a test; the counts are what the test files leave of them.
suite_access() {
	has_tests access tests/access -name '*.test.ts' || return 0
	local began=$SECONDS passed=0 failed=0 note=''
	run_access
	read -r passed failed < <(access_counts |
		jq -r '"\(.cells + .attacks - .cells_failed - .attacks_failed) \(.cells_failed + .attacks_failed + .server_errors)"')
	if ((VITEST_STATUS != 0 && failed == 0)); then
		failed=1
		note="exit $VITEST_STATUS"
	fi
	row access "$passed" "$failed" 0 $((SECONDS - began)) "$note"
}

run_access() {
	# A file that dies leaves no counts of its own: these stay.
	printf '{"cells_failed":1}\n' | tee "$RUN/access-rights.json" >"$RUN/access-fields-and-routes.json"
	printf '{"attacks_failed":1}\n' >"$RUN/access-attacks.json"
	export ACCESS_REPORTS=$RUN
	if ((${#FILES[@]} > 0)); then run_vitest api "${FILES[@]}"; else run_vitest api tests/access/; fi
}

# The sums over the test files as one line of JSON.
access_counts() {
	jq -cs 'reduce .[] as $one (
		{cells: 0, cells_failed: 0, attacks: 0, attacks_failed: 0, server_errors: 0};
		. as $sum | $sum | with_entries(.value += ($one[.key] // 0)))' "$RUN"/access-*.json
}

# By itself: with other suites on two cores, a browser that draws maps is starved for half a minute at a time.
suite_browser() {
	if has_tests browser tests/browser -name '*.test.ts'; then vitest_suites integration browser=tests/browser; fi
}

# Its Postgres is its own, since it is stopped and killed.
run_chaos() {
	PATH=$(postgres_bin):$PATH
	# npm run test:chaos runs more.
	export ROUNDS=${ROUNDS:-6}
	exec node --import ./bench/typescript-imports.mjs tests/chaos/campaign.ts
}

# By itself: what it waits for has time limits. A round counts as a test.
suite_chaos() {
	local log=$RUN/chaos.log began=$SECONDS status=0 passed=0 failed=0 note=''
	attend tee_to "$log" run_chaos || status=$?
	read -r passed failed < <(tail -n 1 "$log" | jq -r '"\(.rounds - .rounds_failed) \(.rounds_failed)"' 2>/dev/null) ||
		note='no report'
	if ((status != 0 && ${failed:-0} == 0)); then
		failed=1
		note="${note:-exit $status}"
	fi
	row chaos "${passed:-0}" "${failed:-0}" 0 $((SECONDS - began)) "$note"
}

# With an engine or as root only; where neither is there, all of it is skipped.
suite_image() {
	local log=$RUN/image.log began=$SECONDS status=0 passed failed note=''
	settle_step image-bases
	attend tee_to "$log" tests/image/run.sh || status=$?
	if ((status == 69)); then
		say "skipped: $(tail -n 1 "$log")"
		row image 0 0 1 $((SECONDS - began)) 'no Docker engine'
		return 0
	fi
	passed=$(grep -c '^ok ' "$log") || true
	failed=$(grep -c '^not ok ' "$log") || true
	tap_failures image "$log"
	if ((status != 0 && failed == 0)); then
		failed=1
		note="exit $status"
	fi
	row image "$passed" "$failed" 0 $((SECONDS - began)) "$note"
}

# tee_to FILE COMMAND...
tee_to() {
	local log=$1
	shift
	"$@" 2>&1 | tee "$log"
}
