/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keyrings and isakmp profiles: whose keys are used with which peers, and what they are to call
 * themselves.
 */
#ifndef CRYPTOMAP_IOS_PROFILE_H
#define CRYPTOMAP_IOS_PROFILE_H

#include "isakmp.h"
#include "pki.h"

/** IOS_KEYRING_MAX - most keyrings of an isakmp profile */
#define IOS_KEYRING_MAX 8
/** IOS_KEYRING_DEFAULT - name by which a profile has the keys of crypto isakmp key */
#define IOS_KEYRING_DEFAULT "default"

/**
 * struct ios_local - an address of this side, as configured or in use
 * @addr:   the address; no family for any
 * @ifname: local-address by interface, the interface whose addresses are meant; of an
 *          address in use the Linux device that has it; else empty
 * @vrf:    local-address, the VRF of the address, empty for none; kept, without effect
 * @line:   line of local-address
 */
struct ios_local {
	struct ios_addr addr;
	char ifname[IOS_NAME_MAX + 1];
	char vrf[IOS_NAME_MAX + 1];
	unsigned int line;
};

/**
 * struct ios_keyring - crypto keyring
 * @next:        next keyring, in the order of the text
 * @prev:        private to list.c
 * @line:        line of the definition
 * @name:        its name, other than IOS_KEYRING_DEFAULT
 * @vrf:         of the outer packets, empty for none; kept, without effect
 * @description: owned by the model, NULL for none
 * @local:       local-address: its keys are for negotiations from and to this address of this side,
 *               or those of this interface
 * @psks:        its keys
 */
struct ios_keyring {
	struct ios_keyring *next, *prev;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	char vrf[IOS_NAME_MAX + 1];
	char *description;
	struct ios_local local;
	struct ios_psk *psks;
};

/**
 * struct ios_match - match identity of an isakmp profile
 * @next:   next one, in the order of the text
 * @prev:   private to list.c
 * @id:     an address, host, user or group; bits of a network outside its mask are zero
 * @prefix: with an address the length of its mask
 * @domain: @id is the domain of any host or user
 * @vrf:    with an address, of the outer packets, empty for none; kept, without effect
 */
struct ios_match {
	struct ios_match *next, *prev;
	struct ios_id id;
	unsigned int prefix;
	bool domain;
	char vrf[IOS_NAME_MAX + 1];
};

/**
 * enum ios_clients - commands of a profile that would let in peers with less than they are to show, or
 * without what they ask for, if they were left out
 * @IOS_CLIENTS_XAUTH:     client authentication
 * @IOS_CLIENTS_CONFIG:    client configuration
 * @IOS_CLIENTS_AUTHORIZE: isakmp authorization
 * @IOS_CLIENTS_PKI:       client pki authorization
 */
enum ios_clients { IOS_CLIENTS_XAUTH, IOS_CLIENTS_CONFIG, IOS_CLIENTS_AUTHORIZE, IOS_CLIENTS_PKI };

/**
 * struct ios_client - such a command, kept without effect
 * @next: next one, in the order of the text
 * @prev: private to list.c
 * @line: its line
 * @kind: its first words
 * @text: what follows them
 */
struct ios_client {
	struct ios_client *next, *prev;
	unsigned int line;
	enum ios_clients kind;
	char *text;
};

/**
 * struct ios_profile - crypto isakmp profile
 * @next:        next profile, in the order of the text
 * @prev:        private to list.c
 * @line:        line of the definition
 * @name:        its name
 * @description: owned by the model, NULL for none
 * @keyrings:    names of its keyrings
 * @n_keyrings:  how many; without any its keys are those of crypto isakmp key
 * @matches:     identities of its peers; without any, and without @cert_maps, nobody is one
 * @trustpoints: names of the trustpoints by which its peers, and this side towards them, have
 *               their certificates
 * @n_trustpoints: how many; without any all trustpoints are
 * @cert_maps:   match certificate: names of certificate maps, of which a peer's certificate is to
 *               match one
 * @n_cert_maps: how many
 * @self:        self-identity, IOS_ID_NONE for that of crypto isakmp identity; an address
 *               without family, and a host name without text, are this side's own, and so is
 *               IOS_ID_DN
 * @local:       local-address: of this side; no family for any
 * @aggressive:  initiate mode aggressive
 * @keepalive:   seconds as of struct ios_isakmp, 0 for that of the globals
 * @keepalive_retry: likewise
 * @vrf:         of the inner packets, empty for none; kept, without effect
 * @clients:     commands about clients
 * @bound:       an entry of a crypto map on an interface has it (set by the check at the end of
 *               ios_parse())
 */
