# shellcheck shell=bash
# Running Directus's command line. The caller has set and exported DIRECTUS_CLI.

# run_directus ARGUMENT… Commands need no app: bundling its extensions takes as long as all the rest of a start.
run_directus() {
	SERVE_APP=false node "$LIB/directus-cli.mjs" "$@"
}
