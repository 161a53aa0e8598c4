// SPDX-License-Identifier: GPL-2.0-only
/* Handlers of transform sets. */

#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "algs.h"
#include "config.h"
#include "net.h"
#include "netlink.h"
#include "nl_config.h"
#include "nl_tset.h"
#include "selftest.h"
#include "stage.h"

static int cmap_nl_parse_tset(struct cmap_tset *tset, struct genl_info *info)
{
	struct nlattr **tb = info->attrs;
	struct cmap_alg alg;
	u8 icv_bytes = 0;
	int err;

	err = cmap_nl_check_name(tb[CRYPTO_MAP_A_TSET_NAME], info->extack);
	if (err)
		return err;
	nla_strscpy(tset->name, tb[CRYPTO_MAP_A_TSET_NAME],
		    sizeof(tset->name));
	tset->cipher = nla_get_u32(tb[CRYPTO_MAP_A_TSET_CIPHER]);
	if (tb[CRYPTO_MAP_A_TSET_KEY_BITS])
		tset->key_bits = nla_get_u16(tb[CRYPTO_MAP_A_TSET_KEY_BITS]);
	if (tb[CRYPTO_MAP_A_TSET_ICV_BYTES])
		icv_bytes = nla_get_u8(tb[CRYPTO_MAP_A_TSET_ICV_BYTES]);
	if (tb[CRYPTO_MAP_A_TSET_AUTH])
		tset->auth = nla_get_u32(tb[CRYPTO_MAP_A_TSET_AUTH]);
	if (tb[CRYPTO_MAP_A_TSET_MODE])
		tset->mode = nla_get_u32(tb[CRYPTO_MAP_A_TSET_MODE]);
	tset->require = nla_get_flag(tb[CRYPTO_MAP_A_TSET_REQUIRE]);
	tset->esn = nla_get_flag(tb[CRYPTO_MAP_A_TSET_ESN]);

	cmap_selftest_wait();

	err = cmap_alg_resolve(&alg, tset->cipher, tset->key_bits, icv_bytes,
			       tset->auth, info->extack);
	if (err)
		return err;
	tset->icv_bytes = alg.combined ? alg.icv : 0;
	tset->weak = alg.weak;
	return 0;
}

int crypto_map_nl_tset_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_stage *stage;
	struct cmap_tset *tset;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_TSET_NAME) ||
	    GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_TSET_CIPHER))
		return -EINVAL;
	tset = kzalloc(sizeof(*tset), GFP_KERNEL_ACCOUNT);
	if (!tset)
		return -ENOMEM;
	refcount_set(&tset->refs, 1);
	err = cmap_nl_parse_tset(tset, info);
	if (err)
		goto err_put;

	mutex_lock(&cn->lock);
	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (IS_ERR(stage))
		err = PTR_ERR(stage);
	else
		err = cmap_config_set_tset(stage->config, tset, info->extack);
	mutex_unlock(&cn->lock);
	if (err)
		goto err_put;
	return 0;

err_put:
	cmap_tset_put(tset);
	return err;
}

int crypto_map_nl_tset_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	struct cmap_stage *stage;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_TSET_NAME))
		return -EINVAL;

	mutex_lock(&cn->lock);
	stage = cmap_stage_find(cn, info->snd_portid, info->extack);
	if (IS_ERR(stage))
		err = PTR_ERR(stage);
	else
		err = cmap_config_del_tset(stage->config,
					   nla_data(info->attrs[CRYPTO_MAP_A_TSET_NAME]),
					   info->extack);
	mutex_unlock(&cn->lock);
	return err;
}

int cmap_nl_put_tset(struct sk_buff *skb, const struct cmap_tset *tset)
{
	if (nla_put_string(skb, CRYPTO_MAP_A_TSET_NAME, tset->name) ||
	    nla_put_u32(skb, CRYPTO_MAP_A_TSET_CIPHER, tset->cipher) ||
	    nla_put_u16(skb, CRYPTO_MAP_A_TSET_KEY_BITS, tset->key_bits) ||
	    nla_put_u32(skb, CRYPTO_MAP_A_TSET_AUTH, tset->auth) ||
	    nla_put_u32(skb, CRYPTO_MAP_A_TSET_MODE, tset->mode))
		return -EMSGSIZE;
	if (tset->icv_bytes &&
	    nla_put_u8(skb, CRYPTO_MAP_A_TSET_ICV_BYTES, tset->icv_bytes))
		return -EMSGSIZE;
	if (tset->require && nla_put_flag(skb, CRYPTO_MAP_A_TSET_REQUIRE))
		return -EMSGSIZE;
	if (tset->weak && nla_put_flag(skb, CRYPTO_MAP_A_TSET_WEAK))
		return -EMSGSIZE;
	if (tset->esn && nla_put_flag(skb, CRYPTO_MAP_A_TSET_ESN))
		return -EMSGSIZE;
	return 0;
}

int crypto_map_nl_tset_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cmap_net *cn = cmap_net_of(genl_info_net(info));
	const struct cmap_tset *tset;
	struct sk_buff *msg;
	const char *name;
	void *hdr;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_TSET_NAME))
		return -EINVAL;
	name = nla_data(info->attrs[CRYPTO_MAP_A_TSET_NAME]);
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;

	rcu_read_lock();
	tset = cmap_tset_find(cmap_config_of(cn), name);
	if (tset) {
		err = cmap_nl_put_tset(msg, tset);
	} else {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "transform set '%.40s' does not exist", name);
		err = -ENOENT;
	}
	rcu_read_unlock();

	return cmap_nl_reply_send(info, msg, hdr, err);
}

/**
 * struct cmap_nl_tset_cursor - where a dump goes on
 * @pos: rank of the transform set
 */
struct cmap_nl_tset_cursor {
	u32	pos;
};

int crypto_map_nl_tset_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	struct cmap_nl_tset_cursor *cursor = (void *)cb->ctx;
	const struct cmap_config *cfg;
	const struct cmap_tset *tset;
	void *hdr;

	rcu_read_lock();
	cfg = cmap_config_of(cmap_net_of(sock_net(skb->sk)));
	cb->seq = cfg->generation;
	for (; (tset = cmap_names_at(&cfg->tsets, cursor->pos)); cursor->pos++) {
		hdr = cmap_nl_dump_put(skb, cb, CRYPTO_MAP_CMD_TSET_GET);
		if (!hdr ||
		    cmap_nl_dump_end(skb, hdr,
				     cmap_nl_put_tset(skb, tset)))
			break;
	}
	rcu_read_unlock();
	return skb->len;
}
