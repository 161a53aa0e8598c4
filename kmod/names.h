/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NAMES_H
#define _CMAP_NAMES_H

/*
 * Objects by name and address family, in that order. Each configuration has
 * its own containers; the objects in them are shared between configurations,
 * and so the nodes are allocated apart from them. The owner of the container
 * minds the references.
 *
 * Changed while a configuration is under construction, read only afterwards.
 */

#include <linux/rbtree.h>
#include <linux/types.h>

/**
 * struct cmap_name - an object under its name
 * @node: node in cmap_names.root
 * @name: name, memory of @obj
 * @family: AF_INET, AF_INET6 or AF_UNSPEC for objects without one
 * @pos: rank, valid after cmap_names_number(); where a dump resumes
 * @obj: the object
 */
struct cmap_name {
	struct rb_node	node;
	const char	*name;
	u16		family;
	u32		pos;
	void		*obj;
};

/**
 * struct cmap_names - objects by name
 * @root: tree of struct cmap_name
 * @n: how many
 */
struct cmap_names {
	struct rb_root	root;
	u32		n;
};

/**
 * cmap_names_first() - first in order
 * @names: collection
 *
 * Return: NULL when it is empty.
 */
static inline struct cmap_name *cmap_names_first(const struct cmap_names *names)
{
	return rb_entry_safe(rb_first(&names->root), struct cmap_name, node);
}

/**
 * cmap_names_next() - next in order
 * @ref: one of a collection
 *
 * Return: NULL after the last one.
 */
static inline struct cmap_name *cmap_names_next(const struct cmap_name *ref)
{
	return rb_entry_safe(rb_next(&ref->node), struct cmap_name, node);
}

/**
 * cmap_names_find() - look a name up
 * @names: container
 * @name: name
 * @family: address family
 *
 * Return: the object or NULL.
 */
void *cmap_names_find(const struct cmap_names *names, const char *name,
		      u16 family);

/**
 * cmap_names_at() - object of a rank
 * @names: container that was numbered
 * @pos: rank, from 0
 *
 * Return: the object or NULL.
 */
void *cmap_names_at(const struct cmap_names *names, u32 pos);

/**
 * cmap_names_set() - enter an object, or replace the one of this name
 * @names: container
 * @name: name, must live as long as @obj is in @names
 * @family: address family
 * @obj: object
 * @old: set to the object that was replaced, or NULL
 *
 * Return: 0 or -ENOMEM.
 */
int cmap_names_set(struct cmap_names *names, const char *name, u16 family,
		   void *obj, void **old);

/**
 * cmap_names_del() - remove a name
 * @names: container
 * @name: name
 * @family: address family
 *
 * Return: the object that was removed, or NULL.
 */
void *cmap_names_del(struct cmap_names *names, const char *name, u16 family);

/**
 * cmap_names_number() - rank all objects
 * @names: container that will not change any more
 */
void cmap_names_number(struct cmap_names *names);

/**
 * cmap_names_destroy() - free the nodes and forget the objects
 * @names: container
 */
void cmap_names_destroy(struct cmap_names *names);

#endif /* _CMAP_NAMES_H */
