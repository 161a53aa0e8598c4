/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_routes.h"

#include "kernel_cryptomap_fib.h"
#include "kernel_cryptomap_flow.h"

#include <daemon.h>
#include <collections/array.h>
#include <collections/hashtable.h>
#include <processing/jobs/callback_job.h>
#include <threading/mutex.h>

#include <linux/rtnetlink.h>

#include <errno.h>

/** Metric of routes without a distance: IOS's distance of static routes */
#define DEFAULT_METRIC 1
/** Routes of a flow: to the peer, and to what is behind it */
#define FLOW_ROUTES 2
/** Milliseconds from a change of devices or routes, of which there are often
 * many, to a look at what it means; or to another try */
#define LOOK_AGAIN 1000
/** At least so many times as long as the last look took: where routes change all
 * the time, and are many, it is not to do nothing else */
#define LOOK_SHARE 20
/** Largest notification */
#define EVENT_SIZE 8192

typedef struct private_kernel_cryptomap_routes_t private_kernel_cryptomap_routes_t;
typedef struct member_t member_t;

/**
 * A flow with reverse routes.
 */
struct member_t {
	/** id of the flow */
	uint32_t id;
	/** number of the resync that saw it last */
	u_int seen;
	/** routes that it wants now */
	kernel_cryptomap_claim_t claims[FLOW_ROUTES];
	/** number of them */
	u_int count;
	/** why it gets none, told once; or "" */
	char error[80];
};

struct private_kernel_cryptomap_routes_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_routes_t public;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * Notifications about devices and routes.
	 */
	struct mnl_socket *nl;

	/**
	 * Protects what is to be done, up to the members.
	 */
	mutex_t *mutex;

	/**
	 * Ids of flows to look at.
	 */
	hashtable_t *flows;

	/**
	 * All is to be looked at.
	 */
	bool resync;

	/**
	 * There is no module.
	 */
	bool gone;

	/**
	 * There is a job, which does all of that.
	 */
	bool working;

	/**
	 * A look at all is scheduled.
	 */
	bool scheduled;

	/**
	 * Milliseconds until a look at all that is scheduled.
	 */
	u_int pause;

	/**
	 * There are flows with reverse routes, as far as is known.
	 */
	bool used;

	/*
	 * What follows belongs to the job.
	 */

	/**
	 * Client of the routing tables.
	 */
	kernel_cryptomap_rtnl_t *rtnl;

	/**
	 * Routes that are wanted.
	 */
	kernel_cryptomap_fib_t *fib;

	/**
	 * Flows with reverse routes, id => member_t.
	 */
	hashtable_t *members;

	/**
	 * Number of the last resync.
	 */
	u_int seen;

	/**
	 * The device that was looked up last: flows of one follow each other. For
	 * one run of the job.
	 */
	char ifname[IF_NAMESIZE];

	/**
	 * What it is.
	 */
	kernel_cryptomap_link_t link;
};

/**
 * Whether a flow wants what it wanted before.
 */
static bool is_same(member_t *member, const kernel_cryptomap_route_t *wants,
					u_int count)
{
	u_int i;

	for (i = 0; i < count && i < member->count; i++)
	{
		if (!memeq(&member->claims[i].want, &wants[i], sizeof(wants[i])))
		{
			return FALSE;
		}
	}
	return count == member->count;
}

/**
 * Make a flow want these routes and no other.
 */
static void set_claims(private_kernel_cryptomap_routes_t *this,
					   member_t *member,
					   const kernel_cryptomap_route_t *wants, u_int count)
{
	u_int i;

	if (is_same(member, wants, count))
	{
		return;
	}
	for (i = 0; i < member->count; i++)
	{
		this->fib->release(this->fib, &member->claims[i]);
	}
	for (i = 0; i < count; i++)
	{
		member->claims[i].want = wants[i];
		this->fib->claim(this->fib, &member->claims[i]);
	}
	member->count = count;
}

/**
 * Find the device of a flow.
 *
 * @return				NULL, or why not
 */
static const char *get_link(private_kernel_cryptomap_routes_t *this,
							kernel_cryptomap_flow_t *flow)
{
	const char *error = NULL;

	if (!streq(this->ifname, flow->ifname))
	{
		error = this->rtnl->get_link(this->rtnl, flow->ifname, &this->link);
		snprintf(this->ifname, sizeof(this->ifname), "%s",
				 error ? "" : flow->ifname);
	}
	return error;
}

/**
 * Set the network of a route.
 */
