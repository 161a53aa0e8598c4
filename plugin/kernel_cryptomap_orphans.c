/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_orphans.h"

#include <daemon.h>
#include <collections/array.h>
#include <collections/linked_list.h>
#include <encoding/payloads/delete_payload.h>
#include <processing/jobs/callback_job.h>
#include <processing/jobs/delete_child_sa_job.h>
#include <threading/mutex.h>

#include <errno.h>

/** How often a dump that was disturbed is repeated... */
#define DUMP_TRIES 5
/** ...and then again after this many seconds */
#define DUMP_RETRY 10
/** How often it is tried to tell a peer that an SA is gone... */
#define TELL_TRIES 6
/** ...as there may be an IKE_SA to tell it with after this many seconds */
#define TELL_RETRY 10
/** How often it is tried to delete what the peer deleted... */
#define DELETE_TRIES 3
/** ...as it may be on its way from one IKE_SA to the next, after this many seconds */
#define DELETE_RETRY 1
/** SPIs of a DELETE message that are looked after */
#define DELETES_MAX 1024
/** Peers that are kept for after the first comparison: while there is no kernel module
 * they come for as long as that takes, but then there are no SAs of before either */
#define WAITING_MAX 1024

typedef struct private_kernel_cryptomap_orphans_t private_kernel_cryptomap_orphans_t;

struct private_kernel_cryptomap_orphans_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_orphans_t public;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * SAs that charon knows.
	 */
	kernel_cryptomap_sas_t *sas;

	/**
	 * SAs that it left to the kernel.
	 */
	kernel_cryptomap_sas_t *left;

	/**
	 * Negotiator.
	 */
	kernel_cryptomap_acquire_t *acquire;

	/**
	 * A job to compare charon with the kernel is queued.
	 */
	bool resyncing;

	/**
	 * One was done since the kernel module is there.
	 */
	bool compared;

	/**
	 * Peers that have none of the SAs of before, for after the first one, sa_job_t,
	 * WAITING_MAX at most.
	 */
	linked_list_t *waiting;

	/**
	 * Protects compared and waiting.
	 */
	mutex_t *mutex;
};

/**
 * An SA, for a job.
 */
typedef struct {
	private_kernel_cryptomap_orphans_t *this;
	/** tunnel end points */
	host_t *local, *remote;
	/** SPI, network order */
	uint32_t spi;
	/** how often it was tried */
	u_int tries;
	/** nothing is to have come by orphans for so many seconds */
	u_int silence;
} sa_job_t;

/**
 * Create the data of a job.
 */
static sa_job_t *create_job(private_kernel_cryptomap_orphans_t *this,
							host_t *local, host_t *remote, uint32_t spi)
{
	sa_job_t *job;

	INIT(job,
		.this = this,
		.local = local->clone(local),
		.remote = remote->clone(remote),
		.spi = spi,
	);
	return job;
}

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_job, void,
	sa_job_t *job)
{
	job->local->destroy(job->local);
	job->remote->destroy(job->remote);
	free(job);
}

/**
 * Start a request about the SA of a job, or its twin.
 */
static void init_request(sa_job_t *job, kernel_cryptomap_msg_t *msg,
						 uint8_t cmd, uint32_t spi, uint32_t dir)
{
	kernel_cryptomap_socket_t *socket = job->this->socket;

	socket->init(socket, msg, cmd, FALSE);
	mnl_attr_put_u32(msg->nlh, CRYPTO_MAP_A_SA_SPI, ntohl(spi));
	mnl_attr_put_u32(msg->nlh, CRYPTO_MAP_A_SA_DIR, dir);
	kernel_cryptomap_put_host(msg->nlh, CRYPTO_MAP_A_SA_LOCAL, job->local);
	kernel_cryptomap_put_host(msg->nlh, CRYPTO_MAP_A_SA_REMOTE, job->remote);
}

/**
 * What the kernel says about an SA.
 */
typedef struct {
	/** SPI of its twin, network order */
	uint32_t twin;
	/** CRYPTO_MAP_SA_STATE_* */
	uint32_t state;
	/** CRYPTO_MAP_SA_FLAGS_* */
	uint32_t flags;
	/** UDP port of the peer, 0 for plain ESP */
	uint16_t port;
	/** seconds since a packet used it, or since it is there if none did */
	uint64_t idle;
} sa_info_t;

