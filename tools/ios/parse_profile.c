// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto isakmp profile; and what its section has in common with others.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

void section_description(struct parser *p, char **text)
{
	if (!p->negate) {
		next_text(p, "a description", text);
		return;
	}
	free(*text);
	*text = NULL;
}

void section_local(struct parser *p, struct ios_local *local)
{
	struct ios_local found = { .line = p->line.no };
	struct in6_addr six;

	if (p->negate) {
		*local = (struct ios_local){ 0 };
		return;
	}
	/* "Serial1/0:15" is no address, "fd00::1" is one */
	if (tok_peek(p) && isalpha((unsigned char)tok_peek(p)->s[0]) && !tok_ipv6(tok_peek(p), &six)) {
		if (!next_interface(p, found.ifname))
			return;
	} else {
		offer_value(p, "WORD", "an interface of this side");
		if (!next_addr(p, "an address of this side", &found.addr))
			return;
	}
	offer_value(p, "WORD", "the VRF of the address");
	if (tok_peek(p) && !next_name(p, "the name of a VRF", found.vrf))
		return;
	if (end_of_line(p))
		*local = found;
}

bool next_user(struct parser *p, char name[IOS_HOST_MAX + 1])
{
	const struct tok *t = tok_next(p);

	if (!t)
		offer_value(p, "WORD", "name@domain");
	if (!t || t->len > IOS_HOST_MAX || !tok_text(t) || !memchr(t->s, '@', t->len)) {
		p_expected(p, t, "a user as name@domain");
		return false;
	}
	memcpy(name, t->s, t->len);
	name[t->len] = '\0';
	return true;
}

/* ----------------------------------------------------------- who the peers are */

/* address A [MASK] [VRF] | address ipv6 P | group NAME | host [domain] NAME | user NAME | user domain NAME */
static void match_identity(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "address", .id = IOS_ID_ADDRESS, .help = "by address" },
		{ .word = "group", .id = IOS_ID_GROUP, .help = "by the name of a group" },
		{ .word = "host", .id = IOS_ID_FQDN, .help = "by host name" },
		{ .word = "user", .id = IOS_ID_USER, .help = "by name@domain" },
		{ .word = "user-fqdn", .id = IOS_ID_USER },
	};
	const struct kw *kw = kw_next(p, table, ARRAY_SIZE(table));
	struct ios_match match = { 0 }, *same;
	char name[IOS_NAME_MAX + 1];

	if (!kw)
		return;
	match.id.kind = kw->id;
	if (kw->id == IOS_ID_FQDN || kw->id == IOS_ID_USER)
		match.domain = option_word(p, "domain", 6, "all names of a domain") && tok_peek(p);
	if (kw->id == IOS_ID_ADDRESS && next_peer_network(p, &match.id.addr, &match.prefix) &&
	    tok_peek(p))
		next_name(p, "the name of a VRF", match.vrf);
	else if (kw->id == IOS_ID_USER && !match.domain)
		next_user(p, match.id.text);
	else if (kw->id == IOS_ID_FQDN || match.domain)
		next_host(p, match.id.text);
	else if (kw->id == IOS_ID_GROUP && next_name(p, "the name of a group", name))
		strcpy(match.id.text, name);
	if (!end_of_line(p))
		return;
	same = ios_match_find(p->cfg, p->profile, &match);
	if (p->negate && same)
		ios_match_remove(p->cfg, p->profile, same);
	else if (p->negate)
		p_warn(p, "isakmp profile %s has no such match identity", p->profile->name);
	else if (!same && ios_match_add(p->cfg, p->profile, &match))
		no_memory(p);
}

/* One more name in a list of at most @max; "no" takes one, or all, back. */
static void profile_names(struct parser *p, const char *what, char names[][IOS_NAME_MAX + 1],
			  size_t *n, size_t max)
{
	char name[IOS_NAME_MAX + 1];
	size_t i;

	if (p->negate && !tok_peek(p)) {
		*n = 0;
		return;
	}
	if (!next_name(p, what, name) || !end_of_line(p))
		return;
	for (i = 0; i < *n && strcmp(names[i], name); i++)
		;
	if (p->negate) {
		if (i == *n)
			return;
		--*n;
		memmove(names[i], names[i + 1], (*n - i) * sizeof(names[0]));
		return;
	}
	if (i == max) {
		p_fail(p, "a profile has at most %zu of these", max);
		return;
	}
	strcpy(names[i], name);
	if (i == *n)
		++*n;
}

