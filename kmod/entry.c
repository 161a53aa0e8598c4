// SPDX-License-Identifier: GPL-2.0-only
/* Crypto map entries. */

#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "config.h"
#include "entry.h"

/* Of all entries that have nothing of it. */
static const struct cmap_entry_more cmap_entry_nothing;

static void cmap_entry_free_more(struct cmap_entry_more *more)
{
	kfree(more->filter[CRYPTO_MAP_SA_DIR_IN]);
	kfree(more->filter[CRYPTO_MAP_SA_DIR_OUT]);
	kfree(more->description);
	kfree(more->profile);
	kfree(more->dynamic);
	kfree(more->peer_names);
	kfree_sensitive(more->manual);
	kfree(more->route);
	kfree(more);
}

/* Copies, with nothing for nothing. Return: false when there is no memory. */
static bool cmap_text_copy(char **to, const char *from)
{
	if (from)
		*to = kstrdup(from, GFP_KERNEL_ACCOUNT);
	return !from || *to;
}

/* Append a text. Return: its copy; *@end is set behind it. */
static const char *cmap_entry_append(char **end, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = memcpy(*end, text, size);

	*end += size;
	return copy;
}

/* Names of peers, if there are any. Return: false when there is no memory. */
static bool cmap_entry_copy_names(char **to, const struct cmap_entry_params *p)
{
	size_t size = 0;
	char *end;
	u8 i;

	if (!p->n_name)
		return true;
	for (i = 0; i < p->n_peer; i++)
		size += strlen(p->peer_name[i]) + 1;
	*to = kmalloc(size, GFP_KERNEL_ACCOUNT);
	end = *to;
	for (i = 0; end && i < p->n_peer; i++)
		cmap_entry_append(&end, p->peer_name[i]);
	return *to;
}

static const struct cmap_entry_more *
cmap_entry_make_more(const struct cmap_entry_params *p)
{
	struct cmap_entry_more *more;
	bool all;

	if (!p->set && !p->filter[CRYPTO_MAP_SA_DIR_IN] &&
	    !p->filter[CRYPTO_MAP_SA_DIR_OUT] && !p->description &&
	    !p->profile && !p->dynamic && !p->n_name && !p->manual && !p->route)
		return &cmap_entry_nothing;
	more = kzalloc(sizeof(*more), GFP_KERNEL_ACCOUNT);
	if (!more)
		return NULL;
	more->own = p->own;
	all = cmap_text_copy(&more->filter[CRYPTO_MAP_SA_DIR_IN],
			     p->filter[CRYPTO_MAP_SA_DIR_IN]) &&
	      cmap_text_copy(&more->filter[CRYPTO_MAP_SA_DIR_OUT],
			     p->filter[CRYPTO_MAP_SA_DIR_OUT]) &&
	      cmap_text_copy(&more->description, p->description) &&
	      cmap_text_copy(&more->profile, p->profile) &&
	      cmap_text_copy(&more->dynamic, p->dynamic) &&
	      cmap_entry_copy_names(&more->peer_names, p);
	if (all && p->manual) {
		more->manual = kmemdup(p->manual,
				       CMAP_DIRS * sizeof(*p->manual),
				       GFP_KERNEL_ACCOUNT);
		all = more->manual;
	}
	if (all && p->route) {
		more->route = kmemdup(p->route, sizeof(*p->route),
				      GFP_KERNEL_ACCOUNT);
		all = more->route;
	}
	if (all)
		return more;
	cmap_entry_free_more(more);
	return NULL;
}

struct cmap_entry *cmap_entry_create(const struct cmap_entry_params *p)
{
	struct cmap_entry *entry;
	size_t size;
	char *end;
	u8 i;

