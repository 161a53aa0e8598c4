/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_NAMES_H_
#define KERNEL_CRYPTOMAP_NAMES_H_

#include "kernel_cryptomap_flow.h"

#include <collections/array.h>
#include <processing/jobs/job.h>

typedef struct kernel_cryptomap_names_t kernel_cryptomap_names_t;

/**
 * Knows the addresses of peers by name (set peer NAME dynamic).
 *
 * A few threads of its own resolve them, as that may take long: when a tunnel is to
 * be set up, when the configuration has new names, and all, now and then at most, when
 * somebody comes who is no peer, but may be by now. What was found last is kept
 * while a resolver does not answer. Thread-safe; nothing here waits for a resolver.
 */
struct kernel_cryptomap_names_t {

	/**
	 * Put the addresses that they have in the place of the peers of a flow that are
	 * known by name. One that has no address stays.
	 *
	 * @param flow		a flow that nobody else knows yet
	 */
	void (*expand)(kernel_cryptomap_names_t *this,
				   kernel_cryptomap_flow_t *flow);

	/**
	 * Have a name resolved, unless it was just now.
	 *
	 * @param name		name of a peer
	 * @param job		queued when it is, or can't be; consumed
	 * @return			TRUE if it was just now, and job is destroyed
	 */
	bool (*resolve)(kernel_cryptomap_names_t *this, const char *name,
					job_t *job);

	/**
	 * Somebody comes who is no peer: all names are resolved again, unless they were
	 * some seconds ago.
	 */
	void (*refresh)(kernel_cryptomap_names_t *this);

	/**
	 * Get the names that have an address.
	 *
	 * @param host		the address
	 * @return			array of char*, NULL if there are none; to be destroyed with
	 *					array_destroy_function(), free
	 */
	array_t *(*get)(kernel_cryptomap_names_t *this, host_t *host);

	/**
	 * Find a flow that a peer may negotiate, see kernel_cryptomap_flow_find(): by the
	 * names as well that have its address.
	 *
	 * @param local		our address
	 * @param remote	the peer's address
	 * @param local_ts	see there
	 * @param remote_ts	see there
	 * @param after		see there
	 * @return			flow, NULL if there is none
	 */
	kernel_cryptomap_flow_t *(*find_flow)(kernel_cryptomap_names_t *this,
								host_t *local, host_t *remote,
								traffic_selector_t *local_ts,
								traffic_selector_t *remote_ts,
								kernel_cryptomap_flow_t *after);

	/**
	 * Have a flow made, see kernel_cryptomap_flow_new(): by the names as well that have
	 * the address of its peer.
	 *
	 * @param flow		see there
	 * @return			flow, NULL if there can't be one
	 */
	kernel_cryptomap_flow_t *(*new_flow)(kernel_cryptomap_names_t *this,
								kernel_cryptomap_flow_t *flow);

	/**
	 * The configuration changed: new names are resolved, and those that it has no more
	 * forgotten. Asks the kernel, in a job.
	 */
	void (*resync)(kernel_cryptomap_names_t *this);

	/**
	 * Destroy; the threads end, whatever they wait for.
	 */
	void (*destroy)(kernel_cryptomap_names_t *this);
};

/**
 * Create an empty table.
 *
 * @param socket		client of the kernel module
 */
kernel_cryptomap_names_t *kernel_cryptomap_names_create(
										kernel_cryptomap_socket_t *socket);

#endif /** KERNEL_CRYPTOMAP_NAMES_H_ */
