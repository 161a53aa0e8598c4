/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_keepalive.c: whether a peer that does not answer an exchange is
 * dead, so that no probe was sent; and probes as they are configured meanwhile.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_keepalive.h"

/** What the clock says */
#define NOW		1000

static time_t now = NOW;

/** What is configured */
static struct ios_isakmp isakmp;

/** An ISAKMP SA, what it may have as a CHILD_SA, and when packets came and left by that */
static test_ike_t ike;
static test_child_t child;
static time_t used_in, used_out = NOW;

/** Who began the ISAKMP SA */
static bool initiator;

/** Probes that were sent, and how often the ISAKMP SA was destroyed */
static u_int probes, destroyed;

static child_cfg_t config_of_child;
static linked_list_t *children;

/** How often orphans are to go, and if nothing came by them */
static u_int forgotten, silent;

/* the clock, by -Wl,--wrap */
time_t __wrap_time_monotonic(timeval_t *tv);

time_t __wrap_time_monotonic(timeval_t *tv)
{
	return now;
}

METHOD(kernel_cryptomap_config_t, get_isakmp, void,
	kernel_cryptomap_config_t *this, char *profile, struct ios_isakmp *found)
{
	*found = isakmp;
}

METHOD(kernel_cryptomap_stale_t, forget, void,
	kernel_cryptomap_stale_t *this, host_t *local, host_t *remote)
{
	forgotten++;
}

METHOD(kernel_cryptomap_stale_t, forget_silent, void,
	kernel_cryptomap_stale_t *this, host_t *local, host_t *remote, u_int seconds)
{
	silent++;
}

METHOD(ike_sa_id_t, is_initiator, bool,
	ike_sa_id_t *this)
{
	return initiator;
}

METHOD(child_sa_t, get_usestats, void,
	child_sa_t *this, bool inbound, time_t *time, uint64_t *bytes,
	uint64_t *packets)
{
	*time = inbound ? used_in : used_out;
}

/**
 * charon gives the peer up.
 *
 * @return				whether its SAs go
 */
static bool given_up(kernel_cryptomap_keepalive_t *keepalive, u_int interval, u_int retry,
					 uint32_t heard, time_t used)
{
	isakmp.keepalive = interval;
	isakmp.keepalive_retry = retry;
	ike.statistic = heard;
	used_in = used;
	child.state = CHILD_INSTALLED;
	forgotten = silent = 0;
	keepalive->given_up(keepalive, &ike.public);
	/* orphans go with them */
	return child.state == CHILD_DELETING && forgotten == 1;
}

/**
 * charon gives up a peer whose SAs are orphans, if there are any.
 *
 * @return				whether they go if nothing came by them
 */
static bool given_up_without(kernel_cryptomap_keepalive_t *keepalive, u_int interval,
							 ike_sa_state_t state, bool ours, uint32_t heard)
{
	ike.children = NULL;
	ike.state = state;
	initiator = ours;
	given_up(keepalive, interval, 2, heard, 0);
	return silent == 1 && !forgotten;
}

METHOD(ike_sa_t, send_dpd, status_t,
	ike_sa_t *this)
{
	probes++;
	return SUCCESS;
}

METHOD(ike_sa_manager_t, checkout, ike_sa_t*,
	ike_sa_manager_t *this, ike_sa_id_t *sought)
{
	ike.out++;
	return &ike.public;
}

METHOD(ike_sa_manager_t, checkin_and_destroy, void,
	ike_sa_manager_t *this, ike_sa_t *ike_sa)
{
	ike.out--;
	destroyed++;
}

/**
 * Time passes, without anything from the peer, and a look at it is due.
 *
 * @return				probes that are sent
 */
static u_int look(u_int seconds)
{
	now += seconds;
	probes = 0;
	run_jobs();
	return probes;
}

/**
 * An ISAKMP SA that is up while keepalives are configured, and not any more, and again.
 */
