// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto map and crypto dynamic-map: entries and what belongs to a map as a whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

/* --------------------------------------------------------- commands of an entry */

static void entry_description(struct parser *p)
{
	section_description(p, &p->entry->description);
}

static void entry_match(struct parser *p)
{
	static const struct kw table[] = { { .word = "address",
	  .help = "packets that an access list permits" } };
	char name[IOS_NAME_MAX + 1];

	if (!kw_next(p, table, ARRAY_SIZE(table)))
		return;
	if (p->negate) {
		p->entry->acl[0] = '\0';
		return;
	}
	if (!next_name(p, "the name of an access list", name) || !end_of_line(p))
		return;
	strcpy(p->entry->acl, name);
	p->entry->acl_line = p->line.no;
}

/* The words that a problem of the entry is known by: @word and the next one. */
static const char *topic(struct parser *p, const char *word, char buf[IOS_NAME_MAX + 1])
{
	const struct tok *t = tok_peek(p);

	snprintf(buf, IOS_NAME_MAX + 1, "%s%s%s", word, t ? " " : "", t ? shown(p, t) : "");
	return buf;
}

static enum problem_of problem_of(bool dynamic)
{
	return dynamic ? PROBLEM_TEMPLATE : PROBLEM_ENTRY;
}

static void entry_undo(struct parser *p, const char *word)
{
	char buf[IOS_NAME_MAX + 1];

	problem_undo(p, problem_of(p->map->dynamic), p->map->name, p->entry->seq, topic(p, word, buf));
}

/* Something without which the entry protects less than it says. */
static void entry_lacks(struct parser *p, const char *word, const char *what)
{
	char buf[IOS_NAME_MAX + 1];

	if (p->negate)
		entry_undo(p, word);
	else
		problem_map(p, problem_of(p->map->dynamic), p->map->name, p->entry->seq,
			    topic(p, word, buf), "%s", what);
}

static void entry_no_peer(struct parser *p, const struct ios_peer *peer)
{
	struct ios_entry *entry = p->entry;
	size_t i, kept = 0;

	if (entry->n_peers && ios_peer_same(&entry->peers[0], peer))
		entry->default_peer = false;
	for (i = 0; i < entry->n_peers; i++)
		if (!ios_peer_same(&entry->peers[i], peer))
			entry->peers[kept++] = entry->peers[i];
		else
			free(entry->peers[i].name);
	entry->n_peers = kept;
}

/* Whether a peer suits its entry; says why it does not. */
static bool peer_suits(struct parser *p, const struct ios_peer *peer, const struct tok *t)
{
	struct ios_entry *entry = p->entry;
	size_t i, named = 0;

	if (peer->name) {
		for (i = 0; i < entry->n_peers; i++)
			named += entry->peers[i].name != NULL;
		if (named == IOS_NAMED_PEER_MAX)
			p_fail(p, "an entry has at most %d peers by name", IOS_NAMED_PEER_MAX);
		return !p->failed;
	}
	if (!ios_addr_unicast(&peer->addr)) {
		p_fail(p, "'%s' cannot be the address of a peer", shown(p, t));
		return false;
	}
	for (i = 0; i < entry->n_peers; i++)
		if (!entry->peers[i].name && entry->peers[i].addr.family != peer->addr.family) {
			p_fail(p, "the peers of an entry must be of one address family");
			return false;
		}
	return true;
}

/* An address, or, with @name to hold it, the name of a host. */
static bool next_peer(struct parser *p, struct ios_peer *peer, char name[IOS_HOST_MAX + 1])
{
	if (tok_peek(p) && looks_like_host(tok_peek(p))) {
		peer->name = name;
		return next_host(p, name);
	}
	if (!tok_peek(p) && !p->map->dynamic)
		offer_value(p, "WORD", "the name of a peer");
	return next_addr(p, p->map->dynamic ? "the address of a peer" :
			    p->map->family == AF_INET6 ? "the IPv6 address of a peer" :
							 "the IPv4 address of a peer", &peer->addr);
}