static void set_dst(private_kernel_cryptomap_routes_t *this,
					kernel_cryptomap_route_t *want,
					kernel_cryptomap_flow_t *flow, host_t *net, uint8_t bits)
{
	chunk_t addr = net->get_address(net);

	want->dst = (kernel_cryptomap_dst_t){
		.family = net->get_family(net),
		.table = this->link.table,
		.metric = flow->reverse.distance ?: DEFAULT_METRIC,
		.bits = bits,
	};
	memcpy(want->dst.net, addr.ptr, min(addr.len, sizeof(want->dst.net)));
	want->hop = (kernel_cryptomap_hop_t){
		.ifindex = this->link.ifindex,
	};
}

/**
 * Find the way to what is behind the peer: by the gateway that is configured,
 * else as the peer is reached. The network of another family than the peer is
 * on the link: it is not, but no neighbour is asked before packets are taken to
 * be encrypted.
 *
 * @return				NULL, or why there is none
 */
static const char *get_hop(private_kernel_cryptomap_routes_t *this,
						   kernel_cryptomap_flow_t *flow,
						   kernel_cryptomap_route_t *want)
{
	kernel_cryptomap_reverse_t *reverse = &flow->reverse;
	host_t *remote = flow->remote;

	if (reverse->gateway)
	{
		kernel_cryptomap_hop_via(&want->hop, reverse->gateway);
	}
	else if (remote->get_family(remote) != want->dst.family)
	{
		return NULL;
	}
	else if (reverse->remote_peer)
	{
		kernel_cryptomap_hop_via(&want->hop, reverse->remote_peer);
	}
	else
	{
		return this->rtnl->get_hop(this->rtnl, remote, this->link.ifindex,
								   &want->hop);
	}
	return NULL;
}

/**
 * Which routes a flow is to have.
 *
 * @param wants			filled with at most FLOW_ROUTES of them
 * @param count			set to their number
 * @return				NULL, or why one is missing
 */
static const char *get_wants(private_kernel_cryptomap_routes_t *this,
							 kernel_cryptomap_flow_t *flow,
							 kernel_cryptomap_route_t *wants, u_int *count)
{
	traffic_selector_t *ts = flow->remote_ts;
	kernel_cryptomap_reverse_t *reverse = &flow->reverse;
	const char *error;
	host_t *net;
	uint8_t bits;

	if (!reverse->enabled || !flow->remote ||
		!(reverse->always || flow->out_spi))
	{
		return NULL;
	}
	error = get_link(this, flow);
	if (error)
	{
		return error;
	}
	if (reverse->remote_peer)
	{
		set_dst(this, &wants[*count], flow, flow->remote,
				flow->remote->get_family(flow->remote) == AF_INET ? 32 : 128);
		kernel_cryptomap_hop_via(&wants[*count].hop, reverse->remote_peer);
		(*count)++;
	}
	if (!ts)
	{
		return "the destination of the access list entry is no network";
	}
	if (ts->is_host(ts, flow->remote))
	{	/* the peer itself: reached without */
		return NULL;
	}
	if (!reverse->remote_peer && ts->includes(ts, flow->remote))
	{
		return "the network has the peer in it, which would be reached by this "
			   "route then; remote-peer gives it one of its own";
	}
	ts->to_subnet(ts, &net, &bits);
	set_dst(this, &wants[*count], flow, net, bits);
	net->destroy(net);
	error = get_hop(this, flow, &wants[*count]);
	if (!error)
	{
		(*count)++;
	}
	return error;
}

/**
 * Look at a flow.
 *
 * @param id			its id
 * @param flow			what the module says about it, NULL if it is gone
 */
static void look_at(private_kernel_cryptomap_routes_t *this, uint32_t id,
					kernel_cryptomap_flow_t *flow)
{
	kernel_cryptomap_route_t wants[FLOW_ROUTES];
	const char *error = NULL;
	member_t *member;
	u_int count = 0;
	char what[96];

	member = this->members->get(this->members, (void*)(uintptr_t)id);
	if (!flow || !flow->reverse.enabled)
	{
		if (member)
		{
			set_claims(this, member, NULL, 0);
			this->members->remove(this->members, (void*)(uintptr_t)id);
			free(member);
		}
		return;
	}
	if (!member)
	{
		INIT(member,
			.id = id,
		);
		this->members->put(this->members, (void*)(uintptr_t)id, member);
	}
	member->seen = this->seen;
	error = get_wants(this, flow, wants, &count);
	snprintf(what, sizeof(what), "for crypto map %s %u, access list entry %u",
			 flow->map, flow->entry_seq, flow->ace_seq);
	kernel_cryptomap_route_failed(member->error, sizeof(member->error), what,
								  error);
	set_claims(this, member, wants, count);
}

/**
 * Keep a flow of a dump.
 */
