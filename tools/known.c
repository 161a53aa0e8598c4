// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "ios/model.h"
#include "ios/pick.h"
#include "ios/text.h"
#include "known.h"

/* As many objects are read as fast as one can type. */
#define SMALL 1000

void known_forget(struct known *known)
{
	ios_free(known->cfg);
	ios_free(known->cold);
	ios_text_free(known->text);
	*known = (struct known){ 0 };
}

int known_change(struct known *known, struct ios_config *cfg)
{
	ios_free(known->cfg);
	ios_text_free(known->text);
	known->cfg = cfg;
	known->text = ios_print(cfg, IOS_PRINT_ALL | IOS_PRINT_CONTENTS, NULL);
	if (known->text)
		return 0;
	known_forget(known);
	return -1;
}

/* What is to be known becomes what a text says, for ios_text_free(). */
static int reread(struct known *known, char *text)
{
	struct ios_config *cfg = text ? ios_parse("running-config", text, strlen(text), 0) : NULL;

	ios_text_free(text);
	if (cfg)
		return known_change(known, cfg);
	known_forget(known);
	return -1;
}

/* What is picked becomes part of what lines are read with. */
static int heat(struct known *known)
{
	char *picked = ios_print(known->cold, IOS_PRINT_PICKED, NULL);
	struct text text = { 0 };

	if (picked)
		put(&text, "%s%s", known->text, picked);
	ios_text_free(picked);
	if (reread(known, text_finish(&text)))
		return -1;
	ios_picked_remove(known->cold);
	return 0;
}

static bool small(const struct ios_config *cfg)
{
	const struct ios_acl *acl;
	const struct ios_map *map;
	size_t n = 0;

	for (map = ios_map_next(cfg, NULL); map; map = ios_map_next(cfg, map))
		n += map->n_entries;
	for (acl = cfg->acls; acl && n < SMALL; acl = acl->next)
		n++;
	return n < SMALL;
}

static int cool(struct known *known)
{
	char *text;

	ios_pick_first(known->cfg);
	text = ios_print(known->cfg, IOS_PRINT_ALL | IOS_PRINT_CONTENTS | IOS_PRINT_PICKED, NULL);
	ios_picked_remove(known->cfg);
	known->cold = known->cfg;
	known->cfg = NULL;
	return reread(known, text);
}

int known_set(struct known *known, struct ios_config *cfg)
{
	known_forget(known);
	if (small(cfg))
		return known_change(known, cfg);
	known->cfg = cfg;
	return cool(known);
}

int known_warm(struct known *known, const char *head, const char *line)
{
	if (!known->cold && !small(known->cfg) && cool(known))
		return -1;
	if (!known->cold || !ios_pick(known->cold, known->cfg, head, line))
		return 0;
	return heat(known);
}

int known_whole(struct known *known)
{
	int ret;

	if (!known->cold)
		return 0;
	ios_pick_all(known->cold);
	ret = heat(known);
	ios_free(known->cold);
	known->cold = NULL;
	return ret;
}
