// SPDX-License-Identifier: GPL-2.0-only
/* The rules of an attachment, of its crypto map. */

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "compile.h"
#include "config.h"
#include "flow.h"
#include "flow_filter.h"
#include "flow_table.h"
#include "rules.h"
#include "touch.h"

static_assert(CMAP_CONFIG_RULES_MAX < 1U << 24);	/* cmap_rule.next */

/**
 * struct cmap_source - an entry that rules are made of
 * @entry: entry
 * @acl: its access list; NULL if it makes no rules
 * @place: its place
 */
struct cmap_source {
	struct cmap_entry	*entry;
	struct cmap_acl		*acl;
	u32			place;
};

/**
 * struct cmap_sources - entries of one layer
 * @v: them, in order
 * @n: how many
 * @n_rule: rules that they make
 * @n_use: uses that they make at most
 */
struct cmap_sources {
	struct cmap_source	*v;
	u32			n;
	u64			n_rule;
	u32			n_use;
};

/* Peers that an entry is found by: only of those that they negotiate. */
static u32 cmap_source_peers(const struct cmap_entry *entry)
{
	return entry->kind == CRYPTO_MAP_ENTRY_KIND_ISAKMP ? entry->n_peer : 0;
}

static void cmap_sources_add(struct cmap_sources *s,
			     const struct cmap_config *cfg,
			     struct cmap_entry *entry, u32 place)
{
	struct cmap_source *source = &s->v[s->n++];
	int dir;

	source->entry = entry;
	source->acl = cmap_config_rules(cfg, entry);
	source->place = place;
	s->n_rule += source->acl ? source->acl->n_rule : 0;
	s->n_use += !!entry->acl + !!entry->more->manual + cmap_source_peers(entry);
	for (dir = 0; dir < CMAP_DIRS; dir++)
		s->n_use += !!entry->more->filter[dir];
}

/* All entries of a map, with templates. */
static int cmap_sources_all(struct cmap_sources *s,
			    const struct cmap_config *cfg,
			    const struct cmap_map *map)
{
	struct cmap_entry *entry;
	u32 n = 0;
	u64 at;

	for (at = 0; cmap_config_next_entry(cfg, map, &at); at++)
		n++;
	s->v = kvmalloc_array(n, sizeof(*s->v), GFP_KERNEL_ACCOUNT);
	if (!s->v)
		return -ENOMEM;
	for (at = 0; (entry = cmap_config_next_entry(cfg, map, &at)); at++)
		cmap_sources_add(s, cfg, entry, at);
	return 0;
}

/* The entries of a map that changed, where they are still there. */
static int cmap_sources_changed(struct cmap_sources *s,
				const struct cmap_config *cfg,
				const struct cmap_map *map,
				const struct cmap_ruleset *set)
{
	struct cmap_entry *entry;
	u32 i;

	s->v = kvmalloc_array(set->n_changed, sizeof(*s->v),
			      GFP_KERNEL_ACCOUNT);
	if (!s->v)
		return -ENOMEM;
	for (i = 0; i < set->n_changed; i++) {
		entry = cmap_map_entry(map, set->changed[i] >> 16);
		if (entry)
			cmap_sources_add(s, cfg, entry, set->changed[i]);
	}
	return 0;
}

/* The flow of a permit ACE, with a reference for its rule. */
static struct cmap_flow *cmap_compile_flow(struct cmap_compile *c,
					   const struct cmap_attach *attach,
					   const struct cmap_source *source,
					   struct cmap_ace *ace)
{
	enum cmap_flow_kind kind = source->entry->per_host ?
				   CMAP_FLOW_PER_HOST : CMAP_FLOW_PERMIT;
	struct cmap_acl *filter[CMAP_DIRS];
	struct cmap_match room;
	struct cmap_flow *flow;
	int err;

	cmap_config_filters(c->cfg, source->entry, filter);
	flow = cmap_flow_find(c->cn, attach->ifname, kind, source->entry,
			      cmap_cond_get(&ace->cond, &room));
	if (flow) {
		err = cmap_flow_filter_change(c->filters, flow, filter);
		if (err)
			return ERR_PTR(err);
		if (flow->phase == CMAP_FLOW_LEAVES)
			flow->phase = CMAP_FLOW_STAYS;
		cmap_flow_get(flow);
		return flow;
	}
	flow = cmap_flow_create(c->cn, attach, kind, source->entry, source->acl,
				ace);
	if (IS_ERR(flow))
		return flow;
	err = cmap_flow_filter_change(NULL, flow, filter);
	if (err) {
		cmap_flow_put(flow);
		return ERR_PTR(err);
	}
	/* so that an equal ACE finds it */
	cmap_flow_publish(flow);
	c->flows_added++;
	return flow;
}

