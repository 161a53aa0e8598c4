// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The commands: grammar, defaults, abbreviations, errors with line and text,
 * keys and their look-up.
 */
#include "ios_diags.h"

/* ------------------------------------------------------------------------ phase 1 */

static void test_policies(void)
{
	struct ios_config *cfg = parse("crypto isakmp policy 20\n"
				       "crypto isakmp policy 10\n"
				       " encr aes 256\n"
				       " hash sha384\n"
				       " authentication pre-share\n"
				       " group 21\n"
				       " lifetime 28800\n");
	const struct ios_policy *a = cfg->policies, *b = a->next;

	tap_ok(a->priority == 10 && b->priority == 20 && !b->next, "policies by priority");
	tap_ok(a->encr == IOS_ENCR_AES && a->key_bits == 256 && a->hash == IOS_HASH_SHA384 &&
	       a->auth == IOS_AUTH_PRE_SHARE && a->group == 21 && a->lifetime == 28800,
	       "policy: every setting");
	tap_ok(b->encr == IOS_ENCR_DES && b->hash == IOS_HASH_SHA && b->auth == IOS_AUTH_RSA_SIG &&
	       b->group == 1 && b->lifetime == 86400, "policy: IOS's defaults");
	tap_ok(a->line == 2 && b->line == 1, "policy: line numbers");
	ios_free(cfg);

	cfg = parse("cry isak pol 5\nencryption aes\nauth pre\nha md5\ngr 2\nlif 60\n"
		    "crypto isakmp policy 6\n enc 3des\n no hash\n");
	a = cfg->policies;
	tap_ok(a->key_bits == 128 && a->auth == IOS_AUTH_PRE_SHARE && a->hash == IOS_HASH_MD5 &&
	       a->group == 2 && a->lifetime == 60, "abbreviations, without indentation");
	tap_ok(a->next->encr == IOS_ENCR_3DES && a->next->key_bits == 168, "encr 3des");
	ios_free(cfg);

	expect_error("group that does not exist", "crypto isakmp policy 1\n group 3\n", 2,
		     "unexpected '3'; expected a group");
	expect_error("word in a policy", "crypto isakmp policy 1\n encrypton aes\n", 2,
		     "unexpected 'encrypton'; expected authentication, encryption");
	expect_error("value out of range", "crypto isakmp policy 1\n lifetime 59\n", 2,
		     "expected a lifetime in seconds (60-86400)");
	expect_error("priority out of range", "\n\ncrypto isakmp policy 10001\n encr aes\n", 3,
		     "expected a priority (1-10000)");
	expect_error("ambiguous abbreviation", "crypto isakmp policy 1\n authentication rsa\n", 2,
		     "'rsa' is ambiguous: rsa-encr or rsa-sig");
	expect_warning("ecdsa-sig is not supported", "crypto isakmp policy 1\n authentication ecdsa-sig\n", 1,
		       "authentication ecdsa-sig is not supported");
	expect_warning("rsa-sig is not supported",
		       "crypto isakmp policy 1\n encr aes\n", 1, "authentication rsa-sig");
}

