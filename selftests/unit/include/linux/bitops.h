/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module's pure logic uses of this kernel header. */
#ifndef _UNIT_LINUX_BITOPS_H
#define _UNIT_LINUX_BITOPS_H

#include <stdbool.h>

#define BITS_PER_LONG	(8 * sizeof(long))
#define BIT(n)		(1UL << (n))

#define BITS_TO_LONGS(n)	(((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)

static inline bool test_bit(unsigned long i, const unsigned long *bits)
{
	return bits[i / BITS_PER_LONG] >> i % BITS_PER_LONG & 1;
}

static inline void __set_bit(unsigned long i, unsigned long *bits)
{
	bits[i / BITS_PER_LONG] |= 1UL << i % BITS_PER_LONG;
}

/* the number of the lowest bit, from 0 on, of a number that is not 0 */
static inline unsigned long __ffs(unsigned long x)
{
	return __builtin_ctzl(x);
}

/* the number of the highest bit, from 1 on; 0 if there is none */
static inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

/* one thread only */
#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, value)	((x) = (value))

#endif
