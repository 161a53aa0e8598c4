// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace.h"

static int deny_attr(const struct nlattr *attr, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_TRACE_DENY_MAX + 1];
	struct trace *trace = data;
	struct trace_deny *deny;

	if (mnl_attr_get_type(attr) != CRYPTO_MAP_A_TRACE_DENY ||
	    trace->n_denies == TRACE_DENIES_MAX)
		return MNL_CB_OK;
	nl_nest(attr, tb, CRYPTO_MAP_A_TRACE_DENY_MAX);
	deny = &trace->deny[trace->n_denies++];
	deny->seq = nl_u16(tb[CRYPTO_MAP_A_TRACE_DENY_ENTRY_SEQ], 0);
	deny->dynamic_seq = nl_u16(tb[CRYPTO_MAP_A_TRACE_DENY_DYNAMIC_SEQ], 0);
	nl_string(tb[CRYPTO_MAP_A_TRACE_DENY_ACL], deny->acl, sizeof(deny->acl));
	deny->ace = nl_u32(tb[CRYPTO_MAP_A_TRACE_DENY_ACE_SEQ], 0);
	return MNL_CB_OK;
}

static void decode_way(struct trace *trace, const struct nlattr **tb)
{
	trace->result = nl_u32(tb[CRYPTO_MAP_A_TRACE_RESULT], CRYPTO_MAP_TRACE_RESULT_DROP);
	trace->reason = nl_u32(tb[CRYPTO_MAP_A_TRACE_REASON], UINT32_MAX);
	nl_string(tb[CRYPTO_MAP_A_TRACE_IN_MAP], trace->in_map, sizeof(trace->in_map));
	trace->exempt = tb[CRYPTO_MAP_A_TRACE_EXEMPT];
	nl_string(tb[CRYPTO_MAP_A_TRACE_OUT_IFNAME], trace->out_ifname, sizeof(trace->out_ifname));
	trace->gateway = nl_addr(tb[CRYPTO_MAP_A_TRACE_GATEWAY]);
	nl_string(tb[CRYPTO_MAP_A_TRACE_OUT_MAP], trace->out_map, sizeof(trace->out_map));
}

static void decode_decision(struct trace *trace, const struct nlattr **tb)
{
	trace->seq = nl_u16(tb[CRYPTO_MAP_A_TRACE_ENTRY_SEQ], 0);
	trace->dynamic_seq = nl_u16(tb[CRYPTO_MAP_A_TRACE_DYNAMIC_SEQ], 0);
	nl_string(tb[CRYPTO_MAP_A_TRACE_ACL], trace->acl, sizeof(trace->acl));
	trace->ace = nl_u32(tb[CRYPTO_MAP_A_TRACE_ACE_SEQ], 0);
	nl_string(tb[CRYPTO_MAP_A_TRACE_FILTER], trace->filter, sizeof(trace->filter));
	trace->filter_ace = nl_u32(tb[CRYPTO_MAP_A_TRACE_FILTER_SEQ], 0);
	trace->filter_permits = nl_u32(tb[CRYPTO_MAP_A_TRACE_FILTER_ACTION],
				       CRYPTO_MAP_ACE_ACTION_DENY) == CRYPTO_MAP_ACE_ACTION_PERMIT;
	trace->plain_mtu = nl_u32(tb[CRYPTO_MAP_A_TRACE_PLAIN_MTU], 0);
	trace->fragmented = tb[CRYPTO_MAP_A_TRACE_FRAGMENTATION];
	trace->after_encryption = nl_u32(tb[CRYPTO_MAP_A_TRACE_FRAGMENTATION], 0) ==
				  CRYPTO_MAP_FRAGMENTATION_AFTER_ENCRYPTION;
}

static int trace_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_TRACE_MAX + 1];
	struct trace *trace = data;

	nl_attrs(nlh, tb, CRYPTO_MAP_A_TRACE_MAX);
	decode_way(trace, tb);
	decode_decision(trace, tb);
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), deny_attr, trace);
	trace->has_flow = tb[CRYPTO_MAP_A_TRACE_FLOW];
	if (trace->has_flow)
		kernel_flow(tb[CRYPTO_MAP_A_TRACE_FLOW], &trace->flow);
	trace->has_sa = tb[CRYPTO_MAP_A_TRACE_SA];
	if (trace->has_sa)
		kernel_sa(tb[CRYPTO_MAP_A_TRACE_SA], &trace->sa);
	return 0;
}

int kernel_trace(struct nl *nl, const char *ifname, const void *packet, size_t len,
		 struct trace *trace)
{
	static char buf[NL_MESSAGE_MAX + UINT16_MAX];
	struct nlmsghdr *nlh = nl_message(nl, buf, CRYPTO_MAP_CMD_TRACE, 0);

	*trace = (struct trace){ 0 };
	mnl_attr_put_strz(nlh, CRYPTO_MAP_A_TRACE_IFNAME, ifname);
	mnl_attr_put(nlh, CRYPTO_MAP_A_TRACE_PACKET, len, packet);
	return nl_request(nl, nlh, trace_row, trace, NULL);
}
