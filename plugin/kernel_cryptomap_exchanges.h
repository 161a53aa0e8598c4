/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_EXCHANGES_H_
#define KERNEL_CRYPTOMAP_EXCHANGES_H_

#include "kernel_cryptomap_acquire.h"
#include "kernel_cryptomap_keepalive.h"

#include <bus/listeners/listener.h>

typedef struct kernel_cryptomap_exchanges_t kernel_cryptomap_exchanges_t;

/**
 * Brings quick modes through when messages are lost.
 *
 * Of all quick modes of an IKE_SA charon repeats only the last message that it sent
 * as initiator, and the last as responder: a third message that is lost while the
 * initiator goes on to the next quick mode stays lost, and one end has SAs that the
 * other one has not. Here the last message of each is kept, and sent again when
 * the one that it answers comes again. A responder repeats its second message until
 * there is a third, and after some time ends the quick mode and tells the peer to
 * delete its SA. An initiator repeats its third message for some time until a packet
 * comes by the SA. A first message that is not answered does not keep other quick modes
 * waiting for as long as charon waits for the peer.
 *
 * A quick mode that the peer has with an IKE_SA which we are just replacing goes on.
 *
 * No hook of charon's bus sees a message that came again, so IKE_SAs get a
 * process_message() and a retransmit() that ask here first. Neither would one keep charon
 * from a notification in clear: after phase 1 it gets none.
 */
struct kernel_cryptomap_exchanges_t {

	/**
	 * Sees IKE_SAs and their messages.
	 */
	listener_t listener;

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_exchanges_t *this);
};

/**
 * How many quick modes are in a queue of tasks of an IKE_SA.
 *
 * @param ike_sa		IKE_SA that is checked out
 * @param queue			active: ours under way, queued: ours to come, passive: the peer's
 */
u_int kernel_cryptomap_quick_modes(ike_sa_t *ike_sa, task_queue_t queue);

/**
 * Have charon keep the initialization vectors of as many exchanges as are followed
 * here, unless the administrator has it keep another number.
 */
void kernel_cryptomap_exchanges_set_defaults();

/**
 * Create without any IKE_SA. There is one at a time.
 *
 * @param acquire		tells peers of SAs that they are to delete
 * @param keepalive	judge of peers that do not answer
 */
kernel_cryptomap_exchanges_t *kernel_cryptomap_exchanges_create(
									kernel_cryptomap_acquire_t *acquire,
									kernel_cryptomap_keepalive_t *keepalive);

#endif /** KERNEL_CRYPTOMAP_EXCHANGES_H_ */
