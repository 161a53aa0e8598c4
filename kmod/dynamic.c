// SPDX-License-Identifier: GPL-2.0-only
/* Dynamic flows: made by peers, looked up beside the rules of an attachment. */

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "attach.h"
#include "config.h"
#include "dynamic.h"
#include "flow.h"
#include "flow_filter.h"
#include "flow_table.h"
#include "net.h"

static struct cmap_entry *cmap_dynamic_entry(const struct cmap_flow *flow)
{
	return rcu_dereference_protected(flow->entry,
					 lockdep_is_held(&flow->cn->lock));
}

enum cmap_class cmap_dynamic_classify(const struct cmap_dynamic *dynamic,
				      const struct cmap_tuple *tuple,
				      const struct cmap_rule **found)
{
	const struct cmap_dynamic_table *table;
	struct cmap_verdict verdict;

	table = dynamic ? rcu_dereference(dynamic->table) : NULL;
	if (!table)
		return CMAP_CLASS_CLEAR;
	verdict = cmap_classify(table->rule, table->index, NULL, tuple);
	if (verdict.class != CMAP_CLASS_CLEAR)
		*found = &table->rule[verdict.at];
	return verdict.class;
}

static void cmap_dynamic_free(struct cmap_dynamic_table *table)
{
	u32 i;

	for (i = 0; i < table->n; i++)
		cmap_flow_put(table->rule[i].flow);
	cmap_index_destroy(table->index);
	kvfree(table);
}

static void cmap_dynamic_free_work(struct work_struct *work)
{
	cmap_dynamic_free(container_of(to_rcu_work(work),
				       struct cmap_dynamic_table, free_work));
}

/**
 * cmap_dynamic_put() - give a reference back
 * @dynamic: entries of kind dynamic, or NULL
 */
void cmap_dynamic_put(struct cmap_dynamic *dynamic)
{
	struct cmap_dynamic_table *table;

	if (!dynamic || !refcount_dec_and_test(&dynamic->refs))
		return;
	table = rcu_dereference_protected(dynamic->table, true);
	if (table)
		cmap_dynamic_free(table);
	kfree(dynamic);
}

/**
 * cmap_dynamic_get() - take a reference
 * @dynamic: entries of kind dynamic
 */
void cmap_dynamic_get(struct cmap_dynamic *dynamic)
{
	refcount_inc(&dynamic->refs);
}

/* Whether a flow is of an attachment, by names. */
static bool cmap_dynamic_of(const struct cmap_flow *flow,
			    const struct cmap_attach *attach)
{
	return !strcmp(flow->ifname, attach->ifname) &&
	       !strcmp(cmap_dynamic_entry(flow)->map, attach->map);
}

/* Whether a flow is to be in the table of an attachment. */
static bool cmap_dynamic_belongs(const struct cmap_flow *flow,
				 const struct cmap_attach *attach)
{
	return flow->phase == CMAP_FLOW_STAYS && cmap_dynamic_of(flow, attach);
}

static int cmap_dynamic_compare(const void *a, const void *b)
{
	const struct cmap_flow *x = ((const struct cmap_rule *)a)->flow;
	const struct cmap_flow *y = ((const struct cmap_rule *)b)->flow;
	const struct cmap_entry *ex = cmap_dynamic_entry(x);
	const struct cmap_entry *ey = cmap_dynamic_entry(y);

	if (ex->seq != ey->seq)
		return ex->seq < ey->seq ? -1 : 1;
	if (ex->dynamic_seq != ey->dynamic_seq)
		return ex->dynamic_seq < ey->dynamic_seq ? -1 : 1;
	return x->state->dynamic_age < y->state->dynamic_age ? -1 : 1;
}

/* The rule of a flow, with a reference to it. */
static void cmap_dynamic_rule(struct cmap_rule *rule, struct cmap_flow *flow)
{
	const struct cmap_entry *entry = cmap_dynamic_entry(flow);

	cmap_flow_get(flow);
	*rule = (struct cmap_rule) {
		.acl = flow->acl,
		.ace = flow->ace,
		.flow = flow,
		.place = (u32)entry->seq << 16,
		.df_bit = entry->more->own.df_bit,
		.has_df_bit = !!(entry->set & CMAP_ENTRY_DF_BIT),
		.pre_classify = entry->pre_classify,
	};
}

