// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Default policies, keyrings and isakmp profiles: what they say, whose keys are used with whom, and
 * what is said of faults.
 */
#include "ios_diags.h"

#define RINGS "crypto keyring A\n  description of a\n  pre-shared-key address 192.0.2.0 255.255.255.0 key net-a\n" \
	"  pre-shared-key hostname spoke.example.org key name-a\n" \
	"crypto keyring B vrf V\n  local-address 198.51.100.1\n" \
	"  pre-shared-key address 192.0.2.1 key 0 host-b\n" \
	"  pre-shared-key address ipv6 2001:db8::/32 key six-b\n"
#define PROFILE "crypto isakmp profile P\n"
#define HAS_PEER " match identity address 0.0.0.0\n"

static struct ios_ends ends_of(const struct ios_config *cfg, const char *profile, const char *local,
			       const char *remote)
{
	return (struct ios_ends){
		.profile = ios_profile_find(cfg, profile),
		.local.addr = { .family = AF_INET, .v4 = ip(local) },
		.remote = { .family = AF_INET, .v4 = ip(remote) },
	};
}

static bool psk_is(const struct ios_config *cfg, const char *profile, const char *local,
		   const char *remote, const char *wanted)
{
	struct ios_ends ends = ends_of(cfg, profile, local, remote);
	const struct ios_psk *psk = ios_psk_lookup(cfg, &ends);

	return psk ? wanted && !strcmp((const char *)psk->key, wanted) : !wanted;
}

static bool aggressive_key_is(const struct ios_config *cfg, const char *profile, const char *remote,
			      const char *name, const char *wanted)
{
	struct ios_ends ends = ends_of(cfg, profile, "198.51.100.1", remote);
	struct ios_id id = { .kind = IOS_ID_FQDN };
	const uint8_t *key;
	size_t len;

	strcpy(id.text, name);
	return ios_aggressive_key(cfg, &ends, &id, &key, &len) && len == strlen(wanted) &&
	       !memcmp(key, wanted, len);
}

