// SPDX-License-Identifier: GPL-2.0-only
/* First match of a packet over the rules of an attachment. */

#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "acl.h"
#include "classify.h"
#include "tuple.h"

enum cmap_class cmap_classify(const struct cmap_rule *rules, u32 n,
			      const struct cmap_tuple *tuple,
			      const struct cmap_rule **found)
{
	bool maybe_denied = false;
	u32 i = 0, next = 0;

	while (i < n) {
		const struct cmap_rule *rule = &rules[i];
		const struct cmap_ace *ace = rule->ace;
		bool permit = ace->action == CRYPTO_MAP_ACE_ACTION_PERMIT;

		if (i == next) {	/* first rule of an entry */
			next = rule->next;
			maybe_denied = false;
		}
		switch (cmap_match_tuple(&ace->match, tuple)) {
		case CMAP_MATCH_NO:
			i++;
			break;
		case CMAP_MATCH_YES:
			if (!permit) {
				i = next;
				break;
			}
			if (maybe_denied)
				return CMAP_CLASS_UNKNOWN;
			*found = rule;
			return CMAP_CLASS_PROTECT;
		case CMAP_MATCH_UNKNOWN:
			if (permit)
				return CMAP_CLASS_UNKNOWN;
			/* matters only if a later ACE of this entry permits */
			maybe_denied = true;
			i++;
			break;
		}
	}
	return CMAP_CLASS_CLEAR;
}