static u32 cmap_dynamic_count(const struct cmap_net *cn,
			      const struct cmap_attach *attach)
{
	const struct cmap_flow_state *state;
	u32 n = 0;

	list_for_each_entry(state, &cn->dynamics, dynamic)
		n += cmap_dynamic_belongs(state->flow, attach);
	return n;
}

/* Order the rules of a table, and index them. */
static int cmap_dynamic_index(struct cmap_dynamic_table *table,
			      const struct cmap_attach *attach)
{
	u32 i;

	sort(table->rule, table->n, sizeof(*table->rule), cmap_dynamic_compare,
	     NULL);
	for (i = 0; i < table->n; i++)
		table->rule[i].next = i + 1;
	return cmap_classify_index(table->rule, table->n, attach->family, NULL,
				   &table->index);
}

/*
 * Make the table of an attachment of all flows that belong there. Returns NULL if
 * there are none.
 */
static struct cmap_dynamic_table *
cmap_dynamic_table(struct cmap_net *cn, const struct cmap_attach *attach)
{
	u32 n = cmap_dynamic_count(cn, attach);
	struct cmap_dynamic_table *table;
	struct cmap_flow_state *state;

	if (!n)
		return NULL;
	table = kvzalloc(struct_size(table, rule, n), GFP_KERNEL_ACCOUNT);
	if (!table)
		return ERR_PTR(-ENOMEM);
	list_for_each_entry(state, &cn->dynamics, dynamic)
		if (cmap_dynamic_belongs(state->flow, attach))
			cmap_dynamic_rule(&table->rule[table->n++],
					  state->flow);
	if (cmap_dynamic_index(table, attach)) {
		cmap_dynamic_free(table);
		return ERR_PTR(-ENOMEM);
	}
	return table;
}

/* Let packets see which flows an attachment in force has now. */
static int cmap_dynamic_replace(struct cmap_net *cn,
				const struct cmap_attach *attach)
{
	struct cmap_dynamic_table *table, *old;

	table = cmap_dynamic_table(cn, attach);
	if (IS_ERR(table))
		return PTR_ERR(table);
	old = rcu_replace_pointer(attach->dynamic->table, table,
				  lockdep_is_held(&cn->lock));
	if (old) {
		INIT_RCU_WORK(&old->free_work, cmap_dynamic_free_work);
		queue_rcu_work(cmap_wq, &old->free_work);
	}
	return 0;
}

/* First match: a deny that leaves something of a selector leaves all of it. */
static bool cmap_dynamic_permits(const struct cmap_config *cfg,
				 const struct cmap_entry *template,
				 const struct cmap_match *sel)
{
	const struct cmap_acl *acl;
	struct cmap_match room;
	u32 i;

	if (!template->acl)
		return true;
	acl = cmap_acl_find(cfg, template->acl, template->family);
	for (i = 0; acl && i < acl->n; i++) {
		const struct cmap_ace *ace = &acl->ace[i];
		const struct cmap_match *match;

		if (ace->action == CRYPTO_MAP_ACE_ACTION_REMARK)
			continue;
		match = cmap_cond_get(&ace->cond, &room);
		if (ace->action == CRYPTO_MAP_ACE_ACTION_DENY &&
		    cmap_match_overlaps(match, sel))
			return false;
		if (ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT &&
		    cmap_match_contains(match, sel))
			return true;
	}
	return false;
}

/* Whether a template takes an offer, if its peer is one. */
static bool cmap_dynamic_suits(const struct cmap_config *cfg,
			       const struct cmap_entry *template,
			       const struct cmap_dynamic_offer *offer)
{
	if (!cmap_entry_complete(cfg, template))
		return false;
	return !offer->sel ||
	       (offer->sel->family == template->family &&
		cmap_dynamic_permits(cfg, template, offer->sel));
}

