// SPDX-License-Identifier: GPL-2.0-only
/* Reverse routes of crypto map entries, as attributes. */

#include <net/netlink.h>

#include "entry.h"
#include "netlink.h"
#include "netlink-gen.h"
#include "nl_route.h"

int cmap_nl_get_route(const struct nlattr *nest, struct cmap_entry_params *p,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CRYPTO_MAP_A_REVERSE_ROUTE_MAX + 1];
	struct cmap_reverse_route *route = &p->routes;
	int err;

	if (!nest)
		return 0;
	err = nla_parse_nested(tb, CRYPTO_MAP_A_REVERSE_ROUTE_MAX, nest,
			       crypto_map_reverse_route_nl_policy, extack);
	if (err)
		return err;
	p->route = route;

	route->enable = nla_get_flag(tb[CRYPTO_MAP_A_REVERSE_ROUTE_ENABLE]);
	route->is_static = nla_get_flag(tb[CRYPTO_MAP_A_REVERSE_ROUTE_STATIC]);
	route->peer_gateway =
		nla_get_flag(tb[CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER_GATEWAY]);
	if (tb[CRYPTO_MAP_A_REVERSE_ROUTE_DISTANCE])
		route->distance =
			nla_get_u8(tb[CRYPTO_MAP_A_REVERSE_ROUTE_DISTANCE]);
	if (tb[CRYPTO_MAP_A_REVERSE_ROUTE_TAG])
		route->tag = nla_get_u32(tb[CRYPTO_MAP_A_REVERSE_ROUTE_TAG]);
	if (tb[CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER]) {
		/* the next hop to the peers is of their family */
		route->remote_peer_family = p->peer_family;
		err = cmap_nl_get_addr(tb[CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER],
				       &route->remote_peer_family,
				       &route->remote_peer, extack);
	}
	if (!err && tb[CRYPTO_MAP_A_REVERSE_ROUTE_GATEWAY])
		err = cmap_nl_get_addr(tb[CRYPTO_MAP_A_REVERSE_ROUTE_GATEWAY],
				       &route->gateway_family, &route->gateway,
				       extack);
	return err;
}

int cmap_nl_put_route(struct sk_buff *skb, int type,
		      const struct cmap_reverse_route *route)
{
	struct nlattr *nest;

	if (!route)
		return 0;
	nest = nla_nest_start(skb, type);
	if (!nest)
		return -EMSGSIZE;
	if ((route->enable &&
	     nla_put_flag(skb, CRYPTO_MAP_A_REVERSE_ROUTE_ENABLE)) ||
	    (route->is_static &&
	     nla_put_flag(skb, CRYPTO_MAP_A_REVERSE_ROUTE_STATIC)) ||
	    (route->peer_gateway &&
	     nla_put_flag(skb, CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER_GATEWAY)) ||
	    (route->distance &&
	     nla_put_u8(skb, CRYPTO_MAP_A_REVERSE_ROUTE_DISTANCE,
			route->distance)) ||
	    (route->tag &&
	     nla_put_u32(skb, CRYPTO_MAP_A_REVERSE_ROUTE_TAG, route->tag)) ||
	    (route->remote_peer_family &&
	     cmap_nl_put_addr(skb, CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER,
			      route->remote_peer_family,
			      &route->remote_peer)) ||
	    (route->gateway_family &&
	     cmap_nl_put_addr(skb, CRYPTO_MAP_A_REVERSE_ROUTE_GATEWAY,
			      route->gateway_family, &route->gateway)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
