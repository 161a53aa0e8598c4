/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_rekeys.c: a thousand CHILD_SAs that another IKE_SA adopts,
 * and several that protect the same.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_child.h"
#include "compat.h"
#include "kernel_cryptomap_rekeys.h"

/** Of the source. */
#define RENEWALS_MAX	16

#define CHILDREN	1000

/**
 * A CHILD_SA; its number is its SPI.
 */
typedef struct {
	child_sa_t public;
	uint32_t spi;
	child_sa_state_t state;
	/** what it protects, for both sides */
	traffic_selector_t *ts;
	/** quick modes that renew it */
	u_int renewals;
} child_t;

static child_t children[CHILDREN];

/** What they may protect */
static traffic_selector_t *nets[CHILDREN];

/** Configuration of all of them */
static child_cfg_t *config;

/**
 * The IKE_SA that they are with.
 */
static struct {
	ike_sa_t public;
	ike_sa_state_t state;
	host_t *local;
	bool reauthenticating;
	/** tasks for quick modes, all the same one */
	linked_list_t *queued, *active;
	/** the most that were queued */
	u_int queued_max;
	/** how often it is checked out */
	int out;
} ike;

static task_t quick_mode;

METHOD(task_t, get_type, task_type_t,
	task_t *task)
{
	return TASK_QUICK_MODE;
}

METHOD(child_sa_t, get_spi, uint32_t,
	child_t *child, bool inbound)
{
	return child->spi;
}

METHOD(child_sa_t, child_get_state, child_sa_state_t,
	child_t *child)
{
	return child->state;
}

METHOD(child_sa_t, child_set_state, void,
	child_t *child, child_sa_state_t state)
{
	child->state = state;
}

METHOD(child_sa_t, get_config, child_cfg_t*,
	child_t *child)
{
	return config;
}

METHOD(child_sa_t, create_ts_enumerator, enumerator_t*,
	child_t *child, bool local)
{
	return enumerator_create_single(child->ts, NULL);
}

METHOD(child_sa_t, get_name, char*,
	child_t *child)
{
	return "child";
}

METHOD(ike_sa_t, ike_get_state, ike_sa_state_t,
	ike_sa_t *this)
{
	return ike.state;
}

METHOD(ike_sa_t, get_host, host_t*,
	ike_sa_t *this)
{
	return ike.local;
}

METHOD(ike_sa_t, has_condition, bool,
	ike_sa_t *this, ike_condition_t condition)
{
	return condition == COND_REAUTHENTICATING && ike.reauthenticating;
}

METHOD(ike_sa_t, create_task_enumerator, enumerator_t*,
	ike_sa_t *this, task_queue_t queue)
{
	switch (queue)
	{
		case TASK_QUEUE_ACTIVE:
			return ike.active->create_enumerator(ike.active);
		case TASK_QUEUE_QUEUED:
			return ike.queued->create_enumerator(ike.queued);
		default:
			return enumerator_create_empty();
	}
}

METHOD(ike_sa_t, create_child_sa_enumerator, enumerator_t*,
	ike_sa_t *this)
{
	linked_list_t *list;
	int i;

	list = linked_list_create();
	for (i = 0; i < CHILDREN; i++)
	{
		list->insert_last(list, &children[i].public);
	}
	return enumerator_create_cleaner(list->create_enumerator(list),
									 (void*)list->destroy, list);
}

METHOD(ike_sa_t, rekey_child_sa, status_t,
	ike_sa_t *this, protocol_id_t protocol, uint32_t spi)
{
	if (children[spi - 1].state == CHILD_INSTALLED)
	{
		children[spi - 1].state = CHILD_REKEYING;
		children[spi - 1].renewals++;
		ike.queued->insert_last(ike.queued, &quick_mode);
		ike.queued_max = max(ike.queued_max,
							 (u_int)ike.queued->get_count(ike.queued));
	}
	return SUCCESS;
}

