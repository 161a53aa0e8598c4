/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Phase 1: ISAKMP policies, pre-shared keys, peers, globals.
 */
#ifndef CRYPTOMAP_IOS_ISAKMP_H
#define CRYPTOMAP_IOS_ISAKMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base.h"

struct ios_config;
struct ios_keyring;

/** IOS_PSK_MAX - longest pre-shared key in bytes */
#define IOS_PSK_MAX 128
/** IOS_HOST_MAX - longest host name, without the zero */
#define IOS_HOST_MAX 253

/** enum ios_encr - encryption of an ISAKMP policy */
enum ios_encr { IOS_ENCR_DES, IOS_ENCR_3DES, IOS_ENCR_AES };

/** enum ios_hash - hash of an ISAKMP policy; SHA is SHA-1 */
enum ios_hash { IOS_HASH_MD5, IOS_HASH_SHA, IOS_HASH_SHA256, IOS_HASH_SHA384, IOS_HASH_SHA512 };

/** enum ios_auth - authentication method of an ISAKMP policy */
enum ios_auth { IOS_AUTH_RSA_SIG, IOS_AUTH_RSA_ENCR, IOS_AUTH_PRE_SHARE, IOS_AUTH_ECDSA_SIG };

/** IOS_POLICY_DEFAULT - priority of the first default policy */
#define IOS_POLICY_DEFAULT 65507

/**
 * struct ios_policy - crypto isakmp policy
 * @next:     next policy, by ascending priority number (tried in this order)
 * @prev:     private to list.c
 * @line:     line of the definition, 1 is the first
 * @priority: 1-10000, or from IOS_POLICY_DEFAULT on
 * @encr:     cipher; IOS default des
 * @key_bits: 128, 192 or 256 with aes, 56 with des, 168 with 3des
 * @hash:     default sha
 * @auth:     default rsa-sig
 * @group:    Diffie-Hellman group 1 2 5 14 15 16 19 20 21 24; default 1
 * @lifetime: seconds 60-86400; default 86400
 */
struct ios_policy {
	struct ios_policy *next, *prev;
	unsigned int line;
	uint16_t priority;
	enum ios_encr encr;
	uint16_t key_bits;
	enum ios_hash hash;
	enum ios_auth auth;
	uint16_t group;
	uint32_t lifetime;
};

/**
 * struct ios_psk - crypto isakmp key, or pre-shared-key of a keyring
 * @next:     next key, in the order of the text; no two for the same peer
 * @prev:     private to list.c
 * @line:     line of the definition
 * @ring:     keyring that it is of, NULL for crypto isakmp key
 * @addr:     peer or network; family AF_UNSPEC when @hostname is used.
 *            Bits outside the mask are zero.
 * @prefix:   length of the mask in bits; 0 is the wildcard key
 * @hostname: peer by name, empty when @addr is used
 * @no_xauth: the no-xauth keyword (kept, without effect)
 * @key_len:  bytes of @key
 * @key:      the secret, zero terminated for convenience; wiped by ios_free()
 */
struct ios_psk {
	struct ios_psk *next, *prev;
	unsigned int line;
	const struct ios_keyring *ring;
	struct ios_addr addr;
	unsigned int prefix;
	char hostname[IOS_HOST_MAX + 1];
	bool no_xauth;
	size_t key_len;
	uint8_t key[IOS_PSK_MAX + 1];
};

/** enum ios_id_kind - kind of an identity of phase 1; OTHER has no words here, DN is that of a certificate */
enum ios_id_kind {
	IOS_ID_NONE, IOS_ID_ADDRESS, IOS_ID_FQDN, IOS_ID_USER, IOS_ID_GROUP, IOS_ID_DN, IOS_ID_OTHER,
};

/**
 * struct ios_id - an identity of phase 1
 * @kind: kind of it
 * @addr: with IOS_ID_ADDRESS
 * @text: with IOS_ID_FQDN, IOS_ID_USER and IOS_ID_GROUP (a key id)
 */
struct ios_id {
	enum ios_id_kind kind;
	struct ios_addr addr;
	char text[IOS_HOST_MAX + 1];
};

/**
 * struct ios_isakmp_peer - crypto isakmp peer
 * @next:        next one, in the order of the text
 * @prev:        private to list.c
 * @line:        line of the definition
 * @peer:        an address or a host name
 * @description: owned by the model, NULL for none
 * @endpoint:    set aggressive-mode client-endpoint, IOS_ID_NONE without it
 * @key_len:     bytes of @key, 0 without set aggressive-mode password
 * @key:         zero terminated for convenience; wiped by ios_free()
 */
