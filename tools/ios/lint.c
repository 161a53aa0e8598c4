// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The checks of a whole model: what refers to what, and what cannot work.
 *
 * A fault that would let traffic pass in clear although the text says that it
 * is to be protected is an error, unless IOS itself takes such an entry
 * (incomplete entries), which is a warning. So is every fault of a map that is
 * on no interface: it protects nothing anyway.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lint.h"

/* How much a fault of an entry weighs. */
static enum ios_severity weight(const struct ios_map *map, const struct ios_entry *entry)
{
	return map->bound && entry->complete ? IOS_ERROR : IOS_WARNING;
}

/* ------------------------------------------------------------ access list entries */

static bool one_port(const struct ios_ports *ports)
{
	return ports->op == IOS_PORT_ANY || (ports->op == IOS_PORT_EQ && ports->n == 1);
}

/*
 * IKEv1 names a flow by two networks, one protocol and one port at each end.
 * Return: whether it cannot name this one.
 */
static bool lint_permit(struct lint *l, const struct ios_map *map, const struct ios_entry *entry,
			const struct ios_ace *ace)
{
	const char *why;

	if (!one_port(&ace->sport) || !one_port(&ace->dport))
		why = "IKE can name one port, not a list or range: write one permit for each port";
	else if (!entry->per_host &&
		 (ios_wild_prefix(&ace->src_wild) < 0 || ios_wild_prefix(&ace->dst_wild) < 0))
		why = "IKE can name a network, not a wildcard with holes: write one permit for each network";
	else if (ace->icmp_type != IOS_ICMP_ANY)
		why = "IKE cannot name an ICMP type: permit icmp as a whole";
	else if (ace->tos_mask || ace->tcp_set || ace->tcp_clear || ace->fragments || ace->ttl.op != IOS_PORT_ANY)
		why = "IKE cannot name TCP flags, a TOS, a TTL or fragments: permit all of the traffic";
	else
		return false;
	SAY(l, weight(map, entry), ace->line, "%s (crypto map %s %u)", why, map->name, entry->seq);
	return true;
}

static void lint_acl(struct lint *l, const struct ios_map *map, const struct ios_entry *entry,
		     struct ios_acl *acl)
{
	const struct ios_ace *ace, *told = NULL;
	bool permits = false;

	if (!acl)
		return;
	for (ace = ios_rule_first(acl); ace && !permits; ace = ios_rule_next(ace))
		permits = ace->action == IOS_PERMIT;
	/* what is lost was told, and may permit something */
	if (!permits && !acl->n_lost)
		SAY(l, IOS_WARNING, entry->acl_line,
		    "%s %s %u protects nothing: access list %s permits nothing",
		    ios_map_word(map), map->name, entry->seq, acl->name);
	/* once for each list, however many entries share it; those of hosts have less to tell */
	if (entry->kind != IOS_KIND_ISAKMP || acl->checked)
		return;
	acl->checked = !entry->per_host;
	/* of an entry with object-groups the first part that has a fault */
	for (ace = ios_rule_first(acl); ace; ace = ios_rule_next(ace))
		if (ace->action == IOS_PERMIT && (!ace->whole || ace->whole != told) &&
		    lint_permit(l, map, entry, ace))
			told = ace->whole;
}

/* ----------------------------------------------------------------- transform sets */

static void lint_tset(struct lint *l, const struct ios_tset *set)
{
	const char *weak = ios_tset_weak(set);

	if (set->usable && weak)
		SAY(l, IOS_WARNING, set->line,
		    "transform set %s: %s weak and refused by current IOS XE; for peers that have nothing better",
		    set->name, weak);
}

/* -------------------------------------------------------------------- crypto maps */

/*
 * How many transform sets of the entry can be used; *refused is one that is
 * defined and cannot.
 */
