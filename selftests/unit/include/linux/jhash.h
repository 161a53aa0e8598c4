/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module's pure logic uses of this kernel header; another hash. */
#ifndef _UNIT_LINUX_JHASH_H
#define _UNIT_LINUX_JHASH_H

#include <linux/types.h>

/* Hashes are numbers of these bits. A test may have them collide. */
__attribute__((weak)) u32 unit_jhash_mask = ~0U;

static inline u32 jhash2(const u32 *key, u32 n, u32 seed)
{
	u64 h = seed + 0x9e3779b97f4a7c15ULL;

	while (n--) {
		h = (h ^ *key++) * 0xff51afd7ed558ccdULL;
		h ^= h >> 32;
	}
	return h & unit_jhash_mask;
}

static inline u32 jhash(const void *key, u32 len, u32 seed)
{
	const u8 *byte = key;
	u32 word;

	while (len--) {
		word = *byte++;
		seed = jhash2(&word, 1, seed);
	}
	return seed;
}

static inline u32 jhash_2words(u32 a, u32 b, u32 seed)
{
	u32 key[] = { a, b };

	return jhash2(key, 2, seed);
}

#endif