static void test_keyrings(void)
{
	struct ios_config *cfg = clean("keyrings", RINGS
		"crypto isakmp key global address 192.0.2.1\n"
		PROFILE " keyring A\n keyring B\n" HAS_PEER
		"crypto isakmp profile D\n keyring default\n keyring A\n" HAS_PEER
		"crypto isakmp profile N\n" HAS_PEER);
	struct ios_ends six = { .profile = ios_profile_find(cfg, "P"), .remote.family = AF_INET6 };
	const struct ios_psk *psk;

	tap_ok(!strcmp(cfg->keyrings->name, "A") && !strcmp(cfg->keyrings->description, "of a") &&
	       !strcmp(cfg->keyrings->next->vrf, "V"), "what they say");
	tap_ok(psk_is(cfg, "P", "198.51.100.1", "192.0.2.1", "host-b"), "the longest mask of all keyrings wins");
	tap_ok(psk_is(cfg, "P", "198.51.100.1", "192.0.2.9", "net-a"), "else a shorter one of the first");
	tap_ok(psk_is(cfg, "P", "198.51.100.2", "192.0.2.1", "net-a"),
	       "a keyring with another local-address is left out");
	tap_ok(psk_is(cfg, "P", "198.51.100.1", "192.0.3.1", NULL), "no key of the keyrings, no key");
	tap_ok(psk_is(cfg, "D", "198.51.100.1", "192.0.2.1", "global"), "keyring default");
	tap_ok(psk_is(cfg, "D", "198.51.100.1", "192.0.2.9", "net-a"), "beside another");
	tap_ok(psk_is(cfg, "N", "198.51.100.1", "192.0.2.1", "global"), "a profile without keyrings");
	tap_ok(psk_is(cfg, "", "198.51.100.1", "192.0.2.1", "global") &&
	       psk_is(cfg, "", "198.51.100.1", "192.0.2.9", NULL), "no profile, no keyrings");
	inet_pton(AF_INET6, "2001:db8::9", &six.remote.v6);
	psk = ios_psk_lookup(cfg, &six);
	tap_ok(psk && !strcmp((const char *)psk->key, "six-b"), "by IPv6 prefix");
	tap_ok(aggressive_key_is(cfg, "P", "192.0.2.9", "SPOKE.example.org", "name-a"),
	       "aggressive mode: by name");
	tap_ok(aggressive_key_is(cfg, "P", "192.0.2.1", "spoke.example.org", "host-b"),
	       "but not at an address with a key of its own");
	tap_ok(ios_aggressive_wanted(cfg), "a key by name lets its peer start in aggressive mode");
	ios_free(cfg);

	cfg = clean("taken back", RINGS "crypto keyring A\n no description\n no pre-shared-key address 192.0.2.0 255.255.255.0\n"
		    " no pre-shared-key hostname SPOKE.example.org key name-a\n"
		    " pre-shared-key address 192.0.2.0 255.255.255.0 key other\n"
		    "no crypto keyring B\n" PROFILE " keyring A\n keyring B\n no keyring B\n" HAS_PEER);
	tap_ok(!cfg->keyrings->next && !cfg->keyrings->description && !cfg->keyrings->psks->next &&
	       psk_is(cfg, "P", "198.51.100.1", "192.0.2.1", "other"), "keys, a keyring");
	ios_free(cfg);

	cfg = parse("crypto keyring A\n pre-shared-key address 1.1.1.1 key SECRET word\n"
		    " pre-shared-key adress 1.1.1.1 key SECRET\n pre-shared-key address 1.1.1.1\n");
	tap_ok(cfg->n_errors == 3 && !any_diag(cfg, IOS_ERROR, "SECRET") &&
	       !any_diag(cfg, IOS_ERROR, "word'") && !cfg->keyrings->psks, "errors never show a key");
	ios_free(cfg);
	expect_error("the default one", "crypto keyring default\n", 1, "that of crypto isakmp key");
	cfg = parse("crypto keyring A\n pre-shared-key address 1.1.1.1 key 7 0822455D0A16\n"
		    " pre-shared-key address 1.1.1.2 key 7\n");
	tap_ok(!cfg->n_errors && !strcmp((char *)cfg->keyrings->psks->key, "cisco") &&
	       !strcmp((char *)cfg->keyrings->psks->next->key, "7"), "type 7");
	ios_free(cfg);
	expect_warning("type 6", "crypto keyring A\n pre-shared-key address 1.1.1.1 key 6 X\n", 2,
		       "type 6");
	expect_warning("local-address by an interface without device", "crypto keyring A\n pre-shared-key hostname a key b\n"
		       " local-address Gi0/0\n", 3, "add a netdev line to interface Gi0/0");
	expect_warning("a keyring without keys", "crypto keyring A\n", 1, "keyring A has no keys");
}

static bool profile_has(const struct ios_config *cfg, enum ios_id_kind kind, const char *text)
{
	struct ios_local local = { .addr = { .family = AF_INET, .v4 = ip("198.51.100.1") },
				   .ifname = "eth0" };
	struct ios_id id = { .kind = kind };

	if (kind == IOS_ID_ADDRESS)
		id.addr = (struct ios_addr){ .family = AF_INET, .v4 = ip(text) };
	else
		strcpy(id.text, text);
	return ios_profile_of(cfg, &local, &id, NULL);
}

static void test_local_vrf(void)
{
	struct ios_config *cfg = clean("VRFs of local addresses",
		"crypto keyring A vrf V\n local-address Loopback 0 RED\n pre-shared-key address 192.0.2.1 key a\n"
		PROFILE " keyring A\n" HAS_PEER " local-address 198.51.100.1 BLUE\n"
		"crypto isakmp profile Q\n match identity host q\n local-address Loopback0 RED\n local-address Loopback0\n"
		"interface Loopback0\n netdev lo1\n");
	char *text = ios_print(cfg, IOS_PRINT_ALL, NULL);

	tap_ok(strstr(text, "crypto keyring A vrf V\n  pre-shared-key address 192.0.2.1 key a\n  local-address Loopback0 RED\n") &&
	       strstr(text, "\n   local-address 198.51.100.1 BLUE\n") &&
	       strstr(text, "\n   local-address Loopback0\n"), "are kept");
	ios_text_free(text);
	text = ios_print(cfg, IOS_PRINT_PHASE1, NULL);
	tap_ok(strstr(text, " local-address lo1 RED\n"), "and told to the daemon");
	ios_text_free(text);
	ios_free(cfg);
}

