/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_rekeys.c: a thousand CHILD_SAs that another IKE_SA adopts, or has
 * already, several that protect the same, and one that the kernel wants renewed.
 */
#include "ike.h"
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
	test_child_t child;
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

/** The IKE_SA that they are with, and the most quick modes that were queued in it */
static test_ike_t ike;
static u_int queued_max;

/** Its tasks for quick modes */
static linked_list_t *queued, *active;

/** The peer has this plugin */
static bool has_plugin;

/** Id of one that we started, and the peer did not answer yet */
static ike_sa_id_t *begun;

/** One that is under way */
static task_t quick_mode;

METHOD(task_t, get_type, task_type_t,
	task_t *task)
{
	return TASK_QUICK_MODE;
}

METHOD(child_sa_t, note_state, void,
	child_t *child, child_sa_state_t state)
{
	child->renewals += state == CHILD_REKEYING;
	child->child.state = state;
}

METHOD(child_sa_t, get_reqid, uint32_t,
	child_sa_t *this)
{
	return 7;
}

METHOD(child_sa_t, create_ts_enumerator, enumerator_t*,
	child_t *child, bool local)
{
	return enumerator_create_single(child->ts, NULL);
}

METHOD(ike_sa_t, queue_task, void,
	ike_sa_t *this, task_t *task)
{
	queued->insert_last(queued, task);
	queued_max = max(queued_max, (u_int)queued->get_count(queued));
}

METHOD(ike_sa_manager_t, checkout_ike, ike_sa_t*,
	ike_sa_manager_t *manager, ike_sa_id_t *id)
{
	if (!id->equals(id, ike.id))
	{
		return NULL;
	}
	ike.out++;
	return &ike.public;
}

METHOD(child_sa_manager_t, checkout, ike_sa_t*,
	child_sa_manager_t *manager, protocol_id_t protocol, uint32_t spi, host_t *dst,
	child_sa_t **child_sa)
{
	*child_sa = &children[spi - 1].child.public;
	ike.out++;
	return &ike.public;
}

METHOD(kernel_cryptomap_twins_t, has_rule, bool,
	kernel_cryptomap_twins_t *twins, uint32_t unique)
{
	return has_plugin;
}

/**
 * The peer answers this many of the quick modes.
 */
static void answer(u_int count)
{
	task_t *task;

	while (count-- && queued->remove_first(queued, (void**)&task) == SUCCESS)
	{
		task->destroy(task);
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
			.child = {
				.unique = i + 1,
				.state = state,
				.config = config,
				.spi_in = i + 1,
				.spi_out = i + 1,
			},
			.ts = nets[i / same],
		};
		test_child_init(&children[i].child);
		children[i].child.public.set_state = _note_state;
		children[i].child.public.get_reqid = _get_reqid;
		children[i].child.public.create_ts_enumerator = _create_ts_enumerator;
	}
	queued_max = 0;
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
	child_t child = children[0];
	child_sa_t *child_sa = &child.child.public;

	child_sa->CHILD_SA_REQID = (void*)return_null;
	child_sa->get_reqid = _get_reqid;
	child_sa->get_state = _installing;
	rekeys->listener.child_state_change(&rekeys->listener, &ike.public, child_sa,
										CHILD_INSTALLED);
	tap_ok(child_sa->CHILD_SA_REQID(child_sa) == 7, "a CHILD_SA tells its reqid");
}

/**
 * The kernel wants one renewed. Which one charon is to rekey first by the clock says nothing
 * of what it carried.
 */
static void test_soft()
{
	host_t *dst = ike.local;
	int i;

	reset(CHILD_INSTALLED, 2);
	for (i = 0; i < 2; i++)
	{
		jobs->insert_last(jobs, kernel_cryptomap_rekeys_create_job(1, dst));
	}
	run_jobs();
	tap_ok(children[0].renewals == 1 && renewed(1) == 1,
		   "what the kernel wants renewed is, once, though another one protects the same");
	answer(CHILDREN);
	reset(CHILD_REKEYED, 1);
	jobs->insert_last(jobs, kernel_cryptomap_rekeys_create_job(1, dst));
	run_jobs();
	tap_ok(!renewed(1), "not if it was renewed");
}

/**
 * A quick mode was under way for one that another IKE_SA adopts: maybe it is done.
 */
static void test_behind(kernel_cryptomap_rekeys_t *rekeys)
{
	reset(CHILD_INSTALLED, 2);
	children[0].child.state = children[3].child.state = CHILD_REKEYING;
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, begun, 1);
	run_all(1);
	tap_ok(!children[0].renewals && children[0].child.state == CHILD_REKEYED,
		   "one that there is a younger one for is renewed already");
	tap_ok(children[3].renewals == 1 && renewed(1) == 1, "an older one does not count");
}

/**
 * Both sides started an IKE_SA at once, and ours takes over. The peer may have everything
 * with its own, which goes.
 */
