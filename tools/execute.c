// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A line is done: its options, its command, and the filter of what it prints.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "filter.h"
#include "ios/text.h"
#include "say.h"
#include "trial.h"

/*
 * struct plain - the words that are no options, and where each stood
 * @joined: the name of an interface that was two words
 */
struct plain {
	char *word[INPUT_WORDS];
	int from[INPUT_WORDS];
	int n;
	unsigned int options;
	char joined[IOS_NAME_MAX + 1];
};

/* Takes the options out of a line. Return: DONE, or USAGE after saying why. */
static int take_options(const struct input *input, struct plain *plain, struct args *args)
{
	char *word;
	int i;

	for (i = 0; i < input->n; i++) {
		word = input->word[i];
		if (!strcmp(word, "--json")) {
			args->json = true;
			plain->options |= OPT_JSON;
		} else if (!strcmp(word, "--dry-run")) {
			args->dry_run = true;
			plain->options |= OPT_LOAD;
		} else if (!strcmp(word, "--strict")) {
			args->strict = true;
			plain->options |= OPT_STRICT;
		} else if (!strcmp(word, "--confirm-within")) {
			args->confirm_within = i + 1 < input->n ? trial_parse(input->word[++i]) : 0;
			plain->options |= OPT_LOAD;
			if (!args->confirm_within) {
				fputs("cryptomap: --confirm-within needs a time from 10s to 24h, such as 90s, 5m or 1h\n",
				      input->err);
				return USAGE;
			}
		} else if (!strcmp(word, "--textfile")) {
			args->textfile = i + 1 < input->n ? input->word[++i] : NULL;
			plain->options |= OPT_TEXTFILE;
			if (!args->textfile) {
				fputs("cryptomap: --textfile needs the path of a file\n", input->err);
				return USAGE;
			}
		} else if (!strcmp(word, "--interface")) {
			plain->options |= OPT_INTERFACE;
			if (!args_bind(args, i + 1 < input->n ? input->word[++i] : "", input->err))
				return USAGE;
		} else if (word[0] == '-' && word[1]) {
			fprintf(input->err, "cryptomap: unknown option '%s'\n", word);
			return USAGE;
		} else {
			plain->from[plain->n] = i;
			plain->word[plain->n++] = word;
		}
	}
	if (args->dry_run && args->confirm_within) {
		fputs("cryptomap: --confirm-within is not for --dry-run\n", input->err);
		return USAGE;
	}
	return DONE;
}

/* Of "GigabitEthernet 0/1" the second word is part of the first. Return: whether it is here */
static bool join_interface(struct plain *plain, const struct command *path, int at)
{
	char *unit = at < plain->n ? plain->word[at] : "";

	if (!path || *plain->joined || strcmp(command_word(path), "INTERFACE") ||
	    !isdigit((unsigned char)*unit) ||
	    snprintf(plain->joined, sizeof(plain->joined), "%s%s", plain->word[at - 1], unit) >=
	    (int)sizeof(plain->joined))
		return false;
	plain->word[at - 1] = plain->joined;
	plain->n--;
	memmove(plain->word + at, plain->word + at + 1, (plain->n - at) * sizeof(*plain->word));
	memmove(plain->from + at, plain->from + at + 1, (plain->n - at) * sizeof(*plain->from));
	return true;
}

/* command_parse() of the words */
static enum parse_result find(struct plain *plain, const struct command **path, int *at)
{
	enum parse_result result = command_parse(plain->word, plain->n, path, at);

	if (result == PARSE_INVALID && join_interface(plain, *path, *at))
		result = command_parse(plain->word, plain->n, path, at);
	return result;
}

/* One line of what may follow @path, for who has no "?" at hand as in the shell. */
static void tell_expected(FILE *f, const struct command *path)
{
	const char *before = "expected: ";
	const struct command *c;

	for (c = command_next(path, NULL); c; c = command_next(path, c)) {
		if (c->options & OPT_SHELL)
			continue;
		fprintf(f, "%s%s", before, command_word(c));
		before = ", ";
	}
	if (path && path->run)
		fprintf(f, "%sthe end of the line", *before == ',' ? " or " : before);
	fputc('\n', f);
}

