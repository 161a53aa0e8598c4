/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Differences between strongSwan releases. STRONGSWAN_VERSION is the version of
 * the headers as major * 10000 + minor * 100 + patch, set by the Makefile.
 */
#ifndef COMPAT_H_
#define COMPAT_H_

#include <collections/array.h>
#include <crypto/key_exchange.h>
#include <config/peer_cfg.h>
#include <plugins/plugin.h>

/*
 * Between releases methods come and go in the middle of structures, which the
 * compiler does not notice: only those that were looked at are allowed.
 */
#if STRONGSWAN_VERSION != 50908 && STRONGSWAN_VERSION != 60001
# error "this plugin is written for strongSwan 5.9.8 and 6.0.1"
#endif

/**
 * Symbols that libraries of this release export, and that those of others don't:
 * there is no check of versions between charon and its plugins before 6.0.3.
 * 5.9.9 exports what 5.9.8 does, and 6.0.0 what 6.0.1 does; their structures
 * are the same, too.
 */
#if STRONGSWAN_VERSION == 50908
# define STRONGSWAN_RELEASE "5.9.8"
# define SYMBOL_OF_THIS "ike_establish_create"	/* from 5.9.8 on */
# define SYMBOL_OF_LATER "enum_add_enum_names"	/* from 5.9.10 on */
#else
# define STRONGSWAN_RELEASE "6.0.1"
# define SYMBOL_OF_THIS "key_exchange_concat_secrets"	/* from 6.0.0 on */
# define SYMBOL_OF_LATER "child_cfg_select_ts"	/* from 6.0.2 on */
#endif

/** What the ike_keys() hook is told of the key exchanges; 6.0 has several */
#if STRONGSWAN_VERSION == 50908
# define IKE_KEYS_EXCHANGES key_exchange_t
#else
# define IKE_KEYS_EXCHANGES array_t
#endif

/** A method of peer_cfg_t that 6.0 added, for IKEv2 only */
#if STRONGSWAN_VERSION == 50908
# define PEER_CFG_OCSP
#else
static inline ocsp_policy_t peer_cfg_no_ocsp(peer_cfg_t *this)
{
	return OCSP_SEND_NEVER;
}
# define PEER_CFG_OCSP .get_ocsp_policy = peer_cfg_no_ocsp,
#endif

/** The constructor of a plugin; from 6.0.3 on it also tells a version */
#ifndef PLUGIN_DEFINE
# define PLUGIN_DEFINE(name) plugin_t *name##_plugin_create()
#endif

#endif /** COMPAT_H_ */
