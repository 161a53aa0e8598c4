// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Trustpoints, their files and certificates, certificate maps.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "credentials.h"
#include "ios/model.h"
#include "ios_diags.h"
#include "ios_same.h"

#define FILES "crypto pki trustpoint T\n certificate file /t/cert\n ca file /t/ca\n" \
	" key file /t/key password hidden\n"
#define RSA "crypto isakmp policy 1\n encr aes\n group 14\n"
#define CHAIN "crypto pki certificate chain T\n certificate 0A nvram:r1.cer\n" \
	"  30820102 03\n  0405\n  	quit\n certificate ca 01\n  AABB\n  quit\n"
#define MAP(rules) "crypto pki certificate map M 10\n" rules

/* What is printed of it is read as the same. */
static bool loads_back(const struct ios_config *cfg)
{
	char *text = ios_print(cfg, IOS_PRINT_ALL, NULL);
	struct ios_config *again = parse(text);
	bool good = same_config(cfg, again);

	ios_free(again);
	ios_text_free(text);
	return good;
}

static void test_trustpoints(void)
{
	struct ios_config *cfg = clean("files", FILES " revocation-check ocsp none\n"
		"crypto ca trustpoint P\n pkcs12 file /t/p12 password 0 0\n" RSA);
	struct ios_trustpoint *point = cfg->trustpoints;

	tap_ok(!strcmp(point->name, "T") && !strcmp(point->file[IOS_PKI_KEY].path, "/t/key") &&
	       !strcmp(point->password, "hidden") && !point->file[IOS_PKI_PKCS12].path &&
	       point->revocation[0] == IOS_REVOCATION_OCSP &&
	       point->revocation[1] == IOS_REVOCATION_NONE, "what it says");
	tap_ok(!strcmp(point->next->password, "0") &&
	       point->next->revocation[0] == IOS_REVOCATION_CRL, "another, with IOS's default");
	tap_ok(!ios_trustpoint_lacks(point) && !ios_trustpoint_lacks(point->next) &&
	       ios_rsa_sig_ready(cfg, NULL), "they lack nothing");
	tap_ok(loads_back(cfg), "loads back");
	ios_free(cfg);

	cfg = clean("taken back", FILES "crypto pki trustpoint T\n no key file /t/key\n no ca file\n"
		    " no revocation-check ocsp\ncrypto pki trustpoint P\nno crypto pki trustpoint P\n" KEYS);
	tap_ok(!cfg->trustpoints->next && !cfg->trustpoints->file[IOS_PKI_KEY].path &&
	       !strcmp(ios_trustpoint_lacks(cfg->trustpoints), "certificate of a CA"),
	       "files, a trustpoint");
	ios_free(cfg);

	cfg = parse("crypto pki trustpoint T\n key file /t/key password SECRET word\n"
		    " pkcs12 file relative password SECRET\n key file /t/key password 6 SECRET\n"
		    " key file\n revocation-check crl crl crl none\n");
	tap_ok(cfg->n_errors == 5 && !any_diag(cfg, IOS_ERROR, "SECRET"),
	       "a password is not shown in messages");
	ios_free(cfg);

	cfg = parse("crypto pki trustpoint T\n enrollment url http://192.0.2.1:80\n serial-number none\n"
		    " fqdn r1.example.org\n ip-address none\n subject-name CN=r1\n usage ike\n"
		    " rsakeypair K 2048\n revocation-check none\ncrypto pki server S\n grant auto\n");
	tap_ok(!cfg->n_errors && cfg->n_warnings == 2 &&
	       has_diag(cfg, IOS_WARNING, 2, "trustpoint T: certificates are not enrolled here"),
	       "what says how to enrol is told once");
	ios_free(cfg);
}

static void test_password(void)
{
	struct ios_config *cfg = clean("two files", "crypto pki trustpoint T\n pkcs12 file /t/p password secret\n"
				       " key file /t/key\n");

	tap_ok(!strcmp(cfg->trustpoints->password, "secret"), "a file without password leaves that of the other one");
	ios_free(cfg);
	cfg = clean("one file", "crypto pki trustpoint T\n key file /t/key password secret\n key file /t/key\n"
		    "crypto pki trustpoint U\n pkcs12 file /t/p password secret\n no pkcs12\n");
	tap_ok(!*cfg->trustpoints->password && !*cfg->trustpoints->next->password,
	       "a password goes with the only file that it is for");
	ios_free(cfg);
}

