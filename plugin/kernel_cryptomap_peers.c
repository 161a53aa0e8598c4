/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_peers.h"

#include "compat.h"
#include "kernel_cryptomap_flow.h"
#include "kernel_cryptomap_ike_key.h"
#include "kernel_cryptomap_recent.h"

#include <daemon.h>
#include <collections/hashtable.h>
#include <credentials/certificates/x509.h>
#include <threading/mutex.h>

/** Seconds that an address is known to be no peer */
#define STRANGER_TIME 1

/** Entries of dynamic crypto maps whose profiles are tried for a peer by its address */
#define PROFILES_MAX 16

typedef struct private_kernel_cryptomap_peers_t private_kernel_cryptomap_peers_t;

/**
 * A listener that knows whose it is.
 */
typedef struct {
	/** public interface */
	listener_t public;
	/** the maker of configurations */
	private_kernel_cryptomap_peers_t *peers;
} private_listener_t;

struct private_kernel_cryptomap_peers_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_peers_t public;

	/**
	 * Listens for this.
	 */
	private_listener_t listener;

	/**
	 * Knows the addresses of peers by name.
	 */
	kernel_cryptomap_names_t *names;

	/**
	 * Phase 1 configuration.
	 */
	kernel_cryptomap_config_t *config;

	/**
	 * What configurations ask.
	 */
	kernel_cryptomap_peer_context_t context;

	/**
	 * Which of those that start phase 1 are answered.
	 */
	kernel_cryptomap_halfopen_t *halfopen;

	/**
	 * Who is no peer.
	 */
	kernel_cryptomap_recent_t *strangers;

	/**
	 * Addresses that the keys of IKE_SAs were derived at, keyed_t by unique id,
	 * until they are established.
	 */
	hashtable_t *keyed;

	/**
	 * Protects keyed.
	 */
	mutex_t *mutex;
};

/**
 * Where an IKE_SA was when its keys were derived.
 */
typedef struct {
	/** our address and the peer's */
	host_t *local, *remote;
} keyed_t;

/**
 * Create the configuration of a peer that starts.
 */
static peer_cfg_t *create_answer(private_kernel_cryptomap_peers_t *this,
								 kernel_cryptomap_ends_t *ends, bool aggressive)
{
	return kernel_cryptomap_peer_create(&this->context, ends, aggressive, FALSE);
}

METHOD(kernel_cryptomap_peers_t, create_peer_cfg, peer_cfg_t*,
	private_kernel_cryptomap_peers_t *this, host_t *local, host_t *remote,
	char *profile)
{
	kernel_cryptomap_ends_t ends = {
		.local = local,
		.remote = remote,
		.profile = profile,
	};

	return kernel_cryptomap_peer_create(&this->context, &ends,
					   this->config->starts_aggressive(this->config, &ends),
					   TRUE);
}

/**
 * The ISAKMP profile that a peer is held against before it tells who it is: that of
 * the first entry that has it, and for which there is a key by its address; else
 * of the first for which it may have one by its name.
 *
 * @return				name, "" for none, to be freed; NULL if no crypto map entry has
 *						the peer, or phase 1 with it is not possible, which is logged
 */
static char *find_profile(private_kernel_cryptomap_peers_t *this,
						  host_t *local, host_t *remote)
{
	kernel_cryptomap_ends_t ends = {
		.local = local,
		.remote = remote,
	};
	kernel_cryptomap_flow_t *flow, *last;
	const char *reason = NULL;
	char *profile = NULL;
	bool has_key = FALSE;
	u_int left = PROFILES_MAX;

	if (this->strangers->has(this->strangers, local, remote))
	{
		return NULL;
	}
	flow = this->names->find_flow(this->names, local, remote, NULL, NULL, NULL);
	if (!flow)
	{
		this->strangers->add(this->strangers, local, remote);
		this->names->refresh(this->names);
		DBG1(DBG_CFG, "no crypto map entry has the peer %H for %H", remote,
			 local);
		return NULL;
	}
	while (flow)
	{
		ends.profile = flow->profile;
		has_key = !this->config->refuses(this->config, &ends);
		if (has_key || !profile)
		{
			reason = has_key ? NULL :
							   this->config->rejects(this->config, &ends);
			free(profile);
			profile = reason ? NULL : strdup(flow->profile);
		}
		last = flow;
		/* after a static entry there is no next one */
		flow = has_key || last->id || !--left ? NULL :
						this->names->find_flow(this->names, local, remote, NULL,
											   NULL, last);
		kernel_cryptomap_flow_put(last);
	}
	if (!profile)
	{
		DBG1(DBG_CFG, "can't negotiate with %H: %s", remote, reason);
	}
	return profile;
}

