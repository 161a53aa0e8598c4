// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Host names in a configuration.
 */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ios/list.h"
#include "ios/model.h"
#include "resolve.h"

/* How long an answer is waited for, in seconds. */
#define PATIENCE 10

/*
 * struct answer - what the resolver said
 * @name:  of this name
 * @err:   why it has no address, as of getaddrinfo(), or 0
 * @found: for freeaddrinfo()
 */
struct answer {
	struct answer *next, *prev;
	char *name;
	int err;
	struct addrinfo *found;
};

static struct answer *answers;
/* it did not answer in time, and is not asked again */
static bool silent;

/* What a thread of the C library works on, which it may do after nobody waits any more. */
struct question {
	struct gaicb request;
	struct addrinfo hints;
	char name[IOS_HOST_MAX + 1];
};

/* Waits for an answer, however many signals come. Return: as of gai_error() */
static int await(struct gaicb *request)
{
	const struct gaicb *list[1] = { request };
	struct timespec now, left = { 0 };
	time_t end;

	clock_gettime(CLOCK_MONOTONIC, &now);
	for (end = now.tv_sec + PATIENCE; now.tv_sec < end; clock_gettime(CLOCK_MONOTONIC, &now)) {
		left.tv_sec = end - now.tv_sec;
		if (gai_suspend(list, 1, &left) != EAI_INTR)
			break;
	}
	return gai_error(request);
}

/* Return: 0, or why not as of getaddrinfo() */
static int ask(const char *name, struct addrinfo **found)
{
	struct question *q = calloc(1, sizeof(*q));
	struct gaicb *list[1] = { q ? &q->request : NULL };
	int err;

	if (!q)
		return EAI_MEMORY;
	snprintf(q->name, sizeof(q->name), "%s", name);
	q->hints.ai_socktype = SOCK_DGRAM;
	q->request.ar_name = q->name;
	q->request.ar_request = &q->hints;
	err = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL);
	if (!err)
		err = await(&q->request);
	if (err == EAI_INPROGRESS) {
		silent = true;
		err = EAI_AGAIN;
		if (gai_cancel(&q->request) == EAI_NOTCANCELED)
			return err;
	}
	*found = q->request.ar_result;
	free(q);
	return err;
}

/* The answer about a name, which is asked for if it was not before; NULL when memory is exhausted. */
static const struct answer *answer(const char *name)
{
	struct answer *a;

	for (a = answers; a; a = a->next)
		if (!strcmp(a->name, name))
			return a;
	a = calloc(1, sizeof(*a));
	if (a)
		a->name = strdup(name);
	if (!a || !a->name) {
		free(a);
		return NULL;
	}
	a->err = silent ? EAI_AGAIN : ask(name, &a->found);
	ios_list_push(&answers, a);
	return a;
}

void resolve_forget(void)
{
	struct answer *a;

	silent = false;
	while ((a = ios_list_pop(&answers))) {
		if (a->found)
			freeaddrinfo(a->found);
		free(a->name);
		free(a);
	}
}

/* Return: whether it is an address that one host can have. */
static bool host_addr(const struct addrinfo *f, struct ios_addr *addr)
{
	*addr = (struct ios_addr){ .family = f->ai_family };
	if (f->ai_family == AF_INET)
		addr->v4 = ((const struct sockaddr_in *)f->ai_addr)->sin_addr;
	else if (f->ai_family == AF_INET6)
		addr->v6 = ((const struct sockaddr_in6 *)f->ai_addr)->sin6_addr;
	else
		return false;
	return ios_addr_unicast(addr);
}

int resolve_name(const char *name, struct ios_addr addrs[RESOLVE_MAX], size_t *n)
{
	const struct answer *known = answer(name);
	const struct addrinfo *f;

	*n = 0;
	if (!known || known->err)
		return known ? known->err : EAI_MEMORY;
	for (f = known->found; f && *n < RESOLVE_MAX; f = f->ai_next)
		*n += host_addr(f, &addrs[*n]);
	return *n ? 0 : EAI_NONAME;
}

/* The first address of its family that a peer can have. Return: 0, or why not as of getaddrinfo(). */
static int resolve(const char *name, struct ios_addr *addr)
{
	struct ios_addr addrs[RESOLVE_MAX];
	size_t n, i;
	int err = resolve_name(name, addrs, &n);

	if (err)
		return err;
	for (i = 0; i < n && addrs[i].family != addr->family; i++)
		;
	if (i == n)
		return EAI_NONAME;
	*addr = addrs[i];
	return 0;
}

/* Two names, or a name and an address, may be one peer: the first counts. */
static void drop_same(struct ios_entry *entry)
{
	size_t i, j, kept = 0;

	for (i = 0; i < entry->n_peers; i++) {
		for (j = 0; j < kept && !ios_peer_same(&entry->peers[j], &entry->peers[i]); j++)
			;
		if (j == kept)
			entry->peers[kept++] = entry->peers[i];
		else
			free(entry->peers[i].name);
	}
	entry->n_peers = kept;
}

/*
 * A name that has no address now stays one that has it when a tunnel is to be set up: a load at
 * boot, before the network is there, must not fail, as all would pass in clear.
 *
 * Return: 0 or -1.
 */
static int leave(struct ios_config *cfg, const struct ios_entry *entry, struct ios_peer *peer, int why)
{
	if (entry->kind == IOS_KIND_MANUAL)
		return ios_diag(cfg, IOS_ERROR, peer->line, "peer %s cannot be resolved (%s)",
				peer->name, gai_strerror(why));
	peer->dynamic = true;
	return ios_diag(cfg, IOS_WARNING, peer->line,
			"peer %s cannot be resolved (%s): it is dynamic, resolved when a tunnel is to be set up",
			peer->name, gai_strerror(why));
}

/* Return: 0 or -1 */
static int resolve_entry(struct ios_config *cfg, const struct ios_map *map, struct ios_entry *entry)
{
	struct ios_peer *peer;
	int err;

	for (peer = entry->peers; peer < entry->peers + entry->n_peers; peer++) {
		struct ios_addr addr = { .family = ios_entry_family(map, entry) };

		if (!peer->name || peer->dynamic)
			continue;
		err = resolve(peer->name, &addr);
		if (!err)
			ios_peer_resolved(peer, &addr);
		else if (leave(cfg, entry, peer, err))
			return -1;
	}
	drop_same(entry);
	return 0;
}

static int resolve_maps(struct ios_config *cfg, const struct ios_map *map)
{
	struct ios_entry *entry;
	int ret = 0;

	for (; map && !ret; map = map->next)
		for (entry = map->entries; entry && !ret; entry = entry->next)
			ret = resolve_entry(cfg, map, entry);
	return ret;
}

int resolve_peers(struct ios_config *cfg)
{
	int ret;

	/* back to the order in which they came, which ios_diags_finish() starts from */
	ios_list_reverse(&cfg->diags);
	ret = resolve_maps(cfg, cfg->dynamics);
	if (!ret)
		ret = resolve_maps(cfg, cfg->maps);
	ios_diags_finish(cfg);
	return ret;
}
