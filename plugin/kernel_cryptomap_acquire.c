/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_acquire.h"

#include "kernel_cryptomap_checkin.h"
#include "kernel_cryptomap_child.h"
#include "kernel_cryptomap_flow.h"
#include "kernel_cryptomap_outcome.h"
#include "kernel_cryptomap_pair.h"

#include <daemon.h>
#include <collections/array.h>
#include <processing/jobs/callback_job.h>
#include <sa/ikev1/tasks/quick_delete.h>
#include <threading/mutex.h>

/** How often a dump that was disturbed is repeated */
#define DUMP_TRIES 5
/** So many flows that are refused are logged... */
#define LOG_LINES 10
/** ...in so many seconds */
#define LOG_TIME 10

typedef struct private_kernel_cryptomap_acquire_t private_kernel_cryptomap_acquire_t;

struct private_kernel_cryptomap_acquire_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_acquire_t public;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * SAs that charon knows.
	 */
	kernel_cryptomap_sas_t *sas;

	/**
	 * Phase 1 configuration.
	 */
	kernel_cryptomap_config_t *config;

	/**
	 * Maker of configurations.
	 */
	kernel_cryptomap_peers_t *peers;

	/**
	 * Knows the addresses of peers by name.
	 */
	kernel_cryptomap_names_t *names;

	/**
	 * Which peers entries are at.
	 */
	kernel_cryptomap_failover_t *failover;

	/**
	 * Flows under negotiation and their IKE_SAs.
	 */
	kernel_cryptomap_pairs_t *pairs;

	/**
	 * Tells it what becomes of them.
	 */
	kernel_cryptomap_outcome_t *outcome;

	/**
	 * A job to ask the kernel for flows is queued.
	 */
	bool resyncing;

	/**
	 * When the first of the refused flows that are counted was logged.
	 */
	time_t log_start;

	/**
	 * Flows refused since.
	 */
	u_int refused;

	/**
	 * Protects log_start and refused.
	 */
	mutex_t *mutex;
};

/**
 * Data of a job about a flow.
 */
typedef struct {
	private_kernel_cryptomap_acquire_t *this;
	/** id of the flow */
	uint32_t id;
	/** why it failed */
	char reason[CRYPTO_MAP_TEXT_MAX + 1];
	/** NULL, or the peer that phase 1 failed with... */
	host_t *peer;
	/** ...the so many-th time for this flow */
	u_int tries;
} flow_job_t;

/**
 * Create a job about a flow.
 */
static flow_job_t *create_job(private_kernel_cryptomap_acquire_t *this,
							  uint32_t id, const char *reason)
{
	flow_job_t *job;

	INIT(job,
		.this = this,
		.id = id,
	);
	snprintf(job->reason, sizeof(job->reason), "%s", reason);
	return job;
}

/**
 * Destroy a job about a flow.
 */
CALLBACK(destroy_job, void,
	flow_job_t *job)
{
	DESTROY_IF(job->peer);
	free(job);
}

/**
 * Tell the kernel of a failure.
 */
CALLBACK(fail_job, job_requeue_t,
	flow_job_t *job)
{
	kernel_cryptomap_flow_fail(job->this->socket, job->id, job->reason);
	return JOB_REQUEUE_NONE;
}

/**
 * Tell the kernel of a failure, from where netlink must not be used.
 */
static void queue_fail(private_kernel_cryptomap_acquire_t *this, uint32_t id,
					   const char *reason)
{
	lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(fail_job, create_job(this, id, reason),
									destroy_job, NULL));
}

/**
 * Defined below: decides about a flow.
 */
static job_requeue_t negotiate_job(void *data);

/**
 * Create a job that decides about a flow.
 */
static job_t *create_negotiate(private_kernel_cryptomap_acquire_t *this,
							   uint32_t id)
{
	return (job_t*)callback_job_create(negotiate_job, create_job(this, id, ""),
									   destroy_job, NULL);
}

/**
 * Let a job decide about a flow.
 */
static void queue_negotiate(private_kernel_cryptomap_acquire_t *this,
							uint32_t id)
{
	lib->processor->queue_job(lib->processor, create_negotiate(this, id));
}

/**
 * Decide about a flow that failed once more, or give it up.
 */
static void go_on(flow_job_t *job, bool again)
{
	private_kernel_cryptomap_acquire_t *this = job->this;

	if (again)
	{
		queue_negotiate(this, job->id);
		return;
	}
	this->pairs->end(this->pairs, job->id);
	kernel_cryptomap_flow_fail(this->socket, job->id, job->reason);
}

