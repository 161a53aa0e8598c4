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
#include "say.h"

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

/* The next deny of an entry's access list after @ace, the first one after NULL. */
static const struct ios_ace *next_deny(const struct ios_config *cfg, const char *map,
				       const struct ios_entry *entry, const struct ios_ace *ace)
{
	const struct ios_acl *acl = ios_acl_find(cfg, entry->acl, ios_map_find(cfg, map)->family);

	ace = ace ? ace->next : acl ? acl->aces : NULL;
	while (ace && ace->action != IOS_DENY)
		ace = ace->next;
	return ace;
}

void initiate_denies(FILE *f, const struct ios_config *cfg, const char *map,
		     const struct ios_entry *entry)
{
	const struct ios_ace *ace = NULL;

	while ((ace = next_deny(cfg, map, entry, ace)))
		fprintf(f, "crypto map %s %u, access list %s %u: deny, nothing to negotiate\n", map,
			entry->seq, entry->acl, ace->seq);
}

json_t *initiate_denies_json(const struct ios_config *cfg, const char *map,
			     const struct ios_entry *entry)
{
	const struct ios_ace *ace = NULL;
	json_t *list = json_array();

	while ((ace = next_deny(cfg, map, entry, ace)))
		json_array_append_new(list, json_pack("{s:s, s:I}", "acl", entry->acl, "ace",
						      (json_int_t)ace->seq));
	return list;
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

/* struct outcome_words - an outcome for JSON, and for people */
struct outcome_words {
	const char *word, *text;
	bool up;
};

static const struct outcome_words outcomes[] = {
	[OUTCOME_UP] = { "up", "up", true },
	[OUTCOME_WAS_UP] = { "was-up", "was up already", true },
	[OUTCOME_FAILED] = { "failed", "failed: ", false },
	[OUTCOME_PER_HOST] = {
		"per-host", "with level per-host only packets say for which hosts SAs are", false },
	[OUTCOME_LATE] = { "timeout", "not up after 65 seconds", false },
	[OUTCOME_NOT_ASKED] = {
		"not-asked", "not asked for: a negotiation has just failed", false },
	[OUTCOME_INTERRUPTED] = { "interrupted", "interrupted", false },
};

static json_t *result_json(const struct flow *flow, const char *word, const char *reason)
{
	const struct selector *sel = &flow->selector;
	json_t *value;

	value = json_pack("{s:s, s:s, s:s, s:I, s:I, s:o, s:o, s:i, s:i, s:i, s:s}", "interface",
			  flow->label, "device", flow->ifname, "acl", flow->acl, "ace",
			  (json_int_t)flow->ace_seq, "flow", (json_int_t)flow->id, "local-ident",
			  json_network(&sel->local, &sel->local_wild), "remote-ident",
			  json_network(&sel->remote, &sel->remote_wild), "protocol", sel->protocol,
			  "local-port", sel->local_port, "remote-port", sel->remote_port,
			  "result", word);
	if (reason)
		json_object_set_new(value, "reason", json_string(reason));
	return value;
}

void initiate_end(struct initiation *in, size_t i, enum outcome outcome, const char *reason)
{
	const struct flow *flow = &in->flows.v[i];

	if (in->done[i])
		return;
	in->done[i] = true;
	in->left--;
	in->failed += !outcomes[outcome].up;
	if (!in->out) {
		json_array_append_new(in->json, result_json(flow, outcomes[outcome].word, reason));
		return;
	}
	fprintf(in->out, "crypto map %s %u, access list %s %u, interface %s, ", flow->map,
		flow->entry_seq, flow->acl, flow->ace_seq, flow->label);
	print_permit(in->out, &flow->selector);
	fprintf(in->out, ": %s%s\n", outcomes[outcome].text, reason ? reason : "");
	fflush(in->out);
}

static int compare_id(const void *a, const void *b)
{
	const struct flow *const *x = a, *const *y = b;

	return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

bool initiate_begin(struct initiation *in)
{
	size_t n = in->flows.n, i;

	in->left = n;
	in->asked = calloc(n + 1, sizeof(*in->asked));
	in->done = calloc(n + 1, sizeof(*in->done));
	in->by_id = calloc(n + 1, sizeof(const struct flow *));
	if (!in->asked || !in->done || !in->by_id) {
		say_no_memory();
		return false;
	}
	for (i = 0; i < n; i++)
		in->by_id[i] = &in->flows.v[i];
	qsort(in->by_id, n, sizeof(const struct flow *), compare_id);
	return true;
}

void initiate_free(struct initiation *in)
{
	free(in->flows.v);
	free(in->by_id);
	free(in->asked);
	free(in->done);
	json_decref(in->json);
}

/* The number of a flow; false if it is none of the entry. */
static bool flow_number(const struct initiation *in, uint32_t id, size_t *i)
{
	const struct flow key = { .id = id }, *wanted = &key, *const *found;

	found = bsearch(&wanted, in->by_id, in->flows.n, sizeof(wanted), compare_id);
	if (found)
		*i = *found - in->flows.v;
	return found;
}

int initiate_event(const struct nlmsghdr *nlh, void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[CRYPTO_MAP_A_FLOW_MAX + 1];
	struct initiation *in = data;
	char reason[256];
	size_t i;

	if (genl->cmd != CRYPTO_MAP_CMD_FLOW_NTF && genl->cmd != CRYPTO_MAP_CMD_FAIL_NTF)
		return 0;
	nl_attrs(nlh, tb, CRYPTO_MAP_A_FLOW_MAX);
	if (!flow_number(in, nl_u32(tb[CRYPTO_MAP_A_FLOW_ID], 0), &i))
		return 0;
	if (genl->cmd == CRYPTO_MAP_CMD_FAIL_NTF) {
		/* one that ended before the own one began is not it */
		if (!in->asked[i])
			return 0;
		nl_string(tb[CRYPTO_MAP_A_FLOW_REASON], reason, sizeof(reason));
		initiate_end(in, i, OUTCOME_FAILED, *reason ? reason : "no reason is known");
	} else if (nl_u32(tb[CRYPTO_MAP_A_FLOW_STATE], CRYPTO_MAP_FLOW_STATE_IDLE) ==
		   CRYPTO_MAP_FLOW_STATE_UP) {
		initiate_end(in, i, OUTCOME_UP, NULL);
	}
	return 0;
}

/* After a loss of events: what is up now. */
static int look_again(struct nl *nl, struct initiation *in)
{
	struct flows now;
	size_t i, j;
	int ret = kernel_flows(nl, &now);

	for (j = 0; !ret && j < now.n; j++)
		if (now.v[j].state == CRYPTO_MAP_FLOW_STATE_UP && flow_number(in, now.v[j].id, &i))
			initiate_end(in, i, OUTCOME_UP, NULL);
	free(now.v);
	return ret;
}

/* Asks for what was not asked for yet. Return: 0, or a negative errno after saying why */
static int ask(struct nl *nl, struct initiation *in)
{
	/* a packet or the peer was faster; a negotiation has just failed */
	static const int quiet[] = { EALREADY, EAGAIN, 0 };
	char buf[NL_MESSAGE_MAX];
	struct nlmsghdr *nlh;
	size_t i;
	int ret;

	for (i = 0; i < in->flows.n; i++) {
		if (in->done[i] || in->asked[i])
			continue;
		nlh = nl_message(nl, buf, CRYPTO_MAP_CMD_FLOW_INITIATE, 0);
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_FLOW_ID, in->flows.v[i].id);
		ret = nl_request(nl, nlh, NULL, NULL, quiet);
		if (ret == -EALREADY)
			initiate_end(in, i, OUTCOME_UP, NULL);
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
		initiate_end(in, i, got < 0 ? OUTCOME_INTERRUPTED :
			     in->asked[i] ? OUTCOME_LATE : OUTCOME_NOT_ASKED, NULL);
	return ret || in->failed ? REFUSED : DONE;
}

/* What is known before anything is asked for. */
static void look(struct initiation *in)
{
	size_t i;

	for (i = 0; i < in->flows.n; i++)
		if (in->flows.v[i].state == CRYPTO_MAP_FLOW_STATE_UP)
			initiate_end(in, i, OUTCOME_WAS_UP, NULL);
		else if (in->flows.v[i].per_host)
			initiate_end(in, i, OUTCOME_PER_HOST, NULL);
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

/* Return: DONE or REFUSED; *count SAs are gone */
static int take_down(struct nl *nl, const struct initiation *in, uint32_t *count)
{
	char buf[NL_MESSAGE_MAX];
	struct nlmsghdr *nlh;
	int ret = 0;
	size_t i;

	for (i = 0; ret >= 0 && i < in->flows.n; i++) {
		nlh = nl_message(nl, buf, CRYPTO_MAP_CMD_SA_FLUSH, 0);
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_FLOW_ID, in->flows.v[i].id);
		ret = nl_request(nl, nlh, count_row, count, NULL);
	}
	return ret < 0 ? REFUSED : DONE;
}

/* The flows of the entry are brought up; what came of each is told. */
static int test_up(struct nl *nl, const struct args *args, const struct ios_config *cfg,
		   const char *map, const struct ios_entry *entry, struct initiation *in)
{
	int ret = REFUSED;
	json_t *value;

	if (args->json)
		in->json = json_array();
	else
		initiate_denies(args->out, cfg, map, entry);
	if (!args->json || in->json)
		ret = bring_up(nl, in);
	if (!args->json)
		return ret;
	value = json_pack("{s:s, s:i, s:O, s:o}", "map", map, "seq", entry->seq, "flows", in->json,
			  "denies", initiate_denies_json(cfg, map, entry));
	return json_out(args->out, value) ? REFUSED : ret;
}

/* Their SAs are deleted; how many there were is told. */
static int test_down(struct nl *nl, const struct args *args, const char *map,
		     const struct ios_entry *entry, struct initiation *in)
{
	uint32_t count = 0;
	int ret = take_down(nl, in, &count);

	if (args->json)
		return json_out(args->out, json_pack("{s:s, s:i, s:I}", "map", map, "seq", entry->seq,
						     "deleted", (json_int_t)count)) ? REFUSED : ret;
	fprintf(args->out, "%" PRIu32 " IPsec SA%s deleted\n", count, count == 1 ? "" : "s");
	return ret;
}

int run_test_map(const struct args *args)
{
	struct initiation in = { .out = args->json ? NULL : args->out };
	const char *map = args_value(args, "NAME");
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
	if (entry && !kernel_flows(nl, &in.flows)) {
		keep_flows(&in.flows, map, seq, !up);
		if (initiate_begin(&in))
			ret = up ? test_up(nl, args, cfg, map, entry, &in) :
				   test_down(nl, args, map, entry, &in);
	}
	initiate_free(&in);
	ios_free(cfg);
	nl_close(nl);
	return ret;
}
