// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test crypto map NAME SEQ up|down: one entry's SAs without a packet.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "clock.h"
#include "initiate.h"
#include "live.h"

/* The kernel module gives an acquire up after 60 seconds. */
#define WAIT_MS 65000
/* After a failure nothing is asked for, ten seconds at most: it is tried again so often. */
#define RETRY_MS 500

/* ------------------------------------------------------------------------- entry */

/* Whether a list permits something. */
static bool permits(const struct ios_acl *acl)
{
	const struct ios_ace *ace;

	for (ace = acl ? acl->aces : NULL; ace; ace = ace->next)
		if (ace->action == IOS_PERMIT)
			return true;
	return false;
}

static bool is_bound(const struct ios_config *cfg, const char *map)
{
	const struct ios_interface *ifc;

	for (ifc = cfg->interfaces; ifc; ifc = ifc->next)
		if (ios_interface_has(ifc, map))
			return true;
	return false;
}

/* Why an entry with what is negotiated for has nothing to negotiate, in a buffer; false for nothing. */
static bool lacks(const struct ios_config *cfg, const struct ios_map *map,
		  const struct ios_entry *entry, char *why, size_t size)
{
	const struct ios_acl *acl = ios_acl_find(cfg, entry->acl, map->family);

	if (!entry->n_peers)
		snprintf(why, size, "it has no peer");
	else if (!*entry->acl)
		snprintf(why, size, "it has no access list");
	else if (!acl)
		snprintf(why, size, "access list %s is not there", entry->acl);
	else if (!permits(acl))
		snprintf(why, size, "access list %s permits nothing", entry->acl);
	else if (!entry->complete)
		snprintf(why, size, "it is not complete");
	else if (!is_bound(cfg, map->name))
		snprintf(why, size, "the crypto map is on no interface");
	else
		return false;
	return true;
}

const struct ios_entry *initiate_entry(const struct ios_config *cfg, const char *name,
				       uint16_t seq, bool up, FILE *err)
{
	const struct ios_map *map = ios_map_find(cfg, name);
	const struct ios_entry *entry = map ? ios_entry_find(cfg, map, seq) : NULL;
	char why[128];

	if (!map && ios_dynamic_find(cfg, name))
		fprintf(err, "cryptomap: %s is a dynamic crypto map: only peers can begin what it is for\n",
			name);
	else if (!map)
		fprintf(err, "cryptomap: there is no crypto map %s\n", name);
	else if (!entry)
		fprintf(err, "cryptomap: crypto map %s has no entry %u\n", name, seq);
	else if (entry->kind == IOS_KIND_MANUAL)
		fprintf(err, "cryptomap: crypto map %s %u: its keys are set by hand, and its SAs are there as long as it is\n",
			name, seq);
	else if (up && entry->kind == IOS_KIND_DYNAMIC)
		fprintf(err, "cryptomap: crypto map %s %u: only peers can begin what they negotiate by dynamic crypto map %s\n",
			name, seq, entry->dynamic);
	else if (up && lacks(cfg, map, entry, why, sizeof(why)))
		fprintf(err, "cryptomap: crypto map %s %u: %s\n", name, seq, why);
	else
		return entry;
	return NULL;
}

void initiate_denies(FILE *f, const struct ios_config *cfg, const char *map,
		     const struct ios_entry *entry)
{
	const struct ios_acl *acl = ios_acl_find(cfg, entry->acl, ios_map_find(cfg, map)->family);
	const struct ios_ace *ace;

	for (ace = acl ? acl->aces : NULL; ace; ace = ace->next)
		if (ace->action == IOS_DENY)
			fprintf(f, "crypto map %s %u, access list %s %u: deny, nothing to negotiate\n", map,
				entry->seq, entry->acl, ace->seq);
}

/* ------------------------------------------------------------------------- flows */

