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
	ios_index_del(cfg, INDEX_GROUP, NULL, 0, group->name);
	ios_list_unlink(&cfg->groups, group);
	while (group->members)
		ios_member_remove(cfg, group, group->members);
	free(group->description);
	free(group->flat);
	free(group->fault);
	free(group);
}

static uint32_t member_hash(const struct ios_member *member)
{
	uint32_t h = ios_ace_hash(&member->rule) ^ member->kind;

	if (member->kind == IOS_MEMBER_RANGE)
		h ^= member->last.v4.s_addr * 31;
	return h ^ ios_index_hash(member->group, strlen(member->group));
}

static bool same_member(const void *obj, const void *wanted)
{
	const struct ios_member *a = obj, *b = wanted;

	return a->kind == b->kind && ios_ace_same(&a->rule, &b->rule) &&
	       (a->kind != IOS_MEMBER_RANGE || ios_addr_same(&a->last, &b->last)) &&
	       !strcmp(a->group, b->group);
}

struct ios_member *ios_member_find(const struct ios_config *cfg, const struct ios_group *group,
				   const struct ios_member *member)
{
	return ios_index_like(cfg, INDEX_MEMBER, group, member_hash(member), same_member, member);
}

int ios_member_add(struct ios_config *cfg, struct ios_group *group, const struct ios_member *member)
{
	struct ios_member *copy = malloc(sizeof(*copy));

	if (!copy)
		return -1;
	*copy = *member;
	if (ios_index_put(cfg, INDEX_MEMBER, group, member_hash(copy), copy)) {
		free(copy);
		return -1;
	}
	ios_list_push(&group->members, copy);
	group->n_members++;
	return 0;
}

void ios_member_remove(struct ios_config *cfg, struct ios_group *group, struct ios_member *member)
{
	ios_index_drop(cfg, INDEX_MEMBER, group, member_hash(member), member);
	ios_list_unlink(&group->members, member);
	group->n_members--;
	free(member);
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
