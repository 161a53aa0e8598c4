/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_reauths.c: an ISAKMP SA whose responder says that it ends
 * earlier, one whose reauthentication charon puts off, a peer that is told, and one that
 * has nothing left.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_lifetimes.h"
#include "kernel_cryptomap_peer.h"
#include "kernel_cryptomap_reauths.h"

#include <encoding/payloads/sa_payload.h>

/** An hour in attributes of RFC 2407 4.5, in those of RFC 2409, and a day */
#define HOUR		0x80, 1, 0, 1, 0, 2, 0, 4, 0, 0, 0x0e, 0x10
#define HOUR_ISAKMP	0x80, 11, 0, 1, 0x80, 12, 0x0e, 0x10
#define DAY			0x80, 1, 0, 1, 0, 2, 0, 4, 0, 1, 0x51, 0x80

/** What the clock says */
#define NOW			1000

/** RFC 2407 4.6.3.1 */
#define RESPONDER_LIFETIME 24576

/** The end of an ISAKMP SA of an hour is in this */
#define IS_HOUR(seconds)	((seconds) > 3000 && (seconds) <= 3600)

/**
 * An ISAKMP SA.
 */
static struct {
	test_ike_t sa;
	peer_cfg_t *peer_cfg;
	uint32_t statistics[STAT_MAX];
	int children;
	/** how often it was reauthenticated, and initiated anything */
	u_int reauths, initiated;
	/** what was queued */
	task_t *task;
} ike;

/**
 * One that came up with the same peer before.
 */
static struct {
	test_ike_t sa;
	/** how often it was deleted */
	u_int deletes;
} old;

/** The ISAKMP SA has no CHILD_SAs when it comes up */
static bool childless;

/** The lifetime in its SA payload, of the only proposal */
static uint32_t offered;
static sa_payload_t sa;
static proposal_t proposal;

/** When jobs are to run */
static u_int delays[8], scheduled;

static kernel_cryptomap_offers_t *offers;
static kernel_cryptomap_reauths_t *reauths;
static kernel_cryptomap_peer_context_t context;

/* the clock, by -Wl,--wrap */
time_t __wrap_time_monotonic(timeval_t *tv);

time_t __wrap_time_monotonic(timeval_t *tv)
{
	return NOW;
}

METHOD(scheduler_t, note_job, void,
	scheduler_t *scheduler, job_t *job, uint32_t seconds)
{
	delays[scheduled++ % countof(delays)] = seconds;
	jobs->insert_last(jobs, job);
}

METHOD(ike_sa_t, get_peer_cfg, peer_cfg_t*,
	ike_sa_t *this)
{
	return ike.peer_cfg;
}

METHOD(ike_sa_t, get_statistic, uint32_t,
	ike_sa_t *this, statistic_t kind)
{
	return ike.statistics[kind];
}

METHOD(ike_sa_t, set_statistic, void,
	ike_sa_t *this, statistic_t kind, uint32_t value)
{
	ike.statistics[kind] = value;
}

METHOD(ike_sa_t, get_child_count, int,
	ike_sa_t *this)
{
	return ike.children;
}

METHOD(ike_sa_t, reauth, status_t,
	ike_sa_t *this)
{
	ike.reauths++;
	return SUCCESS;
}

METHOD(ike_sa_t, queue_task, void,
	ike_sa_t *this, task_t *task)
{
	ike.task = task;
}

METHOD(ike_sa_t, initiate, status_t,
	ike_sa_t *this, child_cfg_t *child, child_init_args_t *args)
{
	ike.initiated++;
	return SUCCESS;
}

METHOD(ike_sa_t, delete_, status_t,
	ike_sa_t *this, bool force)
{
	old.deletes++;
	return SUCCESS;
}

METHOD(task_t, get_quick_mode, task_type_t,
	task_t *this)
{
	return TASK_QUICK_MODE;
}

METHOD(ike_sa_manager_t, create_id_enumerator, enumerator_t*,
	ike_sa_manager_t *manager, identification_t *me, identification_t *other, int family)
{
	linked_list_t *ids = linked_list_create_with_items(ike.sa.id, old.sa.id, NULL);

	return enumerator_create_cleaner(ids->create_enumerator(ids), (void*)ids->destroy, ids);
}

METHOD(ike_sa_manager_t, checkout, ike_sa_t*,
	ike_sa_manager_t *manager, ike_sa_id_t *id)
{
	if (id->equals(id, old.sa.id))
	{
		old.sa.out++;
		return &old.sa.public;
	}
	ike.sa.out++;
	return &ike.sa.public;
}

