/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CRYPTOMAP_CLOCK_H
#define CRYPTOMAP_CLOCK_H

#include <stdint.h>
#include <time.h>

/** clock_ms() - Return: milliseconds of a clock that is never set */
static inline int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

#endif
