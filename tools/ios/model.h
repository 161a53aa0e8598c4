/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making and changing a model; for the parser and for who rebuilds a model
 * from another source than text (the tool's show running-config).
 *
 * Functions that return a pointer return NULL when memory is exhausted.
 * Objects are collected in reverse; ios_finish() puts the lists in order.
 */
#ifndef CRYPTOMAP_IOS_MODEL_H
#define CRYPTOMAP_IOS_MODEL_H

#include <stdarg.h>

#include "ios.h"

/** ios_finish() - put the lists of a model in the order that ios.h tells; once, at the end */
void ios_finish(struct ios_config *cfg);
/** ios_diags_finish() - the same for the diagnostics, to which ios_advise() adds after it */
void ios_diags_finish(struct ios_config *cfg);

/* Look up the object of this name (number), make it if there is none yet. */
struct ios_policy *ios_policy_get(struct ios_config *cfg, uint16_t priority);
struct ios_tset *ios_tset_get(struct ios_config *cfg, const char *name);
struct ios_acl *ios_acl_get(struct ios_config *cfg, const char *name, int family);
/* Family and kind are those of a new one. */
struct ios_group *ios_group_get(struct ios_config *cfg, const char *name, int family, bool service);
/* The family is that of a new one. */
struct ios_map *ios_map_get(struct ios_config *cfg, const char *name, int family);
struct ios_map *ios_dynamic_get(struct ios_config *cfg, const char *name);
struct ios_interface *ios_interface_get(struct ios_config *cfg, const char *name);
struct ios_entry *ios_entry_get(struct ios_config *cfg, struct ios_map *map, uint16_t seq);

/* Look up without making. */
struct ios_policy *ios_policy_find(const struct ios_config *cfg, uint16_t priority);
struct ios_entry *ios_entry_find(const struct ios_config *cfg, const struct ios_map *map,
				 uint16_t seq);
struct ios_ace *ios_ace_find(const struct ios_config *cfg, const struct ios_acl *acl, uint32_t seq);
struct ios_group *ios_group_find(const struct ios_config *cfg, const char *name);

/**
 * ios_ace_add() - append an entry to an access list
 * @seq: a sequence number that the list has not yet
 */
struct ios_ace *ios_ace_add(struct ios_config *cfg, struct ios_acl *acl, uint32_t seq);
/** ios_ace_move() - give a remark another number, which nothing has; false when memory is exhausted */
bool ios_ace_move(struct ios_config *cfg, struct ios_acl *acl, struct ios_ace *remark,
		  uint32_t seq);

/** ios_acl_sort() - put the entries in the order of their numbers */
void ios_acl_sort(struct ios_acl *acl);

/** ios_ace_init() - an entry that permits or denies all packets of a family */
void ios_ace_init(struct ios_ace *ace, int family);
/** ios_ace_clear() - free what an entry owns */
void ios_ace_clear(struct ios_ace *ace);
/** ios_ace_grouped() - Return: whether an entry names an object-group. */
bool ios_ace_grouped(const struct ios_ace *ace);

/** ios_ace_same() - Return: whether two entries say the same, but for their numbers and log. */
bool ios_ace_same(const struct ios_ace *a, const struct ios_ace *b);

/** ios_ace_hash() - Return: a hash that is the same for entries that say the same. */
uint32_t ios_ace_hash(const struct ios_ace *ace);
/** ios_ace_twin() - Return: an entry or remark of a list that says the same, or NULL. */
struct ios_ace *ios_ace_twin(const struct ios_config *cfg, const struct ios_acl *acl,
				   const struct ios_ace *ace);
/** ios_ace_contains() - Return: whether all packets of one entry are packets of the other. */
bool ios_ace_contains(const struct ios_ace *outer, const struct ios_ace *inner);
/** ios_ace_overlaps() - Return: whether a packet can match both entries. */
bool ios_ace_overlaps(const struct ios_ace *a, const struct ios_ace *b);
/**
 * ios_ace_meet() - cut an entry down to what it has in common with another
 * @ace:   the entry
 * @other: one that overlaps with it; of ports that are partly the same, and of
 *         TCP flags, more than those may stay
 */
void ios_ace_meet(struct ios_ace *ace, const struct ios_ace *other);
/** ios_ace_index() - make an entry known to ios_ace_twin(); 0 or -1 (no memory) */
int ios_ace_index(struct ios_config *cfg, struct ios_acl *acl, struct ios_ace *ace);

/** ios_acl_last() - make the highest numbers of a list right */
void ios_acl_last(struct ios_acl *acl);
/**
 * ios_next_seq() - the sequence number of an entry that is written without one
 * @max_seq: highest number of the list, 0 for none
 * @max_ace: highest number but those of remarks
 * @remark:  it is a remark
 *
 * Entries go by tens, as on IOS; remarks in between, so that they do not
 * change the numbers of the entries.
 *
 * Return: the number, or 0 when none is left.
 */
uint32_t ios_next_seq(uint32_t max_seq, uint32_t max_ace, bool remark);

/**
 * ios_acl_resequence() - number the entries of an access list anew
 * @start: number of the first entry
 * @step:  from one to the next
 *
 * Remarks get numbers in between, as far as there are any. It is done by ios_acl_settle().
 *
 * Return: false when the numbers do not suffice, and nothing was changed
 */
bool ios_acl_resequence(struct ios_acl *acl, uint32_t start, uint32_t step);
/**
 * ios_acl_settle() - do so, before a number of an entry is asked for or one comes or goes
 *
 * Return: 0 or -1 (no memory)
 */
int ios_acl_settle(struct ios_config *cfg, struct ios_acl *acl);

/** ios_member_find() - Return: the line of an object-group that says the same, or NULL. */
struct ios_member *ios_member_find(const struct ios_config *cfg, const struct ios_group *group,
				   const struct ios_member *member);
/** ios_member_add() - add a line that the group does not have. Return: 0 or -1 (no memory) */
int ios_member_add(struct ios_config *cfg, struct ios_group *group, const struct ios_member *member);
void ios_member_remove(struct ios_config *cfg, struct ios_group *group, struct ios_member *member);
/** ios_groups_take() - move the object-groups of one model to another, which has none */
int ios_groups_take(struct ios_config *to, struct ios_config *from);

/**
 * ios_psk_add() - append a key; who calls fills it and then calls ios_psk_index()
 * @ring: keyring, NULL for crypto isakmp key
 */
struct ios_psk *ios_psk_add(struct ios_config *cfg, struct ios_keyring *ring);
/** ios_psk_index() - make a key known to ios_psk_find(); 0 or -1 (no memory) */
int ios_psk_index(struct ios_config *cfg, struct ios_psk *psk);
/** ios_psk_same() - Return: the key of the same keyring for the very same peer, or NULL */
struct ios_psk *ios_psk_same(const struct ios_config *cfg, const struct ios_psk *psk);
/** ios_prefix_match() - Return: whether the first bits of two addresses are equal. */
bool ios_prefix_match(const uint8_t *a, const uint8_t *b, unsigned int bits);

struct ios_trustpoint *ios_trustpoint_get(struct ios_config *cfg, const char *name);
struct ios_cert_map *ios_cert_map_get(struct ios_config *cfg, const char *name, uint16_t seq);
/** ios_cert_map_find() - Return: the certificate map of this name and number, or NULL */
struct ios_cert_map *ios_cert_map_find(const struct ios_config *cfg, const char *name, uint16_t seq);
/** ios_cert_map_named() - Return: whether there is a certificate map of this name. */
bool ios_cert_map_named(const struct ios_config *cfg, const char *name);
/** ios_blob_add() - append bytes; 0 or -1 (no memory) */
int ios_blob_add(struct ios_blob *blob, const uint8_t *data, size_t len);
/** ios_blob_free() - wipe and free what a blob has */
void ios_blob_free(struct ios_blob *blob);
/** ios_pki_source_clear() - forget a file and what is in it */
void ios_pki_source_clear(struct ios_pki_source *source);
/** ios_certificate_add() - a certificate whose bytes are to come; NULL when memory is exhausted */
struct ios_certificate *ios_certificate_add(struct ios_trustpoint *point, bool ca, const char *serial);
/** ios_certificate_enter() - its bytes are there: it takes the place of one of its number; 0 or -1 (no memory) */
int ios_certificate_enter(struct ios_config *cfg, struct ios_trustpoint *point,
			  struct ios_certificate *cert);
/** ios_certificate_find() - Return: the certificate of a number that has its bytes, or NULL */
struct ios_certificate *ios_certificate_find(const struct ios_config *cfg,
					     const struct ios_trustpoint *point, bool ca,
					     const char *serial);
void ios_certificate_remove(struct ios_config *cfg, struct ios_trustpoint *point,
			    struct ios_certificate *cert);
/** ios_chain_clear() - forget the certificates of the text */
void ios_chain_clear(struct ios_config *cfg, struct ios_trustpoint *point);
/** ios_dn_rule_find() - Return: the rule of a certificate map that says the same, or NULL */
struct ios_dn_rule *ios_dn_rule_find(const struct ios_config *cfg, const struct ios_cert_map *map,
				     const struct ios_dn_rule *rule);
/** ios_dn_rule_add() - add a rule that the certificate map does not have; 0 or -1 (no memory) */
int ios_dn_rule_add(struct ios_config *cfg, struct ios_cert_map *map, const struct ios_dn_rule *rule);
void ios_dn_rule_remove(struct ios_config *cfg, struct ios_cert_map *map, struct ios_dn_rule *rule);

struct ios_keyring *ios_keyring_get(struct ios_config *cfg, const char *name);
struct ios_profile *ios_profile_get(struct ios_config *cfg, const char *name);
/** ios_match_find() - Return: the match identity of a profile that says the same, or NULL. */
struct ios_match *ios_match_find(const struct ios_config *cfg, const struct ios_profile *profile,
				 const struct ios_match *match);
/** ios_match_add() - append a match identity to a profile that does not have it. Return: 0 or -1 (no memory) */
int ios_match_add(struct ios_config *cfg, struct ios_profile *profile, const struct ios_match *match);
/** ios_client_add() - append a command about clients, once. Return: 0 or -1 (no memory) */
int ios_client_add(struct ios_config *cfg, struct ios_profile *profile, enum ios_clients kind,
		   const char *text, unsigned int line);
/** ios_client_remove() - remove a command about clients; all of the kind without @text */
void ios_client_remove(struct ios_config *cfg, struct ios_profile *profile, enum ios_clients kind,
		       const char *text);
/** ios_id_same() - Return: whether two identities are equal. */
bool ios_id_same(const struct ios_id *a, const struct ios_id *b);
/** ios_id_hash() - Return: a hash that is the same for equal identities. */
uint32_t ios_id_hash(const struct ios_id *id);

/** ios_isakmp_peer_add() - crypto isakmp peer of an address or host name that has none yet */
struct ios_isakmp_peer *ios_isakmp_peer_add(struct ios_config *cfg, const struct ios_id *peer);

/* Remove an object with all it holds; keys are wiped. */
void ios_isakmp_peer_remove(struct ios_config *cfg, struct ios_isakmp_peer *peer);
void ios_policy_remove(struct ios_config *cfg, struct ios_policy *policy);
void ios_tset_remove(struct ios_config *cfg, struct ios_tset *tset);
void ios_group_remove(struct ios_config *cfg, struct ios_group *group);
void ios_acl_remove(struct ios_config *cfg, struct ios_acl *acl);
void ios_ace_remove(struct ios_config *cfg, struct ios_acl *acl, struct ios_ace *ace);
void ios_map_remove(struct ios_config *cfg, struct ios_map *map);
void ios_entry_remove(struct ios_config *cfg, struct ios_map *map, struct ios_entry *entry);
void ios_interface_remove(struct ios_config *cfg, struct ios_interface *ifc);
void ios_psk_remove(struct ios_config *cfg, struct ios_psk *psk);
void ios_keyring_remove(struct ios_config *cfg, struct ios_keyring *ring);
void ios_trustpoint_remove(struct ios_config *cfg, struct ios_trustpoint *point);
void ios_cert_map_remove(struct ios_config *cfg, struct ios_cert_map *map);
void ios_profile_remove(struct ios_config *cfg, struct ios_profile *profile);
void ios_match_remove(struct ios_config *cfg, struct ios_profile *profile, struct ios_match *match);

/** ios_take_phase1() - move policies, keys, keyrings, profiles, peers, trustpoints and ISAKMP globals from one model to another */
void ios_take_phase1(struct ios_config *to, struct ios_config *from);

/** ios_diag() - add a diagnostic; 0 or -1 (no memory) */
int ios_diag(struct ios_config *cfg, enum ios_severity severity, unsigned int line,
	     const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/** ios_vdiag() - the same with a va_list */
int ios_vdiag(struct ios_config *cfg, enum ios_severity severity, unsigned int line,
	      const char *fmt, va_list ap);

/**
 * ios_device_add() - note which interface stands for a device
 *
 * Return: the interface that does: this one, or one that was noted before;
 * NULL when memory is exhausted.
 */
const struct ios_interface *ios_device_add(struct ios_config *cfg,
					   const struct ios_interface *ifc);

/** ios_interface_key() - the name that all names of an interface have in common */
void ios_interface_key(const char *name, char key[IOS_NAME_MAX + 1]);
/** ios_interface_long_key() - the same where an abbreviation that Linux may have, too, is IOS's */
void ios_interface_long_key(const char *name, char key[IOS_NAME_MAX + 1]);
/** ios_interface_full() - Return: whether a name is not abbreviated. */
bool ios_interface_full(const char *name);
/** ios_interface_configured() - Return: whether the configuration makes it, as a tunnel or a sub-interface, not the hardware. */
bool ios_interface_configured(const char *name);

/** ios_lint() - the checks of a whole model; 0 or -1 (no memory) */
int ios_lint(struct ios_config *cfg);
/**
 * ios_advise() - warn of what can be done and is most likely not meant
 * @cfg: a model, after ios_lint() and ios_finish()
 *
 * Return: 0 or -1 (no memory)
 */
int ios_advise(struct ios_config *cfg);

/**
 * ios_interface_bind() - put a crypto map of a family on an interface, or with "" take it off
 *
 * Return: 0 or -1 (no memory)
 */
int ios_interface_bind(struct ios_config *cfg, struct ios_interface *ifc, int family,
		       const char *name);
/** ios_interface_with() - Return: an interface that a map was put on, NULL if it is on none */
const struct ios_interface *ios_interface_with(const struct ios_config *cfg, const char *map);

/**
 * ios_interface_addr() - note an address of an interface
 * @line:      its line
 * @secondary: it does not take the place of another
 *
 * Return: 0 or -1 (no memory)
 */
int ios_interface_addr(struct ios_config *cfg, struct ios_interface *ifc,
		       const struct ios_addr *addr, unsigned int line, bool secondary);
/** ios_interface_no_addr() - forget an address of an interface; all of a family without @addr */
void ios_interface_no_addr(struct ios_config *cfg, struct ios_interface *ifc, int family,
			   const struct ios_addr *addr);

/** ios_tset_lacks() - what of a set the kernel module lacks ("esp-des is"), or NULL */
const char *ios_tset_lacks(const struct ios_tset *tset);

/** ios_addr_mask() - set the bits of an address that its wildcard does not compare to zero */
void ios_addr_mask(struct ios_addr *addr, const struct ios_addr *wild);
/** ios_net_has() - Return: whether an address is of a network. */
bool ios_net_has(const struct ios_addr *net, const struct ios_addr *wild,
		 const struct ios_addr *addr);
/** ios_wild() - Return: the wildcard of a prefix of so many bits. */
struct ios_addr ios_wild(int family, unsigned int prefix);

/** ios_mask_prefix() - length of a contiguous mask (network byte order), or -1 */
int ios_mask_prefix(struct in_addr mask);

#endif
