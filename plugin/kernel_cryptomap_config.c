/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_config.h"

#include "kernel_cryptomap_algs.h"
#include "kernel_cryptomap_identities.h"
#include "kernel_cryptomap_mirror.h"
#include "kernel_cryptomap_pki.h"
#include "kernel_cryptomap_policies.h"

#include <daemon.h>
#include <processing/jobs/callback_job.h>
#include <threading/mutex.h>
#include <threading/rwlock.h>

#include <errno.h>

/** charon's interval for NAT keepalives */
#define DEFAULT_KEEP_ALIVE 20

typedef struct private_kernel_cryptomap_config_t private_kernel_cryptomap_config_t;

struct private_kernel_cryptomap_config_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_config_t public;

	/**
	 * Knows the addresses of peers by name.
	 */
	kernel_cryptomap_names_t *names;

	/**
	 * Held from writing the mirror until its text is in use; taken before
	 * lock.
	 */
	mutex_t *setting;

	/**
	 * Where the text is mirrored.
	 */
	kernel_cryptomap_mirror_t *mirror;

	/**
	 * Protects what follows.
	 */
	rwlock_t *lock;

	/**
	 * The configuration; NULL before there was one.
	 */
	struct ios_config *ios;

	/**
	 * Credentials of its trustpoints; NULL before they were read.
	 */
	kernel_cryptomap_pki_t *pki;

	/**
	 * Its text.
	 */
	chunk_t text;

	/**
	 * Counts configurations.
	 */
	u_int generation;

	/**
	 * charon's interval for NAT keepalives, in seconds.
	 */
	int keep_alive;
};

/**
 * The first error of a configuration.
 */
static char *get_error(const struct ios_config *ios)
{
	const struct ios_diag *diag;
	char *error = NULL;

	for (diag = ios->diags; diag; diag = diag->next)
	{
		if (diag->severity == IOS_ERROR)
		{
			if (asprintf(&error, "line %u: %s", diag->line, diag->text) < 0)
			{
				error = NULL;
			}
			break;
		}
	}
	return error ?: strdup("the configuration has errors");
}

METHOD(kernel_cryptomap_config_t, set_options, void,
	private_kernel_cryptomap_config_t *this)
{
	int keep_alive;
	bool wanted;

	/* who may use it is decided for each peer, see accepts_aggressive() */
	this->lock->read_lock(this->lock);
	wanted = this->ios && ios_aggressive_wanted(this->ios);
	keep_alive = (this->ios ? this->ios->isakmp.nat_keepalive : 0) ?:
				 this->keep_alive;
	this->lock->unlock(this->lock);
	lib->settings->set_bool(lib->settings, "%s.i_dont_care_about_security_and_"
							"use_aggressive_mode_psk", wanted, lib->ns);
	/* read by each new IKE_SA */
	lib->settings->set_int(lib->settings, "%s.keep_alive", keep_alive, lib->ns);
}

/**
 * Make a parsed configuration the current one, with its credentials.
 *
 * @param pki			NULL if they are read later
 */
static void apply(private_kernel_cryptomap_config_t *this,
				  struct ios_config *ios, kernel_cryptomap_pki_t *pki,
				  chunk_t text)
{
	kernel_cryptomap_pki_t *old_pki;
	struct ios_config *old;

	text = chunk_clone(text);
	this->lock->write_lock(this->lock);
	old = this->ios;
	old_pki = this->pki;
	chunk_clear(&this->text);
	this->ios = ios;
	this->pki = pki;
	this->text = text;
	this->generation++;
	this->lock->unlock(this->lock);
	ios_free(old);
	DESTROY_IF(old_pki);
	set_options(this);
}

/**
 * Read the credentials of a configuration, and have charon use them from now on. Not
 * with the lock held: charon asks for a key while it goes over them.
 *
 * @param ios			configuration, which is not replaced meanwhile
 * @param warnings		gets what is wrong with them, char*
 */
static kernel_cryptomap_pki_t *read_credentials(
									private_kernel_cryptomap_config_t *this,
									const struct ios_config *ios,
									linked_list_t *warnings)
{
	kernel_cryptomap_pki_t *pki;

	pki = kernel_cryptomap_pki_create(ios, warnings);
	pki->serve(pki, this->public.creds);
	return pki;
}

