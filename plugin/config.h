/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What strongSwan's headers want to know of the system, for glibc on Linux.
 * Packages of strongSwan ship no headers and no config.h. Of the defines
 * that change the layout of structures only ME matters; the Makefile sets it
 * as the installed libcharon was built. All files have this first.
 */
#ifndef CONFIG_H_INCLUDED
#define CONFIG_H_INCLUDED

#define HAVE_ALLOCA_H 1
#define HAVE_CLOCK_GETTIME 1
#define HAVE_CONDATTR_CLOCK_MONOTONIC 1
#define HAVE_EXPLICIT_BZERO 1
#define HAVE_FMEMOPEN 1
#define HAVE_GETTID 1
#define HAVE_MEMRCHR 1
#define HAVE_SIGWAITINFO 1
#define HAVE_CLOSEFROM 1
#define HAVE_STDBOOL_H 1
#define HAVE_SYS_PARAM_H 1

/*
 * A charon without IKEv1 has none of these. Weak, in whatever file uses them, they don't keep
 * it from loading the plugin, which says then what is missing, where the linker would not.
 */
#pragma weak adopt_children_job_create
#pragma weak informational_create
#pragma weak isakmp_delete_create
#pragma weak quick_delete_create
#pragma weak quick_mode_create

#endif /** CONFIG_H_INCLUDED */