/**
 * Take what a reply says about an SA.
 */
static void on_info(void *user, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	const struct nlattr *used[CRYPTO_MAP_A_LIMITS_MAX + 1];
	sa_info_t *info = user;

	kernel_cryptomap_attrs(nlh, tb, CRYPTO_MAP_A_SA_MAX);
	info->twin = htonl(kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_TWIN_SPI]));
	info->state = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_STATE]);
	info->flags = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_FLAGS]);
	info->port = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_ENCAP_DPORT]);
	kernel_cryptomap_nest(tb[CRYPTO_MAP_A_SA_USED], used,
						  CRYPTO_MAP_A_LIMITS_MAX);
	info->idle = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_IDLE] ?:
									  used[CRYPTO_MAP_A_LIMITS_SECONDS]);
}

/**
 * Remove an SA from the kernel and from the table of those left to it.
 */
static void remove_sa(sa_job_t *job, uint32_t spi, uint32_t dir)
{
	kernel_cryptomap_socket_t *socket = job->this->socket;
	kernel_cryptomap_sas_t *left = job->this->left;
	kernel_cryptomap_msg_t msg;
	kernel_cryptomap_sa_t sa;

	left->remove(left, dir == CRYPTO_MAP_SA_DIR_IN ? job->local : job->remote,
				 spi, &sa);
	init_request(job, &msg, CRYPTO_MAP_CMD_SA_DEL, spi, dir);
	socket->call(socket, &msg, NULL, NULL);
}

/**
 * The peer deleted an outbound SA that charon left to the kernel: remove it,
 * and its twin, unless that is charon's.
 */
static void delete_left(sa_job_t *job)
{
	kernel_cryptomap_socket_t *socket = job->this->socket;
	kernel_cryptomap_msg_t msg;
	sa_info_t info = {};

	init_request(job, &msg, CRYPTO_MAP_CMD_SA_GET, job->spi,
				 CRYPTO_MAP_SA_DIR_OUT);
	if (socket->call(socket, &msg, on_info, &info) ||
		info.flags & CRYPTO_MAP_SA_FLAGS_MANUAL)
	{
		return;
	}
	DBG1(DBG_KNL, "%H deleted the %s SA %.8x", job->remote,
		 info.state == CRYPTO_MAP_SA_STATE_RETIRING ? "retiring" : "orphaned",
		 ntohl(job->spi));
	remove_sa(job, job->spi, CRYPTO_MAP_SA_DIR_OUT);
	if (info.twin && info.flags & CRYPTO_MAP_SA_FLAGS_ORPHAN)
	{
		remove_sa(job, info.twin, CRYPTO_MAP_SA_DIR_IN);
	}
}

/**
 * Data of a job about a DELETE.
 */
typedef struct {
	private_kernel_cryptomap_orphans_t *this;
	/** tunnel end points */
	host_t *local, *remote;
	/** SPIs that are known, uint32_t in network order */
	array_t *spis;
	/** how often it was tried */
	u_int tries;
} delete_job_t;

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_delete_job, void,
	delete_job_t *job)
{
	job->local->destroy(job->local);
	job->remote->destroy(job->remote);
	array_destroy(job->spis);
	free(job);
}

/**
 * Delete a CHILD_SA of charon, and tell the peer.
 */
static void delete_child(host_t *dst, uint32_t spi)
{
	job_t *job;

	job = (job_t*)delete_child_sa_job_create(PROTO_ESP, spi, dst, FALSE);
	job->execute(job);
	job->destroy(job);
}

/**
 * The peer deleted a CHILD_SA of charon: it goes at once. If it waited for an IKE_SA whose
 * phase 1 is under way, packets went nowhere until that is done, and if that fails the
 * SAs would be left as orphans.
 *
 * @return				FALSE if no IKE_SA has it
 */
