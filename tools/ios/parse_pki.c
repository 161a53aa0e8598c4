// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto pki: trustpoints, their certificates, and certificate maps.
 *
 * Enrolment is not done here: the certificates of a trustpoint come from files, which an
 * extension of the language names, or from the text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "wipe.h"

/* -------------------------------------------------------------------- trustpoints */

static bool next_path(struct parser *p, char **path)
{
	const struct tok *t = tok_next(p);

	if (!t)
		offer_value(p, "WORD", "its absolute name");
	if (!t || t->s[0] != '/' || t->len > IOS_PATH_MAX || !tok_text(t)) {
		p_expected(p, t, "the absolute name of a file");
		return false;
	}
	*path = strndup(t->s, t->len);
	if (!*path)
		no_memory(p);
	return *path;
}

/* [password [0|6] PASSWORD] */
static bool next_password(struct parser *p, char password[IOS_PSK_MAX + 1])
{
	bool encrypted;
	size_t len;

	if (!option_word(p, "password", 3, "the password that it is encrypted by"))
		return true;
	if (!next_secret(p, NULL, 0, (uint8_t *)password, &len, &encrypted))
		return false;
	if (encrypted)
		p_fail(p, "an encrypted password (type 6) cannot be read; write it in clear");
	else if (tok_peek(p))
		/* a word that is left over may be a piece of the password */
		p_fail(p, "unexpected word after the password; expected the end of the line");
	return !p->failed;
}

/* file PATH [password P]; "no" needs nothing */
static void point_file(struct parser *p, enum ios_pki_file file, bool secret)
{
	static const struct kw table[] = { { .word = "file", .help = "a file, in PEM or DER" } };
	struct ios_pki_source *source = &p->point->file[file];
	/* of the private key and PKCS#12, which share the password */
	bool alone = secret && !p->point->file[file == IOS_PKI_KEY ? IOS_PKI_PKCS12 : IOS_PKI_KEY].path;
	char password[IOS_PSK_MAX + 1] = "";
	char *path = NULL;

	if (p->negate) {
		ios_pki_source_clear(source);
		if (alone)
			explicit_bzero(p->point->password, sizeof(p->point->password));
		return;
	}
	if (kw_next(p, table, ARRAY_SIZE(table)) && next_path(p, &path) &&
	    (!secret || next_password(p, password)) && end_of_line(p)) {
		ios_pki_source_clear(source);
		source->path = path;
		source->line = p->line.no;
		path = NULL;
		if (alone || *password)
			memcpy(p->point->password, password, sizeof(password));
	}
	free(path);
	explicit_bzero(password, sizeof(password));
}

static void point_certificate(struct parser *p)
{
	point_file(p, IOS_PKI_CERTIFICATE, false);
}

static void point_ca(struct parser *p)
{
	point_file(p, IOS_PKI_CA, false);
}

static void point_key(struct parser *p)
{
	point_file(p, IOS_PKI_KEY, true);
}

static void point_pkcs12(struct parser *p)
{
	point_file(p, IOS_PKI_PKCS12, true);
}

/* {crl | ocsp | none}... */
static void point_revocation(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "crl", .id = IOS_REVOCATION_CRL, .help = "a list that the CA publishes" },
		{ .word = "none", .id = IOS_REVOCATION_NONE, .help = "do not check" },
		{ .word = "ocsp", .id = IOS_REVOCATION_OCSP, .help = "ask the CA" },
	};
	enum ios_revocation ways[IOS_REVOCATIONS] = { 0 };
	const struct kw *kw;
	size_t n = 0;

	if (p->negate) {
		ways[0] = IOS_REVOCATION_CRL;
		memcpy(p->point->revocation, ways, sizeof(ways));
		return;
	}
	do {
		kw = kw_next(p, table, ARRAY_SIZE(table));
		if (!kw)
			return;
		ways[n++] = kw->id;
	} while (n < IOS_REVOCATIONS && tok_peek(p));
	if (end_of_line(p))
		memcpy(p->point->revocation, ways, sizeof(ways));
}

/* Appends the bytes of a word in hexadecimal. */
static bool add_hex(struct parser *p, struct ios_blob *blob, const struct tok *t)
{
	size_t n = t->len / 2;
	uint8_t *bytes = malloc(n + 1);

	if (!bytes) {
		no_memory(p);
		return false;
	}
	if (!hex_bytes(t->s, t->len, bytes))
		p_fail(p, "expected bytes in hexadecimal");
	else if (blob->len + n > IOS_CONTENTS_MAX)
		p_fail(p, "more than %u bytes", IOS_CONTENTS_MAX);
	else if (ios_blob_add(blob, bytes, n))
		no_memory(p);
	wipe_free(bytes, n);
	return !p->failed;
}

