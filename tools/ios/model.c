// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model: its objects but for access lists (acl.c), keys (psk.c) and isakmp profiles
 * (profile.c), and their end.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "list.h"
#include "model.h"

/* Diagnostics kept of each severity; hostile text could make millions. */
#define DIAG_MAX 1000

/* ------------------------------------------------------------------- the order */

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

static int compare_cert_map(const void *a, const void *b)
{
	const struct ios_cert_map *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : COMPARE(x->seq, y->seq);
}

static int compare_diag(const void *a, const void *b)
{
	const struct ios_diag *x = a, *y = b;

	return COMPARE(x->line, y->line);
}

/*
 * struct bound - a crypto map that is on interfaces
 * @next, @prev: others
 * @name:  its name
 * @times: how often it is on one
 * @ifc:   one of them, NULL when that one is not it any more
 */
struct bound {
	struct bound *next, *prev;
	char name[IOS_NAME_MAX + 1];
	size_t times;
	struct ios_interface *ifc;
};

void ios_finish(struct ios_config *cfg)
{
	struct ios_trustpoint *point;
	struct ios_cert_map *cert_map;
	struct ios_profile *profile;
	struct ios_keyring *ring;
	struct ios_map *map;
	struct ios_acl *acl;

	ios_list_reverse(&cfg->psks);
	ios_list_reverse(&cfg->keyrings);
	for (ring = cfg->keyrings; ring; ring = ring->next)
		ios_list_reverse(&ring->psks);
	ios_list_reverse(&cfg->profiles);
	for (profile = cfg->profiles; profile; profile = profile->next) {
		ios_list_reverse(&profile->matches);
		ios_list_reverse(&profile->clients);
	}
	ios_list_reverse(&cfg->peers);
	ios_list_reverse(&cfg->trustpoints);
	for (point = cfg->trustpoints; point; point = point->next)
		ios_list_reverse(&point->chain);
	ios_list_sort(&cfg->cert_maps, compare_cert_map);
	for (cert_map = cfg->cert_maps; cert_map; cert_map = cert_map->next)
		ios_list_reverse(&cert_map->rules);
	ios_list_reverse(&cfg->tsets);
	ios_list_reverse(&cfg->groups);
	ios_list_reverse(&cfg->interfaces);
	ios_list_sort(&cfg->policies, compare_policy);
	ios_list_sort(&cfg->acls, compare_acl);
	ios_list_sort(&cfg->maps, compare_map);
	ios_list_sort(&cfg->dynamics, compare_map);
	for (acl = cfg->acls; acl; acl = acl->next)
		ios_acl_sort(acl);
	for (map = ios_map_next(cfg, NULL); map; map = ios_map_next(cfg, map))
		ios_list_sort(&map->entries, compare_entry);
}

void ios_diags_finish(struct ios_config *cfg)
{
	ios_list_reverse(&cfg->diags);
	ios_list_sort(&cfg->diags, compare_diag);
}

/* ------------------------------------------------------------- life of a model */

/* What the globals are without a line about them. */
static void set_globals(struct ios_config *cfg)
{
	cfg->isakmp.keepalive_retry = 2;
	cfg->isakmp.identity = IOS_IDENTITY_ADDRESS;
	cfg->ipsec.life_seconds = 3600;
	cfg->ipsec.life_kilobytes = 4608000;
	cfg->ipsec.replay = 64;
	cfg->ipsec.df = IOS_DF_COPY;
	cfg->ipsec.frag = IOS_FRAG_BEFORE;
}

struct ios_config *ios_new(const char *file)
{
	struct ios_config *cfg = calloc(1, sizeof(*cfg));

	if (!cfg)
		return NULL;
	cfg->file = strdup(file);
	cfg->index = ios_index_new();
	if (!cfg->file || !cfg->index) {
		ios_index_free(cfg->index);
		free(cfg->file);
		free(cfg);
		errno = ENOMEM;
		return NULL;
	}
	set_globals(cfg);
	return cfg;
}

bool ios_config_empty(const struct ios_config *cfg)
{
	struct ios_config plain;

	/* with the bytes between its members, as of calloc() */
	memset(&plain, 0, sizeof(plain));
	set_globals(&plain);
	return !memcmp(&cfg->isakmp, &plain.isakmp, sizeof(plain.isakmp)) &&
	       !memcmp(&cfg->ipsec, &plain.ipsec, sizeof(plain.ipsec)) &&
	       !cfg->policies && !cfg->psks && !cfg->keyrings && !cfg->profiles && !cfg->peers &&
	       !cfg->trustpoints && !cfg->cert_maps &&
	       !cfg->tsets && !cfg->groups && !cfg->acls && !cfg->maps && !cfg->dynamics &&
	       !cfg->interfaces;
}