/* local-address by interface: the daemon gets devices, show running-config has interfaces. */
static void test_local_interface(void)
{
	struct ios_config *cfg = clean("local-address by interface", "crypto keyring A\n local-address Gi 0/1\n"
		" pre-shared-key address 192.0.2.1 key a\ncrypto keyring B\n local-address lo1\n"
		" pre-shared-key address 192.0.2.0 255.255.255.0 key b\n"
		PROFILE " keyring A\n keyring B\n" HAS_PEER " local-address gi0/1\n"
		"interface GigabitEthernet0/1\n netdev wan\n");
	struct ios_config *daemon;
	struct ios_ends ends;
	char *text;

	text = ios_print(cfg, IOS_PRINT_ALL, NULL);
	tap_ok(strstr(text, "crypto keyring A\n  pre-shared-key address 192.0.2.1 key a\n  local-address GigabitEthernet0/1\n") &&
	       strstr(text, "\n  local-address lo1\n"), "as it is shown");
	ios_text_free(text);
	text = ios_print(cfg, IOS_PRINT_PHASE1, NULL);
	ios_free(cfg);
	daemon = ios_parse("daemon", text, strlen(text), IOS_PHASE1_ONLY);
	ios_text_free(text);
	ends = ends_of(daemon, "P", "198.51.100.1", "192.0.2.1");
	strcpy(ends.local.ifname, "wan");
	tap_ok(!strcmp((char *)ios_psk_lookup(daemon, &ends)->key, "a") &&
	       ios_profile_at(ends.profile, &ends.local), "an address of the interface");
	strcpy(ends.local.ifname, "lo1");
	tap_ok(!strcmp((char *)ios_psk_lookup(daemon, &ends)->key, "b") &&
	       !ios_profile_at(ends.profile, &ends.local), "an address of another one");
	*ends.local.ifname = '\0';
	tap_ok(!ios_psk_lookup(daemon, &ends), "an address that no interface has");
	ios_free(daemon);
}

/* Keys for the name by which a peer is configured. */
static void test_named_peer(void)
{
	struct ios_config *cfg = clean("keys by name", "crypto isakmp key name hostname gw.example.org\n"
		"crypto isakmp key own address 192.0.2.1\ncrypto isakmp key all address 0.0.0.0\n");
	struct ios_ends ends = ends_of(cfg, "", "198.51.100.1", "192.0.2.9");
	const struct ios_id none = { 0 };
	const uint8_t *key;
	size_t len;

	tap_ok(!strcmp((char *)ios_psk_lookup(cfg, &ends)->key, "all"), "no name: by address");
	ends.name = "GW.example.org";
	tap_ok(!strcmp((char *)ios_psk_lookup(cfg, &ends)->key, "name"), "its name goes before many addresses");
	tap_ok(ios_aggressive_key(cfg, &ends, &none, &key, &len) && !strcmp((char *)key, "name"),
	       "in aggressive mode as well");
	ends.remote.v4 = ip("192.0.2.1");
	tap_ok(!strcmp((char *)ios_psk_lookup(cfg, &ends)->key, "own"), "its address goes before its name");
	ends.remote.v4 = ip("192.0.2.9");
	ends.name = "other.example.org";
	tap_ok(!strcmp((char *)ios_psk_lookup(cfg, &ends)->key, "all"), "another name has no key");
	ios_free(cfg);
}

