// SPDX-License-Identifier: GPL-2.0-only
/* Handlers of crypto maps and their entries. */

#include <linux/err.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "config.h"
#include "net.h"
#include "netlink.h"
#include "nl_config.h"
#include "nl_map.h"
#include "nl_route.h"
#include "stage.h"

int crypto_map_nl_map_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[CRYPTO_MAP_A_MAP_NAME];
	const struct nlattr *dev = info->attrs[CRYPTO_MAP_A_MAP_LOCAL_DEV];
	const struct nlattr *profile;
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_stage *stage;
	u16 family;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_MAP_NAME))
		return -EINVAL;
	err = cmap_nl_check_name(name, info->extack);
	if (!err)
		err = cmap_nl_get_family(info->attrs[CRYPTO_MAP_A_MAP_FAMILY],
					 &family, info->extack);
	if (err)
		return err;
	if (dev && !dev_valid_name(nla_data(dev))) {
		NL_SET_ERR_MSG_ATTR(info->extack, dev,
				    "not the name of an interface");
		return -EINVAL;
	}
	profile = info->attrs[CRYPTO_MAP_A_MAP_ISAKMP_PROFILE];
	err = profile ? cmap_nl_check_name(profile, info->extack) : 0;
	if (err)
		return err;

	mutex_lock(&cn->lock);
	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (IS_ERR(stage))
		err = PTR_ERR(stage);
	else
		err = cmap_config_set_map(stage->config, nla_data(name), family,
					  info->attrs[CRYPTO_MAP_A_MAP_DYNAMIC],
					  dev ? nla_data(dev) : "",
					  profile ? nla_data(profile) : "",
					  info->extack);
	mutex_unlock(&cn->lock);
	return err;
}

int crypto_map_nl_map_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_stage *stage;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_MAP_NAME))
		return -EINVAL;

	mutex_lock(&cn->lock);
	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (IS_ERR(stage))
		err = PTR_ERR(stage);
	else
		err = cmap_config_del_map(stage->config,
					  nla_data(info->attrs[CRYPTO_MAP_A_MAP_NAME]),
					  info->attrs[CRYPTO_MAP_A_MAP_DYNAMIC],
					  info->extack);
	mutex_unlock(&cn->lock);
	return err;
}

static int cmap_nl_put_map(struct sk_buff *skb, const struct cmap_map *map)
{
	if (nla_put_string(skb, CRYPTO_MAP_A_MAP_NAME, map->name) ||
	    nla_put_u16(skb, CRYPTO_MAP_A_MAP_FAMILY, map->family))
		return -EMSGSIZE;
	if (map->local_dev[0] &&
	    nla_put_string(skb, CRYPTO_MAP_A_MAP_LOCAL_DEV, map->local_dev))
		return -EMSGSIZE;
	if (map->profile[0] &&
	    nla_put_string(skb, CRYPTO_MAP_A_MAP_ISAKMP_PROFILE, map->profile))
		return -EMSGSIZE;
	return map->dynamic ? nla_put_flag(skb, CRYPTO_MAP_A_MAP_DYNAMIC) : 0;
}

int crypto_map_nl_map_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	const struct cmap_map *map;
	struct sk_buff *msg;
	const char *name;
	void *hdr;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_MAP_NAME))
		return -EINVAL;
	name = nla_data(info->attrs[CRYPTO_MAP_A_MAP_NAME]);
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;

	rcu_read_lock();
	map = info->attrs[CRYPTO_MAP_A_MAP_DYNAMIC] ?
	      cmap_dynamic_map_find(cmap_config_of(cn), name) :
	      cmap_map_find(cmap_config_of(cn), name);
	if (map) {
		err = cmap_nl_put_map(msg, map);
	} else {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "crypto map '%.40s' does not exist", name);
		err = -ENOENT;
	}
	rcu_read_unlock();

	return cmap_nl_reply_send(info, msg, hdr, err);
}

/**
 * struct cmap_nl_map_cursor - where a dump goes on
 * @pos: rank of the crypto map
 * @seq: sequence number of its entry, for a dump of entries
 */
struct cmap_nl_map_cursor {
	u32		pos;
	unsigned long	seq;
};

