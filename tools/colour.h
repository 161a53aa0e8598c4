/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CRYPTOMAP_COLOUR_H
#define CRYPTOMAP_COLOUR_H

#include <stdbool.h>
#include <stdio.h>

/** on_terminal() - Return: whether it goes to a terminal that understands escape sequences */
bool on_terminal(FILE *f);

/** enum colour - what is emphasised */
enum colour { COLOUR_NONE, COLOUR_ERROR, COLOUR_WARNING };

/**
 * colour() - what makes all that follows be of a colour, up to COLOUR_NONE
 *
 * Return: nothing unless it goes to a terminal, and NO_COLOR is not in the environment, or
 * empty (https://no-color.org).
 */
const char *colour(FILE *f, enum colour colour);

#endif
