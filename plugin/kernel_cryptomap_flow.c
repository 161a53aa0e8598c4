/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_flow.h"

#include <errno.h>

/** UDP port of a peer that is not behind a NAT */
#define IKEV1_PORT 500
/** Names that a flow is looked for by, which fit into a request */
#define NAMES_MAX 8

/**
 * The address of a selector's side as a subnet.
 *
 * @param family		address family of the selector
 * @param addr			address, or NULL for any
 * @param wildcard		bits that are not compared, or NULL for none
 * @param bits			set to the length of the prefix
 * @return				address, NULL if it is not a subnet
 */
static host_t *get_subnet(int family, const struct nlattr *addr,
						  const struct nlattr *wildcard, uint8_t *bits)
{
	const uint8_t *mask;
	u_int len, i;

	if (!addr)
	{
		*bits = 0;
		return host_create_any(family);
	}
	len = mnl_attr_get_payload_len(addr);
	*bits = len * 8;
	if (wildcard)
	{
		if (mnl_attr_get_payload_len(wildcard) != len)
		{
			return NULL;
		}
		mask = mnl_attr_get_payload(wildcard);
		*bits = 0;
		while (*bits < len * 8 && !(mask[*bits / 8] & (0x80 >> *bits % 8)))
		{
			(*bits)++;
		}
		for (i = *bits; i < len * 8; i++)
		{
			if (!(mask[i / 8] & (0x80 >> i % 8)))
			{
				return NULL;
			}
		}
	}
	return kernel_cryptomap_host(addr, 0);
}

/**
 * One side of a selector.
 */
static traffic_selector_t *get_ts(int family, const struct nlattr *addr,
								  const struct nlattr *wildcard,
								  uint8_t protocol, uint16_t port)
{
	host_t *net;
	uint8_t bits;

	net = get_subnet(family, addr, wildcard, &bits);
	if (!net)
	{
		return NULL;
	}
	return traffic_selector_create_from_subnet(net, bits, protocol, port,
											   port ?: 65535);
}

/**
 * The traffic of a flow.
 */
static void parse_selector(kernel_cryptomap_flow_t *flow,
						   const struct nlattr *nest)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SELECTOR_MAX + 1];
	uint8_t protocol;
	int family;

	kernel_cryptomap_nest(nest, tb, CRYPTO_MAP_A_SELECTOR_MAX);
	/* with any on both sides nothing else tells it */
	family = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SELECTOR_FAMILY]) ?: AF_INET;
	protocol = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SELECTOR_PROTOCOL]);
	flow->local_ts = get_ts(family, tb[CRYPTO_MAP_A_SELECTOR_LOCAL],
			tb[CRYPTO_MAP_A_SELECTOR_LOCAL_WILDCARD], protocol,
			kernel_cryptomap_num(tb[CRYPTO_MAP_A_SELECTOR_LOCAL_PORT]));
	flow->remote_ts = get_ts(family, tb[CRYPTO_MAP_A_SELECTOR_REMOTE],
			tb[CRYPTO_MAP_A_SELECTOR_REMOTE_WILDCARD], protocol,
			kernel_cryptomap_num(tb[CRYPTO_MAP_A_SELECTOR_REMOTE_PORT]));
}

/**
 * Whether an address may be that of a peer of a flow.
 */
static bool fits_family(kernel_cryptomap_flow_t *flow, host_t *address)
{
	return !flow->local ||
		   flow->local->get_family(flow->local) ==
		   address->get_family(address);
}

/**
 * See header.
 */
void kernel_cryptomap_flow_add_peer(kernel_cryptomap_flow_t *flow,
									kernel_cryptomap_peer_t *peer,
									array_t *addresses)
{
	kernel_cryptomap_peer_t *added;
	host_t *address;
	bool found = FALSE;
	int i;

	for (i = 0; !peer->host && i < array_count(addresses); i++)
	{
		array_get(addresses, i, &address);
		if (fits_family(flow, address) && flow->peer_count < countof(flow->peer))
		{
			added = &flow->peer[flow->peer_count++];
			added->name = strdup(peer->name);
			added->host = address->clone(address);
			added->host->set_port(added->host, IKEV1_PORT);
			found = TRUE;
		}
	}
	if (!found && flow->peer_count < countof(flow->peer))
	{
		flow->peer[flow->peer_count++] = *peer;
		return;
	}
	DESTROY_IF(peer->host);
	free(peer->name);
}