METHOD(kernel_cryptomap_peers_t, get_profile, char*,
	private_kernel_cryptomap_peers_t *this, ike_sa_t *ike_sa)
{
	if (ike_sa->get_peer_cfg(ike_sa))
	{
		return strdup(kernel_cryptomap_peer_profile(ike_sa));
	}
	return find_profile(this, ike_sa->get_my_host(ike_sa),
						ike_sa->get_other_host(ike_sa));
}

/**
 * Log that a peer is not of the profile that it is to be of.
 */
static void tell_stranger(host_t *remote, identification_t *id, char *profile)
{
	DBG1(DBG_CFG, "peer %H is refused: isakmp profile %s of its crypto map entry "
		 "has no match identity for '%Y', which it calls itself, nor for a "
		 "certificate of it", remote, profile, id);
}

/**
 * Whether the keys by a peer's address are the same for two profiles.
 */
static bool same_key(private_kernel_cryptomap_peers_t *this, host_t *local,
					 host_t *remote, char *one, char *two)
{
	kernel_cryptomap_ends_t a = {
		.local = local,
		.remote = remote,
		.profile = one,
	}, b = {
		.local = local,
		.remote = remote,
		.profile = two,
	};
	shared_key_t *first, *second;
	bool same;

	first = this->config->get_psk(this->config, &a, FALSE, NULL);
	second = this->config->get_psk(this->config, &b, FALSE, NULL);
	same = first && second && chunk_equals_const(first->get_key(first),
												 second->get_key(second));
	DESTROY_IF(first);
	DESTROY_IF(second);
	return same;
}

/**
 * Destroy the object of an enumerator over one object.
 */
CALLBACK(destroy_ike_cfg, void,
	ike_cfg_t *ike_cfg)
{
	ike_cfg->destroy(ike_cfg);
}

METHOD(backend_t, create_ike_cfg_enumerator, enumerator_t*,
	private_kernel_cryptomap_peers_t *this, host_t *me, host_t *other)
{
	kernel_cryptomap_ends_t ends = {
		.local = me,
		.remote = other,
	};
	ike_cfg_t *ike_cfg;

	/* who is no peer does not count: others could be kept out by any address */
	ends.profile = me && other ? find_profile(this, me, other) : NULL;
	if (!ends.profile || !this->halfopen->admits(this->halfopen))
	{
		free(ends.profile);
		return enumerator_create_empty();
	}
	ike_cfg = this->config->create_ike_cfg(this->config, &ends, FALSE, FALSE);
	free(ends.profile);
	return enumerator_create_single(ike_cfg, destroy_ike_cfg);
}

/**
 * Destroy the objects of an enumerator over peer_cfg_t.
 */
CALLBACK(destroy_peer_cfgs, void,
	linked_list_t *list)
{
	list->destroy_offset(list, offsetof(peer_cfg_t, destroy));
}

/**
 * Make a peer one of a profile if it may start in aggressive mode by that.
 *
 * @param profile		NULL for one that it is not of
 */
static bool set_aggressive(private_kernel_cryptomap_peers_t *this,
						   kernel_cryptomap_ends_t *ends, char *profile,
						   identification_t *id)
{
	ends->profile = profile;
	return profile && this->config->accepts_aggressive(this->config, ends, id);
}

