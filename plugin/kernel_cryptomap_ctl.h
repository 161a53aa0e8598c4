/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_CTL_H_
#define KERNEL_CRYPTOMAP_CTL_H_

#include "kernel_cryptomap_config.h"
#include "kernel_cryptomap_debug.h"
#include "kernel_cryptomap_states.h"

typedef struct kernel_cryptomap_ctl_t kernel_cryptomap_ctl_t;

/**
 * Answers the command-line tool over a UNIX stream socket.
 *
 * One JSON object a line each way, any number of requests a connection:
 *
 *  {"cmd":"config-set","text":T}		replace the phase 1 configuration;
 *										"warnings": what charon can't do of it
 *  {"cmd":"config-get"}				"text": the phase 1 configuration
 *  {"cmd":"isakmp-list"}				"sas": array of ISAKMP SAs
 *  {"cmd":"isakmp-clear"}				"count": ISAKMP SAs deleted; with
 *										"conn-id" that one only
 *  {"cmd":"debug", "crypto":"isakmp"}	lines of kernel_cryptomap_debug_t until the
 *										connection is closed; "crypto" may be
 *										"ipsec"; with "peer" of that one only. No
 *										more requests are taken.
 *
 * A reply has "ok":true, or "ok":false and a text in "error".
 */
struct kernel_cryptomap_ctl_t {

	/**
	 * Close all connections and the socket.
	 */
	void (*destroy)(kernel_cryptomap_ctl_t *this);
};

/**
 * Open the socket, for root only.
 *
 * @param path			of the socket
 * @param config		phase 1 configuration
 * @param states		table of ISAKMP SAs
 * @param debug			follows negotiations
 * @return				NULL if it can't be opened
 */
kernel_cryptomap_ctl_t *kernel_cryptomap_ctl_create(const char *path,
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_states_t *states,
										kernel_cryptomap_debug_t *debug);

#endif /** KERNEL_CRYPTOMAP_CTL_H_ */
