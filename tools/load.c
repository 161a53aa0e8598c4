// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check FILE, load FILE
 *
 * A load is one transaction of the kernel module and one hand-over of phase 1
 * to the daemon: both are tried before either is made, so that what is refused
 * changes nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli.h"
#include "colour.h"
#include "credentials.h"
#include "file.h"
#include "ios/print.h"
#include "ios/wipe.h"
#include "load.h"
#include "manual_keys.h"
#include "progress.h"
#include "resolve.h"
#include "say.h"
#include "transaction.h"
#include "trial.h"

#define LOAD_LOCK "/run/cryptomap.lock"

/* room for the attributes of a message in a batch */
#define ROOM_SMALL 1024
#define ROOM_ENTRY 4096
#define ROOM_ACL (60u << 10)
/* one access list entry at most: a remark, or two port lists and three object-groups */
#define ROOM_ACE 768

/* ------------------------------------------------------------------------ files */

/* Each with its line; there are no warnings where they are errors. */
static void print_diags(const struct ios_config *cfg, bool strict)
{
	const struct ios_diag *diag;
	bool warning;

	for (diag = cfg->diags; diag; diag = diag->next) {
		warning = diag->severity == IOS_WARNING && !strict;
		fprintf(stderr, "%s%s", colour(stderr, warning ? COLOUR_WARNING : COLOUR_ERROR),
			cfg->file);
		if (diag->line)
			fprintf(stderr, ":%u", diag->line);
		fprintf(stderr, ": %s%s%s\n", warning ? "warning: " : "",
			colour(stderr, COLOUR_NONE), diag->text);
	}
}

/* The model of a file, with its diagnostics told; NULL when it cannot be read. */
static struct ios_config *read_config(const struct args *args)
{
	const char *name = args_value(args, "FILE");
	struct ios_config *cfg;
	char *text;
	size_t len;

	text = file_read(name, &len);
	if (!text)
		return NULL;
	cfg = ios_parse_bound(strcmp(name, "-") ? name : "<stdin>", text, len, IOS_ADVICE,
			      args->binding, args->n_bindings);
	if (cfg && (resolve_peers(cfg) || credentials_read(cfg))) {
		ios_free(cfg);
		cfg = NULL;
		errno = ENOMEM;
	}
	resolve_forget();
	if (!cfg) {
		fprintf(stderr, "cryptomap: %s: %s\n", name, strerror(errno));
		wipe_free(text, len);
		return NULL;
	}
	print_diags(cfg, args->strict);
	wipe_free(text, len);
	return cfg;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* Tells what was skipped, and how many errors there are; DONE when it can be loaded. */
static int verdict(const struct ios_config *cfg, bool strict)
{
	size_t errors = cfg->n_errors + (strict ? cfg->n_warnings : 0);

	if (cfg->n_skipped)
		fprintf(stderr, "%s: %zu section%s about other things skipped\n", cfg->file,
			cfg->n_skipped, plural(cfg->n_skipped));
	if (errors) {
		fprintf(stderr, "%s: %zu error%s\n", cfg->file, errors, plural(errors));
		return REFUSED;
	}
	/* most likely another file was meant; an empty one says that nothing is wanted */
	if (ios_config_empty(cfg) && (cfg->n_skipped || cfg->n_warnings)) {
		fprintf(stderr, "%s: nothing in it is of use here\n", cfg->file);
		return REFUSED;
	}
	return DONE;
}

int run_check(const struct args *args)
{
	struct ios_config *cfg;
	int ret;

	cfg = read_config(args);
	if (!cfg)
		return REFUSED;
	ret = verdict(cfg, args->strict);
	ios_free(cfg);
	return ret;
}

/* --------------------------------------------------------------------- encoding */

static void put_string(struct nlmsghdr *nlh, uint16_t type, const char *text)
{
	mnl_attr_put_strz(nlh, type, text);
}

static uint32_t kernel_df(enum ios_df df)
{
	return df == IOS_DF_SET ? CRYPTO_MAP_DF_BIT_SET :
	       df == IOS_DF_CLEAR ? CRYPTO_MAP_DF_BIT_CLEAR : CRYPTO_MAP_DF_BIT_COPY;
}

static uint32_t kernel_frag(enum ios_frag frag)
{
	return frag == IOS_FRAG_AFTER ? CRYPTO_MAP_FRAGMENTATION_AFTER_ENCRYPTION :
					CRYPTO_MAP_FRAGMENTATION_BEFORE_ENCRYPTION;
}

void send_globals(struct nl_batch *batch, const struct ios_ipsec *ipsec)
{
	struct nlmsghdr *nlh = nl_batch_message(batch, CRYPTO_MAP_CMD_GLOBALS_SET, ROOM_SMALL, 0);

	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_GLOBALS_LIFE_SECONDS, ipsec->life_seconds);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_GLOBALS_LIFE_KILOBYTES, ipsec->life_kilobytes);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_GLOBALS_REPLAY_WINDOW, ipsec->replay);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_GLOBALS_DF_BIT, kernel_df(ipsec->df));
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_GLOBALS_FRAGMENTATION, kernel_frag(ipsec->frag));
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_GLOBALS_IDLE_TIME, ipsec->idle);
}

