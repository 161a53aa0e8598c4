// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "nl.h"
#include "say.h"

#define RECV_SIZE (256u << 10)
#define BATCH_SIZE (100u << 10)
#define BATCH_MESSAGE_MAX (66u << 10)
#define DUMP_TRIES 20

#ifndef NLM_F_DUMP_INTR
#define NLM_F_DUMP_INTR 0x10
#endif

struct nl {
	struct mnl_socket *sk;
	uint32_t seq;
	uint16_t family;
	char recv[RECV_SIZE];
};

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *fmt, ...)
{
	va_list ap;

	fputs("cryptomap: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* ----------------------------------------------------------------- attributes */

struct table {
	const struct nlattr **tb;
	unsigned int max;
};

static int table_cb(const struct nlattr *attr, void *data)
{
	struct table *table = data;
	unsigned int type = mnl_attr_get_type(attr);

	if (type <= table->max)
		table->tb[type] = attr;
	return MNL_CB_OK;
}

void nl_attrs(const struct nlmsghdr *nlh, const struct nlattr **tb, unsigned int max)
{
	struct table table = { tb, max };

	memset(tb, 0, (max + 1) * sizeof(*tb));
	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(struct genlmsghdr))
		mnl_attr_parse(nlh, sizeof(struct genlmsghdr), table_cb, &table);
}

void nl_nest(const struct nlattr *nest, const struct nlattr **tb, unsigned int max)
{
	struct table table = { tb, max };

	memset(tb, 0, (max + 1) * sizeof(*tb));
	if (nest)
		mnl_attr_parse_nested(nest, table_cb, &table);
}

static bool has(const struct nlattr *attr, size_t len)
{
	return attr && mnl_attr_get_payload_len(attr) >= len;
}

uint8_t nl_u8(const struct nlattr *attr, uint8_t absent)
{
	return has(attr, 1) ? mnl_attr_get_u8(attr) : absent;
}

uint16_t nl_u16(const struct nlattr *attr, uint16_t absent)
{
	return has(attr, 2) ? mnl_attr_get_u16(attr) : absent;
}

uint32_t nl_u32(const struct nlattr *attr, uint32_t absent)
{
	return has(attr, 4) ? mnl_attr_get_u32(attr) : absent;
}

uint64_t nl_u64(const struct nlattr *attr, uint64_t absent)
{
	return has(attr, 8) ? mnl_attr_get_u64(attr) : absent;
}

void nl_string(const struct nlattr *attr, char *buf, size_t size)
{
	size_t len = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (len >= size)
		len = size - 1;
	if (len)
		memcpy(buf, mnl_attr_get_payload(attr), len);
	buf[len] = '\0';
}

struct ios_addr nl_addr(const struct nlattr *attr)
{
	struct ios_addr addr = { .family = AF_UNSPEC };
	size_t len = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (len != 4 && len != 16)
		return addr;
	addr.family = len == 4 ? AF_INET : AF_INET6;
	memcpy(addr.bytes, mnl_attr_get_payload(attr), len);
	return addr;
}

void nl_put_addr(struct nlmsghdr *nlh, uint16_t type, const struct ios_addr *addr)
{
	mnl_attr_put(nlh, type, addr->family == AF_INET6 ? 16 : 4, addr->bytes);
}

/* ------------------------------------------------------------------- messages */

static struct nlmsghdr *message(struct nl *nl, void *buf, uint16_t type, uint8_t cmd,
				uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++nl->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

struct nlmsghdr *nl_message(struct nl *nl, void *buf, uint8_t cmd, uint16_t flags)
{
	return message(nl, buf, nl->family, cmd, flags);
}

/* The text of an errno of the kernel, with what it misses where it says EPERM. */
static const char *errno_text(int err)
{
	return err == EPERM ? "operation not permitted (CAP_NET_ADMIN is needed)" : strerror(err);
}

/* The text of the kernel about an error, or that of the errno. */
static const char *error_text(const struct nlmsghdr *nlh, char *buf, size_t size)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[NLMSGERR_ATTR_MAX + 1] = { NULL };
	struct table table = { tb, NLMSGERR_ATTR_MAX };
	size_t skip = sizeof(*err);

	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS) {
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
			skip += err->msg.nlmsg_len - sizeof(err->msg);
		if (skip <= mnl_nlmsg_get_payload_len(nlh))
			mnl_attr_parse(nlh, skip, table_cb, &table);
	}
	nl_string(tb[NLMSGERR_ATTR_MSG], buf, size);
	if (*buf)
		return buf;
	return errno_text(-err->error);
}

/* Return: 0 or -errno, said. */
static int transmit(struct nl *nl, const void *buf, size_t len)
{
	int ret = mnl_socket_sendto(nl->sk, buf, len) < 0 ? -errno : 0;

	if (ret)
		say("cannot send to the kernel: %s", strerror(-ret));
	return ret;
}

