/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	uapi/specs/crypto_map.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_CRYPTO_MAP_H
#define _UAPI_LINUX_CRYPTO_MAP_H

#define CRYPTO_MAP_FAMILY_NAME		"crypto_map"
#define CRYPTO_MAP_FAMILY_VERSION	1

#define CRYPTO_MAP_NAME_MAX		63
#define CRYPTO_MAP_TEXT_MAX		255
#define CRYPTO_MAP_PORT_LIST_MAX	10
#define CRYPTO_MAP_ENTRY_TSET_MAX	6
#define CRYPTO_MAP_ENTRY_PEER_MAX	16

/**
 * enum crypto_map_ace_action - what a matching access list entry does
 * @CRYPTO_MAP_ACE_ACTION_DENY: leave this crypto map entry and go on with the
 *   next one
 * @CRYPTO_MAP_ACE_ACTION_PERMIT: protect with this crypto map entry
 * @CRYPTO_MAP_ACE_ACTION_REMARK: never matches, carries text only
 */
enum crypto_map_ace_action {
	CRYPTO_MAP_ACE_ACTION_DENY,
	CRYPTO_MAP_ACE_ACTION_PERMIT,
	CRYPTO_MAP_ACE_ACTION_REMARK,
};

/**
 * enum crypto_map_port_op - operators on a port, as in an IOS extended access
 *   list
 * @CRYPTO_MAP_PORT_OP_ANY: every port
 * @CRYPTO_MAP_PORT_OP_EQ: one of the listed ports
 * @CRYPTO_MAP_PORT_OP_NEQ: none of the listed ports
 * @CRYPTO_MAP_PORT_OP_LT: below the one listed port
 * @CRYPTO_MAP_PORT_OP_GT: above the one listed port
 * @CRYPTO_MAP_PORT_OP_RANGE: from the first to the second listed port, both
 *   included
 */
enum crypto_map_port_op {
	CRYPTO_MAP_PORT_OP_ANY,
	CRYPTO_MAP_PORT_OP_EQ,
	CRYPTO_MAP_PORT_OP_NEQ,
	CRYPTO_MAP_PORT_OP_LT,
	CRYPTO_MAP_PORT_OP_GT,
	CRYPTO_MAP_PORT_OP_RANGE,
};

/**
 * enum crypto_map_cipher - ESP ciphers
 * @CRYPTO_MAP_CIPHER_NULL: no encryption (RFC 2410)
 * @CRYPTO_MAP_CIPHER_AES_CBC: AES-CBC with 128, 192 or 256 bit keys (RFC 3602)
 * @CRYPTO_MAP_CIPHER_AES_GCM: AES-GCM with an ICV of 8, 12 or 16 bytes (RFC
 *   4106); the key is followed by 4 bytes of salt
 * @CRYPTO_MAP_CIPHER_AES_CTR: AES-CTR (RFC 3686); the key is followed by 4
 *   bytes of nonce
 * @CRYPTO_MAP_CIPHER_AES_GMAC: AES-GMAC, integrity without encryption (RFC
 *   4543); the key is followed by 4 bytes of salt
 * @CRYPTO_MAP_CIPHER_CHACHA20_POLY1305: ChaCha20-Poly1305, 256 bit key (RFC
 *   7634), followed by 4 bytes of salt
 * @CRYPTO_MAP_CIPHER_3DES_CBC: 3DES-CBC, 192 bit key with parity bits (RFC
 *   2451); weak
 */
enum crypto_map_cipher {
	CRYPTO_MAP_CIPHER_NULL,
	CRYPTO_MAP_CIPHER_AES_CBC,
	CRYPTO_MAP_CIPHER_AES_GCM,
	CRYPTO_MAP_CIPHER_AES_CTR,
	CRYPTO_MAP_CIPHER_AES_GMAC,
	CRYPTO_MAP_CIPHER_CHACHA20_POLY1305,
	CRYPTO_MAP_CIPHER_3DES_CBC,
};

/**
 * enum crypto_map_auth - ESP authenticators
 * @CRYPTO_MAP_AUTH_NONE: none; only with a combined mode cipher
 * @CRYPTO_MAP_AUTH_HMAC_SHA1_96: RFC 2404, 20 byte key
 * @CRYPTO_MAP_AUTH_HMAC_SHA2_256_128: RFC 4868, 32 byte key
 * @CRYPTO_MAP_AUTH_HMAC_SHA2_384_192: RFC 4868, 48 byte key
 * @CRYPTO_MAP_AUTH_HMAC_SHA2_512_256: RFC 4868, 64 byte key
 * @CRYPTO_MAP_AUTH_HMAC_MD5_96: RFC 2403, 16 byte key; weak
 */
enum crypto_map_auth {
	CRYPTO_MAP_AUTH_NONE,
	CRYPTO_MAP_AUTH_HMAC_SHA1_96,
	CRYPTO_MAP_AUTH_HMAC_SHA2_256_128,
	CRYPTO_MAP_AUTH_HMAC_SHA2_384_192,
	CRYPTO_MAP_AUTH_HMAC_SHA2_512_256,
	CRYPTO_MAP_AUTH_HMAC_MD5_96,
};

