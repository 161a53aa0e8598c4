// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Trustpoints, certificates and certificate maps as running-config text.
 */
#include "model.h"
#include "printer.h"

/* bytes in a line of a certificate, as a router writes them: eight words of four */
#define LINE_BYTES 32

static void print_source(struct text *t, const struct ios_trustpoint *point, enum ios_pki_file file)
{
	bool secret = file == IOS_PKI_KEY || file == IOS_PKI_PKCS12;

	if (!point->file[file].path)
		return;
	put(t, " %s file %s", ios_pki_file_word(file), point->file[file].path);
	if (secret && *point->password)
		put(t, " password %s", point->password);
	put(t, "\n");
}

static void print_contents(struct text *t, const struct ios_trustpoint *point,
			   enum ios_pki_file file)
{
	const struct ios_blob *blob = &point->file[file].contents;
	size_t i;

	if (!blob->len)
		return;
	put(t, " contents %s ", ios_pki_file_word(file));
	for (i = 0; i < blob->len; i++)
		put(t, "%02x", blob->data[i]);
	put(t, "\n");
}

static void print_trustpoint(struct text *t, const struct ios_trustpoint *point, bool contents)
{
	static const char *const word[] = { "", " crl", " ocsp", " none" };
	size_t i;

	put(t, "crypto pki trustpoint %s\n", point->name);
	for (i = 0; i < IOS_PKI_FILES; i++)
		print_source(t, point, i);
	for (i = 0; contents && i < IOS_PKI_FILES; i++)
		print_contents(t, point, i);
	put(t, " revocation-check");
	for (i = 0; i < IOS_REVOCATIONS; i++)
		put(t, "%s", word[point->revocation[i]]);
	put(t, "\n");
}

static void print_map(struct text *t, const struct ios_cert_map *map)
{
	const struct ios_dn_rule *rule;

	put(t, "crypto pki certificate map %s %u\n", map->name, map->seq);
	for (rule = map->rules; rule; rule = rule->next)
		put(t, " %s %s %s\n", ios_dn_field_word(rule->field), ios_dn_op_word(rule->op),
		    rule->text);
}

static void print_certificate(struct text *t, const struct ios_certificate *cert)
{
	const struct ios_blob *blob = &cert->contents;
	size_t i;

	put(t, " certificate %s%s\n", cert->ca ? "ca " : "", cert->serial);
	for (i = 0; i < blob->len; i++)
		put(t, "%s%02X%s", i % LINE_BYTES ? i % 4 ? "" : " " : "  ", blob->data[i],
		    i % LINE_BYTES == LINE_BYTES - 1 || i == blob->len - 1 ? "\n" : "");
	put(t, "  quit\n");
}

static void print_chain(struct text *t, const struct ios_trustpoint *point)
{
	const struct ios_certificate *cert;

	if (!point->chain)
		return;
	put(t, "crypto pki certificate chain %s\n", point->name);
	for (cert = point->chain; cert; cert = cert->next)
		print_certificate(t, cert);
}

void print_pki(struct text *t, const struct ios_config *cfg, bool contents)
{
	const struct ios_trustpoint *point;
	const struct ios_cert_map *map;

	for (point = cfg->trustpoints; point; point = point->next)
		print_trustpoint(t, point, contents);
	for (map = cfg->cert_maps; map; map = map->next)
		print_map(t, map);
	for (point = cfg->trustpoints; point; point = point->next)
		print_chain(t, point);
}
