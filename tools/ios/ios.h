/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration language of cryptomap: the parts of Cisco IOS that say
 * what a crypto map does. One parser makes a model of the text, one printer
 * writes the model back as running-config text that parses to the same model.
 *
 * Readers are the command-line tool (everything) and the charon plugin
 * (phase 1: ISAKMP policies, pre-shared keys, ISAKMP globals).
 *
 * Rules for callers:
 * - A model belongs to who called ios_parse(); ios_free() wipes its keys.
 *   All pointers inside a model live as long as the model.
 * - Lists are singly linked and in the order told with each; @next is always
 *   the first member.
 * - Strings are zero terminated. Addresses are in network byte order, every
 *   other number in host byte order.
 * - Nothing here has global state; one model may be read by several threads.
 */
#ifndef CRYPTOMAP_IOS_H
#define CRYPTOMAP_IOS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** IOS_NAME_MAX - longest name (map, ACL, transform set, interface), without the zero */
#define IOS_NAME_MAX 63
/** IOS_TEXT_MAX - longest remark or description, without the zero */
#define IOS_TEXT_MAX 255
/** IOS_PSK_MAX - longest pre-shared key in bytes */
#define IOS_PSK_MAX 128
/** IOS_HOST_MAX - longest host name, without the zero */
#define IOS_HOST_MAX 253
/** IOS_PORT_MAX - most ports after eq or neq */
#define IOS_PORT_MAX 10
/** IOS_TSET_MAX - most transform sets of a crypto map entry */
#define IOS_TSET_MAX 6
/** IOS_PEER_MAX - most peers of a crypto map entry */
#define IOS_PEER_MAX 16
/** IOS_MANUAL_KEY_MAX - longest key of set session-key in bytes */
#define IOS_MANUAL_KEY_MAX 64

/* ---------------------------------------------------------------- addresses */

/**
 * struct ios_addr - an address
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for "none"
 * @v4:     IPv4 address, network byte order
 * @v6:     IPv6 address
 * @bytes:  the first 4 (IPv4) or 16 (IPv6) bytes count
 */
struct ios_addr {
	int family;
	union {
		struct in_addr v4;
		struct in6_addr v6;
		uint8_t bytes[16];
	};
};

/* ------------------------------------------------------------- phase 1 model */

/** enum ios_encr - encryption of an ISAKMP policy */
enum ios_encr { IOS_ENCR_DES, IOS_ENCR_3DES, IOS_ENCR_AES };

/** enum ios_hash - hash of an ISAKMP policy; SHA is SHA-1 */
enum ios_hash { IOS_HASH_MD5, IOS_HASH_SHA, IOS_HASH_SHA256, IOS_HASH_SHA384, IOS_HASH_SHA512 };

/** enum ios_auth - authentication method of an ISAKMP policy */
enum ios_auth { IOS_AUTH_RSA_SIG, IOS_AUTH_RSA_ENCR, IOS_AUTH_PRE_SHARE };

/**
 * struct ios_policy - crypto isakmp policy
 * @next:     next policy, by ascending priority number (tried in this order)
 * @line:     line of the definition, 1 is the first
 * @priority: 1-10000
 * @encr:     cipher; IOS default des
 * @key_bits: 128, 192 or 256 with aes, 56 with des, 168 with 3des
 * @hash:     default sha
 * @auth:     default rsa-sig
 * @group:    Diffie-Hellman group 1 2 5 14 15 16 19 20 21 24; default 1
 * @lifetime: seconds 60-86400; default 86400
 */
struct ios_policy {
	struct ios_policy *next;
	unsigned int line;
	uint16_t priority;
	enum ios_encr encr;
	uint16_t key_bits;
	enum ios_hash hash;
	enum ios_auth auth;
	uint16_t group;
	uint32_t lifetime;
};

/**
 * struct ios_psk - crypto isakmp key
 * @next:     next key, in the order of the text; no two for the same peer
 * @line:     line of the definition
 * @addr:     peer or network; family AF_UNSPEC when @hostname is used.
 *            Bits outside the mask are zero.
 * @prefix:   length of the mask in bits; 0 is the wildcard key
 * @hostname: peer by name, empty when @addr is used
 * @no_xauth: the no-xauth keyword (kept, without effect)
 * @key_len:  bytes of @key
 * @key:      the secret, zero terminated for convenience; wiped by ios_free()
 */
