// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The commands without a kernel: which one a line is, what is said of lines that are
 * none, the filters behind it, and times.
 */
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "filter.h"
#include "printed.h"
#include "progress.h"
#include "tap.h"
#include "trial.h"

/* Splits a line at its blanks, and takes the filter off; *copy is what the words stand in. */
static void input_of(struct input *input, char *copy, size_t size, const char *line)
{
	char *word;

	*input = (struct input){ .offset = 3 };
	snprintf(input->line, sizeof(input->line), "%s", line);
	snprintf(copy, size, "%s", line);
	input->filter = strchr(copy, '|');
	if (input->filter)
		*input->filter++ = '\0';
	for (word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
		input->column[input->n] = word - copy;
		input->word[input->n++] = word;
	}
}

/* The same of what a handler says on standard error, before it asks the kernel. */
static void line_refused(const char *line, int wanted_ret, const char *wanted)
{
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO), ret;
	struct input input;
	char copy[256], got[256] = "";
	size_t len;

	input_of(&input, copy, sizeof(copy), line);
	input.out = input.err = stdout;
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	ret = execute(&input, false);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	len = fread(got, 1, sizeof(got) - 1, file);
	if (!tap_ok(ret == wanted_ret && len == strlen(wanted) && !strcmp(got, wanted), "line: %s", line))
		printf("# returned %d, said: %s\n", ret, got);
	fclose(file);
}

/* What execute() says and returns for a line that does not get as far as the kernel. */
static void says(const char *line, bool typed, int wanted_ret, const char *wanted)
{
	struct input input;
	char copy[256], *got;
	size_t len;
	int ret;

	input_of(&input, copy, sizeof(copy), line);
	input.echo = !typed;
	input.out = input.err = open_memstream(&got, &len);
	ret = execute(&input, false);
	fclose(input.out);
	if (!tap_ok(ret == wanted_ret && !strcmp(got, wanted), "line: %s", line))
		printf("# returned %d, said:\n%s\n", ret, got);
	free(got);
}

/* of the shell */
static void line_says(const char *line, int wanted_ret, const char *wanted)
{
	says(line, true, wanted_ret, wanted);
}

/* of a shell's command line */
static void words_say(const char *line, const char *wanted)
{
	says(line, false, USAGE, wanted);
}

static void command_is(const char *line, const char *wanted)
{
	const struct command *c;
	struct input input;
	char copy[256];
	enum parse_result result;
	int at;

	input_of(&input, copy, sizeof(copy), line);
	result = command_parse(input.word, input.n, &c, &at);
	tap_ok(wanted ? result == PARSED && !strcmp(c->words, wanted) : result != PARSED,
	       "command: %s", line);
}

#define NEEDS_BINDING \
	"cryptomap: --interface needs NAME=DEVICE, such as GigabitEthernet0/1=eth0\n"

