/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NETLINK_H
#define _CMAP_NETLINK_H

/*
 * The generic netlink family: registration, and what its handlers share.
 * Handlers run in parallel (parallel_ops) and take cn->lock themselves.
 */

#include <net/genetlink.h>

#include "netlink-gen.h"
#include "tuple.h"

extern struct genl_family cmap_nl_family;

int cmap_nl_register(void);
void cmap_nl_unregister(void);

/**
 * cmap_nl_is_registered() - whether the family may be sent to
 *
 * Context: RCU read side, which keeps it so.
 */
bool cmap_nl_is_registered(void);

/**
 * cmap_nl_get_addr() - read an address attribute
 * @attr: attribute, 4 or 16 bytes
 * @family: AF_INET or AF_INET6 if the length must agree, or AF_UNSPEC: set to
 *	what the length says
 * @addr: result, fully initialised
 * @extack: told what is wrong
 *
 * Return: 0 or -EINVAL.
 */
int cmap_nl_get_addr(const struct nlattr *attr, u16 *family,
		     union cmap_addr *addr, struct netlink_ext_ack *extack);

/**
 * cmap_nl_put_addr() - write an address attribute
 * @skb: message
 * @type: attribute
 * @family: AF_INET or AF_INET6
 * @addr: address
 *
 * Return: 0 or -EMSGSIZE.
 */
int cmap_nl_put_addr(struct sk_buff *skb, int type, u16 family,
		     const union cmap_addr *addr);

/**
 * cmap_nl_reply_new() - start a reply of the same command
 * @info: request
 * @hdr: set to the message header for genlmsg_end()
 *
 * Return: message or NULL when there is no memory.
 */
struct sk_buff *cmap_nl_reply_new(struct genl_info *info, void **hdr);

/**
 * cmap_nl_reply_alloc() - start a reply that needs more room than most
 * @info: request
 * @size: bytes for its attributes
 * @hdr: set to the message header for genlmsg_end()
 *
 * Return: message or NULL when there is no memory.
 */
struct sk_buff *cmap_nl_reply_alloc(struct genl_info *info, size_t size,
				    void **hdr);

/**
 * cmap_nl_reply_send() - send a reply, or tell why there is none
 * @info: request
 * @msg: reply; consumed
 * @hdr: its message header
 * @err: 0 if it is complete
 *
 * Return: @err if that is an error, else what became of sending.
 */
int cmap_nl_reply_send(struct genl_info *info, struct sk_buff *msg, void *hdr,
		       int err);

#endif /* _CMAP_NETLINK_H */
