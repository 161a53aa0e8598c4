/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects of a model as messages of a transaction, and how one is made.
 */
#ifndef CRYPTOMAP_LOAD_H
#define CRYPTOMAP_LOAD_H

#include "cli.h"

/*
 * Each puts the message, or messages, that stage one object. Which objects of a model are
 * staged is told by loads_entry() and loads_attachment(), and by what the parser left in
 * them: groups without a fault, lists with nothing lost, sets that can be used.
 */
void send_globals(struct nl_batch *batch, const struct ios_ipsec *ipsec);
void send_acl(struct nl_batch *batch, const struct ios_acl *acl);
void send_group(struct nl_batch *batch, const struct ios_group *group);
void send_tset(struct nl_batch *batch, const struct ios_tset *set);
void send_map(struct nl_batch *batch, const struct ios_config *cfg, const struct ios_map *map);
void send_entry(struct nl_batch *batch, const struct ios_config *cfg, const struct ios_map *map,
		const struct ios_entry *entry);
void send_attachment(struct nl_batch *batch, const struct ios_config *cfg,
		     const struct ios_interface *ifc, const char *map, unsigned int line);

/** loads_entry() - Return: whether the module gets an entry; not one without its manual keys */
bool loads_entry(const struct ios_entry *entry);
/** loads_attachment() - Return: whether the module gets a crypto map on an interface */
bool loads_attachment(const struct ios_config *cfg, const struct ios_interface *ifc,
		      const char *map);

/**
 * make_config() - phase 1 to the daemon, then the commit; if that fails phase 1 is as before
 * @generation: in force now; becomes the one that was made
 * @anew:       phase 1 even if it is as before: the daemon tells again what it cannot do of it
 *
 * Return: 0, or less after saying why.
 */
int make_config(struct nl *nl, struct ios_config *cfg, const struct args *args,
		uint64_t *generation, bool anew);

/**
 * change_config() - change the running configuration from one model to another
 * @nl:         with a transaction that began with the configuration in force
 * @generation: that of @old; becomes that of @new
 *
 * What is the same in both is not touched, so that its manual keys, which are in neither
 * where they are hidden, and its SAs stay.
 *
 * Return: 0, or less after saying why.
 */
int change_config(struct nl *nl, const struct ios_config *old, struct ios_config *new,
		  const struct args *args, uint64_t *generation);

#endif