static void collect_flow(void *user, kernel_cryptomap_flow_t *flow)
{
	flow = kernel_cryptomap_flow_get_ref(flow);
	array_insert(user, ARRAY_TAIL, flow);
}

/**
 * Forget the flows that the last resync did not see.
 */
static void forget_flows(private_kernel_cryptomap_routes_t *this)
{
	enumerator_t *enumerator;
	member_t *member;

	enumerator = this->members->create_enumerator(this->members);
	while (enumerator->enumerate(enumerator, NULL, &member))
	{
		if (member->seen != this->seen)
		{
			set_claims(this, member, NULL, 0);
			this->members->remove_at(this->members, enumerator);
			free(member);
		}
	}
	enumerator->destroy(enumerator);
}

/**
 * Defined below: look at all, but not now.
 */
static void look_later(private_kernel_cryptomap_routes_t *this);

/**
 * Look at all flows and routes.
 *
 * @param gone			there is no module
 */
static void look_at_all(private_kernel_cryptomap_routes_t *this, bool gone)
{
	kernel_cryptomap_flow_t *flow;
	timeval_t start, end;
	array_t *flows;

	time_monotonic(&start);
	flows = array_create(0, 0);
	if (gone || kernel_cryptomap_flow_dump(this->socket,
								CRYPTO_MAP_A_FLOW_ROUTED, collect_flow, flows))
	{
		this->seen++;
		while (array_remove(flows, ARRAY_HEAD, &flow))
		{
			look_at(this, flow->id, flow);
			kernel_cryptomap_flow_put(flow);
		}
		forget_flows(this);
		this->fib->reread(this->fib);
	}
	else
	{	/* the configuration changed meanwhile, most likely */
		look_later(this);
	}
	array_destroy_function(flows, (void*)kernel_cryptomap_flow_put, NULL);

	time_monotonic(&end);
	timersub(&end, &start, &end);
	this->mutex->lock(this->mutex);
	this->pause = max(LOOK_AGAIN, LOOK_SHARE * (end.tv_sec * 1000 +
												end.tv_usec / 1000));
	this->mutex->unlock(this->mutex);
}

/**
 * Take what there is to do.
 *
 * @param flows			set to ids, to be destroyed; NULL to look at all
 * @param gone			set if there is no module
 * @return				FALSE if there is nothing; the job ends then
 */
static bool get_work(private_kernel_cryptomap_routes_t *this,
					 hashtable_t **flows, bool *gone)
{
	bool more;

	this->mutex->lock(this->mutex);
	more = this->resync || this->flows->get_count(this->flows);
	this->working = more;
	this->used = more || this->members->get_count(this->members);
	*gone = this->gone;
	*flows = NULL;
	if (more && !this->resync)
	{
		*flows = this->flows;
		this->flows = hashtable_create(hashtable_hash_ptr,
									   hashtable_equals_ptr, 32);
	}
	this->resync = FALSE;
	this->mutex->unlock(this->mutex);
	return more;
}

/**
 * Do what there is to do.
 */
CALLBACK(work_job, job_requeue_t,
	private_kernel_cryptomap_routes_t *this)
{
	kernel_cryptomap_flow_t *flow;
	enumerator_t *enumerator;
	hashtable_t *flows;
	uint32_t id;
	void *key;
	bool gone;

	while (get_work(this, &flows, &gone))
	{
		/* devices come and go */
		this->ifname[0] = '\0';
		if (!flows)
		{
			look_at_all(this, gone);
		}
		else
		{
			enumerator = flows->create_enumerator(flows);
			while (enumerator->enumerate(enumerator, &key, NULL))
			{
				id = (uintptr_t)key;
				flow = kernel_cryptomap_flow_get(this->socket, id);
				if (flow || errno == ENOENT)
				{
					look_at(this, id, flow);
				}
				else
				{	/* without its routes packets may go another way, in clear */
					look_later(this);
				}
				kernel_cryptomap_flow_put(flow);
			}
			enumerator->destroy(enumerator);
			flows->destroy(flows);
		}
		this->fib->apply(this->fib);
	}
	return JOB_REQUEUE_NONE;
}

/**
 * Start the job unless there is one. Mutex held.
 */
static void start(private_kernel_cryptomap_routes_t *this)
{
	if (!this->working)
	{
		this->working = TRUE;
		lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(work_job, this, NULL, NULL));
	}
}

