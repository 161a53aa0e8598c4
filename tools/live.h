/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands that go on until they are interrupted.
 */
#ifndef CRYPTOMAP_LIVE_H
#define CRYPTOMAP_LIVE_H

#include <signal.h>
#include <stdbool.h>

/** struct live - @mask: signals that were blocked before; @fd: where SIGINT and SIGTERM come */
struct live {
	sigset_t mask;
	int fd;
};

/**
 * live_begin() - from now on SIGINT and SIGTERM end live_wait(), not the process
 *
 * Return: whether that can be done; if not, after saying why.
 */
bool live_begin(struct live *live);
/** live_end() - no longer */
void live_end(const struct live *live);
/**
 * live_poll() - wait until there is something to read, or the time is over
 * @ms: how long, -1 for no end
 *
 * Return: 1, 0 when the time is over, -1 after an interruption.
 */
int live_poll(const struct live *live, int fd, int ms);
/**
 * live_wait() - wait until there is something to read
 *
 * Return: whether there is; false after an interruption.
 */
bool live_wait(const struct live *live, int fd);

#endif
