// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

#define CONFIG_TRIES 20

static int no_memory(void)
{
	fputs("cryptomap: out of memory\n", stderr);
	return -ENOMEM;
}

void *kernel_row(void **v, size_t *n, size_t size)
{
	void *bigger = *v;

	/* at powers of two */
	if (!(*n & (*n - 1))) {
		bigger = realloc(*v, (*n ? *n * 2 : 1) * size);
		if (!bigger) {
			no_memory();
			return NULL;
		}
	}
	*v = bigger;
	memset((char *)bigger + *n * size, 0, size);
	return (char *)bigger + (*n)++ * size;
}

/* Without an address any, with an address and no wildcard a host. */
static void decode_network(const struct nlattr *addr_attr, const struct nlattr *wild_attr,
			   int family, struct ios_addr *addr, struct ios_addr *wild)
{
	*addr = nl_addr(addr_attr);
	*wild = nl_addr(wild_attr);
	if (addr->family != family)
		*addr = (struct ios_addr){ .family = family };
	if (wild->family != family)
		*wild = ios_wild(family, addr_attr ? ios_addr_bits(family) : 0);
}

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

static void decode_counters(const struct nlattr *nest, struct flow *flow)
{
	const struct nlattr *tb[CRYPTO_MAP_A_COUNTERS_MAX + 1];

	nl_nest(nest, tb, CRYPTO_MAP_A_COUNTERS_MAX);
	flow->out_packets = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_OUT_PACKETS], 0);
	flow->out_bytes = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_OUT_BYTES], 0);
	flow->in_packets = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_IN_PACKETS], 0);
	flow->in_bytes = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_IN_BYTES], 0);
	flow->send_errors = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_SEND_ERRORS], 0);
	flow->recv_errors = nl_u64(tb[CRYPTO_MAP_A_COUNTERS_RECV_ERRORS], 0);
}

/* What a drop is in IOS's words. */
static enum flow_error flow_error(uint32_t reason)
{
	switch (reason) {
	case CRYPTO_MAP_DROP_REASON_NO_SA:
	case CRYPTO_MAP_DROP_REASON_NO_DAEMON:
	case CRYPTO_MAP_DROP_REASON_NO_SA_MANUAL:
	case CRYPTO_MAP_DROP_REASON_NO_SA_DYNAMIC:
	case CRYPTO_MAP_DROP_REASON_ACQUIRE_FAILED:
	case CRYPTO_MAP_DROP_REASON_ACQUIRE_TIMEOUT:
	case CRYPTO_MAP_DROP_REASON_HOLD_FULL:
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
	return reason <= CRYPTO_MAP_DROP_REASON_HOOKS_GONE ? ERROR_ENCAPS : ERROR_DECAPS;
}

static int flow_drop_attr(const struct nlattr *attr, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_DROP_MAX + 1];
	struct flow *flow = data;

	if (mnl_attr_get_type(attr) != CRYPTO_MAP_A_FLOW_DROP)
		return MNL_CB_OK;
	nl_nest(attr, tb, CRYPTO_MAP_A_DROP_MAX);
	flow->errors[flow_error(nl_u32(tb[CRYPTO_MAP_A_DROP_REASON], UINT32_MAX))] +=
		nl_u64(tb[CRYPTO_MAP_A_DROP_PACKETS], 0);
	return MNL_CB_OK;
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
	decode_counters(tb[CRYPTO_MAP_A_FLOW_COUNTERS], flow);
	flow->held = nl_u32(tb[CRYPTO_MAP_A_FLOW_HELD], 0);
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), flow_drop_attr, flow);
	return 0;
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

static enum ios_esp_cipher ios_cipher(uint32_t cipher)
{
	switch (cipher) {
	case CRYPTO_MAP_CIPHER_NULL:
		return IOS_ESP_CIPHER_NULL;
	case CRYPTO_MAP_CIPHER_AES_CBC:
		return IOS_ESP_CIPHER_AES;
	case CRYPTO_MAP_CIPHER_AES_GCM:
		return IOS_ESP_CIPHER_GCM;
	case CRYPTO_MAP_CIPHER_AES_CTR:
		return IOS_ESP_CIPHER_CTR;
	case CRYPTO_MAP_CIPHER_AES_GMAC:
		return IOS_ESP_CIPHER_GMAC;
	case CRYPTO_MAP_CIPHER_CHACHA20_POLY1305:
		return IOS_ESP_CIPHER_CHACHA;
	case CRYPTO_MAP_CIPHER_3DES_CBC:
		return IOS_ESP_CIPHER_3DES;
	}
	return IOS_ESP_CIPHER_NONE;
}

