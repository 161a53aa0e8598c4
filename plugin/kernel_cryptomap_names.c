/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_names.h"

#include <collections/hashtable.h>
#include <collections/linked_list.h>
#include <library.h>
#include <processing/jobs/callback_job.h>
#include <threading/condvar.h>
#include <threading/mutex.h>
#include <threading/thread.h>

#include <errno.h>
#include <netdb.h>

/** Threads that resolve at a time, at most */
#define THREADS_MAX 3
/** Addresses of a name that are tried */
#define ADDRESSES_MAX KERNEL_CRYPTOMAP_NAME_ADDRS
/** Seconds that what was found is taken as it is, when a tunnel is to be set up... */
#define FRESH_TIME 5
/** ...and that nothing was found */
#define RETRY_TIME 10
/** Seconds between resolving all names since somebody came who is no peer */
#define REFRESH_TIME 10

typedef struct private_kernel_cryptomap_names_t private_kernel_cryptomap_names_t;

struct private_kernel_cryptomap_names_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_names_t public;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * All names, name_t by themselves.
	 */
	hashtable_t *names;

	/**
	 * Those that wait for a thread, name_t.
	 */
	linked_list_t *queue;

	/**
	 * The threads, thread_t, those that wait for work as well.
	 */
	linked_list_t *threads;

	/**
	 * How many of them wait for work.
	 */
	u_int idle;

	/**
	 * When all names were resolved again last.
	 */
	time_t refreshed;

	/**
	 * The threads are to end.
	 */
	bool closing;

	/**
	 * Signaled for a thread when there is work, or the end.
	 */
	condvar_t *work;

	/**
	 * Protects all that changes.
	 */
	mutex_t *mutex;
};

/**
 * A name.
 */
typedef struct {
	/** the name */
	char *name;
	/** its addresses, in the resolver's order, host_t */
	array_t *addresses;
	/** when it was resolved last, or could not be, 0 for never */
	time_t time;
	/** it could not be */
	bool failed;
	/** a thread works on it, or is to */
	bool busy;
	/** queued when it is resolved, job_t */
	linked_list_t *jobs;
} name_t;

/**
 * Create a name. Mutex held.
 */
static name_t *create_name(private_kernel_cryptomap_names_t *this,
						   const char *text)
{
	name_t *name;

	INIT(name,
		.name = strdup(text),
		.addresses = array_create(0, 0),
		.jobs = linked_list_create(),
	);
	this->names->put(this->names, name->name, name);
	return name;
}

/**
 * Destroy a name.
 */
static void destroy_name(name_t *name)
{
	array_destroy_offset(name->addresses, offsetof(host_t, destroy));
	name->jobs->destroy_offset(name->jobs, offsetof(job_t, destroy));
	free(name->name);
	free(name);
}

/**
 * Whether addresses are the same ones in the same order.
 */
static bool same_addresses(array_t *a, array_t *b)
{
	host_t *one, *two;
	int i;

	if (array_count(a) != array_count(b))
	{
		return FALSE;
	}
	for (i = 0; i < array_count(a); i++)
	{
		array_get(a, i, &one);
		array_get(b, i, &two);
		if (!one->ip_equals(one, two))
		{
			return FALSE;
		}
	}
	return TRUE;
}

/**
 * Log the addresses of a name.
 */
static void tell_addresses(name_t *name)
{
	host_t *host;
	int i;

	for (i = 0; i < array_count(name->addresses); i++)
	{
		array_get(name->addresses, i, &host);
		DBG1(DBG_CFG, "peer %s is at %H", name->name, host);
	}
}

/**
 * The addresses of an answer.
 */
static array_t *get_addresses(struct addrinfo *result)
{
	array_t *addresses;
	host_t *host;

	addresses = array_create(0, 0);
	for (; result && array_count(addresses) < ADDRESSES_MAX;
		 result = result->ai_next)
	{
		host = host_create_from_sockaddr(result->ai_addr);
		if (host)
		{
			host->set_port(host, 0);
			array_insert(addresses, ARRAY_TAIL, host);
		}
	}
	return addresses;
}