static void test_commands(void)
{
	size_t i;

	command_is("show crypto ipsec sa", "show crypto ipsec sa");
	command_is("sh cry ips sa", "show crypto ipsec sa");
	command_is("sh cry isa sa", "show crypto isakmp sa");
	command_is("sh cr is po", "show crypto isakmp policy");
	command_is("sh ru", "show running-config");
	command_is("SHOW Crypto MAP", "show crypto map");
	command_is("sh cr ips sa p 1.1.1.1 d", "show crypto ipsec sa peer ADDRESS detail");
	command_is("sh cr ips sa p 2001:db8::1", "show crypto ipsec sa peer ADDRESS");
	command_is("sh cr ips sa p 1.1.1", NULL);
	command_is("sh cr m t BRANCH", "show crypto map tag NAME");
	command_is("sh acc 101", "show access-lists NAME");
	command_is("clear crypto sa peer 1.1.1.1", "clear crypto sa peer PEER");
	command_is("clear crypto sa peer gw-1.example.org", "clear crypto sa peer PEER");
	command_is("clear crypto sa peer 1.1.1", NULL);
	command_is("clear crypto sa peer fd00::g", NULL);
	command_is("cl cr sa vrf red", "clear crypto sa vrf VRF");
	command_is("cl cr se r 1.1.1.1 p 4500", "clear crypto session remote ADDRESS port PORT");
	command_is("cl cr se r 1.1.1.1 p 0", NULL);
	command_is("cl cr se l gw", NULL);
	command_is("cl cr sa e 1.1.1.1 esp 0xB0E405F8", "clear crypto sa entry ADDRESS esp SPI");
	command_is("cl cr sa e 1.1.1.1 esp 0", NULL);
	command_is("cl cr isa 1001", "clear crypto isakmp CONN-ID");
	command_is("cl cr isa 4294967296", NULL);
	command_is("cl cr se", "clear crypto session");
	command_is("LOAD x", "load FILE");
	command_is("load /a/name/that/is/longer/than/any/name/of/an/object/may/be/in/the/configuration",
		   "load FILE");
	command_is("confirm", "confirm");
	command_is("conf t", "configure terminal");
	command_is("sh arch conf roll time", "show archive config rollback timer");
	command_is("packet-t i Gi0/1 tcp 10.1.0.2 0 10.2.0.2 65535",
		   "packet-tracer input INTERFACE tcp SOURCE SOURCE-PORT DESTINATION DESTINATION-PORT");
	command_is("packet-t i eth0 icmp fd01::2 128 0 fd02::2 s 1400 df",
		   "packet-tracer input INTERFACE icmp SOURCE TYPE CODE DESTINATION size BYTES df");
	command_is("packet-t i eth0 icmp 10.1.0.2 256 0 10.2.0.2", NULL);
	command_is("packet-t i eth0 udp 10.1.0.2 65536 10.2.0.2 1", NULL);
	command_is("packet-t i eth0 esp 10.1.0.2 0x1001 10.2.0.2",
		   "packet-tracer input INTERFACE esp SOURCE SPI DESTINATION");
	command_is("packet-t i eth0 udp 10.1.0.2 isakmp 10.2.0.2 non500-isakmp",
		   "packet-tracer input INTERFACE udp SOURCE SOURCE-PORT DESTINATION DESTINATION-PORT");
	command_is("packet-t i eth0 tcp 10.1.0.2 1024 10.2.0.2 www s 1400",
		   "packet-tracer input INTERFACE tcp SOURCE SOURCE-PORT DESTINATION DESTINATION-PORT size BYTES");
	command_is("packet-t i eth0 tcp 10.1.0.2 1024 10.2.0.2 isakmp", NULL);
	command_is("packet-t i eth0 udp 10.1.0.2 1024 10.2.0.2 www", NULL);
	command_is("packet-t i eth0 rawip 10.1.0.2 ospf 10.2.0.2",
		   "packet-tracer input INTERFACE rawip SOURCE PROTOCOL DESTINATION");
	command_is("packet-t i eth0 rawip 10.1.0.2 ip 10.2.0.2", NULL);
	command_is("packet-t i eth0 rawip 10.1.0.2 256 10.2.0.2", NULL);
	command_is("packet-t i eth0 icmp 10.1.0.2 echo 0 10.2.0.2",
		   "packet-tracer input INTERFACE icmp SOURCE TYPE CODE DESTINATION");
	command_is("packet-t i eth0 icmp 10.1.0.2 8 echo 10.2.0.2", NULL);
	command_is("cl cr sa e 1.1.1.1 ah 0x1001", "clear crypto sa entry ADDRESS ah SPI");
	command_is("test cry map M 10 up", "test crypto map NAME SEQ up");
	command_is("test cry map M 0 up", NULL);
	command_is("test cry map M 65536 down", NULL);
	command_is("test cry map M 10", NULL);
	command_is("cl cr s", NULL);
	command_is("show crypto", NULL);
	command_is("show crypto ipsecs sa", NULL);
	command_is("show drops now", NULL);
	command_is("bogus", NULL);

	/* every beginning of a command stands before it */
	for (i = 1; i < n_commands; i++) {
		const char *last = command_word(&commands[i]);
		size_t len = last - commands[i].words, j;

		for (j = i; len && j--;)
			if (strlen(commands[j].words) == len - 1 &&
			    !strncmp(commands[j].words, commands[i].words, len - 1))
				break;
		if (len && j == SIZE_MAX)
			tap_ok(false, "nothing leads to '%s'", commands[i].words);
		if (!strcmp(commands[i].words, commands[i - 1].words))
			tap_ok(false, "'%s' is there twice", commands[i].words);
	}

	line_says("show crypto ipsecs sa", USAGE,
		  "               ^\n% Invalid input detected at '^' marker.\n\n");
	line_says("show drops now", USAGE,
		  "              ^\n% Invalid input detected at '^' marker.\n\n");
	line_says("sh cr i", USAGE,
		  "% Ambiguous command:  \"sh cr i\"\n"
		  "  ipsec        phase 2\n"
		  "  isakmp       phase 1\n");
	line_says("show crypto", USAGE, "% Incomplete command.\n\n");
	words_say("show crypto isakmp saa",
		  "cryptomap show crypto isakmp saa\n"
		  "                      ^\n% Invalid input detected at '^' marker.\n\n"
		  "expected: default, key, peers, policy, profile, sa\n");
	words_say("show crypto isakmp sa x",
		  "cryptomap show crypto isakmp sa x\n"
		  "                         ^\n% Invalid input detected at '^' marker.\n\n"
		  "expected: detail or the end of the line\n");
	words_say("show drops now",
		  "cryptomap show drops now\n"
		  "              ^\n% Invalid input detected at '^' marker.\n\n"
		  "expected: the end of the line\n");
	words_say("show crypto ipsec sa peer 1.2.3",
		  "cryptomap show crypto ipsec sa peer 1.2.3\n"
		  "                             ^\n% Invalid input detected at '^' marker.\n\n"
		  "expected: ADDRESS\n");
	words_say("clear crypto", "% Incomplete command.\n\nexpected: isakmp, sa, session\n");
	line_says("show crypto isakmp sa ?", DONE,
		  "  detail  with their algorithms and lifetimes\n"
		  "  --json  as JSON\n"
		  "  |       Output modifiers\n"
		  "  <cr>\n");
	line_says("clear crypto isakmp ?", DONE,
		  "  CONN-ID  the one with this number\n"
		  "  <cr>\n");
	line_says("load file ?", DONE,
		  "  --json                   as JSON\n"
		  "  --dry-run                tell what would change, and change nothing\n"
		  "  --confirm-within TIME    go back to the configuration of before unless confirmed in time\n"
		  "  --strict                 take warnings for errors\n"
		  "  --interface NAME=DEVICE  the Linux device of an interface\n"
		  "  <cr>\n");
	line_says("show drops --dry-run", USAGE,
		  "cryptomap: --dry-run or --confirm-within is not for 'show drops'\n");
	line_says("clear crypto sa --json", USAGE, "cryptomap: --json is not for 'clear crypto sa'\n");
	line_says("load x --dry-run --confirm-within 5m", USAGE,
		  "cryptomap: --confirm-within is not for --dry-run\n");
	line_says("show drops --interface Gi0/1=eth0", USAGE,
		  "cryptomap: --interface is not for 'show drops'\n");
	line_says("check x --interface", USAGE, NEEDS_BINDING);
	line_says("check x --interface Gi0/1", USAGE, NEEDS_BINDING);
	line_says("load x --interface =eth0", USAGE, NEEDS_BINDING);
	line_says("load x --interface Gi0/1=", USAGE, NEEDS_BINDING);
	line_says("load x --interface Gi0/1=eth0/1", USAGE,
		  "cryptomap: --interface: 'eth0/1' cannot be the name of a Linux network device\n");
	line_says("load x --interface Gi0/1=a234567890123456", USAGE,
		  "cryptomap: --interface: 'a234567890123456' cannot be the name of a Linux network device\n");
	line_says("load x --interface GigabitEthernet0/1.3456789012345678901234567890123456789012345678=eth0",
		  USAGE, "cryptomap: --interface: the name of an interface has 63 characters at most\n");
	line_says("load x --interface Gi0/1=eth0 --interface gigabitethernet0/1=eth1", USAGE,
		  "cryptomap: --interface is there twice for gigabitethernet0/1\n");
	line_says("load x --interface Gi0/1=eth0 --interface Gi0/2=eth0", USAGE,
		  "cryptomap: --interface: eth0 cannot be both Gi0/1 and Gi0/2\n");
	line_refused("clear crypto sa entry 192.0.2.9 ah 0x1001", REFUSED,
		     "cryptomap: there is no SA of AH to 192.0.2.9 with SPI 0x1001(4097): all are of ESP\n");
	line_refused("packet-tracer input lo rawip 10.1.0.2 gre fd02::2", USAGE,
		     "cryptomap: source and destination are of different address families\n");
	line_refused("packet-tracer input lo rawip fd01::2 gre fd02::2", USAGE,
		     "cryptomap: access lists of IPv6 have no protocol 'gre'\n");
	line_refused("packet-tracer input lo icmp 10.1.0.2 nd-ns 0 10.2.0.2", USAGE,
		     "cryptomap: access lists of IPv4 have no ICMP type 'nd-ns'\n");
	line_refused("packet-tracer input lo icmp 10.1.0.2 port-unreachable 4 10.2.0.2", USAGE,
		     "cryptomap: the code of 'port-unreachable' is 3\n");
	line_says("conf t", USAGE, "cryptomap: 'configure terminal' is for the shell only\n");
	line_says("show drops --bogus", USAGE, "cryptomap: unknown option '--bogus'\n");
	line_says("show drops | x", USAGE,
		  "% Expected begin, count, exclude, include or section after |\n");
	line_says("show drops | i", USAGE, "% Expected a regular expression after | include\n");
	line_says("show drops | i (", USAGE,
		  "% Bad regular expression '(': Unmatched ( or \\(\n");
}