static void put_network(struct nlmsghdr *nlh, uint16_t type, uint16_t wildcard_type,
			const struct ios_addr *addr, const struct ios_addr *wild)
{
	int prefix = ios_wild_prefix(wild);

	if (!prefix)
		return;
	nl_put_addr(nlh, type, addr);
	if (prefix != (int)ios_addr_bits(addr->family))
		nl_put_addr(nlh, wildcard_type, wild);
}

static void put_ports(struct nlmsghdr *nlh, uint16_t op_type, uint16_t port_type,
		      const struct ios_ports *ports)
{
	static const uint32_t op[] = {
		[IOS_PORT_ANY] = CRYPTO_MAP_PORT_OP_ANY,
		[IOS_PORT_EQ] = CRYPTO_MAP_PORT_OP_EQ,
		[IOS_PORT_NEQ] = CRYPTO_MAP_PORT_OP_NEQ,
		[IOS_PORT_LT] = CRYPTO_MAP_PORT_OP_LT,
		[IOS_PORT_GT] = CRYPTO_MAP_PORT_OP_GT,
		[IOS_PORT_RANGE] = CRYPTO_MAP_PORT_OP_RANGE,
	};
	unsigned int i;

	if (ports->op == IOS_PORT_ANY)
		return;
	mnl_attr_put_u32(nlh, op_type, op[ports->op]);
	for (i = 0; i < ports->n; i++)
		mnl_attr_put_u16(nlh, port_type, ports->port[i]);
}

static void put_remark(struct nlmsghdr *nlh, uint32_t seq, const char *text)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, CRYPTO_MAP_A_ACL_ACE);

	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ACE_SEQ, seq);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ACE_ACTION, CRYPTO_MAP_ACE_ACTION_REMARK);
	put_string(nlh, CRYPTO_MAP_A_ACE_REMARK, text);
	mnl_attr_nest_end(nlh, nest);
}

/* Of the parts of an entry the first has the object-groups. */
static void put_groups(struct nlmsghdr *nlh, const struct ios_ace *ace)
{
	static const uint16_t type[] = {
		[IOS_PLACE_SERVICE] = CRYPTO_MAP_A_ACE_SERVICE_GROUP,
		[IOS_PLACE_SRC] = CRYPTO_MAP_A_ACE_SRC_GROUP,
		[IOS_PLACE_DST] = CRYPTO_MAP_A_ACE_DST_GROUP,
	};
	size_t i;

	if (!ace->whole)
		return;
	if (ace != ace->whole->parts)
		mnl_attr_put(nlh, CRYPTO_MAP_A_ACE_PART, 0, NULL);
	for (i = 0; ace == ace->whole->parts && i < IOS_PLACES; i++)
		if (ace->whole->group[i])
			put_string(nlh, type[i], ace->whole->group[i]);
}

