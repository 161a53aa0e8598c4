// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Trustpoints and certificate maps.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "list.h"
#include "model.h"
#include "wipe.h"

/* normalized text of a name; longer ones match nothing, by ne and nc neither */
#define DN_TEXT 1024

void ios_blob_free(struct ios_blob *blob)
{
	wipe_free(blob->data, blob->len);
	*blob = (struct ios_blob){ 0 };
}

/* Room that a blob of some bytes has. */
static size_t blob_room(size_t len)
{
	size_t room = 1024;

	while (room < len)
		room *= 2;
	return room;
}

int ios_blob_add(struct ios_blob *blob, const uint8_t *data, size_t len)
{
	uint8_t *bigger;

	if (!blob->data || blob_room(blob->len) < blob->len + len) {
		bigger = wipe_grow(blob->data, blob->len, blob_room(blob->len + len));
		if (!bigger)
			return -1;
		blob->data = bigger;
	}
	memcpy(blob->data + blob->len, data, len);
	blob->len += len;
	return 0;
}

/* ------------------------------------------------------------------ trustpoints */

struct ios_trustpoint *ios_trustpoint_find(const struct ios_config *cfg, const char *name)
{
	return ios_index_find(cfg, INDEX_TRUSTPOINT, NULL, 0, name);
}

struct ios_trustpoint *ios_trustpoint_get(struct ios_config *cfg, const char *name)
{
	struct ios_trustpoint *point = ios_trustpoint_find(cfg, name);

	if (point)
		return point;
	point = calloc(1, sizeof(*point));
	if (!point)
		return NULL;
	snprintf(point->name, sizeof(point->name), "%s", name);
	point->revocation[0] = IOS_REVOCATION_CRL;
	return ios_object_add(cfg, &cfg->trustpoints, INDEX_TRUSTPOINT, NULL, 0, point->name, point);
}

static uint32_t serial_hash(bool ca, const char *serial)
{
	return ios_index_hash(serial, strlen(serial)) ^ ca;
}

static bool same_certificate(const void *obj, const void *wanted)
{
	const struct ios_certificate *a = obj, *b = wanted;

	return a->ca == b->ca && !strcmp(a->serial, b->serial);
}

struct ios_certificate *ios_certificate_find(const struct ios_config *cfg,
					     const struct ios_trustpoint *point, bool ca,
					     const char *serial)
{
	struct ios_certificate wanted = { .ca = ca };

	snprintf(wanted.serial, sizeof(wanted.serial), "%s", serial);
	return ios_index_like(cfg, INDEX_CERTIFICATE, point, serial_hash(ca, serial),
			      same_certificate, &wanted);
}

struct ios_certificate *ios_certificate_add(struct ios_trustpoint *point, bool ca, const char *serial)
{
	struct ios_certificate *cert = calloc(1, sizeof(*cert));

	if (!cert)
		return NULL;
	cert->ca = ca;
	snprintf(cert->serial, sizeof(cert->serial), "%s", serial);
	ios_list_push(&point->chain, cert);
	return cert;
}

int ios_certificate_enter(struct ios_config *cfg, struct ios_trustpoint *point,
			  struct ios_certificate *cert)
{
	struct ios_certificate *same = ios_certificate_find(cfg, point, cert->ca, cert->serial);

	if (same)
		ios_certificate_remove(cfg, point, same);
	return ios_index_put(cfg, INDEX_CERTIFICATE, point, serial_hash(cert->ca, cert->serial),
			     cert);
}

void ios_certificate_remove(struct ios_config *cfg, struct ios_trustpoint *point,
			    struct ios_certificate *cert)
{
	ios_index_drop(cfg, INDEX_CERTIFICATE, point, serial_hash(cert->ca, cert->serial), cert);
	ios_list_unlink(&point->chain, cert);
	ios_blob_free(&cert->contents);
	free(cert);
}

void ios_chain_clear(struct ios_config *cfg, struct ios_trustpoint *point)
{
	while (point->chain)
		ios_certificate_remove(cfg, point, point->chain);
}

void ios_pki_source_clear(struct ios_pki_source *source)
{
	free(source->path);
	ios_blob_free(&source->contents);
	source->path = NULL;
}

void ios_trustpoint_remove(struct ios_config *cfg, struct ios_trustpoint *point)
{
	size_t i;

	ios_index_del(cfg, INDEX_TRUSTPOINT, NULL, 0, point->name);
	ios_list_unlink(&cfg->trustpoints, point);
	for (i = 0; i < IOS_PKI_FILES; i++)
		ios_pki_source_clear(&point->file[i]);
	ios_chain_clear(cfg, point);
	wipe_free(point, sizeof(*point));
}