struct ios_isakmp_peer {
	struct ios_isakmp_peer *next, *prev;
	unsigned int line;
	struct ios_id peer;
	char *description;
	struct ios_id endpoint;
	size_t key_len;
	uint8_t key[IOS_PSK_MAX + 1];
};

/** enum ios_identity - crypto isakmp identity */
enum ios_identity { IOS_IDENTITY_ADDRESS, IOS_IDENTITY_HOSTNAME, IOS_IDENTITY_DN };

/**
 * struct ios_isakmp - crypto isakmp globals
 * @disabled:             no crypto isakmp enable
 * @no_default_policy:    no crypto isakmp default policy
 * @keepalive:            dead peer detection interval in seconds 10-3600, 0 for off
 * @keepalive_retry:      seconds between retries 2-60, default 2
 * @keepalive_periodic:   periodic; false is on-demand
 * @nat_keepalive:        seconds 5-3600, 0 for off
 * @identity:             what this side calls itself; default address
 * @no_aggressive:        crypto isakmp aggressive-mode disable
 * @invalid_spi_recovery: crypto isakmp invalid-spi-recovery
 */
struct ios_isakmp {
	bool disabled;
	bool no_default_policy;
	uint16_t keepalive;
	uint16_t keepalive_retry;
	bool keepalive_periodic;
	uint16_t nat_keepalive;
	enum ios_identity identity;
	bool no_aggressive;
	bool invalid_spi_recovery;
};

/** ios_default_policies() - Return: IOS's default policies, by priority. */
const struct ios_policy *ios_default_policies(void);

/**
 * ios_policies() - the policies that count
 * @cfg: the model
 *
 * Return: those that are configured; without any the default ones, or NULL if they are turned off.
 */
const struct ios_policy *ios_policies(const struct ios_config *cfg);

/** ios_policy_by() - Return: the first one, of @policy and those behind it, that authenticates by @auth, or NULL. */
const struct ios_policy *ios_policy_by(const struct ios_policy *policy, enum ios_auth auth);

/**
 * ios_psk_find() - the pre-shared key of a keyring for a peer's address
 * @cfg:    the model
 * @ring:   keyring, NULL for crypto isakmp key
 * @family: AF_INET or AF_INET6
 * @addr:   4 or 16 bytes, network byte order
 *
 * The longest mask wins. There are no two keys with the same mask: as on IOS
 * the parser keeps the first that a peer is given.
 *
 * Return: the key, owned by the model, or NULL.
 */
const struct ios_psk *ios_psk_find(const struct ios_config *cfg, const struct ios_keyring *ring,
				   int family, const void *addr);

/**
 * ios_psk_find_host() - the pre-shared key of a keyring for a peer's host name
 * @cfg:  the model
 * @ring: keyring, NULL for crypto isakmp key
 * @name: host name, compared without regard to case
 *
 * Return: the key, owned by the model, or NULL.
 */
const struct ios_psk *ios_psk_find_host(const struct ios_config *cfg,
					const struct ios_keyring *ring, const char *name);

/**
 * ios_isakmp_peer_find() - crypto isakmp peer of an address or host name
 * @cfg: the model
 * @id:  identity; there is none for other kinds
 *
 * Return: it, owned by the model, or NULL.
 */
struct ios_isakmp_peer *ios_isakmp_peer_find(const struct ios_config *cfg, const struct ios_id *id);

/**
 * ios_aggressive_peer() - crypto isakmp peer that this side starts aggressive mode by
 * @cfg:    the model
 * @remote: the peer's address
 *
 * Return: that of the address if it says something about aggressive mode and
 * that is not disabled, else NULL.
 */
const struct ios_isakmp_peer *ios_aggressive_peer(const struct ios_config *cfg,
						  const struct ios_addr *remote);

/** ios_aggressive_wanted() - Return: whether any peer may start in aggressive mode. */
bool ios_aggressive_wanted(const struct ios_config *cfg);

/** ios_encr_word() - Return: "des", "3des" or "aes". */
const char *ios_encr_word(enum ios_encr encr);
/** ios_hash_word() - Return: "md5", "sha", "sha256", "sha384" or "sha512". */
const char *ios_hash_word(enum ios_hash hash);
/** ios_auth_word() - Return: "rsa-sig", "rsa-encr", "pre-share" or "ecdsa-sig". */
const char *ios_auth_word(enum ios_auth auth);

#endif