int crypto_map_nl_map_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct cmap_nl_map_cursor *cursor = (void *)cb->ctx;
	const struct cmap_config *cfg;
	const struct cmap_map *map;
	void *hdr;

	rcu_read_lock();
	cfg = cmap_config_of(cmap_net_of(sock_net(skb->sk)));
	cb->seq = cfg->generation;
	for (; (map = cmap_names_at(&cfg->maps, cursor->pos)); cursor->pos++) {
		hdr = cmap_nl_dump_put(skb, cb, CRYPTO_MAP_CMD_MAP_GET);
		if (!hdr ||
		    cmap_nl_dump_end(skb, hdr,
				     cmap_nl_put_map(skb, map)))
			break;
	}
	rcu_read_unlock();
	return skb->len;
}

static int cmap_nl_entry_name(struct genl_info *info, int type,
			      const char **name)
{
	const struct nlattr *attr = info->attrs[type];
	int err;

	if (!attr)
		return 0;
	err = cmap_nl_check_name(attr, info->extack);
	if (err)
		return err;
	*name = nla_data(attr);
	return 0;
}

static unsigned int cmap_nl_count(struct genl_info *info, int type)
{
	const struct nlattr *attr;
	unsigned int n = 0;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		n += nla_type(attr) == type;
	return n;
}

static int cmap_nl_entry_peer_name(const struct nlattr *attr,
				   struct cmap_entry_params *p,
				   struct netlink_ext_ack *extack)
{
	int err = cmap_nl_check_host(attr, extack);

	if (err)
		return err;
	if (p->kind != CRYPTO_MAP_ENTRY_KIND_ISAKMP &&
	    p->kind != CRYPTO_MAP_ENTRY_KIND_TEMPLATE) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"crypto map '%.20s' %u: a peer by name, of a kind that has none",
					p->map, p->seq);
		return -EINVAL;
	}
	if (p->n_name++ == CRYPTO_MAP_ENTRY_HOST_MAX) {
		NL_SET_ERR_MSG_FMT(extack,
				   "crypto map '%.24s' %u has more than %u peers by name",
				   p->map, p->seq, CRYPTO_MAP_ENTRY_HOST_MAX);
		return -E2BIG;
	}
	/* of a list: nothing made sure that it ends with a zero */
	nla_strscpy(p->peer_name[p->n_peer], attr, sizeof(*p->peer_name));
	return 0;
}

/* In their order; addresses of one family. */
static int cmap_nl_entry_peers(struct genl_info *info, struct cmap_entry_params *p)
{
	unsigned int n = cmap_nl_count(info, CRYPTO_MAP_A_ENTRY_PEER) +
			 cmap_nl_count(info, CRYPTO_MAP_A_ENTRY_PEER_NAME);
	const struct nlattr *attr;
	int err, rem;

	if (n > CRYPTO_MAP_ENTRY_PEER_MAX) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "crypto map '%.32s' %u has more than %u peers",
				   p->map, p->seq,
				   CRYPTO_MAP_ENTRY_PEER_MAX);
		return -E2BIG;
	}
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) == CRYPTO_MAP_A_ENTRY_PEER)
			err = cmap_nl_get_addr(attr, &p->peer_family,
					       &p->peer[p->n_peer],
					       info->extack);
		else if (nla_type(attr) == CRYPTO_MAP_A_ENTRY_PEER_NAME)
			err = cmap_nl_entry_peer_name(attr, p, info->extack);
		else
			continue;
		if (err)
			return err;
		p->n_peer++;
	}
	return 0;
}

static int cmap_nl_entry_tsets(struct genl_info *info, struct cmap_entry_params *p)
{
	unsigned int n = cmap_nl_count(info, CRYPTO_MAP_A_ENTRY_TSET);
	const struct nlattr *attr;
	int err, rem;

	if (n > CRYPTO_MAP_ENTRY_TSET_MAX) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "crypto map '%.24s' %u has more than %u transform sets",
				   p->map, p->seq,
				   CRYPTO_MAP_ENTRY_TSET_MAX);
		return -E2BIG;
	}
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != CRYPTO_MAP_A_ENTRY_TSET)
			continue;
		err = cmap_nl_check_name(attr, info->extack);
		if (err)
			return err;
		/* of a list: nothing made sure that it ends with a zero */
		nla_strscpy(p->tset[p->n_tset++], attr, sizeof(*p->tset));
	}
	return 0;
}