static bool drop_child(host_t *dst, uint32_t spi)
{
	child_sa_t *child_sa;
	ike_sa_t *ike_sa;

	ike_sa = charon->child_sa_manager->checkout(charon->child_sa_manager, PROTO_ESP,
												spi, dst, &child_sa);
	if (!ike_sa)
	{
		return FALSE;
	}
	DBG1(DBG_IKE, "%H deleted %s, with another IKE_SA", dst,
		 child_sa->get_name(child_sa));
	child_sa->set_state(child_sa, CHILD_DELETED);
	charon->bus->child_updown(charon->bus, child_sa, FALSE);
	ike_sa->destroy_child_sa(ike_sa, PROTO_ESP, child_sa->get_spi(child_sa, TRUE));
	charon->ike_sa_manager->checkin(charon->ike_sa_manager, ike_sa);
	return TRUE;
}

/**
 * The peer deleted SAs that are not of the IKE_SA it told it with.
 */
CALLBACK(delete_job, job_requeue_t,
	delete_job_t *job)
{
	kernel_cryptomap_sas_t *sas = job->this->sas;
	sa_job_t sa = {
		.this = job->this,
		.local = job->local,
		.remote = job->remote,
	};
	int count = array_count(job->spis);

	while (count-- && array_remove(job->spis, ARRAY_HEAD, &sa.spi))
	{
		if (!sas->get(sas, job->remote, sa.spi, NULL))
		{
			delete_left(&sa);
		}
		/* else it belongs to another IKE_SA with this peer, or will soon */
		else if (!drop_child(job->remote, sa.spi))
		{
			array_insert(job->spis, ARRAY_TAIL, &sa.spi);
		}
	}
	if (array_count(job->spis) && ++job->tries < DELETE_TRIES)
	{
		return JOB_RESCHEDULE(DELETE_RETRY);
	}
	return JOB_REQUEUE_NONE;
}

/**
 * Tell the peer that an inbound SA is gone.
 */
CALLBACK(tell_job, job_requeue_t,
	sa_job_t *job)
{
	kernel_cryptomap_acquire_t *acquire = job->this->acquire;

	if (!acquire->send_delete(acquire, job->local, job->remote, job->spi,
							  NULL) && ++job->tries < TELL_TRIES)
	{
		return JOB_RESCHEDULE(TELL_RETRY);
	}
	return JOB_REQUEUE_NONE;
}

METHOD(kernel_cryptomap_orphans_t, expire, void,
	private_kernel_cryptomap_orphans_t *this, kernel_cryptomap_expire_t *expire)
{
	kernel_cryptomap_sa_t sa;

	if (expire->kind != CRYPTO_MAP_EXPIRE_KIND_SOFT)
	{
		this->left->remove(this->left, expire->inbound ? expire->local
													   : expire->remote,
						   expire->spi, &sa);
	}
	switch (expire->kind)
	{
		case CRYPTO_MAP_EXPIRE_KIND_SOFT:
			this->acquire->acquire(this->acquire, expire->flow);
			break;
		case CRYPTO_MAP_EXPIRE_KIND_HARD:
		case CRYPTO_MAP_EXPIRE_KIND_REMOVED:
		case CRYPTO_MAP_EXPIRE_KIND_IDLE:
			if (expire->inbound)
			{
				lib->processor->queue_job(lib->processor, (job_t*)
					callback_job_create(tell_job,
						create_job(this, expire->local, expire->remote,
								   expire->spi), destroy_job, NULL));
			}
			break;
	}
}

/**
 * Whether a DELETE is about an SA that is there and that charon's own task does
 * not delete.
 */
static bool is_ours(private_kernel_cryptomap_orphans_t *this,
					ike_sa_t *ike_sa, uint32_t spi)
{
	host_t *remote = ike_sa->get_other_host(ike_sa);

	if (this->sas->get(this->sas, remote, spi, NULL))
	{
		return !ike_sa->get_child_sa(ike_sa, PROTO_ESP, spi, FALSE);
	}
	return this->left->get(this->left, remote, spi, NULL);
}

/**
 * Collect the SPIs of a DELETE that are to be looked after.
 */
