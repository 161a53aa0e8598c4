/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests of the plugin need of charon: jobs that run when the test says so, and a
 * daemon that a test gives what it needs else.
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

METHOD(scheduler_t, keep_job_for_later, void,
	scheduler_t *scheduler, job_t *job, uint32_t seconds)
{
	jobs->insert_last(jobs, job);
}

/**
 * Run what was queued or scheduled, and what that queues. What is to come again waits for
 * the next call.
 *
 * @return				how many jobs it were
 */
static inline u_int run_jobs()
{
	linked_list_t *again = linked_list_create();
	u_int count = 0;
	job_t *job;

	for (; jobs->remove_first(jobs, (void**)&job) == SUCCESS; count++)
	{
		switch (job->execute(job).type)
		{
			case JOB_REQUEUE_TYPE_SCHEDULE:
				again->insert_last(again, job);
				break;
			case JOB_REQUEUE_TYPE_FAIR:
				jobs->insert_last(jobs, job);
				break;
			default:
				job->destroy(job);
				break;
		}
	}
	jobs->destroy(jobs);
	jobs = again;
	return count;
}

/** Flags in the header of a message, see set_header() */
static uint8_t message_flags;

METHOD(message_t, get_header, chunk_t,
	message_t *message)
{
	static u_char header[28];

	header[19] = message_flags;
	return chunk_from_thing(header);
}

/**
 * All that is there of a message as it was received: its header, which says whether it
 * is encrypted.
 */
static inline void set_header(message_t *message, bool encrypted)
{
	message_flags = encrypted;
	message->get_packet_data = _get_header;
}

METHOD(bus_t, say_nothing, void,
	bus_t *bus, debug_t group, level_t level, char *format, ...)
{
}

static bus_t bus;

static daemon_t test_daemon = {
	.bus = &bus,
};

/**
 * Start libstrongswan, and the daemon.
 */
static inline void plugin_init()
{
	library_init(NULL, "test");
	dbg_default_set_level(LEVEL_SILENT);
	bus.log = _say_nothing;
	charon = &test_daemon;
	jobs = linked_list_create();
	lib->processor->queue_job = _keep_job;
	lib->scheduler->schedule_job = _keep_job_for_later;
}

/**
 * End it.
 */
static inline void plugin_deinit()
{
	charon = NULL;
	jobs->destroy_offset(jobs, offsetof(job_t, destroy));
	library_deinit();
}

#endif /* _UNIT_PLUGIN_H */