/**
 * The configurations for a peer that tells who it is.
 *
 * It is of the profile of its entry if that has its identity or certificate, else of
 * the first that has; with a pre-shared key in main mode only if that has the same
 * key, which was chosen before, in aggressive mode also if it may start that by this
 * one alone.
 *
 * @param cert			certificate that it sent, NULL for none
 * @param rsa			whether it authenticates itself by a signature
 * @param profile		as of find_profile()
 */
static linked_list_t *create_known_peers(private_kernel_cryptomap_peers_t *this,
										 host_t *local, host_t *remote,
										 identification_t *id,
										 certificate_t *cert, bool rsa,
										 char *profile)
{
	kernel_cryptomap_ends_t ends = {
		.local = local,
		.remote = remote,
		.profile = profile,
	};
	linked_list_t *list;
	char *matched;
	bool has;

	list = linked_list_create();
	has = !*profile || this->config->has_peer(this->config, profile, local, id,
											  cert);
	matched = this->config->get_profile(this->config, local, id, cert);
	/* in aggressive mode the certificate comes later, and is judged then */
	has |= !matched && rsa && !cert;
	if (!has && !matched)
	{
		tell_stranger(remote, id, profile);
	}
	if (!has && matched &&
		(rsa || same_key(this, local, remote, profile, matched)))
	{
		ends.profile = matched;
	}
	/* charon takes the one for the mode that the peer started */
	list->insert_last(list, create_answer(this, &ends, FALSE));
	if (set_aggressive(this, &ends, has ? profile : NULL, id) ||
		set_aggressive(this, &ends, matched, id))
	{
		list->insert_last(list, create_answer(this, &ends, TRUE));
	}
	free(matched);
	return list;
}

METHOD(backend_t, create_peer_cfg_enumerator, enumerator_t*,
	private_kernel_cryptomap_peers_t *this, identification_t *me,
	identification_t *other)
{
	kernel_cryptomap_methods_t *methods = this->context.methods;
	kernel_cryptomap_ends_t ends;
	certificate_t *cert = NULL;
	linked_list_t *list;
	auth_cfg_t *auth;
	ike_sa_t *ike_sa;
	bool rsa;

	/* keys and entries belong to addresses: of identities only that of the peer
	 * counts, for profiles and aggressive mode */
	ike_sa = charon->bus->get_sa(charon->bus);
	if (!ike_sa || ike_sa->get_version(ike_sa) != IKEV1)
	{
		return enumerator_create_empty();
	}
	ends.local = ike_sa->get_my_host(ike_sa);
	ends.remote = ike_sa->get_other_host(ike_sa);
	ends.profile = find_profile(this, ends.local, ends.remote);
	if (!ends.profile)
	{
		return enumerator_create_empty();
	}
	rsa = methods->get(methods, ike_sa) == AUTH_RSA;
	if (rsa)
	{
		/* not verified yet: it only chooses what it will be held against */
		auth = ike_sa->get_auth_cfg(ike_sa, FALSE);
		cert = auth->get(auth, AUTH_HELPER_SUBJECT_CERT);
	}
	list = other ?
			create_known_peers(this, ends.local, ends.remote, other, cert, rsa,
							   ends.profile) :
			linked_list_create_with_items(create_answer(this, &ends, FALSE),
										  NULL);
	free(ends.profile);
	return enumerator_create_cleaner(list->create_enumerator(list),
									 destroy_peer_cfgs, list);
}

/**
 * Forget where the keys of an IKE_SA were derived.
 */
static void destroy_keyed(keyed_t *keyed)
{
	keyed->local->destroy(keyed->local);
	keyed->remote->destroy(keyed->remote);
	free(keyed);
}

/**
 * charon follows a peer from message to message, in phase 1, too. The pre-shared
 * key is that of the address that it had when the keys were derived.
 */
