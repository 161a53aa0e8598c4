// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filters (set ip access-group) against a linear walk of the list, conditions on
 * single packets among them.
 */
#include <arpa/inet.h>
#include <linux/types.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <uapi/linux/crypto_map.h>

#include "acl.h"
#include "filter.h"
#include "index.h"
#include "tap.h"

#define LISTS		300
#define PACKETS		400
#define ACES_MAX	400

#define FIN	0x01
#define SYN	0x02
#define RST	0x04
#define ACK	0x10

static struct cmap_acl *list_new(u32 n)
{
	struct cmap_acl *acl = calloc(1, sizeof(*acl) + n * sizeof(acl->ace[0]));
	u32 i;

	acl->family = AF_INET;
	acl->n = n;
	acl->n_rule = n;
	for (i = 0; i < n; i++)
		acl->ace[i].cond.proto = CMAP_PROTO_ANY;
	return acl;
}

static void list_free(struct cmap_acl *acl)
{
	u32 i;

	cmap_index_destroy(acl->filter);
	for (i = 0; i < acl->n; i++)
		cmap_cond_clear(&acl->ace[i].cond);
	free(acl);
}

static const struct cmap_match any = {
	.family = AF_INET,
	.proto = CMAP_PROTO_ANY,
	.icmp_type = CMAP_ICMP_ANY,
	.icmp_code = CMAP_ICMP_ANY,
};

static void random_ace(struct cmap_ace *ace)
{
	struct cmap_match match = any, *m = &match;
	u32 hosts = 1 + tap_random(20);

	ace->action = tap_random(2) ? CRYPTO_MAP_ACE_ACTION_PERMIT :
				      CRYPTO_MAP_ACE_ACTION_DENY;
	if (tap_random(8))
		m->src_mask.ip4 = htonl(~0U << tap_random(4));
	if (tap_random(8))
		m->dst_mask.ip4 = htonl(~0U << tap_random(4));
	m->src.ip4 = htonl(0x0a000000 | tap_random(hosts)) & m->src_mask.ip4;
	m->dst.ip4 = htonl(0x0a000000 | tap_random(hosts)) & m->dst_mask.ip4;
	if (!tap_random(4)) {
		m->tos_mask = tap_random(2) ? 0xfc : 0xe0;
		m->tos = tap_random(4) << 5;
	}
	if (!tap_random(4)) {
		m->ttl.op = CRYPTO_MAP_PORT_OP_EQ;
		m->ttl.n = 1 + tap_random(3);
		m->ttl.port[0] = tap_random(8);
		m->ttl.port[1] = m->ttl.n > 1 ? 8 : 0;
		m->ttl.port[2] = m->ttl.n > 2 ? 9 : 0;
	}
	if (tap_random(2)) {
		m->proto = tap_random(3) ? IPPROTO_TCP : IPPROTO_UDP;
		if (tap_random(2)) {
			m->dport.op = CRYPTO_MAP_PORT_OP_EQ;
			m->dport.n = 1;
			m->dport.port[0] = tap_random(4);
		}
	}
	if (m->proto == IPPROTO_TCP && !tap_random(3)) {
		m->tcp_set = tap_random(2) ? ACK | RST : SYN;
		m->tcp_clear = tap_random(3) ? 0 : FIN;
		m->tcp_all = tap_random(2);
	}
	m->later = !tap_random(6) && !cmap_match_needs_ports(m);
	if (cmap_cond_set(&ace->cond, m))
		abort();
}

static void random_tuple(struct cmap_tuple *t)
{
	memset(t, 0, sizeof(*t));
	t->family = AF_INET;
	t->src.ip4 = htonl(0x0a000000 | tap_random(20));
	t->dst.ip4 = htonl(0x0a000000 | tap_random(20));
	t->proto = tap_random(2) ? IPPROTO_TCP : IPPROTO_UDP;
	t->tos = tap_random(4) << 5;
	t->ttl = tap_random(12);
	if (!tap_random(4)) {
		t->flags = CMAP_TUPLE_OPAQUE | CMAP_TUPLE_FRAGMENT |
			   CMAP_TUPLE_LATER;
		return;
	}
	t->flags = CMAP_TUPLE_PORTS;
	t->dport = tap_random(4);
	if (t->proto == IPPROTO_TCP) {
		t->flags |= CMAP_TUPLE_TCP;
		t->tcp_flags = tap_random(64);
	}
}