METHOD(child_sa_manager_t, checkout, ike_sa_t*,
	child_sa_manager_t *manager, protocol_id_t protocol, uint32_t spi, host_t *dst,
	child_sa_t **child_sa)
{
	*child_sa = &children[spi - 1].public;
	ike.out++;
	return &ike.public;
}

METHOD(ike_sa_manager_t, checkin, void,
	ike_sa_manager_t *manager, ike_sa_t *ike_sa)
{
	ike.out--;
}

METHOD(kernel_cryptomap_twins_t, has_rule, bool,
	kernel_cryptomap_twins_t *twins, uint32_t unique)
{
	return FALSE;
}

/**
 * The peer answers this many of the quick modes.
 */
static void answer(u_int count)
{
	task_t *task;

	while (count-- && ike.queued->remove_first(ike.queued, (void**)&task) == SUCCESS)
	{
		/* all are the same */
	}
}

/**
 * Run jobs until none is left.
 *
 * @return				how often, at most 1,000 times
 */
static u_int run_all(u_int answers)
{
	u_int rounds = 0;

	while (rounds < 1000 && run_jobs())
	{
		answer(answers);
		rounds++;
	}
	return rounds;
}

/**
 * All CHILD_SAs anew.
 *
 * @param same			so many, one after the other, protect the same
 */
static void reset(child_sa_state_t state, int same)
{
	int i;

	for (i = 0; i < CHILDREN; i++)
	{
		children[i] = (child_t){
			.public = {
				.get_spi = _get_spi,
				.get_state = _child_get_state,
				.set_state = _child_set_state,
				.get_config = _get_config,
				.get_name = _get_name,
				.create_ts_enumerator = _create_ts_enumerator,
			},
			.spi = i + 1,
			.state = state,
			.ts = nets[i / same],
		};
	}
	ike.queued_max = 0;
}

/**
 * How many were renewed so many times.
 */
static u_int renewed(u_int times)
{
	u_int count = 0;
	int i;

	for (i = 0; i < CHILDREN; i++)
	{
		count += children[i].renewals == times;
	}
	return count;
}

METHOD(child_sa_t, get_reqid, uint32_t,
	child_sa_t *this)
{
	return 7;
}

METHOD(child_sa_t, installing, child_sa_state_t,
	child_sa_t *this)
{
	return CHILD_INSTALLING;
}

/**
 * The quick mode of a peer finds one CHILD_SA that it rekeys: by the reqid, with all
 * releases of charon.
 */
static void test_reqid(kernel_cryptomap_rekeys_t *rekeys)
{
	child_sa_t child = children[0].public;

	child.CHILD_SA_REQID = (void*)return_null;
	child.get_reqid = _get_reqid;
	child.get_state = _installing;
	rekeys->listener.child_state_change(&rekeys->listener, &ike.public, &child,
										CHILD_INSTALLED);
	tap_ok(child.CHILD_SA_REQID(&child) == 7, "a CHILD_SA tells its reqid");
}

