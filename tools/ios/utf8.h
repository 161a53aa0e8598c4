/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The characters of a text (RFC 3629).
 */
#ifndef CRYPTOMAP_IOS_UTF8_H
#define CRYPTOMAP_IOS_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/** utf8_length() - Return: the bytes of the character that @s, of @len bytes, starts with; 0 when it is none */
size_t utf8_length(const char *s, size_t len);

/**
 * utf8_harmless() - whether a terminal may be shown a character
 * @n: its bytes, as of utf8_length()
 *
 * Control characters, those above ASCII as well, would be carried out, and others turn the
 * direction of what follows.
 */
bool utf8_harmless(const char *s, size_t n);

#endif
