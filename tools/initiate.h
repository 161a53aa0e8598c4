/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test crypto map, for tests without a kernel.
 */
#ifndef CRYPTOMAP_INITIATE_H
#define CRYPTOMAP_INITIATE_H

#include "cli.h"

/** enum outcome - what came of a flow */
enum outcome {
	OUTCOME_UP,
	OUTCOME_WAS_UP,
	OUTCOME_FAILED,
	OUTCOME_PER_HOST,	/* only packets say which hosts SAs are for */
	OUTCOME_LATE,
	OUTCOME_NOT_ASKED,	/* a negotiation has just failed */
	OUTCOME_INTERRUPTED,
};

/**
 * struct initiation - what is asked for, and what came of it
 * @out:    where it is told as it comes; NULL for JSON, at the end
 * @json:   the list of what came, for JSON
 * @flows:  flows of the entry
 * @by_id:  the same, in the order of their ids
 * @asked:  of each, whether the daemon was asked
 * @done:   of each, whether its result was told
 * @left:   how many are not done
 * @failed: how many did not come up
 */
struct initiation {
	FILE *out;
	json_t *json;
	struct flows flows;
	const struct flow **by_id;
	bool *asked, *done;
	size_t left, failed;
};

/** initiate_begin() - look at @flows. Return: false after saying that memory is exhausted */
bool initiate_begin(struct initiation *in);
/** initiate_free() - what initiate_begin() made, and the flows */
void initiate_free(struct initiation *in);

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
/** initiate_denies_json() - the same as a list */
json_t *initiate_denies_json(const struct ios_config *cfg, const char *map,
			     const struct ios_entry *entry);
/** initiate_end() - tell what became of a flow, once; @reason: why it failed */
void initiate_end(struct initiation *in, size_t i, enum outcome outcome, const char *reason);
/** initiate_event() - a notification; @data: struct initiation */
int initiate_event(const struct nlmsghdr *nlh, void *data);

#endif