static size_t lint_tsets(struct lint *l, const struct ios_entry *entry,
			 const struct ios_tset **refused)
{
	const struct ios_tset *set;
	size_t i, usable = 0;

	*refused = NULL;
	for (i = 0; i < entry->n_tsets; i++) {
		set = ios_tset_find(l->cfg, entry->tsets[i]);
		if (!set) {
			SAY(l, IOS_WARNING, entry->tset_line, "transform set %s is not defined",
			    entry->tsets[i]);
			continue;
		}
		if (set->usable)
			usable++;
		else
			*refused = set;
	}
	return usable;
}

static size_t auth_key_length(enum ios_esp_auth auth)
{
	switch (auth) {
	case IOS_ESP_AUTH_SHA:
		return 20;
	case IOS_ESP_AUTH_SHA256:
		return 32;
	case IOS_ESP_AUTH_SHA384:
		return 48;
	case IOS_ESP_AUTH_SHA512:
		return 64;
	case IOS_ESP_AUTH_MD5:
		return 16;
	case IOS_ESP_AUTH_NONE:
		break;
	}
	return 0;
}

void ios_tset_key_lengths(const struct ios_tset *set, size_t *enc, size_t *auth)
{
	bool salt = set->cipher == IOS_ESP_CIPHER_GCM || set->cipher == IOS_ESP_CIPHER_GMAC;

	*enc = set->cipher == IOS_ESP_CIPHER_3DES ? 24 : set->key_bits / 8 + (salt ? 4 : 0);
	*auth = auth_key_length(set->auth);
}

/* Whether a manual key fits the transform set; says why it does not. */
static bool lint_manual_key(struct lint *l, enum ios_severity severity, const struct ios_tset *set,
			    const struct ios_manual_key *key)
{
	bool salt = set->cipher == IOS_ESP_CIPHER_GCM || set->cipher == IOS_ESP_CIPHER_GMAC;
	size_t enc, auth;

	ios_tset_key_lengths(set, &enc, &auth);
	if (key->line && key->enc_len != enc)
		SAY(l, severity, key->line,
		    "transform set %s needs a cipher key of %zu bytes%s; this one has %zu", set->name,
		    enc, salt ? " (the last 4 are the salt)" : "", key->enc_len);
	if (key->line && key->auth_len != auth)
		SAY(l, severity, key->line,
		    "transform set %s needs an authenticator key of %zu bytes; this one has %zu",
		    set->name, auth, key->auth_len);
	return !key->line || (key->enc_len == enc && key->auth_len == auth);
}

/* What the kernel would refuse of manual keys; an entry with such a fault is not complete. */
static void lint_manual(struct lint *l, const struct ios_map *map, struct ios_entry *entry)
{
	enum ios_severity severity = weight(map, entry);
	const struct ios_tset *set;

	if (entry->pfs_group)
		SAY(l, IOS_WARNING, entry->line, "crypto map %s %u: set pfs has no effect on manual keys",
		    map->name, entry->seq);
	if (entry->per_host)
		SAY(l, IOS_WARNING, entry->line,
		    "crypto map %s %u: level per-host has no effect on manual keys", map->name,
		    entry->seq);
	if (entry->n_peers > 1)
		SAY(l, severity, entry->line, "crypto map %s %u: an ipsec-manual entry has one peer",
		    map->name, entry->seq);
	if (entry->n_tsets > 1)
		SAY(l, severity, entry->tset_line,
		    "crypto map %s %u: an ipsec-manual entry has one transform set", map->name,
		    entry->seq);
	if (entry->n_peers > 1 || entry->n_tsets > 1)
		entry->complete = false;
	set = entry->n_tsets == 1 ? ios_tset_find(l->cfg, entry->tsets[0]) : NULL;
	if (!set || !set->usable)
		return;
	if (!lint_manual_key(l, severity, set, &entry->in) ||
	    !lint_manual_key(l, severity, set, &entry->out))
		entry->complete = false;
}

/* Whether an access list is of the other family, which the map cannot use. */
static bool other_acl(const struct lint *l, const struct ios_map *map, const char *acl)
{
	int other = map->family == AF_INET ? AF_INET6 : AF_INET;

	return *acl && !ios_acl_find(l->cfg, acl, map->family) && ios_acl_find(l->cfg, acl, other);
}

