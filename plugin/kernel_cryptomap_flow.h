/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_FLOW_H_
#define KERNEL_CRYPTOMAP_FLOW_H_

#include "kernel_cryptomap_socket.h"

#include <collections/array.h>
#include <linux/crypto_map.h>
#include <crypto/proposal/proposal.h>
#include <ipsec/ipsec_types.h>
#include <net/if.h>
#include <selectors/traffic_selector.h>

typedef struct kernel_cryptomap_flow_t kernel_cryptomap_flow_t;
typedef struct kernel_cryptomap_tset_t kernel_cryptomap_tset_t;

/**
 * A transform set of a crypto map entry.
 */
struct kernel_cryptomap_tset_t {
	/** CRYPTO_MAP_CIPHER_* */
	uint32_t cipher;
	/** key length of the cipher in bits, without salt */
	uint16_t key_bits;
	/** ICV of a combined mode cipher in bytes */
	uint8_t icv_bytes;
	/** CRYPTO_MAP_AUTH_* */
	uint32_t auth;
	/** transport mode is wanted */
	bool transport;
	/** no other mode will do */
	bool require;
	/** extended sequence numbers */
	bool esn;
};

/**
 * Routes to what a flow protects.
 */
typedef struct {
	/** there are to be some */
	bool enabled;
	/** without an SA, too */
	bool always;
	/** metric of the routes, 0 for the default */
	uint8_t distance;
	/** next hop to the peer and what is behind it, NULL for none */
	host_t *remote_peer;
	/** next hop to what is behind the peer, NULL for none */
	host_t *gateway;
} kernel_cryptomap_reverse_t;

/** Addresses of a name that count */
#define KERNEL_CRYPTOMAP_NAME_ADDRS 8
/** Most peers of a flow, with all addresses of those that are names */
#define KERNEL_CRYPTOMAP_PEERS_MAX (CRYPTO_MAP_ENTRY_PEER_MAX + \
		CRYPTO_MAP_ENTRY_HOST_MAX * (KERNEL_CRYPTOMAP_NAME_ADDRS - 1))

/**
 * A peer of a crypto map entry.
 */
typedef struct {
	/** its address, NULL for a name that has not been resolved */
	host_t *host;
	/** the name that it is known by, NULL for none */
	char *name;
} kernel_cryptomap_peer_t;

/**
 * What the kernel says about a flow, at the time it was asked. Never changes,
 * shared by reference.
 */
struct kernel_cryptomap_flow_t {
	/** references, see get_ref() and put() */
	refcount_t ref;
	/** id of the flow, the reqid of its CHILD_SAs; 0 for one that the peer may
	 * have by a dynamic crypto map, or between two hosts by an entry with level
	 * per-host, see new() */
	uint32_t id;
	/** network device */
	char ifname[IF_NAMESIZE];
	/** crypto map */
	char map[CRYPTO_MAP_NAME_MAX + 1];
	/** sequence number of the crypto map entry */
	uint16_t entry_seq;
	/** sequence number of the access list entry */
	uint32_t ace_seq;
	/** sequence number in the dynamic crypto map that it is of, 0 for none */
	uint16_t dynamic_seq;
	/** name of that, or "" */
	char dynamic[CRYPTO_MAP_NAME_MAX + 1];
	/** ISAKMP profile that its peer is to be of, or "" */
	char profile[CRYPTO_MAP_NAME_MAX + 1];
	/** SPI of the outbound SA in use, network order, 0 without one */
	uint32_t out_spi;
	/** without one, UDP port that the peer of the last one had, 0 if not known */
	uint16_t last_port;
	/** the access list entry can't be told as one pair of selectors */
	bool narrow;
	/** both ends of the access list entry are the tunnel end points */
	bool peer_to_peer;
	/** local tunnel end point, NULL without an address */
	host_t *local;
	/** peer to negotiate with, NULL without one; see
	 * kernel_cryptomap_flow_set_peer() */
	host_t *remote;
	/** peers of the entry in order of preference; of a dump, those that are names */
	kernel_cryptomap_peer_t peer[KERNEL_CRYPTOMAP_PEERS_MAX];
	/** number of them */
	u_int peer_count;
	/** the first of them is the default one */
	bool default_peer;
	/** it is asked first after the idle time */
	bool idle_default;
	/** traffic of this side, NULL if it can't be told */
	traffic_selector_t *local_ts;
	/** traffic of the other side, NULL if it can't be told */
	traffic_selector_t *remote_ts;
	/** reverse routes */
	kernel_cryptomap_reverse_t reverse;
	/** Diffie-Hellman group of PFS (IANA number), 0 for none */
	uint16_t pfs_group;
	/** lifetime in seconds */
	uint32_t life_seconds;
	/** lifetime in 1000 bytes, 0 for none */
	uint32_t life_kilobytes;
	/** replay window in packets, 0 for none */
	uint32_t replay_window;
	/** transform sets in order of preference */
	kernel_cryptomap_tset_t tset[CRYPTO_MAP_ENTRY_TSET_MAX];
	/** number of them */
	u_int tset_count;
};

/**
 * Get another reference.
 */
kernel_cryptomap_flow_t *kernel_cryptomap_flow_get_ref(
											kernel_cryptomap_flow_t *flow);

/**
 * Choose the peer to negotiate with, in place of the one in use or the first one.
 *
 * @param flow			flow that nobody else has a reference to
 * @param peer			one of its peers
 */
void kernel_cryptomap_flow_set_peer(kernel_cryptomap_flow_t *flow,
									host_t *peer);