static void collect_spis(private_kernel_cryptomap_orphans_t *this,
						 ike_sa_t *ike_sa, delete_payload_t *delete,
						 array_t *spis)
{
	enumerator_t *enumerator;
	uint32_t spi;

	enumerator = delete->create_spi_enumerator(delete);
	while (array_count(spis) < DELETES_MAX &&
		   enumerator->enumerate(enumerator, &spi))
	{
		if (is_ours(this, ike_sa, spi))
		{
			array_insert(spis, ARRAY_TAIL, &spi);
		}
	}
	enumerator->destroy(enumerator);
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_orphans_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	ike_sa_state_t state = ike_sa->get_state(ike_sa);
	enumerator_t *payloads;
	delete_payload_t *delete;
	delete_job_t *job;
	payload_t *payload;
	array_t *spis;

	/* an IKE_SA under reauthentication has no CHILD_SAs, but a peer that does
	 * not know yet uses it. A peer with another source address than its own
	 * does not speak for the one that has it */
	if (!incoming || !plain ||
		message->get_exchange_type(message) != INFORMATIONAL_V1 ||
		(state != IKE_ESTABLISHED && state != IKE_REKEYING) ||
		!kernel_cryptomap_peer_is_at(ike_sa))
	{
		return TRUE;
	}
	spis = array_create(sizeof(uint32_t), 0);
	payloads = message->create_payload_enumerator(message);
	while (payloads->enumerate(payloads, &payload))
	{
		delete = (delete_payload_t*)payload;
		if (payload->get_type(payload) == PLV1_DELETE &&
			delete->get_protocol_id(delete) == PROTO_ESP)
		{
			collect_spis(this, ike_sa, delete, spis);
		}
	}
	payloads->destroy(payloads);
	if (!array_count(spis))
	{
		array_destroy(spis);
		return TRUE;
	}
	INIT(job,
		.this = this,
		.local = ike_sa->get_my_host(ike_sa),
		.remote = ike_sa->get_other_host(ike_sa),
		.spis = spis,
	);
	job->local = job->local->clone(job->local);
	job->remote = job->remote->clone(job->remote);
	lib->processor->queue_job(lib->processor, (job_t*)
			callback_job_create(delete_job, job, destroy_delete_job, NULL));
	return TRUE;
}

/**
 * An SA of a dump.
 */
typedef struct {
	/** tunnel end points */
	host_t *local, *remote;
	/** SPI, network order */
	uint32_t spi;
	/** CRYPTO_MAP_SA_DIR_* */
	uint32_t dir;
	/** CRYPTO_MAP_SA_FLAGS_* */
	uint32_t flags;
} dump_sa_t;

/**
 * Collect an SA of a dump. One that retires was deleted and goes by itself.
 */
static void on_dump(void *user, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	dump_sa_t sa;

	kernel_cryptomap_attrs(nlh, tb, CRYPTO_MAP_A_SA_MAX);
	if (kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_STATE]) ==
												CRYPTO_MAP_SA_STATE_RETIRING)
	{
		return;
	}
	sa = (dump_sa_t){
		.local = kernel_cryptomap_host(tb[CRYPTO_MAP_A_SA_LOCAL], 0),
		.remote = kernel_cryptomap_host(tb[CRYPTO_MAP_A_SA_REMOTE], 0),
		.spi = htonl(kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_SPI])),
		.dir = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_DIR]),
		.flags = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_FLAGS]),
	};
	if (!sa.local || !sa.remote)
	{
		DESTROY_IF(sa.local);
		DESTROY_IF(sa.remote);
		return;
	}
	array_insert(user, ARRAY_TAIL, &sa);
}

/**
 * Destroy an array of SAs of a dump.
 */
static void destroy_dump(array_t *sas)
{
	dump_sa_t sa;

	while (array_remove(sas, ARRAY_TAIL, &sa))
	{
		sa.local->destroy(sa.local);
		sa.remote->destroy(sa.remote);
	}
	array_destroy(sas);
}

/**
 * Get all SAs of the kernel.
 *
 * @param complete		set if nothing changed while they were read
 * @return				array of dump_sa_t
 */
