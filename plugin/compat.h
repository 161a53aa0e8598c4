/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Differences between strongSwan series. STRONGSWAN_VERSION is the version of
 * the headers as major * 10000 + minor * 100 + patch, set by the Makefile.
 */
#ifndef COMPAT_H_
#define COMPAT_H_

#include <collections/array.h>
#include <crypto/key_exchange.h>
#include <config/peer_cfg.h>
#include <plugins/plugin.h>

#if STRONGSWAN_VERSION < 50908 || STRONGSWAN_VERSION >= 60100
# error "this plugin is written for strongSwan 5.9.8 and later, up to 6.0"
#endif

/**
 * A symbol that libcharon of the series exports and of the other one does not:
 * there is no other check of versions between charon and its plugins before
 * 6.0.3.
 */
#if STRONGSWAN_VERSION < 60000
# define LIBCHARON_SERIES_SYMBOL "task_manager_total_retransmit_timeout"
# define LIBCHARON_SERIES "5.9"
#else
# define LIBCHARON_SERIES_SYMBOL "retransmission_timeout_total"
# define LIBCHARON_SERIES "6.0"
#endif

/** What the ike_keys() hook is told of the key exchanges; 6.0 has several */
#if STRONGSWAN_VERSION < 60000
# define IKE_KEYS_EXCHANGES key_exchange_t
#else
# define IKE_KEYS_EXCHANGES array_t
#endif

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

/** The constructor of a plugin; from 6.0.3 on it also tells a version */
#ifndef PLUGIN_DEFINE
# define PLUGIN_DEFINE(name) plugin_t *name##_plugin_create()
#endif

#endif /** COMPAT_H_ */