/**
 * Phase 1 with a peer failed: go on with the next one, unless all had their turn.
 */
CALLBACK(next_peer_job, job_requeue_t,
	flow_job_t *job)
{
	private_kernel_cryptomap_acquire_t *this = job->this;
	kernel_cryptomap_flow_t *flow;

	flow = kernel_cryptomap_flow_get(this->socket, job->id);
	if (flow)
	{
		this->failover->failed(this->failover, flow,
				&(kernel_cryptomap_peer_t){ .host = job->peer });
	}
	go_on(job, flow && job->tries < flow->peer_count);
	kernel_cryptomap_flow_put(flow);
	return JOB_REQUEUE_NONE;
}

/**
 * The peer refused a quick mode: go on with another one in the other mode, if the
 * transform sets allow that.
 */
CALLBACK(other_mode_job, job_requeue_t,
	flow_job_t *job)
{
	private_kernel_cryptomap_acquire_t *this = job->this;
	kernel_cryptomap_flow_t *flow;
	ipsec_mode_t mode;
	bool again;

	flow = kernel_cryptomap_flow_get(this->socket, job->id);
	again = flow && kernel_cryptomap_flow_other_mode(flow, &mode);
	if (again)
	{
		DBG1(DBG_CFG, "flow %u: %s, going on with %N mode", job->id,
			 job->reason, ipsec_mode_names, mode);
	}
	go_on(job, again);
	kernel_cryptomap_flow_put(flow);
	return JOB_REQUEUE_NONE;
}

/**
 * A flow fails, or its turn has come.
 */
CALLBACK(on_flow, void,
	private_kernel_cryptomap_acquire_t *this, uint32_t id, const char *reason,
	host_t *peer, u_int tries)
{
	flow_job_t *job;

	if (peer)
	{
		job = create_job(this, id, reason);
		job->peer = peer->clone(peer);
		job->tries = tries;
		lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(next_peer_job, job, destroy_job, NULL));
	}
	else if (reason && tries)
	{
		lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(other_mode_job, create_job(this, id, reason),
									destroy_job, NULL));
	}
	else if (reason)
	{
		queue_fail(this, id, reason);
	}
	else
	{
		queue_negotiate(this, id);
	}
}

/**
 * Log why a flow is refused, unless many are.
 */
static void log_refusal(private_kernel_cryptomap_acquire_t *this, uint32_t id,
						const char *reason)
{
	time_t now = time_monotonic(NULL);
	u_int refused, before = 0;

	this->mutex->lock(this->mutex);
	if (now - this->log_start >= LOG_TIME)
	{
		before = this->refused;
		this->log_start = now;
		this->refused = 0;
	}
	refused = ++this->refused;
	this->mutex->unlock(this->mutex);

	if (before > LOG_LINES)
	{
		DBG1(DBG_CFG, "%u more flows were refused", before - LOG_LINES);
	}
	if (refused <= LOG_LINES)
	{
		DBG1(DBG_CFG, "can't negotiate an SA for flow %u: %s", id, reason);
	}
}

/**
 * End the negotiation of a flow that can't be.
 */
static void refuse(private_kernel_cryptomap_acquire_t *this, uint32_t id,
				   const char *reason)
{
	this->pairs->end(this->pairs, id);
	log_refusal(this, id, reason);
	kernel_cryptomap_flow_fail(this->socket, id, reason);
}

/**
 * Create an IKE_SA and check it out. Where a NAT gave the peer a port phase 1 starts
 * there, as all of IKE does once there is a NAT.
 */
static ike_sa_t *create_ike_sa(private_kernel_cryptomap_acquire_t *this,
							   host_t *local, host_t *remote, char *profile)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	peer_cfg_t *peer_cfg;
	ike_sa_t *ike_sa;
	host_t *host;
	bool mapped;

	ike_sa = manager->create_new(manager, IKEV1, TRUE);
	if (!ike_sa)
	{
		this->pairs->created(this->pairs, local, remote, profile, NULL, 0);
		return NULL;
	}
	peer_cfg = this->peers->create_peer_cfg(this->peers, local, remote,
											profile);
	ike_sa->set_peer_cfg(ike_sa, peer_cfg);
	peer_cfg->destroy(peer_cfg);
	mapped = kernel_cryptomap_pair_is_mapped(remote);
	host = local->clone(local);
	host->set_port(host, charon->socket->get_port(charon->socket, mapped));
	ike_sa->set_my_host(ike_sa, host);
	host = remote->clone(remote);
	if (!mapped)
	{
		host->set_port(host, IKEV2_UDP_PORT);
	}
	ike_sa->set_other_host(ike_sa, host);
	manager->checkout_new(manager, ike_sa);

	this->pairs->created(this->pairs, local, remote, profile,
						 ike_sa->get_id(ike_sa),
						 ike_sa->get_unique_id(ike_sa));
	charon->bus->set_sa(charon->bus, ike_sa);
	return ike_sa;
}

