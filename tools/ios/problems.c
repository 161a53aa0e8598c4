// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Problems whose weight is known only at the end of the text: what would leave
 * traffic unprotected is an error where a crypto map that is on an interface
 * has it, and something that is left out, with a warning, elsewhere. What is about
 * certificates is told where ISAKMP may use any: those of HTTPS, which every IOS XE has,
 * are another thing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "list.h"
#include "parse.h"

#define LOST_TOLD 8	/* entries that a list without use has lost and that are told one by one */

/* What has problems of a kind, made if need be; NULL when memory is exhausted. */
static struct trouble *trouble_get(struct parser *p, enum problem_of of, const char *name)
{
	struct trouble *trouble = ios_index_find(p->cfg, INDEX_TROUBLE, NULL, of, name);

	if (trouble)
		return trouble;
	trouble = calloc(1, sizeof(*trouble));
	if (!trouble)
		return NULL;
	trouble->of = of;
	snprintf(trouble->name, sizeof(trouble->name), "%s", name);
	return ios_object_add(p->cfg, &p->troubles, INDEX_TROUBLE, NULL, of, trouble->name, trouble);
}

static void problem_free(struct problem *problem)
{
	free(problem->text);
	free(problem);
}

static void problem_remove(struct parser *p, struct problem *problem)
{
	if (p->problem == problem)
		p->problem = NULL;
	ios_index_drop(p->cfg, INDEX_PROBLEM, problem->of, problem->seq, problem);
	ios_list_unlink(&problem->of->problems, problem);
	problem_free(problem);
}

static int problem_add(struct parser *p, enum problem_of of, const char *name, uint32_t seq,
		       const char *topic, const char *fmt, va_list ap)
{
	struct trouble *trouble = trouble_get(p, of, name);
	struct problem *problem = trouble ? calloc(1, sizeof(*problem)) : NULL;

	if (!problem)
		return -1;
	if (vasprintf(&problem->text, fmt, ap) < 0)
		problem->text = NULL;
	if (!problem->text || ios_index_put(p->cfg, INDEX_PROBLEM, trouble, seq, problem)) {
		problem_free(problem);
		return -1;
	}
	problem->of = trouble;
	snprintf(problem->topic, sizeof(problem->topic), "%s", topic);
	problem->seq = seq;
	problem->line = p->line.no;
	ios_list_push(&trouble->problems, problem);
	p->problem = problem;
	return 0;
}

int problem_acl(struct parser *p, const struct ios_acl *acl, const char *fmt, va_list ap)
{
	return problem_add(p, PROBLEM_ACL, acl->name, acl->family, "", fmt, ap);
}

int problem_group(struct ios_group *group, unsigned int line, const char *fmt, va_list ap)
{
	if (group->fault)
		return 0;
	group->fault_line = line;
	if (vasprintf(&group->fault, fmt, ap) >= 0)
		return 0;
	group->fault = NULL;
	return -1;
}

/* A setting that is given again takes the place of what it was. */
static void problem_replace(struct parser *p, enum problem_of of, const char *map, uint32_t seq,
			    const char *topic)
{
	char setting[IOS_NAME_MAX + 1];

	snprintf(setting, sizeof(setting), "%.*s", (int)strcspn(topic, " "), topic);
	/* client has several */
	problem_undo(p, of, map, seq, seq && *topic ? setting : topic);
}

void problem_map(struct parser *p, enum problem_of of, const char *map, uint32_t seq,
		 const char *topic, const char *fmt, ...)
{
	va_list ap;

	if (seq || *topic)
		problem_replace(p, of, map, seq, topic);
	p->failed = true;
	p->cfg->n_skipped += p->interactive;
	va_start(ap, fmt);
	if (problem_add(p, of, map, seq, topic, fmt, ap))
		no_memory(p);
	va_end(ap);
}

void problem_point(struct parser *p, const char *fmt, ...)
{
	va_list ap;

	p->cfg->n_skipped += p->interactive;
	va_start(ap, fmt);
	if (problem_add(p, PROBLEM_POINT, p->point->name, 0, "", fmt, ap))
		no_memory(p);
	va_end(ap);
}

/* Whether these are the first words of a text. */
static bool begins_with(const char *text, const char *words)
{
	size_t len = strlen(words);

	return !strncmp(text, words, len) && (!len || !text[len] || text[len] == ' ');
}