static void entry_add_peer(struct parser *p, const struct ios_peer *peer)
{
	struct ios_entry *entry = p->entry;
	struct ios_peer *new = &entry->peers[entry->n_peers];

	if (entry->n_peers == IOS_PEER_MAX) {
		p_fail(p, "an entry has at most %d peers", IOS_PEER_MAX);
		return;
	}
	*new = *peer;
	if (peer->name) {
		new->name = strdup(peer->name);
		if (!new->name) {
			no_memory(p);
			return;
		}
	}
	entry->n_peers++;
	entry->peer_line = p->line.no;
}

static void entry_peer(struct parser *p)
{
	struct ios_peer peer = { .line = p->line.no };
	struct ios_entry *entry = p->entry;
	char name[IOS_HOST_MAX + 1];
	const struct tok *t;
	bool preferred;
	size_t i;

	if (p->negate && !tok_peek(p)) {
		offer_value(p, "A.B.C.D", "one of the peers");
		offer_end(p);
		while (entry->n_peers)
			free(entry->peers[--entry->n_peers].name);
		entry->default_peer = false;
		entry_undo(p, "peer");
		return;
	}
	t = tok_peek(p);
	/* a template only says who may come, which a name does not */
	if (t && looks_like_host(t) && p->map->dynamic) {
		entry_lacks(p, "peer", "a peer of a dynamic crypto map by host name is");
		return;
	}
	if (!next_peer(p, &peer, name))
		return;
	if (p->negate) {
		entry_no_peer(p, &peer);
		return;
	}
	/* of which an address has no need */
	if (peer.name)
		peer.dynamic = option_word(p, "dynamic", 2, "resolve it whenever a tunnel is to be set up");
	else
		skip_word(p, "dynamic", 2);
	preferred = option_word(p, "default", 2, "go back to it when there is no traffic");
	if (!end_of_line(p))
		return;
	if (peer.dynamic && entry->kind == IOS_KIND_MANUAL) {
		p_fail(p, "the peer of an ipsec-manual entry cannot be dynamic");
		return;
	}
	for (i = 0; i < entry->n_peers; i++)
		if (ios_peer_same(&entry->peers[i], &peer))
			break;
	if (preferred && i) {
		p_fail(p, "only the first peer can be the default one");
		return;
	}
	if (i < entry->n_peers) {
		entry->peers[i].dynamic = peer.dynamic;
		entry->peers[i].line = peer.line;
	} else if (peer_suits(p, &peer, t)) {
		entry_add_peer(p, &peer);
	}
	if (!p->failed && !i)
		entry->default_peer = preferred;
}

static void entry_tset(struct parser *p)
{
	char names[IOS_TSET_MAX][IOS_NAME_MAX + 1];
	size_t n = 0;

	if (p->negate) {
		p->entry->n_tsets = 0;
		return;
	}
	do {
		if (n == IOS_TSET_MAX) {
			p_fail(p, "an entry has at most %d transform sets", IOS_TSET_MAX);
			return;
		}
		if (!next_name(p, "the name of a transform set", names[n++]))
			return;
	} while (tok_peek(p));
	offer_value(p, "WORD", "the name of a further transform set");
	if (!end_of_line(p))
		return;
	memcpy(p->entry->tsets, names, n * sizeof(names[0]));
	p->entry->n_tsets = n;
	p->entry->tset_line = p->line.no;
}

static void entry_pfs(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "group1", .id = 1, .help = "768 bits" }, { .word = "group2", .id = 2, .help = "1024 bits" },
		{ .word = "group5", .id = 5, .help = "1536 bits" }, { .word = "group14", .id = 14, .help = "2048 bits" },
		{ .word = "group15", .id = 15, .help = "3072 bits" }, { .word = "group16", .id = 16,
		  .help = "4096 bits" },
		{ .word = "group19", .id = 19, .help = "256 bits, elliptic curve" }, { .word = "group20", .id = 20,
		  .help = "384 bits, elliptic curve" },
		{ .word = "group21", .id = 21, .help = "521 bits, elliptic curve" }, { .word = "group24", .id = 24,
		  .help = "2048 bits, subgroup of 256" },
	};
	const struct kw *kw = &table[0];

	if (p->negate) {
		p->entry->pfs_group = 0;
		return;
	}
	offer_keywords(p, table, ARRAY_SIZE(table));
	if (tok_peek(p))
		kw = kw_next(p, table, ARRAY_SIZE(table));
	if (kw && end_of_line(p))
		p->entry->pfs_group = kw->id;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A key in hexadecimal; it is never shown. */