static void put_ace(struct nlmsghdr *nlh, const struct ios_ace *ace)
{
	struct nlattr *nest;

	if (ace->action == IOS_REMARK) {
		put_remark(nlh, ace->seq, ace->remark);
		return;
	}
	nest = mnl_attr_nest_start(nlh, CRYPTO_MAP_A_ACL_ACE);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ACE_SEQ, ace->seq);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ACE_ACTION,
			 ace->action == IOS_PERMIT ? CRYPTO_MAP_ACE_ACTION_PERMIT :
						     CRYPTO_MAP_ACE_ACTION_DENY);
	if (ace->proto != IOS_PROTO_ANY)
		mnl_attr_put_u8(nlh, CRYPTO_MAP_A_ACE_PROTOCOL, ace->proto);
	put_network(nlh, CRYPTO_MAP_A_ACE_SRC, CRYPTO_MAP_A_ACE_SRC_WILDCARD, &ace->src,
		    &ace->src_wild);
	put_network(nlh, CRYPTO_MAP_A_ACE_DST, CRYPTO_MAP_A_ACE_DST_WILDCARD, &ace->dst,
		    &ace->dst_wild);
	put_ports(nlh, CRYPTO_MAP_A_ACE_SRC_PORT_OP, CRYPTO_MAP_A_ACE_SRC_PORT, &ace->sport);
	put_ports(nlh, CRYPTO_MAP_A_ACE_DST_PORT_OP, CRYPTO_MAP_A_ACE_DST_PORT, &ace->dport);
	if (ace->icmp_type != IOS_ICMP_ANY)
		mnl_attr_put_u8(nlh, CRYPTO_MAP_A_ACE_ICMP_TYPE, ace->icmp_type);
	if (ace->icmp_code != IOS_ICMP_ANY)
		mnl_attr_put_u8(nlh, CRYPTO_MAP_A_ACE_ICMP_CODE, ace->icmp_code);
	if (ace->tos_mask) {
		mnl_attr_put_u8(nlh, CRYPTO_MAP_A_ACE_TOS, ace->tos);
		mnl_attr_put_u8(nlh, CRYPTO_MAP_A_ACE_TOS_MASK, ace->tos_mask);
	}
	if (ace->tcp_set)
		mnl_attr_put_u8(nlh, CRYPTO_MAP_A_ACE_TCP_SET, ace->tcp_set);
	if (ace->tcp_clear)
		mnl_attr_put_u8(nlh, CRYPTO_MAP_A_ACE_TCP_CLEAR, ace->tcp_clear);
	if (ace->tcp_all)
		mnl_attr_put(nlh, CRYPTO_MAP_A_ACE_TCP_ALL, 0, NULL);
	put_ports(nlh, CRYPTO_MAP_A_ACE_TTL_OP, CRYPTO_MAP_A_ACE_TTL, &ace->ttl);
	if (ace->fragments)
		mnl_attr_put(nlh, CRYPTO_MAP_A_ACE_FRAGMENTS, 0, NULL);
	put_groups(nlh, ace);
	mnl_attr_nest_end(nlh, nest);
}

/* The first message of a list, or one that goes on with it. */
static struct nlmsghdr *acl_message(struct nl_batch *batch, const char *name, int family,
				    bool standard, size_t room, unsigned int line, bool append)
{
	struct nlmsghdr *nlh = nl_batch_message(batch, CRYPTO_MAP_CMD_ACL_NEW, room, line);

	put_string(nlh, CRYPTO_MAP_A_ACL_NAME, name);
	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_ACL_FAMILY, family);
	if (standard)
		mnl_attr_put(nlh, CRYPTO_MAP_A_ACL_STANDARD, 0, NULL);
	if (append)
		mnl_attr_put(nlh, CRYPTO_MAP_A_ACL_APPEND, 0, NULL);
	return nlh;
}

/* A long list goes on in further messages. */
void send_acl(struct nl_batch *batch, const struct ios_acl *acl)
{
	const struct ios_ace *ace = ios_row_first(acl);
	bool append = false;
	struct nlmsghdr *nlh;

	do {
		size_t room = ace && ios_row_next(ace) ? ROOM_ACL : ROOM_SMALL;

		nlh = acl_message(batch, acl->name, acl->family, acl->standard, room,
				  append ? ace->line : acl->line, append);
		for (; ace && nlh->nlmsg_len + ROOM_ACE < room; ace = ios_row_next(ace))
			put_ace(nlh, ace);
		append = true;
	} while (ace);
}