static void test_twins(kernel_cryptomap_rekeys_t *rekeys)
{
	test_ike_t twin;

	test_ike_init(&twin, 3, "198.51.100.2", 500);
	twin.id->switch_initiator(twin.id);
	reset(CHILD_INSTALLED, 4);
	rekeys->listener.children_migrate(&rekeys->listener, &twin.public, ike.id, 1);
	run_all(RENEWALS_MAX);
	tap_ok(renewed(1) == CHILDREN / 4 && children[3].renewals,
		   "%u that an IKE_SA of ours has are renewed when the peer's twin goes", renewed(1));

	has_plugin = TRUE;
	reset(CHILD_INSTALLED, 1);
	rekeys->listener.children_migrate(&rekeys->listener, &twin.public, ike.id, 1);
	run_all(RENEWALS_MAX);
	tap_ok(!renewed(1), "not if the peer goes on with them");
	has_plugin = FALSE;

	twin.id->switch_initiator(twin.id);
	rekeys->listener.children_migrate(&rekeys->listener, &twin.public, ike.id, 1);
	run_all(RENEWALS_MAX);
	tap_ok(!renewed(1), "and not if both are ours");
	test_ike_deinit(&twin);
}

int main()
{
	child_sa_manager_t child_sa_manager = {
		.checkout = _checkout,
	};
	ike_sa_manager_t ike_sa_manager = {
		.checkout = _checkout_ike,
		.checkin = test_ike_checkin,
	};
	kernel_cryptomap_twins_t twins = {
		.has_rule = _has_rule,
	};
	kernel_cryptomap_rekeys_t *rekeys;
	kernel_cryptomap_flow_t *flow;
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
	test_ike_init(&ike, 1, "198.51.100.2", 500);
	begun = ike_sa_id_create(IKEV1_MAJOR_VERSION, 3, 0, TRUE);
	ike.public.get_keymat = (void*)return_null;
	ike.public.queue_task = _queue_task;
	ike.public.initiate = (void*)return_success;
	ike.children = linked_list_create();
	for (i = 0; i < CHILDREN; i++)
	{
		ike.children->insert_last(ike.children, &children[i]);
	}
	ike.tasks[TASK_QUEUE_QUEUED] = queued = linked_list_create();
	ike.tasks[TASK_QUEUE_ACTIVE] = active = linked_list_create();
	INIT(flow,
		.ref = 1,
		.id = 7,
		.map = "VPN",
	);
	config = kernel_cryptomap_child_create(NULL, flow, MODE_TUNNEL);
	rekeys = kernel_cryptomap_rekeys_create(&twins, NULL);

	reset(CHILD_INSTALLED, 1);
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, ike.id, 1);
	run_jobs();
	first = queued->get_count(queued);
	tap_ok(first == RENEWALS_MAX, "%d are renewed at first", first);
	run_jobs();
	tap_ok(queued->get_count(queued) == first,
		   "no more while the peer answers none");
	rounds = 2 + run_all(RENEWALS_MAX);
	tap_ok(renewed(1) == CHILDREN && queued_max == RENEWALS_MAX,
		   "%u of %d were renewed once, %u at a time, in %u rounds", renewed(1),
		   CHILDREN, queued_max, rounds);

	reset(CHILD_REKEYING, 1);
	active->insert_last(active, &quick_mode);
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, ike.id, 1);
	run_jobs();
	tap_ok(renewed(0) == CHILDREN, "quick modes that were adopted, too, go on");
	active->remove(active, &quick_mode, NULL);
	run_all(RENEWALS_MAX);
	tap_ok(renewed(1) == CHILDREN && queued_max == RENEWALS_MAX,
		   "%u whose quick mode stayed behind were renewed", renewed(1));

	reset(CHILD_INSTALLED, 1);
	children[500].child.state = CHILD_REKEYING;
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, begun, 1);
	run_all(1);
	tap_ok(renewed(1) == 1 && children[500].renewals,
		   "when it is replaced from here only what was being renewed");

	reset(CHILD_INSTALLED, 1);
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, ike.id, 1);
	run_jobs();
	ike.state = IKE_REKEYING;
	answer(CHILDREN);
	run_jobs();
	tap_ok(renewed(0) == CHILDREN - RENEWALS_MAX, "none while the IKE_SA goes");
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, ike.id, 2);
	ike.state = IKE_ESTABLISHED;
	run_all(RENEWALS_MAX);
	tap_ok(!renewed(0) && renewed(1) >= CHILDREN - RENEWALS_MAX,
		   "with its successor %u are renewed once, the others twice", renewed(1));

	reset(CHILD_INSTALLED, 4);
	children[1].child.state = children[3].child.state = children[5].child.state = CHILD_REKEYING;
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, ike.id, 1);
	run_all(RENEWALS_MAX);
	tap_ok(renewed(1) == CHILDREN / 4 && children[2].renewals && children[7].renewals &&
		   children[CHILDREN - 1].renewals,
		   "of four that protect the same the youngest is renewed, %u in all", renewed(1));
	reset(CHILD_REKEYING, 4);
	rekeys->listener.children_migrate(&rekeys->listener, &ike.public, ike.id, 1);
	run_all(RENEWALS_MAX);
	tap_ok(renewed(1) == CHILDREN / 4 && children[3].renewals,
		   "and so of those whose quick mode stayed behind");

	test_soft();
	test_behind(rekeys);
	test_twins(rekeys);
	tap_ok(!ike.out, "the IKE_SA is checked in");

	test_reqid(rekeys);

	rekeys->destroy(rekeys);
	for (i = 0; i < CHILDREN; i++)
	{
		nets[i]->destroy(nets[i]);
	}
	config->destroy(config);
	kernel_cryptomap_flow_put(flow);
	begun->destroy(begun);
	test_ike_deinit(&ike);
	ike.children->destroy(ike.children);
	queued->destroy_offset(queued, offsetof(task_t, destroy));
	active->destroy(active);
	plugin_deinit();
	return tap_done();
}
