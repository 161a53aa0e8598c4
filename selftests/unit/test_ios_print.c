// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The printer: literal text, and the round trip: what is printed parses to the
 * same model, which prints the same text.
 */
#include <dirent.h>
#include <string.h>

#include "ios/ios.h"
#include "ios/print.h"
#include "tap.h"

static struct ios_config *parse(const char *name, const char *text)
{
	return ios_parse(name, text, strlen(text), 0);
}

static bool same(const char *got, const char *wanted)
{
	size_t at;

	if (got && !strcmp(got, wanted))
		return true;
	for (at = 0; got && got[at] == wanted[at]; at++)
		;
	printf("# differs at byte %zu: ...%.60s...\n", at, got ? got + at : "(none)");
	return false;
}

/* Prints, parses and prints again; errors and warnings of the copy are told. */
static void round_trip(const char *name, const char *text)
{
	struct ios_config *first = parse(name, text), *second;
	char *once = ios_print(first, IOS_PRINT_ALL, NULL), *twice;
	size_t len;

	second = parse("printed", once);
	twice = ios_print(second, IOS_PRINT_ALL, &len);
	tap_ok(same(twice, once) && len == strlen(twice), "round trip: %s", name);
	ios_text_free(once);
	ios_text_free(twice);
	ios_free(first);
	ios_free(second);
}

