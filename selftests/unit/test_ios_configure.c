/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * configure terminal without a kernel: what a line makes of a configuration, which is
 * printed and read again before the next one, as it is with a kernel; and what "?" and the
 * tabulator tell of a line.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "configure.h"
#include "ios/print.h"
#include "load.h"
#include "manual_keys.h"
#include "tap.h"

/* struct typist - a session: the running configuration as text, and what was said last */
struct typist {
	struct configure at;
	char *running;
	char *said;
};

static bool types(struct typist *t, const char *line)
{
	struct ios_config *cfg;
	size_t len;
	FILE *out;

	free(t->said);
	out = open_memstream(&t->said, &len);
	cfg = configure_parse(&t->at, t->running, line, 4, out);
	fclose(out);
	if (!cfg)
		return false;
	ios_text_free(t->running);
	t->running = ios_print(cfg, IOS_PRINT_ALL, NULL);
	ios_free(cfg);
	return true;
}

static void start(struct typist *t)
{
	struct ios_config *cfg = ios_new("t");

	*t = (struct typist){ .running = ios_print(cfg, IOS_PRINT_ALL, NULL) };
	ios_free(cfg);
}

static void end(struct typist *t)
{
	ios_text_free(t->running);
	free(t->said);
}

/* Types all lines; then the configuration is what it is when the text is loaded. */
static void same_as_file(const char *what, const char *text)
{
	struct ios_config *cfg = ios_parse("t", text, strlen(text), 0);
	char *wanted = ios_print(cfg, IOS_PRINT_ALL, NULL), *copy = strdup(text), *line, *rest;
	bool taken = true;
	struct typist t;

	start(&t);
	for (line = strtok_r(copy, "\n", &rest); taken && line; line = strtok_r(NULL, "\n", &rest)) {
		if (line[strspn(line, " ")] == '!')
			continue;
		taken = types(&t, line);
		if (!taken)
			printf("# '%s': %s\n", line, t.said);
	}
	if (!tap_ok(taken && !strcmp(t.running, wanted), "line by line as all at once: %s", what))
		printf("# got:\n%s\n# wanted:\n%s\n", t.running, wanted);
	end(&t);
	free(copy);
	ios_text_free(wanted);
	ios_free(cfg);
}

static void test_same(void)
{
	static const char everything[] =
		"crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n"
		"crypto isakmp key SECRET address 192.0.2.9\n"
		"crypto isakmp peer address 192.0.2.9\n set aggressive-mode password SECRET2\n"
		" set aggressive-mode client-endpoint user-fqdn gw@example.com\n"
		"crypto isakmp keepalive 10 3 periodic\n"
		"crypto ipsec security-association lifetime seconds 7200\n"
		"crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode transport\n esn\n"
		"object-group network NETS\n 10.1.0.0 255.255.0.0\n host 10.2.0.1\n"
		"ip access-list extended TO-B\n permit ip object-group NETS 10.9.0.0 0.0.255.255\n"
		" remark first\n deny tcp any any eq 22\n permit tcp any host 10.9.0.1 eq 80\n"
		"access-list 101 permit ip host 10.1.0.1 any\n"
		"ipv6 access-list SIX\n permit ipv6 2001:db8:7::/48 2001:db8:9::/48\n"
		"crypto dynamic-map D 10\n set transform-set TS\n"
		"crypto map M local-address Loopback0\n"
		"crypto map M 10 ipsec-isakmp\n description to B\n set peer 192.0.2.9\n set peer 192.0.2.10\n"
		" set transform-set TS\n set pfs group14\n match address TO-B\n"
		"crypto map M 20 ipsec-isakmp\n set peer 192.0.2.11\n set transform-set TS\n match address 101\n"
		"crypto map M 65535 ipsec-isakmp dynamic D\n"
		"crypto map ipv6 M6 10 ipsec-isakmp\n set peer 2001:db8::9\n set transform-set TS\n match address SIX\n"
		"interface Loopback0\n netdev lo\n"
		"interface GigabitEthernet0/1\n netdev eth1\n crypto ipsec df-bit clear\n crypto map M\n ipv6 crypto map M6\n";
	static const char undone[] =
		"crypto isakmp policy 10\n authentication pre-share\n"
		"crypto isakmp policy 20\n authentication pre-share\n"
		"no crypto isakmp policy 10\n"
		"crypto ipsec transform-set TS esp-aes esp-sha-hmac\n"
		"ip access-list extended A\n permit ip any host 10.9.0.1\n permit ip any host 10.9.0.2\n"
		" permit ip any host 10.9.0.3\n no 10\n 5 permit udp any any eq 500\n"
		" no permit ip any host 10.9.0.2\n permit ip any host 10.9.0.4\n"
		"crypto map M 10 ipsec-isakmp\n set peer 192.0.2.9\n set peer 192.0.2.10\n no set peer 192.0.2.9\n"
		" set peer 192.0.2.9\n set transform-set TS\n match address A\n set pfs group14\n no set pfs\n"
		"crypto map M 20 ipsec-isakmp\n set peer 192.0.2.9\n"
		"no crypto map M 20\n"
		"interface eth1\n crypto map M\n no crypto map M\n"
		"ip access-list extended B\n permit ip any host 10.9.0.1\n permit ip any host 10.9.0.2\n"
		" no 20\n permit ip any host 10.9.0.3\n";

	same_as_file("of everything", everything);
	same_as_file("with no forms", undone);
}

