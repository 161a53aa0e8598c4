/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests of the plugin need of charon: jobs that run when the test says so.
 */
#ifndef _UNIT_PLUGIN_H
#define _UNIT_PLUGIN_H

#include <daemon.h>
#include <collections/linked_list.h>

/** Jobs that wait to be run. */
static linked_list_t *jobs;

METHOD(processor_t, keep_job, void,
	processor_t *processor, job_t *job)
{
	jobs->insert_last(jobs, job);
}

/**
 * Run what was queued, and what that queues.
 *
 * @return				how many jobs it were
 */
static inline u_int run_jobs()
{
	u_int count = 0;
	job_t *job;

	for (; jobs->remove_first(jobs, (void**)&job) == SUCCESS; count++)
	{
		job->execute(job);
		job->destroy(job);
	}
	return count;
}

/**
 * Start libstrongswan.
 */
static inline void plugin_init()
{
	library_init(NULL, "test");
	dbg_default_set_level(LEVEL_SILENT);
	jobs = linked_list_create();
	lib->processor->queue_job = _keep_job;
}

/**
 * End it.
 */
static inline void plugin_deinit()
{
	jobs->destroy_offset(jobs, offsetof(job_t, destroy));
	library_deinit();
}

#endif /* _UNIT_PLUGIN_H */
