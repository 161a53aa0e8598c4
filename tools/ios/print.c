// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model as running-config text, in the order that IOS writes it; phase 1 is in print_isakmp.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "print.h"
#include "printer.h"
#include "wipe.h"

struct ip ip(const struct ios_addr *addr)
{
	struct ip text;

	ios_addr_text(addr, text.s);
	return text;
}

/* --------------------------------------------------------------- transform sets */

int ios_tset_text(char *buf, size_t size, const struct ios_tset *set, bool show)
{
	static const char *const ah[] = {
		"", "ah-md5-hmac", "ah-sha-hmac", "ah-sha256-hmac", "ah-sha384-hmac",
		"ah-sha512-hmac",
	};
	static const char *const cipher[] = {
		"", "esp-null", "esp-aes", "esp-gcm", "esp-des", "esp-3des", "esp-gmac", "esp-seal",
		"esp-ctr", "esp-chacha20-poly1305",
	};
	static const char *const auth[] = {
		"", "esp-sha-hmac", "esp-sha256-hmac", "esp-sha384-hmac", "esp-sha512-hmac",
		"esp-md5-hmac",
	};
	char bits[16] = "", enc[32];

	snprintf(enc, sizeof(enc), "%s", cipher[set->cipher]);
	if (set->key_bits > 128 && show && set->cipher == IOS_ESP_CIPHER_AES)
		snprintf(enc, sizeof(enc), "esp-%u-aes", set->key_bits);
	else if (set->key_bits > 128)
		snprintf(bits, sizeof(bits), " %u", set->key_bits);
	return snprintf(buf, size, "%s%s%s%s%s%s%s%s", ah[set->ah],
			set->ah && (*enc || set->auth) ? " " : "", enc, bits,
			*enc && set->auth ? " " : "", auth[set->auth],
			set->comp_lzs ? " " : "", set->comp_lzs ? "comp-lzs" : "");
}

static void print_tset(struct text *t, const struct ios_tset *set)
{
	char transforms[128];

	ios_tset_text(transforms, sizeof(transforms), set, false);
	put(t, "crypto ipsec transform-set %s %s \n", set->name, transforms);
	if (set->esn)
		put(t, " esn\n");
	put(t, " mode %s%s\n", set->transport ? "transport" : "tunnel",
	    set->require ? " require" : "");
}

static void print_ipsec(struct text *t, const struct ios_ipsec *ipsec)
{
	if (ipsec->life_kilobytes == 0)
		put(t, "crypto ipsec security-association lifetime kilobytes disable\n");
	else if (ipsec->life_kilobytes != 4608000)
		put(t, "crypto ipsec security-association lifetime kilobytes %u\n",
		    ipsec->life_kilobytes);
	if (ipsec->life_seconds != 3600)
		put(t, "crypto ipsec security-association lifetime seconds %u\n",
		    ipsec->life_seconds);
	if (ipsec->idle)
		put(t, "crypto ipsec security-association idle-time %u\n", ipsec->idle);
	if (!ipsec->replay)
		put(t, "crypto ipsec security-association replay disable\n");
	else if (ipsec->replay != 64)
		put(t, "crypto ipsec security-association replay window-size %u\n", ipsec->replay);
	if (ipsec->df != IOS_DF_COPY)
		put(t, "crypto ipsec df-bit %s\n", ios_df_word(ipsec->df));
	if (ipsec->frag != IOS_FRAG_BEFORE)
		put(t, "crypto ipsec fragmentation %s\n", ios_frag_word(ipsec->frag));
}

/* ------------------------------------------------------------------ crypto maps */

static void print_hex(struct text *t, const char *word, const uint8_t *key, size_t len)
{
	size_t i;

	if (!len)
		return;
	put(t, " %s ", word);
	for (i = 0; i < len; i++)
		put(t, "%02x", key[i]);
}

