// SPDX-License-Identifier: GPL-2.0-only
/* Network namespaces: state, and the order in which it comes and goes. */

#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <net/netfilter/ipv4/nf_defrag_ipv4.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "config.h"
#include "drop.h"
#include "dynamic.h"
#include "flow.h"
#include "hook.h"
#include "manual.h"
#include "net.h"
#include "nl_event.h"
#include "sa.h"

unsigned int cmap_net_id __read_mostly;

static bool cmap_needs_defrag(const struct cmap_config *config, u16 family)
{
	const struct cmap_attach *attach;

	list_for_each_entry(attach, &config->attaches, list)
		if (attach->family == family && attach->needs_whole)
			return true;
	return false;
}

/*
 * Fragments are reassembled before classification where access lists look at
 * what they do not show, as RFC 4301 section 7 has it; by the kernel's own
 * nf_defrag, which counts its users.
 */
static int cmap_defrag_on(struct cmap_net *cn, const struct cmap_config *config)
{
	int err;

	if (!cn->defrag4 && cmap_needs_defrag(config, AF_INET)) {
		err = nf_defrag_ipv4_enable(cn->net);
		if (err)
			return err;
		cn->defrag4 = true;
	}
	if (!cn->defrag6 && cmap_needs_defrag(config, AF_INET6)) {
		err = nf_defrag_ipv6_enable(cn->net);
		if (err)
			return err;
		cn->defrag6 = true;
	}
	return 0;
}

static void cmap_defrag_off(struct cmap_net *cn, u16 family)
{
	bool *on = family == AF_INET ? &cn->defrag4 : &cn->defrag6;

	if (*on && family == AF_INET)
		nf_defrag_ipv4_disable(cn->net);
	else if (*on)
		nf_defrag_ipv6_disable(cn->net);
	*on = false;
}

int cmap_hooks_prepare(struct cmap_net *cn, const struct cmap_config *config)
{
	int err;

	lockdep_assert_held(&cn->lock);

	err = cmap_defrag_on(cn, config);
	if (err)
		return err;
	if (!cn->hooked && !list_empty(&config->attaches)) {
		err = cmap_hook_register(cn);
		if (err)
			return err;
		WRITE_ONCE(cn->hooked, true);
	}
	return 0;
}

static void cmap_hooks_off(struct cmap_net *cn)
{
	if (cn->hooked)
		cmap_hook_unregister(cn);
	WRITE_ONCE(cn->hooked, false);
}

void cmap_hooks_settle(struct cmap_net *cn, const struct cmap_config *config)
{
	lockdep_assert_held(&cn->lock);

	if (list_empty(&config->attaches))
		cmap_hooks_off(cn);
	if (!cmap_needs_defrag(config, AF_INET))
		cmap_defrag_off(cn, AF_INET);
	if (!cmap_needs_defrag(config, AF_INET6))
		cmap_defrag_off(cn, AF_INET6);
}

static int __net_init cmap_net_init(struct net *net)
{
	struct cmap_net *cn = cmap_net_of(net);
	int err;

	cn->net = net;
	mutex_init(&cn->lock);
	spin_lock_init(&cn->event_lock);
	xa_init(&cn->daemons);
	INIT_LIST_HEAD(&cn->stages);
	INIT_LIST_HEAD(&cn->larvals);
	INIT_LIST_HEAD(&cn->dynamics);
	INIT_WORK(&cn->manual_work, cmap_manual_work);
	INIT_DELAYED_WORK(&cn->dynamic_work, cmap_dynamic_work);
	ratelimit_state_init(&cn->invalid_spi_limit, CMAP_INVALID_SPI_INTERVAL,
			     CMAP_INVALID_SPI_BURST);
	ratelimit_set_flags(&cn->invalid_spi_limit, RATELIMIT_MSG_ON_RELEASE);
	ratelimit_state_init(&cn->drop_limit, CMAP_DROP_INTERVAL,
			     CMAP_DROP_BURST);
	ratelimit_set_flags(&cn->drop_limit, RATELIMIT_MSG_ON_RELEASE);
	INIT_DELAYED_WORK(&cn->drop_work, cmap_nl_drops_missed_work);
	cn->drops = netdev_alloc_pcpu_stats(struct cmap_drops);
	if (!cn->drops)
		return -ENOMEM;
	err = cmap_sa_net_init(cn);
	if (err)
		goto free_drops;
	cmap_flow_net_init(cn);
	err = cmap_host_pair_net_init(cn);
	if (err)
		goto exit_sa;
	err = cmap_config_net_init(cn);
	if (err)
		goto exit_host_pair;
	return 0;

exit_host_pair:
	cmap_host_pair_net_exit(cn);
exit_sa:
	cmap_sa_net_exit(cn);
free_drops:
	free_percpu(cn->drops);
	return err;
}

/*
 * The namespace still has devices and routes and may forward: what is to be
 * protected must not leave it in clear now, so the hooks stay. Only nothing
 * waits any more for SAs, since such packets hold routes and devices.
 */
static void __net_exit cmap_net_pre_exit(struct net *net)
{
	struct cmap_net *cn = cmap_net_of(net);

	mutex_lock(&cn->lock);
	WRITE_ONCE(cn->closing, true);
	cmap_flow_net_fail(cn);
	mutex_unlock(&cn->lock);
}

/*
 * Namespaces are left by their devices before subsystems exit, so no packet
 * enters any more when one goes; when only the module goes, this is where
 * protection ends. Packets inside are waited for with the SAs.
 */
static void __net_exit cmap_net_exit(struct net *net)
{
	struct cmap_net *cn = cmap_net_of(net);
	bool hooked;

	mutex_lock(&cn->lock);
	hooked = cn->hooked;
	cmap_hooks_off(cn);
	cmap_defrag_off(cn, AF_INET);
	cmap_defrag_off(cn, AF_INET6);
	mutex_unlock(&cn->lock);
	/* who was in our hooks may still look at flows; a namespace without a
	 * map does not wait
	 */
	if (hooked)
		synchronize_net();
	cmap_flow_net_exit(cn);
	cmap_host_pair_net_exit(cn);
	/* no SA is left that could queue them */
	cancel_work_sync(&cn->manual_work);
	cancel_delayed_work_sync(&cn->dynamic_work);
	cmap_sa_net_exit(cn);
	cmap_config_net_exit(cn);
	/* nothing is left that could drop a packet */
	cancel_delayed_work_sync(&cn->drop_work);
	free_percpu(cn->drops);
	xa_destroy(&cn->daemons);
}

static struct pernet_operations cmap_net_ops = {
	.init		= cmap_net_init,
	.pre_exit	= cmap_net_pre_exit,
	.exit		= cmap_net_exit,
	.id		= &cmap_net_id,
	.size		= sizeof(struct cmap_net),
};

int cmap_net_register(void)
{
	return register_pernet_subsys(&cmap_net_ops);
}

void cmap_net_unregister(void)
{
	unregister_pernet_subsys(&cmap_net_ops);
}