static void filtered(const char *filter_text, const char *wanted)
{
	static const char text[] =
		"crypto map M 10 ipsec-isakmp\n"
		" set peer 192.0.2.1\n"
		" match address A\n"
		"crypto map M 20 ipsec-isakmp\n"
		" set peer 192.0.2.2\n"
		"interface eth0\n"
		" crypto map M\n";
	struct filter filter;
	char copy[sizeof(text)], *got;
	size_t len;
	FILE *f = open_memstream(&got, &len);

	memcpy(copy, text, sizeof(text));
	if (filter_parse(&filter, filter_text, f)) {
		filter_print(&filter, f, copy);
		filter_free(&filter);
	}
	tap_ok(!strcmp(copy, text), "| %s leaves the text as it was", filter_text);
	is(filter_text, f, &got, wanted);
}

static void test_filters(void)
{
	filtered(" include peer|interface",
		 " set peer 192.0.2.1\n set peer 192.0.2.2\ninterface eth0\n");
	filtered("inc ^interface eth0$", "interface eth0\n");
	filtered("exclude set|match|^ ",
		 "crypto map M 10 ipsec-isakmp\ncrypto map M 20 ipsec-isakmp\ninterface eth0\n");
	filtered("b M 20",
		 "crypto map M 20 ipsec-isakmp\n set peer 192.0.2.2\ninterface eth0\n crypto map M\n");
	filtered("section map M 1",
		 "crypto map M 10 ipsec-isakmp\n set peer 192.0.2.1\n match address A\n");
	filtered("s peer", " set peer 192.0.2.1\n set peer 192.0.2.2\n");
	filtered("count map M", "Number of lines which match regexp = 3\n");
	filtered("include nothing", "");
	filtered("include eth0{1}", "");
	filtered("include ^(set|[ {]match|})", " match address A\n");
	filtered("include [^]{[:digit:]]eth[[:digit:]]+$", "interface eth0\n");
	filtered("include e(((((t)+)+)+)+)+h", "interface eth0\n");
	filtered("include ((((((h)+)+)+)+)+)+",
		 "% Too many repeated groups in '((((((h)+)+)+)+)+)+'\n");
	filtered("include (^|,)*(t|$)?h0", "interface eth0\n");
	filtered("include (^|,)*(t|$)?(h)*0", "% Too many repeated groups in '(^|,)*(t|$)?(h)*0'\n");
	filtered("include (\\<a)*(t)?(h)*0", "% Too many repeated groups in '(\\<a)*(t)?(h)*0'\n");
	filtered("include ^(i)*(n)*(t)*(e)*(r)*(f)?ace eth0$", "interface eth0\n");
	filtered("include ^interface eth+*?0$", "interface eth0\n");
	filtered("include ^interface ****************************************************eth", "interface eth0\n");
	filtered("include _M_1", "crypto map M 10 ipsec-isakmp\n");
	filtered("include _eth0_", "interface eth0\n");
	filtered("include ^nothing|_eth0_|^nothing", "interface eth0\n");
	filtered("include _nterface|eth_", "");
	filtered("include _crypto__*map_M_2|(eth_)+|[_]|\\_", "crypto map M 20 ipsec-isakmp\n");
	filtered("include _+_?_*peer", " set peer 192.0.2.1\n set peer 192.0.2.2\n");
	filtered("section include map M 1",
		 "crypto map M 10 ipsec-isakmp\n set peer 192.0.2.1\n match address A\n");
	filtered("sec ex ^crypto|interf_", "interface eth0\n crypto map M\n");
	filtered("section exclude ^crypto", "interface eth0\n crypto map M\n");
	filtered("section include", "");
	filtered("include [", "% Bad regular expression '[': Invalid regular expression\n");
}