static void print_manual_key(struct text *t, const char *direction, const struct ios_entry *entry,
			     const struct ios_manual_key *key)
{
	if (!key->spi)
		return;
	if (entry->keys_hidden) {
		put(t, " ! set session-key %s esp %u ... (not shown)\n", direction, key->spi);
		return;
	}
	put(t, " set session-key %s esp %u", direction, key->spi);
	print_hex(t, "cipher", key->enc, key->enc_len);
	print_hex(t, "authenticator", key->auth, key->auth_len);
	put(t, "\n");
}

/* What comes before the name of a map. */
static const char *map_word(const struct ios_map *map)
{
	return map->family == AF_INET6 ? "ipv6 " : "";
}

static void print_route_settings(struct text *t, const struct ios_reverse_route *route)
{
	if (route->distance)
		put(t, " set reverse-route distance %u\n", route->distance);
	if (route->tag)
		put(t, " set reverse-route tag %u\n", route->tag);
	if (route->gateway.family)
		put(t, " set reverse-route gateway %s\n", ip(&route->gateway).s);
}

static void print_route(struct text *t, const struct ios_reverse_route *route)
{
	if (!route->line)
		return;
	put(t, " reverse-route");
	if (route->remote_peer.family)
		put(t, " remote-peer %s%s", ip(&route->remote_peer).s,
		    route->peer_gateway ? " gateway" : "");
	put(t, "%s\n", route->is_static ? " static" : "");
}

static void print_entry_head(struct text *t, const struct ios_map *map,
			     const struct ios_entry *entry)
{
	if (map->dynamic)
		put(t, "crypto dynamic-map %s %u\n", map->name, entry->seq);
	else if (entry->kind == IOS_KIND_DYNAMIC)
		put(t, "crypto map %s%s %u ipsec-isakmp dynamic %s \n", map_word(map), map->name,
		    entry->seq, entry->dynamic);
	else
		put(t, "crypto map %s%s %u %s \n", map_word(map), map->name, entry->seq,
		    entry->kind == IOS_KIND_MANUAL ? "ipsec-manual" : "ipsec-isakmp");
}

static void print_entry(struct text *t, const struct ios_map *map, const struct ios_entry *entry)
{
	char peer[IOS_PEER_TEXT];
	size_t i;

	print_entry_head(t, map, entry);
	if (entry->description)
		put(t, " description %s\n", entry->description);
	for (i = 0; i < entry->n_peers; i++)
		put(t, " set peer %s%s%s\n", ios_peer_text(&entry->peers[i], peer),
		    entry->peers[i].dynamic ? " dynamic" : "",
		    !i && entry->default_peer ? " default" : "");
	print_manual_key(t, "inbound", entry, &entry->in);
	print_manual_key(t, "outbound", entry, &entry->out);
	if (entry->life_kilobytes == 0)
		put(t, " set security-association lifetime kilobytes disable\n");
	else if (entry->life_kilobytes != IOS_KB_UNSET)
		put(t, " set security-association lifetime kilobytes %u\n", entry->life_kilobytes);
	if (entry->life_seconds)
		put(t, " set security-association lifetime seconds %u\n", entry->life_seconds);
	if (entry->idle)
		put(t, " set security-association idle-time %u%s\n", entry->idle,
		    entry->idle_default ? " default" : "");
	if (entry->per_host)
		put(t, " set security-association level per-host\n");
	if (entry->replay == 0)
		put(t, " set security-association replay disable\n");
	else if (entry->replay != IOS_REPLAY_UNSET)
		put(t, " set security-association replay window-size %u\n", entry->replay);
	if (entry->df != IOS_DF_UNSET)
		put(t, " set security-association dfbit %s\n", ios_df_word(entry->df));
	if (*entry->filter[IOS_FILTER_IN])
		put(t, " set ip access-group %s in\n", entry->filter[IOS_FILTER_IN]);
	if (*entry->filter[IOS_FILTER_OUT])
		put(t, " set ip access-group %s out\n", entry->filter[IOS_FILTER_OUT]);
	if (entry->n_tsets) {
		put(t, " set transform-set");
		for (i = 0; i < entry->n_tsets; i++)
			put(t, " %s", entry->tsets[i]);
		put(t, " \n");
	}
	if (entry->pfs_group)
		put(t, " set pfs group%u\n", entry->pfs_group);
	if (*entry->profile)
		put(t, " set isakmp-profile %s\n", entry->profile);
	print_route_settings(t, &entry->route);
	if (*entry->acl)
		put(t, " match address %s\n", entry->acl);
	print_route(t, &entry->route);
	if (entry->pre_classify)
		put(t, " qos pre-classify\n");
}

