// SPDX-License-Identifier: GPL-2.0-only
/* Conditions as access lists keep them. */

#ifdef __KERNEL__
#include <linux/socket.h>
#else
#include <sys/socket.h>
#endif
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "cond.h"
#include "tuple.h"

static void cmap_cond_expand(const struct cmap_cond *c, struct cmap_match *m)
{
	memset(m, 0, sizeof(*m));
	m->family = AF_INET;
	m->proto = c->proto;
	m->icmp_type = CMAP_ICMP_ANY;
	m->icmp_code = CMAP_ICMP_ANY;
	m->src.ip4 = c->src;
	m->src_mask.ip4 = c->src_mask;
	m->dst.ip4 = c->dst;
	m->dst_mask.ip4 = c->dst_mask;
}

int cmap_cond_set(struct cmap_cond *c, const struct cmap_match *m)
{
	struct cmap_cond plain = {
		.proto = m->proto,
		.src = m->src.ip4,
		.src_mask = m->src_mask.ip4,
		.dst = m->dst.ip4,
		.dst_mask = m->dst_mask.ip4,
	};
	struct cmap_match expanded, *match;

	/* plain is what plain gives back */
	cmap_cond_expand(&plain, &expanded);
	if (!memcmp(&expanded, m, sizeof(*m))) {
		*c = plain;
		return 0;
	}
	match = kmemdup(m, sizeof(*m), GFP_KERNEL_ACCOUNT);
	if (!match)
		return -ENOMEM;
	c->wide = true;
	c->match = match;
	return 0;
}

void cmap_cond_clear(struct cmap_cond *c)
{
	if (c->wide)
		kfree(c->match);
}

const struct cmap_match *cmap_cond_get(const struct cmap_cond *c,
				       struct cmap_match *room)
{
	if (c->wide)
		return c->match;
	cmap_cond_expand(c, room);
	return room;
}

enum cmap_match_result cmap_cond_tuple(const struct cmap_cond *c,
				       const struct cmap_tuple *t)
{
	if (c->wide)
		return cmap_match_tuple(c->match, t);
	if (t->family != AF_INET || (t->dst.ip4 & c->dst_mask) ^ c->dst ||
	    (t->src.ip4 & c->src_mask) ^ c->src)
		return CMAP_MATCH_NO;
	if (c->proto == CMAP_PROTO_ANY)
		return CMAP_MATCH_YES;
	if (t->flags & CMAP_TUPLE_NO_PROTO)
		return CMAP_MATCH_UNKNOWN;
	return c->proto == t->proto ? CMAP_MATCH_YES : CMAP_MATCH_NO;
}