/**
 * enum crypto_map_alg_state - what the self-test at load found of an algorithm
 * @CRYPTO_MAP_ALG_STATE_PASSED: gives the known answers
 * @CRYPTO_MAP_ALG_STATE_FAILED: does not, and is not used
 * @CRYPTO_MAP_ALG_STATE_ABSENT: this kernel does not have it
 */
enum crypto_map_alg_state {
	CRYPTO_MAP_ALG_STATE_PASSED,
	CRYPTO_MAP_ALG_STATE_FAILED,
	CRYPTO_MAP_ALG_STATE_ABSENT,
};

/**
 * enum crypto_map_mode - encapsulation modes (RFC 4301)
 * @CRYPTO_MAP_MODE_TUNNEL: the whole packet is protected, between two tunnel
 *   end points
 * @CRYPTO_MAP_MODE_TRANSPORT: the payload is protected, between the packet's
 *   own end points
 */
enum crypto_map_mode {
	CRYPTO_MAP_MODE_TUNNEL,
	CRYPTO_MAP_MODE_TRANSPORT,
};

/**
 * enum crypto_map_entry_kind - kinds of crypto map entries
 * @CRYPTO_MAP_ENTRY_KIND_ISAKMP: ipsec-isakmp, SAs are negotiated by a daemon
 * @CRYPTO_MAP_ENTRY_KIND_MANUAL: ipsec-manual, SAs are made of configured keys
 */
enum crypto_map_entry_kind {
	CRYPTO_MAP_ENTRY_KIND_ISAKMP,
	CRYPTO_MAP_ENTRY_KIND_MANUAL,
};

/**
 * enum crypto_map_df_bit - the don't-fragment bit of the outer header
 * @CRYPTO_MAP_DF_BIT_COPY: taken from the packet
 * @CRYPTO_MAP_DF_BIT_SET: always set
 * @CRYPTO_MAP_DF_BIT_CLEAR: always clear
 */
enum crypto_map_df_bit {
	CRYPTO_MAP_DF_BIT_COPY,
	CRYPTO_MAP_DF_BIT_SET,
	CRYPTO_MAP_DF_BIT_CLEAR,
};

/**
 * enum crypto_map_fragmentation - where a packet that does not fit the path is
 *   fragmented, in tunnel mode
 * @CRYPTO_MAP_FRAGMENTATION_BEFORE_ENCRYPTION: the packet is, so that the peer
 *   can decrypt each fragment alone
 * @CRYPTO_MAP_FRAGMENTATION_AFTER_ENCRYPTION: the packet is encrypted whole,
 *   and the outer one is fragmented
 */
enum crypto_map_fragmentation {
	CRYPTO_MAP_FRAGMENTATION_BEFORE_ENCRYPTION,
	CRYPTO_MAP_FRAGMENTATION_AFTER_ENCRYPTION,
};

/**
 * enum crypto_map_sa_dir - direction of a security association
 * @CRYPTO_MAP_SA_DIR_IN: inbound
 * @CRYPTO_MAP_SA_DIR_OUT: outbound
 */
enum crypto_map_sa_dir {
	CRYPTO_MAP_SA_DIR_IN,
	CRYPTO_MAP_SA_DIR_OUT,
};

/**
 * enum crypto_map_sa_state - life of a security association
 * @CRYPTO_MAP_SA_STATE_LARVAL: inbound, the SPI is reserved and keys have not
 *   arrived; ESP for it waits in a short queue
 * @CRYPTO_MAP_SA_STATE_STANDBY: outbound, waits until its inbound twin was
 *   used or a short timer fires
 * @CRYPTO_MAP_SA_STATE_ACTIVE: carries traffic
 * @CRYPTO_MAP_SA_STATE_RETIRING: deleted by the daemon, carries traffic until
 *   its successor on standby is activated
 */
enum crypto_map_sa_state {
	CRYPTO_MAP_SA_STATE_LARVAL,
	CRYPTO_MAP_SA_STATE_STANDBY,
	CRYPTO_MAP_SA_STATE_ACTIVE,
	CRYPTO_MAP_SA_STATE_RETIRING,
};

/**
 * enum crypto_map_sa_flags - properties of a security association
 * @CRYPTO_MAP_SA_FLAGS_INITIATOR: this side started the negotiation
 * @CRYPTO_MAP_SA_FLAGS_ORPHAN: the daemon that made it no longer knows it; it
 *   works until replaced, deleted by the peer or expired
 * @CRYPTO_MAP_SA_FLAGS_SOFT_EXPIRED: the soft lifetime has passed and a
 *   successor was asked for
 * @CRYPTO_MAP_SA_FLAGS_MANUAL: made from the keys of an ipsec-manual entry
 * @CRYPTO_MAP_SA_FLAGS_ESN: extended sequence numbers, of 64 bits (RFC 4303
 *   2.2.1)
 * @CRYPTO_MAP_SA_FLAGS_FOLLOW_PORT: the peer is behind a NAT; ESP in UDP goes
 *   to the port that its last authenticated packet came from
 */