static void cmap_nl_entry_settings(struct genl_info *info,
				   struct cmap_entry_params *p)
{
	struct nlattr **tb = info->attrs;

	if (tb[CRYPTO_MAP_A_ENTRY_LIFE_SECONDS]) {
		p->set |= CMAP_ENTRY_LIFE_SECONDS;
		p->own.life_seconds =
			nla_get_u32(tb[CRYPTO_MAP_A_ENTRY_LIFE_SECONDS]);
	}
	if (tb[CRYPTO_MAP_A_ENTRY_LIFE_KILOBYTES]) {
		p->set |= CMAP_ENTRY_LIFE_KILOBYTES;
		p->own.life_kilobytes =
			nla_get_u32(tb[CRYPTO_MAP_A_ENTRY_LIFE_KILOBYTES]);
	}
	if (tb[CRYPTO_MAP_A_ENTRY_REPLAY_WINDOW]) {
		p->set |= CMAP_ENTRY_REPLAY_WINDOW;
		p->own.replay_window =
			nla_get_u32(tb[CRYPTO_MAP_A_ENTRY_REPLAY_WINDOW]);
	}
	if (tb[CRYPTO_MAP_A_ENTRY_DF_BIT]) {
		p->set |= CMAP_ENTRY_DF_BIT;
		p->own.df_bit = nla_get_u32(tb[CRYPTO_MAP_A_ENTRY_DF_BIT]);
	}
	if (tb[CRYPTO_MAP_A_ENTRY_IDLE_TIME]) {
		p->set |= CMAP_ENTRY_IDLE_SECONDS;
		p->own.idle_seconds =
			nla_get_u32(tb[CRYPTO_MAP_A_ENTRY_IDLE_TIME]);
	}
}

static int cmap_nl_get_key(const struct nlattr *attr, u8 *key, u8 *len,
			   struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_len(attr) > CMAP_KEY_MAX) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"key is longer than %u bytes",
					CMAP_KEY_MAX);
		return -EINVAL;
	}
	*len = nla_len(attr);
	memcpy(key, nla_data(attr), *len);
	return 0;
}

static int cmap_nl_get_manual_key(const struct nlattr *nest,
				  struct cmap_manual_key *key,
				  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CRYPTO_MAP_A_MANUAL_KEY_MAX + 1];
	int err;

	err = nla_parse_nested(tb, CRYPTO_MAP_A_MANUAL_KEY_MAX, nest,
			       crypto_map_manual_key_nl_policy, extack);
	if (err)
		return err;
	if (NL_REQ_ATTR_CHECK(extack, nest, tb, CRYPTO_MAP_A_MANUAL_KEY_SPI))
		return -EINVAL;
	key->spi = nla_get_u32(tb[CRYPTO_MAP_A_MANUAL_KEY_SPI]);
	err = cmap_nl_get_key(tb[CRYPTO_MAP_A_MANUAL_KEY_ENC_KEY], key->enc,
			      &key->enc_len, extack);
	if (!err)
		err = cmap_nl_get_key(tb[CRYPTO_MAP_A_MANUAL_KEY_AUTH_KEY],
				      key->auth, &key->auth_len, extack);
	return err;
}

/*
 * Our copies of the keys are wiped when they are freed. The request is a
 * buffer of the socket layer, which the sender may still share (a tap on
 * netlink): it cannot be wiped from here.
 */
static int cmap_nl_entry_manual(struct genl_info *info, struct cmap_entry_params *p)
{
	const struct nlattr *in = info->attrs[CRYPTO_MAP_A_ENTRY_MANUAL_IN];
	const struct nlattr *out = info->attrs[CRYPTO_MAP_A_ENTRY_MANUAL_OUT];
	int err;

	if (!in && !out)
		return 0;
	if (p->kind != CRYPTO_MAP_ENTRY_KIND_MANUAL) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, in ?: out,
					"crypto map '%.24s' %u: keys, but the kind is not manual",
					p->map, p->seq);
		return -EINVAL;
	}
	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ENTRY_MANUAL_IN) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ENTRY_MANUAL_OUT))
		return -EINVAL;
	p->manual = p->keys;
	err = cmap_nl_get_manual_key(in, &p->keys[CRYPTO_MAP_SA_DIR_IN],
				     info->extack);
	if (!err)
		err = cmap_nl_get_manual_key(out,
					     &p->keys[CRYPTO_MAP_SA_DIR_OUT],
					     info->extack);
	return err;
}

