/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A transaction of the kernel module: begun on a socket, filled by batches,
 * tried and committed. It ends with its socket.
 *
 * Each returns 0, or a negative errno after saying why.
 */
#ifndef CRYPTOMAP_TRANSACTION_H
#define CRYPTOMAP_TRANSACTION_H

#include <jansson.h>
#include <stdio.h>

#include "kernel.h"

/** struct change - what a commit does, in numbers */
struct change {
	uint32_t flows_kept, flows_added, flows_removed;
	uint32_t sas_removed;		/* of removed flows, and of those that stay */
};

/**
 * struct planned - one thing that a commit would do
 *
 * Of the rest those count that tell what @object is about.
 */
struct planned {
	enum crypto_map_change_object object;
	enum crypto_map_change_action action;
	char name[IOS_NAME_MAX + 1];	/* of a flow, an entry or an interface the map */
	uint16_t family;		/* of an access list */
	uint16_t seq;			/* of an entry, or a flow's */
	char ifname[16];
	char label[IOS_NAME_MAX + 1];	/* of the interface of a flow */
	uint32_t flow_id;
	char acl[IOS_NAME_MAX + 1];
	uint32_t ace_seq;
	struct selector selector;
	uint32_t spi;
	enum crypto_map_sa_dir dir;
	struct ios_addr local, remote;
	enum crypto_map_removal why;	/* of a flow or an SA */
};

/** struct plan - all of it, SAs after their flow; free @v with free() */
struct plan {
	struct planned *v;
	size_t n;
};

/**
 * transaction_begin() - start from nothing
 * @generation: set to the configuration in force, of which the others want to know
 *              that it still is
 */
int transaction_begin(struct nl *nl, uint64_t *generation);
/** transaction_begin_change() - start from the configuration in force */
int transaction_begin_change(struct nl *nl, uint64_t *generation);
/**
 * transaction_begin_fallback() - start from the configuration in force, to fall back to
 *
 * transaction_fall_back() makes it the configuration again, whatever is in force then,
 * and so does closing the socket. transaction_begin() on it forgets it.
 */
int transaction_begin_fallback(struct nl *nl);
int transaction_fall_back(struct nl *nl);
/** transaction_try() - what a commit would do */
int transaction_try(struct nl *nl, uint64_t generation, struct change *change);
/** transaction_plan() - the same in detail, after transaction_try() */
int transaction_plan(struct nl *nl, struct plan *plan);
/** transaction_commit() - make it the configuration; @generation becomes that of it */
int transaction_commit(struct nl *nl, uint64_t *generation);

/**
 * print_plan() - what load --dry-run says
 * @phase1: ISAKMP policies, settings or keys would change
 */
void print_plan(FILE *f, const struct plan *plan, const struct change *change, bool phase1);
/** json_plan() - the same as JSON */
json_t *json_plan(const struct plan *plan, const struct change *change, bool phase1);

#endif