static void test_chain(void)
{
	static const uint8_t own[] = { 0x30, 0x82, 1, 2, 3, 4, 5 };
	struct ios_config *cfg = clean("chain", "crypto pki trustpoint T\n key file /t/key\n" CHAIN RSA);
	struct ios_certificate *cert = cfg->trustpoints->chain;

	tap_ok(!cert->ca && !strcmp(cert->serial, "0A") && cert->contents.len == sizeof(own) &&
	       !memcmp(cert->contents.data, own, sizeof(own)), "a certificate of the text");
	tap_ok(cert->next->ca && cert->next->contents.len == 2, "that of the CA");
	tap_ok(!ios_trustpoint_lacks(cfg->trustpoints), "nothing but the key is in a file");
	tap_ok(loads_back(cfg), "loads back");
	ios_free(cfg);
	cfg = clean("again", FILES CHAIN CHAIN "no crypto pki certificate chain X\n" RSA);
	tap_ok(!cfg->trustpoints->chain->next->next, "the same certificates take the place of those before");
	ios_free(cfg);
	expect("a pool of certificates", FILES "crypto pki certificate pool\n cabundle nvram:ios_core.p7b\n"
	       RSA, IOS_WARNING, 5, "crypto pki certificate pool is not supported", 0);
#define WORDS "AA AA AA AA AA AA AA AA AA AA AA AA AA "
	expect("a line that is too long", "crypto pki certificate chain T\n certificate 01\n  "
	       WORDS WORDS WORDS WORDS WORDS "\n  quit\n", IOS_ERROR, 3, "more than 64 words", 1);
	expect("no hexadecimal", "crypto pki certificate chain T\n certificate 01\n  3082 30x2\n  quit\n",
	       IOS_ERROR, 3, "bytes in hexadecimal", 1);
	cfg = parse("crypto pki certificate chain T\n certificate 01\n  3082\n  3o82\n  3082\n  quit\n"
		    " certificate 01\n  AA\n certificate 02\n  BB\n  quit\n certificate 02 nvram:x.cer\n  CG\n");
	tap_ok(cfg->n_errors == 3 && has_diag(cfg, IOS_ERROR, 4, "expected bytes in hexadecimal") &&
	       has_diag(cfg, IOS_ERROR, 7, "has no end") &&
	       has_diag(cfg, IOS_WARNING, 12, "is in a file") && has_diag(cfg, IOS_ERROR, 13, "CG") &&
	       !strcmp(cfg->trustpoints->chain->serial, "02") && !cfg->trustpoints->chain->next,
	       "each mistake is told once, and what has one is left out");
	ios_free(cfg);
	cfg = parse("crypto pki certificate chain T\n certificate self-signed 01 nvram:IOS-Self-Sig#1.cer\n"
		    " certificate ca 02 nvram:CA#2CA.cer\n!\naaa new-model\ncrypto isakmp policy 10\n encr aes\n");
	tap_ok(!cfg->n_errors && cfg->policies && !cfg->trustpoints->chain &&
	       has_diag(cfg, IOS_WARNING, 2, "certificate 01 of trustpoint T is in a file of the router") &&
	       has_diag(cfg, IOS_WARNING, 3, "certificate 02"), "in files of the router: no bytes follow");
	ios_free(cfg);
	cfg = parse("crypto pki trustpoint T\n enrollment selfsigned\ncrypto pki certificate chain T\n"
		    " certificate ca 02 nvram:CA#2CA.cer\n" KEYS);
	tap_ok(!cfg->n_errors && !any_diag(cfg, IOS_WARNING, "trustpoint"),
	       "of no interest where only pre-shared keys are used");
	ios_free(cfg);
	cfg = parse("crypto pki certificate chain T\n certificate 03 nvram:r1.cer\n");
	tap_ok(!cfg->n_errors && has_diag(cfg, IOS_WARNING, 2, "certificate 03"), "as the last line");
	ios_free(cfg);
	cfg = parse("crypto pki certificate chain T\n certificate ra-sign 01\n  AA\n  quit\n"
		    " certificate rollover ca 02\n  BB\n  quit\n certificate 03\n  CC\n  quit\n" RSA);
	tap_ok(!cfg->n_errors && has_diag(cfg, IOS_WARNING, 2, "certificate 01 of trustpoint T is") &&
	       has_diag(cfg, IOS_WARNING, 5, "certificate 02") &&
	       !strcmp(cfg->trustpoints->chain->serial, "03") && !cfg->trustpoints->chain->next,
	       "neither of a registration authority nor for later");
	ios_free(cfg);
	cfg = parse("crypto pki certificate chain T\n certificate 01\n  AA\n  quit\n"
		    " certificate 01 nvram:r1.cer\n" RSA);
	tap_ok(!cfg->n_errors && cfg->trustpoints->chain->contents.len == 1 && !cfg->trustpoints->chain->next,
	       "one that is left out takes no place");
	ios_free(cfg);
	cfg = parse("crypto pki certificate chain T\n certificate 01 nvram:r1.cer\n"
		    "R1(config-cert-chain)#cr\nR1(config-cert-chain)#crypto isakmp policy 10\n" RSA);
	tap_ok(!cfg->n_errors && has_diag(cfg, IOS_WARNING, 2, "certificate 01") &&
	       !cfg->trustpoints->chain,
	       "a line that the router completed ends it, though the line itself is none");
	ios_free(cfg);
	expect("left in its bytes", "crypto pki certificate chain T\n certificate 01\n  3082\nexit\n"
	       "no crypto pki trustpoint T\n", IOS_ERROR, 2, "has no end", 1);
	expect("no end", "crypto pki certificate chain T\n certificate 01\n  3082\n", IOS_ERROR, 2,
	       "the certificate that begins here has no end", 1);
}