/* Any word can be a key, those of the command as well. */
static void test_odd_keys(void)
{
	static const struct {
		const char *line, *key, *host;
	} keys[] = {
		{ "crypto isakmp key address address 1.1.1.1", "address", NULL },
		{ "crypto isakmp key hostname address 1.1.1.1", "hostname", NULL },
		{ "crypto isakmp key 0 address address 1.1.1.1", "address", NULL },
		{ "crypto isakmp key 0 add add 1.1.1.1", "add", NULL },
		{ "crypto isakmp key 0 hostname address 1.1.1.1 255.255.255.255 no-xauth", "hostname", NULL },
		{ "crypto isakmp key address hostname address", "address", "address" },
		{ "crypto isakmp key 0 address hostname hostname", "address", "hostname" },
		{ "crypto isakmp key 0 hostname address", "0", "address" },
		{ "crypto isakmp key 0 address 1.1.1.1", "0", NULL },
		{ "crypto isakmp key 6 address 1.1.1.1", "6", NULL },
		{ "crypto isakmp key 0 0 address 1.1.1.1", "0", NULL },
		{ "crypto isakmp key 0 6 address 1.1.1.1", "6", NULL },
		{ "crypto isakmp key 7 address 1.1.1.1", "7", NULL },
		{ "crypto keyring R\n pre-shared-key address 1.1.1.1 key key", "key", NULL },
		{ "crypto keyring R\n pre-shared-key address 1.1.1.1 key 0", "0", NULL },
		{ "crypto keyring R\n pre-shared-key address 1.1.1.1 key 0 6", "6", NULL },
		{ "crypto keyring R\n pre-shared-key hostname key key address", "address", "key" },
	};
	const struct ios_psk *psk;
	struct ios_config *cfg;
	char *printed;
	size_t i, j;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		printed = strdup(keys[i].line);
		/* as read, then as printed */
		for (j = 0; j < 2; j++) {
			cfg = parse(printed);
			psk = cfg->keyrings ? cfg->keyrings->psks : cfg->psks;
			if (!tap_ok(!cfg->n_errors && psk && !strcmp((char *)psk->key, keys[i].key) &&
				    !strcmp(psk->hostname, keys[i].host ? keys[i].host : ""),
				    "odd key %zu, '%s'%s", i, keys[i].key, j ? ", printed" : ""))
				show_diags(cfg);
			ios_text_free(printed);
			printed = ios_print(cfg, IOS_PRINT_PHASE1, NULL);
			ios_free(cfg);
		}
		ios_text_free(printed);
	}
	expect_error("a key, and no peer", "crypto isakmp key 0 address address\n", 1, "expected");
	expect_warning("a key that was taken out", "crypto isakmp key <removed> address 1.1.1.1\n", 1,
		       "seems to have been taken out");
	expect_warning("of a keyring", "crypto keyring R\n pre-shared-key address 1.1.1.1 key *****\n", 2,
		       "seems to have been taken out");
	ios_free(clean("keys that were not", "crypto isakmp key <> address 1.1.1.1\n"
		       "crypto isakmp key <a>b address 1.1.1.2\ncrypto isakmp key **x* address 1.1.1.3\n"));
	expect_warning("an encrypted key", "crypto isakmp key 6 address address 1.1.1.1\n", 1, "type 6");
}