static bool next_hex(struct parser *p, const char *what, uint8_t *key, size_t *len)
{
	const struct tok *t = tok_next(p);
	const char *s = t ? t->s : NULL;
	size_t n = t ? t->len : 0, i;
	int high, low;

	if (!t)
		offer_value(p, "WORD", "%s in hexadecimal", what);
	if (n > 2 && s[0] == '0' && (s[1] | 0x20) == 'x') {
		s += 2;
		n -= 2;
	}
	if (!n || n % 2 || n / 2 > IOS_MANUAL_KEY_MAX) {
		p_fail(p, "%s must have an even number of hexadecimal digits, at most %d", what,
		       2 * IOS_MANUAL_KEY_MAX);
		return false;
	}
	for (i = 0; i < n / 2; i++) {
		high = hex_digit(s[2 * i]);
		low = hex_digit(s[2 * i + 1]);
		if (high < 0 || low < 0) {
			p_fail(p, "%s must be hexadecimal", what);
			return false;
		}
		key[i] = high << 4 | low;
	}
	*len = n / 2;
	return true;
}

/* inbound|outbound esp SPI [cipher KEY] [authenticator KEY] */
static void entry_session_key(struct parser *p)
{
	static const struct kw directions[] = {
		{ .word = "inbound", .id = 0, .help = "of the SA that receives" },
		{ .word = "outbound", .id = 1, .help = "of the SA that sends" },
	};
	static const struct kw protocols[] = {
		{ .word = "ah", .id = 0 },
		{ .word = "esp", .id = 1, .help = "ESP" },
	};
	const struct kw *direction, *protocol;
	struct ios_manual_key key = { 0 }, *into;
	uint64_t spi;

	if (p->entry->kind != IOS_KIND_MANUAL) {
		p_fail(p, "set session-key belongs to an ipsec-manual entry");
		return;
	}
	direction = kw_next(p, directions, ARRAY_SIZE(directions));
	if (!direction)
		return;
	into = direction->id ? &p->entry->out : &p->entry->in;
	if (p->negate && !tok_peek(p)) {
		explicit_bzero(into, sizeof(*into));
		entry_undo(p, direction->word);
		return;
	}
	protocol = kw_next(p, protocols, ARRAY_SIZE(protocols));
	if (!protocol)
		return;
	if (!protocol->id) {
		p->pos = p->line.n;
		entry_lacks(p, direction->word, "AH is");
		return;
	}
	if (p->negate) {
		explicit_bzero(into, sizeof(*into));
		return;
	}
	offer_number(p, 256, UINT32_MAX, "an SPI");
	/* the word that stands there may be a key */
	if (!tok_number(tok_next(p), &spi) || spi < 256 || spi > UINT32_MAX) {
		p_fail(p, "expected an SPI (256-4294967295) after esp");
		return;
	}
	key.spi = spi;
	if (option_word(p, "cipher", 1, "the key of the cipher"))
		next_hex(p, "a cipher key", key.enc, &key.enc_len);
	if (!p->failed && option_word(p, "authenticator", 1, "the key of the authenticator"))
		next_hex(p, "an authenticator key", key.auth, &key.auth_len);
	if (!p->failed && !key.enc_len && !key.auth_len)
		p_fail(p, "expected cipher or authenticator after the SPI");
	/* a word that is left over may be a piece of a key */
	if (!p->failed && tok_peek(p))
		p_fail(p, "unexpected word after the session key; expected the end of the line");
	offer_end(p);
	if (!p->failed) {
		key.line = p->line.no;
		*into = key;
	}
	explicit_bzero(&key, sizeof(key));
}

