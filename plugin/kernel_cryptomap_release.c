/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_release.h"

#include <daemon.h>
#include <processing/jobs/callback_job.h>

#include <errno.h>

/** Seconds until the kernel is asked again, doubled with each time... */
#define RETRY_TIME 1
/** ...and how often: for 31 seconds in all */
#define RETRIES_MAX 5

/**
 * An SA that is to go, or to be an orphan.
 */
typedef struct {
	/** where it is; as data of a job this owns the hosts */
	kernel_cryptomap_left_t ends;
	/** SPI, network order */
	uint32_t spi;
	/** what is known about it */
	kernel_cryptomap_sa_t sa;
	/** it is to be an orphan */
	bool orphan;
	/** it is in the table of those left to the kernel for longer */
	bool stays;
	/** how often the kernel was asked again */
	u_int retries;
} release_t;

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_release, void,
	release_t *release)
{
	kernel_cryptomap_left_clear(&release->ends);
	free(release);
}

/**
 * Destination of an SA.
 */
static host_t *get_dst(release_t *release)
{
	return release->sa.inbound ? release->ends.local : release->ends.remote;
}

/**
 * Ask the kernel.
 *
 * @param gone			set if it does not have the SA
 * @return				FALSE if it is to be asked again
 */
static bool ask(release_t *release, bool *gone)
{
	kernel_cryptomap_left_t *ends = &release->ends;
	kernel_cryptomap_msg_t msg;
	uint32_t flags = CRYPTO_MAP_SA_FLAGS_ORPHAN;
	int error;

	kernel_cryptomap_left_init(ends, &msg, release->orphan ? CRYPTO_MAP_CMD_SA_SET
														   : CRYPTO_MAP_CMD_SA_DEL,
							   release->spi,
							   release->sa.inbound ? CRYPTO_MAP_SA_DIR_IN
												   : CRYPTO_MAP_SA_DIR_OUT);
	if (release->orphan)
	{
		flags |= release->sa.initiator ? CRYPTO_MAP_SA_FLAGS_INITIATOR : 0;
		mnl_attr_put_u32(msg.nlh, CRYPTO_MAP_A_SA_FLAGS, flags);
	}
	error = ends->socket->call(ends->socket, &msg, NULL, NULL);
	*gone = error == ENOENT || error == ENOTCONN;
	if (error && !*gone)
	{
		DBG1(DBG_KNL, "%s SA %.8x failed: %s",
			 release->orphan ? "leaving" : "deleting", ntohl(release->spi),
			 msg.error);
		return FALSE;
	}
	DBG2(DBG_KNL, "%s %s SA %.8x", release->orphan ? "left" : "deleted",
		 release->sa.inbound ? "inbound" : "outbound", ntohl(release->spi));
	return TRUE;
}

/**
 * Ask the kernel again.
 */
CALLBACK(release_job, job_requeue_t,
	release_t *release)
{
	kernel_cryptomap_sas_t *sas = release->ends.sas, *left = release->ends.left;
	host_t *dst = get_dst(release);
	kernel_cryptomap_sa_t sa;
	bool gone;

	if (sas->get(sas, dst, release->spi, NULL))
	{	/* the kernel had deleted it, and now there is another one */
		return JOB_REQUEUE_NONE;
	}
	if (ask(release, &gone))
	{
		if (gone || !release->stays)
		{	/* where a comparison may have put it */
			left->remove(left, dst, release->spi, &sa);
		}
		return JOB_REQUEUE_NONE;
	}
	if (++release->retries < RETRIES_MAX)
	{
		return JOB_RESCHEDULE(RETRY_TIME << release->retries);
	}
	return JOB_REQUEUE_NONE;
}

/**
 * Have the kernel asked in some time.
 */
static void schedule(release_t *release)
{
	release_t *later;

	INIT(later);
	*later = *release;
	later->ends = kernel_cryptomap_left_clone(&release->ends);
	lib->scheduler->schedule_job(lib->scheduler, (job_t*)
			callback_job_create(release_job, later, destroy_release, NULL),
			RETRY_TIME);
}

/*
 * See header.
 */
bool kernel_cryptomap_release(kernel_cryptomap_left_t *ends, uint32_t spi,
							  kernel_cryptomap_sa_t *sa, bool orphan, bool stays)
{
	release_t release = {
		.ends = *ends,
		.spi = spi,
		.sa = *sa,
		.orphan = orphan,
		.stays = stays,
	};
	bool gone;

	if (!ask(&release, &gone))
	{
		schedule(&release);
	}
	return !gone;
}

/*
 * See header.
 */
void kernel_cryptomap_release_spi(kernel_cryptomap_left_t *ends, uint32_t spi,
								  kernel_cryptomap_sa_t *sa)
{
	release_t release = {
		.ends = *ends,
		.spi = spi,
		.sa = *sa,
	};

	schedule(&release);
}
