// SPDX-License-Identifier: GPL-2.0-only
/* Netfilter entry points, outbound and for clear text inbound. */

#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/limits.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/route.h>
#include <net/sock.h>
#include <net/xfrm.h>

#include "classify.h"
#include "config.h"
#include "drop.h"
#include "flow.h"
#include "flow_filter.h"
#include "hook.h"
#include "natt.h"
#include "net.h"
#include "offload.h"
#include "output.h"
#include "pkt.h"
#include "policy.h"

/* Behind source NAT, before conntrack's helpers and confirmation. */
#define CMAP_PRI_POST_ROUTING	(NF_IP_PRI_CONNTRACK_HELPER - 1)
static_assert((int)NF_IP_PRI_CONNTRACK_HELPER ==
	      (int)NF_IP6_PRI_CONNTRACK_HELPER);

/* What ip_finish_output() is, learned from a unicast packet; see below. */
static int (*cmap_finish_output)(struct net *net, struct sock *sk,
				 struct sk_buff *skb);

/*
 * Learn once, from a packet that ip_output() itself hands over: neither a VRF
 * nor a bridge, which have okfns of their own, stands between, nor do we, as when
 * a netfilter queue gives back a packet of ours to hooks that have moved.
 */
static void cmap_hook_learn(const struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	if (!READ_ONCE(cmap_finish_output) && state->okfn != cmap_output &&
	    state->out == skb_dst(skb)->dev && !netif_is_l3_master(state->out) &&
	    !netif_is_bridge_master(state->out))
		WRITE_ONCE(cmap_finish_output, state->okfn);
}

/*
 * A multicast or broadcast packet passes POST_ROUTING twice: once as a clone
 * for local listeners. With IPv4 its okfn is not ip_finish_output(). That symbol
 * is not exported, so it is learned from packets of which it is known to be the
 * okfn. Until then the clone counts as leaving, which is the safe side. A VRF has an
 * okfn of its own and no clones: they come by the device in it.
 */
static bool cmap_hook_is_loopback_clone(const struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	if (state->pf == NFPROTO_IPV6)
		return state->okfn == dev_loopback_xmit;
	if (likely(skb_dst(skb)->output == ip_output)) {
		cmap_hook_learn(skb, state);
		return false;
	}
	return skb_rtable(skb)->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST) &&
	       !netif_is_l3_master(state->out) &&
	       READ_ONCE(cmap_finish_output) &&
	       READ_ONCE(cmap_finish_output) != state->okfn;
}

/*
 * IKE of this host: a UDP socket with an XFRM policy of its own, which takes
 * CAP_NET_ADMIN to set and which every IKE daemon on Linux sets, to bypass what
 * it negotiates. Forwarded IKE has no socket and is traffic like any other, and so is
 * the outer packet of a tunnel in UDP (VXLAN, WireGuard) that carries IKE of this host:
 * it goes on belonging to the socket that wrote what is inside, but that does not send
 * it.
 */
static bool cmap_hook_is_ike(const struct sk_buff *skb,
			     const struct nf_hook_state *state,
			     const struct cmap_tuple *tuple)
{
	struct sock *sk = skb->sk;

	return sk && sk == state->sk && sk_fullsock(sk) &&
	       tuple->proto == IPPROTO_UDP &&
	       rcu_access_pointer(sk->sk_policy[XFRM_POLICY_OUT]);
}

/* A frame that a bridge switches, shown to IP by br_netfilter only. */
static bool cmap_hook_is_switched(const struct sk_buff *skb)
{
	return nf_bridge_info_exists(skb) && nf_bridge_get_physoutdev(skb);
}

static u16 cmap_hook_family(const struct nf_hook_state *state)
{
	return state->pf == NFPROTO_IPV4 ? AF_INET : AF_INET6;
}

void cmap_hook_divert(struct sk_buff *skb, const struct nf_hook_state *state,
		      nf_hookfn *own,
		      int (*okfn)(struct net *net, struct sock *sk,
				  struct sk_buff *skb))
{
	struct cmap_drop_info info = { .cn = cmap_net_of(state->net) };
	const struct nf_hook_entries *e;
	struct nf_hook_state st = *state;
	struct nf_hook_ops **ops;
	unsigned int i;

	st.okfn = okfn;
	e = st.pf == NFPROTO_IPV4 ?
	    rcu_dereference(st.net->nf.hooks_ipv4[st.hook]) :
	    rcu_dereference(st.net->nf.hooks_ipv6[st.hook]);
	ops = e ? nf_hook_entries_get_hook_ops(e) : NULL;
	for (i = 0; e && i < e->num_hook_entries; i++)
		if (ops[i]->hook == own)
			break;
	/* ours is being unregistered: fail closed */
	if (!e || i == e->num_hook_entries) {
		cmap_drop(skb, CRYPTO_MAP_DROP_REASON_HOOKS_GONE, &info);
		return;
	}

