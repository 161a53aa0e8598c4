/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_twins.c: which of several IKE_SAs with a peer stays.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_twins.h"

#include <encoding/payloads/sa_payload.h>
#include <encoding/payloads/vendor_id_payload.h>

static time_t now = 1000;

/** In place of libstrongswan's. */
time_t __wrap_time_monotonic(timeval_t *tv);

time_t __wrap_time_monotonic(timeval_t *tv)
{
	return now;
}

METHOD(ike_sa_t, get_peer_cfg, peer_cfg_t*,
	test_ike_t *this)
{
	/* each has its own */
	return (peer_cfg_t*)this;
}

/** Two daemons: one at 192.0.2.1, one at 198.51.100.2, each with the plugin or a stock one. */
typedef enum {
	HERE,
	THERE,
} side_t;

static kernel_cryptomap_twins_t *twins[2];

/**
 * An ISAKMP SA as both sides have it.
 */
typedef struct {
	test_ike_t ike[2];
	/** who starts it */
	side_t initiator;
	/** its first message, on its way */
	message_t *message;
} sa_t;

/**
 * A message as it is before it is encoded, or after it was parsed.
 */
static void hook(side_t side, sa_t *sa, message_t *message, bool incoming)
{
	if (twins[side])
	{
		twins[side]->listener.message(&twins[side]->listener, &sa->ike[side].public, message,
									  incoming, TRUE);
	}
}

/**
 * A side gets to another state.
 */
static void enter(side_t side, sa_t *sa, ike_sa_state_t state)
{
	if (twins[side])
	{
		twins[side]->listener.ike_state_change(&twins[side]->listener, &sa->ike[side].public,
											   state);
	}
	sa->ike[side].state = state;
}

static message_t *create_message(exchange_type_t exchange)
{
	message_t *message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	sa_payload_t *payload = sa_payload_create(PLV1_SECURITY_ASSOCIATION);

	message->set_exchange_type(message, exchange);
	message->add_payload(message, &payload->payload_interface);
	return message;
}

/**
 * A side starts phase 1. The first message is on its way.
 */
static sa_t *start(side_t initiator, uint32_t spi)
{
	char *address[] = { "192.0.2.1", "198.51.100.2" };
	test_ike_t *ike;
	side_t side;
	sa_t *sa;

	INIT(sa,
		.initiator = initiator,
		.message = create_message(ID_PROT),
	);
	for (side = HERE; side <= THERE; side++)
	{
		ike = &sa->ike[side];
		test_ike_init(ike, spi, address[!side], 500);
		ike->local->destroy(ike->local);
		ike->local = host_create_from_string(address[side], 500);
		ike->id->destroy(ike->id);
		ike->id = ike_sa_id_create(IKEV1_MAJOR_VERSION, spi, spi + 1, side == initiator);
		ike->state = IKE_CREATED;
		ike->public.get_peer_cfg = _get_peer_cfg;
	}
	enter(initiator, sa, IKE_CONNECTING);
	hook(initiator, sa, sa->message, FALSE);
	return sa;
}

/**
 * The first message comes, and is answered.
 */
static void arrive(sa_t *sa)
{
	message_t *answer = create_message(ID_PROT);

	hook(!sa->initiator, sa, sa->message, TRUE);
	enter(!sa->initiator, sa, IKE_CONNECTING);
	hook(!sa->initiator, sa, answer, FALSE);
	hook(sa->initiator, sa, answer, TRUE);
	answer->destroy(answer);
}

/**
 * Phase 1 is over, first for who did not start it.
 */
static void finish(sa_t *sa)
{
	enter(!sa->initiator, sa, IKE_ESTABLISHED);
	enter(sa->initiator, sa, IKE_ESTABLISHED);
}

/**
 * What both sides started meets, and the peer's is over first.
 */
static void finish_both(sa_t *ours, sa_t *theirs)
{
	arrive(theirs);
	arrive(ours);
	finish(theirs);
	finish(ours);
}

/**
 * All of phase 1.
 */
static sa_t *up(side_t initiator, uint32_t spi)
{
	sa_t *sa = start(initiator, spi);

	arrive(sa);
	finish(sa);
	return sa;
}

/**
 * charon lets one have what another one has.
 */
static void adopt(side_t side, sa_t *old, sa_t *new)
{
	listener_t *listener = &twins[side]->listener;

	listener->children_migrate(listener, &old->ike[side].public, new->ike[side].id,
							   new->ike[side].unique);
	listener->children_migrate(listener, NULL, NULL, 0);
}