/**
 * Add a peer to those of a flow, or the addresses that its name has.
 *
 * @param flow			flow that nobody else has a reference to
 * @param peer			the peer; what it owns is consumed
 * @param addresses		addresses of its name, host_t, NULL if none are known; those of the
 *						family of the flow's local address count
 */
void kernel_cryptomap_flow_add_peer(kernel_cryptomap_flow_t *flow,
									kernel_cryptomap_peer_t *peer,
									array_t *addresses);

/**
 * Drop a reference.
 *
 * @param flow			flow, may be NULL
 */
void kernel_cryptomap_flow_put(kernel_cryptomap_flow_t *flow);

/**
 * Ask the kernel for a flow.
 *
 * @param socket		client of the kernel module
 * @param id			id of the flow
 * @return				reference, NULL if there is no such flow, which errno tells by
 *						ENOENT, or the kernel does not say
 */
kernel_cryptomap_flow_t *kernel_cryptomap_flow_get(
								kernel_cryptomap_socket_t *socket, uint32_t id);

/**
 * Ask the kernel for the flow that a peer's proposal is for.
 *
 * @param socket		client of the kernel module
 * @param local			our address
 * @param remote		the peer's address
 * @param names			names that have this address, char*, or NULL
 * @param local_ts		traffic of our side, or NULL: any entry for this peer
 * @param remote_ts		traffic of the peer's side, or NULL
 * @param after			NULL, or a flow without id that was found before and
 *						does not suit: the next one
 * @return				reference, NULL if there is no such flow or no module; one
 *						without id if the peer may have it, see
 *						kernel_cryptomap_flow_new()
 */
kernel_cryptomap_flow_t *kernel_cryptomap_flow_find(
								kernel_cryptomap_socket_t *socket,
								host_t *local, host_t *remote, array_t *names,
								traffic_selector_t *local_ts,
								traffic_selector_t *remote_ts,
								kernel_cryptomap_flow_t *after);

/**
 * Have the kernel make a flow that the peer may have by a dynamic crypto map, or
 * between two hosts by an entry with level per-host. It goes with its last SA, or if it
 * gets none within half a minute.
 *
 * @param socket		client of the kernel module
 * @param flow			flow without id, of kernel_cryptomap_flow_find()
 * @param names			names that have the address of its peer, char*, or NULL
 * @return				reference to the flow with its id, which may have been there
 *						before; NULL if the kernel refuses
 */
kernel_cryptomap_flow_t *kernel_cryptomap_flow_new(
								kernel_cryptomap_socket_t *socket,
								kernel_cryptomap_flow_t *flow, array_t *names);

/**
 * Ask the kernel for all flows.
 *
 * @param socket		client of the kernel module
 * @param filter		CRYPTO_MAP_A_FLOW_ACQUIRING for those with an outstanding
 *						acquire only, CRYPTO_MAP_A_FLOW_ROUTED for those with
 *						reverse routes, 0 for all
 * @param cb			called for each, without transform sets and entry; it
 *						must not use the socket
 * @param user			first argument of cb
 * @return				FALSE if the kernel refused
 */
bool kernel_cryptomap_flow_dump(kernel_cryptomap_socket_t *socket,
							uint16_t filter,
							void (*cb)(void*, kernel_cryptomap_flow_t*),
							void *user);

/**
 * Tell the kernel that there will be no SA for now.
 *
 * @param socket		client of the kernel module
 * @param id			id of the flow
 * @param reason		why, for whoever watches
 */
void kernel_cryptomap_flow_fail(kernel_cryptomap_socket_t *socket, uint32_t id,
								const char *reason);

/**
 * Put a pair of traffic selectors as a nest.
 *
 * @param nlh			message under construction
 * @param type			attribute of the nest
 * @param local_ts		traffic of our side
 * @param remote_ts		traffic of the other side
 * @return				FALSE if the kernel has no way to tell it: a range of
 *						addresses or ports; nothing is put then
 */
bool kernel_cryptomap_put_selector(struct nlmsghdr *nlh, uint16_t type,
								   traffic_selector_t *local_ts,
								   traffic_selector_t *remote_ts);

/**
 * The modes that a transform set allows for a flow.
 *
 * Transport mode needs a flow between the two tunnel end points; a transform
 * set for it that does not require it falls back to tunnel mode elsewhere.
 *
 * @param flow			the flow
 * @param tset			transform set of the flow
 * @param mode			MODE_TUNNEL or MODE_TRANSPORT
 * @return				TRUE if this mode may be negotiated
 */
bool kernel_cryptomap_flow_allows(kernel_cryptomap_flow_t *flow,
								  kernel_cryptomap_tset_t *tset,
								  ipsec_mode_t mode);

/**
 * The mode to propose for a flow: that of its first usable transform set.
 *
 * @param flow			the flow
 * @param mode			set to MODE_TUNNEL or MODE_TRANSPORT
 * @return				FALSE if no transform set can be used
 */
bool kernel_cryptomap_flow_mode(kernel_cryptomap_flow_t *flow,
								ipsec_mode_t *mode);

/**
 * The mode to propose for a flow when the peer refused that of
 * kernel_cryptomap_flow_mode(): IKEv1 could offer both in one quick mode, charon can't.
 *
 * @param flow			the flow
 * @param mode			set to MODE_TUNNEL or MODE_TRANSPORT
 * @return				FALSE if no transform set allows another one
 */
bool kernel_cryptomap_flow_other_mode(kernel_cryptomap_flow_t *flow,
									  ipsec_mode_t *mode);

#endif /** KERNEL_CRYPTOMAP_FLOW_H_ */
