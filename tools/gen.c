// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes what is made of the table of commands; runs where the tool is built.
 *
 *   gen bash    completion for bash
 *   gen man     cryptomap-commands(7)
 *   gen md      docs/commands.md
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { OPT_JSON = 1, OPT_LOAD = 2, OPT_STRICT = 4, OPT_SHELL = 8, OPT_WHOLE = 16,
       OPT_LIVE = 32, OPT_TEXTFILE = 64, OPT_ENABLED = 128, OPT_INTERFACE = 256 };

/* struct row - a command; @runs: it is whole */
struct row {
	const char *words;
	const char *help;
	const char *runs;
	unsigned int options;
};

static const struct row rows[] = {
#define COMMAND(words, help, run, options) { words, help, #run, options },
#include "commands.inc"
#undef COMMAND
};

#define ROWS (sizeof(rows) / sizeof(*rows))

/* of commands with one of the OPT_* @of; @words: with its value */
static const struct {
	unsigned int of;
	const char *words;
} option[] = {
#define OPTION(of, words, help) { of, words },
#include "options.inc"
#undef OPTION
};

#define OPTIONS (sizeof(option) / sizeof(*option))

static bool whole(const struct row *row)
{
	return strcmp(row->runs, "NULL");
}

/* " [--json]" and the like of a command */
static const char *options(const struct row *row)
{
	static char text[256];
	size_t i, at = 0;

	*text = '\0';
	for (i = 0; i < OPTIONS; i++)
		if (row->options & option[i].of)
			at += snprintf(text + at, sizeof(text) - at, " [%s%s]", option[i].words,
				       option[i].of == OPT_INTERFACE ? " ..." : "");
	return text;
}

/* Whether a command, or one whose words go on with its own, is not for the shell only. */
static bool offered(const struct row *row)
{
	size_t len = strlen(row->words), i;

	for (i = 0; i < ROWS; i++)
		if (whole(&rows[i]) && !(rows[i].options & OPT_SHELL) && !strncmp(rows[i].words, row->words, len) &&
		    (!rows[i].words[len] || rows[i].words[len] == ' '))
			return true;
	return false;
}

/*
 * The rows go into a list, in which a shell function looks for what may follow, and the options of
 * commands into another one.
 */