static bool cmap_dynamic_has_peer(const struct cmap_entry *template,
				  const struct cmap_dynamic_offer *offer)
{
	const char *name = offer->names;
	u32 i;

	if (!template->n_peer ||
	    cmap_entry_has_addr(template, offer->family, offer->remote))
		return true;
	for (i = 0; i < offer->n_name; i++, name += strlen(name) + 1)
		if (template->peer_family == offer->family &&
		    cmap_entry_has_name(template, name))
			return true;
	return false;
}

bool cmap_dynamic_takes(const struct cmap_config *cfg,
			const struct cmap_entry *template,
			const struct cmap_dynamic_offer *offer)
{
	return cmap_dynamic_suits(cfg, template, offer) &&
	       cmap_dynamic_has_peer(template, offer);
}

bool cmap_dynamic_resume(const struct cmap_config *cfg,
			 const struct cmap_attach *attach, u16 seq,
			 u16 dynamic_seq, struct cmap_dynamic_place *place)
{
	const struct cmap_map *map = cmap_map_find(cfg, attach->map);
	const struct cmap_map *templates;

	place->attach = attach;
	place->entry = cmap_map_entry(map, seq);
	if (!place->entry ||
	    place->entry->kind != CRYPTO_MAP_ENTRY_KIND_DYNAMIC)
		return false;
	templates = cmap_dynamic_map_of(cfg, place->entry);
	place->template = templates ? cmap_map_entry(templates, dynamic_seq) :
				      NULL;
	return place->template;
}

bool cmap_dynamic_next(const struct cmap_config *cfg,
		       const struct cmap_attach *attach,
		       struct cmap_dynamic_place *place,
		       const struct cmap_dynamic_offer *offer)
{
	unsigned long seq = place->template ? place->template->seq + 1UL : 0;
	const struct cmap_map *map = cmap_map_find(cfg, attach->map);
	u16 from = place->entry ? place->entry->seq : 0;
	const struct cmap_map *templates;
	u32 i;

	for (i = 0; attach->dynamic && i < attach->dynamic->n; i++) {
		if (attach->dynamic->seq[i] < from)
			continue;
		if (attach->dynamic->seq[i] > from)
			seq = 0;
		place->attach = attach;
		place->entry = cmap_map_entry(map, attach->dynamic->seq[i]);
		templates = cmap_dynamic_map_of(cfg, place->entry);
		while (templates && (place->template =
				     cmap_map_entry_from(templates, &seq))) {
			if (cmap_dynamic_takes(cfg, place->template, offer))
				return true;
			seq++;
		}
	}
	return false;
}

int cmap_dynamic_check_overlap(struct cmap_net *cn,
			       const struct cmap_attach *attach,
			       const struct cmap_dynamic_offer *offer,
			       struct netlink_ext_ack *extack)
{
	const struct cmap_flow_state *state;
	struct cmap_match room;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry(state, &cn->dynamics, dynamic) {
		const struct cmap_flow *flow = state->flow;
		const struct cmap_entry *entry = cmap_dynamic_entry(flow);

		if (!cmap_dynamic_of(flow, attach) ||
		    cmap_entry_has_peer(entry, offer->family, offer->remote) ||
		    !cmap_match_overlaps(cmap_flow_match(flow, &room),
					 offer->sel))
			continue;
		if (entry->peer_family == AF_INET)
			NL_SET_ERR_MSG_FMT(extack,
					   "selector overlaps that of peer %pI4 (flow %u)",
					   &entry->peer[0].ip4, flow->id);
		else
			NL_SET_ERR_MSG_FMT(extack,
					   "selector overlaps that of peer %pI6c (flow %u)",
					   &entry->peer[0], flow->id);
		return -EEXIST;
	}
	return 0;
}

