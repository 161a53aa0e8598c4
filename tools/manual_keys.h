/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of set session-key, which the kernel module never gives back.
 *
 * Those that this process had in its hands it keeps, and others are in the file that is loaded
 * at boot. Neither need be those in force, since another load may have come: a transaction,
 * tried and not made, tells which of them would change nothing.
 */
#ifndef CRYPTOMAP_MANUAL_KEYS_H
#define CRYPTOMAP_MANUAL_KEYS_H

#include <stdbool.h>
#include <stdio.h>

#include "ios/ios.h"

/** manual_keys_keep() - keep those of a model, in the place of older ones, until manual_keys_forget() */
void manual_keys_keep(const struct ios_config *cfg);
void manual_keys_forget(void);

/**
 * manual_keys_restore() - put hidden keys back that are known to be those in force
 * @cfg: the running configuration
 *
 * Context: under the lock of loads.
 * Return: 0, also when some stay hidden; -1 after saying why.
 */
int manual_keys_restore(struct ios_config *cfg);

/**
 * manual_keys_hide() - put what stands for unknown ones in the place of hidden keys
 * @cfg: the running configuration
 *
 * Their entries are whole then. It is random, so that it is no other key.
 *
 * Return: 0, or -1 without random numbers.
 */
int manual_keys_hide(struct ios_config *cfg);

/**
 * manual_keys_known() - whether all keys of a model are known
 * @out: where each entry is told whose keys are not
 */
bool manual_keys_known(const struct ios_config *cfg, FILE *out);

/**
 * manual_keys_stay() - whether all entries stay as they are whose keys are not known
 * @out: where the first one is told that does not
 */
bool manual_keys_stay(const struct ios_config *old, const struct ios_config *new, FILE *out);

#endif