static enum ios_esp_auth ios_auth(uint32_t auth)
{
	switch (auth) {
	case CRYPTO_MAP_AUTH_HMAC_SHA1_96:
		return IOS_ESP_AUTH_SHA;
	case CRYPTO_MAP_AUTH_HMAC_SHA2_256_128:
		return IOS_ESP_AUTH_SHA256;
	case CRYPTO_MAP_AUTH_HMAC_SHA2_384_192:
		return IOS_ESP_AUTH_SHA384;
	case CRYPTO_MAP_AUTH_HMAC_SHA2_512_256:
		return IOS_ESP_AUTH_SHA512;
	case CRYPTO_MAP_AUTH_HMAC_MD5_96:
		return IOS_ESP_AUTH_MD5;
	}
	return IOS_ESP_AUTH_NONE;
}

static void decode_algs(struct ios_tset *set, const struct nlattr *cipher,
			const struct nlattr *key_bits, const struct nlattr *auth)
{
	set->cipher = ios_cipher(nl_u32(cipher, UINT32_MAX));
	set->auth = ios_auth(nl_u32(auth, UINT32_MAX));
	/* where there is one length only, it is not told */
	if (set->cipher != IOS_ESP_CIPHER_3DES && set->cipher != IOS_ESP_CIPHER_CHACHA)
		set->key_bits = nl_u16(key_bits, 0);
}

static void decode_limits(const struct nlattr *nest, uint64_t *seconds, uint64_t *bytes,
			  uint64_t *packets)
{
	const struct nlattr *tb[CRYPTO_MAP_A_LIMITS_MAX + 1];

	nl_nest(nest, tb, CRYPTO_MAP_A_LIMITS_MAX);
	*seconds = nl_u64(tb[CRYPTO_MAP_A_LIMITS_SECONDS], 0);
	*bytes = nl_u64(tb[CRYPTO_MAP_A_LIMITS_BYTES], 0);
	*packets = nl_u64(tb[CRYPTO_MAP_A_LIMITS_PACKETS], 0);
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
	return 0;
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

static enum ios_df decode_df(const struct nlattr *attr)
{
	switch (nl_u32(attr, UINT32_MAX)) {
	case CRYPTO_MAP_DF_BIT_COPY:
		return IOS_DF_COPY;
	case CRYPTO_MAP_DF_BIT_SET:
		return IOS_DF_SET;
	case CRYPTO_MAP_DF_BIT_CLEAR:
		return IOS_DF_CLEAR;
	}
	return IOS_DF_UNSET;
}

static enum ios_frag decode_frag(const struct nlattr *attr)
{
	switch (nl_u32(attr, UINT32_MAX)) {
	case CRYPTO_MAP_FRAGMENTATION_BEFORE_ENCRYPTION:
		return IOS_FRAG_BEFORE;
	case CRYPTO_MAP_FRAGMENTATION_AFTER_ENCRYPTION:
		return IOS_FRAG_AFTER;
	}
	return IOS_FRAG_UNSET;
}

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
	if (reason < DROP_REASONS_MAX)
		stats->drop[reason] = nl_u64(tb[CRYPTO_MAP_A_DROP_PACKETS], 0);
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
			  0);
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

/* ----------------------------------------------------------------- configuration */

static int globals_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_GLOBALS_MAX + 1];
	struct ios_config *cfg = data;

	nl_attrs(nlh, tb, CRYPTO_MAP_A_GLOBALS_MAX);
	cfg->ipsec.life_seconds = nl_u32(tb[CRYPTO_MAP_A_GLOBALS_LIFE_SECONDS], 3600);
	cfg->ipsec.life_kilobytes = nl_u32(tb[CRYPTO_MAP_A_GLOBALS_LIFE_KILOBYTES], 4608000);
	cfg->ipsec.replay = nl_u32(tb[CRYPTO_MAP_A_GLOBALS_REPLAY_WINDOW], 64);
	cfg->ipsec.df = decode_df(tb[CRYPTO_MAP_A_GLOBALS_DF_BIT]);
	cfg->ipsec.frag = decode_frag(tb[CRYPTO_MAP_A_GLOBALS_FRAGMENTATION]);
	cfg->ipsec.idle = nl_u32(tb[CRYPTO_MAP_A_GLOBALS_IDLE_TIME], 0);
	return 0;
}

