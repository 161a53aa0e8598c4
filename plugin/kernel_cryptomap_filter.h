/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_FILTER_H_
#define KERNEL_CRYPTOMAP_FILTER_H_

#include <bus/listeners/listener.h>

/**
 * Takes from messages what is for clients of a Cisco server and not for gateways, and
 * what charon would follow.
 *
 * Every router says that it is a "Cisco Unity" peer. charon's unity plugin, where it is
 * loaded, then proposes 0.0.0.0/0 in place of an access list entry when the peer had that
 * in the quick mode before. The load balancing of that protocol names another server:
 * charon sets up phase 1 with that, whoever the crypto map has as peer.
 *
 * An offer of more ISAKMP policies than any peer has goes, too: comparing them would cost more
 * than anybody's first message is to cost.
 *
 * Sees messages, before all others that read them.
 */
extern listener_t kernel_cryptomap_filter_listener;

/**
 * Whether a message that was received is encrypted (RFC 2408 section 3.1): charon
 * takes notifications in clear, too.
 */
bool kernel_cryptomap_is_encrypted(message_t *message);

#endif /** KERNEL_CRYPTOMAP_FILTER_H_ */
