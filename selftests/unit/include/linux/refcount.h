/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _UNIT_LINUX_REFCOUNT_H
#define _UNIT_LINUX_REFCOUNT_H

typedef struct { int refs; } refcount_t;

#endif /* _UNIT_LINUX_REFCOUNT_H */