static bool naive_matches(const struct cmap_ace *ace, const struct cmap_tuple *t)
{
	struct cmap_match room;
	const struct cmap_match *m = cmap_cond_get(&ace->cond, &room);
	bool flags;

	if ((t->src.ip4 & m->src_mask.ip4) != m->src.ip4 ||
	    (t->dst.ip4 & m->dst_mask.ip4) != m->dst.ip4 ||
	    (m->proto != CMAP_PROTO_ANY && m->proto != t->proto) ||
	    (t->tos & m->tos_mask) != m->tos ||
	    (m->ttl.op && t->ttl != m->ttl.port[0] &&
	     (t->ttl < 8 || t->ttl > m->ttl.n + 6)) ||
	    (m->later && !(t->flags & CMAP_TUPLE_LATER)))
		return false;
	if (!m->dport.op && !m->tcp_set && !m->tcp_clear)
		return true;
	if (t->flags & CMAP_TUPLE_OPAQUE)
		return ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT;
	if (m->dport.op && m->dport.port[0] != t->dport)
		return false;
	if (!m->tcp_set && !m->tcp_clear)
		return true;
	if (m->tcp_all)
		flags = (t->tcp_flags & (m->tcp_set | m->tcp_clear)) == m->tcp_set;
	else
		flags = (t->tcp_flags ^ m->tcp_clear) & (m->tcp_set | m->tcp_clear);
	return flags;
}

static struct cmap_ace *naive_match(struct cmap_acl *acl, const struct cmap_tuple *t)
{
	u32 i;

	for (i = 0; i < acl->n; i++)
		if (naive_matches(&acl->ace[i], t))
			return &acl->ace[i];
	return NULL;
}

static void test_random(void)
{
	u32 wrong = 0, cautious = 0, decided = 0, l, i;

	for (l = 0; l < LISTS; l++) {
		struct cmap_acl *acl = list_new(1 + tap_random(ACES_MAX));
		struct cmap_ace *want, *got;
		struct cmap_tuple t;

		for (i = 0; i < acl->n; i++)
			random_ace(&acl->ace[i]);
		wrong += cmap_filter_make(acl) != 0;
		for (i = 0; i < PACKETS; i++) {
			random_tuple(&t);
			want = naive_match(acl, &t);
			got = cmap_filter_match(acl, &t);
			decided += want != NULL;
			/* what hides its ports may be denied instead */
			if (got != want && !got && t.flags & CMAP_TUPLE_OPAQUE)
				cautious++;
			else
				wrong += got != want;
		}
		list_free(acl);
	}
	tap_ok(!wrong && decided > LISTS * PACKETS / 2,
	       "%u packets over %u lists as by a linear walk, %u cautious", LISTS * PACKETS,
	       LISTS, cautious);
}

static void test_fragments(void)
{
	struct cmap_tuple later = {
		.family = AF_INET, .proto = IPPROTO_TCP,
		.flags = CMAP_TUPLE_OPAQUE | CMAP_TUPLE_FRAGMENT | CMAP_TUPLE_LATER,
	};
	struct cmap_acl *acl = list_new(3);
	struct cmap_match match = any;

	match.proto = IPPROTO_TCP;
	match.dport.op = CRYPTO_MAP_PORT_OP_EQ;
	match.dport.n = 1;
	cmap_cond_set(&acl->ace[0].cond, &match);
	cmap_cond_set(&acl->ace[1].cond, &match);
	acl->ace[0].action = CRYPTO_MAP_ACE_ACTION_DENY;
	acl->ace[1].action = CRYPTO_MAP_ACE_ACTION_PERMIT;
	acl->ace[2].action = CRYPTO_MAP_ACE_ACTION_DENY;
	cmap_filter_make(acl);
	tap_ok(cmap_filter_match(acl, &later) == &acl->ace[1],
	       "a fragment passes a deny with ports and is permitted by a permit with ports");
	list_free(acl);

	acl = list_new(1);
	match = any;
	match.later = 1;
	cmap_cond_set(&acl->ace[0].cond, &match);
	cmap_filter_make(acl);
	tap_ok(cmap_filter_match(acl, &later) == &acl->ace[0], "fragments: one but the first");
	later.flags = CMAP_TUPLE_PORTS | CMAP_TUPLE_FRAGMENT;
	tap_ok(!cmap_filter_match(acl, &later), "fragments: not the first");
	list_free(acl);

	acl = list_new(0);
	tap_ok(!cmap_filter_make(acl) && !acl->filter, "an empty list has nothing to look up");
	list_free(acl);
}

int main(void)
{
	tap_random_init();
	test_random();
	test_fragments();
	return tap_done();
}
