/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CRYPTOMAP_RESOLVE_H
#define CRYPTOMAP_RESOLVE_H

#include "ios/ios.h"

/**
 * resolve_peers() - give peers their addresses whose names are not dynamic
 * @cfg: a model; it gets a warning of each that cannot be resolved, which is dynamic then, and
 *       an error where it cannot be, of keys by hand
 *
 * As on IOS that is done once, as the peer is configured, and the first address of the
 * family that a host can have counts. An answer is waited for ten seconds at most; the first
 * name that there is none for is the last one that is asked for. Answers are known until
 * resolve_forget().
 *
 * Return: 0 or -1 (no memory)
 */
int resolve_peers(struct ios_config *cfg);

/** RESOLVE_MAX - addresses of one host name; others of it do not count */
#define RESOLVE_MAX 64

/**
 * resolve_name() - the addresses, of both families, that the host of a name can have
 * @n: receives how many, 0 on an error
 *
 * Return: 0, or why there is none as of getaddrinfo()
 */
int resolve_name(const char *name, struct ios_addr addrs[RESOLVE_MAX], size_t *n);

/** resolve_forget() - forget all answers, so that the next name is asked for again */
void resolve_forget(void);

#endif