static void test_sections(void)
{
	static const struct {
		const char *line;
		const char *section;
	} t[] = {
		{ "crypto isakmp policy 10", "config-isakmp" },
		{ "group 14", "config-isakmp" },
		{ "crypto isakmp peer address 192.0.2.9", "config-isakmp-peer" },
		{ "set aggressive-mode password SECRET", "config-isakmp-peer" },
		{ "crypto ipsec transform-set TS esp-aes esp-sha-hmac", "cfg-crypto-trans" },
		{ "crypto map M 10 ipsec-isakmp", "config-crypto-map" },
		{ " set peer 192.0.2.9", "config-crypto-map" },
		{ "ip access-list extended A", "config-ext-nacl" },
		{ "int g0/1", "config-if" },
		{ "netdev eth1", "config-if" },
		{ "crypto isakmp key X address 192.0.2.9", NULL },
		{ "object-group network N", "config-network-group" },
		{ "object-group service S", "config-service-group" },
		{ "object-group v6-network N6", "config-v6network-group" },
		{ "ip access-list standard 10", "config-std-nacl" },
		{ "ipv6 access-list SIX", "config-ipv6-acl" },
		{ "crypto map M 10", "config-crypto-map" },
	};
	struct typist s;
	size_t i;

	start(&s);
	for (i = 0; i < sizeof(t) / sizeof(*t); i++)
		if (!tap_ok(types(&s, t[i].line) &&
			    (t[i].section ? s.at.section && !strcmp(s.at.section, t[i].section) :
					    !s.at.section), "section after: %s", t[i].line))
			printf("# %s: %s\n", s.at.section ? s.at.section : "none", s.said);
	tap_ok(strstr(s.running, " set peer 192.0.2.9\n"), "back in an entry it is as it was");
	end(&s);
}