enum crypto_map_sa_flags {
	CRYPTO_MAP_SA_FLAGS_INITIATOR = 1,
	CRYPTO_MAP_SA_FLAGS_ORPHAN = 2,
	CRYPTO_MAP_SA_FLAGS_SOFT_EXPIRED = 4,
	CRYPTO_MAP_SA_FLAGS_MANUAL = 8,
	CRYPTO_MAP_SA_FLAGS_ESN = 16,
	CRYPTO_MAP_SA_FLAGS_FOLLOW_PORT = 32,
};

/**
 * enum crypto_map_flow_state - whether a flow has an outbound SA
 * @CRYPTO_MAP_FLOW_STATE_IDLE: no outbound SA, none asked for
 * @CRYPTO_MAP_FLOW_STATE_ACQUIRING: no outbound SA, an acquire is outstanding
 * @CRYPTO_MAP_FLOW_STATE_UP: an outbound SA carries traffic
 */
enum crypto_map_flow_state {
	CRYPTO_MAP_FLOW_STATE_IDLE,
	CRYPTO_MAP_FLOW_STATE_ACQUIRING,
	CRYPTO_MAP_FLOW_STATE_UP,
};

/**
 * enum crypto_map_expire_kind - what an expire notification is about
 * @CRYPTO_MAP_EXPIRE_KIND_SOFT: the soft lifetime has passed, the SA goes on
 *   working
 * @CRYPTO_MAP_EXPIRE_KIND_HARD: the hard lifetime has passed, the SA is gone
 * @CRYPTO_MAP_EXPIRE_KIND_REMOVED: the configuration, or an operator, removed
 *   the SA; the peer does not know it yet
 * @CRYPTO_MAP_EXPIRE_KIND_IDLE: no packet used the SA or its twin for the idle
 *   time, both are gone; the peer does not know it yet
 */
enum crypto_map_expire_kind {
	CRYPTO_MAP_EXPIRE_KIND_SOFT,
	CRYPTO_MAP_EXPIRE_KIND_HARD,
	CRYPTO_MAP_EXPIRE_KIND_REMOVED,
	CRYPTO_MAP_EXPIRE_KIND_IDLE,
};