static void test_keys(void)
{
	struct ios_config *cfg = clean("keys",
		"crypto isakmp key wild address 0.0.0.0\n"
		"crypto isakmp key 0 net address 10.0.0.0 255.0.0.0\n"
		"crypto isakmp key 0 address 10.9.0.0 255.255.0.0\n"
		"crypto isakmp key host! address 10.9.9.9 no-xauth\n"
		"crypto isakmp key name hostname gw.example.org\n"
		"crypto isakmp key six address ipv6 2001:db8::/32\n");
	const struct ios_psk *psk;
	struct in6_addr six;

	psk = ios_psk_find(cfg, NULL, AF_INET, &(struct in_addr){ ip("192.0.2.1").s_addr });
	tap_ok(psk && !strcmp((char *)psk->key, "wild") && !psk->prefix && psk->line == 1,
	       "a wildcard key is for everybody");
	psk = ios_psk_find(cfg, NULL, AF_INET, &(struct in_addr){ ip("10.1.1.1").s_addr });
	tap_ok(psk && !strcmp((char *)psk->key, "net") && psk->key_len == 3, "a longer mask wins");
	psk = ios_psk_find(cfg, NULL, AF_INET, &(struct in_addr){ ip("10.9.1.1").s_addr });
	tap_ok(psk && !strcmp((char *)psk->key, "0"), "a key that looks like its type");
	psk = ios_psk_find(cfg, NULL, AF_INET, &(struct in_addr){ ip("10.9.9.9").s_addr });
	tap_ok(psk && !strcmp((char *)psk->key, "host!") && psk->prefix == 32 && psk->no_xauth,
	       "a host wins, '!' belongs to the key");
	psk = ios_psk_find_host(cfg, NULL, "GW.example.org");
	tap_ok(psk && !strcmp((char *)psk->key, "name"), "by host name");
	inet_pton(AF_INET6, "2001:db8::1", &six);
	psk = ios_psk_find(cfg, NULL, AF_INET6, &six);
	tap_ok(psk && !strcmp((char *)psk->key, "six"), "by IPv6 prefix");
	inet_pton(AF_INET6, "2001:db9::1", &six);
	tap_ok(!ios_psk_find(cfg, NULL, AF_INET6, &six), "another IPv6 prefix has none");
	ios_free(cfg);

	cfg = parse("crypto isakmp key one address 1.1.1.1\ncrypto isakmp key two address 1.1.1.1\n");
	psk = ios_psk_find(cfg, NULL, AF_INET, &(struct in_addr){ ip("1.1.1.1").s_addr });
	tap_ok(psk && !strcmp((char *)psk->key, "one") && !cfg->psks->next &&
	       has_diag(cfg, IOS_WARNING, 2, "in line 1 already") &&
	       !any_diag(cfg, IOS_WARNING, "two"), "the first key stays");
	ios_free(cfg);
	cfg = clean("the same key again, and another after no",
		    "crypto isakmp key one address 1.1.1.1\ncrypto isakmp key one address 1.1.1.1\n"
		    "crypto isakmp key a hostname gw\nno crypto isakmp key a hostname GW\n"
		    "crypto isakmp key b hostname gw\nno crypto isakmp key one address 1.1.1.1\n"
		    "crypto isakmp key two address 1.1.1.1\n");
	psk = ios_psk_find(cfg, NULL, AF_INET, &(struct in_addr){ ip("1.1.1.1").s_addr });
	tap_ok(psk && !strcmp((char *)psk->key, "two") &&
	       !strcmp((char *)ios_psk_find_host(cfg, NULL, "gw")->key, "b"), "a key taken back and set anew");
	ios_free(cfg);
	expect_warning("two keys for a host name", "crypto isakmp key a hostname gw\n"
		       "crypto isakmp key b hostname GW\n", 2, "in line 1 already");

	test_odd_keys();
	cfg = parse("crypto isakmp key SECRET word address 1.1.1.1\n"
		    "crypto isakmp key 0 SECRET adress 1.1.1.1\n");
	tap_ok(cfg->n_errors == 2 && !has_diag(cfg, IOS_ERROR, 1, "SECRET") &&
	       !has_diag(cfg, IOS_ERROR, 2, "SECRET") && !has_diag(cfg, IOS_ERROR, 1, "word"),
	       "errors never show a key");
	ios_free(cfg);

	expect_error("mask with holes", "crypto isakmp key K address 1.1.1.1 255.0.255.0\n", 1,
		     "contiguous");
	cfg = ios_parse("t", "crypto isakmp key K hostname a\0b\n", 33, 0);
	tap_ok(cfg->n_errors == 1 && !cfg->psks, "a zero byte in a host name");
	ios_free(cfg);
	expect_error("not an address", "crypto isakmp key K address 40.76.X.X\n", 1,
		     "unexpected '40.76.X.X'");
	cfg = clean("keys of type 7", "crypto isakmp key 7 0822455D0A16 address 1.1.1.1\n"
		    "crypto isakmp key 7 address 1.1.1.2\n"
		    "crypto isakmp key 7 094F471A1A0A address 1.1.1.3\n");
	tap_ok(!strcmp((char *)cfg->psks->key, "cisco") && cfg->psks->key_len == 5 &&
	       !strcmp((char *)cfg->psks->next->key, "7") &&
	       !strcmp((char *)cfg->psks->next->next->key, "cisco"), "are decoded");
	ios_free(cfg);
	expect_error("of an odd number of digits", "crypto isakmp key 7 0822455D0A1 address 1.1.1.1\n", 1,
		     "a key of type 7 is two digits (00-15) and pairs of hexadecimal digits");
	expect_error("that is none", "crypto isakmp key 7 SECRET address 1.1.1.1\n", 1,
		     "which this one is not");
	expect_error("of a place that there is not", "crypto isakmp key 7 1622455D0A16 address 1.1.1.1\n", 1,
		     "which this one is not");
	expect_error("of two words", "crypto isakmp key 7 1222455D0A16 address 1.1.1.1\n", 1,
		     "the pre-shared key must be one word, without blanks");
	expect_error("of control characters", "crypto isakmp key 7 0841 address 1.1.1.1\n", 1,
		     "the pre-shared key must be UTF-8 text");
	expect_warning("encrypted key", "crypto isakmp key 6 ABCD address 1.1.1.1\n", 1, "type 6");
}

