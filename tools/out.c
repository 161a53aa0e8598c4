// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>

#include "cli.h"

struct ip ip_text(const struct ios_addr *addr)
{
	struct ip text = { "0.0.0.0" };

	if (addr->family != AF_UNSPEC)
		inet_ntop(addr->family, addr->bytes, text.s, sizeof(text.s));
	return text;
}

struct ip ip4_text(struct in_addr addr)
{
	struct ip text;

	inet_ntop(AF_INET, &addr, text.s, sizeof(text.s));
	return text;
}

json_t *json_ip(const struct ios_addr *addr)
{
	return addr->family == AF_UNSPEC ? json_null() : json_string(ip_text(addr).s);
}

int json_out(json_t *value)
{
	int ret = value ? json_dumpf(value, stdout, JSON_INDENT(2)) : -1;

	json_decref(value);
	if (ret) {
		fputs("cryptomap: out of memory\n", stderr);
		return REFUSED;
	}
	putchar('\n');
	return DONE;
}
