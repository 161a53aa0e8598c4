/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module's pure logic uses of this kernel header. */
#ifndef _UNIT_LINUX_PREEMPT_H
#define _UNIT_LINUX_PREEMPT_H

#define preempt_disable()	((void)0)
#define preempt_enable()	((void)0)

#endif
