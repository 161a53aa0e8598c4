/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NAMES_H
#define _CMAP_NAMES_H

/*
 * Objects by name and number, in that order, in containers that share what they
 * have in common: a copy costs nothing, a change after it as much as the way to
 * the object is long. That makes a transaction about one object as cheap with
 * many others in the configuration as with none.
 *
 * A treap: a search tree by key, a heap by priority, which is a hash of the key,
 * so that names that somebody chose do not make it deep. Nodes are reference
 * counted. A node that more than one parent refers to is shared and immutable; a
 * change replaces it, and with it all nodes above, by copies. So packets and
 * dumps may read a published container under RCU while transactions change
 * copies of it.
 *
 * Free of netlink and skb: the same file is built into the unit tests.
 *
 * Context: changes and copies of containers that share nodes are serialised by
 * the caller, cn->lock; a container may be emptied at any time.
 */

#include <linux/refcount.h>
#include <linux/types.h>

/* Objects of a container: fewer than that, 2 ^ 18. */
#define CMAP_NAMES_MAX		262144

/*
 * Nodes on the way to any object. Of 131072 objects one is deeper with a chance of
 * 10^-23; a change then fails, and a walk ends there.
 */
#define CMAP_NAMES_DEPTH	96

/**
 * struct cmap_name - an object in a container
 * @refs: parents and containers that refer to it
 * @n: objects in this subtree
 * @prio: priority, a hash of the key
 * @obj: the object, one reference; knows its key
 * @left: subtree of lower keys
 * @right: subtree of higher keys
 *
 * 32 bytes. Where some of many nodes have the same priority, which is short, the
 * order in which they came makes the tree a little deeper.
 */
struct cmap_name {
	refcount_t		refs;
	u32			n	: 18,
				prio	: 14;
	void			*obj;
	struct cmap_name	*left;
	struct cmap_name	*right;
};

/**
 * struct cmap_names_ops - what a container knows of its objects
 * @key: the key: returns the name, in memory of the object, and sets the number;
 *	always the same
 * @get: take a reference
 * @put: give one back
 */
struct cmap_names_ops {
	const char	*(*key)(const void *obj, u32 *num);
	void	(*get)(void *obj);
	void	(*put)(void *obj);
};

/**
 * struct cmap_names - objects by name
 * @root: tree
 * @ops: what it knows of them
 */
struct cmap_names {
	struct cmap_name		*root;
	const struct cmap_names_ops	*ops;
};

/**
 * struct cmap_names_iter - a walk over all objects in order
 * @way: nodes whose object and right subtree are still to come
 * @n: how many
 */
struct cmap_names_iter {
	const struct cmap_name	*way[CMAP_NAMES_DEPTH];
	u32			n;
};

/**
 * struct cmap_names_diff - a walk over what two containers do not have in common
 * @names: the second container
 * @was: walk over the first one; if @was_whole, the last node stands for all of its
 *	subtree
 * @now: walk over the second one, likewise
 * @was_whole: see @was
 * @now_whole: see @now
 */
struct cmap_names_diff {
	const struct cmap_names	*names;
	struct cmap_names_iter	was;
	struct cmap_names_iter	now;
	bool			was_whole;
	bool			now_whole;
};

/**
 * cmap_names_count() - objects in a container
 * @names: container
 */
static inline u32 cmap_names_count(const struct cmap_names *names)
{
	return names->root ? names->root->n : 0;
}

/**
 * cmap_names_find() - look a key up
 * @names: container
 * @name: name
 * @num: number
 *
 * Return: the object, without a new reference, or NULL.
 */
void *cmap_names_find(const struct cmap_names *names, const char *name,
		      u32 num);

/**
 * cmap_names_at() - object of a rank
 * @names: container
 * @pos: rank, from 0
 *
 * Return: the object, without a new reference, or NULL.
 */
void *cmap_names_at(const struct cmap_names *names, u32 pos);

/**
 * cmap_names_from() - first object at or after a key
 * @names: container
 * @name: name
 * @num: number
 *
 * Return: the object, without a new reference, or NULL.
 */
void *cmap_names_from(const struct cmap_names *names, const char *name,
		      u32 num);

/**
 * cmap_names_first() - start a walk
 * @names: container that does not change meanwhile
 * @iter: walk
 *
 * Return: the first object or NULL.
 */
void *cmap_names_first(const struct cmap_names *names,
		       struct cmap_names_iter *iter);

/**
 * cmap_names_next() - go on with a walk
 * @iter: walk
 *
 * Return: the next object or NULL after the last one.
 */
void *cmap_names_next(struct cmap_names_iter *iter);

/**
 * cmap_names_owns() - whether no other container has an object by a node of its
 * @names: container
 * @name: name
 * @num: number
 *
 * Containers share nodes, which hold one reference for all of them: that an object
 * has one reference does not say that one container has it.
 *
 * Return: false also if there is no such object.
 */
bool cmap_names_owns(const struct cmap_names *names, const char *name, u32 num);

/**
 * cmap_names_diff_start() - start to compare two containers
 * @diff: walk
 * @was: container
 * @now: another one; objects of both may be replaced meanwhile by
 *	cmap_names_reuse(), nothing else changes
 */
void cmap_names_diff_start(struct cmap_names_diff *diff,
			   const struct cmap_names *was,
			   const struct cmap_names *now);

/**
 * cmap_names_diff_next() - next key with another object, or that one of both has not
 * @diff: walk
 * @was: set to the object in the first container, or NULL
 * @now: set to that in the second one, or NULL
 *
 * Keys come in order. Subtrees that the containers share are not looked into: what
 * it costs depends on the changes since one was a copy of the other.
 *
 * Return: false after the last one.
 */
bool cmap_names_diff_next(struct cmap_names_diff *diff, void **was, void **now);

/**
 * cmap_names_reuse() - replace an object by one that says the same
 * @names: container
 * @name: name, must live as long as @obj
 * @num: number, there is an object of this key
 * @obj: object, its reference moves to the container on success
 *
 * Changes no node, so that a walk may go on.
 *
 * Return: false if another container shares the node; nothing has changed.
 */
bool cmap_names_reuse(struct cmap_names *names, const char *name, u32 num,
		      void *obj);

/**
 * cmap_names_set() - enter an object, or replace the one of this key
 * @names: container
 * @name: name, that of @obj
 * @num: number, that of @obj
 * @obj: object, its reference moves to the container on success; that of one that
 *	is replaced is given back
 *
 * Replacing what was entered since the container was copied does not fail.
 *
 * Return: 0 or -ENOMEM, and nothing has changed; a container that is full also has no
 * memory.
 */
int cmap_names_set(struct cmap_names *names, const char *name, u32 num,
		   void *obj);

/**
 * cmap_names_del() - remove a key
 * @names: container
 * @name: name
 * @num: number
 *
 * Return: 0, -ENOENT if there is none, or -ENOMEM; then nothing has changed.
 */
int cmap_names_del(struct cmap_names *names, const char *name, u32 num);

/**
 * cmap_names_copy() - make a container with the same objects
 * @to: result
 * @from: container
 */
void cmap_names_copy(struct cmap_names *to, const struct cmap_names *from);

/**
 * cmap_names_destroy() - empty a container
 * @names: container
 */
void cmap_names_destroy(struct cmap_names *names);

#endif /* _CMAP_NAMES_H */