/* The flows of an entry come first, *n of them; those of peers are left out without @dynamic. */
static void keep_flows(struct flows *flows, const char *map, uint16_t seq, bool dynamic)
{
	size_t i, n = 0;

	for (i = 0; i < flows->n; i++)
		if (!strcmp(flows->v[i].map, map) && flows->v[i].entry_seq == seq &&
		    (dynamic || !*flows->v[i].dynamic))
			flows->v[n++] = flows->v[i];
	flows->n = n;
}

void initiate_end(struct initiation *in, size_t i, bool up, const char *result)
{
	const struct flow *flow = &in->flows.v[i];

	if (in->done[i])
		return;
	in->done[i] = true;
	in->left--;
	in->failed += !up;
	fprintf(in->out, "crypto map %s %u, access list %s %u, interface %s, ", flow->map,
		flow->entry_seq, flow->acl, flow->ace_seq, flow->label);
	print_permit(in->out, &flow->selector);
	fprintf(in->out, ": %s\n", result);
	fflush(in->out);
}

int initiate_event(const struct nlmsghdr *nlh, void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[CRYPTO_MAP_A_FLOW_MAX + 1];
	char reason[256], result[300];
	struct initiation *in = data;
	uint32_t id;
	size_t i;

	if (genl->cmd != CRYPTO_MAP_CMD_FLOW_NTF && genl->cmd != CRYPTO_MAP_CMD_FAIL_NTF)
		return 0;
	nl_attrs(nlh, tb, CRYPTO_MAP_A_FLOW_MAX);
	id = nl_u32(tb[CRYPTO_MAP_A_FLOW_ID], 0);
	for (i = 0; i < in->flows.n && in->flows.v[i].id != id; i++)
		;
	if (i == in->flows.n)
		return 0;
	if (genl->cmd == CRYPTO_MAP_CMD_FAIL_NTF) {
		/* one that ended before the own one began is not it */
		if (!in->asked[i])
			return 0;
		nl_string(tb[CRYPTO_MAP_A_FLOW_REASON], reason, sizeof(reason));
		snprintf(result, sizeof(result), "failed: %s", *reason ? reason : "no reason is known");
		initiate_end(in, i, false, result);
	} else if (nl_u32(tb[CRYPTO_MAP_A_FLOW_STATE], CRYPTO_MAP_FLOW_STATE_IDLE) ==
		   CRYPTO_MAP_FLOW_STATE_UP) {
		initiate_end(in, i, true, "up");
	}
	return 0;
}

/* After a loss of events: what is up now. */
static int look_again(struct nl *nl, struct initiation *in)
{
	struct flows now;
	size_t i, j;
	int ret = kernel_flows(nl, &now);

	for (i = 0; !ret && i < in->flows.n; i++)
		for (j = 0; j < now.n; j++)
			if (now.v[j].id == in->flows.v[i].id && now.v[j].state == CRYPTO_MAP_FLOW_STATE_UP)
				initiate_end(in, i, true, "up");
	free(now.v);
	return ret;
}

/* Asks for what was not asked for yet. Return: 0, or a negative errno after saying why */
static int ask(struct nl *nl, struct initiation *in)
{
	char buf[NL_MESSAGE_MAX];
	struct nlmsghdr *nlh;
	size_t i;
	int ret;

	for (i = 0; i < in->flows.n; i++) {
		if (in->done[i] || in->asked[i])
			continue;
		nlh = nl_message(nl, buf, CRYPTO_MAP_CMD_FLOW_INITIATE, 0);
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_FLOW_ID, in->flows.v[i].id);
		ret = nl_request(nl, nlh, NULL, NULL, EAGAIN);
		/* a packet or the peer was faster */
		if (ret == -EALREADY)
			initiate_end(in, i, true, "up");
		else if (ret < 0 && ret != -EAGAIN)
			return ret;
		in->asked[i] = ret >= 0;
	}
	return 0;
}

