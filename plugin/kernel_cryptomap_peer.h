/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_PEER_H_
#define KERNEL_CRYPTOMAP_PEER_H_

#include "kernel_cryptomap_config.h"
#include "kernel_cryptomap_halfopen.h"
#include "kernel_cryptomap_socket.h"
#include "kernel_cryptomap_twins.h"

#include <config/backend.h>
#include <sa/ike_sa.h>
#include <bus/listeners/listener.h>

typedef struct kernel_cryptomap_peers_t kernel_cryptomap_peers_t;

/**
 * Makes charon's configuration objects for peers of crypto maps on demand.
 *
 * There is one peer_cfg_t for each pair of addresses and ISAKMP profile; it reads
 * phase 1 from the configuration and finds the child_cfg_t for what a peer
 * proposes in the kernel. Nothing is kept for a peer that does not negotiate.
 */
struct kernel_cryptomap_peers_t {

	/**
	 * Configurations for peers that some crypto map entry names.
	 */
	backend_t backend;

	/**
	 * Sees the encapsulation mode that a peer proposes, and refuses peers that are
	 * not of the ISAKMP profile that they are to be of.
	 */
	listener_t *listener;

	/**
	 * Create the configuration of a peer, no matter whether an entry has it.
	 *
	 * @param local		our address
	 * @param remote	the peer's address
	 * @param profile	ISAKMP profile, "" for none
	 * @return			configuration
	 */
	peer_cfg_t *(*create_peer_cfg)(kernel_cryptomap_peers_t *this,
								   host_t *local, host_t *remote, char *profile);

	/**
	 * The ISAKMP profile of an IKE_SA; that of the peer's address if the peer started
	 * it and has not told who it is.
	 *
	 * @param ike_sa	IKE_SA
	 * @return			name, "" for none, to be freed; NULL if phase 1 with the peer is
	 *					not possible
	 */
	char *(*get_profile)(kernel_cryptomap_peers_t *this, ike_sa_t *ike_sa);

	/**
	 * Destroy; configurations made must be gone.
	 */
	void (*destroy)(kernel_cryptomap_peers_t *this);
};

/**
 * Whether phase 1 with a peer is in aggressive mode.
 *
 * @param peer_cfg		configuration that a maker of configurations made
 * @return				TRUE if it is, as things are configured now
 */
bool kernel_cryptomap_peer_is_aggressive(peer_cfg_t *peer_cfg);

/**
 * Create the maker of configurations.
 *
 * @param socket		client of the kernel module
 * @param config		phase 1 configuration
 * @param halfopen		says who is answered
 * @param twins			says which IKE_SAs stay
 */
kernel_cryptomap_peers_t *kernel_cryptomap_peers_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_halfopen_t *halfopen,
										kernel_cryptomap_twins_t *twins);

/**
 * The ISAKMP profile of an IKE_SA.
 *
 * @param ike_sa		IKE_SA
 * @return				name, "" for none, and as long as that is not known; lives as
 *						long as the configuration that the IKE_SA has
 */
char *kernel_cryptomap_peer_profile(ike_sa_t *ike_sa);

/**
 * The addresses that an IKE_SA is configured for, which its key belongs to; those it
 * is at if it has no configuration yet, or not one of this plugin.
 *
 * @param ike_sa		IKE_SA
 * @param local			our address, of the IKE_SA or its configuration
 * @param remote		the peer's address
 */
void kernel_cryptomap_peer_hosts(ike_sa_t *ike_sa, host_t **local,
								 host_t **remote);

/**
 * Whether an IKE_SA is at the addresses that it is configured for: charon follows a
 * peer to whatever address its messages come from.
 *
 * @param ike_sa		IKE_SA
 * @return				FALSE if it is at others
 */
bool kernel_cryptomap_peer_is_at(ike_sa_t *ike_sa);

#endif /** KERNEL_CRYPTOMAP_PEER_H_ */