static int generation_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_GLOBALS_MAX + 1];

	nl_attrs(nlh, tb, CRYPTO_MAP_A_GLOBALS_MAX);
	*(uint32_t *)data = nl_u32(tb[CRYPTO_MAP_A_GLOBALS_GENERATION], 0);
	return 0;
}

/* Ports are repeated attributes, which a table of attributes does not keep. */
static int port_attr(const struct nlattr *attr, void *data)
{
	struct ios_ace *ace = data;
	struct ios_ports *ports;

	switch (mnl_attr_get_type(attr)) {
	case CRYPTO_MAP_A_ACE_SRC_PORT:
		ports = &ace->sport;
		break;
	case CRYPTO_MAP_A_ACE_DST_PORT:
		ports = &ace->dport;
		break;
	default:
		return MNL_CB_OK;
	}
	if (ports->n < IOS_PORT_MAX)
		ports->port[ports->n++] = nl_u16(attr, 0);
	return MNL_CB_OK;
}

static enum ios_port_op port_op(const struct nlattr *attr)
{
	static const enum ios_port_op op[] = {
		[CRYPTO_MAP_PORT_OP_ANY] = IOS_PORT_ANY,
		[CRYPTO_MAP_PORT_OP_EQ] = IOS_PORT_EQ,
		[CRYPTO_MAP_PORT_OP_NEQ] = IOS_PORT_NEQ,
		[CRYPTO_MAP_PORT_OP_LT] = IOS_PORT_LT,
		[CRYPTO_MAP_PORT_OP_GT] = IOS_PORT_GT,
		[CRYPTO_MAP_PORT_OP_RANGE] = IOS_PORT_RANGE,
	};
	uint32_t value = nl_u32(attr, CRYPTO_MAP_PORT_OP_ANY);

	return value <= CRYPTO_MAP_PORT_OP_RANGE ? op[value] : IOS_PORT_ANY;
}

struct acl_rows {
	struct ios_config *cfg;
	struct ios_acl *acl;
};

/* An object-group took the place of what the first part has there. */
static int decode_groups(const struct nlattr *const *tb, struct ios_ace *ace)
{
	static const uint16_t type[] = {
		[IOS_PLACE_SERVICE] = CRYPTO_MAP_A_ACE_SERVICE_GROUP,
		[IOS_PLACE_SRC] = CRYPTO_MAP_A_ACE_SRC_GROUP,
		[IOS_PLACE_DST] = CRYPTO_MAP_A_ACE_DST_GROUP,
	};
	char name[IOS_NAME_MAX + 1];
	struct ios_ace any;
	size_t i;

	for (i = 0; i < IOS_PLACES; i++) {
		if (!tb[type[i]])
			continue;
		nl_string(tb[type[i]], name, sizeof(name));
		ace->group[i] = strdup(name);
		if (!ace->group[i])
			return -1;
	}
	ios_ace_init(&any, ace->src.family);
	if (ace->group[IOS_PLACE_SERVICE]) {
		ace->proto = any.proto;
		ace->sport = any.sport;
		ace->dport = any.dport;
		ace->icmp_type = any.icmp_type;
		ace->icmp_code = any.icmp_code;
	}
	if (ace->group[IOS_PLACE_SRC]) {
		ace->src = any.src;
		ace->src_wild = any.src_wild;
	}
	if (ace->group[IOS_PLACE_DST]) {
		ace->dst = any.dst;
		ace->dst_wild = any.dst_wild;
	}
	return 0;
}

