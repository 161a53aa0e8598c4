// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The checks of trustpoints and certificate maps. What is in the files of a trustpoint is
 * checked by charon, which can read certificates.
 */
#include "lint.h"

/* One that is only there for its CA need not be whole. */
static void lint_trustpoint(struct lint *l, const struct ios_trustpoint *point)
{
	const char *lacks = ios_trustpoint_lacks(point);

	if (lacks)
		SAY(l, IOS_WARNING, point->line, "trustpoint %s has no %s: this side cannot authenticate itself by it",
		    point->name, lacks);
}

static void lint_cert_map(struct lint *l, const struct ios_cert_map *map)
{
	/* of a rule that is not supported it was told */
	if (!map->rules && !*map->other)
		SAY(l, IOS_WARNING, map->line, "certificate map %s %u is empty and matches no certificate",
		    map->name, map->seq);
}

void lint_profile_pki(struct lint *l, const struct ios_profile *profile)
{
	size_t i;

	for (i = 0; i < profile->n_trustpoints; i++)
		if (!ios_trustpoint_find(l->cfg, profile->trustpoints[i]))
			SAY(l, IOS_WARNING, profile->line,
			    "isakmp profile %s: trustpoint %s is not defined", profile->name,
			    profile->trustpoints[i]);
	for (i = 0; i < profile->n_cert_maps; i++)
		if (!ios_cert_map_named(l->cfg, profile->cert_maps[i]))
			SAY(l, IOS_WARNING, profile->line,
			    "isakmp profile %s: certificate map %s is not defined, so that it matches no certificate",
			    profile->name, profile->cert_maps[i]);
}

void lint_pki(struct lint *l)
{
	const struct ios_trustpoint *point = NULL;
	const struct ios_cert_map *map;

	/* not for the default ones, which nobody asked for */
	if (ios_policy_by(l->cfg->policies, IOS_AUTH_RSA_SIG))
		point = l->cfg->trustpoints;
	for (; point; point = point->next)
		lint_trustpoint(l, point);
	for (map = l->cfg->cert_maps; map; map = map->next)
		lint_cert_map(l, map);
}
