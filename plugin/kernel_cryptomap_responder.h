/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_RESPONDER_H_
#define KERNEL_CRYPTOMAP_RESPONDER_H_

#include "kernel_cryptomap_config.h"
#include "kernel_cryptomap_offers.h"
#include "kernel_cryptomap_names.h"
#include "kernel_cryptomap_socket.h"

#include <config/child_cfg.h>

typedef struct kernel_cryptomap_responder_t kernel_cryptomap_responder_t;

/**
 * Finds what crypto maps have for quick modes that peers start.
 */
struct kernel_cryptomap_responder_t {

	/**
	 * The configuration for what a peer proposes; why there is none is logged.
	 *
	 * @param ends		the two ends, and the ISAKMP profile that the peer is of
	 * @param local_ts	what the peer proposes for our side
	 * @param remote_ts	what it proposes for its own
	 * @return			configuration, NULL if the peer is refused
	 */
	child_cfg_t *(*select)(kernel_cryptomap_responder_t *this,
						   kernel_cryptomap_ends_t *ends,
						   traffic_selector_t *local_ts,
						   traffic_selector_t *remote_ts);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_responder_t *this);
};

/**
 * Create.
 *
 * @param socket		client of the kernel module
 * @param names			knows the addresses of peers by name
 * @param offers		knows what the peer of this thread proposes
 */
kernel_cryptomap_responder_t *kernel_cryptomap_responder_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_names_t *names,
										kernel_cryptomap_offers_t *offers);

#endif /** KERNEL_CRYPTOMAP_RESPONDER_H_ */
