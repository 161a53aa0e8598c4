/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COMPILE_H
#define _CMAP_COMPILE_H

/* From the entries and access lists of a crypto map to the rules of an attachment. */

#include <linux/types.h>

#include "flow.h"

struct cmap_attach;
struct cmap_config;
struct cmap_flow_filters;
struct cmap_net;
struct cmap_ruleset;
struct cmap_touch;
struct netlink_ext_ack;

/**
 * struct cmap_compile - rules of a configuration in the making
 * @cn: namespace
 * @cfg: configuration
 * @filters: given the filters of flows that change
 * @n_rule: rules of all attachments so far
 * @flows_added: flows that were made
 * @extack: told what is wrong
 */
struct cmap_compile {
	struct cmap_net			*cn;
	const struct cmap_config	*cfg;
	struct cmap_flow_filters	*filters;
	u32				n_rule;
	u32				flows_added;
	struct netlink_ext_ack		*extack;
};

/**
 * cmap_compile_attach() - make the rules of an attachment
 * @c: configuration
 * @attach: attachment of it, without rules
 * @was: the same one in the configuration in force, or NULL
 * @touch: what is touched of it
 *
 * Shares with @was what is not touched. Flows that were in rules of @was which are not
 * shared and that no new rule has are CMAP_FLOW_LEAVES from now on. New flows are in
 * the tables at once, as CMAP_FLOW_NEW: packets have no way to them before the
 * configuration is published, netlink handlers wait for cn->lock.
 *
 * When it fails, cmap_compile_undo() still has to be called.
 *
 * Context: cn->lock, may sleep.
 * Return: 0, -ENOMEM, -ENOSPC, or -E2BIG when there are too many rules.
 */
int cmap_compile_attach(struct cmap_compile *c, struct cmap_attach *attach,
			const struct cmap_attach *was,
			const struct cmap_touch *touch);

/**
 * cmap_compile_mark() - set the state of flows that a rule set does not share
 * @was: rule set that has them
 * @set: the other one, NULL for none
 * @from: flows of this state
 * @to: have this one
 *
 * Context: cn->lock.
 */
void cmap_compile_mark(const struct cmap_ruleset *was,
		       const struct cmap_ruleset *set,
		       enum cmap_flow_phase from, enum cmap_flow_phase to);

/**
 * cmap_compile_undo() - take the rules of an attachment away, flows are as before
 * @attach: attachment of a configuration that is not published
 * @was: the same one in the configuration in force, or NULL
 *
 * Context: cn->lock, may sleep.
 */
void cmap_compile_undo(struct cmap_attach *attach,
		       const struct cmap_attach *was);

#endif /* _CMAP_COMPILE_H */
