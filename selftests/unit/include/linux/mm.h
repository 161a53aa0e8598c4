/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Up to Linux 6.9 this header had the functions for large memory. */
#include <linux/slab.h>
