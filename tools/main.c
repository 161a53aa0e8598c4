// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cryptomap: options, the network namespace, and the command.
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
#include "trial.h"

static void usage(FILE *f)
{
	const struct command *c;
	char words[96];

	fputs("Usage: cryptomap [-n NETNS] [--json] COMMAND\n\n"
	      "Crypto maps for Linux: policy-based IPsec in the manner of Cisco IOS.\n\n"
	      "Commands (words may be abbreviated; FILE - is standard input):\n", f);
	for (c = commands; c < commands + n_commands; c++) {
		snprintf(words, sizeof(words), "%s %s", c->words, c->args);
		fprintf(f, "  %-55s %s\n", words, c->help);
	}
	fputs("\nOptions:\n"
	      "  -n, --netns NETNS  work in this network namespace (of ip-netns(8))\n"
	      "      --json         show commands print JSON\n"
	      "      --dry-run      load tells what would change and changes nothing\n"
	      "      --confirm-within TIME\n"
	      "                     load brings the configuration of before back after TIME (10s to\n"
	      "                     24h, such as 90s, 5m or 1h) unless 'cryptomap confirm' comes\n"
	      "      --strict       check and load take warnings for errors\n"
	      "      --version      print the version\n"
	      "      --help         print this\n\n"
	      "Exit status: 0 done, 1 refused or not found, 2 wrong usage.\n", f);
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

int main(int argc, char **argv)
{
	const struct command *command;
	struct args args = { 0 };
	const char *netns = NULL;
	int i, n = 0, used, ret;

	json_set_alloc_funcs(malloc, free_wiped);
	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json")) {
			args.json = true;
		} else if (!strcmp(argv[i], "--dry-run")) {
			args.dry_run = true;
		} else if (!strcmp(argv[i], "--strict")) {
			args.strict = true;
		} else if (!strcmp(argv[i], "--confirm-within")) {
			args.confirm_within = argv[i + 1] ? trial_parse(argv[++i]) : 0;
			if (!args.confirm_within) {
				fputs("cryptomap: --confirm-within needs a time from 10s to 24h, such as 90s, 5m or 1h\n",
				      stderr);
				return USAGE;
			}
		} else if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			usage(stdout);
			return DONE;
		} else if (!strcmp(argv[i], "--version")) {
			puts("cryptomap " CRYPTOMAP_VERSION);
			return DONE;
		} else if (!strcmp(argv[i], "-n") || !strcmp(argv[i], "--netns")) {
			netns = argv[++i];
			if (!netns) {
				fputs("cryptomap: -n needs the name of a network namespace\n", stderr);
				return USAGE;
			}
		} else if (argv[i][0] == '-' && argv[i][1]) {
			fprintf(stderr, "cryptomap: unknown option '%s'\n", argv[i]);
			return USAGE;
		} else {
			argv[n++] = argv[i];
		}
	}
	if (!n) {
		usage(stderr);
		return USAGE;
	}
	command = command_find(argv, n, &used);
	if (!command)
		return USAGE;
	args.n = n - used;
	args.word = argv + used;
	if (!*command->args && args.n) {
		fprintf(stderr, "cryptomap: unexpected '%s' after %s\n", args.word[0],
			command->words);
		return USAGE;
	}
	if (args.dry_run && command->run != run_load) {
		fputs("cryptomap: --dry-run is for load only\n", stderr);
		return USAGE;
	}
	if (args.confirm_within && (command->run != run_load || args.dry_run)) {
		fputs("cryptomap: --confirm-within is for load only, and not with --dry-run\n", stderr);
		return USAGE;
	}
	if (args.strict && command->run != run_check && command->run != run_load) {
		fputs("cryptomap: --strict is for check and load only\n", stderr);
		return USAGE;
	}
	if (netns) {
		if (enter_netns(netns))
			return REFUSED;
		ctl_set_foreign_netns();
		args.foreign = true;
	}
	ret = command->run(&args);
	if (ret == USAGE)
		fprintf(stderr, "Usage: cryptomap %s %s\n", command->words, command->args);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "cryptomap: standard output: %s\n", strerror(errno));
		return ret ? ret : REFUSED;
	}
	return ret;
}
