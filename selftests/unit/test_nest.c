// SPDX-License-Identifier: GPL-2.0-or-later
/* kmod/nest.c: tasks that run in turn on one CPU, each in the middle of something. */

#include <linux/sched.h>

#include "nest.h"
#include "tap.h"

struct task_struct {
	int	number;
};

struct task_struct *current;

static struct task_struct task[2];

/* What one task sees while another is in the middle of something, too. */
static void test_two(void)
{
	struct cmap_nest sending, fragmenting, other, other_sending;
	int first, second;

	current = &task[0];
	tap_ok(!cmap_nest_what() && !cmap_nest_depth(), "a task begins with nothing");
	cmap_nest_enter(&sending, NULL);
	cmap_nest_enter(&fragmenting, &first);

	current = &task[1];
	tap_ok(!cmap_nest_what() && !cmap_nest_depth(), "another one does not see what it does");
	cmap_nest_enter(&other, &second);
	cmap_nest_enter(&other_sending, NULL);
	tap_ok(!cmap_nest_what() && cmap_nest_depth() == 1, "it counts its own packets");
	cmap_nest_leave(&other_sending);

	current = &task[0];
	tap_ok(cmap_nest_what() == &first, "the first goes on with its own fragments");
	tap_ok(cmap_nest_depth() == 1, "and its own packets");
	cmap_nest_leave(&fragmenting);
	tap_ok(!cmap_nest_what() && cmap_nest_depth() == 1, "its last note is the one before");

	current = &task[1];
	tap_ok(cmap_nest_what() == &second, "the other goes on with its own");
	current = &task[0];
	cmap_nest_leave(&sending);
	tap_ok(!cmap_nest_depth(), "the first has ended");
	current = &task[1];
	tap_ok(cmap_nest_what() == &second, "which leaves the other alone");
	cmap_nest_leave(&other);
	tap_ok(!cmap_nest_what(), "and it has ended");
}

/* A fragment that comes back and is fragmented. */
static void test_inside(void)
{
	struct cmap_nest outer, sending, inner;
	int first, second;

	current = &task[0];
	cmap_nest_enter(&outer, &first);
	cmap_nest_enter(&sending, NULL);
	cmap_nest_enter(&inner, &second);
	tap_ok(cmap_nest_what() == &second, "the inner packet is the one that is fragmented");
	cmap_nest_leave(&inner);
	cmap_nest_leave(&sending);
	tap_ok(cmap_nest_what() == &first, "then the outer one again");
	cmap_nest_leave(&outer);
	tap_ok(!cmap_nest_what() && !cmap_nest_depth(), "nothing is left");
}

int main(void)
{
	test_two();
	test_inside();
	return tap_done();
}
