// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "colour.h"

bool on_terminal(FILE *f)
{
	const char *term = getenv("TERM");

	return term && strcmp(term, "dumb") && isatty(fileno(f));
}

const char *colour(FILE *f, enum colour colour)
{
	static const char *const escape[] = {
		[COLOUR_NONE] = "\033[m", [COLOUR_ERROR] = "\033[1;31m", [COLOUR_WARNING] = "\033[1;33m",
	};
	const char *none = getenv("NO_COLOR");

	return (none && *none) || !on_terminal(f) ? "" : escape[colour];
}
