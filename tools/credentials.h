/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CRYPTOMAP_CREDENTIALS_H
#define CRYPTOMAP_CREDENTIALS_H

struct ios_config;

/**
 * credentials_read() - read the files of trustpoints that were not read yet
 * @cfg: a model, which gets their contents
 *
 * charon may read few files on its own (Debian confines it), so it gets what is in them. A file that
 * cannot be read is an error of the model, a private key that others may read a warning.
 *
 * Return: 0, or -1 when memory is exhausted.
 */
int credentials_read(struct ios_config *cfg);

#endif
