/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output that waits for a key after each page, as on IOS.
 */
#ifndef CRYPTOMAP_PAGER_H
#define CRYPTOMAP_PAGER_H

#include <stdio.h>

/**
 * pager_open() - a stream that writes to standard output page by page
 * @rows:    lines of the terminal, of which the last one asks: blank gives the next page,
 *           return the next line, any other key and an interrupt leave the rest out
 * @columns: where the terminal breaks lines, 0 for nowhere
 *
 * Keys are read from standard input, a terminal.
 *
 * Return: the stream, for fclose(); NULL when memory is exhausted.
 */
FILE *pager_open(unsigned int rows, unsigned int columns);

#endif
