// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of commands, and how abbreviated words find their command in it.
 */
#include <string.h>
#include <strings.h>

#include "cli.h"

const struct command commands[] = {
	{ "check", "FILE [--strict]", "parse a configuration and tell what is wrong with it", run_check },
	{ "clear crypto isakmp", "[CONN-ID]", "delete one or all ISAKMP SAs", run_clear_isakmp },
	{ "clear crypto sa", "[peer ADDRESS | map NAME | counters]",
	  "delete IPsec SAs, or set the counters to zero", run_clear_sa },
	{ "clear crypto session", "", "delete all IPsec and ISAKMP SAs", run_clear_session },
	{ "confirm", "", "keep a configuration that was loaded with --confirm-within", run_confirm },
	{ "load", "FILE [--dry-run | --confirm-within TIME] [--strict]",
	  "make a configuration the running one, all at once", run_load },
	{ "rollback", "", "bring the configuration back that was before --confirm-within",
	  run_rollback },
	{ "show access-lists", "", "access lists with their matches", run_show_access_lists },
	{ "show archive config rollback timer", "", "whether a configuration waits to be confirmed",
	  run_show_rollback },
	{ "show crypto dynamic-map", "", "dynamic crypto maps", run_show_dynamic },
	{ "show crypto ipsec sa", "", "flows with their SAs and counters", run_show_ipsec_sa },
	{ "show crypto ipsec security-association", "", "lifetimes that SAs get", run_show_lifetime },
	{ "show crypto ipsec transform-set", "", "transform sets", run_show_tset },
	{ "show crypto isakmp policy", "", "ISAKMP policies", run_show_isakmp_policy },
	{ "show crypto isakmp sa", "", "ISAKMP SAs", run_show_isakmp_sa },
	{ "show crypto map", "", "crypto maps and where they are", run_show_map },
	{ "show crypto session", "", "state of each peer", run_show_session },
	{ "show drops", "", "dropped packets by reason", run_show_drops },
	{ "show running-config", "", "the configuration in use, fit to be loaded", run_show_config },
};

const size_t n_commands = sizeof(commands) / sizeof(*commands);

/* Word number @i of a command; *len is 0 when it has fewer. */
static const char *word_at(const struct command *command, int i, size_t *len)
{
	const char *s = command->words;

	while (i-- && *s) {
		s += strcspn(s, " ");
		s += strspn(s, " ");
	}
	*len = strcspn(s, " ");
	return s;
}

/* Whether the first @i words of two commands are the same. */
static bool same_until(const struct command *a, const struct command *b, int i)
{
	const char *x, *y;
	size_t m, n;

	while (i--) {
		x = word_at(a, i, &m);
		y = word_at(b, i, &n);
		if (m != n || strncmp(x, y, n))
			return false;
	}
	return true;
}

/*
 * The command whose first @i words are those of @path and whose next word is
 * @word or starts with it; another that does as well goes to *other.
 */
static const struct command *match(const struct command *path, int i, const char *word,
				   const struct command **other)
{
	const struct command *c, *found = NULL;
	const char *s;
	size_t n;

	*other = NULL;
	for (c = commands; c < commands + n_commands; c++) {
		if (path && !same_until(path, c, i))
			continue;
		s = word_at(c, i, &n);
		if (!n || strlen(word) > n || strncasecmp(s, word, strlen(word)))
			continue;
		if (strlen(word) == n) {
			*other = NULL;
			return c;
		}
		if (!found)
			found = c;
		else if (!same_until(found, c, i + 1))
			*other = c;
	}
	return found;
}

static void say_expected(const struct command *path, int i)
{
	const struct command *c, *last = NULL;
	const char *s;
	size_t n;

	fputs("; expected one of:", stderr);
	for (c = commands; c < commands + n_commands; c++) {
		if (path && !same_until(path, c, i))
			continue;
		s = word_at(c, i, &n);
		if (n && !(last && same_until(last, c, i + 1)))
			fprintf(stderr, " %.*s", (int)n, s);
		last = c;
	}
	fputc('\n', stderr);
}

const struct command *command_find(char **words, int n, int *used)
{
	const struct command *path = NULL, *found, *other;
	size_t len;
	int i;

	for (i = 0;; i++) {
		if (path && !*word_at(path, i, &len)) {
			*used = i;
			return path;
		}
		if (i == n) {
			fputs("cryptomap: the command is not complete", stderr);
			say_expected(path, i);
			return NULL;
		}
		found = match(path, i, words[i], &other);
		if (!found || other) {
			fprintf(stderr, "cryptomap: '%s' is %s", words[i],
				found ? "ambiguous" : "unknown");
			say_expected(path, i);
			return NULL;
		}
		path = found;
	}
}
