/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_ctl.c: clients of the control socket that ask much and read
 * little.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_ctl.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/** Of the source. */
#define CHECKS_MAX	6

#define REQUEST		"{\"cmd\":\"isakmp-list\"}\n"
#define REQUESTS	10000

/**
 * A client.
 */
typedef struct {
	stream_t stream;
	/** requests that it has sent in part, bytes */
	size_t asked;
	/** bytes that it is ready to read, and lines that it has read */
	size_t room;
	u_int lines;
	/** callbacks that wait for it */
	stream_cb_t read_cb, write_cb;
	/** of both */
	void *data;
	/** both ends of a socket in its place */
	int fd[2];
	bool closed;
} client_t;

/** The service, and whom it tells of clients */
static stream_service_t service;
static stream_service_cb_t accept_cb;
static void *accept_data;

/** Lists of ISAKMP SAs that were made */
static u_int lists;

/** Looks after clients from time to time */
static job_t *check;

METHOD(scheduler_t, keep_check, void,
	scheduler_t *scheduler, job_t *job, uint32_t seconds)
{
	check = job;
}

/**
 * That time has come.
 */
static void run_check()
{
	if (check && check->execute(check).type == JOB_REQUEUE_TYPE_NONE)
	{
		check->destroy(check);
		check = NULL;
	}
}

METHOD(stream_service_t, on_accept, void,
	stream_service_t *this, stream_service_cb_t cb, void *data, job_priority_t prio,
	u_int cncrncy)
{
	accept_cb = cb;
	accept_data = data;
}

METHOD(stream_manager_t, create_service, stream_service_t*,
	stream_manager_t *this, char *uri, int backlog)
{
	return &service;
}

METHOD(stream_t, read_requests, ssize_t,
	client_t *client, void *buf, size_t len, bool block)
{
	size_t i;

	if (client->asked == strlen(REQUEST) * REQUESTS)
	{
		errno = EWOULDBLOCK;
		return -1;
	}
	for (i = 0; i < len && client->asked < strlen(REQUEST) * REQUESTS; i++)
	{
		((char*)buf)[i] = REQUEST[client->asked++ % strlen(REQUEST)];
	}
	return i;
}

METHOD(stream_t, write_replies, ssize_t,
	client_t *client, char *buf, size_t len, bool block)
{
	size_t i;

	len = min(len, client->room);
	if (!len)
	{
		errno = EWOULDBLOCK;
		return -1;
	}
	for (i = 0; i < len; i++)
	{
		client->lines += buf[i] == '\n';
	}
	client->room -= len;
	return len;
}

METHOD(stream_t, on_read, void,
	client_t *client, stream_cb_t cb, void *data)
{
	client->read_cb = cb;
	client->data = data;
}

METHOD(stream_t, on_write, void,
	client_t *client, stream_cb_t cb, void *data)
{
	client->write_cb = cb;
	client->data = data;
}

METHOD(stream_t, get_file, FILE*,
	client_t *client)
{
	return fdopen(dup(client->fd[0]), "r+");
}

METHOD(stream_t, close_stream, void,
	client_t *client)
{
	client->closed = TRUE;
}

METHOD(kernel_cryptomap_states_t, list, json_t*,
	kernel_cryptomap_states_t *states)
{
	lists++;
	return json_array();
}

/** All clients; their connections stay to the end */
static client_t clients[CHECKS_MAX + 1];
static u_int connected;

/**
 * A client connects.
 */
static client_t *connect_client()
{
	client_t *client = &clients[connected++];

	*client = (client_t){
		.stream = {
			.read = _read_requests,
			.write = (void*)_write_replies,
			.on_read = _on_read,
			.on_write = _on_write,
			.get_file = _get_file,
			.destroy = _close_stream,
		},
	};
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, client->fd))
	{
		client->fd[0] = client->fd[1] = -1;
	}
	accept_cb(accept_data, &client->stream);
	return client;
}

/**
 * Call who waits for a client, if what it waits for is there.
 */
static void poll_client(client_t *client)
{
	stream_cb_t cb = client->read_cb;

	client->read_cb = NULL;
	if (cb && cb(client->data, &client->stream))
	{
		client->read_cb = cb;
	}
	cb = client->room ? client->write_cb : NULL;
	client->write_cb = cb ? NULL : client->write_cb;
	if (cb && cb(client->data, &client->stream))
	{
		client->write_cb = cb;
	}
	run_jobs();
}

/**
 * Whether the connection of a client was given up.
 */
static bool is_given_up(client_t *client)
{
	char byte;

	return recv(client->fd[1], &byte, sizeof(byte), MSG_DONTWAIT) == 0;
}

/**
 * Whether a client gets all replies, reading so many bytes at a time.
 */
static bool is_served(client_t *client, size_t bytes)
{
	u_int i;

	for (i = 0; client->lines < REQUESTS && i < 100 * REQUESTS; i++)
	{
		client->room = bytes;
		poll_client(client);
	}
	return client->lines == REQUESTS;
}

static void test_many_requests()
{
	client_t *silent = connect_client();
	u_int i, served = 0;

	poll_client(silent);
	tap_ok(lists == 1, "who does not read gets one reply made: %u", lists);
	for (i = 1; i < CHECKS_MAX; i++)
	{
		run_check();
		served += is_served(connect_client(), 1000);
	}
	tap_ok(served == CHECKS_MAX - 1 && !is_given_up(silent), "others are served meanwhile");
	run_check();
	tap_ok(is_given_up(silent), "who does not read is given up");
	/* the socket is broken, as the plugin sees when it writes */
	silent->room = 1;
	silent->stream.write = (void*)return_null;
	poll_client(silent);
	tap_ok(silent->closed, "and closed");
	run_check();
	tap_ok(!check, "nobody looks after it any more");
}

static void test_slow_client()
{
	client_t *slow = connect_client();

	u_int i;

	lists = 0;
	for (i = 0; i < 10 * CHECKS_MAX; i++)
	{
		slow->room = 1;
		poll_client(slow);
		run_check();
	}
	tap_ok(!is_given_up(slow), "one that reads slowly is not given up");
	tap_ok(is_served(slow, 7) && lists == REQUESTS, "and gets all that it asked for");
	run_check();
}

int main()
{
	kernel_cryptomap_states_t states = {
		.list = _list,
	};
	kernel_cryptomap_ctl_t *ctl;
	char path[] = "/tmp/test_plugin_ctl.XXXXXX";

	plugin_init();
	close(mkstemp(path));
	service.on_accept = _on_accept;
	service.destroy = (void*)nop;
	lib->scheduler->schedule_job = _keep_check;
	lib->streams->create_service = _create_service;
	ctl = kernel_cryptomap_ctl_create(path, NULL, &states, NULL);
	test_many_requests();
	test_slow_client();
	ctl->destroy(ctl);
	while (connected--)
	{
		close(clients[connected].fd[0]);
		close(clients[connected].fd[1]);
	}
	plugin_deinit();
	return tap_done();
}
