/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The netlink socket: requests, dumps and batches of the crypto_map family.
 *
 * Every function that can fail says why on standard error, with the kernel's
 * own text where there is one, and returns a negative errno.
 */
#ifndef CRYPTOMAP_NL_H
#define CRYPTOMAP_NL_H

#include <libmnl/libmnl.h>
#include <linux/crypto_map.h>
#include <linux/genetlink.h>
#include <stdbool.h>

#include "ios/ios.h"

struct nl;

/** nl_open() - Return: a socket bound to the family, or NULL after saying why */
struct nl *nl_open(void);
/** nl_family() - Return: the number of the family, another one each time that the module is loaded */
uint16_t nl_family(const struct nl *nl);
/** nl_close() - close it; a transaction that was begun ends; NULL is fine */
void nl_close(struct nl *nl);

/* nl_row_fn - one answer; a negative return ends the request with this value */
typedef int (*nl_row_fn)(const struct nlmsghdr *nlh, void *data);

/**
 * nl_dump() - every object of a get command
 * @row: called for each message once the whole dump is here; a dump that a
 *       change of configuration interrupted is repeated before
 */
int nl_dump(struct nl *nl, uint8_t cmd, nl_row_fn row, void *data);

/**
 * nl_message() - start a message
 * @buf: of NL_MESSAGE_MAX bytes
 */
struct nlmsghdr *nl_message(struct nl *nl, void *buf, uint8_t cmd, uint16_t flags);
#define NL_MESSAGE_MAX 8192

/**
 * nl_request() - send one message and wait for its answer
 * @row: called for each answer; may be NULL
 * @quiet: errnos for which nothing is said, up to a 0; NULL for none
 */
int nl_request(struct nl *nl, struct nlmsghdr *nlh, nl_row_fn row, void *data,
	       const int *quiet);

/**
 * nl_listen() - receive the notifications of a multicast group from now on
 *
 * The socket is for them alone then. Return: 0, or a negative errno after saying why.
 */
int nl_listen(struct nl *nl, const char *name);
/** nl_fd() - Return: descriptor that is readable when nl_events() has something */
int nl_fd(const struct nl *nl);
/**
 * nl_events() - take the notifications that are there, or wait for some
 * @row: called for each
 *
 * Return: 0; -ENOBUFS if some were lost before, of which nothing is said; another
 * negative errno after saying why, -ENODEV if the kernel module was unloaded.
 */
int nl_events(struct nl *nl, nl_row_fn row, void *data);

/*
 * A batch: messages collected and sent about 100 kB at a time without waiting
 * for each answer. Errors are told with the line of the object.
 */
struct nl_batch;

/** nl_batch_new() - @file: name for messages; Return: NULL when memory is exhausted */
struct nl_batch *nl_batch_new(struct nl *nl, const char *file);
void nl_batch_free(struct nl_batch *batch);	/* wipes what was sent */
/**
 * nl_batch_message() - start the next message
 * @room: most bytes that its attributes take, at most 64 kB
 * @line: line of the object in the file, 0 for none
 *
 * Return: the message; valid until the next call.
 */
struct nlmsghdr *nl_batch_message(struct nl_batch *batch, uint8_t cmd, size_t room,
				  unsigned int line);
/** nl_batch_end() - send the rest. Return: number of refused messages, or a negative errno */
int nl_batch_end(struct nl_batch *batch);

/* ---- attributes: values of a wrong length count as absent ---- */

/** nl_attrs() - sort the attributes of a message; @tb has @max + 1 pointers */
void nl_attrs(const struct nlmsghdr *nlh, const struct nlattr **tb, unsigned int max);
/** nl_nest() - the same with those inside of an attribute */
void nl_nest(const struct nlattr *nest, const struct nlattr **tb, unsigned int max);

uint8_t nl_u8(const struct nlattr *attr, uint8_t absent);
uint16_t nl_u16(const struct nlattr *attr, uint16_t absent);
uint32_t nl_u32(const struct nlattr *attr, uint32_t absent);
uint64_t nl_u64(const struct nlattr *attr, uint64_t absent);
/** nl_string() - copy a string, cut to @size; empty when absent */
void nl_string(const struct nlattr *attr, char *buf, size_t size);
/** nl_addr() - an address of 4 or 16 bytes; family AF_UNSPEC when absent */
struct ios_addr nl_addr(const struct nlattr *attr);
/** nl_put_addr() - the 4 or 16 bytes of an address */
void nl_put_addr(struct nlmsghdr *nlh, uint16_t type, const struct ios_addr *addr);

#endif