/* A flow with an entry and an access list of its own, not in the tables yet. */
static struct cmap_flow *
cmap_dynamic_flow(struct cmap_net *cn, const struct cmap_dynamic_place *place,
		  const struct cmap_dynamic_offer *offer)
{
	struct cmap_entry *entry;
	struct cmap_flow *flow;
	struct cmap_acl *acl;

	acl = cmap_acl_permit(offer->sel);
	if (!acl)
		return ERR_PTR(-ENOMEM);
	entry = cmap_entry_derive(place->entry, place->template, offer->family,
				  offer->remote);
	if (entry) {
		flow = cmap_flow_create(cn, place->attach, CMAP_FLOW_DYNAMIC,
					entry, acl, &acl->ace[0]);
		cmap_entry_put(entry);
	} else {
		flow = ERR_PTR(-ENOMEM);
	}
	cmap_acl_put(acl);
	return flow;
}

/* Let a flow wait for an SA, if it has none. */
static void cmap_dynamic_expect(struct cmap_flow *flow)
{
	flow->state->dynamic_until = jiffies + CMAP_DYNAMIC_SECONDS * HZ;
	flow->state->dynamic_expects = true;
	queue_delayed_work(cmap_wq, &flow->cn->dynamic_work,
			   CMAP_DYNAMIC_SECONDS * HZ);
}

static struct cmap_flow *
cmap_dynamic_add(struct cmap_net *cn, const struct cmap_dynamic_place *place,
		 const struct cmap_dynamic_offer *offer)
{
	const struct cmap_config *cfg = cmap_config_of(cn);
	struct cmap_acl *filter[CMAP_DIRS];
	struct cmap_flow_state *state;
	struct cmap_flow *flow;
	int err;

	flow = cmap_dynamic_flow(cn, place, offer);
	if (IS_ERR(flow))
		return flow;
	cmap_config_filters(cfg, cmap_dynamic_entry(flow), filter);
	state = cmap_flow_state(flow, GFP_KERNEL_ACCOUNT);
	if (!state || cmap_flow_filter_change(NULL, flow, filter)) {
		cmap_flow_put(flow);
		return ERR_PTR(-ENOMEM);
	}
	flow->phase = CMAP_FLOW_STAYS;
	state->dynamic_age = ++cn->dynamic_age;
	list_add_tail(&state->dynamic, &cn->dynamics);
	cn->n_dynamic++;
	/* packets of its rule look it up by id */
	cmap_flow_publish(flow);
	err = cmap_dynamic_replace(cn, place->attach);
	if (!err)
		return flow;
	cmap_flow_remove(flow);
	return ERR_PTR(err);
}

struct cmap_flow *cmap_dynamic_create(struct cmap_net *cn,
				      const struct cmap_dynamic_place *place,
				      const struct cmap_dynamic_offer *offer,
				      struct netlink_ext_ack *extack)
{
	struct cmap_flow *flow;
	int err;

	lockdep_assert_held(&cn->lock);

	err = cmap_dynamic_check_overlap(cn, place->attach, offer, extack);
	if (err)
		return ERR_PTR(err);
	flow = cmap_flow_find(cn, place->attach->ifname, CMAP_FLOW_DYNAMIC,
			      place->entry, offer->sel);
	if (!flow && cn->n_dynamic >= CMAP_DYNAMIC_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "more than %u dynamic flows",
				   CMAP_DYNAMIC_MAX);
		return ERR_PTR(-ENOSPC);
	}
	if (!flow)
		flow = cmap_dynamic_add(cn, place, offer);
	if (IS_ERR(flow))
		return flow;
	if (cmap_dynamic_entry(flow)->dynamic_seq != place->template->seq) {
		NL_SET_ERR_MSG_FMT(extack,
				   "this peer has it by dynamic crypto map '%.20s' %u (flow %u)",
				   place->entry->more->dynamic,
				   cmap_dynamic_entry(flow)->dynamic_seq,
				   flow->id);
		return ERR_PTR(-EEXIST);
	}
	cmap_dynamic_expect(flow);
	return flow;
}