static void test_clients(void)
{
#define CLIENT "crypto map M client authentication list L\n"
#define CLIENTS CLIENT "crypto map M client configuration address respond\n" \
		"crypto map M isakmp authorization list L\n"
	expect_warning("XAUTH, on no interface", CLIENT, 1, "XAUTH");
	expect("XAUTH", CLIENTS "interface eth0\n crypto map M\n", IOS_ERROR, 1,
	       "extended authentication (XAUTH) of clients is not supported in this version, and crypto map M is on an interface", 3);
	expect("mode config", CLIENTS "interface eth0\n crypto map M\n", IOS_ERROR, 2,
	       "mode config", 3);
	expect("authorization", CLIENTS "interface eth0\n crypto map M\n", IOS_ERROR, 3,
	       "authorization of clients", 3);
	expect_warning("XAUTH taken back",
		       CLIENT "no crypto map M client authentication list L\ninterface eth0\n crypto map M\n"
		       "crypto map M client accounting list L\n", 5, "accounting of clients");
#undef CLIENTS
#undef CLIENT
}

/* The ends of a negotiation without profile; of one at a time. */
static const struct ios_ends *ends_of(const struct ios_addr *remote)
{
	static struct ios_ends ends;

	ends.remote = *remote;
	return &ends;
}

#define PEER "crypto isakmp peer address 192.0.2.1\n"