	if (nf_hook_slow(skb, &st, e, i + 1) == 1)
		okfn(st.net, st.sk, skb);
}

/* What an access list of the entry does not permit; its sender is told. */
static void cmap_hook_prohibit(struct cmap_flow *flow, struct sk_buff *skb)
{
	struct cmap_drop_info info = { .cn = flow->cn, .flow = flow };

	if (flow->family == AF_INET)
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, 0);
	else
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH,
				ICMPV6_ADM_PROHIBITED, 0);
	cmap_drop(skb, CRYPTO_MAP_DROP_REASON_ACCESS_GROUP_OUT, &info);
}

static unsigned int cmap_hook_out(void *priv, struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	struct cmap_net *cn = cmap_net_of(state->net);
	struct cmap_drop_info info = { .cn = cn };
	const struct cmap_config *cfg = rcu_dereference(cn->config);
	u16 family = cmap_hook_family(state);
	const struct cmap_attach *attach;
	const struct cmap_rule *rule;
	struct cmap_tuple tuple;
	int reason;

	attach = cmap_attach_lookup_rcu(cfg, state->out->ifindex, family);
	if (!attach || !skb_dst(skb) || cmap_hook_is_switched(skb))
		return NF_ACCEPT;

	if (cmap_hook_is_loopback_clone(skb, state) ||
	    cmap_output_is_ours(cn, skb, family))
		return NF_ACCEPT;
	/* plaintext that XFRM is about to transform */
	if (dst_xfrm(skb_dst(skb)))
		return NF_ACCEPT;

	if (!cmap_tuple_take(&tuple, skb, skb_network_offset(skb), family)) {
		cmap_drop(skb, CRYPTO_MAP_DROP_REASON_OUT_MALFORMED, &info);
		return NF_STOLEN;
	}
	if (cmap_hook_is_ike(skb, state, &tuple))
		return NF_ACCEPT;
	reason = cmap_policy_check_out(attach, &tuple, skb, &rule);
	if (reason < 0 && !rule)
		return NF_ACCEPT;
	/* a packet in doubt was not decided by any entry */
	if (rule && reason != CRYPTO_MAP_DROP_REASON_FRAGMENT_PORT)
		atomic_long_inc(&rule->ace->hits);
	if (reason >= 0) {
		cmap_drop(skb, reason, &info);
		return NF_STOLEN;
	}
	if (!cmap_flow_permits(rule->flow, cfg->generation,
			       CRYPTO_MAP_SA_DIR_OUT, &tuple)) {
		cmap_hook_prohibit(rule->flow, skb);
		return NF_STOLEN;
	}
	CMAP_SKB_CB(skb)->flow_id = rule->flow->id;
	CMAP_SKB_CB(skb)->df_bit = cmap_attach_df_bit(attach, rule);
	CMAP_SKB_CB(skb)->fragmentation = attach->inherited.fragmentation;
	CMAP_SKB_CB(skb)->pre_classify = rule->pre_classify;
	CMAP_SKB_CB(skb)->natted = false;
	cmap_hook_divert(skb, state, cmap_hook_out, cmap_output);
	return NF_STOLEN;
}

/*
 * Likewise inbound: a frame that br_netfilter shows, not to the address of the bridge
 * itself. The bridge may still take it, as a broadcast or for the address of a port;
 * then cmap_hook_bridge_in() sees it.
 */
static bool cmap_hook_is_switched_in(const struct sk_buff *skb,
				     const struct net_device *dev)
{
	return cmap_bridge_shows(skb, dev) &&
	       !ether_addr_equal(eth_hdr(skb)->h_dest, dev->dev_addr);
}

static unsigned int cmap_hook_in(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	struct cmap_net *cn = cmap_net_of(state->net);
	const struct cmap_config *cfg = rcu_dereference(cn->config);
	const struct cmap_attach *attach;

	/* decrypted by us, or our own multicast looped back */
	if (cmap_policy_is_decrypted(skb, state->in) ||
	    skb->pkt_type == PACKET_LOOPBACK)
		return NF_ACCEPT;
	if (cmap_hook_is_switched_in(skb, state->in))
		return NF_ACCEPT;
	attach = cmap_attach_lookup_rcu(cfg, state->in->ifindex,
					cmap_hook_family(state));
	if (!attach || !cmap_policy_refuse_clear(cn, attach, skb))
		return NF_ACCEPT;
	return NF_STOLEN;
}

#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
/*
 * What a bridge keeps of the frames that br_netfilter has shown as switched:
 * IP does not see them at PRE_ROUTING again.
 */