/* An entry refers to a dynamic crypto map, or has something of its own. */
static int cmap_nl_entry_dynamic(struct genl_info *info,
				 struct cmap_entry_params *p)
{
	bool dynamic = p->kind == CRYPTO_MAP_ENTRY_KIND_DYNAMIC;

	if (dynamic && GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ENTRY_DYNAMIC))
		return -EINVAL;
	if (!dynamic && info->attrs[CRYPTO_MAP_A_ENTRY_DYNAMIC]) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack,
					info->attrs[CRYPTO_MAP_A_ENTRY_DYNAMIC],
					"crypto map '%.24s' %u: the kind is not dynamic",
					p->map, p->seq);
		return -EINVAL;
	}
	if (dynamic && (p->acl || p->n_peer || p->n_tset)) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "crypto map '%.20s' %u: what it says is of its templates",
				   p->map, p->seq);
		return -EINVAL;
	}
	return cmap_nl_entry_name(info, CRYPTO_MAP_A_ENTRY_DYNAMIC,
				  &p->dynamic);
}

static int cmap_nl_entry_description(struct genl_info *info,
				     struct cmap_entry_params *p)
{
	const struct nlattr *attr = info->attrs[CRYPTO_MAP_A_ENTRY_DESCRIPTION];
	int err;

	if (!attr)
		return 0;
	err = cmap_nl_check_text(attr, info->extack);
	if (err)
		return err;
	p->description = nla_data(attr);
	return 0;
}

static int cmap_nl_parse_entry(struct genl_info *info, struct cmap_entry_params *p)
{
	struct nlattr **tb = info->attrs;
	int err;

	err = cmap_nl_check_name(tb[CRYPTO_MAP_A_ENTRY_MAP], info->extack);
	if (!err)
		err = cmap_nl_check_max(tb[CRYPTO_MAP_A_ENTRY_LIFE_SECONDS],
					CMAP_LIFE_SECONDS_ENTRY_MAX,
					info->extack);
	if (!err)
		err = cmap_nl_check_max(tb[CRYPTO_MAP_A_ENTRY_IDLE_TIME],
					CMAP_IDLE_SECONDS_MAX, info->extack);
	if (err)
		return err;
	p->map = nla_data(tb[CRYPTO_MAP_A_ENTRY_MAP]);
	p->seq = nla_get_u16(tb[CRYPTO_MAP_A_ENTRY_SEQ]);
	p->kind = nla_get_u32(tb[CRYPTO_MAP_A_ENTRY_KIND]);
	p->default_peer = nla_get_flag(tb[CRYPTO_MAP_A_ENTRY_DEFAULT_PEER]);
	p->idle_default = nla_get_flag(tb[CRYPTO_MAP_A_ENTRY_IDLE_DEFAULT]);
	p->pre_classify = nla_get_flag(tb[CRYPTO_MAP_A_ENTRY_PRE_CLASSIFY]);
	p->per_host = nla_get_flag(tb[CRYPTO_MAP_A_ENTRY_PER_HOST]);
	if (p->per_host && p->kind != CRYPTO_MAP_ENTRY_KIND_ISAKMP &&
	    p->kind != CRYPTO_MAP_ENTRY_KIND_TEMPLATE) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack,
					tb[CRYPTO_MAP_A_ENTRY_PER_HOST],
					"crypto map '%.24s' %u: no SAs are negotiated by it",
					p->map, p->seq);
		return -EINVAL;
	}
	if (tb[CRYPTO_MAP_A_ENTRY_PFS_GROUP])
		p->pfs_group = nla_get_u16(tb[CRYPTO_MAP_A_ENTRY_PFS_GROUP]);
	cmap_nl_entry_settings(info, p);

	err = cmap_nl_entry_name(info, CRYPTO_MAP_A_ENTRY_ACL, &p->acl);
	if (!err)
		err = cmap_nl_entry_name(info, CRYPTO_MAP_A_ENTRY_FILTER_IN,
					 &p->filter[CRYPTO_MAP_SA_DIR_IN]);
	if (!err)
		err = cmap_nl_entry_name(info, CRYPTO_MAP_A_ENTRY_FILTER_OUT,
					 &p->filter[CRYPTO_MAP_SA_DIR_OUT]);
	if (!err)
		err = cmap_nl_entry_name(info, CRYPTO_MAP_A_ENTRY_ISAKMP_PROFILE,
					 &p->profile);
	if (!err)
		err = cmap_nl_entry_peers(info, p);
	if (!err)
		err = cmap_nl_entry_tsets(info, p);
	if (!err)
		err = cmap_nl_entry_description(info, p);
	if (!err)
		err = cmap_nl_entry_manual(info, p);
	if (!err)
		err = cmap_nl_entry_dynamic(info, p);
	if (!err)
		err = cmap_nl_get_route(tb[CRYPTO_MAP_A_ENTRY_REVERSE_ROUTE],
					p, info->extack);
	return err;
}

