/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_ctl.h"

#include <daemon.h>
#include <processing/jobs/callback_job.h>
#include <threading/mutex.h>

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/** Longest request */
#define REQUEST_MAX (64 * 1024 * 1024)
/** What is read at once */
#define READ_SIZE 16384
/** Connections at once */
#define CONNECTIONS_MAX 32
/** Pending connections */
#define BACKLOG 5
/** Every so many seconds it is looked after replies that are not read... */
#define CHECK_TIME 10
/** ...and after so many times without a byte of one the client is given up */
#define CHECKS_MAX 6

typedef struct private_kernel_cryptomap_ctl_t private_kernel_cryptomap_ctl_t;

struct private_kernel_cryptomap_ctl_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_ctl_t public;

	/**
	 * Phase 1 configuration.
	 */
	kernel_cryptomap_config_t *config;

	/**
	 * Table of ISAKMP SAs.
	 */
	kernel_cryptomap_states_t *states;

	/**
	 * Follows negotiations.
	 */
	kernel_cryptomap_debug_t *debug;

	/**
	 * Path of the socket.
	 */
	char *path;

	/**
	 * Accepts connections.
	 */
	stream_service_t *service;

	/**
	 * Connections, connection_t.
	 */
	linked_list_t *connections;

	/**
	 * Somebody looks after replies that are not read.
	 */
	bool checking;

	/**
	 * Protects connections and checking.
	 */
	mutex_t *mutex;
};

/**
 * A connection. It belongs to the one callback or job that is registered for
 * it: one that ends with a reply left to send neither reads nor handles what
 * was read until that is sent, so that there is one reply at most. Callbacks of
 * a stream can neither register others nor destroy it, jobs do.
 */
typedef struct {
	/** socket it came by */
	private_kernel_cryptomap_ctl_t *this;
	/** the connection itself */
	stream_t *stream;
	/** what was received and is not a whole line yet */
	chunk_t in;
	/** bytes of in that hold something */
	size_t in_len;
	/** what is still to be sent */
	chunk_t out;
	/** bytes of out that were sent */
	size_t out_done;
	/** how often it was looked after since the client read some of that, from 1; 0 if it
	 * need not read. The mutex of this protects it */
	u_int waits;
	/** another descriptor of the socket if it follows negotiations, else NULL;
	 * then it takes no more requests */
	FILE *follows;
} connection_t;

/**
 * Destroy a connection.
 */
static void destroy_connection(connection_t *connection)
{
	if (connection->follows)
	{
		connection->this->debug->remove(connection->this->debug,
										fileno(connection->follows));
		fclose(connection->follows);
	}
	connection->stream->destroy(connection->stream);
	chunk_clear(&connection->in);
	chunk_clear(&connection->out);
	free(connection);
}

/**
 * Close a connection.
 */
CALLBACK(close_job, job_requeue_t,
	connection_t *connection)
{
	private_kernel_cryptomap_ctl_t *this = connection->this;

	this->mutex->lock(this->mutex);
	this->connections->remove(this->connections, connection, NULL);
	this->mutex->unlock(this->mutex);
	destroy_connection(connection);
	return JOB_REQUEUE_NONE;
}

/**
 * Hand a connection to a job.
 */
static void queue_job(connection_t *connection, callback_job_cb_t job)
{
	lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(job, connection, NULL, NULL));
}

/**
 * A refusal.
 */
static json_t *refuse(const char *error)
{
	return json_pack("{s:b, s:s}", "ok", 0, "error", error);
}

/**
 * Texts, char*, as an array.
 */
static json_t *texts_to_json(linked_list_t *texts)
{
	enumerator_t *enumerator;
	json_t *array;
	char *text;

	array = json_array();
	enumerator = texts->create_enumerator(texts);
	while (enumerator->enumerate(enumerator, &text))
	{
		json_array_append_new(array, json_string(text));
	}
	enumerator->destroy(enumerator);
	return array;
}

/**
 * config-set.
 */
