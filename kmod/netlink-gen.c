// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	uapi/specs/crypto_map.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/crypto_map.h>

/* Common nested types */
const struct nla_policy crypto_map_ace_nl_policy[CRYPTO_MAP_A_ACE_HITS + 1] = {
	[CRYPTO_MAP_A_ACE_SEQ] = NLA_POLICY_MIN(NLA_U32, 1),
	[CRYPTO_MAP_A_ACE_ACTION] = NLA_POLICY_MAX(NLA_U32, 2),
	[CRYPTO_MAP_A_ACE_REMARK] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_TEXT_MAX, },
	[CRYPTO_MAP_A_ACE_PROTOCOL] = { .type = NLA_U8, },
	[CRYPTO_MAP_A_ACE_SRC] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_ACE_SRC_WILDCARD] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_ACE_DST] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_ACE_DST_WILDCARD] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_ACE_SRC_PORT_OP] = NLA_POLICY_MAX(NLA_U32, 5),
	[CRYPTO_MAP_A_ACE_SRC_PORT] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_ACE_DST_PORT_OP] = NLA_POLICY_MAX(NLA_U32, 5),
	[CRYPTO_MAP_A_ACE_DST_PORT] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_ACE_ICMP_TYPE] = { .type = NLA_U8, },
	[CRYPTO_MAP_A_ACE_ICMP_CODE] = { .type = NLA_U8, },
	[CRYPTO_MAP_A_ACE_TOS] = { .type = NLA_U8, },
	[CRYPTO_MAP_A_ACE_TOS_MASK] = { .type = NLA_U8, },
	[CRYPTO_MAP_A_ACE_TCP_SET] = NLA_POLICY_MAX(NLA_U8, 63),
	[CRYPTO_MAP_A_ACE_TCP_CLEAR] = NLA_POLICY_MAX(NLA_U8, 63),
	[CRYPTO_MAP_A_ACE_TCP_ALL] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_ACE_FRAGMENTS] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_ACE_TTL_OP] = NLA_POLICY_MAX(NLA_U32, 5),
	[CRYPTO_MAP_A_ACE_TTL] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_ACE_SERVICE_GROUP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ACE_SRC_GROUP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ACE_DST_GROUP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ACE_PART] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_ACE_HITS] = { .type = NLA_U64, },
};

const struct nla_policy crypto_map_limits_nl_policy[CRYPTO_MAP_A_LIMITS_PAD + 1] = {
	[CRYPTO_MAP_A_LIMITS_SECONDS] = { .type = NLA_U64, },
	[CRYPTO_MAP_A_LIMITS_BYTES] = { .type = NLA_U64, },
	[CRYPTO_MAP_A_LIMITS_PACKETS] = { .type = NLA_U64, },
};

const struct nla_policy crypto_map_manual_key_nl_policy[CRYPTO_MAP_A_MANUAL_KEY_AUTH_KEY + 1] = {
	[CRYPTO_MAP_A_MANUAL_KEY_SPI] = NLA_POLICY_MIN(NLA_U32, 256),
	[CRYPTO_MAP_A_MANUAL_KEY_ENC_KEY] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_MANUAL_KEY_AUTH_KEY] = { .type = NLA_BINARY, },
};

const struct nla_policy crypto_map_reverse_route_nl_policy[CRYPTO_MAP_A_REVERSE_ROUTE_GATEWAY + 1] = {
	[CRYPTO_MAP_A_REVERSE_ROUTE_ENABLE] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_REVERSE_ROUTE_STATIC] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER_GATEWAY] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_REVERSE_ROUTE_DISTANCE] = NLA_POLICY_MIN(NLA_U8, 1),
	[CRYPTO_MAP_A_REVERSE_ROUTE_TAG] = NLA_POLICY_MIN(NLA_U32, 1),
	[CRYPTO_MAP_A_REVERSE_ROUTE_GATEWAY] = { .type = NLA_BINARY, },
};

const struct nla_policy crypto_map_selector_nl_policy[CRYPTO_MAP_A_SELECTOR_FAMILY + 1] = {
	[CRYPTO_MAP_A_SELECTOR_LOCAL] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SELECTOR_LOCAL_WILDCARD] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SELECTOR_REMOTE] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SELECTOR_REMOTE_WILDCARD] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SELECTOR_PROTOCOL] = { .type = NLA_U8, },
	[CRYPTO_MAP_A_SELECTOR_LOCAL_PORT] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_SELECTOR_REMOTE_PORT] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_SELECTOR_FAMILY] = { .type = NLA_U16, },
};

