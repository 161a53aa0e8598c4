/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test crypto map, for tests without a kernel.
 */
#ifndef CRYPTOMAP_INITIATE_H
#define CRYPTOMAP_INITIATE_H

#include "cli.h"

/**
 * struct initiation - what is asked for, and what came of it
 * @out:    where it is told
 * @flows:  flows of the entry
 * @asked:  of each, whether the daemon was asked
 * @done:   of each, whether its result was told
 * @left:   how many are not done
 * @failed: how many did not come up
 */
struct initiation {
	FILE *out;
	struct flows flows;
	bool *asked, *done;
	size_t left, failed;
};

/**
 * initiate_entry() - the entry that is to be initiated, or whose SAs are to be deleted
 * @up: it is to be initiated
 *
 * Return: NULL after saying why that cannot be done.
 */
const struct ios_entry *initiate_entry(const struct ios_config *cfg, const char *name,
				       uint16_t seq, bool up, FILE *err);
/** initiate_denies() - tell the denies of its access list, which negotiate nothing */
void initiate_denies(FILE *f, const struct ios_config *cfg, const char *map,
		     const struct ios_entry *entry);
/** initiate_end() - tell what became of a flow, once */
void initiate_end(struct initiation *in, size_t i, bool up, const char *result);
/** initiate_event() - a notification; @data: struct initiation */
int initiate_event(const struct nlmsghdr *nlh, void *data);

#endif
