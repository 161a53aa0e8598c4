/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shell on a terminal, and what it does to a kernel, which is played here: commands,
 * pages, levels, lines of configure terminal that take effect at once, write memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "colour.h"
#include "configure.h"
#include "ios/print.h"
#include "left.h"
#include "no_module.h"
#include "load.h"
#include "manual_keys.h"
#include "pager.h"
#include "tap.h"
#include "transaction.h"
#include "trial.h"

static void test_long(void)
{
	char line[8], words[1024] = "exit";
	int i;

	tap_ok(shell_trim(line, sizeof(line), "  abc def \r\n") && !strcmp(line, "abc def"),
	       "the blanks around a line are no part of it");
	tap_ok(!shell_trim(line, sizeof(line), " abc defg"), "a line that is too long is not cut");
	for (i = 0; i < INPUT_WORDS; i++)
		strcat(words, i < INPUT_WORDS - 1 ? " --json" : " x");
	tap_ok(run_shell_line(words, false) == USAGE, "nor are words left out");
}

/* What a line makes the shell print and say, for free() */
static char *printed(const char *line)
{
	int out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO);
	char *text = calloc(1, 4096);
	FILE *file = tmpfile();

	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	run_shell_line(line, false);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	if (pread(fileno(file), text, 4095, 0) < 0)
		*text = '\0';
	fclose(file);
	close(out);
	close(err);
	return text;
}

/*
 * "|" needs no blanks, the name of an interface may have one; a module that is not loaded is part
 * of what is shown, and no complaint.
 */
static void test_commands(void)
{
	static const char count[] = "Number of lines which match regexp = 1\n";
	static const char help[] = "  --json  as JSON\n  |       Output modifiers\n  <cr>\n";
	/* without text it is no command, and the mark stands in this column */
	static const struct {
		const char *line;
		const char *text;
		int column;
	} t[] = {
		{ "show version|count uptime is|nothing", count, 0 },
		{ "sh ver |cou uptime is|nothing", count, 0 },
		{ "show version | count uptime is|nothing", count, 0 },
		{ "show crypto map interface GigabitEthernet 0/1 ?", help, 0 },
		{ "sh cry ips sa int Gi 0/1 detail ?", help, 0 },
		{ "packet-tracer input Gi 0/1 icmp 10.1.0.1 8 0 10.2.0.1 size 9 df ?", help, 0 },
		{ "clear crypto sa map M ?", "  <cr>\n", 0 },
		{ "monitor map M ?", "  --json  as JSON\n  <cr>\n", 0 },
		{ "show crypto map interface Gi 0/1 x", NULL, 33 },
		{ "show crypto map interface Gi 0/1 0/1", NULL, 33 },
		{ "show crypto map interface Gi x", NULL, 29 },
		{ "show crypto map tag M 1", NULL, 22 },
	};
	char *got, wanted[128];
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		snprintf(wanted, sizeof(wanted), "%*s^\n%% Invalid input detected at '^' marker.\n\n",
			 t[i].column, "");
		got = printed(t[i].line);
		if (!tap_ok(!strcmp(got, t[i].text ? t[i].text : wanted), "%s", t[i].line))
			printf("# %s\n", got);
		free(got);
	}
}

static void test_keys(void)
{
	tap_ok(shell_holds_key("crypto isakmp key SECRET address 192.0.2.9") &&
	       shell_holds_key(" no cry isa  key SECRET addr 192.0.2.9\n") &&
	       shell_holds_key("pre-shared-key address 192.0.2.9 key SECRET") &&
	       shell_holds_key(" set aggr pass SECRET") &&
	       shell_holds_key("key file /k password SECRET") &&
	       shell_holds_key(" pkcs f /k pass SECRET") &&
	       shell_holds_key("set sess inbound esp 256 cipher 00"), "lines with keys");
	tap_ok(!shell_holds_key("crypto isakmp policy 10") && !shell_holds_key("set peer 192.0.2.9") &&
	       !shell_holds_key("permit ip any any") && !shell_holds_key("") &&
	       !shell_holds_key("crypto isakmp"), "lines without");
}

