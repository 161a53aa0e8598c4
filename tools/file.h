/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CRYPTOMAP_FILE_H
#define CRYPTOMAP_FILE_H

/**
 * file_replace() - put a text in the place of a file at once, so that no reader sees half of it
 *
 * Only its owner may read the file.
 *
 * Return: 0 or a negative errno after saying why.
 */
int file_replace(const char *path, const char *text);

#endif