/**
 * Whether quick modes can be queued in an IKE_SA.
 */
static bool is_usable(ike_sa_t *ike_sa)
{
	switch (ike_sa->get_state(ike_sa))
	{
		case IKE_CREATED:
		case IKE_CONNECTING:
		case IKE_ESTABLISHED:
			return TRUE;
		default:
			return FALSE;
	}
}

/**
 * Check out the IKE_SA of a pair of addresses.
 *
 * @param profile		ISAKMP profile, "" for none; NULL for any that is established, not
 *						to create one
 * @param create		TRUE to create one if need be
 * @return				IKE_SA that quick modes can be queued in, or NULL
 */
static ike_sa_t *checkout(private_kernel_cryptomap_acquire_t *this,
						  host_t *local, host_t *remote, char *profile,
						  bool create)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	ike_sa_t *ike_sa = NULL;
	ike_sa_id_t *id;

	while (!ike_sa &&
		   (id = this->pairs->get_ike(this->pairs, local, remote, profile,
									  create)))
	{
		ike_sa = manager->checkout(manager, id);
		if (ike_sa && !is_usable(ike_sa))
		{
			manager->checkin(manager, ike_sa);
			ike_sa = NULL;
		}
		if (!ike_sa)
		{	/* it is on its way out */
			this->pairs->lost(this->pairs, local, remote, profile, id);
		}
		id->destroy(id);
	}
	if (!ike_sa && create)
	{
		ike_sa = create_ike_sa(this, local, remote, profile);
	}
	return ike_sa;
}

/**
 * Whether there is an IKE_SA with a peer for new quick modes.
 */
static bool has_ike(private_kernel_cryptomap_acquire_t *this,
					kernel_cryptomap_flow_t *flow, host_t *peer)
{
	ike_sa_id_t *id = NULL;

	if (flow->local && peer)
	{
		id = this->pairs->get_ike(this->pairs, flow->local, peer, flow->profile,
								  FALSE);
	}
	if (!id)
	{
		return FALSE;
	}
	id->destroy(id);
	return TRUE;
}

/**
 * Of several peers behind one NAT a flow is for the one that it was with before, if
 * there is an IKE_SA with that.
 */
static void set_port(private_kernel_cryptomap_acquire_t *this,
					 kernel_cryptomap_flow_t *flow)
{
	uint16_t port = flow->remote->get_port(flow->remote);

	if (flow->last_port)
	{
		flow->remote->set_port(flow->remote, flow->last_port);
		if (!has_ike(this, flow, flow->remote))
		{
			flow->remote->set_port(flow->remote, port);
		}
	}
}

/**
 * Hand a flow to charon.
 */
static void initiate(private_kernel_cryptomap_acquire_t *this,
					 kernel_cryptomap_flow_t *flow, ipsec_mode_t mode)
{
	child_cfg_t *child;
	ike_sa_t *ike_sa;

	set_port(this, flow);
	ike_sa = checkout(this, flow->local, flow->remote, flow->profile, TRUE);
	if (!ike_sa)
	{
		refuse(this, flow->id, "no IKE_SA can be created");
		return;
	}
	this->pairs->assign(this->pairs, flow->id, ike_sa->get_unique_id(ike_sa));

	child = kernel_cryptomap_child_create(this->socket, flow, mode);
	DBG1(DBG_CFG, "negotiating %s (access list entry %u): %R === %R with %H",
		 child->get_name(child), flow->ace_seq, flow->local_ts,
		 flow->remote_ts, flow->remote);
	kernel_cryptomap_checkin(ike_sa, ike_sa->initiate(ike_sa, child, NULL));
}

/**
 * Whether a flow has no outbound SA, or one that charon does not know and
 * thus never renews. An acquire may be out of date when it is looked at.
 */
static bool needs_sa(private_kernel_cryptomap_acquire_t *this,
					 kernel_cryptomap_flow_t *flow)
{
	return !flow->out_spi || !flow->remote ||
		   !this->sas->get(this->sas, flow->remote, flow->out_spi, NULL);
}

