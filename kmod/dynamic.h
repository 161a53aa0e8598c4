/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_DYNAMIC_H
#define _CMAP_DYNAMIC_H

/*
 * Dynamic flows: what peers negotiated by entries of kind dynamic.
 *
 * A dynamic flow is a flow like any other, of an entry and an access list of one
 * permit that are made for it. It begins with flow-new and ends when it has no SA
 * any more. Until then it is in cn->dynamics, which has a reference, and in the
 * table of its attachment in the configuration in force.
 *
 * Such a table is immutable. One with a flow more or less takes its place under
 * cn->lock and is read under RCU; the old one is freed after a grace period. A
 * commit that touches entries of kind dynamic makes a table of its own, of the flows
 * that it keeps, so that a packet, which reads the configuration once, sees the flows
 * of either. One that does not shares the table with the configuration before.
 */

#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "classify.h"

struct cmap_attach;
struct cmap_config;
struct cmap_entry;
struct cmap_flow;
struct cmap_flow_filters;
struct cmap_match;
struct cmap_net;
struct netlink_ext_ack;
union cmap_addr;

/* Dynamic flows of a namespace. */
#define CMAP_DYNAMIC_MAX	16384
/* How long one waits for its first SA. */
#define CMAP_DYNAMIC_SECONDS	30

/**
 * struct cmap_dynamic_table - dynamic flows of an attachment, as packets look them up
 * @free_work: frees it after a grace period
 * @index: of @rule
 * @n: rules
 * @rule: a permit for each flow, by place of the entry, of the template, and age
 */
struct cmap_dynamic_table {
	struct rcu_work		free_work;
	struct cmap_index	*index;
	u32			n;
	struct cmap_rule	rule[];
};

/**
 * struct cmap_dynamic - the entries of kind dynamic of an attachment
 * @refs: attachments of configurations that have it
 * @table: their flows, or NULL; replaced under cn->lock, read under RCU
 * @n: entries
 * @seq: their sequence numbers, ascending, constant
 */
struct cmap_dynamic {
	refcount_t			refs;
	struct cmap_dynamic_table __rcu	*table;
	u32				n;
	u16				seq[];
};

/**
 * struct cmap_dynamic_place - where a peer's proposal fits
 * @attach: attachment of the configuration in force
 * @entry: entry of kind dynamic of its crypto map
 * @template: entry of the dynamic crypto map
 */
struct cmap_dynamic_place {
	const struct cmap_attach	*attach;
	struct cmap_entry		*entry;
	struct cmap_entry		*template;
};

/**
 * struct cmap_dynamic_offer - what a peer proposes
 * @family: AF_INET or AF_INET6, of the peer
 * @remote: the peer
 * @names: names that resolve to it, one behind the other; NULL for none
 * @n_name: of @names
 * @sel: selector, NULL for any
 */
struct cmap_dynamic_offer {
	u16			family;
	const union cmap_addr	*remote;
	const char		*names;
	u32			n_name;
	const struct cmap_match	*sel;
};

/**
 * cmap_dynamic_classify() - first match over the dynamic flows of an attachment
 * @dynamic: entries of kind dynamic, or NULL
 * @tuple: packet, source on the protected side
 * @found: set to the rule that decides, or to the first that might; not for
 *	CMAP_CLASS_CLEAR
 *
 * Context: RCU read side.
 */
enum cmap_class cmap_dynamic_classify(const struct cmap_dynamic *dynamic,
				      const struct cmap_tuple *tuple,
				      const struct cmap_rule **found);

/**
 * cmap_dynamic_fill() - give an attachment its entries of kind dynamic
 * @cn: namespace
 * @cfg: configuration that a commit is about to publish
 * @attach: attachment of it, whose flows have been marked by cmap_dynamic_leave()
 * @filters: given the filters that change of the flows that stay
 *
 * A flow stays if the entry and the template that it came of say what they said,
 * and the template's access list still permits it. Which addresses a name has is not
 * known here: the template must have the peer, or all names that it had.
 *
 * Context: cn->lock, may sleep.
 * Return: 0 or -ENOMEM.
 */
int cmap_dynamic_fill(struct cmap_net *cn, const struct cmap_config *cfg,
		      struct cmap_attach *attach,
		      struct cmap_flow_filters *filters);

