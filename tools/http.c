// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "http.h"

#define REQUEST_MAX 8192
#define TIMEOUT_MS 10000

/* All up to the empty line that ends a request without a body. Return: whether it came. */
static bool receive(int fd, char buf[REQUEST_MAX])
{
	int64_t until = clock_ms() + TIMEOUT_MS, left;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	ssize_t n;

	for (;;) {
		left = until - clock_ms();
		if (left <= 0 || poll(&p, 1, left) <= 0)
			return false;
		n = read(fd, buf + len, REQUEST_MAX - 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		len += n;
		buf[len] = '\0';
		if (strlen(buf) == len && (strstr(buf, "\r\n\r\n") || strstr(buf, "\n\n")))
			return true;
	}
}

static void answer(FILE *out, const char *status, const char *more, const char *type,
		   const char *body)
{
	fprintf(out, "HTTP/1.1 %s\r\n%sContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
		status, more, type, strlen(body), body);
}

static void refuse(FILE *out, const char *status, const char *more)
{
	answer(out, status, more, "text/plain; charset=utf-8", "");
}

bool http_request(int fd, const char *path, FILE *out)
{
	char buf[REQUEST_MAX], *method = buf, *target, *version;

	if (!receive(fd, buf)) {
		refuse(out, "400 Bad Request", "");
		return false;
	}
	buf[strcspn(buf, "\r\n")] = '\0';
	target = strchr(method, ' ');
	version = target ? strchr(target + 1, ' ') : NULL;
	if (!version || strncmp(version, " HTTP/1.", 8)) {
		refuse(out, "400 Bad Request", "");
		return false;
	}
	*target++ = '\0';
	*version = '\0';
	target[strcspn(target, "?")] = '\0';
	if (strcmp(method, "GET")) {
		refuse(out, "405 Method Not Allowed", "Allow: GET\r\n");
		return false;
	}
	if (strcmp(target, path)) {
		refuse(out, "404 Not Found", "");
		return false;
	}
	return true;
}

void http_answer(FILE *out, const char *text)
{
	if (text)
		answer(out, "200 OK", "", "text/plain; version=0.0.4; charset=utf-8", text);
	else
		refuse(out, "503 Service Unavailable", "");
}
