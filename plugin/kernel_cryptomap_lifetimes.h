/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_LIFETIMES_H_
#define KERNEL_CRYPTOMAP_LIFETIMES_H_

#include <bus/listeners/listener.h>
#include <config/child_cfg.h>
#include <encoding/message.h>
#include <encoding/payloads/notify_payload.h>
#include <sa/ike_sa_id.h>

typedef struct kernel_cryptomap_lifetimes_t kernel_cryptomap_lifetimes_t;

/**
 * Has both sides use the smaller lifetime of an IPsec SA.
 *
 * charon offers its own lifetimes, answers with those of the initiator, and uses its
 * own. This reads what the peer offers, or answers with RESPONDER-LIFETIME
 * (RFC 2407 section 4.6.3.1), and answers so itself where the own ones are smaller.
 * Thread-safe.
 */
struct kernel_cryptomap_lifetimes_t {

	/**
	 * Follows quick modes.
	 */
	listener_t listener;

	/**
	 * Reduce lifetimes to what the peer has of the CHILD_SA that the calling thread
	 * installs.
	 *
	 * @param lifetime	own lifetimes
	 */
	void (*limit)(kernel_cryptomap_lifetimes_t *this,
				  lifetime_cfg_t *lifetime);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_lifetimes_t *this);
};

/**
 * Create.
 */
kernel_cryptomap_lifetimes_t *kernel_cryptomap_lifetimes_create();

/**
 * What a responder tells of the lifetime of the ISAKMP SA itself.
 *
 * @param message		its message, of any exchange
 * @return				seconds, 0 for no limit
 */
uint32_t kernel_cryptomap_lifetimes_told(message_t *message);

/**
 * Create RESPONDER-LIFETIME of an ISAKMP SA.
 *
 * @param id			id of the ISAKMP SA
 * @param seconds		its lifetime
 */
notify_payload_t *kernel_cryptomap_lifetimes_tell(ike_sa_id_t *id,
												  uint32_t seconds);

#endif /** KERNEL_CRYPTOMAP_LIFETIMES_H_ */
