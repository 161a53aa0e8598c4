/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trustpoints, whose certificates RSA signatures are by, and certificate maps, which say which
 * certificates a peer may have.
 */
#ifndef CRYPTOMAP_IOS_PKI_H
#define CRYPTOMAP_IOS_PKI_H

#include "base.h"
#include "isakmp.h"

/** IOS_CONTENTS_MAX - most bytes of a file of a trustpoint, and of a certificate of a chain */
#define IOS_CONTENTS_MAX (64u << 10)
/** IOS_PATH_MAX - longest name of such a file, without the zero */
#define IOS_PATH_MAX 4095
/** IOS_TRUSTPOINT_MAX - most trustpoints, and most certificate maps, of an isakmp profile */
#define IOS_TRUSTPOINT_MAX 8
/** IOS_DN_MAX - longest text of a certificate map, without the zero */
#define IOS_DN_MAX 255

/** enum ios_pki_file - what the files of a trustpoint have in them, in PEM or DER */
enum ios_pki_file {
	IOS_PKI_CERTIFICATE, IOS_PKI_CA, IOS_PKI_KEY, IOS_PKI_PKCS12, IOS_PKI_FILES,
};

/**
 * struct ios_blob - some bytes
 * @len:  how many, at most IOS_CONTENTS_MAX
 * @data: owned by the model and wiped by ios_free(), NULL for none
 */
struct ios_blob {
	size_t len;
	uint8_t *data;
};

/**
 * struct ios_pki_source - a file of a trustpoint
 * @line:     line that names it
 * @path:     absolute name, owned by the model; NULL for none
 * @contents: what is in it; the parser does not read files, who loads a configuration does
 */
struct ios_pki_source {
	unsigned int line;
	char *path;
	struct ios_blob contents;
};

/**
 * struct ios_certificate - a certificate of a chain
 * @next:     next one, in the order of the text
 * @prev:     private to list.c
 * @line:     line of its head
 * @ca:       certificate ca
 * @serial:   serial number, as its head has it
 * @contents: DER
 */
struct ios_certificate {
	struct ios_certificate *next, *prev;
	unsigned int line;
	bool ca;
	char serial[IOS_NAME_MAX + 1];
	struct ios_blob contents;
};

/** enum ios_revocation - a way to check that a certificate is not revoked; END is none at all */
enum ios_revocation { IOS_REVOCATION_END, IOS_REVOCATION_CRL, IOS_REVOCATION_OCSP, IOS_REVOCATION_NONE };

/** IOS_REVOCATIONS - most ways of a trustpoint */
#define IOS_REVOCATIONS 3

/**
 * struct ios_trustpoint - crypto pki trustpoint, with its crypto pki certificate chain
 * @next:       next trustpoint, in the order of the text
 * @prev:       private to list.c
 * @line:       line of the definition
 * @name:       its name
 * @file:       its files by enum ios_pki_file
 * @password:   of the private key and PKCS#12, empty for none; wiped by ios_free()
 * @revocation: ways to check certificates by it, in the order in which they are tried; default
 *              crl alone
 * @chain:      certificates of the text
 */
struct ios_trustpoint {
	struct ios_trustpoint *next, *prev;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	struct ios_pki_source file[IOS_PKI_FILES];
	char password[IOS_PSK_MAX + 1];
	enum ios_revocation revocation[IOS_REVOCATIONS];
	struct ios_certificate *chain;
};

/** enum ios_dn_field - what of a certificate is compared */
enum ios_dn_field { IOS_DN_SUBJECT, IOS_DN_ISSUER, IOS_DN_ALT, IOS_DN_SERIAL };

/** enum ios_dn_op - eq and ne compare the whole, co and nc look for a part */
enum ios_dn_op { IOS_DN_EQ, IOS_DN_NE, IOS_DN_CO, IOS_DN_NC };

/**
 * struct ios_dn_rule - a line of a certificate map
 * @next:  next one, in the order of the text
 * @prev:  private to list.c
 * @field: what is compared
 * @op:    how
 * @text:  with what
 */
struct ios_dn_rule {
	struct ios_dn_rule *next, *prev;
	enum ios_dn_field field;
	enum ios_dn_op op;
	char text[IOS_DN_MAX + 1];
};

/**
 * struct ios_cert_map - crypto pki certificate map
 * @next:  next one, in the order of the text
 * @prev:  private to list.c
 * @line:  line of the definition
 * @name:  its name, which others may have, too: a certificate need match one of them only
 * @seq:   sequence number 1-65535
 * @rules: all of which a certificate must match; without any none does
 * @other: word of a rule that is not supported, empty for none; it is in no model, but while a
 *         text is read
 * @other_line: its line
 */
struct ios_cert_map {
	struct ios_cert_map *next, *prev;
	unsigned int line;
	char name[IOS_NAME_MAX + 1];
	uint16_t seq;
	struct ios_dn_rule *rules;
	char other[IOS_NAME_MAX + 1];
	unsigned int other_line;
};

/**
 * struct ios_cert_names - what certificate maps compare of a certificate
 * @subject: distinguished name as "C=CH, O=Example, CN=r1"
 * @issuer:  likewise
 * @serial:  serial number in hexadecimal
 * @alt:     @n_alt subjectAltNames as text
 * @n_alt:   how many
 */
struct ios_cert_names {
	const char *subject;
	const char *issuer;
	const char *serial;
	const char *const *alt;
	size_t n_alt;
};

struct ios_profile;

/** ios_trustpoint_find() - Return: the trustpoint of this name, or NULL. */
struct ios_trustpoint *ios_trustpoint_find(const struct ios_config *cfg, const char *name);

/** ios_trustpoint_lacks() - Return: what a trustpoint lacks for this side to sign by it ("private key"), or NULL. */
const char *ios_trustpoint_lacks(const struct ios_trustpoint *point);

/**
 * ios_trustpoint_next() - the trustpoints of an isakmp profile
 * @cfg:     the model
 * @profile: profile, NULL for none
 * @at:      the one before, NULL for the first
 *
 * Those that it names, in their order; without any all of the model.
 *
 * Return: the next one that is defined, or NULL.
 */
const struct ios_trustpoint *ios_trustpoint_next(const struct ios_config *cfg,
						 const struct ios_profile *profile,
						 const struct ios_trustpoint *at);

/**
 * ios_rsa_sig_ready() - whether this side can authenticate itself by RSA signatures
 * @cfg:     the model
 * @profile: isakmp profile, NULL for none
 *
 * Return: true with a policy for that, and a trustpoint that lacks nothing.
 */
bool ios_rsa_sig_ready(const struct ios_config *cfg, const struct ios_profile *profile);

/**
 * ios_cert_map_has() - whether a certificate matches a certificate map
 * @cfg:   the model
 * @name:  name of the map
 * @names: of the certificate
 *
 * Case and blanks do not count, nor does the end at which a distinguished name begins.
 */
bool ios_cert_map_has(const struct ios_config *cfg, const char *name,
		      const struct ios_cert_names *names);

/** ios_dn_field_word() - Return: "subject-name", "issuer-name", "alt-subject-name" or "serial-number". */
const char *ios_dn_field_word(enum ios_dn_field field);
/** ios_dn_op_word() - Return: "eq", "ne", "co" or "nc". */
const char *ios_dn_op_word(enum ios_dn_op op);
/** ios_pki_file_word() - Return: "certificate", "ca", "key" or "pkcs12". */
const char *ios_pki_file_word(enum ios_pki_file file);

#endif