static void test_configured(kernel_cryptomap_keepalive_t *keepalive)
{
	int i;

	isakmp = (struct ios_isakmp){};
	ike.state = IKE_ESTABLISHED;
	ike.statistic = now;
	keepalive->listener.ike_state_change(&keepalive->listener, &ike.public,
										 IKE_ESTABLISHED);
	tap_ok(!look(30) && !look(30), "no probe without crypto isakmp keepalive");
	isakmp = (struct ios_isakmp){
		.keepalive = 10,
		.keepalive_retry = 2,
		.keepalive_periodic = TRUE,
	};
	tap_ok(look(30) == 1 && look(2) == 1, "that is configured: probes of one that is up");
	isakmp.keepalive = 0;
	tap_ok(!look(2) && !look(30), "and not any more: none");
	isakmp.keepalive = 10;
	for (i = 0; i < 5 && look(i ? 2 : 30) == 1; i++);
	tap_ok(i == 5 && !destroyed, "again: those of before are not counted");
	tap_ok(!look(2) && destroyed == 1 && !ike.out && !jobs->get_count(jobs),
		   "until it is dead, then there are none");

	keepalive->listener.ike_state_change(&keepalive->listener, &ike.public,
										 IKE_ESTABLISHED);
	ike.state = IKE_REKEYING;
	tap_ok(!look(10) && !ike.out && !jobs->get_count(jobs), "nor of one that is replaced");
}

/**
 * Without "periodic" there are probes only while packets leave and none come.
 */
static void test_on_demand(kernel_cryptomap_keepalive_t *keepalive)
{
	isakmp = (struct ios_isakmp){
		.keepalive = 10,
		.keepalive_retry = 2,
	};
	ike.children = children;
	ike.state = IKE_ESTABLISHED;
	ike.statistic = used_in = used_out = now;
	keepalive->listener.ike_state_change(&keepalive->listener, &ike.public,
										 IKE_ESTABLISHED);
	tap_ok(!look(10) && !look(10), "on demand: no probe of a peer that nothing is sent to");
	used_in = now;
	used_out = now - 1;
	tap_ok(!look(10), "nor if it answers what is sent");
	used_out = now;
	tap_ok(look(10) == 1, "but if it does not");
	ike.state = IKE_REKEYING;
	tap_ok(!look(10) && !jobs->get_count(jobs), "until it is replaced");
}

/**
 * The ISAKMP SA is replaced by itself, and charon gives the peer up.
 *
 * @param heard			when IKE came last by the one that is replaced
 * @return				whether that goes, too
 */
static bool is_buried(kernel_cryptomap_keepalive_t *keepalive, ike_sa_state_t state,
					  uint32_t heard)
{
	destroyed = 0;
	now = NOW;
	ike.children = children;
	ike.state = IKE_ESTABLISHED;
	keepalive->listener.children_migrate(&keepalive->listener, &ike.public, ike.id, ike.unique);
	ike.state = state;
	given_up(keepalive, 10, 2, NOW - 47, NOW - 47);
	ike.statistic = heard;
	run_jobs();
	return destroyed && !ike.out && !jobs->get_count(jobs);
}

/**
 * An ISAKMP SA whose successor the peer does not answer.
 */
static void test_replaced(kernel_cryptomap_keepalive_t *keepalive)
{
	tap_ok(is_buried(keepalive, IKE_REKEYING, NOW - 47),
		   "one that is replaced goes when the peer is dead");
	tap_ok(!is_buried(keepalive, IKE_REKEYING, NOW - 5), "not if the peer uses it");
	tap_ok(!is_buried(keepalive, IKE_ESTABLISHED, NOW - 47),
		   "or it is not being replaced, it is watched itself");
	destroyed = 0;
	ike.state = IKE_ESTABLISHED;
	keepalive->listener.children_migrate(&keepalive->listener, &ike.public, ike.id, ike.unique);
	keepalive->listener.ike_state_change(&keepalive->listener, &ike.public,
										 IKE_DESTROYING);
	given_up(keepalive, 10, 2, NOW - 47, NOW - 47);
	tap_ok(!run_jobs() && !destroyed, "it is forgotten with its successor");
}

/**
 * Phase 1 with a peer whose SAs are orphans begins, and is given up after 12 seconds.
 *
 * @param pause			seconds since the one before
 * @return				whether the orphans go if nothing came by them
 */
static bool attempt(kernel_cryptomap_keepalive_t *keepalive, u_int pause)
{
	time_t from = now + pause;

	now = from + 12;
	return given_up_without(keepalive, 10, IKE_CONNECTING, TRUE, from);
}

/**
 * The peer sends a message.
 */
