// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text as it is copied: from a pager, a terminal's log, a web page, a word
 * processor, or a file of another system.
 */
#include <stdlib.h>

#include "ios_diags.h"

/* Every kind of line: sections, their lines, and commands of one line. */
#define LINES(top, in)								\
	top "crypto isakmp policy 1\n" in "encr aes\n" in "authentication pre-share\n"	\
	in "group 14\n" top "crypto isakmp key k address 192.0.2.1\n"		\
	top "crypto ipsec transform-set TS esp-aes esp-sha-hmac\n"		\
	top "crypto map M 1 ipsec-isakmp\n" in "set peer 192.0.2.1\n"		\
	in "set transform-set TS\n" in "match address 101\n"			\
	top "interface eth0\n" in "ip address 192.0.2.2 255.255.255.0\n" in "crypto map M\n" \
	top "ip route 0.0.0.0 0.0.0.0 192.0.2.1\n"				\
	top "access-list 101 permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255\n"

/* The text is LINES, whatever is between its words. */
static void is_whole(const char *what, const char *text, size_t len)
{
	struct ios_config *cfg = ios_parse("copied", text, len, 0);

	if (!tap_ok(!cfg->diags && cfg->n_skipped == 1 && cfg->policies && cfg->psks && cfg->tsets &&
		    cfg->maps && cfg->maps->entries->complete && cfg->interfaces &&
		    !strcmp(cfg->interfaces->map, "M") && cfg->acls && cfg->acls->n_aces == 1, "%s", what))
		show_diags(cfg);
	ios_free(cfg);
}

#define WHOLE(what, text)	is_whole(what, text, sizeof(text) - 1)

/* LINES with another byte for each line feed. */
static void is_whole_with(const char *what, const char *newline)
{
	static const char lines[] = LINES("", " ");
	char *text;
	size_t len, i;
	FILE *f = open_memstream(&text, &len);

	for (i = 0; i < sizeof(lines) - 1; i++)
		if (lines[i] == '\n')
			fputs(newline, f);
		else
			fputc(lines[i], f);
	fclose(f);
	is_whole(what, text, len);
	free(text);
}

static void test_pagers(void)
{
#define BACK "\b\b\b\b\b\b\b\b\b"
	WHOLE("the prompt of a pager before every line", LINES(" --More--         ", " --More--          "));
	WHOLE("before lines of sections", LINES("", " --More--          "));
	WHOLE("before others", LINES(" --More--         ", " "));
	WHOLE("taken away with backspaces", LINES(" --More-- " BACK "        " BACK,
						 " --More-- " BACK "        " BACK " "));
	WHOLE("with carriage returns", LINES("", " --More-- \r          \r "));
	WHOLE("with fewer blanks", LINES("--More-- ", " "));
	expect_error("what follows such a prompt is read",
		     "crypto map M 1 ipsec-isakmp\n set peer 192.0.2.1\n --More--          set bogus\n", 3,
		     "unexpected 'bogus'");
}

static void test_blanks(void)
{
	WHOLE("blanks of web pages", LINES("", "\xc2\xa0"));
	WHOLE("of Latin-1", LINES("", "\xa0"));
	WHOLE("ideographic and thin ones", LINES("", "\xe3\x80\x80\xe2\x80\x89"));
	WHOLE("marks without width", LINES("\xe2\x80\x8b", "\xef\xbb\xbf "));
	WHOLE("between words", "crypto\xc2\xa0isakmp policy\xe2\x80\x83" "1\xc2\xa0\n"
	      " authentication\xa0pre-share\n" LINES("", " "));
	ios_free(clean("at the end of the text", "hostname R1\n\xa0"));
	expect_error("a dash of a word processor", "access\xe2\x80\x93list 101 permit ip any any\n", 1,
		     "is access-list meant?");
	expect_error("after ip", "ip access\xe2\x80\x91list extended X\n permit ip any any\n", 1,
		     "is access-list meant?");
	expect_error("in a word that is left", "crypto map M 1 ipsec\xe2\x80\x93isakmp\n", 1, "unexpected 'ipsec");
}

/* A letter with a byte that is a blank in Latin-1 is none. */
static void test_letters(void)
{
	struct ios_config *cfg = parse("crypto map \xc3\xa0M\xc3\xa0 1 ipsec-isakmp\n"
				       " description caf\xc3\xa9 \xc3\xa0\n");

	tap_ok(!strcmp(cfg->maps->name, "\xc3\xa0M\xc3\xa0") &&
	       !strcmp(cfg->maps->entries->description, "caf\xc3\xa9 \xc3\xa0"),
	       "letters of UTF-8 are kept whole");
	ios_free(cfg);
}