static array_t *dump_sas(private_kernel_cryptomap_orphans_t *this,
						 bool *complete)
{
	kernel_cryptomap_socket_t *socket = this->socket;
	kernel_cryptomap_msg_t msg;
	array_t *sas = NULL;
	int error, tries = DUMP_TRIES;

	do
	{
		if (sas)
		{
			destroy_dump(sas);
		}
		sas = array_create(sizeof(dump_sa_t), 0);
		socket->init(socket, &msg, CRYPTO_MAP_CMD_SA_GET, TRUE);
		error = socket->call(socket, &msg, on_dump, sas);
	}
	while (error == EINTR && --tries);

	if (error && error != EINTR)
	{
		DBG1(DBG_KNL, "reading SAs failed: %s", msg.error);
	}
	*complete = !error;
	return sas;
}

/**
 * Destination of an SA of a dump.
 */
static host_t *get_dst(dump_sa_t *sa)
{
	return sa->dir == CRYPTO_MAP_SA_DIR_IN ? sa->local : sa->remote;
}

/**
 * Make an SA an orphan: the kernel negotiates its successor in time.
 */
static bool leave_sa(private_kernel_cryptomap_orphans_t *this, dump_sa_t *sa)
{
	kernel_cryptomap_msg_t msg;
	sa_job_t job = {
		.this = this,
		.local = sa->local,
		.remote = sa->remote,
	};

	init_request(&job, &msg, CRYPTO_MAP_CMD_SA_SET, sa->spi, sa->dir);
	mnl_attr_put_u32(msg.nlh, CRYPTO_MAP_A_SA_FLAGS,
					 CRYPTO_MAP_SA_FLAGS_ORPHAN);
	if (this->socket->call(this->socket, &msg, NULL, NULL))
	{
		return FALSE;
	}
	DBG1(DBG_KNL, "left SA %.8x with %H of an earlier daemon", ntohl(sa->spi),
		 sa->remote);
	return TRUE;
}

/**
 * Look after an SA of the kernel.
 */
static void resync_sa(private_kernel_cryptomap_orphans_t *this, dump_sa_t *sa,
					  u_int known, u_int left)
{
	kernel_cryptomap_sa_t entry = {
		.inbound = sa->dir == CRYPTO_MAP_SA_DIR_IN,
	};
	host_t *dst = get_dst(sa);
	host_t *src = entry.inbound ? sa->remote : sa->local;

	if (this->sas->found(this->sas, dst, sa->spi, known))
	{
		if (sa->flags & CRYPTO_MAP_SA_FLAGS_SOFT_EXPIRED)
		{
			charon->kernel->expire(charon->kernel, IPPROTO_ESP, sa->spi, dst,
								   FALSE);
		}
		return;
	}
	if (!(sa->flags & CRYPTO_MAP_SA_FLAGS_MANUAL) &&
		!this->left->found(this->left, dst, sa->spi, left) &&
		(sa->flags & CRYPTO_MAP_SA_FLAGS_ORPHAN || leave_sa(this, sa)))
	{
		this->left->add(this->left, src, dst, sa->spi, &entry);
	}
}

/**
 * Close the CHILD_SAs of which the kernel lost an SA, and tell the peer.
 */
static void close_missing(private_kernel_cryptomap_orphans_t *this,
						  u_int number)
{
	kernel_cryptomap_sa_name_t name;
	array_t *missing;

	missing = this->sas->get_missing(this->sas, number);
	while (array_remove(missing, ARRAY_HEAD, &name))
	{
		if (this->sas->get(this->sas, name.dst, name.spi, NULL))
		{	/* it did not go with its twin */
			DBG1(DBG_KNL, "SA %.8x is gone from the kernel",
				 ntohl(name.spi));
			delete_child(name.dst, name.spi);
		}
		name.dst->destroy(name.dst);
	}
	array_destroy(missing);
}

/**
 * Forget the orphans that the kernel has no longer.
 */
static void forget_missing(private_kernel_cryptomap_orphans_t *this,
						   u_int number)
{
	kernel_cryptomap_sa_name_t name;
	kernel_cryptomap_sa_t sa;
	array_t *missing;

	missing = this->left->get_missing(this->left, number);
	while (array_remove(missing, ARRAY_HEAD, &name))
	{
		this->left->remove(this->left, name.dst, name.spi, &sa);
		name.dst->destroy(name.dst);
	}
	array_destroy(missing);
}