METHOD(bus_t, get_sa, ike_sa_t*,
	bus_t *this)
{
	return &ike.sa.public;
}

METHOD(kernel_cryptomap_config_t, get_lifetime, uint32_t,
	kernel_cryptomap_config_t *config, proposal_t *agreed, auth_method_t method)
{
	return 86400;
}

METHOD(kernel_cryptomap_methods_t, get_method, auth_method_t,
	kernel_cryptomap_methods_t *methods, ike_sa_t *ike_sa)
{
	return AUTH_PSK;
}

METHOD(sa_payload_t, get_proposals, linked_list_t*,
	sa_payload_t *this)
{
	return linked_list_create_with_items(&proposal, NULL);
}

METHOD(sa_payload_t, get_offered, uint32_t,
	sa_payload_t *this, proposal_t *which)
{
	return offered;
}

METHOD(message_t, get_sa_payload, payload_t*,
	message_t *this, payload_type_t type)
{
	return type == PLV1_SECURITY_ASSOCIATION ? &sa.payload_interface : NULL;
}

/**
 * What charon computes as phase 1 is done.
 */
static void establish(bool initiator, uint32_t lifetime)
{
	peer_cfg_t *peer_cfg = ike.peer_cfg;
	message_t *message;

	DESTROY_IF(ike.sa.id);
	ike.sa.id = ike_sa_id_create(IKEV1_MAJOR_VERSION, 1, 2, initiator);
	ike.sa.state = IKE_CONNECTING;
	ike.reauths = 0;
	ike.children = !childless;
	offered = lifetime;
	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, ID_PROT);
	message->get_payload = _get_sa_payload;
	offers->listener.message(&offers->listener, &ike.sa.public, message, initiator, TRUE);
	message->destroy(message);

	ike.statistics[STAT_ESTABLISHED] = NOW;
	ike.statistics[STAT_REAUTH] = NOW + peer_cfg->get_reauth_time(peer_cfg, TRUE);
	ike.statistics[STAT_DELETE] = ike.statistics[STAT_REAUTH] +
								  peer_cfg->get_over_time(peer_cfg);
	scheduled = 0;
	reauths->listener.ike_state_change(&reauths->listener, &ike.sa.public,
									   IKE_ESTABLISHED);
	ike.sa.state = IKE_ESTABLISHED;
}

/**
 * Hear RESPONDER-LIFETIME.
 *
 * @return				seconds that the ISAKMP SA has in all
 */
static u_int hear(protocol_id_t protocol, bool encrypted, chunk_t data)
{
	notify_payload_t *notify;
	message_t *message;

	notify = notify_payload_create_from_protocol_and_type(PLV1_NOTIFY, protocol,
														  RESPONDER_LIFETIME);
	notify->set_notification_data(notify, data);
	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, INFORMATIONAL_V1);
	message->add_payload(message, (payload_t*)notify);
	set_header(message, encrypted);
	scheduled = 0;
	reauths->listener.message(&reauths->listener, &ike.sa.public, message, TRUE, TRUE);
	message->destroy(message);
	return ike.statistics[STAT_DELETE] - NOW;
}

/**
 * Destroy what waits.
 */
static void drop_jobs()
{
	job_t *job;

	while (jobs->remove_first(jobs, (void**)&job) == SUCCESS)
	{
		job->destroy(job);
	}
}

/**
 * What the peer reads of a message.
 */
static uint32_t told()
{
	message_t *message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	uint32_t seconds = 0;

	message->set_exchange_type(message, INFORMATIONAL_V1);
	if (ike.task && ike.task->build(ike.task, message) == SUCCESS)
	{
		seconds = kernel_cryptomap_lifetimes_told(message);
	}
	message->destroy(message);
	DESTROY_IF(ike.task);
	ike.task = NULL;
	return seconds;
}

