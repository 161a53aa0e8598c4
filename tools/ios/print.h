/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces of running-config text that show commands print as well. Each writes
 * a zero terminated text of at most @size bytes and returns its length, as
 * snprintf() does.
 */
#ifndef CRYPTOMAP_IOS_PRINT_H
#define CRYPTOMAP_IOS_PRINT_H

#include "ios.h"

/* IOS_ACE_TEXT - size that is enough for any entry but a remark, and for a line of an object-group */
#define IOS_ACE_TEXT 832

/**
 * ios_ace_text() - "permit ip host A any", without sequence number; not for remarks
 * @show: as show commands write it, else as the configuration, where "deny" of IPv4
 *        is padded to the width of "permit", as it is of a standard list in either
 */
int ios_ace_text(char *buf, size_t size, const struct ios_ace *ace, bool show);

/** ios_acl_word() - Return: the kind of an access list: "Extended IP", "Standard IP" or "IPv6" */
const char *ios_acl_word(const struct ios_acl *acl);

/** ios_member_text() - a line of an object-group, with the blank before it */
int ios_member_text(char *buf, size_t size, const struct ios_member *member);

/** ios_group_word() - Return: the kind of an object-group: "network", "v6-service", ... */
const char *ios_group_word(const struct ios_group *group);

/**
 * ios_acl_same(), ... - whether two objects are written the same
 *
 * Manual keys that are hidden are as others are of which only the SPI is known.
 *
 * Return: false when memory is exhausted, too.
 */
bool ios_acl_same(const struct ios_acl *a, const struct ios_acl *b);
bool ios_group_same(const struct ios_group *a, const struct ios_group *b);
bool ios_tset_same(const struct ios_tset *a, const struct ios_tset *b);
bool ios_entry_same(const struct ios_map *map, const struct ios_entry *a,
		    const struct ios_entry *b);
bool ios_interface_same(const struct ios_interface *a, const struct ios_interface *b);

/** ios_entry_head_text() - Return: the line that opens an entry, for free(); NULL without memory */
char *ios_entry_head_text(const struct ios_map *map, const struct ios_entry *entry);

/** ios_interface_short() - "Gi0/1" of GigabitEthernet0/1; the name of a Linux device as it is */
void ios_interface_short(const char *name, char text[IOS_NAME_MAX + 1]);

/** ios_interface_text() - Return: an interface's section, for free(); NULL without memory */
char *ios_interface_text(const struct ios_interface *ifc);

/**
 * ios_tset_text() - the transforms of a set
 * @show: as show commands spell them ("esp-256-aes"), else as in the
 *        configuration ("esp-aes 256")
 */
int ios_tset_text(char *buf, size_t size, const struct ios_tset *set, bool show);

#endif
