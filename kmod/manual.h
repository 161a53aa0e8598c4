/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_MANUAL_H
#define _CMAP_MANUAL_H

/* SAs of ipsec-manual entries, made of configured keys. */

struct cmap_config;
struct cmap_net;
struct netlink_ext_ack;
struct work_struct;

/**
 * cmap_manual_check() - whether all manual entries can have their SAs
 * @cfg: configuration, complete
 * @extack: told what is wrong
 *
 * An inbound SA is found by its SPI and the local address. So entries whose local
 * end points are those of one device need SPIs of their own: on IOS interfaces
 * with one local-address share SAs, here each has its own flows.
 *
 * Return: 0, -EEXIST or -ENOMEM.
 */
int cmap_manual_check(const struct cmap_config *cfg,
		      struct netlink_ext_ack *extack);

/**
 * cmap_manual_sync() - bring manual SAs in line with configuration and addresses
 * @cn: namespace
 *
 * An SA pair exists for the first permit ACE of an entry exactly while its
 * interface has a local end point.
 *
 * Context: cn->lock, may sleep.
 */
void cmap_manual_sync(struct cmap_net *cn);

/**
 * cmap_manual_work() - the same when a device or an address came or went
 * @work: cn->manual_work
 */
void cmap_manual_work(struct work_struct *work);

#endif /* _CMAP_MANUAL_H */