static void match_certificate(struct parser *p)
{
	profile_names(p, "the name of a certificate map", p->profile->cert_maps,
		      &p->profile->n_cert_maps, IOS_TRUSTPOINT_MAX);
}

static void profile_match(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "certificate", .run = match_certificate,
		  .help = "names of its certificate" },
		{ .word = "identity", .run = match_identity, .help = "what a peer calls itself" },
	};

	kw_run_next(p, table, ARRAY_SIZE(table));
}

/* --------------------------------------------------------- how they are talked to */

static void profile_description(struct parser *p)
{
	section_description(p, &p->profile->description);
}

static void profile_local(struct parser *p)
{
	section_local(p, &p->profile->local);
}

static void profile_keyring(struct parser *p)
{
	profile_names(p, "the name of a keyring", p->profile->keyrings, &p->profile->n_keyrings,
		      IOS_KEYRING_MAX);
}

static void profile_ca(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "trust-point", .help = "the trustpoint of its certificates" },
	};

	if (kw_next(p, table, ARRAY_SIZE(table)))
		profile_names(p, "the name of a trustpoint", p->profile->trustpoints,
			      &p->profile->n_trustpoints, IOS_TRUSTPOINT_MAX);
}

/* address [ipv6] | fqdn [NAME] | trustpoint | user-fqdn NAME */
static void profile_self(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "address", .id = IOS_ID_ADDRESS, .help = "its address" },
		{ .word = "fqdn", .id = IOS_ID_FQDN, .help = "its host name, or another one" },
		{ .word = "trustpoint", .id = IOS_ID_DN, .help = "the name in its certificate" },
		{ .word = "user-fqdn", .id = IOS_ID_USER, .help = "name@domain" },
	};
	struct ios_id id = { 0 };
	const struct kw *kw;

	if (p->negate) {
		p->profile->self = id;
		return;
	}
	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (!kw)
		return;
	id.kind = kw->id;
	if (kw->id == IOS_ID_ADDRESS)
		option_word(p, "ipv6", 4, "of IPv6");
	else if (kw->id == IOS_ID_USER)
		next_user(p, id.text);
	else if (kw->id == IOS_ID_FQDN && tok_peek(p))
		next_host(p, id.text);
	if (end_of_line(p))
		p->profile->self = id;
}

/* mode {main | aggressive} */
static void profile_initiate(struct parser *p)
{
	static const struct kw words[] = { { .word = "mode", .help = "of phase 1" } };
	static const struct kw table[] = {
		{ .word = "aggressive", .id = true, .help = "aggressive mode" },
		{ .word = "main", .id = false, .help = "main mode" },
	};
	const struct kw *kw;

	if (!kw_next(p, words, ARRAY_SIZE(words)))
		return;
	if (p->negate) {
		p->profile->aggressive = false;
		return;
	}
	kw = kw_next(p, table, ARRAY_SIZE(table));
	if (kw && end_of_line(p))
		p->profile->aggressive = kw->id;
}

/* N retry M */
static void profile_keepalive(struct parser *p)
{
	uint32_t interval = 0, retry = 2;

	if (p->negate) {
		p->pos = p->line.n;
	} else if (!next_number(p, "an interval in seconds", 10, 3600, &interval) ||
		   (option_word(p, "retry", 1, "seconds between messages that are not answered") &&
		    !next_number(p, "a retry interval in seconds", 2, 60, &retry))) {
		return;
	}
	if (!end_of_line(p))
		return;
	p->profile->keepalive = interval;
	p->profile->keepalive_retry = retry;
}

static void profile_vrf(struct parser *p)
{
	char name[IOS_NAME_MAX + 1] = "";

	if (p->negate)
		p->pos = p->line.n;
	else if (!next_name(p, "the name of a VRF", name))
		return;
	if (end_of_line(p))
		strcpy(p->profile->vrf, name);
}