/**
 * Find the peer that the entry is at. While there is an IKE_SA with it, it stays
 * there; without, it goes back to the default peer, if it has one, for flows that
 * did not try that just now.
 *
 * @param first			FALSE if one was passed over, which may be the default peer
 */
static kernel_cryptomap_peer_t *get_peer(private_kernel_cryptomap_acquire_t *this,
										 kernel_cryptomap_flow_t *flow,
										 bool first)
{
	kernel_cryptomap_peer_t *peer;

	peer = this->failover->get(this->failover, flow);
	if (peer && first && flow->default_peer && flow->local &&
		!this->pairs->get_tries(this->pairs, flow->id) &&
		!has_ike(this, flow, peer->host))
	{
		this->failover->reset(this->failover, flow);
		peer = this->failover->get(this->failover, flow);
	}
	return peer;
}

/**
 * Choose the peer to negotiate with. A name is resolved for each new IKE_SA; one that
 * can't be is passed over.
 *
 * @return				FALSE if the flow is decided about again, once a name is resolved
 */
static bool choose_peer(private_kernel_cryptomap_acquire_t *this,
						kernel_cryptomap_flow_t *flow)
{
	kernel_cryptomap_peer_t *peer;
	u_int i;

	for (i = 0; i <= flow->peer_count && (peer = get_peer(this, flow, !i)); i++)
	{
		if (peer->name && !has_ike(this, flow, peer->host) &&
			!this->names->resolve(this->names, peer->name,
								  create_negotiate(this, flow->id)))
		{
			return FALSE;
		}
		if (peer->host)
		{
			kernel_cryptomap_flow_set_peer(flow, peer->host);
			return TRUE;
		}
		this->failover->failed(this->failover, flow, peer);
	}
	return TRUE;
}

/**
 * Why a flow can't be negotiated, NULL if it can.
 */
static const char *get_obstacle(private_kernel_cryptomap_acquire_t *this,
								kernel_cryptomap_flow_t *flow,
								ipsec_mode_t *mode)
{
	kernel_cryptomap_ends_t ends = {
		.local = flow->local,
		.remote = flow->remote,
		.profile = flow->profile,
	};

	if (!flow->local)
	{
		return "its interface has no address";
	}
	if (!flow->remote)
	{
		return flow->peer_count ? "the name of its peer can't be resolved" :
								  "its crypto map entry has no peer";
	}
	if (flow->narrow || !flow->local_ts || !flow->remote_ts)
	{
		return "IKEv1 has no words for its access list entry";
	}
	if ((!this->pairs->is_refused(this->pairs, flow->id) ||
		 !kernel_cryptomap_flow_other_mode(flow, mode)) &&
		!kernel_cryptomap_flow_mode(flow, mode))
	{
		return "all its transform sets require transport mode, but its access "
			   "list entry is not between the peers";
	}
	return this->config->refuses(this->config, &ends);
}

/**
 * Decide about a flow.
 */
static job_requeue_t negotiate_job(void *data)
{
	flow_job_t *job = data;
	private_kernel_cryptomap_acquire_t *this = job->this;
	kernel_cryptomap_flow_t *flow;
	const char *obstacle;
	ipsec_mode_t mode;

	flow = kernel_cryptomap_flow_get(this->socket, job->id);
	if (!flow || !needs_sa(this, flow))
	{
		this->pairs->end(this->pairs, job->id);
		kernel_cryptomap_flow_put(flow);
		return JOB_REQUEUE_NONE;
	}
	if (!choose_peer(this, flow))
	{
		kernel_cryptomap_flow_put(flow);
		return JOB_REQUEUE_NONE;
	}
	if ((obstacle = get_obstacle(this, flow, &mode)))
	{
		refuse(this, job->id, obstacle);
	}
	else if (this->pairs->place(this->pairs, job->id, flow->local,
								flow->remote, flow->profile))
	{
		initiate(this, flow, mode);
		this->pairs->placed(this->pairs, flow->local, flow->remote, flow->profile);
	}
	kernel_cryptomap_flow_put(flow);
	return JOB_REQUEUE_NONE;
}

METHOD(kernel_cryptomap_acquire_t, acquire, void,
	private_kernel_cryptomap_acquire_t *this, uint32_t id)
{
	bool full;

	if (this->pairs->begin(this->pairs, id, &full))
	{
		queue_negotiate(this, id);
	}
	else if (full)
	{
		log_refusal(this, id, "too many negotiations");
		queue_fail(this, id, "too many negotiations");
	}
}

/**
 * The SAs of a flow went since they were idle.
 */