static void set_isakmp_profile(struct parser *p)
{
	char name[IOS_NAME_MAX + 1] = "";

	if (p->negate)
		p->pos = p->line.n;
	else if (!next_name(p, "the name of an ISAKMP profile", name))
		return;
	if (!end_of_line(p))
		return;
	strcpy(p->entry->profile, name);
	p->entry->profile_line = p->line.no;
}

static void set_ikev2_profile(struct parser *p)
{
	unsupported(p, "IKEv2 is");
}

static void set_identity(struct parser *p)
{
	unsupported(p, "set identity is");
}

static void set_group(struct parser *p)
{
	unsupported(p, "GDOI (set group) is");
}

static void set_access_group(struct parser *p)
{
	static const struct kw table[] = { { .word = "access-group",
	  .help = "filter of decrypted packets, or of those to be encrypted" } };
	static const struct kw directions[] = {
		{ .word = "in", .id = IOS_FILTER_IN, .help = "decrypted packets" },
		{ .word = "out", .id = IOS_FILTER_OUT, .help = "packets to be encrypted" },
	};
	char name[IOS_NAME_MAX + 1];
	const struct kw *kw;

	if (!kw_next(p, table, ARRAY_SIZE(table)) ||
	    !next_name(p, "the name of an access list", name))
		return;
	kw = kw_next(p, directions, ARRAY_SIZE(directions));
	if (!kw || !end_of_line(p))
		return;
	strcpy(p->entry->filter[kw->id], p->negate ? "" : name);
	p->entry->filter_line[kw->id] = p->line.no;
}

static void set_nat(struct parser *p)
{
	unsupported(p, "set nat demux is");
}

/* The next hop of reverse routes. */
static bool next_hop(struct parser *p, struct ios_addr *addr)
{
	const struct tok *t = tok_peek(p);

	if (!next_addr(p, "the address of a gateway", addr))
		return false;
	if (!ios_addr_unicast(addr))
		p_fail(p, "'%s' cannot be the address of a gateway", shown(p, t));
	return !p->failed;
}

/* reverse-route [static] [remote-peer A [gateway] [static]] */
static void entry_reverse_route(struct parser *p)
{
	struct ios_reverse_route *route = &p->entry->route, new = *route;

	new.is_static = false;
	new.peer_gateway = false;
	new.remote_peer = (struct ios_addr){ 0 };
	if (p->negate) {
		p->pos = p->line.n;
		new.line = 0;
		*route = new;
		return;
	}
	new.line = p->line.no;
	new.is_static = option_word(p, "static", 1, "also while there is no SA");
	if (option_word(p, "remote-peer", 1, "through another next hop")) {
		if (!next_hop(p, &new.remote_peer))
			return;
		new.peer_gateway = option_word(p, "gateway", 1, "a route to the peer as well");
		new.is_static |= option_word(p, "static", 1, "also while there is no SA");
	}
	if (end_of_line(p))
		*route = new;
}

/* set reverse-route {distance N | tag N | gateway A} */
static void set_reverse_route(struct parser *p)
{
	enum { DISTANCE, TAG, GATEWAY };
	static const struct kw table[] = {
		{ .word = "distance", .id = DISTANCE, .help = "their distance" },
		{ .word = "gateway", .id = GATEWAY, .help = "their next hop" },
		{ .word = "tag", .id = TAG, .help = "their tag" },
	};
	struct ios_reverse_route *route = &p->entry->route, new = *route;
	const struct kw *kw = kw_next(p, table, ARRAY_SIZE(table));

	if (!kw)
		return;
	switch (kw->id) {
	case DISTANCE:
		new.distance = 0;
		if (!p->negate)
			next_number(p, "a distance", 1, 255, &new.distance);
		break;
	case TAG:
		new.tag = 0;
		if (!p->negate)
			next_number(p, "a tag", 1, UINT32_MAX, &new.tag);
		break;
	case GATEWAY:
		new.gateway = (struct ios_addr){ 0 };
		if (!p->negate)
			next_hop(p, &new.gateway);
		break;
	}
	if (p->negate)
		p->pos = p->line.n;
	if (p->failed || !end_of_line(p))
		return;
	new.set_line = new.distance || new.tag || new.gateway.family ? p->line.no : 0;
	*route = new;
}

