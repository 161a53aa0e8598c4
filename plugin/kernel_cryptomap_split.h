/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_SPLIT_H_
#define KERNEL_CRYPTOMAP_SPLIT_H_

#include <bus/listeners/listener.h>

/**
 * Has charon do all that an informational message says.
 *
 * A message may have several payloads, as DELETEs of an ISAKMP SA and of the IPsec SAs
 * that were negotiated with it. charon follows one: a probe of dead peer detection, the
 * first notification of an error, or the DELETEs of the kind that comes first. The others
 * are taken from the message here, and charon gets them after it, each kind as a message
 * of its own.
 *
 * Sees messages, after all others that read them.
 */
extern listener_t kernel_cryptomap_split_listener;

#endif /** KERNEL_CRYPTOMAP_SPLIT_H_ */
