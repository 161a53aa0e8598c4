// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model: objects, their look-up by name, and their end.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model.h"

/* Diagnostics kept of each severity; hostile text could make millions. */
#define DIAG_MAX 1000

/* ------------------------------------------------------------------ the index */

enum index_kind {
	INDEX_POLICY,
	INDEX_TSET,
	INDEX_ACL,
	INDEX_ACE,
	INDEX_RULE,		/* an access list entry by the hash of what it says */
	INDEX_MAP,
	INDEX_ENTRY,
	INDEX_INTERFACE,
	INDEX_DEVICE,
	INDEX_PSK,		/* + length of the mask, up to 32 */
};

struct node {
	struct node *next;
	unsigned int kind;
	const void *owner;
	uint32_t num;
	const char *name;	/* inside the object */
	void *obj;
};

/*
 * struct ios_index - hash table over all objects
 * @bucket:   chains
 * @size:     number of buckets, a power of two
 * @count:    number of nodes
 * @prefixes: bit n is set when a key with a mask of n bits is there
 */
struct ios_index {
	struct node **bucket;
	size_t size;
	size_t count;
	uint64_t prefixes;
};

static size_t hash(unsigned int kind, const void *owner, uint32_t num, const char *name)
{
	uint64_t h = 0xcbf29ce484222325u ^ kind;

	h = (h ^ (uintptr_t)owner) * 0x100000001b3u;
	h = (h ^ num) * 0x100000001b3u;
	for (; name && *name; name++)
		h = (h ^ (uint8_t)*name) * 0x100000001b3u;
	return h ^ (h >> 29);
}

static struct node **index_slot(const struct ios_index *ix, unsigned int kind, const void *owner,
				uint32_t num, const char *name)
{
	struct node **n = &ix->bucket[hash(kind, owner, num, name) & (ix->size - 1)];

	for (; *n; n = &(*n)->next)
		if ((*n)->kind == kind && (*n)->owner == owner && (*n)->num == num &&
		    (name ? !strcmp((*n)->name, name) : !(*n)->name))
			break;
	return n;
}

static void *index_find(const struct ios_config *cfg, unsigned int kind, const void *owner,
			uint32_t num, const char *name)
{
	struct node *n = *index_slot(cfg->index, kind, owner, num, name);

	return n ? n->obj : NULL;
}

static int index_grow(struct ios_index *ix)
{
	struct ios_index bigger = { .size = ix->size * 2 };
	struct node *n;
	size_t i, at;

	bigger.bucket = calloc(bigger.size, sizeof(*bigger.bucket));
	if (!bigger.bucket)
		return -1;
	for (i = 0; i < ix->size; i++) {
		while ((n = ix->bucket[i])) {
			ix->bucket[i] = n->next;
			at = hash(n->kind, n->owner, n->num, n->name) & (bigger.size - 1);
			n->next = bigger.bucket[at];
			bigger.bucket[at] = n;
		}
	}
	free(ix->bucket);
	ix->bucket = bigger.bucket;
	ix->size = bigger.size;
	return 0;
}

/* Adds, or replaces the object under the same key. */
static int index_add(struct ios_config *cfg, unsigned int kind, const void *owner, uint32_t num,
		     const char *name, void *obj)
{
	struct ios_index *ix = cfg->index;
	struct node **slot, *n;

	if (ix->count >= ix->size && index_grow(ix))
		return -1;
	slot = index_slot(ix, kind, owner, num, name);
	n = *slot;
	if (!n) {
		n = calloc(1, sizeof(*n));
		if (!n)
			return -1;
		*slot = n;
		ix->count++;
	}
	n->kind = kind;
	n->owner = owner;
	n->num = num;
	n->name = name;
	n->obj = obj;
	return 0;
}

static void index_del(struct ios_config *cfg, unsigned int kind, const void *owner, uint32_t num,
		      const char *name)
{
	struct node **slot = index_slot(cfg->index, kind, owner, num, name);
	struct node *n = *slot;

	if (!n)
		return;
	*slot = n->next;
	free(n);
	cfg->index->count--;
}

