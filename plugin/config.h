/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What strongSwan's headers want to know of the system, for glibc on Linux.
 * Packages of strongSwan ship no headers and no config.h. Of the defines
 * that change the layout of structures only ME matters; the Makefile sets it
 * as the installed libcharon was built.
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

#endif /** CONFIG_H_INCLUDED */
