/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module's pure logic uses of this kernel header. */
#ifndef _UNIT_LINUX_SORT_H
#define _UNIT_LINUX_SORT_H

#include <stdlib.h>

#define sort(array, n, size, cmp, swap)	qsort(array, n, size, cmp)

#endif