/**
 * Add a peer that an attribute tells of.
 */
static void parse_peer(kernel_cryptomap_flow_t *flow, host_t *host,
					   const char *name)
{
	kernel_cryptomap_peer_t peer = {
		.host = host,
		.name = name ? strdup(name) : NULL,
	};

	kernel_cryptomap_flow_add_peer(flow, &peer, NULL);
}

/**
 * The peers of a crypto map entry.
 */
static void parse_peers(kernel_cryptomap_flow_t *flow,
						const struct nlattr *nest)
{
	const struct nlattr *attr;
	host_t *host;

	if (!nest)
	{
		return;
	}
	mnl_attr_for_each_nested(attr, nest)
	{
		switch (mnl_attr_get_type(attr))
		{
			case CRYPTO_MAP_A_ENTRY_PEER:
				host = kernel_cryptomap_host(attr, IKEV1_PORT);
				if (host)
				{
					parse_peer(flow, host, NULL);
				}
				break;
			case CRYPTO_MAP_A_ENTRY_PEER_NAME:
				parse_peer(flow, NULL, kernel_cryptomap_str(attr));
				break;
			default:
				break;
		}
	}
}

/**
 * What a flow takes from its crypto map entry.
 */
static void parse_entry(kernel_cryptomap_flow_t *flow,
						const struct nlattr *nest)
{
	const struct nlattr *tb[CRYPTO_MAP_A_ENTRY_MAX + 1];

	kernel_cryptomap_nest(nest, tb, CRYPTO_MAP_A_ENTRY_MAX);
	flow->pfs_group =
				kernel_cryptomap_num(tb[CRYPTO_MAP_A_ENTRY_PFS_GROUP]);
	flow->life_seconds =
				kernel_cryptomap_num(tb[CRYPTO_MAP_A_ENTRY_LIFE_SECONDS]);
	flow->life_kilobytes =
				kernel_cryptomap_num(tb[CRYPTO_MAP_A_ENTRY_LIFE_KILOBYTES]);
	flow->replay_window =
				kernel_cryptomap_num(tb[CRYPTO_MAP_A_ENTRY_REPLAY_WINDOW]);
	flow->default_peer = tb[CRYPTO_MAP_A_ENTRY_DEFAULT_PEER] != NULL;
	flow->idle_default = tb[CRYPTO_MAP_A_ENTRY_IDLE_DEFAULT] != NULL;
	snprintf(flow->profile, sizeof(flow->profile), "%s",
			 kernel_cryptomap_str(tb[CRYPTO_MAP_A_ENTRY_ISAKMP_PROFILE]));
	parse_peers(flow, nest);
}

/**
 * The reverse routes of a flow.
 */
static void parse_reverse(kernel_cryptomap_reverse_t *reverse,
						  const struct nlattr *nest)
{
	const struct nlattr *tb[CRYPTO_MAP_A_REVERSE_ROUTE_MAX + 1];

	kernel_cryptomap_nest(nest, tb, CRYPTO_MAP_A_REVERSE_ROUTE_MAX);
	reverse->enabled = tb[CRYPTO_MAP_A_REVERSE_ROUTE_ENABLE] != NULL;
	reverse->always = tb[CRYPTO_MAP_A_REVERSE_ROUTE_STATIC] != NULL;
	reverse->distance =
				kernel_cryptomap_num(tb[CRYPTO_MAP_A_REVERSE_ROUTE_DISTANCE]);
	reverse->remote_peer =
		kernel_cryptomap_host(tb[CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER], 0);
	reverse->gateway =
		kernel_cryptomap_host(tb[CRYPTO_MAP_A_REVERSE_ROUTE_GATEWAY], 0);
}

/**
 * Add a transform set to a flow.
 */