/* What is part of the configuration is not typed once more with each line. */
static void test_others(void)
{
	static const char detached[] =
		"crypto ipsec transform-set TS esp-aes esp-sha-hmac\n"
		"access-list 101 permit ip host 10.1.0.1 any\n"
		"crypto map M 10 ipsec-isakmp\n set peer 192.0.2.9\n set transform-set TS\n match address 101\n"
		"interface eth1\n netdev eth1\nend\n";
	struct typist t;

	start(&t);
	ios_text_free(t.running);
	t.running = strdup(detached);
	tap_ok(types(&t, "interface g0/1") && types(&t, "netdev eth1") &&
	       types(&t, "crypto ipsec df-bit clear") && strstr(t.at.head, "df-bit clear"),
	       "an interface without a map is known in its section");
	tap_ok(types(&t, "crypto map M") && strstr(t.running, " df-bit clear\n") &&
	       strchr(t.at.head, '\n')[1] == '\0',
	       "with one it is part of the configuration");
	ios_text_free(t.running);
	t.running = strdup(detached);
	tap_ok(types(&t, "crypto ipsec fragmentation after-encryption") &&
	       !strstr(t.running, "\n crypto map M\n"), "a map that another one took off stays off");
	types(&t, "netdev eth1");
	types(&t, "crypto map M");
	tap_ok(types(&t, "no crypto map M") && types(&t, "crypto ipsec df-bit set") &&
	       strstr(t.running, "crypto map M 10 ipsec-isakmp"),
	       "a map that was taken off is not removed by the next line");
	tap_ok(types(&t, "crypto map M") && strstr(t.running, " netdev eth1\n crypto map M\n"),
	       "nor is the device forgotten");
	end(&t);
}

static void refused(struct typist *t, const char *line, const char *said)
{
	char *before = strdup(t->running);
	struct configure at = t->at;

	if (!tap_ok(!types(t, line) && strstr(t->said, said) && !strcmp(before, t->running) &&
		    !strcmp(at.head, t->at.head) && at.section == t->at.section, "refused: %s", line))
		printf("# %s\n", t->said);
	free(before);
}

/* Taken, and told to change nothing. */
static void unchanged(struct typist *t, const char *line, const char *said)
{
	char *before = strdup(t->running);

	if (!tap_ok(types(t, line) && strstr(t->said, said) && !strcmp(before, t->running), "unchanged: %s", line))
		printf("# %s\n", t->said);
	free(before);
}

/* Manual keys that the kernel does not give back: their entries are as they are. */
static void test_hidden(void)
{
	static const char text[] =
		"crypto ipsec transform-set TS esp-aes esp-sha-hmac\n"
		"access-list 101 permit ip any any\n"
		"crypto map M 10 ipsec-manual\n set peer 192.0.2.9\n set transform-set TS\n match address 101\n"
		" set session-key inbound esp 300 cipher 000102030405060708090a0b0c0d0e0f authenticator 000102030405060708090a0b0c0d0e0f10111213\n"
		" set session-key outbound esp 301 cipher 000102030405060708090a0b0c0d0e0f authenticator 000102030405060708090a0b0c0d0e0f10111213\n";
	static const struct {
		const char *line;
		bool taken;
	} t[] = {
		{ "crypto map M 20 ipsec-isakmp", true },
		{ "crypto ipsec security-association lifetime seconds 7200", true },
		{ "crypto map M 10", true },
		{ "description other", false },
		{ "set session-key inbound esp 300 cipher 100102030405060708090a0b0c0d0e0f authenticator 000102030405060708090a0b0c0d0e0f10111213", false },
		{ "no match address", false },
		{ "no set peer 192.0.2.9", false },
		{ "no access-list 101", false },
		{ "no set session-key outbound", true },
		{ "no crypto map M 10", true },
	};
	struct ios_config *cfg = ios_parse("t", text, strlen(text), 0), *new;
	struct ios_entry *entry = cfg->maps->entries;
	struct configure at = { 0 }, next;
	char *running, *said;
	size_t i, len;
	FILE *out;
	bool known;

	entry->in = (struct ios_manual_key){ .spi = 300 };
	entry->out = (struct ios_manual_key){ .spi = 301 };
	entry->keys_hidden = true;
	manual_keys_hide(cfg);
	running = ios_print(cfg, IOS_PRINT_ALL, NULL);
	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		out = open_memstream(&said, &len);
		next = at;
		new = configure_parse(&next, running, t[i].line, 4, out);
		known = new && manual_keys_stay(cfg, new, out);
		fclose(out);
		if (!tap_ok(new && known == t[i].taken && (known || strstr(said, "cannot be read back")),
			    "with keys that are not known: %s", t[i].line))
			printf("# %s\n", said);
		if (known)
			at = next;
		ios_free(new);
		free(said);
	}
	ios_text_free(running);
	ios_free(cfg);
}