/* Return: the length of what is in nl->recv; or -errno, said. */
static ssize_t receive(struct nl *nl)
{
	ssize_t n = mnl_socket_recvfrom(nl->sk, nl->recv, sizeof(nl->recv));

	if (n < 0) {
		n = -errno;
		say("no answer from the kernel: %s", strerror(-n));
	}
	return n;
}

/* How a dump ended: 0, or the error of the kernel, said. */
static int done_status(const struct nlmsghdr *nlh)
{
	int status = 0;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(status))
		memcpy(&status, mnl_nlmsg_get_payload(nlh), sizeof(status));
	if (status >= 0)
		return 0;
	say("%s", strerror(-status));
	return status;
}

/* What a request came to: 0, or the error of the kernel, said unless it is one of @quiet. */
static int error_status(const struct nlmsghdr *nlh, const int *quiet)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	char text[512];

	while (quiet && *quiet && -err->error != *quiet)
		quiet++;
	if (err->error && !(quiet && *quiet))
		say("%s", error_text(nlh, text, sizeof(text)));
	return err->error;
}

/*
 * Sends a request and hands over what is answered, up to its end: that of a dump, or the
 * acknowledgement. Return: the error that was answered, the first negative number of @row,
 * or what it said last; -EAGAIN for a dump that was interrupted.
 */
static int converse(struct nl *nl, const struct nlmsghdr *nlh, nl_row_fn row, void *data,
		    const int *quiet)
{
	const struct nlmsghdr *got;
	uint32_t seq = nlh->nlmsg_seq;
	bool interrupted = false;
	ssize_t left;
	int len, status, ret;

	ret = transmit(nl, nlh, nlh->nlmsg_len);
	if (ret)
		return ret;
	for (;;) {
		left = receive(nl);
		if (left < 0)
			return left;
		len = left;
		for (got = (void *)nl->recv; mnl_nlmsg_ok(got, len); got = mnl_nlmsg_next(got, &len)) {
			if (got->nlmsg_seq != seq)
				continue;
			interrupted |= got->nlmsg_flags & NLM_F_DUMP_INTR;
			if (got->nlmsg_type == NLMSG_DONE) {
				status = done_status(got);
				return status ? status : ret < 0 || !interrupted ? ret : -EAGAIN;
			}
			if (got->nlmsg_type == NLMSG_ERROR &&
			    mnl_nlmsg_get_payload_len(got) >= sizeof(struct nlmsgerr)) {
				status = error_status(got, quiet);
				return status ? status : ret;
			}
			if (row && ret >= 0 && got->nlmsg_type >= NLMSG_MIN_TYPE)
				ret = row(got, data);
		}
	}
}

int nl_request(struct nl *nl, struct nlmsghdr *nlh, nl_row_fn row, void *data, const int *quiet)
{
	nlh->nlmsg_flags |= NLM_F_ACK;
	return converse(nl, nlh, row, data, quiet);
}

/* ----------------------------------------------------------------------- dumps */

/* struct pile - the messages of a dump, one after the other */
struct pile {
	char *buf;
	size_t len;
	size_t size;
};

static int pile_add(const struct nlmsghdr *nlh, void *data)
{
	struct pile *pile = data;
	size_t len = MNL_ALIGN(nlh->nlmsg_len), size = pile->size ? pile->size : RECV_SIZE;
	char *bigger;

	while (size - pile->len < len)
		size *= 2;
	if (size != pile->size) {
		bigger = realloc(pile->buf, size);
		if (!bigger) {
			say_no_memory();
			return -ENOMEM;
		}
		pile->buf = bigger;
		pile->size = size;
	}
	memcpy(pile->buf + pile->len, nlh, nlh->nlmsg_len);
	pile->len += len;
	return 0;
}

/* One try of a dump; -EAGAIN when it was interrupted. */
static int dump_once(struct nl *nl, uint8_t cmd, struct pile *pile)
{
	char buf[NL_MESSAGE_MAX];

	pile->len = 0;
	return converse(nl, nl_message(nl, buf, cmd, NLM_F_DUMP), pile_add, pile, NULL);
}

int nl_dump(struct nl *nl, uint8_t cmd, nl_row_fn row, void *data)
{
	const struct nlmsghdr *nlh;
	struct pile pile = { 0 };
	int tries, len, ret;

	for (tries = 0; tries < DUMP_TRIES; tries++) {
		ret = dump_once(nl, cmd, &pile);
		if (ret != -EAGAIN)
			break;
	}
	if (ret == -EAGAIN)
		say("the configuration changes too fast to be shown");
	nlh = (void *)pile.buf;
	for (len = pile.len; !ret && len > 0 && mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len))
		ret = row(nlh, data);
	free(pile.buf);
	return ret;
}

