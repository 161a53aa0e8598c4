/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Of a large model what a line may have to do with. Entries of crypto maps and access lists
 * are picked one by one, as there may be 65,535 of each; all other objects are few.
 *
 * Read alone, with all other objects and what was picked before, the picked ones and the
 * line give the errors, and the changes, that they give in the whole configuration.
 */
#ifndef CRYPTOMAP_IOS_PICK_H
#define CRYPTOMAP_IOS_PICK_H

#include "ios.h"

/**
 * ios_pick_first() - pick what each line is read with
 * @cfg: a whole model
 *
 * Dynamic crypto maps and what refers to them, and of each crypto map so much that no line
 * takes its last entry.
 */
void ios_pick_first(struct ios_config *cfg);

/**
 * ios_pick_all() - pick all entries and access lists
 * @cfg: a model
 */
void ios_pick_all(struct ios_config *cfg);

/**
 * ios_pick() - pick what a line may touch, what refers to that and what that refers to
 * @cfg:  a model, of which what was picked before was taken off
 * @rest: what was picked before
 * @head: lines that open the section that the line is read in, empty at the top
 * @line: the line
 *
 * Return: how many objects were picked.
 */
size_t ios_pick(struct ios_config *cfg, const struct ios_config *rest, const char *head,
		const char *line);

/**
 * ios_picked_remove() - take off a model what is picked
 * @cfg: a model; crypto maps stay, also empty ones
 */
void ios_picked_remove(struct ios_config *cfg);

#endif