static void entry_free(struct ios_entry *entry)
{
	size_t i;

	for (i = 0; i < entry->n_peers; i++)
		free(entry->peers[i].name);
	free(entry->description);
	explicit_bzero(&entry->in, sizeof(entry->in));
	explicit_bzero(&entry->out, sizeof(entry->out));
	free(entry);
}

static void interface_free(struct ios_interface *ifc)
{
	struct ios_own *own;

	while ((own = ios_list_pop(&ifc->own)))
		free(own);
	free(ifc);
}

static void maps_free(struct ios_map **maps)
{
	struct ios_entry *entry;
	struct ios_map *map;

	while ((map = ios_list_pop(maps))) {
		while ((entry = ios_list_pop(&map->entries)))
			entry_free(entry);
		free(map);
	}
}

void ios_free(struct ios_config *cfg)
{
	struct ios_interface *ifc;
	struct ios_policy *policy;
	struct ios_tset *tset;
	struct ios_diag *diag;
	struct bound *bound;

	if (!cfg)
		return;
	while ((policy = ios_list_pop(&cfg->policies)))
		free(policy);
	while (cfg->psks)
		ios_psk_remove(cfg, cfg->psks);
	while (cfg->profiles)
		ios_profile_remove(cfg, cfg->profiles);
	while (cfg->keyrings)
		ios_keyring_remove(cfg, cfg->keyrings);
	while (cfg->peers)
		ios_isakmp_peer_remove(cfg, cfg->peers);
	while (cfg->trustpoints)
		ios_trustpoint_remove(cfg, cfg->trustpoints);
	while (cfg->cert_maps)
		ios_cert_map_remove(cfg, cfg->cert_maps);
	while ((tset = ios_list_pop(&cfg->tsets)))
		free(tset);
	while (cfg->groups)
		ios_group_remove(cfg, cfg->groups);
	while (cfg->acls)
		ios_acl_remove(cfg, cfg->acls);
	maps_free(&cfg->maps);
	maps_free(&cfg->dynamics);
	while ((ifc = ios_list_pop(&cfg->interfaces)))
		interface_free(ifc);
	while ((bound = ios_list_pop(&cfg->bound)))
		free(bound);
	while ((diag = ios_list_pop(&cfg->diags))) {
		free(diag->text);
		free(diag);
	}
	ios_index_free(cfg->index);
	free(cfg->section_text);
	free(cfg->file);
	free(cfg);
}

/* ----------------------------------------------------------------- the objects */

static void name_copy(char *to, const char *from)
{
	snprintf(to, IOS_NAME_MAX + 1, "%s", from);
}

struct ios_policy *ios_policy_find(const struct ios_config *cfg, uint16_t priority)
{
	return ios_index_find(cfg, INDEX_POLICY, NULL, priority, NULL);
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
	return ios_object_add(cfg, &cfg->policies, INDEX_POLICY, NULL, priority, NULL, policy);
}

void ios_policy_remove(struct ios_config *cfg, struct ios_policy *policy)
{
	ios_index_del(cfg, INDEX_POLICY, NULL, policy->priority, NULL);
	ios_list_unlink(&cfg->policies, policy);
	free(policy);
}

struct ios_tset *ios_tset_find(const struct ios_config *cfg, const char *name)
{
	return ios_index_find(cfg, INDEX_TSET, NULL, 0, name);
}

const struct ios_tset ios_builtin_tset = {
	.name = "default",
	.cipher = IOS_ESP_CIPHER_AES,
	.key_bits = 128,
	.auth = IOS_ESP_AUTH_SHA,
	.transport = true,
	.usable = true,
};

struct ios_tset *ios_tset_get(struct ios_config *cfg, const char *name)
{
	struct ios_tset *tset = ios_tset_find(cfg, name);

	if (tset)
		return tset;
	tset = calloc(1, sizeof(*tset));
	if (!tset)
		return NULL;
	name_copy(tset->name, name);
	return ios_object_add(cfg, &cfg->tsets, INDEX_TSET, NULL, 0, tset->name, tset);
}

void ios_tset_remove(struct ios_config *cfg, struct ios_tset *tset)
{
	ios_index_del(cfg, INDEX_TSET, NULL, 0, tset->name);
	ios_list_unlink(&cfg->tsets, tset);
	free(tset);
}

