// SPDX-License-Identifier: GPL-2.0-only
/* Handlers of algorithms. */

#include <linux/errno.h>
#include <linux/string.h>
#include <net/genetlink.h>

#include "algs.h"
#include "netlink.h"
#include "nl_config.h"
#include "selftest.h"

static int cmap_nl_put_alg(struct sk_buff *skb, const struct cmap_alg_row *row)
{
	int err;

	err = nla_put_string(skb, CRYPTO_MAP_A_ALG_NAME, row->name) ?:
	      nla_put_u32(skb, row->is_auth ? CRYPTO_MAP_A_ALG_AUTH :
					      CRYPTO_MAP_A_ALG_CIPHER,
			  row->number) ?:
	      nla_put_u16(skb, CRYPTO_MAP_A_ALG_KEY_BITS, row->key_bits) ?:
	      nla_put_u32(skb, CRYPTO_MAP_A_ALG_STATE, row->state);
	if (!err && row->block)
		err = nla_put_u8(skb, CRYPTO_MAP_A_ALG_BLOCK, row->block);
	if (!err && row->icv)
		err = nla_put_u8(skb, CRYPTO_MAP_A_ALG_ICV_BYTES, row->icv);
	if (!err && row->weak)
		err = nla_put_flag(skb, CRYPTO_MAP_A_ALG_WEAK);
	return err;
}

int crypto_map_nl_alg_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *bits = info->attrs[CRYPTO_MAP_A_ALG_KEY_BITS];
	struct cmap_alg_row row;
	struct sk_buff *msg;
	const char *name;
	unsigned int i;
	void *hdr;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, CRYPTO_MAP_A_ALG_NAME))
		return -EINVAL;
	name = nla_data(info->attrs[CRYPTO_MAP_A_ALG_NAME]);
	cmap_selftest_wait();
	for (i = 0; cmap_alg_row(i, &row); i++)
		if (!strcmp(row.name, name) &&
		    (!bits || nla_get_u16(bits) == row.key_bits))
			goto found;
	NL_SET_ERR_MSG_FMT(info->extack, "no algorithm '%.40s'", name);
	return -ENOENT;

found:
	msg = cmap_nl_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	err = cmap_nl_put_alg(msg, &row);
	return cmap_nl_reply_send(info, msg, hdr, err);
}

/**
 * struct cmap_nl_alg_cursor - where a dump goes on
 * @pos: number of the algorithm
 */
struct cmap_nl_alg_cursor {
	u32	pos;
};

int crypto_map_nl_alg_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct cmap_nl_alg_cursor *cursor = (void *)cb->ctx;
	struct cmap_alg_row row;
	void *hdr;

	cmap_selftest_wait();
	for (; cmap_alg_row(cursor->pos, &row); cursor->pos++) {
		hdr = cmap_nl_dump_put(skb, cb, CRYPTO_MAP_CMD_ALG_GET);
		if (!hdr ||
		    cmap_nl_dump_end(skb, hdr,
				     cmap_nl_put_alg(skb, &row)))
			break;
	}
	return skb->len;
}