/**
 * Log what of the configuration this charon can't do.
 *
 * @param warnings		gets the same, char*; may have some already
 */
static void tell_inactive(private_kernel_cryptomap_config_t *this,
						  linked_list_t *warnings)
{
	enumerator_t *enumerator;
	char *text;

	this->lock->read_lock(this->lock);
	if (!kernel_cryptomap_policies_count(this->ios, this->pki, TRUE, NULL,
										 warnings))
	{
		DBG1(DBG_CFG, "there is no ISAKMP policy that can be used");
	}
	this->lock->unlock(this->lock);
	enumerator = warnings->create_enumerator(warnings);
	while (enumerator->enumerate(enumerator, &text))
	{
		DBG1(DBG_CFG, "%s", text);
	}
	enumerator->destroy(enumerator);
}

/**
 * What has to wait until all plugins are loaded.
 */
CALLBACK(late_job, job_requeue_t,
	private_kernel_cryptomap_config_t *this)
{
	kernel_cryptomap_pki_t *pki, *old;
	linked_list_t *warnings;

	warnings = linked_list_create();
	this->setting->lock(this->setting);
	pki = read_credentials(this, this->ios, warnings);
	this->lock->write_lock(this->lock);
	old = this->pki;
	this->pki = pki;
	this->generation++;
	this->lock->unlock(this->lock);
	this->setting->unlock(this->setting);
	DESTROY_IF(old);
	tell_inactive(this, warnings);
	warnings->destroy_function(warnings, free);
	return JOB_REQUEUE_NONE;
}

/**
 * Parse a text.
 *
 * @param error			set to a reason if the text can't be used
 */
static struct ios_config *parse(chunk_t text, char **error)
{
	struct ios_config *ios;

	ios = ios_parse("configuration", (char*)text.ptr, text.len,
					IOS_PHASE1_ONLY);
	if (!ios)
	{
		*error = strdup(strerror(errno));
	}
	else if (ios->n_errors)
	{
		*error = get_error(ios);
		ios_free(ios);
		ios = NULL;
	}
	return ios;
}

METHOD(kernel_cryptomap_config_t, set, char*,
	private_kernel_cryptomap_config_t *this, chunk_t text,
	linked_list_t *warnings)
{
	struct ios_config *ios;
	char *error = NULL;

	ios = parse(text, &error);
	if (!ios)
	{
		return error;
	}
	this->setting->lock(this->setting);
	error = this->mirror->write(this->mirror, text);
	if (error)
	{
		this->setting->unlock(this->setting);
		ios_free(ios);
		return error;
	}
	/* it is not used with credentials of before, nor without any */
	apply(this, ios, read_credentials(this, ios, warnings), text);
	this->setting->unlock(this->setting);
	tell_inactive(this, warnings);
	return NULL;
}

METHOD(kernel_cryptomap_config_t, get, chunk_t,
	private_kernel_cryptomap_config_t *this)
{
	chunk_t text;

	this->lock->read_lock(this->lock);
	text = chunk_clone(this->text);
	this->lock->unlock(this->lock);
	return text;
}

METHOD(kernel_cryptomap_config_t, get_generation, u_int,
	private_kernel_cryptomap_config_t *this)
{
	u_int generation;

	this->lock->read_lock(this->lock);
	generation = this->generation;
	this->lock->unlock(this->lock);
	return generation;
}

