// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto isakmp key and crypto keyring.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

/* A host name: letters, digits, dots, hyphens and underscores. */
static bool host_name(const struct tok *t)
{
	size_t i;

	for (i = 0; i < t->len; i++)
		if (!isalnum((unsigned char)t->s[i]) && t->s[i] != '.' && t->s[i] != '-' &&
		    t->s[i] != '_')
			return false;
	return t->len && t->len <= IOS_HOST_MAX;
}

/* P/len, or an address alone */
static bool next_prefix6(struct parser *p, struct ios_addr *addr, unsigned int *prefix)
{
	const struct tok *t = tok_next(p);

	if (!t)
		offer_value(p, "X:X:X:X::X/<0-128>", "the address or prefix of a peer");
	if (tok_prefix6(t, addr, prefix))
		return true;
	addr->family = AF_INET6;
	*prefix = 128;
	if (!tok_ipv6(t, &addr->v6))
		p_expected(p, t, "an IPv6 prefix");
	return !p->failed;
}

/* A [MASK]; without it 0.0.0.0 is all peers, any other address one */
static bool next_network4(struct parser *p, struct ios_addr *addr, unsigned int *prefix)
{
	struct in_addr mask = { .s_addr = UINT32_MAX };
	int bits;

	if (tok_ipv6(tok_peek(p), &addr->v6)) {
		p_expected(p, tok_peek(p), "ipv6 before an IPv6 address");
		return false;
	}
	if (!next_ipv4(p, "the address of a peer", &addr->v4))
		return false;
	offer_value(p, "A.B.C.D", "the mask of a network of peers");
	if (!addr->v4.s_addr)
		mask.s_addr = 0;
	if (tok_ipv4(tok_peek(p), &mask))
		p->pos++;
	bits = ios_mask_prefix(mask);
	if (bits < 0) {
		p_expected(p, &p->line.tok[p->pos - 1],
			   "the mask of a network (255.255.255.0), which is contiguous");
		return false;
	}
	addr->family = AF_INET;
	addr->v4.s_addr &= mask.s_addr;
	*prefix = bits;
	return true;
}

bool next_peer_network(struct parser *p, struct ios_addr *addr, unsigned int *prefix)
{
	if (option_word(p, "ipv6", 4, "an IPv6 address or prefix"))
		return next_prefix6(p, addr, prefix);
	return next_network4(p, addr, prefix);
}

bool next_host(struct parser *p, char name[IOS_HOST_MAX + 1])
{
	const struct tok *t = tok_next(p);

	if (!t)
		offer_value(p, "WORD", "a host name");
	if (!t || !host_name(t)) {
		p_expected(p, t, "a host name");
		return false;
	}
	memcpy(name, t->s, t->len);
	name[t->len] = '\0';
	return true;
}

/* The type of a key, or a key that looks like it. */
static bool is_key_type(const struct tok *t)
{
	return t && t->len == 1 && (t->s[0] == '0' || t->s[0] == '6' || t->s[0] == '7');
}

/*
 * Whether the next word is a key, which may be any word: "0 address address A" has a type
 * and the key "address", "0 address A" is the key "0".
 */
static bool key_follows(struct parser *p, const struct kw *after, size_t n)
{
	const struct tok *t = tok_raw(p);
	bool ambiguous;

	if (!t || !kw_match(after, n, t, &ambiguous))
		return t;
	return p->pos + 2 < p->line.n && kw_match(after, n, t + 1, &ambiguous);
}

/*
 * Type 7: two digits say where a text that is known begins, by which the bytes that follow in
 * hexadecimal were changed. IOS has no keys like that, but passwords.
 */
static bool decode_type7(const struct tok *t, uint8_t key[IOS_PSK_MAX], size_t *len)
{
	static const char by[] = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
	struct tok seed = { .s = t->s, .len = 2 };
	uint64_t at;
	size_t i;

	if (t->len < 4 || t->len / 2 - 1 > IOS_PSK_MAX || !tok_number(&seed, &at) || at > 15 ||
	    !hex_bytes(t->s + 2, t->len - 2, key))
		return false;
	*len = t->len / 2 - 1;
	for (i = 0; i < *len; i++)
		key[i] ^= by[(at + i) % (sizeof(by) - 1)];
	return true;
}