static void test_refused(void)
{
	struct typist t;

	start(&t);
	refused(&t, "hostname R1", "    ^\n% Invalid input detected at '^' marker.\n");
	refused(&t, "crypto isakmp policy 0", "% ");
	refused(&t, "crypto ipsec transform-set OLD esp-des esp-md5-hmac", "esp-des is not supported");
	refused(&t, "access-list 101 permit ip any", "% ");
	types(&t, "crypto ipsec transform-set TS esp-aes esp-sha-hmac");
	types(&t, "interface eth1");
	refused(&t, "ip address 192.0.2.1 255.255.255.0", "% Invalid input");
	types(&t, "crypto map M 10 ipsec-isakmp");
	refused(&t, "set pear 192.0.2.9", "% Invalid input: unexpected 'pear'; expected ");
	refused(&t, "set peer", "% Incomplete command: the line ends where ");
	refused(&t, "crypto i", "% Ambiguous command: 'i' is ambiguous: ipsec or isakmp\n");
	refused(&t, "set isakmp-profile", "% ");
	types(&t, "ip access-list extended A");
	refused(&t, "permit ip any 10.0.0.0", "% ");
	tap_ok(types(&t, "permit ip any 10.0.0.0 0.255.255.255"), "and then it goes on");
	end(&t);
}

/* What would take a map off an interface, or a set out of an entry, by a slip in a name. */
static void test_dangling(void)
{
	static const char text[] =
		"crypto ipsec transform-set TS esp-aes esp-sha-hmac\n"
		"access-list 101 permit ip host 10.1.0.1 any\n"
		"ipv6 access-list SIX\n permit ipv6 2001:db8:7::/48 2001:db8:9::/48\n"
		"crypto dynamic-map D 10\n set transform-set TS\n"
		"crypto map M 10 ipsec-isakmp\n set peer 192.0.2.9\n set transform-set TS\n match address 101\n"
		"crypto map ipv6 M6 10 ipsec-isakmp\n set peer 2001:db8::9\n set transform-set TS\n match address SIX\n"
		"interface eth1\n crypto map M\n ipv6 crypto map M6\nend\n";
	struct typist t;

	start(&t);
	ios_text_free(t.running);
	t.running = strdup(text);
	types(&t, "interface eth1");
	refused(&t, "crypto map NOPE", "ERROR: Crypto Map with tag \"NOPE\" does not exist.\n");
	refused(&t, "ipv6 crypto map NOPE", "ERROR: Crypto Map with tag \"NOPE\" does not exist.\n");
	tap_ok(strstr(t.running, "\n crypto map M\n") && strstr(t.running, "\n ipv6 crypto map M6\n"),
	       "the maps stay where they are");
	types(&t, "crypto map M 10");
	refused(&t, "set transform-set NOPE", "ERROR: transform set with tag \"NOPE\" does not exist.\n");
	refused(&t, "set transform-set TS NOPE", "ERROR: transform set with tag \"NOPE\" does not exist.\n");
	refused(&t, "no set peer 192.0.2.9 bogus", "expected the end of the line");
	refused(&t, "no match address 101 x", "expected the end of the line");
	unchanged(&t, "no match address 102", "has no match address 102");
	unchanged(&t, "no set transform-set NOPE", "has no transform set NOPE");
	refused(&t, "no crypto map M 10 bogus", "unexpected 'bogus'");
	refused(&t, "no crypto map M 10 ipsec-manual", "entry 10 is of another kind");
	refused(&t, "no crypto map M 10 ipsec-isakmp dynamic D", "entry 10 is of another kind");
	refused(&t, "no crypto map ipv6 M6 10 bogus", "unexpected 'bogus'");
	refused(&t, "no access-list 101 bogus", "unexpected 'bogus'");
	refused(&t, "no access-list 101 deny", "the line ends where");
	types(&t, "ipv6 access-list SIX");
	refused(&t, "no sequence 10 bogus", "unexpected 'bogus'");
	types(&t, "ip access-list extended 101");
	refused(&t, "no 10 bogus", "unexpected 'bogus'");
	refused(&t, "eq 443", "Invalid input: unexpected 'eq'");
	unchanged(&t, "no 10 deny ip any host 192.0.2.77", "access list 101 has no such entry");
	types(&t, "interface eth1");
	refused(&t, "no ipv6 crypto map M6 extra", "expected the end of the line");
	refused(&t, "netdev eth2", "interface eth1 is device eth1 and has crypto map M: take that off it first");
	tap_ok(types(&t, "netdev eth1"), "the device that it is");
	types(&t, "crypto dynamic-map D 10");
	refused(&t, "set transform-set NOPE", "ERROR: transform set");
	types(&t, "crypto map M 10");
	tap_ok(types(&t, "set transform-set default"), "the set that IOS has without a definition");
	end(&t);
}

