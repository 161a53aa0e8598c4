// SPDX-License-Identifier: GPL-2.0-only
/* SAs of ipsec-manual entries. */

#include <linux/minmax.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "algs.h"
#include "attach.h"
#include "config.h"
#include "flow.h"
#include "manual.h"
#include "net.h"
#include "rules.h"
#include "sa.h"

static struct cmap_sa *cmap_manual_sa(const struct cmap_flow *flow, u8 dir)
{
	struct cmap_sa *sa;

	list_for_each_entry(sa, &flow->sas, flow_node)
		if (sa->dir == dir)
			return sa;
	return NULL;
}

/*
 * IOS: a transport set counts only for traffic between the two end points, all
 * other traffic is tunnelled.
 */
static u8 cmap_manual_mode(const struct cmap_flow *flow,
			   const struct cmap_entry *entry,
			   const struct cmap_tset *tset,
			   const union cmap_addr *local)
{
	struct cmap_match room;

	if (tset->mode == CRYPTO_MAP_MODE_TRANSPORT &&
	    cmap_match_is_hosts(cmap_flow_match(flow, &room),
				entry->peer_family, local, &entry->peer[0]))
		return CRYPTO_MAP_MODE_TRANSPORT;
	return CRYPTO_MAP_MODE_TUNNEL;
}

static int cmap_manual_create(struct cmap_net *cn, struct cmap_flow *flow,
			      const struct cmap_entry *entry,
			      const struct cmap_tset *tset,
			      const union cmap_addr *local, u8 dir)
{
	const struct cmap_manual_key *key = &entry->more->manual[dir];
	const struct cmap_manual_key *other = &entry->more->manual[!dir];
	/* no replay window: manual SAs may restart their numbers (RFC 4303 3.3.3) */
	struct cmap_sa_params p = {
		.spi		= key->spi,
		.dir		= dir,
		.mode		= cmap_manual_mode(flow, entry, tset, local),
		.family		= entry->peer_family,
		.flags		= CRYPTO_MAP_SA_FLAGS_MANUAL,
		.local		= *local,
		.remote		= entry->peer[0],
		.twin_spi	= other->spi,
		.enc		= key->enc,
		.auth		= key->auth,
	};
	struct cmap_sa *sa;
	int err;

	err = cmap_alg_keys(&p.alg, tset->cipher, tset->icv_bytes, tset->auth,
			    key->enc_len, key->auth_len, NULL);
	if (err)
		return err;
	if (tset->esn) {
		p.flags |= CRYPTO_MAP_SA_FLAGS_ESN;
		cmap_alg_set_esn(&p.alg);
	}
	sa = cmap_sa_create(cn, flow, &p, NULL);
	return PTR_ERR_OR_ZERO(sa);
}

static unsigned int cmap_manual_remove(struct cmap_flow *flow)
{
	struct cmap_sa *sa, *next;
	unsigned int n = 0;

	list_for_each_entry_safe(sa, next, &flow->sas, flow_node) {
		cmap_sa_remove(sa);
		n++;
	}
	return n;
}

/* Whether the SAs of a flow are there and as they should be. */
static bool cmap_manual_fits(const struct cmap_flow *flow,
			     const struct cmap_entry *entry,
			     const struct cmap_tset *tset,
			     const union cmap_addr *local)
{
	const struct cmap_sa *in = cmap_manual_sa(flow, CRYPTO_MAP_SA_DIR_IN);
	const struct cmap_sa *out = cmap_manual_sa(flow, CRYPTO_MAP_SA_DIR_OUT);

	return in && out && !memcmp(&in->local, local, sizeof(*local)) &&
	       in->alg.cipher == tset->cipher && in->alg.auth == tset->auth &&
	       (!tset->icv_bytes || in->alg.icv == tset->icv_bytes) &&
	       in->alg.esn == tset->esn &&
	       in->mode == cmap_manual_mode(flow, entry, tset, local);
}

