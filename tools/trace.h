/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel module says would become of a packet.
 */
#ifndef CRYPTOMAP_TRACE_H
#define CRYPTOMAP_TRACE_H

#include <stdio.h>
#include <jansson.h>

#include "kernel.h"

#define TRACE_DENIES_MAX 8

/** struct trace_deny - a deny that leaves its entry */
struct trace_deny {
	uint16_t seq, dynamic_seq;	/* entry; that of its dynamic crypto map, 0 for none */
	char acl[IOS_NAME_MAX + 1];
	uint32_t ace;
};

/** struct trace - the way of a packet, as far as it gets; names are empty where there is none */
struct trace {
	char in[IOS_NAME_MAX + 1];	/* interface that it arrives on, as it is shown */
	enum crypto_map_trace_result result;
	uint32_t reason;		/* enum crypto_map_drop_reason, of a drop */
	char in_map[IOS_NAME_MAX + 1];
	bool exempt;
	char out_ifname[16];
	char out[IOS_NAME_MAX + 1];	/* the same as it is shown */
	struct ios_addr gateway;	/* AF_UNSPEC for none */
	char out_map[IOS_NAME_MAX + 1];
	struct trace_deny deny[TRACE_DENIES_MAX];
	size_t n_denies;
	uint16_t seq, dynamic_seq;	/* entry that decides, 0 for none */
	char acl[IOS_NAME_MAX + 1];
	uint32_t ace;
	char filter[IOS_NAME_MAX + 1];
	uint32_t filter_ace;		/* 0 for none, which denies */
	bool filter_permits;
	bool has_flow, has_sa;
	struct flow flow;
	struct sa sa;
	uint32_t plain_mtu;		/* 0 if it did not get so far */
	bool fragmented, after_encryption;
};

/**
 * kernel_trace() - let the kernel trace a packet
 * @ifname: device
 * @packet: from its IP header on
 *
 * All of @trace but @in and @out is set. Return: 0, or a negative errno after saying why.
 */
int kernel_trace(struct nl *nl, const char *ifname, const void *packet, size_t len,
		 struct trace *trace);

/** print_trace() - the phases, in the manner of the ASA */
void print_trace(FILE *f, const struct trace *trace);
/** json_trace() - the same as JSON */
json_t *json_trace(const struct trace *trace);

#endif