static void test_responder_lifetime()
{
	chunk_t hour = chunk_from_chars(HOUR), isakmp = chunk_from_chars(HOUR_ISAKMP);
	chunk_t day = chunk_from_chars(DAY);
	u_int seconds;

	establish(TRUE, 86400);
	seconds = ike.statistics[STAT_DELETE] - NOW;
	tap_ok(seconds > 70000 && seconds <= 86400, "an ISAKMP SA of a day: %u", seconds);
	seconds = hear(PROTO_IKE, FALSE, hour);
	tap_ok(seconds > 70000, "in clear nobody can shorten it: %u", seconds);
	seconds = hear(PROTO_ESP, TRUE, hour);
	tap_ok(seconds > 70000 && !scheduled, "nor does what is of an IPsec SA: %u", seconds);
	seconds = hear(PROTO_IKE, TRUE, chunk_empty);
	tap_ok(seconds > 70000 && !scheduled, "nor nothing");
	seconds = hear(PROTO_IKE, TRUE, hour);
	tap_ok(IS_HOUR(seconds), "the responder has an hour: %u", seconds);
	tap_ok(scheduled == 3 && delays[0] < delays[2] && delays[2] < delays[1] &&
		   delays[1] == seconds,
		   "it is renewed after %u seconds, at last after %u, and ends after %u",
		   delays[0], delays[2], delays[1]);
	seconds = hear(PROTO_IKE, TRUE, day);
	tap_ok(IS_HOUR(seconds) && !scheduled, "a longer one is none");

	establish(TRUE, 86400);
	seconds = hear(PROTO_IKE, TRUE, isakmp);
	tap_ok(IS_HOUR(seconds), "in the numbers of phase 1: %u", seconds);

	seconds = hear(PROTO_IKE, TRUE, chunk_from_chars(0x80, 1, 0, 1, 0x80, 2, 0, 1));
	tap_ok(seconds >= 20 && delays[0] >= 10,
		   "of one of a second there is not one after the other: after %u", delays[0]);
	establish(TRUE, 1);
	seconds = ike.statistics[STAT_REAUTH] - NOW;
	tap_ok(seconds >= 10, "nor if it was agreed to: after %u", seconds);

	establish(TRUE, 86400);
	ike.sa.state = IKE_CONNECTING;
	hear(PROTO_IKE, TRUE, hour);
	seconds = ike.peer_cfg->get_reauth_time(ike.peer_cfg, FALSE);
	tap_ok(seconds < 3600 && !scheduled, "in phase 1: charon asks for it then: %u", seconds);

	establish(TRUE, 86400);
	ike.statistics[STAT_ESTABLISHED] = 0;
	ike.statistics[STAT_DELETE] = 80000;
	seconds = hear(PROTO_IKE, TRUE, chunk_from_chars(0x80, 1, 0, 1, 0x80, 2, 0, 60));
	tap_ok(seconds == 10 && !delays[0] && delays[1] == 10,
		   "one that is over: it is renewed at once, and ends in %u seconds", seconds);

	establish(FALSE, 86400);
	seconds = hear(PROTO_IKE, TRUE, hour);
	tap_ok(seconds > 70000, "who started phase 1 is no responder");
	drop_jobs();
}

static void test_last_call()
{
	establish(TRUE, 3600);
	tap_ok(scheduled == 2 && IS_HOUR(delays[0]), "it is looked at after %u seconds",
		   delays[0]);
	run_jobs();
	tap_ok(ike.reauths == 1, "renewed: reauthentication was put off until then");
	establish(TRUE, 3600);
	ike.children = 0;
	run_jobs();
	tap_ok(!ike.reauths, "not without CHILD_SAs: another one has them");
	establish(TRUE, 3600);
	ike.sa.state = IKE_REKEYING;
	run_jobs();
	tap_ok(!ike.reauths, "nor when it has a successor");
	tap_ok(!ike.sa.out, "the IKE_SA is checked in");
}

static void test_tell()
{
	uint32_t seconds;

	establish(FALSE, 100000);
	run_jobs();
	seconds = told();
	tap_ok(seconds == 86400 && ike.initiated == 1,
		   "who started with more is told: %u seconds", seconds);
	establish(FALSE, 3600);
	run_jobs();
	tap_ok(!told(), "who started with less is not");
	establish(TRUE, 100000);
	run_jobs();
	tap_ok(!told() && ike.initiated == 1, "nor is a responder");
	establish(FALSE, 100000);
	ike.sa.state = IKE_DELETING;
	run_jobs();
	tap_ok(!told(), "nor does one that goes");
	tap_ok(!ike.sa.out, "the IKE_SA is checked in");
}

/**
 * An ISAKMP SA came up, and half a minute went by.
 *
 * @param state			what the one before is in then
 * @param before		by how many seconds that came up before
 * @return				how often that was deleted
 */
static u_int supersede(ike_sa_state_t state, int before)
{
	old.sa.state = state;
	old.sa.statistic = NOW - before;
	old.deletes = 0;
	establish(TRUE, 86400);
	run_jobs();
	return old.deletes;
}