/* CRYPTO_MAP_CMD_CONFIG_BEGIN - do */
const struct nla_policy crypto_map_config_begin_nl_policy[CRYPTO_MAP_A_CONFIG_FALLBACK + 1] = {
	[CRYPTO_MAP_A_CONFIG_REPLACE] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_CONFIG_FALLBACK] = { .type = NLA_FLAG, },
};

/* CRYPTO_MAP_CMD_CONFIG_COMMIT - do */
const struct nla_policy crypto_map_config_commit_nl_policy[CRYPTO_MAP_A_CONFIG_GENERATION + 1] = {
	[CRYPTO_MAP_A_CONFIG_GENERATION] = { .type = NLA_U64, },
};

/* CRYPTO_MAP_CMD_CONFIG_TRY - do */
const struct nla_policy crypto_map_config_try_nl_policy[CRYPTO_MAP_A_CONFIG_GENERATION + 1] = {
	[CRYPTO_MAP_A_CONFIG_GENERATION] = { .type = NLA_U64, },
};

/* CRYPTO_MAP_CMD_GLOBALS_SET - do */
const struct nla_policy crypto_map_globals_set_nl_policy[CRYPTO_MAP_A_GLOBALS_IDLE_TIME + 1] = {
	[CRYPTO_MAP_A_GLOBALS_LIFE_SECONDS] = NLA_POLICY_MIN(NLA_U32, 120),
	[CRYPTO_MAP_A_GLOBALS_LIFE_KILOBYTES] = { .type = NLA_U32, },
	[CRYPTO_MAP_A_GLOBALS_REPLAY_WINDOW] = NLA_POLICY_MAX(NLA_U32, 4096),
	[CRYPTO_MAP_A_GLOBALS_DF_BIT] = NLA_POLICY_MAX(NLA_U32, 2),
	[CRYPTO_MAP_A_GLOBALS_FRAGMENTATION] = NLA_POLICY_MAX(NLA_U32, 1),
	[CRYPTO_MAP_A_GLOBALS_IDLE_TIME] = { .type = NLA_U32, },
};

/* CRYPTO_MAP_CMD_GLOBALS_GET - do */
const struct nla_policy crypto_map_globals_get_nl_policy[CRYPTO_MAP_A_GLOBALS_GENERATION + 1] = {
	[CRYPTO_MAP_A_GLOBALS_GENERATION] = { .type = NLA_U64, },
};

/* CRYPTO_MAP_CMD_ACL_NEW - do */
const struct nla_policy crypto_map_acl_new_nl_policy[CRYPTO_MAP_A_ACL_STANDARD + 1] = {
	[CRYPTO_MAP_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ACL_FAMILY] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_ACL_ACE] = NLA_POLICY_NESTED(crypto_map_ace_nl_policy),
	[CRYPTO_MAP_A_ACL_APPEND] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_ACL_STANDARD] = { .type = NLA_FLAG, },
};

/* CRYPTO_MAP_CMD_ACL_DEL - do */
const struct nla_policy crypto_map_acl_del_nl_policy[CRYPTO_MAP_A_ACL_FAMILY + 1] = {
	[CRYPTO_MAP_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ACL_FAMILY] = { .type = NLA_U16, },
};

/* CRYPTO_MAP_CMD_ACL_GET - do */
const struct nla_policy crypto_map_acl_get_nl_policy[CRYPTO_MAP_A_ACL_FAMILY + 1] = {
	[CRYPTO_MAP_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ACL_FAMILY] = { .type = NLA_U16, },
};

/* CRYPTO_MAP_CMD_TSET_NEW - do */
const struct nla_policy crypto_map_tset_new_nl_policy[CRYPTO_MAP_A_TSET_ESN + 1] = {
	[CRYPTO_MAP_A_TSET_NAME] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_TSET_CIPHER] = NLA_POLICY_MAX(NLA_U32, 6),
	[CRYPTO_MAP_A_TSET_KEY_BITS] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_TSET_ICV_BYTES] = { .type = NLA_U8, },
	[CRYPTO_MAP_A_TSET_AUTH] = NLA_POLICY_MAX(NLA_U32, 5),
	[CRYPTO_MAP_A_TSET_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
	[CRYPTO_MAP_A_TSET_REQUIRE] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_TSET_ESN] = { .type = NLA_FLAG, },
};

