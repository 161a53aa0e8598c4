/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_RTNL_H_
#define KERNEL_CRYPTOMAP_RTNL_H_

#include "kernel_cryptomap_netlink.h"

typedef struct kernel_cryptomap_rtnl_t kernel_cryptomap_rtnl_t;

/** Who made a route (RTA_PROTOCOL): none below 255 that iproute2 lists */
#define KERNEL_CRYPTOMAP_RTPROT 50

/**
 * What a route is known by. All of it is compared as memory: create it as {}.
 */
typedef struct {
	/** AF_INET or AF_INET6 */
	int family;
	/** number of the routing table */
	uint32_t table;
	/** metric */
	uint32_t metric;
	/** length of the prefix */
	uint32_t bits;
	/** network, network order, zeroes behind it */
	uint8_t net[16];
} kernel_cryptomap_dst_t;

/**
 * Where a route goes. All of it is compared as memory: create it as {}.
 */
typedef struct {
	/** device, 0 for nowhere */
	uint32_t ifindex;
	/** family of the gateway, AF_UNSPEC for none: the network is on the link */
	int family;
	/** gateway, network order, zeroes behind it */
	uint8_t gateway[16];
} kernel_cryptomap_hop_t;

/**
 * A route. All of it is compared as memory, too.
 */
typedef struct {
	/** where to */
	kernel_cryptomap_dst_t dst;
	/** which way */
	kernel_cryptomap_hop_t hop;
} kernel_cryptomap_route_t;

/**
 * A network device.
 */
typedef struct {
	/** its index */
	uint32_t ifindex;
	/** its routing table: the main one, or that of its VRF */
	uint32_t table;
} kernel_cryptomap_link_t;

/**
 * Client of the kernel's routing tables. Not thread-safe.
 */
struct kernel_cryptomap_rtnl_t {

	/**
	 * Find a device.
	 *
	 * @param name		its name
	 * @param link		set to it
	 * @return			NULL, or why not
	 */
	const char *(*get_link)(kernel_cryptomap_rtnl_t *this, const char *name,
							kernel_cryptomap_link_t *link);

	/**
	 * Find the next hop to a host.
	 *
	 * @param host		where to
	 * @param ifindex	device to leave by
	 * @param hop		set to the gateway, to the host itself on a link of it
	 * @return			NULL, or why there is none
	 */
	const char *(*get_hop)(kernel_cryptomap_rtnl_t *this, host_t *host,
						   uint32_t ifindex, kernel_cryptomap_hop_t *hop);

	/**
	 * Add a route.
	 *
	 * @param dst		where to
	 * @param hop		which way
	 * @param replace	TRUE to change one of ours, FALSE if there must be none
	 * @return			NULL, or why not
	 */
	const char *(*add)(kernel_cryptomap_rtnl_t *this,
					   const kernel_cryptomap_dst_t *dst,
					   const kernel_cryptomap_hop_t *hop, bool replace);

	/**
	 * Delete a route of ours; no other one goes.
	 *
	 * @param dst		where to
	 * @param hop		which way
	 */
	void (*del)(kernel_cryptomap_rtnl_t *this,
				const kernel_cryptomap_dst_t *dst,
				const kernel_cryptomap_hop_t *hop);

	/**
	 * Read all routes of ours.
	 *
	 * @param cb		called for each; it must not use this object
	 * @param user		first argument of cb
	 * @return			FALSE if not all were read
	 */
	bool (*dump)(kernel_cryptomap_rtnl_t *this,
				 void (*cb)(void *user, kernel_cryptomap_route_t *route),
				 void *user);

	/**
	 * Port id: notifications of changes made by this object have it.
	 */
	uint32_t (*get_port)(kernel_cryptomap_rtnl_t *this);

	/**
	 * Close the socket.
	 */
	void (*destroy)(kernel_cryptomap_rtnl_t *this);
};

/**
 * Open a socket.
 *
 * @return				the instance, NULL if there is no rtnetlink
 */
kernel_cryptomap_rtnl_t *kernel_cryptomap_rtnl_create();

/**
 * Set the gateway of a hop.
 */
void kernel_cryptomap_hop_via(kernel_cryptomap_hop_t *hop, host_t *gateway);

#endif /** KERNEL_CRYPTOMAP_RTNL_H_ */