/* ---------------------------------------------------------------------- batches */

/*
 * struct nl_batch - messages that wait to be sent
 * @first: sequence number of the first one in @buf
 * @line:  their lines, by sequence number less @first
 */
struct nl_batch {
	struct nl *nl;
	const char *file;
	struct nlmsghdr *last;
	size_t len;
	uint32_t first;
	unsigned int refused;
	int error;
	unsigned int n_lines;
	unsigned int line[BATCH_SIZE / NLMSG_HDRLEN + 1];
	char buf[BATCH_SIZE + BATCH_MESSAGE_MAX];
};

struct nl_batch *nl_batch_new(struct nl *nl, const char *file)
{
	struct nl_batch *batch = calloc(1, sizeof(*batch));

	if (!batch) {
		say_no_memory();
		return NULL;
	}
	batch->nl = nl;
	batch->file = file;
	return batch;
}

void nl_batch_free(struct nl_batch *batch)
{
	if (!batch)
		return;
	explicit_bzero(batch->buf, sizeof(batch->buf));
	free(batch);
}

static void batch_error(struct nl_batch *batch, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	uint32_t at = nlh->nlmsg_seq - batch->first;
	const char *text;
	char buf[512];

	if (!err->error)
		return;
	batch->refused++;
	text = error_text(nlh, buf, sizeof(buf));
	if (at < batch->n_lines && batch->line[at])
		fprintf(stderr, "%s:%u: %s\n", batch->file, batch->line[at], text);
	else
		fprintf(stderr, "%s: %s\n", batch->file, text);
}

/*
 * The kernel has worked on a message by the time that the send returns, so
 * that what it refused waits in our socket already; nothing is there when all
 * went well.
 */
static void batch_errors(struct nl_batch *batch)
{
	struct nl *nl = batch->nl;
	const struct nlmsghdr *got;
	bool lost = false;
	ssize_t n;
	int len;

	for (;;) {
		n = recv(mnl_socket_get_fd(nl->sk), nl->recv, sizeof(nl->recv), MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		/* the socket tells that some were lost before it gives those that were not */
		if (n < 0 && errno == ENOBUFS && !lost) {
			lost = true;
			continue;
		}
		if (n < 0) {
			if (errno != EAGAIN && errno != EWOULDBLOCK)
				batch->error = -errno;
			break;
		}
		len = n;
		for (got = (void *)nl->recv; mnl_nlmsg_ok(got, len); got = mnl_nlmsg_next(got, &len))
			if (got->nlmsg_type == NLMSG_ERROR &&
			    mnl_nlmsg_get_payload_len(got) >= sizeof(struct nlmsgerr))
				batch_error(batch, got);
	}
	if (lost) {
		batch->refused++;
		fprintf(stderr, "%s: the kernel module has refused more than it could tell\n", batch->file);
	}
}

static void batch_close(struct nl_batch *batch)
{
	if (batch->last)
		batch->len += MNL_ALIGN(batch->last->nlmsg_len);
	batch->last = NULL;
}

static void batch_send(struct nl_batch *batch)
{
	batch_close(batch);
	if (!batch->len)
		return;
	/* after a refusal nothing more can come of the transaction */
	if (!batch->refused && !batch->error) {
		batch->error = transmit(batch->nl, batch->buf, batch->len);
		if (!batch->error)
			batch_errors(batch);
	}
	batch->len = 0;
	batch->n_lines = 0;
}

struct nlmsghdr *nl_batch_message(struct nl_batch *batch, uint8_t cmd, size_t room,
				  unsigned int line)
{
	batch_close(batch);
	if (batch->len + room + NLMSG_HDRLEN + GENL_HDRLEN > BATCH_SIZE)
		batch_send(batch);
	batch->last = nl_message(batch->nl, batch->buf + batch->len, cmd, 0);
	if (!batch->n_lines)
		batch->first = batch->last->nlmsg_seq;
	batch->line[batch->n_lines++] = line;
	return batch->last;
}

int nl_batch_end(struct nl_batch *batch)
{
	batch_send(batch);
	return batch->error ? batch->error : (int)batch->refused;
}

/* ----------------------------------------------------------------------- socket */

/* Asks for the family, and calls @row with the answer. Return: 0 or -errno, said. */
static int family_ask(struct nl *nl, nl_row_fn row, void *data)
{
	static const int quiet[] = { ENOENT, 0 };
	char buf[NL_MESSAGE_MAX];
	struct nlmsghdr *nlh = message(nl, buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	int ret;

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, CRYPTO_MAP_FAMILY_NAME);
	ret = nl_request(nl, nlh, row, data, quiet);
	if (ret == -ENOENT)
		say("the kernel module crypto_map is not loaded");
	return ret < 0 ? ret : 0;
}

static int family_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct nl *nl = data;

	nl_attrs(nlh, tb, CTRL_ATTR_MAX);
	nl->family = nl_u16(tb[CTRL_ATTR_FAMILY_ID], 0);
	return 0;
}

