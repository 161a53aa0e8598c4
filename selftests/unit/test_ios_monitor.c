// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * monitor without a kernel: notifications as text and as JSON, what is told of a peer
 * and of a map, what was lost, and the end.
 */
#include <errno.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "printed.h"
#include "tap.h"

/* A socket that gives one notification after the other, then an interruption. */
static int ready[2];
static int turn;

struct nl *__wrap_nl_open(void);
void __wrap_nl_close(struct nl *nl);
int __wrap_nl_listen(struct nl *nl, const char *name);
int __wrap_nl_fd(const struct nl *nl);
int __wrap_nl_events(struct nl *nl, nl_row_fn row, void *data);

struct nl *__wrap_nl_open(void)
{
	turn = 0;
	return (struct nl *)ready;
}

void __wrap_nl_close(struct nl *nl)
{
	(void)nl;
}

int __wrap_nl_listen(struct nl *nl, const char *name)
{
	(void)nl;
	return strcmp(name, "watch");
}

int __wrap_nl_fd(const struct nl *nl)
{
	(void)nl;
	return ready[0];
}

static struct nlmsghdr *start(void *buf, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	genl->cmd = cmd;
	return nlh;
}

static struct nlmsghdr *drop_event(void *buf)
{
	struct nlmsghdr *nlh = start(buf, CRYPTO_MAP_CMD_DROP_NTF);

	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_DROP_EVENT_REASON, CRYPTO_MAP_DROP_REASON_REPLAY);
	mnl_attr_put(nlh, CRYPTO_MAP_A_DROP_EVENT_SRC, 4, "\x0a\x01\0\x02");
	mnl_attr_put_strz(nlh, CRYPTO_MAP_A_DROP_EVENT_MAP, "VPN");
	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_DROP_EVENT_ENTRY_SEQ, 10);
	mnl_attr_put(nlh, CRYPTO_MAP_A_DROP_EVENT_REMOTE, 4, "\xc6\x33\x64\x02");
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_DROP_EVENT_SPI, 0x1001);
	mnl_attr_put_u64(nlh, CRYPTO_MAP_A_DROP_EVENT_SEQ, 1ull << 32);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_DROP_EVENT_SERIAL, UINT32_MAX - 1);
	return nlh;
}

static struct nlmsghdr *sa_event(void *buf)
{
	struct nlmsghdr *nlh = start(buf, CRYPTO_MAP_CMD_EXPIRE_NTF);

	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_EXPIRE, CRYPTO_MAP_EXPIRE_KIND_HARD);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_DIR, CRYPTO_MAP_SA_DIR_OUT);
	mnl_attr_put(nlh, CRYPTO_MAP_A_SA_REMOTE, 16, "\x20\x01\x0d\xb8\0\x0b\0\0\0\0\0\0\0\0\0\x02");
	mnl_attr_put_strz(nlh, CRYPTO_MAP_A_SA_MAP, "SIX");
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_SERIAL, 15);
	return nlh;
}

static struct nlmsghdr *config_event(void *buf)
{
	struct nlmsghdr *nlh = start(buf, CRYPTO_MAP_CMD_CONFIG_NTF);

	mnl_attr_put_u64(nlh, CRYPTO_MAP_A_GLOBALS_GENERATION, 7);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_GLOBALS_SERIAL, 17);
	return nlh;
}

int __wrap_nl_events(struct nl *nl, nl_row_fn row, void *data)
{
	char buf[1024];

	(void)nl;
	switch (turn++) {
	case 0:
		return row(drop_event(buf), data);
	case 1:
		return -ENOBUFS;
	case 2:
		return row(sa_event(buf), data);
	case 3:
		/* one of a newer kernel module */
		return row(start(buf, 200), data);
	}
	raise(SIGINT);
	return row(config_event(buf), data);
}

/* What a command prints, without the times; they are "HH:MM:SS.mmm " and "time": N. */
static void says(const char *line, const char *wanted)
{
	struct input input = { .out = NULL };
	char copy[64], *got, *word, *at;
	size_t len;
	FILE *f = open_memstream(&got, &len);
	int ret;

	snprintf(copy, sizeof(copy), "%s", line);
	for (word = strtok(copy, " "); word; word = strtok(NULL, " "))
		input.word[input.n++] = word;
	input.out = input.err = f;
	ret = execute(&input, false);
	tap_ok(ret == DONE, "%s: ends", line);
	fflush(f);
	for (at = got; *at; at = strchr(at, '\n') + 1) {
		if (*at == '{') {
			word = strstr(at, ",\"time\":");
			memmove(word, strchr(word, '}'), strlen(strchr(word, '}')) + 1);
		} else {
			memmove(at, at + 13, strlen(at + 13) + 1);
		}
	}
	is(line, f, &got, wanted);
}

/* What `monitor` prints on a terminal. */
static void test_colours(void)
{
	struct input input = { .n = 1, .word = { "monitor" }, .err = stdout };
	char got[2048] = "", *drop, *at;
	unsigned int escapes = 0;
	int terminal, end;

	if (openpty(&terminal, &end, NULL, NULL, NULL))
		exit(1);
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	input.out = fdopen(end, "w");
	tap_ok(execute(&input, false) == DONE, "monitor on a terminal: ends");
	/* each event is in the terminal by then */
	if (read(terminal, got, sizeof(got) - 1) < 0)
		exit(1);
	fclose(input.out);
	close(terminal);
	drop = strstr(got, " \033[1;31mdrop\033[m reason replay, ");
	for (at = got; (at = strchr(at, '\033')); at++)
		escapes++;
	if (!tap_ok(drop && escapes == 2, "drops are coloured there, and nothing else"))
		printf("# got: %s\n", got);
}

int main(void)
{
	struct input input = { .n = 1, .word = { "monitor" }, .filter = "include x" };
	char *got;
	size_t len;

	if (pipe(ready) || write(ready[1], "", 1) != 1)
		return 1;
	says("monitor",
	     "drop reason replay, source 10.1.0.2, map VPN, seq 10, peer 198.51.100.2, spi 0x1001, number 4294967296\n"
	     "lost\n"
	     "lost events 16\n"
	     "expire kind hard, direction out, peer 2001:DB8:B::2, map SIX\n"
	     "config generation 7\n");
	says("monitor map VPN",
	     "drop reason replay, source 10.1.0.2, map VPN, seq 10, peer 198.51.100.2, spi 0x1001, number 4294967296\n"
	     "lost\n"
	     "lost events 16\n"
	     "config generation 7\n");
	says("monitor peer 2001:DB8:B:0::2 --json",
	     "{\"event\":\"lost\"}\n"
	     "{\"event\":\"lost\",\"events\":16}\n"
	     "{\"event\":\"expire\",\"kind\":\"hard\",\"direction\":\"out\",\"peer\":\"2001:db8:b::2\",\"map\":\"SIX\"}\n"
	     "{\"event\":\"config\",\"generation\":7}\n");

	test_colours();

	input.out = input.err = open_memstream(&got, &len);
	tap_ok(execute(&input, false) == USAGE, "a filter is refused");
	is("and said to be", input.err, &got, "cryptomap: 'monitor' goes on, and takes no filter\n");
	return tap_done();
}
