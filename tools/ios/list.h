/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of objects that start with their next and prev pointers. @head is where the first
 * object is pointed to; a list that moves to another head needs nothing else.
 */
#ifndef CRYPTOMAP_IOS_LIST_H
#define CRYPTOMAP_IOS_LIST_H

/* Below zero when a goes before b, above when it goes behind it. */
typedef int (*ios_compare_fn)(const void *a, const void *b);

/** ios_list_push() - put an object at the front */
void ios_list_push(void *head, void *obj);
/** ios_list_pop() - take the first object off; NULL at the end */
void *ios_list_pop(void *head);
/** ios_list_unlink() - take an object out of the list that it is in */
void ios_list_unlink(void *head, void *obj);
/** ios_list_sort() - put in order; equal objects stay as they were */
void ios_list_sort(void *head, ios_compare_fn compare);
/** ios_list_reverse() - turn round, after pushing at the front */
void ios_list_reverse(void *head);

#endif