static void parse_tset(kernel_cryptomap_flow_t *flow,
					   const struct nlattr *nest)
{
	const struct nlattr *tb[CRYPTO_MAP_A_TSET_MAX + 1];
	kernel_cryptomap_tset_t *tset;

	if (flow->tset_count == countof(flow->tset))
	{
		return;
	}
	kernel_cryptomap_nest(nest, tb, CRYPTO_MAP_A_TSET_MAX);
	tset = &flow->tset[flow->tset_count++];
	tset->cipher = kernel_cryptomap_num(tb[CRYPTO_MAP_A_TSET_CIPHER]);
	tset->key_bits = kernel_cryptomap_num(tb[CRYPTO_MAP_A_TSET_KEY_BITS]);
	tset->icv_bytes =
				kernel_cryptomap_num(tb[CRYPTO_MAP_A_TSET_ICV_BYTES]) ?: 16;
	tset->auth = kernel_cryptomap_num(tb[CRYPTO_MAP_A_TSET_AUTH]);
	tset->transport = kernel_cryptomap_num(tb[CRYPTO_MAP_A_TSET_MODE]) ==
														CRYPTO_MAP_MODE_TRANSPORT;
	tset->require = tb[CRYPTO_MAP_A_TSET_REQUIRE] != NULL;
	tset->esn = tb[CRYPTO_MAP_A_TSET_ESN] != NULL;
}

/**
 * Whether the traffic is that between the tunnel end points themselves.
 */
static bool is_peer_to_peer(kernel_cryptomap_flow_t *flow)
{
	return flow->local && flow->remote && flow->local_ts && flow->remote_ts &&
		   flow->local_ts->is_host(flow->local_ts, flow->local) &&
		   flow->remote_ts->is_host(flow->remote_ts, flow->remote);
}

/**
 * Make a flow of a message.
 */
static kernel_cryptomap_flow_t *parse_flow(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CRYPTO_MAP_A_FLOW_MAX + 1], *attr;
	kernel_cryptomap_flow_t *flow;
	uint16_t port;

	kernel_cryptomap_attrs(nlh, tb, CRYPTO_MAP_A_FLOW_MAX);
	port = kernel_cryptomap_num(tb[CRYPTO_MAP_A_FLOW_REMOTE_PORT]) ?:
															IKEV1_PORT;
	INIT(flow,
		.ref = 1,
		.id = kernel_cryptomap_num(tb[CRYPTO_MAP_A_FLOW_ID]),
		.entry_seq = kernel_cryptomap_num(tb[CRYPTO_MAP_A_FLOW_ENTRY_SEQ]),
		.ace_seq = kernel_cryptomap_num(tb[CRYPTO_MAP_A_FLOW_ACE_SEQ]),
		.dynamic_seq =
				kernel_cryptomap_num(tb[CRYPTO_MAP_A_FLOW_DYNAMIC_SEQ]),
		.out_spi = htonl(kernel_cryptomap_num(tb[CRYPTO_MAP_A_FLOW_OUT_SPI])),
		.last_port = kernel_cryptomap_num(tb[CRYPTO_MAP_A_FLOW_LAST_PORT]),
		.narrow = tb[CRYPTO_MAP_A_FLOW_NARROW] != NULL,
		.local = kernel_cryptomap_host(tb[CRYPTO_MAP_A_FLOW_LOCAL],
										IKEV1_PORT),
		.remote = kernel_cryptomap_host(tb[CRYPTO_MAP_A_FLOW_REMOTE], port),
	);
	snprintf(flow->ifname, sizeof(flow->ifname), "%s",
			 kernel_cryptomap_str(tb[CRYPTO_MAP_A_FLOW_IFNAME]));
	snprintf(flow->map, sizeof(flow->map), "%s",
			 kernel_cryptomap_str(tb[CRYPTO_MAP_A_FLOW_MAP]));
	snprintf(flow->dynamic, sizeof(flow->dynamic), "%s",
			 kernel_cryptomap_str(tb[CRYPTO_MAP_A_FLOW_DYNAMIC]));
	parse_selector(flow, tb[CRYPTO_MAP_A_FLOW_SELECTOR]);
	parse_entry(flow, tb[CRYPTO_MAP_A_FLOW_ENTRY]);
	parse_reverse(&flow->reverse, tb[CRYPTO_MAP_A_FLOW_REVERSE_ROUTE]);
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
	{
		switch (mnl_attr_get_type(attr))
		{
			case CRYPTO_MAP_A_FLOW_TSET:
				parse_tset(flow, attr);
				break;
			case CRYPTO_MAP_A_FLOW_PEER_NAME:
				/* else they are there, with all others */
				if (!tb[CRYPTO_MAP_A_FLOW_ENTRY])
				{
					parse_peer(flow, NULL, kernel_cryptomap_str(attr));
				}
				break;
			default:
				break;
		}
	}
	flow->peer_to_peer = is_peer_to_peer(flow);
	return flow;
}