/**
 * A name is resolved, or can't be. Mutex held.
 *
 * @param error			0, or why not, of getaddrinfo()
 * @param addresses		what was found; consumed
 */
static void settle(name_t *name, int error, array_t *addresses)
{
	job_t *job;

	/* who does not answer does not say that there is no such host */
	if (!error || error == EAI_NONAME
#ifdef EAI_NODATA
		|| error == EAI_NODATA
#endif
		)
	{
		if (!same_addresses(name->addresses, addresses))
		{
			array_destroy_offset(name->addresses, offsetof(host_t, destroy));
			name->addresses = addresses;
			addresses = NULL;
			tell_addresses(name);
		}
	}
	array_destroy_offset(addresses, offsetof(host_t, destroy));
	if (error && !name->failed)
	{
		DBG1(DBG_CFG, "peer %s can't be resolved: %s", name->name,
			 gai_strerror(error));
	}
	name->failed = error != 0;
	name->time = time_monotonic(NULL);
	name->busy = FALSE;
	/* charon stops its threads before these: jobs would outlive the plugin then */
	while (lib->processor->get_total_threads(lib->processor) &&
		   name->jobs->remove_first(name->jobs, (void**)&job) == SUCCESS)
	{
		lib->processor->queue_job(lib->processor, job);
	}
}

/**
 * Resolve a name that is busy, which nobody removes. Mutex held but while that lasts.
 */
static void resolve_name(private_kernel_cryptomap_names_t *this, name_t *name)
{
	struct addrinfo *result = NULL, hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_DGRAM,
	};
	bool old;
	int error;

	this->mutex->unlock(this->mutex);
	old = thread_cancelability(TRUE);
	error = getaddrinfo(name->name, NULL, &hints, &result);
	thread_cancelability(old);
	this->mutex->lock(this->mutex);
	settle(name, error, get_addresses(result));
	if (result)
	{
		freeaddrinfo(result);
	}
}

/**
 * What a thread does.
 */
static void *resolve_names(private_kernel_cryptomap_names_t *this)
{
	name_t *name;

	/* but for what may take long */
	thread_cancelability(FALSE);
	this->mutex->lock(this->mutex);
	while (!this->closing)
	{
		if (this->queue->remove_first(this->queue, (void**)&name) == SUCCESS)
		{
			resolve_name(this, name);
		}
		else
		{
			this->idle++;
			this->work->wait(this->work, this->mutex);
			this->idle--;
		}
	}
	this->mutex->unlock(this->mutex);
	return NULL;
}

/**
 * Create one more thread. Mutex held.
 */
static void add_thread(private_kernel_cryptomap_names_t *this)
{
	thread_t *thread;

	thread = thread_create((thread_main_t)resolve_names, this);
	if (thread)
	{
		this->threads->insert_last(this->threads, thread);
	}
}

/**
 * Let a thread resolve a name, which can't be if there is none. Mutex held.
 */
static void queue_name(private_kernel_cryptomap_names_t *this, name_t *name)
{
	if (name->busy || this->closing)
	{
		return;
	}
	name->busy = TRUE;
	this->queue->insert_last(this->queue, name);
	if ((u_int)this->queue->get_count(this->queue) <= this->idle)
	{
		this->work->signal(this->work);
		return;
	}
	if (this->threads->get_count(this->threads) < THREADS_MAX)
	{
		add_thread(this);
	}
	if (!this->threads->get_count(this->threads))
	{
		this->queue->remove(this->queue, name, NULL);
		settle(name, EAI_AGAIN, array_create(0, 0));
	}
}

/**
 * Whether a name was resolved so recently that it is not again. Mutex held.
 */
static bool is_fresh(name_t *name)
{
	return name->time && !name->busy &&
		   time_monotonic(NULL) - name->time <
							(name->failed ? RETRY_TIME : FRESH_TIME);
}

