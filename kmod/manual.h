/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_MANUAL_H
#define _CMAP_MANUAL_H

/* SAs of ipsec-manual entries, made of configured keys. */

#include <linux/types.h>

struct cmap_attach;
struct cmap_config;
struct cmap_flow;
struct cmap_net;
struct cmap_ruleset;
struct netlink_ext_ack;
struct work_struct;

/**
 * cmap_manual_check() - whether the manual entries of an attachment can have their SAs
 * @cfg: configuration, all attachments have their rules
 * @attach: attachment of it
 * @was: rule set in force of it, whose base is not looked at if it is shared; or NULL
 * @extack: told what is wrong
 *
 * An inbound SA is found by its SPI and the local address. So entries whose local
 * end points are those of one device need SPIs of their own: on IOS interfaces
 * with one local-address share SAs, here each has its own flows.
 *
 * Return: 0 or -EEXIST.
 */
int cmap_manual_check(const struct cmap_config *cfg,
		      const struct cmap_attach *attach,
		      const struct cmap_ruleset *was,
		      struct netlink_ext_ack *extack);

/**
 * cmap_manual_leave() - remove the SAs of what is not the first of its entry any more
 * @cn: namespace
 * @attach: attachment in force
 * @was: rule set before, whose base is not looked at if it is shared; or NULL
 *
 * For all attachments before cmap_manual_sync() of any: an SPI goes before it comes
 * again.
 *
 * Context: cn->lock, may sleep. Return: SAs that were removed.
 */
unsigned int cmap_manual_leave(struct cmap_net *cn,
			       const struct cmap_attach *attach,
			       const struct cmap_ruleset *was);

/**
 * cmap_manual_sync() - bring manual SAs in line with configuration and addresses
 * @cn: namespace
 * @attach: attachment in force
 * @was: rule set before, whose base is not looked at if it is shared; or NULL
 *
 * An SA pair exists for the first permit ACE of an entry exactly while its
 * interface has a local end point.
 *
 * Context: cn->lock, may sleep. Return: SAs that were removed or replaced.
 */
unsigned int cmap_manual_sync(struct cmap_net *cn,
			      const struct cmap_attach *attach,
			      const struct cmap_ruleset *was);

/**
 * cmap_manual_is_first() - whether a flow is of the first permit of an entry
 * @flow: flow that is in a configuration
 * @entry: its entry there, of kind manual
 * @cfg: that configuration
 *
 * Context: cn->lock. Return: whether it has the SAs of the entry's keys.
 */
bool cmap_manual_is_first(const struct cmap_flow *flow,
			  const struct cmap_entry *entry,
			  const struct cmap_config *cfg);

/**
 * cmap_manual_keeps() - whether SAs of a manual flow stay under a configuration
 * @flow: flow that is in both
 * @entry: its entry in @cfg, with the same keys
 * @old: configuration in force
 * @cfg: configuration that would take its place
 *
 * As long as the local address stays what it is.
 *
 * Context: cn->lock.
 */
bool cmap_manual_keeps(const struct cmap_flow *flow,
		       const struct cmap_entry *entry,
		       const struct cmap_config *old,
		       const struct cmap_config *cfg);

/**
 * cmap_manual_work() - the same when a device or an address came or went
 * @work: cn->manual_work
 */
void cmap_manual_work(struct work_struct *work);

#endif /* _CMAP_MANUAL_H */