bool next_secret(struct parser *p, const struct kw *after, size_t n, uint8_t key[IOS_PSK_MAX + 1],
		 size_t *len, bool *encrypted)
{
	const struct tok *t = tok_raw(p);
	struct tok clear;
	char type = '0';

	offer_word(p, "0", "the key in clear follows");
	offer_value(p, "WORD", "the key in clear");
	p->pos++;
	if (is_key_type(t) && key_follows(p, after, n)) {
		type = t->s[0];
		t = tok_raw(p);
		p->pos++;
	}
	*encrypted = type == '6';
	memset(key, 0, IOS_PSK_MAX + 1);
	if (!t) {
		p_expected(p, NULL, "a pre-shared key");
		return false;
	}
	clear = *t;
	if (type == '7' && !decode_type7(t, key, &clear.len)) {
		explicit_bzero(key, IOS_PSK_MAX + 1);
		p_fail(p, "a key of type 7 is two digits (00-15) and pairs of hexadecimal digits, which this one is not");
		return false;
	}
	if (type == '7')
		clear.s = (const char *)key;
	else if (t->len <= IOS_PSK_MAX)
		memcpy(key, t->s, t->len);
	if (clear.len > IOS_PSK_MAX)
		p_fail(p, "the pre-shared key has %zu bytes; at most %d are possible", clear.len,
		       IOS_PSK_MAX);
	else if (!tok_text(&clear))
		p_fail(p, "the pre-shared key must be UTF-8 text without control characters");
	/* it would be another one where it is written in clear */
	else if (!tok_word(&clear))
		p_fail(p, "the pre-shared key must be one word, without blanks");
	*len = clear.len;
	if (p->failed)
		explicit_bzero(key, IOS_PSK_MAX + 1);
	return !p->failed;
}

/* The words before the peer that a key is for. */
enum { KEY_ADDRESS, KEY_HOSTNAME };

static const struct kw key_peers[] = {
	{ .word = "address", .min = 2, .id = KEY_ADDRESS, .help = "by address" },
	{ .word = "hostname", .min = 2, .id = KEY_HOSTNAME, .help = "by host name" },
};

/* "hostname 192.0.2.1" is the key of one who calls itself so. */
static void check_not_address(struct parser *p)
{
	struct in_addr addr;

	if (!p->negate && tok_ipv4(tok_peek(p), &addr))
		p_warn(p, "hostname %s is a name, and no key for this address; is address meant?",
		       shown(p, tok_peek(p)));
}

/* address A [MASK] | address ipv6 P | hostname N */
static void key_peer(struct parser *p, struct ios_psk *psk, const char *expected)
{
	const struct kw *kw;
	bool ambiguous;

	kw = kw_peek(p, key_peers, ARRAY_SIZE(key_peers), &ambiguous);
	/* any other word may be a piece of the key, and is not shown */
	if (!kw && (misspelled(p, tok_peek(p), "address") || misspelled(p, tok_peek(p), "hostname")))
		return;
	tok_next(p);
	if (!kw) {
		p_fail(p, "%s", expected);
	} else if (kw->id == KEY_HOSTNAME) {
		check_not_address(p);
		next_host(p, psk->hostname);
	} else {
		next_peer_network(p, &psk->addr, &psk->prefix);
	}
}

/* What stands in a text that was made public where a key was: <removed>, ****** */
static bool key_removed(const struct ios_psk *psk)
{
	const uint8_t *key = psk->key;

	return psk->key_len > 2 && ((key[0] == '<' && key[psk->key_len - 1] == '>') ||
				    strspn((const char *)key, "*") == psk->key_len);
}

/* A key, or what "no" takes back, is read; false when it does not stay in the model. */
static bool key_enter(struct parser *p, struct ios_psk *psk, bool encrypted)
{
	struct ios_psk *same = ios_psk_same(p->cfg, psk);

	if (p->negate) {
		if (same)
			ios_psk_remove(p->cfg, same);
		else
			p_warn(p, "there is no such pre-shared key");
		return false;
	}
	/* IOS says that the key already exists, and keeps it */
	if (same) {
		if (same->key_len != psk->key_len || memcmp(same->key, psk->key, psk->key_len))
			p_warn(p, "a pre-shared key for this peer is in line %u already and stays; take that one back with \"no\" first",
			       same->line);
		return false;
	}
	if (encrypted) {
		p_warn(p, "an encrypted key (type 6) cannot be read and is left out; write it in clear");
		return false;
	}
	if (key_removed(psk))
		p_warn(p, "the pre-shared key seems to have been taken out of the text: what stands in its place is used");
	if (ios_psk_index(p->cfg, psk))
		no_memory(p);
	return true;
}

/* A new key, to be read; NULL when memory is exhausted. */
static struct ios_psk *key_new(struct parser *p, struct ios_keyring *ring)
{
	struct ios_psk *psk = ios_psk_add(p->cfg, ring);

