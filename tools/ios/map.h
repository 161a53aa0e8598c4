/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Crypto maps, dynamic ones as well, and the interfaces that have them.
 */
#ifndef CRYPTOMAP_IOS_MAP_H
#define CRYPTOMAP_IOS_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base.h"
#include "ipsec.h"

struct ios_config;

/** IOS_TSET_MAX - most transform sets of a crypto map entry */
#define IOS_TSET_MAX 6
/** IOS_PEER_MAX - most peers of a crypto map entry */
#define IOS_PEER_MAX 16
/** IOS_MANUAL_KEY_MAX - longest key of set session-key in bytes */
#define IOS_MANUAL_KEY_MAX 64

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

/** IOS_NAMED_PEER_MAX - most peers of a crypto map entry that are known by name */
#define IOS_NAMED_PEER_MAX 4

/**
 * struct ios_peer - a peer of a crypto map entry
 * @addr:    its address; no family where it is known by name
 * @name:    its name, NULL where it is known by address; owned by the model
 * @dynamic: the name is resolved whenever a tunnel is to be set up; else as it is
 *           configured, which is up to who loads the model: see ios_peer_resolved()
 * @line:    line of it
 */
struct ios_peer {
	struct ios_addr addr;
	char *name;
	bool dynamic;
	unsigned int line;
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
 * @prev:           private to list.c
 * @line:           line of its definition
 * @seq:            1-65535
 * @kind:           what follows the number; IOS_KIND_TEMPLATE in a dynamic crypto map
 * @dynamic:        dynamic crypto map of an entry of kind IOS_KIND_DYNAMIC, which has
 *                  nothing of what follows; else empty
 * @acl:            match address, empty for none
 * @acl_line:       line of it
 * @filter:         set ip access-group by enum ios_filter, empty for none
 * @filter_line:    line of it
 * @peers:          in order of preference; their addresses are all of one family, which need
 *                  not be that of the map
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
 * @per_host:       set security-association level per-host
 * @pre_classify:   qos pre-classify
 * @profile:        set isakmp-profile, empty for that of the map
 * @profile_line:   line of it
 * @route:          reverse-route and set reverse-route
 * @description:    owned by the model, NULL for none
 * @in:             manual key, inbound
 * @out:            manual key, outbound
 * @complete:       has what it needs to protect traffic, of what is supported
 *                  (set by the check at the end of ios_parse(), which told if
 *                  it has not)
 * @keys_hidden:    print a comment in place of the manual keys, which the
 *                  kernel never returns; the parser leaves it false
 * @picked:         for IOS_PRINT_PICKED; the parser leaves it false
 */
struct ios_entry {
	struct ios_entry *next, *prev;
	unsigned int line;
	uint16_t seq;
	enum ios_kind kind;
	char dynamic[IOS_NAME_MAX + 1];
	char acl[IOS_NAME_MAX + 1];
	unsigned int acl_line;
	char filter[IOS_FILTERS][IOS_NAME_MAX + 1];
	unsigned int filter_line[IOS_FILTERS];
	struct ios_peer peers[IOS_PEER_MAX];
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
	bool per_host;
	bool pre_classify;
	char profile[IOS_NAME_MAX + 1];
	unsigned int profile_line;
	struct ios_reverse_route route;
	char *description;
	struct ios_manual_key in, out;
	bool complete;
	bool keys_hidden;
	bool picked;
};

/**
 * struct ios_map - a crypto map or a dynamic crypto map
 * @next:       next map: IPv4 ones by name, then IPv6 ones by name
 * @prev:       private to list.c
 * @line:       line of its first mention
 * @name:       its name, of which there are no two whatever the family; dynamic
 *              crypto maps have names of their own
 * @family:     AF_INET or AF_INET6: of the packets that it protects; a dynamic crypto
 *              map is of that of @user, which is known at the end of the text, and
 *              of IPv4 until then
 * @dynamic:    a dynamic crypto map
 * @user:       the first crypto map that refers to a dynamic one, NULL for none
 * @user_line:  line of the entry that does
 * @local_if:   interface of local-address, empty for none
 * @local_line: line of it
 * @profile:    isakmp-profile of its entries that have none, empty for none
 * @profile_line: line of it
 * @entries:    its entries
 * @n_entries:  how many
 * @bound:      an interface has it, or one that refers to it
 */
struct ios_map {
	struct ios_map *next, *prev;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	int family;
	bool dynamic;
	const struct ios_map *user;
	unsigned int user_line;
	char local_if[IOS_NAME_MAX + 1];
	unsigned int local_line;
	char profile[IOS_NAME_MAX + 1];
	unsigned int profile_line;
	struct ios_entry *entries;
	size_t n_entries;
	bool bound;
};

/**
 * struct ios_own - an address of this side
 * @next:      next one of the interface
 * @prev:      private to list.c
 * @line:      line of it
 * @addr:      the address
 * @secondary: one of any number; an interface has one at most that is not, the first
 */
struct ios_own {
	struct ios_own *next, *prev;
	unsigned int line;
	struct ios_addr addr;
	bool secondary;
};

/**
 * struct ios_interface - an interface section
 * @next:      next interface, in the order of the text
 * @prev:      private to list.c
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
 * @refused:   what is not supported of its crypto map was told as an error
 * @own:       addresses, which are for the checks alone: neither set nor printed
 */
struct ios_interface {
	struct ios_interface *next, *prev;
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
	bool refused;
	struct ios_own *own;
};

/**
 * struct ios_binding - a Linux device for an interface of a text, from outside of the text
 * @name: the interface, as ios_interface_find() takes it
 * @dev:  the device
 */
struct ios_binding {
	char name[IOS_NAME_MAX + 1];
	char dev[16];
};

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

/** ios_interface_of() - Return: the interface whose netdev line names this Linux device, or NULL. */
struct ios_interface *ios_interface_of(const struct ios_config *cfg, const char *dev);

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

/**
 * ios_entry_profile() - the isakmp profile of an entry
 *
 * Return: its own, else that of its map; empty for none.
 */
const char *ios_entry_profile(const struct ios_map *map, const struct ios_entry *entry);

/** IOS_PEER_TEXT - room for a peer as text */
#define IOS_PEER_TEXT 256

/** ios_peer_same() - Return: whether two peers are the same one. */
bool ios_peer_same(const struct ios_peer *a, const struct ios_peer *b);

/**
 * ios_peer_text() - a peer by its address or name
 * @peer: the peer
 * @buf:  IOS_PEER_TEXT bytes
 *
 * Return: @buf
 */
const char *ios_peer_text(const struct ios_peer *peer, char *buf);

/** ios_peer_resolved() - a peer by name is one by this address from now on */
void ios_peer_resolved(struct ios_peer *peer, const struct ios_addr *addr);

/** ios_entry_family() - Return: the family of the peers of an entry; that of its map if none has an address. */
int ios_entry_family(const struct ios_map *map, const struct ios_entry *entry);

/** ios_map_word() - Return: "crypto map" or "crypto dynamic-map". */
const char *ios_map_word(const struct ios_map *map);

#endif
