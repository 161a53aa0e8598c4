// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any text as a configuration: what is made of it is printed, and what is printed is
 * a configuration that is printed the same, and is the same model if there was nothing
 * to say of the text. The length decides about the flags, so
 * that a seed is a text and nothing else.
 */
#include <stdlib.h>
#include <string.h>

#include "ios/ios.h"
#include "ios_same.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ios_config *cfg = ios_parse("fuzz", (const char *)data, len, len & 7), *again;
	char *once = ios_print(cfg, IOS_PRINT_ALL, NULL), *twice;

	again = ios_parse("printed", once, strlen(once), 0);
	twice = ios_print(again, IOS_PRINT_ALL, NULL);
	if (strcmp(once, twice))
		abort();
	if (!(len & IOS_PHASE1_ONLY) && !cfg->diags && !cfg->n_skipped && !same_config(cfg, again))
		abort();
	ios_free(again);
	ios_text_free(twice);
	ios_text_free(once);
	ios_free(cfg);
	return 0;
}
