/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tool printed against literal text.
 */
#ifndef UNIT_PRINTED_H
#define UNIT_PRINTED_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

/* Compares what was printed to *f; both are freed. */
static inline void is(const char *what, FILE *f, char **got, const char *wanted)
{
	size_t at;

	fclose(f);
	for (at = 0; (*got)[at] && (*got)[at] == wanted[at]; at++)
		;
	if (!tap_ok(!strcmp(*got, wanted), "%s", what))
		printf("# differs at byte %zu, got:\n%s\n# wanted:\n%s\n", at, *got + at, wanted + at);
	free(*got);
}

/* Whether the text of a JSON value has a part. */
static inline void has_json(const char *what, json_t *value, const char *wanted)
{
	char *text = json_dumps(value, 0);

	if (!tap_ok(text && strstr(text, wanted), "%s", what))
		printf("# %s\n", text);
	free(text);
}

#endif
