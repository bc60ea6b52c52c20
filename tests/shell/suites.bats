#!/usr/bin/env bats
# npm test counts the shell tests that run beside another suite as it counts them alone.
# shellcheck disable=SC2016 # code for another shell
load helpers

setup() {
	export RUN="$BATS_TEST_TMPDIR/run"
	mkdir -p "$RUN" "$BATS_TEST_TMPDIR/tests/shell"
	printf '%s\n' '@test "passes" { true; }' '@test "skips" { skip because; }' >"$BATS_TEST_TMPDIR/tests/shell/one.bats"
}

# beside COMMAND: the folder's tests beside the command, then the table.
beside() {
	bash -euo pipefail -c "source '$ROOT/scripts/local/lib/common.sh'; source '$ROOT/scripts/local/lib/suites.sh'
		cd '$BATS_TEST_TMPDIR'; : >\"\$RUN/shell.tap\"
		attend beside_bats $1 || echo \"the command ended with \$?\"
		shell_row; summary"
}

@test "what passed and what was skipped, after the output of the other suite, whose status counts" {
	run -0 beside "sh -c 'sleep 1; echo output of the other; exit 3'"
	[[ "$output" == *'output of the other'*'ok 1 passes'*'ok 2 skips'*'# skip'*'the command ended with 3'* ]]
	equal "${lines[-1]}" '1 passed, 0 failed'
}

@test "a test that fails, also one that takes longer than the other suite" {
	printf '%s\n' '@test "fails" { sleep 1; false; }' >"$BATS_TEST_TMPDIR/tests/shell/two.bats"
	run -1 beside true
	expect 'not ok 3 fails'
	[[ "$output" == *'1 passed, 1 failed' && "$output" == *'suite '*'not ok 3 fails'* ]]
}

@test "two lanes count as one suite, also one that fails and one that dies in the second" {
	printf '%s\n' '@test "long" { sleep 2; }' >"$BATS_TEST_TMPDIR/tests/shell/deployment.bats"
	printf '%s\n' '@test "fails" { false; }' '@test "dies" { kill -KILL $PPID $$; }' '@test "never" { true; }' \
		>"$BATS_TEST_TMPDIR/tests/shell/two.bats"
	run -1 beside true
	[[ "$output" == *'1..1'*'ok 1 long'*'1..5'*'ok 1 passes'*'ok 2 skips'*'not ok 3 fails'* ]]
	expect '2 never reported'
	equal "${lines[-1]}" '2 passed, 3 failed'
}

@test "shell tests that could not be run" {
	printf '%s\n' '@test "no bash" {' if '}' >"$BATS_TEST_TMPDIR/tests/shell/two.bats"
	run -1 beside true
	expect ' 1 failed'
}

@test "shell tests that were killed, and nothing of them reported" {
	printf '%s\n' '@test "dies" { kill -KILL $PPID; sleep 1; }' >"$BATS_TEST_TMPDIR/tests/shell/one.bats"
	run -1 beside true
	reject ' 0 failed'
}