static const char canonical[] =
	"!\n"
	"crypto keyring R1 vrf OUTSIDE\n"
	"  description of spokes\n"
	"  pre-shared-key address 0.0.0.0 0.0.0.0 key 0 6\n"
	"  pre-shared-key address 192.0.2.5 key K5\n"
	"  pre-shared-key hostname gw.example.org key K2\n"
	"  local-address 192.0.2.7\n"
	"crypto isakmp policy 10\n"
	" encr aes 256\n"
	" hash sha256\n"
	" authentication pre-share\n"
	" group 14\n"
	" lifetime 28800\n"
	"crypto isakmp policy 20\n"
	" encr 3des\n"
	" hash md5\n"
	"crypto isakmp key 0 0 address 10.0.0.0 255.0.0.0\n"
	"crypto isakmp key SECRET address 192.0.2.1 no-xauth\n"
	"crypto isakmp key wild address 0.0.0.0 0.0.0.0\n"
	"crypto isakmp key name hostname gw.example.org\n"
	"crypto isakmp key six address ipv6 2001:DB8::/32\n"
	"crypto isakmp peer address 192.0.2.20\n"
	" description hub\n"
	" set aggressive-mode password SECRET\n"
	" set aggressive-mode client-endpoint ipv4-address 192.0.2.7\n"
	"crypto isakmp peer hostname gw.example.org\n"
	" set aggressive-mode client-endpoint user-fqdn a@b\n"
	"no crypto isakmp default policy\n"
	"crypto isakmp invalid-spi-recovery\n"
	"crypto isakmp keepalive 10 3 periodic\n"
	"crypto isakmp nat keepalive 20\n"
	"crypto isakmp identity hostname\n"
	"crypto isakmp aggressive-mode disable\n"
	"crypto isakmp profile CLIENTS\n"
	"   match identity group CLIENTS\n"
	"   client authentication list L\n"
	"   client configuration address respond\n"
	"   client configuration group G\n"
	"   isakmp authorization list L\n"
	"crypto isakmp profile SPOKES\n"
	"   description of the hub\n"
	"   vrf INSIDE\n"
	"   keyring R1\n"
	"   keyring default\n"
	"   self-identity fqdn\n"
	"   match identity address 10.0.0.0 255.0.0.0 OUTSIDE\n"
	"   match identity address 192.0.2.1 255.255.255.255 OUTSIDE\n"
	"   match identity address 192.0.2.2 255.255.255.255\n"
	"   match identity address 0.0.0.0\n"
	"   match identity address 0.0.0.0 0.0.0.0 OUTSIDE\n"
	"   match identity address ipv6 2001:DB8::/32\n"
	"   match identity host domain example.org\n"
	"   match identity user a@b\n"
	"   match identity group G\n"
	"   keepalive 10 retry 2\n"
	"   local-address 2001:DB8::1\n"
	"   initiate mode aggressive\n"
	"!\n"
	"object-group network N\n"
	" description both sites\n"
	" host 10.0.0.1\n"
	" 10.1.0.0 255.255.0.0\n"
	" range 10.2.0.3 10.2.0.8\n"
	"object-group service S\n"
	" tcp source gt 1023 eq www\n"
	" tcp-udp eq domain\n"
	" icmp echo\n"
	" gre\n"
	"crypto ipsec security-association lifetime kilobytes disable\n"
	"crypto ipsec security-association lifetime seconds 300\n"
	"crypto ipsec security-association idle-time 86400\n"
	"crypto ipsec security-association replay window-size 1024\n"
	"crypto ipsec df-bit clear\n"
	"crypto ipsec fragmentation after-encryption\n"
	"crypto ipsec transform-set TS1 esp-aes 256 esp-sha256-hmac \n"
	" mode tunnel\n"
	"crypto ipsec transform-set TS2 esp-gcm \n"
	" esn\n"
	" mode transport require\n"
	"crypto ipsec transform-set OLD ah-sha-hmac esp-3des \n"
	" mode tunnel\n"
	"!\n"
	"crypto map BRANCH local-address Loopback0\n"
	"crypto map BRANCH 10 ipsec-isakmp \n"
	" description the far end\n"
	" set peer 192.0.2.9 default\n"
	" set peer 192.0.2.20\n"
	" set peer gw.example.org dynamic\n"
	" set security-association lifetime kilobytes 4294967295\n"
	" set security-association lifetime seconds 120\n"
	" set security-association idle-time 60 default\n"
	" set security-association level per-host\n"
	" set security-association replay disable\n"
	" set security-association dfbit set\n"
	" set ip access-group 101 in\n"
	" set ip access-group TO-BRANCH out\n"
	" set transform-set TS1 TS2 \n"
	" set pfs group14\n"
	" set isakmp-profile SPOKES\n"
	" set reverse-route distance 20\n"
	" set reverse-route tag 4294967295\n"
	" set reverse-route gateway 192.0.2.254\n"
	" match address TO-BRANCH\n"
	" reverse-route remote-peer 192.0.2.253 gateway static\n"
	" qos pre-classify\n"
	"crypto map BRANCH 20 ipsec-manual \n"
	" set peer 192.0.2.30\n"
	" set session-key inbound esp 256 cipher 000102030405060708090a0b0c0d0e0f10111213\n"
	" set session-key outbound esp 4294967295 cipher 000102030405060708090a0b0c0d0e0f10111213\n"
	" set transform-set TS2 \n"
	" match address 101\n"
	" reverse-route\n"
	"!\n"
	"crypto map ipv6 SIX local-address Loopback0\n"
	"crypto map ipv6 SIX isakmp-profile SPOKES\n"
	"crypto map ipv6 SIX 10 ipsec-isakmp \n"
	" set peer 2001:DB8:0:1::9 default\n"
	" set peer 2001:DB8::FFFF\n"
	" set transform-set TS1 \n"
	" set reverse-route gateway 2001:DB8:0:1::1\n"
	" match address TO-BRANCH\n"
	" reverse-route static\n"
	"crypto map ipv6 SIX 20 ipsec-isakmp \n"
	" set peer 192.0.2.9\n"
	" set security-association idle-time 900\n"
	" set transform-set TS1 \n"
	" match address GAPS6\n"
	"!\n"
	"interface GigabitEthernet0/1\n"
	" netdev eth1\n"
	" ipv6 crypto map SIX\n"
	" crypto map BRANCH\n"
	" crypto ipsec df-bit copy\n"
	" crypto ipsec fragmentation before-encryption\n"
	"!\n"
	"access-list 10 remark a standard one\n"
	"access-list 10 permit 10.0.0.1\n"
	"access-list 10 deny   10.0.0.0 0.255.255.255 log STANDARD\n"
	"access-list 10 permit any\n"
	"access-list 101 remark ports\n"
	"access-list 101 permit tcp host 10.0.0.1 eq www 443 any range 1024 65535\n"
	"access-list 101 deny   udp any neq isakmp any gt 1000\n"
	"access-list 101 permit icmp any any echo\n"
	"access-list 101 permit 99 any any\n"
	"access-list 101 permit tcp any any established log\n"
	"access-list 101 permit tcp any any eq www log-input\n"
	"access-list 101 permit tcp any any eq 443 log-input https\n"
	"access-list 101 permit tcp any any ack\n"
	"access-list 101 deny   tcp any any match-all -ack +syn dscp ef\n"
	"access-list 101 permit tcp any any match-any +syn +fin\n"
	"access-list 101 permit ip any any precedence critical tos min-delay\n"
	"access-list 101 deny   ip any any ttl lt 2 log\n"
	"access-list 101 permit ip any any dscp 11 fragments\n"
	"ip access-list extended G\n"
	" permit object-group S object-group N any log GROUPS\n"
	" deny   tcp object-group N eq 5 object-group N\n"
	"ip access-list extended GAPS\n"
	" 5 permit gre any any\n"
	" 7 deny   ip any any\n"
	"ip access-list extended TO-BRANCH\n"
	" permit ip 10.7.0.0 0.0.255.255 10.9.4.0 0.0.3.255\n"
	"ipv6 access-list GAPS6\n"
	" sequence 5 permit ipv6 any 2001:DB8:5::/48\n"
	" sequence 15 deny ipv6 any any\n"
	"ipv6 access-list TO-BRANCH\n"
	" remark far end\n"
	" deny icmp any any nd-ns\n"
	" deny tcp host 2001:DB8::1 eq www any\n"
	" permit ipv6 2001:DB8:7::/48 2001:DB8:9::/64\n"
	"!\n"
	"end\n";