static int family_find(struct nl *nl)
{
	int ret = family_ask(nl, family_row, nl);

	return ret ? ret : nl->family ? 0 : -ENOENT;
}

struct nl *nl_open(void)
{
	struct nl *nl = calloc(1, sizeof(*nl));
	int on = 1;

	if (!nl) {
		say_no_memory();
		return NULL;
	}
	nl->sk = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->sk || mnl_socket_bind(nl->sk, 0, MNL_SOCKET_AUTOPID) < 0) {
		say("cannot open a netlink socket: %s", strerror(errno));
		nl_close(nl);
		return NULL;
	}
	/* old kernels lack these; then messages are less precise */
	mnl_socket_setsockopt(nl->sk, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->sk, NETLINK_CAP_ACK, &on, sizeof(on));
	nl->seq = time(NULL);
	if (family_find(nl)) {
		nl_close(nl);
		return NULL;
	}
	return nl;
}

uint16_t nl_family(const struct nl *nl)
{
	return nl->family;
}

/* ---------------------------------------------------------------- notifications */

/* What is read late waits here; more is lost, which the kernel tells. */
#define LISTEN_SIZE (4 << 20)

/* struct group - a multicast group; @id: 0 until it was found */
struct group {
	const char *name;
	uint32_t id;
};

static int group_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1], *gb[CTRL_ATTR_MCAST_GRP_MAX + 1], *nest;
	struct group *group = data;
	char name[GENL_NAMSIZ];

	nl_attrs(nlh, tb, CTRL_ATTR_MAX);
	if (!tb[CTRL_ATTR_MCAST_GROUPS])
		return 0;
	mnl_attr_for_each_nested(nest, tb[CTRL_ATTR_MCAST_GROUPS]) {
		nl_nest(nest, gb, CTRL_ATTR_MCAST_GRP_MAX);
		nl_string(gb[CTRL_ATTR_MCAST_GRP_NAME], name, sizeof(name));
		if (!strcmp(name, group->name))
			group->id = nl_u32(gb[CTRL_ATTR_MCAST_GRP_ID], 0);
	}
	return 0;
}

int nl_listen(struct nl *nl, const char *name)
{
	/* tells when a family goes, with which the memberships in its groups go */
	uint32_t ctrl = GENL_ID_CTRL;
	struct group group = { .name = name };
	int size = LISTEN_SIZE, ret;

	ret = family_ask(nl, group_row, &group);
	if (ret)
		return ret;
	if (!group.id) {
		say("the kernel module has no group '%s'", name);
		return -ENOENT;
	}
	setsockopt(nl_fd(nl), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (mnl_socket_setsockopt(nl->sk, NETLINK_ADD_MEMBERSHIP, &ctrl, sizeof(ctrl)) < 0 ||
	    mnl_socket_setsockopt(nl->sk, NETLINK_ADD_MEMBERSHIP, &group.id, sizeof(group.id)) < 0) {
		ret = -errno;
		say("cannot listen to the kernel module: %s", errno_text(-ret));
	}
	return ret;
}

/* Whether a family goes, and ours is it. */
static bool family_gone(const struct nl *nl, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];

	if (nlh->nlmsg_type != GENL_ID_CTRL || genl->cmd != CTRL_CMD_DELFAMILY)
		return false;
	nl_attrs(nlh, tb, CTRL_ATTR_MAX);
	return nl_u16(tb[CTRL_ATTR_FAMILY_ID], 0) == nl->family;
}

int nl_fd(const struct nl *nl)
{
	return mnl_socket_get_fd(nl->sk);
}

int nl_events(struct nl *nl, nl_row_fn row, void *data)
{
	const struct nlmsghdr *nlh;
	ssize_t n = mnl_socket_recvfrom(nl->sk, nl->recv, sizeof(nl->recv));
	int len, ret = 0;

	if (n < 0 && errno == EINTR)
		return 0;
	if (n < 0) {
		ret = -errno;
		if (ret != -ENOBUFS)
			say("no more from the kernel: %s", strerror(-ret));
		return ret;
	}
	len = n;
	for (nlh = (void *)nl->recv; !ret && mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
			continue;
		if (nlh->nlmsg_type == nl->family) {
			ret = row(nlh, data);
		} else if (family_gone(nl, nlh)) {
			say("the kernel module was unloaded");
			ret = -ENODEV;
		}
	}
	return ret;
}

void nl_close(struct nl *nl)
{
	if (!nl)
		return;
	if (nl->sk)
		mnl_socket_close(nl->sk);
	free(nl);
}