/* The module keeps the lines of an object-group as text: its kind, description and members. */
void send_group(struct nl_batch *batch, const struct ios_group *group)
{
	const struct ios_member *member = group->members;
	char text[IOS_ACE_TEXT];
	struct nlmsghdr *nlh;
	uint32_t seq = 1;

	nlh = acl_message(batch, group->name, AF_UNSPEC, false, ROOM_ACL, group->line, false);
	put_remark(nlh, seq++, ios_group_word(group));
	if (group->description) {
		snprintf(text, sizeof(text), "description %s", group->description);
		put_remark(nlh, seq++, text);
	}
	for (; member; member = member->next) {
		if (nlh->nlmsg_len + ROOM_ACE >= ROOM_ACL)
			nlh = acl_message(batch, group->name, AF_UNSPEC, false, ROOM_ACL,
					  member->line, true);
		ios_member_text(text, sizeof(text), member);
		put_remark(nlh, seq++, text + 1);
	}
}

void send_tset(struct nl_batch *batch, const struct ios_tset *set)
{
	/* of sets that can be used */
	static const uint32_t cipher[] = {
		[IOS_ESP_CIPHER_NULL] = CRYPTO_MAP_CIPHER_NULL,
		[IOS_ESP_CIPHER_AES] = CRYPTO_MAP_CIPHER_AES_CBC,
		[IOS_ESP_CIPHER_GCM] = CRYPTO_MAP_CIPHER_AES_GCM,
		[IOS_ESP_CIPHER_GMAC] = CRYPTO_MAP_CIPHER_AES_GMAC,
		[IOS_ESP_CIPHER_3DES] = CRYPTO_MAP_CIPHER_3DES_CBC,
	};
	static const uint32_t auth[] = {
		[IOS_ESP_AUTH_NONE] = CRYPTO_MAP_AUTH_NONE,
		[IOS_ESP_AUTH_SHA] = CRYPTO_MAP_AUTH_HMAC_SHA1_96,
		[IOS_ESP_AUTH_SHA256] = CRYPTO_MAP_AUTH_HMAC_SHA2_256_128,
		[IOS_ESP_AUTH_SHA384] = CRYPTO_MAP_AUTH_HMAC_SHA2_384_192,
		[IOS_ESP_AUTH_SHA512] = CRYPTO_MAP_AUTH_HMAC_SHA2_512_256,
		[IOS_ESP_AUTH_MD5] = CRYPTO_MAP_AUTH_HMAC_MD5_96,
	};
	struct nlmsghdr *nlh = nl_batch_message(batch, CRYPTO_MAP_CMD_TSET_NEW, ROOM_SMALL,
						set->line);

	put_string(nlh, CRYPTO_MAP_A_TSET_NAME, set->name);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_TSET_CIPHER, cipher[set->cipher]);
	if (set->cipher == IOS_ESP_CIPHER_3DES)
		mnl_attr_put_u16(nlh, CRYPTO_MAP_A_TSET_KEY_BITS, 192);
	else if (set->key_bits)
		mnl_attr_put_u16(nlh, CRYPTO_MAP_A_TSET_KEY_BITS, set->key_bits);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_TSET_AUTH, auth[set->auth]);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_TSET_MODE,
			 set->transport ? CRYPTO_MAP_MODE_TRANSPORT : CRYPTO_MAP_MODE_TUNNEL);
	if (set->require)
		mnl_attr_put(nlh, CRYPTO_MAP_A_TSET_REQUIRE, 0, NULL);
	if (set->esn)
		mnl_attr_put(nlh, CRYPTO_MAP_A_TSET_ESN, 0, NULL);
}

