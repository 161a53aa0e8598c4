/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_FIB_H_
#define KERNEL_CRYPTOMAP_FIB_H_

#include "kernel_cryptomap_rtnl.h"

#include <sys/queue.h>

typedef struct kernel_cryptomap_fib_t kernel_cryptomap_fib_t;
typedef struct kernel_cryptomap_claim_t kernel_cryptomap_claim_t;

/**
 * Somebody wants a route. Memory of who does.
 */
struct kernel_cryptomap_claim_t {
	/** the route; set before claim() */
	kernel_cryptomap_route_t want;
	/** others that want one to the same destination; private */
	TAILQ_ENTRY(kernel_cryptomap_claim_t) next;
};

/**
 * Keeps the routes of ours in the kernel as they are wanted. Not thread-safe.
 *
 * Of several that want a route to one destination, with one metric, the first
 * one gets its way, and the next when it gives up.
 */
struct kernel_cryptomap_fib_t {

	/**
	 * Want a route; it is there after apply().
	 *
	 * @param claim		its want is set; used until release()
	 */
	void (*claim)(kernel_cryptomap_fib_t *this,
				  kernel_cryptomap_claim_t *claim);

	/**
	 * Want a route no longer.
	 *
	 * @param claim		given to claim() before
	 */
	void (*release)(kernel_cryptomap_fib_t *this,
					kernel_cryptomap_claim_t *claim);

	/**
	 * See which routes there are in the kernel, of an earlier daemon or after
	 * somebody else changed something; apply() makes them right.
	 */
	void (*reread)(kernel_cryptomap_fib_t *this);

	/**
	 * Add and delete routes, as what changed since the last time wants it.
	 */
	void (*apply)(kernel_cryptomap_fib_t *this);

	/**
	 * Destroy; routes stay in the kernel.
	 */
	void (*destroy)(kernel_cryptomap_fib_t *this);
};

/**
 * Create it without any claim.
 *
 * @param rtnl			client of the routing tables
 */
kernel_cryptomap_fib_t *kernel_cryptomap_fib_create(
											kernel_cryptomap_rtnl_t *rtnl);

/**
 * Log why there is no route, unless it is as the last time.
 *
 * @param last			what was said last, "" for nothing; updated
 * @param size			of it
 * @param what			which route
 * @param error			why, NULL if there is one
 */
void kernel_cryptomap_route_failed(char *last, size_t size, const char *what,
								   const char *error);

#endif /** KERNEL_CRYPTOMAP_FIB_H_ */
