/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module's pure logic uses of this kernel header: there is one CPU. */
#ifndef _UNIT_LINUX_PERCPU_H
#define _UNIT_LINUX_PERCPU_H

#define DEFINE_PER_CPU(type, name)	__typeof__(type) name
#define this_cpu_ptr(ptr)		(ptr)
#define __this_cpu_read(var)		(var)
#define __this_cpu_write(var, val)	((var) = (val))

#endif
