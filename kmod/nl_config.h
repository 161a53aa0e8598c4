/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_NL_CONFIG_H
#define _CMAP_NL_CONFIG_H

/* Handlers of transactions, and what the handlers of their objects share. */

#include <linux/types.h>

struct cmap_config;
struct netlink_callback;
struct netlink_ext_ack;
struct nlattr;
struct sk_buff;

/**
 * cmap_nl_check_name() - check the name of an object
 * @attr: string attribute
 * @extack: told what is wrong
 *
 * Return: 0; -EINVAL for an empty name, one with blanks or control characters,
 * or one that is too long.
 */
int cmap_nl_check_name(const struct nlattr *attr,
		       struct netlink_ext_ack *extack);

/**
 * cmap_nl_check_host() - check the name of a host
 * @attr: string attribute, with a zero at its end or without
 * @extack: told what is wrong
 *
 * Return: as cmap_nl_check_name(), with another length.
 */
int cmap_nl_check_host(const struct nlattr *attr,
		       struct netlink_ext_ack *extack);

/**
 * cmap_nl_check_text() - check a remark or description
 * @attr: string attribute
 * @extack: told what is wrong
 *
 * Return: 0; -EINVAL for an empty text or one with control characters.
 */
int cmap_nl_check_text(const struct nlattr *attr,
		       struct netlink_ext_ack *extack);

/**
 * cmap_nl_check_family() - whether crypto maps exist for an address family
 * @family: value
 * @attr: attribute to blame
 * @extack: told what is wrong
 *
 * Return: 0, or -EINVAL for what is neither AF_INET nor AF_INET6.
 */
int cmap_nl_check_family(u16 family, const struct nlattr *attr,
			 struct netlink_ext_ack *extack);

/**
 * cmap_nl_get_family() - read an address family attribute
 * @attr: attribute, AF_INET if NULL
 * @family: result
 * @extack: told what is wrong
 *
 * Return: 0, or what cmap_nl_check_family() says.
 */
int cmap_nl_get_family(const struct nlattr *attr, u16 *family,
		       struct netlink_ext_ack *extack);

/**
 * cmap_nl_check_max() - hold a number against its upper limit
 * @attr: attribute of type u32, or NULL
 * @max: highest value allowed; the policy tables of 6.1 end at 32767
 * @extack: told what is wrong
 *
 * Return: 0 or -ERANGE.
 */
int cmap_nl_check_max(const struct nlattr *attr, u32 max,
		      struct netlink_ext_ack *extack);

/**
 * cmap_nl_dump_put() - begin one message of a dump
 *
 * The caller has set cb->seq to the generation of the configuration that it
 * dumps, also when it then finds nothing more to write, so that a change is
 * marked.
 *
 * @skb: dump
 * @cb: its state
 * @cmd: command
 *
 * Return: the message header for cmap_nl_dump_end(), or NULL when @skb is full.
 */
void *cmap_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
		       u8 cmd);

/**
 * cmap_nl_dump_end() - end a message of a dump, or take it back
 * @skb: dump
 * @hdr: header of the message
 * @err: 0 if it is complete
 *
 * Return: @err.
 */
int cmap_nl_dump_end(struct sk_buff *skb, void *hdr, int err);

#endif /* _CMAP_NL_CONFIG_H */