static void bash(void)
{
	size_t i, j;

	fputs("# bash completion of cryptomap(1); made of its table of commands\n"
	      "_cryptomap_rows='", stdout);
	for (i = 0; i < ROWS; i++)
		if (offered(&rows[i]))
			printf("%s\n", rows[i].words);
	fputs("'\n_cryptomap_options='", stdout);
	for (i = 0; i < ROWS; i++)
		for (j = 0; j < OPTIONS; j++)
			if (rows[i].options & option[j].of)
				printf("%s %.*s\n", rows[i].words, (int)strcspn(option[j].words, " "),
				       option[j].words);
	fputs("'\n\n"
	      "_cryptomap() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} path='' row rest next i word\n"
	      "\tCOMPREPLY=()\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tword=${COMP_WORDS[i]}\n"
	      "\t\tcase $word in\n"
	      "\t\t-n|--netns|--confirm-within|--textfile) ((i++)); continue ;;\n"
	      "\t\t--interface) ((i++)); [[ ${COMP_WORDS[i+1]} == = ]] && ((i += 2)); continue ;;\n"
	      "\t\t-*) continue ;;\n"
	      "\t\tesac\n"
	      "\t\tnext=''\n"
	      "\t\twhile IFS= read -r row; do\n"
	      "\t\t\t[[ $row == \"$path\"* ]] || continue\n"
	      "\t\t\trest=${row#\"$path\"}\n"
	      "\t\t\t[[ $rest == *' '* ]] && continue\n"
	      "\t\t\tif [[ $rest == \"$word\" ]]; then next=$rest; break; fi\n"
	      "\t\t\tif [[ $rest == \"$word\"* || ( -z $next && $rest == [A-Z]* ) ]]; then\n"
	      "\t\t\t\tnext=$rest\n"
	      "\t\t\tfi\n"
	      "\t\tdone <<<\"$_cryptomap_rows\"\n"
	      "\t\t[[ -n $next ]] || return\n"
	      "\t\tpath+=\"$next \"\n"
	      "\tdone\n"
	      "\tcase ${COMP_WORDS[COMP_CWORD-1]} in\n"
	      "\t-n|--netns) mapfile -t COMPREPLY < <(cd /run/netns 2>/dev/null && compgen -f -- \"$cur\"); return ;;\n"
	      "\t--interface) return ;;\n"
	      "\t=) if [[ $COMP_CWORD -gt 3 && ${COMP_WORDS[COMP_CWORD-3]} == --interface ]]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(cd /sys/class/net && compgen -f -- \"$cur\"); return; fi ;;\n"
	      "\t--textfile) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n"
	      "\tesac\n"
	      "\tif [[ $cur == -* ]]; then\n"
	      "\t\trest=--help\n"
	      "\t\t[[ -z $path ]] && rest+=' --netns --version'\n"
	      "\t\twhile IFS= read -r row; do\n"
	      "\t\t\t[[ $row == \"$path\"* && \" $rest \" != *\" ${row##* } \"* ]] && rest+=\" ${row##* }\"\n"
	      "\t\tdone <<<\"$_cryptomap_options\"\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$rest\" -- \"$cur\")\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\twhile IFS= read -r row; do\n"
	      "\t\t[[ $row == \"$path\"* ]] || continue\n"
	      "\t\trest=${row#\"$path\"}\n"
	      "\t\t[[ -z $rest || $rest == *' '* ]] && continue\n"
	      "\t\tif [[ $rest == FILE ]]; then\n"
	      "\t\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	      "\t\telif [[ $rest != [A-Z]* && $rest == \"$cur\"* ]]; then\n"
	      "\t\t\tCOMPREPLY+=(\"$rest\")\n"
	      "\t\tfi\n"
	      "\tdone <<<\"$_cryptomap_rows\"\n"
	      "}\n"
	      "complete -o filenames -F _cryptomap cryptomap\n", stdout);
}

/* A hyphen of roff is a minus only with a backslash. */
static void roff(const char *text)
{
	for (; *text; text++)
		printf("%s%c", *text == '-' ? "\\" : "", *text);
}

static void man(void)
{
	size_t i;

	fputs(".\\\" SPDX-License-Identifier: GPL-2.0-or-later\n"
	      ".\\\" made of the table of commands\n"
	      ".TH CRYPTOMAP\\-COMMANDS 7 \"\" cryptomap \"Miscellaneous\"\n"
	      ".SH NAME\n"
	      "cryptomap\\-commands \\- every command of cryptomap(1)\n"
	      ".SH DESCRIPTION\n"
	      "Words in capitals stand for values. The others may be abbreviated as long as they\n"
	      "are unambiguous.\n"
	      ".SH COMMANDS\n", stdout);
	for (i = 0; i < ROWS; i++) {
		if (!whole(&rows[i]))
			continue;
		fputs(".TP\n.B ", stdout);
		roff(rows[i].words);
		roff(options(&rows[i]));
		putchar('\n');
		roff(rows[i].help);
		putchar('\n');
	}
	fputs(".SH SEE ALSO\n.BR cryptomap (1)\n", stdout);
}

static void md(void)
{
	size_t i;

	fputs("# Commands\n\n"
	      "Made of the table of commands (`make -C tools reference`). Words in capitals stand\n"
	      "for values; the others may be abbreviated as long as they are unambiguous.\n\n"
	      "| command | |\n| --- | --- |\n", stdout);
	for (i = 0; i < ROWS; i++)
		if (whole(&rows[i]))
			printf("| `%s%s` | %s |\n", rows[i].words, options(&rows[i]), rows[i].help);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*write)(void);
	} kind[] = { { "bash", bash }, { "man", man }, { "md", md } };
	size_t i;

	for (i = 0; argc == 2 && i < sizeof(kind) / sizeof(*kind); i++) {
		if (strcmp(argv[1], kind[i].name))
			continue;
		kind[i].write();
		return fflush(stdout) || ferror(stdout);
	}
	fputs("Usage: gen bash | man | md\n", stderr);
	return 2;
}
