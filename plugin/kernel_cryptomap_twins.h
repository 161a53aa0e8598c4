/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_TWINS_H_
#define KERNEL_CRYPTOMAP_TWINS_H_

#include <bus/listeners/listener.h>

typedef struct kernel_cryptomap_twins_t kernel_cryptomap_twins_t;

/**
 * Resolves ISAKMP SAs that both sides started at once.
 *
 * charon takes one that the peer starts for the successor of those before, and
 * deletes them. When each side does so with the one that it started itself both
 * go, and the IPsec SAs are left alone. Of two that overlapped the one stays that
 * has the smaller initiator cookie, on both sides if the peer does so as well, which
 * a vendor ID tells. That also has a number of this instance of the daemon: a peer
 * that was restarted has no IKE_SA of before; and the cookie of the youngest IKE_SA that
 * was up: who renews it at once did not start both. With other peers the one stays that
 * we started.
 *
 * charon also takes each of two that the peer started at once for the successor of the
 * other one. Here one that has a successor is that of none.
 */
struct kernel_cryptomap_twins_t {

	/**
	 * Follows IKE_SAs, and has its part in their first messages.
	 */
	listener_t listener;

	/**
	 * Whether an IKE_SA stays although the peer started another one: its twin, or one
	 * that has a successor itself. One that comes later is its successor.
	 *
	 * @param ike_sa	IKE_SA that is checked out
	 * @param other		configuration of the other one
	 */
	bool (*stays)(kernel_cryptomap_twins_t *this, ike_sa_t *ike_sa,
				  peer_cfg_t *other);

	/**
	 * Whether the peer of an IKE_SA that was established just now has this rule, and so
	 * this plugin: it goes on with IPsec SAs when the IKE_SA goes that it has them with.
	 *
	 * @param unique	charon's number of the IKE_SA
	 */
	bool (*has_rule)(kernel_cryptomap_twins_t *this, uint32_t unique);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_twins_t *this);
};

/**
 * Create without any IKE_SA.
 */
kernel_cryptomap_twins_t *kernel_cryptomap_twins_create();

#endif /** KERNEL_CRYPTOMAP_TWINS_H_ */
