// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The shell: the commands of the table interactively, and configure terminal.
 */
#include <ctype.h>
#include <errno.h>
#include <histedit.h>
#include <linux/capability.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli.h"
#include "configure.h"
#include "filter.h"
#include "pager.h"
#include "say.h"
#include "ios/wipe.h"

#define HISTORY 1000
#define LETTERS_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
/* terminal length where the terminal does not tell, as on IOS */
#define ROWS 24

/*
 * struct shell - the shell, of which there is one
 * @running:     it was started
 * @host:        name for the prompt: the host's, or that of hostname NAME
 * @configuring: in configure terminal
 * @at:          where in it
 * @disabled:    after disable
 * @foreign:     another network namespace was entered
 * @editor:      of the lines
 * @rows:        terminal length, 0 for no pages; -1 for that of the terminal
 * @columns:     terminal width, 0 for no end; -1 for that of the terminal
 * @ending:      a line was ended with control-Z
 * @refused:     a line was refused, or left out
 * @over:        the session ends
 */
static struct shell {
	bool running;
	char host[64];
	bool configuring;
	struct configure at;
	bool disabled;
	bool foreign;
	EditLine *editor;
	int rows, columns;
	bool ending;
	bool refused;
	bool over;
} shell = { .rows = -1, .columns = -1 };

static volatile sig_atomic_t caught;

static void catch(int signal)
{
	(void)signal;
	caught = true;
}

/* ------------------------------------------------------------------------ lines */

/*
 * Splits a line at its blanks; "|" begins the filter. @copy is as long as the line.
 * Return: whether there was room for all words.
 */
static bool split(struct input *input, char *copy)
{
	char *at = copy;

	for (;;) {
		at += strspn(at, " \t");
		if (!*at)
			return true;
		if (*at == '|') {
			input->filter = at + 1;
			return true;
		}
		if (input->n == INPUT_WORDS)
			return false;
		input->column[input->n] = at - copy;
		input->word[input->n++] = at;
		at += strcspn(at, " \t|");
		if (!*at)
			return true;
		if (*at == '|')
			input->filter = at + 1;
		*at++ = '\0';
		if (input->filter)
			return true;
	}
}

