// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "clock.h"
#include "colour.h"
#include "progress.h"

#define FIRST_MS 500
#define NEXT_MS 100
/* to the end of the line */
#define ERASE "\033[K"

/* when the next line is due, 0 before the command began; whether one is on the screen */
static int64_t due;
static bool on_screen;

void progress(const char *what, size_t done, size_t total)
{
	int64_t now = clock_ms();

	if (!due)
		due = now + FIRST_MS;
	if (now < due || !on_terminal(stderr))
		return;
	due = now + NEXT_MS;
	on_screen = true;
	if (total)
		fprintf(stderr, ERASE "%s: %zu of %zu\r", what, done, total);
	else
		fprintf(stderr, ERASE "%s ...\r", what);
}

void progress_end(void)
{
	if (on_screen)
		fputs(ERASE, stderr);
	on_screen = false;
	due = 0;
}
