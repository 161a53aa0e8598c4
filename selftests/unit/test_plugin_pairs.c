/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_pairs.c: many flows with one peer, of which charon gets one at a
 * time, and who finds which IKE_SA.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_pairs.h"

/** Of the source. */
#define ACTIVE_MAX	16

#define FLOWS		100

static kernel_cryptomap_pairs_t *pairs;

static host_t *local, *peer, *other;

/** Flows whose turn has come, the first one first */
static uint32_t turns[FLOWS * ACTIVE_MAX];
static u_int first, last;

/** Flows that failed */
static u_int failed;

static void on_flow(void *user, uint32_t flow, const char *reason, host_t *host,
					u_int tries)
{
	if (reason)
	{
		failed++;
	}
	else
	{
		turns[last++] = flow;
	}
}

/**
 * Let the job of the next flow run as far as it gets.
 *
 * @return				flow that is to be handed to charon, 0 if it is not yet
 */
static uint32_t place()
{
	uint32_t flow = turns[first++];

	return pairs->place(pairs, flow, local, peer, "") ? flow : 0;
}

/**
 * Begin with flows, and run their jobs.
 *
 * @return				how many are to be handed to charon
 */
static u_int begin(u_int from, u_int count)
{
	u_int handed = 0;
	bool full;

	for (; count; count--, from++)
	{
		if (pairs->begin(pairs, from, &full))
		{
			turns[last++] = from;
		}
	}
	while (first < last)
	{
		handed += place() != 0;
	}
	return handed;
}

/**
 * Let charon have flows until it has no more.
 *
 * @param flow			the one that is handed to it
 * @param negotiated	whether the quick mode of each succeeds at once
 * @return				how many it gets in all, 0 if two at a time
 */
static u_int hand_all(uint32_t flow, bool negotiated)
{
	u_int handed = 0, next;

	while (flow)
	{
		handed++;
		if (negotiated)
		{
			pairs->end(pairs, flow);
		}
		pairs->placed(pairs, local, peer, "");
		for (flow = 0; first < last;)
		{
			next = place();
			if (next && flow)
			{
				return 0;
			}
			flow = next ?: flow;
		}
	}
	return handed;
}

static void test_one_at_a_time()
{
	u_int handed;
	bool other_peer, full;

	tap_ok(begin(1, FLOWS) == 1, "one of %d flows is handed to charon", FLOWS);
	pairs->begin(pairs, 1000, &full);
	other_peer = pairs->place(pairs, 1000, local, other, "");
	tap_ok(other_peer, "and one of another peer");
	pairs->placed(pairs, local, other, "");
	pairs->end(pairs, 1000);

	handed = hand_all(1, FALSE);
	tap_ok(handed == ACTIVE_MAX, "one after the other, %u get a place", handed);
	pairs->end(pairs, 1);
	tap_ok(last - first == 1 && place() == ACTIVE_MAX + 1, "the next one when one is done");
	handed = hand_all(ACTIVE_MAX + 1, TRUE);
	tap_ok(handed == FLOWS - ACTIVE_MAX, "and so on: %u", handed);
	tap_ok(begin(1, FLOWS) == 1 && hand_all(1, FALSE) == 1,
		   "those that are with charon have their place still");
	pairs->clear(pairs);
	first = last = 0;
}

static void test_not_handed()
{
	u_int handed;

	/* the first one whose turn comes is gone from the kernel, or refused */
	begin(1, 3);
	pairs->placed(pairs, local, peer, "");
	pairs->end(pairs, turns[first++]);
	handed = hand_all(place(), TRUE);
	tap_ok(handed == 1, "one that is not handed over does not keep others waiting");

	begin(11, 3);
	pairs->clear(pairs);
	pairs->placed(pairs, local, peer, "");
	tap_ok(first == last, "of flows that are gone none gets a turn");
	tap_ok(begin(21, 1) == 1, "and new ones are handed over");
	pairs->placed(pairs, local, peer, "");
	pairs->clear(pairs);
	first = last = 0;
}

static void test_established()
{
	ike_sa_id_t *id, *found;

	id = ike_sa_id_create(IKEV1_MAJOR_VERSION, 1, 2, TRUE);
	found = pairs->get_ike(pairs, local, peer, "", TRUE);
	tap_ok(!found, "there is no IKE_SA, one is created");
	pairs->created(pairs, local, peer, "", id, 1);
	found = pairs->get_ike(pairs, local, peer, "", TRUE);
	tap_ok(found && found->equals(found, id), "quick modes wait for it");
	DESTROY_IF(found);
	found = pairs->get_ike(pairs, local, peer, NULL, FALSE);
	tap_ok(!found, "who only wants to tell something does not");
	DESTROY_IF(found);
	pairs->established(pairs, local, peer, "", id, 1);
	found = pairs->get_ike(pairs, local, peer, NULL, FALSE);
	tap_ok(found && found->equals(found, id), "but finds it when it is established");
	DESTROY_IF(found);
	pairs->destroyed(pairs, 1);
	found = pairs->get_ike(pairs, local, peer, NULL, FALSE);
	tap_ok(!found, "and not when it is gone");
	id->destroy(id);
}

/**
 * Whether a flow of a profile goes by an IKE_SA.
 */
static bool goes_by(char *profile, ike_sa_id_t *id)
{
	ike_sa_id_t *found = pairs->get_ike(pairs, local, peer, profile, FALSE);
	bool same = found && found->equals(found, id);

	DESTROY_IF(found);
	return same;
}

/**
 * Two peers behind one NAT, whose static entries have an isakmp profile each.
 */
static void test_profiles()
{
	host_t *first_host, *second_host;
	ike_sa_id_t *first_id, *second_id;

	first_host = host_create_from_string("198.51.100.2", 4001);
	second_host = host_create_from_string("198.51.100.2", 4002);
	first_id = ike_sa_id_create(IKEV1_MAJOR_VERSION, 1, 2, FALSE);
	second_id = ike_sa_id_create(IKEV1_MAJOR_VERSION, 3, 4, FALSE);
	pairs->established(pairs, local, first_host, "FIRST", first_id, 1);
	pairs->established(pairs, local, second_host, "SECOND", second_id, 2);
	tap_ok(goes_by("FIRST", first_id) && goes_by("SECOND", second_id),
		   "flows of two peers behind one NAT go by the ISAKMP SAs of their profiles");
	pairs->destroyed(pairs, 1);
	tap_ok(!goes_by("FIRST", second_id), "none by that of the other one");
	pairs->destroyed(pairs, 2);
	first_host->destroy(first_host);
	second_host->destroy(second_host);
	first_id->destroy(first_id);
	second_id->destroy(second_id);
}

int main()
{
	plugin_init();
	local = host_create_from_string("192.0.2.1", 500);
	peer = host_create_from_string("198.51.100.2", 500);
	other = host_create_from_string("198.51.100.3", 500);
	pairs = kernel_cryptomap_pairs_create(on_flow, NULL);
	test_one_at_a_time();
	test_not_handed();
	test_established();
	test_profiles();
	tap_ok(!failed, "none failed");
	pairs->destroy(pairs);
	local->destroy(local);
	peer->destroy(peer);
	other->destroy(other);
	plugin_deinit();
	return tap_done();
}
