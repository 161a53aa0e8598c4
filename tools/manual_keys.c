// SPDX-License-Identifier: GPL-2.0-or-later
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli.h"
#include "file.h"
#include "ios/print.h"
#include "ios/wipe.h"
#include "load.h"
#include "manual_keys.h"
#include "say.h"
#include "transaction.h"

/* struct kept - keys of an entry, by crypto map and number */
struct kept {
	char map[IOS_NAME_MAX + 1];
	uint16_t seq;
	struct ios_manual_key in, out;
};

/* of tsearch() */
static void *keep;

/* Stands for a key that is not known, from when it is drawn on: before, no key is like it. */
static uint8_t unknown[IOS_MANUAL_KEY_MAX];
static bool drawn;

static bool is_unknown(const struct ios_manual_key *key)
{
	return drawn && ((key->enc_len && !memcmp(key->enc, unknown, key->enc_len)) ||
			 (key->auth_len && !memcmp(key->auth, unknown, key->auth_len)));
}

/* Whether keys of an entry are there, and not what stands for them. */
static bool has_unknown(const struct ios_entry *entry)
{
	return entry->kind == IOS_KIND_MANUAL &&
	       (is_unknown(&entry->in) || is_unknown(&entry->out));
}

/* The entry after this one, the first one for NULL, of all crypto maps; @map goes with it. */
static struct ios_entry *entry_next(const struct ios_config *cfg, struct ios_map **map,
				    struct ios_entry *entry)
{
	if (entry)
		entry = entry->next;
	else
		*map = NULL;
	while (!entry) {
		*map = *map ? (*map)->next : cfg->maps;
		if (!*map)
			return NULL;
		entry = (*map)->entries;
	}
	return entry;
}

/* ----------------------------------------------------------------- what is kept */

static int compare(const void *x, const void *y)
{
	const struct kept *a = x, *b = y;
	int order = strcmp(a->map, b->map);

	return order ? order : a->seq - b->seq;
}

static void keep_entry(const struct ios_map *map, const struct ios_entry *entry)
{
	struct kept *kept = calloc(1, sizeof(*kept));
	void **found;

	if (!kept)
		return;
	strcpy(kept->map, map->name);
	kept->seq = entry->seq;
	found = tsearch(kept, &keep, compare);
	if (!found || *found != kept)
		free(kept);
	if (!found)
		return;
	kept = *found;
	kept->in = entry->in;
	kept->out = entry->out;
}

void manual_keys_keep(const struct ios_config *cfg)
{
	struct ios_entry *entry = NULL;
	struct ios_map *map;

	while ((entry = entry_next(cfg, &map, entry)))
		if (entry->kind == IOS_KIND_MANUAL && !entry->keys_hidden && entry->in.line &&
		    entry->out.line && !has_unknown(entry))
			keep_entry(map, entry);
}

static void wipe(void *kept)
{
	wipe_free(kept, sizeof(struct kept));
}

void manual_keys_forget(void)
{
	tdestroy(keep, wipe);
	keep = NULL;
}

/* Those of the file that is loaded at boot, if there is one. */
static void keep_startup(void)
{
	struct ios_config *cfg = NULL;
	size_t len;
	char *text;

	if (access(CONFIG_FILE, F_OK))
		return;
	text = file_read(CONFIG_FILE, &len);
	if (text)
		cfg = ios_parse(CONFIG_FILE, text, len, 0);
	if (cfg)
		manual_keys_keep(cfg);
	ios_free(cfg);
	wipe_free(text, len);
}

/* --------------------------------------------------------- which are those in force */

static bool fits(const struct ios_tset *set, const struct ios_manual_key *key, uint32_t spi)
{
	size_t enc, auth;

	ios_tset_key_lengths(set, &enc, &auth);
	return key->spi == spi && key->enc_len == enc && key->auth_len == auth;
}

/* Puts kept keys into an entry that could have them. Return: whether there were any. */
static bool suggest(const struct ios_config *cfg, const struct ios_map *map,
		    struct ios_entry *entry)
{
	struct kept wanted = { .seq = entry->seq }, *const *found;
	const struct ios_tset *set;

	set = entry->keys_hidden && entry->n_tsets ? ios_tset_find(cfg, entry->tsets[0]) : NULL;
	strcpy(wanted.map, map->name);
	found = set ? tfind(&wanted, &keep, compare) : NULL;
	if (!found || !fits(set, &(*found)->in, entry->in.spi) ||
	    !fits(set, &(*found)->out, entry->out.spi))
		return false;
	entry->in = (*found)->in;
	entry->out = (*found)->out;
	return true;
}

static void blank(struct ios_manual_key *key)
{
	uint32_t spi = key->spi;

	explicit_bzero(key, sizeof(*key));
	key->spi = spi;
}