static void test_isakmp_peers(void)
{
	const struct ios_id none = { 0 }, gw = { .kind = IOS_ID_FQDN, .text = "GW.example.org" };
	struct ios_config *cfg = clean("crypto isakmp peer",
		PEER " description the hub\n set aggressive-mode password 0 first\n"
		" set aggressive client-endpoint fqdn spoke.example.org\n"
		"crypto isakmp peer hostname gw.example.org\n set aggressive-mode password 6\n"
		"crypto isakmp peer address ipv6 2001:db8::1\n"
		" set aggressive-mode client-endpoint user-fqdn a@b\n"
		"crypto isakmp peer address 192.0.2.9\n description nothing about aggressive mode\n"
		"crypto isakmp key net address 192.0.2.0 255.255.255.0\n");
	struct ios_addr one = { .family = AF_INET, .v4 = ip("192.0.2.1") };
	struct ios_addr nine = { .family = AF_INET, .v4 = ip("192.0.2.9") };
	const struct ios_isakmp_peer *peer = ios_aggressive_peer(cfg, &one);
	const uint8_t *key;
	size_t len;

	tap_ok(peer && peer->line == 1 && !strcmp(peer->description, "the hub") &&
	       peer->endpoint.kind == IOS_ID_FQDN && !strcmp(peer->endpoint.text, "spoke.example.org"),
	       "peer: by address");
	tap_ok(ios_aggressive_key(cfg, ends_of(&one), &none, &key, &len) && len == 5 && !memcmp(key, "first", 5),
	       "its password goes before a key for its network");
	tap_ok(!ios_aggressive_peer(cfg, &nine) && !ios_aggressive_accepts(cfg, ends_of(&nine), &none),
	       "no aggressive mode with a peer that has nothing about it");
	tap_ok(ios_aggressive_key(cfg, ends_of(&nine), &none, &key, &len) && len == 3, "the key of its network");
	tap_ok(ios_aggressive_accepts(cfg, ends_of(&nine), &gw) &&
	       ios_aggressive_key(cfg, ends_of(&nine), &gw, &key, &len) && len == 1 && *key == '6',
	       "a peer by name, whose password is a digit");
	ios_free(cfg);

	cfg = clean("keys by address and name", "crypto isakmp key k hostname gw.example.org\n"
		    "crypto isakmp key host address 192.0.2.9\n"
		    "crypto isakmp key net address 192.0.2.0 255.255.255.0\n");
	tap_ok(ios_aggressive_key(cfg, ends_of(&nine), &gw, &key, &len) && len == 4 && !memcmp(key, "host", 4),
	       "a name chooses no key at an address that has its own");
	tap_ok(ios_aggressive_key(cfg, ends_of(&one), &gw, &key, &len) && len == 1 && *key == 'k',
	       "but at one that has only that of its network");
	ios_free(cfg);
	cfg = clean("keys by name", "crypto isakmp key k hostname gw.example.org\n");
	tap_ok(ios_aggressive_wanted(cfg) && ios_aggressive_accepts(cfg, ends_of(&one), &gw) &&
	       !ios_aggressive_accepts(cfg, ends_of(&one), &none) && !ios_aggressive_peer(cfg, &one),
	       "a key by name lets its peer start in aggressive mode");
	ios_free(cfg);
	cfg = clean("aggressive mode disabled", PEER " set aggressive-mode password k\n"
		    "crypto isakmp aggressive-mode disable\n");
	tap_ok(!ios_aggressive_wanted(cfg) && !ios_aggressive_peer(cfg, &one) &&
	       !ios_aggressive_accepts(cfg, ends_of(&one), &none) &&
	       !ios_aggressive_key(cfg, ends_of(&one), &none, &key, &len), "nobody uses it then");
	ios_free(cfg);
	cfg = clean("taken back", PEER " set aggressive-mode password k\n no set aggressive-mode password\n"
		    "crypto isakmp peer hostname x\nno crypto isakmp peer hostname X\n");
	tap_ok(cfg->peers && !cfg->peers->next && !cfg->peers->key_len, "a password, a peer");
	ios_free(cfg);

	cfg = clean("a password of type 7", PEER " set aggressive-mode password 7 0822455D0A16\n");
	tap_ok(!strcmp((char *)cfg->peers->key, "cisco"), "is decoded");
	ios_free(cfg);
	expect_warning("a password of type 6", PEER " set aggressive-mode password 6 abc\n", 2, "type 6");
	cfg = parse(PEER " set aggressive-mode password a SECRET\n");
	tap_ok(has_diag(cfg, IOS_ERROR, 2, "unexpected word after the password") &&
	       !any_diag(cfg, IOS_ERROR, "SECRET"), "no part of a password is told");
	ios_free(cfg);
	expect_error("word of a peer", PEER " set agressive\n", 2, "expected aggressive-mode");
	expect_error("a user without a domain",
		     PEER " set aggressive-mode client-endpoint user-fqdn a\n", 2, "name@domain");
	expect_warning("identity dn", "crypto isakmp identity dn\n", 0, "its address is used");
	expect_warning("a peer in a VRF", "crypto isakmp peer address 192.0.2.1 vrf X\n", 1, "VRF");
}

