# shellcheck shell=bash
# Running Directus's command line. The caller has set and exported DIRECTUS_CLI.

# run_directus ARGUMENT… Commands need no app: bundling its extensions takes as long as all the rest of a start.
run_directus() {
	SERVE_APP=false node "$LIB/directus-cli.mjs" "$@"
}

# What a command needs that was not started by the entrypoint, which has set all of this.
command_defaults() {
	export DB_CLIENT=pg DB_SEARCH_PATH="${DB_SEARCH_PATH:-public}" REDIS_ENABLED="${REDIS_ENABLED:-false}"
	# The processor's table is no collection.
	export DB_EXCLUDE_TABLES="${DB_EXCLUDE_TABLES:-positions,spatial_ref_sys}"
	# Directus wants a secret to start; a command signs nothing with it.
	export SECRET="${SECRET:-only-for-a-command-about-the-schema-00}"
}