/* What "?" tells after @line in the section that @head opens. */
static void helps(const char *head, const char *line, const char *wanted)
{
	struct configure at = { 0 };
	char *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	snprintf(at.head, sizeof(at.head), "%s%s", head, *head ? "\n" : "");
	configure_help(&at, line, f);
	fclose(f);
	if (!tap_ok(!strcmp(got, wanted), "help after %s: %s?", head, line))
		printf("# %s\n", got);
	free(got);
}

static void completes(const char *head, const char *line, const char *wanted)
{
	struct configure at = { 0 };
	char rest[64] = "";

	snprintf(at.head, sizeof(at.head), "%s%s", head, *head ? "\n" : "");
	if (!tap_ok(configure_complete(&at, line, rest, sizeof(rest)) == !!*wanted &&
		    !strcmp(rest, wanted), "completion after %s: %s", head, line))
		printf("# '%s'\n", rest);
}

static void test_help(void)
{
	static const char entry[] = "crypto map M 10 ipsec-isakmp";
	static const char list[] = "ip access-list extended A";

	helps("", "", "  access-list   an access list by number\n"
	      "  crypto        crypto maps, ISAKMP and IPsec\n"
	      "  default       what a command is without a line about it\n"
	      "  do            a command outside of the configuration\n"
	      "  end           leave the configuration\n"
	      "  exit          leave the configuration\n"
	      "  interface     an interface, and the crypto maps on it\n"
	      "  ip            access lists of IPv4 by name\n"
	      "  ipv6          access lists of IPv6\n"
	      "  no            take a command back\n"
	      "  object-group  networks or services that access lists name together\n");
	helps("", "cr", "  crypto  crypto maps, ISAKMP and IPsec\n");
	helps("", "ip ", "  access-list  an access list by name\n");
	helps("", "cry isa pol ", "  <1-10000>  a priority\n");
	helps("", "crypto map M 1", "  <1-65535>  a sequence number\n");
	helps("", "crypto map M 10 ", "  ipsec-isakmp  SAs are negotiated by ISAKMP\n"
	      "  ipsec-manual  SAs with manual keys\n");
	helps("", "crypto isakmp key SECRET ", "  address   by address\n  hostname  by host name\n");
	helps("", "crypto ipsec transform-set T esp-aes 256 esp-sha2",
	      "  esp-sha256-hmac  HMAC-SHA-256\n");
	helps("", "crypto gdoi ", "% Unrecognized command\n");
	helps("", "no crypto isakmp policy 10 ", "  <cr>\n");
	helps("crypto isakmp policy 10", "encr aes ", "  128   bits of the key\n"
	      "  192   bits of the key\n  256   bits of the key\n  <cr>\n");
	helps("crypto isakmp policy 10", "no group ", "  <cr>\n");
	helps("object-group v6-network N\n any", "", "  X:X:X:X::X/<0-128>  a prefix\n"
	      "  any                 any address\n  default             what a command is without a line about it\n"
	      "  description         a text about the group\n"
	      "  do                  a command outside of the configuration\n"
	      "  end                 leave the configuration\n  exit                leave this section\n"
	      "  group-object        all of another group\n  host                one address\n"
	      "  no                  take a command back\n"
	      "  range               addresses from and to\n");
	helps(entry, "set pe", "  peer  a peer\n");
	helps(entry, "set transform-set TS ", "  WORD  the name of a further transform set\n  <cr>\n");
	helps(entry, "description ", "  LINE  a description\n");
	helps(entry, "crypto isakmp ke", "  keepalive  dead peer detection\n"
	      "  key        a pre-shared key\n");
	helps(entry, "set nonsense ", "% Unrecognized command\n");
	helps(list, "permit ip any ",
	      "  A.B.C.D       a destination: any, host, object-group or an address and a wildcard\n"
	      "  any           any address\n  host          one address\n"
	      "  object-group  the networks of an object-group\n");
	helps(list, "permit tcp any any e", "  eq           the port, or one of several\n"
	      "  established  TCP of a connection: ACK or RST\n");
	helps(list, "permit udp any any e", "  eq    the port, or one of several\n");
	helps(list, "permit tcp any any eq ww", "  www   port 80\n");
	helps("interface eth1", "crypto map ", "  WORD  the name of a crypto map\n");
	helps("crypto pki certificate chain T", "certificate ",
	      "  WORD         the serial number of a certificate\n  ca           that of the CA\n"
	      "  self-signed  that of this side, by itself\n");
	helps("crypto pki certificate chain T\n certificate 01", "q", "  quit  the end of the certificate\n");
	helps("interface eth1", "no crypto map ", "  WORD  the name of the crypto map\n  <cr>\n");
	completes("", "cr", "ypto ");
	completes("", "crypto isakmp ke", "");
	completes("", "crypto isakmp keep", "alive ");
	completes("", "crypto isakmp policy 1", "");
	completes(entry, "set tr", "ansform-set ");
	completes(entry, "set peer 192.0.2.9 ", "");
	completes(list, "permit t", "cp ");
}

