// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses, masks and wildcards.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "model.h"

const char *ios_addr_text(const struct ios_addr *addr, char *buf)
{
	char *c;

	strcpy(buf, "0.0.0.0");
	if (addr->family != AF_UNSPEC)
		inet_ntop(addr->family, addr->bytes, buf, IOS_ADDR_TEXT);
	for (c = buf; *c; c++)
		*c = toupper((unsigned char)*c);
	return buf;
}

unsigned int ios_addr_bits(int family)
{
	return family == AF_INET6 ? 128 : 32;
}

bool ios_addr_unicast(const struct ios_addr *addr)
{
	if (addr->family == AF_INET)
		return addr->v4.s_addr && (ntohl(addr->v4.s_addr) >> 28) < 0xe;
	return !IN6_IS_ADDR_UNSPECIFIED(&addr->v6) && !IN6_IS_ADDR_MULTICAST(&addr->v6) &&
	       !IN6_IS_ADDR_LINKLOCAL(&addr->v6) && !IN6_IS_ADDR_V4MAPPED(&addr->v6);
}

bool ios_addr_same(const struct ios_addr *a, const struct ios_addr *b)
{
	return a->family == b->family &&
	       !memcmp(a->bytes, b->bytes, ios_addr_bits(a->family) / 8);
}

int ios_addr_compare(const struct ios_addr *a, const struct ios_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, ios_addr_bits(a->family) / 8);
}

int ios_wild_prefix(const struct ios_addr *wild)
{
	unsigned int bits = ios_addr_bits(wild->family), prefix = 0, i;

	while (prefix < bits && !(wild->bytes[prefix / 8] & 0x80 >> prefix % 8))
		prefix++;
	for (i = prefix; i < bits; i++)
		if (!(wild->bytes[i / 8] & 0x80 >> i % 8))
			return -1;
	return prefix;
}

struct ios_addr ios_wild(int family, unsigned int prefix)
{
	struct ios_addr wild = { .family = family };
	unsigned int i;

	for (i = prefix; i < ios_addr_bits(family); i++)
		wild.bytes[i / 8] |= 0x80 >> i % 8;
	return wild;
}

void ios_addr_mask(struct ios_addr *addr, const struct ios_addr *wild)
{
	unsigned int i;

	for (i = 0; i < ios_addr_bits(addr->family) / 8; i++)
		addr->bytes[i] &= ~wild->bytes[i];
}

int ios_mask_prefix(struct in_addr mask)
{
	uint32_t m = ntohl(mask.s_addr);
	int bits = 0;

	for (; m & 0x80000000u; m <<= 1)
		bits++;
	return m ? -1 : bits;
}
