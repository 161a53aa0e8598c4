/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_lifetimes.c: what a router tells of lifetimes in its answer.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_lifetimes.h"

/** Attributes of RFC 2407 4.5: 3,600 seconds in the short form, 4,608,000 kilobytes in
 * the long one, as IOS tells its defaults */
#define SECONDS		0x80, 1, 0, 1, 0x80, 2, 0x0e, 0x10
#define KILOBYTES	0x80, 1, 0, 2, 0, 2, 0, 4, 0, 0x46, 0x50, 0

/** Our lifetimes in seconds and bytes */
#define OURS		86400
#define OUR_BYTES	8000000000

/**
 * Hear RESPONDER-LIFETIME in the answer to a quick mode, and install its SA.
 *
 * @param seconds		set to the lifetimes that it gets
 * @param bytes
 */
static void hear(kernel_cryptomap_lifetimes_t *lifetimes, chunk_t data,
				 uint64_t *seconds, uint64_t *bytes)
{
	lifetime_cfg_t lifetime = {
		.time = { .life = OURS, .rekey = OURS - 30 },
		.bytes = { .life = OUR_BYTES, .rekey = OUR_BYTES / 2 },
	};
	message_t *message;

	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, QUICK_MODE);
	/* RESPONDER-LIFETIME, and one that nobody knows */
	message->add_notify(message, FALSE, 24576, data);
	message->add_notify(message, FALSE, 31337, chunk_from_str("?"));
	lifetimes->listener.message(&lifetimes->listener, NULL, message, TRUE, TRUE);
	message->destroy(message);
	lifetimes->listener.narrow(&lifetimes->listener, NULL, NULL,
							   NARROW_INITIATOR_POST_AUTH, NULL, NULL);
	lifetimes->limit(lifetimes, &lifetime);
	*seconds = lifetime.time.life;
	*bytes = lifetime.bytes.life;
	if (lifetime.time.rekey > lifetime.time.life ||
		lifetime.bytes.rekey > lifetime.bytes.life)
	{
		*seconds = *bytes = 0;
	}
}

static const struct {
	const char *name;
	u_char data[24];
	size_t len;
	uint64_t seconds, bytes;
} tests[] = {
	{ "seconds and kilobytes of IOS", { SECONDS, KILOBYTES }, 20, 3600, 4608000000 },
	{ "in the other order", { KILOBYTES, SECONDS }, 20, 3600, 4608000000 },
	{ "seconds of four bytes", { 0x80, 1, 0, 1, 0, 2, 0, 4, 0, 0, 0x0e, 0x10 }, 12,
	  3600, OUR_BYTES },
	{ "more than ours", { 0x80, 1, 0, 1, 0, 2, 0, 4, 0xff, 0xff, 0xff, 0xff }, 12,
	  OURS, OUR_BYTES },
	{ "ten seconds", { 0x80, 1, 0, 1, 0x80, 2, 0, 10 }, 8, 10, OUR_BYTES },
	{ "one second, which would be a quick mode each second",
	  { 0x80, 1, 0, 1, 0x80, 2, 0, 1 }, 8, 10, OUR_BYTES },
	{ "2,560 kilobytes, the least of IOS", { 0x80, 1, 0, 2, 0x80, 2, 0x0a, 0 }, 8, OURS,
	  2560000 },
	{ "one kilobyte", { 0x80, 1, 0, 2, 0x80, 2, 0, 1 }, 8, OURS, 2560000 },
	{ "none is no limit", { 0x80, 1, 0, 1, 0x80, 2, 0, 0 }, 8, OURS, OUR_BYTES },
	{ "a unit that nobody knows", { 0x80, 1, 0, 9, 0x80, 2, 0, 1 }, 8, OURS, OUR_BYTES },
	{ "a duration without a unit", { 0x80, 2, 0, 1 }, 4, OURS, OUR_BYTES },
	{ "a number without a byte", { 0x80, 1, 0, 1, 0, 2, 0, 0 }, 8, OURS, OUR_BYTES },
	{ "one that is cut off", { SECONDS, 0x80, 1, 0, 2, 0, 2, 0, 4, 0, 0x46 }, 18, 3600,
	  OUR_BYTES },
	{ "one of nine bytes",
	  { SECONDS, 0x80, 1, 0, 2, 0, 2, 0, 9, 1, 1, 1, 1, 1, 1, 1 }, 23, 3600, OUR_BYTES },
	{ "nothing", {}, 0, OURS, OUR_BYTES },
};

