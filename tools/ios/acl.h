/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access lists and object-groups.
 */
#ifndef CRYPTOMAP_IOS_ACL_H
#define CRYPTOMAP_IOS_ACL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base.h"

struct ios_config;

/** IOS_PORT_MAX - most ports or TTLs after eq or neq */
#define IOS_PORT_MAX 10

/** enum ios_action - first word of an access list entry */
enum ios_action { IOS_DENY, IOS_PERMIT, IOS_REMARK };

/** enum ios_log - the option at the end of an access list entry */
enum ios_log { IOS_LOG_NONE, IOS_LOG, IOS_LOG_INPUT };

/** enum ios_port_op - operator on a port */
enum ios_port_op { IOS_PORT_ANY, IOS_PORT_EQ, IOS_PORT_NEQ, IOS_PORT_LT, IOS_PORT_GT, IOS_PORT_RANGE };

/**
 * struct ios_ports - a condition on a port, or on a TTL
 * @op:   operator
 * @n:    operands in @port: 0 any, 1 lt and gt, 2 range, 1-10 eq and neq
 * @port: host byte order
 */
struct ios_ports {
	enum ios_port_op op;
	unsigned int n;
	uint16_t port[IOS_PORT_MAX];
};

/** IOS_PROTO_ANY - protocol "ip" or "ipv6" */
#define IOS_PROTO_ANY (-1)
/** IOS_PROTO_TCP_UDP - TCP and UDP; in an object-group only */
#define IOS_PROTO_TCP_UDP 256
/** IOS_ICMP_ANY - any ICMP type or code */
#define IOS_ICMP_ANY (-1)

/** ios_protocol_word() - Return: the protocol of a word of access lists, abbreviated perhaps; -1 if it is none */
int ios_protocol_word(int family, const char *word);
/** ios_port_word() - Return: the port of a word of access lists of TCP or UDP, likewise */
int ios_port_word(int proto, const char *word);
/**
 * ios_icmp_word() - the ICMP type of a word of access lists, likewise
 * @code: receives the code that it names as well, IOS_ICMP_ANY for none
 *
 * Return: the type, or -1.
 */
int ios_icmp_word(int family, const char *word, int *code);

/** enum ios_place - where an access list entry can have an object-group */
enum ios_place { IOS_PLACE_SERVICE, IOS_PLACE_SRC, IOS_PLACE_DST, IOS_PLACES };

/**
 * struct ios_ace - an access list entry
 * @next:      next entry, by ascending sequence number
 * @prev:      private to list.c
 * @line:      line of the text
 * @seq:       1-2147483647
 * @action:    permit, deny, or a remark
 * @remark:    text of a remark, owned by the model; NULL otherwise
 * @proto:     0-255, or IOS_PROTO_ANY
 * @src:       source, of the list's family; bits under the wildcard are zero
 * @src_wild:  wildcard, a bit that is one is not compared; all ones for any
 * @dst:       destination
 * @dst_wild:  its wildcard
 * @sport:     source ports (TCP and UDP only)
 * @dport:     destination ports (TCP and UDP only)
 * @icmp_type: 0-255 or IOS_ICMP_ANY
 * @icmp_code: 0-255 or IOS_ICMP_ANY
 * @tos:       TOS or traffic class; bits outside @tos_mask are zero
 * @tos_mask:  those of dscp (0xfc), precedence (0xe0), tos (0x1e) or the last two
 * @tcp_set:   TCP flags, as in byte 13 of the header: one of them is set, or
 * @tcp_clear: one of these is not; established is 0x14, ACK and RST
 * @tcp_all:   match-all: all of @tcp_set and none of @tcp_clear
 * @ttl:       TTLs
 * @fragments: only fragments, but not the first
 * @log:       the log or log-input option (kept, without effect), and @tag, the word
 *             behind it; owned by the model, NULL for none
 * @group:     names of object-groups in place of protocol, ports and ICMP type,
 *             of the source, and of the destination, which are "any" then; owned
 *             by the model, NULL for none
 * @parts:     what an entry with object-groups stands for: entries without, in
 *             the order of the groups' members
 * @whole:     the entry that this is a part of, NULL for those of a list
 * @standard:  of a standard list: only @src and @log are written
 * @hits:      for show access-lists; the parser leaves 0
 */
struct ios_ace {
	struct ios_ace *next, *prev;
	unsigned int line;
	uint32_t seq;
	enum ios_action action;
	char *remark;
	int proto;
	struct ios_addr src, src_wild;
	struct ios_addr dst, dst_wild;
	struct ios_ports sport, dport;
	int icmp_type, icmp_code;
	uint8_t tos, tos_mask;
	uint8_t tcp_set, tcp_clear;
	bool tcp_all;
	struct ios_ports ttl;
	bool fragments;
	enum ios_log log;
	char *tag;
	char *group[IOS_PLACES];
	struct ios_ace *parts;
	const struct ios_ace *whole;
	bool standard;
	uint64_t hits;
};

