/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_rtnl.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <errno.h>

typedef struct private_kernel_cryptomap_rtnl_t private_kernel_cryptomap_rtnl_t;

struct private_kernel_cryptomap_rtnl_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_rtnl_t public;

	/**
	 * Netlink socket.
	 */
	kernel_cryptomap_netlink_t *netlink;

	/**
	 * The last request; its error text is what is returned.
	 */
	kernel_cryptomap_msg_t msg;
};

/**
 * See header.
 */
void kernel_cryptomap_hop_via(kernel_cryptomap_hop_t *hop, host_t *gateway)
{
	chunk_t addr = gateway->get_address(gateway);

	hop->family = gateway->get_family(gateway);
	memcpy(hop->gateway, addr.ptr, min(addr.len, sizeof(hop->gateway)));
}

/**
 * Length of an address.
 */
static size_t get_len(int family)
{
	return family == AF_INET ? 4 : 16;
}

/**
 * Copy an address of a family; anything else is ignored.
 */
static bool get_addr(const struct nlattr *attr, int family, uint8_t *addr)
{
	if (!attr || mnl_attr_get_payload_len(attr) != get_len(family))
	{
		return FALSE;
	}
	memcpy(addr, mnl_attr_get_payload(attr), get_len(family));
	return TRUE;
}

/**
 * Run the request.
 *
 * @return				NULL, or why it was refused
 */
static const char *call(private_kernel_cryptomap_rtnl_t *this,
						kernel_cryptomap_reply_t cb, void *user)
{
	return this->netlink->call(this->netlink, &this->msg, cb, user) ?
													this->msg.error : NULL;
}

/**
 * The routing table of a port of a VRF, 0 of another device.
 */
static uint32_t get_vrf(const struct nlattr *linkinfo)
{
	const struct nlattr *tb[IFLA_INFO_MAX + 1], *vrf[IFLA_VRF_PORT_MAX + 1];

	kernel_cryptomap_nest(linkinfo, tb, IFLA_INFO_MAX);
	if (!streq(kernel_cryptomap_str(tb[IFLA_INFO_SLAVE_KIND]), "vrf"))
	{
		return 0;
	}
	kernel_cryptomap_nest(tb[IFLA_INFO_SLAVE_DATA], vrf, IFLA_VRF_PORT_MAX);
	return kernel_cryptomap_num(vrf[IFLA_VRF_PORT_TABLE]);
}

/**
 * A device.
 */
static void on_link(void *user, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[IFLA_MAX + 1];
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	kernel_cryptomap_link_t *link = user;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*ifi))
	{
		kernel_cryptomap_attrs_at(nlh, sizeof(*ifi), tb, IFLA_MAX);
		link->ifindex = ifi->ifi_index;
		link->table = get_vrf(tb[IFLA_LINKINFO]) ?: RT_TABLE_MAIN;
	}
}

METHOD(kernel_cryptomap_rtnl_t, get_link, const char*,
	private_kernel_cryptomap_rtnl_t *this, const char *name,
	kernel_cryptomap_link_t *link)
{
	kernel_cryptomap_netlink_init(&this->msg, RTM_GETLINK, NLM_F_ACK,
								  sizeof(struct ifinfomsg));
	mnl_attr_put_strz(this->msg.nlh, IFLA_IFNAME, name);
	*link = (kernel_cryptomap_link_t){};
	return call(this, on_link, link);
}

/**
 * Where a route goes.
 */
static void parse_hop(kernel_cryptomap_hop_t *hop, int family,
					  const struct nlattr **tb)
{
	const struct rtvia *via;

	*hop = (kernel_cryptomap_hop_t){
		.ifindex = kernel_cryptomap_num(tb[RTA_OIF]),
	};
	if (get_addr(tb[RTA_GATEWAY], family, hop->gateway))
	{
		hop->family = family;
	}
	else if (tb[RTA_VIA] && mnl_attr_get_payload_len(tb[RTA_VIA]) ==
							sizeof(*via) + sizeof(hop->gateway))
	{	/* IPv6, the only other family that IPv4 can go by */
		via = mnl_attr_get_payload(tb[RTA_VIA]);
		hop->family = AF_INET6;
		memcpy(hop->gateway, via->rtvia_addr, sizeof(hop->gateway));
	}
}

