/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CRYPTOMAP_FILE_H
#define CRYPTOMAP_FILE_H

#include <sys/types.h>

/**
 * file_read() - a whole file
 * @name: "-" is standard input
 * @len:  receives its length
 *
 * Return: it, for wipe_free(); NULL after saying why.
 */
char *file_read(const char *name, size_t *len);

/**
 * file_replace() - put a text in the place of a file at once, so that no reader sees half of it
 * @mode: permissions of the new file, whatever the umask
 *
 * Of writers at the same time the last one counts, with the whole of its text.
 *
 * Return: 0 or a negative errno after saying why.
 */
int file_replace(const char *path, const char *text, mode_t mode);

#endif
