/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _UNIT_LINUX_ATOMIC_H
#define _UNIT_LINUX_ATOMIC_H

typedef struct { long counter; } atomic_long_t;

#endif /* _UNIT_LINUX_ATOMIC_H */