/* What is in a file is read as the line is typed. */
static void test_files(void)
{
	char path[] = "/tmp/configure.XXXXXX", line[64];
	int fd = mkstemp(path);
	struct typist t;

	if (fd < 0 || write(fd, "KEY", 3) != 3 || fchmod(fd, 0640))
		exit(1);
	close(fd);
	start(&t);
	snprintf(line, sizeof(line), "key file %s", path);
	tap_ok(types(&t, "crypto pki trustpoint T") && types(&t, line) &&
	       strstr(t.said, "others than its owner may read this private key"),
	       "a file that others may read is told, and taken");
	unlink(path);
	tap_ok(!types(&t, line) && strstr(t.said, "No such file") && !strstr(t.said, "Invalid input"),
	       "one that is not there is not");
	end(&t);
}

static void test_phase1(void)
{
	struct ios_config *cfg = ios_new("t");

	tap_ok(!add_phase1(cfg, "crypto isakmp policy 10\n group 14\ncrypto isakmp policy 20\n gr") &&
	       !cfg->policies, "phase 1 that cannot be read as a whole is not taken in part");
	tap_ok(add_phase1(cfg, "crypto isakmp policy 10\n group 14\n") && cfg->policies,
	       "phase 1 that can is taken");
	ios_free(cfg);
}

int main(void)
{
	test_same();
	test_sections();
	test_others();
	test_hidden();
	test_refused();
	test_dangling();
	test_help();
	test_files();
	test_phase1();
	return tap_done();
}
