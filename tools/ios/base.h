/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names, texts and addresses of the configuration language.
 */
#ifndef CRYPTOMAP_IOS_BASE_H
#define CRYPTOMAP_IOS_BASE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** IOS_NAME_MAX - longest name (map, ACL, transform set, interface), without the zero */
#define IOS_NAME_MAX 63
/** IOS_TEXT_MAX - longest remark or description, without the zero */
#define IOS_TEXT_MAX 255

/**
 * struct ios_addr - an address
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for "none"
 * @v4:     IPv4 address, network byte order
 * @v6:     IPv6 address
 * @bytes:  the first 4 (IPv4) or 16 (IPv6) bytes count
 */
struct ios_addr {
	int family;
	union {
		struct in_addr v4;
		struct in6_addr v6;
		uint8_t bytes[16];
	};
};

/** IOS_ADDR_TEXT - room for an address as text */
#define IOS_ADDR_TEXT 46

/**
 * ios_addr_text() - an address as IOS writes it: IPv6 in upper case
 * @addr: the address; without a family it is "0.0.0.0"
 * @buf:  IOS_ADDR_TEXT bytes
 *
 * Return: @buf
 */
const char *ios_addr_text(const struct ios_addr *addr, char *buf);

/** ios_addr_same() - Return: whether two addresses, of either family, are equal. */
bool ios_addr_same(const struct ios_addr *a, const struct ios_addr *b);

/** ios_addr_compare() - Return: the order of two addresses, as of memcmp(): IPv4 goes first. */
int ios_addr_compare(const struct ios_addr *a, const struct ios_addr *b);

/** ios_addr_bits() - Return: 32 or 128, the bits of an address of a family. */
unsigned int ios_addr_bits(int family);
/** ios_addr_unicast() - Return: whether it can be the address of one host, wherever that is. */
bool ios_addr_unicast(const struct ios_addr *addr);

/** ios_wild_prefix() - Return: length of the prefix that a wildcard leaves, -1 if it has holes. */
int ios_wild_prefix(const struct ios_addr *wild);

#endif