struct ios_psk {
	struct ios_psk *next;
	unsigned int line;
	struct ios_addr addr;
	unsigned int prefix;
	char hostname[IOS_HOST_MAX + 1];
	bool no_xauth;
	size_t key_len;
	uint8_t key[IOS_PSK_MAX + 1];
};

/** enum ios_id_kind - kind of an identity of phase 1; OTHER has no words here */
enum ios_id_kind { IOS_ID_NONE, IOS_ID_ADDRESS, IOS_ID_FQDN, IOS_ID_USER, IOS_ID_OTHER };

/**
 * struct ios_id - an identity of phase 1
 * @kind: kind of it
 * @addr: with IOS_ID_ADDRESS
 * @text: with IOS_ID_FQDN and IOS_ID_USER
 */
struct ios_id {
	enum ios_id_kind kind;
	struct ios_addr addr;
	char text[IOS_HOST_MAX + 1];
};

/**
 * struct ios_isakmp_peer - crypto isakmp peer
 * @next:        next one, in the order of the text
 * @line:        line of the definition
 * @peer:        an address or a host name
 * @description: owned by the model, NULL for none
 * @endpoint:    set aggressive-mode client-endpoint, IOS_ID_NONE without it
 * @key_len:     bytes of @key, 0 without set aggressive-mode password
 * @key:         zero terminated for convenience; wiped by ios_free()
 */
struct ios_isakmp_peer {
	struct ios_isakmp_peer *next;
	unsigned int line;
	struct ios_id peer;
	char *description;
	struct ios_id endpoint;
	size_t key_len;
	uint8_t key[IOS_PSK_MAX + 1];
};

/** enum ios_identity - crypto isakmp identity */
enum ios_identity { IOS_IDENTITY_ADDRESS, IOS_IDENTITY_HOSTNAME, IOS_IDENTITY_DN };

/**
 * struct ios_isakmp - crypto isakmp globals
 * @disabled:             no crypto isakmp enable
 * @keepalive:            dead peer detection interval in seconds 10-3600, 0 for off
 * @keepalive_retry:      seconds between retries 2-60, default 2
 * @keepalive_periodic:   periodic; false is on-demand
 * @nat_keepalive:        seconds 5-3600, 0 for off
 * @identity:             what this side calls itself; default address
 * @no_aggressive:        crypto isakmp aggressive-mode disable
 * @invalid_spi_recovery: crypto isakmp invalid-spi-recovery
 */
struct ios_isakmp {
	bool disabled;
	uint16_t keepalive;
	uint16_t keepalive_retry;
	bool keepalive_periodic;
	uint16_t nat_keepalive;
	enum ios_identity identity;
	bool no_aggressive;
	bool invalid_spi_recovery;
};

/* ------------------------------------------------------------- phase 2 model */

/** enum ios_esp_cipher - ESP cipher of a transform set */
enum ios_esp_cipher {
	IOS_ESP_CIPHER_NONE,	/* no cipher keyword: not usable */
	IOS_ESP_CIPHER_NULL,
	IOS_ESP_CIPHER_AES,
	IOS_ESP_CIPHER_GCM,
	IOS_ESP_CIPHER_DES,
	IOS_ESP_CIPHER_3DES,
	IOS_ESP_CIPHER_GMAC,
	IOS_ESP_CIPHER_SEAL,
	IOS_ESP_CIPHER_CTR,	/* these two are shown only: IOS has no words for them */
	IOS_ESP_CIPHER_CHACHA,
};

/** enum ios_esp_auth - ESP authenticator of a transform set; SHA is SHA-1 */
enum ios_esp_auth {
	IOS_ESP_AUTH_NONE,
	IOS_ESP_AUTH_SHA,
	IOS_ESP_AUTH_SHA256,
	IOS_ESP_AUTH_SHA384,
	IOS_ESP_AUTH_SHA512,
	IOS_ESP_AUTH_MD5,
};

