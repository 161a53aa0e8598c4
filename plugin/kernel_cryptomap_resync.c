/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_resync.h"

#include "kernel_cryptomap_left.h"
#include "kernel_cryptomap_rekeys.h"

#include <daemon.h>
#include <collections/array.h>
#include <processing/jobs/callback_job.h>
#include <processing/jobs/delete_child_sa_job.h>

#include <errno.h>

/** How often a dump that was disturbed is repeated... */
#define DUMP_TRIES 5
/** ...and then again after this many seconds */
#define DUMP_RETRY 10

typedef struct private_kernel_cryptomap_resync_t private_kernel_cryptomap_resync_t;

struct private_kernel_cryptomap_resync_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_resync_t public;

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
	 * Remover of stale orphans.
	 */
	kernel_cryptomap_stale_t *stale;

	/**
	 * Has jobs about SAs of a peer run one at a time.
	 */
	kernel_cryptomap_turns_t *turns;

	/**
	 * A job to compare charon with the kernel is queued.
	 */
	bool resyncing;
};

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
static array_t *dump_sas(private_kernel_cryptomap_resync_t *this,
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
static bool leave_sa(private_kernel_cryptomap_resync_t *this, dump_sa_t *sa)
{
	kernel_cryptomap_msg_t msg;
	kernel_cryptomap_left_t ends = {
		.socket = this->socket,
		.sas = this->sas,
		.left = this->left,
		.local = sa->local,
		.remote = sa->remote,
	};

	kernel_cryptomap_left_init(&ends, &msg, CRYPTO_MAP_CMD_SA_SET, sa->spi,
							   sa->dir);
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
static void resync_sa(private_kernel_cryptomap_resync_t *this, dump_sa_t *sa,
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
			this->turns->queue(this->turns, sa->remote,
						kernel_cryptomap_rekeys_create_job(sa->spi, dst), 0);
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
 * Close the CHILD_SAs of which the kernel lost an SA, and tell the peer.
 */
static void close_missing(private_kernel_cryptomap_resync_t *this,
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
static void forget_missing(private_kernel_cryptomap_resync_t *this,
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
 * Compare charon's SAs with those of the kernel.
 */
CALLBACK(resync_job, job_requeue_t,
	private_kernel_cryptomap_resync_t *this)
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
		this->stale->set_compared(this->stale, TRUE);
		return JOB_REQUEUE_NONE;
	}
	if (cas_bool(&this->resyncing, FALSE, TRUE))
	{
		return JOB_RESCHEDULE(DUMP_RETRY);
	}
	return JOB_REQUEUE_NONE;
}

METHOD(kernel_cryptomap_resync_t, resync, void,
	private_kernel_cryptomap_resync_t *this)
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
	private_kernel_cryptomap_resync_t *this;
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

METHOD(kernel_cryptomap_resync_t, reset, void,
	private_kernel_cryptomap_resync_t *this)
{
	reset_job_t *job;

	this->stale->set_compared(this->stale, FALSE);
	INIT(job,
		.this = this,
		.known = this->sas->compare(this->sas),
		.left = this->left->compare(this->left),
	);
	lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(reset_job, job, free, NULL));
}

METHOD(kernel_cryptomap_resync_t, destroy, void,
	private_kernel_cryptomap_resync_t *this)
{
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_resync_t *kernel_cryptomap_resync_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_sas_t *left,
										kernel_cryptomap_stale_t *stale,
										kernel_cryptomap_turns_t *turns)
{
	private_kernel_cryptomap_resync_t *this;

	INIT(this,
		.public = {
			.resync = _resync,
			.reset = _reset,
			.destroy = _destroy,
		},
		.socket = socket,
		.sas = sas,
		.left = left,
		.stale = stale,
		.turns = turns,
	);
	return &this->public;
}
