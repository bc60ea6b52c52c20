# shellcheck shell=bash
# What is running: build.json of the image.

# build_field NAME: its text, or nothing.
build_field() {
	local text=''
	[[ ! -r "$HERE/build.json" ]] || text="$(<"$HERE/build.json")"
	[[ "$text" =~ \"$1\":\"([^\"]*)\" ]] && printf '%s' "${BASH_REMATCH[1]}"
}

# The first line of the log: whoever reads it later has to know which image wrote it.
announce() {
	local version
	if version="$(build_field version)"; then
		log "TRM Directus $version (revision $(build_field revision), Directus $(build_field directus))"
	else
		log "TRM Directus from the checkout $HERE"
	fi
}