/**
 * What the look-up of a route says.
 */
typedef struct {
	/** RTN_* */
	uint8_t type;
	/** number of the table it is in, 0 if the kernel only guesses */
	uint32_t table;
	/** where it goes */
	kernel_cryptomap_hop_t hop;
} lookup_t;

/**
 * The route to a host.
 */
static void on_lookup(void *user, const struct nlmsghdr *nlh)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[RTA_MAX + 1];
	lookup_t *lookup = user;

	kernel_cryptomap_attrs_at(nlh, sizeof(*rtm), tb, RTA_MAX);
	lookup->type = rtm->rtm_type;
	lookup->table = kernel_cryptomap_num(tb[RTA_TABLE]);
	parse_hop(&lookup->hop, rtm->rtm_family, tb);
}

METHOD(kernel_cryptomap_rtnl_t, get_hop, const char*,
	private_kernel_cryptomap_rtnl_t *this, host_t *host, uint32_t ifindex,
	kernel_cryptomap_hop_t *hop)
{
	chunk_t addr = host->get_address(host);
	lookup_t lookup = {};
	struct rtmsg *rtm;
	const char *error;

	rtm = kernel_cryptomap_netlink_init(&this->msg, RTM_GETROUTE, NLM_F_ACK,
										sizeof(*rtm));
	rtm->rtm_family = host->get_family(host);
	rtm->rtm_dst_len = addr.len * 8;
	if (rtm->rtm_family == AF_INET)
	{	/* tells a route from the guess that all is on the link; IPv6 makes
		 * none */
		rtm->rtm_flags = RTM_F_LOOKUP_TABLE;
	}
	mnl_attr_put(this->msg.nlh, RTA_DST, addr.len, addr.ptr);
	mnl_attr_put_u32(this->msg.nlh, RTA_OIF, ifindex);
	error = call(this, on_lookup, &lookup);
	if (error)
	{
		return error;
	}
	if (lookup.type != RTN_UNICAST || !lookup.table ||
		lookup.hop.ifindex != ifindex)
	{
		return "no route to the peer by this interface";
	}
	*hop = lookup.hop;
	if (!hop->family)
	{
		kernel_cryptomap_hop_via(hop, host);
	}
	return NULL;
}

/**
 * Start a request about a route.
 */
static struct nlmsghdr *init_route(private_kernel_cryptomap_rtnl_t *this,
								   uint16_t type, uint16_t flags,
								   const kernel_cryptomap_dst_t *dst,
								   const kernel_cryptomap_hop_t *hop)
{
	struct nlmsghdr *nlh;
	struct rtmsg *rtm;
	struct rtvia *via;

	rtm = kernel_cryptomap_netlink_init(&this->msg, type, flags | NLM_F_ACK,
										sizeof(*rtm));
	nlh = this->msg.nlh;
	rtm->rtm_family = dst->family;
	rtm->rtm_dst_len = dst->bits;
	rtm->rtm_protocol = KERNEL_CRYPTOMAP_RTPROT;
	rtm->rtm_type = RTN_UNICAST;
	rtm->rtm_scope = hop->family ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	mnl_attr_put(nlh, RTA_DST, get_len(dst->family), dst->net);
	mnl_attr_put_u32(nlh, RTA_TABLE, dst->table);
	mnl_attr_put_u32(nlh, RTA_PRIORITY, dst->metric);
	mnl_attr_put_u32(nlh, RTA_OIF, hop->ifindex);
	if (hop->family == dst->family)
	{
		mnl_attr_put(nlh, RTA_GATEWAY, get_len(hop->family), hop->gateway);
	}
	else if (hop->family)
	{
		via = alloca(sizeof(*via) + get_len(hop->family));
		via->rtvia_family = hop->family;
		memcpy(via->rtvia_addr, hop->gateway, get_len(hop->family));
		mnl_attr_put(nlh, RTA_VIA, sizeof(*via) + get_len(hop->family), via);
	}
	return nlh;
}

