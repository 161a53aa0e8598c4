/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_SOCKET_H_
#define KERNEL_CRYPTOMAP_SOCKET_H_

#include <library.h>
#include <networking/host.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

typedef struct kernel_cryptomap_socket_t kernel_cryptomap_socket_t;
typedef struct kernel_cryptomap_msg_t kernel_cryptomap_msg_t;

/**
 * Callback for a reply to a request.
 *
 * @param user		data given to call()
 * @param nlh		the message, header checked; its attributes follow a
 *					struct genlmsghdr
 */
typedef void (*kernel_cryptomap_reply_t)(void *user,
										 const struct nlmsghdr *nlh);

/**
 * A request to the kernel module, and why it was refused.
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
 * Client of the generic netlink family crypto_map.
 *
 * There is a family only while the module is loaded. Without it every call()
 * fails with ENOTCONN; connect() and disconnect() tell of its coming and
 * going. SPIs reserved over this socket live as long as it. Thread-safe.
 */
struct kernel_cryptomap_socket_t {

	/**
	 * Look the family up; the kernel loads the module if it may.
	 *
	 * @param group		set to the id of the multicast group for IKE daemons
	 * @param reloaded	set if the module was unloaded since the last time and
	 *					knows nothing of what the one before was told
	 * @return			0, or ENOENT if there is no such family, or another
	 *					error
	 */
	int (*connect)(kernel_cryptomap_socket_t *this, uint32_t *group,
				   bool *reloaded);

	/**
	 * The family is gone.
	 */
	void (*disconnect)(kernel_cryptomap_socket_t *this);

	/**
	 * Start a request.
	 *
	 * @param msg		initialized by this
	 * @param cmd		CRYPTO_MAP_CMD_*
	 * @param dump		TRUE to dump
	 */
	void (*init)(kernel_cryptomap_socket_t *this, kernel_cryptomap_msg_t *msg,
				 uint8_t cmd, bool dump);

	/**
	 * Send a request and wait for its end.
	 *
	 * @param msg		the request; wiped, except for the error text
	 * @param cb		called for each reply with the socket locked, or NULL
	 * @param user		first argument of cb
	 * @return			0, or an error number and a text in msg->error;
	 *					EINTR for a dump that changed while it was taken
	 */
	int (*call)(kernel_cryptomap_socket_t *this, kernel_cryptomap_msg_t *msg,
				kernel_cryptomap_reply_t cb, void *user);

	/**
	 * Close the socket.
	 */
	void (*destroy)(kernel_cryptomap_socket_t *this);
};

/**
 * Open a socket; the module need not be loaded.
 *
 * @return				the instance, NULL if there is no netlink
 */
kernel_cryptomap_socket_t *kernel_cryptomap_socket_create();

/**
 * Index the attributes of a message.
 *
 * @param nlh			a generic netlink message
 * @param tb			filled with max + 1 pointers, NULL where there is none;
 *						of repeated attributes the last one
 * @param max			highest attribute of interest
 */
void kernel_cryptomap_attrs(const struct nlmsghdr *nlh,
							const struct nlattr **tb, int max);

/**
 * Index the attributes of a nest, see kernel_cryptomap_attrs().
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

#endif /** KERNEL_CRYPTOMAP_SOCKET_H_ */