METHOD(kernel_cryptomap_config_t, create_ike_cfg, ike_cfg_t*,
	private_kernel_cryptomap_config_t *this, kernel_cryptomap_ends_t *ends,
	bool aggressive, bool started)
{
	linked_list_t *proposals;
	proposal_t *first = NULL;
	struct ios_ends found;
	bool known, has;
	ike_cfg_create_t create;
	proposal_t *proposal;
	ike_cfg_t *ike_cfg;
	char me[64], other[64];

	snprintf(me, sizeof(me), "%H", ends->local);
	snprintf(other, sizeof(other), "%H", ends->remote);
	create = (ike_cfg_create_t){
		.version = IKEV1,
		.local = me,
		.local_port = charon->socket->get_port(charon->socket, FALSE),
		.remote = other,
		.remote_port = IKEV2_UDP_PORT,
		.fragmentation = FRAGMENTATION_ACCEPT,
	};
	ike_cfg = ike_cfg_create(&create);

	this->lock->read_lock(this->lock);
	known = kernel_cryptomap_ends_find(this->ios, ends, &found);
	has = known && kernel_cryptomap_ends_has_key(this->ios, this->names, ends,
												 &found, started);
	/* without its profile the trustpoints would be those of none */
	proposals = kernel_cryptomap_policies_get(known ? this->ios : NULL,
											  this->pki, has, found.profile,
											  NULL);
	this->lock->unlock(this->lock);
	while (proposals->remove_first(proposals, (void**)&proposal) == SUCCESS)
	{
		first = first ?: proposal;
		if (aggressive && !kernel_cryptomap_policies_alike(proposal, first))
		{
			proposal->destroy(proposal);
			continue;
		}
		ike_cfg->add_proposal(ike_cfg, proposal);
	}
	proposals->destroy(proposals);
	return ike_cfg;
}

METHOD(kernel_cryptomap_config_t, get_lifetime, uint32_t,
	private_kernel_cryptomap_config_t *this, proposal_t *agreed,
	auth_method_t method)
{
	uint32_t lifetime;

	this->lock->read_lock(this->lock);
	lifetime = kernel_cryptomap_policies_lifetime(this->ios, this->pki, agreed,
												  method);
	this->lock->unlock(this->lock);
	return lifetime;
}

METHOD(kernel_cryptomap_config_t, get_isakmp, void,
	private_kernel_cryptomap_config_t *this, char *profile,
	struct ios_isakmp *isakmp)
{
	const struct ios_profile *found;

	this->lock->read_lock(this->lock);
	*isakmp = this->ios ? this->ios->isakmp : (struct ios_isakmp){};
	found = kernel_cryptomap_ends_profile(this->ios, profile);
	if (found && found->keepalive)
	{
		isakmp->keepalive = found->keepalive;
		isakmp->keepalive_retry = found->keepalive_retry;
		isakmp->keepalive_periodic = FALSE;
	}
	this->lock->unlock(this->lock);
}

METHOD(kernel_cryptomap_config_t, get_psk, shared_key_t*,
	private_kernel_cryptomap_config_t *this, kernel_cryptomap_ends_t *ends,
	bool aggressive, identification_t *id)
{
	struct ios_id peer = { .kind = IOS_ID_NONE };
	chunk_t key = chunk_empty;
	struct ios_ends found;

	if (id)
	{
		peer = kernel_cryptomap_id(id);
	}
	this->lock->read_lock(this->lock);
	if (kernel_cryptomap_ends_find(this->ios, ends, &found))
	{
		key = kernel_cryptomap_ends_key(this->ios, this->names, ends, &found,
										aggressive, &peer);
	}
	this->lock->unlock(this->lock);
	return key.len ? shared_key_create(SHARED_IKE, key) : NULL;
}

METHOD(kernel_cryptomap_config_t, get_profile, char*,
	private_kernel_cryptomap_config_t *this, host_t *local,
	identification_t *id, certificate_t *cert)
{
	struct ios_local own = kernel_cryptomap_ends_local(local);
	const struct ios_cert_names *names;
	const struct ios_profile *profile;
	struct ios_id peer = kernel_cryptomap_id(id);
	kernel_cryptomap_cert_names_t buf;
	char *name;

	names = kernel_cryptomap_cert_names_get(cert, &buf);
	this->lock->read_lock(this->lock);
	profile = this->ios ? ios_profile_of(this->ios, &own, &peer, names) : NULL;
	name = profile ? strdup(profile->name) : NULL;
	this->lock->unlock(this->lock);
	kernel_cryptomap_cert_names_free(&buf);
	return name;
}

