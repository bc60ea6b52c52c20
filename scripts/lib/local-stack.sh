# shellcheck shell=bash
# The database of `npm start`, for what an operator runs in the checkout beside it. The caller sets ROOT and has sourced log.sh.

STACK_ENV="${STACK_ENV:-$ROOT/.local/stack.env}"

use_local_stack() {
	local url
	url="$(sed -n 's/^DATABASE_URL=//p' "$STACK_ENV")"
	[[ -n "$url" ]] || die "$EXIT_CONFIG" "no DATABASE_URL in $STACK_ENV; remedy: npm start writes it"
	export DB_CONNECTION_STRING="$url"
}
