// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists of objects that start with their next pointer.
 */
#include <stddef.h>

#include "list.h"

struct link {
	struct link *next;
};

void ios_list_push(void *head, void *obj)
{
	struct link **at = head;

	((struct link *)obj)->next = *at;
	*at = obj;
}

void ios_list_unlink(void *head, void *obj)
{
	struct link **at = head;

	while (*at && *at != obj)
		at = &(*at)->next;
	if (*at)
		*at = (*at)->next;
}

static struct link *list_merge(struct link *a, struct link *b, ios_compare_fn compare)
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

/* Bottom-up: no recursion, whatever the length. */
void ios_list_sort(void *head, ios_compare_fn compare)
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

void ios_list_reverse(void *head)
{
	struct link **list = head, *from = *list, *to = NULL, *one;

	while ((one = from)) {
		from = one->next;
		one->next = to;
		to = one;
	}
	*list = to;
}

void *ios_list_pop(void *head)
{
	struct link **list = head, *one = *list;

	if (one)
		*list = one->next;
	return one;
}
