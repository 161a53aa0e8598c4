/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_socket.h"

#include <threading/mutex.h>

#include <linux/crypto_map.h>
#include <linux/netlink.h>

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>

typedef struct private_kernel_cryptomap_socket_t private_kernel_cryptomap_socket_t;

/** Replies of a dump come in chunks of at most this size */
#define REPLY_SIZE 32768
/** Seconds to wait for a reply: the kernel answers while it takes a request,
 * none at all means that it had no memory for one */
#define REPLY_TIME 10

struct private_kernel_cryptomap_socket_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_socket_t public;

	/**
	 * Netlink socket for requests.
	 */
	struct mnl_socket *nl;

	/**
	 * Held from a request to the end of its replies.
	 */
	mutex_t *mutex;

	/**
	 * Sequence number of the last request.
	 */
	uint32_t seq;

	/**
	 * Id of the family, 0 while there is none.
	 */
	uint16_t family;

	/**
	 * Id of the family that there was last; the kernel gives each a new one.
	 */
	uint16_t last;

	/**
	 * Where replies are received.
	 */
	char reply[REPLY_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/**
 * What the callbacks of libmnl need.
 */
typedef struct {
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

	if (call->cb && mnl_nlmsg_get_payload_len(nlh) >= sizeof(struct genlmsghdr))
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
 * Send a request and run the callbacks on all that comes back. Mutex held.
 */
static int transact(private_kernel_cryptomap_socket_t *this,
					kernel_cryptomap_msg_t *msg, kernel_cryptomap_reply_t cb,
					void *user)
{
	static mnl_cb_t ctl[NLMSG_MIN_TYPE] = {
		[NLMSG_ERROR] = on_error,
		[NLMSG_DONE] = on_done,
	};
	call_t call = {
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

/**
 * transact(), then wipe the request and find a text for an error.
 */
static int transact_and_wipe(private_kernel_cryptomap_socket_t *this,
							 kernel_cryptomap_msg_t *msg,
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

/**
 * Write the headers of a request.
 */
static void put_header(kernel_cryptomap_msg_t *msg, uint16_t type,
					   uint8_t cmd, uint8_t version, bool dump)
{
	struct genlmsghdr *genl;

	msg->error[0] = '\0';
	msg->nlh = mnl_nlmsg_put_header(msg->buf);
	msg->nlh->nlmsg_type = type;
	msg->nlh->nlmsg_flags = NLM_F_REQUEST | (dump ? NLM_F_DUMP : NLM_F_ACK);
	genl = mnl_nlmsg_put_extra_header(msg->nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = version;
}

/**
 * What a reply to CTRL_CMD_GETFAMILY says.
 */
typedef struct {
	uint16_t family;
	uint32_t group;
} family_t;

/**
 * Take the ids of the family and its group for IKE daemons.
 */
static void on_family(void *user, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CTRL_ATTR_MCAST_GROUPS + 1], *group;
	const struct nlattr *gb[CTRL_ATTR_MCAST_GRP_ID + 1];
	family_t *family = user;

	kernel_cryptomap_attrs(nlh, tb, CTRL_ATTR_MCAST_GROUPS);
	family->family = kernel_cryptomap_num(tb[CTRL_ATTR_FAMILY_ID]);
	if (!tb[CTRL_ATTR_MCAST_GROUPS])
	{
		return;
	}
	mnl_attr_for_each_nested(group, tb[CTRL_ATTR_MCAST_GROUPS])
	{
		kernel_cryptomap_nest(group, gb, CTRL_ATTR_MCAST_GRP_ID);
		if (streq(kernel_cryptomap_str(gb[CTRL_ATTR_MCAST_GRP_NAME]),
				  CRYPTO_MAP_MCGRP_IKE))
		{
			family->group = kernel_cryptomap_num(gb[CTRL_ATTR_MCAST_GRP_ID]);
		}
	}
}

METHOD(kernel_cryptomap_socket_t, connect_, int,
	private_kernel_cryptomap_socket_t *this, uint32_t *group, bool *reloaded)
{
	kernel_cryptomap_msg_t msg;
	family_t family = {};
	int error;

	put_header(&msg, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, FALSE);
	mnl_attr_put_strz(msg.nlh, CTRL_ATTR_FAMILY_NAME, CRYPTO_MAP_FAMILY_NAME);

	this->mutex->lock(this->mutex);
	error = transact_and_wipe(this, &msg, on_family, &family);
	if (!error && (!family.family || !family.group))
	{
		error = EPROTONOSUPPORT;
	}
	this->family = error ? 0 : family.family;
	*reloaded = this->family && this->last && this->family != this->last;
	if (this->family)
	{
		this->last = this->family;
	}
	this->mutex->unlock(this->mutex);

	*group = family.group;
	return error;
}

METHOD(kernel_cryptomap_socket_t, disconnect, void,
	private_kernel_cryptomap_socket_t *this)
{
	this->mutex->lock(this->mutex);
	this->family = 0;
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_socket_t, init, void,
	private_kernel_cryptomap_socket_t *this, kernel_cryptomap_msg_t *msg,
	uint8_t cmd, bool dump)
{
	/* call() knows the family */
	put_header(msg, 0, cmd, CRYPTO_MAP_FAMILY_VERSION, dump);
}

METHOD(kernel_cryptomap_socket_t, call, int,
	private_kernel_cryptomap_socket_t *this, kernel_cryptomap_msg_t *msg,
	kernel_cryptomap_reply_t cb, void *user)
{
	int error;

	this->mutex->lock(this->mutex);
	if (this->family)
	{
		msg->nlh->nlmsg_type = this->family;
		error = transact_and_wipe(this, msg, cb, user);
	}
	else
	{
		memwipe(msg->buf, sizeof(msg->buf));
		snprintf(msg->error, sizeof(msg->error),
				 "kernel module crypto_map is not loaded");
		error = ENOTCONN;
	}
	this->mutex->unlock(this->mutex);
	return error;
}

METHOD(kernel_cryptomap_socket_t, destroy, void,
	private_kernel_cryptomap_socket_t *this)
{
	if (this->nl)
	{
		mnl_socket_close(this->nl);
	}
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_socket_t *kernel_cryptomap_socket_create()
{
	private_kernel_cryptomap_socket_t *this;
	struct timeval timeout = {
		.tv_sec = REPLY_TIME,
	};
	int on = 1;

	INIT(this,
		.public = {
			.connect = _connect_,
			.disconnect = _disconnect,
			.init = _init,
			.call = _call,
			.destroy = _destroy,
		},
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
		.nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC),
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
	/* a lost reply must not hold up all threads for ever */
	setsockopt(mnl_socket_get_fd(this->nl), SOL_SOCKET, SO_RCVTIMEO, &timeout,
			   sizeof(timeout));
	return &this->public;
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
void kernel_cryptomap_attrs(const struct nlmsghdr *nlh,
							const struct nlattr **tb, int max)
{
	const struct nlattr *attr;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
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
