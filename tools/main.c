// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cryptomap: the network namespace, and the command of the command line.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static void usage(FILE *f)
{
	const struct command *c;

	fputs("Usage: cryptomap [-n NETNS] [--json] COMMAND [| FILTER REGEX]\n\n"
	      "Crypto maps for Linux: policy-based IPsec in the manner of Cisco IOS.\n\n"
	      "Commands (words may be abbreviated; COMMAND ? tells what may follow):\n", f);
	for (c = commands; c < commands + n_commands; c++)
		if (c->run && !(c->options & OPT_SHELL))
			fprintf(f, "  %-47s %s\n", c->words, c->help);
	fputs("\nOptions:\n"
	      "  -n, --netns NETNS  work in this network namespace (of ip-netns(8))\n"
	      "      --json         show commands print JSON\n"
	      "      --dry-run      load tells what would change and changes nothing\n"
	      "      --confirm-within TIME\n"
	      "                     load brings the configuration of before back after TIME (10s to\n"
	      "                     24h, such as 90s, 5m or 1h) unless 'cryptomap confirm' comes\n"
	      "      --textfile PATH\n"
	      "                     metrics go to this file, which is replaced at once\n"
	      "      --interface NAME=DEVICE\n"
	      "                     check and load take this interface of the text for this Linux device;\n"
	      "                     once for each interface\n"
	      "      --strict       check and load take warnings for errors\n"
	      "      --version      print the version\n"
	      "      --help         print this; after words of a command, what may follow them\n\n"
	      "Filters: begin, count, exclude, include, section.\n\n"
	      "Examples:\n"
	      "  cryptomap load /etc/cryptomap/cryptomap.conf --confirm-within 5m\n"
	      "  cryptomap check router.txt --interface GigabitEthernet0/1=eth0\n"
	      "  cryptomap              the shell: the same commands, and configure terminal\n"
	      "  cryptomap sh cry isa sa\n"
	      "  cryptomap show crypto ipsec sa peer 192.0.2.9 '|' include pkts\n"
	      "  cryptomap -n gw show crypto session --json\n\n"
	      "Exit status: 0 done, 1 refused, 2 wrong usage.\n", f);
}

static int enter_netns(const char *name)
{
	char path[256];
	int fd, ret;

	if (strchr(name, '/') || !*name || name[0] == '.' ||
	    snprintf(path, sizeof(path), "/run/netns/%s", name) >= (int)sizeof(path)) {
		fprintf(stderr, "cryptomap: '%s' cannot be the name of a network namespace\n", name);
		return -1;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = fd < 0 ? -1 : setns(fd, CLONE_NEWNET);
	if (ret)
		fprintf(stderr, "cryptomap: network namespace %s: %s\n", name, strerror(errno));
	else
		ctl_set_foreign_netns();
	if (fd >= 0)
		close(fd);
	return ret;
}

/* JSON to and from the daemon holds keys. */
static void free_wiped(void *p)
{
	if (p)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

/*
 * Adds a word to a line, or to its filter from a word that begins with "|" on.
 * Return: whether there is room.
 */
static bool add_word(struct input *input, char *filter, size_t size, char *word)
{
	size_t len = strlen(input->line);

	if (!input->filter && *word == '|') {
		input->filter = filter;
		return snprintf(filter, size, "%s", word + 1) < (int)size;
	}
	if (input->filter) {
		len = strlen(filter);
		return snprintf(filter + len, size - len, "%s%s", len ? " " : "", word) <
		       (int)(size - len);
	}
	if (input->n == INPUT_WORDS)
		return false;
	input->column[input->n] = len + !!len;
	input->word[input->n++] = word;
	return snprintf(input->line + len, sizeof(input->line) - len, "%s%s", len ? " " : "",
			word) < (int)(sizeof(input->line) - len);
}

static int run(struct input *input, const char *line, const char *netns)
{
	int ret;

	if (netns && enter_netns(netns))
		return REFUSED;
	ret = line ? run_shell_line(line, netns) : execute(input, netns);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "cryptomap: standard output: %s\n", strerror(errno));
		return ret ? ret : REFUSED;
	}
	return ret;
}

int main(int argc, char **argv)
{
	static char mark[] = "?", shell[] = "shell";
	struct input input = {
		.offset = strlen("cryptomap "), .echo = true, .out = stdout, .err = stderr,
	};
	const char *netns = NULL, *line = NULL;
	char filter[1024] = "";
	bool help = false;
	int i;

	json_set_alloc_funcs(malloc, free_wiped);
	for (i = 1; i < argc; i++) {
		if (input.filter) {
			/* a regular expression may look like an option */
		} else if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			help = true;
			continue;
		} else if (!strcmp(argv[i], "--version")) {
			printf("cryptomap %s\n", tool_version);
			return DONE;
		} else if (!strcmp(argv[i], "-n") || !strcmp(argv[i], "--netns")) {
			netns = argv[++i];
			if (netns)
				continue;
			fputs("cryptomap: -n needs the name of a network namespace\n", stderr);
			return USAGE;
		}
		/* a login shell is given its command so */
		if (!strcmp(argv[i], "-c") && !input.n && i + 2 == argc) {
			line = argv[++i];
			continue;
		}
		if (!add_word(&input, filter, sizeof(filter), argv[i])) {
			fputs("cryptomap: the command is too long\n", stderr);
			return USAGE;
		}
	}
	/* a login shell has a name that begins with "-" */
	if (!input.n && !input.filter && !line && !help &&
	    (*argv[0] == '-' || isatty(STDIN_FILENO)))
		input.word[input.n++] = shell;
	if (!input.n && !line) {
		usage(help ? stdout : stderr);
		return help ? DONE : USAGE;
	}
	if (help && input.n < INPUT_WORDS)
		input.word[input.n++] = mark;
	return run(&input, line, netns);
}
