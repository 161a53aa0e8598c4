/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the log of a terminal shows.
 */
#ifndef CRYPTOMAP_IOS_SCREEN_H
#define CRYPTOMAP_IOS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

/** screen_needed() - whether a text has bytes that move a cursor, as when a typed word is rubbed out */
bool screen_needed(const char *text, size_t len);

/**
 * screen_text() - the lines of a text as a terminal shows them
 * @newline: what ends a line
 * @shown:   receives how many bytes, which are @len at most
 *
 * Backspaces, carriage returns and escape sequences move the cursor, what follows is written over
 * what was there; bells, and sequences that change no text, are left out. The lines stay as many. A
 * line of more than 64 kB is no line of a terminal and stays as it is.
 *
 * Return: the text, which may hold keys, for wipe_free(); NULL when memory is exhausted.
 */
char *screen_text(const char *text, size_t len, char newline, size_t *shown);

#endif