/* Tells of an access list that is; whether it is. */
static bool lint_other_acl(struct lint *l, const struct ios_map *map, const char *acl,
			   unsigned int line)
{
	int other = map->family == AF_INET ? AF_INET6 : AF_INET;

	if (!other_acl(l, map, acl))
		return false;
	SAY(l, map->bound ? IOS_ERROR : IOS_WARNING, line, "access list %s is of %s, %s %s of %s",
	    acl, other == AF_INET ? "IPv4" : "IPv6", ios_map_word(map), map->name,
	    other == AF_INET ? "IPv6" : "IPv4");
	return true;
}

/* A filter that is not there permits all, as on IOS. */
static void lint_filters(struct lint *l, const struct ios_map *map, const struct ios_entry *entry)
{
	const struct ios_acl *acl;
	size_t i;

	for (i = 0; i < IOS_FILTERS; i++) {
		if (!*entry->filter[i] ||
		    lint_other_acl(l, map, entry->filter[i], entry->filter_line[i]))
			continue;
		acl = ios_acl_find(l->cfg, entry->filter[i], map->family);
		if (!acl || !ios_rule_first(acl))
			SAY(l, IOS_WARNING, entry->filter_line[i],
			    "%s %s %u: access list %s %s, so that set ip access-group permits all",
			    ios_map_word(map), map->name, entry->seq, entry->filter[i],
			    acl ? "has no entries" : "is not defined");
	}
}

/* A peer of the other family protects nothing without tunnel mode. */
static void lint_mixed(struct lint *l, const struct ios_map *map, const struct ios_entry *entry)
{
	const struct ios_tset *set;
	bool tunnel = false;
	size_t i;

	if (ios_entry_family(map, entry) == map->family)
		return;
	/* IOS refuses it */
	SAY(l, IOS_WARNING, entry->peers[entry->n_peers - 1].line,
	    "the peer is of the other address family than %s %s: %s in tunnel mode",
	    ios_map_word(map), map->name, map->family == AF_INET ? "IPv4 in IPv6" : "IPv6 in IPv4");
	for (i = 0; i < entry->n_tsets; i++) {
		set = ios_tset_find(l->cfg, entry->tsets[i]);
		tunnel |= set && set->usable &&
			  !(entry->kind == IOS_KIND_MANUAL ? set->transport : set->require);
	}
	if (entry->complete && !tunnel)
		SAY(l, weight(map, entry), entry->tset_line ? entry->tset_line : entry->line,
		    "%s %s %u needs tunnel mode: its peer is of the other address family",
		    ios_map_word(map), map->name, entry->seq);
}

/* Whether the access list of an entry, if it has one, is there and can say what the entry protects. */
static bool usable_acl(const struct lint *l, const struct ios_map *map, const struct ios_entry *entry)
{
	const struct ios_acl *acl = ios_acl_find(l->cfg, entry->acl, map->family);

	return !*entry->acl || (acl && !acl->standard);
}

/* "a, b and c" of what an entry lacks; what is there and cannot be used is told on its own */
static void missing_parts(struct lint *l, const struct ios_map *map, const struct ios_entry *entry,
			  bool tset, char *buf, size_t size)
{
	char acl[IOS_NAME_MAX + sizeof("access list ")];
	const struct ios_acl *found = ios_acl_find(l->cfg, entry->acl, map->family);
	const char *part[4];
	size_t n = 0, i, at = 0;

	snprintf(acl, sizeof(acl), "access list %s", entry->acl);
	if (!entry->n_peers && !map->dynamic)
		part[n++] = "a peer";
	if (!*entry->acl && !map->dynamic)
		part[n++] = "match address";
	else if (*entry->acl && !found && !other_acl(l, map, entry->acl))
		part[n++] = acl;
	if (!tset)
		part[n++] = "a transform set";
	if (entry->kind == IOS_KIND_MANUAL && (!entry->in.line || !entry->out.line))
		part[n++] = "session keys of both directions";
	buf[0] = '\0';
	for (i = 0; i < n && at < size; i++)
		at += snprintf(buf + at, size - at, "%s%s", !i ? "" : i + 1 < n ? ", " : " and ",
			       part[i]);
}