/* Where a command writes: on a terminal page by page. NULL when memory is exhausted. */
static FILE *open_output(void)
{
	struct winsize size = { 0 };

	if (!shell.rows || !isatty(STDIN_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return stdout;
	return pager_open(shell.rows > 0 ? shell.rows : size.ws_row ? size.ws_row : ROWS,
			  shell.columns >= 0 ? shell.columns : size.ws_col);
}

static int run_line(const char *line, size_t offset, bool foreign)
{
	struct input input = { .offset = offset, .shell = true, .err = stdout };
	char copy[sizeof(input.line)];
	int ret;

	if (snprintf(input.line, sizeof(input.line), "%s", line) >= (int)sizeof(input.line)) {
		puts("% Line too long");
		return USAGE;
	}
	strcpy(copy, input.line);
	if (!split(&input, copy)) {
		puts("% Too many words");
		return USAGE;
	}
	if ((!input.n && !input.filter) || *line == '!')
		return DONE;
	input.out = open_output();
	if (!input.out) {
		puts("% Out of memory");
		return REFUSED;
	}
	ret = execute(&input, foreign);
	if (input.out != stdout)
		fclose(input.out);
	fflush(stdout);
	return ret;
}

static bool begins(const char *line, const char *word, size_t min)
{
	size_t len = strcspn(line, " \t");

	return len >= min && len <= strlen(word) && !strncasecmp(line, word, len);
}

bool shell_holds_key(const char *line)
{
	static const char *const with_key[][3] = {
		{ "crypto", "isakmp", "key" },
		{ "pre-shared-key" },
		{ "set", "aggressive-mode", "password" },
		{ "set", "session-key" },
		{ "key", "file" },
		{ "pkcs12", "file" },
	};
	size_t i, n;
	const char *at;

	line += strspn(line, " \t");
	if (begins(line, "no", 2) || begins(line, "default", 7)) {
		line += strcspn(line, " \t");
		line += strspn(line, " \t");
	}
	for (i = 0; i < sizeof(with_key) / sizeof(*with_key); i++) {
		at = line;
		for (n = 0; n < 3 && with_key[i][n] && begins(at, with_key[i][n], 1); n++) {
			at += strcspn(at, " \t");
			at += strspn(at, " \t");
		}
		if (n == 3 || !with_key[i][n])
			return true;
	}
	return false;
}

static void leave_configure(void)
{
	shell.configuring = false;
	configure_leave(&shell.at, stdout);
}

static void name_of_host(void)
{
	gethostname(shell.host, sizeof(shell.host) - 1);
	shell.host[strcspn(shell.host, ".")] = '\0';
}

/* hostname NAME, or no hostname: for the prompt of this shell; the host keeps its name. */
static bool hostname(const char *line)
{
	bool no = begins(line, "no", 2);
	const char *name;
	size_t len;

	if (no)
		line += strcspn(line, " \t") + strspn(line + strcspn(line, " \t"), " \t");
	/* "host" is a line of an object-group */
	if (!begins(line, "hostname", 5))
		return false;
	name = line + strcspn(line, " \t");
	name += strspn(name, " \t");
	len = strlen(name);
	if (no) {
		name_of_host();
	} else if (!len) {
		puts("% Incomplete command.\n");
		shell.refused = true;
	} else if (len >= sizeof(shell.host) || !isalpha((unsigned char)*name) ||
		   strspn(name, LETTERS_DIGITS "-_.") < len) {
		puts("% Hostname contains one or more illegal characters.\n");
		shell.refused = true;
	} else {
		strcpy(shell.host, name);
		configure_leave(&shell.at, stdout);
	}
	return true;
}

static void configure(const char *line, size_t offset)
{
	size_t len = strcspn(line, " \t");

	if (*line == '!' || !*line)
		return;
	if (begins(line, "end", 3)) {
		leave_configure();
	} else if (begins(line, "exit", 2)) {
		if (shell.at.section)
			configure_leave(&shell.at, stdout);
		else
			leave_configure();
	} else if (begins(line, "do", 2)) {
		len += strspn(line + len, " \t");
		shell.refused |= run_line(line + len, offset + len, shell.foreign);
	} else if (!hostname(line)) {
		shell.refused |= !configure_line(&shell.at, line, offset, stdout, shell.foreign);
	}
	fflush(stdout);
}

int run_configure(const struct args *args)
{
	fputs("Enter configuration commands, one per line.  End with CNTL/Z.\n", args->out);
	shell.configuring = true;
	return DONE;
}

int run_exit(const struct args *args)
{
	(void)args;
	shell.over = true;
	return DONE;
}

/* Not a lock: who may start the shell may do all. */
static void set_level(bool disabled)
{
	shell.disabled = disabled;
	commands_limit(disabled);
}

int run_enable(const struct args *args)
{
	(void)args;
	set_level(false);
	return DONE;
}

int run_disable(const struct args *args)
{
	(void)args;
	set_level(true);
	return DONE;
}

/* What scripts for routers say, and is so already: nothing is followed here. */
int run_nothing(const struct args *args)
{
	(void)args;
	return DONE;
}

int run_terminal_length(const struct args *args)
{
	uint32_t rows;

	parse_size(args_value(args, "LINES"), &rows);
	shell.rows = rows;
	return DONE;
}

/* Lines that are typed are broken there, too; without an end, nowhere that anybody gets. */
int run_terminal_width(const struct args *args)
{
	const char *columns = args_value(args, "COLUMNS");
	uint32_t width;

	parse_size(columns, &width);
	shell.columns = width;
	if (shell.editor)
		el_set(shell.editor, EL_SETTC, "co", width ? columns : "4096", NULL);
	return DONE;
}

/* ---------------------------------------------------------------------- editing */

static void prompt_text(char *buf, size_t size)
{
	if (!shell.configuring)
		snprintf(buf, size, "%s%c", shell.host, shell.disabled ? '>' : '#');
	else
		snprintf(buf, size, "%s(%s)#", shell.host,
			 shell.at.section ? shell.at.section : "config");
}

static char *prompt(EditLine *el)
{
	static char text[128];

	(void)el;
	prompt_text(text, sizeof(text));
	return text;
}

/* The line up to the cursor, split: words before the last one, and where that begins. */
static const struct command *path_of(EditLine *el, struct input *input, char *copy,
				     const char **start, enum parse_result *result)
{
	const LineInfo *info = el_line(el);
	const struct command *path;
	size_t len = info->cursor - info->buffer;
	bool within;
	int at;

	if (len >= sizeof(input->line))
		len = sizeof(input->line) - 1;
	*input = (struct input){ .shell = true };
	memcpy(copy, info->buffer, len);
	copy[len] = '\0';
	within = len && copy[len - 1] != ' ' && copy[len - 1] != '\t';
	split(input, copy);
	*start = within && input->n ? input->word[--input->n] : "";
	/* in configure terminal after "do" */
	*result = command_parse(input->word + shell.configuring, input->n - shell.configuring,
				&path, &at);
	return path;
}

/*
 * The line up to the cursor. Return: what of it is for configure terminal; NULL when that is
 * not what it is for, but a command.
 */
static const char *to_configure(EditLine *el, char *buf, size_t size)
{
	const LineInfo *info = el_line(el);
	const char *line;

	snprintf(buf, size, "%.*s", (int)(info->cursor - info->buffer), info->buffer);
	line = buf + strspn(buf, " \t");
	return shell.configuring && !(begins(line, "do", 2) && strpbrk(line, " \t")) ? line : NULL;
}

/* Whether a word that begins with @start can follow. */
static bool goes_on(const struct command *path, const char *start)
{
	const struct command *c;

	for (c = command_next(path, NULL); c; c = command_next(path, c))
		if (command_is_value(c) || !strncasecmp(command_word(c), start, strlen(start)))
			return true;
	return !*start;
}

/* What may follow, or IOS's words for that nothing may. */
static void command_key_help(EditLine *el, char *copy, FILE *out)
{
	const LineInfo *info = el_line(el);
	enum parse_result result;
	const struct command *path;
	struct input input;
	const char *start;

	path = path_of(el, &input, copy, &start, &result);
	if (input.filter)
		filter_help(input.filter, out);
	else if (result == PARSE_AMBIGUOUS)
		fprintf(out, "%% Ambiguous command:  \"%.*s\"\n", (int)(info->cursor - info->buffer),
			info->buffer);
	else if (result == PARSE_INVALID || !goes_on(path, start))
		fputs("% Unrecognized command\n", out);
	else
		command_help(out, path, start);
}

static unsigned char key_help(EditLine *el, int key)
{
	char copy[sizeof(((struct input *)0)->line)];
	const char *start;
	FILE *out;

	(void)key;
	puts("?");
	out = open_output();
	if (!out)
		return CC_ERROR;
	start = to_configure(el, copy, sizeof(copy));
	if (start)
		configure_help(&shell.at, start, out);
	else
		command_key_help(el, copy, out);
	fputc('\n', out);
	if (out != stdout)
		fclose(out);
	fflush(stdout);
	explicit_bzero(copy, sizeof(copy));
	return CC_REDISPLAY;
}

/* The rest of the only command that goes on so. Return: whether there is one. */
static bool complete_command(EditLine *el, char *rest, size_t size)
{
	const struct command *c, *path, *found = NULL;
	enum parse_result result;
	struct input input;
	char copy[sizeof(input.line)];
	const char *start;

	path = path_of(el, &input, copy, &start, &result);
	if (input.filter)
		return filter_complete(input.filter, rest, size);
	if (result != PARSED && result != PARSE_INCOMPLETE)
		return false;
	for (c = command_next(path, NULL); c; c = command_next(path, c)) {
		if (command_is_value(c) || c->options & OPT_WHOLE ||
		    strncasecmp(command_word(c), start, strlen(start)))
			continue;
		if (found)
			return false;
		found = c;
	}
	if (found)
		snprintf(rest, size, "%s ", command_word(found) + strlen(start));
	return found;
}

static unsigned char key_complete(EditLine *el, int key)
{
	char copy[sizeof(((struct input *)0)->line)], rest[64];
	const char *line = to_configure(el, copy, sizeof(copy));
	bool done;

	(void)key;
	done = line ? configure_complete(&shell.at, line, rest, sizeof(rest)) :
		      complete_command(el, rest, sizeof(rest));
	explicit_bzero(copy, sizeof(copy));
	return done && !el_insertstr(el, rest) ? CC_REFRESH : CC_ERROR;
}

/* Control-Z takes what is typed for a line, and ends configure terminal after it. */
static unsigned char key_end(EditLine *el, int key)
{
	const LineInfo *info = el_line(el);

	(void)key;
	el_cursor(el, info->lastchar - info->cursor);
	shell.ending = !el_insertstr(el, "\n");
	return shell.ending ? CC_NEWLINE : CC_ERROR;
}

/* ------------------------------------------------------------------- the session */

static bool may_administer(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	return !syscall(SYS_capget, &header, data) &&
	       data[0].effective & 1u << CAP_NET_ADMIN;
}

bool shell_trim(char *line, size_t size, const char *text)
{
	size_t len;

	text += strspn(text, " \t");
	for (len = strlen(text); len && strchr(" \t\r\n", text[len - 1]);)
		len--;
	if (len >= size)
		return false;
	memcpy(line, text, len);
	line[len] = '\0';
	return true;
}

static void typed(const char *text)
{
	char line[sizeof(((struct input *)0)->line)];
	char before[128];
	size_t offset;

	if (!shell_trim(line, sizeof(line), text)) {
		puts("% Line too long");
		shell.refused = true;
		return;
	}
	prompt_text(before, sizeof(before));
	offset = strlen(before) + strspn(text, " \t");
	if (shell.configuring)
		configure(line, offset);
	else
		shell.refused |= run_line(line, offset, shell.foreign);
	explicit_bzero(line, sizeof(line));
}

/* A line that was ended by the key for it, or by control-Z. */
static void session_line(History *past, const char *line)
{
	HistEvent event;

	if (strcspn(line, "\n") && !shell_holds_key(line))
		history(past, &event, H_ENTER, line);
	if (shell.ending)
		puts("^Z");
	typed(line);
	if (shell.ending)
		leave_configure();
	shell.ending = false;
}

static void session(EditLine *el, History *past)
{
	const char *got;
	char *line;
	size_t len;
	int n;

	while (!shell.over) {
		caught = false;
		got = el_gets(el, &n);
		if (!got && caught) {
			/* control-C gives the line up, and ends configure terminal */
			puts("^C");
			leave_configure();
			el_reset(el);
			continue;
		}
		if (!got)
			break;
		/* after control-Z there may be more of an earlier line behind it, and a script may have zeros */
		len = strnlen(got, n);
		/* of a script that was cut off, what it says may be another command than was meant */
		if (shell.configuring && (!len || !strchr("\r\n", got[len - 1]))) {
			puts("% The last line has no end and is left out");
			shell.refused = true;
			break;
		}
		line = strndup(got, len);
		if (!line) {
			say_no_memory();
			shell.refused = true;
			break;
		}
		session_line(past, line);
		wipe_free(line, len);
	}
}

int run_shell(const struct args *args)
{
	struct sigaction action = { .sa_handler = catch };
	History *past;
	HistEvent event;
	EditLine *el;

	if (shell.running) {
		fputs("% This is the shell\n", args->out);
		return REFUSED;
	}
	if (!may_administer()) {
		fputs("cryptomap: the shell needs CAP_NET_ADMIN: start it as root\n", stderr);
		return REFUSED;
	}
	/* keys that were typed are not for core dumps */
	prctl(PR_SET_DUMPABLE, 0);
	/* the editor drops bytes that are no characters: of keys, too */
	setlocale(LC_CTYPE, "C.UTF-8");
	shell.running = true;
	shell.foreign = args->foreign;
	name_of_host();
	sigaction(SIGINT, &action, NULL);
	/* nothing is behind a login shell */
	signal(SIGTSTP, SIG_IGN);
	el = el_init("cryptomap", stdin, stdout, stderr);
	past = history_init();
	if (!el || !past) {
		say_no_memory();
		return REFUSED;
	}
	shell.editor = el;
	history(past, &event, H_SETSIZE, HISTORY);
	history(past, &event, H_SETUNIQUE, 1);
	el_set(el, EL_PROMPT, prompt);
	el_set(el, EL_EDITOR, "emacs");
	el_set(el, EL_HIST, history, past);
	el_set(el, EL_ADDFN, "cm-help", "What may follow", key_help);
	el_set(el, EL_ADDFN, "cm-complete", "Complete a word", key_complete);
	el_set(el, EL_ADDFN, "cm-end", "End configure terminal", key_end);
	/* as a signal it would take away what was typed before it; the first use of the terminal sets it */
	el_set(el, EL_PREP_TERM, 1);
	el_set(el, EL_SETTY, "-d", "susp=", NULL);
	el_set(el, EL_PREP_TERM, 0);
	el_set(el, EL_BIND, "^Z", "cm-end", NULL);
	el_set(el, EL_BIND, "?", "cm-help", NULL);
	el_set(el, EL_BIND, "^I", "cm-complete", NULL);
	session(el, past);
	leave_configure();
	configure_end();
	history_end(past);
	el_end(el);
	/* who types has seen it, who sends a script asks for the status */
	return shell.refused && !isatty(STDIN_FILENO) ? REFUSED : DONE;
}

int run_shell_line(const char *line, bool foreign)
{
	return run_line(line, 0, foreign);
}
