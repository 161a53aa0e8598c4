/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_routes.c: a flow that the module cannot tell of now keeps its
 * routes until it can.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_routes.h"

#include <errno.h>

/** What the module says */
static int error;

METHOD(kernel_cryptomap_socket_t, init, void,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg, uint8_t cmd, bool dump)
{
	kernel_cryptomap_netlink_init(msg, NLMSG_MIN_TYPE, 0, sizeof(struct genlmsghdr));
}

METHOD(kernel_cryptomap_socket_t, call, int,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg,
	kernel_cryptomap_reply_t cb, void *user)
{
	return error;
}

METHOD(scheduler_t, keep_job_for_ms, void,
	scheduler_t *scheduler, job_t *job, uint32_t ms)
{
	jobs->insert_last(jobs, job);
}

/**
 * How many jobs there are for later when a flow was looked at.
 */
static int look_at(kernel_cryptomap_routes_t *routes, int says)
{
	job_t *job;

	error = says;
	routes->update(routes, 1);
	jobs->remove_last(jobs, (void**)&job);
	job->execute(job);
	job->destroy(job);
	return jobs->get_count(jobs);
}

int main()
{
	kernel_cryptomap_socket_t socket = {
		.init = _init,
		.call = _call,
	};
	kernel_cryptomap_routes_t *routes;

	plugin_init();
	lib->scheduler->schedule_job_ms = _keep_job_for_ms;
	lib->watcher->add = (void*)nop;
	lib->watcher->remove = (void*)nop;
	routes = kernel_cryptomap_routes_create(&socket);
	tap_ok(look_at(routes, ENOENT) == 0, "a flow that is gone has no routes");
	tap_ok(look_at(routes, ETIMEDOUT) == 1, "one that is not known of is looked at again");
	tap_ok(look_at(routes, ENOBUFS) == 1, "once, with all others");
	routes->destroy(routes);
	plugin_deinit();
	return tap_done();
}