static void keyless_add(struct lint *l, const struct ios_map *map, const struct ios_entry *entry,
			const struct ios_addr *peer)
{
	struct keyless *bigger = l->keyless;

	if (!(l->n_keyless & (l->n_keyless - 1)))
		bigger = realloc(l->keyless, (2 * l->n_keyless + 1) * sizeof(*bigger));
	if (!bigger) {
		l->nomem = true;
		return;
	}
	l->keyless = bigger;
	l->keyless[l->n_keyless++] = (struct keyless){ .peer = peer, .map = map, .entry = entry };
}

static bool rsa_ready(const struct lint *l, const struct ios_profile *profile)
{
	return profile && profile->n_trustpoints ? ios_rsa_sig_ready(l->cfg, profile) : l->rsa;
}

static void lint_peer_keys(struct lint *l, const struct ios_map *map, const struct ios_entry *entry)
{
	struct ios_ends ends = {
		.profile = ios_profile_find(l->cfg, ios_entry_profile(map, entry)),
	};
	const struct ios_id none = { .kind = IOS_ID_NONE };
	const uint8_t *key;
	size_t i, len;

	/* without a policy that has keys, which is told, none would help */
	if (!l->keys || rsa_ready(l, ends.profile))
		return;
	for (i = 0; i < entry->n_peers; i++) {
		/* which key it has depends on what its name resolves to */
		if (entry->peers[i].name)
			continue;
		ends.remote = entry->peers[i].addr;
		if (!ios_aggressive_key(l->cfg, &ends, &none, &key, &len))
			keyless_add(l, map, entry, &entry->peers[i].addr);
	}
}

static int compare_keyless(const void *a, const void *b)
{
	const struct keyless *x = a, *y = b;
	int order = ios_addr_compare(x->peer, y->peer);

	if (order)
		return order;
	return (x->entry->line > y->entry->line) - (x->entry->line < y->entry->line);
}

/* Each peer once, by the first of its entries. */
static void report_keyless(struct lint *l)
{
	char text[IOS_ADDR_TEXT], more[48];
	const struct keyless *first;
	size_t i, n;

	if (l->n_keyless)
		qsort(l->keyless, l->n_keyless, sizeof(*l->keyless), compare_keyless);
	for (i = 0; i < l->n_keyless; i += n) {
		first = &l->keyless[i];
		for (n = 1; i + n < l->n_keyless &&
			    ios_addr_same(first->peer, l->keyless[i + n].peer); n++)
			;
		more[0] = '\0';
		if (n > 1)
			snprintf(more, sizeof(more), ", nor in %zu more entr%s", n - 1,
				 n == 2 ? "y" : "ies");
		SAY(l, IOS_WARNING, first->entry->line, "%s %s %u: no pre-shared key for peer %s%s",
		    ios_map_word(first->map), first->map->name, first->entry->seq,
		    ios_addr_text(first->peer, text), more);
	}
	free(l->keyless);
}

/* Peers that nobody names need a key that is not for one host. */
static void lint_any_key(struct lint *l, const struct ios_map *map, const struct ios_entry *entry)
{
	const struct ios_psk *psk;

	if (*ios_entry_profile(map, entry) || l->rsa)
		return;
	for (psk = l->cfg->psks; psk; psk = psk->next)
		if (psk->addr.family == map->family && psk->prefix < ios_addr_bits(map->family))
			return;
	SAY(l, IOS_WARNING, entry->line,
	    "%s %s %u names no peer, and each pre-shared key is for one: crypto isakmp key K address %s is for all",
	    ios_map_word(map), map->name, entry->seq,
	    map->family == AF_INET6 ? "ipv6 ::/0" : "0.0.0.0");
}

