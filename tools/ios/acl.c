// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Access lists of a model, and their entries by number and by what they say.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "list.h"
#include "model.h"

struct ios_acl *ios_acl_find(const struct ios_config *cfg, const char *name, int family)
{
	return ios_index_find(cfg, INDEX_ACL, NULL, family, name);
}

struct ios_acl *ios_acl_get(struct ios_config *cfg, const char *name, int family)
{
	struct ios_acl *acl = ios_acl_find(cfg, name, family);

	if (acl)
		return acl;
	acl = calloc(1, sizeof(*acl));
	if (!acl)
		return NULL;
	snprintf(acl->name, sizeof(acl->name), "%s", name);
	acl->family = family;
	acl->numbered = family == AF_INET && name[strspn(name, "0123456789")] == '\0';
	return ios_object_add(cfg, &cfg->acls, INDEX_ACL, NULL, family, acl->name, acl);
}

void ios_acl_remove(struct ios_config *cfg, struct ios_acl *acl)
{
	while (acl->aces)
		ios_ace_remove(cfg, acl, acl->aces);
	ios_index_del(cfg, INDEX_ACL, NULL, acl->family, acl->name);
	ios_list_unlink(&cfg->acls, acl);
	free(acl);
}

struct ios_ace *ios_ace_find(const struct ios_config *cfg, const struct ios_acl *acl, uint32_t seq)
{
	return ios_index_find(cfg, INDEX_ACE, acl, seq, NULL);
}

static uint32_t first_seq(const struct ios_acl *acl)
{
	return acl->start ? acl->start : 10;
}

static uint32_t step_seq(const struct ios_acl *acl)
{
	return acl->step ? acl->step : 10;
}

struct ios_ace *ios_ace_add(struct ios_config *cfg, struct ios_acl *acl, uint32_t seq)
{
	struct ios_ace *ace = malloc(sizeof(*ace));

	if (!ace)
		return NULL;
	acl->irregular |= seq != (acl->n_aces ? acl->max_seq + step_seq(acl) : first_seq(acl));
	acl->mixed = acl->aces && (acl->mixed || seq < acl->aces->seq);
	ios_ace_init(ace, acl->family);
	ace->seq = seq;
	ace->standard = acl->standard;
	if (!ios_object_add(cfg, &acl->aces, INDEX_ACE, acl, seq, NULL, ace))
		return NULL;
	acl->n_aces++;
	return ace;
}

bool ios_ace_move(struct ios_config *cfg, struct ios_acl *acl, struct ios_ace *remark,
		  uint32_t seq)
{
	if (ios_index_add(cfg, INDEX_ACE, acl, seq, NULL, remark))
		return false;
	ios_index_del(cfg, INDEX_ACE, acl, remark->seq, NULL);
	remark->seq = seq;
	return true;
}

uint32_t ios_ace_hash(const struct ios_ace *ace)
{
	const uint32_t words[] = {
		ace->action, ace->proto, ace->sport.op, ace->dport.op, ace->icmp_type,
		ace->icmp_code, ace->tos, ace->tos_mask, ace->tcp_set, ace->tcp_clear,
		ace->tcp_all, ace->fragments, ace->ttl.op,
	};
	const struct ios_addr *const addrs[] = {
		&ace->src, &ace->src_wild, &ace->dst, &ace->dst_wild,
	};
	uint64_t h = 0xcbf29ce484222325u;
	const char *name;
	size_t i, k;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		h = (h ^ words[i]) * 0x100000001b3u;
	for (i = 0; i < sizeof(addrs) / sizeof(*addrs); i++)
		for (k = 0; k < ios_addr_bits(addrs[i]->family) / 8; k++)
			h = (h ^ addrs[i]->bytes[k]) * 0x100000001b3u;
	for (i = 0; i < ace->sport.n; i++)
		h = (h ^ ace->sport.port[i]) * 0x100000001b3u;
	for (i = 0; i < ace->dport.n; i++)
		h = (h ^ ace->dport.port[i]) * 0x100000001b3u;
	for (i = 0; i < ace->ttl.n; i++)
		h = (h ^ ace->ttl.port[i]) * 0x100000001b3u;
	for (i = 0; i < IOS_PLACES; i++)
		for (name = ace->group[i]; name && *name; name++)
			h = (h ^ (unsigned char)*name) * 0x100000001b3u;
	return h ^ h >> 32;
}

static bool same_rule(const void *obj, const void *wanted)
{
	return ios_ace_same(obj, wanted);
}

/* The last one with this text; if there were others with it, any that is still there. */
static struct ios_ace *remark_find(const struct ios_config *cfg, const struct ios_acl *acl,
				   const struct ios_ace *remark)
{
	struct ios_ace *ace = ios_index_find(cfg, INDEX_REMARK, acl, 0, remark->remark);

	if (!ace && acl->remarks_alike)
		for (ace = acl->aces; ace && !ios_ace_same(ace, remark);)
			ace = ace->next;
	return ace;
}

struct ios_ace *ios_ace_twin(const struct ios_config *cfg, const struct ios_acl *acl,
			     const struct ios_ace *ace)
{
	if (ace->action == IOS_REMARK)
		return remark_find(cfg, acl, ace);
	return ios_index_like(cfg, INDEX_RULE, acl, ios_ace_hash(ace), same_rule, ace);
}

int ios_ace_index(struct ios_config *cfg, struct ios_acl *acl, struct ios_ace *ace)
{
	if (ace->action != IOS_REMARK)
		return ios_index_put(cfg, INDEX_RULE, acl, ios_ace_hash(ace), ace);
	acl->irregular = true;
	if (ios_index_find(cfg, INDEX_REMARK, acl, 0, ace->remark))
		acl->remarks_alike = true;
	return ios_index_add(cfg, INDEX_REMARK, acl, 0, ace->remark, ace);
}