static void entry_dialer(struct parser *p)
{
	unsupported(p, "dialer pre-classify is");
}

static void entry_qos(struct parser *p)
{
	static const struct kw table[] = { { .word = "pre-classify", .help = "the original packet" } };

	if (kw_next(p, table, ARRAY_SIZE(table)) && end_of_line(p))
		p->entry->pre_classify = !p->negate;
}

static void entry_set(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "group", .run = set_group },
		{ .word = "identity", .run = set_identity },
		{ .word = "ikev2-profile", .run = set_ikev2_profile },
		{ .word = "ip", .run = set_access_group, .help = "an access list as filter" },
		{ .word = "isakmp-profile", .run = set_isakmp_profile,
		  .help = "the ISAKMP profile of its peers" },
		{ .word = "nat", .run = set_nat },
		{ .word = "peer", .run = entry_peer, .help = "a peer" },
		{ .word = "pfs", .run = entry_pfs, .help = "perfect forward secrecy" },
		{ .word = "reverse-route", .run = set_reverse_route, .help = "the reverse routes" },
		{ .word = "security-association", .min = 3, .run = parse_entry_sa,
		  .help = "the SAs: lifetime, idle time, replay window" },
		{ .word = "session-key", .min = 3, .run = entry_session_key, .help = "manual keys" },
		{ .word = "transform-set", .run = entry_tset,
		  .help = "transform sets in order of preference" },
	};

	kw_run_next(p, table, ARRAY_SIZE(table));
}

const char entry_expected[] = "description, match, qos, reverse-route or set";

bool entry_line(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "description", .min = 3, .run = entry_description,
		  .help = "a text about the entry" },
		{ .word = "dialer", .min = 3, .run = entry_dialer },
		{ .word = "match", .run = entry_match, .help = "what the entry protects" },
		{ .word = "qos", .run = entry_qos, .help = "what quality of service looks at" },
		{ .word = "reverse-route", .run = entry_reverse_route,
		  .help = "routes to what the peer protects" },
		{ .word = "set", .min = 2, .run = entry_set, .help = "how the entry protects it" },
	};
	const struct kw *kw;
	bool ambiguous;

	kw = kw_peek(p, table, ARRAY_SIZE(table), &ambiguous);
	tok_next(p);
	if (kw && p->entry->kind == IOS_KIND_DYNAMIC)
		p_fail(p, "crypto map %s %u has no commands of its own: those of crypto dynamic-map %s serve it",
		       p->map->name, p->entry->seq, p->entry->dynamic);
	else if (kw)
		kw->run(p);
	return kw;
}

/* ------------------------------------------------------------------ crypto map */

/* "crypto map ipv6" or "crypto map" */
static const char *map_words(int family)
{
	return family == AF_INET6 ? "crypto map ipv6" : "crypto map";
}

/* Reports a map of this name that is of the other family. */
static bool map_taken(struct parser *p, const char *name, int family)
{
	const struct ios_map *map = ios_map_find(p->cfg, name);

	if (!map || map->family == family)
		return false;
	p_fail(p, "%s %s has the name of %s %s in line %u", map_words(family), name,
	       map_words(map->family), name, map->line);
	return true;
}

/* The map of this name, made if need be; NULL when memory is exhausted. */
static struct ios_map *map_get(struct parser *p, const char *name, int family)
{
	struct ios_map *map = ios_map_get(p->cfg, name, family);

	if (!map)
		no_memory(p);
	else if (!map->line)
		map->line = p->line.no;
	return map;
}

static void map_local_address(struct parser *p, const char *name, int family)
{
	char ifname[IOS_NAME_MAX + 1];
	struct ios_map *map;

	if (p->negate) {
		map = ios_map_find(p->cfg, name);
		if (map)
			map->local_if[0] = '\0';
		return;
	}
	if (!next_interface(p, ifname) || !end_of_line(p))
		return;
	map = map_get(p, name, family);
	if (!map)
		return;
	strcpy(map->local_if, ifname);
	map->local_line = p->line.no;
}