/**
 * enum crypto_map_drop_reason - why a packet was dropped, one reason for each
 *   cause
 * @CRYPTO_MAP_DROP_REASON_NO_SA: out, the flow has no SA and its hold queue is
 *   full
 * @CRYPTO_MAP_DROP_REASON_NO_DAEMON: out, the flow has no SA and no daemon
 *   listens for acquires
 * @CRYPTO_MAP_DROP_REASON_NO_SA_MANUAL: out, the SA of an ipsec-manual entry
 *   is not there (no address on the interface)
 * @CRYPTO_MAP_DROP_REASON_ACQUIRE_FAILED: out, held for a negotiation that
 *   failed
 * @CRYPTO_MAP_DROP_REASON_ACQUIRE_TIMEOUT: out, held for a negotiation that
 *   nobody answered
 * @CRYPTO_MAP_DROP_REASON_FLOW_GONE: out, the flow was removed while the
 *   packet was on its way
 * @CRYPTO_MAP_DROP_REASON_HOLD_FULL: out, the namespace holds too many packets
 *   for negotiations already
 * @CRYPTO_MAP_DROP_REASON_NO_ROUTE: out, no route to the peer
 * @CRYPTO_MAP_DROP_REASON_TOO_BIG: out, does not fit and must not be
 *   fragmented; the sender was told
 * @CRYPTO_MAP_DROP_REASON_SEGMENT_FAILED: out, a super-packet could not be
 *   segmented
 * @CRYPTO_MAP_DROP_REASON_FRAGMENT_PORT: out or in clear, a fragment without
 *   ports that might match an access list entry with ports
 * @CRYPTO_MAP_DROP_REASON_TRANSPORT_MISMATCH: out, the SA is in transport mode
 *   and the packet is not between its two end points, or is a fragment
 * @CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY: out, no memory for the packet or the
 *   crypto request
 * @CRYPTO_MAP_DROP_REASON_OUT_CRYPTO_ERROR: out, the crypto API failed
 * @CRYPTO_MAP_DROP_REASON_OUT_CRYPTO_BUSY: out, the queue of an asynchronous
 *   cipher is full
 * @CRYPTO_MAP_DROP_REASON_OUT_SA_EXPIRED: out, the SA reached a hard limit or
 *   was removed meanwhile
 * @CRYPTO_MAP_DROP_REASON_SEQ_EXHAUSTED: out, the sequence number would wrap
 * @CRYPTO_MAP_DROP_REASON_OUT_SELECTOR: out, the SA was negotiated for less
 *   than its flow, and the packet is outside of that
 * @CRYPTO_MAP_DROP_REASON_ICMP_QUOTE: out, an ICMP error of this host that
 *   would quote protected traffic in clear
 * @CRYPTO_MAP_DROP_REASON_OUT_MALFORMED: out, the IP header is malformed
 * @CRYPTO_MAP_DROP_REASON_HOOKS_GONE: out or in UDP, the crypto map is being
 *   taken off while the packet passes
 * @CRYPTO_MAP_DROP_REASON_CLEAR_TEXT: in, clear text that a crypto map wants
 *   protected
 * @CRYPTO_MAP_DROP_REASON_INVALID_SPI: in, ESP for an SPI that nobody knows
 * @CRYPTO_MAP_DROP_REASON_LARVAL_FULL: in, ESP for an SPI whose keys have not
 *   arrived, and its queue is full or was discarded
 * @CRYPTO_MAP_DROP_REASON_BAD_LENGTH: in, ESP shorter than its headers and
 *   trailer, or not a multiple of the cipher block
 * @CRYPTO_MAP_DROP_REASON_REPLAY: in, sequence number seen before or left of
 *   the window
 * @CRYPTO_MAP_DROP_REASON_ZERO_SEQUENCE: in, sequence number zero
 * @CRYPTO_MAP_DROP_REASON_AUTH_FAILED: in, the integrity check failed
 * @CRYPTO_MAP_DROP_REASON_IN_CRYPTO_ERROR: in, the crypto API failed otherwise
 * @CRYPTO_MAP_DROP_REASON_IN_CRYPTO_BUSY: in, the queue of an asynchronous
 *   cipher is full
 * @CRYPTO_MAP_DROP_REASON_IN_NO_MEMORY: in, no memory for the packet or the
 *   crypto request
 * @CRYPTO_MAP_DROP_REASON_BAD_PADDING: in, padding is not 1, 2, 3, ... or
 *   longer than the packet
 * @CRYPTO_MAP_DROP_REASON_BAD_NEXT_HEADER: in, the next header is not what the
 *   mode of the SA allows
 * @CRYPTO_MAP_DROP_REASON_DUMMY: in, a dummy packet (next header 59, RFC 4303
 *   2.6)
 * @CRYPTO_MAP_DROP_REASON_BAD_INNER: in, the decrypted packet is malformed
 * @CRYPTO_MAP_DROP_REASON_SELECTOR_MISMATCH: in, the decrypted packet is
 *   outside the selectors of its SA, or in transport mode not from its peer
 * @CRYPTO_MAP_DROP_REASON_INNER_FRAGMENT: in, a decrypted fragment, or a
 *   packet too short, that shows no ports, and the selectors of its SA look at
 *   ports
 * @CRYPTO_MAP_DROP_REASON_UDP_CHECKSUM: in, ESP in UDP with a wrong UDP
 *   checksum
 * @CRYPTO_MAP_DROP_REASON_ENCAP_MISMATCH: in, ESP in UDP for an SA without it,
 *   or the reverse
 * @CRYPTO_MAP_DROP_REASON_IN_SA_EXPIRED: in, the SA reached a hard limit or
 *   was removed meanwhile
 * @CRYPTO_MAP_DROP_REASON_ECN: in, congestion marked outside on a packet that
 *   is not ECN capable (RFC 6040)
 * @CRYPTO_MAP_DROP_REASON_RECEIVE_QUEUE: in, the receive queue of this CPU is
 *   full or the interface is down
 */
