/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connection with a kernel module that there is not, of which nothing is asked: for
 * -Wl,--wrap=nl_open,--wrap=nl_close, in one source file of a program.
 */
#ifndef UNIT_NO_MODULE_H
#define UNIT_NO_MODULE_H

#include "nl.h"

struct nl *__wrap_nl_open(void);
void __wrap_nl_close(struct nl *nl);

struct nl *__wrap_nl_open(void)
{
	static char nl;

	return (struct nl *)&nl;
}

void __wrap_nl_close(struct nl *nl)
{
	(void)nl;
}

#endif