static void index_free(struct ios_index *ix)
{
	struct node *n;
	size_t i;

	for (i = 0; i < ix->size; i++) {
		while ((n = ix->bucket[i])) {
			ix->bucket[i] = n->next;
			free(n);
		}
	}
	free(ix->bucket);
	free(ix);
}

/* ------------------------------------------------------------------ the lists */

/* Every object starts with its next pointer. */
struct link {
	struct link *next;
};

static void list_push(void *head, void *obj)
{
	struct link **at = head;

	((struct link *)obj)->next = *at;
	*at = obj;
}

static void list_unlink(void *head, void *obj)
{
	struct link **at = head;

	while (*at && *at != obj)
		at = &(*at)->next;
	if (*at)
		*at = (*at)->next;
}

typedef int (*compare_fn)(const void *a, const void *b);

static struct link *list_merge(struct link *a, struct link *b, compare_fn compare)
{
	struct link *merged, **tail = &merged;

	while (a && b) {
		struct link **less = compare(a, b) <= 0 ? &a : &b;

		*tail = *less;
		tail = &(*less)->next;
		*less = *tail;
	}
	*tail = a ? a : b;
	return merged;
}

/* Stable bottom-up merge sort: no recursion, whatever the length. */
static void list_sort(void *head, compare_fn compare)
{
	struct link **list = head, *bin[48] = { NULL }, *one;
	size_t i;

	while ((one = *list)) {
		*list = one->next;
		one->next = NULL;
		for (i = 0; bin[i]; i++) {
			one = list_merge(bin[i], one, compare);
			bin[i] = NULL;
		}
		bin[i] = one;
	}
	for (i = 0; i < sizeof(bin) / sizeof(*bin); i++)
		*list = list_merge(bin[i], *list, compare);
}

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_policy(const void *a, const void *b)
{
	const struct ios_policy *x = a, *y = b;

	return COMPARE(x->priority, y->priority);
}

static int compare_entry(const void *a, const void *b)
{
	const struct ios_entry *x = a, *y = b;

	return COMPARE(x->seq, y->seq);
}

static int compare_ace(const void *a, const void *b)
{
	const struct ios_ace *x = a, *y = b;

	return COMPARE(x->seq, y->seq);
}

static int compare_acl(const void *a, const void *b)
{
	const struct ios_acl *x = a, *y = b;

	if (x->family != y->family)
		return x->family == AF_INET ? -1 : 1;
	if (x->numbered != y->numbered)
		return x->numbered ? -1 : 1;
	if (x->numbered)
		return COMPARE(atoi(x->name), atoi(y->name));
	return strcmp(x->name, y->name);
}