METHOD(kernel_cryptomap_rtnl_t, add, const char*,
	private_kernel_cryptomap_rtnl_t *this, const kernel_cryptomap_dst_t *dst,
	const kernel_cryptomap_hop_t *hop, bool replace)
{
	init_route(this, RTM_NEWROUTE,
			   NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL), dst, hop);
	return call(this, NULL, NULL);
}

METHOD(kernel_cryptomap_rtnl_t, del, void,
	private_kernel_cryptomap_rtnl_t *this, const kernel_cryptomap_dst_t *dst,
	const kernel_cryptomap_hop_t *hop)
{
	const char *error;

	init_route(this, RTM_DELROUTE, 0, dst, hop);
	error = call(this, NULL, NULL);
	if (error)
	{	/* it went with its device, or somebody was faster */
		DBG2(DBG_KNL, "deleting a reverse route failed: %s", error);
	}
}

/**
 * What a dump calls back.
 */
typedef struct {
	void (*cb)(void*, kernel_cryptomap_route_t*);
	void *user;
} dump_t;

/**
 * A route of a dump.
 */
static void on_dump(void *user, const struct nlmsghdr *nlh)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[RTA_MAX + 1];
	kernel_cryptomap_route_t route = {
		.dst = {
			.family = rtm->rtm_family,
			.bits = rtm->rtm_dst_len,
		},
	};
	dump_t *dump = user;

	/* a kernel without filters tells all */
	if (rtm->rtm_protocol == KERNEL_CRYPTOMAP_RTPROT &&
		rtm->rtm_type == RTN_UNICAST)
	{
		kernel_cryptomap_attrs_at(nlh, sizeof(*rtm), tb, RTA_MAX);
		route.dst.table = kernel_cryptomap_num(tb[RTA_TABLE]);
		route.dst.metric = kernel_cryptomap_num(tb[RTA_PRIORITY]);
		get_addr(tb[RTA_DST], rtm->rtm_family, route.dst.net);
		parse_hop(&route.hop, rtm->rtm_family, tb);
		dump->cb(dump->user, &route);
	}
}

/**
 * Read the routes of one family.
 */
static bool dump_family(private_kernel_cryptomap_rtnl_t *this, int family,
						dump_t *dump)
{
	const char *error;
	struct rtmsg *rtm;

	rtm = kernel_cryptomap_netlink_init(&this->msg, RTM_GETROUTE, NLM_F_DUMP,
										sizeof(*rtm));
	rtm->rtm_family = family;
	rtm->rtm_protocol = KERNEL_CRYPTOMAP_RTPROT;
	error = call(this, on_dump, dump);
	if (error)
	{
		DBG1(DBG_KNL, "reading routes failed: %s", error);
	}
	return !error;
}

METHOD(kernel_cryptomap_rtnl_t, dump, bool,
	private_kernel_cryptomap_rtnl_t *this,
	void (*cb)(void*, kernel_cryptomap_route_t*), void *user)
{
	dump_t dump = {
		.cb = cb,
		.user = user,
	};

	return dump_family(this, AF_INET, &dump) &&
		   dump_family(this, AF_INET6, &dump);
}

METHOD(kernel_cryptomap_rtnl_t, get_port, uint32_t,
	private_kernel_cryptomap_rtnl_t *this)
{
	return this->netlink->get_port(this->netlink);
}

METHOD(kernel_cryptomap_rtnl_t, destroy, void,
	private_kernel_cryptomap_rtnl_t *this)
{
	DESTROY_IF(this->netlink);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_rtnl_t *kernel_cryptomap_rtnl_create()
{
	private_kernel_cryptomap_rtnl_t *this;

	INIT(this,
		.public = {
			.get_link = _get_link,
			.get_hop = _get_hop,
			.add = _add,
			.del = _del,
			.dump = _dump,
			.get_port = _get_port,
			.destroy = _destroy,
		},
		.netlink = kernel_cryptomap_netlink_create(NETLINK_ROUTE,
												   sizeof(struct rtmsg)),
	);

	if (!this->netlink)
	{
		destroy(this);
		return NULL;
	}
	return &this->public;
}
