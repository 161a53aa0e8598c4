/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_POLICY_H
#define _CMAP_POLICY_H

/* What may come in: clear text against the maps, inner packets against SAs. */

#include <linux/types.h>

struct cmap_attach;
struct cmap_net;
struct cmap_sa;
struct cmap_tuple;
struct net_device;
struct sk_buff;

/* Before defragmentation (-400), destination NAT and conntrack. */
#define CMAP_PRI_PRE_ROUTING	(-500)

/**
 * cmap_policy_is_decrypted() - whether a packet was decrypted by us
 * @skb: packet at PRE_ROUTING; its mark is taken off
 * @in: the device it comes by; after one of a VRF comes the VRF, which has to
 *	see the mark, too
 */
bool cmap_policy_is_decrypted(struct sk_buff *skb, const struct net_device *in);

/**
 * cmap_policy_refuse_clear() - drop clear text that should have been protected
 * @cn: namespace
 * @attach: attachment of the interface it arrived on
 * @skb: packet at PRE_ROUTING; consumed if refused
 *
 * IOS: the crypto access lists are read mirrored; a permit wants protection.
 * Exempt are the outer packets of IPsec themselves.
 *
 * Return: true if it was dropped.
 */
bool cmap_policy_refuse_clear(struct cmap_net *cn,
			      const struct cmap_attach *attach,
			      struct sk_buff *skb);

/**
 * cmap_policy_is_link() - whether a packet keeps a link working
 * @t: its tuple
 * @skb: packet
 *
 * IPv6 neighbour discovery and multicast listener discovery never leave the
 * link and are never protected: without them there is no path to the peer.
 */
bool cmap_policy_is_link(const struct cmap_tuple *t, const struct sk_buff *skb);

/**
 * cmap_policy_quotes_protected() - whether an outbound ICMP error tells secrets
 * @attach: attachment of the interface it leaves by
 * @tuple: its tuple
 * @skb: packet at POST_ROUTING that no crypto map entry wants
 *
 * An error about a decrypted packet carries the start of it. Sent from our
 * outer address it is not covered by the access list that protects the packet.
 *
 * Return: true if the packet it quotes is protected in the other direction.
 */
bool cmap_policy_quotes_protected(const struct cmap_attach *attach,
				  const struct cmap_tuple *tuple,
				  const struct sk_buff *skb);

/**
 * cmap_policy_check_inner() - hold a decrypted packet against its SA
 * @sa: SA
 * @skb: inner packet, skb->data at its IP header, header checked
 *
 * It has to be within the SA's selectors, and permitted by the access list that
 * filters what its crypto map entry decrypts, if there is one.
 *
 * Return: -1 if the SA may carry it, or an enum crypto_map_drop_reason.
 */
int cmap_policy_check_inner(const struct cmap_sa *sa, struct sk_buff *skb);

#endif /* _CMAP_POLICY_H */
