// SPDX-License-Identifier: GPL-2.0-only
/* Keep flowtables away from interfaces with crypto maps. */

#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>

#include "attach.h"
#include "config.h"
#include "drop.h"
#include "net.h"
#include "offload.h"

/* Whether a flowtable has a connection, or may come to have one that is new. */
static bool cmap_offload_may(const struct nf_conn *ct)
{
	if (nf_ct_is_template(ct))
		return false;
	return nf_ct_is_confirmed(ct) ? test_bit(IPS_OFFLOAD_BIT, &ct->status) :
					!nfct_help(ct);
}

/*
 * Flowtables have no connections with helpers, so a new one gets room for one. Nor do
 * they use connections that are gone: one that had another route before, and was
 * taken anew with the route over an interface with a map, begins again.
 */
static unsigned int cmap_offload_forward(void *priv, struct sk_buff *skb,
					 const struct nf_hook_state *state)
{
	u16 family = state->pf == NFPROTO_IPV4 ? AF_INET : AF_INET6;
	struct cmap_net *cn = cmap_net_of(state->net);
	struct cmap_drop_info info = { .cn = cn };
	enum ip_conntrack_info ctinfo;
	const struct cmap_config *cfg;
	struct nf_conn *ct;

	ct = nf_ct_get(skb, &ctinfo);
	if (!ct || !cmap_offload_may(ct))
		return NF_ACCEPT;
	cfg = rcu_dereference(cn->config);
	if (!cmap_attach_lookup_rcu(cfg, state->in->ifindex, family) &&
	    !cmap_attach_lookup_rcu(cfg, state->out->ifindex, family))
		return NF_ACCEPT;
	if (nf_ct_is_confirmed(ct)) {
		nf_ct_kill(ct);
		return NF_ACCEPT;
	}
	if (nf_ct_helper_ext_add(ct, GFP_ATOMIC))
		return NF_ACCEPT;
	cmap_drop(skb, CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY, &info);
	return NF_STOLEN;
}

static const struct nf_hook_ops cmap_offload_ops[] = {
	{
		.hook		= cmap_offload_forward,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_FORWARD,
		.priority	= INT_MAX,
	}, {
		.hook		= cmap_offload_forward,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_FORWARD,
		.priority	= INT_MAX,
	},
};

int cmap_offload_register(struct cmap_net *cn)
{
	return nf_register_net_hooks(cn->net, cmap_offload_ops,
				     ARRAY_SIZE(cmap_offload_ops));
}

void cmap_offload_unregister(struct cmap_net *cn)
{
	nf_unregister_net_hooks(cn->net, cmap_offload_ops,
				ARRAY_SIZE(cmap_offload_ops));
}

static int cmap_offload_is_offloaded(struct nf_conn *ct, void *data)
{
	return test_bit(IPS_OFFLOAD_BIT, &ct->status);
}

void cmap_offload_end(struct cmap_net *cn)
{
	struct nf_ct_iter_data data = { .net = cn->net };

	nf_ct_iterate_cleanup_net(cmap_offload_is_offloaded, &data);
}