static int ace_attr(const struct nlattr *attr, void *data)
{
	static const enum ios_action action[] = {
		[CRYPTO_MAP_ACE_ACTION_DENY] = IOS_DENY,
		[CRYPTO_MAP_ACE_ACTION_PERMIT] = IOS_PERMIT,
		[CRYPTO_MAP_ACE_ACTION_REMARK] = IOS_REMARK,
	};
	const struct nlattr *tb[CRYPTO_MAP_A_ACE_MAX + 1];
	struct acl_rows *rows = data;
	struct ios_ace *ace;
	uint32_t value;
	char text[IOS_TEXT_MAX + 1];

	if (mnl_attr_get_type(attr) != CRYPTO_MAP_A_ACL_ACE)
		return MNL_CB_OK;
	nl_nest(attr, tb, CRYPTO_MAP_A_ACE_MAX);
	/* the last one is the first of the list until ios_finish() */
	if (tb[CRYPTO_MAP_A_ACE_PART] && rows->acl->aces) {
		rows->acl->aces->hits += nl_u64(tb[CRYPTO_MAP_A_ACE_HITS], 0);
		return MNL_CB_OK;
	}
	ace = ios_ace_add(rows->cfg, rows->acl, nl_u32(tb[CRYPTO_MAP_A_ACE_SEQ], 0));
	if (!ace)
		return MNL_CB_ERROR;
	value = nl_u32(tb[CRYPTO_MAP_A_ACE_ACTION], CRYPTO_MAP_ACE_ACTION_DENY);
	ace->action = value <= CRYPTO_MAP_ACE_ACTION_REMARK ? action[value] : IOS_DENY;
	if (ace->action == IOS_REMARK) {
		nl_string(tb[CRYPTO_MAP_A_ACE_REMARK], text, sizeof(text));
		ace->remark = strdup(text);
		return ace->remark ? MNL_CB_OK : MNL_CB_ERROR;
	}
	if (tb[CRYPTO_MAP_A_ACE_PROTOCOL])
		ace->proto = nl_u8(tb[CRYPTO_MAP_A_ACE_PROTOCOL], 0);
	decode_network(tb[CRYPTO_MAP_A_ACE_SRC], tb[CRYPTO_MAP_A_ACE_SRC_WILDCARD],
		       rows->acl->family, &ace->src, &ace->src_wild);
	decode_network(tb[CRYPTO_MAP_A_ACE_DST], tb[CRYPTO_MAP_A_ACE_DST_WILDCARD],
		       rows->acl->family, &ace->dst, &ace->dst_wild);
	ace->sport.op = port_op(tb[CRYPTO_MAP_A_ACE_SRC_PORT_OP]);
	ace->dport.op = port_op(tb[CRYPTO_MAP_A_ACE_DST_PORT_OP]);
	mnl_attr_parse_nested(attr, port_attr, ace);
	if (tb[CRYPTO_MAP_A_ACE_ICMP_TYPE])
		ace->icmp_type = nl_u8(tb[CRYPTO_MAP_A_ACE_ICMP_TYPE], 0);
	if (tb[CRYPTO_MAP_A_ACE_ICMP_CODE])
		ace->icmp_code = nl_u8(tb[CRYPTO_MAP_A_ACE_ICMP_CODE], 0);
	ace->tos = nl_u8(tb[CRYPTO_MAP_A_ACE_TOS], 0);
	ace->tos_mask = nl_u8(tb[CRYPTO_MAP_A_ACE_TOS_MASK], 0);
	ace->ttl_low = nl_u8(tb[CRYPTO_MAP_A_ACE_TTL_LOW], 0);
	ace->ttl_skip = ace->ttl_low - nl_u8(tb[CRYPTO_MAP_A_ACE_TTL_HIGH], UINT8_MAX) - 1;
	ace->tcp_set = nl_u8(tb[CRYPTO_MAP_A_ACE_TCP_SET], 0);
	ace->tcp_clear = nl_u8(tb[CRYPTO_MAP_A_ACE_TCP_CLEAR], 0);
	ace->tcp_all = tb[CRYPTO_MAP_A_ACE_TCP_ALL];
	ace->fragments = tb[CRYPTO_MAP_A_ACE_FRAGMENTS];
	ace->hits = nl_u64(tb[CRYPTO_MAP_A_ACE_HITS], 0);
	return decode_groups(tb, ace) ? MNL_CB_ERROR : MNL_CB_OK;
}

static int acl_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_ACL_MAX + 1];
	struct acl_rows rows = { .cfg = data };
	char name[IOS_NAME_MAX + 1];

	nl_attrs(nlh, tb, CRYPTO_MAP_A_ACL_MAX);
	nl_string(tb[CRYPTO_MAP_A_ACL_NAME], name, sizeof(name));
	rows.acl = ios_acl_get(rows.cfg, name, nl_u16(tb[CRYPTO_MAP_A_ACL_FAMILY], AF_INET));
	if (rows.acl)
		rows.acl->standard = tb[CRYPTO_MAP_A_ACL_STANDARD];
	if (!rows.acl ||
	    mnl_attr_parse(nlh, sizeof(struct genlmsghdr), ace_attr, &rows) == MNL_CB_ERROR)
		return no_memory();
	return 0;
}

