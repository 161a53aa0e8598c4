// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any filter of any output: the first line is what follows "|", the rest is filtered.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = strndup((const char *)data, len), *output = text, *before;
	struct filter filter;

	strsep(&output, "\n");
	if (!output || !filter_parse(&filter, text, stdout)) {
		free(text);
		return 0;
	}
	before = strdup(output);
	filter_print(&filter, stdout, output);
	if (strcmp(before, output))
		abort();
	filter_free(&filter);
	free(before);
	free(text);
	return 0;
}