/**
 * Whether an SA is an orphan with the peer of a job.
 *
 * @param info			set to what the kernel says about it
 */
static bool is_with_peer(sa_job_t *job, uint32_t spi, uint32_t dir,
						 sa_info_t *info)
{
	kernel_cryptomap_socket_t *socket = job->this->socket;
	kernel_cryptomap_msg_t msg;

	*info = (sa_info_t){};
	init_request(job, &msg, CRYPTO_MAP_CMD_SA_GET, spi, dir);
	return !socket->call(socket, &msg, on_info, info) &&
		   info->flags & CRYPTO_MAP_SA_FLAGS_ORPHAN &&
		   (!info->port || info->port == job->remote->get_port(job->remote));
}

/**
 * A peer has none of the SAs of before: remove an SA if it is an orphan.
 */
static void forget_sa(sa_job_t *job, uint32_t spi, uint32_t dir)
{
	sa_info_t info;

	if (is_with_peer(job, spi, dir, &info))
	{
		DBG1(DBG_KNL, "removing orphaned SA %.8x, unknown to %H", ntohl(spi),
			 job->remote);
		remove_sa(job, spi, dir);
	}
}

/**
 * Whether a packet came by one of some SAs in the time of a job.
 */
static bool is_heard(sa_job_t *job, array_t *names)
{
	kernel_cryptomap_sa_name_t name;
	sa_info_t info;
	int i;

	for (i = 0; i < array_count(names); i++)
	{
		array_get(names, i, &name);
		if (name.inbound &&
			is_with_peer(job, name.spi, CRYPTO_MAP_SA_DIR_IN, &info) &&
			info.idle < job->silence)
		{
			return TRUE;
		}
	}
	return FALSE;
}

/**
 * Whether the orphans of a peer stay: those of one that does not answer, but may be there.
 */
static bool is_spared(sa_job_t *job, array_t *names)
{
	kernel_cryptomap_sas_t *sas = job->this->sas;

	/* whether it is there is seen by the SAs of charon, if there are any */
	return job->silence &&
		   (sas->has_peer(sas, job->remote) || is_heard(job, names));
}

/**
 * A peer has none of the SAs of before: remove the orphans.
 */
CALLBACK(forget_job, job_requeue_t,
	sa_job_t *job)
{
	private_kernel_cryptomap_orphans_t *this = job->this;
	kernel_cryptomap_sa_name_t name;
	array_t *names;
	bool spared;

	names = this->left->get_of_peer(this->left, job->remote);
	spared = is_spared(job, names);
	while (array_remove(names, ARRAY_HEAD, &name))
	{
		if (!spared)
		{
			forget_sa(job, name.spi, name.inbound ? CRYPTO_MAP_SA_DIR_IN
												  : CRYPTO_MAP_SA_DIR_OUT);
		}
		name.dst->destroy(name.dst);
	}
	array_destroy(names);
	return JOB_REQUEUE_NONE;
}

/**
 * Have the orphans of a peer removed.
 *
 * @param job			consumed
 */
static void queue_forget(sa_job_t *job)
{
	lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(forget_job, job, destroy_job, NULL));
}

/**
 * The SAs of an earlier daemon are known now.
 */