static int tset_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_TSET_MAX + 1];
	char name[IOS_NAME_MAX + 1];
	struct ios_tset *set;

	nl_attrs(nlh, tb, CRYPTO_MAP_A_TSET_MAX);
	nl_string(tb[CRYPTO_MAP_A_TSET_NAME], name, sizeof(name));
	set = ios_tset_get(data, name);
	if (!set)
		return no_memory();
	decode_algs(set, tb[CRYPTO_MAP_A_TSET_CIPHER], tb[CRYPTO_MAP_A_TSET_KEY_BITS],
		    tb[CRYPTO_MAP_A_TSET_AUTH]);
	set->transport = nl_u32(tb[CRYPTO_MAP_A_TSET_MODE], CRYPTO_MAP_MODE_TUNNEL) ==
			 CRYPTO_MAP_MODE_TRANSPORT;
	set->require = tb[CRYPTO_MAP_A_TSET_REQUIRE];
	set->esn = tb[CRYPTO_MAP_A_TSET_ESN];
	set->usable = true;
	return 0;
}

static int map_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_MAP_MAX + 1];
	char name[IOS_NAME_MAX + 1];
	struct ios_map *map;

	nl_attrs(nlh, tb, CRYPTO_MAP_A_MAP_MAX);
	nl_string(tb[CRYPTO_MAP_A_MAP_NAME], name, sizeof(name));
	map = tb[CRYPTO_MAP_A_MAP_DYNAMIC] ?
	      ios_dynamic_get(data, name) :
	      ios_map_get(data, name, nl_u16(tb[CRYPTO_MAP_A_MAP_FAMILY], AF_INET));
	if (!map)
		return no_memory();
	nl_string(tb[CRYPTO_MAP_A_MAP_LOCAL_DEV], map->local_if, sizeof(map->local_if));
	return 0;
}

static int entry_attr(const struct nlattr *attr, void *data)
{
	struct ios_entry *entry = data;

	if (mnl_attr_get_type(attr) == CRYPTO_MAP_A_ENTRY_PEER && entry->n_peers < IOS_PEER_MAX)
		entry->peers[entry->n_peers++] = nl_addr(attr);
	if (mnl_attr_get_type(attr) == CRYPTO_MAP_A_ENTRY_TSET && entry->n_tsets < IOS_TSET_MAX)
		nl_string(attr, entry->tsets[entry->n_tsets++], sizeof(entry->tsets[0]));
	return MNL_CB_OK;
}

static void decode_manual(const struct nlattr *nest, struct ios_manual_key *key)
{
	const struct nlattr *tb[CRYPTO_MAP_A_MANUAL_KEY_MAX + 1];

	nl_nest(nest, tb, CRYPTO_MAP_A_MANUAL_KEY_MAX);
	key->spi = nl_u32(tb[CRYPTO_MAP_A_MANUAL_KEY_SPI], 0);
}

static void decode_route(const struct nlattr *nest, struct ios_reverse_route *route)
{
	const struct nlattr *tb[CRYPTO_MAP_A_REVERSE_ROUTE_MAX + 1];

	nl_nest(nest, tb, CRYPTO_MAP_A_REVERSE_ROUTE_MAX);
	/* no line is known, but that there is one */
	route->line = tb[CRYPTO_MAP_A_REVERSE_ROUTE_ENABLE] ? 1 : 0;
	route->is_static = tb[CRYPTO_MAP_A_REVERSE_ROUTE_STATIC];
	route->remote_peer = nl_addr(tb[CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER]);
	route->peer_gateway = tb[CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER_GATEWAY];
	route->distance = nl_u8(tb[CRYPTO_MAP_A_REVERSE_ROUTE_DISTANCE], 0);
	route->tag = nl_u32(tb[CRYPTO_MAP_A_REVERSE_ROUTE_TAG], 0);
	route->gateway = nl_addr(tb[CRYPTO_MAP_A_REVERSE_ROUTE_GATEWAY]);
}

static enum ios_kind decode_kind(const struct nlattr *attr)
{
	switch (nl_u32(attr, CRYPTO_MAP_ENTRY_KIND_ISAKMP)) {
	case CRYPTO_MAP_ENTRY_KIND_MANUAL:
		return IOS_KIND_MANUAL;
	case CRYPTO_MAP_ENTRY_KIND_DYNAMIC:
		return IOS_KIND_DYNAMIC;
	case CRYPTO_MAP_ENTRY_KIND_TEMPLATE:
		return IOS_KIND_TEMPLATE;
	default:
		return IOS_KIND_ISAKMP;
	}
}