static bool has_topic(const void *obj, const void *topic)
{
	const struct problem *problem = obj;

	return begins_with(problem->topic, topic);
}

void problem_undo(struct parser *p, enum problem_of of, const char *name, uint32_t seq,
		  const char *topic)
{
	struct trouble *trouble = ios_index_find(p->cfg, INDEX_TROUBLE, NULL, of, name);
	struct problem *problem, *next;

	if (!trouble)
		return;
	while ((seq || *topic) &&
	       (problem = ios_index_like(p->cfg, INDEX_PROBLEM, trouble, seq, has_topic, topic)))
		problem_remove(p, problem);
	for (problem = seq || *topic ? NULL : trouble->problems; problem; problem = next) {
		next = problem->next;
		if (has_topic(problem, topic))
			problem_remove(p, problem);
	}
}

void problem_retract(struct parser *p)
{
	if (p->problem && p->problem->line == p->line.no)
		problem_remove(p, p->problem);
}

/* ------------------------------------------------------------------ at the end */

/* The dynamic crypto maps that a map on an interface refers to. */
static void mark_dynamics(struct ios_config *cfg, const struct ios_map *map)
{
	const struct ios_entry *entry;
	struct ios_map *dynamic;

	for (entry = map->entries; entry; entry = entry->next) {
		dynamic = *entry->dynamic ? ios_dynamic_find(cfg, entry->dynamic) : NULL;
		if (dynamic)
			dynamic->bound = true;
	}
}

/* What is on an interface, and what that uses. Return: whether any map is. */
static bool mark_used(struct ios_config *cfg)
{
	struct ios_interface *ifc;
	struct ios_entry *entry;
	bool any = false;
	struct ios_map *map;
	struct ios_acl *acl;
	size_t i;

	for (ifc = cfg->interfaces; ifc; ifc = ifc->next) {
		map = *ifc->map ? ios_map_find(cfg, ifc->map) : NULL;
		if (map)
			map->bound = true;
		map = *ifc->map6 ? ios_map_find(cfg, ifc->map6) : NULL;
		if (map)
			map->bound = true;
		any |= *ifc->map || *ifc->map6;
	}
	for (map = cfg->maps; map; map = map->next)
		if (map->bound)
			mark_dynamics(cfg, map);
	for (map = ios_map_next(cfg, NULL); map; map = ios_map_next(cfg, map)) {
		for (entry = map->entries; map->bound && entry; entry = entry->next) {
			acl = ios_acl_find(cfg, entry->acl, map->family);
			if (acl)
				acl->used = true;
			for (i = 0; i < IOS_FILTERS; i++) {
				acl = ios_acl_find(cfg, entry->filter[i], map->family);
				if (acl)
					acl->used = true;
			}
		}
	}
	return any;
}

/* A map on an interface, which is told if the map has a problem. */
static void mark_trouble(struct parser *p, struct ios_interface *ifc, const char *map)
{
	struct trouble *trouble = ios_index_find(p->cfg, INDEX_TROUBLE, NULL, PROBLEM_ENTRY, map);

	if (!trouble || !trouble->problems)
		return;
	trouble->bound = true;
	ifc->refused = true;
}

static void mark_troubles(struct parser *p)
{
	struct ios_interface *ifc;

	for (ifc = p->cfg->interfaces; ifc; ifc = ifc->next) {
		mark_trouble(p, ifc, ifc->map);
		mark_trouble(p, ifc, ifc->map6);
	}
}

static int report_acl(struct ios_config *cfg, const struct problem *problem)
{
	struct ios_acl *acl = ios_acl_find(cfg, problem->of->name, problem->seq);

	if (!acl)
		return 0;
	acl->n_lost++;
	if (acl->used)
		return ios_diag(cfg, IOS_ERROR, problem->line, "%s", problem->text);
	if (acl->n_lost == LOST_TOLD + 1)
		acl->lost_line = problem->line;
	if (acl->n_lost > LOST_TOLD)
		return 0;
	return ios_diag(cfg, IOS_WARNING, problem->line,
			"%s; entries like this are left out of access list %s, which no crypto map on an interface uses",
			problem->text, acl->name);
}

/* The list of a firewall may have hundreds: how many more there are. */
static int report_lost(struct ios_config *cfg, const struct ios_acl *acl)
{
	if (acl->used || acl->n_lost <= LOST_TOLD)
		return 0;
	return ios_diag(cfg, IOS_WARNING, acl->lost_line,
			"%zu more entries from this line on are left out of access list %s, which no crypto map on an interface uses",
			acl->n_lost - LOST_TOLD, acl->name);
}