enum crypto_map_drop_reason {
	CRYPTO_MAP_DROP_REASON_NO_SA,
	CRYPTO_MAP_DROP_REASON_NO_DAEMON,
	CRYPTO_MAP_DROP_REASON_NO_SA_MANUAL,
	CRYPTO_MAP_DROP_REASON_ACQUIRE_FAILED,
	CRYPTO_MAP_DROP_REASON_ACQUIRE_TIMEOUT,
	CRYPTO_MAP_DROP_REASON_FLOW_GONE,
	CRYPTO_MAP_DROP_REASON_HOLD_FULL,
	CRYPTO_MAP_DROP_REASON_NO_ROUTE,
	CRYPTO_MAP_DROP_REASON_TOO_BIG,
	CRYPTO_MAP_DROP_REASON_SEGMENT_FAILED,
	CRYPTO_MAP_DROP_REASON_FRAGMENT_PORT,
	CRYPTO_MAP_DROP_REASON_TRANSPORT_MISMATCH,
	CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY,
	CRYPTO_MAP_DROP_REASON_OUT_CRYPTO_ERROR,
	CRYPTO_MAP_DROP_REASON_OUT_CRYPTO_BUSY,
	CRYPTO_MAP_DROP_REASON_OUT_SA_EXPIRED,
	CRYPTO_MAP_DROP_REASON_SEQ_EXHAUSTED,
	CRYPTO_MAP_DROP_REASON_OUT_SELECTOR,
	CRYPTO_MAP_DROP_REASON_ICMP_QUOTE,
	CRYPTO_MAP_DROP_REASON_OUT_MALFORMED,
	CRYPTO_MAP_DROP_REASON_HOOKS_GONE,
	CRYPTO_MAP_DROP_REASON_CLEAR_TEXT,
	CRYPTO_MAP_DROP_REASON_INVALID_SPI,
	CRYPTO_MAP_DROP_REASON_LARVAL_FULL,
	CRYPTO_MAP_DROP_REASON_BAD_LENGTH,
	CRYPTO_MAP_DROP_REASON_REPLAY,
	CRYPTO_MAP_DROP_REASON_ZERO_SEQUENCE,
	CRYPTO_MAP_DROP_REASON_AUTH_FAILED,
	CRYPTO_MAP_DROP_REASON_IN_CRYPTO_ERROR,
	CRYPTO_MAP_DROP_REASON_IN_CRYPTO_BUSY,
	CRYPTO_MAP_DROP_REASON_IN_NO_MEMORY,
	CRYPTO_MAP_DROP_REASON_BAD_PADDING,
	CRYPTO_MAP_DROP_REASON_BAD_NEXT_HEADER,
	CRYPTO_MAP_DROP_REASON_DUMMY,
	CRYPTO_MAP_DROP_REASON_BAD_INNER,
	CRYPTO_MAP_DROP_REASON_SELECTOR_MISMATCH,
	CRYPTO_MAP_DROP_REASON_INNER_FRAGMENT,
	CRYPTO_MAP_DROP_REASON_UDP_CHECKSUM,
	CRYPTO_MAP_DROP_REASON_ENCAP_MISMATCH,
	CRYPTO_MAP_DROP_REASON_IN_SA_EXPIRED,
	CRYPTO_MAP_DROP_REASON_ECN,
	CRYPTO_MAP_DROP_REASON_RECEIVE_QUEUE,

	/* private: */
	__CRYPTO_MAP_DROP_REASON_MAX,
	CRYPTO_MAP_DROP_REASON_MAX = (__CRYPTO_MAP_DROP_REASON_MAX - 1)
};

enum {
	CRYPTO_MAP_A_ACE_SEQ = 1,
	CRYPTO_MAP_A_ACE_ACTION,
	CRYPTO_MAP_A_ACE_REMARK,
	CRYPTO_MAP_A_ACE_PROTOCOL,
	CRYPTO_MAP_A_ACE_SRC,
	CRYPTO_MAP_A_ACE_SRC_WILDCARD,
	CRYPTO_MAP_A_ACE_DST,
	CRYPTO_MAP_A_ACE_DST_WILDCARD,
	CRYPTO_MAP_A_ACE_SRC_PORT_OP,
	CRYPTO_MAP_A_ACE_SRC_PORT,
	CRYPTO_MAP_A_ACE_DST_PORT_OP,
	CRYPTO_MAP_A_ACE_DST_PORT,
	CRYPTO_MAP_A_ACE_ICMP_TYPE,
	CRYPTO_MAP_A_ACE_ICMP_CODE,
	CRYPTO_MAP_A_ACE_HITS,

	__CRYPTO_MAP_A_ACE_MAX,
	CRYPTO_MAP_A_ACE_MAX = (__CRYPTO_MAP_A_ACE_MAX - 1)
};

enum {
	CRYPTO_MAP_A_ACL_NAME = 1,
	CRYPTO_MAP_A_ACL_FAMILY,
	CRYPTO_MAP_A_ACL_ACE,
	CRYPTO_MAP_A_ACL_APPEND,
	CRYPTO_MAP_A_ACL_PAD,

	__CRYPTO_MAP_A_ACL_MAX,
	CRYPTO_MAP_A_ACL_MAX = (__CRYPTO_MAP_A_ACL_MAX - 1)
};

enum {
	CRYPTO_MAP_A_TSET_NAME = 1,
	CRYPTO_MAP_A_TSET_CIPHER,
	CRYPTO_MAP_A_TSET_KEY_BITS,
	CRYPTO_MAP_A_TSET_ICV_BYTES,
	CRYPTO_MAP_A_TSET_AUTH,
	CRYPTO_MAP_A_TSET_MODE,
	CRYPTO_MAP_A_TSET_REQUIRE,
	CRYPTO_MAP_A_TSET_WEAK,
	CRYPTO_MAP_A_TSET_ESN,

	__CRYPTO_MAP_A_TSET_MAX,
	CRYPTO_MAP_A_TSET_MAX = (__CRYPTO_MAP_A_TSET_MAX - 1)
};

enum {
	CRYPTO_MAP_A_GLOBALS_LIFE_SECONDS = 1,
	CRYPTO_MAP_A_GLOBALS_LIFE_KILOBYTES,
	CRYPTO_MAP_A_GLOBALS_REPLAY_WINDOW,
	CRYPTO_MAP_A_GLOBALS_DF_BIT,
	CRYPTO_MAP_A_GLOBALS_GENERATION,
	CRYPTO_MAP_A_GLOBALS_FRAGMENTATION,
	CRYPTO_MAP_A_GLOBALS_IDLE_TIME,

