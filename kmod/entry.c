// SPDX-License-Identifier: GPL-2.0-only
/* Crypto map entries. */

#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "config.h"
#include "entry.h"

struct cmap_entry *cmap_entry_create(void)
{
	struct cmap_entry *entry;

	entry = kzalloc(sizeof(*entry), GFP_KERNEL_ACCOUNT);
	if (entry)
		refcount_set(&entry->refs, 1);
	return entry;
}

static bool cmap_text_equal(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool cmap_globals_equal(const struct cmap_globals *a,
			       const struct cmap_globals *b)
{
	return a->life_seconds == b->life_seconds &&
	       a->life_kilobytes == b->life_kilobytes &&
	       a->replay_window == b->replay_window &&
	       a->df_bit == b->df_bit && a->idle_seconds == b->idle_seconds;
}

bool cmap_entry_same_keys(const struct cmap_entry *x,
			  const struct cmap_entry *y)
{
	const struct cmap_manual_key *a = x->manual, *b = y->manual;
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

bool cmap_entry_equal(const struct cmap_entry *a, const struct cmap_entry *b)
{
	int i;

	if (strcmp(a->map, b->map) || a->seq != b->seq || a->kind != b->kind ||
	    a->default_peer != b->default_peer ||
	    a->idle_default != b->idle_default ||
	    a->pre_classify != b->pre_classify || a->family != b->family ||
	    a->peer_family != b->peer_family ||
	    a->pfs_group != b->pfs_group || a->n_peer != b->n_peer ||
	    a->dynamic_seq != b->dynamic_seq ||
	    a->n_tset != b->n_tset || a->set != b->set)
		return false;
	if (!cmap_globals_equal(&a->own, &b->own) ||
	    !cmap_text_equal(a->acl, b->acl) ||
	    !cmap_text_equal(a->filter[CRYPTO_MAP_SA_DIR_IN],
			     b->filter[CRYPTO_MAP_SA_DIR_IN]) ||
	    !cmap_text_equal(a->filter[CRYPTO_MAP_SA_DIR_OUT],
			     b->filter[CRYPTO_MAP_SA_DIR_OUT]) ||
	    !cmap_text_equal(a->description, b->description) ||
	    !cmap_text_equal(a->dynamic, b->dynamic) ||
	    !cmap_entry_same_keys(a, b) ||
	    !cmap_route_equal(a->route, b->route))
		return false;
	for (i = 0; i < a->n_peer; i++)
		if (memcmp(&a->peer[i], &b->peer[i], sizeof(a->peer[i])))
			return false;
	for (i = 0; i < a->n_tset; i++)
		if (strcmp(a->tset[i], b->tset[i]))
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
		if (!entry->manual)
			return false;
		break;
	}
	return entry->n_peer && entry->n_tset && cmap_entry_has_acl(cfg, entry);
}

bool cmap_entry_has_peer(const struct cmap_entry *entry, u16 family,
			 const union cmap_addr *peer)
{
	u8 i;

	if (entry->peer_family != family)
		return false;
	for (i = 0; i < entry->n_peer; i++)
		if (!memcmp(&entry->peer[i], peer, sizeof(*peer)))
			return true;
	return false;
}

/* Copies of what a template has in variable size, and the peer. */
static bool cmap_text_copy(char **to, const char *from)
{
	if (from)
		*to = kstrdup(from, GFP_KERNEL_ACCOUNT);
	return !from || *to;
}

static bool cmap_entry_derive_parts(struct cmap_entry *to,
				    const struct cmap_entry *entry,
				    const struct cmap_entry *template,
				    const union cmap_addr *peer)
{
	int dir;

	to->dynamic = kstrdup(entry->dynamic, GFP_KERNEL_ACCOUNT);
	to->peer = kmemdup(peer, sizeof(*peer), GFP_KERNEL_ACCOUNT);
	to->tset = kcalloc(template->n_tset, sizeof(*to->tset),
			   GFP_KERNEL_ACCOUNT);
	if (!to->dynamic || !to->peer || !to->tset)
		return false;
	to->n_peer = 1;
	for (; to->n_tset < template->n_tset; to->n_tset++) {
		to->tset[to->n_tset] = kstrdup(template->tset[to->n_tset],
					       GFP_KERNEL_ACCOUNT);
		if (!to->tset[to->n_tset])
			return false;
	}
	for (dir = 0; dir < CMAP_DIRS; dir++)
		if (!cmap_text_copy(&to->filter[dir], template->filter[dir]))
			return false;
	if (template->route) {
		to->route = kmemdup(template->route, sizeof(*to->route),
				    GFP_KERNEL_ACCOUNT);
		if (!to->route)
			return false;
	}
	return cmap_text_copy(&to->acl, template->acl);
}

struct cmap_entry *cmap_entry_derive(const struct cmap_entry *entry,
				     const struct cmap_entry *template,
				     u16 family, const union cmap_addr *peer)
{
	struct cmap_entry *derived = cmap_entry_create();

	if (!derived)
		return NULL;
	strscpy(derived->map, entry->map, sizeof(derived->map));
	derived->seq = entry->seq;
	derived->kind = CRYPTO_MAP_ENTRY_KIND_DYNAMIC;
	derived->pre_classify = template->pre_classify;
	derived->family = entry->family;
	derived->peer_family = family;
	derived->pfs_group = template->pfs_group;
	derived->set = template->set;
	derived->own = template->own;
	derived->dynamic_seq = template->seq;
	if (!cmap_entry_derive_parts(derived, entry, template, peer)) {
		cmap_entry_put(derived);
		return NULL;
	}
	return derived;
}

void cmap_entry_settings(const struct cmap_entry *entry,
			 const struct cmap_globals *globals,
			 struct cmap_globals *out)
{
	*out = *globals;
	if (entry->set & CMAP_ENTRY_LIFE_SECONDS)
		out->life_seconds = entry->own.life_seconds;
	if (entry->set & CMAP_ENTRY_LIFE_KILOBYTES)
		out->life_kilobytes = entry->own.life_kilobytes;
	if (entry->set & CMAP_ENTRY_REPLAY_WINDOW)
		out->replay_window = entry->own.replay_window;
	if (entry->set & CMAP_ENTRY_DF_BIT)
		out->df_bit = entry->own.df_bit;
	if (entry->set & CMAP_ENTRY_IDLE_SECONDS)
		out->idle_seconds = entry->own.idle_seconds;
}

static void cmap_entry_free_rcu(struct rcu_head *rcu)
{
	struct cmap_entry *entry = container_of(rcu, struct cmap_entry, rcu);
	int i;

	for (i = 0; i < entry->n_tset; i++)
		kfree(entry->tset[i]);
	kfree(entry->tset);
	kfree(entry->peer);
	kfree(entry->acl);
	kfree(entry->filter[CRYPTO_MAP_SA_DIR_IN]);
	kfree(entry->filter[CRYPTO_MAP_SA_DIR_OUT]);
	kfree(entry->description);
	kfree(entry->route);
	kfree(entry->dynamic);
	kfree_sensitive(entry->manual);
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