/* What a request says as an entry. */
static struct cmap_entry *cmap_nl_make_entry(struct genl_info *info)
{
	struct cmap_entry_params *p;
	struct cmap_entry *entry;
	int err;

	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return ERR_PTR(-ENOMEM);
	err = cmap_nl_parse_entry(info, p);
	entry = err ? ERR_PTR(err) : cmap_entry_create(p);
	kfree_sensitive(p);
	return entry ?: ERR_PTR(-ENOMEM);
}

int crypto_map_nl_entry_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_entry *entry;
	struct cmap_stage *stage;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ENTRY_MAP) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ENTRY_SEQ) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ENTRY_KIND))
		return -EINVAL;
	entry = cmap_nl_make_entry(info);
	if (IS_ERR(entry))
		return PTR_ERR(entry);

	mutex_lock(&cn->lock);
	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (IS_ERR(stage))
		err = PTR_ERR(stage);
	else
		err = cmap_config_set_entry(stage->config, entry, info->extack);
	mutex_unlock(&cn->lock);
	if (err)
		cmap_entry_put(entry);
	return err;
}

/* Whether a request names an entry of a dynamic crypto map. */
static bool cmap_nl_is_template(const struct genl_info *info)
{
	const struct nlattr *kind = info->attrs[CRYPTO_MAP_A_ENTRY_KIND];

	return kind && nla_get_u32(kind) == CRYPTO_MAP_ENTRY_KIND_TEMPLATE;
}

int crypto_map_nl_entry_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_stage *stage;
	const char *map;
	u16 seq;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ENTRY_MAP) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ENTRY_SEQ))
		return -EINVAL;
	map = nla_data(info->attrs[CRYPTO_MAP_A_ENTRY_MAP]);
	seq = nla_get_u16(info->attrs[CRYPTO_MAP_A_ENTRY_SEQ]);

	mutex_lock(&cn->lock);
	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (IS_ERR(stage))
		err = PTR_ERR(stage);
	else
		err = cmap_config_del_entry(stage->config, map,
					    cmap_nl_is_template(info), seq,
					    info->extack);
	mutex_unlock(&cn->lock);
	return err;
}

static int cmap_nl_put_settings(struct sk_buff *skb,
				const struct cmap_globals *settings, u8 which)
{
	if (which & CMAP_ENTRY_LIFE_SECONDS &&
	    nla_put_u32(skb, CRYPTO_MAP_A_ENTRY_LIFE_SECONDS,
			settings->life_seconds))
		return -EMSGSIZE;
	if (which & CMAP_ENTRY_LIFE_KILOBYTES &&
	    nla_put_u32(skb, CRYPTO_MAP_A_ENTRY_LIFE_KILOBYTES,
			settings->life_kilobytes))
		return -EMSGSIZE;
	if (which & CMAP_ENTRY_REPLAY_WINDOW &&
	    nla_put_u32(skb, CRYPTO_MAP_A_ENTRY_REPLAY_WINDOW,
			settings->replay_window))
		return -EMSGSIZE;
	if (which & CMAP_ENTRY_DF_BIT &&
	    nla_put_u32(skb, CRYPTO_MAP_A_ENTRY_DF_BIT, settings->df_bit))
		return -EMSGSIZE;
	if (which & CMAP_ENTRY_IDLE_SECONDS &&
	    nla_put_u32(skb, CRYPTO_MAP_A_ENTRY_IDLE_TIME,
			settings->idle_seconds))
		return -EMSGSIZE;
	return 0;
}