static int entry_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_ENTRY_MAX + 1];
	char name[IOS_NAME_MAX + 1], text[IOS_TEXT_MAX + 1];
	struct ios_entry *entry;
	struct ios_map *map;
	enum ios_kind kind;

	nl_attrs(nlh, tb, CRYPTO_MAP_A_ENTRY_MAX);
	nl_string(tb[CRYPTO_MAP_A_ENTRY_MAP], name, sizeof(name));
	kind = decode_kind(tb[CRYPTO_MAP_A_ENTRY_KIND]);
	/* its map came before, with the family */
	map = kind == IOS_KIND_TEMPLATE ? ios_dynamic_get(data, name) :
					  ios_map_get(data, name, AF_INET);
	entry = map ? ios_entry_get(data, map, nl_u16(tb[CRYPTO_MAP_A_ENTRY_SEQ], 0)) : NULL;
	if (!entry)
		return no_memory();
	entry->kind = kind;
	nl_string(tb[CRYPTO_MAP_A_ENTRY_DYNAMIC], entry->dynamic, sizeof(entry->dynamic));
	nl_string(tb[CRYPTO_MAP_A_ENTRY_ACL], entry->acl, sizeof(entry->acl));
	nl_string(tb[CRYPTO_MAP_A_ENTRY_FILTER_IN], entry->filter[IOS_FILTER_IN],
		  sizeof(entry->filter[0]));
	nl_string(tb[CRYPTO_MAP_A_ENTRY_FILTER_OUT], entry->filter[IOS_FILTER_OUT],
		  sizeof(entry->filter[0]));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), entry_attr, entry);
	entry->default_peer = tb[CRYPTO_MAP_A_ENTRY_DEFAULT_PEER];
	entry->pfs_group = nl_u16(tb[CRYPTO_MAP_A_ENTRY_PFS_GROUP], 0);
	entry->life_seconds = nl_u32(tb[CRYPTO_MAP_A_ENTRY_LIFE_SECONDS], 0);
	entry->life_kilobytes = nl_u32(tb[CRYPTO_MAP_A_ENTRY_LIFE_KILOBYTES], IOS_KB_UNSET);
	entry->replay = nl_u32(tb[CRYPTO_MAP_A_ENTRY_REPLAY_WINDOW], IOS_REPLAY_UNSET);
	entry->df = decode_df(tb[CRYPTO_MAP_A_ENTRY_DF_BIT]);
	entry->idle = nl_u32(tb[CRYPTO_MAP_A_ENTRY_IDLE_TIME], 0);
	entry->idle_default = tb[CRYPTO_MAP_A_ENTRY_IDLE_DEFAULT];
	entry->pre_classify = tb[CRYPTO_MAP_A_ENTRY_PRE_CLASSIFY];
	decode_route(tb[CRYPTO_MAP_A_ENTRY_REVERSE_ROUTE], &entry->route);
	if (tb[CRYPTO_MAP_A_ENTRY_DESCRIPTION]) {
		nl_string(tb[CRYPTO_MAP_A_ENTRY_DESCRIPTION], text, sizeof(text));
		free(entry->description);
		entry->description = strdup(text);
		if (!entry->description)
			return no_memory();
	}
	decode_manual(tb[CRYPTO_MAP_A_ENTRY_MANUAL_IN], &entry->in);
	decode_manual(tb[CRYPTO_MAP_A_ENTRY_MANUAL_OUT], &entry->out);
	entry->keys_hidden = entry->kind == IOS_KIND_MANUAL;
	entry->complete = tb[CRYPTO_MAP_A_ENTRY_COMPLETE];
	return 0;
}

/* The text of an object-group, whose lines came as remarks. */
static void group_text(FILE *f, const struct ios_acl *lines)
{
	const struct ios_ace *line = lines->aces;

	fprintf(f, "object-group %s %s\n", line ? line->remark : "network", lines->name);
	for (line = line ? line->next : NULL; line; line = line->next)
		fprintf(f, " %s\n", line->remark);
}