/**
 * See header.
 */
kernel_cryptomap_flow_t *kernel_cryptomap_flow_get_ref(
											kernel_cryptomap_flow_t *flow)
{
	ref_get(&flow->ref);
	return flow;
}

/**
 * See header.
 */
void kernel_cryptomap_flow_set_peer(kernel_cryptomap_flow_t *flow,
									host_t *peer)
{
	if (!flow->remote || !flow->remote->ip_equals(flow->remote, peer))
	{
		DESTROY_IF(flow->remote);
		flow->remote = peer->clone(peer);
		flow->remote->set_port(flow->remote, IKEV1_PORT);
		flow->peer_to_peer = is_peer_to_peer(flow);
	}
}

/**
 * See header.
 */
void kernel_cryptomap_flow_put(kernel_cryptomap_flow_t *flow)
{
	u_int i;

	if (flow && ref_put(&flow->ref))
	{
		for (i = 0; i < flow->peer_count; i++)
		{
			DESTROY_IF(flow->peer[i].host);
			free(flow->peer[i].name);
		}
		DESTROY_IF(flow->local);
		DESTROY_IF(flow->remote);
		DESTROY_IF(flow->local_ts);
		DESTROY_IF(flow->remote_ts);
		DESTROY_IF(flow->reverse.remote_peer);
		DESTROY_IF(flow->reverse.gateway);
		free(flow);
	}
}

/**
 * Keep the flow of a reply.
 */
static void on_flow(void *user, const struct nlmsghdr *nlh)
{
	kernel_cryptomap_flow_t **flow = user;

	kernel_cryptomap_flow_put(*flow);
	*flow = parse_flow(nlh);
}

/**
 * Send a request that is answered with a flow.
 */
static kernel_cryptomap_flow_t *call(kernel_cryptomap_socket_t *socket,
							kernel_cryptomap_msg_t *msg, const char *what)
{
	kernel_cryptomap_flow_t *flow = NULL;
	int error;

	error = socket->call(socket, msg, on_flow, &flow);
	if (error && error != ENOENT)
	{
		DBG1(DBG_KNL, "%s failed: %s", what, msg->error);
	}
	errno = error;
	return flow;
}

/**
 * See header.
 */
kernel_cryptomap_flow_t *kernel_cryptomap_flow_get(
								kernel_cryptomap_socket_t *socket, uint32_t id)
{
	kernel_cryptomap_msg_t msg;

	socket->init(socket, &msg, CRYPTO_MAP_CMD_FLOW_GET, FALSE);
	mnl_attr_put_u32(msg.nlh, CRYPTO_MAP_A_FLOW_ID, id);
	return call(socket, &msg, "reading a flow");
}

/**
 * Put where in the configuration a flow that the peer may have is.
 */
static void put_place(struct nlmsghdr *nlh, kernel_cryptomap_flow_t *flow)
{
	mnl_attr_put_strz(nlh, CRYPTO_MAP_A_FLOW_IFNAME, flow->ifname);
	mnl_attr_put_strz(nlh, CRYPTO_MAP_A_FLOW_MAP, flow->map);
	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_FLOW_ENTRY_SEQ, flow->entry_seq);
	if (flow->dynamic_seq)
	{
		mnl_attr_put_u16(nlh, CRYPTO_MAP_A_FLOW_DYNAMIC_SEQ, flow->dynamic_seq);
	}
}

/**
 * Put the names that an address has.
 */
static void put_names(struct nlmsghdr *nlh, array_t *names)
{
	char *name;
	int i;

	for (i = 0; i < min(array_count(names), NAMES_MAX); i++)
	{
		array_get(names, i, &name);
		mnl_attr_put_strz(nlh, CRYPTO_MAP_A_FLOW_PEER_NAME, name);
	}
}

/**
 * See header.
 */
