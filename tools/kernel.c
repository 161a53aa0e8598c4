// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "kernel.h"

/* ------------------------------------------------------------------------ flows */

void kernel_selector(const struct nlattr *nest, struct selector *sel)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SELECTOR_MAX + 1];
	int family;

	nl_nest(nest, tb, CRYPTO_MAP_A_SELECTOR_MAX);
	family = nl_u16(tb[CRYPTO_MAP_A_SELECTOR_FAMILY], AF_INET);
	decode_network(tb[CRYPTO_MAP_A_SELECTOR_LOCAL], tb[CRYPTO_MAP_A_SELECTOR_LOCAL_WILDCARD],
		       family, &sel->local, &sel->local_wild);
	decode_network(tb[CRYPTO_MAP_A_SELECTOR_REMOTE], tb[CRYPTO_MAP_A_SELECTOR_REMOTE_WILDCARD],
		       family, &sel->remote, &sel->remote_wild);
	sel->protocol = nl_u8(tb[CRYPTO_MAP_A_SELECTOR_PROTOCOL], 0);
	sel->local_port = nl_u16(tb[CRYPTO_MAP_A_SELECTOR_LOCAL_PORT], 0);
	sel->remote_port = nl_u16(tb[CRYPTO_MAP_A_SELECTOR_REMOTE_PORT], 0);
}

static void decode_counters(const struct nlattr *nest, struct traffic *traffic)
{
	const struct nlattr *tb[CRYPTO_MAP_A_COUNTERS_MAX + 1];

	nl_nest(nest, tb, CRYPTO_MAP_A_COUNTERS_MAX);
	traffic->out_packets = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_OUT_PACKETS], 0);
	traffic->out_bytes = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_OUT_BYTES], 0);
	traffic->in_packets = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_IN_PACKETS], 0);
	traffic->in_bytes = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_IN_BYTES], 0);
	traffic->send_errors = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_SEND_ERRORS], 0);
	traffic->recv_errors = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_RECV_ERRORS], 0);
}

enum flow_error flow_error(uint32_t reason)
{
	switch (reason) {
	case CRYPTO_MAP_DROP_REASON_NO_SA:
	case CRYPTO_MAP_DROP_REASON_NO_DAEMON:
	case CRYPTO_MAP_DROP_REASON_NO_SA_MANUAL:
	case CRYPTO_MAP_DROP_REASON_NO_SA_DYNAMIC:
	case CRYPTO_MAP_DROP_REASON_ACQUIRE_FAILED:
	case CRYPTO_MAP_DROP_REASON_ACQUIRE_TIMEOUT:
	case CRYPTO_MAP_DROP_REASON_HOLD_FULL:
	case CRYPTO_MAP_DROP_REASON_HOST_PAIR_LIMIT:
		return ERROR_NO_SA;
	case CRYPTO_MAP_DROP_REASON_LARVAL_FULL:
	case CRYPTO_MAP_DROP_REASON_IN_SA_EXPIRED:
		return ERROR_INVALID_SA;
	case CRYPTO_MAP_DROP_REASON_BAD_NEXT_HEADER:
		return ERROR_PROTOCOL;
	case CRYPTO_MAP_DROP_REASON_AUTH_FAILED:
		return ERROR_VERIFY;
	case CRYPTO_MAP_DROP_REASON_SELECTOR_MISMATCH:
	case CRYPTO_MAP_DROP_REASON_INNER_FRAGMENT:
		return ERROR_IDENTITY;
	case CRYPTO_MAP_DROP_REASON_BAD_LENGTH:
		return ERROR_LENGTH;
	case CRYPTO_MAP_DROP_REASON_SEQ_EXHAUSTED:
		return ERROR_ROLLOVER;
	case CRYPTO_MAP_DROP_REASON_REPLAY:
	case CRYPTO_MAP_DROP_REASON_ZERO_SEQUENCE:
		return ERROR_REPLAY;
	case CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY:
	case CRYPTO_MAP_DROP_REASON_OUT_CRYPTO_ERROR:
	case CRYPTO_MAP_DROP_REASON_OUT_CRYPTO_BUSY:
		return ERROR_INTERNAL_OUT;
	case CRYPTO_MAP_DROP_REASON_IN_NO_MEMORY:
	case CRYPTO_MAP_DROP_REASON_IN_CRYPTO_ERROR:
	case CRYPTO_MAP_DROP_REASON_IN_CRYPTO_BUSY:
	case CRYPTO_MAP_DROP_REASON_RECEIVE_QUEUE:
		return ERROR_INTERNAL_IN;
	}
	/* outbound reasons come first */
	return reason < CRYPTO_MAP_DROP_REASON_CLEAR_TEXT ? ERROR_ENCAPS : ERROR_DECAPS;
}