static void set_compared(private_kernel_cryptomap_orphans_t *this)
{
	sa_job_t *job;

	this->mutex->lock(this->mutex);
	this->compared = TRUE;
	while (this->waiting->remove_first(this->waiting, (void**)&job) == SUCCESS)
	{
		queue_forget(job);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * Compare charon's SAs with those of the kernel.
 */
CALLBACK(resync_job, job_requeue_t,
	private_kernel_cryptomap_orphans_t *this)
{
	u_int known, left;
	array_t *sas;
	dump_sa_t sa;
	bool complete;
	int i;

	/* what comes up from now on may need another job */
	cas_bool(&this->resyncing, TRUE, FALSE);
	known = this->sas->compare(this->sas);
	left = this->left->compare(this->left);
	sas = dump_sas(this, &complete);
	for (i = 0; i < array_count(sas); i++)
	{
		array_get(sas, i, &sa);
		resync_sa(this, &sa, known, left);
	}
	destroy_dump(sas);
	if (complete)
	{
		close_missing(this, known);
		forget_missing(this, left);
		set_compared(this);
		return JOB_REQUEUE_NONE;
	}
	if (cas_bool(&this->resyncing, FALSE, TRUE))
	{
		return JOB_RESCHEDULE(DUMP_RETRY);
	}
	return JOB_REQUEUE_NONE;
}

METHOD(kernel_cryptomap_orphans_t, resync, void,
	private_kernel_cryptomap_orphans_t *this)
{
	if (cas_bool(&this->resyncing, FALSE, TRUE))
	{
		lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(resync_job, this, NULL, NULL));
	}
}

/**
 * Data of a job about SAs that the kernel lost.
 */
typedef struct {
	private_kernel_cryptomap_orphans_t *this;
	/** numbers of the comparisons that none of them was in */
	u_int known, left;
} reset_job_t;

/**
 * No SA of before is there any more.
 */
CALLBACK(reset_job, job_requeue_t,
	reset_job_t *job)
{
	close_missing(job->this, job->known);
	forget_missing(job->this, job->left);
	return JOB_REQUEUE_NONE;
}

METHOD(kernel_cryptomap_orphans_t, reset, void,
	private_kernel_cryptomap_orphans_t *this)
{
	reset_job_t *job;

	this->mutex->lock(this->mutex);
	this->compared = FALSE;
	this->mutex->unlock(this->mutex);
	INIT(job,
		.this = this,
		.known = this->sas->compare(this->sas),
		.left = this->left->compare(this->left),
	);
	lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(reset_job, job, free, NULL));
}

/**
 * Whether a peer waits for the first comparison already. Mutex held.
 */
static bool is_waiting(private_kernel_cryptomap_orphans_t *this, sa_job_t *job)
{
	enumerator_t *enumerator;
	sa_job_t *current;
	bool found = FALSE;

	enumerator = this->waiting->create_enumerator(this->waiting);
	while (!found && enumerator->enumerate(enumerator, &current))
	{
		found = current->local->ip_equals(current->local, job->local) &&
				current->remote->equals(current->remote, job->remote);
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Let a peer wait for the first comparison, rather than the one that has waited the
 * longest if there are too many. Mutex held.
 *
 * @param job			consumed
 */
static void add_waiting(private_kernel_cryptomap_orphans_t *this, sa_job_t *job)
{
	sa_job_t *oldest;

	this->waiting->insert_last(this->waiting, job);
	if (this->waiting->get_count(this->waiting) > WAITING_MAX &&
		this->waiting->remove_first(this->waiting, (void**)&oldest) == SUCCESS)
	{
		destroy_job(oldest);
	}
}

METHOD(kernel_cryptomap_orphans_t, forget, void,
	private_kernel_cryptomap_orphans_t *this, host_t *local, host_t *remote)
{
	sa_job_t *job = create_job(this, local, remote, 0);

	this->mutex->lock(this->mutex);
	if (this->compared)
	{
		queue_forget(job);
	}
	else if (!is_waiting(this, job))
	{
		add_waiting(this, job);
	}
	else
	{
		destroy_job(job);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_orphans_t, forget_silent, void,
	private_kernel_cryptomap_orphans_t *this, host_t *local, host_t *remote,
	u_int seconds)
{
	sa_job_t *job;

	job = create_job(this, local, remote, 0);
	job->silence = seconds;
	queue_forget(job);
}

METHOD(kernel_cryptomap_orphans_t, destroy, void,
	private_kernel_cryptomap_orphans_t *this)
{
	this->waiting->destroy_function(this->waiting, destroy_job);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_orphans_t *kernel_cryptomap_orphans_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_sas_t *left,
										kernel_cryptomap_acquire_t *acquire)
{
	private_kernel_cryptomap_orphans_t *this;

	INIT(this,
		.public = {
			.listener = {
				.message = _message_hook,
			},
			.expire = _expire,
			.resync = _resync,
			.reset = _reset,
			.forget = _forget,
			.forget_silent = _forget_silent,
			.destroy = _destroy,
		},
		.socket = socket,
		.sas = sas,
		.left = left,
		.acquire = acquire,
		.waiting = linked_list_create(),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