/* An entry that refers to a dynamic crypto map, of which the checks were before. */
static void lint_dynamic(struct lint *l, const struct ios_map *map, struct ios_entry *entry)
{
	const struct ios_map *dynamic = ios_dynamic_find(l->cfg, entry->dynamic);
	const struct ios_entry *template;

	for (template = dynamic ? dynamic->entries : NULL; template; template = template->next)
		entry->complete |= template->complete;
	if (!dynamic)
		SAY(l, IOS_WARNING, entry->line,
		    "crypto map %s %u is incomplete and protects nothing: crypto dynamic-map %s missing",
		    map->name, entry->seq, entry->dynamic);
	else if (!entry->complete)
		SAY(l, IOS_WARNING, entry->line,
		    "crypto map %s %u is incomplete and protects nothing: crypto dynamic-map %s has no complete entry",
		    map->name, entry->seq, entry->dynamic);
}

static void lint_route(struct lint *l, const struct ios_map *map, const struct ios_entry *entry)
{
	const struct ios_reverse_route *route = &entry->route;

	if (route->set_line && !route->line)
		SAY(l, IOS_WARNING, route->set_line,
		    "%s %s %u: set reverse-route without reverse-route makes no route",
		    ios_map_word(map), map->name, entry->seq);
	if (route->gateway.family && route->gateway.family != map->family)
		SAY(l, IOS_ERROR, route->set_line,
		    "the gateway must be of the address family of %s %s", ios_map_word(map),
		    map->name);
	if (route->remote_peer.family && entry->n_peers &&
	    route->remote_peer.family != ios_entry_family(map, entry))
		SAY(l, IOS_ERROR, route->line,
		    "%s %s %u: reverse-route remote-peer is of another address family than the peer",
		    ios_map_word(map), map->name, entry->seq);
}

static void lint_entry(struct lint *l, const struct ios_map *map, struct ios_entry *entry)
{
	const struct ios_tset *refused;
	char missing[160];
	size_t usable;

	if (entry->kind == IOS_KIND_DYNAMIC) {
		lint_dynamic(l, map, entry);
		return;
	}
	usable = lint_tsets(l, entry, &refused);
	missing_parts(l, map, entry, usable || refused, missing, sizeof(missing));
	entry->complete = !*missing && usable_acl(l, map, entry);
	if (*missing)
		SAY(l, IOS_WARNING, entry->line,
		    "%s %s %u is incomplete and protects nothing: %s missing", ios_map_word(map),
		    map->name, entry->seq, missing);
	lint_other_acl(l, map, entry->acl, entry->acl_line);
	lint_filters(l, map, entry);
	/* IOS would protect its traffic */
	if (!usable && refused) {
		SAY(l, weight(map, entry), entry->tset_line,
		    "%s %s %u has no transform set that can be used: %s not supported in this version (%s)",
		    ios_map_word(map), map->name, entry->seq, ios_tset_lacks(refused), refused->name);
		entry->complete = false;
	}
	if (entry->kind == IOS_KIND_MANUAL)
		lint_manual(l, map, entry);
	else if (entry->complete && entry->n_peers)
		lint_peer_keys(l, map, entry);
	else if (entry->complete)
		lint_any_key(l, map, entry);
	lint_mixed(l, map, entry);
	lint_route(l, map, entry);
}

static void lint_local_address(struct lint *l, const struct ios_map *map)
{
	const struct ios_interface *ifc = ios_interface_find(l->cfg, map->local_if);
	const struct ios_interface *other = lint_abbreviated(l, map->local_if);

	if (other)
		SAY(l, IOS_WARNING, map->local_line,
		    "crypto map %s: local-address %s is a Linux device here, and on IOS interface %s (line %u): write out which is meant",
		    map->name, map->local_if, other->name, other->line);
	if (*map->local_if && !ios_dev_valid(ifc ? ios_interface_dev(ifc) : map->local_if))
		SAY(l, map->bound ? IOS_ERROR : IOS_WARNING, map->local_line,
		    "no Linux device can be called %s: interface %s needs a netdev line",
		    map->local_if, map->local_if);
}