static int cmap_nl_put_spi(struct sk_buff *skb, int type, u32 spi)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest || nla_put_u32(skb, CRYPTO_MAP_A_MANUAL_KEY_SPI, spi))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int cmap_nl_put_lists(struct sk_buff *skb, const struct cmap_entry *entry)
{
	int i, err;

	for (i = 0; i < entry->n_peer; i++) {
		const char *name = cmap_entry_peer_name(entry, i);

		err = *name ? nla_put_string(skb, CRYPTO_MAP_A_ENTRY_PEER_NAME,
					     name) :
			      cmap_nl_put_addr(skb, CRYPTO_MAP_A_ENTRY_PEER,
					       entry->peer_family,
					       &entry->peer[i]);
		if (err)
			return err;
	}
	for (i = 0; i < entry->n_tset; i++)
		if (nla_put_string(skb, CRYPTO_MAP_A_ENTRY_TSET,
				   cmap_entry_tset(entry, i)))
			return -EMSGSIZE;
	return 0;
}

/* Nothing for no name. */
static int cmap_nl_put_name(struct sk_buff *skb, int type, const char *name)
{
	return name ? nla_put_string(skb, type, name) : 0;
}

/* The ISAKMP profile of an entry; of a flow's entry that has none, its map's. */
static int cmap_nl_put_profile(struct sk_buff *skb,
			       const struct cmap_entry *entry,
			       const struct cmap_config *cfg, bool inherit)
{
	const char *name = entry->more->profile;
	const struct cmap_map *map;

	if (!name && inherit) {
		map = cmap_map_find(cfg, entry->map);
		if (map && map->profile[0])
			name = map->profile;
	}
	return cmap_nl_put_name(skb, CRYPTO_MAP_A_ENTRY_ISAKMP_PROFILE, name);
}

int cmap_nl_put_entry(struct sk_buff *skb, const struct cmap_entry *entry,
		      const struct cmap_config *cfg,
		      const struct cmap_globals *inherited)
{
	struct cmap_globals settings = entry->more->own;
	u8 which = entry->set;

	if (inherited) {
		cmap_entry_settings(entry, inherited, &settings);
		which = U8_MAX;
	}
	if (nla_put_string(skb, CRYPTO_MAP_A_ENTRY_MAP, entry->map) ||
	    nla_put_u16(skb, CRYPTO_MAP_A_ENTRY_SEQ, entry->seq) ||
	    nla_put_u32(skb, CRYPTO_MAP_A_ENTRY_KIND, entry->kind) ||
	    cmap_nl_put_lists(skb, entry) ||
	    cmap_nl_put_settings(skb, &settings, which))
		return -EMSGSIZE;
	if (cmap_nl_put_name(skb, CRYPTO_MAP_A_ENTRY_ACL, entry->acl) ||
	    cmap_nl_put_name(skb, CRYPTO_MAP_A_ENTRY_FILTER_IN,
			     entry->more->filter[CRYPTO_MAP_SA_DIR_IN]) ||
	    cmap_nl_put_name(skb, CRYPTO_MAP_A_ENTRY_FILTER_OUT,
			     entry->more->filter[CRYPTO_MAP_SA_DIR_OUT]) ||
	    cmap_nl_put_profile(skb, entry, cfg, inherited))
		return -EMSGSIZE;
	if (entry->default_peer &&
	    nla_put_flag(skb, CRYPTO_MAP_A_ENTRY_DEFAULT_PEER))
		return -EMSGSIZE;
	if (entry->idle_default &&
	    nla_put_flag(skb, CRYPTO_MAP_A_ENTRY_IDLE_DEFAULT))
		return -EMSGSIZE;
	if (entry->pre_classify &&
	    nla_put_flag(skb, CRYPTO_MAP_A_ENTRY_PRE_CLASSIFY))
		return -EMSGSIZE;
	if (entry->per_host && nla_put_flag(skb, CRYPTO_MAP_A_ENTRY_PER_HOST))
		return -EMSGSIZE;
	if (entry->more->dynamic &&
	    nla_put_string(skb, CRYPTO_MAP_A_ENTRY_DYNAMIC, entry->more->dynamic))
		return -EMSGSIZE;
	if (entry->dynamic_seq &&
	    nla_put_u16(skb, CRYPTO_MAP_A_ENTRY_DYNAMIC_SEQ,
			entry->dynamic_seq))
		return -EMSGSIZE;
	if (entry->pfs_group &&
	    nla_put_u16(skb, CRYPTO_MAP_A_ENTRY_PFS_GROUP, entry->pfs_group))
		return -EMSGSIZE;
	if (entry->more->description &&
	    nla_put_string(skb, CRYPTO_MAP_A_ENTRY_DESCRIPTION,
			   entry->more->description))
		return -EMSGSIZE;
	if (cmap_entry_complete(cfg, entry) &&
	    nla_put_flag(skb, CRYPTO_MAP_A_ENTRY_COMPLETE))
		return -EMSGSIZE;
	if (inherited)
		return 0;
	if (cmap_nl_put_route(skb, CRYPTO_MAP_A_ENTRY_REVERSE_ROUTE,
			      entry->more->route))
		return -EMSGSIZE;
	if (!entry->more->manual)
		return 0;
	if (cmap_nl_put_spi(skb, CRYPTO_MAP_A_ENTRY_MANUAL_IN,
			    entry->more->manual[CRYPTO_MAP_SA_DIR_IN].spi) ||
	    cmap_nl_put_spi(skb, CRYPTO_MAP_A_ENTRY_MANUAL_OUT,
			    entry->more->manual[CRYPTO_MAP_SA_DIR_OUT].spi))
		return -EMSGSIZE;
	return 0;
}

