/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_SOCKET_H_
#define KERNEL_CRYPTOMAP_SOCKET_H_

#include "kernel_cryptomap_netlink.h"

#include <linux/genetlink.h>

typedef struct kernel_cryptomap_socket_t kernel_cryptomap_socket_t;

/**
 * Ids of the multicast groups of the family.
 */
typedef struct {
	/** for IKE daemons */
	uint32_t ike;
	/** for whoever watches */
	uint32_t events;
} kernel_cryptomap_groups_t;

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
	 * @param groups	set to the ids of the multicast groups
	 * @param reloaded	set if the module was unloaded since the last time and
	 *					knows nothing of what the one before was told
	 * @return			0, or ENOENT if there is no such family, or another
	 *					error
	 */
	int (*connect)(kernel_cryptomap_socket_t *this,
				   kernel_cryptomap_groups_t *groups, bool *reloaded);

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
 * Index the attributes of a message of the family, see
 * kernel_cryptomap_attrs_at().
 */
void kernel_cryptomap_attrs(const struct nlmsghdr *nlh,
							const struct nlattr **tb, int max);

#endif /** KERNEL_CRYPTOMAP_SOCKET_H_ */