/* ----------------------------------------------------------------- access lists */

/* Appends to a buffer of fixed size; what does not fit is counted only. */
struct piece {
	char *buf;
	size_t size;
	size_t len;
};

static void add(struct piece *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct piece *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(b->len < b->size ? b->buf + b->len : NULL,
		      b->len < b->size ? b->size - b->len : 0, fmt, ap);
	va_end(ap);
	if (n > 0)
		b->len += n;
}

static void add_address(struct piece *b, const struct ios_addr *addr, const struct ios_addr *wild)
{
	int prefix = ios_wild_prefix(wild);

	if (!prefix)
		add(b, " any");
	else if (prefix == (int)ios_addr_bits(addr->family))
		add(b, " host %s", ip(addr).s);
	else if (addr->family == AF_INET6)
		add(b, " %s/%d", ip(addr).s, prefix);
	else
		add(b, " %s %s", ip(addr).s, ip(wild).s);
}

static void add_end(struct piece *b, const char *group, const struct ios_addr *addr,
		    const struct ios_addr *wild)
{
	if (group)
		add(b, " object-group %s", group);
	else
		add_address(b, addr, wild);
}

/* Ports, or with IOS_PROTO_ANY what has no names. */
static void add_ports(struct piece *b, int proto, const struct ios_ports *ports)
{
	static const char *const op[] = { "", "eq", "neq", "lt", "gt", "range" };
	const char *name;
	unsigned int i;

	if (ports->op == IOS_PORT_ANY)
		return;
	add(b, " %s", op[ports->op]);
	for (i = 0; i < ports->n; i++) {
		name = proto == IOS_PROTO_ANY ? NULL : port_name(proto, ports->port[i]);
		if (name)
			add(b, " %s", name);
		else
			add(b, " %u", ports->port[i]);
	}
}

static void add_icmp(struct piece *b, const struct ios_ace *ace)
{
	const char *name;

	if (ace->icmp_type == IOS_ICMP_ANY)
		return;
	name = icmp_name(ace->src.family, ace->icmp_type, ace->icmp_code);
	if (name)
		add(b, " %s", name);
	else if (ace->icmp_code == IOS_ICMP_ANY)
		add(b, " %d", ace->icmp_type);
	else
		add(b, " %d %d", ace->icmp_type, ace->icmp_code);
}

static void add_tcp(struct piece *b, const struct ios_ace *ace)
{
	uint8_t flag;

	if (!ace->tcp_set && !ace->tcp_clear)
		return;
	if (!ace->tcp_clear && !ace->tcp_all && ace->tcp_set == IOS_TCP_ESTABLISHED) {
		add(b, " established");
		return;
	}
	if (!ace->tcp_clear && !ace->tcp_all && tcp_flag_name(ace->tcp_set)) {
		add(b, " %s", tcp_flag_name(ace->tcp_set));
		return;
	}
	add(b, " match-%s", ace->tcp_all ? "all" : "any");
	for (flag = 0x20; flag; flag >>= 1) {
		if (ace->tcp_set & flag)
			add(b, " +%s", tcp_flag_name(flag));
		if (ace->tcp_clear & flag)
			add(b, " -%s", tcp_flag_name(flag));
	}
}

static void add_tos_field(struct piece *b, const char *word, enum tos_field field, uint8_t tos)
{
	unsigned int number;
	const char *name = tos_name(field, tos, &number);

	if (name)
		add(b, " %s %s", word, name);
	else
		add(b, " %s %u", word, number);
}

