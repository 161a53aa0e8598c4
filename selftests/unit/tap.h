/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Test output in TAP, and random numbers that can be had again: a failing run
 * tells its seed, SEED=n in the environment repeats it.
 */
#ifndef _UNIT_TAP_H
#define _UNIT_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int tap_run, tap_failed;
static uint64_t tap_seed = 0x9e3779b97f4a7c15;

/* Report one test point. Returns @good. */
__attribute__((format(printf, 2, 3)))
static bool tap_ok(bool good, const char *fmt, ...)
{
	va_list args;

	tap_run++;
	tap_failed += !good;
	printf("%sok %d - ", good ? "" : "not ", tap_run);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	return good;
}

/* Print the plan. Returns the exit status of the program. */
static int tap_done(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed ? 1 : 0;
}

static inline void tap_random_init(void)
{
	const char *seed = getenv("SEED");

	if (seed)
		tap_seed = strtoull(seed, NULL, 0) ?: 1;
	printf("# SEED=%#llx\n", (unsigned long long)tap_seed);
}

/* xorshift64*: a number from 0 to @below - 1. */
static inline uint32_t tap_random(uint32_t below)
{
	tap_seed ^= tap_seed >> 12;
	tap_seed ^= tap_seed << 25;
	tap_seed ^= tap_seed >> 27;
	return (uint32_t)((tap_seed * 0x2545f4914f6cdd1dULL) >> 32) % below;
}

#endif /* _UNIT_TAP_H */
