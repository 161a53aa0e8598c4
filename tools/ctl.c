// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl.h"
#include "file.h"
#include "say.h"
#include "ios/ios.h"
#include "ios/wipe.h"

#define ANSWER_SECONDS 30
#define ANSWER_MAX (64u << 20)
#define MIRROR_MAX (64u << 20)

/* ------------------------------------------------------------------- one request */

/* Set by -n: /run is not that of the namespace, so neither is the mirror. */
static bool foreign_netns;

static unsigned int patience = ANSWER_SECONDS;

void ctl_set_foreign_netns(void)
{
	foreign_netns = true;
}

void ctl_set_patience(unsigned int seconds)
{
	patience = seconds ? seconds : ANSWER_SECONDS;
}

/*
 * Several gateways of one machine have a charon each, and a /run of their own;
 * entering only the network namespace reaches another one's socket.
 *
 * Return: 0, or -EXDEV after saying that the daemon works elsewhere.
 */
static int ctl_check_netns(int fd)
{
	struct stat ours, theirs;
	socklen_t len = sizeof(struct ucred);
	struct ucred peer;
	char path[64];

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
		return -errno;
	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)peer.pid);
	/* of another PID namespace: cannot be told */
	if (stat(path, &theirs) || stat("/proc/self/ns/net", &ours))
		return 0;
	if (ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino)
		return 0;
	fprintf(stderr, "cryptomap: charon at %s works in another network namespace (enter its mount namespace too)\n",
		CTL_SOCKET);
	return -EXDEV;
}

int ctl_connect(const char *path)
{
	struct timeval limit = { .tv_sec = patience };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		/* a socket that nobody listens on is left over of a dead process */
		err = errno == ECONNREFUSED || errno == ENOENT ? -ENOENT : -errno;
		close(fd);
		return err;
	}
	return fd;
}

