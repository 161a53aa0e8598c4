/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A configuration on trial: loaded with --confirm-within, it is rolled back unless it
 * is confirmed in time.
 *
 * A process of its own waits, one in each network namespace. It holds a transaction of
 * the kernel module that falls back to the configuration of before, with its manual
 * keys, and the phase-1 text of before. However it ends without having been told that
 * the trial is over, the kernel falls back. Others talk to it over a socket, one
 * request and one answer a connection.
 */
#ifndef CRYPTOMAP_TRIAL_H
#define CRYPTOMAP_TRIAL_H

#include <stdbool.h>
#include <sys/types.h>

struct ios_config;

/* how long a trial may take, in seconds */
#define TRIAL_MIN 10
#define TRIAL_MAX 86400

/** struct trial - the waiting process as seen from the load that starts it */
struct trial {
	int told;	/* what it is told by; -1 when there is none */
};

/** fork_orphan() - fork a process that init reaps. Return: 0 in it, else as fork() but no process */
pid_t fork_orphan(void);

/**
 * trial_start() - remember the configuration in force, in a waiting process
 * @seconds: how long it waits, from trial_settle() on
 * @lock:    lock of loads, which the process gives back
 * @cfg:     model of this process, which the waiting one wipes
 *
 * Return: 0 or -1 after saying why.
 */
int trial_start(struct trial *trial, unsigned int seconds, int lock, struct ios_config *cfg);

/**
 * trial_settle() - tell it whether there is another configuration in force now
 * @loaded: if not, it ends
 *
 * Return: 0, or -ENOENT when it is gone.
 */
int trial_settle(struct trial *trial, bool loaded);

/** struct trial_state - a trial under way */
struct trial_state {
	unsigned int left;	/* seconds until it is rolled back; 0 when that is under way */
	unsigned int within;	/* seconds that were given */
};

/** trial_state() - Return: 0; -ENOENT when there is none; another negative errno, said */
int trial_state(struct trial_state *state);
/** trial_extend() - give so many seconds from now on. Return: as trial_state() */
int trial_extend(unsigned int seconds);

/** trial_parse() - seconds of a time such as 90s, 5m or 2h. Return: 0 when it is none */
unsigned int trial_parse(const char *text);

#endif
