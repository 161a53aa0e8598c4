// SPDX-License-Identifier: GPL-2.0-only
/* What a task is in the middle of. */

#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "nest.h"

/* The last note of this CPU; changed and read with preemption disabled. */
static DEFINE_PER_CPU(struct cmap_nest *, cmap_nests);

void cmap_nest_enter(struct cmap_nest *nest, const void *what)
{
	nest->task = current;
	nest->what = what;
	preempt_disable();
	nest->outer = __this_cpu_read(cmap_nests);
	__this_cpu_write(cmap_nests, nest);
	preempt_enable();
}

void cmap_nest_leave(struct cmap_nest *nest)
{
	struct cmap_nest **last;

	preempt_disable();
	/* behind those that other tasks have made since */
	for (last = this_cpu_ptr(&cmap_nests); *last != nest;)
		last = &(*last)->outer;
	*last = nest->outer;
	preempt_enable();
}

const void *cmap_nest_what(void)
{
	const struct cmap_nest *nest;
	const void *what = NULL;

	preempt_disable();
	for (nest = __this_cpu_read(cmap_nests); nest; nest = nest->outer)
		if (nest->task == current) {
			what = nest->what;
			break;
		}
	preempt_enable();
	return what;
}

unsigned int cmap_nest_depth(void)
{
	const struct cmap_nest *nest;
	unsigned int n = 0;

	preempt_disable();
	for (nest = __this_cpu_read(cmap_nests); nest; nest = nest->outer)
		n += nest->task == current && !nest->what;
	preempt_enable();
	return n;
}
