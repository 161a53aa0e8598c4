/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether memory is freed with a key in it: the sanitizer calls for each piece that is freed, also
 * within the C library.
 */
#ifndef UNIT_LEFT_H
#define UNIT_LEFT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/*
 * Counted from when it is set, NULL for none: how many pieces had it. Compilers take free() for a
 * function that changes no variable.
 */
static const char *volatile left_key;
static volatile unsigned int left;
/* one that was freed to see whether it is counted */
static bool left_counts;

/* as in sanitizer/allocator_interface.h, which is not everywhere */
void __sanitizer_free_hook(const volatile void *data);
size_t __sanitizer_get_allocated_size(const volatile void *data);

void __sanitizer_free_hook(const volatile void *data)
{
	const void *at = (const void *)data;

	if (left_key && data)
		left += memmem(at, __sanitizer_get_allocated_size(data), left_key, strlen(left_key)) != NULL;
}

static inline void left_begin(const char *key)
{
	char *volatile piece = strdup(key);

	left_key = key;
	left = 0;
	free(piece);
	left_counts = left == 1;
	left = 0;
}

/*
 * Return: how many pieces of memory had the key in them when they were freed; UINT_MAX where the
 * sanitizer does not tell
 */
static inline unsigned int left_end(void)
{
	left_key = NULL;
	return left_counts ? left : UINT_MAX;
}

#endif
