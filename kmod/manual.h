/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_MANUAL_H
#define _CMAP_MANUAL_H

/* SAs of ipsec-manual entries, made of configured keys. */

struct cmap_net;
struct work_struct;

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