/* What is told of a long command on a terminal, or into a pipe. */
static void progress_says(const char *what, int reader, int writer, const char *wanted)
{
	char got[256] = "";
	int saved = dup(STDERR_FILENO);

	fflush(stderr);
	dup2(writer, STDERR_FILENO);
	progress("Staging", 1, 3);
	usleep(600000);
	progress("Staging", 2, 3);
	progress("Staging", 3, 3);
	usleep(150000);
	progress("Committing", 0, 0);
	progress_end();
	fputs("#", stderr);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	if (!tap_ok(read(reader, got, sizeof(got) - 1) >= 0 && !strcmp(got, wanted), "progress: %s", what))
		printf("# got: %s\n", got);
}

static void test_progress(void)
{
	int tty, end, fd[2];

	if (openpty(&tty, &end, NULL, NULL, NULL) || pipe(fd))
		exit(1);
	setenv("TERM", "vt100", 1);
	progress_says("on a terminal", tty, end,
		      "\033[KStaging: 2 of 3\r\033[KCommitting ...\r\033[K#");
	progress_says("not into a pipe", fd[0], fd[1], "#");
	setenv("TERM", "dumb", 1);
	progress_says("not on a terminal that cannot erase", tty, end, "#");
	close(tty);
	close(end);
	close(fd[0]);
	close(fd[1]);
}

