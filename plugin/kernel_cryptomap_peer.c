/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_peer.h"

#include "compat.h"

#include <daemon.h>
#include <threading/mutex.h>

/** Part of the lifetime of an ISAKMP SA that reauthentication gets... */
#define REAUTH_PART 10
/** ...and its limits in seconds: charon puts it off by up to 15 while a CHILD_SA is
 * being rekeyed... */
#define REAUTH_MARGIN_MIN 20U
#define REAUTH_MARGIN_MAX 540U
/** ...and for lifetimes that are hardly longer */
#define REAUTH_PART_MAX 3
/** Seconds of an ISAKMP SA at least, whatever the peer says: there would be one phase 1
 * after the other (IOS has no less than 60) */
#define LIFETIME_MIN 30U
/** Retry intervals that charon waits for a peer, more than we do... */
#define DPD_RETRIES 10
/** ...and seconds at most that it then waits for the answer to an exchange */
#define EXCHANGE_MAX 86400
/** Seconds that what was made of an old configuration is kept: longer than any thread
 * works on a message, fetching revocation lists included */
#define TERMS_TIME 600

typedef struct private_peer_t private_peer_t;

/**
 * A peer_cfg_t.
 */
struct private_peer_t {

	/**
	 * Public interface.
	 */
	peer_cfg_t public;

	/**
	 * References.
	 */
	refcount_t ref;

	/**
	 * What it asks.
	 */
	kernel_cryptomap_peer_context_t context;

	/**
	 * Our address and the peer's.
	 */
	host_t *local, *remote;

	/**
	 * ISAKMP profile, "" for none.
	 */
	char *profile;

	/**
	 * In aggressive mode.
	 */
	bool aggressive;

	/**
	 * This side started.
	 */
	bool started;

	/**
	 * The peer's address, for logs.
	 */
	char name[64];

	/**
	 * What was made of phase 1 configurations, terms_t, the current ones first.
	 * Callers borrow what is in them, so that old ones stay for TERMS_TIME.
	 */
	linked_list_t *terms;

	/**
	 * Protects terms.
	 */
	mutex_t *mutex;
};

/**
 * What is made of a phase 1 configuration.
 */
typedef struct {
	/** the configuration it was made of */
	u_int generation;
	/** when there was another one, 0 for the current ones */
	time_t replaced;
	/** ISAKMP policies */
	ike_cfg_t *ike_cfg;
	/** authentication of this side and of the peer by pre-shared key */
	auth_cfg_t *local_psk, *remote_psk;
	/** the same by RSA signatures, NULL if there is no trustpoint for that */
	auth_cfg_t *local_rsa, *remote_rsa;
} terms_t;

METHOD(peer_cfg_t, get_name, char*,
	private_peer_t *this)
{
	return this->name;
}

METHOD(peer_cfg_t, get_ike_version, ike_version_t,
	private_peer_t *this)
{
	return IKEV1;
}

/**
 * The two ends of a peer.
 */
static kernel_cryptomap_ends_t get_ends(private_peer_t *this)
{
	return (kernel_cryptomap_ends_t){
		.local = this->local,
		.remote = this->remote,
		.profile = this->profile,
	};
}

/**
 * Authentication with a pre-shared key.
 *
 * @param id			identity, consumed; NULL to accept any
 */
static auth_cfg_t *create_psk_auth(identification_t *id)
{
	auth_cfg_t *auth;

	auth = auth_cfg_create();
	auth->add(auth, AUTH_RULE_AUTH_CLASS, AUTH_CLASS_PSK);
	if (id)
	{
		auth->add(auth, AUTH_RULE_IDENTITY, id);
	}
	return auth;
}

/**
 * Destroy what was made of a phase 1 configuration.
 */
static void destroy_terms(terms_t *terms)
{
	terms->ike_cfg->destroy(terms->ike_cfg);
	terms->local_psk->destroy(terms->local_psk);
	terms->remote_psk->destroy(terms->remote_psk);
	DESTROY_IF(terms->local_rsa);
	DESTROY_IF(terms->remote_rsa);
	free(terms);
}

/**
 * Make room for terms by another configuration: an ISAKMP SA that is renewed again and
 * again has the same peer_cfg_t, and sees many. Mutex held.
 */
static void replace_terms(private_peer_t *this, terms_t *terms)
{
	time_t now = time_monotonic(NULL);
	terms_t *last;

	if (this->terms->get_first(this->terms, (void**)&last) == SUCCESS)
	{
		last->replaced = now;
	}
	this->terms->insert_first(this->terms, terms);
	while (this->terms->get_last(this->terms, (void**)&last) == SUCCESS &&
		   last->replaced && now - last->replaced > TERMS_TIME)
	{
		this->terms->remove_last(this->terms, (void**)&last);
		destroy_terms(last);
	}
}

