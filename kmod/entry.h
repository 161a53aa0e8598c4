/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_ENTRY_H
#define _CMAP_ENTRY_H

/*
 * Crypto map entries: immutable once a transaction has them, referenced by
 * configurations, transactions and flows.
 */

#include <linux/refcount.h>
#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "tuple.h"

struct cmap_config;

/**
 * struct cmap_globals - settings that attachments and entries inherit
 * @life_seconds: lifetime of a negotiated SA in seconds
 * @life_kilobytes: in units of 1000 bytes; 0 for none
 * @replay_window: packets; 0 for no check
 * @df_bit: enum crypto_map_df_bit
 * @fragmentation: enum crypto_map_fragmentation; no entry has one of its own
 * @idle_seconds: without a packet, after which a negotiated SA pair is removed;
 *	0 for never
 */
struct cmap_globals {
	u32	life_seconds;
	u32	life_kilobytes;
	u32	replay_window;
	u8	df_bit;
	u8	fragmentation;
	u32	idle_seconds;
};

#define CMAP_LIFE_SECONDS_DEFAULT	3600
#define CMAP_LIFE_SECONDS_GLOBAL_MAX	86400
#define CMAP_LIFE_SECONDS_ENTRY_MAX	2592000
#define CMAP_LIFE_KILOBYTES_DEFAULT	4608000
#define CMAP_REPLAY_WINDOW_DEFAULT	64
#define CMAP_IDLE_SECONDS_MAX		86400

#define CMAP_KEY_MAX	64

/**
 * struct cmap_manual_key - keys of one direction of an ipsec-manual entry
 * @spi: SPI, host byte order
 * @enc_len: bytes in @enc
 * @auth_len: bytes in @auth
 * @enc: cipher key, with salt where the cipher has one
 * @auth: authenticator key
 */
struct cmap_manual_key {
	u32	spi;
	u8	enc_len;
	u8	auth_len;
	u8	enc[CMAP_KEY_MAX];
	u8	auth[CMAP_KEY_MAX];
};

/* Directions of @manual and @filter: enum crypto_map_sa_dir. */
#define CMAP_DIRS	2

/**
 * struct cmap_reverse_route - routes to what an entry protects
 * @enable: the entry has routes
 * @is_static: as long as its crypto map is attached, not only with an SA
 * @peer_gateway: @remote_peer was written with the word gateway
 * @distance: metric, 0 for that of IOS
 * @remote_peer_family: family of @remote_peer, that of the peers; AF_UNSPEC for
 *	none
 * @gateway_family: family of @gateway, that of the crypto map; AF_UNSPEC for
 *	none
 * @tag: 0 for none
 * @remote_peer: next hop to the peer and what is behind it
 * @gateway: next hop to what is behind the peer
 *
 * Kept for user space, which makes the routes.
 */
struct cmap_reverse_route {
	bool			enable;
	bool			is_static;
	bool			peer_gateway;
	u8			distance;
	u16			remote_peer_family;
	u16			gateway_family;
	u32			tag;
	union cmap_addr		remote_peer;
	union cmap_addr		gateway;
};

/**
 * enum cmap_entry_set - which settings of an entry override the globals
 * @CMAP_ENTRY_LIFE_SECONDS: life_seconds
 * @CMAP_ENTRY_LIFE_KILOBYTES: life_kilobytes
 * @CMAP_ENTRY_REPLAY_WINDOW: replay_window
 * @CMAP_ENTRY_DF_BIT: df_bit
 * @CMAP_ENTRY_IDLE_SECONDS: idle_seconds
 */
enum cmap_entry_set {
	CMAP_ENTRY_LIFE_SECONDS		= 1 << 0,
	CMAP_ENTRY_LIFE_KILOBYTES	= 1 << 1,
	CMAP_ENTRY_REPLAY_WINDOW	= 1 << 2,
	CMAP_ENTRY_DF_BIT		= 1 << 3,
	CMAP_ENTRY_IDLE_SECONDS		= 1 << 4,
};

