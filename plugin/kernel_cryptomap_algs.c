/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_algs.h"

#include <sa/authenticator.h>

/**
 * ESP ciphers, those of combined modes with their ICV. IKEv1 has no number for
 * ChaCha20-Poly1305; key_bits says whether it tells the length of the key.
 */
static const struct {
	encryption_algorithm_t ike;
	uint32_t kernel;
	uint8_t icv_bytes;
	bool key_bits;
} ciphers[] = {
	{ ENCR_NULL,				CRYPTO_MAP_CIPHER_NULL,		0,	FALSE	},
	{ ENCR_AES_CBC,				CRYPTO_MAP_CIPHER_AES_CBC,	0,	TRUE	},
	{ ENCR_AES_CTR,				CRYPTO_MAP_CIPHER_AES_CTR,	0,	TRUE	},
	{ ENCR_3DES,				CRYPTO_MAP_CIPHER_3DES_CBC,	0,	FALSE	},
	{ ENCR_AES_GCM_ICV16,		CRYPTO_MAP_CIPHER_AES_GCM,	16,	TRUE	},
	{ ENCR_AES_GCM_ICV12,		CRYPTO_MAP_CIPHER_AES_GCM,	12,	TRUE	},
	{ ENCR_AES_GCM_ICV8,		CRYPTO_MAP_CIPHER_AES_GCM,	8,	TRUE	},
	{ ENCR_NULL_AUTH_AES_GMAC,	CRYPTO_MAP_CIPHER_AES_GMAC,	16,	TRUE	},
};

/**
 * ESP authenticators.
 */
static const struct {
	integrity_algorithm_t ike;
	uint32_t kernel;
} auths[] = {
	{ AUTH_UNDEFINED,			CRYPTO_MAP_AUTH_NONE				},
	{ AUTH_HMAC_SHA1_96,		CRYPTO_MAP_AUTH_HMAC_SHA1_96		},
	{ AUTH_HMAC_SHA2_256_128,	CRYPTO_MAP_AUTH_HMAC_SHA2_256_128	},
	{ AUTH_HMAC_SHA2_384_192,	CRYPTO_MAP_AUTH_HMAC_SHA2_384_192	},
	{ AUTH_HMAC_SHA2_512_256,	CRYPTO_MAP_AUTH_HMAC_SHA2_512_256	},
	{ AUTH_HMAC_MD5_96,			CRYPTO_MAP_AUTH_HMAC_MD5_96			},
};

/**
 * Ciphers of ISAKMP, by enum ios_encr.
 */
static const struct {
	encryption_algorithm_t ike;
	bool has_key_bits;
} ike_ciphers[] = {
	[IOS_ENCR_DES] = { ENCR_DES, FALSE },
	[IOS_ENCR_3DES] = { ENCR_3DES, FALSE },
	[IOS_ENCR_AES] = { ENCR_AES_CBC, TRUE },
};

/**
 * Hashes of ISAKMP, by enum ios_hash. charon tells a hash of IKEv1 as a MAC
 * and a PRF.
 */
static const struct {
	integrity_algorithm_t mac;
	pseudo_random_function_t prf;
	hash_algorithm_t hash;
} ike_hashes[] = {
	[IOS_HASH_MD5] = { AUTH_HMAC_MD5_96, PRF_HMAC_MD5, HASH_MD5 },
	[IOS_HASH_SHA] = { AUTH_HMAC_SHA1_96, PRF_HMAC_SHA1, HASH_SHA1 },
	[IOS_HASH_SHA256] = { AUTH_HMAC_SHA2_256_128, PRF_HMAC_SHA2_256,
						  HASH_SHA256 },
	[IOS_HASH_SHA384] = { AUTH_HMAC_SHA2_384_192, PRF_HMAC_SHA2_384,
						  HASH_SHA384 },
	[IOS_HASH_SHA512] = { AUTH_HMAC_SHA2_512_256, PRF_HMAC_SHA2_512,
						  HASH_SHA512 },
};

/**
 * See header.
 */
proposal_t *kernel_cryptomap_esp_proposal(kernel_cryptomap_tset_t *tset,
										  uint8_t number, uint16_t group)
{
	encryption_algorithm_t cipher = ENCR_UNDEFINED;
	integrity_algorithm_t auth = AUTH_UNDEFINED;
	bool combined = FALSE, key_bits = FALSE;
	proposal_t *proposal;
	u_int i;

	for (i = 0; i < countof(ciphers); i++)
	{
		if (ciphers[i].kernel == tset->cipher &&
			(!ciphers[i].icv_bytes ||
			 ciphers[i].icv_bytes == tset->icv_bytes))
		{
			cipher = ciphers[i].ike;
			combined = ciphers[i].icv_bytes;
			key_bits = ciphers[i].key_bits;
		}
	}
	for (i = 0; i < countof(auths); i++)
	{
		if (auths[i].kernel == tset->auth)
		{
			auth = auths[i].ike;
		}
	}
	if (cipher == ENCR_UNDEFINED || combined != (auth == AUTH_UNDEFINED))
	{
		return NULL;
	}

	proposal = proposal_create(PROTO_ESP, number);
	proposal->add_algorithm(proposal, ENCRYPTION_ALGORITHM, cipher,
							key_bits ? tset->key_bits : 0);
	if (!combined)
	{
		proposal->add_algorithm(proposal, INTEGRITY_ALGORITHM, auth, 0);
	}
	if (group)
	{
		proposal->add_algorithm(proposal, KEY_EXCHANGE_METHOD, group, 0);
	}
	proposal->add_algorithm(proposal, EXTENDED_SEQUENCE_NUMBERS,
							tset->esn ? EXT_SEQ_NUMBERS : NO_EXT_SEQ_NUMBERS, 0);
	return proposal;
}

