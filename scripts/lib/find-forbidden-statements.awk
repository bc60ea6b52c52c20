# Prints "FILE:LINE: WORDS" for every statement that has no place in a migration: transaction control, which would break
# "one file, one transaction, with its ledger row", and psql's own backslash commands.
# It knows quotes, comments, dollar quotes, parentheses and BEGIN ATOMIC bodies, so that PL/pgSQL's BEGIN … END passes.

function forbidden(first, second) {
	if (first == "BEGIN" || first == "COMMIT" || first == "END" || first == "ABORT") return 1
	if (first == "ROLLBACK") return second != "TO"
	if (first == "START" || first == "PREPARE") return second == "TRANSACTION"
	return 0
}

function end_of_statement() {
	if (forbidden(words[1], words[2])) print file ":" start_line ": " words[1] (words[2] == "" ? "" : " " words[2])
	delete words
	count = 0
	atomic = 0
}

function take_word(word) {
	word = toupper(word)
	if (atomic > 0) {
		if (word == "CASE") atomic++
		if (word == "END") atomic--
	} else if (word == "ATOMIC" && previous == "BEGIN") {
		atomic = 1
	}
	previous = word
	if (count == 0) start_line = FNR
	count++
	if (count <= 2) words[count] = word
	# ROLLBACK WORK TO … and ROLLBACK TRANSACTION TO … also only return to a savepoint.
	if (count == 3 && words[1] == "ROLLBACK" && word == "TO") words[2] = "TO"
}

# What a file leaves open must not hide anything in the next one.
FNR == 1 {
	if (NR > 1) end_of_statement()
	file = FILENAME
	state = previous = ""
	parentheses = depth = 0
}

{
	line = $0
	if (FNR == 1) sub(/^\357\273\277/, "", line)
	while (line != "") {
		if (state == "quote") {
			if (!match(line, escapes ? "['\\\\]" : "'")) break
			mark = substr(line, RSTART, 1)
			line = substr(line, RSTART + 1)
			# After a backslash any character, after a quote a second one, is text.
			if (mark == "\\" || line ~ /^'/) { line = substr(line, 2); continue }
			state = ""
		} else if (state == "identifier") {
			at = index(line, "\"")
			if (!at) break
			state = ""
			line = substr(line, at + 1)
		} else if (state == "dollar") {
			at = index(line, tag)
			if (!at) break
			state = ""
			line = substr(line, at + length(tag))
		} else if (state == "comment") {
			if (!match(line, /\/\*|\*\//)) break
			depth += substr(line, RSTART, 2) == "/*" ? 1 : -1
			if (depth == 0) state = ""
			line = substr(line, RSTART + 2)
		} else if (match(line, /^[ \t\f\v]+/)) {
			line = substr(line, RLENGTH + 1)
		} else if (line ~ /^--/) {
			break
		} else if (line ~ /^\/\*/) {
			state = "comment"
			depth = 1
			line = substr(line, 3)
		} else if (line ~ /^([eE])?'/) {
			escapes = line !~ /^'/
			state = "quote"
			if (count == 0) take_word("'")
			line = substr(line, index(line, "'") + 1)
		} else if (line ~ /^"/) {
			state = "identifier"
			take_word("\"")
			line = substr(line, 2)
		} else if (match(line, /^\$([A-Za-z_\200-\377][A-Za-z0-9_\200-\377]*)?\$/)) {
			state = "dollar"
			tag = substr(line, 1, RLENGTH)
			line = substr(line, RLENGTH + 1)
		} else if (match(line, /^[A-Za-z_\200-\377][A-Za-z0-9_$\200-\377]*/)) {
			take_word(substr(line, 1, RLENGTH))
			line = substr(line, RLENGTH + 1)
		} else if (line ~ /^\\/) {
			match(line, /^\\[^ \t]*/)
			print file ":" FNR ": " substr(line, 1, RLENGTH)
			break
		} else {
			mark = substr(line, 1, 1)
			if (mark == "(") parentheses++
			if (mark == ")") parentheses--
			if (mark == ";" && parentheses <= 0 && atomic == 0) { end_of_statement(); parentheses = 0 }
			line = substr(line, 2)
		}
	}
}

END { end_of_statement() }