CALLBACK(idle_job, job_requeue_t,
	flow_job_t *job)
{
	private_kernel_cryptomap_acquire_t *this = job->this;
	kernel_cryptomap_flow_t *flow;

	flow = kernel_cryptomap_flow_get(this->socket, job->id);
	if (flow && flow->idle_default)
	{
		this->failover->reset(this->failover, flow);
	}
	kernel_cryptomap_flow_put(flow);
	return JOB_REQUEUE_NONE;
}

METHOD(kernel_cryptomap_acquire_t, idle, void,
	private_kernel_cryptomap_acquire_t *this, uint32_t id)
{
	lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(idle_job, create_job(this, id, ""),
									destroy_job, NULL));
}

/**
 * Collect the ids of flows.
 */
static void collect_id(void *user, kernel_cryptomap_flow_t *flow)
{
	array_insert(user, ARRAY_TAIL, &flow->id);
}

/**
 * Ask the kernel for all flows that wait.
 */
CALLBACK(resync_job, job_requeue_t,
	private_kernel_cryptomap_acquire_t *this)
{
	array_t *ids;
	uint32_t id;
	int tries = DUMP_TRIES;

	/* what comes up from now on may need another job */
	cas_bool(&this->resyncing, TRUE, FALSE);
	ids = array_create(sizeof(id), 0);
	while (!kernel_cryptomap_flow_dump(this->socket,
							CRYPTO_MAP_A_FLOW_ACQUIRING, collect_id, ids) &&
		   --tries)
	{
		/* disturbed, the ids got so far do no harm */
	}
	while (array_remove(ids, ARRAY_HEAD, &id))
	{
		acquire(this, id);
	}
	array_destroy(ids);
	return JOB_REQUEUE_NONE;
}

METHOD(kernel_cryptomap_acquire_t, resync, void,
	private_kernel_cryptomap_acquire_t *this)
{
	if (cas_bool(&this->resyncing, FALSE, TRUE))
	{
		lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(resync_job, this, NULL, NULL));
	}
}

METHOD(kernel_cryptomap_acquire_t, reset, void,
	private_kernel_cryptomap_acquire_t *this)
{
	this->pairs->clear(this->pairs);
}

METHOD(kernel_cryptomap_acquire_t, send_delete, bool,
	private_kernel_cryptomap_acquire_t *this, host_t *local, host_t *remote,
	uint32_t spi, char *profile)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	quick_delete_t *task;
	ike_sa_t *ike_sa;

	ike_sa = checkout(this, local, remote, profile, profile != NULL);
	if (!ike_sa)
	{
		return FALSE;
	}
	if (!profile && ike_sa->get_state(ike_sa) != IKE_ESTABLISHED)
	{
		manager->checkin(manager, ike_sa);
		return FALSE;
	}
	if (this->sas->get(this->sas, local, spi, NULL))
	{	/* it came up while the IKE_SA was busy: that quick mode may have given its
		 * SPI back and taken it again */
		manager->checkin(manager, ike_sa);
		return TRUE;
	}
	/* until phase 1 is done the task waits */
	task = quick_delete_create(ike_sa, PROTO_ESP, spi, TRUE, FALSE);
	ike_sa->queue_task(ike_sa, &task->task);
	if (ike_sa->initiate(ike_sa, NULL, NULL) == DESTROY_ME)
	{
		manager->checkin_and_destroy(manager, ike_sa);
		return FALSE;
	}
	manager->checkin(manager, ike_sa);
	return TRUE;
}

METHOD(kernel_cryptomap_acquire_t, destroy, void,
	private_kernel_cryptomap_acquire_t *this)
{
	this->outcome->destroy(this->outcome);
	this->pairs->destroy(this->pairs);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_acquire_t *kernel_cryptomap_acquire_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_peers_t *peers,
										kernel_cryptomap_names_t *names,
										kernel_cryptomap_failover_t *failover)
{
	private_kernel_cryptomap_acquire_t *this;

	INIT(this,
		.public = {
			.acquire = _acquire,
			.idle = _idle,
			.resync = _resync,
			.reset = _reset,
			.send_delete = _send_delete,
			.destroy = _destroy,
		},
		.socket = socket,
		.sas = sas,
		.config = config,
		.peers = peers,
		.names = names,
		.failover = failover,
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	this->pairs = kernel_cryptomap_pairs_create(on_flow, this);
	this->outcome = kernel_cryptomap_outcome_create(this->pairs);
	this->public.listener = &this->outcome->listener;
	return &this->public;
}
