/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_NETLINK_H_
#define KERNEL_CRYPTOMAP_NETLINK_H_

#include <library.h>
#include <networking/host.h>

#include <libmnl/libmnl.h>

typedef struct kernel_cryptomap_netlink_t kernel_cryptomap_netlink_t;
typedef struct kernel_cryptomap_msg_t kernel_cryptomap_msg_t;

/**
 * Callback for a reply to a request.
 *
 * @param user		data given to call()
 * @param nlh		the message, header checked
 */
typedef void (*kernel_cryptomap_reply_t)(void *user,
										 const struct nlmsghdr *nlh);

/**
 * A request to the kernel, and why it was refused.
 */
struct kernel_cryptomap_msg_t {
	/** the request, attributes are put with mnl_attr_put_*() */
	struct nlmsghdr *nlh;
	/** what the kernel, or errno, says about a failure */
	char error[256];
	/** memory of the request, wiped by call() as it may hold keys */
	char buf[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/**
 * A netlink socket for requests, of any protocol. Not thread-safe.
 */
struct kernel_cryptomap_netlink_t {

	/**
	 * Send a request and wait for its end.
	 *
	 * @param msg		the request; wiped, except for the error text
	 * @param cb		called for each reply, or NULL; it must not use the
	 *					socket
	 * @param user		first argument of cb
	 * @return			0, or an error number and a text in msg->error;
	 *					EINTR for a dump that changed while it was taken
	 */
	int (*call)(kernel_cryptomap_netlink_t *this, kernel_cryptomap_msg_t *msg,
				kernel_cryptomap_reply_t cb, void *user);

	/**
	 * Port id: notifications tell by it who made a change.
	 */
	uint32_t (*get_port)(kernel_cryptomap_netlink_t *this);

	/**
	 * Close the socket.
	 */
	void (*destroy)(kernel_cryptomap_netlink_t *this);
};

/**
 * Open a socket.
 *
 * @param bus			NETLINK_*
 * @param header		length of the header before the attributes of replies
 * @return				the instance, NULL if there is no netlink
 */
kernel_cryptomap_netlink_t *kernel_cryptomap_netlink_create(int bus,
															size_t header);

/**
 * Start a request.
 *
 * @param msg			initialized by this
 * @param type			type of the message
 * @param flags			NLM_F_* but for NLM_F_REQUEST
 * @param header		length of the header before the attributes
 * @return				that header, of zeroes, in the message
 */
void *kernel_cryptomap_netlink_init(kernel_cryptomap_msg_t *msg, uint16_t type,
									uint16_t flags, size_t header);

/**
 * Index the attributes of a message.
 *
 * @param nlh			a message
 * @param header		length of the header before the attributes
 * @param tb			filled with max + 1 pointers, NULL where there is none;
 *						of repeated attributes the last one
 * @param max			highest attribute of interest
 */
void kernel_cryptomap_attrs_at(const struct nlmsghdr *nlh, size_t header,
							   const struct nlattr **tb, int max);

/**
 * Index the attributes of a nest, see kernel_cryptomap_attrs_at().
 */
void kernel_cryptomap_nest(const struct nlattr *nest,
						   const struct nlattr **tb, int max);

/**
 * Get an integer of 8, 16, 32 or 64 bits.
 *
 * @param attr			attribute, may be NULL
 * @return				its value, 0 without one or if its length is odd
 */
uint64_t kernel_cryptomap_num(const struct nlattr *attr);

/**
 * Get a string.
 *
 * @param attr			attribute, may be NULL
 * @return				zero terminated string inside the message, "" without
 */
const char *kernel_cryptomap_str(const struct nlattr *attr);

/**
 * Get an address.
 *
 * @param attr			attribute of 4 or 16 bytes, may be NULL
 * @param port			port to set, host order
 * @return				host, to be destroyed, NULL if there is no address
 */
host_t *kernel_cryptomap_host(const struct nlattr *attr, uint16_t port);

/**
 * Put the address of a host.
 *
 * @param nlh			message under construction
 * @param type			attribute
 * @param host			host, its port is not put
 */
void kernel_cryptomap_put_host(struct nlmsghdr *nlh, uint16_t type,
							   host_t *host);

#endif /** KERNEL_CRYPTOMAP_NETLINK_H_ */