METHOD(kernel_cryptomap_config_t, has_peer, bool,
	private_kernel_cryptomap_config_t *this, char *profile, host_t *local,
	identification_t *id, certificate_t *cert)
{
	struct ios_id peer = { .kind = IOS_ID_NONE };
	struct ios_local own = kernel_cryptomap_ends_local(local);
	const struct ios_cert_names *names;
	const struct ios_profile *found;
	kernel_cryptomap_cert_names_t buf;
	bool has;

	if (id)
	{
		peer = kernel_cryptomap_id(id);
	}
	names = kernel_cryptomap_cert_names_get(cert, &buf);
	this->lock->read_lock(this->lock);
	found = kernel_cryptomap_ends_profile(this->ios, profile);
	has = found && ios_profile_at(found, &own) &&
		  ios_profile_has(this->ios, found, &peer, names);
	this->lock->unlock(this->lock);
	kernel_cryptomap_cert_names_free(&buf);
	return has;
}

METHOD(kernel_cryptomap_config_t, is_checked, bool,
	private_kernel_cryptomap_config_t *this, char *profile, auth_cfg_t *auth)
{
	const struct ios_profile *found;
	bool checked;

	this->lock->read_lock(this->lock);
	found = kernel_cryptomap_ends_profile(this->ios, profile);
	checked = this->pki && (found || !*profile) &&
			  this->pki->is_checked(this->pki, this->ios, found, auth);
	this->lock->unlock(this->lock);
	return checked;
}

METHOD(kernel_cryptomap_config_t, starts_aggressive, bool,
	private_kernel_cryptomap_config_t *this, kernel_cryptomap_ends_t *ends)
{
	struct ios_ends found;
	bool aggressive;

	this->lock->read_lock(this->lock);
	aggressive = kernel_cryptomap_ends_find(this->ios, ends, &found) &&
				 ios_aggressive_starts(this->ios, &found);
	this->lock->unlock(this->lock);
	return aggressive;
}

METHOD(kernel_cryptomap_config_t, accepts_aggressive, bool,
	private_kernel_cryptomap_config_t *this, kernel_cryptomap_ends_t *ends,
	identification_t *id)
{
	struct ios_id peer = kernel_cryptomap_id(id);
	struct ios_ends found;
	bool accepts;

	this->lock->read_lock(this->lock);
	accepts = kernel_cryptomap_ends_find(this->ios, ends, &found) &&
			  ios_aggressive_accepts(this->ios, &found, &peer);
	this->lock->unlock(this->lock);
	return accepts;
}

METHOD(kernel_cryptomap_config_t, get_self, identification_t*,
	private_kernel_cryptomap_config_t *this, kernel_cryptomap_ends_t *ends,
	bool aggressive)
{
	identification_t *self;
	struct ios_ends found;
	bool known;

	this->lock->read_lock(this->lock);
	known = kernel_cryptomap_ends_find(this->ios, ends, &found);
	self = kernel_cryptomap_ends_self(known ? this->ios : NULL, ends, &found,
									  aggressive, NULL);
	this->lock->unlock(this->lock);
	return self;
}

METHOD(kernel_cryptomap_config_t, create_rsa_auth, auth_cfg_t*,
	private_kernel_cryptomap_config_t *this, kernel_cryptomap_ends_t *ends,
	bool local)
{
	identification_t *self = NULL, *subject;
	auth_cfg_t *auth = NULL;
	struct ios_ends found;

	this->lock->read_lock(this->lock);
	if (kernel_cryptomap_ends_find(this->ios, ends, &found) && this->pki)
	{
		if (local)
		{
			subject = this->pki->get_subject(this->pki, this->ios,
											 found.profile);
			self = kernel_cryptomap_ends_self(this->ios, ends, &found, FALSE,
											  subject);
			DESTROY_IF(subject);
		}
		auth = this->pki->create_auth(this->pki, this->ios, found.profile,
									  self);
	}
	this->lock->unlock(this->lock);
	return auth;
}

/**
 * Why phase 1 with a peer can't be tried.
 *
 * @param started		FALSE if the peer may have a key by a name that it has not told yet
 */