/* Entries of this weight, whose list may be shared: the heavy ones come first. */
static void lint_acls(struct lint *l, enum ios_severity severity)
{
	struct ios_entry *entry;
	struct ios_map *map;

	for (map = ios_map_next(l->cfg, NULL); map; map = ios_map_next(l->cfg, map))
		for (entry = map->entries; entry; entry = entry->next)
			if (weight(map, entry) == severity)
				lint_acl(l, map, entry,
					 ios_acl_find(l->cfg, entry->acl, map->family));
}

/* --------------------------------------------------------------------- interfaces */

/* A crypto map that is on no interface, which may be meant where there is none of a name; or NULL. */
static const struct ios_map *unbound_map(struct lint *l, int family)
{
	const struct ios_map *map = l->cfg->maps;

	while (map && lint_step(l) && (map->family != family || map->bound))
		map = map->next;
	return map && map->family == family && !map->bound ? map : NULL;
}

/* The map that an interface has of one family. */
static void lint_binding(struct lint *l, const struct ios_interface *ifc, int family)
{
	unsigned int line = family == AF_INET ? ifc->map_line : ifc->map6_line;
	const char *name = family == AF_INET ? ifc->map : ifc->map6;
	const struct ios_map *map = ios_map_find(l->cfg, name), *other;

	/* of one that lacks its entries it was told why */
	if (!*name || (!map && ifc->refused))
		return;
	other = map ? NULL : unbound_map(l, family);
	/* IOS refuses the name of none; where another one waits for an interface, it was to be that */
	if (other)
		SAY(l, IOS_ERROR, line, "crypto map %s is not defined; is %s (line %u) meant?", name,
		    other->name, other->line);
	else if (!map)
		SAY(l, IOS_WARNING, line, "crypto map %s is not defined", name);
	else if (map->family != family)
		SAY(l, IOS_ERROR, line, "crypto map %s is of %s: \"%scrypto map %s\" puts it on an interface",
		    name, map->family == AF_INET6 ? "IPv6" : "IPv4",
		    map->family == AF_INET6 ? "ipv6 " : "", name);
}

/* The interface whose name a word abbreviates on IOS where it is a Linux device here, or NULL. */
const struct ios_interface *lint_abbreviated(const struct lint *l, const char *name)
{
	const struct ios_interface *ifc = ios_interface_find(l->cfg, name), *other;
	char key[IOS_NAME_MAX + 1];

	ios_interface_long_key(name, key);
	other = ios_interface_find(l->cfg, key);
	return other != ifc ? other : NULL;
}

/* "int f4" where FastEthernet4 is another section: on IOS they are one, with the map. */
static void lint_abbreviation(struct lint *l, const struct ios_interface *ifc)
{
	const struct ios_interface *other = lint_abbreviated(l, ifc->name);

	if (other)
		SAY(l, *ifc->map || *ifc->map6 ? IOS_ERROR : IOS_WARNING, ifc->line,
		    "interface %s is a Linux device here, and on IOS interface %s (line %u): write out which is meant",
		    ifc->name, other->name, other->line);
}

static void lint_interface(struct lint *l, const struct ios_interface *ifc)
{
	const char *map = *ifc->map ? ifc->map : ifc->map6;
	unsigned int line = *ifc->map ? ifc->map_line : ifc->map6_line;

	lint_abbreviation(l, ifc);
	lint_binding(l, ifc, AF_INET);
	lint_binding(l, ifc, AF_INET6);
	if (!*map || *ifc->netdev)
		return;
	if (!ios_dev_valid(ifc->name))
		SAY(l, IOS_ERROR, line,
		    "no Linux device can be called %s: interface %s, which has crypto map %s, needs a netdev line, or --interface %s=DEVICE",
		    ifc->name, ifc->name, map, ifc->name);
	else if (ifc->name[0] >= 'A' && ifc->name[0] <= 'Z')
		SAY(l, IOS_WARNING, line,
		    "interface %s has no netdev line: the Linux device is taken to have the same name",
		    ifc->name);
}

