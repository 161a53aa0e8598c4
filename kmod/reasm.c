// SPDX-License-Identifier: GPL-2.0-only
/* Reassembly of decrypted fragments. */

#include <linux/errno.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "net.h"
#include "pkt.h"
#include "reasm.h"
#include "sa.h"
#include "tuple.h"

/* Queues of others have small numbers; ours have that of the SA. */
#define CMAP_REASM_USER		0x80000000u

static bool cmap_reasm_is_fragment(const struct sk_buff *skb, u16 family)
{
	struct cmap_tuple tuple;

	return cmap_tuple_take(&tuple, skb, skb_network_offset(skb), family) &&
	       tuple.flags & CMAP_TUPLE_FRAGMENT;
}

/* Without what may follow the packet, and what it had of the outer one. */
static int cmap_reasm_prepare(struct sk_buff *skb, u16 family)
{
	unsigned int len = family == AF_INET ?
			   ntohs(ip_hdr(skb)->tot_len) :
			   ntohs(ipv6_hdr(skb)->payload_len) +
			   sizeof(struct ipv6hdr);

	skb->ip_summed = CHECKSUM_NONE;
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	skb_dst_drop(skb);
	/* what IP noted of the outer packet */
	if (family == AF_INET)
		memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	else
		memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	return pskb_trim(skb, len);
}

int cmap_reasm(const struct cmap_sa *sa, struct sk_buff *skb)
{
	u32 user = CMAP_REASM_USER | sa->id;
	u16 family = cmap_skb_family(skb);
	int err;

	skb->ignore_df = 0;	/* that of the outer packet */
	if (!cmap_match_needs_whole(&sa->sel) ||
	    !cmap_reasm_is_fragment(skb, family))
		return 0;

	err = cmap_reasm_prepare(skb, family);
	if (!err && family == AF_INET) {
		/* frees the packet when it fails */
		if (ip_defrag(sa->cn->net, skb, user))
			return -EINPROGRESS;
	} else if (!err) {
		err = nf_ct_frag6_gather(sa->cn->net, skb, user);
		if (err == -EINPROGRESS)
			return err;
	}
	/* its sender did fragment it, and so may whoever forwards it; after an
	 * error it is still a fragment, which the selectors refuse
	 */
	skb->ignore_df = !err;
	return 0;
}
