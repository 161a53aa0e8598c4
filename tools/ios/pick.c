// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words are compared, not commands: a word that is a name by accident picks too much, which
 * does no harm. All that is told apart is what a line is about, as that decides which way
 * references are followed: nothing refers to an entry of a crypto map.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "parse.h"
#include "pick.h"

/*
 * struct words - of lines, as the parser has them
 * @text: each with a zero behind it
 * @v:    in it
 * @n:    how many
 * @more: there are more, in which case all is picked
 */
struct words {
	char text[4096];
	const char *v[2 * LINE_WORDS];
	size_t n;
	bool more;
};

/*
 * struct pick - what is picked
 * @cfg:     of this model
 * @rest:    what was before
 * @subject: words of the line that says what is touched
 * @n:       how many objects were picked
 */
struct pick {
	struct ios_config *cfg;
	const struct ios_config *rest;
	const struct words *subject;
	size_t n;
};

static void split(struct words *words, const char *text)
{
	const char *end = text + strlen(text);
	size_t i, at = 0, len;
	struct line line;

	words->n = 0;
	words->more = false;
	while (text < end) {
		text = line_split(&line, text, end - text, '\n');
		words->more |= line.more;
		for (i = 0; i < line.n; i++) {
			len = line.tok[i].len;
			if (words->n == ARRAY_SIZE(words->v) || len >= sizeof(words->text) - at) {
				words->more = true;
				return;
			}
			words->v[words->n++] = words->text + at;
			memcpy(words->text + at, line.tok[i].s, len);
			at += len;
			words->text[at++] = '\0';
		}
	}
}

/* Zeros in front of a number are not in the name of the access list that it stands for. */
static const char *number(const char *word)
{
	const char *digits = word + strspn(word, "0");

	return *digits && !digits[strspn(digits, "0123456789")] ? digits : word;
}

static bool has(const struct words *words, const char *name)
{
	size_t i;

	for (i = 0; *name && i < words->n; i++)
		if (!strcmp(words->v[i], name) || !strcmp(number(words->v[i]), name))
			return true;
	return false;
}

static bool begins(const struct words *words, size_t i, const char *start)
{
	return i < words->n && !strncasecmp(words->v[i], start, strlen(start));
}

/* The first word but for what takes a command back. */
static size_t first(const struct words *words)
{
	return words->n && (!strcasecmp(words->v[0], "no") || !strcasecmp(words->v[0], "default"));
}

static void pick_acl(struct pick *p, struct ios_acl *acl)
{
	if (!acl || acl->picked)
		return;
	acl->picked = true;
	p->n++;
}

/* Whatever its family: that of another one is a fault that has to be seen. */
static void pick_acls(struct pick *p, const char *name)
{
	if (!*name)
		return;
	pick_acl(p, ios_acl_find(p->cfg, name, AF_INET));
	pick_acl(p, ios_acl_find(p->cfg, name, AF_INET6));
}

static void pick_entry(struct pick *p, struct ios_entry *entry)
{
	size_t i;

	if (!entry || entry->picked)
		return;
	entry->picked = true;
	p->n++;
	pick_acls(p, entry->acl);
	for (i = 0; i < IOS_FILTERS; i++)
		pick_acls(p, entry->filter[i]);
}

static void pick_entries(struct pick *p, struct ios_map *map)
{
	struct ios_entry *entry;

	for (entry = map ? map->entries : NULL; entry; entry = entry->next)
		pick_entry(p, entry);
}

static void pick_all(struct pick *p)
{
	struct ios_acl *acl;
	struct ios_map *map;

	for (map = ios_map_next(p->cfg, NULL); map; map = ios_map_next(p->cfg, map))
		pick_entries(p, map);
	for (acl = p->cfg->acls; acl; acl = acl->next)
		pick_acl(p, acl);
}

void ios_pick_all(struct ios_config *cfg)
{
	struct pick p = { .cfg = cfg };

	pick_all(&p);
}

void ios_pick_first(struct ios_config *cfg)
{
	struct pick p = { .cfg = cfg };
	struct ios_entry *entry;
	struct ios_map *map;

	for (map = ios_map_next(cfg, NULL); map; map = ios_map_next(cfg, map))
		for (entry = map->entries; entry; entry = entry->next)
			if (map->dynamic || *entry->dynamic)
				pick_entry(&p, entry);
	for (map = cfg->maps; map; map = map->next) {
		pick_entry(&p, map->entries);
		if (map->entries)
			pick_entry(&p, map->entries->next);
	}
}

/* A line may take an entry that was picked before; another one keeps the map. */
static void keep_maps(struct pick *p)
{
	const struct ios_map *other;
	struct ios_map *map;

	for (map = p->cfg->maps; map; map = map->next) {
		other = ios_map_find(p->rest, map->name);
		if (map->entries && (!other || other->n_entries < 2)) {
			pick_entry(p, map->entries);
			pick_entry(p, map->entries->next);
		}
	}
}

