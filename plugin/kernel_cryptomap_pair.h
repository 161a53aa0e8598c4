/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_PAIR_H_
#define KERNEL_CRYPTOMAP_PAIR_H_

#include <collections/linked_list.h>
#include <networking/host.h>
#include <sa/ike_sa_id.h>

typedef struct kernel_cryptomap_pair_t kernel_cryptomap_pair_t;
typedef struct kernel_cryptomap_ike_t kernel_cryptomap_ike_t;

/*
 * Pairs of addresses and their IKE_SAs, as the table of what is under negotiation keeps
 * them (kernel_cryptomap_pairs.h). It holds its lock whenever one of these is touched.
 */

/**
 * Our address and a peer's, and the ISAKMP profile. Exists while an IKE_SA or a flow
 * refers to it.
 */
struct kernel_cryptomap_pair_t {
	/** the addresses */
	host_t *local, *remote;
	/** the profile */
	char *profile;
	/** IKE_SA for new quick modes, NULL for none */
	kernel_cryptomap_ike_t *current;
	/** all IKE_SAs that there are, kernel_cryptomap_ike_t: behind a NAT there may be
	 * several peers */
	linked_list_t *ikes;
	/** a thread is creating an IKE_SA, others wait for it */
	bool creating;
	/** a thread is handing a flow to charon, it may wait for the IKE_SA */
	bool handing;
	/** flows that have a place: charon has them, or gets them soon, flow_t */
	linked_list_t *active;
	/** flows that wait for a place, flow_t */
	linked_list_t *waiting;
};

/**
 * An IKE_SA.
 */
struct kernel_cryptomap_ike_t {
	/** its addresses */
	kernel_cryptomap_pair_t *pair;
	/** its id, NULL if it can't be used for new quick modes */
	ike_sa_id_t *id;
	/** address and port of the peer, not NULL while there is an id */
	host_t *remote;
	/** it has been established */
	bool established;
	/** the last thing that went wrong, or NULL */
	char *reason;
	/** that is what the peer answered */
	bool refused;
};

/**
 * Hash a pair of addresses, whatever its profile is.
 */
u_int kernel_cryptomap_pair_hash(const void *pair);

/**
 * Compare two pairs of addresses; without a profile one equals each that has an
 * IKE_SA for new quick modes with its peer.
 */
bool kernel_cryptomap_pair_equals(const void *a, const void *b);

/**
 * Create a pair without IKE_SAs and flows.
 */
kernel_cryptomap_pair_t *kernel_cryptomap_pair_create(host_t *local,
												host_t *remote, char *profile);

/**
 * Whether something refers to a pair.
 */
bool kernel_cryptomap_pair_is_used(kernel_cryptomap_pair_t *pair);

/**
 * The IKE_SA of a pair for new quick modes: the last one, or the last one with the
 * peer if its port is known, as there may be others behind the same NAT.
 *
 * @param pair			pair
 * @param remote		the peer's address and port
 * @return				IKE_SA, NULL if there is none
 */
kernel_cryptomap_ike_t *kernel_cryptomap_pair_choose(
							const kernel_cryptomap_pair_t *pair, host_t *remote);

/**
 * Destroy a pair that nothing refers to, or with all else.
 */
void kernel_cryptomap_pair_destroy(kernel_cryptomap_pair_t *pair);

/**
 * Whether a peer is at a UDP port that a NAT gave it: others may be at its address, and
 * it is reached at no other port.
 *
 * @param remote		the peer's address and port
 */
bool kernel_cryptomap_pair_is_mapped(host_t *remote);

/**
 * Whether two addresses may be those of one peer, by their UDP ports.
 *
 * @param one			the peer's address
 * @param other			same address, which may be another peer's behind its NAT
 */
bool kernel_cryptomap_pair_same_port(host_t *one, host_t *other);

/**
 * Hash the address of a peer, host_t, whatever its port is: tables of peers are by these.
 */
u_int kernel_cryptomap_pair_host_hash(const void *host);

/**
 * Whether two addresses, host_t, may be those of one peer: several may be behind one NAT.
 */
bool kernel_cryptomap_pair_host_equals(const void *a, const void *b);

/**
 * Create an IKE_SA of a pair, which can't be used yet.
 */
kernel_cryptomap_ike_t *kernel_cryptomap_ike_create(
												kernel_cryptomap_pair_t *pair);

/**
 * Note what went wrong with an IKE_SA, NULL for nothing.
 *
 * @param refused		TRUE if that is what the peer answered
 */
void kernel_cryptomap_ike_set_reason(kernel_cryptomap_ike_t *ike,
									 const char *reason, bool refused);

/**
 * Note where the peer of an IKE_SA is.
 */
void kernel_cryptomap_ike_set_remote(kernel_cryptomap_ike_t *ike,
									 host_t *remote);

/**
 * Make an IKE_SA the one for new quick modes of its pair.
 *
 * @param ike			IKE_SA
 * @param id			its id
 * @param remote		the peer's address and port
 */
void kernel_cryptomap_ike_use(kernel_cryptomap_ike_t *ike, ike_sa_id_t *id,
							  host_t *remote);

/**
 * Use an IKE_SA for new quick modes no more.
 */
void kernel_cryptomap_ike_stop(kernel_cryptomap_ike_t *ike);

/**
 * Destroy an IKE_SA that its pair does not refer to.
 */
void kernel_cryptomap_ike_destroy(kernel_cryptomap_ike_t *ike);

#endif /** KERNEL_CRYPTOMAP_PAIR_H_ */
