// SPDX-License-Identifier: GPL-2.0-only
/* Handlers of config-begin, config-commit and the globals. */

#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <net/genetlink.h>

#include "commit.h"
#include "config.h"
#include "net.h"
#include "netlink.h"
#include "nl_config.h"
#include "stage.h"

static int cmap_nl_check_word(const struct nlattr *attr, u32 max,
			      struct netlink_ext_ack *extack)
{
	const unsigned char *name = nla_data(attr);
	size_t i, len = strnlen(nla_data(attr), nla_len(attr));

	if (!len || len > max) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"a name has 1 to %u characters", max);
		return -EINVAL;
	}
	for (i = 0; i < len; i++) {
		if (name[i] > ' ' && name[i] != 0x7f)
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "blank or control character in a name");
		return -EINVAL;
	}
	return 0;
}

int cmap_nl_check_name(const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	return cmap_nl_check_word(attr, CRYPTO_MAP_NAME_MAX, extack);
}

int cmap_nl_check_host(const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	return cmap_nl_check_word(attr, CRYPTO_MAP_HOST_MAX, extack);
}

int cmap_nl_check_text(const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	const unsigned char *text = nla_data(attr);
	size_t i, len = strnlen(nla_data(attr), nla_len(attr));

	if (!len) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "empty text");
		return -EINVAL;
	}
	for (i = 0; i < len; i++) {
		if (text[i] >= ' ' && text[i] != 0x7f)
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "control character in a text");
		return -EINVAL;
	}
	return 0;
}

int cmap_nl_check_family(u16 family, const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	switch (family) {
	case AF_INET:
	case AF_INET6:
		return 0;
	default:
		NL_SET_ERR_MSG_ATTR(extack, attr, "unknown address family");
		return -EINVAL;
	}
}

int cmap_nl_get_family(const struct nlattr *attr, u16 *family,
		       struct netlink_ext_ack *extack)
{
	*family = attr ? nla_get_u16(attr) : AF_INET;
	return cmap_nl_check_family(*family, attr, extack);
}

int cmap_nl_check_max(const struct nlattr *attr, u32 max,
		      struct netlink_ext_ack *extack)
{
	if (!attr || nla_get_u32(attr) <= max)
		return 0;
	NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "value is above %u", max);
	return -ERANGE;
}

void *cmap_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
		       u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &cmap_nl_family, NLM_F_MULTI, cmd);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

int cmap_nl_dump_end(struct sk_buff *skb, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

int crypto_map_nl_config_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	bool fallback = info->attrs[CRYPTO_MAP_A_CONFIG_FALLBACK];
	bool replace = info->attrs[CRYPTO_MAP_A_CONFIG_REPLACE];
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct sk_buff *msg;
	u64 generation;
	void *hdr;
	int err;

	if (fallback && replace) {
		NL_SET_ERR_MSG(info->extack, "there is no fallback to nothing");
		return -EINVAL;
	}
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&cn->lock);
	err = cmap_stage_begin(cn, info->snd_portid, replace, fallback,
			       info->extack);
	generation = cmap_config_of(cn)->generation;
	mutex_unlock(&cn->lock);

	if (!err)
		err = nla_put_u64_64bit(msg, CRYPTO_MAP_A_CONFIG_GENERATION,
					generation, CRYPTO_MAP_A_CONFIG_PAD);
	return cmap_nl_reply_send(info, msg, hdr, err);
}

static int cmap_nl_commit_check_base(const struct cmap_net *cn,
				     const struct cmap_stage *stage,
				     struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[CRYPTO_MAP_A_CONFIG_GENERATION];
	u64 now = cmap_config_of(cn)->generation;

	if (attr && nla_get_u64(attr) != now) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, attr,
					"the configuration is generation %llu by now",
					now);
		return -ESTALE;
	}
	if (!stage->fallback && (!attr || !stage->replace) &&
	    stage->base != now) {
		NL_SET_ERR_MSG(info->extack,
			       "another transaction was committed since this one began");
		return -ESTALE;
	}
	return 0;
}

static int cmap_nl_commit(struct cmap_net *cn, struct genl_info *info,
			  bool dry_run, struct cmap_commit_stats *stats)
{
	struct cmap_stage *stage;
	int err;

	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (IS_ERR(stage))
		return PTR_ERR(stage);
	err = cmap_nl_commit_check_base(cn, stage, info);
	if (!err)
		err = cmap_commit(cn, stage, dry_run, stats, info->extack);
	if (!err && !dry_run)
		cmap_stage_end(stage);
	return err;
}

static int cmap_nl_fill_commit(struct sk_buff *msg,
			       const struct cmap_commit_stats *stats)
{
	if (nla_put_u64_64bit(msg, CRYPTO_MAP_A_CONFIG_GENERATION,
			      stats->generation, CRYPTO_MAP_A_CONFIG_PAD) ||
	    nla_put_u32(msg, CRYPTO_MAP_A_CONFIG_FLOWS_KEPT,
			stats->flows_kept) ||
	    nla_put_u32(msg, CRYPTO_MAP_A_CONFIG_FLOWS_ADDED,
			stats->flows_added) ||
	    nla_put_u32(msg, CRYPTO_MAP_A_CONFIG_FLOWS_REMOVED,
			stats->flows_removed) ||
	    nla_put_u32(msg, CRYPTO_MAP_A_CONFIG_SAS_REMOVED,
			stats->sas_removed))
		return -EMSGSIZE;
	return 0;
}