	__CRYPTO_MAP_A_GLOBALS_MAX,
	CRYPTO_MAP_A_GLOBALS_MAX = (__CRYPTO_MAP_A_GLOBALS_MAX - 1)
};

enum {
	CRYPTO_MAP_A_MAP_NAME = 1,
	CRYPTO_MAP_A_MAP_FAMILY,
	CRYPTO_MAP_A_MAP_LOCAL_DEV,

	__CRYPTO_MAP_A_MAP_MAX,
	CRYPTO_MAP_A_MAP_MAX = (__CRYPTO_MAP_A_MAP_MAX - 1)
};

enum {
	CRYPTO_MAP_A_MANUAL_KEY_SPI = 1,
	CRYPTO_MAP_A_MANUAL_KEY_ENC_KEY,
	CRYPTO_MAP_A_MANUAL_KEY_AUTH_KEY,

	__CRYPTO_MAP_A_MANUAL_KEY_MAX,
	CRYPTO_MAP_A_MANUAL_KEY_MAX = (__CRYPTO_MAP_A_MANUAL_KEY_MAX - 1)
};

enum {
	CRYPTO_MAP_A_ENTRY_MAP = 1,
	CRYPTO_MAP_A_ENTRY_SEQ,
	CRYPTO_MAP_A_ENTRY_KIND,
	CRYPTO_MAP_A_ENTRY_ACL,
	CRYPTO_MAP_A_ENTRY_PEER,
	CRYPTO_MAP_A_ENTRY_DEFAULT_PEER,
	CRYPTO_MAP_A_ENTRY_TSET,
	CRYPTO_MAP_A_ENTRY_PFS_GROUP,
	CRYPTO_MAP_A_ENTRY_LIFE_SECONDS,
	CRYPTO_MAP_A_ENTRY_LIFE_KILOBYTES,
	CRYPTO_MAP_A_ENTRY_REPLAY_WINDOW,
	CRYPTO_MAP_A_ENTRY_DF_BIT,
	CRYPTO_MAP_A_ENTRY_DESCRIPTION,
	CRYPTO_MAP_A_ENTRY_MANUAL_IN,
	CRYPTO_MAP_A_ENTRY_MANUAL_OUT,
	CRYPTO_MAP_A_ENTRY_COMPLETE,
	CRYPTO_MAP_A_ENTRY_IDLE_TIME,
	CRYPTO_MAP_A_ENTRY_IDLE_DEFAULT,
	CRYPTO_MAP_A_ENTRY_PRE_CLASSIFY,

	__CRYPTO_MAP_A_ENTRY_MAX,
	CRYPTO_MAP_A_ENTRY_MAX = (__CRYPTO_MAP_A_ENTRY_MAX - 1)
};

enum {
	CRYPTO_MAP_A_ATTACH_IFNAME = 1,
	CRYPTO_MAP_A_ATTACH_MAP,
	CRYPTO_MAP_A_ATTACH_LABEL,
	CRYPTO_MAP_A_ATTACH_IFINDEX,
	CRYPTO_MAP_A_ATTACH_LOCAL,
	CRYPTO_MAP_A_ATTACH_MTU,
	CRYPTO_MAP_A_ATTACH_DF_BIT,
	CRYPTO_MAP_A_ATTACH_FRAGMENTATION,

	__CRYPTO_MAP_A_ATTACH_MAX,
	CRYPTO_MAP_A_ATTACH_MAX = (__CRYPTO_MAP_A_ATTACH_MAX - 1)
};

enum {
	CRYPTO_MAP_A_CONFIG_REPLACE = 1,
	CRYPTO_MAP_A_CONFIG_GENERATION,
	CRYPTO_MAP_A_CONFIG_DRY_RUN,
	CRYPTO_MAP_A_CONFIG_FLOWS_KEPT,
	CRYPTO_MAP_A_CONFIG_FLOWS_ADDED,
	CRYPTO_MAP_A_CONFIG_FLOWS_REMOVED,
	CRYPTO_MAP_A_CONFIG_SAS_REMOVED,

	__CRYPTO_MAP_A_CONFIG_MAX,
	CRYPTO_MAP_A_CONFIG_MAX = (__CRYPTO_MAP_A_CONFIG_MAX - 1)
};

enum {
	CRYPTO_MAP_A_SELECTOR_LOCAL = 1,
	CRYPTO_MAP_A_SELECTOR_LOCAL_WILDCARD,
	CRYPTO_MAP_A_SELECTOR_REMOTE,
	CRYPTO_MAP_A_SELECTOR_REMOTE_WILDCARD,
	CRYPTO_MAP_A_SELECTOR_PROTOCOL,
	CRYPTO_MAP_A_SELECTOR_LOCAL_PORT,
	CRYPTO_MAP_A_SELECTOR_REMOTE_PORT,
	CRYPTO_MAP_A_SELECTOR_FAMILY,

	__CRYPTO_MAP_A_SELECTOR_MAX,
	CRYPTO_MAP_A_SELECTOR_MAX = (__CRYPTO_MAP_A_SELECTOR_MAX - 1)
};

