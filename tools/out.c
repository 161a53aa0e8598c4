// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "say.h"

struct ip ip_text(const struct ios_addr *addr)
{
	struct ip text;

	ios_addr_text(addr, text.s);
	return text;
}

const char *flow_vrf(const struct flow *flow)
{
	return *flow->vrf ? flow->vrf : "(none)";
}

const char *flow_peer(const struct flow *flow, struct ip *room)
{
	if (*flow->peer_name)
		return flow->peer_name;
	*room = ip_text(&flow->remote);
	return room->s;
}

struct ip ip_shown(const char *text)
{
	struct ios_addr addr = { .family = AF_INET6 };
	struct ip ip;

	if (inet_pton(AF_INET6, text, &addr.v6) == 1)
		return ip_text(&addr);
	/* as charon tells an address that is not known yet */
	if (*text == '%')
		text = strcmp(text, "%any6") ? "0.0.0.0" : "::";
	snprintf(ip.s, sizeof(ip.s), "%s", text);
	return ip;
}

json_t *json_shown(const char *text)
{
	return *text == '%' ? json_null() : json_string(text);
}

const char *id_shown(const char *id, struct ip *room)
{
	struct in6_addr addr;

	if (inet_pton(AF_INET6, id, &addr) != 1)
		return id;
	*room = ip_shown(id);
	return room->s;
}

bool interface_is(const char *word, const char *ifname, const char *label)
{
	char key[IOS_NAME_MAX + 1], other[IOS_NAME_MAX + 1];

	if (!strcmp(ifname, word))
		return true;
	ios_interface_key(word, key);
	ios_interface_key(label, other);
	return !strcmp(key, other);
}

struct ip mask_text(const struct ios_addr *wild)
{
	struct ios_addr mask = *wild;
	struct ip text;

	if (wild->family == AF_INET6) {
		snprintf(text.s, sizeof(text.s), "%d", ios_wild_prefix(wild));
		return text;
	}
	mask.v4.s_addr = ~mask.v4.s_addr;
	return ip_text(&mask);
}

json_t *json_ip(const struct ios_addr *addr)
{
	char text[IOS_ADDR_TEXT];

	if (addr->family == AF_UNSPEC)
		return json_null();
	return json_string(inet_ntop(addr->family, addr->bytes, text, sizeof(text)));
}

json_t *json_mask(const struct ios_addr *wild)
{
	return wild->family == AF_INET6 ? json_integer(ios_wild_prefix(wild)) :
					  json_string(mask_text(wild).s);
}

json_t *json_network(const struct ios_addr *addr, const struct ios_addr *wild)
{
	return json_pack("{s:o, s:o}", "address", json_ip(addr), "mask", json_mask(wild));
}

json_t *json_classifier(const struct attachment *a)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "rules", (json_int_t)a->rules,
			 "indexed", (json_int_t)a->indexed, "tables", (json_int_t)a->tables,
			 "longest", (json_int_t)a->longest, "worst", (json_int_t)a->worst, "bytes",
			 (json_int_t)a->bytes);
}

int json_out(FILE *f, json_t *value)
{
	int ret = value ? json_dumpf(value, f, JSON_INDENT(2)) : -1;

	json_decref(value);
	if (ret) {
		say_no_memory();
		return REFUSED;
	}
	fputc('\n', f);
	return DONE;
}

int show_model(const struct args *args, struct ios_config *cfg,
	       json_t *(*json)(const struct ios_config *cfg),
	       void (*print)(FILE *f, const struct ios_config *cfg))
{
	int ret = DONE;

	if (!cfg)
		return REFUSED;
	if (args->json)
		ret = json_out(args->out, json(cfg));
	else
		print(args->out, cfg);
	ios_free(cfg);
	return ret;
}