/** enum ios_ah_auth - AH authenticator of a transform set */
enum ios_ah_auth {
	IOS_AH_NONE,
	IOS_AH_MD5,
	IOS_AH_SHA,
	IOS_AH_SHA256,
	IOS_AH_SHA384,
	IOS_AH_SHA512,
};

/**
 * struct ios_tset - crypto ipsec transform-set
 * @next:      next set, in the order of the text
 * @line:      line of the definition; 0 for the built-in set "default"
 * @name:      its name
 * @cipher:    ESP cipher
 * @key_bits:  128, 192 or 256 with AES in any mode, 0 otherwise
 * @auth:      ESP authenticator
 * @ah:        AH authenticator
 * @comp_lzs:  IP compression
 * @esn:       extended sequence numbers
 * @transport: mode transport
 * @require:   mode transport require
 * @usable:    every part of it is supported by the kernel module; what is not
 *             was warned of
 */
struct ios_tset {
	struct ios_tset *next;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	enum ios_esp_cipher cipher;
	uint16_t key_bits;
	enum ios_esp_auth auth;
	enum ios_ah_auth ah;
	bool comp_lzs;
	bool esn;
	bool transport;
	bool require;
	bool usable;
};

/** enum ios_df - don't-fragment bit of the outer header; UNSET inherits */
enum ios_df { IOS_DF_UNSET, IOS_DF_COPY, IOS_DF_SET, IOS_DF_CLEAR };

/** enum ios_frag - where what does not fit is fragmented; UNSET inherits */
enum ios_frag { IOS_FRAG_UNSET, IOS_FRAG_BEFORE, IOS_FRAG_AFTER };

/** IOS_KB_UNSET - volume lifetime: inherit; too small to be set */
#define IOS_KB_UNSET 1u
/** IOS_REPLAY_UNSET - replay window: inherit */
#define IOS_REPLAY_UNSET UINT32_MAX

/**
 * struct ios_ipsec - crypto ipsec globals
 * @life_seconds:   120-86400, default 3600
 * @life_kilobytes: 2560-4294967295, default 4608000; 0 is "disable"
 * @replay:         window 64, 128, 256, 512 or 1024 packets, default 64; 0 is "disable"
 * @df:             default copy; never UNSET
 * @frag:           default before encryption; never UNSET
 * @idle:           idle time 60-86400, 0 for none
 */
struct ios_ipsec {
	uint32_t life_seconds;
	uint32_t life_kilobytes;
	uint32_t replay;
	enum ios_df df;
	enum ios_frag frag;
	uint32_t idle;
};

/** enum ios_action - first word of an access list entry */
enum ios_action { IOS_DENY, IOS_PERMIT, IOS_REMARK };

/** enum ios_port_op - operator on a port */
enum ios_port_op { IOS_PORT_ANY, IOS_PORT_EQ, IOS_PORT_NEQ, IOS_PORT_LT, IOS_PORT_GT, IOS_PORT_RANGE };

/**
 * struct ios_ports - a condition on a port
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

/** enum ios_place - where an access list entry can have an object-group */
enum ios_place { IOS_PLACE_SERVICE, IOS_PLACE_SRC, IOS_PLACE_DST, IOS_PLACES };

/**
 * struct ios_ace - an access list entry
 * @next:      next entry, by ascending sequence number
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
 * @ttl_low:   the first TTL of those that match, which go on after 255 with 0
 * @ttl_skip:  how many TTLs do not match: 0, and @ttl_low is 0, for any TTL
 * @fragments: only fragments, but not the first
 * @log:       the log or log-input option (kept, without effect)
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
	struct ios_ace *next;
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
	uint8_t ttl_low, ttl_skip;
	bool fragments;
	bool log;
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
 * @max_seq:  highest sequence number, 0 for none
 * @max_ace:  highest sequence number but those of remarks
 */
struct ios_acl {
	struct ios_acl *next;
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
	uint32_t max_seq;
	uint32_t max_ace;
};

