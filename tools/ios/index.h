/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hash table over all objects of a model: by kind, owner, number and name.
 */
#ifndef CRYPTOMAP_IOS_INDEX_H
#define CRYPTOMAP_IOS_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ios_config;
struct node;

enum index_kind {
	INDEX_POLICY,
	INDEX_TSET,
	INDEX_GROUP,
	INDEX_ACL,
	INDEX_ACE,
	INDEX_RULE,		/* an access list entry by the hash of what it says */
	INDEX_REMARK,		/* a remark of an access list by its text */
	INDEX_MAP,
	INDEX_DYNAMIC,
	INDEX_ENTRY,
	INDEX_INTERFACE,
	INDEX_DEVICE,
	INDEX_OWN,		/* an address of an interface, by its hash */
	INDEX_BOUND,		/* what is on interfaces, by the name of the map */
	INDEX_KEYRING,
	INDEX_PROFILE,
	INDEX_TRUSTPOINT,
	INDEX_CERT_MAP,		/* by name and number */
	INDEX_CERTIFICATE,	/* of a trustpoint, by the hash of its serial number */
	INDEX_DN_RULE,		/* of a certificate map, by the hash of what it says */
	INDEX_MEMBER,		/* of an object-group, likewise */
	INDEX_FLAT,		/* what members stand for, by the hash of what it names */
	INDEX_MATCH,		/* match identity of a profile, likewise */
	INDEX_CLIENT,		/* what a profile does with clients, likewise */
	INDEX_TROUBLE,		/* of the parser, by kind and name */
	INDEX_PROBLEM,		/* of a trouble, by the number of the entry */
	INDEX_PEER,		/* crypto isakmp peer by the hash of whom it is */
	INDEX_CERT_NAME,	/* how many certificate maps have a name */
	INDEX_PSK_HOST,		/* by the hash of the host name */
	INDEX_PSK_SIX,		/* by the hash of the prefix of IPv6 */
	INDEX_PSK,		/* + length of the mask, up to 32 */
};

/*
 * struct ios_index - hash table over all objects
 * @bucket:   chains
 * @size:     number of buckets, a power of two
 * @count:    number of nodes
 * @prefixes: bit n is set when a key with a mask of n bits is there
 * @prefixes_six: whether a key with a prefix of so many bits of IPv6 is there
 */
struct ios_index {
	struct node **bucket;
	size_t size;
	size_t count;
	uint64_t prefixes;
	bool prefixes_six[129];
};

/** ios_index_new() - Return: an empty table, NULL when memory is exhausted. */
struct ios_index *ios_index_new(void);
/** ios_index_free() - free a table, or NULL; not the objects */
void ios_index_free(struct ios_index *ix);

/* @name, or NULL, is inside the object and stays as it is while it is in the table. */

/** ios_index_find() - Return: the object under a key, or NULL. */
void *ios_index_find(const struct ios_config *cfg, unsigned int kind, const void *owner,
		     uint32_t num, const char *name);
/**
 * ios_index_add() - add an object, or let it replace that under the same key
 *
 * Return: 0 or -1 (no memory); to replace needs none.
 */
int ios_index_add(struct ios_config *cfg, unsigned int kind, const void *owner, uint32_t num,
		  const char *name, void *obj);
/** ios_index_del() - forget what is under a key, if anything */
void ios_index_del(struct ios_config *cfg, unsigned int kind, const void *owner, uint32_t num,
		   const char *name);

/* By a hash, under which there may be several objects. */

/* Whether an object is the one that is looked for. */
typedef bool (*ios_same_fn)(const void *obj, const void *wanted);

/** ios_index_like() - Return: the object under a hash that is the wanted one, or NULL. */
void *ios_index_like(const struct ios_config *cfg, unsigned int kind, const void *owner,
		     uint32_t hash, ios_same_fn same, const void *wanted);
/** ios_index_put() - add an object beside those with the same hash. Return: 0 or -1 (no memory) */
int ios_index_put(struct ios_config *cfg, unsigned int kind, const void *owner, uint32_t hash,
		  void *obj);
/** ios_index_drop() - forget an object, if it is there; others with the same hash stay */
void ios_index_drop(struct ios_config *cfg, unsigned int kind, const void *owner, uint32_t hash,
		    const void *obj);

/** ios_index_take() - move what is known of the keys, peers and certificate maps of one model to another */
void ios_index_take(struct ios_config *to, struct ios_config *from);
/** ios_index_hash() - of bytes, or of a name without regard to case */
uint32_t ios_index_hash(const void *bytes, size_t len);
uint32_t ios_index_hash_name(const char *name);

/**
 * ios_object_add() - enter a new object into the table and at the front of a list
 *
 * Return: the object; NULL when memory is exhausted, and it is freed.
 */
void *ios_object_add(struct ios_config *cfg, void *head, unsigned int kind, const void *owner,
		     uint32_t num, const char *name, void *obj);

#endif
