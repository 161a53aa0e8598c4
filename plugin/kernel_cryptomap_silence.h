/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_SILENCE_H_
#define KERNEL_CRYPTOMAP_SILENCE_H_

#include <networking/host.h>

typedef struct kernel_cryptomap_silence_t kernel_cryptomap_silence_t;

/**
 * Adds up how long peers have been silent: one exchange after the other is not answered,
 * and each for itself may be given up soon. Thread-safe.
 */
struct kernel_cryptomap_silence_t {

	/**
	 * An exchange with a peer was given up.
	 *
	 * @param local		our address
	 * @param remote	the peer's address and port: others may be behind its NAT
	 * @param from		when something of it came last in the IKE_SA, or that began,
	 *					monotonic
	 * @return			seconds of silence, since the first one of those that followed
	 *					each other
	 */
	time_t (*add)(kernel_cryptomap_silence_t *this, host_t *local, host_t *remote,
				  time_t from);

	/**
	 * A peer was heard.
	 *
	 * @param local		our address
	 * @param remote	the peer's address and port
	 */
	void (*heard)(kernel_cryptomap_silence_t *this, host_t *local, host_t *remote);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_silence_t *this);
};

/**
 * Create.
 *
 * @param gap			seconds between two exchanges, after which the silence is another
 *						one: the peer may have sent packets meanwhile
 */
kernel_cryptomap_silence_t *kernel_cryptomap_silence_create(u_int gap);

#endif /** KERNEL_CRYPTOMAP_SILENCE_H_ */