/* CRYPTO_MAP_CMD_TSET_DEL - do */
const struct nla_policy crypto_map_tset_del_nl_policy[CRYPTO_MAP_A_TSET_NAME + 1] = {
	[CRYPTO_MAP_A_TSET_NAME] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
};

/* CRYPTO_MAP_CMD_TSET_GET - do */
const struct nla_policy crypto_map_tset_get_nl_policy[CRYPTO_MAP_A_TSET_NAME + 1] = {
	[CRYPTO_MAP_A_TSET_NAME] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
};

/* CRYPTO_MAP_CMD_MAP_NEW - do */
const struct nla_policy crypto_map_map_new_nl_policy[CRYPTO_MAP_A_MAP_ISAKMP_PROFILE + 1] = {
	[CRYPTO_MAP_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_MAP_FAMILY] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_MAP_LOCAL_DEV] = { .type = NLA_NUL_STRING, .len = 15, },
	[CRYPTO_MAP_A_MAP_DYNAMIC] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_MAP_ISAKMP_PROFILE] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
};

/* CRYPTO_MAP_CMD_MAP_DEL - do */
const struct nla_policy crypto_map_map_del_nl_policy[CRYPTO_MAP_A_MAP_DYNAMIC + 1] = {
	[CRYPTO_MAP_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_MAP_DYNAMIC] = { .type = NLA_FLAG, },
};

/* CRYPTO_MAP_CMD_MAP_GET - do */
const struct nla_policy crypto_map_map_get_nl_policy[CRYPTO_MAP_A_MAP_DYNAMIC + 1] = {
	[CRYPTO_MAP_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_MAP_DYNAMIC] = { .type = NLA_FLAG, },
};

/* CRYPTO_MAP_CMD_ENTRY_NEW - do */
const struct nla_policy crypto_map_entry_new_nl_policy[CRYPTO_MAP_A_ENTRY_PER_HOST + 1] = {
	[CRYPTO_MAP_A_ENTRY_MAP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ENTRY_SEQ] = NLA_POLICY_MIN(NLA_U16, 1),
	[CRYPTO_MAP_A_ENTRY_KIND] = NLA_POLICY_MAX(NLA_U32, 3),
	[CRYPTO_MAP_A_ENTRY_ACL] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ENTRY_PEER] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_ENTRY_DEFAULT_PEER] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_ENTRY_TSET] = { .type = NLA_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ENTRY_PFS_GROUP] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_ENTRY_LIFE_SECONDS] = NLA_POLICY_MIN(NLA_U32, 120),
	[CRYPTO_MAP_A_ENTRY_LIFE_KILOBYTES] = { .type = NLA_U32, },
	[CRYPTO_MAP_A_ENTRY_REPLAY_WINDOW] = NLA_POLICY_MAX(NLA_U32, 4096),
	[CRYPTO_MAP_A_ENTRY_DF_BIT] = NLA_POLICY_MAX(NLA_U32, 2),
	[CRYPTO_MAP_A_ENTRY_DESCRIPTION] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_TEXT_MAX, },
	[CRYPTO_MAP_A_ENTRY_MANUAL_IN] = NLA_POLICY_NESTED(crypto_map_manual_key_nl_policy),
	[CRYPTO_MAP_A_ENTRY_MANUAL_OUT] = NLA_POLICY_NESTED(crypto_map_manual_key_nl_policy),
	[CRYPTO_MAP_A_ENTRY_IDLE_TIME] = { .type = NLA_U32, },
	[CRYPTO_MAP_A_ENTRY_IDLE_DEFAULT] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_ENTRY_PRE_CLASSIFY] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_ENTRY_FILTER_IN] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ENTRY_FILTER_OUT] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ENTRY_REVERSE_ROUTE] = NLA_POLICY_NESTED(crypto_map_reverse_route_nl_policy),
	[CRYPTO_MAP_A_ENTRY_DYNAMIC] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ENTRY_ISAKMP_PROFILE] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ENTRY_PEER_NAME] = { .type = NLA_STRING, .len = CRYPTO_MAP_HOST_MAX, },
	[CRYPTO_MAP_A_ENTRY_PER_HOST] = { .type = NLA_FLAG, },
};