/* What is suggested and would change its entry is taken back. Return: 0 or -1 */
static int sift(struct nl *nl, const struct ios_config *cfg, uint64_t generation)
{
	const struct planned *p;
	struct change change;
	struct ios_entry *entry;
	struct ios_map *map;
	struct plan plan;

	if (transaction_try(nl, generation, &change))
		return -1;
	if (transaction_plan(nl, &plan)) {
		free(plan.v);
		return -1;
	}
	for (p = plan.v; p < plan.v + plan.n; p++) {
		if (p->object != CRYPTO_MAP_CHANGE_OBJECT_ENTRY)
			continue;
		map = ios_map_find(cfg, p->name);
		entry = map ? ios_entry_find(cfg, map, p->seq) : NULL;
		if (entry) {
			blank(&entry->in);
			blank(&entry->out);
		}
	}
	free(plan.v);
	return 0;
}

/* Stages the entries for which there are keys. Return: 0 or -1; @n is how many they are. */
static int stage_suggested(struct nl *nl, struct ios_config *cfg, size_t *n)
{
	struct nl_batch *batch = nl_batch_new(nl, cfg->file);
	struct ios_entry *entry = NULL;
	struct ios_map *map;
	int ret;

	if (!batch)
		return -1;
	for (*n = 0; (entry = entry_next(cfg, &map, entry));) {
		if (!suggest(cfg, map, entry))
			continue;
		send_entry(batch, cfg, map, entry);
		++*n;
	}
	ret = nl_batch_end(batch);
	nl_batch_free(batch);
	return ret ? -1 : 0;
}

/* Return: 0 or -1; @left is whether some stay hidden. */
static int restore_kept(struct ios_config *cfg, bool *left)
{
	struct ios_entry *entry = NULL;
	uint64_t generation = 0;
	struct ios_map *map;
	struct nl *nl = nl_open();
	size_t n = 0;
	int ret = -1;

	if (nl && !transaction_begin_change(nl, &generation))
		ret = stage_suggested(nl, cfg, &n);
	if (!ret && n)
		ret = sift(nl, cfg, generation);
	nl_close(nl);
	for (*left = false; (entry = entry_next(cfg, &map, entry));) {
		if (!entry->keys_hidden)
			continue;
		if (ret) {
			blank(&entry->in);
			blank(&entry->out);
		}
		entry->keys_hidden = !entry->in.line;
		*left |= entry->keys_hidden;
	}
	return ret;
}

static bool any_hidden(const struct ios_config *cfg)
{
	struct ios_entry *entry = NULL;
	struct ios_map *map;

	while ((entry = entry_next(cfg, &map, entry)))
		if (entry->keys_hidden)
			return true;
	return false;
}

int manual_keys_restore(struct ios_config *cfg)
{
	bool left;

	if (!any_hidden(cfg))
		return 0;
	if (restore_kept(cfg, &left))
		return -1;
	if (left) {
		keep_startup();
		if (restore_kept(cfg, &left))
			return -1;
	}
	manual_keys_keep(cfg);
	return 0;
}

/* ------------------------------------------------------------- those that nobody knows */

static void hide_key(struct ios_manual_key *key, const struct ios_tset *set)
{
	ios_tset_key_lengths(set, &key->enc_len, &key->auth_len);
	memcpy(key->enc, unknown, key->enc_len);
	memcpy(key->auth, unknown, key->auth_len);
}

int manual_keys_hide(struct ios_config *cfg)
{
	struct ios_entry *entry = NULL;
	const struct ios_tset *set;
	struct ios_map *map;

	if (getrandom(unknown, sizeof(unknown), 0) != sizeof(unknown))
		return -1;
	drawn = true;
	while ((entry = entry_next(cfg, &map, entry))) {
		set = entry->keys_hidden && entry->n_tsets ?
		      ios_tset_find(cfg, entry->tsets[0]) : NULL;
		if (!set)
			continue;
		hide_key(&entry->in, set);
		hide_key(&entry->out, set);
		entry->keys_hidden = false;
	}
	return 0;
}

bool manual_keys_known(const struct ios_config *cfg, FILE *out)
{
	struct ios_entry *entry = NULL;
	struct ios_map *map;
	bool known = true;

	while ((entry = entry_next(cfg, &map, entry))) {
		if (!entry->keys_hidden && !has_unknown(entry))
			continue;
		fprintf(out, "%% crypto map %s %u has manual keys, which cannot be read back, and were neither typed here nor are in " CONFIG_FILE "\n",
			map->name, entry->seq);
		known = false;
	}
	return known;
}

bool manual_keys_stay(const struct ios_config *old, const struct ios_config *new, FILE *out)
{
	const struct ios_map *before;
	const struct ios_entry *was;
	struct ios_entry *entry = NULL;
	struct ios_map *map;
	bool stays;

	while ((entry = entry_next(new, &map, entry))) {
		if (!has_unknown(entry))
			continue;
		before = ios_map_find(old, map->name);
		was = before ? ios_entry_find(old, before, entry->seq) : NULL;
		stays = was && loads_entry(was);
		/* what lacks something is not loaded, and its keys are gone: only if they are to go */
		if (loads_entry(entry) ? stays && ios_entry_same(map, entry, was) :
					 !stays || !entry->in.spi || !entry->out.spi)
			continue;
		fprintf(out, "%% crypto map %s %u has manual keys, which cannot be read back: take them off with no set session-key first, and set them again\n",
			map->name, entry->seq);
		return false;
	}
	return true;
}
