/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a long command is, on standard error when that is a terminal.
 */
#ifndef CRYPTOMAP_PROGRESS_H
#define CRYPTOMAP_PROGRESS_H

#include <stddef.h>

/**
 * progress() - tell how far it is
 * @what:  what is being done
 * @done:  how much of it
 * @total: of how much; 0 if that is not known
 *
 * Nothing is told in the first half second, and then not more often than ten times a
 * second. What is printed after it takes its place on the screen.
 */
void progress(const char *what, size_t done, size_t total);

/** progress_end() - the command is at its end: leave nothing on the screen */
void progress_end(void);

#endif