struct ios_map *ios_map_find(const struct ios_config *cfg, const char *name)
{
	return ios_index_find(cfg, INDEX_MAP, NULL, 0, name);
}

struct ios_map *ios_dynamic_find(const struct ios_config *cfg, const char *name)
{
	return ios_index_find(cfg, INDEX_DYNAMIC, NULL, 0, name);
}

struct ios_map *ios_map_next(const struct ios_config *cfg, const struct ios_map *map)
{
	if (map && (map->next || map->dynamic))
		return map->next;
	return !map && cfg->maps ? cfg->maps : cfg->dynamics;
}

const char *ios_entry_profile(const struct ios_map *map, const struct ios_entry *entry)
{
	return *entry->profile ? entry->profile : map->profile;
}

const char *ios_map_word(const struct ios_map *map)
{
	return map->dynamic ? "crypto dynamic-map" : "crypto map";
}

static struct ios_map *map_new(struct ios_config *cfg, const char *name, int family, bool dynamic)
{
	struct ios_map *map = calloc(1, sizeof(*map));

	if (!map)
		return NULL;
	name_copy(map->name, name);
	map->family = family;
	map->dynamic = dynamic;
	return ios_object_add(cfg, dynamic ? &cfg->dynamics : &cfg->maps,
			      dynamic ? INDEX_DYNAMIC : INDEX_MAP, NULL, 0, map->name, map);
}

struct ios_map *ios_map_get(struct ios_config *cfg, const char *name, int family)
{
	struct ios_map *map = ios_map_find(cfg, name);

	return map ? map : map_new(cfg, name, family, false);
}

struct ios_map *ios_dynamic_get(struct ios_config *cfg, const char *name)
{
	struct ios_map *map = ios_dynamic_find(cfg, name);

	return map ? map : map_new(cfg, name, AF_INET, true);
}

void ios_map_remove(struct ios_config *cfg, struct ios_map *map)
{
	while (map->entries)
		ios_entry_remove(cfg, map, map->entries);
	ios_index_del(cfg, map->dynamic ? INDEX_DYNAMIC : INDEX_MAP, NULL, 0, map->name);
	ios_list_unlink(map->dynamic ? &cfg->dynamics : &cfg->maps, map);
	free(map);
}

struct ios_entry *ios_entry_find(const struct ios_config *cfg, const struct ios_map *map,
				 uint16_t seq)
{
	return ios_index_find(cfg, INDEX_ENTRY, map, seq, NULL);
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
	if (!ios_object_add(cfg, &map->entries, INDEX_ENTRY, map, seq, NULL, entry))
		return NULL;
	map->n_entries++;
	return entry;
}

void ios_entry_remove(struct ios_config *cfg, struct ios_map *map, struct ios_entry *entry)
{
	ios_index_del(cfg, INDEX_ENTRY, map, entry->seq, NULL);
	ios_list_unlink(&map->entries, entry);
	map->n_entries--;
	entry_free(entry);
}

struct ios_interface *ios_interface_find(const struct ios_config *cfg, const char *name)
{
	char key[IOS_NAME_MAX + 1];

	ios_interface_key(name, key);
	return ios_index_find(cfg, INDEX_INTERFACE, NULL, 0, key);
}

struct ios_interface *ios_interface_of(const struct ios_config *cfg, const char *dev)
{
	struct ios_interface *ifc;

	for (ifc = cfg->interfaces; *dev && ifc; ifc = ifc->next)
		if (!strcmp(ifc->netdev, dev))
			return ifc;
	return NULL;
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
	return ios_object_add(cfg, &cfg->interfaces, INDEX_INTERFACE, NULL, 0, ifc->key, ifc);
}

static void bound_less(struct ios_config *cfg, const struct ios_interface *ifc, const char *name)
{
	struct bound *bound = *name ? ios_index_find(cfg, INDEX_BOUND, NULL, 0, name) : NULL;

	if (!bound)
		return;
	if (bound->ifc == ifc)
		bound->ifc = NULL;
	if (--bound->times)
		return;
	ios_index_del(cfg, INDEX_BOUND, NULL, 0, name);
	ios_list_unlink(&cfg->bound, bound);
	free(bound);
}