/**
 * What there is by the current phase 1 configuration.
 */
static terms_t *get_terms(private_peer_t *this)
{
	kernel_cryptomap_config_t *config = this->context.config;
	kernel_cryptomap_ends_t ends = get_ends(this);
	terms_t *terms = NULL;
	u_int generation;

	this->mutex->lock(this->mutex);
	generation = config->get_generation(config);
	if (this->terms->get_first(this->terms, (void**)&terms) != SUCCESS ||
		terms->generation != generation)
	{
		INIT(terms,
			.generation = generation,
			.ike_cfg = config->create_ike_cfg(config, &ends, this->aggressive,
											  this->started),
			.local_psk = create_psk_auth(config->get_self(config, &ends,
														  this->aggressive)),
			.remote_psk = create_psk_auth(NULL),
			.local_rsa = config->create_rsa_auth(config, &ends, TRUE),
			.remote_rsa = config->create_rsa_auth(config, &ends, FALSE),
		);
		replace_terms(this, terms);
	}
	this->mutex->unlock(this->mutex);
	return terms;
}

METHOD(peer_cfg_t, get_ike_cfg, ike_cfg_t*,
	private_peer_t *this)
{
	return get_terms(this)->ike_cfg;
}

/**
 * The configuration of an IKE_SA, NULL if it has none, or not one of this plugin.
 */
static private_peer_t *get_peer(ike_sa_t *ike_sa)
{
	peer_cfg_t *peer_cfg = ike_sa->get_peer_cfg(ike_sa);

	/* only objects of this plugin have this method */
	return peer_cfg && peer_cfg->get_ike_cfg == _get_ike_cfg ?
								(private_peer_t*)peer_cfg : NULL;
}

/*
 * See header.
 */
char *kernel_cryptomap_peer_profile(ike_sa_t *ike_sa)
{
	private_peer_t *peer = get_peer(ike_sa);

	return peer ? peer->profile : "";
}

METHOD(peer_cfg_t, create_child_cfg_enumerator, enumerator_t*,
	private_peer_t *this)
{
	return enumerator_create_empty();
}

METHOD(peer_cfg_t, replace_child_cfgs, enumerator_t*,
	private_peer_t *this, peer_cfg_t *other)
{
	return enumerator_create_empty();
}

/*
 * See header.
 */
auth_cfg_t *kernel_cryptomap_peer_local_rsa(ike_sa_t *ike_sa)
{
	private_peer_t *peer = get_peer(ike_sa);

	return peer ? get_terms(peer)->local_rsa : NULL;
}

/*
 * See header.
 */
void kernel_cryptomap_peer_hosts(ike_sa_t *ike_sa, host_t **local,
								 host_t **remote)
{
	private_peer_t *peer = get_peer(ike_sa);

	*local = peer ? peer->local : ike_sa->get_my_host(ike_sa);
	*remote = peer ? peer->remote : ike_sa->get_other_host(ike_sa);
}

/*
 * See header.
 */
bool kernel_cryptomap_peer_is_at(ike_sa_t *ike_sa)
{
	host_t *local, *remote;

	kernel_cryptomap_peer_hosts(ike_sa, &local, &remote);
	return local->ip_equals(local, ike_sa->get_my_host(ike_sa)) &&
		   remote->ip_equals(remote, ike_sa->get_other_host(ike_sa));
}

METHOD(peer_cfg_t, select_child_cfg, child_cfg_t*,
	private_peer_t *this, linked_list_t *my_ts, linked_list_t *other_ts,
	linked_list_t *my_hosts, linked_list_t *other_hosts,
	linked_list_t *my_labels, linked_list_t *other_labels)
{
	kernel_cryptomap_responder_t *responder = this->context.responder;
	kernel_cryptomap_ends_t ends = get_ends(this);
	traffic_selector_t *local_ts, *remote_ts;

	if (my_ts->get_first(my_ts, (void**)&local_ts) != SUCCESS ||
		other_ts->get_first(other_ts, (void**)&remote_ts) != SUCCESS)
	{
		return NULL;
	}
	return responder->select(responder, &ends, local_ts, remote_ts);
}

/**
 * The authentication method that was agreed for the IKE_SA that this thread works
 * on; before that, that of the first policy, which charon takes for all.
 */
