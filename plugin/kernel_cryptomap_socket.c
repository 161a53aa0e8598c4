/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_socket.h"

#include <threading/mutex.h>

#include <linux/crypto_map.h>
#include <linux/netlink.h>

#include <errno.h>

typedef struct private_kernel_cryptomap_socket_t private_kernel_cryptomap_socket_t;

struct private_kernel_cryptomap_socket_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_socket_t public;

	/**
	 * Netlink socket for requests.
	 */
	kernel_cryptomap_netlink_t *netlink;

	/**
	 * Held from a request to the end of its replies.
	 */
	mutex_t *mutex;

	/**
	 * Id of the family, 0 while there is none.
	 */
	uint16_t family;

	/**
	 * Id of the family that there was last; the kernel gives each a new one.
	 */
	uint16_t last;
};

/**
 * Write the headers of a request.
 */
static void put_header(kernel_cryptomap_msg_t *msg, uint16_t type,
					   uint8_t cmd, uint8_t version, bool dump)
{
	struct genlmsghdr *genl;

	genl = kernel_cryptomap_netlink_init(msg, type,
							dump ? NLM_F_DUMP : NLM_F_ACK, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = version;
}

/**
 * What a reply to CTRL_CMD_GETFAMILY says.
 */
typedef struct {
	uint16_t family;
	kernel_cryptomap_groups_t groups;
} family_t;

/**
 * Take the ids of the family and its groups.
 */
static void on_family(void *user, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CTRL_ATTR_MCAST_GROUPS + 1], *group;
	const struct nlattr *gb[CTRL_ATTR_MCAST_GRP_ID + 1];
	family_t *family = user;
	const char *name;
	uint32_t id;

	kernel_cryptomap_attrs(nlh, tb, CTRL_ATTR_MCAST_GROUPS);
	family->family = kernel_cryptomap_num(tb[CTRL_ATTR_FAMILY_ID]);
	if (!tb[CTRL_ATTR_MCAST_GROUPS])
	{
		return;
	}
	mnl_attr_for_each_nested(group, tb[CTRL_ATTR_MCAST_GROUPS])
	{
		kernel_cryptomap_nest(group, gb, CTRL_ATTR_MCAST_GRP_ID);
		name = kernel_cryptomap_str(gb[CTRL_ATTR_MCAST_GRP_NAME]);
		id = kernel_cryptomap_num(gb[CTRL_ATTR_MCAST_GRP_ID]);
		if (streq(name, CRYPTO_MAP_MCGRP_IKE))
		{
			family->groups.ike = id;
		}
		else if (streq(name, CRYPTO_MAP_MCGRP_EVENTS))
		{
			family->groups.events = id;
		}
	}
}

METHOD(kernel_cryptomap_socket_t, connect_, int,
	private_kernel_cryptomap_socket_t *this,
	kernel_cryptomap_groups_t *groups, bool *reloaded)
{
	kernel_cryptomap_msg_t msg;
	family_t family = {};
	int error;

	put_header(&msg, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, FALSE);
	mnl_attr_put_strz(msg.nlh, CTRL_ATTR_FAMILY_NAME, CRYPTO_MAP_FAMILY_NAME);

	this->mutex->lock(this->mutex);
	error = this->netlink->call(this->netlink, &msg, on_family, &family);
	if (!error && (!family.family || !family.groups.ike ||
				   !family.groups.events))
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

	*groups = family.groups;
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
		error = this->netlink->call(this->netlink, msg, cb, user);
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
	DESTROY_IF(this->netlink);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_socket_t *kernel_cryptomap_socket_create()
{
	private_kernel_cryptomap_socket_t *this;

	INIT(this,
		.public = {
			.connect = _connect_,
			.disconnect = _disconnect,
			.init = _init,
			.call = _call,
			.destroy = _destroy,
		},
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
		.netlink = kernel_cryptomap_netlink_create(NETLINK_GENERIC,
												   sizeof(struct genlmsghdr)),
	);

	if (!this->netlink)
	{
		destroy(this);
		return NULL;
	}
	return &this->public;
}

/**
 * See header.
 */
void kernel_cryptomap_attrs(const struct nlmsghdr *nlh,
							const struct nlattr **tb, int max)
{
	kernel_cryptomap_attrs_at(nlh, sizeof(struct genlmsghdr), tb, max);
}
