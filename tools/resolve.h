/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CRYPTOMAP_RESOLVE_H
#define CRYPTOMAP_RESOLVE_H

#include "ios/ios.h"

/**
 * resolve_peers() - give peers their addresses whose names are not dynamic
 * @cfg: a model; those that cannot be resolved become errors of it
 *
 * As on IOS that is done once, as the peer is configured, and the first address of the
 * family counts. It takes as long as the resolver does.
 *
 * Return: 0 or -1 (no memory)
 */
int resolve_peers(struct ios_config *cfg);

#endif
