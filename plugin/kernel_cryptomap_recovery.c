/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_recovery.h"

#include "kernel_cryptomap_flow.h"
#include "kernel_cryptomap_recent.h"

#include <daemon.h>
#include <processing/jobs/callback_job.h>

/** Seconds until something is done again about an address */
#define TRY_TIME 1
/** Seconds until an IKE_SA is set up for it again */
#define CREATE_TIME 30

typedef struct private_kernel_cryptomap_recovery_t private_kernel_cryptomap_recovery_t;

struct private_kernel_cryptomap_recovery_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_recovery_t public;

	/**
	 * Knows the addresses of peers by name.
	 */
	kernel_cryptomap_names_t *names;

	/**
	 * Phase 1 configuration.
	 */
	kernel_cryptomap_config_t *config;

	/**
	 * Negotiator.
	 */
	kernel_cryptomap_acquire_t *acquire;

	/**
	 * Addresses that something was done about.
	 */
	kernel_cryptomap_recent_t *tried;

	/**
	 * Peers that an IKE_SA was set up for.
	 */
	kernel_cryptomap_recent_t *created;
};

/**
 * An SPI that nobody knows, for a job.
 */
typedef struct {
	private_kernel_cryptomap_recovery_t *this;
	/** our address and the sender's */
	host_t *local, *remote;
	/** SPI, network order */
	uint32_t spi;
} spi_job_t;

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_job, void,
	spi_job_t *job)
{
	job->local->destroy(job->local);
	job->remote->destroy(job->remote);
	free(job);
}

/**
 * Tell the sender.
 *
 * @param profile		ISAKMP profile, "" for none, to set up an IKE_SA with if need
 *						be; NULL not to
 * @return				TRUE if it is told, or will be
 */
static bool tell(spi_job_t *job, char *profile)
{
	kernel_cryptomap_acquire_t *acquire = job->this->acquire;

	return acquire->send_delete(acquire, job->local, job->remote, job->spi,
								profile);
}

/**
 * Tell the sender, in an IKE_SA that is set up for it.
 */
static bool tell_anew(private_kernel_cryptomap_recovery_t *this, spi_job_t *job)
{
	kernel_cryptomap_ends_t ends = {
		.local = job->local,
		.remote = job->remote,
	};
	kernel_cryptomap_flow_t *flow;
	struct ios_isakmp isakmp;
	bool told = FALSE;

	this->config->get_isakmp(this->config, "", &isakmp);
	if (!isakmp.invalid_spi_recovery ||
		this->created->has(this->created, job->local, job->remote))
	{
		return FALSE;
	}
	flow = this->names->find_flow(this->names, job->local, job->remote, NULL,
								  NULL, NULL);
	/* without id: by a dynamic crypto map, that is, anybody */
	if (flow && flow->id)
	{
		ends.profile = flow->profile;
		told = !this->config->refuses(this->config, &ends) &&
			   tell(job, flow->profile);
	}
	kernel_cryptomap_flow_put(flow);
	return told;
}

/**
 * Recover from an SPI that nobody knows.
 */
CALLBACK(recover_job, job_requeue_t,
	spi_job_t *job)
{
	private_kernel_cryptomap_recovery_t *this = job->this;

	if (tell(job, NULL))
	{
		return JOB_REQUEUE_NONE;
	}
	/* anybody can send from any port: phase 1 would not find the peer there, and flows
	 * would wait for it rather than use the IKE_SA that there is */
	job->remote->set_port(job->remote, 0);
	if (!tell(job, NULL) && tell_anew(this, job))
	{
		DBG1(DBG_IKE, "%H uses the SPI %.8x that nobody knows: invalid SPI "
			 "recovery", job->remote, ntohl(job->spi));
		this->created->add(this->created, job->local, job->remote);
	}
	return JOB_REQUEUE_NONE;
}

METHOD(kernel_cryptomap_recovery_t, invalid_spi, void,
	private_kernel_cryptomap_recovery_t *this, host_t *local, host_t *remote,
	uint32_t spi)
{
	spi_job_t *job;

	if (this->tried->has(this->tried, local, remote))
	{
		return;
	}
	this->tried->add(this->tried, local, remote);
	INIT(job,
		.this = this,
		.local = local->clone(local),
		.remote = remote->clone(remote),
		.spi = spi,
	);
	lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(recover_job, job, destroy_job, NULL));
}

METHOD(kernel_cryptomap_recovery_t, destroy, void,
	private_kernel_cryptomap_recovery_t *this)
{
	this->tried->destroy(this->tried);
	this->created->destroy(this->created);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_recovery_t *kernel_cryptomap_recovery_create(
										kernel_cryptomap_names_t *names,
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_acquire_t *acquire)
{
	private_kernel_cryptomap_recovery_t *this;

	INIT(this,
		.public = {
			.invalid_spi = _invalid_spi,
			.destroy = _destroy,
		},
		.names = names,
		.config = config,
		.acquire = acquire,
		.tried = kernel_cryptomap_recent_create(TRY_TIME),
		.created = kernel_cryptomap_recent_create(CREATE_TIME),
	);
	return &this->public;
}