int crypto_map_nl_entry_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	const struct cmap_config *cfg;
	const struct cmap_entry *entry;
	const struct cmap_map *map;
	struct sk_buff *msg;
	const char *name;
	void *hdr;
	u16 seq;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ENTRY_MAP) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ENTRY_SEQ))
		return -EINVAL;
	name = nla_data(info->attrs[CRYPTO_MAP_A_ENTRY_MAP]);
	seq = nla_get_u16(info->attrs[CRYPTO_MAP_A_ENTRY_SEQ]);
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;

	rcu_read_lock();
	cfg = cmap_config_of(cn);
	map = cmap_nl_is_template(info) ? cmap_dynamic_map_find(cfg, name) :
					  cmap_map_find(cfg, name);
	entry = map ? cmap_map_entry(map, seq) : NULL;
	if (entry) {
		err = cmap_nl_put_entry(msg, entry, cfg, NULL);
	} else {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "crypto map '%.40s' has no entry %u",
				   name, seq);
		err = -ENOENT;
	}
	rcu_read_unlock();

	return cmap_nl_reply_send(info, msg, hdr, err);
}

/* Only those with peers by name if that is asked for. Return: false when the message is full. */
static bool cmap_nl_dump_entries(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 const struct cmap_config *cfg,
				 const struct cmap_map *map, unsigned long *seq)
{
	bool named = cmap_genl_dump_attrs(cb)[CRYPTO_MAP_A_ENTRY_NAMED];
	const struct cmap_entry *entry;
	void *hdr;

	for (; (entry = cmap_map_entry_from(map, seq)); ++*seq) {
		if (named && !entry->more->peer_names)
			continue;
		hdr = cmap_nl_dump_put(skb, cb, CRYPTO_MAP_CMD_ENTRY_GET);
		if (!hdr ||
		    cmap_nl_dump_end(skb, hdr,
				     cmap_nl_put_entry(skb, entry, cfg, NULL)))
			return false;
	}
	return true;
}

int crypto_map_nl_entry_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	struct cmap_nl_map_cursor *cursor = (void *)cb->ctx;
	const struct cmap_config *cfg;
	const struct cmap_map *map;

	rcu_read_lock();
	cfg = cmap_config_of(cmap_net_of(sock_net(skb->sk)));
	cb->seq = cfg->generation;
	while ((map = cmap_names_at(&cfg->maps, cursor->pos)) &&
	       cmap_nl_dump_entries(skb, cb, cfg, map, &cursor->seq)) {
		cursor->pos++;
		cursor->seq = 0;
	}
	rcu_read_unlock();
	return skb->len;
}