/* {certificate | ca | key | pkcs12} HEX: what a file had in it, as the tool hands it over */
static void point_contents(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "ca", .id = IOS_PKI_CA },
		{ .word = "certificate", .id = IOS_PKI_CERTIFICATE },
		{ .word = "key", .id = IOS_PKI_KEY },
		{ .word = "pkcs12", .id = IOS_PKI_PKCS12 },
	};
	const struct kw *kw = kw_next(p, table, ARRAY_SIZE(table));
	const struct tok *t = tok_next(p);

	if (!kw)
		return;
	ios_blob_free(&p->point->file[kw->id].contents);
	if (!t)
		p_fail(p, "expected bytes in hexadecimal");
	else
		add_hex(p, &p->point->file[kw->id].contents, t);
}

/* What says how a router gets certificates: said once for each trustpoint. */
static void point_enrollment(struct parser *p)
{
	if (!p->negate && !p->point_told)
		problem_point(p, "trustpoint %s: certificates are not enrolled here, but come from files: lines about that have no effect",
			      p->point->name);
	else
		p->cfg->n_skipped += p->interactive;
	p->point_told = true;
	p->failed = true;
}

/* crl optional, crl best-effort: what was before revocation-check; others are about where lists are */
static void point_crl(struct parser *p)
{
	static const enum ios_revocation before[IOS_REVOCATIONS] = { IOS_REVOCATION_CRL };
	static const enum ios_revocation optional[IOS_REVOCATIONS] = { IOS_REVOCATION_NONE };
	static const enum ios_revocation effort[IOS_REVOCATIONS] = {
		IOS_REVOCATION_CRL, IOS_REVOCATION_NONE,
	};
	const enum ios_revocation *ways = NULL;

	if (skip_word(p, "optional", 1))
		ways = optional;
	else if (skip_word(p, "best-effort", 1))
		ways = effort;
	if (!ways)
		point_enrollment(p);
	else if (end_of_line(p))
		memcpy(p->point->revocation, p->negate ? before : ways, sizeof(before));
}

/* What may be accepted in spite of a list or a date: without it that is refused. */
static void point_match(struct parser *p)
{
	unsupported(p, "an exception for certificates (match certificate) is");
}

const char trustpoint_expected[] =
	"ca, certificate, enrollment, key, pkcs12, revocation-check or another setting of enrolment";

bool trustpoint_line(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "authorization", .min = 4, .run = point_enrollment },
		{ .word = "auto-enroll", .min = 4, .run = point_enrollment },
		{ .word = "ca", .min = 2, .run = point_ca, .help = "certificate of the CA" },
		{ .word = "certificate", .min = 4, .run = point_certificate,
		  .help = "certificate of this side" },
		{ .word = "chain-validation", .min = 3, .run = point_enrollment },
		{ .word = "contents", .min = 8, .run = point_contents },
		{ .word = "crl", .min = 3, .run = point_crl },
		{ .word = "eckeypair", .min = 2, .run = point_enrollment },
		{ .word = "eku", .min = 3, .run = point_enrollment },
		{ .word = "enrollment", .min = 3, .run = point_enrollment },
		{ .word = "fingerprint", .min = 3, .run = point_enrollment },
		{ .word = "fqdn", .min = 2, .run = point_enrollment },
		{ .word = "hash", .min = 2, .run = point_enrollment },
		{ .word = "ip-address", .min = 4, .run = point_enrollment },
		{ .word = "ip-extension", .min = 4, .run = point_enrollment },
		{ .word = "key", .min = 3, .run = point_key, .help = "private key of this side" },
		{ .word = "match", .min = 3, .run = point_match },
		{ .word = "ocsp", .min = 3, .run = point_enrollment },
		{ .word = "on", .min = 2, .run = point_enrollment },
		{ .word = "password", .min = 3, .run = point_enrollment },
		{ .word = "pkcs12", .min = 3, .run = point_pkcs12,
		  .help = "certificates and private key together" },
		{ .word = "primary", .min = 3, .run = point_enrollment },
		{ .word = "query", .min = 3, .run = point_enrollment },
		{ .word = "regenerate", .min = 3, .run = point_enrollment },
		{ .word = "revocation-check", .min = 3, .run = point_revocation,
		  .help = "how to check that a certificate is not revoked" },
		{ .word = "root", .min = 3, .run = point_enrollment },
		{ .word = "rsakeypair", .min = 3, .run = point_enrollment },
		{ .word = "serial-number", .min = 3, .run = point_enrollment },
		{ .word = "source", .min = 3, .run = point_enrollment },
		{ .word = "storage", .min = 3, .run = point_enrollment },
		{ .word = "subject-alt-name", .min = 9, .run = point_enrollment },
		{ .word = "subject-name", .min = 9, .run = point_enrollment },
		{ .word = "usage", .min = 2, .run = point_enrollment },
		{ .word = "vrf", .min = 3, .run = point_enrollment },
	};

	/* "key chain" and "key config-key" of the top */
	if (p->line.indent <= p->indent && p->pos + 1 < p->line.n && tok_is(tok_peek(p), "key") &&
	    !tok_is(&p->line.tok[p->pos + 1], "file"))
		return false;
	return !defines_vrf(p) && kw_run(p, table, ARRAY_SIZE(table));
}