static void test_orphan(void)
{
	char c = 0;
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		return;
	fflush(stdout);
	pid = fork_orphan();
	if (!pid)
		_exit(write(ends[1], "x", 1) != 1);
	tap_ok(pid > 0 && read(ends[0], &c, 1) == 1 && c == 'x', "the process of a trial runs");
	tap_ok(waitpid(-1, NULL, 0) < 0 && errno == ECHILD, "and is no child of the shell");
	close(ends[0]);
	close(ends[1]);
}

/* Each key is pressed when the pager asks. Returns what the terminal showed, for free(). */
static char *paged(unsigned int rows, unsigned int columns, const char *text, const char *keys)
{
	char *seen, *at, buf[256];
	size_t len, answered = 0, asked;
	int terminal;
	FILE *f, *to;
	ssize_t n;
	pid_t pid;

	fflush(stdout);
	pid = forkpty(&terminal, NULL, NULL, NULL);
	if (!pid) {
		f = pager_open(rows, columns);
		fputs(text, f);
		fclose(f);
		_exit(0);
	}
	to = open_memstream(&seen, &len);
	while ((n = read(terminal, buf, sizeof(buf))) > 0) {
		fwrite(buf, 1, n, to);
		fflush(to);
		for (at = seen, asked = 0; (at = strstr(at, "--More--")); at++)
			asked++;
		if (asked > answered && keys[answered] &&
		    write(terminal, keys + answered, 1) == 1)
			answered++;
	}
	fclose(to);
	close(terminal);
	waitpid(pid, NULL, 0);
	return seen;
}

static void pages(const char *what, unsigned int rows, unsigned int columns, const char *text,
		  const char *keys, const char *wanted)
{
	char *seen = paged(rows, columns, text, keys);
	size_t from, to = 0;

	/* without what the terminal adds */
	for (from = 0; seen[from]; from++)
		if (!strchr("\r\b", seen[from]))
			seen[to++] = seen[from];
	seen[to] = '\0';
	if (!tap_ok(!strcmp(seen, wanted), "%s", what))
		printf("# %s\n", seen);
	free(seen);
}

static void test_pager(void)
{
#define ASKED " --More--         "
	pages("what fits is not asked about", 4, 0, "1\n2\n3\n", "", "1\n2\n3\n");
	pages("a page at a blank", 4, 0, "1\n2\n3\n4\n5\n6\n7\n", "  ",
	      "1\n2\n3\n" ASKED "4\n5\n6\n" ASKED "7\n");
	pages("a line at return", 4, 0, "1\n2\n3\n4\n5\n", "\n\n",
	      "1\n2\n3\n" ASKED "4\n" ASKED "5\n");
	pages("any other key leaves the rest out", 4, 0, "1\n2\n3\n4\n5\n", "q",
	      "1\n2\n3\n" ASKED);
	pages("a line as wide as the terminal is one, a longer one is two", 4, 5,
	      "12345\n123456\n4\n", " ", "12345\n123456\n" ASKED "4\n");
}

static void test_colour(void)
{
	int terminal, end;
	char *text;
	size_t len;
	FILE *f;

	if (openpty(&terminal, &end, NULL, NULL, NULL))
		return;
	f = fdopen(end, "w");
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	tap_ok(*colour(f, COLOUR_ERROR) && *colour(f, COLOUR_NONE), "colours on a terminal");
	setenv("NO_COLOR", "", 1);
	tap_ok(*colour(f, COLOUR_ERROR), "NO_COLOR that is empty says nothing");
	setenv("NO_COLOR", "1", 1);
	tap_ok(!*colour(f, COLOUR_ERROR) && !*colour(f, COLOUR_NONE), "NO_COLOR");
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	tap_ok(!*colour(f, COLOUR_ERROR), "a terminal that has none");
	setenv("TERM", "xterm", 1);
	fclose(f);
	close(terminal);
	f = open_memstream(&text, &len);
	tap_ok(!*colour(f, COLOUR_ERROR), "no terminal");
	fclose(f);
	free(text);
}

/*
 * What write memory sees: whether there is a trial, and whether it has the lock of loads; the
 * configuration in force, which is known to the module with its keys, and to others without.
 */
static bool on_trial;
static int lock_end;
static const char *in_force;
static char changed[64];
static char *written;