void send_map(struct nl_batch *batch, const struct ios_config *cfg, const struct ios_map *map)
{
	const struct ios_interface *ifc = ios_interface_find(cfg, map->local_if);
	const char *dev = ifc ? ios_interface_dev(ifc) : map->local_if;
	struct nlmsghdr *nlh;

	nlh = nl_batch_message(batch, CRYPTO_MAP_CMD_MAP_NEW, ROOM_SMALL, map->line);
	put_string(nlh, CRYPTO_MAP_A_MAP_NAME, map->name);
	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_MAP_FAMILY, map->family);
	if (map->dynamic)
		mnl_attr_put(nlh, CRYPTO_MAP_A_MAP_DYNAMIC, 0, NULL);
	/* a map that is on no interface may name one that Linux cannot have */
	if (ios_dev_valid(dev))
		put_string(nlh, CRYPTO_MAP_A_MAP_LOCAL_DEV, dev);
	if (*map->profile)
		put_string(nlh, CRYPTO_MAP_A_MAP_ISAKMP_PROFILE, map->profile);
}

static void put_manual(struct nlmsghdr *nlh, uint16_t type, const struct ios_manual_key *key)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_MANUAL_KEY_SPI, key->spi);
	if (key->enc_len)
		mnl_attr_put(nlh, CRYPTO_MAP_A_MANUAL_KEY_ENC_KEY, key->enc_len, key->enc);
	if (key->auth_len)
		mnl_attr_put(nlh, CRYPTO_MAP_A_MANUAL_KEY_AUTH_KEY, key->auth_len, key->auth);
	mnl_attr_nest_end(nlh, nest);
}

static void put_route(struct nlmsghdr *nlh, const struct ios_reverse_route *route)
{
	struct nlattr *nest;

	if (!route->line && !route->set_line)
		return;
	nest = mnl_attr_nest_start(nlh, CRYPTO_MAP_A_ENTRY_REVERSE_ROUTE);
	if (route->line)
		mnl_attr_put(nlh, CRYPTO_MAP_A_REVERSE_ROUTE_ENABLE, 0, NULL);
	if (route->is_static)
		mnl_attr_put(nlh, CRYPTO_MAP_A_REVERSE_ROUTE_STATIC, 0, NULL);
	if (route->remote_peer.family)
		nl_put_addr(nlh, CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER, &route->remote_peer);
	if (route->peer_gateway)
		mnl_attr_put(nlh, CRYPTO_MAP_A_REVERSE_ROUTE_REMOTE_PEER_GATEWAY, 0, NULL);
	if (route->distance)
		mnl_attr_put_u8(nlh, CRYPTO_MAP_A_REVERSE_ROUTE_DISTANCE, route->distance);
	if (route->tag)
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_REVERSE_ROUTE_TAG, route->tag);
	if (route->gateway.family)
		nl_put_addr(nlh, CRYPTO_MAP_A_REVERSE_ROUTE_GATEWAY, &route->gateway);
	mnl_attr_nest_end(nlh, nest);
}

bool loads_entry(const struct ios_entry *entry)
{
	return entry->kind != IOS_KIND_MANUAL || entry->complete;
}

