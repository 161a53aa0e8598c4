/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CRYPTOMAP_CREDENTIALS_H
#define CRYPTOMAP_CREDENTIALS_H

struct ios_config;

/**
 * credentials_read() - read the files of trustpoints that were not read yet
 * @cfg: a model, which gets their contents
 *
 * charon may read few files on its own (Debian confines it), so it gets what is in them. What is
 * wrong with a file is said on standard error, as file:line: message.
 *
 * Return: how many cannot be read; of each it was said why.
 */
int credentials_read(struct ios_config *cfg);

#endif