/* CRYPTO_MAP_CMD_ENTRY_DEL - do */
const struct nla_policy crypto_map_entry_del_nl_policy[CRYPTO_MAP_A_ENTRY_KIND + 1] = {
	[CRYPTO_MAP_A_ENTRY_MAP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ENTRY_SEQ] = NLA_POLICY_MIN(NLA_U16, 1),
	[CRYPTO_MAP_A_ENTRY_KIND] = NLA_POLICY_MAX(NLA_U32, 3),
};

/* CRYPTO_MAP_CMD_ENTRY_GET - do */
const struct nla_policy crypto_map_entry_get_nl_policy[CRYPTO_MAP_A_ENTRY_NAMED + 1] = {
	[CRYPTO_MAP_A_ENTRY_MAP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ENTRY_SEQ] = NLA_POLICY_MIN(NLA_U16, 1),
	[CRYPTO_MAP_A_ENTRY_KIND] = NLA_POLICY_MAX(NLA_U32, 3),
	[CRYPTO_MAP_A_ENTRY_NAMED] = { .type = NLA_FLAG, },
};

/* CRYPTO_MAP_CMD_ATTACH_NEW - do */
const struct nla_policy crypto_map_attach_new_nl_policy[CRYPTO_MAP_A_ATTACH_FRAGMENTATION + 1] = {
	[CRYPTO_MAP_A_ATTACH_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[CRYPTO_MAP_A_ATTACH_MAP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ATTACH_LABEL] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ATTACH_DF_BIT] = NLA_POLICY_MAX(NLA_U32, 2),
	[CRYPTO_MAP_A_ATTACH_FRAGMENTATION] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* CRYPTO_MAP_CMD_ATTACH_DEL - do */
const struct nla_policy crypto_map_attach_del_nl_policy[CRYPTO_MAP_A_ATTACH_MAP + 1] = {
	[CRYPTO_MAP_A_ATTACH_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[CRYPTO_MAP_A_ATTACH_MAP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
};

/* CRYPTO_MAP_CMD_ATTACH_GET - do */
const struct nla_policy crypto_map_attach_get_nl_policy[CRYPTO_MAP_A_ATTACH_MAP + 1] = {
	[CRYPTO_MAP_A_ATTACH_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[CRYPTO_MAP_A_ATTACH_MAP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
};

/* CRYPTO_MAP_CMD_FLOW_GET - do */
const struct nla_policy crypto_map_flow_get_nl_policy[CRYPTO_MAP_A_FLOW_ROUTED + 1] = {
	[CRYPTO_MAP_A_FLOW_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[CRYPTO_MAP_A_FLOW_ACQUIRING] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_FLOW_ROUTED] = { .type = NLA_FLAG, },
};

/* CRYPTO_MAP_CMD_FLOW_FIND - do */
const struct nla_policy crypto_map_flow_find_nl_policy[CRYPTO_MAP_A_FLOW_PEER_NAME + 1] = {
	[CRYPTO_MAP_A_FLOW_LOCAL] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_FLOW_REMOTE] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_FLOW_SELECTOR] = NLA_POLICY_NESTED(crypto_map_selector_nl_policy),
	[CRYPTO_MAP_A_FLOW_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[CRYPTO_MAP_A_FLOW_MAP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_FLOW_ENTRY_SEQ] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_FLOW_DYNAMIC_SEQ] = NLA_POLICY_MIN(NLA_U16, 1),
	[CRYPTO_MAP_A_FLOW_PEER_NAME] = { .type = NLA_STRING, .len = CRYPTO_MAP_HOST_MAX, },
};

/* CRYPTO_MAP_CMD_FLOW_NEW - do */
const struct nla_policy crypto_map_flow_new_nl_policy[CRYPTO_MAP_A_FLOW_PEER_NAME + 1] = {
	[CRYPTO_MAP_A_FLOW_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[CRYPTO_MAP_A_FLOW_MAP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_FLOW_ENTRY_SEQ] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_FLOW_DYNAMIC_SEQ] = NLA_POLICY_MIN(NLA_U16, 1),
	[CRYPTO_MAP_A_FLOW_REMOTE] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_FLOW_PEER_NAME] = { .type = NLA_STRING, .len = CRYPTO_MAP_HOST_MAX, },
	[CRYPTO_MAP_A_FLOW_SELECTOR] = NLA_POLICY_NESTED(crypto_map_selector_nl_policy),
};

/* CRYPTO_MAP_CMD_FLOW_FAIL - do */
const struct nla_policy crypto_map_flow_fail_nl_policy[CRYPTO_MAP_A_FLOW_REASON + 1] = {
	[CRYPTO_MAP_A_FLOW_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[CRYPTO_MAP_A_FLOW_REASON] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_TEXT_MAX, },
};

/* CRYPTO_MAP_CMD_COUNTERS_CLEAR - do */
const struct nla_policy crypto_map_counters_clear_nl_policy[CRYPTO_MAP_A_FLOW_ID + 1] = {
	[CRYPTO_MAP_A_FLOW_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* CRYPTO_MAP_CMD_SPI_ALLOC - do */
const struct nla_policy crypto_map_spi_alloc_nl_policy[CRYPTO_MAP_A_SA_SPI_MAX + 1] = {
	[CRYPTO_MAP_A_SA_LOCAL] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SA_REMOTE] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SA_SPI_MIN] = NLA_POLICY_MIN(NLA_U32, 256),
	[CRYPTO_MAP_A_SA_SPI_MAX] = { .type = NLA_U32, },
};

/* CRYPTO_MAP_CMD_SA_NEW - do */
const struct nla_policy crypto_map_sa_new_nl_policy[CRYPTO_MAP_A_SA_TFC_PAD + 1] = {
	[CRYPTO_MAP_A_SA_SPI] = NLA_POLICY_MIN(NLA_U32, 256),
	[CRYPTO_MAP_A_SA_DIR] = NLA_POLICY_MAX(NLA_U32, 1),
	[CRYPTO_MAP_A_SA_LOCAL] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SA_REMOTE] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SA_FLOW_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[CRYPTO_MAP_A_SA_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3f),
	[CRYPTO_MAP_A_SA_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
	[CRYPTO_MAP_A_SA_CIPHER] = NLA_POLICY_MAX(NLA_U32, 6),
	[CRYPTO_MAP_A_SA_ICV_BYTES] = { .type = NLA_U8, },
	[CRYPTO_MAP_A_SA_AUTH] = NLA_POLICY_MAX(NLA_U32, 5),
	[CRYPTO_MAP_A_SA_ENC_KEY] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SA_AUTH_KEY] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SA_SELECTOR] = NLA_POLICY_NESTED(crypto_map_selector_nl_policy),
	[CRYPTO_MAP_A_SA_ENCAP_SPORT] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_SA_ENCAP_DPORT] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_SA_REPLAY_WINDOW] = NLA_POLICY_MAX(NLA_U32, 4096),
	[CRYPTO_MAP_A_SA_STANDBY] = { .type = NLA_FLAG, },
	[CRYPTO_MAP_A_SA_TWIN_SPI] = { .type = NLA_U32, },
	[CRYPTO_MAP_A_SA_SOFT] = NLA_POLICY_NESTED(crypto_map_limits_nl_policy),
	[CRYPTO_MAP_A_SA_HARD] = NLA_POLICY_NESTED(crypto_map_limits_nl_policy),
	[CRYPTO_MAP_A_SA_PFS_GROUP] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_SA_SEQ] = { .type = NLA_U64, },
	[CRYPTO_MAP_A_SA_TFC_PAD] = { .type = NLA_U32, },
};