/**
 * Whether a side has one stay although there is another one.
 */
static bool stays(side_t side, sa_t *sa, sa_t *other)
{
	return twins[side]->stays(twins[side], &sa->ike[side].public,
							  (peer_cfg_t*)&other->ike[side]);
}

/**
 * Whether a side has one stay, and let that adopt what the other one has.
 */
static bool chooses(side_t side, sa_t *sa, sa_t *other)
{
	return stays(side, sa, other) && !stays(side, other, sa);
}

/**
 * Whether a side takes each for the successor of the other one, as charon does.
 */
static bool has_no_choice(side_t side, sa_t *sa, sa_t *other)
{
	return !stays(side, sa, other) && !stays(side, other, sa);
}

/**
 * Begin with daemons that know nothing.
 *
 * @param rule			whether that at the other side has the plugin
 */
static void begin(bool rule)
{
	jobs->destroy_offset(jobs, offsetof(job_t, destroy));
	jobs = linked_list_create();
	twins[HERE] = kernel_cryptomap_twins_create();
	twins[THERE] = rule ? kernel_cryptomap_twins_create() : NULL;
}

/**
 * An IKE_SA goes.
 */
static void destroy_sa(sa_t *sa)
{
	enter(HERE, sa, IKE_DESTROYING);
	enter(THERE, sa, IKE_DESTROYING);
	sa->message->destroy(sa->message);
	test_ike_deinit(&sa->ike[HERE]);
	test_ike_deinit(&sa->ike[THERE]);
	free(sa);
}

/**
 * End with all that there is.
 */
static void end(sa_t *a, sa_t *b, sa_t *c)
{
	destroy_sa(a);
	destroy_sa(b);
	if (c)
	{
		destroy_sa(c);
	}
	twins[HERE]->destroy(twins[HERE]);
	if (twins[THERE])
	{
		twins[THERE]->destroy(twins[THERE]);
	}
}

/**
 * Both start at once.
 *
 * @param ours, theirs	cookies
 * @param first			which is over first
 */
static void test_at_once(uint32_t ours, uint32_t theirs, side_t first)
{
	sa_t *sa[2], *stays, *goes;

	begin(TRUE);
	sa[HERE] = start(HERE, ours);
	sa[THERE] = start(THERE, theirs);
	arrive(sa[HERE]);
	arrive(sa[THERE]);
	finish(sa[first]);
	finish(sa[!first]);
	stays = ours < theirs ? sa[HERE] : sa[THERE];
	goes = ours < theirs ? sa[THERE] : sa[HERE];
	tap_ok(chooses(HERE, stays, goes) && chooses(THERE, stays, goes) &&
		   jobs->get_count(jobs) == 2,
		   "both start at once, with %s: both sides choose the one with %u",
		   first == HERE ? "ours first" : "theirs first", ours < theirs ? ours : theirs);
	end(sa[HERE], sa[THERE], NULL);
}

/**
 * What the peer started is up there when it answers what we started before.
 */
static void test_answered_late()
{
	sa_t *ours, *theirs;

	begin(TRUE);
	theirs = start(THERE, 20);
	ours = start(HERE, 10);
	arrive(theirs);
	finish(theirs);
	arrive(ours);
	finish(ours);
	tap_ok(chooses(HERE, ours, theirs) && chooses(THERE, ours, theirs),
		   "what was up when we were answered was not when we started");
	end(ours, theirs, NULL);
}

/**
 * The first message of the peer is lost, and comes when the other one is up.
 *
 * @param seconds		after that
 */
static bool is_chosen_late(u_int seconds, bool rule)
{
	sa_t *ours, *theirs;
	bool chosen;

	begin(rule);
	theirs = start(THERE, 20);
	ours = up(HERE, 10);
	now += seconds;
	arrive(theirs);
	finish(theirs);
	chosen = chooses(HERE, ours, theirs);
	end(ours, theirs, NULL);
	return chosen;
}

/**
 * The peer renews at once what we started.
 */
static void test_renewed()
{
	sa_t *ours, *theirs;

	begin(TRUE);
	ours = up(HERE, 10);
	theirs = start(THERE, 20);
	enter(THERE, ours, IKE_REKEYING);
	arrive(theirs);
	finish(theirs);
	tap_ok(has_no_choice(HERE, ours, theirs),
		   "the peer renews at once what we started: that is its successor");
	end(ours, theirs, NULL);

	begin(TRUE);
	theirs = up(THERE, 10);
	ours = up(HERE, 20);
	tap_ok(has_no_choice(HERE, theirs, ours), "we renew at once what the peer started");
	tap_ok(has_no_choice(THERE, theirs, ours), "and so it is there");
	end(ours, theirs, NULL);
}

