// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The commands of an entry of a crypto map or dynamic crypto map.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

static void entry_description(struct parser *p)
{
	section_description(p, &p->entry->description);
}

/* Whether "no" names something else than what the entry has, which stays. */
static bool names_another(struct parser *p, const char *what, const char *has)
{
	const struct tok *t = tok_peek(p);

	if (t && p->pos + 1 < p->line.n) {
		p->pos++;
		return !end_of_line(p);
	}
	if (!t || (strlen(has) == t->len && !memcmp(has, t->s, t->len)))
		return false;
	p_warn(p, "%s %s %u has no %s %s", ios_map_word(p->map), p->map->name, p->entry->seq, what,
	       shown(p, t));
	return true;
}

static void entry_match(struct parser *p)
{
	static const struct kw table[] = { { .word = "address",
	  .help = "packets that an access list permits" } };
	char name[IOS_NAME_MAX + 1];

	if (!kw_next(p, table, ARRAY_SIZE(table)))
		return;
	if (p->negate) {
		if (!names_another(p, "match address", p->entry->acl))
			p->entry->acl[0] = '\0';
		return;
	}
	if (!next_name(p, "the name of an access list", name) || !end_of_line(p))
		return;
	/* what only that one has would go in clear */
	if (!p->interactive && *p->entry->acl && strcmp(p->entry->acl, name))
		p_warn(p, "match address %s takes the place of %s (line %u): an entry has one", name,
		       p->entry->acl, p->entry->acl_line);
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
	char text[IOS_PEER_TEXT];
	size_t i, kept = 0;

	if (entry->n_peers && ios_peer_same(&entry->peers[0], peer))
		entry->default_peer = false;
	for (i = 0; i < entry->n_peers; i++)
		if (!ios_peer_same(&entry->peers[i], peer))
			entry->peers[kept++] = entry->peers[i];
		else
			free(entry->peers[i].name);
	if (kept == entry->n_peers)
		p_warn(p, "%s %s %u has no peer %s", ios_map_word(p->map), p->map->name, entry->seq,
		       ios_peer_text(peer, text));
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
	if (!tok_peek(p))
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
	if (!next_peer(p, &peer, name))
		return;
	if (p->negate) {
		skip_word(p, "dynamic", 2);
		skip_word(p, "default", 2);
		if (end_of_line(p))
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

/* Whether "no" names a transform set that the entry has not, so that they stay. */
static bool names_other_tset(struct parser *p)
{
	const struct tok *t;
	size_t i;

	while ((t = tok_next(p))) {
		for (i = 0; i < p->entry->n_tsets && !(strlen(p->entry->tsets[i]) == t->len &&
						       !memcmp(p->entry->tsets[i], t->s, t->len)); i++)
			;
		if (i < p->entry->n_tsets)
			continue;
		p_warn(p, "%s %s %u has no transform set %s", ios_map_word(p->map), p->map->name,
		       p->entry->seq, shown(p, t));
		return true;
	}
	return false;
}

static void entry_tset(struct parser *p)
{
	char names[IOS_TSET_MAX][IOS_NAME_MAX + 1];
	size_t n = 0;

	/* as on IOS all of them go, whichever of them is named */
	if (p->negate) {
		if (!names_other_tset(p))
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
	const struct tok *t = tok_peek(p);

	if (p->negate) {
		p->entry->pfs_group = 0;
		return;
	}
	if (t && tok_is(t, "group") && p->pos + 1 < p->line.n && tok_digits(t + 1)) {
		p_fail(p, "a group of set pfs is one word: group%s", shown(p, t + 1));
		return;
	}
	offer_keywords(p, table, ARRAY_SIZE(table));
	if (tok_peek(p))
		kw = kw_next(p, table, ARRAY_SIZE(table));
	if (kw && end_of_line(p))
		p->entry->pfs_group = kw->id;
}

/* A key in hexadecimal; it is never shown. */
static bool next_hex(struct parser *p, const char *what, uint8_t *key, size_t *len)
{
	const struct tok *t = tok_next(p);
	const char *s = t ? t->s : NULL;
	size_t n = t ? t->len : 0;

	if (!t)
		tell(p, IOS_WORD_VALUE, "WORD", "%s in hexadecimal", what);
	if (n > 2 && s[0] == '0' && (s[1] | 0x20) == 'x') {
		s += 2;
		n -= 2;
	}
	if (!n || n % 2 || n / 2 > IOS_MANUAL_KEY_MAX) {
		p_fail(p, "%s must have an even number of hexadecimal digits, at most %d", what,
		       2 * IOS_MANUAL_KEY_MAX);
		return false;
	}
	if (!hex_bytes(s, n, key)) {
		p_fail(p, "%s must be hexadecimal", what);
		return false;
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
		if (!tok_peek(p) || (tok_number(tok_peek(p), &spi) && spi == into->spi))
			explicit_bzero(into, sizeof(*into));
		else
			p_warn(p, "the %s key has another SPI", direction->word);
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

	if (p->negate && names_another(p, "set isakmp-profile", p->entry->profile))
		return;
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

/* Peers that it keeps out would come in. */
static void set_identity(struct parser *p)
{
	entry_lacks(p, "identity", "set identity is");
}

static void set_policy(struct parser *p)
{
	unsupported(p, "set security-policy is");
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
	if (p->negate && strcmp(p->entry->filter[kw->id], name)) {
		p_warn(p, "%s %s %u has no set ip access-group %s %s", ios_map_word(p->map),
		       p->map->name, p->entry->seq, name, kw->word);
		return;
	}
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

/* A [gateway] after remote-peer, which on older trains may lack the address. */
static bool reverse_route_peer(struct parser *p, struct ios_reverse_route *route)
{
	if (!asked(p) && (!tok_peek(p) || tok_is(tok_peek(p), "static"))) {
		p_warn(p, "the route to the peer itself (remote-peer without an address) is not made");
		return true;
	}
	if (!next_hop(p, &route->remote_peer))
		return false;
	route->peer_gateway = option_word(p, "gateway", 1, "a route to the peer as well");
	return true;
}

/* reverse-route [static] [remote-peer A [gateway] [static]]; of older trains [tag N [static]] */
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
	if (skip_word(p, "tag", 1)) {
		if (!next_number(p, "a tag", 1, UINT32_MAX, &new.tag))
			return;
		new.set_line = p->line.no;
	} else if (option_word(p, "remote-peer", 1, "through another next hop") &&
		   !reverse_route_peer(p, &new)) {
		return;
	}
	if (!new.is_static)
		new.is_static = option_word(p, "static", 1, "also while there is no SA");
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
		{ .word = "security-policy", .min = 10, .run = set_policy },
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