/* A trustpoint by name, made if there is none; NULL when there is no more to do. */
static struct ios_trustpoint *next_trustpoint(struct parser *p)
{
	struct ios_trustpoint *point;
	char name[IOS_NAME_MAX + 1];

	if (!next_name(p, "the name of a trustpoint", name) || !end_of_line(p))
		return NULL;
	point = ios_trustpoint_find(p->cfg, name);
	if (point || p->negate)
		return point;
	point = ios_trustpoint_get(p->cfg, name);
	if (point)
		point->line = p->line.no;
	else
		no_memory(p);
	return point;
}

/* NAME */
static void pki_trustpoint(struct parser *p)
{
	struct ios_trustpoint *point;

	heads_section(p);
	point = next_trustpoint(p);
	if (!point)
		return;
	if (p->negate) {
		ios_trustpoint_remove(p->cfg, point);
		return;
	}
	p->point = point;
	p->point_told = false;
	open_section(p, MODE_TRUSTPOINT);
}

/* -------------------------------------------------------------------- certificates */

/* NAME: the certificates of a trustpoint, as a running-config has them */
static void certificate_chain(struct parser *p)
{
	struct ios_trustpoint *point;

	heads_section(p);
	point = next_trustpoint(p);
	if (!point)
		return;
	if (p->negate) {
		ios_chain_clear(p->cfg, point);
		return;
	}
	p->point = point;
	p->cert = NULL;
	open_section(p, MODE_CHAIN);
}

/* Certificates that no peer is shown or checked by: of a registration authority, or for later. */
static bool set_aside(struct parser *p)
{
	static const char *const word[] = { "ra-encrypt", "ra-general", "ra-sign", "rollover" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(word); i++)
		if (skip_word(p, word[i], 4))
			return true;
	return false;
}

/* [ca | self-signed] SERIAL [FILE]: the bytes follow, up to "quit" */
static void chain_certificate(struct parser *p)
{
	bool aside = set_aside(p), ca = option_word(p, "ca", 2, "that of the CA");
	struct ios_certificate *cert;
	char serial[IOS_NAME_MAX + 1];

	if (!ca)
		option_word(p, "self-signed", 4, "that of this side, by itself");
	if (!next_name(p, "the serial number of a certificate", serial))
		return;
	/* where a router keeps it, as its startup-config has it */
	p->cert_file = tok_peek(p);
	p->pos = p->line.n;
	if (p->negate) {
		cert = ios_certificate_find(p->cfg, p->point, ca, serial);
		if (cert)
			ios_certificate_remove(p->cfg, p->point, cert);
		return;
	}
	if (aside)
		problem_point(p, "certificate %s of trustpoint %s is of a registration authority, or for later, and left out",
			      serial, p->point->name);
	cert = ios_certificate_add(p->point, ca, serial);
	if (!cert) {
		no_memory(p);
		return;
	}
	cert->line = p->line.no;
	p->cert_aside = aside;
	p->cert = cert;
}

void chain_end(struct parser *p)
{
	unsigned int line = p->line.no;

	if (!p->cert)
		return;
	p->line.no = p->cert->line;
	if (p->cert_file && !p->cert->contents.len)
		problem_point(p, "certificate %s of trustpoint %s is in a file of the router and left out",
			      p->cert->serial, p->point->name);
	else
		p_fail(p, "the certificate that begins here has no end: after its bytes quit was expected");
	ios_certificate_remove(p->cfg, p->point, p->cert);
	p->cert = NULL;
	p->line.no = line;
}