/* Return: SAs that were removed or replaced. */
static unsigned int cmap_manual_sync_flow(struct cmap_net *cn,
					  const struct cmap_config *cfg,
					  const struct cmap_attach *attach,
					  struct cmap_flow *flow,
					  const struct cmap_entry *entry)
{
	const struct cmap_tset *tset = cmap_tset_find(cfg, cmap_entry_tset(entry, 0));
	union cmap_addr local;
	unsigned int n;
	int err = 0;

	if (!attach->ifindex ||
	    !cmap_local_addr(cn, attach, entry->peer_family, &local))
		return cmap_manual_remove(flow);
	if (cmap_manual_fits(flow, entry, tset, &local))
		return 0;

	n = cmap_manual_remove(flow);
	err = cmap_manual_create(cn, flow, entry, tset, &local,
				 CRYPTO_MAP_SA_DIR_IN);
	if (!err)
		err = cmap_manual_create(cn, flow, entry, tset, &local,
					 CRYPTO_MAP_SA_DIR_OUT);
	if (err) {
		/* the next commit may make room for them */
		cn->manual_failed = true;
		net_warn_ratelimited("crypto_map: crypto map %s %u: no SA from manual keys: error %d\n",
				     entry->map, entry->seq, err);
	}
	return n;
}

/* Where the local end point of an attachment is. */
static const char *cmap_manual_end(const struct cmap_attach *attach)
{
	return attach->local_dev[0] ? attach->local_dev : attach->ifname;
}

/* Another entry that has the inbound SPI of an entry, of some layer of rules. */
static const struct cmap_entry *
cmap_manual_spi_of(const struct cmap_config *cfg,
		   const struct cmap_attach *attach,
		   const struct cmap_rules *rules,
		   const struct cmap_entry *entry, bool same_attach)
{
	u32 spi = entry->more->manual[CRYPTO_MAP_SA_DIR_IN].spi;
	const struct cmap_map *map = cmap_map_find(cfg, attach->map);
	const struct cmap_entry *other;
	const struct cmap_use *use;

	for (use = cmap_rules_users(rules, cmap_use_spi(spi)); use;
	     use = cmap_rules_users_next(rules, use)) {
		/* what it is now, which is not always what it was then */
		other = cmap_map_entry(map, use->place >> 16);
		if (other && !(same_attach && other == entry) &&
		    other->kind == CRYPTO_MAP_ENTRY_KIND_MANUAL &&
		    cmap_entry_complete(cfg, other) &&
		    other->peer_family == entry->peer_family &&
		    other->more->manual[CRYPTO_MAP_SA_DIR_IN].spi == spi)
			return other;
	}
	return NULL;
}

static int cmap_manual_check_entry(const struct cmap_config *cfg,
				   const struct cmap_attach *attach,
				   const struct cmap_entry *entry,
				   struct netlink_ext_ack *extack)
{
	u32 spi = entry->more->manual[CRYPTO_MAP_SA_DIR_IN].spi;
	const struct cmap_entry *same;
	const struct cmap_attach *other;

	list_for_each_entry(other, &cfg->attaches, list) {
		if (strcmp(cmap_manual_end(attach), cmap_manual_end(other)))
			continue;
		same = cmap_manual_spi_of(cfg, other, other->ruleset->base,
					  entry, other == attach) ?:
		       cmap_manual_spi_of(cfg, other, other->ruleset->delta,
					  entry, other == attach);
		if (!same)
			continue;
		if (other == attach)
			NL_SET_ERR_MSG_FMT(extack,
					   "crypto map '%.20s' %u: SPI 0x%x is that of another entry",
					   entry->map, max(entry->seq, same->seq),
					   spi);
		else
			NL_SET_ERR_MSG_FMT(extack,
					   "SPI 0x%x: %s and %s share a local address",
					   spi, attach->ifname, other->ifname);
		return -EEXIST;
	}
	return 0;
}

int cmap_manual_check(const struct cmap_config *cfg,
		      const struct cmap_attach *attach,
		      const struct cmap_ruleset *was,
		      struct netlink_ext_ack *extack)
{
	const struct cmap_map *map = cmap_map_find(cfg, attach->map);
	struct cmap_ruleset_iter iter = {};
	const struct cmap_entry *entry;
	const struct cmap_rule *rule;
	int err = 0;
	u32 n;

	while (!err &&
	       (rule = cmap_ruleset_next(attach->ruleset, was, &iter, &n))) {
		entry = cmap_map_entry(map, rule->place >> 16);
		if (entry->kind == CRYPTO_MAP_ENTRY_KIND_MANUAL)
			err = cmap_manual_check_entry(cfg, attach, entry,
						      extack);
		cond_resched();
	}
	return err;
}

