// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * monitor: what the kernel module tells, as it happens.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "colour.h"
#include "live.h"
#include "monitor.h"
#include "ios/utf8.h"

/* ------------------------------------------------------------------- attributes */

/* enum kind - what is in an attribute; NAMED is a number with a name, see struct field */
enum kind { U8, U16, U32, U64, TEXT, ADDRESS, NAMED, REASON };

#define NAMES_MAX 6

/* struct field - an attribute, and its key; @names: of the values of NAMED, NULL after the last */
struct field {
	uint16_t type;
	const char *key;
	enum kind kind;
	const char *names[NAMES_MAX];
};

static const struct field flow_fields[] = {
	{ CRYPTO_MAP_A_FLOW_STATE, "state", NAMED, { "idle", "acquiring", "up" } },
	{ CRYPTO_MAP_A_FLOW_MAP, "map", TEXT, { NULL } },
	{ CRYPTO_MAP_A_FLOW_ENTRY_SEQ, "seq", U16, { NULL } },
	{ CRYPTO_MAP_A_FLOW_ACE_SEQ, "ace", U32, { NULL } },
	{ CRYPTO_MAP_A_FLOW_ID, "flow", U32, { NULL } },
	{ CRYPTO_MAP_A_FLOW_REMOTE, "peer", ADDRESS, { NULL } },
	{ CRYPTO_MAP_A_FLOW_REASON, "reason", TEXT, { NULL } },
};

static const struct field sa_fields[] = {
	{ CRYPTO_MAP_A_SA_EXPIRE, "kind", NAMED, { "soft", "hard", "removed", "idle" } },
	{ CRYPTO_MAP_A_SA_STATE, "state", NAMED, { "larval", "standby", "active", "retiring" } },
	{ CRYPTO_MAP_A_SA_DIR, "direction", NAMED, { "in", "out" } },
	{ CRYPTO_MAP_A_SA_SPI, "spi", U32, { NULL } },
	{ CRYPTO_MAP_A_SA_LOCAL, "local", ADDRESS, { NULL } },
	{ CRYPTO_MAP_A_SA_REMOTE, "peer", ADDRESS, { NULL } },
	{ CRYPTO_MAP_A_SA_MAP, "map", TEXT, { NULL } },
	{ CRYPTO_MAP_A_SA_ENTRY_SEQ, "seq", U16, { NULL } },
	{ CRYPTO_MAP_A_SA_FLOW_ID, "flow", U32, { NULL } },
	{ CRYPTO_MAP_A_SA_TWIN_SPI, "twin-spi", U32, { NULL } },
	{ CRYPTO_MAP_A_SA_MODE, "mode", NAMED, { "tunnel", "transport" } },
	{ CRYPTO_MAP_A_SA_SEEN, "seen", ADDRESS, { NULL } },
	{ CRYPTO_MAP_A_SA_ENCAP_DPORT, "peer-port", U16, { NULL } },
};

static const struct field config_fields[] = {
	{ CRYPTO_MAP_A_GLOBALS_GENERATION, "generation", U64, { NULL } },
};

static const struct field drop_fields[] = {
	{ CRYPTO_MAP_A_DROP_EVENT_REASON, "reason", REASON, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_PROTOCOL, "protocol", U8, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_SRC, "source", ADDRESS, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_SRC_PORT, "source-port", U16, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_DST, "destination", ADDRESS, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_DST_PORT, "destination-port", U16, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_MAP, "map", TEXT, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_ENTRY_SEQ, "seq", U16, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_FLOW_ID, "flow", U32, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_REMOTE, "peer", ADDRESS, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_SPI, "spi", U32, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_SEQ, "number", U64, { NULL } },
	{ CRYPTO_MAP_A_DROP_EVENT_MISSED, "missed", U32, { NULL } },
};

#define FIELDS(table) table, sizeof(table) / sizeof(*table)

/*
 * struct kind_of_event - a notification, what it is called, and what is in it
 * @serial: attribute that numbers it
 */