static void map_profile(struct parser *p, const char *name, int family)
{
	struct ios_map *map = ios_map_find(p->cfg, name);
	char profile[IOS_NAME_MAX + 1] = "";

	if (p->negate)
		p->pos = p->line.n;
	else if (!next_name(p, "the name of an ISAKMP profile", profile))
		return;
	if (!end_of_line(p) || (p->negate && !map))
		return;
	map = map_get(p, name, family);
	if (!map)
		return;
	strcpy(map->profile, profile);
	map->profile_line = p->line.no;
}

/* An entry of GDOI says on its own what it protects, unlike others that are left out. */
#define KIND_GDOI (-2)

/* dynamic NAME */
static int entry_dynamic(struct parser *p, char dynamic[IOS_NAME_MAX + 1])
{
	p->pos++;
	if (!next_name(p, "the name of a dynamic crypto map", dynamic))
		return -1;
	if (skip_word(p, "discover", 1)) {
		unsupported(p, "tunnel endpoint discovery is");
		return -1;
	}
	return end_of_line(p) ? IOS_KIND_DYNAMIC : -1;
}

/*
 * The words after the number of an entry; negative for an entry that is left out.
 * A dynamic crypto map that it refers to is left in @dynamic.
 */
static int entry_kind(struct parser *p, const struct ios_entry *entry,
		      char dynamic[IOS_NAME_MAX + 1])
{
	static const struct kw table[] = {
		{ .word = "gdoi", .id = KIND_GDOI },
		{ .word = "ipsec-isakmp", .id = IOS_KIND_ISAKMP,
		  .help = "SAs are negotiated by ISAKMP" },
		{ .word = "ipsec-manual", .id = IOS_KIND_MANUAL, .help = "SAs with manual keys" },
	};
	static const struct kw isakmp[] = {
		{ .word = "dynamic", .help = "peers that a dynamic crypto map serves" },
		{ .word = "profile", .text = "an entry with a profile is" },
	};
	const struct kw *kw;
	bool ambiguous;
	int kind;

	dynamic[0] = '\0';
	if (entry && !tok_peek(p)) {
		offer_end(p);
		strcpy(dynamic, entry->dynamic);
		return entry->kind;
	}
	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (!kw)
		return -1;
	kind = kw->id;
	if (kind == IOS_KIND_ISAKMP)
		offer_keywords(p, isakmp, ARRAY_SIZE(isakmp));
	if (kind == IOS_KIND_ISAKMP && tok_peek(p)) {
		kw = kw_match(isakmp, ARRAY_SIZE(isakmp), tok_peek(p), &ambiguous);
		if (!kw) {
			end_of_line(p);
			return p->failed ? -1 : kind;
		}
		if (!kw->text)
			return entry_dynamic(p, dynamic);
	}
	if (kw->text) {
		unsupported(p, kw->text);
		return -1;
	}
	if (!end_of_line(p))
		return -1;
	return kind;
}

/* no crypto [dynamic-]map M SEQ; a map without entries is none. */
static void entry_remove(struct parser *p, struct ios_map *map, const char *name, uint32_t seq,
			 bool dynamic)
{
	struct ios_entry *entry = map ? ios_entry_find(p->cfg, map, seq) : NULL;

	problem_undo(p, problem_of(dynamic), name, seq, "");
	if (entry)
		ios_entry_remove(p->cfg, map, entry);
	if (map && !map->entries && !*map->local_if && !*map->profile)
		ios_map_remove(p->cfg, map);
}

/* The section of an entry, which is made if need be; NULL when memory is exhausted. */
static struct ios_entry *entry_open(struct parser *p, struct ios_map *map, uint32_t seq, int kind)
{
	struct ios_entry *entry = ios_entry_get(p->cfg, map, seq);

	if (!entry) {
		no_memory(p);
		return NULL;
	}
	if (!entry->line) {
		entry->line = p->line.no;
		entry->kind = kind;
	}
	p->map = map;
	p->entry = entry;
	open_section(p, MODE_ENTRY);
	return entry;
}

