/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module's pure logic uses of this kernel header. */
#ifndef _UNIT_LINUX_SCHED_H
#define _UNIT_LINUX_SCHED_H

#define cond_resched()	((void)0)

/* the task that runs, which a test chooses */
extern struct task_struct *current;

#endif
