// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What access list entries with object-groups stand for: entries without, one
 * for each service, source and destination of the groups, in the order of their
 * members. Bounded: a text of a few lines can name billions.
 */
#include <stdlib.h>
#include <string.h>

#include "flat.h"
#include "list.h"
#include "parse.h"

#define GROUP_MAX 4096			/* networks or services of a group */
#define PARTS_MAX 4096			/* of an entry */
#define ACL_MAX 65536			/* of a list, which the kernel module takes */
#define TOTAL_MAX (1u << 17)		/* of a configuration */
#define DEPTH_MAX 32			/* groups that are followed into each other */
#define COMPARE_MAX (1u << 20)		/* lookups and comparisons of the members of a group */

enum { STATE_NEW, STATE_WORK, STATE_DONE };

/*
 * struct expand - state of the expansion
 * @p:     the parser
 * @flat:  members of the present group
 * @parts: parts that are left
 */
struct expand {
	struct parser *p;
	struct flat *flat;
	size_t parts;
};

/* ------------------------------------------------------------------------ groups */

static void fault(struct expand *x, struct ios_group *group, unsigned int line, const char *fmt,
		  ...) __attribute__((format(printf, 4, 5)));

static void fault(struct expand *x, struct ios_group *group, unsigned int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (problem_group(group, line, fmt, ap))
		no_memory(x->p);
	va_end(ap);
}

/* Adds what no member before it holds. */
static void flat_add(struct expand *x, struct ios_group *group, unsigned int line,
		     const struct ios_ace *rule)
{
	struct ios_ace *bigger;

	if (group->fault || flat_holds(x->flat, rule))
		return;
	if (group->n_flat == GROUP_MAX) {
		fault(x, group, line, "object-group %s has too many members (at most %d)",
		      group->name, GROUP_MAX);
		return;
	}
	if (!x->flat->budget) {
		fault(x, group, line, "object-group %s has too many members to compare with each other",
		      group->name);
		return;
	}
	/* at powers of two */
	if (!(group->n_flat & (group->n_flat - 1))) {
		bigger = realloc(group->flat, (group->n_flat ? 2 * group->n_flat : 1) *
					      sizeof(*bigger));
		if (!bigger) {
			no_memory(x->p);
			return;
		}
		group->flat = bigger;
	}
	group->flat[group->n_flat++] = *rule;
	if (flat_enter(x->flat))
		no_memory(x->p);
}

/* The networks that a range of addresses consists of. */
static void flat_range(struct expand *x, struct ios_group *group, const struct ios_member *member)
{
	uint64_t at = ntohl(member->rule.src.v4.s_addr), last = ntohl(member->last.v4.s_addr);
	struct ios_ace rule = member->rule;
	unsigned int bits;

	while (at <= last) {
		for (bits = 0; bits < 32 && !(at >> bits & 1) &&
			       at + (2ull << bits) - 1 <= last;)
			bits++;
		rule.src.v4.s_addr = htonl(at);
		rule.src_wild = ios_wild(AF_INET, 32 - bits);
		flat_add(x, group, member->line, &rule);
		at += 1ull << bits;
	}
}

static void flat_service(struct expand *x, struct ios_group *group, const struct ios_member *member)
{
	struct ios_ace rule = member->rule;

	if (rule.proto == IOS_PROTO_TCP_UDP) {
		rule.proto = IPPROTO_TCP;
		flat_add(x, group, member->line, &rule);
		rule.proto = IPPROTO_UDP;
	}
	flat_add(x, group, member->line, &rule);
}

static void flatten(struct expand *x, struct ios_group *group, unsigned int depth);

static void flat_group(struct expand *x, struct ios_group *group, const struct ios_member *member,
		       unsigned int depth)
{
	struct ios_group *inner = ios_group_find(x->p->cfg, member->group);
	size_t i;

	if (!inner) {
		fault(x, group, member->line, "object-group %s is not defined", member->group);
		return;
	}
	if (inner->service != group->service || inner->family != group->family) {
		fault(x, group, member->line, "object-group %s (line %u) is of another kind",
		      inner->name, inner->line);
		return;
	}
	if (inner->state == STATE_WORK) {
		fault(x, group, member->line, "object-group %s contains itself", inner->name);
		x->p->failed = false;
		x->p->line.no = member->line;
		p_fail(x->p, "object-group %s contains itself", inner->name);
		return;
	}
	if (depth == DEPTH_MAX) {
		fault(x, group, member->line, "more than %d object-groups within each other",
		      DEPTH_MAX);
		return;
	}
	flatten(x, inner, depth + 1);
	if (inner->fault)
		fault(x, group, member->line, "object-group %s cannot be used (line %u)",
		      inner->name, inner->fault_line);
	for (i = 0; i < inner->n_flat && !group->fault; i++)
		flat_add(x, group, member->line, &inner->flat[i]);
}

static void flatten(struct expand *x, struct ios_group *group, unsigned int depth)
{
	struct flat flat = { .cfg = x->p->cfg, .group = group, .budget = COMPARE_MAX };
	struct flat *outer = x->flat;
	const struct ios_member *member;

	if (group->state != STATE_NEW)
		return;
	group->state = STATE_WORK;
	x->flat = &flat;
	for (member = group->members; member && !group->fault; member = member->next) {
		switch (member->kind) {
		case IOS_MEMBER_NET:
			flat_add(x, group, member->line, &member->rule);
			break;
		case IOS_MEMBER_RANGE:
			flat_range(x, group, member);
			break;
		case IOS_MEMBER_SERVICE:
			flat_service(x, group, member);
			break;
		case IOS_MEMBER_GROUP:
			flat_group(x, group, member, depth);
			break;
		}
	}
	if (!group->n_flat && !group->fault)
		fault(x, group, group->line, "object-group %s has no members", group->name);
	group->state = STATE_DONE;
	flat_end(&flat);
	x->flat = outer;
}

