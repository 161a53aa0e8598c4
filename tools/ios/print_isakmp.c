// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Phase 1 as running-config text. As IOS does it indents the lines of a keyring by two blanks, those of an
 * ISAKMP profile by three and all others by one.
 */
#include <string.h>

#include "model.h"
#include "printer.h"

static void print_policy(struct text *t, const struct ios_policy *policy)
{
	put(t, "crypto isakmp policy %u\n", policy->priority);
	if (policy->encr == IOS_ENCR_AES && policy->key_bits != 128)
		put(t, " encr aes %u\n", policy->key_bits);
	else if (policy->encr != IOS_ENCR_DES)
		put(t, " encr %s\n", ios_encr_word(policy->encr));
	if (policy->hash != IOS_HASH_SHA)
		put(t, " hash %s\n", ios_hash_word(policy->hash));
	if (policy->auth != IOS_AUTH_RSA_SIG)
		put(t, " authentication %s\n", ios_auth_word(policy->auth));
	if (policy->group != 1)
		put(t, " group %u\n", policy->group);
	if (policy->lifetime != 86400)
		put(t, " lifetime %u\n", policy->lifetime);
}

/* Peers by network. @mask: with that of IPv4; without it is one address, or all with 0.0.0.0 */
static void print_network(struct text *t, const struct ios_addr *addr, unsigned int prefix,
			  bool mask)
{
	struct ios_addr bits = ios_wild(addr->family, prefix);

	if (addr->family == AF_INET6) {
		put(t, "address ipv6 %s/%u", ip(addr).s, prefix);
		return;
	}
	put(t, "address %s", ip(addr).s);
	bits.v4.s_addr = ~bits.v4.s_addr;
	if (mask)
		put(t, " %s", ip(&bits).s);
}

/* The mask of one address only where it must be: with 0.0.0.0. */
static void print_key_peer(struct text *t, const struct ios_psk *psk)
{
	if (psk->addr.family == AF_UNSPEC)
		put(t, "hostname %s", psk->hostname);
	else
		print_network(t, &psk->addr, psk->prefix, psk->prefix < 32 || !psk->addr.v4.s_addr);
}

static void print_key(struct text *t, const struct ios_psk *psk)
{
	/* a key that looks like its own type */
	if (psk->key_len == 1 && strchr("067", psk->key[0]))
		put(t, "0 ");
	put(t, "%s", (const char *)psk->key);
}

static void print_psk(struct text *t, const struct ios_psk *psk)
{
	put(t, "crypto isakmp key ");
	print_key(t, psk);
	put(t, " ");
	print_key_peer(t, psk);
	put(t, "%s\n", psk->no_xauth ? " no-xauth" : "");
}

/*
 * @indent:  blanks before it
 * @devices: by the Linux device of an interface, as who does not know the interfaces needs it
 */
static void print_local(struct text *t, const char *indent, const struct ios_config *cfg,
			const struct ios_local *local, bool devices)
{
	const struct ios_interface *ifc = ios_interface_find(cfg, local->ifname);

	if (*local->ifname)
		put(t, "%slocal-address %s", indent,
		    ifc && devices ? ios_interface_dev(ifc) : local->ifname);
	else if (local->addr.family)
		put(t, "%slocal-address %s", indent, ip(&local->addr).s);
	else
		return;
	put(t, "%s%s\n", *local->vrf ? " " : "", local->vrf);
}

static void print_keyring(struct text *t, const struct ios_config *cfg,
			  const struct ios_keyring *ring, bool devices)
{
	const struct ios_psk *psk;

	put(t, "crypto keyring %s%s%s\n", ring->name, *ring->vrf ? " vrf " : "", ring->vrf);
	if (ring->description)
		put(t, "  description %s\n", ring->description);
	for (psk = ring->psks; psk; psk = psk->next) {
		put(t, "  pre-shared-key ");
		print_key_peer(t, psk);
		put(t, " key ");
		print_key(t, psk);
		put(t, "\n");
	}
	print_local(t, "  ", cfg, &ring->local, devices);
}

static void print_globals(struct text *t, const struct ios_isakmp *isakmp)
{
	if (isakmp->disabled)
		put(t, "no crypto isakmp enable\n");
	if (isakmp->no_default_policy)
		put(t, "no crypto isakmp default policy\n");
	if (isakmp->invalid_spi_recovery)
		put(t, "crypto isakmp invalid-spi-recovery\n");
	if (isakmp->keepalive) {
		put(t, "crypto isakmp keepalive %u", isakmp->keepalive);
		if (isakmp->keepalive_retry != 2)
			put(t, " %u", isakmp->keepalive_retry);
		put(t, "%s\n", isakmp->keepalive_periodic ? " periodic" : "");
	}
	if (isakmp->nat_keepalive)
		put(t, "crypto isakmp nat keepalive %u\n", isakmp->nat_keepalive);
	if (isakmp->identity == IOS_IDENTITY_HOSTNAME)
		put(t, "crypto isakmp identity hostname\n");
	else if (isakmp->identity == IOS_IDENTITY_DN)
		put(t, "crypto isakmp identity dn\n");
	if (isakmp->no_aggressive)
		put(t, "crypto isakmp aggressive-mode disable\n");
}