static void test_identities(void)
{
	struct ios_config *cfg = clean("match identity", PROFILE
		" match identity address 10.0.0.0 255.0.0.0 FVRF\n match identity address 192.0.2.1 \n"
		" match identity host gw.example.org\n match identity host domain hosts.example.org\n"
		" match identity user-fqdn joe@example.org\n match identity user domain users.example.org\n"
		" match identity group G\n");

	tap_ok(profile_has(cfg, IOS_ID_ADDRESS, "10.9.9.9") && profile_has(cfg, IOS_ID_ADDRESS, "192.0.2.1") &&
	       !profile_has(cfg, IOS_ID_ADDRESS, "192.0.2.2"), "by address and network");
	tap_ok(profile_has(cfg, IOS_ID_FQDN, "GW.example.org") && !profile_has(cfg, IOS_ID_FQDN, "x.gw.example.org") &&
	       !profile_has(cfg, IOS_ID_USER, "gw.example.org"), "by host");
	tap_ok(profile_has(cfg, IOS_ID_FQDN, "a.b.hosts.example.org") &&
	       !profile_has(cfg, IOS_ID_FQDN, "xhosts.example.org") &&
	       !profile_has(cfg, IOS_ID_FQDN, "hosts.example.org"), "by domain, which ends at a dot");
	tap_ok(profile_has(cfg, IOS_ID_USER, "joe@example.org") && profile_has(cfg, IOS_ID_USER, "x@users.example.org") &&
	       !profile_has(cfg, IOS_ID_USER, "jane@example.org"), "by user and domain of users");
	tap_ok(profile_has(cfg, IOS_ID_GROUP, "G") && !profile_has(cfg, IOS_ID_GROUP, "g"), "by group");
	tap_ok(!profile_has(cfg, IOS_ID_OTHER, ""), "no other identity");
	ios_free(cfg);

	cfg = clean("local-address", PROFILE HAS_PEER " local-address 198.51.100.9\n");
	tap_ok(!profile_has(cfg, IOS_ID_ADDRESS, "1.1.1.1"), "of another address of this side");
	ios_free(cfg);
	cfg = clean("local-address by interface", PROFILE HAS_PEER " local-address lo\n"
		    "crypto isakmp profile Q\n match identity host q\n local-address eth0\n");
	tap_ok(!profile_has(cfg, IOS_ID_ADDRESS, "1.1.1.1") && profile_has(cfg, IOS_ID_FQDN, "q"),
	       "of an address that another interface has, and that this one has");
	ios_free(cfg);
	cfg = clean("taken back", PROFILE " match identity host a.example.org\n match identity host b.example.org\n"
		    " no match identity host A.example.org\n");
	tap_ok(!profile_has(cfg, IOS_ID_FQDN, "a.example.org") && profile_has(cfg, IOS_ID_FQDN, "b.example.org"),
	       "an identity");
	ios_free(cfg);
}

static void test_profile(void)
{
	struct ios_config *cfg = clean("a profile", PROFILE " description text\n self-identity user-fqdn joe@example.org\n"
		HAS_PEER " keepalive 10 retry 3\n initiate mode aggressive\n local-address 198.51.100.1\n");
	const struct ios_profile *profile = cfg->profiles;
	struct ios_ends ends = ends_of(cfg, "P", "198.51.100.1", "192.0.2.1");
	const struct ios_id none = { 0 };

	tap_ok(!strcmp(profile->description, "text") && profile->self.kind == IOS_ID_USER &&
	       profile->keepalive == 10 && profile->keepalive_retry == 3 && profile->aggressive &&
	       profile->local.addr.v4.s_addr == ip("198.51.100.1").s_addr, "what it says");
	tap_ok(ios_aggressive_starts(cfg, &ends) && ios_aggressive_accepts(cfg, &ends, &none) &&
	       ios_aggressive_wanted(cfg), "aggressive mode");
	ends.profile = NULL;
	tap_ok(!ios_aggressive_starts(cfg, &ends) && !ios_aggressive_accepts(cfg, &ends, &none),
	       "with its peers alone");
	cfg->isakmp.no_aggressive = true;
	ends.profile = profile;
	tap_ok(!ios_aggressive_starts(cfg, &ends) && !ios_aggressive_accepts(cfg, &ends, &none), "unless disabled");
	ios_free(cfg);

	cfg = clean("of its map", PROFILE HAS_PEER "crypto isakmp profile Q\n" HAS_PEER KEYS TSET
		    "access-list 101 permit ip any any\ncrypto map M isakmp-profile P\n"
		    "crypto map M 10 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n match address 101\n"
		    "crypto map M 20 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n match address 101\n"
		    " set isakmp-profile Q\ninterface eth0\n crypto map M\n");
	tap_ok(!strcmp(ios_entry_profile(cfg->maps, cfg->maps->entries), "P") &&
	       !strcmp(ios_entry_profile(cfg->maps, cfg->maps->entries->next), "Q") &&
	       ios_profile_find(cfg, "P")->bound, "an entry has that of its map unless it has one");
	ios_free(cfg);
}

