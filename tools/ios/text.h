/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text that is put together.
 */
#ifndef CRYPTOMAP_IOS_TEXT_H
#define CRYPTOMAP_IOS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * struct text - a growing text; it may hold keys, so that what is left behind
 * when it grows is wiped
 */
struct text {
	char *buf;
	size_t len;
	size_t size;
	bool nomem;
};

/* Appends to a text. */
void put(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The text, or NULL when memory was exhausted. */
char *text_finish(struct text *t);

#endif
