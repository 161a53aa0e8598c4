# SPDX-License-Identifier: GPL-2.0-or-later
# What the tracepoints print for enums of the uapi header: a macro for each.
function name(constant, prefix) {
	constant = tolower(substr(constant, length(prefix) + 2))
	gsub(/_/, "-", constant)
	return constant
}
BEGIN {
	print "/* SPDX-License-Identifier: GPL-2.0-only */"
	print "/* Do not edit directly, auto-generated from: */"
	print "/*\tuapi/specs/crypto_map.yaml */"
	print "\n#ifndef _CMAP_TRACE_GEN_H\n#define _CMAP_TRACE_GEN_H"
}
/^enum crypto_map_(drop_reason|sa_dir|sa_state) \{/ {
	prefix = toupper($2)
	macro = $2
	sub(/^crypto_map/, "cmap_trace", macro)
	value = 0
	pairs = ""
	next
}
# what the generator adds behind the last value is private
prefix != "" && (/private:/ || /^};/) {
	printf "\n#define %s(value) \\\n\t__print_symbolic(value%s)\n", macro, pairs
	prefix = ""
}
prefix != "" && $1 ~ "^" prefix {
	if ($2 == "=")
		value = int($3)
	sub(/,$/, "", $1)
	pairs = pairs ", \\\n\t\t{ " value++ ", \"" name($1, prefix) "\" }"
}
END { print "\n#endif /* _CMAP_TRACE_GEN_H */" }