static void test_isakmp_globals(void)
{
	struct ios_config *cfg = clean("ISAKMP globals",
		"crypto isakmp keepalive 10 3 periodic\ncrypto isakmp nat keepalive 20\n"
		"crypto isakmp identity hostname\ncrypto isakmp aggressive-mode disable\n"
		"crypto isakmp invalid-spi-recovery\nno crypto isakmp enable\n");

	tap_ok(cfg->isakmp.keepalive == 10 && cfg->isakmp.keepalive_retry == 3 &&
	       cfg->isakmp.keepalive_periodic && cfg->isakmp.nat_keepalive == 20 &&
	       cfg->isakmp.identity == IOS_IDENTITY_HOSTNAME && cfg->isakmp.no_aggressive &&
	       cfg->isakmp.invalid_spi_recovery && cfg->isakmp.disabled, "ISAKMP globals: values");
	ios_free(cfg);
	cfg = clean("ISAKMP globals: defaults", "crypto isakmp keepalive 30\nno crypto isakmp keepalive\n");
	tap_ok(!cfg->isakmp.keepalive && cfg->isakmp.keepalive_retry == 2 && !cfg->isakmp.disabled,
	       "ISAKMP globals: off again");
	ios_free(cfg);
}

/* ------------------------------------------------------------------------ phase 2 */


static void test_tsets(void)
{
	struct ios_config *cfg = clean("transform sets",
		"crypto ipsec transform-set A esp-sha256-hmac esp-aes 256\n"
		" mode transport require\n"
		"crypto ipsec transform-set B/>x.y:z esp-gcm\n"
		"crypto ipsec transform-set C esp-null esp-sha512-hmac\n"
		" mode tunnel   ! as ever\n"
		" esn\n"
		"crypto ipsec transform-set D esp-gcm\n"
		" esn\n"
		" no esn\n");
	const struct ios_tset *set = ios_tset_find(cfg, "A");

	tap_ok(set && set->cipher == IOS_ESP_CIPHER_AES && set->key_bits == 256 &&
	       set->auth == IOS_ESP_AUTH_SHA256 && set->transport && set->require && set->usable,
	       "transforms in any order");
	set = ios_tset_find(cfg, "B/>x.y:z");
	tap_ok(set && set->cipher == IOS_ESP_CIPHER_GCM && set->key_bits == 128 && !set->transport,
	       "128 bits when no length is given");
	tap_ok(ios_tset_find(cfg, "C")->esn && ios_tset_find(cfg, "C")->usable &&
	       !ios_tset_find(cfg, "D")->esn && !set->esn, "esn, and no esn");
	tap_ok(!ios_tset_find(cfg, "a"), "names have a case");
	ios_free(cfg);

	cfg = clean("the built-in transform set", KEYS "access-list 101 permit ip any any\n"
		    "crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set default\n match address 101\n");
	set = ios_tset_find(cfg, "default");
	tap_ok(set && set->usable && set->cipher == IOS_ESP_CIPHER_AES && set->key_bits == 128 &&
	       set->auth == IOS_ESP_AUTH_SHA && set->transport && cfg->maps->entries->complete,
	       "esp-aes esp-sha-hmac, transport mode");
	ios_free(cfg);
	cfg = parse("crypto ipsec transform-set default esp-gcm\n"
		    "crypto map M 1 ipsec-isakmp\n set transform-set default\n");
	set = ios_tset_find(cfg, "default");
	tap_ok(set && set->cipher == IOS_ESP_CIPHER_GCM && !set->transport && !cfg->tsets->next,
	       "unless it is defined");
	ios_free(cfg);
	cfg = parse("crypto map M 1 ipsec-isakmp\n set peer 1.1.1.1\n");
	tap_ok(!cfg->tsets, "and named");
	ios_free(cfg);
	expect_error("two ciphers", "crypto ipsec transform-set A esp-aes esp-null esp-sha-hmac\n", 1,
		     "second transform of its kind");
	expect_error("GCM with an authenticator", "crypto ipsec transform-set A esp-gcm esp-sha-hmac\n",
		     1, "authenticate by themselves");
	expect_error("spelling of another product", "crypto ipsec transform-set A esp-aes-256\n", 1,
		     "unexpected 'esp-aes-256'");
	expect_error("key length", "!\ncrypto ipsec transform-set X esp-aes 100\n", 2,
		     "unexpected '100'");
	expect_warning("3DES is weak", "!\ncrypto ipsec transform-set A esp-3des esp-sha-hmac\n", 2,
		       "transform set A: esp-3des is weak");
	expect_warning("MD5 is weak", "crypto ipsec transform-set A esp-aes esp-md5-hmac\n", 1,
		       "transform set A: esp-md5-hmac is weak");
	expect_warning("both are weak", "crypto ipsec transform-set A esp-3des esp-md5-hmac\n", 1,
		       "transform set A: esp-3des and esp-md5-hmac are weak");
	cfg = parse("crypto ipsec transform-set A esp-3des esp-md5-hmac\n");
	set = ios_tset_find(cfg, "A");
	tap_ok(set && set->usable && !cfg->n_errors, "what is weak can be used");
	ios_free(cfg);
	cfg = clean("GMAC", "crypto ipsec transform-set A esp-gmac 256\n");
	set = ios_tset_find(cfg, "A");
	tap_ok(set && set->cipher == IOS_ESP_CIPHER_GMAC && set->key_bits == 256 && set->usable &&
	       !ios_tset_weak(set), "GMAC: values");
	ios_free(cfg);
	expect_error("GMAC with an authenticator",
		     "crypto ipsec transform-set A esp-gmac esp-sha-hmac\n", 1,
		     "authenticate by themselves");
	expect_warning("AH is not supported", "crypto ipsec transform-set A ah-sha-hmac\n", 1,
		       "AH is not supported");
}

