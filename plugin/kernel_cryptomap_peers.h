/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_PEERS_H_
#define KERNEL_CRYPTOMAP_PEERS_H_

#include "kernel_cryptomap_halfopen.h"
#include "kernel_cryptomap_peer.h"
#include "kernel_cryptomap_names.h"

#include <config/backend.h>
#include <bus/listeners/listener.h>

typedef struct kernel_cryptomap_peers_t kernel_cryptomap_peers_t;

/**
 * Makes charon's configuration objects for peers of crypto maps on demand.
 *
 * There is one peer_cfg_t for each pair of addresses and ISAKMP profile. Nothing is
 * kept for a peer that does not negotiate.
 */
struct kernel_cryptomap_peers_t {

	/**
	 * Configurations for peers that some crypto map entry names.
	 */
	backend_t backend;

	/**
	 * Refuses peers that are not of the ISAKMP profile that they are to be of, or not
	 * where their key belongs.
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
 * Create the maker of configurations.
 *
 * @param names			knows the addresses of peers by name
 * @param halfopen		says who is answered
 * @param context		what configurations ask
 */
kernel_cryptomap_peers_t *kernel_cryptomap_peers_create(
									kernel_cryptomap_names_t *names,
									kernel_cryptomap_halfopen_t *halfopen,
									kernel_cryptomap_peer_context_t *context);

#endif /** KERNEL_CRYPTOMAP_PEERS_H_ */