static void add_tos(struct piece *b, const struct ios_ace *ace)
{
	if (ace->tos_mask == tos_mask(TOS_DSCP)) {
		add_tos_field(b, "dscp", TOS_DSCP, ace->tos);
		return;
	}
	if (ace->tos_mask & tos_mask(TOS_PRECEDENCE))
		add_tos_field(b, "precedence", TOS_PRECEDENCE, ace->tos);
	if (ace->tos_mask & tos_mask(TOS_TOS))
		add_tos_field(b, "tos", TOS_TOS, ace->tos);
}

static void add_log(struct piece *b, const struct ios_ace *ace)
{
	if (ace->log)
		add(b, ace->log == IOS_LOG_INPUT ? " log-input" : " log");
	if (ace->tag)
		add(b, " %s", ace->tag);
}

/* Of a standard list. */
static void add_source(struct piece *b, const struct ios_ace *ace, bool show)
{
	int prefix = ios_wild_prefix(&ace->src_wild);

	if (!prefix)
		add(b, "any");
	else if (prefix == (int)ios_addr_bits(ace->src.family))
		add(b, "%s", ip(&ace->src).s);
	else
		add(b, "%s%s%s", ip(&ace->src).s, show ? ", wildcard bits " : " ",
		    ip(&ace->src_wild).s);
	add_log(b, ace);
}

int ios_ace_text(char *buf, size_t size, const struct ios_ace *ace, bool show)
{
	struct piece b = { .buf = buf, .size = size };
	const char *proto = protocol_name(ace->src.family, ace->proto);
	bool padded = ace->standard || (!show && ace->src.family == AF_INET);

	add(&b, "%s ", ace->action == IOS_PERMIT ? "permit" : padded ? "deny  " : "deny");
	if (ace->standard) {
		add_source(&b, ace, show);
		return b.len;
	}
	if (ace->group[IOS_PLACE_SERVICE])
		add(&b, "object-group %s", ace->group[IOS_PLACE_SERVICE]);
	else if (proto)
		add(&b, "%s", proto);
	else
		add(&b, "%d", ace->proto);
	add_end(&b, ace->group[IOS_PLACE_SRC], &ace->src, &ace->src_wild);
	add_ports(&b, ace->proto, &ace->sport);
	add_end(&b, ace->group[IOS_PLACE_DST], &ace->dst, &ace->dst_wild);
	add_ports(&b, ace->proto, &ace->dport);
	add_icmp(&b, ace);
	add_tcp(&b, ace);
	add_tos(&b, ace);
	if (ace->ttl.op != IOS_PORT_ANY)
		add(&b, " ttl");
	add_ports(&b, IOS_PROTO_ANY, &ace->ttl);
	if (ace->fragments)
		add(&b, " fragments");
	add_log(&b, ace);
	return b.len;
}

const char *ios_acl_word(const struct ios_acl *acl)
{
	return acl->family == AF_INET6 ? "IPv6" : acl->standard ? "Standard IP" : "Extended IP";
}

/* Whether the entries get the same numbers when they are read back without. */
static bool default_numbers(const struct ios_acl *acl)
{
	uint32_t max_seq = 0, max_ace = 0;
	const struct ios_ace *ace;

	for (ace = acl->aces; ace; ace = ace->next) {
		if (ace->seq != ios_next_seq(max_seq, max_ace, ace->action == IOS_REMARK))
			return false;
		max_seq = ace->seq;
		if (ace->action != IOS_REMARK)
			max_ace = ace->seq;
	}
	return true;
}

static void print_acl(struct text *t, const struct ios_acl *acl)
{
	bool numbers = !default_numbers(acl), one_line = acl->numbered && !numbers && acl->aces;
	bool six = acl->family == AF_INET6;
	const struct ios_ace *ace;
	char text[IOS_ACE_TEXT];

	if (!one_line)
		put(t, "%s %s\n", six ? "ipv6 access-list" : acl->standard ?
		    "ip access-list standard" : "ip access-list extended", acl->name);
	for (ace = acl->aces; ace; ace = ace->next) {
		if (one_line)
			put(t, "access-list %s ", acl->name);
		else if (numbers)
			put(t, " %s%u ", six ? "sequence " : "", ace->seq);
		else
			put(t, " ");
		if (ace->action == IOS_REMARK) {
			put(t, "remark %s\n", ace->remark);
			continue;
		}
		ios_ace_text(text, sizeof(text), ace, false);
		put(t, "%s\n", text);
	}
}