static json_t *config_set(connection_t *connection, json_t *request)
{
	kernel_cryptomap_config_t *config = connection->this->config;
	json_t *text, *reply;
	linked_list_t *warnings;
	chunk_t chunk;
	char *error;

	text = json_object_get(request, "text");
	if (!json_is_string(text))
	{
		return refuse("config-set needs a string text");
	}
	chunk = chunk_create((u_char*)json_string_value(text),
						 json_string_length(text));
	warnings = linked_list_create();
	error = config->set(config, chunk, warnings);
	memwipe(chunk.ptr, chunk.len);
	if (error)
	{
		reply = refuse(error);
		free(error);
	}
	else
	{
		reply = json_pack("{s:b, s:o}", "ok", 1,
						  "warnings", texts_to_json(warnings));
	}
	warnings->destroy_function(warnings, free);
	return reply;
}

/**
 * config-get.
 */
static json_t *config_get(connection_t *connection, json_t *request)
{
	kernel_cryptomap_config_t *config = connection->this->config;
	json_t *reply;
	chunk_t text;

	text = config->get(config);
	reply = json_pack("{s:b, s:s%}", "ok", 1,
					  "text", text.ptr ? (char*)text.ptr : "", text.len);
	chunk_clear(&text);
	return reply ?: refuse("the configuration is not UTF-8");
}

/**
 * isakmp-list.
 */
static json_t *isakmp_list(connection_t *connection, json_t *request)
{
	kernel_cryptomap_states_t *states = connection->this->states;

	return json_pack("{s:b, s:o}", "ok", 1, "sas", states->list(states));
}

/**
 * isakmp-clear.
 */
static json_t *isakmp_clear(connection_t *connection, json_t *request)
{
	kernel_cryptomap_states_t *states = connection->this->states;
	json_int_t conn_id = 0;
	json_t *value;

	value = json_object_get(request, "conn-id");
	if (value)
	{
		conn_id = json_integer_value(value);
		if (!json_is_integer(value) || conn_id < 1 || conn_id > UINT32_MAX)
		{
			return refuse("conn-id must be a number from 1");
		}
	}
	return json_pack("{s:b, s:i}", "ok", 1,
			"count", (int)states->clear(states, conn_id));
}

/**
 * debug.
 */
static json_t *debug(connection_t *connection, json_t *request)
{
	kernel_cryptomap_debug_t *debug = connection->this->debug;
	kernel_cryptomap_debug_kind_t kind = KERNEL_CRYPTOMAP_DEBUG_ISAKMP;
	const char *crypto, *peer;
	host_t *host = NULL;

	crypto = json_string_value(json_object_get(request, "crypto"));
	peer = json_string_value(json_object_get(request, "peer"));
	if (!crypto || (!streq(crypto, "isakmp") && !streq(crypto, "ipsec")))
	{
		return refuse("debug needs crypto isakmp or ipsec");
	}
	if (streq(crypto, "ipsec"))
	{
		kind = KERNEL_CRYPTOMAP_DEBUG_IPSEC;
	}
	if (peer)
	{
		host = host_create_from_string((char*)peer, 0);
		if (!host)
		{
			return refuse("the peer of debug must be an address");
		}
	}
	connection->follows = connection->stream->get_file(connection->stream);
	if (connection->follows)
	{
		debug->add(debug, fileno(connection->follows), kind, host);
	}
	DESTROY_IF(host);
	return connection->follows ? json_pack("{s:b}", "ok", 1) :
								 refuse("no more descriptors");
}

/**
 * Commands.
 */
static const struct {
	const char *name;
	json_t *(*handle)(connection_t *connection, json_t *request);
} commands[] = {
	{ "config-set", config_set },
	{ "config-get", config_get },
	{ "isakmp-list", isakmp_list },
	{ "isakmp-clear", isakmp_clear },
	{ "debug", debug },
};

/**
 * Handle a request.
 *
 * @param line			the request, without the end of the line
 * @return				reply, NULL without memory
 */
static json_t *handle_line(connection_t *connection, chunk_t line)
{
	json_t *request, *reply = NULL;
	json_error_t error;
	const char *cmd;
	u_int i;

	request = json_loadb((char*)line.ptr, line.len, JSON_ALLOW_NUL, &error);
	if (!request)
	{
		return refuse("the request is not a JSON object in one line");
	}
	cmd = json_string_value(json_object_get(request, "cmd"));
	for (i = 0; cmd && i < countof(commands); i++)
	{
		if (streq(cmd, commands[i].name))
		{
			reply = commands[i].handle(connection, request);
			break;
		}
	}
	json_decref(request);
	return i < countof(commands) && cmd ? reply : refuse("unknown command");
}