static int report_map(struct ios_config *cfg, const struct problem *problem, bool bound)
{
	if (!bound)
		return ios_diag(cfg, IOS_WARNING, problem->line,
				"%s not supported in this version and left out", problem->text);
	if (problem->of->of == PROBLEM_MAPS)
		return ios_diag(cfg, IOS_ERROR, problem->line,
				"%s not supported in this version", problem->text);
	return ios_diag(cfg, IOS_ERROR, problem->line,
			"%s not supported in this version, and %s %s is on an interface",
			problem->text,
			problem->of->of == PROBLEM_TEMPLATE ? "a crypto map with crypto dynamic-map" :
							  "crypto map",
			problem->of->name);
}

/* What is about certificates is of interest where peers may be authenticated by them. */
static int report_point(struct ios_config *cfg, const struct problem *problem)
{
	if (!ios_policy_by(ios_policies(cfg), IOS_AUTH_RSA_SIG))
		return 0;
	return ios_diag(cfg, IOS_WARNING, problem->line, "%s", problem->text);
}

static int report(struct ios_config *cfg, const struct problem *problem, bool any_bound)
{
	const struct ios_map *dynamic;

	switch (problem->of->of) {
	case PROBLEM_ACL:
		return report_acl(cfg, problem);
	case PROBLEM_ENTRY:
		return report_map(cfg, problem, problem->of->bound);
	case PROBLEM_TEMPLATE:
		dynamic = ios_dynamic_find(cfg, problem->of->name);
		return report_map(cfg, problem, dynamic && dynamic->bound);
	case PROBLEM_MAPS:
		return report_map(cfg, problem, any_bound);
	case PROBLEM_POINT:
		return report_point(cfg, problem);
	}
	return 0;
}

/* What is wrong with the list of match address, also by the number of one that is not there; or NULL. */
static const char *not_extended(const struct parser *p, const char *name)
{
	const struct ios_acl *acl = ios_acl_find(p->cfg, name, AF_INET);
	uint64_t number;

	if (acl)
		return acl->standard ? "a standard access list" : NULL;
	if (!*name || name[strspn(name, "0123456789")])
		return NULL;
	number = strtoull(name, NULL, 10);
	if (acl_extended(number))
		return NULL;
	return acl_standard(number) ? "a standard access list" : "no number of an access list of IPv4";
}

/* Entries whose match address is such a list; IOS refuses it. A standard one has no destination. */
static void report_standards(struct parser *p)
{
	const struct ios_entry *entry;
	const struct ios_map *map;
	const char *wrong;

	for (map = ios_map_next(p->cfg, NULL); map; map = ios_map_next(p->cfg, map))
		for (entry = map->entries; map->family == AF_INET && entry; entry = entry->next) {
			wrong = not_extended(p, entry->acl);
			if (wrong && ios_diag(p->cfg, map->bound ? IOS_ERROR : IOS_WARNING, entry->acl_line,
					      "%s is %s; %s %s %u needs an extended one (a name, 100-199 or 2000-2699)",
					      entry->acl, wrong, ios_map_word(map), map->name, entry->seq))
				no_memory(p);
		}
}

static int compare_line(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

/* All problems, by line. */
static struct problem *collect(struct parser *p)
{
	struct problem *all = NULL, *problem;
	struct trouble *trouble;

	for (trouble = p->troubles; trouble; trouble = trouble->next)
		while ((problem = ios_list_pop(&trouble->problems)))
			ios_list_push(&all, problem);
	ios_list_sort(&all, compare_line);
	return all;
}

void problems_report(struct parser *p)
{
	bool any_bound = mark_used(p->cfg);
	struct problem *all, *problem;
	const struct ios_acl *acl;
	struct trouble *trouble;

	report_standards(p);
	mark_troubles(p);

	all = collect(p);
	while ((problem = ios_list_pop(&all))) {
		if (report(p->cfg, problem, any_bound))
			no_memory(p);
		problem_free(problem);
	}
	while ((trouble = ios_list_pop(&p->troubles)))
		free(trouble);
	for (acl = p->cfg->acls; acl; acl = acl->next)
		if (report_lost(p->cfg, acl))
			no_memory(p);
}