enum {
	CRYPTO_MAP_A_DROP_REASON = 1,
	CRYPTO_MAP_A_DROP_PACKETS,
	CRYPTO_MAP_A_DROP_PAD,

	__CRYPTO_MAP_A_DROP_MAX,
	CRYPTO_MAP_A_DROP_MAX = (__CRYPTO_MAP_A_DROP_MAX - 1)
};

enum {
	CRYPTO_MAP_A_COUNTERS_OUT_PACKETS = 1,
	CRYPTO_MAP_A_COUNTERS_OUT_BYTES,
	CRYPTO_MAP_A_COUNTERS_IN_PACKETS,
	CRYPTO_MAP_A_COUNTERS_IN_BYTES,
	CRYPTO_MAP_A_COUNTERS_SEND_ERRORS,
	CRYPTO_MAP_A_COUNTERS_RECV_ERRORS,
	CRYPTO_MAP_A_COUNTERS_PAD,

	__CRYPTO_MAP_A_COUNTERS_MAX,
	CRYPTO_MAP_A_COUNTERS_MAX = (__CRYPTO_MAP_A_COUNTERS_MAX - 1)
};

enum {
	CRYPTO_MAP_A_FLOW_ID = 1,
	CRYPTO_MAP_A_FLOW_IFNAME,
	CRYPTO_MAP_A_FLOW_LABEL,
	CRYPTO_MAP_A_FLOW_MAP,
	CRYPTO_MAP_A_FLOW_ENTRY_SEQ,
	CRYPTO_MAP_A_FLOW_ACL,
	CRYPTO_MAP_A_FLOW_ACE_SEQ,
	CRYPTO_MAP_A_FLOW_KIND,
	CRYPTO_MAP_A_FLOW_STATE,
	CRYPTO_MAP_A_FLOW_SELECTOR,
	CRYPTO_MAP_A_FLOW_NARROW,
	CRYPTO_MAP_A_FLOW_LOCAL,
	CRYPTO_MAP_A_FLOW_REMOTE,
	CRYPTO_MAP_A_FLOW_REMOTE_PORT,
	CRYPTO_MAP_A_FLOW_OUT_SPI,
	CRYPTO_MAP_A_FLOW_MTU,
	CRYPTO_MAP_A_FLOW_PLAIN_MTU,
	CRYPTO_MAP_A_FLOW_COUNTERS,
	CRYPTO_MAP_A_FLOW_DROP,
	CRYPTO_MAP_A_FLOW_ENTRY,
	CRYPTO_MAP_A_FLOW_TSET,
	CRYPTO_MAP_A_FLOW_REASON,
	CRYPTO_MAP_A_FLOW_ACQUIRING,
	CRYPTO_MAP_A_FLOW_HELD,

	__CRYPTO_MAP_A_FLOW_MAX,
	CRYPTO_MAP_A_FLOW_MAX = (__CRYPTO_MAP_A_FLOW_MAX - 1)
};

enum {
	CRYPTO_MAP_A_LIMITS_SECONDS = 1,
	CRYPTO_MAP_A_LIMITS_BYTES,
	CRYPTO_MAP_A_LIMITS_PACKETS,
	CRYPTO_MAP_A_LIMITS_PAD,

	__CRYPTO_MAP_A_LIMITS_MAX,
	CRYPTO_MAP_A_LIMITS_MAX = (__CRYPTO_MAP_A_LIMITS_MAX - 1)
};

enum {
	CRYPTO_MAP_A_SA_SPI = 1,
	CRYPTO_MAP_A_SA_DIR,
	CRYPTO_MAP_A_SA_LOCAL,
	CRYPTO_MAP_A_SA_REMOTE,
	CRYPTO_MAP_A_SA_FLOW_ID,
	CRYPTO_MAP_A_SA_STATE,
	CRYPTO_MAP_A_SA_FLAGS,
	CRYPTO_MAP_A_SA_MODE,
	CRYPTO_MAP_A_SA_CIPHER,
	CRYPTO_MAP_A_SA_KEY_BITS,
	CRYPTO_MAP_A_SA_ICV_BYTES,
	CRYPTO_MAP_A_SA_AUTH,
	CRYPTO_MAP_A_SA_ENC_KEY,
	CRYPTO_MAP_A_SA_AUTH_KEY,
	CRYPTO_MAP_A_SA_SELECTOR,
	CRYPTO_MAP_A_SA_ENCAP_SPORT,
	CRYPTO_MAP_A_SA_ENCAP_DPORT,
	CRYPTO_MAP_A_SA_REPLAY_WINDOW,
	CRYPTO_MAP_A_SA_STANDBY,
	CRYPTO_MAP_A_SA_TWIN_SPI,
	CRYPTO_MAP_A_SA_SOFT,
	CRYPTO_MAP_A_SA_HARD,
	CRYPTO_MAP_A_SA_USED,
	CRYPTO_MAP_A_SA_IDLE,
	CRYPTO_MAP_A_SA_OUT_SEQ,
	CRYPTO_MAP_A_SA_REPLAY_TOP,
	CRYPTO_MAP_A_SA_PFS_GROUP,
	CRYPTO_MAP_A_SA_ID,
	CRYPTO_MAP_A_SA_EXPIRE,
	CRYPTO_MAP_A_SA_SPI_MIN,
	CRYPTO_MAP_A_SA_SPI_MAX,
	CRYPTO_MAP_A_SA_DROP,
	CRYPTO_MAP_A_SA_MAP,
	CRYPTO_MAP_A_SA_COUNT,
	CRYPTO_MAP_A_SA_PAD,
	CRYPTO_MAP_A_SA_SEQ,
	CRYPTO_MAP_A_SA_TFC_PAD,
	CRYPTO_MAP_A_SA_SEEN,