/* After decode_flow() */
static int flow_attr(const struct nlattr *attr, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_DROP_MAX + 1];
	struct flow *flow = data;

	if (mnl_attr_get_type(attr) == CRYPTO_MAP_A_FLOW_PEER_NAME && !*flow->peer_name &&
	    flow->remote.family == AF_UNSPEC)
		nl_string(attr, flow->peer_name, sizeof(flow->peer_name));
	if (mnl_attr_get_type(attr) != CRYPTO_MAP_A_FLOW_DROP)
		return MNL_CB_OK;
	nl_nest(attr, tb, CRYPTO_MAP_A_DROP_MAX);
	flow->errors[flow_error(nl_u32(tb[CRYPTO_MAP_A_DROP_REASON], UINT32_MAX))] +=
		nl_u64(tb[CRYPTO_MAP_A_DROP_PACKETS], 0);
	return MNL_CB_OK;
}

/* All but drops and names of peers, of which there are several. */
static void decode_flow(struct flow *flow, const struct nlattr **tb)
{
	flow->id = nl_u32(tb[CRYPTO_MAP_A_FLOW_ID], 0);
	nl_string(tb[CRYPTO_MAP_A_FLOW_IFNAME], flow->ifname, sizeof(flow->ifname));
	nl_string(tb[CRYPTO_MAP_A_FLOW_LABEL], flow->label, sizeof(flow->label));
	if (!*flow->label)
		strcpy(flow->label, flow->ifname);
	nl_string(tb[CRYPTO_MAP_A_FLOW_MAP], flow->map, sizeof(flow->map));
	nl_string(tb[CRYPTO_MAP_A_FLOW_ACL], flow->acl, sizeof(flow->acl));
	flow->entry_seq = nl_u16(tb[CRYPTO_MAP_A_FLOW_ENTRY_SEQ], 0);
	flow->ace_seq = nl_u32(tb[CRYPTO_MAP_A_FLOW_ACE_SEQ], 0);
	nl_string(tb[CRYPTO_MAP_A_FLOW_DYNAMIC], flow->dynamic, sizeof(flow->dynamic));
	flow->dynamic_seq = nl_u16(tb[CRYPTO_MAP_A_FLOW_DYNAMIC_SEQ], 0);
	flow->per_host = tb[CRYPTO_MAP_A_FLOW_PER_HOST];
	flow->permit = nl_u32(tb[CRYPTO_MAP_A_FLOW_PERMIT], 0);
	flow->kind = nl_u32(tb[CRYPTO_MAP_A_FLOW_KIND], CRYPTO_MAP_ENTRY_KIND_ISAKMP);
	flow->state = nl_u32(tb[CRYPTO_MAP_A_FLOW_STATE], CRYPTO_MAP_FLOW_STATE_IDLE);
	kernel_selector(tb[CRYPTO_MAP_A_FLOW_SELECTOR], &flow->selector);
	flow->narrow = tb[CRYPTO_MAP_A_FLOW_NARROW];
	flow->local = nl_addr(tb[CRYPTO_MAP_A_FLOW_LOCAL]);
	flow->remote = nl_addr(tb[CRYPTO_MAP_A_FLOW_REMOTE]);
	flow->remote_port = nl_u16(tb[CRYPTO_MAP_A_FLOW_REMOTE_PORT], 500);
	flow->out_spi = nl_u32(tb[CRYPTO_MAP_A_FLOW_OUT_SPI], 0);
	flow->mtu = nl_u32(tb[CRYPTO_MAP_A_FLOW_MTU], 0);
	flow->plain_mtu = nl_u32(tb[CRYPTO_MAP_A_FLOW_PLAIN_MTU], 0);
	flow->up_seconds = nl_u32(tb[CRYPTO_MAP_A_FLOW_UP_SECONDS], 0);
	decode_counters(tb[CRYPTO_MAP_A_FLOW_COUNTERS], &flow->traffic);
	flow->held = nl_u32(tb[CRYPTO_MAP_A_FLOW_HELD], 0);
}

static int flow_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_FLOW_MAX + 1];
	struct flows *flows = data;
	struct flow *flow;

	flow = kernel_row((void **)&flows->v, &flows->n, sizeof(*flow));
	if (!flow)
		return -ENOMEM;
	nl_attrs(nlh, tb, CRYPTO_MAP_A_FLOW_MAX);
	decode_flow(flow, tb);
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), flow_attr, flow);
	return 0;
}

