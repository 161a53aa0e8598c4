/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_HALFOPEN_H_
#define KERNEL_CRYPTOMAP_HALFOPEN_H_

#include <bus/listeners/listener.h>

typedef struct kernel_cryptomap_halfopen_t kernel_cryptomap_halfopen_t;

/**
 * Bounds the phase 1 negotiations that others start and do not go on with.
 *
 * IKEv1 has no cookies as IKEv2 has: the first message, whose source may be
 * spoofed, makes an IKE_SA. But only who gets the second message can send the
 * third. So those without a third message are the first ones to go when there
 * are too many, the oldest first: who sends first messages in masses drives out
 * his own, and a peer gets through that answers before the next few hundred of
 * them have come. Those with a third message have an address of their own, and
 * drive out those of the same address only, unless they are so many that there
 * is hardly a place for others.
 *
 * In aggressive mode the first message costs a key exchange: so many a second,
 * then no more.
 */
struct kernel_cryptomap_halfopen_t {

	/**
	 * Follows IKE_SAs.
	 */
	listener_t listener;

	/**
	 * Whether to go on with the first message of phase 1 that this thread works
	 * on.
	 */
	bool (*admits)(kernel_cryptomap_halfopen_t *this);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_halfopen_t *this);
};

/**
 * Set charon's own limits, unless the administrator has. They count first messages
 * that wait to be looked at, too, and have to leave room for these.
 */
void kernel_cryptomap_halfopen_set_defaults();

/**
 * Create an empty table.
 */
kernel_cryptomap_halfopen_t *kernel_cryptomap_halfopen_create();

#endif /** KERNEL_CRYPTOMAP_HALFOPEN_H_ */
