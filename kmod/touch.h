/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_TOUCH_H
#define _CMAP_TOUCH_H

/*
 * What a transaction touches of an attachment: entries that are other objects than
 * before, and those that refer to an access list that is. Found at a cost that
 * depends on how many these are, not on how many there are in all.
 *
 * Rules know nothing of transform sets, nor of what entries inherit: other ones touch
 * no entry.
 */

#include <linux/types.h>

struct cmap_attach;
struct cmap_config;

/**
 * struct cmap_changes - a transaction and the configuration in force
 * @old: configuration in force
 * @cfg: that of the transaction
 * @tsets: a transform set of @old says something else or is gone
 * @dynamics: dynamic crypto maps are not what they were
 */
struct cmap_changes {
	const struct cmap_config	*old;
	const struct cmap_config	*cfg;
	bool				tsets;
	bool				dynamics;
};

/**
 * struct cmap_touch - what is touched of an attachment
 * @all: everything
 * @dynamic: its entries of kind dynamic, or their templates; then everything is
 * @n: in @place
 * @place: places of entries, ascending, without doubles
 */
struct cmap_touch {
	bool	all;
	bool	dynamic;
	u32	n;
	u32	*place;
};

/**
 * cmap_changes_find() - begin to look for what a transaction touches
 * @changes: set up
 * @old: configuration in force
 * @cfg: that of the transaction; what says the same as in @old is the same object
 */
void cmap_changes_find(struct cmap_changes *changes,
		       const struct cmap_config *old,
		       const struct cmap_config *cfg);

/**
 * cmap_touch_find() - find what is touched of an attachment
 * @touch: result; the caller frees @place with kvfree()
 * @changes: transaction
 * @attach: attachment of it
 * @was: the same one in the configuration in force, or NULL
 *
 * Everything, where finding out more would not be worth it.
 *
 * Context: cn->lock, may sleep. Return: 0 or -ENOMEM.
 */
int cmap_touch_find(struct cmap_touch *touch,
		    const struct cmap_changes *changes,
		    const struct cmap_attach *attach,
		    const struct cmap_attach *was);

#endif /* _CMAP_TOUCH_H */
