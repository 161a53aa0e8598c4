/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	uapi/specs/crypto_map.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_CRYPTO_MAP_GEN_H
#define _LINUX_CRYPTO_MAP_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/crypto_map.h>

/* Common nested types */
extern const struct nla_policy crypto_map_ace_nl_policy[CRYPTO_MAP_A_ACE_HITS + 1];
extern const struct nla_policy crypto_map_limits_nl_policy[CRYPTO_MAP_A_LIMITS_PAD + 1];
extern const struct nla_policy crypto_map_manual_key_nl_policy[CRYPTO_MAP_A_MANUAL_KEY_AUTH_KEY + 1];
extern const struct nla_policy crypto_map_reverse_route_nl_policy[CRYPTO_MAP_A_REVERSE_ROUTE_GATEWAY + 1];
extern const struct nla_policy crypto_map_selector_nl_policy[CRYPTO_MAP_A_SELECTOR_FAMILY + 1];

extern const struct nla_policy crypto_map_config_begin_nl_policy[CRYPTO_MAP_A_CONFIG_FALLBACK + 1];

extern const struct nla_policy crypto_map_config_commit_nl_policy[CRYPTO_MAP_A_CONFIG_GENERATION + 1];

extern const struct nla_policy crypto_map_config_try_nl_policy[CRYPTO_MAP_A_CONFIG_GENERATION + 1];

extern const struct nla_policy crypto_map_globals_set_nl_policy[CRYPTO_MAP_A_GLOBALS_IDLE_TIME + 1];

extern const struct nla_policy crypto_map_globals_get_nl_policy[CRYPTO_MAP_A_GLOBALS_GENERATION + 1];

extern const struct nla_policy crypto_map_acl_new_nl_policy[CRYPTO_MAP_A_ACL_STANDARD + 1];

extern const struct nla_policy crypto_map_acl_del_nl_policy[CRYPTO_MAP_A_ACL_FAMILY + 1];

extern const struct nla_policy crypto_map_acl_get_nl_policy[CRYPTO_MAP_A_ACL_FAMILY + 1];

extern const struct nla_policy crypto_map_tset_new_nl_policy[CRYPTO_MAP_A_TSET_ESN + 1];

extern const struct nla_policy crypto_map_tset_del_nl_policy[CRYPTO_MAP_A_TSET_NAME + 1];

extern const struct nla_policy crypto_map_tset_get_nl_policy[CRYPTO_MAP_A_TSET_NAME + 1];

extern const struct nla_policy crypto_map_map_new_nl_policy[CRYPTO_MAP_A_MAP_ISAKMP_PROFILE + 1];

extern const struct nla_policy crypto_map_map_del_nl_policy[CRYPTO_MAP_A_MAP_DYNAMIC + 1];

extern const struct nla_policy crypto_map_map_get_nl_policy[CRYPTO_MAP_A_MAP_DYNAMIC + 1];

extern const struct nla_policy crypto_map_entry_new_nl_policy[CRYPTO_MAP_A_ENTRY_PER_HOST + 1];

extern const struct nla_policy crypto_map_entry_del_nl_policy[CRYPTO_MAP_A_ENTRY_KIND + 1];

extern const struct nla_policy crypto_map_entry_get_nl_policy[CRYPTO_MAP_A_ENTRY_NAMED + 1];

extern const struct nla_policy crypto_map_attach_new_nl_policy[CRYPTO_MAP_A_ATTACH_FRAGMENTATION + 1];

extern const struct nla_policy crypto_map_attach_del_nl_policy[CRYPTO_MAP_A_ATTACH_MAP + 1];

extern const struct nla_policy crypto_map_attach_get_nl_policy[CRYPTO_MAP_A_ATTACH_MAP + 1];

extern const struct nla_policy crypto_map_flow_get_nl_policy[CRYPTO_MAP_A_FLOW_ROUTED + 1];

extern const struct nla_policy crypto_map_flow_find_nl_policy[CRYPTO_MAP_A_FLOW_PEER_NAME + 1];

extern const struct nla_policy crypto_map_flow_new_nl_policy[CRYPTO_MAP_A_FLOW_PEER_NAME + 1];

extern const struct nla_policy crypto_map_flow_fail_nl_policy[CRYPTO_MAP_A_FLOW_REASON + 1];

extern const struct nla_policy crypto_map_counters_clear_nl_policy[CRYPTO_MAP_A_FLOW_ID + 1];

extern const struct nla_policy crypto_map_spi_alloc_nl_policy[CRYPTO_MAP_A_SA_SPI_MAX + 1];

extern const struct nla_policy crypto_map_sa_new_nl_policy[CRYPTO_MAP_A_SA_TFC_PAD + 1];

extern const struct nla_policy crypto_map_sa_set_nl_policy[CRYPTO_MAP_A_SA_ENCAP_DPORT + 1];

extern const struct nla_policy crypto_map_sa_del_nl_policy[CRYPTO_MAP_A_SA_REMOTE + 1];

extern const struct nla_policy crypto_map_sa_get_nl_policy[CRYPTO_MAP_A_SA_FLOW_ID + 1];

extern const struct nla_policy crypto_map_sa_flush_nl_policy[CRYPTO_MAP_A_SA_MAP + 1];

extern const struct nla_policy crypto_map_stats_get_nl_policy[CRYPTO_MAP_A_STATS_REASON + 1];

extern const struct nla_policy crypto_map_alg_get_nl_policy[CRYPTO_MAP_A_ALG_KEY_BITS + 1];

extern const struct nla_policy crypto_map_trace_nl_policy[CRYPTO_MAP_A_TRACE_PACKET + 1];

extern const struct nla_policy crypto_map_daemon_set_nl_policy[CRYPTO_MAP_A_STATS_DAEMON + 1];

extern const struct nla_policy crypto_map_flow_initiate_nl_policy[CRYPTO_MAP_A_FLOW_ID + 1];

/* Ops table for crypto_map */
extern const struct genl_ops crypto_map_nl_ops[36];

int crypto_map_nl_config_begin_doit(struct sk_buff *skb,
				    struct genl_info *info);
int crypto_map_nl_config_commit_doit(struct sk_buff *skb,
				     struct genl_info *info);
int crypto_map_nl_config_try_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_config_try_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb);
int crypto_map_nl_globals_set_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_globals_get_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_acl_new_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_acl_del_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_acl_get_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_acl_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int crypto_map_nl_tset_new_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_tset_del_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_tset_get_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_tset_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int crypto_map_nl_map_new_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_map_del_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_map_get_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_map_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int crypto_map_nl_entry_new_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_entry_del_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_entry_get_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_entry_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int crypto_map_nl_attach_new_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_attach_del_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_attach_get_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_attach_get_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb);
int crypto_map_nl_flow_get_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_flow_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int crypto_map_nl_flow_find_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_flow_new_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_flow_fail_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_counters_clear_doit(struct sk_buff *skb,
				      struct genl_info *info);
int crypto_map_nl_spi_alloc_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_sa_new_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_sa_set_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_sa_del_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_sa_get_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_sa_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int crypto_map_nl_sa_flush_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_alg_get_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_alg_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int crypto_map_nl_trace_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_daemon_set_doit(struct sk_buff *skb, struct genl_info *info);
int crypto_map_nl_flow_initiate_doit(struct sk_buff *skb,
				     struct genl_info *info);

enum {
	CRYPTO_MAP_NLGRP_IKE,
	CRYPTO_MAP_NLGRP_EVENTS,
	CRYPTO_MAP_NLGRP_WATCH,
};

#endif /* _LINUX_CRYPTO_MAP_GEN_H */
