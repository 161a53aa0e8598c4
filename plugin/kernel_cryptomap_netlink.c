/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_netlink.h"

#include <linux/netlink.h>

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>

typedef struct private_kernel_cryptomap_netlink_t private_kernel_cryptomap_netlink_t;

/** Replies of a dump come in chunks of at most this size */
#define REPLY_SIZE 32768
/** Seconds to wait for a reply: the kernel answers while it takes a request,
 * none at all means that it had no memory for one */
#define REPLY_TIME 10

struct private_kernel_cryptomap_netlink_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_netlink_t public;

	/**
	 * Netlink socket.
	 */
	struct mnl_socket *nl;

	/**
	 * Length of the header before the attributes of a reply.
	 */
	size_t header;

	/**
	 * Sequence number of the last request.
	 */
	uint32_t seq;

	/**
	 * Where replies are received.
	 */
	char reply[REPLY_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/**
 * What the callbacks of libmnl need.
 */
typedef struct {
	private_kernel_cryptomap_netlink_t *this;
	kernel_cryptomap_msg_t *msg;
	kernel_cryptomap_reply_t cb;
	void *user;
	/** what the kernel says, apart from errno: libmnl has its own use for
	 * some numbers */
	int error;
} call_t;

/**
 * Copy the text that the kernel adds to an error, if it does.
 */
static void get_extack(kernel_cryptomap_msg_t *msg, const struct nlmsghdr *nlh,
					   size_t offset)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
	{
		return;
	}
	mnl_attr_for_each(attr, nlh, offset)
	{
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
		{
			snprintf(msg->error, sizeof(msg->error), "%.*s",
					 (int)mnl_attr_get_payload_len(attr),
					 mnl_attr_get_str(attr));
		}
	}
}

/**
 * A reply.
 */
static int on_data(const struct nlmsghdr *nlh, void *data)
{
	call_t *call = data;

	if (call->cb && mnl_nlmsg_get_payload_len(nlh) >= call->this->header)
	{
		call->cb(call->user, nlh);
	}
	return MNL_CB_OK;
}

/**
 * An acknowledgement or an error.
 */
static int on_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	call_t *call = data;
	size_t offset = sizeof(*err);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err))
	{
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!err->error)
	{
		return MNL_CB_STOP;
	}
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
	{
		offset += err->msg.nlmsg_len - sizeof(err->msg);
	}
	get_extack(call->msg, nlh, offset);
	call->error = abs(err->error);
	return MNL_CB_STOP;
}

/**
 * The end of a dump.
 */
static int on_done(const struct nlmsghdr *nlh, void *data)
{
	const int *error = mnl_nlmsg_get_payload(nlh);
	call_t *call = data;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*error) && *error < 0)
	{
		get_extack(call->msg, nlh, sizeof(*error));
		call->error = -*error;
	}
	return MNL_CB_STOP;
}

/**
 * Whether a chunk of a dump says that the dump is not consistent. The flag is
 * removed, as libmnl would stop at it and leave the rest in the socket.
 */
