/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Phase 2 without crypto maps: transform sets, globals.
 */
#ifndef CRYPTOMAP_IOS_IPSEC_H
#define CRYPTOMAP_IOS_IPSEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base.h"

struct ios_config;

/** enum ios_esp_cipher - ESP cipher of a transform set */
enum ios_esp_cipher {
	IOS_ESP_CIPHER_NONE,	/* no cipher keyword: not usable */
	IOS_ESP_CIPHER_NULL,
	IOS_ESP_CIPHER_AES,
	IOS_ESP_CIPHER_GCM,
	IOS_ESP_CIPHER_DES,
	IOS_ESP_CIPHER_3DES,
	IOS_ESP_CIPHER_GMAC,
	IOS_ESP_CIPHER_SEAL,
	IOS_ESP_CIPHER_CTR,	/* these two are shown only: IOS has no words for them */
	IOS_ESP_CIPHER_CHACHA,
};

/** enum ios_esp_auth - ESP authenticator of a transform set; SHA is SHA-1 */
enum ios_esp_auth {
	IOS_ESP_AUTH_NONE,
	IOS_ESP_AUTH_SHA,
	IOS_ESP_AUTH_SHA256,
	IOS_ESP_AUTH_SHA384,
	IOS_ESP_AUTH_SHA512,
	IOS_ESP_AUTH_MD5,
};

/** enum ios_ah_auth - AH authenticator of a transform set */
enum ios_ah_auth {
	IOS_AH_NONE,
	IOS_AH_MD5,
	IOS_AH_SHA,
	IOS_AH_SHA256,
	IOS_AH_SHA384,
	IOS_AH_SHA512,
};

/**
 * struct ios_tset - crypto ipsec transform-set
 * @next:      next set, in the order of the text
 * @prev:      private to list.c
 * @line:      line of the definition; 0 for the built-in set "default"
 * @name:      its name
 * @cipher:    ESP cipher
 * @key_bits:  128, 192 or 256 with AES in any mode, 0 otherwise
 * @auth:      ESP authenticator
 * @ah:        AH authenticator
 * @comp_lzs:  IP compression
 * @esn:       extended sequence numbers
 * @transport: mode transport
 * @require:   mode transport require
 * @usable:    every part of it is supported by the kernel module; what is not
 *             was warned of
 */
struct ios_tset {
	struct ios_tset *next, *prev;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	enum ios_esp_cipher cipher;
	uint16_t key_bits;
	enum ios_esp_auth auth;
	enum ios_ah_auth ah;
	bool comp_lzs;
	bool esn;
	bool transport;
	bool require;
	bool usable;
};

/** enum ios_df - don't-fragment bit of the outer header; UNSET inherits */
enum ios_df { IOS_DF_UNSET, IOS_DF_COPY, IOS_DF_SET, IOS_DF_CLEAR };

/** enum ios_frag - where what does not fit is fragmented; UNSET inherits */
enum ios_frag { IOS_FRAG_UNSET, IOS_FRAG_BEFORE, IOS_FRAG_AFTER };

/** IOS_KB_UNSET - volume lifetime: inherit; too small to be set */
#define IOS_KB_UNSET 1u
/** IOS_REPLAY_UNSET - replay window: inherit */
#define IOS_REPLAY_UNSET UINT32_MAX

/**
 * struct ios_ipsec - crypto ipsec globals
 * @life_seconds:   120-86400, default 3600
 * @life_kilobytes: 2560-4294967295, default 4608000; 0 is "disable"
 * @replay:         window 64, 128, 256, 512 or 1024 packets, default 64; 0 is "disable"
 * @df:             default copy; never UNSET
 * @frag:           default before encryption; never UNSET
 * @idle:           idle time 60-86400, 0 for none
 */
struct ios_ipsec {
	uint32_t life_seconds;
	uint32_t life_kilobytes;
	uint32_t replay;
	enum ios_df df;
	enum ios_frag frag;
	uint32_t idle;
};

/** ios_tset_key_lengths() - bytes of a manual cipher key, with the salt of GCM, and authenticator key */
void ios_tset_key_lengths(const struct ios_tset *set, size_t *enc, size_t *auth);

/** ios_builtin_tset - "default", which IOS has without a definition; in a model where an entry names it */
extern const struct ios_tset ios_builtin_tset;

/** ios_tset_find() - Return: the transform set of this name, or NULL. */
struct ios_tset *ios_tset_find(const struct ios_config *cfg, const char *name);

/** ios_tset_weak() - Return: what of a set is weak ("esp-3des is"), or NULL. */
const char *ios_tset_weak(const struct ios_tset *set);
/** ios_df_word() - Return: "copy", "set" or "clear". */
const char *ios_df_word(enum ios_df df);
/** ios_frag_word() - Return: "before-encryption" or "after-encryption". */
const char *ios_frag_word(enum ios_frag frag);

#endif