METHOD(listener_t, ike_keys, bool,
	private_listener_t *this, ike_sa_t *ike_sa, IKE_KEYS_EXCHANGES *kes,
	chunk_t dh_other, chunk_t nonce_i, chunk_t nonce_r, ike_sa_t *rekey,
	shared_key_t *shared, auth_method_t method)
{
	private_kernel_cryptomap_peers_t *peers = this->peers;
	host_t *local = ike_sa->get_my_host(ike_sa);
	host_t *remote = ike_sa->get_other_host(ike_sa);
	keyed_t *keyed;

	if (ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	INIT(keyed,
		.local = local->clone(local),
		.remote = remote->clone(remote),
	);
	peers->mutex->lock(peers->mutex);
	keyed = peers->keyed->put(peers->keyed, kernel_cryptomap_ike_key(ike_sa),
							  keyed);
	peers->mutex->unlock(peers->mutex);
	if (keyed)
	{
		destroy_keyed(keyed);
	}
	return TRUE;
}

/**
 * Whether all of phase 1 that counts was between the addresses that the IKE_SA is
 * configured for.
 */
static bool has_stayed(private_kernel_cryptomap_peers_t *this, ike_sa_t *ike_sa)
{
	host_t *local = ike_sa->get_my_host(ike_sa);
	host_t *remote = ike_sa->get_other_host(ike_sa);
	keyed_t *keyed;
	bool stayed;

	this->mutex->lock(this->mutex);
	keyed = this->keyed->get(this->keyed, kernel_cryptomap_ike_key(ike_sa));
	stayed = !keyed || (keyed->local->ip_equals(keyed->local, local) &&
						keyed->remote->ip_equals(keyed->remote, remote));
	this->mutex->unlock(this->mutex);
	return stayed && kernel_cryptomap_peer_is_at(ike_sa);
}

/**
 * How a peer authenticated itself by a certificate.
 *
 * @return				what was verified, NULL if it did not
 */
static auth_cfg_t *get_verified(ike_sa_t *ike_sa)
{
	auth_cfg_t *auth, *found = NULL;
	enumerator_t *enumerator;

	enumerator = ike_sa->create_auth_cfg_enumerator(ike_sa, FALSE);
	while (enumerator->enumerate(enumerator, &auth))
	{
		if ((uintptr_t)auth->get(auth, AUTH_RULE_AUTH_CLASS) ==
															AUTH_CLASS_PUBKEY)
		{
			found = auth;
		}
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Whether a certificate is for addresses.
 */
static bool has_addresses(certificate_t *cert)
{
	x509_t *x509 = (x509_t*)cert;
	enumerator_t *enumerator;
	identification_t *id;
	bool has = FALSE;

	enumerator = x509->create_subjectAltName_enumerator(x509);
	while (!has && enumerator->enumerate(enumerator, &id))
	{
		has = id->get_type(id) == ID_IPV4_ADDR ||
			  id->get_type(id) == ID_IPV6_ADDR;
	}
	enumerator->destroy(enumerator);
	return has;
}

/**
 * Whether a peer is what it calls itself: that must be in its certificate, but for the
 * address that it is at, if the certificate is not for addresses.
 */
static bool proves_identity(ike_sa_t *ike_sa, certificate_t *cert)
{
	identification_t *id = ike_sa->get_other_id(ike_sa), *at;
	host_t *remote = ike_sa->get_other_host(ike_sa);
	bool proves;

	/* an identity with wildcards is no name, and what charon compares with the name of
	 * a group is a serial number or a hash */
	if (id->get_type(id) != ID_KEY_ID &&
		cert->has_subject(cert, id) == ID_MATCH_PERFECT)
	{
		return TRUE;
	}
	at = identification_create_from_sockaddr(remote->get_sockaddr(remote));
	proves = id->equals(id, at) && !has_addresses(cert);
	at->destroy(at);
	return proves;
}

/**
 * Why a peer with a verified certificate is not who it is to be, NULL if it is. A
 * certificate map of its profile is enough; else its identity must be true.
 */
static const char *judge_certificate(private_kernel_cryptomap_peers_t *this,
									 ike_sa_t *ike_sa, auth_cfg_t *auth,
									 char *profile)
{
	kernel_cryptomap_config_t *config = this->config;
	host_t *local = ike_sa->get_my_host(ike_sa);
	certificate_t *cert = auth->get(auth, AUTH_RULE_SUBJECT_CERT);

	if (!cert || cert->get_type(cert) != CERT_X509)
	{
		return "it has no certificate";
	}
	if (!config->is_checked(config, profile, auth))
	{
		return "it can't be checked that its certificate is not revoked";
	}
	if (*profile && config->has_peer(config, profile, local, NULL, cert))
	{
		return NULL;
	}
	if (!proves_identity(ike_sa, cert))
	{
		return "what it calls itself is not in its certificate";
	}
	return NULL;
}

METHOD(listener_t, authorize, bool,
	private_listener_t *this, ike_sa_t *ike_sa, bool final, bool *success)
{
	kernel_cryptomap_config_t *config = this->peers->config;
	identification_t *id = ike_sa->get_other_id(ike_sa);
	char *profile = kernel_cryptomap_peer_profile(ike_sa);
	auth_cfg_t *auth = get_verified(ike_sa);
	certificate_t *cert = NULL;
	const char *reason;

	/* nothing of IKEv2 is this plugin's */
	if (ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	if (!has_stayed(this->peers, ike_sa))
	{
		DBG1(DBG_CFG, "peer %H is refused: phase 1 began with another address",
			 ike_sa->get_other_host(ike_sa));
		*success = FALSE;
		return TRUE;
	}
	if (auth)
	{
		cert = auth->get(auth, AUTH_RULE_SUBJECT_CERT);
		reason = judge_certificate(this->peers, ike_sa, auth, profile);
		if (reason)
		{
			DBG1(DBG_CFG, "peer %H, '%Y', is refused: %s",
				 ike_sa->get_other_host(ike_sa), id, reason);
			*success = FALSE;
			return TRUE;
		}
	}
	if (*profile && !config->has_peer(config, profile,
									  ike_sa->get_my_host(ike_sa), id, cert))
	{
		tell_stranger(ike_sa->get_other_host(ike_sa), id, profile);
		*success = FALSE;
	}
	return TRUE;
}

METHOD(listener_t, ike_state_change, bool,
	private_listener_t *this, ike_sa_t *ike_sa, ike_sa_state_t state)
{
	private_kernel_cryptomap_peers_t *peers = this->peers;
	keyed_t *keyed;

	if (state == IKE_ESTABLISHED || state == IKE_DESTROYING)
	{
		peers->mutex->lock(peers->mutex);
		keyed = peers->keyed->remove(peers->keyed,
									 kernel_cryptomap_ike_key(ike_sa));
		peers->mutex->unlock(peers->mutex);
		if (keyed)
		{
			destroy_keyed(keyed);
		}
	}
	return TRUE;
}

METHOD(kernel_cryptomap_peers_t, destroy, void,
	private_kernel_cryptomap_peers_t *this)
{
	enumerator_t *enumerator;
	keyed_t *keyed;

	enumerator = this->keyed->create_enumerator(this->keyed);
	while (enumerator->enumerate(enumerator, NULL, &keyed))
	{
		destroy_keyed(keyed);
	}
	enumerator->destroy(enumerator);
	this->keyed->destroy(this->keyed);
	this->strangers->destroy(this->strangers);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_peers_t *kernel_cryptomap_peers_create(
									kernel_cryptomap_names_t *names,
									kernel_cryptomap_halfopen_t *halfopen,
									kernel_cryptomap_peer_context_t *context)
{
	private_kernel_cryptomap_peers_t *this;

	INIT(this,
		.public = {
			.backend = {
				.create_ike_cfg_enumerator = _create_ike_cfg_enumerator,
				.create_peer_cfg_enumerator = _create_peer_cfg_enumerator,
				.get_peer_cfg_by_name = (void*)return_null,
			},
			.create_peer_cfg = _create_peer_cfg,
			.get_profile = _get_profile,
			.destroy = _destroy,
		},
		.listener = {
			.public = {
				.authorize = _authorize,
				.ike_keys = _ike_keys,
				.ike_state_change = _ike_state_change,
			},
		},
		.names = names,
		.config = context->config,
		.context = *context,
		.halfopen = halfopen,
		.strangers = kernel_cryptomap_recent_create(STRANGER_TIME),
		.keyed = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr, 32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	this->listener.peers = this;
	this->public.listener = &this->listener.public;
	return &this->public;
}