static bool map_has_alt(const char *rules, const char *subject, const char *first)
{
	const char *const alt[] = { first, "192.0.2.1" };
	struct ios_cert_names names = {
		.subject = subject, .issuer = "C=DE, O=Example Corp, CN=Root", .serial = "0a1b",
		.alt = alt, .n_alt = 2,
	};
	struct ios_config *cfg = parse(rules);
	bool has = !cfg->n_errors && ios_cert_map_has(cfg, "M", &names);

	if (!loads_back(cfg))
		has = !has;
	ios_free(cfg);
	return has;
}

static bool map_has(const char *rules, const char *subject)
{
	return map_has_alt(rules, subject, "r1.example.org");
}

static void test_maps(void)
{
	static const char r1[] = "C=DE, O=Example Corp, CN=r1";
	struct ios_config *cfg;
	char longer[2000];

	tap_ok(map_has(MAP(" subject-name co o = Example  corp\n"), r1), "co: case and blanks do not count");
	tap_ok(map_has(MAP(" subject-name eq cn=r1,o=example corp,c=DE\n"), r1) &&
	       map_has(MAP(" subject-name eq c=DE, o=Example Corp, cn=r1\n"), r1) &&
	       !map_has(MAP(" subject-name eq cn=r1\n"), r1), "eq: from either end");
	tap_ok(map_has(MAP(" subject-name co cn=r1, o=Example\n"), r1), "co: from the other end");
	tap_ok(!map_has(MAP(" subject-name nc cn=r1\n"), r1) && map_has(MAP(" subject-name nc cn=r2\n"), r1),
	       "nc");
	tap_ok(!map_has(MAP(" subject-name ne cn=r1,o=example corp,c=de\n"), r1) &&
	       map_has(MAP(" subject-name ne cn=r1\n"), r1), "ne");
	tap_ok(map_has(MAP(" alt-subject-name eq R1.example.org\n issuer-name co cn=root\n serial-number co 0A\n"),
		       r1), "all lines match");
	tap_ok(!map_has(MAP(" alt-subject-name eq 192.0.2.1\n issuer-name co cn=leaf\n"), r1),
	       "one line does not");
	tap_ok(!map_has(MAP(" alt-subject-name nc example\n"), r1), "nc: none of several names may");
	tap_ok(map_has(MAP(" subject-name co cn=r2\n") "crypto pki certificate map M 20\n subject-name co cn=r1\n", r1),
	       "one of several numbers is enough");
	tap_ok(!map_has(MAP(""), r1) && !map_has("", r1), "an empty map, and none, match nothing");
	ios_free(clean("one number taken back", "crypto pki certificate map N 5\n subject-name co a\n"
		       "crypto pki certificate map N 7\n subject-name co b\nno crypto pki certificate map N 7\n"
		       "crypto isakmp profile P\n match certificate N\n"));
	expect("all taken back", "crypto pki certificate map N 5\n subject-name co a\n"
	       "crypto pki certificate map N 7\n subject-name co b\nno crypto pki certificate map N 7\n"
	       "no crypto pki certificate map N 5\ncrypto isakmp profile P\n match certificate N\n",
	       IOS_WARNING, 7, "certificate map N is not defined", 0);
	tap_ok(!map_has(MAP(" subject-name co cn=r1\n no subject-name co cn=r1\n"), r1), "taken back");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	tap_ok(!map_has(MAP(" subject-name co x\n"), longer) && !map_has(MAP(" subject-name nc y\n"), longer) &&
	       !map_has(MAP(" subject-name ne y\n"), longer), "what is too long to be compared matches nothing");
	tap_ok(!map_has_alt(MAP(" alt-subject-name nc y\n"), r1, longer) &&
	       map_has_alt(MAP(" alt-subject-name eq 192.0.2.1\n"), r1, longer),
	       "nor does one of several names");
	tap_ok(map_has(MAP(" subject-name eq o=a b\n"), "\n\vO\r=a\f b\n"), "other blanks do not count either");
	expect("what cannot be matched", MAP(" valid-start gt Jan 1 2020\n")
	       "crypto isakmp profile P\n match certificate M\n", IOS_ERROR, 2,
	       "cannot be matched by 'valid-start'", 1);
	cfg = parse(MAP(" subject-name co cn=r1\n name co r1\n"));
	tap_ok(!cfg->n_errors && has_diag(cfg, IOS_WARNING, 3, "certificate map M 10, which no isakmp profile has, is left out") &&
	       !cfg->cert_maps, "a map of others that cannot be matched is left out as a whole");
	ios_free(cfg);
	ios_free(clean("and one whose rule is taken back", MAP(" subject-name co cn=r1\n name co r1\n no name co r1\n")));
}