/**
 * Make a reply the output of a connection, which has none.
 *
 * @return				FALSE without memory
 */
static bool queue_reply(connection_t *connection, json_t *reply)
{
	char *text;

	text = reply ? json_dumps(reply, JSON_COMPACT) : NULL;
	json_decref(reply);
	if (!text)
	{
		return FALSE;
	}
	connection->out = chunk_cat("cc", chunk_from_str(text),
								chunk_from_chars('\n'));
	connection->out_done = 0;
	memwipe(text, strlen(text));
	free(text);
	return TRUE;
}

/**
 * Send what can be sent.
 *
 * @return				FALSE if the connection is broken
 */
static bool do_write(connection_t *connection)
{
	stream_t *stream = connection->stream;
	ssize_t len;

	while (connection->out_done < connection->out.len)
	{
		len = stream->write(stream, connection->out.ptr + connection->out_done,
							connection->out.len - connection->out_done, FALSE);
		if (len <= 0)
		{
			return len < 0 && errno == EWOULDBLOCK;
		}
		connection->out_done += len;
	}
	chunk_clear(&connection->out);
	connection->out_done = 0;
	return TRUE;
}

/**
 * Make room for more input.
 *
 * @return				FALSE if the request is too long
 */
static bool grow(connection_t *connection)
{
	chunk_t bigger;

	if (connection->in.len - connection->in_len >= READ_SIZE)
	{
		return TRUE;
	}
	if (connection->in_len > REQUEST_MAX)
	{
		return FALSE;
	}
	bigger = chunk_alloc(connection->in.len * 2 + READ_SIZE);
	memcpy(bigger.ptr, connection->in.ptr, connection->in_len);
	chunk_clear(&connection->in);
	connection->in = bigger;
	return TRUE;
}

/**
 * Handle the whole lines of the input, as long as replies can be sent.
 *
 * @param from			where a line may end, what is before was looked at
 * @return				FALSE if the connection can't go on
 */
static bool handle_lines(connection_t *connection, size_t from)
{
	u_char *start = connection->in.ptr, *end;
	size_t left = connection->in_len;

	end = memchr(start + from, '\n', left - from);
	while (end && !connection->out.len)
	{
		if (connection->follows ||
			!queue_reply(connection, handle_line(connection,
									chunk_create(start, end - start))) ||
			!do_write(connection))
		{
			return FALSE;
		}
		left -= end + 1 - start;
		start = end + 1;
		end = memchr(start, '\n', left);
	}
	if (start != connection->in.ptr)
	{	/* requests may hold keys */
		memmove(connection->in.ptr, start, left);
		memwipe(connection->in.ptr + left, connection->in_len - left);
		connection->in_len = left;
	}
	return TRUE;
}

/**
 * Read and handle what there is.
 *
 * @return				FALSE if the connection is to be closed
 */
static bool do_read(connection_t *connection)
{
	stream_t *stream = connection->stream;
	size_t from;
	ssize_t len;

	while (!connection->out.len && grow(connection))
	{
		from = connection->in_len;
		len = stream->read(stream, connection->in.ptr + from, READ_SIZE, FALSE);
		if (len <= 0)
		{
			return len < 0 && errno == EWOULDBLOCK;
		}
		connection->in_len += len;
		if (!handle_lines(connection, from))
		{
			return FALSE;
		}
	}
	if (connection->out.len)
	{
		return TRUE;
	}
	DBG1(DBG_CFG, "closed a control connection: request too long");
	return FALSE;
}

/**
 * Give a client up that does not read: its connection breaks, and is closed then by whom
 * it belongs to. Mutex held.
 */
static void give_up(connection_t *connection)
{
	FILE *file;

	file = connection->stream->get_file(connection->stream);
	if (file)
	{
		DBG1(DBG_CFG, "closing a control connection: its client has read nothing for "
			 "%d seconds", CHECK_TIME * CHECKS_MAX);
		shutdown(fileno(file), SHUT_RDWR);
		fclose(file);
	}
}

/**
 * Look after replies that are not read.
 */