static int complain(const struct input *input, const struct plain *plain,
		    enum parse_result result, const struct command *path, int at)
{
	size_t column = at < plain->n ? input->column[plain->from[at]] : 0;

	if (input->echo && result == PARSE_INVALID)
		fprintf(input->err, "%*s%s\n", (int)input->offset, "cryptomap ", input->line);
	command_complain(input->err, result, input->line, input->offset + column);
	if (result == PARSE_AMBIGUOUS)
		command_help(input->err, path, plain->word[at]);
	else if (input->echo)
		tell_expected(input->err, path);
	return USAGE;
}

static int refuse_option(const struct input *input, const struct command *command,
			 unsigned int options)
{
	fprintf(input->err, "cryptomap: %s is not for '%s'\n",
		options & OPT_JSON ? "--json" :
		options & OPT_STRICT ? "--strict" :
		options & OPT_INTERFACE ? "--interface" :
		options & OPT_TEXTFILE ? "--textfile" : "--dry-run or --confirm-within",
		command->words);
	return USAGE;
}

static ssize_t text_write(void *cookie, const char *bytes, size_t len)
{
	put(cookie, "%.*s", (int)len, bytes);
	return len;
}

/*
 * What a command prints, for ios_text_free(); NULL when memory is exhausted. It may be keys, of
 * which open_memstream() would leave some behind when it grows.
 */
static char *run_aside(struct args *args, int *ret)
{
	struct text text = { 0 };
	char buffer[BUFSIZ];

	put(&text, "%s", "");
	args->out = fopencookie(&text, "w", (cookie_io_functions_t){ .write = text_write });
	if (!args->out) {
		ios_text_free(text_finish(&text));
		return NULL;
	}
	setvbuf(args->out, buffer, _IOFBF, sizeof(buffer));
	*ret = args->command->run(args);
	fclose(args->out);
	explicit_bzero(buffer, sizeof(buffer));
	return text_finish(&text);
}

/* Runs a command with its output through a filter. */
static int run_filtered(const struct input *input, struct args *args)
{
	struct filter filter;
	char *text;
	int ret;

	if (!filter_parse(&filter, input->filter, input->err))
		return USAGE;
	text = run_aside(args, &ret);
	if (text) {
		filter_print(&filter, input->out, text);
	} else {
		say_no_memory();
		ret = REFUSED;
	}
	ios_text_free(text);
	filter_free(&filter);
	return ret;
}

int execute(const struct input *input, bool foreign)
{
	struct args args = { .foreign = foreign, .out = input->out };
	enum parse_result result;
	struct plain plain = { 0 };
	int at;

	if (take_options(input, &plain, &args))
		return USAGE;
	if (plain.n && !strcmp(plain.word[plain.n - 1], "?")) {
		plain.n--;
		result = find(&plain, &args.command, &at);
		if (result != PARSED && result != PARSE_INCOMPLETE)
			return complain(input, &plain, result, args.command, at);
		command_help(input->out, args.command, "");
		return DONE;
	}
	result = find(&plain, &args.command, &at);
	if (result != PARSED)
		return complain(input, &plain, result, args.command, at);
	if (plain.options & ~args.command->options)
		return refuse_option(input, args.command, plain.options & ~args.command->options);
	if (args.command->options & OPT_SHELL && !input->shell) {
		fprintf(input->err, "cryptomap: '%s' is for the shell only\n", args.command->words);
		return USAGE;
	}
	if (args.command->options & OPT_LIVE && input->filter) {
		fprintf(input->err, "cryptomap: '%s' goes on, and takes no filter\n",
			args.command->words);
		return USAGE;
	}
	/* waits for nobody to turn a page, with the signals blocked that would end it */
	if (args.command->options & OPT_LIVE && input->shell)
		args.out = stdout;
	args.word = plain.word;
	return input->filter ? run_filtered(input, &args) : args.command->run(&args);
}
