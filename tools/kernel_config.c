// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration of the kernel module as a model.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "kernel.h"
#include "say.h"

#define CONFIG_TRIES 20

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
	*(uint64_t *)data = nl_u64(tb[CRYPTO_MAP_A_GLOBALS_GENERATION], 0);
	return 0;
}

/* Ports and TTLs are repeated attributes, which a table of attributes does not keep. */
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
	case CRYPTO_MAP_A_ACE_TTL:
		ports = &ace->ttl;
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
	ace->ttl.op = port_op(tb[CRYPTO_MAP_A_ACE_TTL_OP]);
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
		return say_no_memory();
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
		return say_no_memory();
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
		return say_no_memory();
	map->family = nl_u16(tb[CRYPTO_MAP_A_MAP_FAMILY], AF_INET);
	nl_string(tb[CRYPTO_MAP_A_MAP_LOCAL_DEV], map->local_if, sizeof(map->local_if));
	nl_string(tb[CRYPTO_MAP_A_MAP_ISAKMP_PROFILE], map->profile, sizeof(map->profile));
	return 0;
}

static int named_peer(const struct nlattr *attr, struct ios_peer *peer)
{
	char name[IOS_HOST_MAX + 1];

	nl_string(attr, name, sizeof(name));
	peer->dynamic = true;
	peer->name = strdup(name);
	return peer->name ? MNL_CB_OK : say_no_memory();
}

static int entry_attr(const struct nlattr *attr, void *data)
{
	struct ios_entry *entry = data;

	if (mnl_attr_get_type(attr) == CRYPTO_MAP_A_ENTRY_PEER && entry->n_peers < IOS_PEER_MAX)
		entry->peers[entry->n_peers++].addr = nl_addr(attr);
	if (mnl_attr_get_type(attr) == CRYPTO_MAP_A_ENTRY_PEER_NAME && entry->n_peers < IOS_PEER_MAX)
		return named_peer(attr, &entry->peers[entry->n_peers++]);
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
		return say_no_memory();
	entry->kind = kind;
	nl_string(tb[CRYPTO_MAP_A_ENTRY_DYNAMIC], entry->dynamic, sizeof(entry->dynamic));
	nl_string(tb[CRYPTO_MAP_A_ENTRY_ACL], entry->acl, sizeof(entry->acl));
	nl_string(tb[CRYPTO_MAP_A_ENTRY_FILTER_IN], entry->filter[IOS_FILTER_IN],
		  sizeof(entry->filter[0]));
	nl_string(tb[CRYPTO_MAP_A_ENTRY_FILTER_OUT], entry->filter[IOS_FILTER_OUT],
		  sizeof(entry->filter[0]));
	if (mnl_attr_parse(nlh, sizeof(struct genlmsghdr), entry_attr, entry) < MNL_CB_STOP)
		return -ENOMEM;
	entry->default_peer = tb[CRYPTO_MAP_A_ENTRY_DEFAULT_PEER];
	entry->pfs_group = nl_u16(tb[CRYPTO_MAP_A_ENTRY_PFS_GROUP], 0);
	entry->life_seconds = nl_u32(tb[CRYPTO_MAP_A_ENTRY_LIFE_SECONDS], 0);
	entry->life_kilobytes = nl_u32(tb[CRYPTO_MAP_A_ENTRY_LIFE_KILOBYTES], IOS_KB_UNSET);
	entry->replay = nl_u32(tb[CRYPTO_MAP_A_ENTRY_REPLAY_WINDOW], IOS_REPLAY_UNSET);
	entry->df = decode_df(tb[CRYPTO_MAP_A_ENTRY_DF_BIT]);
	entry->idle = nl_u32(tb[CRYPTO_MAP_A_ENTRY_IDLE_TIME], 0);
	entry->idle_default = tb[CRYPTO_MAP_A_ENTRY_IDLE_DEFAULT];
	entry->pre_classify = tb[CRYPTO_MAP_A_ENTRY_PRE_CLASSIFY];
	entry->per_host = tb[CRYPTO_MAP_A_ENTRY_PER_HOST];
	nl_string(tb[CRYPTO_MAP_A_ENTRY_ISAKMP_PROFILE], entry->profile, sizeof(entry->profile));
	decode_route(tb[CRYPTO_MAP_A_ENTRY_REVERSE_ROUTE], &entry->route);
	if (tb[CRYPTO_MAP_A_ENTRY_DESCRIPTION]) {
		nl_string(tb[CRYPTO_MAP_A_ENTRY_DESCRIPTION], text, sizeof(text));
		free(entry->description);
		entry->description = strdup(text);
		if (!entry->description)
			return say_no_memory();
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
		ifc = ios_interface_of(cfg, map->local_if);
		if (ifc)
			strcpy(map->local_if, ifc->name);
	}
}

/* The crypto map of an interface, whose maps came before. Return: 0 or -1 (no memory) */
static int take_attachment(struct ios_config *cfg, const struct attachment *a)
{
	struct ios_interface *ifc = ios_interface_get(cfg, a->label);
	const struct ios_map *map = ios_map_find(cfg, a->map);

	if (!ifc || ios_interface_bind(cfg, ifc, map ? map->family : AF_INET, a->map))
		return -1;
	if (strcmp(a->label, a->ifname))
		strcpy(ifc->netdev, a->ifname);
	ifc->df = a->df;
	ifc->frag = a->frag;
	return 0;
}

static int take_attachments(struct nl *nl, struct ios_config *cfg)
{
	struct attachments attachments;
	int ret = kernel_attachments(nl, &attachments);
	size_t i;

	for (i = 0; !ret && i < attachments.n; i++)
		if (take_attachment(cfg, &attachments.v[i]))
			ret = say_no_memory();
	free(attachments.v);
	return ret;
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
	};
	uint64_t before = 0, after = 0;
	char buf[NL_MESSAGE_MAX];
	size_t i;
	int ret;

	ret = nl_request(nl, nl_message(nl, buf, CRYPTO_MAP_CMD_GLOBALS_GET, 0), generation_row,
			 &before, NULL);
	for (i = 0; !ret && i < sizeof(dump) / sizeof(*dump); i++)
		ret = nl_dump(nl, dump[i].cmd, dump[i].row, cfg);
	if (!ret)
		ret = take_attachments(nl, cfg);
	if (!ret)
		ret = nl_request(nl, nl_message(nl, buf, CRYPTO_MAP_CMD_GLOBALS_GET, 0),
				 globals_row, cfg, NULL);
	if (!ret)
		ret = nl_request(nl, nl_message(nl, buf, CRYPTO_MAP_CMD_GLOBALS_GET, 0),
				 generation_row, &after, NULL);
	return ret ? ret : before == after ? 0 : -EAGAIN;
}

struct ios_config *kernel_config(struct nl *nl)
{
	struct ios_config *cfg;
	int tries, ret;

	for (tries = 0; tries < CONFIG_TRIES; tries++) {
		cfg = ios_new("kernel");
		if (!cfg) {
			say_no_memory();
			return NULL;
		}
		ret = config_once(nl, cfg);
		if (!ret && groups_from_lists(cfg))
			ret = say_no_memory();
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
