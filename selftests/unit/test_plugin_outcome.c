/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_outcome.c: quick modes of both sides for one flow, in one ISAKMP
 * SA.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_child.h"
#include "kernel_cryptomap_flow.h"
#include "kernel_cryptomap_outcome.h"

#define FLOW	7

static kernel_cryptomap_pairs_t *pairs;
static kernel_cryptomap_outcome_t *outcome;

static test_ike_t ike;
static child_cfg_t *config;

/** How often the flow failed, was refused and is there still, and how often its turn came */
static u_int failed, refused, turns;

static void on_flow(void *user, uint32_t flow, const char *reason, host_t *host,
					u_int tries)
{
	if (reason && tries)
	{
		refused++;
	}
	else if (reason)
	{
		failed++;
	}
	else
	{
		turns++;
	}
}

/**
 * A CHILD_SA for the flow.
 */
static test_child_t create_child(uint32_t unique)
{
	test_child_t child = {
		.unique = unique,
		.state = CHILD_CREATED,
		.config = config,
	};

	test_child_init(&child);
	return child;
}

/**
 * A CHILD_SA comes to a point where traffic selectors may be changed.
 */
static void narrow(test_child_t *child, narrow_hook_t type)
{
	outcome->listener.narrow(&outcome->listener, &ike.public, &child->public, type,
							 NULL, NULL);
}

/**
 * A CHILD_SA gets another state.
 */
static void set_state(test_child_t *child, child_sa_state_t state)
{
	outcome->listener.child_state_change(&outcome->listener, &ike.public,
										 &child->public, state);
	child->state = state;
}

/**
 * The flow is handed to charon.
 */
static void hand()
{
	bool full;

	failed = refused = turns = 0;
	pairs->begin(pairs, FLOW, &full);
	pairs->place(pairs, FLOW, ike.local, ike.remote, "");
	pairs->assign(pairs, FLOW, ike.unique);
	pairs->placed(pairs, ike.local, ike.remote, "");
}

/**
 * Whether the flow is under negotiation, asking for it as the kernel does.
 */
static bool is_busy()
{
	bool full;

	if (pairs->begin(pairs, FLOW, &full))
	{
		pairs->end(pairs, FLOW);
		return FALSE;
	}
	return TRUE;
}

/**
 * The peer begins a quick mode for the flow, and it comes to nothing.
 *
 * @param finished		it sends the third message
 */
static void fail_theirs(uint32_t unique, bool finished)
{
	test_child_t theirs = create_child(unique);

	narrow(&theirs, NARROW_RESPONDER);
	if (finished)
	{
		set_state(&theirs, CHILD_INSTALLING);
		narrow(&theirs, NARROW_RESPONDER_POST);
	}
	set_state(&theirs, CHILD_DESTROYING);
}

static void test_ours_waits()
{
	test_child_t ours = create_child(1);

	hand();
	fail_theirs(2, FALSE);
	fail_theirs(3, TRUE);
	tap_ok(!failed && is_busy(), "the peer's quick modes fail while ours waits: it goes on");
	narrow(&ours, NARROW_INITIATOR_PRE_AUTH);
	fail_theirs(4, FALSE);
	fail_theirs(5, TRUE);
	tap_ok(!failed && is_busy(), "and while it is under way");
	set_state(&ours, CHILD_DESTROYING);
	tap_ok(failed == 1 && !is_busy(), "if ours fails the flow does");
}

static void test_ours_succeeds()
{
	test_child_t ours = create_child(11);

	hand();
	narrow(&ours, NARROW_INITIATOR_PRE_AUTH);
	fail_theirs(12, TRUE);
	set_state(&ours, CHILD_INSTALLING);
	set_state(&ours, CHILD_INSTALLED);
	tap_ok(!failed && !is_busy(), "ours comes up all the same");
}

static void test_theirs_alone()
{
	test_child_t theirs = create_child(21);

	failed = turns = 0;
	fail_theirs(22, FALSE);
	fail_theirs(23, TRUE);
	tap_ok(!failed && !turns && !is_busy(), "what nobody waits for does not fail");

	set_state(&theirs, CHILD_INSTALLING);
	narrow(&theirs, NARROW_RESPONDER_POST);
	tap_ok(is_busy(), "what the kernel asks for while the peer's SA is being installed waits");
	set_state(&theirs, CHILD_DESTROYING);
	tap_ok(!failed && turns == 1 && is_busy(), "and has its turn if that fails");
	pairs->end(pairs, FLOW);
}

/**
 * The peer answers a quick mode that it refuses, and charon gives it up.
 */
static void refuse(test_child_t *child)
{
	message_t *message;

	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->add_notify(message, FALSE, NO_PROPOSAL_CHOSEN, chunk_empty);
	outcome->listener.message(&outcome->listener, &ike.public, message, TRUE, TRUE);
	message->destroy(message);
	set_state(child, CHILD_DESTROYING);
}

static void test_refused()
{
	test_child_t first = create_child(31), second = create_child(32),
				 third = create_child(33);

	hand();
	narrow(&first, NARROW_INITIATOR_PRE_AUTH);
	refuse(&first);
	tap_ok(!failed && refused == 1 && pairs->is_refused(pairs, FLOW) && is_busy(),
		   "one that the peer refuses may go on in another mode");
	tap_ok(pairs->place(pairs, FLOW, ike.local, ike.remote, ""), "it has its place still");
	pairs->assign(pairs, FLOW, ike.unique);
	pairs->placed(pairs, ike.local, ike.remote, "");
	narrow(&second, NARROW_INITIATOR_PRE_AUTH);
	refuse(&second);
	tap_ok(failed == 1 && refused == 1 && !is_busy(), "once");

	hand();
	narrow(&third, NARROW_INITIATOR_PRE_AUTH);
	set_state(&third, CHILD_DESTROYING);
	tap_ok(failed == 1 && !refused && !is_busy(), "not without such an answer");
}

int main()
{
	kernel_cryptomap_flow_t flow = {
		.ref = 2,
		.id = FLOW,
		.map = "VPN",
	};

	plugin_init();
	test_ike_init(&ike, 1, "198.51.100.2", 500);
	config = kernel_cryptomap_child_create(NULL, &flow, MODE_TUNNEL);
	pairs = kernel_cryptomap_pairs_create(on_flow, NULL);
	outcome = kernel_cryptomap_outcome_create(pairs);
	pairs->established(pairs, ike.local, ike.remote, "", ike.id, ike.unique);
	test_ours_waits();
	test_ours_succeeds();
	test_theirs_alone();
	test_refused();
	pairs->destroyed(pairs, ike.unique);
	outcome->destroy(outcome);
	pairs->destroy(pairs);
	config->destroy(config);
	test_ike_deinit(&ike);
	plugin_deinit();
	return tap_done();
}