static void print_peer(struct text *t, const struct ios_isakmp_peer *peer)
{
	const struct ios_id *id = &peer->endpoint;

	if (peer->peer.kind == IOS_ID_FQDN)
		put(t, "crypto isakmp peer hostname %s\n", peer->peer.text);
	else
		put(t, "crypto isakmp peer address %s%s\n",
		    peer->peer.addr.family == AF_INET6 ? "ipv6 " : "", ip(&peer->peer.addr).s);
	if (peer->description)
		put(t, " description %s\n", peer->description);
	if (peer->key_len)
		put(t, " set aggressive-mode password %s\n", (const char *)peer->key);
	if (id->kind == IOS_ID_ADDRESS)
		put(t, " set aggressive-mode client-endpoint %s %s\n",
		    id->addr.family == AF_INET6 ? "ipv6-address" : "ipv4-address",
		    ip(&id->addr).s);
	else if (id->kind)
		put(t, " set aggressive-mode client-endpoint %s %s\n",
		    id->kind == IOS_ID_USER ? "user-fqdn" : "fqdn", id->text);
}

/* Here all peers have no mask, unless a VRF follows. */
static void print_match(struct text *t, const struct ios_match *match)
{
	static const char *const word[] = {
		[IOS_ID_FQDN] = "host",
		[IOS_ID_USER] = "user",
		[IOS_ID_GROUP] = "group",
	};

	put(t, "   match identity ");
	if (match->id.kind == IOS_ID_ADDRESS) {
		print_network(t, &match->id.addr, match->prefix, match->prefix || *match->vrf);
		put(t, "%s%s\n", *match->vrf ? " " : "", match->vrf);
	} else {
		put(t, "%s %s%s\n", word[match->id.kind], match->domain ? "domain " : "",
		    match->id.text);
	}
}

static void print_self(struct text *t, const struct ios_id *self)
{
	if (self->kind == IOS_ID_ADDRESS)
		put(t, "   self-identity address\n");
	else if (self->kind == IOS_ID_DN)
		put(t, "   self-identity trustpoint\n");
	else if (self->kind)
		put(t, "   self-identity %s%s%s\n", self->kind == IOS_ID_USER ? "user-fqdn" : "fqdn",
		    *self->text ? " " : "", self->text);
}

static void print_clients(struct text *t, const struct ios_profile *profile)
{
	static const char *const word[] = {
		[IOS_CLIENTS_XAUTH] = "client authentication",
		[IOS_CLIENTS_CONFIG] = "client configuration",
		[IOS_CLIENTS_AUTHORIZE] = "isakmp authorization",
		[IOS_CLIENTS_PKI] = "client pki",
	};
	const struct ios_client *client;

	for (client = profile->clients; client; client = client->next)
		put(t, "   %s %s\n", word[client->kind], client->text);
}

static void print_profile(struct text *t, const struct ios_config *cfg,
			  const struct ios_profile *profile, bool devices)
{
	const struct ios_match *match;
	size_t i;

	put(t, "crypto isakmp profile %s\n", profile->name);
	if (profile->description)
		put(t, "   description %s\n", profile->description);
	if (*profile->vrf)
		put(t, "   vrf %s\n", profile->vrf);
	for (i = 0; i < profile->n_keyrings; i++)
		put(t, "   keyring %s\n", profile->keyrings[i]);
	for (i = 0; i < profile->n_trustpoints; i++)
		put(t, "   ca trust-point %s\n", profile->trustpoints[i]);
	print_self(t, &profile->self);
	for (match = profile->matches; match; match = match->next)
		print_match(t, match);
	for (i = 0; i < profile->n_cert_maps; i++)
		put(t, "   match certificate %s\n", profile->cert_maps[i]);
	print_clients(t, profile);
	if (profile->keepalive)
		put(t, "   keepalive %u retry %u\n", profile->keepalive, profile->keepalive_retry);
	print_local(t, "   ", cfg, &profile->local, devices);
	if (profile->aggressive)
		put(t, "   initiate mode aggressive\n");
}

void print_isakmp(struct text *t, const struct ios_config *cfg, bool devices)
{
	const struct ios_profile *profile;
	const struct ios_keyring *ring;
	const struct ios_policy *policy;
	const struct ios_isakmp_peer *peer;
	const struct ios_psk *psk;

	for (ring = cfg->keyrings; ring; ring = ring->next)
		print_keyring(t, cfg, ring, devices);
	for (policy = cfg->policies; policy; policy = policy->next)
		print_policy(t, policy);
	for (psk = cfg->psks; psk; psk = psk->next)
		print_psk(t, psk);
	for (peer = cfg->peers; peer; peer = peer->next)
		print_peer(t, peer);
	print_globals(t, &cfg->isakmp);
	for (profile = cfg->profiles; profile; profile = profile->next)
		print_profile(t, cfg, profile, devices);
	put(t, "!\n");
}