static void test_ipsec_globals(void)
{
	struct ios_config *cfg = clean("IPsec globals",
		"crypto ipsec security-association lifetime kilobytes disable\n"
		"crypto ipsec security-association lifetime seconds 300\n"
		"crypto ipsec security-association replay window-size 1024\n"
		"crypto ipsec df-bit clear\n");

	tap_ok(!cfg->ipsec.life_kilobytes && cfg->ipsec.life_seconds == 300 &&
	       cfg->ipsec.replay == 1024 && cfg->ipsec.df == IOS_DF_CLEAR, "IPsec globals: values");
	ios_free(cfg);
	cfg = clean("the longest volume lifetime",
		    KEYS "crypto ipsec security-association lifetime kilobytes 4294967295\n"
		    "crypto map M 1 ipsec-isakmp\n set security-association lifetime kilobytes 4294967295\n"
		    "no crypto map M 1\n");
	tap_ok(cfg->ipsec.life_kilobytes == UINT32_MAX, "4294967295 kilobytes");
	ios_free(cfg);
	expect_error("volume lifetime that is too short",
		     "crypto ipsec security-association lifetime kilobytes 2559\n", 1, "2560-4294967295");
	cfg = clean("IPsec globals: defaults", "");
	tap_ok(cfg->ipsec.life_kilobytes == 4608000 && cfg->ipsec.life_seconds == 3600 &&
	       cfg->ipsec.replay == 64 && cfg->ipsec.df == IOS_DF_COPY, "IPsec globals: IOS's");
	ios_free(cfg);
	expect_error("window size", "crypto ipsec security-association replay window-size 100\n", 1,
		     "64, 128, 256, 512 or 1024");
	expect_warning("IPsec profile", "crypto ipsec profile P\n set transform-set X\n", 1,
		       "IPsec profiles");
}

/* A line of a configuration for the ASA is told from a slip. */
static void test_other_products(void)
{
	static const struct {
		const char *text, *part;
	} cases[] = {
		{ "crypto ikev1 policy 10\n", "'ikev1', which is of the ASA: IOS has crypto isakmp" },
		{ "crypto ipsec ikev1 transform-set T esp-aes esp-sha-hmac\n",
		  "'ikev1', which is of the ASA" },
		{ "crypto ipsec ikev2 ipsec-proposal P\n", "'ikev2', which is of the ASA" },
		{ "crypto map OUT 10 match address A\n", "'match', which is of the ASA" },
		{ "crypto map OUT 10 set peer 192.0.2.1\n", "'set', which is of the ASA" },
		{ "crypto map OUT interface outside\n", "'interface', which is of the ASA" },
		{ "crypto dynamic-map D 10 set pfs group5\n", "'set', which is of the ASA" },
		{ "crypto isakmp policy 1\n encryption aes-256\n", "IOS has aes 256" },
		{ "crypto ipsec transform-set T esp-aes-192 esp-sha-hmac\n", "IOS has esp-aes 192" },
		{ "crypto ipsec transform-set T esp-256-aes esp-sha-hmac\n",
		  "for which a configuration has esp-aes 256" },
	};
	struct ios_config *cfg;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		cfg = parse(cases[i].text);
		if (!tap_ok(cfg->n_errors == 1 && any_diag(cfg, IOS_ERROR, cases[i].part), "%s", cases[i].part))
			show_diags(cfg);
		ios_free(cfg);
	}
}

