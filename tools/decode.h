/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands in attributes of the kernel module, in the terms of the configuration.
 */
#ifndef CRYPTOMAP_DECODE_H
#define CRYPTOMAP_DECODE_H

#include "ios/model.h"
#include "nl.h"

/**
 * kernel_row() - one more row of a dump, at the end of an array, all zero
 *
 * Return: the row; NULL after saying that memory is exhausted.
 */
void *kernel_row(void **v, size_t *n, size_t size);

/**
 * decode_network() - an address and a wildcard of this family
 *
 * Without an address any, with an address and no wildcard a host.
 */
void decode_network(const struct nlattr *addr_attr, const struct nlattr *wild_attr, int family,
		    struct ios_addr *addr, struct ios_addr *wild);

/** decode_df(), decode_frag() - a setting, unset without the attribute */
enum ios_df decode_df(const struct nlattr *attr);
enum ios_frag decode_frag(const struct nlattr *attr);

/** decode_algs() - cipher, key_bits and auth of a transform set */
void decode_algs(struct ios_tset *set, const struct nlattr *cipher, const struct nlattr *key_bits,
		 const struct nlattr *auth);

#endif