/* Waits for the end of all, or of the time. Return: DONE or REFUSED */
static int follow(struct nl *nl, struct nl *events, struct initiation *in)
{
	int64_t end = clock_ms() + WAIT_MS;
	struct live live;
	int ret = 0, got = 0;
	size_t i;

	if (!live_begin(&live))
		return REFUSED;
	while (!ret && in->left && clock_ms() < end) {
		ret = ask(nl, in);
		if (ret)
			break;
		got = live_poll(&live, nl_fd(events), RETRY_MS);
		if (got < 0)
			break;
		if (got)
			ret = nl_events(events, initiate_event, in);
		if (ret == -ENOBUFS)
			ret = look_again(nl, in);
	}
	live_end(&live);
	for (i = 0; !ret && i < in->flows.n; i++)
		initiate_end(in, i, false, got < 0 ? "interrupted" :
			     in->asked[i] ? "not up after 65 seconds" :
			     "not asked for: a negotiation has just failed");
	return ret || in->failed ? REFUSED : DONE;
}

/* What is known before anything is asked for. */
static void look(struct initiation *in)
{
	size_t i;

	for (i = 0; i < in->flows.n; i++)
		if (in->flows.v[i].state == CRYPTO_MAP_FLOW_STATE_UP)
			initiate_end(in, i, true, "was up already");
		else if (in->flows.v[i].per_host)
			initiate_end(in, i, false,
				     "with level per-host only packets say for which hosts SAs are");
}

static int bring_up(struct nl *nl, struct initiation *in)
{
	/* before anything is asked, so that no answer is missed */
	struct nl *events = nl_open();
	int ret = REFUSED;

	if (events && !nl_listen(events, CRYPTO_MAP_MCGRP_EVENTS)) {
		look(in);
		ret = follow(nl, events, in);
	}
	nl_close(events);
	return ret;
}

static int count_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];

	nl_attrs(nlh, tb, CRYPTO_MAP_A_SA_MAX);
	*(uint32_t *)data += nl_u32(tb[CRYPTO_MAP_A_SA_COUNT], 0);
	return 0;
}

static int take_down(struct nl *nl, const struct initiation *in)
{
	char buf[NL_MESSAGE_MAX];
	struct nlmsghdr *nlh;
	uint32_t count = 0;
	int ret = 0;
	size_t i;

	for (i = 0; ret >= 0 && i < in->flows.n; i++) {
		nlh = nl_message(nl, buf, CRYPTO_MAP_CMD_SA_FLUSH, 0);
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_FLOW_ID, in->flows.v[i].id);
		ret = nl_request(nl, nlh, count_row, &count, 0);
	}
	fprintf(in->out, "%" PRIu32 " IPsec SA%s deleted\n", count, count == 1 ? "" : "s");
	return ret < 0 ? REFUSED : DONE;
}

/* The flows of the entry, and what becomes of them. */
static int initiate(struct nl *nl, struct initiation *in, const char *map, uint16_t seq, bool up)
{
	int ret = REFUSED;

	if (kernel_flows(nl, &in->flows))
		return REFUSED;
	keep_flows(&in->flows, map, seq, !up);
	in->left = in->flows.n;
	in->asked = calloc(in->left + 1, sizeof(*in->asked));
	in->done = calloc(in->left + 1, sizeof(*in->done));
	if (!in->asked || !in->done)
		fprintf(stderr, "cryptomap: %s\n", strerror(ENOMEM));
	else
		ret = up ? bring_up(nl, in) : take_down(nl, in);
	free(in->asked);
	free(in->done);
	return ret;
}

int run_test_map(const struct args *args)
{
	const char *map = args_value(args, "NAME");
	struct initiation in = { .out = args->out };
	const struct ios_entry *entry;
	bool up = args_has(args, "up");
	struct ios_config *cfg = NULL;
	struct nl *nl = nl_open();
	int ret = REFUSED;
	uint32_t seq;

	parse_small(args_value(args, "SEQ"), UINT16_MAX, &seq);
	if (nl)
		cfg = kernel_config(nl);
	entry = cfg ? initiate_entry(cfg, map, seq, up, stderr) : NULL;
	if (entry && up)
		initiate_denies(args->out, cfg, map, entry);
	if (entry)
		ret = initiate(nl, &in, map, seq, up);
	free(in.flows.v);
	ios_free(cfg);
	nl_close(nl);
	return ret;
}