static bool has_certificate(const struct ios_trustpoint *point, bool ca)
{
	const struct ios_certificate *cert;

	if (point->file[IOS_PKI_PKCS12].path ||
	    point->file[ca ? IOS_PKI_CA : IOS_PKI_CERTIFICATE].path)
		return true;
	for (cert = point->chain; cert; cert = cert->next)
		if (cert->ca == ca)
			return true;
	return false;
}

const char *ios_trustpoint_lacks(const struct ios_trustpoint *point)
{
	if (!has_certificate(point, true))
		return "certificate of a CA";
	if (!has_certificate(point, false))
		return "certificate of this side";
	if (!point->file[IOS_PKI_PKCS12].path && !point->file[IOS_PKI_KEY].path)
		return "private key";
	return NULL;
}

const struct ios_trustpoint *ios_trustpoint_next(const struct ios_config *cfg,
						 const struct ios_profile *profile,
						 const struct ios_trustpoint *at)
{
	const struct ios_trustpoint *point = NULL;
	size_t i = 0;

	if (!profile || !profile->n_trustpoints)
		return at ? at->next : cfg->trustpoints;
	if (at)
		while (i < profile->n_trustpoints && strcmp(profile->trustpoints[i++], at->name))
			;
	for (; !point && i < profile->n_trustpoints; i++)
		point = ios_trustpoint_find(cfg, profile->trustpoints[i]);
	return point;
}

bool ios_rsa_sig_ready(const struct ios_config *cfg, const struct ios_profile *profile)
{
	const struct ios_policy *policy = ios_policy_by(ios_policies(cfg), IOS_AUTH_RSA_SIG);
	const struct ios_trustpoint *point = ios_trustpoint_next(cfg, profile, NULL);

	while (policy && point && ios_trustpoint_lacks(point))
		point = ios_trustpoint_next(cfg, profile, point);
	return policy && point;
}

/* -------------------------------------------------------------- certificate maps */

/* struct cert_name - the name of certificate maps, and how many have it */
struct cert_name {
	char name[IOS_NAME_MAX + 1];
	size_t n;
};

struct ios_cert_map *ios_cert_map_find(const struct ios_config *cfg, const char *name, uint16_t seq)
{
	return ios_index_find(cfg, INDEX_CERT_MAP, NULL, seq, name);
}

bool ios_cert_map_named(const struct ios_config *cfg, const char *name)
{
	return ios_index_find(cfg, INDEX_CERT_NAME, NULL, 0, name);
}

/* Return: 0 or -1 (no memory) */
static int name_enter(struct ios_config *cfg, const char *name)
{
	struct cert_name *known = ios_index_find(cfg, INDEX_CERT_NAME, NULL, 0, name);

	if (!known) {
		known = calloc(1, sizeof(*known));
		if (!known)
			return -1;
		snprintf(known->name, sizeof(known->name), "%s", name);
		if (ios_index_add(cfg, INDEX_CERT_NAME, NULL, 0, known->name, known)) {
			free(known);
			return -1;
		}
	}
	known->n++;
	return 0;
}

static void name_leave(struct ios_config *cfg, const char *name)
{
	struct cert_name *known = ios_index_find(cfg, INDEX_CERT_NAME, NULL, 0, name);

	if (!known || --known->n)
		return;
	ios_index_del(cfg, INDEX_CERT_NAME, NULL, 0, name);
	free(known);
}

struct ios_cert_map *ios_cert_map_get(struct ios_config *cfg, const char *name, uint16_t seq)
{
	struct ios_cert_map *map = ios_cert_map_find(cfg, name, seq);

	if (map)
		return map;
	map = calloc(1, sizeof(*map));
	if (!map || name_enter(cfg, name)) {
		free(map);
		return NULL;
	}
	snprintf(map->name, sizeof(map->name), "%s", name);
	map->seq = seq;
	if (ios_object_add(cfg, &cfg->cert_maps, INDEX_CERT_MAP, NULL, seq, map->name, map))
		return map;
	name_leave(cfg, name);
	return NULL;
}

void ios_cert_map_remove(struct ios_config *cfg, struct ios_cert_map *map)
{
	while (map->rules)
		ios_dn_rule_remove(cfg, map, map->rules);
	ios_index_del(cfg, INDEX_CERT_MAP, NULL, map->seq, map->name);
	ios_list_unlink(&cfg->cert_maps, map);
	name_leave(cfg, map->name);
	free(map);
}

static uint32_t dn_rule_hash(const struct ios_dn_rule *rule)
{
	return ios_index_hash(rule->text, strlen(rule->text)) ^ rule->op << 8 ^ rule->field;
}

static bool same_dn_rule(const void *obj, const void *wanted)
{
	const struct ios_dn_rule *a = obj, *b = wanted;

	return a->field == b->field && a->op == b->op && !strcmp(a->text, b->text);
}