/** enum ios_member_kind - what a line of an object-group is */
enum ios_member_kind { IOS_MEMBER_NET, IOS_MEMBER_RANGE, IOS_MEMBER_SERVICE, IOS_MEMBER_GROUP };

/**
 * struct ios_member - a line of an object-group
 * @next:  next line, in the order of the text
 * @line:  line of the text
 * @kind:  kind of it
 * @rule:  of a network @src and @src_wild; of a service @proto, ports and ICMP type
 * @last:  last address of a range, which begins at the @src of @rule
 * @group: name of another group, whose members are members of this one
 */
struct ios_member {
	struct ios_member *next;
	unsigned int line;
	enum ios_member_kind kind;
	struct ios_ace rule;
	struct ios_addr last;
	char group[IOS_NAME_MAX + 1];
};

/**
 * struct ios_group - object-group
 * @next:        next group, in the order of the text
 * @line:        line of its first mention
 * @name:        its name, of which there are no two whatever the kind
 * @family:      AF_INET or AF_INET6
 * @service:     of services, else of networks
 * @description: owned by the model, NULL for none
 * @members:     its lines
 * @flat:        private to the expansion of access lists
 * @n_flat:      private to it
 * @fault:       why access lists cannot use it, owned by the model; NULL when
 *               they can
 * @fault_line:  line of the fault
 * @state:       private to the expansion
 */
struct ios_group {
	struct ios_group *next;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	int family;
	bool service;
	char *description;
	struct ios_member *members;
	struct ios_ace *flat;
	size_t n_flat;
	char *fault;
	unsigned int fault_line;
	int state;
};

/**
 * struct ios_manual_key - set session-key of one direction
 * @line:     line of the definition, 0 when there is none
 * @spi:      256-4294967295
 * @enc_len:  bytes of @enc (cipher key, with salt for esp-gcm)
 * @enc:      wiped by ios_free()
 * @auth_len: bytes of @auth
 * @auth:     wiped by ios_free()
 */
struct ios_manual_key {
	unsigned int line;
	uint32_t spi;
	size_t enc_len;
	uint8_t enc[IOS_MANUAL_KEY_MAX];
	size_t auth_len;
	uint8_t auth[IOS_MANUAL_KEY_MAX];
};

/**
 * struct ios_reverse_route - reverse route injection of an entry
 * @line:        line of reverse-route, 0 without it
 * @set_line:    line of the last set reverse-route, 0 without one
 * @is_static:   routes as long as the map is on an interface, else with an SA
 * @remote_peer: next hop to the peer and what is behind it; no family for none
 * @peer_gateway: @remote_peer is followed by "gateway", which is kept
 * @distance:    1-255, 0 for none
 * @tag:         1-4294967295, 0 for none
 * @gateway:     next hop to what is behind the peer; no family for none
 */
struct ios_reverse_route {
	unsigned int line;
	unsigned int set_line;
	bool is_static;
	struct ios_addr remote_peer;
	bool peer_gateway;
	uint32_t distance;
	uint32_t tag;
	struct ios_addr gateway;
};

/** enum ios_kind - kind of a crypto map entry */
enum ios_kind {
	IOS_KIND_ISAKMP,
	IOS_KIND_MANUAL,
	IOS_KIND_DYNAMIC,	/* refers to a dynamic crypto map */
	IOS_KIND_TEMPLATE,	/* an entry of a dynamic crypto map */
};

/** enum ios_filter - what an access list filters: decrypted packets, or those to be encrypted */
enum ios_filter { IOS_FILTER_IN, IOS_FILTER_OUT, IOS_FILTERS };