/**
 * struct cmap_entry - an entry of a crypto map or of a dynamic crypto map
 * @refs: configurations, transactions and flows that use it
 * @rcu: flows hand it to readers under RCU
 * @map: name of its crypto map, or dynamic crypto map
 * @seq: sequence number
 * @kind: enum crypto_map_entry_kind
 * @default_peer: the first peer is the default one
 * @idle_default: after the idle time the default peer is the first to be asked
 * @pre_classify: outer packets keep the flow hash of the inner ones
 * @family: AF_INET or AF_INET6, that of the crypto map: of the packets that it
 *	protects
 * @peer_family: AF_INET or AF_INET6, that of the peers, which may be the other
 *	one in tunnel mode; AF_UNSPEC without peers
 * @pfs_group: Diffie-Hellman group, 0 for no PFS
 * @n_peer: peers in @peer
 * @n_tset: transform sets in @tset
 * @set: which of @own overrides the globals: bits of enum cmap_entry_set
 * @own: own settings, valid where @set has the bit, else zero
 * @acl: name of the access list, or NULL; owned
 * @filter: names of the access lists that filter what it protects, by enum
 *	crypto_map_sa_dir, or NULL; owned
 * @peer: peers in order of preference; owned
 * @tset: names of the transform sets in order of preference; owned
 * @description: text or NULL; owned
 * @dynamic: name of the dynamic crypto map that an entry of kind dynamic refers
 *	to, else NULL; owned
 * @dynamic_seq: of an entry of cmap_entry_derive(), its template; else 0
 * @manual: keys of an ipsec-manual entry by enum crypto_map_sa_dir, else NULL;
 *	owned, wiped when freed
 * @route: reverse routes, or NULL; owned
 *
 * Variable-size parts are allocated separately so that an entry with one peer
 * and one transform set stays small.
 */
struct cmap_entry {
	refcount_t		refs;
	struct rcu_head		rcu;
	char			map[CRYPTO_MAP_NAME_MAX + 1];
	u16			seq;
	u8			kind;
	u8			default_peer;
	u8			idle_default;
	u8			pre_classify;
	u16			family;
	u16			peer_family;
	u16			pfs_group;
	u8			n_peer;
	u8			n_tset;
	u8			set;
	struct cmap_globals	own;
	char			*acl;
	char			*filter[CMAP_DIRS];
	union cmap_addr		*peer;
	char			**tset;
	char			*description;
	char			*dynamic;
	u16			dynamic_seq;
	struct cmap_manual_key	*manual;
	struct cmap_reverse_route *route;
};

/**
 * cmap_entry_create() - make an entry for the caller to fill in
 *
 * Return: an entry of zeroes with one reference, or NULL.
 */
struct cmap_entry *cmap_entry_create(void);

/**
 * cmap_entry_equal() - whether two entries say the same
 * @a: an entry
 * @b: an entry
 *
 * Return: true if everything is equal, keys included.
 */
bool cmap_entry_equal(const struct cmap_entry *a, const struct cmap_entry *b);

/**
 * cmap_entry_same_keys() - whether two entries have the same manual keys
 * @a: an entry
 * @b: an entry
 *
 * Return: true if SPIs and keys are equal, or neither has any.
 */
bool cmap_entry_same_keys(const struct cmap_entry *a,
			  const struct cmap_entry *b);

/**
 * cmap_entry_complete() - whether an entry has what it needs to protect traffic
 * @cfg: configuration that it belongs to
 * @entry: entry
 *
 * An entry that refers to no access list, or to one that does not exist, and
 * an ipsec-isakmp entry without peer or transform set, is kept but inert. A
 * template needs only a transform set, but an access list that it names must
 * exist; an entry with a dynamic crypto map needs one that has a complete template.
 *
 * Return: true if it protects.
 */
bool cmap_entry_complete(const struct cmap_config *cfg,
			 const struct cmap_entry *entry);

/**
 * cmap_entry_routed() - whether an entry has reverse routes
 * @entry: entry
 *
 * Return: true if it has the command itself, not only settings for it.
 */
static inline bool cmap_entry_routed(const struct cmap_entry *entry)
{
	return entry->route && entry->route->enable;
}

/**
 * cmap_entry_has_peer() - whether an address is one of the peers
 * @entry: entry
 * @family: AF_INET or AF_INET6
 * @peer: address, unused bytes zero
 */
bool cmap_entry_has_peer(const struct cmap_entry *entry, u16 family,
			 const union cmap_addr *peer);

/**
 * cmap_entry_derive() - make the entry that serves one peer by a template
 * @entry: entry of a crypto map that refers to the template's dynamic crypto map
 * @template: entry of that
 * @family: AF_INET or AF_INET6, of the peer
 * @peer: address of the peer
 *
 * IOS: a temporary entry, as long as there is an SA.
 *
 * Return: an entry of kind dynamic in the place of @entry, with one reference, or
 * NULL when there is no memory.
 */
struct cmap_entry *cmap_entry_derive(const struct cmap_entry *entry,
				     const struct cmap_entry *template,
				     u16 family, const union cmap_addr *peer);

/**
 * cmap_entry_settings() - settings of an entry with inheritance resolved
 * @entry: entry
 * @globals: what it inherits
 * @out: result
 */
void cmap_entry_settings(const struct cmap_entry *entry,
			 const struct cmap_globals *globals,
			 struct cmap_globals *out);

void cmap_entry_get(struct cmap_entry *entry);
void cmap_entry_put(struct cmap_entry *entry);

#endif /* _CMAP_ENTRY_H */