int __wrap_lock_loads(int flags);
int __wrap_trial_state(struct trial_state *state);
struct ios_config *__wrap_running_config(void);
int __wrap_file_replace(const char *path, const char *text, mode_t mode);
char *__wrap_file_read(const char *name, size_t *len);
int __wrap_access(const char *path, int mode);
uint16_t __wrap_nl_family(const struct nl *nl);
int __wrap_transaction_begin_change(struct nl *nl, uint64_t *generation);
int __wrap_transaction_try(struct nl *nl, uint64_t generation, struct change *change);
int __wrap_transaction_plan(struct nl *nl, struct plan *plan);
int __wrap_change_config(struct nl *nl, const struct ios_config *old, struct ios_config *new,
			 const struct args *args, uint64_t *generation);
struct nl_batch *__wrap_nl_batch_new(struct nl *nl, const char *file);
int __wrap_nl_batch_end(struct nl_batch *batch);
void __wrap_nl_batch_free(struct nl_batch *batch);
void __wrap_send_entry(struct nl_batch *batch, const struct ios_config *cfg,
		       const struct ios_map *map, const struct ios_entry *entry);

/* The end of a pipe; the other one tells when it is closed. */
int __wrap_lock_loads(int flags)
{
	int ends[2];

	(void)flags;
	if (pipe2(ends, O_NONBLOCK))
		return -1;
	lock_end = ends[0];
	return ends[1];
}

static bool locked(void)
{
	char c;

	return lock_end && read(lock_end, &c, 1) < 0 && errno == EAGAIN;
}

int __wrap_trial_state(struct trial_state *state)
{
	*state = (struct trial_state){ .left = 55, .within = 60 };
	return on_trial && locked() ? 0 : -ENOENT;
}

static uint16_t family = 30;

uint16_t __wrap_nl_family(const struct nl *nl)
{
	(void)nl;
	return family;
}

static bool same_generation;

/* Each time another one, so that nothing is known of before, but for @same_generation. */
int __wrap_transaction_begin_change(struct nl *nl, uint64_t *generation)
{
	static uint64_t next;

	(void)nl;
	next += !same_generation;
	*generation = next;
	changed[0] = '\0';
	return 0;
}

int __wrap_transaction_try(struct nl *nl, uint64_t generation, struct change *change)
{
	(void)nl;
	(void)generation;
	(void)change;
	return 0;
}

static unsigned int changes;

int __wrap_change_config(struct nl *nl, const struct ios_config *old, struct ios_config *new,
			 const struct args *args, uint64_t *generation)
{
	(void)nl;
	(void)old;
	(void)new;
	(void)args;
	(void)generation;
	changes += locked();
	return 0;
}

struct nl_batch *__wrap_nl_batch_new(struct nl *nl, const char *file)
{
	(void)file;
	return (struct nl_batch *)nl;
}

int __wrap_nl_batch_end(struct nl_batch *batch)
{
	(void)batch;
	return 0;
}

void __wrap_nl_batch_free(struct nl_batch *batch)
{
	(void)batch;
}

/* What is staged has to be as it is in force; else it would be changed. */
void __wrap_send_entry(struct nl_batch *batch, const struct ios_config *cfg,
		       const struct ios_map *map, const struct ios_entry *entry)
{
	struct ios_config *real = ios_parse("t", in_force, strlen(in_force), 0);
	const struct ios_entry *is = ios_entry_find(real, real->maps, entry->seq);

	(void)batch;
	(void)cfg;
	if (!ios_entry_same(map, is, &(struct ios_entry){
			.seq = is->seq, .kind = is->kind, .peers = { is->peers[0] },
			.n_peers = is->n_peers, .tsets = { "TS" }, .n_tsets = is->n_tsets,
			.acl = "101", .life_kilobytes = IOS_KB_UNSET, .replay = IOS_REPLAY_UNSET,
			.in = entry->in, .out = entry->out }))
		snprintf(changed + strlen(changed), sizeof(changed) - strlen(changed), " %u",
			 entry->seq);
	ios_free(real);
}

int __wrap_transaction_plan(struct nl *nl, struct plan *plan)
{
	const char *at = changed;

	(void)nl;
	*plan = (struct plan){ .v = calloc(8, sizeof(*plan->v)) };
	while (*at && plan->n < 8) {
		plan->v[plan->n] = (struct planned){
			.object = CRYPTO_MAP_CHANGE_OBJECT_ENTRY, .name = "M",
			.seq = strtoul(at, (char **)&at, 10),
		};
		plan->n++;
	}
	return 0;
}

