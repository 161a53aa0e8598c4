/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_orphans.h"

#include "kernel_cryptomap_left.h"
#include "kernel_cryptomap_peer.h"
#include "kernel_cryptomap_who.h"

#include <daemon.h>
#include <collections/array.h>
#include <encoding/payloads/delete_payload.h>
#include <processing/jobs/callback_job.h>

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
	 * Has jobs about SAs of a peer run one at a time.
	 */
	kernel_cryptomap_turns_t *turns;
};

/**
 * Where the SAs with a peer are.
 */
static kernel_cryptomap_left_t get_ends(private_kernel_cryptomap_orphans_t *this,
										host_t *local, host_t *remote)
{
	return (kernel_cryptomap_left_t){
		.socket = this->socket,
		.sas = this->sas,
		.left = this->left,
		.local = local,
		.remote = remote,
	};
}

/**
 * An SA, for a job.
 */
typedef struct {
	private_kernel_cryptomap_orphans_t *this;
	/** where it is; it owns the hosts */
	kernel_cryptomap_left_t ends;
	/** SPI, network order */
	uint32_t spi;
	/** how often it was tried */
	u_int tries;
} sa_job_t;

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_job, void,
	sa_job_t *job)
{
	kernel_cryptomap_left_clear(&job->ends);
	free(job);
}

/**
 * The peer deleted an outbound SA that charon left to the kernel: remove it,
 * and its twin, unless that is charon's. Not that of another peer behind its NAT.
 */
static void delete_left(kernel_cryptomap_left_t *ends, uint32_t spi)
{
	kernel_cryptomap_left_info_t info;

	if (!kernel_cryptomap_left_get(ends, spi, CRYPTO_MAP_SA_DIR_OUT, &info) ||
		info.flags & CRYPTO_MAP_SA_FLAGS_MANUAL ||
		!kernel_cryptomap_left_is_at(ends, &info))
	{
		return;
	}
	DBG1(DBG_KNL, "%H deleted the %s SA %.8x", ends->remote,
		 info.state == CRYPTO_MAP_SA_STATE_RETIRING ? "retiring" : "orphaned",
		 ntohl(spi));
	kernel_cryptomap_left_remove(ends, spi, CRYPTO_MAP_SA_DIR_OUT);
	if (info.twin && info.flags & CRYPTO_MAP_SA_FLAGS_ORPHAN)
	{
		kernel_cryptomap_left_remove(ends, info.twin, CRYPTO_MAP_SA_DIR_IN);
	}
}

/**
 * Data of a job about a DELETE.
 */
typedef struct {
	private_kernel_cryptomap_orphans_t *this;
	/** the peer */
	kernel_cryptomap_who_t *who;
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
	kernel_cryptomap_who_destroy(job->who);
	array_destroy(job->spis);
	free(job);
}

/**
 * The peer deleted a CHILD_SA of charon: it goes at once. If it waited for an IKE_SA whose
 * phase 1 is under way, packets went nowhere until that is done, and if that fails the
 * SAs would be left as orphans. That of another peer behind its NAT stays.
 *
 * @return				FALSE if no IKE_SA has it
 */
static bool drop_child(kernel_cryptomap_who_t *who, uint32_t spi)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	child_sa_t *child_sa;
	ike_sa_t *ike_sa;

	ike_sa = charon->child_sa_manager->checkout(charon->child_sa_manager, PROTO_ESP,
												spi, who->remote, &child_sa);
	if (!ike_sa)
	{
		return FALSE;
	}
	if (kernel_cryptomap_who_is(who, ike_sa))
	{
		DBG1(DBG_IKE, "%H deleted %s, with another IKE_SA", who->remote,
			 child_sa->get_name(child_sa));
		child_sa->set_state(child_sa, CHILD_DELETED);
		charon->bus->child_updown(charon->bus, child_sa, FALSE);
		ike_sa->destroy_child_sa(ike_sa, PROTO_ESP,
								 child_sa->get_spi(child_sa, TRUE));
	}
	else
	{
		DBG1(DBG_IKE, "%#H deletes %s, which is of another peer there, ignored",
			 who->remote, child_sa->get_name(child_sa));
	}
	manager->checkin(manager, ike_sa);
	return TRUE;
}

/**
 * The peer deleted SAs that are not of the IKE_SA it told it with.
 */
CALLBACK(delete_job, job_requeue_t,
	delete_job_t *job)
{
	kernel_cryptomap_sas_t *sas = job->this->sas;
	kernel_cryptomap_left_t ends = get_ends(job->this, job->who->local,
											job->who->remote);
	int count = array_count(job->spis);
	uint32_t spi;

	while (count-- && array_remove(job->spis, ARRAY_HEAD, &spi))
	{
		if (!sas->get(sas, ends.remote, spi, NULL))
		{
			delete_left(&ends, spi);
		}
		/* else it belongs to another IKE_SA with this peer, or will soon */
		else if (!drop_child(job->who, spi))
		{
			array_insert(job->spis, ARRAY_TAIL, &spi);
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

	if (!acquire->send_delete(acquire, job->ends.local, job->ends.remote, job->spi,
							  NULL) && ++job->tries < TELL_TRIES)
	{
		return JOB_RESCHEDULE(TELL_RETRY);
	}
	return JOB_REQUEUE_NONE;
}

/**
 * Have the peer told that an inbound SA is gone.
 */
static void queue_tell(private_kernel_cryptomap_orphans_t *this,
					   kernel_cryptomap_expire_t *expire)
{
	kernel_cryptomap_left_t ends = get_ends(this, expire->local, expire->remote);
	sa_job_t *job;

	INIT(job,
		.this = this,
		.ends = kernel_cryptomap_left_clone(&ends),
		.spi = expire->spi,
	);
	this->turns->queue(this->turns, expire->remote, (job_t*)
			callback_job_create(tell_job, job, destroy_job, NULL), 0);
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
				queue_tell(this, expire);
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
		.who = kernel_cryptomap_who_create(ike_sa),
		.spis = spis,
	);
	this->turns->queue(this->turns, job->who->remote, (job_t*)
			callback_job_create(delete_job, job, destroy_delete_job, NULL), 0);
	return TRUE;
}

METHOD(kernel_cryptomap_orphans_t, destroy, void,
	private_kernel_cryptomap_orphans_t *this)
{
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_orphans_t *kernel_cryptomap_orphans_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_sas_t *left,
										kernel_cryptomap_acquire_t *acquire,
										kernel_cryptomap_turns_t *turns)
{
	private_kernel_cryptomap_orphans_t *this;

	INIT(this,
		.public = {
			.listener = {
				.message = _message_hook,
			},
			.expire = _expire,
			.destroy = _destroy,
		},
		.socket = socket,
		.sas = sas,
		.left = left,
		.acquire = acquire,
		.turns = turns,
	);
	return &this->public;
}
