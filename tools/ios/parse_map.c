// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto map and crypto dynamic-map: what belongs to a map as a whole, and which entries it has.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

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

/* A map of which nothing is left is none: it would not be there when it is read back. */
static void map_drop_empty(struct parser *p, struct ios_map *map)
{
	if (map && !map->entries && !*map->local_if && !*map->profile)
		ios_map_remove(p->cfg, map);
}

static void map_local_address(struct parser *p, const char *name, int family)
{
	char ifname[IOS_NAME_MAX + 1];
	struct ios_map *map;

	if (p->negate) {
		map = ios_map_find(p->cfg, name);
		if (map)
			map->local_if[0] = '\0';
		map_drop_empty(p, map);
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
	map_drop_empty(p, map);
}

/* What the ASA has behind the number of an entry. */
static const struct slip entry_slips[] = {
	{ "match", ASA "IOS has match in the section of the entry" },
	{ "set", ASA "IOS has set in the section of the entry" },
};

/* dynamic NAME */
static int entry_dynamic(struct parser *p, char dynamic[IOS_NAME_MAX + 1])
{
	p->pos++;
	if (!next_name(p, "the name of a dynamic crypto map", dynamic))
		return -1;
	/* peers come in all the same, and what they negotiated is protected */
	if (skip_word(p, "discover", 1))
		p_warn(p, "tunnel endpoint discovery is not supported in this version; the entry only answers");
	return end_of_line(p) ? IOS_KIND_DYNAMIC : -1;
}

/*
 * The words after the number of an entry; negative for an entry that is left out, when
 * *lacks may say what is not supported of it. A dynamic crypto map that it refers to is
 * left in @dynamic.
 */
static int entry_kind(struct parser *p, const struct ios_entry *entry,
		      char dynamic[IOS_NAME_MAX + 1], const char **lacks)
{
	static const struct kw table[] = {
		{ .word = "gdoi", .text = "an entry of GDOI (GET VPN) is" },
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
	*lacks = NULL;
	if (entry && !tok_peek(p)) {
		offer_end(p);
		strcpy(dynamic, entry->dynamic);
		return entry->kind;
	}
	if (known_slip(p, entry_slips, ARRAY_SIZE(entry_slips)))
		return -1;
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
	*lacks = kw->text;
	return !kw->text && end_of_line(p) ? kind : -1;
}

/* no crypto [dynamic-]map M SEQ; a map without entries is none. */
static void entry_remove(struct parser *p, struct ios_map *map, const char *name, uint32_t seq,
			 bool dynamic)
{
	struct ios_entry *entry = map ? ios_entry_find(p->cfg, map, seq) : NULL;

	problem_undo(p, problem_of(dynamic), name, seq, "");
	if (entry)
		ios_entry_remove(p->cfg, map, entry);
	map_drop_empty(p, map);
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

/* Whether the words after the number are those of an entry, so that "no" may mean it. */
static bool is_entry(struct parser *p, const struct ios_entry *entry)
{
	char dynamic[IOS_NAME_MAX + 1];
	const char *lacks;
	int kind = entry_kind(p, entry, dynamic, &lacks);

	/* one that is not supported is none here */
	if (lacks)
		return true;
	if (kind >= 0 && entry && ((int)entry->kind != kind || strcmp(dynamic, entry->dynamic)))
		p_fail(p, "entry %u is of another kind in line %u", entry->seq, entry->line);
	return kind >= 0 && !p->failed;
}

static void map_entry(struct parser *p, const char *name, int family)
{
	struct ios_map *map = ios_map_find(p->cfg, name);
	char dynamic[IOS_NAME_MAX + 1];
	struct ios_entry *entry;
	const char *lacks;
	uint32_t seq;
	int kind;

	heads_section(p);
	if (!next_number(p, "a sequence number", 1, 65535, &seq))
		return;
	entry = map ? ios_entry_find(p->cfg, map, seq) : NULL;
	if (p->negate) {
		if (!tok_peek(p) || is_entry(p, entry))
			entry_remove(p, map, name, seq, false);
		return;
	}
	kind = entry_kind(p, entry, dynamic, &lacks);
	if (lacks)
		problem_map(p, PROBLEM_ENTRY, name, seq, "", "%s", lacks);
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
	const struct ios_interface *ifc = ios_interface_with(p->cfg, name);

	if (ifc) {
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
	static const struct slip slips[] = {
		{ "interface", ASA "IOS has the map in the section of the interface" },
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
		else if (!range_line(p))
			p_fail(p, "incomplete command: %s %s needs a sequence number or local-address here, since no interface section is open",
			       map_words(family), name);
		return;
	}
	if (tok_digits(tok_peek(p))) {
		map_entry(p, name, family);
		return;
	}
	kw = kw_match(table, ARRAY_SIZE(table), tok_peek(p), &ambiguous);
	if (!kw && known_slip(p, slips, ARRAY_SIZE(slips)))
		return;
	if (!kw) {
		heads_section(p);
		p_expected(p, tok_peek(p), "a sequence number (1-65535) or local-address");
		return;
	}
	p->pos++;
	if (kw->id == REDUNDANCY && !skip_word(p, "replay-interval", 2)) {
		if (!range_line(p))
			p_fail(p, "crypto map %s redundancy belongs to an interface, and no interface section is open",
			       name);
	} else if (kw->id == CLIENT)
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

	heads_section(p);
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
	if (!next_number(p, "a sequence number", 1, 65535, &seq) ||
	    known_slip(p, entry_slips, ARRAY_SIZE(entry_slips)) || !end_of_line(p))
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