	size = struct_size(entry, peer, p->n_peer) + strlen(p->map) + 1;
	if (p->acl)
		size += strlen(p->acl) + 1;
	for (i = 0; i < p->n_tset; i++)
		size += strlen(p->tset[i]) + 1;
	entry = kzalloc(size, GFP_KERNEL_ACCOUNT);
	if (!entry)
		return NULL;
	entry->more = cmap_entry_make_more(p);
	if (!entry->more) {
		kfree(entry);
		return NULL;
	}
	refcount_set(&entry->refs, 1);
	entry->seq = p->seq;
	entry->dynamic_seq = p->dynamic_seq;
	entry->kind = p->kind;
	entry->default_peer = p->default_peer;
	entry->idle_default = p->idle_default;
	entry->pre_classify = p->pre_classify;
	entry->per_host = p->per_host;
	entry->family = p->family;
	entry->peer_family = p->peer_family;
	entry->n_peer = p->n_peer;
	entry->n_tset = p->n_tset;
	entry->set = p->set;
	entry->pfs_group = p->pfs_group;
	memcpy(entry->peer, p->peer, p->n_peer * sizeof(*p->peer));
	end = (char *)&entry->peer[p->n_peer];
	entry->map = cmap_entry_append(&end, p->map);
	if (p->acl)
		entry->acl = cmap_entry_append(&end, p->acl);
	entry->tset = end;
	for (i = 0; i < p->n_tset; i++)
		cmap_entry_append(&end, p->tset[i]);
	return entry;
}

/* Text @i of those that are one behind the other. */
static const char *cmap_text_at(const char *text, u8 i)
{
	while (i--)
		text += strlen(text) + 1;
	return text;
}

const char *cmap_entry_tset(const struct cmap_entry *entry, u8 i)
{
	return cmap_text_at(entry->tset, i);
}

const char *cmap_entry_peer_name(const struct cmap_entry *entry, u8 i)
{
	return entry->more->peer_names ?
	       cmap_text_at(entry->more->peer_names, i) : "";
}

bool cmap_entry_has_name(const struct cmap_entry *entry, const char *name)
{
	u8 i;

	for (i = 0; entry->more->peer_names && i < entry->n_peer; i++)
		if (!strcmp(cmap_entry_peer_name(entry, i), name))
			return true;
	return false;
}

