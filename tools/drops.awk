# SPDX-License-Identifier: GPL-2.0-or-later
# The names and texts of the drop reasons, from the uapi header, as C.
/^ \* enum crypto_map_drop_reason/ { inside = 1; next }
inside && /^ \*\// { exit }
inside && /^ \* @CRYPTO_MAP_DROP_REASON_/ {
	flush()
	line = $0
	sub(/^ \* @/, "", line)
	constant = line
	sub(/:.*/, "", constant)
	sub(/^[^:]*: */, "", line)
	text = line
	next
}
inside && constant != "" { line = $0; sub(/^ \* */, "", line); text = text " " line }
function flush(    name) {
	if (constant == "")
		return
	name = tolower(constant)
	sub(/^crypto_map_drop_reason_/, "", name)
	gsub(/_/, "-", name)
	gsub(/"/, "\\\"", text)
	printf "[%s] = { \"%s\", \"%s\" },\n", constant, name, text
}
END { flush() }
