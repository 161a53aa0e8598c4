// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of commands, and how words find their command in it.
 */
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "cli.h"

const struct command commands[] = {
#define COMMAND(words, help, run, options) { words, help, run, options },
#include "commands.inc"
#undef COMMAND
};

const size_t n_commands = sizeof(commands) / sizeof(*commands);

static bool limited;

void commands_limit(bool disabled)
{
	limited = disabled;
}

/* ------------------------------------------------------------------------ words */

static int depth(const struct command *command)
{
	const char *s;
	int n = 1;

	for (s = command->words; *s; s++)
		n += *s == ' ';
	return n;
}

const char *command_word(const struct command *command)
{
	const char *last = strrchr(command->words, ' ');

	return last ? last + 1 : command->words;
}

bool command_is_value(const struct command *command)
{
	const char *word = command_word(command);

	return *word >= 'A' && *word <= 'Z';
}

/* Whether a word of access lists, of either family, is such a number of a packet. */
static bool number_word(const char *name, const char *word)
{
	int code;

	if (!strcmp(name, "TYPE"))
		return ios_icmp_word(AF_INET, word, &code) >= 0 ||
		       ios_icmp_word(AF_INET6, word, &code) >= 0;
	return !strcmp(name, "PROTOCOL") && (ios_protocol_word(AF_INET, word) >= 0 ||
					     ios_protocol_word(AF_INET6, word) >= 0);
}

/* Whether a word can be a host name, and not a part of an address. */
static bool host_name(const char *word)
{
	size_t len = strlen(word);

	return len <= IOS_HOST_MAX && !strchr(word, ':') && word[strspn(word, "0123456789.")];
}

/* Whether a word can be the value that stands last in a command. */
static bool value_fits(const struct command *command, const char *word)
{
	const char *name = command_word(command);
	struct ios_addr addr;
	uint32_t number;

	if (!strcmp(name, "FILE"))
		return *word;
	if (!strcmp(name, "ADDRESS") || !strcmp(name, "SOURCE") || !strcmp(name, "DESTINATION"))
		return parse_address(word, &addr);
	if (!strcmp(name, "SOURCE-PORT") || !strcmp(name, "DESTINATION-PORT"))
		return parse_small(word, 65535, &number) ||
		       ios_port_word(strstr(command->words, " tcp ") ? IPPROTO_TCP : IPPROTO_UDP,
				     word) >= 0;
	if (!strcmp(name, "TYPE") || !strcmp(name, "CODE") || !strcmp(name, "PROTOCOL"))
		return parse_small(word, 255, &number) || number_word(name, word);
	if (!strcmp(name, "PEER"))
		return parse_address(word, &addr) || host_name(word);
	if (!strcmp(name, "SEQ") || !strcmp(name, "PORT"))
		return parse_small(word, 65535, &number) && number;
	if (!strcmp(name, "CONN-ID") || !strcmp(name, "SPI") || !strcmp(name, "BYTES"))
		return parse_number(word, &number);
	if (!strcmp(name, "LINES") || !strcmp(name, "COLUMNS"))
		return parse_size(word, &number);
	return *word && strlen(word) <= IOS_NAME_MAX;
}

const struct command *command_next(const struct command *path, const struct command *after)
{
	const struct command *c = after ? after + 1 : path ? path + 1 : commands;
	int want = path ? depth(path) + 1 : 1, n;

	for (; c < commands + n_commands; c++) {
		n = depth(c);
		if (n < want)
			break;
		if (n == want && !(limited && c->options & OPT_ENABLED))
			return c;
	}
	return NULL;
}

/* ---------------------------------------------------------------------- look-up */

/* What goes on with @word after @path; *result is PARSED when it is one. */
static const struct command *match(const struct command *path, const char *word,
				   enum parse_result *result)
{
	const struct command *c, *found = NULL, *value = NULL;
	size_t len = strlen(word);

	*result = PARSED;
	for (c = command_next(path, NULL); c; c = command_next(path, c)) {
		if (command_is_value(c)) {
			value = c;
			continue;
		}
		if (!len || strncasecmp(command_word(c), word, len))
			continue;
		if (strlen(command_word(c)) == len) {
			*result = PARSED;
			return c;
		}
		if (c->options & OPT_WHOLE)
			continue;
		if (found)
			*result = PARSE_AMBIGUOUS;
		found = c;
	}
	if (!found && value && value_fits(value, word))
		return value;
	if (!found)
		*result = PARSE_INVALID;
	return found;
}

enum parse_result command_parse(char **words, int n, const struct command **path, int *at)
{
	const struct command *next;
	enum parse_result result;

	*path = NULL;
	for (*at = 0; *at < n; (*at)++) {
		next = match(*path, words[*at], &result);
		if (result != PARSED)
			return result;
		*path = next;
	}
	return *path && (*path)->run ? PARSED : PARSE_INCOMPLETE;
}

/* ------------------------------------------------------------------------- help */

/* Whether a command prints what a filter is for. */
static bool is_filtered(const struct command *command)
{
	return command->options & OPT_JSON && !(command->options & (OPT_LIVE | OPT_LOAD));
}

/* The options of a command, and their values. Return: the width of the widest, if that is more */
static int options_help(FILE *f, const struct command *command, int width)
{
	static const struct {
		unsigned int of;
		const char *words, *help;
	} option[] = {
#define OPTION(of, words, help) { of, words, help },
#include "options.inc"
#undef OPTION
	};
	size_t i;

	for (i = 0; i < sizeof(option) / sizeof(*option); i++) {
		if (!(command->options & option[i].of))
			continue;
		if (f)
			fprintf(f, "  %-*s  %s\n", width, option[i].words, option[i].help);
		else if ((int)strlen(option[i].words) > width)
			width = strlen(option[i].words);
	}
	return width;
}

void command_help(FILE *f, const struct command *path, const char *start)
{
	bool whole = !*start && path && path->run;
	const struct command *c;
	int width = whole ? options_help(NULL, path, 4) : 4;

	for (c = command_next(path, NULL); c; c = command_next(path, c))
		if ((int)strlen(command_word(c)) > width)
			width = strlen(command_word(c));
	for (c = command_next(path, NULL); c; c = command_next(path, c))
		if (command_is_value(c) ? !*start :
		    !strncasecmp(command_word(c), start, strlen(start)))
			fprintf(f, "  %-*s  %s\n", width, command_word(c), c->help);
	if (!whole)
		return;
	options_help(f, path, width);
	if (is_filtered(path))
		fprintf(f, "  %-*s  Output modifiers\n", width, "|");
	fputs("  <cr>\n", f);
}

void command_complain(FILE *f, enum parse_result result, const char *line, size_t column)
{
	switch (result) {
	case PARSED:
		break;
	case PARSE_AMBIGUOUS:
		fprintf(f, "%% Ambiguous command:  \"%s\"\n", line);
		break;
	case PARSE_INVALID:
		fprintf(f, "%*s^\n%% Invalid input detected at '^' marker.\n\n", (int)column, "");
		break;
	case PARSE_INCOMPLETE:
		fputs("% Incomplete command.\n\n", f);
		break;
	}
}