/**
 * struct ios_entry - an entry of a crypto map or of a dynamic crypto map
 * @next:           next entry, by ascending sequence number
 * @line:           line of its definition
 * @seq:            1-65535
 * @kind:           what follows the number; IOS_KIND_TEMPLATE in a dynamic crypto map
 * @dynamic:        dynamic crypto map of an entry of kind IOS_KIND_DYNAMIC, which has
 *                  nothing of what follows; else empty
 * @acl:            match address, empty for none
 * @acl_line:       line of it
 * @filter:         set ip access-group by enum ios_filter, empty for none
 * @filter_line:    line of it
 * @peers:          in order of preference, all of one family, which need not be
 *                  that of the map
 * @n_peers:        how many
 * @default_peer:   the first peer is the default one
 * @tsets:          names of transform sets in order of preference
 * @n_tsets:        how many
 * @tset_line:      line of set transform-set
 * @pfs_group:      0 for none
 * @life_seconds:   120-2592000, 0 inherits
 * @life_kilobytes: IOS_KB_UNSET inherits, 0 is "disable"
 * @replay:         packets, 0 is "disable", IOS_REPLAY_UNSET inherits
 * @df:             IOS_DF_UNSET inherits from the interface, then from the globals
 * @idle:           idle time 60-86400, 0 inherits
 * @idle_default:   after it the default peer is the first to be asked
 * @pre_classify:   qos pre-classify
 * @route:          reverse-route and set reverse-route
 * @description:    owned by the model, NULL for none
 * @in:             manual key, inbound
 * @out:            manual key, outbound
 * @complete:       has what it needs to protect traffic, of what is supported
 *                  (set by the check at the end of ios_parse(), which told if
 *                  it has not)
 * @keys_hidden:    print a comment in place of the manual keys, which the
 *                  kernel never returns; the parser leaves it false
 */
struct ios_entry {
	struct ios_entry *next;
	unsigned int line;
	uint16_t seq;
	enum ios_kind kind;
	char dynamic[IOS_NAME_MAX + 1];
	char acl[IOS_NAME_MAX + 1];
	unsigned int acl_line;
	char filter[IOS_FILTERS][IOS_NAME_MAX + 1];
	unsigned int filter_line[IOS_FILTERS];
	struct ios_addr peers[IOS_PEER_MAX];
	size_t n_peers;
	bool default_peer;
	char tsets[IOS_TSET_MAX][IOS_NAME_MAX + 1];
	size_t n_tsets;
	unsigned int tset_line;
	uint16_t pfs_group;
	uint32_t life_seconds;
	uint32_t life_kilobytes;
	uint32_t replay;
	enum ios_df df;
	uint32_t idle;
	bool idle_default;
	bool pre_classify;
	struct ios_reverse_route route;
	char *description;
	struct ios_manual_key in, out;
	bool complete;
	bool keys_hidden;
};

/**
 * struct ios_map - a crypto map or a dynamic crypto map
 * @next:       next map: IPv4 ones by name, then IPv6 ones by name
 * @line:       line of its first mention
 * @name:       its name, of which there are no two whatever the family; dynamic
 *              crypto maps have names of their own
 * @family:     AF_INET or AF_INET6: of the packets that it protects; dynamic
 *              crypto maps are of IPv4
 * @dynamic:    a dynamic crypto map
 * @local_if:   interface of local-address, empty for none
 * @local_line: line of it
 * @entries:    its entries
 * @n_entries:  how many
 * @bound:      an interface has it, or one that refers to it
 */
struct ios_map {
	struct ios_map *next;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	int family;
	bool dynamic;
	char local_if[IOS_NAME_MAX + 1];
	unsigned int local_line;
	struct ios_entry *entries;
	size_t n_entries;
	bool bound;
};

/**
 * struct ios_own - an address of this side
 * @next:      next one of the interface
 * @line:      line of it
 * @addr:      the address
 * @secondary: one of any number; an interface has one at most that is not, the first
 */
struct ios_own {
	struct ios_own *next;
	unsigned int line;
	struct ios_addr addr;
	bool secondary;
};

/**
 * struct ios_interface - an interface section
 * @next:      next interface, in the order of the text
 * @line:      line of the section
 * @name:      as first written in full, or as written, without blanks
 * @key:       private to the look-up
 * @netdev:    Linux device of the netdev line, empty without one
 * @map:       crypto map bound to it, empty for none
 * @map_line:  line of the binding
 * @map6:      IPv6 crypto map bound to it, empty for none
 * @map6_line: line of the binding
 * @df:        of crypto ipsec df-bit in the section
 * @frag:      of crypto ipsec fragmentation in the section
 * @own:       addresses, which are for the checks alone: neither set nor printed
 */