/* Whether a template still has the peer of a flow, as far as is known here. */
static bool cmap_dynamic_keeps_peer(const struct cmap_entry *template,
				    const struct cmap_entry *old, u16 family,
				    const union cmap_addr *peer)
{
	if (!template->n_peer || cmap_entry_has_addr(template, family, peer))
		return true;
	return old->n_peer &&
	       cmap_entry_keeps_peer(template, old, family, peer);
}

/*
 * Whether a configuration still has what a flow came of. What serves the peer by
 * the entry and the template of now must be what served it before.
 */
static int cmap_dynamic_keeps(struct cmap_net *cn,
			      const struct cmap_config *cfg,
			      const struct cmap_attach *attach,
			      const struct cmap_flow *flow)
{
	const struct cmap_entry *was = cmap_dynamic_entry(flow);
	struct cmap_match room;
	const struct cmap_dynamic_offer offer = {
		.family = was->peer_family,
		.remote = &was->peer[0],
		.sel = cmap_flow_match(flow, &room),
	};
	struct cmap_dynamic_place now, before;
	struct cmap_entry *derived;
	bool keeps;

	if (!cmap_dynamic_resume(cfg, attach, was->seq, was->dynamic_seq,
				 &now) ||
	    !cmap_dynamic_resume(cmap_config_of(cn), attach, was->seq,
				 was->dynamic_seq, &before) ||
	    !cmap_dynamic_keeps_peer(now.template, before.template,
				     offer.family, offer.remote) ||
	    !cmap_dynamic_suits(cfg, now.template, &offer))
		return 0;
	derived = cmap_entry_derive(now.entry, now.template, offer.family,
				    offer.remote);
	if (!derived)
		return -ENOMEM;
	keeps = cmap_entry_equal(derived, was);
	cmap_entry_put(derived);
	return keeps;
}

/* Take the marks off the flows of an attachment that stay. */
static int cmap_dynamic_keep(struct cmap_net *cn, const struct cmap_config *cfg,
			     const struct cmap_attach *attach,
			     struct cmap_flow_filters *filters)
{
	struct cmap_acl *filter[CMAP_DIRS];
	struct cmap_flow_state *state;
	int ret;

	list_for_each_entry(state, &cn->dynamics, dynamic) {
		struct cmap_flow *flow = state->flow;

		if (!cmap_dynamic_of(flow, attach))
			continue;
		ret = cmap_dynamic_keeps(cn, cfg, attach, flow);
		if (!ret)
			continue;
		if (ret > 0) {
			cmap_config_filters(cfg, cmap_dynamic_entry(flow),
					    filter);
			ret = cmap_flow_filter_change(filters, flow, filter);
		}
		if (ret)
			return ret;
		flow->phase = CMAP_FLOW_STAYS;
	}
	return 0;
}

static struct cmap_dynamic *cmap_dynamic_entries(const struct cmap_map *map)
{
	struct cmap_dynamic *dynamic;
	struct cmap_names_iter iter;
	struct cmap_entry *entry;

	dynamic = kzalloc(struct_size(dynamic, seq, map->n_dynamic),
			  GFP_KERNEL_ACCOUNT);
	if (!dynamic)
		return NULL;
	refcount_set(&dynamic->refs, 1);
	for (entry = cmap_names_first(&map->entries, &iter); entry;
	     entry = cmap_names_next(&iter))
		if (entry->kind == CRYPTO_MAP_ENTRY_KIND_DYNAMIC)
			dynamic->seq[dynamic->n++] = entry->seq;
	return dynamic;
}

/* Flows have the filters of their templates. */
static int cmap_dynamic_make_filters(const struct cmap_config *cfg,
				     const struct cmap_map *map,
				     const struct cmap_dynamic *dynamic)
{
	const struct cmap_map *templates;
	struct cmap_names_iter iter;
	struct cmap_entry *template;
	int err = 0;
	u32 i;

	for (i = 0; i < dynamic->n; i++) {
		templates = cmap_dynamic_map_of(cfg,
						cmap_map_entry(map, dynamic->seq[i]));
		if (!templates)
			continue;
		for (template = cmap_names_first(&templates->entries, &iter);
		     template && !err; template = cmap_names_next(&iter))
			err = cmap_config_make_filters(cfg, template);
	}
	return err;
}