void send_entry(struct nl_batch *batch, const struct ios_config *cfg, const struct ios_map *map,
		const struct ios_entry *entry)
{
	static const uint32_t kind[] = {
		[IOS_KIND_ISAKMP] = CRYPTO_MAP_ENTRY_KIND_ISAKMP,
		[IOS_KIND_MANUAL] = CRYPTO_MAP_ENTRY_KIND_MANUAL,
		[IOS_KIND_DYNAMIC] = CRYPTO_MAP_ENTRY_KIND_DYNAMIC,
		[IOS_KIND_TEMPLATE] = CRYPTO_MAP_ENTRY_KIND_TEMPLATE,
	};
	const struct ios_tset *set;
	struct nlmsghdr *nlh;
	size_t i;

	nlh = nl_batch_message(batch, CRYPTO_MAP_CMD_ENTRY_NEW, ROOM_ENTRY, entry->line);
	put_string(nlh, CRYPTO_MAP_A_ENTRY_MAP, map->name);
	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_ENTRY_SEQ, entry->seq);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ENTRY_KIND, kind[entry->kind]);
	if (*entry->dynamic)
		put_string(nlh, CRYPTO_MAP_A_ENTRY_DYNAMIC, entry->dynamic);
	if (*entry->acl)
		put_string(nlh, CRYPTO_MAP_A_ENTRY_ACL, entry->acl);
	if (*entry->filter[IOS_FILTER_IN])
		put_string(nlh, CRYPTO_MAP_A_ENTRY_FILTER_IN, entry->filter[IOS_FILTER_IN]);
	if (*entry->filter[IOS_FILTER_OUT])
		put_string(nlh, CRYPTO_MAP_A_ENTRY_FILTER_OUT, entry->filter[IOS_FILTER_OUT]);
	for (i = 0; i < entry->n_peers; i++)
		if (entry->peers[i].name)
			put_string(nlh, CRYPTO_MAP_A_ENTRY_PEER_NAME, entry->peers[i].name);
		else
			nl_put_addr(nlh, CRYPTO_MAP_A_ENTRY_PEER, &entry->peers[i].addr);
	if (entry->default_peer)
		mnl_attr_put(nlh, CRYPTO_MAP_A_ENTRY_DEFAULT_PEER, 0, NULL);
	for (i = 0; i < entry->n_tsets; i++) {
		set = ios_tset_find(cfg, entry->tsets[i]);
		if (set && set->usable)
			put_string(nlh, CRYPTO_MAP_A_ENTRY_TSET, set->name);
	}
	if (entry->pfs_group && entry->kind != IOS_KIND_MANUAL)
		mnl_attr_put_u16(nlh, CRYPTO_MAP_A_ENTRY_PFS_GROUP, entry->pfs_group);
	if (entry->life_seconds)
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ENTRY_LIFE_SECONDS, entry->life_seconds);
	if (entry->life_kilobytes != IOS_KB_UNSET)
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ENTRY_LIFE_KILOBYTES, entry->life_kilobytes);
	if (entry->replay != IOS_REPLAY_UNSET)
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ENTRY_REPLAY_WINDOW, entry->replay);
	if (entry->df != IOS_DF_UNSET)
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ENTRY_DF_BIT, kernel_df(entry->df));
	if (entry->idle)
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ENTRY_IDLE_TIME, entry->idle);
	if (entry->idle_default)
		mnl_attr_put(nlh, CRYPTO_MAP_A_ENTRY_IDLE_DEFAULT, 0, NULL);
	if (entry->pre_classify)
		mnl_attr_put(nlh, CRYPTO_MAP_A_ENTRY_PRE_CLASSIFY, 0, NULL);
	if (entry->per_host && entry->kind != IOS_KIND_MANUAL)
		mnl_attr_put(nlh, CRYPTO_MAP_A_ENTRY_PER_HOST, 0, NULL);
	if (*entry->profile)
		put_string(nlh, CRYPTO_MAP_A_ENTRY_ISAKMP_PROFILE, entry->profile);
	put_route(nlh, &entry->route);
	if (entry->description)
		put_string(nlh, CRYPTO_MAP_A_ENTRY_DESCRIPTION, entry->description);
	if (entry->kind == IOS_KIND_MANUAL) {
		put_manual(nlh, CRYPTO_MAP_A_ENTRY_MANUAL_IN, &entry->in);
		put_manual(nlh, CRYPTO_MAP_A_ENTRY_MANUAL_OUT, &entry->out);
	}
}

bool loads_attachment(const struct ios_config *cfg, const struct ios_interface *ifc,
		      const char *map)
{
	return *map && ios_dev_valid(ios_interface_dev(ifc)) && ios_map_find(cfg, map);
}

void send_attachment(struct nl_batch *batch, const struct ios_config *cfg,
		     const struct ios_interface *ifc, const char *map, unsigned int line)
{
	const char *dev = ios_interface_dev(ifc);
	struct nlmsghdr *nlh;

	if (!loads_attachment(cfg, ifc, map))
		return;
	nlh = nl_batch_message(batch, CRYPTO_MAP_CMD_ATTACH_NEW, ROOM_SMALL, line);
	put_string(nlh, CRYPTO_MAP_A_ATTACH_IFNAME, dev);
	put_string(nlh, CRYPTO_MAP_A_ATTACH_MAP, map);
	if (strcmp(dev, ifc->name))
		put_string(nlh, CRYPTO_MAP_A_ATTACH_LABEL, ifc->name);
	if (ifc->df != IOS_DF_UNSET)
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ATTACH_DF_BIT, kernel_df(ifc->df));
	if (ifc->frag != IOS_FRAG_UNSET)
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_ATTACH_FRAGMENTATION, kernel_frag(ifc->frag));
}

