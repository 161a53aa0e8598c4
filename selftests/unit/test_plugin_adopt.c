/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_adopt.c: a CHILD_SA that comes up with an ISAKMP SA that is being
 * replaced.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_adopt.h"

/** An ISAKMP SA and its successor, which may be gone */
static test_ike_t old, successor;
static bool gone;

static child_sa_t child;

/** How often the CHILD_SA was destroyed, and hooks were called */
static u_int destroyed, migrations;

METHOD(ike_sa_t, remove_child_sa, void,
	test_ike_t *this, enumerator_t *enumerator)
{
	this->children->remove_at(this->children, enumerator);
}

METHOD(ike_sa_t, add_child_sa, void,
	test_ike_t *this, child_sa_t *child_sa)
{
	this->children->insert_last(this->children, child_sa);
}

METHOD(child_sa_t, destroy_child, void,
	child_sa_t *this)
{
	destroyed++;
}

METHOD(bus_t, children_migrate, void,
	bus_t *this, ike_sa_id_t *new, uint32_t unique)
{
	migrations += new ? unique == successor.unique && old.out == 1 : successor.out == 1;
}

METHOD(ike_sa_manager_t, checkout, ike_sa_t*,
	ike_sa_manager_t *manager, ike_sa_id_t *id)
{
	test_ike_t *ike = id->equals(id, old.id) ? &old : &successor;

	if (ike == &successor && gone)
	{
		return NULL;
	}
	ike->out++;
	return &ike->public;
}

/**
 * Make an ISAKMP SA.
 */
static void init_ike(test_ike_t *ike, uint32_t unique)
{
	test_ike_init(ike, unique, "198.51.100.2", 500);
	ike->public.remove_child_sa = (void*)_remove_child_sa;
	ike->public.add_child_sa = (void*)_add_child_sa;
	ike->children = linked_list_create();
}

/**
 * The CHILD_SA is up with the old one, which has a successor.
 *
 * @return				jobs that were run
 */
static u_int come_up(ike_sa_state_t state, ike_sa_state_t next, bool next_gone)
{
	void *first;

	while (successor.children->remove_first(successor.children, &first) == SUCCESS ||
		   old.children->remove_first(old.children, &first) == SUCCESS)
	{
		/* from the last time */
	}
	migrations = destroyed = 0;
	old.state = state;
	successor.state = next;
	gone = next_gone;
	old.children->insert_last(old.children, &child);
	kernel_cryptomap_adopt(old.id, successor.id, next == IKE_ESTABLISHED);
	return run_jobs();
}

/**
 * Whether the successor has it.
 */
static bool is_adopted()
{
	return successor.children->get_count(successor.children) == 1 &&
		   !old.children->get_count(old.children) && !destroyed && migrations == 2;
}

int main()
{
	ike_sa_manager_t manager = {
		.checkout = _checkout,
		.checkin = test_ike_checkin,
	};

	plugin_init();
	charon->ike_sa_manager = &manager;
	bus.children_migrate = _children_migrate;
	init_ike(&old, 1);
	init_ike(&successor, 3);
	child = (child_sa_t){
		.get_name = (void*)return_null,
		.destroy = _destroy_child,
	};

	come_up(IKE_REKEYING, IKE_ESTABLISHED, FALSE);
	tap_ok(is_adopted(), "what comes up with an ISAKMP SA that is replaced is adopted");
	come_up(IKE_REKEYING, IKE_CONNECTING, FALSE);
	tap_ok(is_adopted(), "before its successor is established, too");
	come_up(IKE_REKEYING, IKE_DELETING, FALSE);
	tap_ok(!migrations && !destroyed && old.children->get_count(old.children) == 1,
		   "not by one that goes itself");
	come_up(IKE_REKEYING, IKE_ESTABLISHED, TRUE);
	tap_ok(!migrations && !destroyed && old.children->get_count(old.children) == 1,
		   "or is gone");
	come_up(IKE_ESTABLISHED, IKE_CONNECTING, FALSE);
	tap_ok(!migrations && old.children->get_count(old.children) == 1,
		   "one that is not replaced keeps it until the other one is established");
	tap_ok(!old.out && !successor.out, "all are checked in");

	old.children->destroy(old.children);
	successor.children->destroy(successor.children);
	test_ike_deinit(&old);
	test_ike_deinit(&successor);
	plugin_deinit();
	return tap_done();
}
