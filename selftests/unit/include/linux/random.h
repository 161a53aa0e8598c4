/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module's pure logic uses of this kernel header: not random here. */
#ifndef _UNIT_LINUX_RANDOM_H
#define _UNIT_LINUX_RANDOM_H

#include <linux/types.h>

static inline u32 get_random_u32(void)
{
	return 0x12345678;
}

#endif