/* CRYPTO_MAP_CMD_SA_SET - do */
const struct nla_policy crypto_map_sa_set_nl_policy[CRYPTO_MAP_A_SA_ENCAP_DPORT + 1] = {
	[CRYPTO_MAP_A_SA_SPI] = NLA_POLICY_MIN(NLA_U32, 256),
	[CRYPTO_MAP_A_SA_DIR] = NLA_POLICY_MAX(NLA_U32, 1),
	[CRYPTO_MAP_A_SA_LOCAL] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SA_REMOTE] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SA_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3f),
	[CRYPTO_MAP_A_SA_ENCAP_SPORT] = { .type = NLA_U16, },
	[CRYPTO_MAP_A_SA_ENCAP_DPORT] = { .type = NLA_U16, },
};

/* CRYPTO_MAP_CMD_SA_DEL - do */
const struct nla_policy crypto_map_sa_del_nl_policy[CRYPTO_MAP_A_SA_REMOTE + 1] = {
	[CRYPTO_MAP_A_SA_SPI] = NLA_POLICY_MIN(NLA_U32, 256),
	[CRYPTO_MAP_A_SA_DIR] = NLA_POLICY_MAX(NLA_U32, 1),
	[CRYPTO_MAP_A_SA_LOCAL] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SA_REMOTE] = { .type = NLA_BINARY, },
};