static unsigned int cmap_hook_bridge_in(void *priv, struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	struct cmap_net *cn = cmap_net_of(state->net);
	const struct cmap_config *cfg = rcu_dereference(cn->config);
	const struct cmap_attach *attach;
	u16 family;

	if (skb->protocol == htons(ETH_P_IP))
		family = AF_INET;
	else if (skb->protocol == htons(ETH_P_IPV6))
		family = AF_INET6;
	else
		return NF_ACCEPT;
	/* with a tag it is for a device over the bridge; that of VLAN 0 says nothing */
	if ((skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb)) ||
	    !cmap_hook_is_switched_in(skb, skb->dev))
		return NF_ACCEPT;
	attach = cmap_attach_lookup_rcu(cfg, skb->dev->ifindex, family);
	if (!attach || !cmap_policy_refuse_clear(cn, attach, skb))
		return NF_ACCEPT;
	return NF_STOLEN;
}

/*
 * What comes by a device over a bridge, as a VLAN or a macvlan: br_netfilter has shown
 * the frame at PRE_ROUTING as the bridge's, and keeps IP from showing the packet there
 * as that device's. These hooks are the first that see it so.
 */
static unsigned int cmap_hook_over_bridge(void *priv, struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	struct cmap_net *cn = cmap_net_of(state->net);
	const struct cmap_config *cfg = rcu_dereference(cn->config);
	const struct cmap_attach *attach;

	if (!cmap_bridge_hides(skb) || netif_is_bridge_master(state->in))
		return NF_ACCEPT;
	attach = cmap_attach_lookup_rcu(cfg, state->in->ifindex,
					cmap_hook_family(state));
	if (!attach || !cmap_policy_refuse_clear(cn, attach, skb))
		return NF_ACCEPT;
	return NF_STOLEN;
}

#define CMAP_HOOK_OVER_BRIDGE(family, num) {			\
		.hook		= cmap_hook_over_bridge,	\
		.pf		= family,			\
		.hooknum	= num,				\
		.priority	= INT_MIN,			\
	}
#endif

static const struct nf_hook_ops cmap_hook_ops_in[] = {
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	{
		.hook		= cmap_hook_bridge_in,
		.pf		= NFPROTO_BRIDGE,
		.hooknum	= NF_BR_LOCAL_IN,
		.priority	= INT_MIN,
	},
	CMAP_HOOK_OVER_BRIDGE(NFPROTO_IPV4, NF_INET_LOCAL_IN),
	CMAP_HOOK_OVER_BRIDGE(NFPROTO_IPV4, NF_INET_FORWARD),
	CMAP_HOOK_OVER_BRIDGE(NFPROTO_IPV6, NF_INET_LOCAL_IN),
	CMAP_HOOK_OVER_BRIDGE(NFPROTO_IPV6, NF_INET_FORWARD),
#endif
	{
		.hook		= cmap_hook_in,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= CMAP_PRI_PRE_ROUTING,
	}, {
		.hook		= cmap_hook_in,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= CMAP_PRI_PRE_ROUTING,
	},
};

static const struct nf_hook_ops cmap_hook_ops_out[] = {
	{
		.hook		= cmap_hook_out,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= CMAP_PRI_POST_ROUTING,
	}, {
		.hook		= cmap_hook_out,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= CMAP_PRI_POST_ROUTING,
	},
};

int cmap_hook_register(struct cmap_net *cn)
{
	int err;

	BUILD_BUG_ON(sizeof(struct cmap_skb_cb) > CMAP_SKB_CB_MAX);

	err = nf_register_net_hooks(cn->net, cmap_hook_ops_in,
				    ARRAY_SIZE(cmap_hook_ops_in));
	if (err)
		return err;
	err = nf_register_net_hooks(cn->net, cmap_hook_ops_out,
				    ARRAY_SIZE(cmap_hook_ops_out));
	if (err)
		goto unregister_in;
	err = cmap_natt_register(cn);
	if (err)
		goto unregister_out;
	err = cmap_offload_register(cn);
	if (err)
		goto unregister_natt;
	return 0;

unregister_natt:
	cmap_natt_unregister(cn);
unregister_out:
	nf_unregister_net_hooks(cn->net, cmap_hook_ops_out,
				ARRAY_SIZE(cmap_hook_ops_out));
unregister_in:
	nf_unregister_net_hooks(cn->net, cmap_hook_ops_in,
				ARRAY_SIZE(cmap_hook_ops_in));
	return err;
}

/*
 * A netfilter queue keeps packets with our okfn. Unregistering any hook empties
 * the queues of the namespace; the second time nobody is left who could fill
 * them again.
 */
void cmap_hook_unregister(struct cmap_net *cn)
{
	cmap_offload_unregister(cn);
	cmap_natt_unregister(cn);
	nf_unregister_net_hooks(cn->net, cmap_hook_ops_out,
				ARRAY_SIZE(cmap_hook_ops_out));
	synchronize_net();
	nf_unregister_net_hooks(cn->net, cmap_hook_ops_in,
				ARRAY_SIZE(cmap_hook_ops_in));
}