/* What is wrong is shown as it is written, but for what would do something to the terminal. */
static void test_shown(void)
{
	expect_error("letters of UTF-8", "crypto isakmp \xc3\xa4\xe2\x82\xac\n", 1,
		     "unexpected '\xc3\xa4\xe2\x82\xac'");
	expect_error("others", "crypto isakmp a\x7f\xff\xc2\x9b\xe2\x80\xae\xe2\x81\xa6z\n", 1,
		     "unexpected 'a?????z'");
	expect_error("one that would be cut", "crypto isakmp 12345678901234567890123456789012345678901234567890"
		     "123456789\xe2\x82\xac\n", 1, "0123456789...'");
}

/* The model of one policy and one list of what was typed and rubbed out. */
static void typed(const char *what, const char *text, const char *wanted)
{
	struct ios_config *cfg = clean("typed", text), *same = parse(wanted);
	char *got = ios_print(cfg, IOS_PRINT_ALL, NULL), *want = ios_print(same, IOS_PRINT_ALL, NULL);

	if (!tap_ok(!strcmp(got, want), "typed: %s", what))
		printf("# got: %s\n# wanted: %s\n", got, want);
	ios_text_free(got);
	ios_text_free(want);
	ios_free(cfg);
	ios_free(same);
}

static void test_rubouts(void)
{
#define RUBOUT "\b \b"
#define LIST "access-list 101 permit ip host 1.1.1.1 host 2.2.2.2\n"
	typed("a digit too much", "R1(config)#access-list 101 permit ip host 1.1.1.1 host 2.2.2.22" RUBOUT "\n", LIST);
	typed("in the middle of a word", "R1(config)#access-list 101 permti" RUBOUT RUBOUT "it ip host 1.1.1.1 host 2.2.2.2\n",
	      LIST);
	typed("all of it, and more", "R1(config)#acl" RUBOUT RUBOUT RUBOUT "access-list 101 permit ip host 1.1.1.1 host 2.2.2.2\n",
	      LIST);
	typed("a letter of two bytes", "R1(config)#access-list 101 remark \xc3\xa9" RUBOUT "e\n",
	      "access-list 101 remark e\n");
	typed("written anew", "R1(config)#access-list 110 deny\rR1(config)#access-list 101 permit ip host 1.1.1.1 host 2.2.2.2"
	      "\b\x1b[K2\n", LIST);
	typed("with colours and a bell", "\x1b[1;31mR1(config)#\x1b[0maccess-list 101 \apermit ip host 1.1.1.1 host 2.2.2.2\n",
	      LIST);
	typed("a byte that is no character", "R1(config)#\xa7" RUBOUT "access-list 101 permit ip host 1.1.1.1 host 2.2.2.2\n", LIST);
	typed("a wider letter over others", "access-list 101 remark ab\b\b\xc3\xa9\n", "access-list 101 remark \xc3\xa9" "b\n");
	typed("others over a wider letter", "access-list 101 remark \xc3\xa9" "ab\b\b\bxyz\n", "access-list 101 remark xyz\n");
	typed("with the cursor in the line", "access-list 101 perxit ip host 1.1.1.1 host 2.2.2.2\x1b[31D\x1b[Dm\n", LIST);
	typed("erased as a whole", "access-list 101 remark longer\r\x1b[2K\raccess-list 101 remark x\n", "access-list 101 remark x\n");
	typed("a letter deleted", "access-list 101 remark xyz\b\b\x1b[P\n", "access-list 101 remark xz\n");
	typed("with a title and another character set", "\x1b]0;t\x1b\\\x1b(B\x1b[maccess-list 101 remark x\x1b]0;u\a\n",
	      "access-list 101 remark x\n");
	expect_error("a carriage return that ends a line", "crypto isakmp key k address 1.1.1.1\r crypto isakmp key l address 1.1.1.2\n! a\bb\n",
		     1, "unexpected 'crypto'");
	typed("of an old Macintosh", "access-list 101 permit ip host 1.1.1.1 host 2.2.2.22" RUBOUT "\r"
	      "access-list 102 permit ip any any\r", LIST "access-list 102 permit ip any any\n");
	expect_error("what is there at the end counts", "crypto isakmp key k address 1.1.1.1" RUBOUT RUBOUT "\n", 1,
		     "unexpected '1.1.1'");
}

static void test_files(void)
{
	struct ios_config *cfg;

	is_whole_with("lines that end with carriage returns", "\r");
	is_whole_with("with carriage returns and line feeds", "\r\n");
	is_whole_with("with two carriage returns", "\r\r\n");
	is_whole_with("with carriage returns after the line feeds", "\n\r");
	cfg = ios_parse("copied", "\xff\xfe!\0\r\0\n\0", 8, 0);

	tap_ok(cfg->n_errors == 1 && has_diag(cfg, IOS_ERROR, 1, "the text is UTF-16"), "UTF-16");
	ios_free(cfg);
	cfg = ios_parse("copied", "\0!\0\n", 4, 0);
	tap_ok(cfg->n_errors == 1 && has_diag(cfg, IOS_ERROR, 1, "the text is UTF-16"),
	       "without a byte order mark");
	ios_free(cfg);
}