static auth_method_t get_method(private_peer_t *this, terms_t *terms)
{
	kernel_cryptomap_methods_t *methods = this->context.methods;
	ike_sa_t *ike_sa = charon->bus->get_sa(charon->bus);
	auth_method_t method = AUTH_NONE;

	if (ike_sa)
	{
		method = methods->get(methods, ike_sa);
	}
	if (method == AUTH_NONE)
	{
		method = kernel_cryptomap_methods_first(terms->ike_cfg);
	}
	return terms->local_rsa && terms->remote_rsa ? method : AUTH_PSK;
}

METHOD(peer_cfg_t, create_auth_cfg_enumerator, enumerator_t*,
	private_peer_t *this, bool local)
{
	terms_t *terms = get_terms(this);

	if (get_method(this, terms) == AUTH_RSA)
	{
		return enumerator_create_single(local ? terms->local_rsa :
												terms->remote_rsa, NULL);
	}
	return enumerator_create_single(local ? terms->local_psk :
											terms->remote_psk, NULL);
}

METHOD(peer_cfg_t, get_cert_policy, cert_policy_t,
	private_peer_t *this)
{
	/* there are none but with RSA signatures; not all peers ask for them */
	return CERT_ALWAYS_SEND;
}

METHOD(peer_cfg_t, get_unique_policy, unique_policy_t,
	private_peer_t *this)
{
	return UNIQUE_NO;
}

METHOD(peer_cfg_t, get_keyingtries, uint32_t,
	private_peer_t *this)
{
	return 1;
}

METHOD(peer_cfg_t, get_rekey_time, uint32_t,
	private_peer_t *this, bool jitter)
{
	/* IKEv1 reauthenticates */
	return 0;
}

/**
 * Seconds between the reauthentication of an ISAKMP SA and its end.
 */
static uint32_t get_margin(uint32_t lifetime)
{
	uint32_t margin = max(lifetime / REAUTH_PART, REAUTH_MARGIN_MIN);

	return min(min(margin, REAUTH_MARGIN_MAX), lifetime / REAUTH_PART_MAX);
}

/**
 * Seconds of the ISAKMP SA that the thread works on.
 */
static uint32_t get_lifetime(private_peer_t *this)
{
	kernel_cryptomap_offers_t *offers = this->context.offers;

	return max(offers->get_lifetime(offers), LIFETIME_MIN);
}

METHOD(peer_cfg_t, get_over_time, uint32_t,
	private_peer_t *this)
{
	return get_margin(get_lifetime(this));
}

METHOD(peer_cfg_t, get_reauth_time, uint32_t,
	private_peer_t *this, bool jitter)
{
	uint32_t life = get_lifetime(this), range;

	range = min(life / REAUTH_PART, REAUTH_MARGIN_MAX);
	return life - get_margin(life) - (jitter && range ? random() % range : 0);
}

METHOD(peer_cfg_t, get_zero, uint32_t,
	private_peer_t *this)
{
	return 0;
}

/**
 * Seconds after which charon gives up an exchange that is not answered, by its settings.
 */
static uint32_t get_exchange_time()
{
	double time, base, limit, total = 0;
	int tries;

	time = lib->settings->get_double(lib->settings, "%s.retransmit_timeout",
									 RETRANSMIT_TIMEOUT, lib->ns);
	base = lib->settings->get_double(lib->settings, "%s.retransmit_base",
									 RETRANSMIT_BASE, lib->ns);
	limit = lib->settings->get_int(lib->settings, "%s.retransmit_limit", 0,
								   lib->ns);
	tries = lib->settings->get_int(lib->settings, "%s.retransmit_tries",
								   RETRANSMIT_TRIES, lib->ns);
	for (; tries >= 0 && total < EXCHANGE_MAX; tries--)
	{
		total += limit > 0 && time > limit ? limit : time;
		time *= base;
	}
	return total < EXCHANGE_MAX ? total + 1 : EXCHANGE_MAX;
}

/**
 * charon's own judgement, for each probe that is sent: later than ours, and than that of
 * an exchange that was begun while probes were not answered. It only destroys the
 * IKE_SA, by which the SAs would become orphans.
 */
METHOD(peer_cfg_t, get_dpd_timeout, uint32_t,
	private_peer_t *this)
{
	kernel_cryptomap_config_t *config = this->context.config;
	struct ios_isakmp isakmp;

	config->get_isakmp(config, this->profile, &isakmp);
	return isakmp.keepalive_retry * DPD_RETRIES + get_exchange_time();
}