bool cmap_manual_keeps(const struct cmap_flow *flow,
		       const struct cmap_entry *entry,
		       const struct cmap_config *old,
		       const struct cmap_config *cfg)
{
	const struct cmap_sa *in = cmap_manual_sa(flow, CRYPTO_MAP_SA_DIR_IN);
	const struct cmap_attach *was, *attach;

	lockdep_assert_held(&flow->cn->lock);

	was = cmap_attach_find(old, flow->ifname, entry->map);
	attach = cmap_attach_find(cfg, flow->ifname, entry->map);
	return !in || (was && attach &&
		       !strcmp(cmap_manual_end(was), cmap_manual_end(attach)) &&
		       cmap_manual_fits(flow, entry,
					cmap_tset_find(cfg, cmap_entry_tset(entry, 0)),
					&in->local));
}

bool cmap_manual_is_first(const struct cmap_flow *flow,
			  const struct cmap_entry *entry,
			  const struct cmap_config *cfg)
{
	const struct cmap_acl *acl = cmap_config_rules(cfg, entry);
	const struct cmap_match *match, *first;
	struct cmap_match room, first_room;
	u32 i = 0;

	lockdep_assert_held(&flow->cn->lock);

	while (acl && i < acl->n &&
	       acl->ace[i].action != CRYPTO_MAP_ACE_ACTION_PERMIT)
		i++;
	if (!acl || i == acl->n)
		return false;
	first = cmap_cond_get(&acl->ace[i].cond, &first_room);
	match = cmap_flow_match(flow, &room);
	return !memcmp(first, match, sizeof(*first));
}

/* The first permit of an entry: keys are for one SA pair. */
static struct cmap_flow *cmap_manual_flow(const struct cmap_rule *rule, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (rule[i].flow)
			return rule[i].flow;
	return NULL;
}

unsigned int cmap_manual_leave(struct cmap_net *cn,
			       const struct cmap_attach *attach,
			       const struct cmap_ruleset *was)
{
	struct cmap_ruleset_iter iter = {};
	const struct cmap_entry *entry;
	const struct cmap_rule *rule;
	struct cmap_flow *first;
	unsigned int gone = 0;
	u32 n;

	lockdep_assert_held(&cn->lock);

	while ((rule = cmap_ruleset_next(attach->ruleset, was, &iter, &n))) {
		first = cmap_manual_flow(rule, n);
		if (!first)
			continue;
		entry = rcu_dereference_protected(first->entry,
						  lockdep_is_held(&cn->lock));
		if (entry->kind != CRYPTO_MAP_ENTRY_KIND_MANUAL)
			continue;
		while (n--)
			if (rule[n].flow && rule[n].flow != first)
				gone += cmap_manual_remove(rule[n].flow);
	}
	return gone;
}

unsigned int cmap_manual_sync(struct cmap_net *cn,
			      const struct cmap_attach *attach,
			      const struct cmap_ruleset *was)
{
	const struct cmap_config *cfg = cmap_config_of(cn);
	struct cmap_ruleset_iter iter = {};
	const struct cmap_entry *entry;
	const struct cmap_rule *rule;
	struct cmap_flow *flow;
	unsigned int gone = 0;
	u32 n;

	lockdep_assert_held(&cn->lock);

	while ((rule = cmap_ruleset_next(attach->ruleset, was, &iter, &n))) {
		flow = cmap_manual_flow(rule, n);
		if (!flow)
			continue;
		entry = rcu_dereference_protected(flow->entry,
						  lockdep_is_held(&cn->lock));
		if (entry->kind == CRYPTO_MAP_ENTRY_KIND_MANUAL)
			gone += cmap_manual_sync_flow(cn, cfg, attach, flow,
						      entry);
	}
	return gone;
}

void cmap_manual_work(struct work_struct *work)
{
	struct cmap_net *cn = container_of(work, struct cmap_net, manual_work);
	const struct cmap_attach *attach;

	mutex_lock(&cn->lock);
	list_for_each_entry(attach, &cmap_config_of(cn)->attaches, list)
		cmap_manual_sync(cn, attach, NULL);
	mutex_unlock(&cn->lock);
}
