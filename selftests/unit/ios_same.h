/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether two models say the same, whatever lines they come from.
 */
#ifndef UNIT_IOS_SAME_H
#define UNIT_IOS_SAME_H

#include <stdio.h>
#include <string.h>

#include "ios/ios.h"

/* a member of *a and *b: a number or a structure without padding; an array of characters */
#define SAME(member) differ(#member, memcmp(&a->member, &b->member, sizeof(a->member)))
#define SAME_TEXT(member) differ(#member, strcmp(a->member, b->member))
/* a text that may be NULL; a list */
#define SAME_OWNED(member) differ(#member, strcmp(a->member ?: "\n", b->member ?: "\n"))
#define SAME_LIST(member, same) same_list(#member, a->member, b->member, same)

static unsigned int n_differ;

static void differ(const char *what, int compared)
{
	if (compared && !n_differ++)
		printf("# models differ in %s\n", what);
}

/* @next is the first member of whatever is in a list */
struct any {
	const struct any *next;
};

static void same_list(const char *what, const void *a, const void *b,
		      void (*same)(const void *a, const void *b))
{
	const struct any *x = a, *y = b;

	for (; x && y; x = x->next, y = y->next)
		same(x, y);
	differ(what, x || y);
}

static void same_policy(const void *x, const void *y)
{
	const struct ios_policy *a = x, *b = y;

	SAME(priority);
	SAME(encr);
	SAME(key_bits);
	SAME(hash);
	SAME(auth);
	SAME(group);
	SAME(lifetime);
}

static void same_psk(const void *x, const void *y)
{
	const struct ios_psk *a = x, *b = y;

	SAME(addr);
	SAME(prefix);
	SAME_TEXT(hostname);
	SAME(no_xauth);
	SAME(key_len);
	SAME(key);
}

static void same_keyring(const void *x, const void *y)
{
	const struct ios_keyring *a = x, *b = y;

	SAME_TEXT(name);
	SAME_TEXT(vrf);
	SAME_OWNED(description);
	SAME(local.addr);
	SAME_TEXT(local.ifname);
	SAME_TEXT(local.vrf);
	SAME_LIST(psks, same_psk);
}

static void same_id(const struct ios_id *a, const struct ios_id *b)
{
	SAME(kind);
	SAME(addr);
	SAME_TEXT(text);
}

static void same_match(const void *x, const void *y)
{
	const struct ios_match *a = x, *b = y;

	same_id(&a->id, &b->id);
	SAME(prefix);
	SAME(domain);
	SAME_TEXT(vrf);
}

static void same_client(const void *x, const void *y)
{
	const struct ios_client *a = x, *b = y;

	SAME(kind);
	SAME_TEXT(text);
}

static void same_profile(const void *x, const void *y)
{
	const struct ios_profile *a = x, *b = y;
	size_t i;

	SAME_TEXT(name);
	SAME_OWNED(description);
	SAME(n_keyrings);
	for (i = 0; i < a->n_keyrings; i++)
		SAME_TEXT(keyrings[i]);
	SAME(n_trustpoints);
	for (i = 0; i < a->n_trustpoints; i++)
		SAME_TEXT(trustpoints[i]);
	SAME(n_cert_maps);
	for (i = 0; i < a->n_cert_maps; i++)
		SAME_TEXT(cert_maps[i]);
	SAME_LIST(matches, same_match);
	same_id(&a->self, &b->self);
	SAME(local.addr);
	SAME_TEXT(local.ifname);
	SAME_TEXT(local.vrf);
	SAME(aggressive);
	SAME(keepalive);
	SAME(keepalive_retry);
	SAME_TEXT(vrf);
	SAME_LIST(clients, same_client);
	SAME(bound);
}

static void same_peer(const void *x, const void *y)
{
	const struct ios_isakmp_peer *a = x, *b = y;

	same_id(&a->peer, &b->peer);
	same_id(&a->endpoint, &b->endpoint);
	SAME_OWNED(description);
	SAME(key_len);
	SAME(key);
}

static void same_tset(const void *x, const void *y)
{
	const struct ios_tset *a = x, *b = y;

	SAME_TEXT(name);
	SAME(cipher);
	SAME(key_bits);
	SAME(auth);
	SAME(ah);
	SAME(comp_lzs);
	SAME(esn);
	SAME(transport);
	SAME(require);
	SAME(usable);
}

static void same_ace(const void *x, const void *y)
{
	const struct ios_ace *a = x, *b = y;
	int i;

	SAME(seq);
	SAME(action);
	SAME_OWNED(remark);
	SAME(proto);
	SAME(src);
	SAME(src_wild);
	SAME(dst);
	SAME(dst_wild);
	SAME(sport);
	SAME(dport);
	SAME(icmp_type);
	SAME(icmp_code);
	SAME(tos);
	SAME(tos_mask);
	SAME(tcp_set);
	SAME(tcp_clear);
	SAME(tcp_all);
	SAME(ttl);
	SAME(fragments);
	SAME(log);
	SAME_OWNED(tag);
	for (i = 0; i < IOS_PLACES; i++)
		SAME_OWNED(group[i]);
	SAME_LIST(parts, same_ace);
	SAME(standard);
}

static void same_member(const void *x, const void *y)
{
	const struct ios_member *a = x, *b = y;

	SAME(kind);
	same_ace(&a->rule, &b->rule);
	SAME(last);
	SAME_TEXT(group);
}

