// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Growing texts, wiped wherever they were.
 */
#include <stdarg.h>
#include <stdio.h>

#include "text.h"
#include "wipe.h"

static bool text_room(struct text *t, size_t more)
{
	size_t size = t->size ? t->size : 4096;
	char *bigger;

	while (size - t->len < more)
		size *= 2;
	if (size == t->size)
		return true;
	/* there may be more behind @len, which was cut off */
	bigger = wipe_grow(t->buf, t->size, size);
	if (!bigger) {
		t->nomem = true;
		return false;
	}
	t->buf = bigger;
	t->size = size;
	return true;
}

void put(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (t->nomem || !text_room(t, 512))
		return;
	va_start(ap, fmt);
	n = vsnprintf(t->buf + t->len, t->size - t->len, fmt, ap);
	va_end(ap);
	if (n < 0) {
		t->nomem = true;
		return;
	}
	if ((size_t)n >= t->size - t->len) {
		if (!text_room(t, n + 1))
			return;
		va_start(ap, fmt);
		vsnprintf(t->buf + t->len, t->size - t->len, fmt, ap);
		va_end(ap);
	}
	t->len += n;
}

char *text_finish(struct text *t)
{
	if (!t->nomem)
		return t->buf;
	wipe_free(t->buf, t->size);
	return NULL;
}