/* -------------------------------------------------------------- object-groups */

/* As access lists have it, but for the mask in place of the wildcard. */
static void add_net(struct piece *b, const struct ios_addr *addr, const struct ios_addr *wild)
{
	int prefix = ios_wild_prefix(wild);
	struct ios_addr mask = *wild;

	if (addr->family == AF_INET && prefix > 0 && prefix < 32) {
		mask.v4.s_addr = ~mask.v4.s_addr;
		add(b, " %s %s", ip(addr).s, ip(&mask).s);
	} else {
		add_address(b, addr, wild);
	}
}

static void add_service(struct piece *b, const struct ios_ace *rule)
{
	const char *proto = protocol_name(rule->src.family, rule->proto);

	if (rule->proto == IOS_PROTO_TCP_UDP)
		add(b, " tcp-udp");
	else if (proto)
		add(b, " %s", proto);
	else
		add(b, " %d", rule->proto);
	if (rule->sport.op != IOS_PORT_ANY)
		add(b, " source");
	add_ports(b, rule->proto, &rule->sport);
	add_ports(b, rule->proto, &rule->dport);
	add_icmp(b, rule);
}

int ios_member_text(char *buf, size_t size, const struct ios_member *member)
{
	struct piece b = { .buf = buf, .size = size };

	switch (member->kind) {
	case IOS_MEMBER_NET:
		add_net(&b, &member->rule.src, &member->rule.src_wild);
		break;
	case IOS_MEMBER_RANGE:
		add(&b, " range %s %s", ip(&member->rule.src).s, ip(&member->last).s);
		break;
	case IOS_MEMBER_SERVICE:
		add_service(&b, &member->rule);
		break;
	case IOS_MEMBER_GROUP:
		add(&b, " group-object %s", member->group);
		break;
	}
	return b.len;
}

const char *ios_group_word(const struct ios_group *group)
{
	if (group->family == AF_INET6)
		return group->service ? "v6-service" : "v6-network";
	return group->service ? "service" : "network";
}

static void print_group(struct text *t, const struct ios_group *group)
{
	const struct ios_member *member;
	char text[IOS_ACE_TEXT];

	put(t, "object-group %s %s\n", ios_group_word(group), group->name);
	if (group->description)
		put(t, " description %s\n", group->description);
	for (member = group->members; member; member = member->next) {
		ios_member_text(text, sizeof(text), member);
		put(t, "%s\n", text);
	}
}

static void print_interface(struct text *t, const struct ios_interface *ifc)
{
	put(t, "interface %s\n", ifc->name);
	if (*ifc->netdev)
		put(t, " netdev %s\n", ifc->netdev);
	if (*ifc->map6)
		put(t, " ipv6 crypto map %s\n", ifc->map6);
	if (*ifc->map)
		put(t, " crypto map %s\n", ifc->map);
	if (ifc->df != IOS_DF_UNSET)
		put(t, " crypto ipsec df-bit %s\n", ios_df_word(ifc->df));
	if (ifc->frag != IOS_FRAG_UNSET)
		put(t, " crypto ipsec fragmentation %s\n", ios_frag_word(ifc->frag));
}

static void print_entries(struct text *t, const struct ios_map *map, unsigned int what)
{
	const struct ios_entry *entry;

	for (entry = map->entries; entry; entry = entry->next)
		if (entry->picked || !(what & IOS_PRINT_PICKED))
			print_entry(t, map, entry);
}

static void print_acls(struct text *t, const struct ios_config *cfg, unsigned int what)
{
	const struct ios_acl *acl;

	for (acl = cfg->acls; acl; acl = acl->next)
		if (acl->picked || !(what & IOS_PRINT_PICKED))
			print_acl(t, acl);
}

