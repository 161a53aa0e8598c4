/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the printer share.
 */
#ifndef CRYPTOMAP_IOS_PRINTER_H
#define CRYPTOMAP_IOS_PRINTER_H

#include "ios.h"
#include "text.h"

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