int ios_interface_bind(struct ios_config *cfg, struct ios_interface *ifc, int family,
		       const char *name)
{
	char *slot = family == AF_INET6 ? ifc->map6 : ifc->map;
	struct bound *bound;

	bound_less(cfg, ifc, slot);
	*slot = '\0';
	if (!*name)
		return 0;
	bound = ios_index_find(cfg, INDEX_BOUND, NULL, 0, name);
	if (!bound) {
		bound = calloc(1, sizeof(*bound));
		if (!bound)
			return -1;
		name_copy(bound->name, name);
		if (!ios_object_add(cfg, &cfg->bound, INDEX_BOUND, NULL, 0, bound->name, bound))
			return -1;
	}
	bound->times++;
	bound->ifc = ifc;
	name_copy(slot, name);
	return 0;
}

const struct ios_interface *ios_interface_with(const struct ios_config *cfg, const char *map)
{
	struct bound *bound = ios_index_find(cfg, INDEX_BOUND, NULL, 0, map);

	if (!bound)
		return NULL;
	if (!bound->ifc)
		for (bound->ifc = cfg->interfaces; !ios_interface_has(bound->ifc, map);)
			bound->ifc = bound->ifc->next;
	return bound->ifc;
}

static uint32_t hash_addr(const struct ios_addr *addr)
{
	return ios_index_hash(addr->bytes, ios_addr_bits(addr->family) / 8);
}

static void own_remove(struct ios_config *cfg, struct ios_interface *ifc, struct ios_own *own)
{
	ios_index_drop(cfg, INDEX_OWN, ifc, hash_addr(&own->addr), own);
	ios_list_unlink(&ifc->own, own);
	free(own);
}

void ios_interface_remove(struct ios_config *cfg, struct ios_interface *ifc)
{
	bound_less(cfg, ifc, ifc->map);
	bound_less(cfg, ifc, ifc->map6);
	while (ifc->own)
		own_remove(cfg, ifc, ifc->own);
	ios_index_del(cfg, INDEX_INTERFACE, NULL, 0, ifc->key);
	ios_list_unlink(&cfg->interfaces, ifc);
	interface_free(ifc);
}

static bool is_addr(const void *obj, const void *wanted)
{
	const struct ios_own *own = obj;

	return ios_addr_same(&own->addr, wanted);
}

int ios_interface_addr(struct ios_config *cfg, struct ios_interface *ifc,
		       const struct ios_addr *addr, unsigned int line, bool secondary)
{
	/* the one that is not secondary is the first of the list */
	struct ios_own *first = ifc->own && !ifc->own->secondary ? ifc->own : NULL;
	struct ios_own *own = calloc(1, sizeof(*own));

	if (!own)
		return -1;
	own->line = line;
	own->addr = *addr;
	own->secondary = secondary;
	if (ios_index_put(cfg, INDEX_OWN, ifc, hash_addr(addr), own)) {
		free(own);
		return -1;
	}
	if (first && secondary) {
		ios_list_push(&first->next, own);
		own->prev = first;
		return 0;
	}
	if (first)
		own_remove(cfg, ifc, first);
	ios_list_push(&ifc->own, own);
	return 0;
}

void ios_interface_no_addr(struct ios_config *cfg, struct ios_interface *ifc, int family,
			   const struct ios_addr *addr)
{
	struct ios_own *own, *next;

	while (addr &&
	       (own = ios_index_like(cfg, INDEX_OWN, ifc, hash_addr(addr), is_addr, addr)))
		own_remove(cfg, ifc, own);
	for (own = addr ? NULL : ifc->own; own; own = next) {
		next = own->next;
		if (own->addr.family == family)
			own_remove(cfg, ifc, own);
	}
}

const struct ios_interface *ios_device_add(struct ios_config *cfg, const struct ios_interface *ifc)
{
	const struct ios_interface *other;

	other = ios_index_find(cfg, INDEX_DEVICE, NULL, 0, ios_interface_dev(ifc));
	if (other)
		return other;
	return ios_index_add(cfg, INDEX_DEVICE, NULL, 0, ios_interface_dev(ifc), (void *)ifc) ? NULL :
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
	to->keyrings = from->keyrings;
	to->profiles = from->profiles;
	to->peers = from->peers;
	to->trustpoints = from->trustpoints;
	to->cert_maps = from->cert_maps;
	to->isakmp = from->isakmp;
	ios_index_take(to, from);
	from->policies = NULL;
	from->psks = NULL;
	from->keyrings = NULL;
	from->profiles = NULL;
	from->peers = NULL;
	from->trustpoints = NULL;
	from->cert_maps = NULL;
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
	ios_list_push(&cfg->diags, diag);
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