static const char *get_reason(private_kernel_cryptomap_config_t *this,
							  kernel_cryptomap_ends_t *ends, bool started)
{
	const char *reason = NULL;
	struct ios_ends found;
	bool has;

	this->lock->read_lock(this->lock);
	if (!this->ios)
	{
		reason = "there is no phase 1 configuration";
	}
	else if (this->ios->isakmp.disabled)
	{
		reason = "ISAKMP is disabled";
	}
	else if (!kernel_cryptomap_ends_find(this->ios, ends, &found))
	{
		reason = "the ISAKMP profile of its crypto map entry is not defined";
	}
	else
	{
		has = kernel_cryptomap_ends_has_key(this->ios, this->names, ends, &found,
											started);
		if (!has && !ios_rsa_sig_ready(this->ios, found.profile))
		{
			reason = found.profile ?
				 "the keyrings of its ISAKMP profile have no pre-shared key for this peer" :
				 this->ios->isakmp.no_aggressive ?
				 "there is no pre-shared key for this peer, and no aggressive mode" :
				 "there is no pre-shared key for this peer";
		}
		else if (!kernel_cryptomap_policies_count(this->ios, this->pki, has,
												  found.profile, NULL))
		{
			reason = "there is no ISAKMP policy that can be used";
		}
	}
	this->lock->unlock(this->lock);
	return reason;
}

METHOD(kernel_cryptomap_config_t, refuses, const char*,
	private_kernel_cryptomap_config_t *this, kernel_cryptomap_ends_t *ends)
{
	return get_reason(this, ends, TRUE);
}

METHOD(kernel_cryptomap_config_t, rejects, const char*,
	private_kernel_cryptomap_config_t *this, kernel_cryptomap_ends_t *ends)
{
	return get_reason(this, ends, FALSE);
}

/**
 * Read the mirrored configuration.
 */
static void load_mirror(private_kernel_cryptomap_config_t *this)
{
	struct ios_config *ios;
	chunk_t *file;
	char *error = NULL;

	file = this->mirror->map(this->mirror);
	if (!file)
	{
		return;
	}
	ios = parse(*file, &error);
	if (ios)
	{
		apply(this, ios, NULL, *file);
		DBG1(DBG_CFG, "read phase 1 configuration from %s",
			 this->mirror->get_path(this->mirror));
		/* what charon can do is not known before all plugins are loaded */
		lib->processor->queue_job(lib->processor, (job_t*)
				callback_job_create(late_job, this, NULL, NULL));
	}
	else
	{
		DBG1(DBG_CFG, "%s: %s", this->mirror->get_path(this->mirror), error);
		free(error);
	}
	chunk_unmap(file);
}

METHOD(kernel_cryptomap_config_t, destroy, void,
	private_kernel_cryptomap_config_t *this)
{
	DESTROY_IF(this->pki);
	this->public.creds->destroy(this->public.creds);
	ios_free(this->ios);
	chunk_clear(&this->text);
	this->lock->destroy(this->lock);
	this->setting->destroy(this->setting);
	DESTROY_IF(this->mirror);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_config_t *kernel_cryptomap_config_create(const char *path,
											kernel_cryptomap_names_t *names)
{
	private_kernel_cryptomap_config_t *this;

	INIT(this,
		.public = {
			.set = _set,
			.get = _get,
			.get_generation = _get_generation,
			.creds = mem_cred_create(),
			.create_ike_cfg = _create_ike_cfg,
			.create_rsa_auth = _create_rsa_auth,
			.get_lifetime = _get_lifetime,
			.get_isakmp = _get_isakmp,
			.get_psk = _get_psk,
			.get_profile = _get_profile,
			.has_peer = _has_peer,
			.is_checked = _is_checked,
			.starts_aggressive = _starts_aggressive,
			.accepts_aggressive = _accepts_aggressive,
			.get_self = _get_self,
			.refuses = _refuses,
			.rejects = _rejects,
			.set_options = _set_options,
			.destroy = _destroy,
		},
		.setting = mutex_create(MUTEX_TYPE_DEFAULT),
		.mirror = kernel_cryptomap_mirror_create(path),
		.lock = rwlock_create(RWLOCK_TYPE_DEFAULT),
		.keep_alive = lib->settings->get_time(lib->settings, "%s.keep_alive",
									DEFAULT_KEEP_ALIVE, lib->ns),
		.names = names,
	);
	if (!this->mirror)
	{
		destroy(this);
		return NULL;
	}
	load_mirror(this);
	return &this->public;
}