/* ----------------------------------------------------------------------- entries */

/* struct choice - what stands in one place of an entry: of @n one after the other */
struct choice {
	const struct ios_ace *rule;
	size_t n;
};

/* The group of a place, or the entry itself; false when the group cannot be used. */
static bool choose(struct expand *x, const struct ios_ace *ace, enum ios_place place,
		   struct choice *choice)
{
	const struct ios_group *group;

	*choice = (struct choice){ .rule = ace, .n = 1 };
	if (!ace->group[place])
		return true;
	group = ios_group_find(x->p->cfg, ace->group[place]);
	if (!group)
		p_fail(x->p, "object-group %s is not defined", ace->group[place]);
	else if (group->service != (place == IOS_PLACE_SERVICE))
		p_fail(x->p, "object-group %s is of %s; one of %s belongs here", group->name,
		       group->service ? "services" : "networks",
		       group->service ? "networks" : "services");
	else if (group->family != ace->src.family)
		p_fail(x->p, "object-group %s is of %s", group->name,
		       group->family == AF_INET6 ? "IPv6" : "IPv4");
	else if (group->fault)
		p_fail(x->p, "object-group %s cannot be used: %s (line %u)", group->name,
		       group->fault, group->fault_line);
	else
		*choice = (struct choice){ .rule = group->flat, .n = group->n_flat };
	return !x->p->failed;
}

static void add_part(struct expand *x, struct ios_ace *ace, const struct ios_ace *service,
		     const struct ios_ace *src, const struct ios_ace *dst)
{
	struct ios_ace *part = malloc(sizeof(*part));

	if (!part) {
		no_memory(x->p);
		return;
	}
	*part = *ace;
	memset(part->group, 0, sizeof(part->group));
	part->tag = NULL;
	part->whole = ace;
	part->parts = NULL;
	part->proto = service->proto;
	part->sport = service->sport;
	part->dport = service->dport;
	part->icmp_type = service->icmp_type;
	part->icmp_code = service->icmp_code;
	part->src = src->src;
	part->src_wild = src->src_wild;
	/* networks of groups are sources */
	part->dst = ace->group[IOS_PLACE_DST] ? dst->src : dst->dst;
	part->dst_wild = ace->group[IOS_PLACE_DST] ? dst->src_wild : dst->dst_wild;
	ios_list_push(&ace->parts, part);
}

/* Return: how many parts it has. */
static size_t expand_ace(struct expand *x, struct ios_ace *ace)
{
	struct choice service, src, dst;
	size_t i, j, k, n;

	if (!choose(x, ace, IOS_PLACE_SERVICE, &service) || !choose(x, ace, IOS_PLACE_SRC, &src) ||
	    !choose(x, ace, IOS_PLACE_DST, &dst))
		return 0;
	n = service.n * src.n * dst.n;
	if (n > PARTS_MAX) {
		p_fail(x->p, "this entry stands for %zu (%zu services, %zu sources, %zu destinations), which is too many: at most %d",
		       n, service.n, src.n, dst.n, PARTS_MAX);
		return 0;
	}
	if (n > x->parts) {
		p_fail(x->p, "this entry stands for %zu (%zu services, %zu sources, %zu destinations), and with those before it for more than %u",
		       n, service.n, src.n, dst.n, TOTAL_MAX);
		return 0;
	}
	x->parts -= n;
	/* pushed to the front: the last one first */
	for (i = service.n; i--;)
		for (j = src.n; j--;)
			for (k = dst.n; k--;)
				add_part(x, ace, &service.rule[i], &src.rule[j], &dst.rule[k]);
	return n;
}

static void expand_acl(struct expand *x, struct ios_acl *acl)
{
	struct ios_ace *ace;
	size_t n = 0;

	x->p->in_acl = acl;
	for (ace = acl->aces; ace; ace = ace->next) {
		x->p->failed = false;
		x->p->line.no = ace->line;
		if (ios_ace_grouped(ace))
			n += expand_ace(x, ace);
		else
			n++;
		if (n <= ACL_MAX)
			continue;
		p_fail(x->p, "access list %s stands for more than %d entries", acl->name, ACL_MAX);
		break;
	}
	x->p->in_acl = NULL;
}

void expand_groups(struct parser *p)
{
	struct expand x = { .p = p, .parts = TOTAL_MAX };
	struct ios_group *group;
	struct ios_acl *acl;

	for (group = p->cfg->groups; group; group = group->next)
		ios_list_reverse(&group->members);
	for (group = p->cfg->groups; group; group = group->next) {
		flatten(&x, group, 1);
		if (group->fault &&
		    ios_diag(p->cfg, IOS_WARNING, group->fault_line, "%s; object-group %s is left out",
			     group->fault, group->name))
			no_memory(p);
	}
	for (acl = p->cfg->acls; acl; acl = acl->next)
		if (ios_acl_grouped(acl))
			expand_acl(&x, acl);
	p->failed = false;
}