static const struct kind_of_event {
	uint8_t cmd;
	const char *name;
	uint16_t serial;
	const struct field *fields;
	size_t n;
} kinds[] = {
	{ CRYPTO_MAP_CMD_ACQUIRE_NTF, "acquire", CRYPTO_MAP_A_FLOW_SERIAL, FIELDS(flow_fields) },
	{ CRYPTO_MAP_CMD_FAIL_NTF, "fail", CRYPTO_MAP_A_FLOW_SERIAL, FIELDS(flow_fields) },
	{ CRYPTO_MAP_CMD_FLOW_NTF, "flow", CRYPTO_MAP_A_FLOW_SERIAL, FIELDS(flow_fields) },
	{ CRYPTO_MAP_CMD_SA_NTF, "sa", CRYPTO_MAP_A_SA_SERIAL, FIELDS(sa_fields) },
	{ CRYPTO_MAP_CMD_EXPIRE_NTF, "expire", CRYPTO_MAP_A_SA_SERIAL, FIELDS(sa_fields) },
	{ CRYPTO_MAP_CMD_SA_GONE_NTF, "gone", CRYPTO_MAP_A_SA_SERIAL, FIELDS(sa_fields) },
	{ CRYPTO_MAP_CMD_MAPPING_NTF, "mapping", CRYPTO_MAP_A_SA_SERIAL, FIELDS(sa_fields) },
	{ CRYPTO_MAP_CMD_INVALID_SPI_NTF, "invalid-spi", CRYPTO_MAP_A_SA_SERIAL, FIELDS(sa_fields) },
	{ CRYPTO_MAP_CMD_CONFIG_NTF, "config", CRYPTO_MAP_A_GLOBALS_SERIAL, FIELDS(config_fields) },
	{ CRYPTO_MAP_CMD_DROP_NTF, "drop", CRYPTO_MAP_A_DROP_EVENT_SERIAL, FIELDS(drop_fields) },
};

/* The largest of the last attributes of the sets above. */
#define ATTRS_MAX 63
_Static_assert(CRYPTO_MAP_A_SA_MAX <= ATTRS_MAX && CRYPTO_MAP_A_FLOW_MAX <= ATTRS_MAX &&
	       CRYPTO_MAP_A_GLOBALS_MAX <= ATTRS_MAX && CRYPTO_MAP_A_DROP_EVENT_MAX <= ATTRS_MAX,
	       "room for attributes");

static json_t *value_of(const struct field *field, const struct nlattr *attr)
{
	char text[IOS_TEXT_MAX + 1];
	struct ios_addr addr;
	uint32_t number;

	switch (field->kind) {
	case U8:
		return json_integer(nl_u8(attr, 0));
	case U16:
		return json_integer(nl_u16(attr, 0));
	case U32:
		return json_integer(nl_u32(attr, 0));
	case U64:
		return json_integer(nl_u64(attr, 0));
	case TEXT:
		nl_string(attr, text, sizeof(text));
		return json_string(text);
	case ADDRESS:
		addr = nl_addr(attr);
		return json_ip(&addr);
	case REASON:
		return json_string(drop_reason(nl_u32(attr, UINT32_MAX), NULL));
	case NAMED:
		break;
	}
	number = nl_u32(attr, NAMES_MAX);
	return json_string(number < NAMES_MAX && field->names[number] ? field->names[number] :
									"unknown");
}

/* What a notification is; NULL for one of a newer kernel module. */
static const struct kind_of_event *kind_of(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].cmd == genl->cmd)
			return &kinds[i];
	return NULL;
}

json_t *monitor_event(const struct nlmsghdr *nlh)
{
	const struct kind_of_event *kind = kind_of(nlh);
	const struct nlattr *tb[ATTRS_MAX + 1];
	json_t *event;
	size_t i;

	if (!kind)
		return NULL;
	nl_attrs(nlh, tb, ATTRS_MAX);
	event = json_pack("{s:s}", "event", kind->name);
	for (i = 0; i < kind->n; i++)
		if (tb[kind->fields[i].type])
			json_object_set_new(event, kind->fields[i].key,
					    value_of(&kind->fields[i], tb[kind->fields[i].type]));
	return event;
}

/* ----------------------------------------------------------------------- output */

static bool is_spi(const char *key)
{
	size_t len = strlen(key);

	return len >= 3 && !strcmp(key + len - 3, "spi");
}