struct ios_interface {
	struct ios_interface *next;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	char key[IOS_NAME_MAX + 1];
	char netdev[16];
	char map[IOS_NAME_MAX + 1];
	unsigned int map_line;
	char map6[IOS_NAME_MAX + 1];
	unsigned int map6_line;
	enum ios_df df;
	enum ios_frag frag;
	struct ios_own *own;
};

/* ------------------------------------------------------------------- results */

/** enum ios_severity - weight of a diagnostic */
enum ios_severity { IOS_WARNING, IOS_ERROR };

/**
 * struct ios_diag - something to say about a line
 * @next:     next one, by ascending line
 * @severity: a model with an error must not be applied
 * @line:     1 is the first line; 0 is the text as a whole
 * @text:     one sentence without newline, owned by the model; never a key
 */
struct ios_diag {
	struct ios_diag *next;
	enum ios_severity severity;
	unsigned int line;
	char *text;
};

struct ios_index;

/**
 * struct ios_config - the model of a configuration
 * @file:       name for diagnostics, owned by the model
 * @policies:   ISAKMP policies
 * @psks:       pre-shared keys
 * @peers:      crypto isakmp peer
 * @isakmp:     ISAKMP globals
 * @ipsec:      IPsec globals
 * @tsets:      transform sets
 * @groups:     object-groups
 * @acls:       access lists
 * @maps:       crypto maps
 * @dynamics:   dynamic crypto maps
 * @interfaces: those with a crypto map or a netdev line
 * @diags:      diagnostics
 * @n_warnings: how many warnings
 * @n_errors:   how many errors; with any the model must not be applied
 * @n_skipped:  sections (top-level commands) about other things; with
 *              IOS_INTERACTIVE whatever is left out
 * @section:    IOS's prompt of the section that is open at the end of the text
 *              ("config-if"), NULL for none
 * @section_line: line of its head, 0 for none
 * @section_text: the section, where it is an interface that no crypto map makes
 *              part of the configuration; NULL for all others
 * @index:      look-up by name, private
 */
struct ios_config {
	char *file;
	struct ios_policy *policies;
	struct ios_psk *psks;
	struct ios_isakmp_peer *peers;
	struct ios_isakmp isakmp;
	struct ios_ipsec ipsec;
	struct ios_tset *tsets;
	struct ios_group *groups;
	struct ios_acl *acls;
	struct ios_map *maps;
	struct ios_map *dynamics;
	struct ios_interface *interfaces;
	struct ios_diag *diags;
	size_t n_warnings;
	size_t n_errors;
	size_t n_skipped;
	const char *section;
	unsigned int section_line;
	char *section_text;
	struct ios_index *index;
};

/** IOS_PHASE1_ONLY - ios_parse(): skip the checks of what phase 2 refers to */
#define IOS_PHASE1_ONLY 0x1u
/** IOS_ADVICE - ios_parse(): warn of what can be done and is most likely not meant as well */
#define IOS_ADVICE 0x2u
/** IOS_INTERACTIVE - ios_parse(): the last line is typed by someone who waits for an answer */
#define IOS_INTERACTIVE 0x4u

/**
 * ios_parse() - make a model of configuration text
 * @file:  name for diagnostics; copied
 * @text:  the text; any bytes, need not be zero terminated
 * @len:   its length in bytes, at most 256 MB
 * @flags: 0 or any of IOS_PHASE1_ONLY, IOS_ADVICE and IOS_INTERACTIVE
 *
 * Every problem found is in the list of diagnostics; the model holds what
 * could be understood even if there are errors.
 *
 * Return: a model, to be given to ios_free(); NULL only when memory is
 * exhausted (errno ENOMEM) or the text is too long (EFBIG).
 */
struct ios_config *ios_parse(const char *file, const char *text, size_t len, unsigned int flags);

/**
 * ios_new() - an empty model with IOS's defaults
 * @file: name for diagnostics; copied
 *
 * Return: a model, to be given to ios_free(); NULL when memory is exhausted.
 */