void kernel_flow(const struct nlattr *nest, struct flow *flow)
{
	const struct nlattr *tb[CRYPTO_MAP_A_FLOW_MAX + 1];

	*flow = (struct flow){ 0 };
	nl_nest(nest, tb, CRYPTO_MAP_A_FLOW_MAX);
	decode_flow(flow, tb);
	mnl_attr_parse_nested(nest, flow_attr, flow);
}

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_flows(const void *a, const void *b)
{
	const struct flow *x = a, *y = b;
	int order = strcmp(x->ifname, y->ifname);

	/* one map of each family on an interface */
	if (!order)
		order = COMPARE(x->selector.local.family, y->selector.local.family);
	if (!order)
		order = COMPARE(x->entry_seq, y->entry_seq);
	if (!order)
		order = COMPARE(x->ace_seq, y->ace_seq);
	if (!order)
		order = COMPARE(x->dynamic_seq, y->dynamic_seq);
	return order ? order : COMPARE(x->id, y->id);
}

int kernel_flows(struct nl *nl, struct flows *flows)
{
	int ret;

	*flows = (struct flows){ 0 };
	ret = nl_dump(nl, CRYPTO_MAP_CMD_FLOW_GET, flow_row, flows);
	if (flows->n)
		qsort(flows->v, flows->n, sizeof(*flows->v), compare_flows);
	return ret;
}

/* -------------------------------------------------------------------------- SAs */

static void decode_limits(const struct nlattr *nest, uint64_t *seconds, uint64_t *bytes,
			  uint64_t *packets)
{
	const struct nlattr *tb[CRYPTO_MAP_A_LIMITS_MAX + 1];

	nl_nest(nest, tb, CRYPTO_MAP_A_LIMITS_MAX);
	*seconds = nl_u64(tb[CRYPTO_MAP_A_LIMITS_SECONDS], 0);
	*bytes = nl_u64(tb[CRYPTO_MAP_A_LIMITS_BYTES], 0);
	*packets = nl_u64(tb[CRYPTO_MAP_A_LIMITS_PACKETS], 0);
}

static void decode_sa(struct sa *sa, const struct nlattr **tb)
{
	sa->spi = nl_u32(tb[CRYPTO_MAP_A_SA_SPI], 0);
	sa->dir = nl_u32(tb[CRYPTO_MAP_A_SA_DIR], CRYPTO_MAP_SA_DIR_IN);
	sa->local = nl_addr(tb[CRYPTO_MAP_A_SA_LOCAL]);
	sa->remote = nl_addr(tb[CRYPTO_MAP_A_SA_REMOTE]);
	sa->flow_id = nl_u32(tb[CRYPTO_MAP_A_SA_FLOW_ID], 0);
	sa->state = nl_u32(tb[CRYPTO_MAP_A_SA_STATE], CRYPTO_MAP_SA_STATE_LARVAL);
	sa->flags = nl_u32(tb[CRYPTO_MAP_A_SA_FLAGS], 0);
	sa->mode = nl_u32(tb[CRYPTO_MAP_A_SA_MODE], CRYPTO_MAP_MODE_TUNNEL);
	decode_algs(&sa->transform, tb[CRYPTO_MAP_A_SA_CIPHER], tb[CRYPTO_MAP_A_SA_KEY_BITS],
		    tb[CRYPTO_MAP_A_SA_AUTH]);
	sa->encap_sport = nl_u16(tb[CRYPTO_MAP_A_SA_ENCAP_SPORT], 0);
	sa->encap_dport = nl_u16(tb[CRYPTO_MAP_A_SA_ENCAP_DPORT], 0);
	sa->replay_window = nl_u32(tb[CRYPTO_MAP_A_SA_REPLAY_WINDOW], 0);
	sa->twin_spi = nl_u32(tb[CRYPTO_MAP_A_SA_TWIN_SPI], 0);
	sa->tfc_pad = nl_u32(tb[CRYPTO_MAP_A_SA_TFC_PAD], 0);
	decode_limits(tb[CRYPTO_MAP_A_SA_HARD], &sa->hard_seconds, &sa->hard_bytes,
		      &sa->hard_packets);
	decode_limits(tb[CRYPTO_MAP_A_SA_USED], &sa->used_seconds, &sa->used_bytes,
		      &sa->used_packets);
	sa->used = tb[CRYPTO_MAP_A_SA_IDLE];
	sa->idle = nl_u64(tb[CRYPTO_MAP_A_SA_IDLE], 0);
	sa->pfs_group = nl_u16(tb[CRYPTO_MAP_A_SA_PFS_GROUP], 0);
	sa->id = nl_u32(tb[CRYPTO_MAP_A_SA_ID], 0);
}