METHOD(kernel_cryptomap_routes_t, update, void,
	private_kernel_cryptomap_routes_t *this, uint32_t flow)
{
	void *key = (void*)(uintptr_t)flow;

	this->mutex->lock(this->mutex);
	this->flows->put(this->flows, key, key);
	start(this);
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_routes_t, resync_, void,
	private_kernel_cryptomap_routes_t *this)
{
	this->mutex->lock(this->mutex);
	this->gone = FALSE;
	this->resync = TRUE;
	start(this);
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_routes_t, reset, void,
	private_kernel_cryptomap_routes_t *this)
{
	this->mutex->lock(this->mutex);
	this->gone = TRUE;
	this->resync = TRUE;
	start(this);
	this->mutex->unlock(this->mutex);
}

/**
 * It is time to look at all.
 */
CALLBACK(look_job, job_requeue_t,
	private_kernel_cryptomap_routes_t *this)
{
	this->mutex->lock(this->mutex);
	this->scheduled = FALSE;
	this->resync = TRUE;
	start(this);
	this->mutex->unlock(this->mutex);
	return JOB_REQUEUE_NONE;
}

/*
 * Described above.
 */
static void look_later(private_kernel_cryptomap_routes_t *this)
{
	this->mutex->lock(this->mutex);
	if (!this->scheduled)
	{
		this->scheduled = TRUE;
		lib->scheduler->schedule_job_ms(lib->scheduler, (job_t*)
				callback_job_create(look_job, this, NULL, NULL), this->pause);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * There is something to read.
 */
CALLBACK(on_readable, bool,
	private_kernel_cryptomap_routes_t *this, int fd, watcher_event_t event)
{
	char buf[EVENT_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	bool changed = FALSE, used;
	struct nlmsghdr *nlh;
	ssize_t len;
	int left;

	while ((len = mnl_socket_recvfrom(this->nl, buf, sizeof(buf))) >= 0)
	{
		left = len;
		for (nlh = (void*)buf; mnl_nlmsg_ok(nlh, left);
			 nlh = mnl_nlmsg_next(nlh, &left))
		{	/* changes of this object itself mean nothing new */
			changed |= nlh->nlmsg_pid != this->rtnl->get_port(this->rtnl);
		}
	}
	changed |= errno == ENOBUFS;
	this->mutex->lock(this->mutex);
	used = this->used;
	this->mutex->unlock(this->mutex);
	if (changed && used)
	{
		look_later(this);
	}
	return TRUE;
}

METHOD(kernel_cryptomap_routes_t, destroy, void,
	private_kernel_cryptomap_routes_t *this)
{
	enumerator_t *enumerator;
	member_t *member;

	if (this->nl)
	{
		lib->watcher->remove(lib->watcher, mnl_socket_get_fd(this->nl));
		mnl_socket_close(this->nl);
	}
	enumerator = this->members->create_enumerator(this->members);
	while (enumerator->enumerate(enumerator, NULL, &member))
	{
		free(member);
	}
	enumerator->destroy(enumerator);
	this->members->destroy(this->members);
	this->flows->destroy(this->flows);
	DESTROY_IF(this->fib);
	DESTROY_IF(this->rtnl);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * Open the socket for notifications.
 */
static bool listen_to_kernel(private_kernel_cryptomap_routes_t *this)
{
	int groups[] = { RTNLGRP_LINK, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE };
	u_int i;

	if (!this->nl || mnl_socket_bind(this->nl, 0, MNL_SOCKET_AUTOPID) < 0)
	{
		return FALSE;
	}
	for (i = 0; i < countof(groups); i++)
	{
		if (mnl_socket_setsockopt(this->nl, NETLINK_ADD_MEMBERSHIP, &groups[i],
								  sizeof(groups[i])) < 0)
		{
			return FALSE;
		}
	}
	return TRUE;
}

/**
 * See header.
 */
kernel_cryptomap_routes_t *kernel_cryptomap_routes_create(
										kernel_cryptomap_socket_t *socket)
{
	private_kernel_cryptomap_routes_t *this;

	INIT(this,
		.public = {
			.update = _update,
			.resync = _resync_,
			.reset = _reset,
			.destroy = _destroy,
		},
		.socket = socket,
		.nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
		.pause = LOOK_AGAIN,
		.flows = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr, 32),
		.rtnl = kernel_cryptomap_rtnl_create(),
		.members = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr,
									32),
	);

	if (this->rtnl)
	{
		this->fib = kernel_cryptomap_fib_create(this->rtnl);
	}
	if (!this->fib || !listen_to_kernel(this))
	{
		DBG1(DBG_KNL, "listening to the routing tables failed: %s",
			 strerror(errno));
		destroy(this);
		return NULL;
	}
	lib->watcher->add(lib->watcher, mnl_socket_get_fd(this->nl), WATCHER_READ,
					  on_readable, this);
	return &this->public;
}