struct ios_config *ios_new(const char *file);

/**
 * ios_free() - free a model and wipe its keys
 * @cfg: the model; may be NULL
 */
void ios_free(struct ios_config *cfg);

/** IOS_PRINT_PHASE1 - ios_print(): ISAKMP policies, keys and globals */
#define IOS_PRINT_PHASE1 0x1u
/** IOS_PRINT_PHASE2 - ios_print(): all the rest */
#define IOS_PRINT_PHASE2 0x2u
/** IOS_PRINT_ALL - ios_print(): the whole running-config */
#define IOS_PRINT_ALL (IOS_PRINT_PHASE1 | IOS_PRINT_PHASE2)

/**
 * ios_print() - write a model as canonical running-config text
 * @cfg:  the model
 * @what: IOS_PRINT_*
 * @len:  receives the length without the terminating zero; may be NULL
 *
 * Parsing the text gives the same model. It holds keys in clear.
 *
 * Return: text to be given to ios_text_free(); NULL when memory is exhausted.
 */
char *ios_print(const struct ios_config *cfg, unsigned int what, size_t *len);

/**
 * ios_text_free() - wipe and free a text
 * @text: from ios_print(); may be NULL
 */
void ios_text_free(char *text);

/* ------------------------------------------------------------------- look-up */

/**
 * ios_psk_find() - the pre-shared key for a peer's address
 * @cfg:    the model
 * @family: AF_INET or AF_INET6
 * @addr:   4 or 16 bytes, network byte order
 *
 * The longest mask wins. There are no two keys with the same mask: as on IOS
 * the parser keeps the first that a peer is given.
 *
 * Return: the key, owned by the model, or NULL.
 */
const struct ios_psk *ios_psk_find(const struct ios_config *cfg, int family, const void *addr);

/**
 * ios_psk_find_host() - the pre-shared key for a peer's host name
 * @cfg:  the model
 * @name: host name, compared without regard to case
 *
 * Return: the key, owned by the model, or NULL.
 */
const struct ios_psk *ios_psk_find_host(const struct ios_config *cfg, const char *name);

/**
 * ios_isakmp_peer_find() - crypto isakmp peer of an address or host name
 * @cfg: the model
 * @id:  identity; there is none for other kinds
 *
 * Return: it, owned by the model, or NULL.
 */
struct ios_isakmp_peer *ios_isakmp_peer_find(const struct ios_config *cfg, const struct ios_id *id);

/**
 * ios_aggressive_peer() - crypto isakmp peer that this side starts aggressive mode by
 * @cfg:    the model
 * @remote: the peer's address
 *
 * Return: that of the address if it says something about aggressive mode and
 * that is not disabled, else NULL.
 */
const struct ios_isakmp_peer *ios_aggressive_peer(const struct ios_config *cfg,
						  const struct ios_addr *remote);

/**
 * ios_aggressive_accepts() - whether a peer may start in aggressive mode
 * @cfg:    the model
 * @remote: the peer's address
 * @id:     what the peer calls itself
 *
 * Only those that something is configured for: crypto isakmp peer of the address or
 * the name, or a key by host name, which is of no other use.
 */
bool ios_aggressive_accepts(const struct ios_config *cfg, const struct ios_addr *remote,
			    const struct ios_id *id);

/** ios_aggressive_wanted() - Return: whether any peer may start in aggressive mode. */
bool ios_aggressive_wanted(const struct ios_config *cfg);

/**
 * ios_aggressive_key() - the pre-shared key for a peer in aggressive mode
 * @cfg:    the model
 * @remote: the peer's address
 * @id:     what the peer calls itself
 * @key:    set to the key, owned by the model
 * @len:    set to its length
 *
 * set aggressive-mode password of the address, then the key of this address alone; if it has neither,
 * the password of the name, the key of the name, that of the address by the longest mask.
 *
 * Return: whether there is one.
 */
bool ios_aggressive_key(const struct ios_config *cfg, const struct ios_addr *remote,
			const struct ios_id *id, const uint8_t **key, size_t *len);