/* Two interfaces on one device would be two maps on one device. */
static void lint_devices(struct lint *l)
{
	const struct ios_interface *ifc, *other;

	for (ifc = l->cfg->interfaces; ifc; ifc = ifc->next) {
		if (!*ifc->map && !*ifc->map6)
			continue;
		other = ios_device_add(l->cfg, ifc);
		if (!other)
			l->nomem = true;
		else if (other != ifc)
			SAY(l, IOS_ERROR, *ifc->map ? ifc->map_line : ifc->map6_line,
			    "device %s has a crypto map by interface %s (line %u) as well",
			    ios_interface_dev(ifc), other->name,
			    *other->map ? other->map_line : other->map6_line);
	}
}

/* ------------------------------------------------------------------------ phase 1 */

static void lint_policies(struct lint *l)
{
	const struct ios_policy *policy;
	bool usable = false, wanted = false;
	const struct ios_entry *entry;
	const struct ios_map *map;

	for (policy = ios_policies(l->cfg); policy; policy = policy->next) {
		if (lint_policy_usable(l, policy))
			usable = true;
		else if (l->cfg->policies && policy->auth == IOS_AUTH_RSA_SIG)
			SAY(l, IOS_WARNING, policy->line,
			    "crypto isakmp policy %u is not used: authentication rsa-sig needs a trustpoint with a private key, its certificate and that of its CA",
			    policy->priority);
		else if (l->cfg->policies)
			SAY(l, IOS_WARNING, policy->line,
			    "crypto isakmp policy %u is not used: authentication %s is not supported in this version",
			    policy->priority, ios_auth_word(policy->auth));
	}
	for (map = l->cfg->maps; map && !wanted; map = map->next)
		for (entry = map->entries; entry && !wanted; entry = entry->next)
			wanted = entry->complete && entry->kind != IOS_KIND_MANUAL;
	if (wanted && !usable)
		SAY(l, IOS_WARNING, 0, "no crypto isakmp policy that can be used: nothing can be negotiated");
	else if (wanted && !l->cfg->policies)
		SAY(l, IOS_WARNING, 0, "no crypto isakmp policy: IOS's default ones are used, which are weak (AES-128 and 3DES with groups 5 and 2)");
	if (l->cfg->isakmp.identity == IOS_IDENTITY_DN && !l->rsa)
		SAY(l, IOS_WARNING, 0, "crypto isakmp identity dn: there is no certificate of this side, so that its address is used");
	if (wanted && l->cfg->isakmp.disabled)
		SAY(l, IOS_WARNING, 0, "no crypto isakmp enable: nothing can be negotiated");
}

int ios_lint(struct ios_config *cfg)
{
	struct lint l = {
		.cfg = cfg,
		.rsa = ios_rsa_sig_ready(cfg, NULL),
		.keys = ios_policy_by(ios_policies(cfg), IOS_AUTH_PRE_SHARE),
	};
	struct ios_interface *ifc;
	struct ios_entry *entry;
	struct ios_tset *set;
	struct ios_map *map;

	for (set = cfg->tsets; set; set = set->next)
		lint_tset(&l, set);
	/* before those that refer to them */
	for (map = cfg->dynamics; map; map = map->next)
		for (entry = map->entries; entry; entry = entry->next)
			lint_entry(&l, map, entry);
	for (map = cfg->maps; map; map = map->next) {
		lint_local_address(&l, map);
		for (entry = map->entries; entry; entry = entry->next)
			lint_entry(&l, map, entry);
	}
	report_keyless(&l);
	lint_acls(&l, IOS_ERROR);
	lint_acls(&l, IOS_WARNING);
	for (ifc = cfg->interfaces; ifc; ifc = ifc->next)
		lint_interface(&l, ifc);
	lint_devices(&l);
	lint_profiles(&l);
	lint_pki(&l);
	lint_policies(&l);
	return l.nomem ? -1 : 0;
}