static void hide(struct ios_manual_key *key)
{
	*key = (struct ios_manual_key){ .spi = key->spi };
}

struct ios_config *__wrap_running_config(void)
{
	struct ios_config *cfg;
	struct ios_entry *entry;

	if (!locked())
		return NULL;
	cfg = in_force ? ios_parse("t", in_force, strlen(in_force), 0) : ios_new("t");
	for (entry = cfg->maps ? cfg->maps->entries : NULL; entry; entry = entry->next) {
		hide(&entry->in);
		hide(&entry->out);
		entry->keys_hidden = true;
	}
	return cfg;
}

int __wrap_file_replace(const char *path, const char *text, mode_t mode)
{
	if (!locked() || strcmp(path, CONFIG_FILE) || mode != 0600)
		return -EINVAL;
	written = strdup(text);
	return written ? 0 : -ENOMEM;
}

/* The file of before */
static const char *startup;

int __wrap_access(const char *path, int mode)
{
	(void)mode;
	return !startup || strcmp(path, CONFIG_FILE) ? -1 : 0;
}

char *__wrap_file_read(const char *name, size_t *len)
{
	(void)name;
	*len = strlen(startup);
	return strdup(startup);
}

/* @wanted: what is written, NULL when it is refused */
static void writes(const struct args *how, const char *what, const char *wanted, const char *said)
{
	struct args args = *how;
	FILE *terminal = stderr;
	char *got;
	size_t len;
	int ret;

	args.out = open_memstream(&got, &len);
	/* what is wrong goes past a filter */
	stderr = args.out;
	ret = run_write(&args);
	stderr = terminal;
	fclose(args.out);
	if (!tap_ok(ret == (wanted ? DONE : REFUSED) && strstr(got, said) && !locked() &&
		    !written == !wanted && (!wanted || strstr(written, wanted)),
		    "write memory %s", what))
		printf("# %d: %s\n%s\n", ret, got, written ? written : "");
	free(got);
	free(written);
	written = NULL;
}

#define ENC "cipher 000102030405060708090a0b0c0d0e0f"
#define AUTH(n) " authenticator 0" #n "0102030405060708090a0b0c0d0e0f10111213\n"
#define MANUAL(seq, n)									\
	"crypto map M " #seq " ipsec-manual\n"						\
	" set peer 192.0.2.9\n"								\
	" set session-key inbound esp 3" #seq " " ENC AUTH(n)				\
	" set session-key outbound esp 4" #seq " " ENC AUTH(n)				\
	" set transform-set TS\n match address 101\n"
#define ZERO "cipher 00000000000000000000000000000000 authenticator 0000000000000000000000000000000000000000\n"
#define SETS "crypto ipsec transform-set TS esp-aes esp-sha-hmac\naccess-list 101 permit ip any any\n"

static void keep(const char *text)
{
	struct ios_config *cfg = ios_parse("t", text, strlen(text), 0);

	manual_keys_keep(cfg);
	ios_free(cfg);
}

/* Before anything stands for keys that are not known. */
static void test_zero_keys(void)
{
	in_force = startup = SETS "crypto map M 10 ipsec-manual\n set peer 192.0.2.9\n"
		" set session-key inbound esp 310 " ZERO " set session-key outbound esp 410 " ZERO
		" set transform-set TS\n match address 101\n";
	writes(&(struct args){ 0 }, "with keys of zeros", "esp 310 " ZERO, "[OK]");
	configure_end();
	in_force = startup = NULL;
}