static void test_superseded()
{
	linked_list_t *children = linked_list_create_with_items(&old, NULL);
	identification_t *name = ike.sa.name;
	task_t task = {
		.get_type = _get_quick_mode,
	};
	u_int deletes, i;

	deletes = supersede(IKE_REKEYING, 40);
	for (i = 0; i < scheduled && delays[i] != 30; i++)
	{
		/* others are for something else */
	}
	tap_ok(deletes == 1 && i < scheduled,
		   "one that we replaced is deleted after 30 seconds, if the peer did not");
	tap_ok(supersede(IKE_ESTABLISHED, 40) == 1, "and one that the peer replaced");
	tap_ok(!supersede(IKE_ESTABLISHED, -1), "not one that came up later");
	old.sa.unique = ike.sa.unique + 1;
	tap_ok(!supersede(IKE_ESTABLISHED, 0), "or after it in the same second");
	old.sa.unique = ike.sa.unique - 1;
	tap_ok(supersede(IKE_ESTABLISHED, 0) == 1, "but one that did before it");
	tap_ok(!supersede(IKE_CONNECTING, 40), "not one that is not up yet");
	tap_ok(!supersede(IKE_DELETING, 40), "nor one that goes");
	old.sa.children = children;
	tap_ok(!supersede(IKE_ESTABLISHED, 40), "nor one with CHILD_SAs");
	old.sa.children = NULL;
	old.sa.tasks[TASK_QUEUE_QUEUED] = linked_list_create_with_items(&task, NULL);
	tap_ok(!supersede(IKE_ESTABLISHED, 40), "or with any to come");
	old.sa.tasks[TASK_QUEUE_QUEUED]->destroy(old.sa.tasks[TASK_QUEUE_QUEUED]);
	old.sa.tasks[TASK_QUEUE_QUEUED] = NULL;
	childless = TRUE;
	tap_ok(!supersede(IKE_ESTABLISHED, 40), "nor any for one without CHILD_SAs...");
	tap_ok(supersede(IKE_REKEYING, 40) == 1, "...unless we replaced it");
	childless = FALSE;
	ike.sa.name = identification_create_from_string("other");
	tap_ok(!supersede(IKE_ESTABLISHED, 40), "nor that of another peer at the same address");
	ike.sa.name->destroy(ike.sa.name);
	ike.sa.name = name;
	tap_ok(!ike.sa.out && !old.sa.out, "the IKE_SAs are checked in");
	children->destroy(children);
}

int main()
{
	ike_sa_manager_t manager = {
		.checkout = _checkout,
		.checkin = test_ike_checkin,
		.create_id_enumerator = _create_id_enumerator,
	};
	kernel_cryptomap_config_t config = {
		.get_lifetime = _get_lifetime,
	};
	kernel_cryptomap_methods_t methods = {
		.get = _get_method,
	};
	kernel_cryptomap_ends_t ends = {
		.profile = "",
	};

	plugin_init();
	lib->scheduler->schedule_job = _note_job;
	bus.get_sa = _get_sa;
	charon->ike_sa_manager = &manager;
	sa.get_proposals = _get_proposals;
	sa.get_lifetime = _get_offered;
	proposal.destroy = (void*)nop;
	offers = kernel_cryptomap_offers_create(&config, &methods);
	reauths = kernel_cryptomap_reauths_create(offers);
	context = (kernel_cryptomap_peer_context_t){
		.config = &config,
		.offers = offers,
	};
	ends.local = host_create_from_string("192.0.2.1", 500);
	ends.remote = host_create_from_string("198.51.100.2", 500);
	ike.peer_cfg = kernel_cryptomap_peer_create(&context, &ends, FALSE, TRUE);
	test_ike_init(&ike.sa, 1, "198.51.100.2", 500);
	ike.sa.public.get_peer_cfg = _get_peer_cfg;
	ike.sa.public.get_statistic = _get_statistic;
	ike.sa.public.set_statistic = _set_statistic;
	ike.sa.public.get_child_count = _get_child_count;
	ike.sa.public.reauth = _reauth;
	ike.sa.public.queue_task = _queue_task;
	ike.sa.public.initiate = _initiate;
	ike.sa.public.get_other_eap_id = ike.sa.public.get_other_id;
	ike.sa.name = identification_create_from_string("peer");
	test_ike_init(&old.sa, 3, "198.51.100.2", 500);
	old.sa.public.get_peer_cfg = _get_peer_cfg;
	old.sa.public.delete = _delete_;
	old.sa.name = identification_create_from_string("peer");

	test_responder_lifetime();
	test_last_call();
	test_tell();
	test_superseded();

	offers->listener.ike_state_change(&offers->listener, &ike.sa.public, IKE_DESTROYING);
	reauths->destroy(reauths);
	offers->destroy(offers);
	ike.peer_cfg->destroy(ike.peer_cfg);
	ends.local->destroy(ends.local);
	ends.remote->destroy(ends.remote);
	test_ike_deinit(&ike.sa);
	test_ike_deinit(&old.sa);
	plugin_deinit();
	return tap_done();
}
