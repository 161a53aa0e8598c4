// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debug crypto: what charon says of negotiations, as it says it.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "live.h"

/* struct stream - what has come and is not a whole line yet */
struct stream {
	char buf[16384];
	size_t len;
};

/* A line in the manner of IOS. */
static void print_line(FILE *f, const char *crypto, const json_t *object)
{
	const char *peer = json_string_value(json_object_get(object, "peer"));
	const char *line = json_string_value(json_object_get(object, "line"));
	json_int_t missed = json_integer_value(json_object_get(object, "missed"));
	struct timespec now;
	struct tm tm;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(text, sizeof(text), "%b %e %T", &tm);
	if (missed)
		fprintf(f, "*%s.%03ld: %s: %" JSON_INTEGER_FORMAT " lines were missed\n", text,
			now.tv_nsec / 1000000, crypto, missed);
	fprintf(f, "*%s.%03ld: %s", text, now.tv_nsec / 1000000, crypto);
	if (peer && *peer)
		fprintf(f, " (%s)", ip_shown(peer).s);
	fprintf(f, ": %s\n", line);
	fflush(f);
}

/* Return: whether charon goes on. */
static bool take_line(FILE *f, const char *crypto, const char *text, size_t len)
{
	json_error_t error;
	json_t *object = json_loadb(text, len, 0, &error), *ok = json_object_get(object, "ok");
	bool on = object && (!ok || json_is_true(ok));

	if (!object)
		fprintf(stderr, "cryptomap: charon's answer is not JSON: %s\n", error.text);
	else if (!on)
		fprintf(stderr, "cryptomap: charon: %s\n",
			json_string_value(json_object_get(object, "error")));
	else if (json_object_get(object, "line"))
		print_line(f, crypto, object);
	json_decref(object);
	return on;
}

/* Takes what has come. Return: whether charon goes on. */
static bool take(FILE *f, const char *crypto, int fd, struct stream *s)
{
	ssize_t n = recv(fd, s->buf + s->len, sizeof(s->buf) - s->len, 0);
	char *start = s->buf, *end;

	if (n <= 0) {
		fprintf(stderr, "cryptomap: no more from charon: %s\n",
			n ? strerror(errno) : "it has closed the connection");
		return false;
	}
	s->len += n;
	while ((end = memchr(start, '\n', s->buf + s->len - start))) {
		if (!take_line(f, crypto, start, end - start))
			return false;
		start = end + 1;
	}
	s->len -= start - s->buf;
	memmove(s->buf, start, s->len);
	if (s->len < sizeof(s->buf))
		return true;
	fprintf(stderr, "cryptomap: a line of charon's log has more than %zu bytes\n", sizeof(s->buf));
	return false;
}

int run_debug(const struct args *args)
{
	const char *crypto = args_has(args, "isakmp") ? "ISAKMP" : "IPSEC";
	int fd = ctl_debug(args_has(args, "isakmp") ? "isakmp" : "ipsec",
			   args_value(args, "ADDRESS"));
	struct stream stream = { .len = 0 };
	struct live live;
	bool on = true;

	if (fd < 0)
		return REFUSED;
	if (!live_begin(&live)) {
		close(fd);
		return REFUSED;
	}
	while (on && !ferror(args->out) && live_wait(&live, fd))
		on = take(args->out, crypto, fd, &stream);
	live_end(&live);
	close(fd);
	return on ? DONE : REFUSED;
}