/* What `check` says of a file whose second line is an error and whose third is a warning. */
static void check_says(const char *what, const char *options, int reader, int writer,
		       const char *error, const char *warning)
{
	static const char text[] = "!\ncrypto ipsec transform-set X esp-aes 100\n"
				   "crypto map M 10 ipsec-isakmp\n";
	char path[] = "/tmp/commands.XXXXXX", line[128], copy[128], got[2048] = "", wanted[128];
	int fd = mkstemp(path), saved = dup(STDERR_FILENO);
	struct input input;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		exit(1);
	close(fd);
	snprintf(line, sizeof(line), "check %s%s", path, options);
	input_of(&input, copy, sizeof(copy), line);
	input.out = input.err = stdout;
	fflush(stderr);
	dup2(writer, STDERR_FILENO);
	execute(&input, false);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	unlink(path);
	if (read(reader, got, sizeof(got) - 1) < 0)
		exit(1);
	snprintf(wanted, sizeof(wanted), error, path);
	if (!tap_ok(strstr(got, wanted), "check: an error, %s", what))
		printf("# got: %s\n", got);
	snprintf(wanted, sizeof(wanted), warning, path);
	if (!tap_ok(strstr(got, wanted), "check: a warning, %s", what))
		printf("# got: %s\n", got);
}

static void test_check_colours(void)
{
	int tty, end, fd[2];

	if (openpty(&tty, &end, NULL, NULL, NULL) || pipe(fd))
		exit(1);
	setenv("TERM", "vt100", 1);
	unsetenv("NO_COLOR");
	check_says("on a terminal", "", tty, end, "\033[1;31m%s:2: \033[m", "\033[1;33m%s:3: warning: \033[m");
	check_says("on a terminal, where it is an error", " --strict", tty, end, "\033[1;31m%s:2: \033[m",
		   "\033[1;31m%s:3: \033[m");
	check_says("into a pipe", "", fd[0], fd[1], "%s:2: ", "\n%s:3: warning: ");
	close(tty);
	close(end);
	close(fd[0]);
	close(fd[1]);
}

static void test_trial_times(void)
{
	static const struct {
		const char *text;
		unsigned int seconds;
	} t[] = {
		{ "10s", 10 }, { "90s", 90 }, { "5m", 300 }, { "1h", 3600 }, { "24h", 86400 },
		{ "86400s", 86400 }, { "9s", 0 }, { "0m", 0 }, { "25h", 0 }, { "1441m", 0 },
		{ "5", 0 }, { "m", 0 }, { "", 0 }, { "-5m", 0 }, { " 5m", 0 }, { "5 m", 0 },
		{ "5mm", 0 }, { "1d", 0 }, { "18446744073709551616s", 0 },
		{ "5124095576030432h", 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++)
		tap_ok(trial_parse(t[i].text) == t[i].seconds, "--confirm-within '%s'", t[i].text);
}

int main(void)
{
	/* what command_find() says about words that it refuses is not under test */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	test_commands();
	test_filters();
	test_trial_times();
	test_progress();
	test_check_colours();
	return tap_done();
}