METHOD(kernel_cryptomap_names_t, expand, void,
	private_kernel_cryptomap_names_t *this, kernel_cryptomap_flow_t *flow)
{
	kernel_cryptomap_peer_t peers[countof(flow->peer)];
	u_int i, count = flow->peer_count;
	name_t *name;

	memcpy(peers, flow->peer, sizeof(peers));
	flow->peer_count = 0;
	this->mutex->lock(this->mutex);
	for (i = 0; i < count; i++)
	{
		name = peers[i].name ? this->names->get(this->names, peers[i].name)
							 : NULL;
		kernel_cryptomap_flow_add_peer(flow, &peers[i],
									   name ? name->addresses : NULL);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_names_t, resolve, bool,
	private_kernel_cryptomap_names_t *this, const char *text, job_t *job)
{
	name_t *name;
	bool fresh;

	this->mutex->lock(this->mutex);
	name = this->names->get(this->names, text) ?: create_name(this, text);
	fresh = is_fresh(name);
	if (!fresh)
	{
		name->jobs->insert_last(name->jobs, job);
		queue_name(this, name);
	}
	this->mutex->unlock(this->mutex);
	if (fresh)
	{
		job->destroy(job);
	}
	return fresh;
}

METHOD(kernel_cryptomap_names_t, refresh, void,
	private_kernel_cryptomap_names_t *this)
{
	time_t now = time_monotonic(NULL);
	enumerator_t *enumerator;
	name_t *name;

	this->mutex->lock(this->mutex);
	if (!this->refreshed || now - this->refreshed >= REFRESH_TIME)
	{
		this->refreshed = now;
		enumerator = this->names->create_enumerator(this->names);
		while (enumerator->enumerate(enumerator, NULL, &name))
		{
			if (!is_fresh(name))
			{
				queue_name(this, name);
			}
		}
		enumerator->destroy(enumerator);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * Whether a name has an address. Mutex held.
 */
static bool has_address(name_t *name, host_t *host)
{
	host_t *address;
	int i;

	for (i = 0; i < array_count(name->addresses); i++)
	{
		array_get(name->addresses, i, &address);
		if (address->ip_equals(address, host))
		{
			return TRUE;
		}
	}
	return FALSE;
}

METHOD(kernel_cryptomap_names_t, get, array_t*,
	private_kernel_cryptomap_names_t *this, host_t *host)
{
	enumerator_t *enumerator;
	array_t *names = NULL;
	name_t *name;

	this->mutex->lock(this->mutex);
	enumerator = this->names->create_enumerator(this->names);
	while (enumerator->enumerate(enumerator, NULL, &name))
	{
		if (has_address(name, host))
		{
			array_insert_create(&names, ARRAY_TAIL, strdup(name->name));
		}
	}
	enumerator->destroy(enumerator);
	this->mutex->unlock(this->mutex);
	return names;
}

METHOD(kernel_cryptomap_names_t, find_flow, kernel_cryptomap_flow_t*,
	private_kernel_cryptomap_names_t *this, host_t *local, host_t *remote,
	traffic_selector_t *local_ts, traffic_selector_t *remote_ts,
	kernel_cryptomap_flow_t *after)
{
	kernel_cryptomap_flow_t *flow;
	array_t *names;

	names = get(this, remote);
	flow = kernel_cryptomap_flow_find(this->socket, local, remote, names,
									  local_ts, remote_ts, after);
	array_destroy_function(names, (void*)free, NULL);
	return flow;
}

METHOD(kernel_cryptomap_names_t, new_flow, kernel_cryptomap_flow_t*,
	private_kernel_cryptomap_names_t *this, kernel_cryptomap_flow_t *flow)
{
	array_t *names;

	names = get(this, flow->remote);
	flow = kernel_cryptomap_flow_new(this->socket, flow, names);
	array_destroy_function(names, (void*)free, NULL);
	return flow;
}

/**
 * Collect the names of the peers of an entry.
 */
static void collect_names(void *user, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;
	hashtable_t *found = user;
	char *text;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
	{
		if (mnl_attr_get_type(attr) != CRYPTO_MAP_A_ENTRY_PEER_NAME)
		{
			continue;
		}
		text = strdup(kernel_cryptomap_str(attr));
		free(found->put(found, text, text));
	}
}

/**
 * Take over which names there are. Mutex held.
 */
static void set_names(private_kernel_cryptomap_names_t *this,
					  hashtable_t *found)
{
	enumerator_t *enumerator;
	name_t *name;
	char *text;

	enumerator = this->names->create_enumerator(this->names);
	while (enumerator->enumerate(enumerator, NULL, &name))
	{
		if (!name->busy && !found->get(found, name->name))
		{
			this->names->remove_at(this->names, enumerator);
			destroy_name(name);
		}
	}
	enumerator->destroy(enumerator);
	enumerator = found->create_enumerator(found);
	while (enumerator->enumerate(enumerator, NULL, &text))
	{
		if (!this->names->get(this->names, text))
		{
			queue_name(this, create_name(this, text));
		}
	}
	enumerator->destroy(enumerator);
}

/**
 * Ask the kernel which names there are.
 */
CALLBACK(resync_job, job_requeue_t,
	private_kernel_cryptomap_names_t *this)
{
	kernel_cryptomap_msg_t msg;
	hashtable_t *found;
	int error;

	found = hashtable_create(hashtable_hash_str, hashtable_equals_str, 8);
	this->socket->init(this->socket, &msg, CRYPTO_MAP_CMD_ENTRY_GET, TRUE);
	mnl_attr_put(msg.nlh, CRYPTO_MAP_A_ENTRY_NAMED, 0, NULL);
	error = this->socket->call(this->socket, &msg, collect_names, found);
	if (!error)
	{
		this->mutex->lock(this->mutex);
		set_names(this, found);
		this->mutex->unlock(this->mutex);
	}
	/* what a change disturbs is asked for again after it */
	else if (error != EINTR)
	{
		DBG1(DBG_KNL, "reading peers by name failed: %s", msg.error);
	}
	found->destroy_function(found, (void*)free);
	return JOB_REQUEUE_NONE;
}

METHOD(kernel_cryptomap_names_t, resync, void,
	private_kernel_cryptomap_names_t *this)
{
	lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(resync_job, this, NULL, NULL));
}

METHOD(kernel_cryptomap_names_t, destroy, void,
	private_kernel_cryptomap_names_t *this)
{
	enumerator_t *enumerator;
	thread_t *thread;
	name_t *name;

	this->mutex->lock(this->mutex);
	this->closing = TRUE;
	this->work->broadcast(this->work);
	this->mutex->unlock(this->mutex);
	this->threads->invoke_offset(this->threads, offsetof(thread_t, cancel));
	while (this->threads->remove_first(this->threads,
									   (void**)&thread) == SUCCESS)
	{
		thread->join(thread);
	}
	enumerator = this->names->create_enumerator(this->names);
	while (enumerator->enumerate(enumerator, NULL, &name))
	{
		destroy_name(name);
	}
	enumerator->destroy(enumerator);
	this->names->destroy(this->names);
	this->queue->destroy(this->queue);
	this->threads->destroy(this->threads);
	this->work->destroy(this->work);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_names_t *kernel_cryptomap_names_create(
										kernel_cryptomap_socket_t *socket)
{
	private_kernel_cryptomap_names_t *this;

	INIT(this,
		.public = {
			.expand = _expand,
			.resolve = _resolve,
			.refresh = _refresh,
			.get = _get,
			.find_flow = _find_flow,
			.new_flow = _new_flow,
			.resync = _resync,
			.destroy = _destroy,
		},
		.socket = socket,
		.names = hashtable_create(hashtable_hash_str, hashtable_equals_str, 8),
		.queue = linked_list_create(),
		.threads = linked_list_create(),
		.work = condvar_create(CONDVAR_TYPE_DEFAULT),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
