// SPDX-License-Identifier: GPL-2.0-only
/* Objects by name. */

#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "names.h"

static int cmap_names_cmp(const char *name, u16 family,
			  const struct cmap_name *ref)
{
	int diff = strcmp(name, ref->name);

	return diff ? diff : (int)family - (int)ref->family;
}

static struct cmap_name *cmap_names_lookup(const struct cmap_names *names,
					   const char *name, u16 family)
{
	struct rb_node *node = names->root.rb_node;

	while (node) {
		struct cmap_name *ref = rb_entry(node, struct cmap_name, node);
		int diff = cmap_names_cmp(name, family, ref);

		if (!diff)
			return ref;
		node = diff < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

void *cmap_names_find(const struct cmap_names *names, const char *name,
		      u16 family)
{
	struct cmap_name *ref = cmap_names_lookup(names, name, family);

	return ref ? ref->obj : NULL;
}

void *cmap_names_at(const struct cmap_names *names, u32 pos)
{
	struct rb_node *node = names->root.rb_node;

	while (node) {
		struct cmap_name *ref = rb_entry(node, struct cmap_name, node);

		if (pos == ref->pos)
			return ref->obj;
		node = pos < ref->pos ? node->rb_left : node->rb_right;
	}
	return NULL;
}

static int cmap_names_insert(struct cmap_names *names, const char *name,
			     u16 family, void *obj)
{
	struct rb_node **link = &names->root.rb_node, *parent = NULL;
	struct cmap_name *ref;

	ref = kzalloc(sizeof(*ref), GFP_KERNEL_ACCOUNT);
	if (!ref)
		return -ENOMEM;
	ref->name = name;
	ref->family = family;
	ref->obj = obj;

	while (*link) {
		struct cmap_name *at;

		parent = *link;
		at = rb_entry(parent, struct cmap_name, node);
		link = cmap_names_cmp(name, family, at) < 0 ? &parent->rb_left :
							      &parent->rb_right;
	}
	rb_link_node(&ref->node, parent, link);
	rb_insert_color(&ref->node, &names->root);
	names->n++;
	return 0;
}

int cmap_names_set(struct cmap_names *names, const char *name, u16 family,
		   void *obj, void **old)
{
	struct cmap_name *ref = cmap_names_lookup(names, name, family);

	*old = NULL;
	if (!ref)
		return cmap_names_insert(names, name, family, obj);

	*old = ref->obj;
	ref->obj = obj;
	ref->name = name;
	return 0;
}

void *cmap_names_del(struct cmap_names *names, const char *name, u16 family)
{
	struct cmap_name *ref = cmap_names_lookup(names, name, family);
	void *obj;

	if (!ref)
		return NULL;
	obj = ref->obj;
	rb_erase(&ref->node, &names->root);
	kfree(ref);
	names->n--;
	return obj;
}

void cmap_names_number(struct cmap_names *names)
{
	struct cmap_name *ref;
	u32 pos = 0;

	for (ref = cmap_names_first(names); ref; ref = cmap_names_next(ref))
		ref->pos = pos++;
}

void cmap_names_destroy(struct cmap_names *names)
{
	struct cmap_name *ref, *next;

	rbtree_postorder_for_each_entry_safe(ref, next, &names->root, node)
		kfree(ref);
	names->root = RB_ROOT;
	names->n = 0;
}
