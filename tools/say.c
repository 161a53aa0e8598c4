// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>

#include "say.h"

int say_no_memory(void)
{
	fputs("cryptomap: out of memory\n", stderr);
	return -ENOMEM;
}

const char *needs_root(int err)
{
	return err == EACCES || err == EPERM ? " (root is needed)" : "";
}