static void test_canonical(void)
{
	struct ios_config *cfg = parse("canonical", canonical);
	const struct ios_diag *diag;
	char *text = ios_print(cfg, IOS_PRINT_ALL, NULL);

	tap_ok(same(text, canonical), "a text with everything is printed as it was");
	for (diag = cfg->diags; diag; diag = diag->next)
		if (diag->severity == IOS_ERROR)
			printf("# %u: %s\n", diag->line, diag->text);
	tap_ok(!cfg->n_errors, "it has no error");
	ios_text_free(text);

	text = ios_print(cfg, IOS_PRINT_PHASE1, NULL);
	tap_ok(strstr(text, "crypto isakmp key SECRET") && !strstr(text, "crypto map") &&
	       !strstr(text, "access-list"), "phase 1 alone");
	ios_text_free(text);
	text = ios_print(cfg, IOS_PRINT_PHASE2, NULL);
	tap_ok(!strstr(text, "isakmp key") && strstr(text, "crypto map BRANCH 10"), "phase 2 alone");
	ios_text_free(text);

	cfg->maps->entries->next->keys_hidden = true;
	text = ios_print(cfg, IOS_PRINT_ALL, NULL);
	tap_ok(!strstr(text, "0a0b0c") &&
	       strstr(text, "\n ! set session-key inbound esp 256 ... (not shown)\n"),
	       "manual keys that are not known are a comment");
	ios_text_free(text);
	ios_free(cfg);
}

static void test_pieces(void)
{
	struct ios_config *cfg = parse("pieces", "crypto ipsec transform-set A esp-aes 192 esp-sha-hmac\n"
				       "crypto ipsec transform-set B esp-gcm 256\n"
				       "crypto ipsec transform-set C esp-aes esp-sha512-hmac\n"
				       "access-list 100 permit udp any eq 53 any eq 4500\n");
	char text[IOS_ACE_TEXT], small[8];

	ios_tset_text(text, sizeof(text), ios_tset_find(cfg, "A"), true);
	tap_ok(same(text, "esp-192-aes esp-sha-hmac"), "show spelling: AES");
	ios_tset_text(text, sizeof(text), ios_tset_find(cfg, "B"), true);
	tap_ok(same(text, "esp-gcm 256"), "show spelling: GCM");
	ios_tset_text(text, sizeof(text), ios_tset_find(cfg, "C"), true);
	tap_ok(same(text, "esp-aes esp-sha512-hmac"), "show spelling: 128 bits");
	ios_ace_text(text, sizeof(text), ios_acl_find(cfg, "100", AF_INET)->aces, true);
	tap_ok(same(text, "permit udp any eq domain any eq non500-isakmp"), "ports by name");
	tap_ok(ios_ace_text(small, sizeof(small), ios_acl_find(cfg, "100", AF_INET)->aces, true) ==
	       (int)strlen(text) && !strcmp(small, "permit "), "a buffer that is too small");
	ios_free(cfg);
}

