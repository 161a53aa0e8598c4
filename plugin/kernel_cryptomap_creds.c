/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_creds.h"

#include "compat.h"

#include <daemon.h>

typedef struct private_kernel_cryptomap_creds_t private_kernel_cryptomap_creds_t;

struct private_kernel_cryptomap_creds_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_creds_t public;

	/**
	 * Phase 1 configuration.
	 */
	kernel_cryptomap_config_t *config;

	/**
	 * Knows the ISAKMP profiles of peers.
	 */
	kernel_cryptomap_peers_t *peers;
};

/**
 * Enumerator over one key.
 */
typedef struct {

	/**
	 * Public interface.
	 */
	enumerator_t public;

	/**
	 * The key.
	 */
	shared_key_t *key;

	/**
	 * The key was enumerated.
	 */
	bool done;
} key_enumerator_t;

METHOD(enumerator_t, enumerate_key, bool,
	key_enumerator_t *this, va_list args)
{
	id_match_t *me, *other;
	shared_key_t **key;

	VA_ARGS_VGET(args, key, me, other);
	if (this->done)
	{
		return FALSE;
	}
	this->done = TRUE;
	*key = this->key;
	if (me)
	{
		*me = ID_MATCH_PERFECT;
	}
	if (other)
	{
		*other = ID_MATCH_PERFECT;
	}
	return TRUE;
}

METHOD(enumerator_t, destroy_enumerator, void,
	key_enumerator_t *this)
{
	this->key->destroy(this->key);
	free(this);
}

METHOD(credential_set_t, create_shared_enumerator, enumerator_t*,
	private_kernel_cryptomap_creds_t *this, shared_key_type_t type,
	identification_t *me, identification_t *other)
{
	kernel_cryptomap_ends_t ends;
	key_enumerator_t *enumerator;
	shared_key_t *key = NULL;
	peer_cfg_t *peer_cfg;
	ike_sa_t *ike_sa;
	bool aggressive;

	/* in main mode keys belong to the address a peer is seen at, whatever it
	 * calls itself */
	ike_sa = charon->bus->get_sa(charon->bus);
	if (type == SHARED_IKE && ike_sa &&
		ike_sa->get_version(ike_sa) == IKEV1)
	{
		peer_cfg = ike_sa->get_peer_cfg(ike_sa);
		aggressive = peer_cfg && peer_cfg_is_aggressive(peer_cfg);
		/* who answers does not choose a key by the name it tells */
		if (ike_sa->get_id(ike_sa)->is_initiator(ike_sa->get_id(ike_sa)))
		{
			other = NULL;
		}
		/* of the peer that is meant, not of who answers */
		kernel_cryptomap_peer_hosts(ike_sa, &ends.local, &ends.remote);
		ends.profile = this->peers->get_profile(this->peers, ike_sa);
		if (ends.profile)
		{
			key = this->config->get_psk(this->config, &ends, aggressive, other);
			free(ends.profile);
		}
	}
	if (!key)
	{
		return NULL;
	}
	INIT(enumerator,
		.public = {
			.enumerate = enumerator_enumerate_default,
			.venumerate = _enumerate_key,
			.destroy = _destroy_enumerator,
		},
		.key = key,
	);
	return &enumerator->public;
}

/**
 * Certificates of an IKE_SA for an identity: those of this side whatever names are in
 * them, since IOS's identity is an address, and the one that the peer sent, whose
 * names are judged once it is verified.
 *
 * @return				certificates, certificate_t
 */
static linked_list_t *find_certs(ike_sa_t *ike_sa, identification_t *id)
{
	identification_t *other = ike_sa->get_other_id(ike_sa);
	linked_list_t *certs;
	enumerator_t *enumerator;
	auth_cfg_t *auth;
	auth_rule_t rule;
	certificate_t *cert;

	certs = linked_list_create();
	auth = kernel_cryptomap_peer_local_rsa(ike_sa);
	if (auth && id->equals(id, auth->get(auth, AUTH_RULE_IDENTITY)))
	{
		enumerator = auth->create_enumerator(auth);
		while (enumerator->enumerate(enumerator, &rule, &cert))
		{
			if (rule == AUTH_RULE_SUBJECT_CERT)
			{
				certs->insert_last(certs, cert->get_ref(cert));
			}
		}
		enumerator->destroy(enumerator);
	}
	auth = ike_sa->get_auth_cfg(ike_sa, FALSE);
	cert = other && id->equals(id, other) ?
				auth->get(auth, AUTH_HELPER_SUBJECT_CERT) : NULL;
	if (cert)
	{
		certs->insert_last(certs, cert->get_ref(cert));
	}
	return certs;
}

/**
 * Destroy the certificates of an enumerator.
 */
CALLBACK(destroy_certs, void,
	linked_list_t *certs)
{
	certs->destroy_offset(certs, offsetof(certificate_t, destroy));
}

METHOD(credential_set_t, create_cert_enumerator, enumerator_t*,
	private_kernel_cryptomap_creds_t *this, certificate_type_t cert,
	key_type_t key, identification_t *id, bool trusted)
{
	linked_list_t *certs;
	ike_sa_t *ike_sa;

	/* none of these is trusted by itself */
	ike_sa = charon->bus->get_sa(charon->bus);
	if (!ike_sa || ike_sa->get_version(ike_sa) != IKEV1 || trusted || !id ||
		(cert != CERT_ANY && cert != CERT_X509) ||
		(key != KEY_ANY && key != KEY_RSA))
	{
		return NULL;
	}
	certs = find_certs(ike_sa, id);
	return enumerator_create_cleaner(certs->create_enumerator(certs),
									 destroy_certs, certs);
}

METHOD(kernel_cryptomap_creds_t, destroy, void,
	private_kernel_cryptomap_creds_t *this)
{
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_creds_t *kernel_cryptomap_creds_create(
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_peers_t *peers)
{
	private_kernel_cryptomap_creds_t *this;

	INIT(this,
		.public = {
			.set = {
				.create_private_enumerator = (void*)return_null,
				.create_cert_enumerator = _create_cert_enumerator,
				.create_shared_enumerator = _create_shared_enumerator,
				.create_cdp_enumerator = (void*)return_null,
				.cache_cert = (void*)nop,
			},
			.destroy = _destroy,
		},
		.config = config,
		.peers = peers,
	);
	return &this->public;
}