bool chain_pending(struct parser *p)
{
	if (!p->interactive || !p->cert || p->cert_file)
		return false;
	ios_certificate_remove(p->cfg, p->point, p->cert);
	p->cert = NULL;
	return true;
}

/* "quit": only now it takes the place of the one of before. */
static void certificate_end(struct parser *p)
{
	if (p->cert_aside)
		ios_certificate_remove(p->cfg, p->point, p->cert);
	else if (ios_certificate_enter(p->cfg, p->point, p->cert))
		no_memory(p);
	p->cert = NULL;
}

/* Whether a line is bytes of a certificate. */
static bool has_bytes(const struct parser *p)
{
	const struct tok *t;

	for (t = p->line.tok; t < p->line.tok + p->line.n; t++)
		if (!hex_bytes(t->s, t->len, NULL))
			return false;
	return true;
}

/* Whether a line cannot be of the certificate that was begun: the next one, or another command. */
static bool is_behind(const struct parser *p)
{
	const struct tok *first = tok_peek(p);

	if (!p->cert || tok_is(first, "quit"))
		return false;
	return tok_is(first, "certificate") ||
	       (p->cert_file && !p->cert->contents.len && !has_bytes(p));
}

const char chain_expected[] = "certificate or quit";

bool chain_line(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "certificate", .min = 4, .run = chain_certificate,
		  .help = "a certificate in hexadecimal, up to quit" },
	};

	if (is_behind(p))
		chain_end(p);
	if (!p->cert)
		return kw_run(p, table, ARRAY_SIZE(table));
	offer_value(p, "LINE", "bytes in hexadecimal");
	offer_word(p, "quit", "the end of the certificate");
	if (tok_is(tok_peek(p), "quit")) {
		certificate_end(p);
		return true;
	}
	/* what a router says before the bytes are typed */
	if (!p->line.prompt && p->line.n > 3 && tok_is(&p->line.tok[0], "Enter") &&
	    tok_is(&p->line.tok[2], "certificate"))
		return true;
	while (tok_peek(p) && add_hex(p, &p->cert->contents, tok_peek(p)))
		p->pos++;
	/* what is behind a line that is none is read up to quit, and left out with it */
	if (!end_of_line(p))
		p->cert_aside = true;
	return true;
}

/* ---------------------------------------------------------------- certificate maps */

/* {co | eq | nc | ne} TEXT */
static void map_rule(struct parser *p, enum ios_dn_field field)
{
	static const struct kw table[] = {
		{ .word = "co", .id = IOS_DN_CO, .help = "has it in it" },
		{ .word = "eq", .id = IOS_DN_EQ, .help = "is equal" },
		{ .word = "nc", .id = IOS_DN_NC, .help = "does not have it in it" },
		{ .word = "ne", .id = IOS_DN_NE, .help = "is not equal" },
	};
	const struct kw *kw = kw_next(p, table, ARRAY_SIZE(table));
	struct ios_dn_rule rule = { .field = field }, *same;
	char *text = NULL;

	if (!kw || !next_text(p, "a part of a name", &text))
		return;
	rule.op = kw->id;
	strcpy(rule.text, text);
	free(text);
	same = ios_dn_rule_find(p->cfg, p->cert_map, &rule);
	if (p->negate && same)
		ios_dn_rule_remove(p->cfg, p->cert_map, same);
	else if (!p->negate && !same && ios_dn_rule_add(p->cfg, p->cert_map, &rule))
		no_memory(p);
}

static void map_subject(struct parser *p)
{
	map_rule(p, IOS_DN_SUBJECT);
}

static void map_issuer(struct parser *p)
{
	map_rule(p, IOS_DN_ISSUER);
}

static void map_alt(struct parser *p)
{
	map_rule(p, IOS_DN_ALT);
}

static void map_serial(struct parser *p)
{
	map_rule(p, IOS_DN_SERIAL);
}

#define UNMATCHED "certificates cannot be matched by '%s' in this version"

/* Left out, it would let in certificates that it is to keep out. */
static void map_other(struct parser *p)
{
	struct ios_cert_map *map = p->cert_map;

	if (p->negate) {
		*map->other = '\0';
	} else if (p->interactive) {
		p_fail(p, UNMATCHED, shown(p, &p->line.tok[0]));
	} else if (!*map->other) {
		snprintf(map->other, sizeof(map->other), "%s", shown(p, &p->line.tok[0]));
		map->other_line = p->line.no;
	}
}