static bool is_address(const char *key)
{
	static const char *const keys[] = { "destination", "local", "peer", "seen", "source" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

/* A name, or what a peer or the daemon said. */
static void print_plain(FILE *f, const char *text)
{
	size_t n;

	for (; *text; text += n ? n : 1) {
		n = utf8_length(text, strlen(text));
		if (utf8_harmless(text, n))
			fwrite(text, 1, n, f);
		else
			fputc('?', f);
	}
}

void print_event(FILE *f, const json_t *event)
{
	const char *key, *text, *before = " ";
	json_t *value;

	text = json_string_value(json_object_get(event, "event"));
	if (!strcmp(text, "drop"))
		fprintf(f, "%s%s%s", colour(f, COLOUR_ERROR), text, colour(f, COLOUR_NONE));
	else
		fputs(text, f);
	json_object_foreach((json_t *)event, key, value) {
		if (!strcmp(key, "event"))
			continue;
		fprintf(f, "%s%s ", before, key);
		text = json_string_value(value);
		if (text && is_address(key))
			fputs(ip_shown(text).s, f);
		else if (text)
			print_plain(f, text);
		else if (is_spi(key))
			fprintf(f, "0x%" PRIX64, (uint64_t)json_integer_value(value));
		else
			fprintf(f, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		before = ", ";
	}
	fputc('\n', f);
}

/*
 * struct watch - a command while it runs
 * @peer:     in the form of JSON, NULL for all
 * @numbered: a numbered event was read
 * @serial:   number of the last one
 * @unknown:  events after it whose number cannot be read
 */
struct watch {
	const struct args *args;
	const char *map;
	const char *peer;
	bool numbered;
	uint32_t serial;
	uint32_t unknown;
};

/* Whether a key, where an event has it, has the value that is asked for. */
static bool has(const json_t *event, const char *key, const char *wanted)
{
	const char *value = json_string_value(json_object_get(event, key));

	return !wanted || !value || !strcmp(value, wanted);
}

/* Prints an event with the time of now, and ends it. */
static void tell(const struct watch *watch, json_t *event)
{
	FILE *f = watch->args->out;
	struct timespec now;
	struct tm tm;
	char text[16];

	if (event && has(event, "map", watch->map) && has(event, "peer", watch->peer)) {
		clock_gettime(CLOCK_REALTIME, &now);
		if (watch->args->json) {
			json_object_set_new(event, "time", json_real(now.tv_sec + now.tv_nsec / 1000000 / 1e3));
			json_dumpf(event, f, JSON_COMPACT | JSON_REAL_PRECISION(13));
			fputc('\n', f);
		} else {
			localtime_r(&now.tv_sec, &tm);
			strftime(text, sizeof(text), "%T", &tm);
			fprintf(f, "%s.%03ld ", text, now.tv_nsec / 1000000);
			print_event(f, event);
		}
		fflush(f);
	}
	json_decref(event);
}

/* Tells how many events there were between the last one and this one. */
static void tell_missed(struct watch *watch, const struct nlmsghdr *nlh)
{
	const struct kind_of_event *kind = kind_of(nlh);
	const struct nlattr *tb[ATTRS_MAX + 1];
	uint32_t serial, missed;

	if (!kind) {
		watch->unknown++;
		return;
	}
	nl_attrs(nlh, tb, ATTRS_MAX);
	if (!tb[kind->serial])
		return;
	serial = nl_u32(tb[kind->serial], 0);
	missed = serial - watch->serial - 1 - watch->unknown;
	if (watch->numbered && missed)
		tell(watch, json_pack("{s:s, s:I}", "event", "lost", "events", (json_int_t)missed));
	watch->numbered = true;
	watch->serial = serial;
	watch->unknown = 0;
}

static int event_row(const struct nlmsghdr *nlh, void *data)
{
	tell_missed(data, nlh);
	tell(data, monitor_event(nlh));
	return 0;
}

int run_monitor(const struct args *args)
{
	struct watch watch = { .args = args, .map = args_value(args, "NAME") };
	const char *peer = args_value(args, "ADDRESS");
	char text[IOS_ADDR_TEXT];
	struct nl *nl = nl_open();
	struct ios_addr addr;
	struct live live;
	int ret;

	if (!nl)
		return REFUSED;
	if (peer && parse_address(peer, &addr))
		watch.peer = inet_ntop(addr.family, addr.bytes, text, sizeof(text));
	ret = nl_listen(nl, CRYPTO_MAP_MCGRP_WATCH);
	if (ret || !live_begin(&live)) {
		nl_close(nl);
		return REFUSED;
	}
	while (!ret && !ferror(args->out) && live_wait(&live, nl_fd(nl))) {
		ret = nl_events(nl, event_row, &watch);
		if (ret == -ENOBUFS) {
			/* how many the next event tells */
			tell(&watch, json_pack("{s:s}", "event", "lost"));
			ret = 0;
		}
	}
	live_end(&live);
	nl_close(nl);
	return ret ? REFUSED : DONE;
}