static void map_entry(struct parser *p, const char *name, int family)
{
	struct ios_map *map = ios_map_find(p->cfg, name);
	char dynamic[IOS_NAME_MAX + 1];
	struct ios_entry *entry;
	uint32_t seq;
	int kind;

	if (!next_number(p, "a sequence number", 1, 65535, &seq))
		return;
	if (p->negate) {
		entry_remove(p, map, name, seq, false);
		return;
	}
	entry = map ? ios_entry_find(p->cfg, map, seq) : NULL;
	kind = entry_kind(p, entry, dynamic);
	if (kind == KIND_GDOI)
		problem_map(p, PROBLEM_ENTRY, name, seq, "", "an entry of GDOI (GET VPN) is");
	if (kind < 0)
		return;
	if (entry && (int)entry->kind != kind) {
		p_fail(p, "crypto map %s %u is of another kind in line %u", name, seq, entry->line);
		return;
	}
	map = map_get(p, name, family);
	entry = map ? entry_open(p, map, seq, kind) : NULL;
	if (entry)
		strcpy(entry->dynamic, dynamic);
}

/* no crypto map M; IOS refuses it as long as the map is on an interface. */
static void map_remove(struct parser *p, const char *name)
{
	struct ios_map *map = ios_map_find(p->cfg, name);
	const struct ios_interface *ifc;

	for (ifc = p->cfg->interfaces; ifc; ifc = ifc->next) {
		if (!ios_interface_has(ifc, name))
			continue;
		p_fail(p, "crypto map %s is on interface %s (line %u): take it off there first",
		       name, ifc->name,
		       strcmp(ifc->map, name) ? ifc->map6_line : ifc->map_line);
		return;
	}
	problem_undo(p, PROBLEM_ENTRY, name, 0, "");
	if (map)
		ios_map_remove(p->cfg, map);
}

/*
 * What a crypto map does with remote access clients. Without it peers would come in that
 * have not shown all that they are to show, or would not get what they ask for.
 */
static void map_clients(struct parser *p, const char *name, const char *command)
{
	static const struct kw client[] = {
		{ .word = "accounting" },
		{ .word = "authentication",
		  .text = "extended authentication (XAUTH) of clients is" },
		{ .word = "configuration", .text = "configuration of clients (mode config) is" },
	};
	static const struct kw isakmp[] = {
		{ .word = "authorization", .text = "authorization of clients (mode config) is" },
	};
	bool own = !strcmp(command, "client");
	char topic[IOS_NAME_MAX + 1];
	const struct kw *kw;

	kw = kw_next(p, own ? client : isakmp, own ? ARRAY_SIZE(client) : ARRAY_SIZE(isakmp));
	if (!kw)
		return;
	snprintf(topic, sizeof(topic), "%s %s", command, kw->word);
	p->pos = p->line.n;
	if (!kw->text)
		unsupported(p, "accounting of clients is");
	else if (p->negate)
		problem_undo(p, PROBLEM_ENTRY, name, 0, topic);
	else
		problem_map(p, PROBLEM_ENTRY, name, 0, topic, "%s", kw->text);
}