/** Lines of the log */
static u_int lines;

static void count_lines(debug_t group, level_t level, char *format, ...)
{
	lines += level == LEVEL_CTRL;
}

/**
 * An SA with the shortest lifetime, which both of its halves get.
 */
static void test_log(kernel_cryptomap_lifetimes_t *lifetimes)
{
	u_char second[] = { 0x80, 1, 0, 1, 0x80, 2, 0, 1 };
	lifetime_cfg_t lifetime = { .time = { .life = OURS } };
	uint64_t seconds, bytes;

	dbg = count_lines;
	hear(lifetimes, chunk_from_thing(second), &seconds, &bytes);
	lifetimes->limit(lifetimes, &lifetime);
	dbg = dbg_default;
	tap_ok(lines == 1 && lifetime.time.life == 10, "the log has it once for an SA: %u", lines);
}

/**
 * Hear in one message of the ISAKMP SA and of an IPsec SA.
 */
static void hear_both(kernel_cryptomap_lifetimes_t *lifetimes)
{
	/* a minute, and an hour */
	u_char minute[] = { 0x80, 1, 0, 1, 0x80, 2, 0, 60 }, hour[] = { SECONDS };
	lifetime_cfg_t lifetime = { .time = { .life = OURS } };
	notify_payload_t *notify;
	message_t *message;

	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, QUICK_MODE);
	notify = notify_payload_create_from_protocol_and_type(PLV1_NOTIFY, PROTO_IKE, 24576);
	notify->set_notification_data(notify, chunk_from_thing(minute));
	message->add_payload(message, (payload_t*)notify);
	notify = notify_payload_create_from_protocol_and_type(PLV1_NOTIFY, PROTO_ESP, 24576);
	notify->set_notification_data(notify, chunk_from_thing(hour));
	message->add_payload(message, (payload_t*)notify);
	lifetimes->listener.message(&lifetimes->listener, NULL, message, TRUE, TRUE);
	lifetimes->listener.narrow(&lifetimes->listener, NULL, NULL,
							   NARROW_INITIATOR_POST_AUTH, NULL, NULL);
	lifetimes->limit(lifetimes, &lifetime);
	tap_ok(lifetime.time.life == 3600, "of an IPsec SA beside the ISAKMP SA's: %llu",
		   (unsigned long long)lifetime.time.life);
	tap_ok(kernel_cryptomap_lifetimes_told(message) == 60, "and the ISAKMP SA's: %u",
		   kernel_cryptomap_lifetimes_told(message));
	message->destroy(message);
}

int main()
{
	kernel_cryptomap_lifetimes_t *lifetimes;
	uint64_t seconds, bytes;
	u_int i;

	plugin_init();
	lifetimes = kernel_cryptomap_lifetimes_create();
	for (i = 0; i < countof(tests); i++)
	{
		hear(lifetimes, chunk_create((u_char*)tests[i].data, tests[i].len), &seconds,
			 &bytes);
		tap_ok(seconds == tests[i].seconds && bytes == tests[i].bytes,
			   "%s: %llu seconds, %llu bytes", tests[i].name,
			   (unsigned long long)seconds, (unsigned long long)bytes);
	}
	hear_both(lifetimes);
	test_log(lifetimes);
	lifetimes->destroy(lifetimes);
	plugin_deinit();
	return tap_done();
}