static void test_prompts(void)
{
	struct ios_config *cfg;

	WHOLE("prompts with any name", LINES("R&D~1+[x](config)#", "R&D~1+[x](config-x)# "));
	WHOLE("prompts with a blank, as they are in print", LINES("R1 (config)# ", "R1 (config-x)# "));
	ios_free(clean("a comment about one", "ip access-list extended VPN\n permit ip any any\n"
		       "! (config-ext-nacl)#permit foo\n# (config)#bogus\n!R1(config-ext-nacl)#permit foo\n"
		       "// R1(config)#crypto foo\n"));
	cfg = clean("a text about one", "ip access-list extended VPN\n remark (config)#permit ip any any\n"
		    "interface eth0\n description (config-if)#crypto map X\n");
	tap_ok(cfg->acls->n_aces == 1 && !cfg->interfaces, "is no command");
	ios_free(cfg);
	WHOLE("that are indented", LINES("  R1(config)#", "  R1(config-x)#"));
	WHOLE("the prompt of another pager", LINES("<--- More --->\r              \r", " "));
	WHOLE("prompts that are cut off", LINES("a-long-name-of-a-router-12(con)#",
						"a-long-name-of-a-router-12(config-x)#"));
}

static void test_cut_lines(void)
{
	expect_error("a line that did not fit the terminal", "R1(config)#$c transform-set T esp-gcm\n", 1,
		     "the beginning of this line is lost");
	expect_warning("without the prompt", "$c transform-set T esp-gcm\n", 1,
		       "the beginning of this line is lost");
	ios_free(clean("a command of a shell", "$ cat r1.cfg\n"));
}

/* Nothing is said of it, and the policy is the one that the router took. */
static void took(const char *what, const char *text)
{
	struct ios_config *cfg = parse(text);
	const struct ios_policy *policy = cfg->policies;

	if (!tap_ok(!cfg->diags && policy && policy->group == 14 && policy->hash == IOS_HASH_SHA256 &&
		    policy->auth == IOS_AUTH_PRE_SHARE && !policy->next, "%s", what))
		show_diags(cfg);
	ios_free(cfg);
}

#define TOP	"R1(config)#"
#define IN	"R1(config-isakmp)#"
#define POLICY	TOP "crypto isakmp policy 1\n" IN "authentication pre-share\n" IN "group 14\n"

static void test_typed(void)
{
	took("the tabulator in a word", TOP "crypto isa\n" TOP "crypto isakmp po\n" POLICY
	     IN "has\n" IN "hash sha256\n");
	took("behind one, twice", TOP "crypto isakmp\n" TOP "crypto isakmp\n" POLICY IN "hash sha256\n");
	took("in an entry of an access list", POLICY IN "hash sha256\n" TOP "access-list 101 per\n"
	     TOP "access-list 101 permit ip host 10.1.1.1 any\n");
	took("in what is not supported", POLICY IN "hash sha256\n" TOP "crypto m\n"
	     TOP "crypto map M local-address Lo0\n");
	took("a question mark in a word", TOP "crypto isakmp po?\npolicy\n\n" POLICY
	     IN "hash sha?\nsha  sha256  sha384  sha512\n\n" IN "hash sha256\n");
	ios_free(clean("on an interface", LINES("", " ") "no access-list 101\n" "interface eth1\n"
		       "R1(config-if)#cr\nR1(config-if)#crypto m\nR1(config-if)#crypto map M\n"
		       "access-list 101 permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255\n"));
	expect_error("a line that is wrong, and another one like it", TOP "crypto map M 1 ipsec\n"
		     TOP "crypto map M 2 ipsec-isakmp\n", 1, "'ipsec' is ambiguous");
	expect_error("in another section", TOP "hash sha\n" IN "hash sha256\n" POLICY IN "group 3\n", 6,
		     "expected a group");
}

