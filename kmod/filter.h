/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_FILTER_H
#define _CMAP_FILTER_H

/*
 * Access lists as filters of the packets that a crypto map entry protects (IOS
 * set ip access-group). Free of skb and netlink: the same file is built into the
 * module and into the unit tests.
 */

struct cmap_ace;
struct cmap_acl;
struct cmap_tuple;

/**
 * cmap_filter_make() - make a list fit to be a filter
 * @acl: list that is complete
 *
 * Packets may use the list for other things already. Nothing to do if it was
 * made before. Context: cn->lock, may sleep.
 * Return: 0 or -ENOMEM.
 */
int cmap_filter_make(struct cmap_acl *acl);

/**
 * cmap_filter_match() - the entry of a list that decides
 * @acl: list, after cmap_filter_make()
 * @tuple: packet as it is, not mirrored
 *
 * The first entry that matches. As on IOS, a fragment that does not show what
 * an entry with ports, ICMP type or TCP flags compares is permitted by a permit
 * that matches otherwise, and not denied by a deny. When more entries than a few
 * are about the addresses of such a packet and none of the first decides, none
 * does: it must not be dearer than others.
 *
 * Context: RCU read side.
 * Return: the entry, or NULL, which denies.
 */
struct cmap_ace *cmap_filter_match(struct cmap_acl *acl,
				   const struct cmap_tuple *tuple);

#endif /* _CMAP_FILTER_H */