int main()
{
	child_sa_manager_t child_sa_manager = {
		.checkout = _checkout,
	};
	ike_sa_manager_t ike_sa_manager = {
		.checkin = _checkin,
	};
	kernel_cryptomap_twins_t twins = {
		.has_rule = _has_rule,
	};
	kernel_cryptomap_rekeys_t *rekeys;
	kernel_cryptomap_flow_t *flow;
	ike_sa_id_t *id;
	u_int rounds;
	int first, i;

	plugin_init();
	for (i = 0; i < CHILDREN; i++)
	{
		nets[i] = traffic_selector_create_from_subnet(
					host_create_from_chunk(AF_INET, chunk_from_chars(10, i >> 8, i, 0),
										   0), 24, 0, 0, 65535);
	}
	charon->child_sa_manager = &child_sa_manager;
	charon->ike_sa_manager = &ike_sa_manager;
	quick_mode.get_type = _get_type;
	ike.public = (ike_sa_t){
		.get_state = _ike_get_state,
		.get_my_host = _get_host,
		.has_condition = _has_condition,
		.create_task_enumerator = _create_task_enumerator,
		.create_child_sa_enumerator = _create_child_sa_enumerator,
		.rekey_child_sa = _rekey_child_sa,
	};
	ike.local = host_create_from_string("192.0.2.1", 500);
	ike.queued = linked_list_create();
	ike.active = linked_list_create();
	ike.state = IKE_ESTABLISHED;
	INIT(flow,
		.ref = 1,
		.id = 7,
		.map = "VPN",
	);
	config = kernel_cryptomap_child_create(NULL, flow, MODE_TUNNEL);
	id = ike_sa_id_create(IKEV1_MAJOR_VERSION, 1, 2, TRUE);
	rekeys = kernel_cryptomap_rekeys_create(&twins, NULL);

	reset(CHILD_INSTALLED, 1);
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, id, 1);
	run_jobs();
	first = ike.queued->get_count(ike.queued);
	tap_ok(first == RENEWALS_MAX, "%d are renewed at first", first);
	run_jobs();
	tap_ok(ike.queued->get_count(ike.queued) == first,
		   "no more while the peer answers none");
	rounds = 2 + run_all(RENEWALS_MAX);
	tap_ok(renewed(1) == CHILDREN && ike.queued_max == RENEWALS_MAX,
		   "%u of %d were renewed once, %u at a time, in %u rounds", renewed(1),
		   CHILDREN, ike.queued_max, rounds);

	reset(CHILD_REKEYING, 1);
	ike.active->insert_last(ike.active, &quick_mode);
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, id, 1);
	run_jobs();
	tap_ok(renewed(0) == CHILDREN, "quick modes that were adopted, too, go on");
	ike.active->remove(ike.active, &quick_mode, NULL);
	run_all(RENEWALS_MAX);
	tap_ok(renewed(1) == CHILDREN && ike.queued_max == RENEWALS_MAX,
		   "%u whose quick mode stayed behind were renewed", renewed(1));

	reset(CHILD_INSTALLED, 1);
	children[500].state = CHILD_REKEYING;
	ike.reauthenticating = TRUE;
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, id, 1);
	run_all(1);
	tap_ok(renewed(1) == 1 && children[500].renewals,
		   "of a reauthentication here only what was being renewed");
	ike.reauthenticating = FALSE;

	reset(CHILD_INSTALLED, 1);
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, id, 1);
	run_jobs();
	ike.state = IKE_REKEYING;
	answer(CHILDREN);
	run_jobs();
	tap_ok(renewed(0) == CHILDREN - RENEWALS_MAX, "none while the IKE_SA goes");
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, id, 2);
	ike.state = IKE_ESTABLISHED;
	run_all(RENEWALS_MAX);
	tap_ok(!renewed(0) && renewed(1) >= CHILDREN - RENEWALS_MAX,
		   "with its successor %u are renewed once, the others twice", renewed(1));

	reset(CHILD_INSTALLED, 4);
	children[1].state = children[3].state = children[5].state = CHILD_REKEYING;
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, id, 1);
	run_all(RENEWALS_MAX);
	tap_ok(renewed(1) == CHILDREN / 4 && children[2].renewals && children[7].renewals &&
		   children[CHILDREN - 1].renewals,
		   "of four that protect the same the youngest is renewed, %u in all", renewed(1));
	reset(CHILD_REKEYING, 4);
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, id, 1);
	run_all(RENEWALS_MAX);
	tap_ok(renewed(1) == CHILDREN / 4 && children[3].renewals,
		   "and so of those whose quick mode stayed behind");
	tap_ok(!ike.out, "the IKE_SA is checked in");

	test_reqid(rekeys);

	rekeys->destroy(rekeys);
	id->destroy(id);
	for (i = 0; i < CHILDREN; i++)
	{
		nets[i]->destroy(nets[i]);
	}
	config->destroy(config);
	kernel_cryptomap_flow_put(flow);
	ike.local->destroy(ike.local);
	ike.queued->destroy(ike.queued);
	ike.active->destroy(ike.active);
	plugin_deinit();
	return tap_done();
}
