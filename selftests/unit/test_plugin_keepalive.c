/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_keepalive.c: whether a peer that does not answer an exchange is
 * dead, so that no probe was sent; and probes as they are configured meanwhile.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_keepalive.h"

/** What the clock says */
#define NOW		1000

static time_t now = NOW;

/** What is configured */
static struct ios_isakmp isakmp;

/**
 * An ISAKMP SA, and its CHILD_SA.
 */
static struct {
	ike_sa_t public;
	/** when IKE came last */
	uint32_t heard;
	child_sa_t child;
	child_sa_state_t state;
	/** when a packet came last */
	time_t used;
	/** there is the CHILD_SA */
	bool has_child;
	/** state of the ISAKMP SA, and who began it */
	ike_sa_state_t phase;
	bool initiator;
} ike;

static ike_sa_id_t *id;

/** Probes that were sent, and how often the ISAKMP SA is checked out and was destroyed */
static u_int probes, destroyed;
static int out;

static child_cfg_t config_of_child;

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
	return ike.initiator;
}

METHOD(ike_sa_t, get_unique_id, uint32_t,
	ike_sa_t *this)
{
	return 1;
}

METHOD(ike_sa_t, get_id, ike_sa_id_t*,
	ike_sa_t *this)
{
	return id;
}

METHOD(ike_sa_t, get_state, ike_sa_state_t,
	ike_sa_t *this)
{
	return ike.phase;
}

METHOD(ike_sa_t, get_statistic, uint32_t,
	ike_sa_t *this, statistic_t kind)
{
	return kind == STAT_INBOUND ? ike.heard : 0;
}

METHOD(ike_sa_t, get_child_count, int,
	ike_sa_t *this)
{
	return ike.has_child;
}

METHOD(ike_sa_t, create_child_sa_enumerator, enumerator_t*,
	ike_sa_t *this)
{
	return ike.has_child ? enumerator_create_single(&ike.child, NULL) :
						   enumerator_create_empty();
}

METHOD(child_sa_t, get_config, child_cfg_t*,
	child_sa_t *this)
{
	return &config_of_child;
}

METHOD(child_sa_t, set_state, void,
	child_sa_t *this, child_sa_state_t state)
{
	ike.state = state;
}

METHOD(child_sa_t, get_usestats, void,
	child_sa_t *this, bool inbound, time_t *time, uint64_t *bytes,
	uint64_t *packets)
{
	*time = inbound ? ike.used : NOW;
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
	ike.heard = heard;
	ike.used = used;
	ike.state = CHILD_INSTALLED;
	forgotten = silent = 0;
	keepalive->given_up(keepalive, &ike.public);
	/* orphans go with them */
	return ike.state == CHILD_DELETING && forgotten == 1;
}

/**
 * charon gives up a peer whose SAs are orphans, if there are any.
 *
 * @return				whether they go if nothing came by them
 */
static bool given_up_without(kernel_cryptomap_keepalive_t *keepalive, u_int interval,
							 ike_sa_state_t phase, bool initiator, uint32_t heard)
{
	ike.has_child = FALSE;
	ike.phase = phase;
	ike.initiator = initiator;
	given_up(keepalive, interval, 2, heard, 0);
	return silent == 1 && !forgotten;
}

METHOD(ike_sa_t, get_version, ike_version_t,
	ike_sa_t *this)
{
	return IKEV1;
}

METHOD(ike_sa_t, send_dpd, status_t,
	ike_sa_t *this)
{
	probes++;
	return SUCCESS;
}

METHOD(ike_sa_t, create_task_enumerator, enumerator_t*,
	ike_sa_t *this, task_queue_t queue)
{
	return enumerator_create_empty();
}

METHOD(ike_sa_manager_t, checkout, ike_sa_t*,
	ike_sa_manager_t *this, ike_sa_id_t *sought)
{
	out++;
	return &ike.public;
}

METHOD(ike_sa_manager_t, checkin, void,
	ike_sa_manager_t *this, ike_sa_t *ike_sa)
{
	out--;
}

METHOD(ike_sa_manager_t, checkin_and_destroy, void,
	ike_sa_manager_t *this, ike_sa_t *ike_sa)
{
	out--;
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
	ike.phase = IKE_ESTABLISHED;
	ike.heard = now;
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
	tap_ok(!look(2) && destroyed == 1 && !out && !jobs->get_count(jobs),
		   "until it is dead, then there are none");

	keepalive->listener.ike_state_change(&keepalive->listener, &ike.public,
										 IKE_ESTABLISHED);
	ike.phase = IKE_REKEYING;
	tap_ok(!look(10) && !out && !jobs->get_count(jobs), "nor of one that is replaced");
}

/**
 * The ISAKMP SA is replaced by itself, and charon gives the peer up.
 *
 * @param heard			when IKE came last by the one that is replaced
 * @return				whether that goes, too
 */
static bool is_buried(kernel_cryptomap_keepalive_t *keepalive, ike_sa_state_t phase,
					  uint32_t heard)
{
	destroyed = 0;
	now = NOW;
	ike.has_child = TRUE;
	ike.phase = IKE_ESTABLISHED;
	keepalive->listener.children_migrate(&keepalive->listener, &ike.public, id, 1);
	ike.phase = phase;
	given_up(keepalive, 10, 2, NOW - 47, NOW - 47);
	ike.heard = heard;
	run_jobs();
	return destroyed && !out && !jobs->get_count(jobs);
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
	ike.phase = IKE_ESTABLISHED;
	keepalive->listener.children_migrate(&keepalive->listener, &ike.public, id, 1);
	keepalive->listener.ike_state_change(&keepalive->listener, &ike.public,
										 IKE_DESTROYING);
	given_up(keepalive, 10, 2, NOW - 47, NOW - 47);
	tap_ok(!run_jobs() && !destroyed, "it is forgotten with its successor");
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
		.checkin = _checkin,
		.checkin_and_destroy = _checkin_and_destroy,
	};
	kernel_cryptomap_keepalive_t *keepalive;

	plugin_init();
	charon->ike_sa_manager = &manager;
	config_of_child.destroy = (void*)nop;
	id = ike_sa_id_create(IKEV1_MAJOR_VERSION, 1, 2, TRUE);
	id->is_initiator = _is_initiator;
	ike.child = (child_sa_t){
		.get_config = _get_config,
		.set_state = _set_state,
		.get_usestats = _get_usestats,
	};
	ike.public = (ike_sa_t){
		.get_peer_cfg = (void*)return_null,
		.get_my_host = (void*)return_null,
		.get_other_host = (void*)return_null,
		.get_version = _get_version,
		.supports_extension = (void*)return_true,
		.has_condition = (void*)return_true,
		.send_dpd = _send_dpd,
		.create_task_enumerator = _create_task_enumerator,
		.get_id = _get_id,
		.get_unique_id = _get_unique_id,
		.get_state = _get_state,
		.get_statistic = _get_statistic,
		.get_child_count = _get_child_count,
		.create_child_sa_enumerator = _create_child_sa_enumerator,
	};
	ike.has_child = TRUE;
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
	tap_ok(!given_up_without(keepalive, 10, IKE_CONNECTING, TRUE, NOW - 5),
		   "nor if it answered at first");
	tap_ok(!given_up_without(keepalive, 10, IKE_CONNECTING, FALSE, NOW - 47),
		   "nor if somebody began phase 1 in its name");

	test_configured(keepalive);
	test_replaced(keepalive);

	keepalive->destroy(keepalive);
	id->destroy(id);
	plugin_deinit();
	return tap_done();
}
