// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any lines as typed in the shell: as commands, of which only the help is asked so that
 * none runs, and in configure terminal, on a configuration that holds what went before.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "configure.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int __wrap_execute(const struct input *input, bool foreign);
int __real_execute(const struct input *input, bool foreign);
int __wrap_credentials_read(struct ios_config *cfg);

/* what run_shell_line() does with a line that it has split */
int __wrap_execute(const struct input *input, bool foreign)
{
	static char mark[] = "?";
	struct input help = *input;

	help.filter = NULL;
	if (help.n == INPUT_WORDS)
		help.n--;
	help.word[help.n++] = mark;
	return __real_execute(&help, foreign);
}

/* What stands for the path of a file is not to be opened. */
int __wrap_credentials_read(struct ios_config *cfg)
{
	(void)cfg;
	return 0;
}

/* A line of configure terminal. */
static void configure(struct configure *at, char **running, const char *line)
{
	struct ios_config *cfg;

	configure_help(at, line, stdout);
	cfg = configure_parse(at, *running, line, 0, stdout);
	if (!cfg)
		return;
	ios_text_free(*running);
	*running = ios_print(cfg, IOS_PRINT_ALL, NULL);
	ios_free(cfg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = strndup((const char *)data, len), *next = text, *line, *running;
	struct ios_config *empty = ios_new("fuzz");
	char trimmed[sizeof(((struct input *)0)->line)];
	struct configure at = { 0 };

	running = ios_print(empty, IOS_PRINT_ALL, NULL);
	while ((line = strsep(&next, "\n"))) {
		run_shell_line(line, false);
		shell_holds_key(line);
		if (shell_trim(trimmed, sizeof(trimmed), line))
			configure(&at, &running, trimmed);
	}
	ios_text_free(running);
	ios_free(empty);
	free(text);
	return 0;
}