static int ctl_connect_daemon(void)
{
	int fd = ctl_connect(CTL_SOCKET), err;

	if (fd < 0)
		return fd;
	err = ctl_check_netns(fd);
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

int ctl_send(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = send(fd, text, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= n;
	}
	return 0;
}

/* A line of any length up to ANSWER_MAX; it may hold keys. */
static int ctl_receive(int fd, char **line, size_t *len)
{
	size_t size = 64u << 10;
	char *buf = malloc(size), *bigger;
	ssize_t n;
	int err;

	*len = 0;
	while (buf) {
		n = recv(fd, buf + *len, size - *len, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			err = n ? -errno : -EPIPE;
			goto fail;
		}
		*len += n;
		if (buf[*len - 1] == '\n') {
			*line = buf;
			return 0;
		}
		if (*len < size)
			continue;
		err = -EMSGSIZE;
		if (size >= ANSWER_MAX)
			goto fail;
		bigger = wipe_grow(buf, size, size * 2);
		err = -ENOMEM;
		if (!bigger)
			goto fail;
		buf = bigger;
		size *= 2;
	}
	return -ENOMEM;

fail:
	wipe_free(buf, *len);
	return err;
}

/*
 * One request, whose reference is taken. Return: 0 and the answer, which says
 * "ok"; -ENOENT when no daemon answers (nothing was said about it); another
 * negative errno after saying why.
 */
static int ctl_request(json_t *request, json_t **answer)
{
	char *text = request ? json_dumps(request, JSON_COMPACT) : NULL, *line = NULL;
	json_error_t error;
	size_t len = 0;
	int fd, ret;

	*answer = NULL;
	json_decref(request);
	if (!text)
		return say_no_memory();
	fd = ctl_connect_daemon();
	ret = fd < 0 ? fd : 0;
	if (!ret)
		ret = ctl_send(fd, text, strlen(text));
	if (!ret)
		ret = ctl_send(fd, "\n", 1);
	if (!ret)
		ret = ctl_receive(fd, &line, &len);
	if (fd >= 0)
		close(fd);
	wipe_free(text, strlen(text));
	if (ret == -ENOENT || ret == -EXDEV)
		return ret;
	if (ret) {
		fprintf(stderr, "cryptomap: no answer from charon at %s: %s%s\n", CTL_SOCKET,
			strerror(ret == -EAGAIN ? ETIMEDOUT : -ret), needs_root(-ret));
		return ret;
	}
	*answer = json_loadb(line, len, 0, &error);
	wipe_free(line, len);
	if (!*answer) {
		fprintf(stderr, "cryptomap: charon's answer is not JSON: %s\n", error.text);
		return -EPROTO;
	}
	if (json_is_true(json_object_get(*answer, "ok")))
		return 0;
	text = (char *)json_string_value(json_object_get(*answer, "error"));
	fprintf(stderr, "cryptomap: charon: %s\n", text ? text : "refused");
	json_decref(*answer);
	*answer = NULL;
	return -EINVAL;
}

static void no_daemon(void)
{
	fprintf(stderr, "cryptomap: charon with the kernel-cryptomap plugin is not running (nobody answers at %s)\n",
		CTL_SOCKET);
}

/* ------------------------------------------------------------------------- debug */

int ctl_debug(const char *crypto, const char *peer)
{
	json_t *request = json_pack("{s:s, s:s, s:s*}", "cmd", "debug", "crypto", crypto, "peer", peer);
	char *text = request ? json_dumps(request, JSON_COMPACT) : NULL;
	int fd, ret;

	json_decref(request);
	if (!text) {
		fputs("cryptomap: out of memory\n", stderr);
		return -ENOMEM;
	}
	fd = ctl_connect_daemon();
	if (fd == -ENOENT)
		no_daemon();
	else if (fd < 0 && fd != -EXDEV)
		fprintf(stderr, "cryptomap: %s: %s%s\n", CTL_SOCKET, strerror(-fd), needs_root(-fd));
	ret = fd < 0 ? fd : 0;
	if (!ret)
		ret = ctl_send(fd, text, strlen(text));
	if (!ret)
		ret = ctl_send(fd, "\n", 1);
	free(text);
	if (!ret)
		return fd;
	if (fd >= 0) {
		fprintf(stderr, "cryptomap: charon at %s: %s\n", CTL_SOCKET, strerror(-ret));
		close(fd);
	}
	return ret;
}

/* -------------------------------------------------------------------- phase-1 SAs */

static void get_string(const json_t *object, const char *key, char *buf, size_t size)
{
	const char *value = json_string_value(json_object_get(object, key));

	snprintf(buf, size, "%s", value ? value : "");
}

static json_int_t get_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void decode(const json_t *row, struct isakmp_sa *sa)
{
	sa->conn_id = get_int(row, "conn-id");
	get_string(row, "local", sa->local, sizeof(sa->local));
	get_string(row, "remote", sa->remote, sizeof(sa->remote));
	sa->local_port = get_int(row, "local-port");
	sa->remote_port = get_int(row, "remote-port");
	sa->initiator = json_is_true(json_object_get(row, "initiator"));
	get_string(row, "state", sa->state, sizeof(sa->state));
	sa->deleted = json_is_true(json_object_get(row, "deleted"));
	get_string(row, "encr", sa->encr, sizeof(sa->encr));
	get_string(row, "hash", sa->hash, sizeof(sa->hash));
	get_string(row, "auth", sa->auth, sizeof(sa->auth));
	sa->key_bits = get_int(row, "key-bits");
	sa->group = get_int(row, "group");
	sa->lifetime = get_int(row, "lifetime");
	sa->uptime = get_int(row, "uptime");
	sa->dpd = json_is_true(json_object_get(row, "dpd"));
	sa->nat = json_is_true(json_object_get(row, "nat"));
	get_string(row, "id", sa->id, sizeof(sa->id));
}

int ctl_isakmp_list(struct isakmp_sas *sas, bool quiet)
{
	json_t *answer, *rows;
	size_t i;
	int ret;

	*sas = (struct isakmp_sas){ 0 };
	ret = ctl_request(json_pack("{s:s}", "cmd", "isakmp-list"), &answer);
	if (ret == -ENOENT && !quiet)
		no_daemon();
	if (ret)
		return ret;
	rows = json_object_get(answer, "sas");
	sas->v = calloc(json_array_size(rows) + 1, sizeof(*sas->v));
	if (sas->v)
		sas->n = json_array_size(rows);
	else
		ret = -ENOMEM;
	for (i = 0; i < sas->n; i++)
		decode(json_array_get(rows, i), &sas->v[i]);
	json_decref(answer);
	return ret;
}

int ctl_isakmp_clear(uint32_t conn_id)
{
	json_t *request = json_pack("{s:s}", "cmd", "isakmp-clear"), *answer;
	int ret;

	if (request && conn_id)
		json_object_set_new(request, "conn-id", json_integer(conn_id));
	ret = ctl_request(request, &answer);
	if (ret == -ENOENT)
		no_daemon();
	if (ret)
		return ret;
	ret = get_int(answer, "count");
	json_decref(answer);
	return ret;
}

/* ------------------------------------------------------------ phase-1 configuration */

/* Says each warning that @before has not, NULL for none. */
static void say_warnings(const json_t *warnings, const json_t *before)
{
	json_t *warning, *other;
	size_t i, j;

	json_array_foreach((json_t *)warnings, i, warning) {
		json_array_foreach((json_t *)before, j, other)
			if (json_equal(warning, other))
				break;
		if (j == json_array_size(before))
			fprintf(stderr, "cryptomap: warning: %s\n", json_string_value(warning));
	}
}

int ctl_config_set(const char *text, bool *running, bool anew)
{
	static json_t *said;
	json_t *answer, *warnings;
	int ret;

	ret = ctl_request(json_pack("{s:s, s:s}", "cmd", "config-set", "text", text), &answer);
	if (!ret) {
		warnings = json_object_get(answer, "warnings");
		say_warnings(warnings, anew ? NULL : said);
		json_decref(said);
		said = json_incref(warnings);
	}
	json_decref(answer);
	*running = ret != -ENOENT;
	if (*running)
		return ret;
	return foreign_netns ? 0 : file_replace(CTL_MIRROR, text, 0600);
}

static char *mirror_read(void)
{
	char *text = NULL;
	struct stat st;
	ssize_t n;
	int fd;

	fd = open(CTL_MIRROR, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return strdup("");
	if (fd < 0 || fstat(fd, &st) || st.st_size > MIRROR_MAX)
		goto fail;
	text = calloc(1, st.st_size + 1);
	if (!text)
		goto fail;
	n = read(fd, text, st.st_size);
	if (n != st.st_size)
		goto fail;
	close(fd);
	return text;

fail:
	fprintf(stderr, "cryptomap: cannot read %s: %s%s\n", CTL_MIRROR, strerror(errno),
		needs_root(errno));
	ios_text_free(text);
	if (fd >= 0)
		close(fd);
	return NULL;
}

char *ctl_config_get(void)
{
	const char *value;
	json_t *answer;
	char *text;
	int ret;

	ret = ctl_request(json_pack("{s:s}", "cmd", "config-get"), &answer);
	if (ret == -ENOENT)
		return foreign_netns ? strdup("") : mirror_read();
	if (ret)
		return NULL;
	value = json_string_value(json_object_get(answer, "text"));
	text = strdup(value ? value : "");
	json_decref(answer);
	return text;
}