/* Those of which there may be many. */
static size_t count_objects(const struct ios_config *cfg)
{
	const struct ios_acl *acl;
	const struct ios_map *map;
	size_t n = 0;

	for (acl = cfg->acls; acl; acl = acl->next)
		n++;
	for (map = ios_map_next(cfg, NULL); map; map = ios_map_next(cfg, map))
		n += map->n_entries;
	return n;
}

/*
 * All objects of a model. What was warned of is left out: access lists and
 * object-groups that are not whole, transform sets that the module lacks, manual entries without
 * what makes their SAs, and bindings to nothing. Other entries that are not
 * complete are sent: the module keeps them, inert.
 */
static void send_objects(struct nl_batch *batch, const struct ios_config *cfg)
{
	const struct ios_interface *ifc;
	const struct ios_group *group;
	const struct ios_entry *entry;
	const struct ios_tset *set;
	const struct ios_acl *acl;
	const struct ios_map *map;
	size_t total = count_objects(cfg), done = 0;

	send_globals(batch, &cfg->ipsec);
	for (group = cfg->groups; group; group = group->next)
		if (!group->fault)
			send_group(batch, group);
	for (acl = cfg->acls; acl; acl = acl->next) {
		progress("Staging", done++, total);
		if (!acl->n_lost)
			send_acl(batch, acl);
	}
	for (set = cfg->tsets; set; set = set->next)
		if (set->usable)
			send_tset(batch, set);
	for (map = ios_map_next(cfg, NULL); map; map = ios_map_next(cfg, map)) {
		send_map(batch, cfg, map);
		for (entry = map->entries; entry; entry = entry->next) {
			progress("Staging", done++, total);
			if (loads_entry(entry))
				send_entry(batch, cfg, map, entry);
		}
	}
	for (ifc = cfg->interfaces; ifc; ifc = ifc->next) {
		send_attachment(batch, cfg, ifc, ifc->map, ifc->map_line);
		send_attachment(batch, cfg, ifc, ifc->map6, ifc->map6_line);
	}
}

/* ------------------------------------------------------------------ transaction */

/* Stages all of a model. Return: 0 or -1 after saying why. */
static int stage(struct nl *nl, const struct ios_config *cfg)
{
	struct nl_batch *batch = nl_batch_new(nl, cfg->file);
	int ret;

	if (!batch)
		return -1;
	send_objects(batch, cfg);
	ret = nl_batch_end(batch);
	nl_batch_free(batch);
	return ret ? -1 : 0;
}

/* What the daemon gets, for ios_text_free(); NULL after saying why. */
static char *phase1_text(const struct ios_config *cfg)
{
	char *text = ios_print(cfg, IOS_PRINT_PHASE1 | IOS_PRINT_CONTENTS, NULL);

	if (!text)
		say_no_memory();
	return text;
}

int make_config(struct nl *nl, struct ios_config *cfg, const struct args *args,
		uint64_t *generation, bool anew)
{
	char *now = phase1_text(cfg), *before = ctl_config_get();
	bool running = true;
	int ret = -1;

	progress("Handing phase 1 to charon", 0, 0);
	if (now && before)
		ret = anew || strcmp(now, before) ? ctl_config_set(now, &running, anew) : 0;
	progress("Committing", 0, 0);
	if (!ret)
		ret = transaction_commit(nl, generation);
	/* also when charon's answer was lost: it may have taken the new one */
	if (ret && now && before)
		ctl_config_set(before, &running, false);
	progress_end();
	if (!ret && !running && (cfg->policies || cfg->psks || cfg->keyrings || cfg->profiles ||
				 cfg->peers || cfg->trustpoints))
		fputs(args->foreign ?
		      "cryptomap: warning: charon is not running: ISAKMP policies, keys and peers were not stored, since -n does not enter its /run\n" :
		      "cryptomap: warning: charon is not running: ISAKMP policies, keys and peers take effect when it starts\n",
		      stderr);
	ios_text_free(now);
	ios_text_free(before);
	return ret;
}