kernel_cryptomap_flow_t *kernel_cryptomap_flow_find(
								kernel_cryptomap_socket_t *socket,
								host_t *local, host_t *remote, array_t *names,
								traffic_selector_t *local_ts,
								traffic_selector_t *remote_ts,
								kernel_cryptomap_flow_t *after)
{
	kernel_cryptomap_msg_t msg;

	socket->init(socket, &msg, CRYPTO_MAP_CMD_FLOW_FIND, FALSE);
	if (after)
	{
		put_place(msg.nlh, after);
	}
	kernel_cryptomap_put_host(msg.nlh, CRYPTO_MAP_A_FLOW_LOCAL, local);
	kernel_cryptomap_put_host(msg.nlh, CRYPTO_MAP_A_FLOW_REMOTE, remote);
	put_names(msg.nlh, names);
	if (local_ts && remote_ts &&
		!kernel_cryptomap_put_selector(msg.nlh, CRYPTO_MAP_A_FLOW_SELECTOR,
									   local_ts, remote_ts))
	{
		return NULL;
	}
	return call(socket, &msg, "looking for a flow");
}

/**
 * See header.
 */
kernel_cryptomap_flow_t *kernel_cryptomap_flow_new(
								kernel_cryptomap_socket_t *socket,
								kernel_cryptomap_flow_t *flow, array_t *names)
{
	kernel_cryptomap_msg_t msg;

	socket->init(socket, &msg, CRYPTO_MAP_CMD_FLOW_NEW, FALSE);
	put_place(msg.nlh, flow);
	kernel_cryptomap_put_host(msg.nlh, CRYPTO_MAP_A_FLOW_REMOTE, flow->remote);
	put_names(msg.nlh, names);
	if (!kernel_cryptomap_put_selector(msg.nlh, CRYPTO_MAP_A_FLOW_SELECTOR,
									   flow->local_ts, flow->remote_ts))
	{
		return NULL;
	}
	return call(socket, &msg, "making a flow");
}

/**
 * What a dump calls back.
 */
typedef struct {
	void (*cb)(void*, kernel_cryptomap_flow_t*);
	void *user;
} dump_t;

/**
 * A flow of a dump.
 */
static void on_dump(void *user, const struct nlmsghdr *nlh)
{
	kernel_cryptomap_flow_t *flow;
	dump_t *dump = user;

	flow = parse_flow(nlh);
	dump->cb(dump->user, flow);
	kernel_cryptomap_flow_put(flow);
}

/**
 * See header.
 */
bool kernel_cryptomap_flow_dump(kernel_cryptomap_socket_t *socket,
							uint16_t filter,
							void (*cb)(void*, kernel_cryptomap_flow_t*),
							void *user)
{
	kernel_cryptomap_msg_t msg;
	dump_t dump = {
		.cb = cb,
		.user = user,
	};
	int error;

	socket->init(socket, &msg, CRYPTO_MAP_CMD_FLOW_GET, TRUE);
	if (filter)
	{
		mnl_attr_put(msg.nlh, filter, 0, NULL);
	}
	error = socket->call(socket, &msg, on_dump, &dump);
	if (error && error != EINTR)
	{
		DBG1(DBG_KNL, "reading flows failed: %s", msg.error);
	}
	return !error;
}

/**
 * See header.
 */
void kernel_cryptomap_flow_fail(kernel_cryptomap_socket_t *socket, uint32_t id,
								const char *reason)
{
	kernel_cryptomap_msg_t msg;
	char text[CRYPTO_MAP_TEXT_MAX + 1];
	int error;

	snprintf(text, sizeof(text), "%s", reason);
	socket->init(socket, &msg, CRYPTO_MAP_CMD_FLOW_FAIL, FALSE);
	mnl_attr_put_u32(msg.nlh, CRYPTO_MAP_A_FLOW_ID, id);
	mnl_attr_put_strz(msg.nlh, CRYPTO_MAP_A_FLOW_REASON, text);
	error = socket->call(socket, &msg, NULL, NULL);
	if (error && error != ENOENT)
	{
		DBG1(DBG_KNL, "failing flow %u (%s) failed: %s", id, text, msg.error);
	}
}

/**
 * Put the address of one side of a selector; any is absent.
 */
