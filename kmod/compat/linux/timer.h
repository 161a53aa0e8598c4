/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_COMPAT_LINUX_TIMER_H
#define _CMAP_COMPAT_LINUX_TIMER_H

#include_next <linux/timer.h>

/* Renamed in 6.16. */
#ifndef timer_container_of
#define timer_container_of(var, timer, field) \
	container_of(timer, typeof(*(var)), field)
#endif

#endif /* _CMAP_COMPAT_LINUX_TIMER_H */
