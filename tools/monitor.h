/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notifications of the kernel module, as JSON and as text.
 */
#ifndef CRYPTOMAP_MONITOR_H
#define CRYPTOMAP_MONITOR_H

#include <stdio.h>
#include <jansson.h>
#include <libmnl/libmnl.h>

/** monitor_event() - a notification as an object; NULL for one that is not known */
json_t *monitor_event(const struct nlmsghdr *nlh);
/** print_event() - an object of monitor_event() as a line */
void print_event(FILE *f, const json_t *event);

#endif