static void test_refused(void)
{
	expect_warning("what a router refused", POLICY IN "group 77\n" "                          ^\n"
		       "% Invalid input detected at '^' marker.\n\n" IN "hash sha256\n", 4,
		       "the router refused this line");
	expect_warning("for want of words", TOP "crypto map M 1\n% Incomplete command.\n\n", 1,
		       "the router refused this line");
	expect_warning("for too few letters", POLICY IN "hash sh\n% Ambiguous command:  \"hash sh\"\n", 4,
		       "the router refused this line");
	ios_free(clean("the text of a banner is no answer", "banner login #\nERROR: no access\nno crypto map CM 10\n#\n"
		       "banner motd ^C\n ^\n% Invalid input detected\n^C\nmacro name x\nERROR: y\n@\n"));
	expect_warning("a set that is not defined", "R1(config)#crypto dynamic-map D 1\nR1(config-crypto-map)#set transform-set X\n"
		       "ERROR: transform set with tag \"X\" does not exist.\nR1(config-crypto-map)#set peer 192.0.2.1\n", 2,
		       "the router refused this line");
	expect_warning("a map that is not", "R1(config)#interface eth0\nR1(config-if)#crypto map ZZ\n"
		       "ERROR: Crypto Map with tag \"ZZ\" does not exist.\nR1(config-if)#no shutdown\n", 2,
		       "the router refused this line");
	expect_warning("without prompts", "crypto isakmp policy 1\n group 2 5\n          ^\n"
		       "% Invalid input detected at '^' marker.\n authentication pre-share\n", 2,
		       "the router refused this line");
	expect_warning("that a map is in use", "R1(config)#no crypto map M\n% Crypto-map M is in use by interface(s): Gi0/0\n",
		       1, "the router refused this line");
	took("at another prompt", "R1#crypto map M 10 ipsec-isakmp\n     ^\n"
	     "% Invalid input detected at '^' marker.\n\nR1#conf t\n" POLICY IN "hash sha256\n");
	took("outside of the configuration", "R1#crypto map\n     ^\n"
	     "% Invalid input detected at '^' marker.\n\nR1#conf t\n" POLICY IN "hash sha256\n");
	took("that debugging is on", "R1#debug crypto isakmp\nCrypto ISAKMP debugging is on\n"
	     "Crypto ISAKMP Error debugging is off\n" POLICY IN "hash sha256\n");
	ios_free(clean("a description of it", "crypto map M local-address Lo0\n"
		       "object-group network G\n description crypto debugging is on\n host 10.0.0.1\n"));
}

/* In print there are prompts with blanks, and without the name. */
static void test_print(void)
{
	took("a blank before the sign", "Router(config) # crypto isakmp policy 1\nRouter(config-isakmp) # authentication pre-share\n"
	     "Router (config-isakmp) # group 14\nRouter(config-isakmp)  # hash sha256\n");
	took("no name", "(config)# crypto isakmp policy 1\n(config-isakmp)# authentication pre-share\n"
	     "(config-isakmp)#group 14\n(config-isakmp)# hash sha256\n");
	expect_error("the prompt of commands", "Router# crypto map M 10 ipsec-isakmp\n set peer 192.0.2.1\n", 1,
		     "'crypto' is configured in configure terminal only");
	expect_error("before an access list", POLICY "R1#ip access-list extended A\n permit ip any any\n", 4,
		     "'ip' is configured in configure terminal only");
	expect_error("before no", "R1#no access-list 101\n", 1, "'access-list' is configured");
	ios_free(clean("commands of that prompt", "R1#crypto pki authenticate T\nR1#crypto key generate rsa\n"
		       "R1#crypto ikev2 x\nR1#configure terminal\nR1(config)#access-list 1 permit any\n"));
}

#define RULE "------------------"

/* show tech-support: the outputs of many commands, of which one is a configuration */
static void test_tech(void)
{
	struct ios_config *cfg;

	took("show tech-support", RULE " show version " RULE "\n\nCisco IOS Software\ncrypto is in here\n"
	     RULE " show running-config " RULE "\n\nBuilding configuration...\n!\n" "crypto isakmp policy 1\nauthentication pre-share\ngroup 14\n"
	     "hash sha256\nend\n\n" RULE " show crypto map " RULE "\nCrypto Map IPv4 \"M\" 10 ipsec-isakmp\n"
	     "\tPeer = 192.0.2.1\n!\naccess-list 101 permit ip any any\nInterfaces using crypto map M:\n");
	expect_warning("a heading", "*** Interface of site A ***\ninterface eth0\n", 1,
		       "'***' is no command; the line is left out");
	cfg = parse("> crypto map M 10 ipsec-isakmp\n1. access-list 101 permit ip any any\n"
		    "* a list\n- of things\n2. or more\n");
	tap_ok(!cfg->maps && !cfg->acls && cfg->n_errors == 2 &&
	       has_diag(cfg, IOS_ERROR, 1, "unexpected '>' before 'crypto'") &&
	       has_diag(cfg, IOS_ERROR, 2, "unexpected '1.' before 'access-list'"), "commands behind a mark are told");
	ios_free(cfg);
}

int main(void)
{
	test_pagers();
	test_blanks();
	test_letters();
	test_shown();
	test_rubouts();
	test_files();
	test_prompts();
	test_cut_lines();
	test_typed();
	test_refused();
	test_print();
	test_tech();
	return tap_done();
}