static void cmap_compile_use(struct cmap_rules *rules, u32 key, u32 place)
{
	rules->use[rules->n_use++] = (struct cmap_use) {
		.key = key,
		.place = place,
	};
}

static void cmap_compile_uses(struct cmap_rules *rules,
			      const struct cmap_source *source)
{
	const struct cmap_entry *entry = source->entry;
	u32 place = source->place, i;
	int dir;

	for (i = 0; i < cmap_source_peers(entry); i++) {
		const char *name = cmap_entry_peer_name(entry, i);

		cmap_compile_use(rules, *name ? cmap_use_name(name) :
						cmap_use_peer(&entry->peer[i]),
				 place);
	}
	if (entry->acl)
		cmap_compile_use(rules, cmap_use_list(entry->acl), place);
	for (dir = 0; dir < CMAP_DIRS; dir++)
		if (entry->more->filter[dir])
			cmap_compile_use(rules,
					 cmap_use_list(entry->more->filter[dir]),
					 place);
	if (entry->more->manual)
		cmap_compile_use(rules,
				 cmap_use_spi(entry->more->manual[CRYPTO_MAP_SA_DIR_IN].spi),
				 place);
}

/* Rules of one entry, from index @first on. */
static int cmap_compile_entry(struct cmap_compile *c,
			      const struct cmap_attach *attach,
			      const struct cmap_source *source,
			      struct cmap_rules *rules, u32 first)
{
	const struct cmap_entry *entry = source->entry;
	struct cmap_acl *acl = source->acl;
	u32 i, at = first;
	int err;

	err = cmap_denies_make(acl);
	if (!err)
		err = cmap_config_make_filters(c->cfg, entry);
	if (err)
		return err;
	for (i = 0; i < acl->n; i++) {
		struct cmap_ace *ace = &acl->ace[i];
		struct cmap_rule *rule;

		if (ace->action == CRYPTO_MAP_ACE_ACTION_REMARK)
			continue;
		rule = &rules->rule[at++];
		rule->acl = acl;
		rule->ace = ace;
		rule->place = source->place;
		rule->next = first + acl->n_rule;
		rule->df_bit = entry->more->own.df_bit;
		rule->has_df_bit = !!(entry->set & CMAP_ENTRY_DF_BIT);
		rule->pre_classify = entry->pre_classify;
		if (ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT &&
		    entry->kind != CRYPTO_MAP_ENTRY_KIND_TEMPLATE) {
			struct cmap_flow *flow;

			flow = cmap_compile_flow(c, attach, source, ace);
			if (IS_ERR(flow))
				return PTR_ERR(flow);
			rule->flow = flow;
		}
	}
	return 0;
}

static int cmap_compile_layer(struct cmap_compile *c,
			      const struct cmap_attach *attach,
			      const struct cmap_sources *s,
			      struct cmap_rules *rules)
{
	u32 i, at = 0;
	int err;

	for (i = 0; i < s->n; i++) {
		const struct cmap_source *source = &s->v[i];

		cmap_compile_uses(rules, source);
		if (!source->acl)
			continue;
		err = cmap_compile_entry(c, attach, source, rules, at);
		if (err)
			return err;
		at += source->acl->n_rule;
		cond_resched();
	}
	return cmap_rules_finish(rules, attach->family,
				 rules == attach->ruleset->base);
}

void cmap_compile_mark(const struct cmap_ruleset *was,
		       const struct cmap_ruleset *set,
		       enum cmap_flow_phase from, enum cmap_flow_phase to)
{
	struct cmap_ruleset_iter iter = {};
	const struct cmap_rule *rule;
	u32 i, n;

	while ((rule = cmap_ruleset_next(was, set, &iter, &n)))
		for (i = 0; i < n; i++)
			if (rule[i].flow && rule[i].flow->phase == from)
				rule[i].flow->phase = to;
}

/*
 * The rule set of an attachment, still without one layer, and what that is made of:
 * of what changed, if it may share its base, or of everything.
 */