static int cmap_nl_config_commit(struct genl_info *info, bool dry_run)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_commit_stats stats;
	struct sk_buff *msg;
	void *hdr;
	int err;

	/* first, so that a commit that was made can be reported */
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&cn->lock);
	err = cmap_nl_commit(cn, info, dry_run, &stats);
	mutex_unlock(&cn->lock);

	if (!err)
		err = cmap_nl_fill_commit(msg, &stats);
	return cmap_nl_reply_send(info, msg, hdr, err);
}

int crypto_map_nl_config_commit_doit(struct sk_buff *skb,
				     struct genl_info *info)
{
	return cmap_nl_config_commit(info, false);
}

int crypto_map_nl_config_try_doit(struct sk_buff *skb, struct genl_info *info)
{
	return cmap_nl_config_commit(info, true);
}

int crypto_map_nl_globals_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_globals globals = {
		.life_seconds = CMAP_LIFE_SECONDS_DEFAULT,
		.life_kilobytes = CMAP_LIFE_KILOBYTES_DEFAULT,
		.replay_window = CMAP_REPLAY_WINDOW_DEFAULT,
		.df_bit = CRYPTO_MAP_DF_BIT_COPY,
		.fragmentation = CRYPTO_MAP_FRAGMENTATION_BEFORE_ENCRYPTION,
	};
	struct nlattr **tb = info->attrs;
	struct cmap_stage *stage;
	int err;

	err = cmap_nl_check_max(tb[CRYPTO_MAP_A_GLOBALS_LIFE_SECONDS],
				CMAP_LIFE_SECONDS_GLOBAL_MAX, info->extack) ?:
	      cmap_nl_check_max(tb[CRYPTO_MAP_A_GLOBALS_IDLE_TIME],
				CMAP_IDLE_SECONDS_MAX, info->extack);
	if (err)
		return err;
	if (tb[CRYPTO_MAP_A_GLOBALS_LIFE_SECONDS])
		globals.life_seconds =
			nla_get_u32(tb[CRYPTO_MAP_A_GLOBALS_LIFE_SECONDS]);
	if (tb[CRYPTO_MAP_A_GLOBALS_LIFE_KILOBYTES])
		globals.life_kilobytes =
			nla_get_u32(tb[CRYPTO_MAP_A_GLOBALS_LIFE_KILOBYTES]);
	if (tb[CRYPTO_MAP_A_GLOBALS_REPLAY_WINDOW])
		globals.replay_window =
			nla_get_u32(tb[CRYPTO_MAP_A_GLOBALS_REPLAY_WINDOW]);
	if (tb[CRYPTO_MAP_A_GLOBALS_DF_BIT])
		globals.df_bit = nla_get_u32(tb[CRYPTO_MAP_A_GLOBALS_DF_BIT]);
	if (tb[CRYPTO_MAP_A_GLOBALS_FRAGMENTATION])
		globals.fragmentation =
			nla_get_u32(tb[CRYPTO_MAP_A_GLOBALS_FRAGMENTATION]);
	if (tb[CRYPTO_MAP_A_GLOBALS_IDLE_TIME])
		globals.idle_seconds =
			nla_get_u32(tb[CRYPTO_MAP_A_GLOBALS_IDLE_TIME]);

	mutex_lock(&cn->lock);
	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (!IS_ERR(stage))
		stage->config->globals = globals;
	mutex_unlock(&cn->lock);
	return PTR_ERR_OR_ZERO(stage);
}

static int cmap_nl_fill_globals(struct sk_buff *msg,
				const struct cmap_config *cfg)
{
	const struct cmap_globals *globals = &cfg->globals;

	if (nla_put_u32(msg, CRYPTO_MAP_A_GLOBALS_LIFE_SECONDS,
			globals->life_seconds) ||
	    nla_put_u32(msg, CRYPTO_MAP_A_GLOBALS_LIFE_KILOBYTES,
			globals->life_kilobytes) ||
	    nla_put_u32(msg, CRYPTO_MAP_A_GLOBALS_REPLAY_WINDOW,
			globals->replay_window) ||
	    nla_put_u32(msg, CRYPTO_MAP_A_GLOBALS_DF_BIT, globals->df_bit) ||
	    nla_put_u32(msg, CRYPTO_MAP_A_GLOBALS_FRAGMENTATION,
			globals->fragmentation) ||
	    nla_put_u32(msg, CRYPTO_MAP_A_GLOBALS_IDLE_TIME,
			globals->idle_seconds) ||
	    nla_put_u64_64bit(msg, CRYPTO_MAP_A_GLOBALS_GENERATION,
			      cfg->generation, CRYPTO_MAP_A_GLOBALS_PAD))
		return -EMSGSIZE;
	return 0;
}

int crypto_map_nl_globals_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[CRYPTO_MAP_A_GLOBALS_GENERATION];
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	const struct cmap_config *cfg;
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;

	rcu_read_lock();
	cfg = cmap_config_of(cn);
	if (attr && nla_get_u64(attr) != cfg->generation) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, attr,
					"the configuration is generation %llu by now",
					cfg->generation);
		err = -ESTALE;
	} else {
		err = cmap_nl_fill_globals(msg, cfg);
	}
	rcu_read_unlock();

	return cmap_nl_reply_send(info, msg, hdr, err);
}