static void print_phase2(struct text *t, const struct ios_config *cfg, unsigned int what)
{
	const struct ios_interface *ifc;
	const struct ios_group *group;
	const struct ios_tset *set;
	const struct ios_map *map;

	for (group = cfg->groups; group; group = group->next)
		print_group(t, group);
	print_ipsec(t, &cfg->ipsec);
	for (set = cfg->tsets; set; set = set->next)
		print_tset(t, set);
	put(t, "!\n");
	for (map = cfg->dynamics; map; map = map->next) {
		print_entries(t, map, what);
		put(t, "!\n");
	}
	for (map = cfg->maps; map; map = map->next) {
		if (*map->local_if)
			put(t, "crypto map %s%s local-address %s\n", map_word(map), map->name,
			    map->local_if);
		if (*map->profile)
			put(t, "crypto map %s%s isakmp-profile %s\n", map_word(map), map->name,
			    map->profile);
		print_entries(t, map, what);
		put(t, "!\n");
	}
	for (ifc = cfg->interfaces; ifc; ifc = ifc->next) {
		print_interface(t, ifc);
		put(t, "!\n");
	}
	print_acls(t, cfg, what);
	put(t, "!\n");
}

/* Of phase 2 the objects of which there may be many. */
static void print_picked(struct text *t, const struct ios_config *cfg)
{
	const struct ios_map *map;

	for (map = ios_map_next(cfg, NULL); map; map = ios_map_next(cfg, map))
		print_entries(t, map, IOS_PRINT_PICKED);
	print_acls(t, cfg, IOS_PRINT_PICKED);
}

/* Whether two texts are equal; they are freed. */
static bool same(struct text *a, struct text *b)
{
	char *x = text_finish(a), *y = text_finish(b);
	bool equal = x && y && !strcmp(x, y);

	ios_text_free(x);
	ios_text_free(y);
	return equal;
}

bool ios_acl_same(const struct ios_acl *a, const struct ios_acl *b)
{
	struct text x = { 0 }, y = { 0 };

	print_acl(&x, a);
	print_acl(&y, b);
	return same(&x, &y);
}

bool ios_group_same(const struct ios_group *a, const struct ios_group *b)
{
	struct text x = { 0 }, y = { 0 };

	print_group(&x, a);
	print_group(&y, b);
	return same(&x, &y);
}

bool ios_tset_same(const struct ios_tset *a, const struct ios_tset *b)
{
	struct text x = { 0 }, y = { 0 };

	print_tset(&x, a);
	print_tset(&y, b);
	return same(&x, &y);
}

bool ios_entry_same(const struct ios_map *map, const struct ios_entry *a,
		    const struct ios_entry *b)
{
	struct text x = { 0 }, y = { 0 };

	print_entry(&x, map, a);
	print_entry(&y, map, b);
	return same(&x, &y);
}

bool ios_interface_same(const struct ios_interface *a, const struct ios_interface *b)
{
	struct text x = { 0 }, y = { 0 };

	print_interface(&x, a);
	print_interface(&y, b);
	return same(&x, &y);
}

char *ios_entry_head_text(const struct ios_map *map, const struct ios_entry *entry)
{
	struct text t = { 0 };

	print_entry_head(&t, map, entry);
	return text_finish(&t);
}

char *ios_interface_text(const struct ios_interface *ifc)
{
	struct text t = { 0 };

	print_interface(&t, ifc);
	return text_finish(&t);
}

char *ios_print(const struct ios_config *cfg, unsigned int what, size_t *len)
{
	struct text t = { 0 };

	put(&t, "!\n");
	if (what & IOS_PRINT_PHASE1) {
		print_pki(&t, cfg, what & IOS_PRINT_CONTENTS);
		print_isakmp(&t, cfg, !(what & IOS_PRINT_PHASE2));
	}
	if (what & IOS_PRINT_PHASE2)
		print_phase2(&t, cfg, what);
	if (what == IOS_PRINT_PICKED)
		print_picked(&t, cfg);
	put(&t, "end\n");
	if (len)
		*len = t.len;
	return text_finish(&t);
}

void ios_text_free(char *text)
{
	wipe_free(text, text ? strlen(text) : 0);
}
