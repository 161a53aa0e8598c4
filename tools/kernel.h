/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel module holds, as C structures.
 */
#ifndef CRYPTOMAP_KERNEL_H
#define CRYPTOMAP_KERNEL_H

#include "ios/model.h"
#include "nl.h"

/* more than there are reasons */
#define DROP_REASONS_MAX 128

/** struct selector - traffic as seen from this gateway; the four have one family */
struct selector {
	struct ios_addr local, local_wild;
	struct ios_addr remote, remote_wild;
	uint8_t protocol;
	uint16_t local_port;
	uint16_t remote_port;
};

/** enum flow_error - drops of a flow as IOS tells them apart in show crypto ipsec sa detail */
enum flow_error {
	ERROR_NO_SA,
	ERROR_INVALID_SA,
	ERROR_ENCAPS,
	ERROR_DECAPS,
	ERROR_PROTOCOL,
	ERROR_VERIFY,
	ERROR_IDENTITY,
	ERROR_LENGTH,
	ERROR_ROLLOVER,
	ERROR_REPLAY,
	ERROR_INTERNAL_OUT,
	ERROR_INTERNAL_IN,
	FLOW_ERRORS
};

/** struct traffic - packets and plaintext bytes that were encrypted and decrypted, and packets dropped */
struct traffic {
	uint64_t out_packets, out_bytes, in_packets, in_bytes, send_errors, recv_errors;
};

/** struct flow - what one (attachment, entry, permit ACE) protects, or of that what is between
 * two hosts, or what a peer negotiated
 */
struct flow {
	uint32_t id;
	char ifname[16];
	char vrf[16];			/* that the device is in, as of vrf_find(); empty for none */
	char label[IOS_NAME_MAX + 1];	/* the device's name when it has no other */
	char map[IOS_NAME_MAX + 1];
	char acl[IOS_NAME_MAX + 1];
	uint16_t entry_seq;
	uint32_t ace_seq;
	char dynamic[IOS_NAME_MAX + 1];	/* dynamic crypto map that it came of, empty for none */
	uint16_t dynamic_seq;
	bool per_host;			/* pairs of hosts have the SAs */
	uint32_t permit;		/* of a pair of hosts, the flow of its permit, else 0 */
	enum crypto_map_entry_kind kind;
	enum crypto_map_flow_state state;
	struct selector selector;
	bool narrow;
	struct ios_addr local;		/* AF_UNSPEC while there is none */
	struct ios_addr remote;
	char peer_name[IOS_HOST_MAX + 1];	/* while there is no @remote, the first peer's; or empty */
	uint16_t remote_port;
	uint32_t out_spi;		/* 0 for none */
	uint32_t mtu;
	uint32_t plain_mtu;		/* 0 without an SA */
	uint32_t up_seconds;		/* since it has SAs without a gap; 0 without */
	struct traffic traffic;		/* since it was cleared */
	uint64_t errors[FLOW_ERRORS];
	uint32_t held;
};

/** struct sa - a security association */
struct sa {
	uint32_t spi;
	enum crypto_map_sa_dir dir;
	struct ios_addr local, remote;
	uint32_t flow_id;		/* 0 while larval */
	enum crypto_map_sa_state state;
	uint32_t flags;			/* CRYPTO_MAP_SA_FLAGS_* */
	enum crypto_map_mode mode;
	struct ios_tset transform;	/* cipher, key_bits and auth of it */
	uint16_t encap_sport, encap_dport;	/* 0 without UDP encapsulation */
	uint32_t replay_window;
	uint32_t twin_spi;
	uint32_t tfc_pad;		/* 0 for none */
	uint64_t hard_seconds, hard_bytes, hard_packets;	/* 0 for none */
	uint64_t used_seconds, used_bytes, used_packets;
	bool used;			/* it has carried a packet, */
	uint64_t idle;			/* so many seconds ago */
	uint16_t pfs_group;
	uint32_t id;
};

/** struct flows, struct sas - what a dump gave; free @v with free() */
struct flows {
	struct flow *v;
	size_t n;
};

struct sas {
	struct sa *v;
	size_t n;
};

/** struct attachment - a crypto map on a device */
struct attachment {
	char ifname[16];
	char label[IOS_NAME_MAX + 1];
	char map[IOS_NAME_MAX + 1];
	uint32_t mtu;			/* 0 while the device is not there */
	enum ios_df df;
	enum ios_frag frag;
	uint32_t rules;
	uint32_t indexed, tables, longest, worst;	/* of the index */
	uint64_t bytes;
	struct traffic traffic;		/* of all of its flows, also of those that are gone */
};

struct attachments {
	struct attachment *v;
	size_t n;
};

/** struct alg - a cipher with a key length, or an authenticator, and its self-test */
struct alg {
	char name[IOS_NAME_MAX + 1];
	bool cipher;
	uint16_t key_bits;
	uint8_t icv_bytes;		/* 0 for none */
	bool weak;
	enum crypto_map_alg_state state;
};

struct algs {
	struct alg *v;
	size_t n;
};

/** struct stats - counters of the namespace */
struct stats {
	uint32_t sas, flows, held;
	char version[64];
	uint64_t drop[DROP_REASONS_MAX];	/* by enum crypto_map_drop_reason, since they were cleared */
	uint64_t drop_total[DROP_REASONS_MAX];	/* and those that were cleared */
};

/*
 * Each returns 0, or a negative errno after saying why. Flows come by
 * interface, family, entry and access list entry; SAs by flow.
 */
int kernel_flows(struct nl *nl, struct flows *flows);
int kernel_sas(struct nl *nl, struct sas *sas);
int kernel_attachments(struct nl *nl, struct attachments *attachments);
int kernel_algs(struct nl *nl, struct algs *algs);
int kernel_stats(struct nl *nl, struct stats *stats);

/** kernel_flow(), kernel_sa() - what a nest of the flow or the sa set says */
void kernel_flow(const struct nlattr *nest, struct flow *flow);
void kernel_sa(const struct nlattr *nest, struct sa *sa);
/** flow_error() - Return: what a drop for a reason, enum crypto_map_drop_reason, is in IOS's words */
enum flow_error flow_error(uint32_t reason);

/** kernel_selector() - what a nest of the selector set says */
void kernel_selector(const struct nlattr *nest, struct selector *sel);

/**
 * kernel_config() - the configuration of the kernel module as a model
 *
 * All of it is of one generation. Manual keys are not in it.
 *
 * Return: the model, for ios_free(); NULL after saying why.
 */
struct ios_config *kernel_config(struct nl *nl);
/** kernel_config_once() - the same over a socket of its own */
struct ios_config *kernel_config_once(void);

/** sas_of_flow() - Return: the first SA of a flow, *n of them in a row; *n is 0 for none */
const struct sa *sas_of_flow(const struct sas *sas, uint32_t flow_id, size_t *n);

/** sa_kilobytes_left() - what is left of the volume lifetime in 1000 bytes; 0 at the end */
uint64_t sa_kilobytes_left(const struct sa *sa);
/** sa_seconds_left() - what is left of the lifetime in seconds; 0 at the end */
uint64_t sa_seconds_left(const struct sa *sa);

#endif