/**
 * cmap_dynamic_leave() - mark the flows of an attachment as CMAP_FLOW_LEAVES
 * @cn: namespace
 * @was: attachment in force
 *
 * Context: cn->lock.
 */
void cmap_dynamic_leave(struct cmap_net *cn, const struct cmap_attach *was);

/**
 * cmap_dynamic_stay() - take the marks off all flows again
 * @cn: namespace
 *
 * Context: cn->lock.
 */
void cmap_dynamic_stay(struct cmap_net *cn);

/**
 * cmap_dynamic_remove() - remove the flows that are marked
 * @cn: namespace
 * @sas: the SAs that went with them are added
 *
 * Context: cn->lock, packets do not find their rules any more. Return: flows removed.
 */
unsigned int cmap_dynamic_remove(struct cmap_net *cn, unsigned int *sas);

void cmap_dynamic_get(struct cmap_dynamic *dynamic);
void cmap_dynamic_put(struct cmap_dynamic *dynamic);

/**
 * cmap_dynamic_takes() - whether a template takes an offer
 * @cfg: configuration in force
 * @template: entry of a dynamic crypto map
 * @offer: what the peer proposes
 *
 * A template that names no peers takes any; one with an access list takes
 * selectors that are within one of its permits, and that no deny before says
 * anything about.
 */
bool cmap_dynamic_takes(const struct cmap_config *cfg,
			const struct cmap_entry *template,
			const struct cmap_dynamic_offer *offer);

/**
 * cmap_dynamic_resume() - the place of a template, by numbers
 * @cfg: configuration in force
 * @attach: attachment
 * @seq: sequence number of an entry of its crypto map
 * @dynamic_seq: sequence number in the dynamic crypto map
 * @place: set
 *
 * Return: false if there is no such template.
 */
bool cmap_dynamic_resume(const struct cmap_config *cfg,
			 const struct cmap_attach *attach, u16 seq,
			 u16 dynamic_seq, struct cmap_dynamic_place *place);

/**
 * cmap_dynamic_next() - next template that takes an offer
 * @cfg: configuration in force
 * @attach: attachment
 * @place: where to look on from, with @entry NULL at first; the place found
 * @offer: what the peer proposes
 *
 * Context: cn->lock. Return: false after the last.
 */
bool cmap_dynamic_next(const struct cmap_config *cfg,
		       const struct cmap_attach *attach,
		       struct cmap_dynamic_place *place,
		       const struct cmap_dynamic_offer *offer);

/**
 * cmap_dynamic_check_overlap() - refuse what another peer has
 * @cn: namespace
 * @attach: attachment
 * @offer: what the peer proposes, with a selector
 * @extack: told whose flow is in the way
 *
 * Context: cn->lock.
 * Return: 0, or -EEXIST if a packet could match a dynamic flow of another peer.
 */
int cmap_dynamic_check_overlap(struct cmap_net *cn,
			       const struct cmap_attach *attach,
			       const struct cmap_dynamic_offer *offer,
			       struct netlink_ext_ack *extack);

/**
 * cmap_dynamic_create() - make the flow of an offer, or find it
 * @cn: namespace
 * @place: where the offer fits
 * @offer: what the peer proposes, with a selector
 * @extack: told what is wrong
 *
 * From now on nothing that matches passes in clear. Without an SA within
 * CMAP_DYNAMIC_SECONDS it vanishes.
 *
 * Context: cn->lock, may sleep.
 * Return: the flow, without a new reference, or ERR_PTR(-EEXIST, -ENOSPC, -ENOMEM).
 */
struct cmap_flow *cmap_dynamic_create(struct cmap_net *cn,
				      const struct cmap_dynamic_place *place,
				      const struct cmap_dynamic_offer *offer,
				      struct netlink_ext_ack *extack);

/**
 * cmap_dynamic_kick() - look for dynamic flows without SAs soon
 * @cn: namespace
 *
 * Context: any.
 */
void cmap_dynamic_kick(struct cmap_net *cn);

/**
 * cmap_dynamic_work() - remove dynamic flows that have lost their last SA
 * @work: cn->dynamic_work
 */
void cmap_dynamic_work(struct work_struct *work);

#endif /* _CMAP_DYNAMIC_H */
