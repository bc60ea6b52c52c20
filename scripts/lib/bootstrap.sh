# shellcheck shell=bash
# Guarding `directus bootstrap`: it is not one transaction, and after an interruption it takes a half-made installation for a
# finished one. So its first run is noted in trm.state, and the note goes only when the outcome was verified.

note_first_bootstrap() {
	run_bootstrap_sql begin-bootstrap.sql
	[[ "$session_answer" != *discarded* ]] || log 'an interrupted first bootstrap was discarded; it starts afresh'
}

verify_bootstrap() {
	run_bootstrap_sql verify-bootstrap.sql
	[[ -z "$session_answer" ]] || die "$EXIT_FAILURE" "step 2/5: bootstrap ended well but the database lacks: $session_answer; remedy: run it by hand (node $DIRECTUS_CLI bootstrap) and read its log"
}

run_bootstrap_sql() {
	check_boot_lock
	session_ask "$(include "$LIB/$1")" && return
	session_refused_sql || stop_on_lost_lock
	die "$EXIT_FAILURE" "step 2/5: bootstrap: $1 failed, see the lines above"
}