static void test_dynamic(void)
{
	static const char text[] =
		"crypto dynamic-map D 10\n"
		" set peer 192.0.2.9\n"
		" set security-association lifetime seconds 1800\n"
		" set transform-set T \n"
		" set pfs group14\n"
		" match address A\n"
		"crypto dynamic-map D 20\n"
		" set transform-set T \n"
		"!\n"
		"crypto map VPN 65535 ipsec-isakmp dynamic D \n"
		"!\n";
	struct ios_config *cfg = parse("dynamic", text);
	char *got = ios_print(cfg, IOS_PRINT_PHASE2, NULL);

	tap_ok(got && strstr(got, text), "dynamic crypto maps go before crypto maps");
	ios_text_free(got);
	ios_free(cfg);
	round_trip("dynamic crypto maps", text);
}

/* Every configuration of a folder. */
static void test_folder(const char *path)
{
	static char text[4 << 20];
	struct dirent *entry;
	char name[512];
	size_t len;
	FILE *f;
	DIR *dir = opendir(path);

	while (dir && (entry = readdir(dir))) {
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (!strstr(entry->d_name, ".cfg"))
			continue;
		f = fopen(name, "r");
		if (!f)
			continue;
		len = fread(text, 1, sizeof(text) - 1, f);
		fclose(f);
		text[len] = '\0';
		round_trip(entry->d_name, text);
	}
	if (dir)
		closedir(dir);
}

int main(void)
{
	test_canonical();
	test_pieces();
	round_trip("empty", "");
	round_trip("empty lists", "ip access-list extended 101\nip access-list extended A\n"
				  "crypto map M local-address lo\n");
	round_trip("object-groups",
		   "object-group network N\n description both sites\n host 10.0.0.1\n"
		   " 10.1.0.0 255.255.0.0\n range 10.2.0.3 10.2.0.8\n any\n 128.0.0.0 128.0.0.0\n"
		   "object-group service S\n tcp source gt 1023 eq www\n udp range 5000 5010\n"
		   " tcp-udp eq 161\n icmp echo\n icmp 3 9\n gre\n tcp 8080\n 99\n group-object T\n"
		   "object-group service T\n udp lt 10\n"
		   "object-group v6-network N6\n 2001:db8::/32\n host 2001:db9::1\n"
		   "ip access-list extended A\n permit object-group S object-group N any log\n"
		   " deny tcp object-group N eq 5 host 10.0.0.1 lt 9\n permit ip any object-group N\n"
		   "ipv6 access-list B\n permit ipv6 object-group N6 object-group N6\n");
	round_trip("many remarks", "access-list 101 remark 1\naccess-list 101 remark 2\n"
				   "access-list 101 permit ip any any\naccess-list 101 remark 3\n"
				   "access-list 101 remark 4\naccess-list 101 remark 5\n"
				   "access-list 101 remark 6\naccess-list 101 remark 7\n"
				   "access-list 101 remark 8\naccess-list 101 remark 9\n"
				   "access-list 101 remark 10\naccess-list 101 remark 11\n"
				   "access-list 101 remark 12\naccess-list 101 remark 13\n"
				   "access-list 101 permit tcp any any\n");
	round_trip("IPv6 networks", "ipv6 access-list A\n permit ipv6 host ::1 ::/1\n 7 permit 41 ::ffff:1.2.3.4/128 any\n"
				    " remark x\n permit icmp any any 3\n permit icmp any any 4 2\n permit icmp any any 200 9\n"
				    "ipv6 access-list EMPTY\n");
	round_trip("the built-in transform set", "crypto map M 1 ipsec-isakmp\n set transform-set default\n");
	test_dynamic();
	test_folder(EXAMPLES);
	if (getenv("IOS_EXAMPLES"))
		test_folder(getenv("IOS_EXAMPLES"));
	return tap_done();
}
