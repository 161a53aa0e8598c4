/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_ATTACH_H
#define _CMAP_ATTACH_H

/*
 * Attachments: crypto maps bound to interfaces by name. Each configuration has
 * its own. Whether the device exists is the one thing that changes in a
 * published configuration: device notifiers bind and unbind.
 */

#include <linux/if.h>
#include <linux/list.h>
#include <linux/types.h>

#include <uapi/linux/crypto_map.h>

#include "classify.h"
#include "entry.h"
#include "traffic.h"
#include "tuple.h"

struct cmap_config;
struct cmap_dynamic;
struct cmap_net;
struct cmap_ruleset;

/**
 * enum cmap_attach_set - which settings of an attachment override the globals
 * @CMAP_ATTACH_DF_BIT: df_bit
 * @CMAP_ATTACH_FRAGMENTATION: fragmentation
 */
enum cmap_attach_set {
	CMAP_ATTACH_DF_BIT		= 1 << 0,
	CMAP_ATTACH_FRAGMENTATION	= 1 << 1,
};

/**
 * struct cmap_attach - a crypto map bound to an interface by name
 * @list: node in cmap_config.attaches
 * @ifname: name of the device
 * @map: name of the crypto map
 * @label: name to show, or empty
 * @family: AF_INET or AF_INET6, that of the map; set by the commit
 * @local_dev: device whose address is the local end point, or empty for the
 *	attached one; that of the map, set by the commit
 * @set: bits of enum cmap_attach_set
 * @df_bit: enum crypto_map_df_bit, valid where @set has the bit
 * @fragmentation: enum crypto_map_fragmentation, likewise
 * @inherited: what its entries inherit, of the globals and of that; set by the commit
 * @bound: node in cmap_config.bound while the device exists
 * @ifindex: index of the device, 0 while it does not exist; written under
 *	cn->lock, read under RCU with READ_ONCE()
 * @needs_whole: some rule cannot be decided on fragments, so they must be
 *	reassembled
 * @ruleset: rules, shared with attachments of configurations that have the same;
 *	made by the commit
 * @dynamic: entries of kind dynamic, with their flows, shared likewise; NULL if there
 *	are none
 * @past: traffic of its flows that are gone, and what was cleared, of those of
 *	configurations before as well; under cn->lock
 * @sum: that and the traffic of those that there are, as of cmap_traffic_sum();
 *	under cn->lock
 */
struct cmap_attach {
	struct list_head	list;
	char			ifname[IFNAMSIZ];
	char			map[CRYPTO_MAP_NAME_MAX + 1];
	char			label[CRYPTO_MAP_NAME_MAX + 1];
	u16			family;
	char			local_dev[IFNAMSIZ];
	u8			set;
	u8			df_bit;
	u8			fragmentation;
	struct cmap_globals	inherited;
	struct hlist_node	bound;
	int			ifindex;
	bool			needs_whole;
	struct cmap_ruleset	*ruleset;
	struct cmap_dynamic	*dynamic;
	struct cmap_traffic	past;
	struct cmap_traffic	sum;
};

/**
 * cmap_attach_lookup_rcu() - attachment of a device
 * @cfg: configuration
 * @ifindex: device
 * @family: AF_INET or AF_INET6
 *
 * Context: RCU read side.
 * Return: the attachment or NULL.
 */
const struct cmap_attach *cmap_attach_lookup_rcu(const struct cmap_config *cfg,
						 int ifindex, u16 family);

/**
 * cmap_attach_classify() - what the crypto map of an attachment wants of a packet
 * @attach: attachment
 * @tuple: packet, source on the protected side
 * @found: set to the permit rule that decides, or to the first that might; not for
 *	CMAP_CLASS_CLEAR
 *
 * The flows of an entry of kind dynamic go before the permits of its templates,
 * and both before all later entries.
 *
 * Context: RCU read side.
 */
enum cmap_class cmap_attach_classify(const struct cmap_attach *attach,
				     const struct cmap_tuple *tuple,
				     const struct cmap_rule **found);

/**
 * cmap_attach_find() - attachment by name
 * @cfg: configuration
 * @ifname: name of the device
 * @map: name of the crypto map
 *
 * Return: the attachment or NULL.
 */
struct cmap_attach *cmap_attach_find(const struct cmap_config *cfg,
				     const char *ifname, const char *map);

/**
 * cmap_attach_inherit() - set what the entries of an attachment inherit
 * @attach: attachment of a configuration that is not published
 * @globals: what it inherits itself
 */
void cmap_attach_inherit(struct cmap_attach *attach,
			 const struct cmap_globals *globals);

/**
 * cmap_attach_df_bit() - what becomes of the DF bit of packets of a rule
 * @attach: attachment
 * @rule: rule of it
 *
 * Rules do not know what their entries inherit: it changes without them.
 *
 * Return: enum crypto_map_df_bit.
 */
static inline u8 cmap_attach_df_bit(const struct cmap_attach *attach,
				    const struct cmap_rule *rule)
{
	return rule->has_df_bit ? rule->df_bit : attach->inherited.df_bit;
}

/**
 * cmap_attach_destroy() - free an attachment that is in no list
 * @attach: attachment
 */
void cmap_attach_destroy(struct cmap_attach *attach);

/**
 * cmap_attach_clear_rules() - give the rules of an attachment back
 * @attach: attachment that packets cannot reach
 */
void cmap_attach_clear_rules(struct cmap_attach *attach);

/**
 * cmap_attach_bind_all() - bind to the devices that exist
 * @cn: namespace
 * @cfg: configuration that is about to be published
 *
 * Context: cn->lock.
 */
void cmap_attach_bind_all(struct cmap_net *cn, struct cmap_config *cfg);

/**
 * cmap_local_addr() - local tunnel end point of an attachment
 * @cn: namespace
 * @attach: attachment
 * @family: AF_INET or AF_INET6, that of the peer
 * @out: result
 *
 * The primary address of the device that the crypto map names, else of the
 * attached one; with IPv6 the oldest one that is global and not temporary.
 *
 * Context: RCU read side, or cn->lock.
 * Return: false if there is no device or it has no address.
 */
bool cmap_local_addr(struct cmap_net *cn, const struct cmap_attach *attach,
		     u16 family, union cmap_addr *out);

/**
 * cmap_local_addr_is() - whether an address is the local tunnel end point
 * @cn: namespace
 * @attach: attachment
 * @family: AF_INET or AF_INET6
 * @addr: address
 *
 * Context: RCU read side, or cn->lock.
 */
bool cmap_local_addr_is(struct cmap_net *cn, const struct cmap_attach *attach,
			u16 family, const union cmap_addr *addr);

/**
 * cmap_attach_register_notifiers() - follow devices and addresses
 *
 * Namespaces must have been registered.
 *
 * Return: 0 or a negative errno.
 */
int cmap_attach_register_notifiers(void);
void cmap_attach_unregister_notifiers(void);

#endif /* _CMAP_ATTACH_H */
