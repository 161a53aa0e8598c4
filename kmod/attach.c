// SPDX-License-Identifier: GPL-2.0-only
/* Attachments of crypto maps to devices that come and go. */

#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/lockdep.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>

#include "attach.h"
#include "config.h"
#include "dynamic.h"
#include "flow.h"
#include "net.h"
#include "offload.h"
#include "rules.h"

static u32 cmap_attach_bucket(int ifindex)
{
	return hash_32(ifindex, CMAP_BOUND_BITS);
}

const struct cmap_attach *cmap_attach_lookup_rcu(const struct cmap_config *cfg,
						 int ifindex, u16 family)
{
	const struct hlist_head *head = &cfg->bound[cmap_attach_bucket(ifindex)];
	const struct cmap_attach *attach;

	hlist_for_each_entry_rcu(attach, head, bound)
		if (READ_ONCE(attach->ifindex) == ifindex &&
		    attach->family == family)
			return attach;
	return NULL;
}

enum cmap_class cmap_attach_classify(const struct cmap_attach *attach,
				     const struct cmap_tuple *tuple,
				     const struct cmap_rule **found)
{
	const struct cmap_rule *flow;
	enum cmap_class class, more;

	class = cmap_ruleset_classify(attach->ruleset, tuple, found);
	more = cmap_dynamic_classify(attach->dynamic, tuple, &flow);
	if (more == CMAP_CLASS_CLEAR ||
	    (class != CMAP_CLASS_CLEAR && (*found)->place < flow->place))
		return class;
	*found = flow;
	return more;
}

struct cmap_attach *cmap_attach_find(const struct cmap_config *cfg,
				     const char *ifname, const char *map)
{
	struct cmap_attach *attach;

	list_for_each_entry(attach, &cfg->attaches, list)
		if (!strcmp(attach->ifname, ifname) &&
		    !strcmp(attach->map, map))
			return attach;
	return NULL;
}

void cmap_attach_inherit(struct cmap_attach *attach,
			 const struct cmap_globals *globals)
{
	attach->inherited = *globals;
	if (attach->set & CMAP_ATTACH_DF_BIT)
		attach->inherited.df_bit = attach->df_bit;
	if (attach->set & CMAP_ATTACH_FRAGMENTATION)
		attach->inherited.fragmentation = attach->fragmentation;
}

void cmap_attach_clear_rules(struct cmap_attach *attach)
{
	cmap_ruleset_put(attach->ruleset);
	cmap_dynamic_put(attach->dynamic);
	attach->ruleset = NULL;
	attach->dynamic = NULL;
	attach->needs_whole = false;
}

void cmap_attach_destroy(struct cmap_attach *attach)
{
	list_del(&attach->list);
	cmap_attach_clear_rules(attach);
	kfree(attach);
}

/*
 * A node that was taken out may be entered again only after a grace period, or
 * a reader that stands on it would go on in another bucket and miss its device.
 * Each rename and each registration has one before its notifier runs.
 */
static void cmap_attach_bind(struct cmap_config *cfg,
			     struct cmap_attach *attach, int ifindex)
{
	WRITE_ONCE(attach->ifindex, ifindex);
	hlist_add_head_rcu(&attach->bound,
			   &cfg->bound[cmap_attach_bucket(ifindex)]);
}

static void cmap_attach_unbind(struct cmap_net *cn, struct cmap_attach *attach)
{
	hlist_del_rcu(&attach->bound);
	WRITE_ONCE(attach->ifindex, 0);
	cmap_flow_dev_down(cn, attach->ifname);
}

void cmap_attach_bind_all(struct cmap_net *cn, struct cmap_config *cfg)
{
	struct cmap_attach *attach;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry(attach, &cfg->attaches, list) {
		const struct net_device *dev;

		rcu_read_lock();
		dev = dev_get_by_name_rcu(cn->net, attach->ifname);
		/* not by an alternative name, which notifiers do not tell */
		if (dev && !strcmp(dev->name, attach->ifname))
			cmap_attach_bind(cfg, attach, dev->ifindex);
		rcu_read_unlock();
	}
}

/* The primary address, which other hosts can use. */
static bool cmap_dev_addr4(struct net_device *dev, union cmap_addr *out)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (ifa->ifa_flags & IFA_F_SECONDARY ||
		    ifa->ifa_scope >= RT_SCOPE_HOST)
			continue;
		out->ip4 = ifa->ifa_local;
		return true;
	}
	return false;
}

/*
 * IPv6 knows no primary address: the oldest one that others can use, which is
 * the last of the list, rather one that somebody configured than one that comes
 * of a router's prefix or of privacy extensions.
 */
static bool cmap_dev_addr6(struct net_device *dev, union cmap_addr *out)
{
	const u32 unfit = IFA_F_DADFAILED | IFA_F_DEPRECATED | IFA_F_TEMPORARY;
	const struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;
	bool found = false, permanent = false;

	if (!idev)
		return false;
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list) {
		if (ifa->flags & unfit ||
		    ifa->scope & (IFA_LINK | IFA_HOST) ||
		    (permanent && !(ifa->flags & IFA_F_PERMANENT)))
			continue;
		permanent = ifa->flags & IFA_F_PERMANENT;
		memcpy(out, &ifa->addr, sizeof(ifa->addr));
		found = true;
	}
	return found;
}

