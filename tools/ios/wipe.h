/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that may have keys in it.
 */
#ifndef CRYPTOMAP_IOS_WIPE_H
#define CRYPTOMAP_IOS_WIPE_H

#include <stdlib.h>
#include <string.h>

/** wipe_free() - wipe and free @size bytes, or nothing for NULL */
static inline void wipe_free(void *data, size_t size)
{
	if (data)
		explicit_bzero(data, size);
	free(data);
}

/**
 * wipe_grow() - move bytes to a larger piece of memory; realloc() would leave keys behind
 * @data: wiped and freed, NULL for none
 * @size: how many
 * @room: how many there is to be room for
 *
 * Return: where they are now; NULL when memory is exhausted, and @data is as it was.
 */
static inline void *wipe_grow(void *data, size_t size, size_t room)
{
	void *bigger = malloc(room);

	if (!bigger)
		return NULL;
	if (data)
		memcpy(bigger, data, size);
	wipe_free(data, size);
	return bigger;
}

#endif