CALLBACK(check_job, job_requeue_t,
	private_kernel_cryptomap_ctl_t *this)
{
	enumerator_t *enumerator;
	connection_t *connection;
	bool waits = FALSE;

	this->mutex->lock(this->mutex);
	enumerator = this->connections->create_enumerator(this->connections);
	while (enumerator->enumerate(enumerator, &connection))
	{
		if (connection->waits && connection->waits++ == CHECKS_MAX)
		{
			give_up(connection);
		}
		waits |= connection->waits;
	}
	enumerator->destroy(enumerator);
	this->checking = waits;
	this->mutex->unlock(this->mutex);
	return waits ? JOB_RESCHEDULE(CHECK_TIME) : JOB_REQUEUE_NONE;
}

/**
 * Note whether a client has to read now; if so it has just read something.
 */
static void set_waiting(connection_t *connection, bool waiting)
{
	private_kernel_cryptomap_ctl_t *this = connection->this;

	this->mutex->lock(this->mutex);
	connection->waits = waiting;
	if (waiting && !this->checking)
	{
		this->checking = TRUE;
		lib->scheduler->schedule_job(lib->scheduler, (job_t*)
				callback_job_create(check_job, this, NULL, NULL), CHECK_TIME);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * Defined below: waits for requests.
 */
static job_requeue_t read_job(void *connection);

/**
 * There is room to send more.
 */
CALLBACK(on_write, bool,
	connection_t *connection, stream_t *stream)
{
	if (!do_write(connection) || !handle_lines(connection, 0))
	{
		queue_job(connection, close_job);
		return FALSE;
	}
	set_waiting(connection, connection->out.len);
	if (connection->out.len)
	{
		return TRUE;
	}
	queue_job(connection, read_job);
	return FALSE;
}

/**
 * Wait for room to send.
 */
CALLBACK(write_job, job_requeue_t,
	connection_t *connection)
{
	set_waiting(connection, TRUE);
	connection->stream->on_write(connection->stream, on_write, connection);
	return JOB_REQUEUE_NONE;
}

/**
 * There is something to read.
 */
CALLBACK(on_read, bool,
	connection_t *connection, stream_t *stream)
{
	if (!do_read(connection))
	{
		queue_job(connection, close_job);
		return FALSE;
	}
	if (!connection->out.len)
	{
		return TRUE;
	}
	queue_job(connection, write_job);
	return FALSE;
}

/**
 * Wait for requests.
 */
static job_requeue_t read_job(void *data)
{
	connection_t *connection = data;

	connection->stream->on_read(connection->stream, on_read, connection);
	return JOB_REQUEUE_NONE;
}

/**
 * A new connection.
 */
CALLBACK(on_accept, bool,
	private_kernel_cryptomap_ctl_t *this, stream_t *stream)
{
	connection_t *connection;
	bool full;

	INIT(connection,
		.this = this,
		.stream = stream,
	);
	this->mutex->lock(this->mutex);
	full = this->connections->get_count(this->connections) >= CONNECTIONS_MAX;
	if (!full)
	{
		this->connections->insert_last(this->connections, connection);
	}
	this->mutex->unlock(this->mutex);
	if (full)
	{
		free(connection);
		return FALSE;
	}
	read_job(connection);
	return TRUE;
}

METHOD(kernel_cryptomap_ctl_t, destroy, void,
	private_kernel_cryptomap_ctl_t *this)
{
	if (this->service)
	{
		this->service->destroy(this->service);
		unlink(this->path);
	}
	this->connections->destroy_function(this->connections,
										(void*)destroy_connection);
	this->mutex->destroy(this->mutex);
	free(this->path);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_ctl_t *kernel_cryptomap_ctl_create(const char *path,
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_states_t *states,
										kernel_cryptomap_debug_t *debug)
{
	private_kernel_cryptomap_ctl_t *this;
	char uri[PATH_MAX];

	INIT(this,
		.public = {
			.destroy = _destroy,
		},
		.config = config,
		.states = states,
		.debug = debug,
		.path = strdup(path),
		.connections = linked_list_create(),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	snprintf(uri, sizeof(uri), "unix://%s", path);
	this->service = lib->streams->create_service(lib->streams, uri, BACKLOG);
	if (!this->service || chmod(path, S_IRUSR | S_IWUSR) < 0)
	{
		DBG1(DBG_CFG, "opening the control socket %s failed", path);
		destroy(this);
		return NULL;
	}
	this->service->on_accept(this->service, on_accept, this,
							 JOB_PRIO_CRITICAL, 0);
	return &this->public;
}