METHOD(peer_cfg_t, get_if_id, uint32_t,
	private_peer_t *this, bool inbound)
{
	return 0;
}

/*
 * See header.
 */
bool kernel_cryptomap_peer_is_aggressive(peer_cfg_t *public)
{
	private_peer_t *this = (private_peer_t*)public;
	kernel_cryptomap_config_t *config = this->context.config;
	kernel_cryptomap_ends_t ends = get_ends(this);
	struct ios_isakmp isakmp;

	if (!this->aggressive)
	{
		return FALSE;
	}
	/* asked again for each reauthentication, by what is configured then */
	if (this->started)
	{
		return config->starts_aggressive(config, &ends);
	}
	config->get_isakmp(config, this->profile, &isakmp);
	return !isakmp.no_aggressive;
}

METHOD(peer_cfg_t, create_empty_enumerator, enumerator_t*,
	private_peer_t *this)
{
	return enumerator_create_empty();
}

/**
 * charon asks whether a new IKE_SA, which the peer started, is the successor of
 * the one that this thread has checked out.
 */
METHOD(peer_cfg_t, equals, bool,
	private_peer_t *this, peer_cfg_t *other)
{
	private_peer_t *peer = (private_peer_t*)other;
	kernel_cryptomap_twins_t *twins = this->context.twins;
	ike_sa_t *ike_sa;

	ike_sa = charon->bus->get_sa(charon->bus);
	if (ike_sa && twins->stays(twins, ike_sa, &this->public))
	{
		return FALSE;
	}
	return other->get_ike_cfg == _get_ike_cfg &&
		   streq(this->profile, peer->profile) &&
		   this->local->ip_equals(this->local, peer->local) &&
		   this->remote->ip_equals(this->remote, peer->remote);
}

METHOD(peer_cfg_t, get_ref, peer_cfg_t*,
	private_peer_t *this)
{
	ref_get(&this->ref);
	return &this->public;
}

METHOD(peer_cfg_t, destroy_peer, void,
	private_peer_t *this)
{
	if (ref_put(&this->ref))
	{
		this->terms->destroy_function(this->terms, (void*)destroy_terms);
		this->local->destroy(this->local);
		this->remote->destroy(this->remote);
		free(this->profile);
		this->mutex->destroy(this->mutex);
		free(this);
	}
}

/*
 * See header.
 */
peer_cfg_t *kernel_cryptomap_peer_create(
								kernel_cryptomap_peer_context_t *context,
								kernel_cryptomap_ends_t *ends, bool aggressive,
								bool started)
{
	private_peer_t *peer;

	INIT(peer,
		.public = {
			.get_name = _get_name,
			.get_ike_version = _get_ike_version,
			.get_ike_cfg = _get_ike_cfg,
			.add_child_cfg = (void*)nop,
			.remove_child_cfg = (void*)nop,
			.replace_child_cfgs = _replace_child_cfgs,
			.create_child_cfg_enumerator = _create_child_cfg_enumerator,
			.select_child_cfg = _select_child_cfg,
			.add_auth_cfg = (void*)nop,
			.create_auth_cfg_enumerator = _create_auth_cfg_enumerator,
			.get_cert_policy = _get_cert_policy,
			PEER_CFG_OCSP
			.get_unique_policy = _get_unique_policy,
			.get_keyingtries = _get_keyingtries,
			.get_rekey_time = _get_rekey_time,
			.get_reauth_time = _get_reauth_time,
			.get_over_time = _get_over_time,
			PEER_CFG_OPTIONS
			.get_dpd = _get_zero,
			.get_dpd_timeout = _get_dpd_timeout,
			.add_virtual_ip = (void*)nop,
			.create_virtual_ip_enumerator = _create_empty_enumerator,
			.add_pool = (void*)nop,
			.create_pool_enumerator = _create_empty_enumerator,
			.get_if_id = _get_if_id,
			.get_ppk_id = (void*)return_null,
#ifdef ME
			.is_mediation = (void*)return_false,
			.get_mediated_by = (void*)return_null,
			.get_peer_id = (void*)return_null,
#endif /* ME */
			.equals = _equals,
			.get_ref = _get_ref,
			.destroy = _destroy_peer,
		},
		.ref = 1,
		.context = *context,
		.local = ends->local->clone(ends->local),
		.remote = ends->remote->clone(ends->remote),
		.profile = strdup(ends->profile),
		.aggressive = aggressive,
		.started = started,
		.terms = linked_list_create(),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	snprintf(peer->name, sizeof(peer->name), "%H", ends->remote);
	return &peer->public;
}
