/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_TURNS_H_
#define KERNEL_CRYPTOMAP_TURNS_H_

#include <networking/host.h>
#include <processing/jobs/job.h>

typedef struct kernel_cryptomap_turns_t kernel_cryptomap_turns_t;

/**
 * Has jobs that concern one peer run one at a time: its IKE_SA may be busy for long, and
 * each of them holds one of charon's threads while it waits for that. Thread-safe.
 */
struct kernel_cryptomap_turns_t {

	/**
	 * Run a job after those that were queued for the peer before.
	 *
	 * @param remote	the peer's address
	 * @param job		job, consumed; if it is to be rescheduled it waits for its turn
	 *					again then
	 * @param delay		seconds until it is queued
	 */
	void (*queue)(kernel_cryptomap_turns_t *this, host_t *remote, job_t *job,
				  u_int delay);

	/**
	 * Destroy, with jobs that were not run.
	 */
	void (*destroy)(kernel_cryptomap_turns_t *this);
};

/**
 * Create it.
 */
kernel_cryptomap_turns_t *kernel_cryptomap_turns_create();

#endif /** KERNEL_CRYPTOMAP_TURNS_H_ */