/* CRYPTO_MAP_CMD_SA_GET - do */
const struct nla_policy crypto_map_sa_get_nl_policy[CRYPTO_MAP_A_SA_FLOW_ID + 1] = {
	[CRYPTO_MAP_A_SA_SPI] = NLA_POLICY_MIN(NLA_U32, 256),
	[CRYPTO_MAP_A_SA_DIR] = NLA_POLICY_MAX(NLA_U32, 1),
	[CRYPTO_MAP_A_SA_LOCAL] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SA_REMOTE] = { .type = NLA_BINARY, },
	[CRYPTO_MAP_A_SA_FLOW_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* CRYPTO_MAP_CMD_SA_FLUSH - do */
const struct nla_policy crypto_map_sa_flush_nl_policy[CRYPTO_MAP_A_SA_MAP + 1] = {
	[CRYPTO_MAP_A_SA_FLOW_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[CRYPTO_MAP_A_SA_MAP] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_SA_REMOTE] = { .type = NLA_BINARY, },
};

/* CRYPTO_MAP_CMD_STATS_GET - do */
const struct nla_policy crypto_map_stats_get_nl_policy[CRYPTO_MAP_A_STATS_REASON + 1] = {
	[CRYPTO_MAP_A_STATS_REASON] = NLA_POLICY_MAX(NLA_U32, 46),
};

/* CRYPTO_MAP_CMD_ALG_GET - do */
const struct nla_policy crypto_map_alg_get_nl_policy[CRYPTO_MAP_A_ALG_KEY_BITS + 1] = {
	[CRYPTO_MAP_A_ALG_NAME] = { .type = NLA_NUL_STRING, .len = CRYPTO_MAP_NAME_MAX, },
	[CRYPTO_MAP_A_ALG_KEY_BITS] = { .type = NLA_U16, },
};

/* CRYPTO_MAP_CMD_TRACE - do */
const struct nla_policy crypto_map_trace_nl_policy[CRYPTO_MAP_A_TRACE_PACKET + 1] = {
	[CRYPTO_MAP_A_TRACE_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[CRYPTO_MAP_A_TRACE_PACKET] = { .type = NLA_BINARY, },
};

/* CRYPTO_MAP_CMD_DAEMON_SET - do */
const struct nla_policy crypto_map_daemon_set_nl_policy[CRYPTO_MAP_A_STATS_DAEMON + 1] = {
	[CRYPTO_MAP_A_STATS_DAEMON] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* CRYPTO_MAP_CMD_FLOW_INITIATE - do */
const struct nla_policy crypto_map_flow_initiate_nl_policy[CRYPTO_MAP_A_FLOW_ID + 1] = {
	[CRYPTO_MAP_A_FLOW_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* Ops table for crypto_map */
const struct genl_ops crypto_map_nl_ops[36] = {
	{
		.cmd		= CRYPTO_MAP_CMD_CONFIG_BEGIN,
		.doit		= crypto_map_nl_config_begin_doit,
		.policy		= crypto_map_config_begin_nl_policy,
		.maxattr	= CRYPTO_MAP_A_CONFIG_FALLBACK,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_CONFIG_COMMIT,
		.doit		= crypto_map_nl_config_commit_doit,
		.policy		= crypto_map_config_commit_nl_policy,
		.maxattr	= CRYPTO_MAP_A_CONFIG_GENERATION,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_CONFIG_TRY,
		.doit		= crypto_map_nl_config_try_doit,
		.dumpit		= crypto_map_nl_config_try_dumpit,
		.policy		= crypto_map_config_try_nl_policy,
		.maxattr	= CRYPTO_MAP_A_CONFIG_GENERATION,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_GLOBALS_SET,
		.doit		= crypto_map_nl_globals_set_doit,
		.policy		= crypto_map_globals_set_nl_policy,
		.maxattr	= CRYPTO_MAP_A_GLOBALS_IDLE_TIME,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_GLOBALS_GET,
		.doit		= crypto_map_nl_globals_get_doit,
		.policy		= crypto_map_globals_get_nl_policy,
		.maxattr	= CRYPTO_MAP_A_GLOBALS_GENERATION,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_ACL_NEW,
		.doit		= crypto_map_nl_acl_new_doit,
		.policy		= crypto_map_acl_new_nl_policy,
		.maxattr	= CRYPTO_MAP_A_ACL_STANDARD,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_ACL_DEL,
		.doit		= crypto_map_nl_acl_del_doit,
		.policy		= crypto_map_acl_del_nl_policy,
		.maxattr	= CRYPTO_MAP_A_ACL_FAMILY,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_ACL_GET,
		.doit		= crypto_map_nl_acl_get_doit,
		.dumpit		= crypto_map_nl_acl_get_dumpit,
		.policy		= crypto_map_acl_get_nl_policy,
		.maxattr	= CRYPTO_MAP_A_ACL_FAMILY,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_TSET_NEW,
		.doit		= crypto_map_nl_tset_new_doit,
		.policy		= crypto_map_tset_new_nl_policy,
		.maxattr	= CRYPTO_MAP_A_TSET_ESN,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_TSET_DEL,
		.doit		= crypto_map_nl_tset_del_doit,
		.policy		= crypto_map_tset_del_nl_policy,
		.maxattr	= CRYPTO_MAP_A_TSET_NAME,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_TSET_GET,
		.doit		= crypto_map_nl_tset_get_doit,
		.dumpit		= crypto_map_nl_tset_get_dumpit,
		.policy		= crypto_map_tset_get_nl_policy,
		.maxattr	= CRYPTO_MAP_A_TSET_NAME,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_MAP_NEW,
		.doit		= crypto_map_nl_map_new_doit,
		.policy		= crypto_map_map_new_nl_policy,
		.maxattr	= CRYPTO_MAP_A_MAP_ISAKMP_PROFILE,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_MAP_DEL,
		.doit		= crypto_map_nl_map_del_doit,
		.policy		= crypto_map_map_del_nl_policy,
		.maxattr	= CRYPTO_MAP_A_MAP_DYNAMIC,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_MAP_GET,
		.doit		= crypto_map_nl_map_get_doit,
		.dumpit		= crypto_map_nl_map_get_dumpit,
		.policy		= crypto_map_map_get_nl_policy,
		.maxattr	= CRYPTO_MAP_A_MAP_DYNAMIC,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_ENTRY_NEW,
		.doit		= crypto_map_nl_entry_new_doit,
		.policy		= crypto_map_entry_new_nl_policy,
		.maxattr	= CRYPTO_MAP_A_ENTRY_PER_HOST,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_ENTRY_DEL,
		.doit		= crypto_map_nl_entry_del_doit,
		.policy		= crypto_map_entry_del_nl_policy,
		.maxattr	= CRYPTO_MAP_A_ENTRY_KIND,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_ENTRY_GET,
		.doit		= crypto_map_nl_entry_get_doit,
		.dumpit		= crypto_map_nl_entry_get_dumpit,
		.policy		= crypto_map_entry_get_nl_policy,
		.maxattr	= CRYPTO_MAP_A_ENTRY_NAMED,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_ATTACH_NEW,
		.doit		= crypto_map_nl_attach_new_doit,
		.policy		= crypto_map_attach_new_nl_policy,
		.maxattr	= CRYPTO_MAP_A_ATTACH_FRAGMENTATION,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_ATTACH_DEL,
		.doit		= crypto_map_nl_attach_del_doit,
		.policy		= crypto_map_attach_del_nl_policy,
		.maxattr	= CRYPTO_MAP_A_ATTACH_MAP,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_ATTACH_GET,
		.doit		= crypto_map_nl_attach_get_doit,
		.dumpit		= crypto_map_nl_attach_get_dumpit,
		.policy		= crypto_map_attach_get_nl_policy,
		.maxattr	= CRYPTO_MAP_A_ATTACH_MAP,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_FLOW_GET,
		.doit		= crypto_map_nl_flow_get_doit,
		.dumpit		= crypto_map_nl_flow_get_dumpit,
		.policy		= crypto_map_flow_get_nl_policy,
		.maxattr	= CRYPTO_MAP_A_FLOW_ROUTED,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_FLOW_FIND,
		.doit		= crypto_map_nl_flow_find_doit,
		.policy		= crypto_map_flow_find_nl_policy,
		.maxattr	= CRYPTO_MAP_A_FLOW_PEER_NAME,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_FLOW_NEW,
		.doit		= crypto_map_nl_flow_new_doit,
		.policy		= crypto_map_flow_new_nl_policy,
		.maxattr	= CRYPTO_MAP_A_FLOW_PEER_NAME,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_FLOW_FAIL,
		.doit		= crypto_map_nl_flow_fail_doit,
		.policy		= crypto_map_flow_fail_nl_policy,
		.maxattr	= CRYPTO_MAP_A_FLOW_REASON,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_COUNTERS_CLEAR,
		.doit		= crypto_map_nl_counters_clear_doit,
		.policy		= crypto_map_counters_clear_nl_policy,
		.maxattr	= CRYPTO_MAP_A_FLOW_ID,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_SPI_ALLOC,
		.doit		= crypto_map_nl_spi_alloc_doit,
		.policy		= crypto_map_spi_alloc_nl_policy,
		.maxattr	= CRYPTO_MAP_A_SA_SPI_MAX,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_SA_NEW,
		.doit		= crypto_map_nl_sa_new_doit,
		.policy		= crypto_map_sa_new_nl_policy,
		.maxattr	= CRYPTO_MAP_A_SA_TFC_PAD,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_SA_SET,
		.doit		= crypto_map_nl_sa_set_doit,
		.policy		= crypto_map_sa_set_nl_policy,
		.maxattr	= CRYPTO_MAP_A_SA_ENCAP_DPORT,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_SA_DEL,
		.doit		= crypto_map_nl_sa_del_doit,
		.policy		= crypto_map_sa_del_nl_policy,
		.maxattr	= CRYPTO_MAP_A_SA_REMOTE,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_SA_GET,
		.doit		= crypto_map_nl_sa_get_doit,
		.dumpit		= crypto_map_nl_sa_get_dumpit,
		.policy		= crypto_map_sa_get_nl_policy,
		.maxattr	= CRYPTO_MAP_A_SA_FLOW_ID,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_SA_FLUSH,
		.doit		= crypto_map_nl_sa_flush_doit,
		.policy		= crypto_map_sa_flush_nl_policy,
		.maxattr	= CRYPTO_MAP_A_SA_MAP,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_STATS_GET,
		.doit		= crypto_map_nl_stats_get_doit,
		.policy		= crypto_map_stats_get_nl_policy,
		.maxattr	= CRYPTO_MAP_A_STATS_REASON,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_ALG_GET,
		.doit		= crypto_map_nl_alg_get_doit,
		.dumpit		= crypto_map_nl_alg_get_dumpit,
		.policy		= crypto_map_alg_get_nl_policy,
		.maxattr	= CRYPTO_MAP_A_ALG_KEY_BITS,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_TRACE,
		.doit		= crypto_map_nl_trace_doit,
		.policy		= crypto_map_trace_nl_policy,
		.maxattr	= CRYPTO_MAP_A_TRACE_PACKET,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_DAEMON_SET,
		.doit		= crypto_map_nl_daemon_set_doit,
		.policy		= crypto_map_daemon_set_nl_policy,
		.maxattr	= CRYPTO_MAP_A_STATS_DAEMON,
		.flags		= GENL_ADMIN_PERM,
	},
	{
		.cmd		= CRYPTO_MAP_CMD_FLOW_INITIATE,
		.doit		= crypto_map_nl_flow_initiate_doit,
		.policy		= crypto_map_flow_initiate_nl_policy,
		.maxattr	= CRYPTO_MAP_A_FLOW_ID,
		.flags		= GENL_ADMIN_PERM,
	},
};

static const struct genl_multicast_group crypto_map_nl_mcgrps[] = {
	[CRYPTO_MAP_NLGRP_IKE] = { "ike", },
	[CRYPTO_MAP_NLGRP_EVENTS] = { "events", },
	[CRYPTO_MAP_NLGRP_WATCH] = { "watch", },
};