/**
 * struct ios_acl - an IPv4 access list, extended or standard, or one of IPv6
 * @next:     next list: numbered ones by number, then named ones by name, then
 *            those of IPv6 by name
 * @prev:     private to list.c
 * @line:     line of its first mention
 * @name:     name or number; each family has its own names
 * @family:   AF_INET or AF_INET6
 * @standard: a standard list: its entries compare the source only
 * @numbered: a number 100-199 or 2000-2699, or of a standard list 1-99 or 1300-1999
 * @aces:     its entries; one that could not be understood is missing, with
 *            an error if the list is in use, else with a warning
 * @n_aces:   how many
 * @used:     an entry of a crypto map that is on an interface names it, for what
 *            it protects or as a filter
 * @checked:  private to the checks
 * @compared: private to the checks
 * @n_lost:   entries that are missing
 * @lost_line: line of the first of those that are not told one by one, which are
 *            many in a list that is not in use; 0 for none
 * @picked:   for IOS_PRINT_PICKED; the parser leaves it false
 * @max_seq:  highest sequence number, 0 for none
 * @max_ace:  highest sequence number but those of remarks
 * @max_gone: an entry with one of these was removed: both are to be found anew
 * @remarks_alike: two remarks had the same text
 * @mixed:    @aces are not from the highest number to the lowest, as they are while each one is added
 *            behind the others
 * @irregular: its entries are not numbered as resequence would, from @start by @step
 * @start, @step: 0 is 10
 * @pending: they are to be numbered anew, so, before a number is of interest
 */
struct ios_acl {
	struct ios_acl *next, *prev;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	int family;
	bool standard;
	bool numbered;
	struct ios_ace *aces;
	size_t n_aces;
	bool used;
	bool checked;
	bool compared;
	size_t n_lost;
	unsigned int lost_line;
	bool picked;
	uint32_t max_seq;
	uint32_t max_ace;
	bool max_gone;
	bool remarks_alike;
	bool mixed;
	bool irregular;
	uint32_t start, step;
	bool pending;
};

/** enum ios_member_kind - what a line of an object-group is */
enum ios_member_kind { IOS_MEMBER_NET, IOS_MEMBER_RANGE, IOS_MEMBER_SERVICE, IOS_MEMBER_GROUP };

/**
 * struct ios_member - a line of an object-group
 * @next:  next line, in the order of the text
 * @prev:  private to list.c
 * @line:  line of the text
 * @kind:  kind of it
 * @rule:  of a network @src and @src_wild; of a service @proto, ports and ICMP type
 * @last:  last address of a range, which begins at the @src of @rule
 * @group: name of another group, whose members are members of this one
 */
struct ios_member {
	struct ios_member *next, *prev;
	unsigned int line;
	enum ios_member_kind kind;
	struct ios_ace rule;
	struct ios_addr last;
	char group[IOS_NAME_MAX + 1];
};

/**
 * struct ios_group - object-group
 * @next:        next group, in the order of the text
 * @prev:        private to list.c
 * @line:        line of its first mention
 * @name:        its name, of which there are no two whatever the kind
 * @family:      AF_INET or AF_INET6
 * @service:     of services, else of networks
 * @description: owned by the model, NULL for none
 * @members:     its lines
 * @n_members:   how many
 * @flat:        private to the expansion of access lists
 * @n_flat:      private to it
 * @fault:       why access lists cannot use it, owned by the model; NULL when
 *               they can
 * @fault_line:  line of the fault
 * @state:       private to the expansion
 */
struct ios_group {
	struct ios_group *next, *prev;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	int family;
	bool service;
	char *description;
	struct ios_member *members;
	size_t n_members;
	struct ios_ace *flat;
	size_t n_flat;
	char *fault;
	unsigned int fault_line;
	int state;
};

/** ios_acl_find() - Return: the access list of this name and family, or NULL. */
struct ios_acl *ios_acl_find(const struct ios_config *cfg, const char *name, int family);

/** ios_acl_grouped() - Return: whether an entry of an access list names an object-group. */
bool ios_acl_grouped(const struct ios_acl *acl);

/**
 * ios_rule_first() - the first of what the entries of an access list stand for
 * @acl: the list
 *
 * Entries with object-groups stand for their parts, others for themselves,
 * remarks for nothing. ios_rule_next() gives the one after it.
 *
 * Return: the entry or part, or NULL.
 */
const struct ios_ace *ios_rule_first(const struct ios_acl *acl);
/** ios_rule_next() - Return: what comes after an entry or part, or NULL. */
const struct ios_ace *ios_rule_next(const struct ios_ace *rule);
/** ios_row_first() - Return: likewise, but remarks stand for themselves. */
const struct ios_ace *ios_row_first(const struct ios_acl *acl);
/** ios_row_next() - Return: what comes after an entry, part or remark, or NULL. */
const struct ios_ace *ios_row_next(const struct ios_ace *row);

#endif
