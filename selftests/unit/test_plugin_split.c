/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_split.c: informational messages with several payloads, and what
 * charon's own task makes of them.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_split.h"

#include <encoding/payloads/delete_payload.h>
#include <encoding/payloads/notify_payload.h>
#include <sa/ikev1/tasks/informational.h>

/** SPI of a CHILD_SA */
#define SPI		0x1234

/** An ISAKMP SA; its one task is a quick mode */
static test_ike_t ike;

/** How often the CHILD_SA was to be deleted, before the ISAKMP SA, and that was deleted */
static u_int deletes, destroyed;

static task_t quick_mode;
static linked_list_t *active;

METHOD(task_t, get_type, task_type_t,
	task_t *task)
{
	return TASK_QUICK_MODE;
}

METHOD(ike_sa_t, get_child_sa, child_sa_t*,
	ike_sa_t *this, protocol_id_t protocol, uint32_t spi, bool inbound)
{
	/* it is not there: charon only says so */
	if (!inbound && spi == SPI && !destroyed)
	{
		deletes++;
	}
	return NULL;
}

/**
 * Whether the quick mode is under way.
 */
static bool has_quick()
{
	return active->get_count(active);
}

METHOD(ike_sa_t, flush_queue, void,
	ike_sa_t *this, task_queue_t queue)
{
	task_t *task;

	active->remove_first(active, (void**)&task);
}

METHOD(ike_sa_t, initiate, status_t,
	ike_sa_t *this, child_cfg_t *child, child_init_args_t *args)
{
	return SUCCESS;
}

METHOD(ike_sa_manager_t, checkout, ike_sa_t*,
	ike_sa_manager_t *manager, ike_sa_id_t *id)
{
	ike.out++;
	return &ike.public;
}

METHOD(ike_sa_manager_t, checkin_and_destroy, void,
	ike_sa_manager_t *manager, ike_sa_t *ike_sa)
{
	ike.out--;
	destroyed++;
}

/** Payloads of a message */
enum {
	END,
	PROBE,
	ERROR,
	STATUS,
	CHILD,
	IKE,
};

/**
 * Create a payload.
 */
static payload_t *create_payload(int what)
{
	notify_type_t type = what == PROBE ? DPD_R_U_THERE :
						 what == ERROR ? NO_PROPOSAL_CHOSEN : INITIAL_CONTACT_IKEV1;
	delete_payload_t *delete;

	switch (what)
	{
		case CHILD:
			delete = delete_payload_create(PLV1_DELETE, PROTO_ESP);
			delete->add_spi(delete, SPI);
			return &delete->payload_interface;
		case IKE:
			delete = delete_payload_create(PLV1_DELETE, PROTO_IKE);
			delete->set_ike_spi(delete, 1, 2);
			return &delete->payload_interface;
		default:
			return (payload_t*)notify_payload_create_from_protocol_and_type(
													PLV1_NOTIFY, PROTO_IKE, type);
	}
}

/**
 * Have a message come.
 *
 * @param what			payloads, up to END
 * @param split			whether it is split
 * @return				TRUE if charon answers a probe
 */
static bool comes(bool split, ike_sa_state_t state, bool encrypted, const int *what)
{
	informational_t *task;
	message_t *message;
	bool probe;

	ike.state = state;
	if (!has_quick())
	{
		active->insert_last(active, &quick_mode);
	}
	deletes = destroyed = 0;
	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, INFORMATIONAL_V1);
	for (; *what; what++)
	{
		message->add_payload(message, create_payload(*what));
	}
	set_header(message, encrypted);
	if (split)
	{
		kernel_cryptomap_split_listener.message(NULL, &ike.public, message, TRUE, TRUE);
	}
	/* as charon's task manager does */
	probe = message->get_notify(message, DPD_R_U_THERE) != NULL;
	if (!probe)
	{
		task = informational_create(&ike.public, NULL);
		destroyed += task->task.process(&task->task, message) == DESTROY_ME;
		task->task.destroy(&task->task);
	}
	message->destroy(message);
	return probe;
}

static const struct {
	const char *name;
	int what[5];
	/** what is to be done */
	bool probe, error, child, ike;
} tests[] = {
	{ "DELETE of an IPsec SA", { CHILD }, .child = TRUE },
	{ "of an ISAKMP SA", { IKE }, .ike = TRUE },
	{ "of both", { CHILD, IKE }, .child = TRUE, .ike = TRUE },
	{ "in the other order", { IKE, CHILD }, .child = TRUE, .ike = TRUE },
	{ "of one between others", { CHILD, IKE, CHILD }, .child = TRUE, .ike = TRUE },
	{ "an error", { ERROR }, .error = TRUE },
	{ "an error and DELETE of an IPsec SA", { ERROR, CHILD }, .error = TRUE, .child = TRUE },
	{ "after it", { CHILD, ERROR }, .error = TRUE, .child = TRUE },
	{ "an error and DELETE of an ISAKMP SA", { ERROR, IKE }, .error = TRUE, .ike = TRUE },
	{ "a probe and DELETE of an IPsec SA", { PROBE, CHILD }, .probe = TRUE, .child = TRUE },
	{ "all of it", { IKE, CHILD, PROBE, ERROR },
	  .probe = TRUE, .error = TRUE, .child = TRUE, .ike = TRUE },
	{ "a status and DELETE of both", { STATUS, IKE, STATUS, CHILD },
	  .child = TRUE, .ike = TRUE },
};

int main()
{
	ike_sa_manager_t manager = {
		.checkout = _checkout,
		.checkin = test_ike_checkin,
		.checkin_and_destroy = _checkin_and_destroy,
	};
	const int both[] = { IKE, CHILD, END };
	bool probe;
	u_int i;

	plugin_init();
	charon->ike_sa_manager = &manager;
	bus.ike_updown = (void*)nop;
	quick_mode.get_type = _get_type;
	test_ike_init(&ike, 1, "198.51.100.2", 500);
	ike.public.set_condition = (void*)nop;
	ike.public.reestablish = (void*)return_success;
	ike.public.get_child_sa = _get_child_sa;
	ike.public.flush_queue = _flush_queue;
	ike.public.initiate = _initiate;
	ike.tasks[TASK_QUEUE_ACTIVE] = active = linked_list_create();

	comes(FALSE, IKE_ESTABLISHED, TRUE, both);
	tap_ok(destroyed && !deletes, "charon follows the first DELETE only");
	for (i = 0; i < countof(tests); i++)
	{
		probe = comes(TRUE, IKE_ESTABLISHED, TRUE, tests[i].what);
		run_jobs();
		tap_ok(probe == tests[i].probe && !has_quick() == tests[i].error &&
			   !!deletes == tests[i].child && destroyed == tests[i].ike,
			   "%s", tests[i].name);
	}
	comes(TRUE, IKE_REKEYING, TRUE, both);
	run_jobs();
	tap_ok(destroyed && deletes, "in an ISAKMP SA that has a successor");
	comes(TRUE, IKE_CONNECTING, FALSE, both);
	tap_ok(!run_jobs(), "in clear nothing is done by us");
	tap_ok(!ike.out, "the ISAKMP SA is checked in");

	active->destroy(active);
	test_ike_deinit(&ike);
	plugin_deinit();
	return tap_done();
}
