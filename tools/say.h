/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CRYPTOMAP_SAY_H
#define CRYPTOMAP_SAY_H

/** say_no_memory() - say on standard error that memory is exhausted. Return: -ENOMEM */
int say_no_memory(void);

/** needs_root() - Return: what to say behind the error, an errno, of a file or socket of root's */
const char *needs_root(int err);

#endif