/* Whether an isakmp profile goes by a certificate map. */
static bool map_wanted(const struct ios_config *cfg, const struct ios_cert_map *map)
{
	const struct ios_profile *profile;
	size_t i;

	for (profile = cfg->profiles; profile; profile = profile->next)
		for (i = 0; i < profile->n_cert_maps; i++)
			if (!strcmp(profile->cert_maps[i], map->name))
				return true;
	return false;
}

void settle_cert_maps(struct parser *p)
{
	struct ios_cert_map *map, *next;
	int err;

	for (map = p->cfg->cert_maps; map; map = next) {
		next = map->next;
		if (!*map->other)
			continue;
		if (map_wanted(p->cfg, map)) {
			err = ios_diag(p->cfg, IOS_ERROR, map->other_line, UNMATCHED, map->other);
		} else {
			err = ios_diag(p->cfg, IOS_WARNING, map->other_line,
				       UNMATCHED "; certificate map %s %u, which no isakmp profile has, is left out",
				       map->other, map->name, map->seq);
			ios_cert_map_remove(p->cfg, map);
		}
		if (err)
			no_memory(p);
	}
}

const char cert_map_expected[] =
	"alt-subject-name, issuer-name, serial-number or subject-name";

bool cert_map_line(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "alt-subject-name", .min = 3, .run = map_alt,
		  .help = "a subjectAltName of it" },
		{ .word = "expires-on", .min = 3, .run = map_other },
		{ .word = "issuer-name", .min = 3, .run = map_issuer,
		  .help = "distinguished name of the CA" },
		{ .word = "name", .min = 4, .run = map_other },
		{ .word = "serial-number", .min = 3, .run = map_serial,
		  .help = "its serial number in hexadecimal" },
		{ .word = "subject-name", .min = 3, .run = map_subject,
		  .help = "distinguished name of its owner" },
		{ .word = "unstructured-subject-name", .min = 3, .run = map_other },
		{ .word = "valid-start", .min = 3, .run = map_other },
	};

	return kw_run(p, table, ARRAY_SIZE(table));
}

/* NAME SEQ */
static void certificate_map(struct parser *p)
{
	char name[IOS_NAME_MAX + 1];
	struct ios_cert_map *map;
	uint32_t seq;

	heads_section(p);
	if (!next_name(p, "the name of a certificate map", name) ||
	    !next_number(p, "a sequence number", 1, 65535, &seq) || !end_of_line(p))
		return;
	map = ios_cert_map_find(p->cfg, name, seq);
	if (p->negate) {
		if (map)
			ios_cert_map_remove(p->cfg, map);
		return;
	}
	if (!map) {
		map = ios_cert_map_get(p->cfg, name, seq);
		if (!map) {
			no_memory(p);
			return;
		}
		map->line = p->line.no;
	}
	p->cert_map = map;
	open_section(p, MODE_CERT_MAP);
}

/* ------------------------------------------------------------------------ crypto pki */

static void pki_certificate_other(struct parser *p)
{
	unsupported_setting(p, "crypto pki certificate ", "");
}

static void pki_certificate(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "chain", .run = certificate_chain,
		  .help = "the certificates of a trustpoint" },
		{ .word = "map", .run = certificate_map, .help = "which certificates match" },
		{ .word = "pool", .run = pki_certificate_other },
		{ .word = "query", .run = pki_certificate_other },
		{ .word = "storage", .run = pki_certificate_other },
		{ .word = "validate", .run = pki_certificate_other },
	};

	kw_run_next(p, table, ARRAY_SIZE(table));
}

void parse_pki(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "certificate", .min = 3, .run = pki_certificate,
		  .help = "certificates, and which ones match" },
		{ .word = "trustpoint", .min = 2, .run = pki_trustpoint,
		  .help = "a CA, and the certificate of this side by it" },
	};
	const struct kw *kw;
	bool ambiguous;

	kw = kw_peek(p, table, ARRAY_SIZE(table), &ambiguous);
	if (!kw && (misspelled(p, tok_peek(p), "certificate") ||
		    misspelled(p, tok_peek(p), "trustpoint")))
		return;
	if (!tok_next(p))
		p_expected(p, NULL, "certificate or trustpoint");
	else if (kw)
		kw->run(p);
	else
		unsupported_setting(p, "crypto pki ", "");
}