static void test_write(void)
{
	struct args args = { 0 };

	writes(&(struct args){ .foreign = true }, "with -n", NULL, "the host's");
	writes(&args, "under the lock of loads", "", "[OK]");
	on_trial = true;
	writes(&args, "during a trial", NULL, "rollback in 55 seconds");
	on_trial = false;

	in_force = SETS MANUAL(10, 1) MANUAL(20, 2);
	writes(&args, "with keys that nobody knows", NULL, "% crypto map M 20 has manual keys");
	startup = SETS MANUAL(10, 1);
	writes(&args, "with keys that nobody knows, of one entry", NULL, "% crypto map M 20 has");
	startup = SETS MANUAL(10, 1) MANUAL(20, 3);
	writes(&args, "with keys that are others now", NULL, "% crypto map M 20 has");
	startup = SETS MANUAL(10, 1) MANUAL(20, 2);
	writes(&args, "with keys of the file of before", "esp 320 " ENC AUTH(2), "[OK]");
	startup = SETS MANUAL(20, 2);
	writes(&args, "with keys that were known before", "esp 310 " ENC AUTH(1), "[OK]");
	configure_end();
	startup = SETS MANUAL(20, 3);
	keep(SETS MANUAL(10, 1) MANUAL(20, 2));
	writes(&args, "with keys that were loaded here", "esp 320 " ENC AUTH(2), "[OK]");
	keep(SETS MANUAL(20, 4));
	startup = SETS MANUAL(20, 2);
	writes(&args, "with keys that were loaded again elsewhere", "esp 320 " ENC AUTH(2), "[OK]");
	configure_end();
	writes(&args, "with nothing kept", NULL, "% crypto map M 10 has");
	configure_end();

	in_force = SETS;
	writes(&args, "of what is in force", "access-list 101 permit", "[OK]");
	same_generation = true;
	in_force = "access-list 102 permit ip any any\n";
	writes(&args, "of what is known of it", "access-list 101 permit", "[OK]");
	family++;
	writes(&args, "after the module was loaded anew, with as many loads", "access-list 102 permit", "[OK]");
	same_generation = false;
	configure_end();
}

/* Types lines with configure_line(). Return: whether each was taken as @taken says, and what was said */
static bool typed_lines(struct configure *at, const char *const *lines, size_t n, bool taken,
			char **said)
{
	bool good = true;
	size_t i, len;
	FILE *out;

	out = open_memstream(said, &len);
	for (i = 0; i < n; i++)
		good &= configure_line(at, lines[i], 4, out, false) == taken;
	fclose(out);
	return good;
}

static void types_chain(const char *what, struct configure *at, const char *const *lines, size_t n,
			bool taken, const char *wanted)
{
	char *said;
	bool good = typed_lines(at, lines, n, taken, &said);

	if (!tap_ok(good && strstr(said, wanted), "certificate that is typed: %s", what))
		printf("# %s\n", said);
	free(said);
}

/* Bytes of a certificate count only at its end; those of the one that it is instead of stay until then. */
static void test_certificate(void)
{
	static const char *const head[] = { "crypto pki certificate chain T", "certificate ca 01" };
	static const char *const bytes[] = { "30820102 03\tAB", "CDEF" };
	static const char *const other[] = { "certificate ca 01", "3003", "020101", "quit" };
	static const char *const wrong[] = { "30820", "set peer 192.0.2.9", "certificate 02" };
	static const char *const quit[] = { "quit" };
	static const char *const away[] = { "no certificate ca 01" };
	static const char *const file[] = { "certificate 02 nvram:r1.cer", "certificate ra-sign 03" };
	static const char *const top[] = { "crypto isakmp policy 10" };
	static const char whole[] = "crypto pki certificate chain T\n certificate ca 01\n"
		"  30820102 03ABCDEF\n  quit\n";
	static const char next[] = " certificate ca 01\n  30030201 01\n  quit\n";
	struct args args = { 0 };
	struct configure at = { 0 };
	char *said;
	size_t len;
	FILE *out;

	in_force = "crypto isakmp policy 1\n encr aes\n";
	same_generation = true;
	types_chain("its first line", &at, head, 2, true, "Enter the certificate");
	tap_ok(at.section && !strcmp(at.section, "config-pubkey"), "has a prompt of its own");
	changes = 0;
	types_chain("its bytes", &at, bytes, 2, true, "");
	types_chain("what are none", &at, wrong, 3, false, "% expected bytes in hexadecimal\n");
	tap_ok(!changes, "bytes alone change nothing");
	writes(&args, "without its end", "crypto pki trustpoint T", "[OK]");
	types_chain("its end", &at, quit, 1, true, "");
	tap_ok(at.section && !strcmp(at.section, "config-cert-chain") && !at.certificate,
	       "back in the chain");
	writes(&args, "with a certificate", whole, "[OK]");
	types_chain("another one instead", &at, other, 3, true, "");
	writes(&args, "before its end", whole, "[OK]");
	types_chain("the end of that", &at, other + 3, 1, true, "");
	writes(&args, "after it", next, "[OK]");
	types_chain("what is not in the text", &at, file, 2, false, "is in a file of the router");
	types_chain("one that is not ended", &at, other, 2, true, "");
	out = open_memstream(&said, &len);
	configure_leave(&at, out);
	fclose(out);
	tap_ok(strstr(said, "quit was expected") && !at.section && !at.certificate, "is told when it is left");
	free(said);
	types_chain("another section follows", &at, top, 1, true, "");
	writes(&args, "of one that was not ended", next, "[OK]");
	types_chain("taken back", &at, head, 1, true, "");
	types_chain("taken back, too", &at, away, 1, true, "");
	writes(&args, "without the chain", "crypto pki trustpoint T\n revocation-check crl\ncrypto isakmp policy 1\n", "[OK]");
	configure_leave(&at, stdout);
	configure_end();
	same_generation = false;
	in_force = NULL;
}