static void rule_forget(struct ios_config *cfg, const struct ios_acl *acl,
			const struct ios_ace *ace)
{
	if (ace->action != IOS_REMARK)
		ios_index_drop(cfg, INDEX_RULE, acl, ios_ace_hash(ace), ace);
	else if (ios_index_find(cfg, INDEX_REMARK, acl, 0, ace->remark) == ace)
		ios_index_del(cfg, INDEX_REMARK, acl, 0, ace->remark);
}

uint32_t ios_next_seq(uint32_t max_seq, uint32_t max_ace, bool remark)
{
	uint64_t seq = remark ? (uint64_t)max_seq + 1 : (uint64_t)max_ace + 10;

	if (seq <= max_seq)
		seq = ((uint64_t)max_seq / 10 + 1) * 10;
	return seq <= INT32_MAX ? seq : 0;
}

static int compare_ace(const void *a, const void *b)
{
	const struct ios_ace *x = a, *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

void ios_acl_sort(struct ios_acl *acl)
{
	ios_list_sort(&acl->aces, compare_ace);
	acl->mixed = true;
}

/* Whether every run of remarks fits between the numbers of the entries around it. */
static bool remarks_fit(const struct ios_acl *acl, uint32_t start, uint32_t step)
{
	uint32_t run = 0, room = start - 1;
	const struct ios_ace *ace;

	for (ace = acl->aces; ace; ace = ace->next) {
		if (ace->action == IOS_REMARK) {
			if (++run > room)
				return false;
			continue;
		}
		run = 0;
		room = step - 1;
	}
	return true;
}

bool ios_acl_resequence(struct ios_acl *acl, uint32_t start, uint32_t step)
{
	if (acl->n_aces && start + (uint64_t)(acl->n_aces - 1) * step > INT32_MAX)
		return false;
	if (!acl->pending && !acl->irregular && start == first_seq(acl) && step == step_seq(acl))
		return true;
	/* of several in a row the last one counts: they keep the order */
	acl->start = start;
	acl->step = step;
	acl->pending = true;
	return true;
}

int ios_acl_settle(struct ios_config *cfg, struct ios_acl *acl)
{
	uint64_t next = acl->start, last = 0;
	struct ios_ace *ace;
	bool fit;

	if (!acl->pending)
		return 0;
	acl->pending = false;
	acl->irregular = false;
	ios_acl_sort(acl);
	fit = remarks_fit(acl, acl->start, acl->step);
	for (ace = acl->aces; ace; ace = ace->next)
		ios_index_del(cfg, INDEX_ACE, acl, ace->seq, NULL);
	acl->max_ace = 0;
	acl->max_seq = 0;
	acl->max_gone = false;
	for (ace = acl->aces; ace; ace = ace->next) {
		acl->irregular |= ace->action == IOS_REMARK;
		if (ace->action == IOS_REMARK && fit) {
			last++;
		} else {
			last = next;
			next += acl->step;
		}
		ace->seq = last;
		if (ace->action != IOS_REMARK)
			acl->max_ace = last;
		acl->max_seq = last;
		if (ios_index_add(cfg, INDEX_ACE, acl, ace->seq, NULL, ace))
			return -1;
	}
	return 0;
}

void ios_acl_last(struct ios_acl *acl)
{
	const struct ios_ace *ace;

	if (!acl->max_gone)
		return;
	acl->max_gone = false;
	acl->max_seq = 0;
	acl->max_ace = 0;
	for (ace = acl->aces; ace; ace = ace->next) {
		if (ace->seq > acl->max_seq)
			acl->max_seq = ace->seq;
		if (ace->action != IOS_REMARK && ace->seq > acl->max_ace)
			acl->max_ace = ace->seq;
		if (!acl->mixed && acl->max_ace)
			break;
	}
}

void ios_ace_remove(struct ios_config *cfg, struct ios_acl *acl, struct ios_ace *ace)
{
	ios_index_del(cfg, INDEX_ACE, acl, ace->seq, NULL);
	rule_forget(cfg, acl, ace);
	ios_list_unlink(&acl->aces, ace);
	acl->n_aces--;
	acl->irregular |= ace->seq != acl->max_seq;
	/* the next one is numbered after the last one that there is */
	if (ace->seq == acl->max_seq || ace->seq == acl->max_ace)
		acl->max_gone = true;
	ios_ace_clear(ace);
	free(ace);
}

bool ios_acl_grouped(const struct ios_acl *acl)
{
	const struct ios_ace *ace = acl->aces;

	while (ace && !ios_ace_grouped(ace))
		ace = ace->next;
	return ace;
}

/* ------------------------------------------------- what entries stand for */

static const struct ios_ace *row_from(const struct ios_ace *ace, bool remarks)
{
	while (ace && ((ace->action == IOS_REMARK && !remarks) ||
		       (ios_ace_grouped(ace) && !ace->parts)))
		ace = ace->next;
	return ace && ace->parts ? ace->parts : ace;
}

static const struct ios_ace *row_next(const struct ios_ace *row, bool remarks)
{
	if (!row->whole)
		return row_from(row->next, remarks);
	return row->next ? row->next : row_from(row->whole->next, remarks);
}

const struct ios_ace *ios_row_first(const struct ios_acl *acl)
{
	return row_from(acl->aces, true);
}

const struct ios_ace *ios_row_next(const struct ios_ace *row)
{
	return row_next(row, true);
}

const struct ios_ace *ios_rule_first(const struct ios_acl *acl)
{
	return row_from(acl->aces, false);
}

const struct ios_ace *ios_rule_next(const struct ios_ace *rule)
{
	return row_next(rule, false);
}