void cmap_dynamic_leave(struct cmap_net *cn, const struct cmap_attach *was)
{
	struct cmap_flow_state *state;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry(state, &cn->dynamics, dynamic)
		if (cmap_dynamic_of(state->flow, was))
			state->flow->phase = CMAP_FLOW_LEAVES;
}

int cmap_dynamic_fill(struct cmap_net *cn, const struct cmap_config *cfg,
		      struct cmap_attach *attach,
		      struct cmap_flow_filters *filters)
{
	const struct cmap_map *map = cmap_map_find(cfg, attach->map);
	struct cmap_dynamic_table *table;
	int err;

	lockdep_assert_held(&cn->lock);

	if (!map->n_dynamic)
		return 0;
	attach->dynamic = cmap_dynamic_entries(map);
	if (!attach->dynamic)
		return -ENOMEM;
	err = cmap_dynamic_make_filters(cfg, map, attach->dynamic);
	if (!err)
		err = cmap_dynamic_keep(cn, cfg, attach, filters);
	if (err)
		return err;
	table = cmap_dynamic_table(cn, attach);
	if (IS_ERR(table))
		return PTR_ERR(table);
	RCU_INIT_POINTER(attach->dynamic->table, table);
	return 0;
}

void cmap_dynamic_stay(struct cmap_net *cn)
{
	struct cmap_flow_state *state;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry(state, &cn->dynamics, dynamic)
		state->flow->phase = CMAP_FLOW_STAYS;
}

unsigned int cmap_dynamic_remove(struct cmap_net *cn, unsigned int *sas)
{
	struct cmap_flow_state *state, *next;
	unsigned int n = 0;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry_safe(state, next, &cn->dynamics, dynamic) {
		if (state->flow->phase != CMAP_FLOW_LEAVES)
			continue;
		*sas += cmap_flow_remove(state->flow);
		n++;
	}
	return n;
}

/*
 * Mark the flows without an SA, for which the daemon does not negotiate one. Returns
 * how many.
 */
static unsigned int cmap_dynamic_mark(struct cmap_net *cn,
				      unsigned long *next)
{
	struct cmap_flow_state *state;
	unsigned int n = 0;

	list_for_each_entry(state, &cn->dynamics, dynamic) {
		if (!list_empty(&state->flow->sas))
			continue;
		if (state->dynamic_expects &&
		    time_before(jiffies, state->dynamic_until)) {
			*next = min(*next, state->dynamic_until - jiffies);
			continue;
		}
		state->flow->phase = CMAP_FLOW_LEAVES;
		n++;
	}
	return n;
}

static void cmap_dynamic_sweep(struct cmap_net *cn)
{
	const struct cmap_config *cfg = cmap_config_of(cn);
	unsigned long next = MAX_JIFFY_OFFSET;
	const struct cmap_attach *attach;
	unsigned int sas = 0;
	int err = 0;

	if (!cmap_dynamic_mark(cn, &next))
		goto rearm;
	/* first the rules, so that none leads to a flow that has gone */
	list_for_each_entry(attach, &cfg->attaches, list)
		if (!err && attach->dynamic)
			err = cmap_dynamic_replace(cn, attach);
	if (err) {
		cmap_dynamic_stay(cn);
		next = min_t(unsigned long, next, HZ);
	} else {
		cmap_dynamic_remove(cn, &sas);
	}
rearm:
	if (next != MAX_JIFFY_OFFSET)
		queue_delayed_work(cmap_wq, &cn->dynamic_work, next);
}

void cmap_dynamic_kick(struct cmap_net *cn)
{
	mod_delayed_work(cmap_wq, &cn->dynamic_work, 0);
}

void cmap_dynamic_work(struct work_struct *work)
{
	struct cmap_net *cn = container_of(to_delayed_work(work),
					   struct cmap_net, dynamic_work);

	mutex_lock(&cn->lock);
	cmap_dynamic_sweep(cn);
	mutex_unlock(&cn->lock);
}