/* What a terminal shows of a shell in which these lines are typed, for free(). */
static char *shell_session(const char *lines)
{
	char *seen, buf[256];
	int terminal;
	size_t len;
	ssize_t n;
	pid_t pid;
	FILE *to;

	fflush(stdout);
	pid = forkpty(&terminal, NULL, NULL, NULL);
	if (!pid)
		_exit(run_shell(&(struct args){ .out = stdout }));
	if (write(terminal, lines, strlen(lines)) < 0)
		puts("# nothing can be typed");
	to = open_memstream(&seen, &len);
	while ((n = read(terminal, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, n, to);
	fclose(to);
	close(terminal);
	waitpid(pid, NULL, 0);
	return seen;
}

/* Whether these are in a text one after the other. */
static bool in_order(const char *text, const char *const *parts, size_t n)
{
	size_t i;

	for (i = 0; text && i < n; i++)
		text = strstr(text, parts[i]);
	return text;
}

static void test_levels(void)
{
	static const char *const parts[] = {
		"#", "(config)#", "illegal characters", "R9(config)#", "R9#", "R9>", "% Invalid input", "R9>",
		"% Invalid input", "R9>", "Incomplete command", "R9>", "R9#", "R9(config)#", "R9(config)#",
	};
	char *seen = shell_session("conf t\nhostname 9_x\nhostname R9\nhost R8\nend\ndisable\ndisable\nconf t\n"
				   "show run\nshow cry\nenable\nconf t\nno hostname\nend\nexit\n");
	const char *last = seen, *next;
	unsigned int refused = 0;

	for (next = seen; (next = strstr(next, "% Invalid input")); next++)
		refused++;
	/* the terminal showed it before the shell did */
	while ((next = strstr(last, "no hostname")))
		last = next + 1;

	if (strstr(seen, "CAP_NET_ADMIN"))
		puts("# this is not root");
	else if (!tap_ok(in_order(seen, parts, sizeof(parts) / sizeof(*parts)) &&
			 refused == 3 && !strstr(last, "R9") && !strstr(seen, "R8(config)"),
			 "disable, enable and hostname change the prompt, and what there is"))
		printf("# %s\n", seen);
	free(seen);
}

/* Control-P brings back the line before, and the one before that; lines with keys are not kept. */
static void test_history(void)
{
	static const char *const parts[] = {
		"R1(config)#", "R2(config)#", "R1(config)#", "(config)#crypto isakmp key", "R1(config)#", "R2(config)#",
	};
	char *seen = shell_session("conf t\nhostname R1\nhostname R2\n\020\020\n"
				   "crypto isakmp key k3y address 192.0.2.9\n\020\020\nend\nexit\n");

	if (strstr(seen, "CAP_NET_ADMIN"))
		puts("# this is not root");
	else if (!tap_ok(in_order(seen, parts, sizeof(parts) / sizeof(*parts)),
			 "lines that were typed come back, those with keys do not"))
		printf("# %s\n", seen);
	free(seen);
}

static void test_help(void)
{
	static const char *const parts[] = {
		"\n  version         what runs", "\n% Unrecognized command\r\n",
		"\n% Ambiguous command:  \"sh cr i \"\r\n", "\n  ADDRESS  that of",
	};
	char *seen = shell_session("show vers?\nshow fo?\nshow fo ?\nsh cr i ?\n"
				   "sh cry sess rem 1?\nsh cry sess rem ?\nexit\n");
	unsigned int refused = 0;
	const char *next;

	for (next = seen; (next = strstr(next, "% Unrecognized command")); next++)
		refused++;

	if (strstr(seen, "CAP_NET_ADMIN"))
		puts("# this is not root");
	else if (!tap_ok(in_order(seen, parts, sizeof(parts) / sizeof(*parts)) &&
			 refused == 2, "what may follow, and that nothing may"))
		printf("# %s\n", seen);
	free(seen);
}

/* The mark stands under the word as it was typed, wherever its line begins. */
static void test_marks(void)
{
	static const char *const typed[] = {
		"  show cry foo", "do show cry foo", "   do  show cry foo",
	};
	char *seen = shell_session("hostname R9\nconf t\nhostname R9\nend\n"
				   "  show cry foo\nconf t\ndo show cry foo\n   do  show cry foo\n"
				   "end\nexit\n");
	unsigned int right = 0;
	char wanted[128];
	size_t i;

	for (i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
		snprintf(wanted, sizeof(wanted), "\n%*s^\r\n%% Invalid",
			 (int)(strlen(i ? "R9(config)#" : "R9#") + strlen(typed[i]) - strlen("foo")), "");
		right += strstr(seen, wanted) != NULL;
	}
	if (strstr(seen, "CAP_NET_ADMIN"))
		puts("# this is not root");
	else if (!tap_ok(right == sizeof(typed) / sizeof(*typed), "where a word is not understood is marked"))
		printf("# %u: %s\n", right, seen);
	free(seen);
}

static void test_filter_help(void)
{
	static const char *const parts[] = {
		"  begin    from", "  section  lines", "  include  lines that match\r\n", "  LINE  a regular",
		"Number of lines which match regexp = 1",
	};
	char *seen = shell_session("show version | ?\nshow version | i?\nshow version | i ?\n"
				   "show version|cou\tuptime\nexit\n");

	if (strstr(seen, "CAP_NET_ADMIN"))
		puts("# this is not root");
	else if (!tap_ok(in_order(seen, parts, sizeof(parts) / sizeof(*parts)) &&
			 !strstr(seen, "<cr>"), "what may follow |, and its completion"))
		printf("# %s\n", seen);
	free(seen);
}

/* --------------------------------------------------------------------- memory */

#define KEY "NobodySeesThis"

/* More than the C library has room for at first, which it moves then. */
static char *long_config(void)
{
	unsigned int i;
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	fputs("crypto isakmp key " KEY " address 0.0.0.0\n", f);
	for (i = 0; i < 500; i++)
		fprintf(f, "access-list 101 permit ip host 10.1.%u.%u any\n", i >> 8, i & 255);
	fclose(f);
	return text;
}

static void test_left(void)
{
	struct input input = { .word = { "show", "startup-config" }, .n = 2, .shell = true,
			       .filter = " include permit ip host 10.1.1.1 ", .err = stdout };
	char *running = long_config(), *said;
	struct configure at = { 0 };
	struct ios_config *cfg;
	size_t len;

	in_force = startup = running;
	input.out = open_memstream(&said, &len);
	left_begin(KEY);
	tap_ok(execute(&input, false) == DONE && !fflush(input.out) &&
	       !strcmp(said, "access-list 101 permit ip host 10.1.1.1 any\n"), "show startup-config | include");
	tap_ok(!left_end(), "no keys are left in memory");

	left_begin(KEY);
	cfg = configure_parse(&at, running, "crypto isakmp policy 10", 0, input.out);
	tap_ok(cfg && !left_end(), "nor when a line is read");
	ios_free(cfg);
	left_begin(KEY);
	configure_help(&at, "crypto isakmp key " KEY " ", input.out);
	tap_ok(!left_end(), "nor by its help");
	at = (struct configure){ 0 };
	left_begin(KEY);
	tap_ok(configure_line(&at, "crypto isakmp key " KEY " address 192.0.2.1", 0, input.out, false) &&
	       !left_end(), "nor when it is typed");
	configure_end();
	in_force = startup = NULL;
	fclose(input.out);
	free(said);
	free(running);
}

int main(void)
{
	test_zero_keys();
	test_pager();
	test_long();
	test_commands();
	test_keys();
	test_orphan();
	test_levels();
	test_history();
	test_filter_help();
	test_help();
	test_marks();
	test_colour();
	test_write();
	test_certificate();
	test_left();
	return tap_done();
}