/* Whether a list, which may have been picked before, has object-groups. */
static bool grouped(const struct pick *p, const char *name, int family)
{
	const struct ios_acl *acl = *name ? ios_acl_find(p->cfg, name, family) : NULL;

	if (*name && !acl)
		acl = ios_acl_find(p->rest, name, family);
	return acl && ios_acl_grouped(acl);
}

/* What object-groups may change: lists with them, and what refers to those. */
static void pick_grouped(struct pick *p)
{
	struct ios_entry *entry;
	struct ios_acl *acl;
	struct ios_map *map;
	size_t i;

	for (map = ios_map_next(p->cfg, NULL); map; map = ios_map_next(p->cfg, map)) {
		for (entry = map->entries; entry; entry = entry->next) {
			if (grouped(p, entry->acl, map->family))
				pick_entry(p, entry);
			for (i = 0; i < IOS_FILTERS; i++)
				if (grouped(p, entry->filter[i], map->family))
					pick_entry(p, entry);
		}
	}
	for (acl = p->cfg->acls; acl; acl = acl->next)
		if (ios_acl_grouped(acl))
			pick_acl(p, acl);
}

/*
 * The map that a line is about, by its word @i: one entry if a number follows, none for its
 * local-address, else all.
 */
static void pick_map(struct pick *p, size_t i)
{
	const struct words *words = p->subject;
	struct ios_map *map = i < words->n ? ios_map_find(p->cfg, words->v[i]) : NULL;
	unsigned long seq = 0;
	char *end = NULL;

	if (!map || begins(words, i + 1, "l"))
		return;
	if (i + 1 < words->n && isdigit((unsigned char)*words->v[i + 1]))
		seq = strtoul(words->v[i + 1], &end, 10);
	if (!end || *end)
		pick_entries(p, map);
	else if (seq <= UINT16_MAX)
		pick_entry(p, ios_entry_find(p->cfg, map, seq));
}

static bool refers(const struct words *words, const struct ios_entry *entry)
{
	size_t i;

	/* a profile may be wrong for the crypto map that is on an interface */
	if (has(words, entry->acl) || has(words, entry->profile))
		return true;
	for (i = 0; i < IOS_FILTERS; i++)
		if (has(words, entry->filter[i]))
			return true;
	for (i = 0; i < entry->n_tsets; i++)
		if (has(words, entry->tsets[i]))
			return true;
	return false;
}

static void pick_referrers(struct pick *p)
{
	struct ios_entry *entry;
	struct ios_map *map;

	for (map = ios_map_next(p->cfg, NULL); map; map = ios_map_next(p->cfg, map))
		for (entry = map->entries; entry; entry = entry->next)
			if (refers(p->subject, entry))
				pick_entry(p, entry);
}

/* Whether a line may be of the top although a section is open. */
static bool may_be_top(const struct words *words)
{
	static const char *const start[] = { "acc", "cr", "int", "ip", "obj" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(start); i++)
		if (begins(words, first(words), start[i]))
			return true;
	return false;
}

static void pick_named(struct pick *p, const struct words *named)
{
	size_t i;

	for (i = 0; i < named->n; i++) {
		pick_acls(p, named->v[i]);
		pick_acls(p, number(named->v[i]));
		/* an interface that no map makes part of the configuration has its lines in its head */
		if (begins(named, 0, "int"))
			pick_entries(p, ios_map_find(p->cfg, named->v[i]));
	}
}

size_t ios_pick(struct ios_config *cfg, const struct ios_config *rest, const char *head,
		const char *line)
{
	struct pick p = { .cfg = cfg, .rest = rest };
	struct words heads, words;
	size_t at;

	split(&heads, head);
	split(&words, line);
	p.subject = *head && !may_be_top(&words) ? &heads : &words;
	at = first(p.subject);
	keep_maps(&p);
	pick_named(&p, &heads);
	pick_named(&p, &words);
	if (heads.more || words.more) {
		pick_all(&p);
		return p.n;
	}
	/* "ip" and "ipv6" are lines of an object-group as well, and "ipv6 crypto map" of an interface */
	if (begins(&heads, 0, "obj") || begins(p.subject, at, "obj"))
		pick_grouped(&p);
	at += begins(p.subject, at, "ipv6");
	if (begins(p.subject, at, "c") && begins(p.subject, at + 1, "m")) {
		pick_map(&p, at + 2);
		if (begins(p.subject, at + 2, "i"))
			pick_map(&p, at + 3);
	} else {
		pick_referrers(&p);
	}
	return p.n;
}

void ios_picked_remove(struct ios_config *cfg)
{
	struct ios_entry *entry, *next_entry;
	struct ios_acl *acl, *next_acl;
	struct ios_map *map;

	for (map = ios_map_next(cfg, NULL); map; map = ios_map_next(cfg, map)) {
		for (entry = map->entries; entry; entry = next_entry) {
			next_entry = entry->next;
			if (entry->picked)
				ios_entry_remove(cfg, map, entry);
		}
	}
	for (acl = cfg->acls; acl; acl = next_acl) {
		next_acl = acl->next;
		if (acl->picked)
			ios_acl_remove(cfg, acl);
	}
}