static int sa_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	struct sas *sas = data;
	struct sa *sa;

	sa = kernel_row((void **)&sas->v, &sas->n, sizeof(*sa));
	if (!sa)
		return -ENOMEM;
	nl_attrs(nlh, tb, CRYPTO_MAP_A_SA_MAX);
	decode_sa(sa, tb);
	return 0;
}

void kernel_sa(const struct nlattr *nest, struct sa *sa)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];

	*sa = (struct sa){ 0 };
	nl_nest(nest, tb, CRYPTO_MAP_A_SA_MAX);
	decode_sa(sa, tb);
}

static int compare_sas(const void *a, const void *b)
{
	const struct sa *x = a, *y = b;
	int order = COMPARE(x->flow_id, y->flow_id);

	if (!order)
		order = COMPARE(x->id, y->id);
	return order ? order : COMPARE(x->spi, y->spi);
}

/* Only the inbound SA of a pair has a replay window; IOS tells it of both. */
static void sas_pair_windows(struct sas *sas)
{
	size_t i, k, n;

	for (i = 0; i < sas->n; i++) {
		const struct sa *flow = sas_of_flow(sas, sas->v[i].flow_id, &n);

		if (sas->v[i].dir != CRYPTO_MAP_SA_DIR_OUT)
			continue;
		for (k = 0; k < n; k++)
			if (flow[k].dir == CRYPTO_MAP_SA_DIR_IN &&
			    flow[k].spi == sas->v[i].twin_spi)
				sas->v[i].replay_window = flow[k].replay_window;
	}
}

int kernel_sas(struct nl *nl, struct sas *sas)
{
	int ret;

	*sas = (struct sas){ 0 };
	ret = nl_dump(nl, CRYPTO_MAP_CMD_SA_GET, sa_row, sas);
	if (sas->n)
		qsort(sas->v, sas->n, sizeof(*sas->v), compare_sas);
	sas_pair_windows(sas);
	return ret;
}

const struct sa *sas_of_flow(const struct sas *sas, uint32_t flow_id, size_t *n)
{
	size_t low = 0, high = sas->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (sas->v[middle].flow_id < flow_id)
			low = middle + 1;
		else
			high = middle;
	}
	for (*n = 0; low + *n < sas->n && sas->v[low + *n].flow_id == flow_id; ++*n)
		;
	return *n ? &sas->v[low] : NULL;
}

uint64_t sa_kilobytes_left(const struct sa *sa)
{
	return sa->hard_bytes > sa->used_bytes ? (sa->hard_bytes - sa->used_bytes) / 1000 : 0;
}

uint64_t sa_seconds_left(const struct sa *sa)
{
	return sa->hard_seconds > sa->used_seconds ? sa->hard_seconds - sa->used_seconds : 0;
}

/* ------------------------------------------------------------------- attachments */

static void attachment_classifier(const struct nlattr *nest, struct attachment *a)
{
	const struct nlattr *tb[CRYPTO_MAP_A_CLASSIFIER_MAX + 1];

	nl_nest(nest, tb, CRYPTO_MAP_A_CLASSIFIER_MAX);
	a->rules = nl_u32(tb[CRYPTO_MAP_A_CLASSIFIER_RULES], 0);
	a->indexed = nl_u32(tb[CRYPTO_MAP_A_CLASSIFIER_INDEXED], 0);
	a->tables = nl_u32(tb[CRYPTO_MAP_A_CLASSIFIER_TABLES], 0);
	a->longest = nl_u32(tb[CRYPTO_MAP_A_CLASSIFIER_LONGEST], 0);
	a->worst = nl_u32(tb[CRYPTO_MAP_A_CLASSIFIER_WORST], 0);
	a->bytes = nl_u64(tb[CRYPTO_MAP_A_CLASSIFIER_BYTES], 0);
}

