/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_halfopen.c: which negotiations that others start have to go.
 */
#include "ike.h"
#include "tap.h"

#include "kernel_cryptomap_halfopen.h"

/** What is bounded: IKE_SAs that are half open in all, and of an address */
#define ALL		500
#define OF_ADDRESS	100

/** First messages of aggressive mode in a second */
#define AGGRESSIVE_RATE	50

/** The one that a test speaks of, and addresses that others send from */
#define PEER		9999

/** Which IKE_SAs had to go, by the cookie of the initiator, and how many. */
static bool gone[PEER + 1];
static u_int count;

/** One that is there, or NULL, and how many were deleted. */
static test_ike_t *there;
static u_int deleted;

METHOD(ike_sa_manager_t, checkout, ike_sa_t*,
	ike_sa_manager_t *manager, ike_sa_id_t *id)
{
	gone[id->get_initiator_spi(id)] = TRUE;
	count++;
	return there ? &there->public : NULL;
}

METHOD(ike_sa_manager_t, checkin_and_destroy, void,
	ike_sa_manager_t *manager, ike_sa_t *ike_sa)
{
	deleted++;
}

METHOD(ike_sa_manager_t, checkin, void,
	ike_sa_manager_t *manager, ike_sa_t *ike_sa)
{
}

/**
 * What charon does if phase 1 was not begun, and to one that is up.
 */
METHOD(ike_sa_t, delete_, status_t,
	test_ike_t *ike, bool force)
{
	return DESTROY_ME;
}

/** Type of the first payload of a message */
static payload_type_t first_payload;

METHOD(message_t, get_first_payload_type, payload_type_t,
	message_t *message)
{
	return first_payload;
}

/**
 * A message of main mode comes.
 *
 * @param spi			cookie of the initiator
 * @param address		where from, the last part of it
 * @param first			whether it is the first one
 */
static void come(kernel_cryptomap_halfopen_t *halfopen, uint32_t spi, u_int address,
				 bool first)
{
	listener_t *listener = &halfopen->listener;
	message_t *message;
	test_ike_t ike;
	char text[32];

	snprintf(text, sizeof(text), "198.51.%u.%u", address / 256, address % 256);
	test_ike_init(&ike, spi, text, 500);
	ike.id->destroy(ike.id);
	ike.id = ike_sa_id_create(IKEV1_MAJOR_VERSION, spi, spi + 1, FALSE);
	ike.state = IKE_CONNECTING;
	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, ID_PROT);
	listener->message(listener, &ike.public, message, TRUE, TRUE);
	if (first)
	{
		listener->ike_state_change(listener, &ike.public, IKE_CONNECTING);
	}
	message->destroy(message);
	test_ike_deinit(&ike);
	run_jobs();
}

/**
 * Begin without any.
 */
static kernel_cryptomap_halfopen_t *begin()
{
	memset(gone, 0, sizeof(gone));
	count = 0;
	return kernel_cryptomap_halfopen_create();
}

/**
 * Who spoofs addresses sends first messages only.
 */
static void test_spoofed()
{
	kernel_cryptomap_halfopen_t *halfopen = begin();
	uint32_t i;

	come(halfopen, PEER, 0, TRUE);
	come(halfopen, PEER, 0, FALSE);
	for (i = 1; i <= 2 * ALL; i++)
	{
		come(halfopen, i, i, TRUE);
	}
	tap_ok(count == ALL + 1 && !gone[PEER] && gone[1] && !gone[ALL + 2],
		   "who sent a third message is not driven out by those who did not");
	halfopen->destroy(halfopen);
}

/**
 * Who has some addresses of his own goes on until the third message, and on with first ones.
 *
 * @param addresses		how many he has
 * @param address		that of the peer
 */
static bool gets_through(u_int addresses, u_int address)
{
	kernel_cryptomap_halfopen_t *halfopen = begin();
	uint32_t i, n = addresses * OF_ADDRESS;
	bool through;

	for (i = 0; i < n; i++)
	{
		come(halfopen, i, i % addresses, TRUE);
		come(halfopen, i, i % addresses, FALSE);
	}
	come(halfopen, PEER, address, TRUE);
	for (; i < n + n / 10; i++)
	{
		come(halfopen, i, i % addresses, TRUE);
	}
	through = !gone[PEER];
	halfopen->destroy(halfopen);
	return through;
}

/**
 * A message of main mode is received, and not read yet.
 *
 * @return				whether its IKE_SA is deleted
 */
static bool is_refused(ike_sa_state_t state, payload_type_t payload)
{
	kernel_cryptomap_halfopen_t *halfopen = begin();
	listener_t *listener = &halfopen->listener;
	message_t *message;
	test_ike_t ike;

	test_ike_init(&ike, PEER, "203.0.113.7", 500);
	ike.state = state;
	ike.public.delete = _delete_;
	there = &ike;
	deleted = 0;
	first_payload = payload;
	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, ID_PROT);
	message->get_first_payload_type = _get_first_payload_type;
	message->set_source(message, ike.remote->clone(ike.remote));
	listener->message(listener, &ike.public, message, TRUE, FALSE);
	run_jobs();
	there = NULL;
	message->destroy(message);
	test_ike_deinit(&ike);
	halfopen->destroy(halfopen);
	return deleted;
}

/**
 * First messages of one exchange come in a second.
 *
 * @return				how many are admitted
 */
static u_int admit(exchange_type_t exchange)
{
	kernel_cryptomap_halfopen_t *halfopen = begin();
	listener_t *listener = &halfopen->listener;
	u_int i, admitted = 0;
	message_t *message;
	test_ike_t ike;
	time_t now;

	test_ike_init(&ike, PEER, "203.0.113.7", 500);
	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, exchange);
	message->set_source(message, ike.remote->clone(ike.remote));
	for (now = time_monotonic(NULL); time_monotonic(NULL) == now;)
	{
		/* the next second begins */
	}
	for (i = 0; i < 2 * AGGRESSIVE_RATE; i++)
	{
		listener->message(listener, &ike.public, message, TRUE, FALSE);
		admitted += halfopen->admits(halfopen);
	}
	message->destroy(message);
	test_ike_deinit(&ike);
	halfopen->destroy(halfopen);
	return admitted;
}

int main()
{
	ike_sa_manager_t manager = {
		.checkout = _checkout,
		.checkin = _checkin,
		.checkin_and_destroy = _checkin_and_destroy,
	};

	plugin_init();
	test_daemon.ike_sa_manager = &manager;
	test_spoofed();
	tap_ok(gets_through(ALL / OF_ADDRESS, 77),
		   "nor does who holds all places with third messages keep others out");
	tap_ok(gets_through(1, 0), "or all of an address behind which others are, too");
	tap_ok(is_refused(IKE_CREATED, PLV1_FRAGMENT),
		   "a fragment of a first message leaves no ISAKMP SA");
	tap_ok(!is_refused(IKE_CREATED, PLV1_SECURITY_ASSOCIATION), "a whole one does");
	tap_ok(!is_refused(IKE_CONNECTING, PLV1_FRAGMENT), "later ones may come in fragments");
	tap_ok(admit(AGGRESSIVE) == AGGRESSIVE_RATE, "aggressive mode is begun so often in a second");
	tap_ok(admit(ID_PROT) == 2 * AGGRESSIVE_RATE, "main mode is not limited by that");
	plugin_deinit();
	return tap_done();
}
