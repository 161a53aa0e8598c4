/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_DELETES_H_
#define KERNEL_CRYPTOMAP_DELETES_H_

#include <bus/listeners/listener.h>

/**
 * Follows DELETEs of ISAKMP SAs that come with another one of the same peer, as routers
 * send them for one that they don't have any more. charon ignores them, and would use it
 * until its lifetime ends.
 */
extern listener_t kernel_cryptomap_deletes_listener;

#endif /** KERNEL_CRYPTOMAP_DELETES_H_ */