/* What came before revocation-check. */
static void test_crl(void)
{
	struct ios_config *cfg = parse("crypto pki trustpoint A\n crl optional\ncrypto pki trustpoint B\n crl best-effort\n"
				       "crypto pki trustpoint C\n crl optional\n no crl optional\n");
	char *text = ios_print(cfg, IOS_PRINT_ALL, NULL);

	tap_ok(!cfg->diags && strstr(text, "trustpoint A\n revocation-check none\n") &&
	       strstr(text, "trustpoint B\n revocation-check crl none\n") && strstr(text, "trustpoint C\n revocation-check crl\n"),
	       "crl optional and crl best-effort are revocation-check none and crl none");
	ios_text_free(text);
	ios_free(cfg);
	expect("other settings of enrolment", "crypto pki trustpoint A\n eku request client-auth\n"
	       " ip-extension unicast inherit\n query certificate\n crl query ldap://h\n", IOS_WARNING, 2,
	       "certificates are not enrolled here", 0);
	cfg = parse("R1(config)#crypto pki certificate chain A\nR1(config-cert-chain)#certificate ca 01\n"
		    "Enter the certificate in hexadecimal representation....\nR1(config-pubkey)#30030201 01\nR1(config-pubkey)#quit\n");
	tap_ok(!cfg->diags && cfg->trustpoints->chain && cfg->trustpoints->chain->contents.len == 5,
	       "what a router says before the bytes are typed is no line of it");
	ios_free(cfg);
}