/** ios_acl_find() - Return: the access list of this name and family, or NULL. */
struct ios_acl *ios_acl_find(const struct ios_config *cfg, const char *name, int family);

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

/**
 * ios_config_empty() - whether a model has nothing in it
 * @cfg: the model
 *
 * Return: true when it has no object, whatever its settings are.
 */
bool ios_config_empty(const struct ios_config *cfg);

/** ios_tset_find() - Return: the transform set of this name, or NULL. */
struct ios_tset *ios_tset_find(const struct ios_config *cfg, const char *name);

/** ios_tset_weak() - Return: what of a set is weak ("esp-3des is"), or NULL. */
const char *ios_tset_weak(const struct ios_tset *set);
/** ios_map_find() - Return: the crypto map of this name, or NULL. */
struct ios_map *ios_map_find(const struct ios_config *cfg, const char *name);
/** ios_dynamic_find() - Return: the dynamic crypto map of this name, or NULL. */
struct ios_map *ios_dynamic_find(const struct ios_config *cfg, const char *name);
/** ios_map_next() - Return: the map after this one of all crypto maps, then dynamic ones; NULL after the last. */
struct ios_map *ios_map_next(const struct ios_config *cfg, const struct ios_map *map);
/**
 * ios_interface_find() - look up an interface
 * @cfg:  the model
 * @name: its name; a type of IOS may be abbreviated and in any case
 *
 * Return: the interface, or NULL.
 */
struct ios_interface *ios_interface_find(const struct ios_config *cfg, const char *name);

/**
 * ios_interface_dev() - the Linux device of an interface
 * @ifc: the interface
 *
 * Return: the netdev line's device, else the interface's own name.
 */
const char *ios_interface_dev(const struct ios_interface *ifc);

/** ios_interface_has() - Return: whether an interface has this crypto map. */
bool ios_interface_has(const struct ios_interface *ifc, const char *map);

/** ios_dev_valid() - Return: whether Linux accepts this as the name of a device. */
bool ios_dev_valid(const char *name);

/* ----------------------------------------------------------------- addresses */

/** IOS_ADDR_TEXT - room for an address as text */
#define IOS_ADDR_TEXT 46

/**
 * ios_addr_text() - an address as IOS writes it: IPv6 in upper case
 * @addr: the address; without a family it is "0.0.0.0"
 * @buf:  IOS_ADDR_TEXT bytes
 *
 * Return: @buf
 */
const char *ios_addr_text(const struct ios_addr *addr, char *buf);

/** ios_addr_same() - Return: whether two addresses, of either family, are equal. */
bool ios_addr_same(const struct ios_addr *a, const struct ios_addr *b);

/** ios_addr_compare() - Return: the order of two addresses, as of memcmp(): IPv4 goes first. */
int ios_addr_compare(const struct ios_addr *a, const struct ios_addr *b);

/** ios_addr_bits() - Return: 32 or 128, the bits of an address of a family. */
unsigned int ios_addr_bits(int family);

/** ios_wild_prefix() - Return: length of the prefix that a wildcard leaves, -1 if it has holes. */
int ios_wild_prefix(const struct ios_addr *wild);

/* --------------------------------------------------------------------- words */

/** ios_map_word() - Return: "crypto map" or "crypto dynamic-map". */
const char *ios_map_word(const struct ios_map *map);

/** ios_encr_word() - Return: "des", "3des" or "aes". */
const char *ios_encr_word(enum ios_encr encr);
/** ios_hash_word() - Return: "md5", "sha", "sha256", "sha384" or "sha512". */
const char *ios_hash_word(enum ios_hash hash);
/** ios_auth_word() - Return: "rsa-sig", "rsa-encr" or "pre-share". */
const char *ios_auth_word(enum ios_auth auth);
/** ios_df_word() - Return: "copy", "set" or "clear". */
const char *ios_df_word(enum ios_df df);
/** ios_frag_word() - Return: "before-encryption" or "after-encryption". */
const char *ios_frag_word(enum ios_frag frag);

#ifdef __cplusplus
}
#endif

#endif