bool cmap_local_addr(struct cmap_net *cn, const struct cmap_attach *attach,
		     u16 family, union cmap_addr *out)
{
	struct net_device *dev;
	bool found = false;

	memset(out, 0, sizeof(*out));
	rcu_read_lock();
	if (attach->local_dev[0])
		dev = dev_get_by_name_rcu(cn->net, attach->local_dev);
	else
		dev = dev_get_by_index_rcu(cn->net,
					   READ_ONCE(attach->ifindex));
	if (dev)
		found = family == AF_INET ? cmap_dev_addr4(dev, out) :
					    cmap_dev_addr6(dev, out);
	rcu_read_unlock();
	return found;
}

bool cmap_local_addr_is(struct cmap_net *cn, const struct cmap_attach *attach,
			u16 family, const union cmap_addr *addr)
{
	union cmap_addr local;

	return cmap_local_addr(cn, attach, family, &local) &&
	       !memcmp(&local, addr, sizeof(local));
}

/* Bring the bindings in line with the name of a device. */
static void cmap_attach_dev_named(struct cmap_net *cn, struct net_device *dev)
{
	struct cmap_config *cfg = cmap_config_of(cn);
	struct cmap_attach *attach;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry(attach, &cfg->attaches, list) {
		bool bound = attach->ifindex == dev->ifindex;
		bool wanted = !strcmp(attach->ifname, dev->name);

		if (bound && !wanted) {
			cmap_attach_unbind(cn, attach);
		} else if (wanted && !attach->ifindex) {
			cmap_attach_bind(cfg, attach, dev->ifindex);
			cmap_offload_end(cn);
		}
	}
}

static void cmap_attach_dev_gone(struct cmap_net *cn, struct net_device *dev)
{
	struct cmap_config *cfg = cmap_config_of(cn);
	struct cmap_attach *attach;

	lockdep_assert_held(&cn->lock);

	list_for_each_entry(attach, &cfg->attaches, list)
		if (attach->ifindex == dev->ifindex)
			cmap_attach_unbind(cn, attach);
}

static bool cmap_attach_any(struct cmap_net *cn)
{
	bool any;

	rcu_read_lock();
	any = !list_empty(&cmap_config_of(cn)->attaches);
	rcu_read_unlock();
	return any;
}

/* Under RTNL: lock order is RTNL, then cn->lock. */
static int cmap_attach_netdev_event(struct notifier_block *nb,
				    unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct cmap_net *cn = cmap_net_of(dev_net(dev));

	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_UNREGISTER:
		break;
	default:
		return NOTIFY_DONE;
	}

	mutex_lock(&cn->lock);
	if (event == NETDEV_UNREGISTER)
		cmap_attach_dev_gone(cn, dev);
	else
		cmap_attach_dev_named(cn, dev);
	mutex_unlock(&cn->lock);
	if (cmap_attach_any(cn))
		queue_work(cmap_wq, &cn->manual_work);
	return NOTIFY_DONE;
}

static int cmap_attach_inetaddr_event(struct notifier_block *nb,
				      unsigned long event, void *ptr)
{
	const struct in_ifaddr *ifa = ptr;
	struct cmap_net *cn = cmap_net_of(dev_net(ifa->ifa_dev->dev));

	if (cmap_attach_any(cn))
		queue_work(cmap_wq, &cn->manual_work);
	return NOTIFY_DONE;
}

static int cmap_attach_inet6addr_event(struct notifier_block *nb,
				       unsigned long event, void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;
	struct cmap_net *cn = cmap_net_of(dev_net(ifa->idev->dev));

	if (cmap_attach_any(cn))
		queue_work(cmap_wq, &cn->manual_work);
	return NOTIFY_DONE;
}

static struct notifier_block cmap_attach_netdev_nb = {
	.notifier_call = cmap_attach_netdev_event,
};

static struct notifier_block cmap_attach_inetaddr_nb = {
	.notifier_call = cmap_attach_inetaddr_event,
};

static struct notifier_block cmap_attach_inet6addr_nb = {
	.notifier_call = cmap_attach_inet6addr_event,
};

int cmap_attach_register_notifiers(void)
{
	int err;

	err = register_netdevice_notifier(&cmap_attach_netdev_nb);
	if (err)
		return err;
	err = register_inetaddr_notifier(&cmap_attach_inetaddr_nb);
	if (err)
		goto unregister_netdevice;
	err = register_inet6addr_notifier(&cmap_attach_inet6addr_nb);
	if (err)
		goto unregister_inetaddr;
	return 0;

unregister_inetaddr:
	unregister_inetaddr_notifier(&cmap_attach_inetaddr_nb);
unregister_netdevice:
	unregister_netdevice_notifier(&cmap_attach_netdev_nb);
	return err;
}

/**
 * cmap_attach_unregister_notifiers() - stop following devices and addresses
 */
void cmap_attach_unregister_notifiers(void)
{
	unregister_inet6addr_notifier(&cmap_attach_inet6addr_nb);
	unregister_inetaddr_notifier(&cmap_attach_inetaddr_nb);
	unregister_netdevice_notifier(&cmap_attach_netdev_nb);
}