	if (psk)
		psk->line = p->line.no;
	else
		no_memory(p);
	return psk;
}

/* [0|6] KEY {address A [MASK] | address ipv6 P | hostname N} [no-xauth] */
void parse_isakmp_key(struct parser *p)
{
	struct ios_psk *psk = key_new(p, NULL);
	bool encrypted;

	if (!psk)
		return;
	if (next_secret(p, key_peers, ARRAY_SIZE(key_peers), psk->key, &psk->key_len, &encrypted)) {
		key_peer(p, psk, "expected address or hostname after the pre-shared key, which has no type but 0 (in clear) and 6 (encrypted)");
		psk->no_xauth = option_word(p, "no-xauth", 4, "no extended authentication");
	}
	if (!end_of_line(p) || !key_enter(p, psk, encrypted))
		ios_psk_remove(p->cfg, psk);
}

/* -------------------------------------------------------------------- keyrings */

/* {address A [MASK] | address ipv6 P | hostname N} key [0|6] KEY; "no" needs no key */
static void ring_key(struct parser *p)
{
	static const struct kw table[] = { { .word = "key", .help = "the pre-shared key" } };
	struct ios_psk *psk = key_new(p, p->ring);
	bool encrypted = false;

	if (!psk)
		return;
	key_peer(p, psk, "expected address or hostname after pre-shared-key");
	if (!p->failed && (!p->negate || tok_peek(p)) && kw_next(p, table, ARRAY_SIZE(table)) &&
	    next_secret(p, NULL, 0, psk->key, &psk->key_len, &encrypted) && tok_peek(p))
		/* a word that is left over may be a piece of the key */
		p_fail(p, "unexpected word after the pre-shared key; expected the end of the line");
	if (p->failed || !key_enter(p, psk, encrypted))
		ios_psk_remove(p->cfg, psk);
}

static void ring_description(struct parser *p)
{
	section_description(p, &p->ring->description);
}

static void ring_local(struct parser *p)
{
	section_local(p, &p->ring->local);
}

/* Its section within the one of the keyring has the key in hexadecimal. */
static void ring_rsa(struct parser *p)
{
	unsupported(p, "RSA keys of peers (rsa-pubkey) are");
	p->in_rsa = !p->negate;
	p->rsa_indent = p->line.indent;
}

/* Whether the line is of the section of an RSA key, which is left out. */
static bool rsa_line(struct parser *p)
{
	static const char *const words[] = { "address", "key-string", "quit", "serial-number" };
	const struct tok *t = tok_peek(p);
	size_t i;

	p->in_rsa &= t != NULL;
	if (!p->in_rsa || p->line.indent > p->rsa_indent || hex_bytes(t->s, t->len, NULL))
		return p->in_rsa;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (tok_is(t, words[i]))
			return true;
	p->in_rsa = false;
	return false;
}

const char keyring_expected[] = "description, local-address or pre-shared-key";

bool keyring_line(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "description", .min = 3, .run = ring_description,
		  .help = "a text about it" },
		{ .word = "local-address", .min = 3, .run = ring_local,
		  .help = "the address of this side that its keys are for" },
		{ .word = "pre-shared-key", .min = 3, .run = ring_key, .help = "a pre-shared key" },
		{ .word = "rsa-pubkey", .min = 3, .run = ring_rsa },
	};

	return rsa_line(p) || kw_run(p, table, ARRAY_SIZE(table));
}

/* crypto keyring NAME [vrf V] */
void parse_keyring(struct parser *p)
{
	char name[IOS_NAME_MAX + 1], vrf[IOS_NAME_MAX + 1] = "";
	struct ios_keyring *ring;

	heads_section(p);
	if (!next_name(p, "the name of a keyring", name) ||
	    (option_word(p, "vrf", 3, "the VRF of its peers") && !next_name(p, "the name of a VRF", vrf)) || !end_of_line(p))
		return;
	if (!strcmp(name, IOS_KEYRING_DEFAULT)) {
		p_fail(p, "keyring %s is that of crypto isakmp key", name);
		return;
	}
	ring = ios_keyring_find(p->cfg, name);
	if (p->negate) {
		if (ring)
			ios_keyring_remove(p->cfg, ring);
		return;
	}
	if (!ring) {
		ring = ios_keyring_get(p->cfg, name);
		if (!ring) {
			no_memory(p);
			return;
		}
		ring->line = p->line.no;
	}
	if (*vrf)
		strcpy(ring->vrf, vrf);
	p->ring = ring;
	p->in_rsa = false;
	open_section(p, MODE_KEYRING);
}
