/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_REKEYS_H_
#define KERNEL_CRYPTOMAP_REKEYS_H_

#include "kernel_cryptomap_turns.h"
#include "kernel_cryptomap_twins.h"

#include <bus/listeners/listener.h>
#include <processing/jobs/job.h>

typedef struct kernel_cryptomap_rekeys_t kernel_cryptomap_rekeys_t;

/**
 * Repeats rekeyings that fail, and renews what the peer may have with an IKE_SA that goes.
 *
 * charon marks a CHILD_SA as being rekeyed and leaves it so when the quick mode
 * fails, as when the peer refuses it: the CHILD_SA is never rekeyed again and
 * expires.
 *
 * When the peer starts another IKE_SA charon moves all CHILD_SAs there, and deletes the
 * old one ten seconds later. The peer may have them with the old one still: it started
 * the new one without it, or in place of one that was replaced before. A stock charon
 * destroys them without a word then, and we went on sending. So they are negotiated
 * again with the new IKE_SA, before the old one goes; of those that protect the same, the
 * youngest. So are those that the new one had already, if it is ours: when both sides
 * reauthenticate at once the peer has them with the one that it started, unless that was
 * there when it got to know of ours. A peer with this plugin keeps them, and is spared that at each of its
 * reauthentications.
 */
struct kernel_cryptomap_rekeys_t {

	/**
	 * Follows CHILD_SAs.
	 */
	listener_t listener;

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_rekeys_t *this);
};

/**
 * Create it.
 *
 * @param twins			knows peers that have this plugin
 * @param turns			has jobs about SAs of a peer run one at a time
 */
kernel_cryptomap_rekeys_t *kernel_cryptomap_rekeys_create(
											kernel_cryptomap_twins_t *twins,
											kernel_cryptomap_turns_t *turns);

/**
 * Create a job that renews a CHILD_SA, as the kernel wants: it does of pairs in use only.
 * charon's own job may leave that be for another pair that protects the same.
 *
 * @param spi			SPI of either of its SAs, network order
 * @param dst			destination of that one
 */
job_t *kernel_cryptomap_rekeys_create_job(uint32_t spi, host_t *dst);

#endif /** KERNEL_CRYPTOMAP_REKEYS_H_ */