void parse_map(struct parser *p)
{
	enum { LOCAL, PROFILE, CLIENT, REDUNDANCY, OTHER };
	static const struct kw table[] = {
		{ .word = "client", .id = CLIENT },
		{ .word = "gdoi", .id = OTHER, .text = "GDOI (GET VPN) is" },
		{ .word = "isakmp", .id = CLIENT },
		{ .word = "isakmp-profile", .id = PROFILE,
		  .help = "the ISAKMP profile of all entries that name none" },
		{ .word = "local-address", .id = LOCAL,
		  .help = "the interface whose address the map uses" },
		{ .word = "redundancy", .id = REDUNDANCY, .text = "redundancy is" },
	};
	char name[IOS_NAME_MAX + 1];
	const struct kw *kw;
	int family = AF_INET;
	bool ambiguous;

	if (option_word(p, "ipv6", 4, "a crypto map of IPv6"))
		family = AF_INET6;
	if (!next_name(p, "the name of a crypto map", name) || map_taken(p, name, family))
		return;
	offer_number(p, 1, 65535, "a sequence number");
	offer_keywords(p, table, ARRAY_SIZE(table));
	if (!tok_peek(p)) {
		if (p->negate)
			offer_end(p);
		if (p->negate)
			map_remove(p, name);
		else
			p_fail(p, "incomplete command: %s %s needs a sequence number or local-address here, since no interface section is open",
			       map_words(family), name);
		return;
	}
	if (tok_digits(tok_peek(p))) {
		map_entry(p, name, family);
		return;
	}
	kw = kw_match(table, ARRAY_SIZE(table), tok_peek(p), &ambiguous);
	if (!kw) {
		p_fail(p, "unexpected '%s'; expected a sequence number (1-65535) or local-address",
		       shown(p, tok_peek(p)));
		return;
	}
	p->pos++;
	if (kw->id == REDUNDANCY && !skip_word(p, "replay-interval", 2))
		p_fail(p, "crypto map %s redundancy belongs to an interface, and no interface section is open",
		       name);
	else if (kw->id == CLIENT)
		map_clients(p, name, kw->word);
	else if (kw->id == PROFILE)
		map_profile(p, name, family);
	else if (kw->id != LOCAL)
		unsupported(p, kw->text);
	else
		map_local_address(p, name, family);
}

/* ---------------------------------------------------------- crypto dynamic-map */

/* crypto dynamic-map NAME SEQ */
void parse_dynamic(struct parser *p)
{
	char name[IOS_NAME_MAX + 1];
	struct ios_map *map;
	uint32_t seq;

	if (!next_name(p, "the name of a dynamic crypto map", name))
		return;
	map = ios_dynamic_find(p->cfg, name);
	if (p->negate && !tok_peek(p)) {
		offer_number(p, 1, 65535, "a sequence number");
		offer_end(p);
		problem_undo(p, PROBLEM_TEMPLATE, name, 0, "");
		if (map)
			ios_map_remove(p->cfg, map);
		return;
	}
	if (!next_number(p, "a sequence number", 1, 65535, &seq) || !end_of_line(p))
		return;
	if (p->negate) {
		entry_remove(p, map, name, seq, true);
		return;
	}
	map = ios_dynamic_get(p->cfg, name);
	if (!map) {
		no_memory(p);
		return;
	}
	if (!map->line)
		map->line = p->line.no;
	entry_open(p, map, seq, IOS_KIND_TEMPLATE);
}

/* Who refers to a dynamic crypto map: the first in the text says of which family it is. */
static void note_user(struct ios_config *cfg, const struct ios_map *map,
		      const struct ios_entry *entry)
{
	struct ios_map *dynamic = ios_dynamic_find(cfg, entry->dynamic);

	if (!dynamic || (dynamic->user && dynamic->user_line < entry->line))
		return;
	dynamic->user = map;
	dynamic->user_line = entry->line;
	dynamic->family = map->family;
}

static int check_family(struct ios_config *cfg, const struct ios_map *map,
			const struct ios_entry *entry)
{
	const struct ios_map *dynamic = ios_dynamic_find(cfg, entry->dynamic);

	if (!dynamic || dynamic->family == map->family)
		return 0;
	return ios_diag(cfg, IOS_ERROR, entry->line,
			"crypto dynamic-map %s serves %s %s in line %u already, and cannot serve both address families",
			dynamic->name, map_words(dynamic->family), dynamic->user->name,
			dynamic->user_line);
}

void parse_dynamic_families(struct parser *p)
{
	const struct ios_entry *entry;
	const struct ios_map *map;

	for (map = p->cfg->maps; map; map = map->next)
		for (entry = map->entries; entry; entry = entry->next)
			note_user(p->cfg, map, entry);
	for (map = p->cfg->maps; map; map = map->next)
		for (entry = map->entries; entry; entry = entry->next)
			if (check_family(p->cfg, map, entry))
				no_memory(p);
}