/* --------------------------------------------------------------- what is not here */

/* Keeps a command that cannot be left out; the check at the end weighs it. */
static void profile_clients(struct parser *p, const struct kw *table, size_t n)
{
	const struct kw *kw = kw_next(p, table, n);
	char *text = NULL;

	if (!kw)
		return;
	if (kw->text) {
		p->pos = p->line.n;
		unsupported(p, kw->text);
		return;
	}
	if (p->negate && !tok_peek(p)) {
		ios_client_remove(p->cfg, p->profile, kw->id, NULL);
		return;
	}
	if (!next_text(p, "what is to be done with clients", &text))
		return;
	if (p->negate)
		ios_client_remove(p->cfg, p->profile, kw->id, text);
	else if (ios_client_add(p->cfg, p->profile, kw->id, text, p->line.no))
		no_memory(p);
	free(text);
}

static void profile_client(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "accounting", .text = "accounting of clients is" },
		{ .word = "authentication", .id = IOS_CLIENTS_XAUTH },
		{ .word = "configuration", .id = IOS_CLIENTS_CONFIG },
		{ .word = "pki", .id = IOS_CLIENTS_PKI },
	};

	profile_clients(p, table, ARRAY_SIZE(table));
}

static void profile_isakmp(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "authorization", .id = IOS_CLIENTS_AUTHORIZE },
	};

	profile_clients(p, table, ARRAY_SIZE(table));
}

static void profile_other(struct parser *p)
{
	unsupported_setting(p, "", " of an ISAKMP profile");
}

const char profile_expected[] =
	"ca, description, initiate, keepalive, keyring, local-address, match, self-identity or vrf";

bool profile_line(struct parser *p)
{
	static const struct kw table[] = {
		{ .word = "accounting", .min = 3, .run = profile_other },
		{ .word = "ca", .min = 2, .run = profile_ca,
		  .help = "whose certificates count" },
		{ .word = "client", .min = 3, .run = profile_client },
		{ .word = "description", .min = 3, .run = profile_description,
		  .help = "a text about it" },
		{ .word = "initiate", .min = 3, .run = profile_initiate,
		  .help = "the mode in which this side begins" },
		{ .word = "isakmp", .min = 3, .run = profile_isakmp },
		{ .word = "keepalive", .min = 5, .run = profile_keepalive,
		  .help = "dead peer detection" },
		{ .word = "keyring", .min = 5, .run = profile_keyring,
		  .help = "the keyring of its keys" },
		{ .word = "local-address", .min = 3, .run = profile_local,
		  .help = "the address of this side that it is for" },
		{ .word = "match", .min = 3, .run = profile_match, .help = "which peers it is for" },
		{ .word = "qos-group", .min = 3, .run = profile_other },
		{ .word = "rekey", .min = 3, .run = profile_other },
		{ .word = "self-identity", .min = 4, .run = profile_self,
		  .help = "what this side calls itself" },
		{ .word = "virtual-template", .min = 4, .run = profile_other },
		{ .word = "vrf", .min = 3, .run = profile_vrf, .help = "the VRF of its peers" },
	};

	return !defines_vrf(p) && kw_run(p, table, ARRAY_SIZE(table));
}

/* crypto isakmp profile NAME */
void parse_isakmp_profile(struct parser *p)
{
	char name[IOS_NAME_MAX + 1];
	struct ios_profile *profile;

	heads_section(p);
	if (!next_name(p, "the name of an ISAKMP profile", name))
		return;
	/* with AAA accounting, which is left out */
	if (tok_peek(p) && skip_word(p, "accounting", 3))
		p->pos = p->line.n;
	if (!end_of_line(p))
		return;
	profile = ios_profile_find(p->cfg, name);
	if (p->negate) {
		if (profile)
			ios_profile_remove(p->cfg, profile);
		return;
	}
	if (!profile) {
		profile = ios_profile_get(p->cfg, name);
		if (!profile) {
			no_memory(p);
			return;
		}
		profile->line = p->line.no;
	}
	p->profile = profile;
	open_section(p, MODE_PROFILE);
}