/* Words that IOS has and this version has not: they are left out, and no error. */
static void test_left_out(void)
{
	static const char *const lines[] = {
		"crypto ctcp port 10000\n", "crypto eap name E\n", "crypto gikev2 profile P\n",
		"crypto tls-tunnel T\n", "crypto ipsec exclude peer-list ipv4 192.0.2.1\n",
		"crypto ipsec ike sa-strength-enforcement\n", "crypto skip-client SKS\n",
		"crypto aaa attribute list X\n", "crypto signaling default trustpoint T\n",
	};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		expect_warning("left out", lines[i], 1, "not supported in this version and left out");
	expect_warning("of a profile", "crypto isakmp profile P\n match identity address 192.0.2.1\n"
		       " keyring default\n rekey\n", 4, "rekey of an ISAKMP profile is not supported");
	expect_warning("of a trustpoint", "crypto pki trustpoint T\n match certificate CM skip revocation-check\n",
		       2, "an exception for certificates");
	ios_free(clean("the built-in set", "no crypto ipsec default transform-set\n"
		       "crypto ipsec default transform-set\n"));
	ios_free(clean("lists of other kinds", "ip access-list fqdn F\n permit ip any any\n"
		       "ip access-list helper egress check\nip access-list match-local-traffic\n"));
}

/* What opens a section is known where it is refused as well; its lines are not of the one before. */
static void test_heads(void)
{
	static const struct {
		const char *line;
		bool head;
	} t[] = {
		{ "crypto isakmp policy 10", true }, { "cry isa pol 0", true },
		{ "crypto isakmp peer address 1.1.1", true }, { "crypto isakmp profile", true },
		{ "crypto keyring default", true }, { "crypto ipsec transform-set TS esp-rot13", true },
		{ "crypto map M 1O ipsec-isakmp", true }, { "crypto map M 65536 ipsec-isakmp", true },
		{ "crypto map M 20 ipsec-manual x", true }, { "crypto dynamic-map D", true },
		{ "crypto pki trustpoint T x", true }, { "crypto ca cert chain", true },
		{ "crypto pki certificate map C", true }, { "object-group network", true },
		{ "ip access-list extnded A", true }, { "ip access-list extended 99", true },
		{ "ipv6 access-list", true }, { "interface", true }, { "int GigabitEthernet0/1 x", true },
		{ "no crypto map M 20", false }, { "no interface eth0 x", false }, { "crypto map M", false },
		{ "crypto map M local-address", false }, { "crypto isakmp key K", false },
		{ "ip access-list resequence A 0 0", false }, { "access-list 101 permit bogus any any", false },
		{ "set peer 192.0.2.1", false }, { "bogus", false },
	};
	struct ios_config *cfg;
	char text[256];
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		snprintf(text, sizeof(text), "crypto map M 10 ipsec-isakmp\n %s\n", t[i].line);
		cfg = parse(text);
		tap_ok(cfg->head == t[i].head, "%s a section: %s", t[i].head ? "opens" : "does not open",
		       t[i].line);
		ios_free(cfg);
	}
}

int main(void)
{
	test_heads();
	test_policies();
	test_keys();
	test_clients();
	test_isakmp_peers();
	test_isakmp_globals();
	test_tsets();
	test_ipsec_globals();
	test_other_products();
	test_left_out();
	return tap_done();
}
