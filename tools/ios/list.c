// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists of objects that start with their next and prev pointers.
 */
#include <stddef.h>

#include "list.h"

struct link {
	struct link *next, *prev;	/* the first one's may be any */
};

void ios_list_push(void *head, void *obj)
{
	struct link **at = head, *one = obj;

	one->next = *at;
	if (*at)
		(*at)->prev = one;
	*at = one;
}

void ios_list_unlink(void *head, void *obj)
{
	struct link **at = head, *one = obj;

	if (*at != one)
		at = &one->prev->next;
	*at = one->next;
	if (one->next)
		one->next->prev = one->prev;
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
	for (one = *list; one && one->next; one = one->next)
		one->next->prev = one;
}

void ios_list_reverse(void *head)
{
	struct link **list = head, *from = *list, *to = NULL, *one;

	while ((one = from)) {
		from = one->next;
		one->next = to;
		one->prev = from;
		to = one;
	}
	*list = to;
}

void *ios_list_pop(void *head)
{
	struct link **list = head, *one = *list;

	if (!one)
		return NULL;
	*list = one->next;
	if (one->next)
		one->next->prev = one->prev;
	return one;
}