static void hear(kernel_cryptomap_keepalive_t *keepalive, ike_sa_state_t state, bool ours)
{
	message_t *message;

	ike.state = state;
	initiator = ours;
	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	keepalive->listener.message(&keepalive->listener, &ike.public, message, TRUE, TRUE);
	message->destroy(message);
}

/**
 * Exchanges that are given up soon.
 */
static void test_attempts(kernel_cryptomap_keepalive_t *keepalive)
{
	now = 10 * NOW;
	tap_ok(!attempt(keepalive, 0) && !attempt(keepalive, 2) && attempt(keepalive, 2),
		   "orphans go after three attempts of 12 seconds each");
	hear(keepalive, IKE_CONNECTING, TRUE);
	tap_ok(!attempt(keepalive, 2) && !attempt(keepalive, 2), "not if the peer was heard");
	hear(keepalive, IKE_CONNECTING, FALSE);
	tap_ok(attempt(keepalive, 2), "by what nobody else can have sent");
	tap_ok(!attempt(keepalive, 31) && !attempt(keepalive, 1),
		   "what was long ago does not count, packets may have come meanwhile");
	ike.remote->set_port(ike.remote, 1024);
	tap_ok(!attempt(keepalive, 1), "nor what was with another peer behind its NAT");
	ike.remote->set_port(ike.remote, 500);
}

int main()
{
	kernel_cryptomap_config_t config = {
		.get_isakmp = _get_isakmp,
	};
	kernel_cryptomap_stale_t stale = {
		.forget = _forget,
		.forget_silent = _forget_silent,
	};
	ike_sa_manager_t manager = {
		.checkout = _checkout,
		.checkin = test_ike_checkin,
		.checkin_and_destroy = _checkin_and_destroy,
	};
	kernel_cryptomap_keepalive_t *keepalive;

	plugin_init();
	charon->ike_sa_manager = &manager;
	config_of_child.destroy = (void*)nop;
	test_child_init(&child);
	child.public.get_usestats = _get_usestats;
	child.config = &config_of_child;
	children = linked_list_create_with_items(&child, NULL);
	test_ike_init(&ike, 1, "198.51.100.2", 500);
	ike.public.supports_extension = (void*)return_true;
	ike.public.has_condition = (void*)return_true;
	ike.public.send_dpd = _send_dpd;
	ike.children = children;
	ike.id->is_initiator = _is_initiator;
	keepalive = kernel_cryptomap_keepalive_create(NULL, &config, NULL, &stale);

	tap_ok(given_up(keepalive, 10, 2, NOW - 47, NOW - 47), "a peer that is silent is dead");
	tap_ok(!given_up(keepalive, 0, 2, NOW - 47, NOW - 47), "not without crypto isakmp keepalive");
	tap_ok(!given_up(keepalive, 10, 2, NOW - 5, NOW - 47), "nor if it answers other messages");
	tap_ok(!given_up(keepalive, 10, 2, NOW - 47, NOW - 5), "nor if it sends packets");
	tap_ok(given_up(keepalive, 10, 60, NOW - 47, 0), "whatever the retry interval is");
	tap_ok(given_up(keepalive, 10, 2, 0, NOW - 47), "in phase 1, with SAs of the one before");
	tap_ok(given_up_without(keepalive, 10, IKE_CONNECTING, TRUE, NOW - 47),
		   "without SAs: orphans go if nothing came by them, when phase 1 is not answered");
	tap_ok(given_up_without(keepalive, 10, IKE_ESTABLISHED, FALSE, NOW - 47),
		   "or a quick mode, whoever began phase 1");
	tap_ok(!given_up_without(keepalive, 0, IKE_CONNECTING, TRUE, NOW - 47),
		   "not without crypto isakmp keepalive");
	hear(keepalive, IKE_CONNECTING, TRUE);
	tap_ok(!given_up_without(keepalive, 10, IKE_CONNECTING, TRUE, NOW - 5),
		   "nor if it answered at first");
	tap_ok(!given_up_without(keepalive, 10, IKE_CONNECTING, FALSE, NOW - 47),
		   "nor if somebody began phase 1 in its name");

	test_configured(keepalive);
	test_on_demand(keepalive);
	test_replaced(keepalive);
	test_attempts(keepalive);

	keepalive->destroy(keepalive);
	children->destroy(children);
	test_ike_deinit(&ike);
	plugin_deinit();
	return tap_done();
}
