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

/**
 * cmap_globals_equal() - whether settings are the same
 * @a: settings
 * @b: settings
 */
bool cmap_globals_equal(const struct cmap_globals *a,
			const struct cmap_globals *b);

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
 * struct cmap_entry_params - what an entry says
 * @map: name of its crypto map, or dynamic crypto map
 * @seq: sequence number
 * @dynamic_seq: of an entry of cmap_entry_derive(), its template; else 0
 * @kind: enum crypto_map_entry_kind
 * @default_peer: the first peer is the default one
 * @idle_default: after the idle time the default peer is the first to be asked
 * @pre_classify: outer packets keep the flow hash of the inner ones
 * @per_host: each pair of hosts has SAs of its own
 * @family: AF_INET or AF_INET6, that of the crypto map: of the packets that it
 *	protects
 * @peer_family: AF_INET or AF_INET6, that of the peers, which may be the other
 *	one in tunnel mode; AF_UNSPEC without peers
 * @pfs_group: Diffie-Hellman group, 0 for no PFS
 * @n_peer: peers in @peer
 * @n_tset: transform sets in @tset
 * @set: which of @own overrides the globals: bits of enum cmap_entry_set
 * @peer: peers in order of preference, zero where @peer_name has one
 * @peer_name: names of those that are known by name, else empty
 * @n_name: how many have one
 * @tset: names of the transform sets in order of preference
 * @acl: name of the access list, or NULL
 * @own: own settings, valid where @set has the bit, else zero
 * @filter: names of the access lists that filter what it protects, by enum
 *	crypto_map_sa_dir, or NULL
 * @description: text or NULL
 * @profile: name of the ISAKMP profile of its peers, or NULL; kept for user space
 * @dynamic: name of the dynamic crypto map that an entry of kind dynamic refers
 *	to, else NULL
 * @manual: keys of an ipsec-manual entry by enum crypto_map_sa_dir, or NULL
 * @route: reverse routes, or NULL
 * @keys: room for @manual
 * @routes: room for @route
 */
struct cmap_entry_params {
	const char			*map;
	u16				seq;
	u16				dynamic_seq;
	u8				kind;
	bool				default_peer;
	bool				idle_default;
	bool				pre_classify;
	bool				per_host;
	u16				family;
	u16				peer_family;
	u16				pfs_group;
	u8				n_peer;
	u8				n_tset;
	u8				n_name;
	u8				set;
	union cmap_addr			peer[CRYPTO_MAP_ENTRY_PEER_MAX];
	char				peer_name[CRYPTO_MAP_ENTRY_PEER_MAX]
						 [CRYPTO_MAP_HOST_MAX + 1];
	char				tset[CRYPTO_MAP_ENTRY_TSET_MAX]
					    [CRYPTO_MAP_NAME_MAX + 1];
	const char			*acl;
	struct cmap_globals		own;
	const char			*filter[CMAP_DIRS];
	const char			*description;
	const char			*profile;
	const char			*dynamic;
	const struct cmap_manual_key	*manual;
	const struct cmap_reverse_route	*route;
	struct cmap_manual_key		keys[CMAP_DIRS];
	struct cmap_reverse_route	routes;
};

/**
 * struct cmap_entry_more - what few entries have
 * @own: see struct cmap_entry_params, as all here
 * @filter: owned
 * @description: owned
 * @profile: owned
 * @dynamic: owned
 * @peer_names: owned; names of all peers, one behind the other, empty for one
 *	known by address; NULL if all are. See cmap_entry_peer_name().
 * @manual: owned, wiped when freed
 * @route: owned
 */
struct cmap_entry_more {
	struct cmap_globals		own;
	char				*filter[CMAP_DIRS];
	char				*description;
	char				*profile;
	char				*dynamic;
	char				*peer_names;
	struct cmap_manual_key		*manual;
	struct cmap_reverse_route	*route;
};

/**
 * struct cmap_entry - an entry of a crypto map or of a dynamic crypto map
 * @refs: configurations, transactions and flows that use it
 * @seq: see struct cmap_entry_params, as all without a comment here
 * @dynamic_seq: see there
 * @rcu: flows hand it to readers under RCU
 * @map: see there; behind @peer
 * @acl: likewise
 * @tset: names of the transform sets, one behind the other; see cmap_entry_tset()
 * @more: never NULL; owned if it is not the one that all others share
 * @kind: see there
 * @default_peer: see there
 * @idle_default: see there
 * @pre_classify: see there
 * @per_host: see there
 * @family: see there; written when a transaction enters it into its map
 * @peer_family: see there; likewise, if all peers are names: that of the map
 * @n_peer: see there
 * @n_tset: see there
 * @set: see there
 * @pfs_group: see there
 * @peer: see there
 *
 * There may be very many: one with a peer and a transform set is in one piece of
 * memory, with the texts.
 */
struct cmap_entry {
	refcount_t			refs;
	u16				seq;
	u16				dynamic_seq;
	struct rcu_head			rcu;
	const char			*map;
	const char			*acl;
	const char			*tset;
	const struct cmap_entry_more	*more;
	u8				kind		: 4,
					default_peer	: 1,
					idle_default	: 1,
					pre_classify	: 1,
					per_host	: 1;
	u8				family;
	u8				peer_family;
	u8				n_peer;
	u8				n_tset;
	u8				set;
	u16				pfs_group;
	union cmap_addr			peer[];
};

/**
 * cmap_entry_create() - make an entry
 * @p: what it says; copied
 *
 * Return: an entry with one reference, or NULL when there is no memory.
 */
struct cmap_entry *cmap_entry_create(const struct cmap_entry_params *p);

/**
 * cmap_entry_tset() - name of a transform set
 * @entry: entry
 * @i: rank in order of preference, below @n_tset
 */
const char *cmap_entry_tset(const struct cmap_entry *entry, u8 i);

/**
 * cmap_entry_peer_name() - name of a peer
 * @entry: entry
 * @i: rank in order of preference, below @n_peer
 *
 * Return: empty for a peer that is known by address.
 */
const char *cmap_entry_peer_name(const struct cmap_entry *entry, u8 i);

/**
 * cmap_entry_has_name() - whether a name is that of one of the peers
 * @entry: entry
 * @name: name, not empty
 */
bool cmap_entry_has_name(const struct cmap_entry *entry, const char *name);

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
	return entry->more->route && entry->more->route->enable;
}

/**
 * cmap_entry_has_addr() - whether an address is one of the peers
 * @entry: entry
 * @family: AF_INET or AF_INET6
 * @peer: address, unused bytes zero
 */
bool cmap_entry_has_addr(const struct cmap_entry *entry, u16 family,
			 const union cmap_addr *peer);

/**
 * cmap_entry_has_peer() - whether an address may be that of one of the peers
 * @entry: entry
 * @family: AF_INET or AF_INET6
 * @peer: address, unused bytes zero
 *
 * Only user space knows which addresses a name has: any may be one of a peer that
 * is known by name.
 */
bool cmap_entry_has_peer(const struct cmap_entry *entry, u16 family,
			 const union cmap_addr *peer);

/**
 * cmap_entry_keeps_peer() - whether the peer of an entry is one of its successor
 * @entry: what takes the place of @old
 * @old: an entry that has the peer
 * @family: AF_INET or AF_INET6
 * @peer: address, unused bytes zero
 */
bool cmap_entry_keeps_peer(const struct cmap_entry *entry,
			   const struct cmap_entry *old, u16 family,
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