static void test_faults(void)
{
	struct ios_config *cfg;

#define MAP KEYS TSET "access-list 101 permit ip any any\ncrypto map M 10 ipsec-isakmp\n" \
	" set peer 1.1.1.1\n set transform-set TS\n match address 101\n set isakmp-profile P\n" \
	"interface eth0\n crypto map M\n"
	expect_warning("no such profile", MAP, 10,
		       "crypto map M 10: isakmp profile P is not defined, so that nothing can be negotiated");
	expect_warning("no such profile of a map", "crypto map M isakmp-profile P\n", 1, "crypto map M: isakmp");
	expect_warning("nobody is of it", PROFILE, 1, "has no match identity");
	expect_warning("no such keyring", PROFILE HAS_PEER " keyring K\n", 1, "keyring K is not defined");
	expect_warning("no key for the peer", MAP PROFILE HAS_PEER " keyring K\ncrypto keyring K\n"
		       " pre-shared-key address 2.2.2.2 key x\n", 6, "no pre-shared key for peer 1.1.1.1");
	expect_warning("vrf", PROFILE HAS_PEER " vrf V\n", 1, "vrf has no effect");
	expect_warning("authorization by certificates, not in use",
		       PROFILE HAS_PEER " client pki authorization list L\n", 3, "client pki");
	expect_error("in use", MAP PROFILE HAS_PEER " client pki authorization list L\n", 15, "client pki");
	cfg = parse("crypto keyring R\n pre-shared-key address 1.1.1.1 key a\n rsa-pubkey address 2.2.2.2\n"
		    "  key-string\n   00302017 4A7D385B\n  quit\n pre-shared-key address 3.3.3.3 key b\n"
		    "crypto keyring S\nrsa-pubkey name n\nserial-number 1\nkey-string\n00302017\nquit\n"
		    "pre-shared-key address 4.4.4.4 key c\n");
	tap_ok(!cfg->n_errors && cfg->n_warnings == 2 && cfg->keyrings->psks->next &&
	       cfg->keyrings->next->psks, "an RSA key of a keyring is left out, and no more");
	ios_free(cfg);
	expect_error("unless its section is", "crypto keyring R\n rsa-pubkey name n\n description x\n  quit\n", 4,
		     "unexpected 'quit'");
	expect_warning("XAUTH, not in use", PROFILE HAS_PEER " client authentication list L\n", 3, "XAUTH");
	expect("XAUTH", MAP PROFILE HAS_PEER " client authentication list L\n", IOS_ERROR, 15,
	       "(XAUTH) of clients is not supported in this version, and isakmp profile P is of a crypto map on an interface",
	       1);
	expect("one of two taken back", MAP PROFILE HAS_PEER " client configuration address respond\n"
	       " isakmp authorization list L\n no client configuration address respond\n", IOS_ERROR, 16,
	       "authorization of clients (mode config)", 1);
	expect_warning("clients of a profile that is not in use", PROFILE HAS_PEER
		       " client configuration address respond\n client configuration address initiate\n"
		       " no client configuration\n client configuration group G\n client configuration group G\n",
		       6, "configuration of clients (mode config) is not supported in this version and has no effect");
	ios_free(clean("XAUTH taken back", MAP PROFILE HAS_PEER " client authentication list L\n"
		       " no client authentication list L\n"));
	expect_error("initiate mode", PROFILE " initiate mode quick\n", 2, "expected aggressive or main");
#undef MAP
}

static void test_default_policies(void)
{
#define MAP TSET "crypto isakmp key k address 0.0.0.0\naccess-list 101 permit ip any any\n" \
	"crypto map M 10 ipsec-isakmp\n set peer 1.1.1.1\n set transform-set TS\n match address 101\n"
	struct ios_config *cfg = parse("crypto isakmp policy 10\n");

	tap_ok(ios_policies(cfg) == cfg->policies, "a policy leaves the default ones out");
	ios_free(cfg);
	cfg = clean("no policy", "no crypto isakmp default policy\ncrypto isakmp default policy\n");
	tap_ok(ios_policies(cfg) == ios_default_policies(), "the default ones");
	ios_free(cfg);
	expect_warning("they are weak", MAP, 0, "IOS's default ones are used, which are weak");
	expect_warning("turned off", MAP "no crypto isakmp default policy\n", 0, "nothing can be negotiated");
#undef MAP
}

int main(void)
{
	test_default_policies();
	test_keyrings();
	test_local_interface();
	test_local_vrf();
	test_named_peer();
	test_identities();
	test_profile();
	test_faults();
	return tap_done();
}
