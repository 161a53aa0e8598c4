// SPDX-License-Identifier: GPL-2.0-only
/* Decrypted packets back into the stack. */

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <net/dst_metadata.h>

#include "cell.h"
#include "reinject.h"

static DEFINE_PER_CPU(struct metadata_dst *, cmap_mark);

/* Its address, which no device has, tells our mark from others of the type. */
static char cmap_mark_owner;

bool cmap_reinject_marked(const struct sk_buff *skb)
{
	const struct metadata_dst *md = skb_metadata_dst((struct sk_buff *)skb);

	return md && md->type == METADATA_HW_PORT_MUX &&
	       (void *)md->u.port_info.lower_dev == &cmap_mark_owner;
}

bool cmap_reinject(struct sk_buff *skb, bool checked)
{
	struct metadata_dst *md = this_cpu_read(cmap_mark);
	bool reassembled = skb->ignore_df;

	skb_scrub_packet(skb, false);
	skb->ignore_df = reassembled;
	skb->mark = 0;
	skb_init_secmark(skb);
	skb_clear_hash(skb);
	skb->encapsulation = 0;
	/* what was known of the outer packet says nothing of this one */
	skb->ip_summed = checked ? CHECKSUM_UNNECESSARY : CHECKSUM_NONE;
	skb->csum_level = 0;
	skb->csum_valid = 0;
	skb->csum_complete_sw = 0;
	skb->protocol = ip_hdr(skb)->version == 4 ? htons(ETH_P_IP) :
						    htons(ETH_P_IPV6);
	skb_mac_header_rebuild(skb);
	if (skb->mac_len >= ETH_HLEN && skb->dev->type == ARPHRD_ETHER)
		eth_hdr(skb)->h_proto = skb->protocol;

	dst_hold(&md->dst);
	skb_dst_set(skb, &md->dst);
	return cmap_cell_receive(skb);
}

static void cmap_marks_free(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (per_cpu(cmap_mark, cpu))
			dst_release(&per_cpu(cmap_mark, cpu)->dst);
}

int cmap_reinject_init(void)
{
	struct metadata_dst *md;
	int err, cpu;

	err = cmap_cell_init();
	if (err)
		return err;
	for_each_possible_cpu(cpu) {
		md = metadata_dst_alloc(0, METADATA_HW_PORT_MUX, GFP_KERNEL);
		if (!md) {
			err = -ENOMEM;
			goto free_marks;
		}
		md->u.port_info.lower_dev = (void *)&cmap_mark_owner;
		per_cpu(cmap_mark, cpu) = md;
	}
	return 0;

free_marks:
	cmap_marks_free();
	cmap_cell_exit();
	return err;
}

/* After the protocol handlers and all SAs are gone. */
void cmap_reinject_exit(void)
{
	cmap_cell_exit();
	cmap_marks_free();
}