static void put_subnet(struct nlmsghdr *nlh, uint16_t addr, uint16_t wildcard,
					   host_t *net, uint8_t bits)
{
	chunk_t address = net->get_address(net);
	uint8_t mask[16];
	u_int i;

	if (!bits)
	{
		return;
	}
	for (i = 0; i < address.len; i++)
	{
		mask[i] = bits >= (i + 1) * 8 ? 0 :
				  bits <= i * 8 ? 0xff : 0xff >> (bits - i * 8);
	}
	mnl_attr_put(nlh, addr, address.len, address.ptr);
	mnl_attr_put(nlh, wildcard, address.len, mask);
}

/**
 * The single port of a traffic selector, 0 for any.
 */
static bool get_port(traffic_selector_t *ts, uint16_t *port)
{
	uint16_t from = ts->get_from_port(ts), to = ts->get_to_port(ts);

	*port = from == 0 && to == 65535 ? 0 : from;
	return !*port || from == to;
}

/**
 * See header.
 */
bool kernel_cryptomap_put_selector(struct nlmsghdr *nlh, uint16_t type,
								   traffic_selector_t *local_ts,
								   traffic_selector_t *remote_ts)
{
	host_t *local = NULL, *remote = NULL;
	uint8_t local_bits, remote_bits;
	uint16_t local_port, remote_port;
	struct nlattr *nest;
	bool exact;

	exact = local_ts->to_subnet(local_ts, &local, &local_bits) &
			remote_ts->to_subnet(remote_ts, &remote, &remote_bits);
	if (exact && get_port(local_ts, &local_port) &&
		get_port(remote_ts, &remote_port) &&
		local_ts->get_protocol(local_ts) == remote_ts->get_protocol(remote_ts))
	{
		nest = mnl_attr_nest_start(nlh, type);
		mnl_attr_put_u16(nlh, CRYPTO_MAP_A_SELECTOR_FAMILY,
						 local->get_family(local));
		put_subnet(nlh, CRYPTO_MAP_A_SELECTOR_LOCAL,
				   CRYPTO_MAP_A_SELECTOR_LOCAL_WILDCARD, local, local_bits);
		put_subnet(nlh, CRYPTO_MAP_A_SELECTOR_REMOTE,
				   CRYPTO_MAP_A_SELECTOR_REMOTE_WILDCARD, remote, remote_bits);
		mnl_attr_put_u8(nlh, CRYPTO_MAP_A_SELECTOR_PROTOCOL,
						local_ts->get_protocol(local_ts));
		mnl_attr_put_u16(nlh, CRYPTO_MAP_A_SELECTOR_LOCAL_PORT, local_port);
		mnl_attr_put_u16(nlh, CRYPTO_MAP_A_SELECTOR_REMOTE_PORT, remote_port);
		mnl_attr_nest_end(nlh, nest);
	}
	else
	{
		exact = FALSE;
	}
	DESTROY_IF(local);
	DESTROY_IF(remote);
	return exact;
}

/**
 * See header.
 */
bool kernel_cryptomap_flow_allows(kernel_cryptomap_flow_t *flow,
								  kernel_cryptomap_tset_t *tset,
								  ipsec_mode_t mode)
{
	switch (mode)
	{
		case MODE_TRANSPORT:
			return tset->transport && flow->peer_to_peer;
		case MODE_TUNNEL:
			return !tset->require;
		default:
			return FALSE;
	}
}

/**
 * See header.
 */
bool kernel_cryptomap_flow_mode(kernel_cryptomap_flow_t *flow,
								ipsec_mode_t *mode)
{
	u_int i;

	for (i = 0; i < flow->tset_count; i++)
	{
		*mode = flow->tset[i].transport && flow->peer_to_peer ? MODE_TRANSPORT
															  : MODE_TUNNEL;
		if (kernel_cryptomap_flow_allows(flow, &flow->tset[i], *mode))
		{
			return TRUE;
		}
	}
	return FALSE;
}

/**
 * See header.
 */
bool kernel_cryptomap_flow_other_mode(kernel_cryptomap_flow_t *flow,
									  ipsec_mode_t *mode)
{
	u_int i;

	if (!kernel_cryptomap_flow_mode(flow, mode))
	{
		return FALSE;
	}
	*mode = *mode == MODE_TUNNEL ? MODE_TRANSPORT : MODE_TUNNEL;
	for (i = 0; i < flow->tset_count; i++)
	{
		if (kernel_cryptomap_flow_allows(flow, &flow->tset[i], *mode))
		{
			return TRUE;
		}
	}
	return FALSE;
}
