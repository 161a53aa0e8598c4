/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text that the printer makes.
 */
#ifndef CRYPTOMAP_IOS_TEXT_H
#define CRYPTOMAP_IOS_TEXT_H

#include "ios.h"

/*
 * struct text - a growing text; it may hold keys, so that what is left behind
 * when it grows is wiped
 */
struct text {
	char *buf;
	size_t len;
	size_t size;
	bool nomem;
};

/* Appends to a text. */
void put(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The text, or NULL when memory was exhausted. */
char *text_finish(struct text *t);

struct ip {
	char s[IOS_ADDR_TEXT];
};

/* An address as IOS writes it. */
struct ip ip(const struct ios_addr *addr);

/* print_isakmp.c: ISAKMP policies, keys, profiles and globals; @devices instead of interfaces */
void print_isakmp(struct text *t, const struct ios_config *cfg, bool devices);
/* print_pki.c: trustpoints, with what is in their files or without, and certificate maps */
void print_pki(struct text *t, const struct ios_config *cfg, bool contents);

#endif