static int compare_map(const void *a, const void *b)
{
	const struct ios_map *x = a, *y = b;

	if (x->family != y->family)
		return x->family == AF_INET ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Lists are made by pushing at the front: this turns them round. */
static void list_reverse(void *head)
{
	struct link **list = head, *from = *list, *to = NULL, *one;

	while ((one = from)) {
		from = one->next;
		one->next = to;
		to = one;
	}
	*list = to;
}

static int compare_diag(const void *a, const void *b)
{
	const struct ios_diag *x = a, *y = b;

	return COMPARE(x->line, y->line);
}

void ios_finish(struct ios_config *cfg)
{
	struct ios_map *map;
	struct ios_acl *acl;

	list_reverse(&cfg->psks);
	list_reverse(&cfg->tsets);
	list_reverse(&cfg->interfaces);
	list_sort(&cfg->policies, compare_policy);
	list_sort(&cfg->acls, compare_acl);
	list_sort(&cfg->maps, compare_map);
	for (acl = cfg->acls; acl; acl = acl->next)
		list_sort(&acl->aces, compare_ace);
	for (map = cfg->maps; map; map = map->next)
		list_sort(&map->entries, compare_entry);
}

void ios_diags_finish(struct ios_config *cfg)
{
	list_reverse(&cfg->diags);
	list_sort(&cfg->diags, compare_diag);
}

/* ------------------------------------------------------------- life of a model */

struct ios_config *ios_new(const char *file)
{
	struct ios_config *cfg = calloc(1, sizeof(*cfg));

	if (!cfg)
		return NULL;
	cfg->file = strdup(file);
	cfg->index = calloc(1, sizeof(*cfg->index));
	if (!cfg->file || !cfg->index)
		goto fail;
	cfg->index->size = 256;
	cfg->index->bucket = calloc(cfg->index->size, sizeof(*cfg->index->bucket));
	if (!cfg->index->bucket)
		goto fail;

	cfg->isakmp.keepalive_retry = 2;
	cfg->isakmp.identity = IOS_IDENTITY_ADDRESS;
	cfg->ipsec.life_seconds = 3600;
	cfg->ipsec.life_kilobytes = 4608000;
	cfg->ipsec.replay = 64;
	cfg->ipsec.df = IOS_DF_COPY;
	cfg->ipsec.frag = IOS_FRAG_BEFORE;
	return cfg;

fail:
	free(cfg->index);
	free(cfg->file);
	free(cfg);
	errno = ENOMEM;
	return NULL;
}

bool ios_config_empty(const struct ios_config *cfg)
{
	return !cfg->policies && !cfg->psks && !cfg->tsets && !cfg->acls && !cfg->maps &&
	       !cfg->interfaces;
}

static void psk_free(struct ios_psk *psk)
{
	explicit_bzero(psk, sizeof(*psk));
	free(psk);
}

static void entry_free(struct ios_entry *entry)
{
	free(entry->description);
	explicit_bzero(&entry->in, sizeof(entry->in));
	explicit_bzero(&entry->out, sizeof(entry->out));
	free(entry);
}

static void ace_free(struct ios_ace *ace)
{
	free(ace->remark);
	free(ace);
}

/* Takes the first object off a list; NULL at the end. */
static void *list_pop(void *head)
{
	struct link **list = head, *one = *list;

	if (one)
		*list = one->next;
	return one;
}

static void interface_free(struct ios_interface *ifc)
{
	struct ios_own *own;

	while ((own = list_pop(&ifc->own)))
		free(own);
	free(ifc);
}

void ios_free(struct ios_config *cfg)
{
	struct ios_interface *ifc;
	struct ios_policy *policy;
	struct ios_entry *entry;
	struct ios_tset *tset;
	struct ios_diag *diag;
	struct ios_psk *psk;
	struct ios_acl *acl;
	struct ios_map *map;
	struct ios_ace *ace;

	if (!cfg)
		return;
	while ((policy = list_pop(&cfg->policies)))
		free(policy);
	while ((psk = list_pop(&cfg->psks)))
		psk_free(psk);
	while ((tset = list_pop(&cfg->tsets)))
		free(tset);
	while ((acl = list_pop(&cfg->acls))) {
		while ((ace = list_pop(&acl->aces)))
			ace_free(ace);
		free(acl);
	}
	while ((map = list_pop(&cfg->maps))) {
		while ((entry = list_pop(&map->entries)))
			entry_free(entry);
		free(map);
	}
	while ((ifc = list_pop(&cfg->interfaces)))
		interface_free(ifc);
	while ((diag = list_pop(&cfg->diags))) {
		free(diag->text);
		free(diag);
	}
	index_free(cfg->index);
	free(cfg->file);
	free(cfg);
}

/* ----------------------------------------------------------------- the objects */

/* Makes a new object known; frees it and returns NULL when memory is exhausted. */
static void *object_add(struct ios_config *cfg, void *head, unsigned int kind, const void *owner,
			uint32_t num, const char *name, void *obj)
{
	if (index_add(cfg, kind, owner, num, name, obj)) {
		free(obj);
		return NULL;
	}
	list_push(head, obj);
	return obj;
}

static void name_copy(char *to, const char *from)
{
	snprintf(to, IOS_NAME_MAX + 1, "%s", from);
}

struct ios_policy *ios_policy_find(const struct ios_config *cfg, uint16_t priority)
{
	return index_find(cfg, INDEX_POLICY, NULL, priority, NULL);
}

struct ios_policy *ios_policy_get(struct ios_config *cfg, uint16_t priority)
{
	struct ios_policy *policy = ios_policy_find(cfg, priority);

	if (policy)
		return policy;
	policy = calloc(1, sizeof(*policy));
	if (!policy)
		return NULL;
	policy->priority = priority;
	policy->encr = IOS_ENCR_DES;
	policy->key_bits = 56;
	policy->hash = IOS_HASH_SHA;
	policy->auth = IOS_AUTH_RSA_SIG;
	policy->group = 1;
	policy->lifetime = 86400;
	return object_add(cfg, &cfg->policies, INDEX_POLICY, NULL, priority, NULL, policy);
}

void ios_policy_remove(struct ios_config *cfg, struct ios_policy *policy)
{
	index_del(cfg, INDEX_POLICY, NULL, policy->priority, NULL);
	list_unlink(&cfg->policies, policy);
	free(policy);
}

struct ios_psk *ios_psk_add(struct ios_config *cfg)
{
	struct ios_psk *psk = calloc(1, sizeof(*psk));

	if (psk)
		list_push(&cfg->psks, psk);
	return psk;
}

int ios_psk_index(struct ios_config *cfg, const struct ios_psk *psk)
{
	if (psk->addr.family != AF_INET || psk->prefix > 32)
		return 0;
	cfg->index->prefixes |= UINT64_C(1) << psk->prefix;
	return index_add(cfg, INDEX_PSK + psk->prefix, NULL, psk->addr.v4.s_addr, NULL,
			 (void *)psk);
}

const struct ios_psk *ios_psk_exact(const struct ios_config *cfg, struct in_addr addr,
				    unsigned int prefix)
{
	return index_find(cfg, INDEX_PSK + prefix, NULL, addr.s_addr, NULL);
}

void ios_psk_remove(struct ios_config *cfg, struct ios_psk *psk)
{
	if (psk->addr.family == AF_INET && ios_psk_exact(cfg, psk->addr.v4, psk->prefix) == psk)
		index_del(cfg, INDEX_PSK + psk->prefix, NULL, psk->addr.v4.s_addr, NULL);
	list_unlink(&cfg->psks, psk);
	psk_free(psk);
}

/* Whether the first bits of two addresses are equal. */
static bool prefix_match(const uint8_t *a, const uint8_t *b, unsigned int bits)
{
	unsigned int rest = bits % 8;

	if (memcmp(a, b, bits / 8))
		return false;
	return !rest || !((a[bits / 8] ^ b[bits / 8]) >> (8 - rest));
}

const struct ios_psk *ios_psk_find(const struct ios_config *cfg, int family, const void *addr)
{
	const struct ios_psk *psk, *best = NULL;
	struct in_addr v4, net;
	int bits;

	if (family == AF_INET) {
		memcpy(&v4, addr, sizeof(v4));
		for (bits = 32; bits >= 0; bits--) {
			if (!(cfg->index->prefixes >> bits & 1))
				continue;
			net.s_addr = bits ? v4.s_addr & htonl(UINT32_MAX << (32 - bits)) : 0;
			psk = ios_psk_exact(cfg, net, bits);
			if (psk)
				return psk;
		}
		return NULL;
	}
	for (psk = cfg->psks; psk; psk = psk->next)
		if (psk->addr.family == family && prefix_match(psk->addr.bytes, addr, psk->prefix) &&
		    (!best || psk->prefix > best->prefix))
			best = psk;
	return best;
}

const struct ios_psk *ios_psk_find_host(const struct ios_config *cfg, const char *name)
{
	const struct ios_psk *psk;

	for (psk = cfg->psks; psk; psk = psk->next)
		if (psk->addr.family == AF_UNSPEC && !strcasecmp(psk->hostname, name))
			return psk;
	return NULL;
}

struct ios_tset *ios_tset_find(const struct ios_config *cfg, const char *name)
{
	return index_find(cfg, INDEX_TSET, NULL, 0, name);
}

struct ios_tset *ios_tset_get(struct ios_config *cfg, const char *name)
{
	struct ios_tset *tset = ios_tset_find(cfg, name);

	if (tset)
		return tset;
	tset = calloc(1, sizeof(*tset));
	if (!tset)
		return NULL;
	name_copy(tset->name, name);
	return object_add(cfg, &cfg->tsets, INDEX_TSET, NULL, 0, tset->name, tset);
}

void ios_tset_remove(struct ios_config *cfg, struct ios_tset *tset)
{
	index_del(cfg, INDEX_TSET, NULL, 0, tset->name);
	list_unlink(&cfg->tsets, tset);
	free(tset);
}

struct ios_acl *ios_acl_find(const struct ios_config *cfg, const char *name, int family)
{
	return index_find(cfg, INDEX_ACL, NULL, family, name);
}

struct ios_acl *ios_acl_get(struct ios_config *cfg, const char *name, int family)
{
	struct ios_acl *acl = ios_acl_find(cfg, name, family);

	if (acl)
		return acl;
	acl = calloc(1, sizeof(*acl));
	if (!acl)
		return NULL;
	name_copy(acl->name, name);
	acl->family = family;
	acl->numbered = family == AF_INET && name[strspn(name, "0123456789")] == '\0';
	return object_add(cfg, &cfg->acls, INDEX_ACL, NULL, family, acl->name, acl);
}

void ios_acl_remove(struct ios_config *cfg, struct ios_acl *acl)
{
	while (acl->aces)
		ios_ace_remove(cfg, acl, acl->aces);
	index_del(cfg, INDEX_ACL, NULL, acl->family, acl->name);
	list_unlink(&cfg->acls, acl);
	free(acl);
}

struct ios_ace *ios_ace_find(const struct ios_config *cfg, const struct ios_acl *acl, uint32_t seq)
{
	return index_find(cfg, INDEX_ACE, acl, seq, NULL);
}

struct ios_ace *ios_ace_add(struct ios_config *cfg, struct ios_acl *acl, uint32_t seq)
{
	struct ios_ace *ace = calloc(1, sizeof(*ace));

	if (!ace)
		return NULL;
	ace->seq = seq;
	ace->proto = IOS_PROTO_ANY;
	ace->icmp_type = IOS_ICMP_ANY;
	ace->icmp_code = IOS_ICMP_ANY;
	ace->src.family = acl->family;
	ace->dst.family = acl->family;
	ace->src_wild = ios_wild(acl->family, 0);
	ace->dst_wild = ace->src_wild;
	if (!object_add(cfg, &acl->aces, INDEX_ACE, acl, seq, NULL, ace))
		return NULL;
	acl->n_aces++;
	return ace;
}

static bool ports_same(const struct ios_ports *a, const struct ios_ports *b)
{
	return a->op == b->op && a->n == b->n && !memcmp(a->port, b->port, a->n * sizeof(*a->port));
}

bool ios_ace_same(const struct ios_ace *a, const struct ios_ace *b)
{
	if (a->action != b->action)
		return false;
	if (a->action == IOS_REMARK)
		return a->remark && b->remark && !strcmp(a->remark, b->remark);
	return a->proto == b->proto && ios_addr_same(&a->src, &b->src) &&
	       ios_addr_same(&a->src_wild, &b->src_wild) && ios_addr_same(&a->dst, &b->dst) &&
	       ios_addr_same(&a->dst_wild, &b->dst_wild) && ports_same(&a->sport, &b->sport) &&
	       ports_same(&a->dport, &b->dport) && a->icmp_type == b->icmp_type &&
	       a->icmp_code == b->icmp_code;
}

static uint32_t rule_hash(const struct ios_ace *ace)
{
	const uint32_t words[] = {
		ace->action, ace->proto, ace->sport.op, ace->dport.op, ace->icmp_type,
		ace->icmp_code,
	};
	const struct ios_addr *const addrs[] = {
		&ace->src, &ace->src_wild, &ace->dst, &ace->dst_wild,
	};
	uint64_t h = 0xcbf29ce484222325u;
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
	return h ^ h >> 32;
}

const struct ios_ace *ios_ace_twin(const struct ios_config *cfg, const struct ios_acl *acl,
				   const struct ios_ace *ace)
{
	const struct ios_ace *other = index_find(cfg, INDEX_RULE, acl, rule_hash(ace), NULL);

	return other && ios_ace_same(other, ace) ? other : NULL;
}

int ios_ace_index(struct ios_config *cfg, const struct ios_acl *acl, struct ios_ace *ace)
{
	uint32_t rule = rule_hash(ace);

	/* of two with one hash, the first: the other has no twin that would be found */
	if (index_find(cfg, INDEX_RULE, acl, rule, NULL))
		return 0;
	return index_add(cfg, INDEX_RULE, acl, rule, NULL, ace);
}

uint32_t ios_next_seq(uint32_t max_seq, uint32_t max_ace, bool remark)
{
	uint64_t seq = remark ? (uint64_t)max_seq + 1 : (uint64_t)max_ace + 10;

	if (seq <= max_seq)
		seq = ((uint64_t)max_seq / 10 + 1) * 10;
	return seq <= INT32_MAX ? seq : 0;
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

int ios_acl_resequence(struct ios_config *cfg, struct ios_acl *acl, uint32_t start, uint32_t step)
{
	uint64_t next = start, last = 0;
	struct ios_ace *ace;
	bool fit;

	list_sort(&acl->aces, compare_ace);
	if (acl->n_aces && start + (uint64_t)(acl->n_aces - 1) * step > INT32_MAX)
		return 1;
	fit = remarks_fit(acl, start, step);
	for (ace = acl->aces; ace; ace = ace->next)
		index_del(cfg, INDEX_ACE, acl, ace->seq, NULL);
	acl->max_ace = 0;
	for (ace = acl->aces; ace; ace = ace->next) {
		if (ace->action == IOS_REMARK && fit) {
			last++;
		} else {
			last = next;
			next += step;
		}
		ace->seq = last;
		if (ace->action != IOS_REMARK)
			acl->max_ace = last;
		acl->max_seq = last;
		if (index_add(cfg, INDEX_ACE, acl, ace->seq, NULL, ace))
			return -1;
	}
	return 0;
}

void ios_ace_remove(struct ios_config *cfg, struct ios_acl *acl, struct ios_ace *ace)
{
	index_del(cfg, INDEX_ACE, acl, ace->seq, NULL);
	if (index_find(cfg, INDEX_RULE, acl, rule_hash(ace), NULL) == ace)
		index_del(cfg, INDEX_RULE, acl, rule_hash(ace), NULL);
	list_unlink(&acl->aces, ace);
	acl->n_aces--;
	ace_free(ace);
}

struct ios_map *ios_map_find(const struct ios_config *cfg, const char *name)
{
	return index_find(cfg, INDEX_MAP, NULL, 0, name);
}

struct ios_map *ios_map_get(struct ios_config *cfg, const char *name, int family)
{
	struct ios_map *map = ios_map_find(cfg, name);

	if (map)
		return map;
	map = calloc(1, sizeof(*map));
	if (!map)
		return NULL;
	name_copy(map->name, name);
	map->family = family;
	return object_add(cfg, &cfg->maps, INDEX_MAP, NULL, 0, map->name, map);
}

void ios_map_remove(struct ios_config *cfg, struct ios_map *map)
{
	while (map->entries)
		ios_entry_remove(cfg, map, map->entries);
	index_del(cfg, INDEX_MAP, NULL, 0, map->name);
	list_unlink(&cfg->maps, map);
	free(map);
}

struct ios_entry *ios_entry_find(const struct ios_config *cfg, const struct ios_map *map,
				 uint16_t seq)
{
	return index_find(cfg, INDEX_ENTRY, map, seq, NULL);
}

struct ios_entry *ios_entry_get(struct ios_config *cfg, struct ios_map *map, uint16_t seq)
{
	struct ios_entry *entry = ios_entry_find(cfg, map, seq);

	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->seq = seq;
	entry->life_kilobytes = IOS_KB_UNSET;
	entry->replay = IOS_REPLAY_UNSET;
	if (!object_add(cfg, &map->entries, INDEX_ENTRY, map, seq, NULL, entry))
		return NULL;
	map->n_entries++;
	return entry;
}

void ios_entry_remove(struct ios_config *cfg, struct ios_map *map, struct ios_entry *entry)
{
	index_del(cfg, INDEX_ENTRY, map, entry->seq, NULL);
	list_unlink(&map->entries, entry);
	map->n_entries--;
	entry_free(entry);
}

struct ios_interface *ios_interface_find(const struct ios_config *cfg, const char *name)
{
	char key[IOS_NAME_MAX + 1];

	ios_interface_key(name, key);
	return index_find(cfg, INDEX_INTERFACE, NULL, 0, key);
}

struct ios_interface *ios_interface_get(struct ios_config *cfg, const char *name)
{
	struct ios_interface *ifc = ios_interface_find(cfg, name);

	if (ifc)
		return ifc;
	ifc = calloc(1, sizeof(*ifc));
	if (!ifc)
		return NULL;
	name_copy(ifc->name, name);
	ios_interface_key(name, ifc->key);
	return object_add(cfg, &cfg->interfaces, INDEX_INTERFACE, NULL, 0, ifc->key, ifc);
}

void ios_interface_remove(struct ios_config *cfg, struct ios_interface *ifc)
{
	index_del(cfg, INDEX_INTERFACE, NULL, 0, ifc->key);
	list_unlink(&cfg->interfaces, ifc);
	interface_free(ifc);
}

int ios_interface_addr(struct ios_interface *ifc, const struct ios_addr *addr, unsigned int line,
		       bool secondary)
{
	/* the one that is not secondary is the first of the list */
	struct ios_own *first = ifc->own && !ifc->own->secondary ? ifc->own : NULL;
	struct ios_own *own = first && !secondary ? first : calloc(1, sizeof(*own));

	if (!own)
		return -1;
	own->line = line;
	own->addr = *addr;
	own->secondary = secondary;
	if (own != first)
		list_push(first ? &first->next : &ifc->own, own);
	return 0;
}

void ios_interface_no_addr(struct ios_interface *ifc, int family, const struct ios_addr *addr)
{
	struct ios_own **at = &ifc->own, *own;

	while ((own = *at)) {
		if (own->addr.family == family && (!addr || ios_addr_same(&own->addr, addr)))
			free(list_pop(at));
		else
			at = &own->next;
	}
}

const struct ios_interface *ios_device_add(struct ios_config *cfg, const struct ios_interface *ifc)
{
	const struct ios_interface *other;

	other = index_find(cfg, INDEX_DEVICE, NULL, 0, ios_interface_dev(ifc));
	if (other)
		return other;
	return index_add(cfg, INDEX_DEVICE, NULL, 0, ios_interface_dev(ifc), (void *)ifc) ? NULL :
											  ifc;
}

bool ios_interface_has(const struct ios_interface *ifc, const char *map)
{
	return !strcmp(ifc->map, map) || !strcmp(ifc->map6, map);
}

const char *ios_interface_dev(const struct ios_interface *ifc)
{
	return *ifc->netdev ? ifc->netdev : ifc->name;
}

/* As dev_valid_name() of the kernel. */
bool ios_dev_valid(const char *name)
{
	size_t len = strlen(name);

	return len && len < 16 && strcmp(name, ".") && strcmp(name, "..") &&
	       !strpbrk(name, "/: \t\n\v\f\r");
}

void ios_take_phase1(struct ios_config *to, struct ios_config *from)
{
	to->policies = from->policies;
	to->psks = from->psks;
	to->isakmp = from->isakmp;
	from->policies = NULL;
	from->psks = NULL;
}

/* -------------------------------------------------------------- the diagnostics */

int ios_vdiag(struct ios_config *cfg, enum ios_severity severity, unsigned int line,
	      const char *fmt, va_list ap)
{
	size_t *count = severity == IOS_ERROR ? &cfg->n_errors : &cfg->n_warnings;
	struct ios_diag *diag;

	if (++*count > DIAG_MAX)
		return 0;
	diag = calloc(1, sizeof(*diag));
	if (!diag)
		return -1;
	if (*count == DIAG_MAX)
		diag->text = strdup("further messages of this kind are left out");
	else if (vasprintf(&diag->text, fmt, ap) < 0)
		diag->text = NULL;
	if (!diag->text) {
		free(diag);
		return -1;
	}
	diag->severity = severity;
	diag->line = line;
	list_push(&cfg->diags, diag);
	return 0;
}

int ios_diag(struct ios_config *cfg, enum ios_severity severity, unsigned int line,
	     const char *fmt, ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = ios_vdiag(cfg, severity, line, fmt, ap);
	va_end(ap);
	return ret;
}