/**
 * See header.
 */
bool kernel_cryptomap_esp_algs(uint16_t enc_alg, uint16_t int_alg,
							   kernel_cryptomap_tset_t *tset)
{
	bool cipher = FALSE, auth = FALSE;
	u_int i;

	for (i = 0; i < countof(ciphers); i++)
	{
		if (ciphers[i].ike == enc_alg)
		{
			tset->cipher = ciphers[i].kernel;
			tset->icv_bytes = ciphers[i].icv_bytes;
			cipher = TRUE;
		}
	}
	for (i = 0; i < countof(auths); i++)
	{
		if (auths[i].ike == int_alg)
		{
			tset->auth = auths[i].kernel;
			auth = TRUE;
		}
	}
	return cipher && auth;
}

/**
 * Whether an enumerator over (algorithm, plugin) has an algorithm.
 */
static bool has_alg(enumerator_t *enumerator, int wanted)
{
	const char *plugin;
	bool found = FALSE;
	int alg;

	while (!found && enumerator->enumerate(enumerator, &alg, &plugin))
	{
		found = alg == wanted;
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Whether charon can encrypt with a cipher: a plugin may have one whose library does
 * not, as OpenSSL without its old algorithms.
 *
 * @param key_bits		length of keys, 0 if there is but one
 */
static bool can_encrypt(encryption_algorithm_t cipher, u_int key_bits)
{
	crypter_t *crypter;
	chunk_t key, iv, block;
	bool done;

	crypter = lib->crypto->create_crypter(lib->crypto, cipher, key_bits / 8);
	if (!crypter)
	{
		return FALSE;
	}
	key = chunk_alloca(crypter->get_key_size(crypter));
	iv = chunk_alloca(crypter->get_iv_size(crypter));
	block = chunk_alloca(crypter->get_block_size(crypter));
	memset(key.ptr, 0, key.len);
	memset(iv.ptr, 0, iv.len);
	memset(block.ptr, 0, block.len);
	done = crypter->set_key(crypter, key) &&
		   crypter->encrypt(crypter, block, iv, NULL);
	crypter->destroy(crypter);
	return done;
}

/**
 * See header.
 */
proposal_t *kernel_cryptomap_ike_proposal(const struct ios_policy *policy,
										  const char **why)
{
	proposal_t *proposal;
	u_int cipher = policy->encr, hash = policy->hash, key_bits = 0;

	if (policy->auth != IOS_AUTH_PRE_SHARE && policy->auth != IOS_AUTH_RSA_SIG)
	{
		*why = "of its authentication method; there are pre-share and rsa-sig";
		return NULL;
	}
	if (cipher < countof(ike_ciphers) && ike_ciphers[cipher].has_key_bits)
	{
		key_bits = policy->key_bits;
	}
	if (cipher >= countof(ike_ciphers) ||
		!can_encrypt(ike_ciphers[cipher].ike, key_bits))
	{
		*why = "this charon does not have its encryption algorithm";
		return NULL;
	}
	if (hash >= countof(ike_hashes) ||
		!has_alg(lib->crypto->create_hasher_enumerator(lib->crypto),
				 ike_hashes[hash].hash) ||
		!has_alg(lib->crypto->create_prf_enumerator(lib->crypto),
				 ike_hashes[hash].prf))
	{
		*why = "this charon does not have its hash algorithm";
		return NULL;
	}
	if (!has_alg(lib->crypto->create_ke_enumerator(lib->crypto),
				 policy->group))
	{
		*why = "this charon does not have its Diffie-Hellman group";
		return NULL;
	}

	proposal = proposal_create(PROTO_IKE,
							   policy->auth == IOS_AUTH_RSA_SIG ? AUTH_RSA :
																  AUTH_PSK);
	proposal->add_algorithm(proposal, ENCRYPTION_ALGORITHM,
							ike_ciphers[cipher].ike, key_bits);
	proposal->add_algorithm(proposal, INTEGRITY_ALGORITHM,
							ike_hashes[hash].mac, 0);
	proposal->add_algorithm(proposal, PSEUDO_RANDOM_FUNCTION,
							ike_hashes[hash].prf, 0);
	proposal->add_algorithm(proposal, KEY_EXCHANGE_METHOD, policy->group, 0);
	return proposal;
}

/**
 * See header.
 */
void kernel_cryptomap_ike_words(proposal_t *proposal, const char **encr,
								uint16_t *key_bits, const char **hash,
								uint16_t *group)
{
	uint16_t alg, size;
	u_int i;

	*encr = *hash = "";
	*key_bits = *group = 0;
	if (proposal->get_algorithm(proposal, ENCRYPTION_ALGORITHM, &alg, &size))
	{
		for (i = 0; i < countof(ike_ciphers); i++)
		{
			if (ike_ciphers[i].ike == alg)
			{
				*encr = ios_encr_word(i);
			}
		}
		*key_bits = alg == ENCR_DES ? 56 : alg == ENCR_3DES ? 168 : size;
	}
	if (proposal->get_algorithm(proposal, PSEUDO_RANDOM_FUNCTION, &alg, NULL))
	{
		for (i = 0; i < countof(ike_hashes); i++)
		{
			if (ike_hashes[i].prf == alg)
			{
				*hash = ios_hash_word(i);
			}
		}
	}
	if (proposal->get_algorithm(proposal, KEY_EXCHANGE_METHOD, &alg, NULL))
	{
		*group = alg;
	}
}