struct ios_dn_rule *ios_dn_rule_find(const struct ios_config *cfg, const struct ios_cert_map *map,
				     const struct ios_dn_rule *rule)
{
	return ios_index_like(cfg, INDEX_DN_RULE, map, dn_rule_hash(rule), same_dn_rule, rule);
}

int ios_dn_rule_add(struct ios_config *cfg, struct ios_cert_map *map, const struct ios_dn_rule *rule)
{
	struct ios_dn_rule *copy = malloc(sizeof(*copy));

	if (!copy)
		return -1;
	*copy = *rule;
	if (ios_index_put(cfg, INDEX_DN_RULE, map, dn_rule_hash(copy), copy)) {
		free(copy);
		return -1;
	}
	ios_list_push(&map->rules, copy);
	return 0;
}

void ios_dn_rule_remove(struct ios_config *cfg, struct ios_cert_map *map, struct ios_dn_rule *rule)
{
	ios_index_drop(cfg, INDEX_DN_RULE, map, dn_rule_hash(rule), rule);
	ios_list_unlink(&map->rules, rule);
	free(rule);
}

/* In lower case, blanks only between words of a value. */
static bool normalize(char to[DN_TEXT], const char *from)
{
	size_t n = 0;

	for (; *from && n < DN_TEXT - 1; from++) {
		if (isspace((unsigned char)*from)) {
			from += strspn(from, " \t\n\v\f\r") - 1;
			if (n && from[1] && !strchr(",=", to[n - 1]) && !strchr(",=", from[1]))
				to[n++] = ' ';
			continue;
		}
		to[n++] = tolower((unsigned char)*from);
	}
	to[n] = '\0';
	return !*from;
}

/* The parts of a name that commas separate, the last one first. */
static void turn(char to[DN_TEXT], const char *from)
{
	const char *end = from + strlen(from), *start = end;
	size_t n = 0;

	while (end > from) {
		while (start > from && start[-1] != ',')
			start--;
		memcpy(to + n, start, end - start);
		n += end - start;
		if (start == from)
			break;
		to[n++] = ',';
		end = --start;
	}
	to[n] = '\0';
}

/* Whether a rule is about what a name is not. */
static bool is_negative(const struct ios_dn_rule *rule)
{
	return rule->op == IOS_DN_NE || rule->op == IOS_DN_NC;
}

/* Whether a name is, or has in it, a text; both normalized. */
static bool compare(const struct ios_dn_rule *rule, const char *name, const char *text)
{
	return rule->op == IOS_DN_EQ || rule->op == IOS_DN_NE ? !strcmp(name, text) :
							       strstr(name, text) != NULL;
}

static bool name_has(const struct ios_dn_rule *rule, const char *name, const char *text)
{
	char forth[DN_TEXT], back[DN_TEXT];

	/* what is not known may be what must not be in it */
	if (!normalize(forth, name))
		return is_negative(rule);
	turn(back, forth);
	return compare(rule, forth, text) || compare(rule, back, text);
}

static bool rule_has(const struct ios_dn_rule *rule, const struct ios_cert_names *names)
{
	bool has = false;
	char text[DN_TEXT];
	size_t i;

	if (!normalize(text, rule->text))
		return false;
	switch (rule->field) {
	case IOS_DN_SUBJECT:
		has = name_has(rule, names->subject, text);
		break;
	case IOS_DN_ISSUER:
		has = name_has(rule, names->issuer, text);
		break;
	case IOS_DN_SERIAL:
		has = name_has(rule, names->serial, text);
		break;
	case IOS_DN_ALT:
		for (i = 0; i < names->n_alt && !has; i++)
			has = name_has(rule, names->alt[i], text);
		break;
	}
	return has != is_negative(rule);
}

static bool map_has(const struct ios_cert_map *map, const struct ios_cert_names *names)
{
	const struct ios_dn_rule *rule;

	for (rule = map->rules; rule; rule = rule->next)
		if (!rule_has(rule, names))
			return false;
	return map->rules;
}

bool ios_cert_map_has(const struct ios_config *cfg, const char *name,
		      const struct ios_cert_names *names)
{
	const struct ios_cert_map *map;

	for (map = cfg->cert_maps; map; map = map->next)
		if (!strcmp(map->name, name) && map_has(map, names))
			return true;
	return false;
}

/* ------------------------------------------------------------------------ words */

const char *ios_dn_field_word(enum ios_dn_field field)
{
	static const char *const word[] = {
		"subject-name", "issuer-name", "alt-subject-name", "serial-number",
	};

	return word[field];
}

const char *ios_dn_op_word(enum ios_dn_op op)
{
	static const char *const word[] = { "eq", "ne", "co", "nc" };

	return word[op];
}

const char *ios_pki_file_word(enum ios_pki_file file)
{
	static const char *const word[] = { "certificate", "ca", "key", "pkcs12" };

	return word[file];
}