static bool take_interrupted(void *buf, int len)
{
	struct nlmsghdr *nlh;
	bool interrupted = FALSE;

	for (nlh = buf; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
	{
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		{
			nlh->nlmsg_flags &= ~NLM_F_DUMP_INTR;
			interrupted = TRUE;
		}
	}
	return interrupted;
}

/**
 * Send a request and run the callbacks on all that comes back.
 */
static int transact(private_kernel_cryptomap_netlink_t *this,
					kernel_cryptomap_msg_t *msg, kernel_cryptomap_reply_t cb,
					void *user)
{
	static mnl_cb_t ctl[NLMSG_MIN_TYPE] = {
		[NLMSG_ERROR] = on_error,
		[NLMSG_DONE] = on_done,
	};
	call_t call = {
		.this = this,
		.msg = msg,
		.cb = cb,
		.user = user,
	};
	bool interrupted = FALSE;
	int ret = MNL_CB_OK;
	ssize_t len;

	msg->nlh->nlmsg_seq = ++this->seq;
	if (mnl_socket_sendto(this->nl, msg->nlh, msg->nlh->nlmsg_len) < 0)
	{
		return errno;
	}
	while (ret > MNL_CB_STOP)
	{
		len = mnl_socket_recvfrom(this->nl, this->reply, sizeof(this->reply));
		if (len < 0)
		{
			return errno == EAGAIN ? ETIMEDOUT : errno;
		}
		interrupted |= take_interrupted(this->reply, len);
		ret = mnl_cb_run2(this->reply, len, this->seq,
						  mnl_socket_get_portid(this->nl), on_data, &call,
						  ctl, countof(ctl));
		if (ret < 0 && (errno == ESRCH || errno == EPROTO))
		{	/* libmnl: the rest of an earlier request that failed half way */
			ret = MNL_CB_OK;
		}
	}
	if (ret < 0)
	{
		return errno;
	}
	return call.error ?: interrupted ? EINTR : 0;
}

METHOD(kernel_cryptomap_netlink_t, call, int,
	private_kernel_cryptomap_netlink_t *this, kernel_cryptomap_msg_t *msg,
	kernel_cryptomap_reply_t cb, void *user)
{
	int error;

	error = transact(this, msg, cb, user);
	memwipe(msg->buf, sizeof(msg->buf));
	if (error && !msg->error[0])
	{
		snprintf(msg->error, sizeof(msg->error), "%s", strerror(error));
	}
	return error;
}

METHOD(kernel_cryptomap_netlink_t, get_port, uint32_t,
	private_kernel_cryptomap_netlink_t *this)
{
	return mnl_socket_get_portid(this->nl);
}

METHOD(kernel_cryptomap_netlink_t, destroy, void,
	private_kernel_cryptomap_netlink_t *this)
{
	if (this->nl)
	{
		mnl_socket_close(this->nl);
	}
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_netlink_t *kernel_cryptomap_netlink_create(int bus,
															size_t header)
{
	private_kernel_cryptomap_netlink_t *this;
	struct timeval timeout = {
		.tv_sec = REPLY_TIME,
	};
	int on = 1;

	INIT(this,
		.public = {
			.call = _call,
			.get_port = _get_port,
			.destroy = _destroy,
		},
		.header = header,
		.nl = mnl_socket_open2(bus, SOCK_CLOEXEC),
	);

	if (!this->nl || mnl_socket_bind(this->nl, 0, MNL_SOCKET_AUTOPID) < 0)
	{
		DBG1(DBG_KNL, "opening a netlink socket failed: %s", strerror(errno));
		destroy(this);
		return NULL;
	}
	/* texts of errors, and no copy of requests (they may hold keys) */
	mnl_socket_setsockopt(this->nl, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(this->nl, NETLINK_CAP_ACK, &on, sizeof(on));
	/* dumps that the kernel filters */
	mnl_socket_setsockopt(this->nl, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	/* a lost reply must not hold up all threads for ever */
	setsockopt(mnl_socket_get_fd(this->nl), SOL_SOCKET, SO_RCVTIMEO, &timeout,
			   sizeof(timeout));
	return &this->public;
}

/**
 * See header.
 */
void *kernel_cryptomap_netlink_init(kernel_cryptomap_msg_t *msg, uint16_t type,
									uint16_t flags, size_t header)
{
	msg->error[0] = '\0';
	msg->nlh = mnl_nlmsg_put_header(msg->buf);
	msg->nlh->nlmsg_type = type;
	msg->nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	return mnl_nlmsg_put_extra_header(msg->nlh, header);
}

/**
 * Note an attribute in a table.
 */
static void index_attr(const struct nlattr *attr, const struct nlattr **tb,
					   int max)
{
	if (mnl_attr_get_type(attr) <= max)
	{
		tb[mnl_attr_get_type(attr)] = attr;
	}
}

/**
 * See header.
 */
void kernel_cryptomap_attrs_at(const struct nlmsghdr *nlh, size_t header,
							   const struct nlattr **tb, int max)
{
	const struct nlattr *attr;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_for_each(attr, nlh, header)
	{
		index_attr(attr, tb, max);
	}
}

/**
 * See header.
 */
void kernel_cryptomap_nest(const struct nlattr *nest,
						   const struct nlattr **tb, int max)
{
	const struct nlattr *attr;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	if (nest)
	{
		mnl_attr_for_each_nested(attr, nest)
		{
			index_attr(attr, tb, max);
		}
	}
}

/**
 * See header.
 */
uint64_t kernel_cryptomap_num(const struct nlattr *attr)
{
	switch (attr ? mnl_attr_get_payload_len(attr) : 0)
	{
		case sizeof(uint8_t):
			return mnl_attr_get_u8(attr);
		case sizeof(uint16_t):
			return mnl_attr_get_u16(attr);
		case sizeof(uint32_t):
			return mnl_attr_get_u32(attr);
		case sizeof(uint64_t):
			return mnl_attr_get_u64(attr);
		default:
			return 0;
	}
}

/**
 * See header.
 */
const char *kernel_cryptomap_str(const struct nlattr *attr)
{
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
	{
		return "";
	}
	return mnl_attr_get_str(attr);
}

/**
 * See header.
 */
host_t *kernel_cryptomap_host(const struct nlattr *attr, uint16_t port)
{
	chunk_t addr;

	if (!attr)
	{
		return NULL;
	}
	addr = chunk_create(mnl_attr_get_payload(attr),
						mnl_attr_get_payload_len(attr));
	return host_create_from_chunk(AF_UNSPEC, addr, port);
}

/**
 * See header.
 */
void kernel_cryptomap_put_host(struct nlmsghdr *nlh, uint16_t type,
							   host_t *host)
{
	chunk_t addr = host->get_address(host);

	mnl_attr_put(nlh, type, addr.len, addr.ptr);
}
