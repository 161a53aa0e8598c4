/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Differences between strongSwan series. STRONGSWAN_VERSION is the version of
 * the headers as major * 10000 + minor * 100 + patch, set by the Makefile.
 */
#ifndef COMPAT_H_
#define COMPAT_H_

#include <plugins/plugin.h>

#if STRONGSWAN_VERSION < 50908 || STRONGSWAN_VERSION >= 60000
# error "this plugin is written for strongSwan 5.9.8 and later 5.9"
#endif

/**
 * A symbol of libcharon that 5.9 exports and 6.0 does not: there is no other
 * check of versions between charon and its plugins before 6.0.3.
 */
#define LIBCHARON_SERIES_SYMBOL "task_manager_total_retransmit_timeout"
#define LIBCHARON_SERIES "5.9"

/** The constructor of a plugin; from 6.0.3 on it also tells a version */
#ifndef PLUGIN_DEFINE
# define PLUGIN_DEFINE(name) plugin_t *name##_plugin_create()
#endif

#endif /** COMPAT_H_ */