/* Whether the daemon would get another phase 1. Return: 0 or -1 after saying why. */
static int phase1_changes(struct ios_config *cfg, bool *changes)
{
	char *now = phase1_text(cfg), *before = ctl_config_get();

	*changes = now && before && strcmp(now, before);
	ios_text_free(now);
	ios_text_free(before);
	return now && before ? 0 : -1;
}

/* Tells what was tried. */
static int dry_run(struct nl *nl, struct ios_config *cfg, const struct args *args,
		   const struct change *change)
{
	struct plan plan;
	int ret = DONE;
	bool phase1;

	if (phase1_changes(cfg, &phase1))
		return REFUSED;
	if (transaction_plan(nl, &plan))
		ret = REFUSED;
	else if (args->json)
		ret = json_out(args->out, json_plan(&plan, change, phase1));
	else
		print_plan(args->out, &plan, change, phase1);
	free(plan.v);
	return ret;
}

/* On trial: with a way back from the first such load on. */
static int make_on_trial(struct nl *nl, struct ios_config *cfg, const struct args *args,
			 uint64_t generation, bool pending, int lock)
{
	struct trial trial;
	int ret, gone = 0;

	if (!pending && trial_start(&trial, args->confirm_within, lock, cfg))
		return -1;
	ret = make_config(nl, cfg, args, &generation, true);
	if (!pending)
		gone = trial_settle(&trial, !ret);
	else if (!ret)
		gone = trial_extend(args->confirm_within);
	if (ret)
		return ret;
	if (gone == -ENOENT)
		fputs("cryptomap: the process that was to roll back is gone; see which configuration is in force\n",
		      stderr);
	if (!gone)
		fprintf(args->out, "Rollback in %u seconds, unless confirmed: cryptomap confirm\n",
			args->confirm_within);
	return gone;
}

static int load(struct nl *nl, struct ios_config *cfg, const struct args *args, int lock)
{
	struct change change = { 0 };
	struct trial_state state;
	uint64_t generation = 0;
	int ret;

	ret = trial_state(&state);
	if (ret && ret != -ENOENT)
		return REFUSED;
	if (!ret && !args->confirm_within && !args->dry_run) {
		fprintf(stderr, "cryptomap: the configuration in force waits to be confirmed, rollback in %u seconds: confirm it or roll it back first, or load with --confirm-within\n",
			state.left);
		return REFUSED;
	}
	if (transaction_begin(nl, &generation) || stage(nl, cfg) ||
	    transaction_try(nl, generation, &change))
		return REFUSED;
	if (args->dry_run)
		return dry_run(nl, cfg, args, &change);
	if (args->confirm_within)
		ret = make_on_trial(nl, cfg, args, generation, !ret, lock);
	else
		ret = make_config(nl, cfg, args, &generation, true);
	return ret ? REFUSED : DONE;
}

int lock_loads(int flags)
{
	int fd = open(LOAD_LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd >= 0 && !flock(fd, LOCK_EX | flags))
		return fd;
	if (fd < 0 || errno != EWOULDBLOCK)
		fprintf(stderr, "cryptomap: %s: %s%s\n", LOAD_LOCK, strerror(errno), needs_root(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

int load_config(struct ios_config *cfg, const struct args *args, int lock)
{
	struct nl *nl = nl_open();
	int ret = nl ? load(nl, cfg, args, lock) : REFUSED;

	progress_end();
	nl_close(nl);
	return ret;
}

int run_load(const struct args *args)
{
	struct ios_config *cfg;
	int ret = REFUSED, lock;

	progress("Reading", 0, 0);
	cfg = read_config(args);
	if (!cfg)
		return REFUSED;
	if (verdict(cfg, args->strict) != DONE) {
		fprintf(stderr, "%s: nothing was changed\n", cfg->file);
		ios_free(cfg);
		return REFUSED;
	}
	lock = lock_loads(0);
	if (lock >= 0) {
		ret = load_config(cfg, args, lock);
		close(lock);
	}
	/* in the shell write memory may want them */
	if (ret == DONE && !args->dry_run)
		manual_keys_keep(cfg);
	ios_free(cfg);
	return ret;
}