/* Makes object-groups of the lists that are none. Return: 0 or -1 (no memory) */
static int groups_from_lists(struct ios_config *cfg)
{
	struct ios_acl *acl, *next;
	struct ios_config *parsed;
	char *text = NULL;
	size_t len = 0;
	int ret;
	FILE *f;

	f = open_memstream(&text, &len);
	if (!f)
		return -1;
	for (acl = cfg->acls; acl; acl = next) {
		next = acl->next;
		if (acl->family != AF_UNSPEC)
			continue;
		ios_acl_sort(acl);
		group_text(f, acl);
		ios_acl_remove(cfg, acl);
	}
	parsed = fclose(f) ? NULL : ios_parse("kernel", text, len, 0);
	free(text);
	if (!parsed)
		return -1;
	ret = ios_groups_take(cfg, parsed);
	ios_free(parsed);
	return ret;
}

/* The kernel knows the device of local-address; the text has its interface. */
static void label_local_addresses(struct ios_config *cfg)
{
	const struct ios_interface *ifc;
	struct ios_map *map;

	for (map = cfg->maps; map; map = map->next) {
		for (ifc = cfg->interfaces; *map->local_if && ifc; ifc = ifc->next) {
			if (strcmp(ifc->netdev, map->local_if))
				continue;
			strcpy(map->local_if, ifc->name);
			break;
		}
	}
}

static int interface_row(const struct nlmsghdr *nlh, void *data)
{
	struct attachments one = { 0 };
	struct ios_interface *ifc;
	const struct ios_map *map;
	int ret = attachment_row(nlh, &one);

	if (ret)
		return ret;
	ifc = ios_interface_get(data, one.v->label);
	if (ifc) {
		map = ios_map_find(data, one.v->map);
		strcpy(map && map->family == AF_INET6 ? ifc->map6 : ifc->map, one.v->map);
		if (strcmp(one.v->label, one.v->ifname))
			strcpy(ifc->netdev, one.v->ifname);
		ifc->df = one.v->df;
		ifc->frag = one.v->frag;
	}
	free(one.v);
	return ifc ? 0 : no_memory();
}

/* All of the configuration, if it is still of this generation when all is here. */
static int config_once(struct nl *nl, struct ios_config *cfg)
{
	static const struct {
		uint8_t cmd;
		nl_row_fn row;
	} dump[] = {
		{ CRYPTO_MAP_CMD_ACL_GET, acl_row },
		{ CRYPTO_MAP_CMD_TSET_GET, tset_row },
		{ CRYPTO_MAP_CMD_MAP_GET, map_row },
		{ CRYPTO_MAP_CMD_ENTRY_GET, entry_row },
		{ CRYPTO_MAP_CMD_ATTACH_GET, interface_row },
	};
	uint32_t before = 0, after = 0;
	char buf[NL_MESSAGE_MAX];
	size_t i;
	int ret;

	ret = nl_request(nl, nl_message(nl, buf, CRYPTO_MAP_CMD_GLOBALS_GET, 0), generation_row,
			 &before, 0);
	for (i = 0; !ret && i < sizeof(dump) / sizeof(*dump); i++)
		ret = nl_dump(nl, dump[i].cmd, dump[i].row, cfg);
	if (!ret)
		ret = nl_request(nl, nl_message(nl, buf, CRYPTO_MAP_CMD_GLOBALS_GET, 0),
				 globals_row, cfg, 0);
	if (!ret)
		ret = nl_request(nl, nl_message(nl, buf, CRYPTO_MAP_CMD_GLOBALS_GET, 0),
				 generation_row, &after, 0);
	return ret ? ret : before == after ? 0 : -EAGAIN;
}

struct ios_config *kernel_config(struct nl *nl)
{
	struct ios_config *cfg;
	int tries, ret;

	for (tries = 0; tries < CONFIG_TRIES; tries++) {
		cfg = ios_new("kernel");
		if (!cfg) {
			no_memory();
			return NULL;
		}
		ret = config_once(nl, cfg);
		if (!ret && groups_from_lists(cfg))
			ret = no_memory();
		if (!ret) {
			label_local_addresses(cfg);
			ios_finish(cfg);
			return cfg;
		}
		ios_free(cfg);
		if (ret != -EAGAIN)
			return NULL;
	}
	fputs("cryptomap: the configuration changes too fast to be shown\n", stderr);
	return NULL;
}

struct ios_config *kernel_config_once(void)
{
	struct nl *nl = nl_open();
	struct ios_config *cfg;

	if (!nl)
		return NULL;
	cfg = kernel_config(nl);
	nl_close(nl);
	return cfg;
}