struct ios_profile {
	struct ios_profile *next, *prev;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	char *description;
	char keyrings[IOS_KEYRING_MAX][IOS_NAME_MAX + 1];
	size_t n_keyrings;
	struct ios_match *matches;
	char trustpoints[IOS_TRUSTPOINT_MAX][IOS_NAME_MAX + 1];
	size_t n_trustpoints;
	char cert_maps[IOS_TRUSTPOINT_MAX][IOS_NAME_MAX + 1];
	size_t n_cert_maps;
	struct ios_id self;
	struct ios_local local;
	bool aggressive;
	uint16_t keepalive;
	uint16_t keepalive_retry;
	char vrf[IOS_NAME_MAX + 1];
	struct ios_client *clients;
	bool bound;
};

/**
 * struct ios_ends - the two ends of a negotiation
 * @profile: profile that it is by, NULL for none
 * @local:   address of this side in use
 * @remote:  address of the peer
 * @name:    name of a set peer that has this address, NULL for none
 */
struct ios_ends {
	const struct ios_profile *profile;
	struct ios_local local;
	struct ios_addr remote;
	const char *name;
};

/** ios_keyring_find() - Return: the keyring of this name, or NULL. */
struct ios_keyring *ios_keyring_find(const struct ios_config *cfg, const char *name);
/** ios_profile_find() - Return: the isakmp profile of this name, or NULL. */
struct ios_profile *ios_profile_find(const struct ios_config *cfg, const char *name);

/** ios_profile_at() - Return: whether a profile is for this address of this side. */
bool ios_profile_at(const struct ios_profile *profile, const struct ios_local *local);
/**
 * ios_profile_certificate() - whether a peer is one of a profile by its certificate
 * @cfg:     the model
 * @profile: profile
 * @names:   of the certificate, NULL for none
 */
bool ios_profile_certificate(const struct ios_config *cfg, const struct ios_profile *profile,
			     const struct ios_cert_names *names);
/** ios_profile_identity() - Return: whether a peer that calls itself @id is one of a profile. */
bool ios_profile_identity(const struct ios_profile *profile, const struct ios_id *id);
/** ios_profile_has() - Return: whether a peer is one of a profile, by what it calls itself or by its certificate. */
bool ios_profile_has(const struct ios_config *cfg, const struct ios_profile *profile,
		     const struct ios_id *id, const struct ios_cert_names *names);

/**
 * ios_profile_of() - the isakmp profile that a peer is of
 * @cfg:   the model
 * @local: address of this side
 * @id:    what the peer calls itself
 * @names: of its certificate, NULL for none
 *
 * Return: the first profile, in the order of the text, that has the peer and no other local-address; NULL
 * if none has.
 */
const struct ios_profile *ios_profile_of(const struct ios_config *cfg, const struct ios_local *local,
					 const struct ios_id *id,
					 const struct ios_cert_names *names);

/**
 * ios_psk_lookup() - the pre-shared key for a peer
 * @cfg:  the model
 * @ends: who negotiates
 *
 * Of the keyrings of the profile, but those for another address of this side; without profile,
 * and of one without keyrings, of crypto isakmp key. The longest mask wins, then the keyring that the
 * profile names first; a key for the name that the peer is configured by goes before those for more
 * than its address.
 *
 * Return: the key, owned by the model, or NULL.
 */
const struct ios_psk *ios_psk_lookup(const struct ios_config *cfg, const struct ios_ends *ends);

/**
 * ios_aggressive_starts() - whether this side starts in aggressive mode
 * @cfg:  the model
 * @ends: who negotiates
 *
 * By the profile; without one by crypto isakmp peer of the address.
 */
bool ios_aggressive_starts(const struct ios_config *cfg, const struct ios_ends *ends);

/**
 * ios_aggressive_accepts() - whether a peer may start in aggressive mode
 * @cfg:  the model
 * @ends: who negotiates
 * @id:   what the peer calls itself
 *
 * Only those that something is configured for: a profile with initiate mode aggressive, or a key by
 * host name, which is of no other use; without profile also crypto isakmp peer of the address or the
 * name.
 */
bool ios_aggressive_accepts(const struct ios_config *cfg, const struct ios_ends *ends,
			    const struct ios_id *id);

/**
 * ios_aggressive_key() - the pre-shared key for a peer in aggressive mode
 * @cfg:  the model
 * @ends: who negotiates
 * @id:   what the peer calls itself
 * @key:  set to the key, owned by the model
 * @len:  set to its length
 *
 * set aggressive-mode password of the address, then the key of this address alone; if it has neither,
 * the password of the name, the key of the name, that of the address by the longest mask. With a
 * profile there are no passwords, and keys as of ios_psk_lookup().
 *
 * Return: whether there is one.
 */
bool ios_aggressive_key(const struct ios_config *cfg, const struct ios_ends *ends,
			const struct ios_id *id, const uint8_t **key, size_t *len);

#endif
