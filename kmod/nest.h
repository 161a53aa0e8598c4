/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NEST_H
#define _CMAP_NEST_H

/*
 * What a task is in the middle of, for what it calls and cannot hand an argument to:
 * packets are sent from within the sending of others, through tunnels and NAT.
 *
 * Notes of a CPU are in one list, each on the stack of the task that made it. With BH
 * off a task stays on its CPU, but on PREEMPT_RT others run there meanwhile, with BH off
 * as well (without PREEMPT_RT_NEEDS_BH_LOCK): so a note has a task, and each task sees
 * its own ones only.
 */

#include <linux/types.h>

struct task_struct;

/**
 * struct cmap_nest - a note
 * @outer: the one that was made before on this CPU
 * @task: who made it
 * @what: what it is about, as its maker likes
 */
struct cmap_nest {
	struct cmap_nest		*outer;
	const struct task_struct	*task;
	const void			*what;
};

/**
 * cmap_nest_enter() - make a note
 * @nest: note, on the stack
 * @what: what it is about, or NULL
 *
 * Context: BH disabled, up to cmap_nest_leave().
 */
void cmap_nest_enter(struct cmap_nest *nest, const void *what);

/**
 * cmap_nest_leave() - take a note back, the last one of this task first
 * @nest: note
 */
void cmap_nest_leave(struct cmap_nest *nest);

/**
 * cmap_nest_what() - what the last note of this task is about
 *
 * Context: BH disabled. Return: NULL for nothing, or without a note.
 */
const void *cmap_nest_what(void);

/**
 * cmap_nest_depth() - how many notes about nothing this task has made
 *
 * Context: BH disabled.
 */
unsigned int cmap_nest_depth(void);

#endif /* _CMAP_NEST_H */
