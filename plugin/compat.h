/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Differences between strongSwan releases. STRONGSWAN_VERSION is the version of
 * the headers as major * 10000 + minor * 100 + patch, VERSION as it is written, both
 * set by the Makefile.
 */
#ifndef COMPAT_H_
#define COMPAT_H_

#include "kernel_cryptomap_peer.h"

#include <dlfcn.h>

#include <collections/array.h>
#include <crypto/key_exchange.h>
#include <config/child_cfg.h>
#include <config/peer_cfg.h>
#include <plugins/plugin.h>
#include <sa/child_sa.h>

/*
 * Between releases methods come and go in the middle of structures, which the
 * compiler does not notice: only those that were looked at are allowed.
 */
#if STRONGSWAN_VERSION != 50908 && STRONGSWAN_VERSION != 60001 && \
	STRONGSWAN_VERSION != 60100
# error "this plugin is written for strongSwan 5.9.8, 6.0.1 and 6.1.0"
#endif

/**
 * Symbols that libraries of this release export, and that those of others don't:
 * there is no check of versions between charon and its plugins before 6.0.3.
 * Later ones refuse a plugin that PLUGIN_DEFINE did not mark as theirs.
 * 5.9.9 exports what 5.9.8 does, and 6.0.0 what 6.0.1 does; their structures
 * are the same, too.
 */
#if STRONGSWAN_VERSION == 50908
# define SYMBOL_OF_THIS "ike_establish_create"	/* from 5.9.8 on */
# define SYMBOL_OF_LATER "enum_add_enum_names"	/* from 5.9.10 on */
#elif STRONGSWAN_VERSION == 60001
# define SYMBOL_OF_THIS "key_exchange_concat_secrets"	/* from 6.0.0 on */
# define SYMBOL_OF_LATER "child_cfg_select_ts"	/* from 6.0.2 on */
#else
# define SYMBOL_OF_THIS "key_exchange_check_pubkey_len"	/* from 6.1.0 on */
#endif

/**
 * Whether the libraries that are loaded are of the release of the headers.
 */
static inline bool is_release_of_headers()
{
#ifdef SYMBOL_OF_LATER
	if (dlsym(RTLD_DEFAULT, SYMBOL_OF_LATER))
	{
		return FALSE;
	}
#endif
	return dlsym(RTLD_DEFAULT, SYMBOL_OF_THIS) != NULL;
}

/** What the ike_keys() hook is told of the key exchanges; 6.0 has several */
#if STRONGSWAN_VERSION < 60000
# define IKE_KEYS_EXCHANGES key_exchange_t
#else
# define IKE_KEYS_EXCHANGES array_t
#endif

/** What 6.0 has to know of a backend whose query_sa() tells the time of use; 5.9 asks it
 * where policies tell none */
#if STRONGSWAN_VERSION < 60000
# define KERNEL_SA_USE_TIME 0
#endif

/** The method by which a quick mode takes the reqid of the CHILD_SA that it rekeys */
#if STRONGSWAN_VERSION < 60000
# define CHILD_SA_REQID get_reqid
#else
# define CHILD_SA_REQID get_reqid_ref
#endif

/**
 * Have the quick modes of a peer take the reqid of a CHILD_SA. 6.0 counts who uses one,
 * and tells none that is configured, as ours are: a quick mode then marks every CHILD_SA of
 * its flow as being rekeyed, not the first one. To count what it does not know does
 * nothing.
 */
static inline void child_sa_tell_reqid(child_sa_t *this)
{
#if STRONGSWAN_VERSION >= 60000
	this->CHILD_SA_REQID = this->get_reqid;
#endif
}

/** A method of peer_cfg_t that 6.0 added, for IKEv2 only */
#if STRONGSWAN_VERSION < 60000
# define PEER_CFG_OCSP
#else
static inline ocsp_policy_t peer_cfg_no_ocsp(peer_cfg_t *this)
{
	return OCSP_SEND_NEVER;
}
# define PEER_CFG_OCSP .get_ocsp_policy = peer_cfg_no_ocsp,
#endif

/**
 * Options of peer_cfg_t: 6.1 has one method for all that had one each before, ours
 * has aggressive mode only.
 */
#if STRONGSWAN_VERSION < 60100
static inline bool peer_cfg_is_aggressive(peer_cfg_t *this)
{
	return this->use_aggressive(this);
}
# define PEER_CFG_OPTIONS \
	.use_mobike = (void*)return_false, \
	.use_aggressive = kernel_cryptomap_peer_is_aggressive, \
	.use_pull_mode = (void*)return_false, \
	.ppk_required = (void*)return_false,
#else
static inline bool peer_cfg_is_aggressive(peer_cfg_t *this)
{
	return this->has_option(this, OPT_IKEV1_AGGRESSIVE);
}
static inline bool peer_cfg_has_option(peer_cfg_t *this,
									   peer_cfg_option_t option)
{
	switch (option)
	{
		case OPT_NO_MOBIKE:
		case OPT_IKEV1_PUSH_MODE:
			return TRUE;
		case OPT_IKEV1_AGGRESSIVE:
			return kernel_cryptomap_peer_is_aggressive(this);
		default:
			return FALSE;
	}
}
# define PEER_CFG_OPTIONS .has_option = peer_cfg_has_option,
#endif

/** The policies of an ike_cfg_t, which 6.1 logs on demand, and others always */
static inline linked_list_t *ike_cfg_proposals(ike_cfg_t *this)
{
#if STRONGSWAN_VERSION < 60100
	return this->get_proposals(this);
#else
	return this->get_proposals(this, FALSE);
#endif
}

/** The last argument of quick_mode_create() that 6.1 added: number of an acquire */
#if STRONGSWAN_VERSION < 60100
# define QUICK_MODE_SEQ
#else
# define QUICK_MODE_SEQ , 0
#endif

/**
 * Proposals and traffic selectors of child_cfg_t: 6.1 has a method to tell the
 * latter and one to choose from a peer's, older releases one for both.
 */
#if STRONGSWAN_VERSION < 60100
# define LOG_PROPOSALS
# define LOG_SELECTORS , bool log
static inline linked_list_t *child_cfg_get_ts(child_cfg_t *this, bool local)
{
	return this->get_traffic_selectors(this, local, NULL, NULL, FALSE);
}
# define CHILD_CFG_SELECTORS .get_traffic_selectors = _select_traffic_selectors,
#else
# define LOG_PROPOSALS , bool log
# define LOG_SELECTORS
static inline linked_list_t *child_cfg_get_ts(child_cfg_t *this, bool local)
{
	return this->get_traffic_selectors(this, local, NULL);
}
static inline linked_list_t *child_cfg_all_ts(child_cfg_t *this, bool local,
											  linked_list_t *hosts)
{
	return this->select_traffic_selectors(this, local, NULL, hosts);
}
# define CHILD_CFG_SELECTORS \
	.get_traffic_selectors = child_cfg_all_ts, \
	.select_traffic_selectors = _select_traffic_selectors,
#endif

/** The constructor of a plugin; from 6.0.3 on it also tells a version */
#ifndef PLUGIN_DEFINE
# define PLUGIN_DEFINE(name) plugin_t *name##_plugin_create()
#endif

#endif /** COMPAT_H_ */