static void same_group(const void *x, const void *y)
{
	const struct ios_group *a = x, *b = y;

	SAME_TEXT(name);
	SAME(family);
	SAME(service);
	SAME_OWNED(description);
	SAME_LIST(members, same_member);
	SAME_OWNED(fault);
}

static void same_acl(const void *x, const void *y)
{
	const struct ios_acl *a = x, *b = y;

	SAME_TEXT(name);
	SAME(family);
	SAME(standard);
	SAME(numbered);
	SAME_LIST(aces, same_ace);
	SAME(n_aces);
	SAME(used);
	SAME(n_lost);
}

static void same_route(const struct ios_reverse_route *a, const struct ios_reverse_route *b)
{
	differ("reverse-route", !a->line != !b->line);
	SAME(is_static);
	SAME(remote_peer);
	SAME(peer_gateway);
	SAME(distance);
	SAME(tag);
	SAME(gateway);
}

static void same_key(const struct ios_manual_key *a, const struct ios_manual_key *b)
{
	SAME(spi);
	SAME(enc_len);
	SAME(enc);
	SAME(auth_len);
	SAME(auth);
}

static void same_entry(const void *x, const void *y)
{
	const struct ios_entry *a = x, *b = y;
	size_t i;

	SAME(seq);
	SAME(kind);
	SAME_TEXT(dynamic);
	SAME_TEXT(acl);
	for (i = 0; i < IOS_FILTERS; i++)
		SAME_TEXT(filter[i]);
	SAME(n_peers);
	for (i = 0; i < a->n_peers; i++) {
		SAME(peers[i].addr);
		SAME(peers[i].dynamic);
		SAME_OWNED(peers[i].name);
	}
	SAME(default_peer);
	SAME(n_tsets);
	for (i = 0; i < a->n_tsets; i++)
		SAME_TEXT(tsets[i]);
	SAME(pfs_group);
	SAME(life_seconds);
	SAME(life_kilobytes);
	SAME(replay);
	SAME(df);
	SAME(idle);
	SAME(idle_default);
	SAME(per_host);
	SAME(pre_classify);
	same_route(&a->route, &b->route);
	SAME_TEXT(profile);
	SAME_OWNED(description);
	same_key(&a->in, &b->in);
	same_key(&a->out, &b->out);
	SAME(complete);
}

static void same_map(const void *x, const void *y)
{
	const struct ios_map *a = x, *b = y;

	SAME_TEXT(name);
	SAME(family);
	SAME(dynamic);
	SAME_TEXT(local_if);
	SAME_TEXT(profile);
	SAME_LIST(entries, same_entry);
	SAME(n_entries);
	SAME(bound);
}

static void same_interface(const void *x, const void *y)
{
	const struct ios_interface *a = x, *b = y;

	SAME_TEXT(name);
	SAME_TEXT(netdev);
	SAME_TEXT(map);
	SAME_TEXT(map6);
	SAME(df);
	SAME(frag);
}

static void same_certificate(const void *x, const void *y)
{
	const struct ios_certificate *a = x, *b = y;

	SAME(ca);
	SAME_TEXT(serial);
	SAME(contents.len);
	if (a->contents.len == b->contents.len && a->contents.len)
		differ("contents", memcmp(a->contents.data, b->contents.data, a->contents.len));
}

static void same_trustpoint(const void *x, const void *y)
{
	const struct ios_trustpoint *a = x, *b = y;
	size_t i;

	SAME_TEXT(name);
	for (i = 0; i < IOS_PKI_FILES; i++)
		SAME_OWNED(file[i].path);
	SAME_TEXT(password);
	SAME(revocation);
	SAME_LIST(chain, same_certificate);
}

static void same_dn_rule(const void *x, const void *y)
{
	const struct ios_dn_rule *a = x, *b = y;

	SAME(field);
	SAME(op);
	SAME_TEXT(text);
}

static void same_cert_map(const void *x, const void *y)
{
	const struct ios_cert_map *a = x, *b = y;

	SAME_TEXT(name);
	SAME(seq);
	SAME_LIST(rules, same_dn_rule);
}

static void same_isakmp(const struct ios_isakmp *a, const struct ios_isakmp *b)
{
	SAME(disabled);
	SAME(no_default_policy);
	SAME(keepalive);
	SAME(keepalive_retry);
	SAME(keepalive_periodic);
	SAME(nat_keepalive);
	SAME(identity);
	SAME(no_aggressive);
	SAME(invalid_spi_recovery);
}

static void same_ipsec(const struct ios_ipsec *a, const struct ios_ipsec *b)
{
	SAME(life_seconds);
	SAME(life_kilobytes);
	SAME(replay);
	SAME(df);
	SAME(frag);
	SAME(idle);
}

/* Whether they are the same; tells the first difference if not. */
static inline bool same_config(const struct ios_config *a, const struct ios_config *b)
{
	n_differ = 0;
	SAME_LIST(policies, same_policy);
	SAME_LIST(psks, same_psk);
	SAME_LIST(keyrings, same_keyring);
	SAME_LIST(profiles, same_profile);
	SAME_LIST(peers, same_peer);
	SAME_LIST(trustpoints, same_trustpoint);
	SAME_LIST(cert_maps, same_cert_map);
	same_isakmp(&a->isakmp, &b->isakmp);
	same_ipsec(&a->ipsec, &b->ipsec);
	SAME_LIST(tsets, same_tset);
	SAME_LIST(groups, same_group);
	SAME_LIST(acls, same_acl);
	SAME_LIST(maps, same_map);
	SAME_LIST(dynamics, same_map);
	SAME_LIST(interfaces, same_interface);
	return !n_differ;
}

#endif
