// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Object-groups of a model.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "list.h"
#include "model.h"

struct ios_group *ios_group_find(const struct ios_config *cfg, const char *name)
{
	return ios_index_find(cfg, INDEX_GROUP, NULL, 0, name);
}

struct ios_group *ios_group_get(struct ios_config *cfg, const char *name, int family, bool service)
{
	struct ios_group *group = ios_group_find(cfg, name);

	if (group)
		return group;
	group = calloc(1, sizeof(*group));
	if (!group)
		return NULL;
	snprintf(group->name, sizeof(group->name), "%s", name);
	group->family = family;
	group->service = service;
	return ios_object_add(cfg, &cfg->groups, INDEX_GROUP, NULL, 0, group->name, group);
}

void ios_group_remove(struct ios_config *cfg, struct ios_group *group)
{
	struct ios_member *member;

	ios_index_del(cfg, INDEX_GROUP, NULL, 0, group->name);
	ios_list_unlink(&cfg->groups, group);
	while ((member = ios_list_pop(&group->members)))
		free(member);
	free(group->description);
	free(group->flat);
	free(group->fault);
	free(group);
}

bool ios_member_same(const struct ios_member *a, const struct ios_member *b)
{
	return a->kind == b->kind && ios_ace_same(&a->rule, &b->rule) &&
	       (a->kind != IOS_MEMBER_RANGE || ios_addr_same(&a->last, &b->last)) &&
	       !strcmp(a->group, b->group);
}

int ios_groups_take(struct ios_config *to, struct ios_config *from)
{
	struct ios_group *group;

	to->groups = from->groups;
	from->groups = NULL;
	for (group = to->groups; group; group = group->next) {
		ios_index_del(from, INDEX_GROUP, NULL, 0, group->name);
		if (ios_index_add(to, INDEX_GROUP, NULL, 0, group->name, group))
			return -1;
	}
	return 0;
}