static int attachment_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_ATTACH_MAX + 1];
	struct attachments *attachments = data;
	struct attachment *a;

	a = kernel_row((void **)&attachments->v, &attachments->n, sizeof(*a));
	if (!a)
		return -ENOMEM;
	nl_attrs(nlh, tb, CRYPTO_MAP_A_ATTACH_MAX);
	nl_string(tb[CRYPTO_MAP_A_ATTACH_IFNAME], a->ifname, sizeof(a->ifname));
	nl_string(tb[CRYPTO_MAP_A_ATTACH_LABEL], a->label, sizeof(a->label));
	if (!*a->label)
		strcpy(a->label, a->ifname);
	nl_string(tb[CRYPTO_MAP_A_ATTACH_MAP], a->map, sizeof(a->map));
	a->mtu = nl_u32(tb[CRYPTO_MAP_A_ATTACH_MTU], 0);
	a->df = decode_df(tb[CRYPTO_MAP_A_ATTACH_DF_BIT]);
	a->frag = decode_frag(tb[CRYPTO_MAP_A_ATTACH_FRAGMENTATION]);
	if (tb[CRYPTO_MAP_A_ATTACH_CLASSIFIER])
		attachment_classifier(tb[CRYPTO_MAP_A_ATTACH_CLASSIFIER], a);
	if (tb[CRYPTO_MAP_A_ATTACH_COUNTERS])
		decode_counters(tb[CRYPTO_MAP_A_ATTACH_COUNTERS], &a->traffic);
	return 0;
}

int kernel_attachments(struct nl *nl, struct attachments *attachments)
{
	*attachments = (struct attachments){ 0 };
	return nl_dump(nl, CRYPTO_MAP_CMD_ATTACH_GET, attachment_row, attachments);
}

/* ------------------------------------------------------------------------- stats */

static int drop_attr(const struct nlattr *attr, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_DROP_MAX + 1];
	struct stats *stats = data;
	uint32_t reason;

	if (mnl_attr_get_type(attr) != CRYPTO_MAP_A_STATS_DROP)
		return MNL_CB_OK;
	nl_nest(attr, tb, CRYPTO_MAP_A_DROP_MAX);
	reason = nl_u32(tb[CRYPTO_MAP_A_DROP_REASON], DROP_REASONS_MAX);
	if (reason >= DROP_REASONS_MAX)
		return MNL_CB_OK;
	stats->drop[reason] = nl_u64(tb[CRYPTO_MAP_A_DROP_PACKETS], 0);
	stats->drop_total[reason] = nl_u64(tb[CRYPTO_MAP_A_DROP_TOTAL], 0);
	return MNL_CB_OK;
}

static int stats_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_STATS_MAX + 1];
	struct stats *stats = data;

	nl_attrs(nlh, tb, CRYPTO_MAP_A_STATS_MAX);
	stats->sas = nl_u32(tb[CRYPTO_MAP_A_STATS_SAS], 0);
	stats->flows = nl_u32(tb[CRYPTO_MAP_A_STATS_FLOWS], 0);
	stats->held = nl_u32(tb[CRYPTO_MAP_A_STATS_HELD], 0);
	nl_string(tb[CRYPTO_MAP_A_STATS_VERSION], stats->version, sizeof(stats->version));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), drop_attr, data);
	return 0;
}

int kernel_stats(struct nl *nl, struct stats *stats)
{
	char buf[NL_MESSAGE_MAX];

	*stats = (struct stats){ 0 };
	return nl_request(nl, nl_message(nl, buf, CRYPTO_MAP_CMD_STATS_GET, 0), stats_row, stats,
			  NULL);
}

/* ------------------------------------------------------------------- algorithms */

static int alg_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_ALG_MAX + 1];
	struct algs *algs = data;
	struct alg *alg;

	alg = kernel_row((void **)&algs->v, &algs->n, sizeof(*alg));
	if (!alg)
		return -ENOMEM;
	nl_attrs(nlh, tb, CRYPTO_MAP_A_ALG_MAX);
	nl_string(tb[CRYPTO_MAP_A_ALG_NAME], alg->name, sizeof(alg->name));
	alg->cipher = tb[CRYPTO_MAP_A_ALG_CIPHER];
	alg->key_bits = nl_u16(tb[CRYPTO_MAP_A_ALG_KEY_BITS], 0);
	alg->icv_bytes = nl_u8(tb[CRYPTO_MAP_A_ALG_ICV_BYTES], 0);
	alg->weak = tb[CRYPTO_MAP_A_ALG_WEAK];
	alg->state = nl_u32(tb[CRYPTO_MAP_A_ALG_STATE], CRYPTO_MAP_ALG_STATE_ABSENT);
	return 0;
}

int kernel_algs(struct nl *nl, struct algs *algs)
{
	*algs = (struct algs){ 0 };
	return nl_dump(nl, CRYPTO_MAP_CMD_ALG_GET, alg_row, algs);
}
