/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_turns.c: jobs that wait for a busy peer hold one thread.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_turns.h"

#include <processing/jobs/callback_job.h>

#define JOBS	1000

/** Numbers of the jobs in the order that they were run in, and how many were destroyed */
static uintptr_t order[2 * JOBS];
static u_int ran, destroyed;

CALLBACK(note_job, job_requeue_t,
	void *number)
{
	order[ran++] = (uintptr_t)number;
	return JOB_REQUEUE_NONE;
}

/**
 * A job that is to be run again later, twice.
 */
CALLBACK(again_job, job_requeue_t,
	u_int *left)
{
	ran++;
	return (*left)-- ? JOB_RESCHEDULE(1) : JOB_REQUEUE_NONE;
}

CALLBACK(note_destroyed, void,
	void *number)
{
	destroyed++;
}

/**
 * Queue a job for a peer.
 */
static void queue(kernel_cryptomap_turns_t *turns, host_t *remote, uintptr_t number)
{
	turns->queue(turns, remote, (job_t*)
				 callback_job_create(note_job, (void*)number, note_destroyed, NULL),
				 0);
}

int main()
{
	kernel_cryptomap_turns_t *turns;
	host_t *one, *other;
	uintptr_t i;
	bool sorted = TRUE;
	u_int left = 2;

	plugin_init();
	one = host_create_from_string("198.51.100.2", 500);
	other = host_create_from_string("198.51.100.3", 500);
	turns = kernel_cryptomap_turns_create();

	for (i = 0; i < JOBS; i++)
	{
		one->set_port(one, i % 2 ? 500 : 4500);
		queue(turns, one, i);
	}
	queue(turns, other, JOBS);
	tap_ok(jobs->get_count(jobs) == 2, "each peer has one of charon's jobs: %d",
		   jobs->get_count(jobs));
	run_jobs();
	tap_ok(order[1] == JOBS, "so that a busy one holds up no other one");
	one->set_port(one, 4001);
	queue(turns, one, 0);
	one->set_port(one, 4002);
	queue(turns, one, 0);
	tap_ok(jobs->get_count(jobs) == 2, "nor one behind the same NAT");
	run_jobs();
	one->set_port(one, 500);
	for (i = 2; i < JOBS; i++)
	{
		sorted &= order[i] == i - 1;
	}
	tap_ok(ran == JOBS + 3 && destroyed == ran && sorted && !jobs->get_count(jobs),
		   "all are run, in order");
	queue(turns, one, 0);
	run_jobs();
	tap_ok(ran == JOBS + 4, "as are later ones");
	turns->queue(turns, one, (job_t*)
				 callback_job_create(again_job, &left, note_destroyed, NULL), 1);
	run_jobs();
	tap_ok(ran == JOBS + 7 && destroyed == JOBS + 5 && !jobs->get_count(jobs),
		   "one that is not done comes again");
	queue(turns, one, 0);
	queue(turns, one, 0);
	turns->destroy(turns);
	tap_ok(destroyed == JOBS + 7 && ran == JOBS + 7, "or they are destroyed");

	one->destroy(one);
	other->destroy(other);
	plugin_deinit();
	return tap_done();
}
