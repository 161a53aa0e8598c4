// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto isakmp peer: aggressive mode towards a peer.
 */
#include <stdlib.h>
#include <string.h>

#include "parse.h"

static void peer_description(struct parser *p)
{
	section_description(p, &p->peer->description);
}

/* client-endpoint {fqdn N | ipv4-address A | ipv6-address A | user-fqdn N} */
static void aggressive_endpoint(struct parser *p)
{
	enum { FQDN, IPV4, IPV6, USER };
	static const struct kw table[] = {
		{ .word = "fqdn", .id = FQDN, .help = "a host name" },
		{ .word = "ipv4-address", .id = IPV4, .help = "an IPv4 address" },
		{ .word = "ipv6-address", .id = IPV6, .help = "an IPv6 address" },
		{ .word = "user-fqdn", .id = USER, .help = "a user as name@domain" },
	};
	struct ios_id id = { 0 };
	const struct kw *kw;

	if (p->negate) {
		p->peer->endpoint.kind = IOS_ID_NONE;
		return;
	}
	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (!kw)
		return;
	switch (kw->id) {
	case FQDN:
		id.kind = IOS_ID_FQDN;
		next_host(p, id.text);
		break;
	case IPV4:
		id.kind = IOS_ID_ADDRESS;
		id.addr.family = AF_INET;
		next_ipv4(p, "the address that this side is to be known by", &id.addr.v4);
		break;
	case IPV6:
		id.kind = IOS_ID_ADDRESS;
		id.addr.family = AF_INET6;
		next_ipv6(p, "the address that this side is to be known by", &id.addr.v6);
		break;
	case USER:
		id.kind = IOS_ID_USER;
		next_user(p, id.text);
		break;
	}
	if (end_of_line(p))
		p->peer->endpoint = id;
}

/* password [0|6] KEY */
static void aggressive_password(struct parser *p)
{
	uint8_t key[IOS_PSK_MAX + 1] = { 0 };
	bool encrypted;
	size_t len = 0;

	if (p->negate) {
		explicit_bzero(p->peer->key, sizeof(p->peer->key));
		p->peer->key_len = 0;
		return;
	}
	if (!next_secret(p, NULL, 0, key, &len, &encrypted))
		return;
	/* a word that is left over may be a piece of the key */
	if (tok_peek(p)) {
		p_fail(p, "unexpected word after the password; expected the end of the line");
	} else if (encrypted) {
		p_warn(p, "an encrypted password (type 6) cannot be read and is left out; write it in clear");
	} else {
		memcpy(p->peer->key, key, sizeof(key));
		p->peer->key_len = len;
	}
	explicit_bzero(key, sizeof(key));
}

static void peer_set(struct parser *p)
{
	static const struct kw sets[] = { { .word = "aggressive-mode",
	  .help = "aggressive mode towards this peer" } };
	static const struct kw table[] = {
		{ .word = "client-endpoint", .run = aggressive_endpoint,
		  .help = "what this side is to be known by" },
		{ .word = "password", .run = aggressive_password, .help = "the pre-shared key" },
	};

	if (kw_next(p, sets, ARRAY_SIZE(sets)))
		kw_run_next(p, table, ARRAY_SIZE(table));
}

const char peer_expected[] = "description or set";

bool peer_line(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "description", .min = 3, .run = peer_description,
		  .help = "a text about the peer" },
		{ .word = "set", .min = 2, .run = peer_set, .help = "a setting of the peer" },
	};

	return kw_run(p, table, ARRAY_SIZE(table));
}

/* address A | address ipv6 A | hostname N; of old trains ip-address A | fqdn N */
static bool next_peer(struct parser *p, struct ios_id *id)
{
	static const struct kw table[] = {
		{ .word = "address", .id = IOS_ID_ADDRESS, .help = "by address" },
		{ .word = "fqdn", .id = IOS_ID_FQDN },
		{ .word = "hostname", .id = IOS_ID_FQDN, .help = "by host name" },
		{ .word = "ip-address", .id = IOS_ID_ADDRESS },
	};
	const struct kw *kw = kw_next(p, table, ARRAY_SIZE(table));

	if (!kw)
		return false;
	id->kind = kw->id;
	if (kw->id == IOS_ID_FQDN)
		return next_host(p, id->text);
	id->addr.family = AF_INET6;
	if (option_word(p, "ipv6", 4, "by IPv6 address"))
		return next_ipv6(p, "the IPv6 address of a peer", &id->addr.v6);
	id->addr.family = AF_INET;
	return next_ipv4(p, "the address of a peer", &id->addr.v4);
}

void parse_isakmp_peer(struct parser *p)
{
	struct ios_id id = { 0 };
	struct ios_isakmp_peer *peer;

	heads_section(p);
	if (!next_peer(p, &id))
		return;
	if (skip_word(p, "vrf", 3)) {
		unsupported(p, "a peer in a VRF is");
		return;
	}
	if (!end_of_line(p))
		return;
	peer = ios_isakmp_peer_find(p->cfg, &id);
	if (p->negate) {
		if (peer)
			ios_isakmp_peer_remove(p->cfg, peer);
		return;
	}
	if (!peer) {
		peer = ios_isakmp_peer_add(p->cfg, &id);
		if (!peer) {
			no_memory(p);
			return;
		}
		peer->line = p->line.no;
	}
	p->peer = peer;
	open_section(p, MODE_PEER);
}