	__CRYPTO_MAP_A_SA_MAX,
	CRYPTO_MAP_A_SA_MAX = (__CRYPTO_MAP_A_SA_MAX - 1)
};

enum {
	CRYPTO_MAP_A_STATS_DROP = 1,
	CRYPTO_MAP_A_STATS_REASON,
	CRYPTO_MAP_A_STATS_SAS,
	CRYPTO_MAP_A_STATS_FLOWS,
	CRYPTO_MAP_A_STATS_HELD,
	CRYPTO_MAP_A_STATS_VERSION,

	__CRYPTO_MAP_A_STATS_MAX,
	CRYPTO_MAP_A_STATS_MAX = (__CRYPTO_MAP_A_STATS_MAX - 1)
};

enum {
	CRYPTO_MAP_A_ALG_NAME = 1,
	CRYPTO_MAP_A_ALG_CIPHER,
	CRYPTO_MAP_A_ALG_AUTH,
	CRYPTO_MAP_A_ALG_KEY_BITS,
	CRYPTO_MAP_A_ALG_BLOCK,
	CRYPTO_MAP_A_ALG_ICV_BYTES,
	CRYPTO_MAP_A_ALG_WEAK,
	CRYPTO_MAP_A_ALG_STATE,

	__CRYPTO_MAP_A_ALG_MAX,
	CRYPTO_MAP_A_ALG_MAX = (__CRYPTO_MAP_A_ALG_MAX - 1)
};

enum {
	CRYPTO_MAP_CMD_CONFIG_BEGIN = 1,
	CRYPTO_MAP_CMD_CONFIG_COMMIT,
	CRYPTO_MAP_CMD_GLOBALS_SET,
	CRYPTO_MAP_CMD_GLOBALS_GET,
	CRYPTO_MAP_CMD_ACL_NEW,
	CRYPTO_MAP_CMD_ACL_DEL,
	CRYPTO_MAP_CMD_ACL_GET,
	CRYPTO_MAP_CMD_TSET_NEW,
	CRYPTO_MAP_CMD_TSET_DEL,
	CRYPTO_MAP_CMD_TSET_GET,
	CRYPTO_MAP_CMD_MAP_NEW,
	CRYPTO_MAP_CMD_MAP_DEL,
	CRYPTO_MAP_CMD_MAP_GET,
	CRYPTO_MAP_CMD_ENTRY_NEW,
	CRYPTO_MAP_CMD_ENTRY_DEL,
	CRYPTO_MAP_CMD_ENTRY_GET,
	CRYPTO_MAP_CMD_ATTACH_NEW,
	CRYPTO_MAP_CMD_ATTACH_DEL,
	CRYPTO_MAP_CMD_ATTACH_GET,
	CRYPTO_MAP_CMD_FLOW_GET,
	CRYPTO_MAP_CMD_FLOW_FIND,
	CRYPTO_MAP_CMD_FLOW_FAIL,
	CRYPTO_MAP_CMD_COUNTERS_CLEAR,
	CRYPTO_MAP_CMD_SPI_ALLOC,
	CRYPTO_MAP_CMD_SA_NEW,
	CRYPTO_MAP_CMD_SA_SET,
	CRYPTO_MAP_CMD_SA_DEL,
	CRYPTO_MAP_CMD_SA_GET,
	CRYPTO_MAP_CMD_SA_FLUSH,
	CRYPTO_MAP_CMD_STATS_GET,
	CRYPTO_MAP_CMD_ACQUIRE_NTF,
	CRYPTO_MAP_CMD_EXPIRE_NTF,
	CRYPTO_MAP_CMD_INVALID_SPI_NTF,
	CRYPTO_MAP_CMD_MAPPING_NTF,
	CRYPTO_MAP_CMD_FAIL_NTF,
	CRYPTO_MAP_CMD_CONFIG_NTF,
	CRYPTO_MAP_CMD_SA_NTF,
	CRYPTO_MAP_CMD_ALG_GET,

	__CRYPTO_MAP_CMD_MAX,
	CRYPTO_MAP_CMD_MAX = (__CRYPTO_MAP_CMD_MAX - 1)
};

#define CRYPTO_MAP_MCGRP_IKE	"ike"
#define CRYPTO_MAP_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_CRYPTO_MAP_H */