static void test_profiles(void)
{
	struct ios_config *cfg = clean("profile", FILES RSA MAP(" subject-name co cn=r1\n")
		"crypto isakmp profile A\n match identity host r1.example.org\n"
		"crypto isakmp profile P\n ca trust-point T\n match certificate M\n self-identity trustpoint\n");
	struct ios_cert_names names = { .subject = "CN=r1", .issuer = "", .serial = "" };
	struct ios_id id = { .kind = IOS_ID_OTHER };
	struct ios_local local = { 0 };
	struct ios_profile *p = ios_profile_find(cfg, "P");

	tap_ok(p->self.kind == IOS_ID_DN && ios_trustpoint_next(cfg, p, NULL) == cfg->trustpoints &&
	       !ios_trustpoint_next(cfg, p, cfg->trustpoints), "what it says");
	tap_ok(loads_back(cfg), "loads back");
	tap_ok(ios_profile_of(cfg, &local, &id, &names) == p, "a certificate chooses a profile");
	tap_ok(!ios_profile_of(cfg, &local, &id, NULL), "without one nobody is of it");
	names.subject = "CN=r2";
	tap_ok(!ios_profile_of(cfg, &local, &id, &names), "nor by another");
	ios_free(cfg);
	expect("unknown trustpoint", "crypto isakmp profile P\n ca trust-point X\n match certificate M\n",
	       IOS_WARNING, 1, "trustpoint X is not defined", 0);
	expect("unknown map", "crypto isakmp profile P\n match certificate M\n", IOS_WARNING, 1,
	       "certificate map M is not defined", 0);
	expect("nothing to sign by", RSA "crypto pki trustpoint T\n ca file /t/ca\n", IOS_WARNING, 1,
	       "authentication rsa-sig needs a trustpoint", 0);
	expect("what it lacks", RSA "crypto pki trustpoint T\n ca file /t/ca\n", IOS_WARNING, 4,
	       "trustpoint T has no certificate of this side", 0);
}

/* The files are read by who loads, and go to the daemon with the text. */
static void test_contents(void)
{
	char dir[] = "/tmp/pki.XXXXXX", key[64], text[256], *printed;
	struct ios_config *cfg, *again;
	FILE *f;

	if (!mkdtemp(dir))
		return;
	snprintf(key, sizeof(key), "%s/key", dir);
	snprintf(text, sizeof(text), "crypto pki trustpoint T\n key file %s\n", key);
	cfg = parse(text);
	tap_ok(!credentials_read(cfg) && cfg->n_errors == 1 && has_diag(cfg, IOS_ERROR, 2, "No such file"),
	       "a file that is not there");
	f = fopen(key, "w");
	fputs("-----BEGIN", f);
	fclose(f);
	chmod(key, 0640);
	tap_ok(!credentials_read(cfg) && cfg->n_errors == 1 &&
	       cfg->trustpoints->file[IOS_PKI_KEY].contents.len == 10, "one that is");
	tap_ok(cfg->n_warnings == 1 && has_diag(cfg, IOS_WARNING, 2, "others than its owner may read this private key"),
	       "and that others may read");
	printed = ios_print(cfg, IOS_PRINT_PHASE1 | IOS_PRINT_CONTENTS, NULL);
	again = parse(printed);
	tap_ok(!again->n_errors && again->trustpoints->file[IOS_PKI_KEY].contents.len == 10 &&
	       !memcmp(again->trustpoints->file[IOS_PKI_KEY].contents.data, "-----BEGIN", 10),
	       "its contents are handed over");
	ios_free(again);
	ios_text_free(printed);
	printed = ios_print(cfg, IOS_PRINT_ALL, NULL);
	tap_ok(!strstr(printed, "contents"), "and not shown");
	ios_text_free(printed);
	ios_free(cfg);
	unlink(key);
	rmdir(dir);
}

int main(void)
{
	test_trustpoints();
	test_password();
	test_chain();
	test_maps();
	test_crl();
	test_profiles();
	test_contents();
	return tap_done();
}