static int cmap_compile_plan(struct cmap_compile *c,
			     const struct cmap_attach *attach,
			     const struct cmap_attach *was,
			     const struct cmap_touch *touch,
			     struct cmap_sources *s, struct cmap_ruleset **set)
{
	const struct cmap_map *map = cmap_map_find(c->cfg, attach->map);
	int err = 0;

	*set = NULL;
	if (!touch->all)
		err = cmap_ruleset_edit(was->ruleset, touch->place, touch->n,
					set);
	if (err)
		return err;
	if (*set) {
		err = cmap_sources_changed(s, c->cfg, map, *set);
		if (err || s->n_rule + (*set)->n_changed + (*set)->n_dead <=
			   cmap_ruleset_room(*set))
			return err;
		cmap_ruleset_put(*set);
		kvfree(s->v);
		memset(s, 0, sizeof(*s));
	}
	*set = cmap_ruleset_create(0);
	if (!*set)
		return -ENOMEM;
	return cmap_sources_all(s, c->cfg, map);
}

/* Count the rules of an attachment, before there is memory for them. */
static int cmap_compile_count(struct cmap_compile *c,
			      const struct cmap_attach *attach, u64 n)
{
	if (n > CMAP_CONFIG_RULES_MAX - c->n_rule) {
		NL_SET_ERR_MSG_FMT(c->extack,
				   "crypto map '%.24s': more than %u rules in all",
				   attach->map, CMAP_CONFIG_RULES_MAX);
		return -E2BIG;
	}
	c->n_rule += n;
	return 0;
}

static int cmap_compile_anew(struct cmap_compile *c, struct cmap_attach *attach,
			     const struct cmap_attach *was,
			     const struct cmap_touch *touch,
			     struct cmap_sources *s)
{
	struct cmap_ruleset *set;
	struct cmap_rules *rules;
	u64 n;
	int err;

	err = cmap_compile_plan(c, attach, was, touch, s, &set);
	if (!err) {
		n = set->base ? set->base->n - set->n_dead : 0;
		err = cmap_compile_count(c, attach, n + s->n_rule);
	}
	if (err)
		goto fail;
	rules = cmap_rules_create(s->n_rule, s->n_use);
	if (!rules) {
		err = -ENOMEM;
		goto fail;
	}
	if (set->base)
		set->delta = rules;
	else
		set->base = rules;
	attach->ruleset = set;
	/* until a new rule has them */
	if (was)
		cmap_compile_mark(was->ruleset, set, CMAP_FLOW_STAYS,
				  CMAP_FLOW_LEAVES);
	err = cmap_compile_layer(c, attach, s, rules);
	if (rules == set->base)
		set->n_whole = rules->n_whole;
	return err;

fail:
	cmap_ruleset_put(set);
	return err;
}

int cmap_compile_attach(struct cmap_compile *c, struct cmap_attach *attach,
			const struct cmap_attach *was,
			const struct cmap_touch *touch)
{
	struct cmap_sources s = {};
	int err;

	if (touch->all || touch->n) {
		err = cmap_compile_anew(c, attach, was, touch, &s);
		kvfree(s.v);
		return err;
	}
	err = cmap_compile_count(c, attach, cmap_ruleset_count(was->ruleset));
	if (err)
		return err;
	attach->ruleset = was->ruleset;
	cmap_ruleset_get(attach->ruleset);
	return 0;
}

/* New flows of a layer go. It may be half-filled. */
static void cmap_compile_drop(const struct cmap_rules *rules)
{
	u32 i;

	for (i = 0; rules && i < rules->n; i++) {
		struct cmap_flow *flow = rules->rule[i].flow;

		if (flow && flow->phase == CMAP_FLOW_NEW && !flow->removed)
			cmap_flow_remove(flow);
	}
}

void cmap_compile_undo(struct cmap_attach *attach,
		       const struct cmap_attach *was)
{
	struct cmap_ruleset *set = attach->ruleset;

	if (set && (!was || set != was->ruleset)) {
		if (was)
			cmap_compile_mark(was->ruleset, set, CMAP_FLOW_LEAVES,
					  CMAP_FLOW_STAYS);
		if (!was || set->base != was->ruleset->base)
			cmap_compile_drop(set->base);
		cmap_compile_drop(set->delta);
	}
	cmap_attach_clear_rules(attach);
}