static bool cmap_text_equal(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool cmap_globals_equal(const struct cmap_globals *a,
			const struct cmap_globals *b)
{
	return a->life_seconds == b->life_seconds &&
	       a->life_kilobytes == b->life_kilobytes &&
	       a->replay_window == b->replay_window &&
	       a->df_bit == b->df_bit &&
	       a->fragmentation == b->fragmentation &&
	       a->idle_seconds == b->idle_seconds;
}

bool cmap_entry_same_keys(const struct cmap_entry *x,
			  const struct cmap_entry *y)
{
	const struct cmap_manual_key *a = x->more->manual;
	const struct cmap_manual_key *b = y->more->manual;
	int dir;

	if (!a || !b)
		return a == b;
	for (dir = 0; dir < CMAP_DIRS; dir++)
		if (a[dir].spi != b[dir].spi ||
		    a[dir].enc_len != b[dir].enc_len ||
		    a[dir].auth_len != b[dir].auth_len ||
		    memcmp(a[dir].enc, b[dir].enc, a[dir].enc_len) ||
		    memcmp(a[dir].auth, b[dir].auth, a[dir].auth_len))
			return false;
	return true;
}

static bool cmap_route_equal(const struct cmap_reverse_route *a,
			     const struct cmap_reverse_route *b)
{
	if (!a || !b)
		return a == b;
	return a->enable == b->enable && a->is_static == b->is_static &&
	       a->peer_gateway == b->peer_gateway &&
	       a->distance == b->distance && a->tag == b->tag &&
	       a->remote_peer_family == b->remote_peer_family &&
	       a->gateway_family == b->gateway_family &&
	       !memcmp(&a->remote_peer, &b->remote_peer,
		       sizeof(a->remote_peer)) &&
	       !memcmp(&a->gateway, &b->gateway, sizeof(a->gateway));
}

static bool cmap_entry_more_equal(const struct cmap_entry_more *a,
				  const struct cmap_entry_more *b)
{
	return a == b ||
	       (cmap_globals_equal(&a->own, &b->own) &&
		cmap_text_equal(a->filter[CRYPTO_MAP_SA_DIR_IN],
				b->filter[CRYPTO_MAP_SA_DIR_IN]) &&
		cmap_text_equal(a->filter[CRYPTO_MAP_SA_DIR_OUT],
				b->filter[CRYPTO_MAP_SA_DIR_OUT]) &&
		cmap_text_equal(a->description, b->description) &&
		cmap_text_equal(a->profile, b->profile) &&
		cmap_text_equal(a->dynamic, b->dynamic) &&
		cmap_route_equal(a->route, b->route));
}

bool cmap_entry_equal(const struct cmap_entry *a, const struct cmap_entry *b)
{
	u8 i;

	if (strcmp(a->map, b->map) || a->seq != b->seq || a->kind != b->kind ||
	    a->default_peer != b->default_peer ||
	    a->idle_default != b->idle_default ||
	    a->pre_classify != b->pre_classify ||
	    a->per_host != b->per_host || a->family != b->family ||
	    a->peer_family != b->peer_family ||
	    a->pfs_group != b->pfs_group || a->n_peer != b->n_peer ||
	    a->dynamic_seq != b->dynamic_seq ||
	    a->n_tset != b->n_tset || a->set != b->set)
		return false;
	if (!cmap_text_equal(a->acl, b->acl) ||
	    !cmap_entry_more_equal(a->more, b->more) ||
	    !cmap_entry_same_keys(a, b))
		return false;
	if (memcmp(a->peer, b->peer, a->n_peer * sizeof(*a->peer)))
		return false;
	for (i = 0; i < a->n_tset; i++)
		if (strcmp(cmap_entry_tset(a, i), cmap_entry_tset(b, i)))
			return false;
	for (i = 0; i < a->n_peer; i++)
		if (strcmp(cmap_entry_peer_name(a, i),
			   cmap_entry_peer_name(b, i)))
			return false;
	return true;
}

static bool cmap_entry_has_acl(const struct cmap_config *cfg,
			       const struct cmap_entry *entry)
{
	return entry->acl && cmap_acl_find(cfg, entry->acl, entry->family);
}

static bool cmap_template_complete(const struct cmap_config *cfg,
				   const struct cmap_entry *entry)
{
	return entry->n_tset && (!entry->acl || cmap_entry_has_acl(cfg, entry));
}

/* Whether an entry with a dynamic crypto map has a template to serve peers by. */
static bool cmap_dynamic_complete(const struct cmap_config *cfg,
				  const struct cmap_entry *entry)
{
	const struct cmap_map *map = cmap_dynamic_map_of(cfg, entry);
	const struct cmap_entry *template;
	unsigned long seq = 0;

	for (; map && (template = cmap_map_entry_from(map, &seq)); seq++)
		if (cmap_template_complete(cfg, template))
			return true;
	return false;
}

bool cmap_entry_complete(const struct cmap_config *cfg,
			 const struct cmap_entry *entry)
{
	switch (entry->kind) {
	case CRYPTO_MAP_ENTRY_KIND_TEMPLATE:
		return cmap_template_complete(cfg, entry);
	case CRYPTO_MAP_ENTRY_KIND_DYNAMIC:
		return cmap_dynamic_complete(cfg, entry);
	case CRYPTO_MAP_ENTRY_KIND_MANUAL:
		if (!entry->more->manual)
			return false;
		break;
	}
	return entry->n_peer && entry->n_tset && cmap_entry_has_acl(cfg, entry);
}

bool cmap_entry_has_addr(const struct cmap_entry *entry, u16 family,
			 const union cmap_addr *peer)
{
	u8 i;

	if (entry->peer_family != family)
		return false;
	for (i = 0; i < entry->n_peer; i++)
		if (!*cmap_entry_peer_name(entry, i) &&
		    !memcmp(&entry->peer[i], peer, sizeof(*peer)))
			return true;
	return false;
}

bool cmap_entry_has_peer(const struct cmap_entry *entry, u16 family,
			 const union cmap_addr *peer)
{
	return (entry->more->peer_names && entry->peer_family == family) ||
	       cmap_entry_has_addr(entry, family, peer);
}

bool cmap_entry_keeps_peer(const struct cmap_entry *entry,
			   const struct cmap_entry *old, u16 family,
			   const union cmap_addr *peer)
{
	u8 i;

	if (cmap_entry_has_addr(entry, family, peer))
		return true;
	/* of a name, if of any: whose it is, is not known */
	if (cmap_entry_has_addr(old, family, peer))
		return false;
	for (i = 0; i < old->n_peer; i++) {
		const char *name = cmap_entry_peer_name(old, i);

		if (*name && !cmap_entry_has_name(entry, name))
			return false;
	}
	return cmap_entry_has_peer(entry, family, peer);
}

struct cmap_entry *cmap_entry_derive(const struct cmap_entry *entry,
				     const struct cmap_entry *template,
				     u16 family, const union cmap_addr *peer)
{
	const struct cmap_entry_more *more = template->more;
	struct cmap_entry_params *p;
	struct cmap_entry *derived;
	u8 i;

	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return NULL;
	p->map = entry->map;
	p->seq = entry->seq;
	p->dynamic_seq = template->seq;
	p->kind = CRYPTO_MAP_ENTRY_KIND_DYNAMIC;
	p->pre_classify = template->pre_classify;
	p->family = entry->family;
	p->peer_family = family;
	p->pfs_group = template->pfs_group;
	p->n_peer = 1;
	p->peer[0] = *peer;
	p->n_tset = template->n_tset;
	for (i = 0; i < template->n_tset; i++)
		strscpy(p->tset[i], cmap_entry_tset(template, i),
			sizeof(p->tset[i]));
	p->acl = template->acl;
	p->set = template->set;
	p->own = more->own;
	p->filter[CRYPTO_MAP_SA_DIR_IN] = more->filter[CRYPTO_MAP_SA_DIR_IN];
	p->filter[CRYPTO_MAP_SA_DIR_OUT] = more->filter[CRYPTO_MAP_SA_DIR_OUT];
	p->profile = more->profile;
	p->dynamic = entry->more->dynamic;
	p->route = more->route;
	derived = cmap_entry_create(p);
	kfree(p);
	return derived;
}

void cmap_entry_settings(const struct cmap_entry *entry,
			 const struct cmap_globals *globals,
			 struct cmap_globals *out)
{
	*out = *globals;
	if (entry->set & CMAP_ENTRY_LIFE_SECONDS)
		out->life_seconds = entry->more->own.life_seconds;
	if (entry->set & CMAP_ENTRY_LIFE_KILOBYTES)
		out->life_kilobytes = entry->more->own.life_kilobytes;
	if (entry->set & CMAP_ENTRY_REPLAY_WINDOW)
		out->replay_window = entry->more->own.replay_window;
	if (entry->set & CMAP_ENTRY_DF_BIT)
		out->df_bit = entry->more->own.df_bit;
	if (entry->set & CMAP_ENTRY_IDLE_SECONDS)
		out->idle_seconds = entry->more->own.idle_seconds;
}

static void cmap_entry_free_rcu(struct rcu_head *rcu)
{
	struct cmap_entry *entry = container_of(rcu, struct cmap_entry, rcu);

	if (entry->more != &cmap_entry_nothing)
		cmap_entry_free_more((struct cmap_entry_more *)entry->more);
	kfree(entry);
}

/**
 * cmap_entry_get() - take a reference
 * @entry: entry
 */
void cmap_entry_get(struct cmap_entry *entry)
{
	refcount_inc(&entry->refs);
}

/**
 * cmap_entry_put() - give a reference back
 * @entry: entry; freed with the last one, after a grace period
 */
void cmap_entry_put(struct cmap_entry *entry)
{
	if (refcount_dec_and_test(&entry->refs))
		call_rcu(&entry->rcu, cmap_entry_free_rcu);
}