/**
 * A daemon was restarted, and starts phase 1 itself.
 */
static void test_restarted()
{
	sa_t *ours, *theirs;

	begin(TRUE);
	ours = up(HERE, 10);
	twins[THERE]->destroy(twins[THERE]);
	twins[THERE] = kernel_cryptomap_twins_create();
	theirs = up(THERE, 20);
	tap_ok(has_no_choice(HERE, ours, theirs),
		   "a peer that was restarted has nothing of before");
	end(ours, theirs, NULL);
}

/**
 * A peer without the rule, which may take the one that we started for the successor.
 */
static void test_stock()
{
	sa_t *ours, *theirs;

	begin(FALSE);
	theirs = start(THERE, 10);
	ours = start(HERE, 20);
	finish_both(ours, theirs);
	tap_ok(chooses(HERE, ours, theirs), "with a stock peer ours stays");
	tap_ok(!twins[HERE]->has_rule(twins[HERE], 20), "it has no rule");
	end(ours, theirs, NULL);

	begin(TRUE);
	ours = up(HERE, 10);
	theirs = up(THERE, 20);
	tap_ok(twins[HERE]->has_rule(twins[HERE], 10) && twins[THERE]->has_rule(twins[THERE], 20),
		   "who has the plugin has it");
	end(ours, theirs, NULL);
}

/**
 * A vendor ID that begins like ours, and has another length.
 */
static void test_vendor_id()
{
	vendor_id_payload_t *payload;
	sa_t *ours, *theirs;

	begin(FALSE);
	theirs = start(THERE, 10);
	payload = vendor_id_payload_create_data(PLV1_VENDOR_ID,
						chunk_clone(chunk_from_str("cryptomap daemon12345678")));
	theirs->message->add_payload(theirs->message, &payload->payload_interface);
	ours = start(HERE, 20);
	finish_both(ours, theirs);
	tap_ok(!twins[HERE]->has_rule(twins[HERE], 10) && chooses(HERE, ours, theirs),
		   "a vendor ID that is too short is another one's");
	end(ours, theirs, NULL);
}

/**
 * The peer starts two at once: charon lets each adopt what the other one has.
 */
static void test_two()
{
	sa_t *first, *second, *third;

	begin(TRUE);
	first = start(THERE, 10);
	second = start(THERE, 20);
	arrive(first);
	arrive(second);
	finish(first);
	finish(second);
	tap_ok(has_no_choice(HERE, first, second), "the peer starts two at once");
	adopt(HERE, first, second);
	tap_ok(stays(HERE, second, first), "one that has a successor is that of none");
	third = start(HERE, 5);
	arrive(third);
	enter(HERE, third, IKE_ESTABLISHED);
	tap_ok(has_no_choice(HERE, second, third) && !jobs->get_count(jobs),
		   "nor is it the twin of another one");
	end(first, second, third);
}

/**
 * Another peer starts at the same time.
 */
static void test_others()
{
	sa_t *ours, *theirs;

	begin(TRUE);
	theirs = start(THERE, 10);
	ours = start(HERE, 20);
	ours->ike[HERE].remote->destroy(ours->ike[HERE].remote);
	ours->ike[HERE].remote = host_create_from_string("203.0.113.3", 500);
	finish_both(ours, theirs);
	tap_ok(has_no_choice(HERE, ours, theirs), "what is with another peer is not concerned");
	end(ours, theirs, NULL);
}

int main()
{
	rng_t *rng;

	plugin_init();
	lib->plugins->load(lib->plugins, "random");
	rng = lib->crypto->create_rng(lib->crypto, RNG_WEAK);
	tap_ok(rng, "there are random numbers");
	DESTROY_IF(rng);

	test_at_once(10, 20, HERE);
	test_at_once(10, 20, THERE);
	test_at_once(20, 10, HERE);
	test_at_once(20, 10, THERE);
	test_answered_late();
	tap_ok(is_chosen_late(5, TRUE), "a first message is lost before");
	tap_ok(!is_chosen_late(6, TRUE), "what comes after six seconds is a successor");
	tap_ok(is_chosen_late(0, FALSE) && !is_chosen_late(1, FALSE),
		   "that of a stock peer is, when ours was up before");
	test_renewed();
	test_restarted();
	test_stock();
	test_vendor_id();
	test_two();
	test_others();

	plugin_deinit();
	return tap_done();
}
