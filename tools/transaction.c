// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "decode.h"
#include "transaction.h"

static int generation_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_CONFIG_MAX + 1];

	nl_attrs(nlh, tb, CRYPTO_MAP_A_CONFIG_MAX);
	*(uint64_t *)data = nl_u64(tb[CRYPTO_MAP_A_CONFIG_GENERATION], 0);
	return 0;
}

/* @how: an attribute that says what it starts from, 0 for the configuration in force */
static int begin(struct nl *nl, uint16_t how, uint64_t *generation)
{
	char buf[NL_MESSAGE_MAX];
	struct nlmsghdr *nlh = nl_message(nl, buf, CRYPTO_MAP_CMD_CONFIG_BEGIN, 0);

	if (how)
		mnl_attr_put(nlh, how, 0, NULL);
	return nl_request(nl, nlh, generation_row, generation, NULL);
}

int transaction_begin_change(struct nl *nl, uint64_t *generation)
{
	return begin(nl, 0, generation);
}

int transaction_begin(struct nl *nl, uint64_t *generation)
{
	return begin(nl, CRYPTO_MAP_A_CONFIG_REPLACE, generation);
}

int transaction_begin_fallback(struct nl *nl)
{
	uint64_t generation;

	return begin(nl, CRYPTO_MAP_A_CONFIG_FALLBACK, &generation);
}

int transaction_fall_back(struct nl *nl)
{
	char buf[NL_MESSAGE_MAX];

	return nl_request(nl, nl_message(nl, buf, CRYPTO_MAP_CMD_CONFIG_COMMIT, 0), NULL, NULL, NULL);
}

static int change_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_CONFIG_MAX + 1];
	struct change *change = data;

	nl_attrs(nlh, tb, CRYPTO_MAP_A_CONFIG_MAX);
	change->flows_kept = nl_u32(tb[CRYPTO_MAP_A_CONFIG_FLOWS_KEPT], 0);
	change->flows_added = nl_u32(tb[CRYPTO_MAP_A_CONFIG_FLOWS_ADDED], 0);
	change->flows_removed = nl_u32(tb[CRYPTO_MAP_A_CONFIG_FLOWS_REMOVED], 0);
	change->sas_removed = nl_u32(tb[CRYPTO_MAP_A_CONFIG_SAS_REMOVED], 0);
	return 0;
}

int transaction_try(struct nl *nl, uint64_t generation, struct change *change)
{
	char buf[NL_MESSAGE_MAX];
	struct nlmsghdr *nlh = nl_message(nl, buf, CRYPTO_MAP_CMD_CONFIG_TRY, 0);

	mnl_attr_put_u64(nlh, CRYPTO_MAP_A_CONFIG_GENERATION, generation);
	return nl_request(nl, nlh, change_row, change, NULL);
}

int transaction_commit(struct nl *nl, uint64_t *generation)
{
	char buf[NL_MESSAGE_MAX];
	struct nlmsghdr *nlh = nl_message(nl, buf, CRYPTO_MAP_CMD_CONFIG_COMMIT, 0);

	mnl_attr_put_u64(nlh, CRYPTO_MAP_A_CONFIG_GENERATION, *generation);
	return nl_request(nl, nlh, generation_row, generation, NULL);
}

static int plan_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_CONFIG_MAX + 1];
	struct plan *plan = data;
	struct planned *p;

	p = kernel_row((void **)&plan->v, &plan->n, sizeof(*p));
	if (!p)
		return -ENOMEM;
	nl_attrs(nlh, tb, CRYPTO_MAP_A_CONFIG_MAX);
	p->object = nl_u32(tb[CRYPTO_MAP_A_CONFIG_OBJECT], CRYPTO_MAP_CHANGE_OBJECT_GLOBALS);
	p->action = nl_u32(tb[CRYPTO_MAP_A_CONFIG_ACTION], CRYPTO_MAP_CHANGE_ACTION_CHANGED);
	nl_string(tb[CRYPTO_MAP_A_CONFIG_NAME], p->name, sizeof(p->name));
	p->family = nl_u16(tb[CRYPTO_MAP_A_CONFIG_FAMILY], AF_UNSPEC);
	p->seq = nl_u16(tb[CRYPTO_MAP_A_CONFIG_SEQ], 0);
	nl_string(tb[CRYPTO_MAP_A_CONFIG_IFNAME], p->ifname, sizeof(p->ifname));
	nl_string(tb[CRYPTO_MAP_A_CONFIG_LABEL], p->label, sizeof(p->label));
	if (!*p->label)
		strcpy(p->label, p->ifname);
	p->flow_id = nl_u32(tb[CRYPTO_MAP_A_CONFIG_FLOW_ID], 0);
	nl_string(tb[CRYPTO_MAP_A_CONFIG_ACL], p->acl, sizeof(p->acl));
	p->ace_seq = nl_u32(tb[CRYPTO_MAP_A_CONFIG_ACE_SEQ], 0);
	kernel_selector(tb[CRYPTO_MAP_A_CONFIG_SELECTOR], &p->selector);
	p->spi = nl_u32(tb[CRYPTO_MAP_A_CONFIG_SPI], 0);
	p->dir = nl_u32(tb[CRYPTO_MAP_A_CONFIG_DIR], CRYPTO_MAP_SA_DIR_IN);
	p->local = nl_addr(tb[CRYPTO_MAP_A_CONFIG_LOCAL]);
	p->remote = nl_addr(tb[CRYPTO_MAP_A_CONFIG_REMOTE]);
	p->why = nl_u32(tb[CRYPTO_MAP_A_CONFIG_WHY], CRYPTO_MAP_REMOVAL_DETACHED);
	return 0;
}

int transaction_plan(struct nl *nl, struct plan *plan)
{
	*plan = (struct plan){ 0 };
	return nl_dump(nl, CRYPTO_MAP_CMD_CONFIG_TRY, plan_row, plan);
}
