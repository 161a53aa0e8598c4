/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module's pure logic uses of this kernel header. */
#ifndef _UNIT_LINUX_SLAB_H
#define _UNIT_LINUX_SLAB_H

#include <stdlib.h>
#include <string.h>

#define GFP_KERNEL_ACCOUNT	0

#define kzalloc(size, gfp)		calloc(1, size)
#define kvzalloc(size, gfp)		calloc(1, size)
#define kvmalloc(size, gfp)		malloc(size)
#define kvmalloc_array(n, size, gfp)	malloc((size_t)(n) * (size))
#define kvcalloc(n, size, gfp)		calloc(n, size)
#define kfree(p)			free(p)
#define kvfree(p)			free(p)

static inline void *kmemdup(const void *from, size_t size, int gfp)
{
	void *to = malloc(size);

	(void)gfp;
	return to ? memcpy(to, from, size) : NULL;
}

#endif
