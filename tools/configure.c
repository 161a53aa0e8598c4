// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A line is appended to the text of the running configuration, after the head of the
 * section that it belongs to, so that the line is exactly what it is in a file, "no"
 * included. Of what the parser makes of that the difference is staged, in a transaction
 * that began with the configuration in force.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli.h"
#include "configure.h"
#include "credentials.h"
#include "file.h"
#include "ios/help.h"
#include "ios/text.h"
#include "known.h"
#include "load.h"
#include "manual_keys.h"
#include "resolve.h"
#include "transaction.h"
#include "trial.h"

static unsigned int count_lines(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Whether something of the configuration cannot be used as it was written. */
static bool unusable(const struct ios_config *cfg)
{
	const struct ios_group *group;
	const struct ios_tset *set;
	const struct ios_acl *acl;

	for (set = cfg->tsets; set; set = set->next)
		if (!set->usable)
			return true;
	for (acl = cfg->acls; acl; acl = acl->next)
		if (acl->n_lost)
			return true;
	/* one that gets its members only now is not loaded, nor lost */
	for (group = cfg->groups; group; group = group->next)
		if (group->fault && (group->members || group->fault_line != group->line))
			return true;
	return false;
}

/*
 * Whether a line from @first on refers to a crypto map or transform set that there is not, which is
 * told in IOS's words. What was there before would be gone, and its packets would pass in clear.
 */
static bool dangling(const struct ios_config *cfg, unsigned int first, FILE *out)
{
	const struct ios_interface *ifc;
	const struct ios_entry *entry;
	const struct ios_map *map;
	const char *name = NULL;
	size_t i;

	for (ifc = cfg->interfaces; ifc && !name; ifc = ifc->next) {
		if (*ifc->map && ifc->map_line >= first && !ios_map_find(cfg, ifc->map))
			name = ifc->map;
		if (*ifc->map6 && ifc->map6_line >= first && !ios_map_find(cfg, ifc->map6))
			name = ifc->map6;
	}
	if (name) {
		fprintf(out, "ERROR: Crypto Map with tag \"%s\" does not exist.\n", name);
		return true;
	}
	for (map = ios_map_next(cfg, NULL); map; map = ios_map_next(cfg, map))
		for (entry = map->entries; entry && !name; entry = entry->next)
			for (i = 0; entry->tset_line >= first && !name && i < entry->n_tsets; i++)
				if (!ios_tset_find(cfg, entry->tsets[i]))
					name = entry->tsets[i];
	if (name)
		fprintf(out, "ERROR: transform set with tag \"%s\" does not exist.\n", name);
	return name;
}

/* What scripts for routers look for where a line is refused: IOS's words for it. */
static const char *kind_of_error(const struct ios_diag *diag)
{
	if (diag->severity != IOS_ERROR)
		return "";
	if (!strncmp(diag->text, "the line ends ", 14))
		return "Incomplete command: ";
	if (strstr(diag->text, "' is ambiguous: "))
		return "Ambiguous command: ";
	if (!strncmp(diag->text, "unexpected ", 11) || !strncmp(diag->text, "unknown word ", 13))
		return "Invalid input: ";
	return "";
}

/* Tells what there is to say of lines from @first on. Return: how much that was */
static unsigned int tell(const struct ios_config *cfg, unsigned int first, FILE *out)
{
	const struct ios_diag *diag;
	unsigned int n = 0;

	for (diag = cfg->diags; diag; diag = diag->next) {
		if (diag->line < first && diag->severity != IOS_ERROR)
			continue;
		fprintf(out, "%% %s%s\n", kind_of_error(diag), diag->text);
		n++;
	}
	return n;
}

/* Where the next line is read. Return: whether there is room for what leads there. */
static bool move(struct configure *at, const struct ios_config *cfg, unsigned int last,
		 const char *line)
{
	int n = 0;

	if (!cfg->section)
		*at->head = '\0';
	else if (cfg->section_text)
		n = snprintf(at->head, sizeof(at->head), "%s", cfg->section_text);
	else if (cfg->section_line == last)
		n = snprintf(at->head, sizeof(at->head), "%s\n", line);
	else
		at->head[strcspn(at->head, "\n") + 1] = '\0';
	at->section = cfg->section;
	return n < (int)sizeof(at->head);
}

/* configure_parse() for a line of the open section, or the lines of a certificate of it */
static struct ios_config *parse_here(struct configure *at, const char *running, const char *line,
				     size_t offset, FILE *out)
{
	struct configure next = *at;
	struct ios_config *cfg;
	struct text whole = { 0 };
	unsigned int last;
	bool refused;
	char *text;

	/* the running configuration ends in a section, which "exit" closes */
	put(&whole, "%sexit\n%s%s%s\n", running, at->head, at->section ? " " : "", line);
	text = text_finish(&whole);
	if (!text) {
		fputs("% Out of memory\n", out);
		return NULL;
	}
	last = count_lines(text) - count_lines(line);
	cfg = ios_parse("running-config", text, whole.len, IOS_INTERACTIVE);
	ios_text_free(text);
	if (!cfg || resolve_peers(cfg) || credentials_read(cfg)) {
		ios_free(cfg);
		fputs("% Out of memory\n", out);
		return NULL;
	}
	refused = dangling(cfg, last, out);
	if (!refused) {
		refused = cfg->n_errors || cfg->n_skipped || unusable(cfg);
		if (!tell(cfg, last, out) && refused)
			command_complain(out, PARSE_INVALID, line, offset);
	}
	if (!refused && !move(&next, cfg, last, line)) {
		fputs("% Too much was typed in this section; leave it first\n", out);
		refused = true;
	}
	if (refused) {
		ios_free(cfg);
		return NULL;
	}
	*at = next;
	return cfg;
}

/*
 * As on IOS a line that is not of the section may be of the top. The parser sees to that
 * itself on an interface, where lines of the top would mean something else.
 */
struct ios_config *configure_parse(struct configure *at, const char *running, const char *line,
				   size_t offset, FILE *out)
{
	struct configure top = { 0 };
	struct ios_config *cfg;
	char *said = NULL;
	size_t len;
	FILE *aside;

	line += strspn(line, " \t");
	if (!at->section || !strcmp(at->section, "config-if"))
		return parse_here(at, running, line, offset, out);
	aside = open_memstream(&said, &len);
	if (!aside)
		return NULL;
	cfg = parse_here(at, running, line, offset, aside);
	fclose(aside);
	if (cfg) {
		fputs(said, out);
		free(said);
		return cfg;
	}
	aside = fopen("/dev/null", "w");
	cfg = aside ? parse_here(&top, running, line, offset, aside) : NULL;
	if (cfg)
		*at = top;
	else
		fputs(said, out);
	if (aside)
		fclose(aside);
	free(said);
	return cfg;
}

void configure_leave(struct configure *at, FILE *out)
{
	if (at->certificate)
		fputs("% The certificate has no end: quit was expected after its bytes\n", out);
	free(at->certificate);
	*at = (struct configure){ 0 };
}

/* Leaves of the words those that @start begins; where there is none, what stands for a value. */
static void keep(struct ios_words *words, const char *start)
{
	size_t i, n = 0;

	for (i = 0; *start && i < words->n; i++)
		if (words->v[i].kind == IOS_WORD_KEYWORD &&
		    !strncasecmp(words->v[i].word, start, strlen(start)))
			words->v[n++] = words->v[i];
	for (i = 0; *start && !n && i < words->n; i++)
		if (words->v[i].kind == IOS_WORD_VALUE)
			words->v[n++] = words->v[i];
	words->n = *start ? n : words->n;
}

/*
 * What may follow a line, whose last word is only begun if no blank is behind it.
 * Return: where that word begins, at the end of the line if there is none.
 */
static const char *words_after(struct ios_words *words, const struct configure *at,
			       const char *line)
{
	const char *start = line + strlen(line);
	struct text text = { 0 };
	char *before;

	while (start > line && !strchr(" \t", start[-1]))
		start--;
	put(&text, "%s%s%.*s", at->certificate ? at->certificate : "",
	    at->certificate ? "\n " : "", (int)(start - line), line);
	before = text_finish(&text);
	if (!before || ios_words(words, at->head, before))
		*words = (struct ios_words){ 0 };
	ios_text_free(before);
	keep(words, start);
	return start;
}

void configure_help(const struct configure *at, const char *line, FILE *out)
{
	struct ios_words words;
	size_t i, width = 4;

	words_after(&words, at, line);
	for (i = 0; i < words.n; i++)
		if (strlen(words.v[i].word) > width)
			width = strlen(words.v[i].word);
	for (i = 0; i < words.n; i++)
		fprintf(out, *words.v[i].help ? "  %-*s  %s\n" : "  %*s\n",
			*words.v[i].help ? (int)width : 0, words.v[i].word, words.v[i].help);
	if (!words.n)
		fputs("% Unrecognized command\n", out);
	free(words.v);
}

bool configure_complete(const struct configure *at, const char *line, char *rest, size_t size)
{
	struct ios_words words;
	const char *start;
	bool one;

	start = words_after(&words, at, line);
	one = words.n == 1 && words.v[0].kind == IOS_WORD_KEYWORD;
	if (one)
		snprintf(rest, size, "%s ", words.v[0].word + strlen(start));
	free(words.v);
	return one;
}

/*
 * The running configuration after the last line, and the module's generation of it, which begins
 * anew with the module.
 */
static struct known known;
static uint64_t known_generation;
static uint16_t known_family;

void configure_end(void)
{
	known_forget(&known);
	manual_keys_forget();
}

/* Makes sure that the configuration in force is known; says why if it is not. */
static bool refresh(const struct nl *nl, uint64_t generation, FILE *out)
{
	struct ios_config *cfg;

	/* a load in between is noticed */
	if (known.cfg && known_generation == generation && known_family == nl_family(nl))
		return true;
	known_forget(&known);
	cfg = running_config();
	if (!cfg || manual_keys_restore(cfg)) {
		ios_free(cfg);
		return false;
	}
	known_generation = generation;
	known_family = nl_family(nl);
	if (manual_keys_hide(cfg)) {
		ios_free(cfg);
	} else if (!known_set(&known, cfg)) {
		return true;
	}
	fputs("% Out of memory\n", out);
	return false;
}

/* Whether the running configuration is one to keep, not on trial; says why if not. */
static bool to_keep(FILE *out)
{
	struct trial_state state;
	int ret = trial_state(&state);

	if (!ret)
		fprintf(out, "%% The running configuration waits to be confirmed, rollback in %u seconds: confirm it or roll it back first\n",
			state.left);
	return ret == -ENOENT;
}

/* Whether there is something that an entry protects. */
static bool protects(const struct ios_config *cfg, const struct ios_map *map,
		     const struct ios_entry *entry)
{
	const struct ios_acl *acl = ios_acl_find(cfg, entry->acl, map->family);
	const struct ios_ace *ace = acl ? ios_rule_first(acl) : NULL;

	while (ace && ace->action != IOS_PERMIT)
		ace = ios_rule_next(ace);
	return entry->complete && (ace || !*entry->acl);
}

/* Tells which entries of crypto maps do not protect any more what they did. */
static void tell_opened(const struct ios_config *old, const struct ios_config *new, FILE *out)
{
	const struct ios_entry *entry, *after;
	const struct ios_map *map, *now;

	for (map = ios_map_next(old, NULL); map; map = ios_map_next(old, map)) {
		now = map->dynamic ? ios_dynamic_find(new, map->name) : ios_map_find(new, map->name);
		for (entry = map->entries; entry; entry = entry->next) {
			after = now ? ios_entry_find(new, now, entry->seq) : NULL;
			if (after && protects(old, map, entry) && !protects(new, now, after))
				fprintf(out, "%% %s %s %u %s now and protects nothing\n",
					ios_map_word(map), map->name, entry->seq,
					after->complete ? "has no permit" : "is incomplete");
		}
	}
}

/* configure_line() within a transaction that began with the configuration of this generation */
static bool change_line(struct nl *nl, uint64_t generation, struct configure *at, const char *line,
			size_t offset, const struct args *args)
{
	struct configure next = *at;
	struct ios_config *cfg;

	if (!refresh(nl, generation, args->out))
		return false;
	/* of a certificate it is the trustpoint that counts */
	if (known_warm(&known, at->head, at->certificate ? "" : line)) {
		fputs("% Out of memory\n", args->out);
		return false;
	}
	cfg = configure_parse(&next, known.text, line, offset, args->out);
	if (!cfg)
		return false;
	if (!manual_keys_stay(known.cfg, cfg, args->out) ||
	    change_config(nl, known.cfg, cfg, args, &generation)) {
		ios_free(cfg);
		return false;
	}
	tell_opened(known.cfg, cfg, args->out);
	*at = next;
	known_generation = generation;
	manual_keys_keep(cfg);
	known_change(&known, cfg);
	return true;
}

/* configure_line() under the lock of loads */
static bool change_running(struct configure *at, const char *line, size_t offset,
			   const struct args *args)
{
	uint64_t generation = 0;
	struct nl *nl = NULL;
	bool done = false;

	if (to_keep(args->out))
		nl = nl_open();
	if (nl && !transaction_begin_change(nl, &generation))
		done = change_line(nl, generation, at, line, offset, args);
	nl_close(nl);
	return done;
}

/*
 * A name in the line is asked for while nobody waits for the lock. Return: whether the line is to
 * open a section
 */
static bool look_ahead(const struct configure *at, const char *line)
{
	struct ios_config *cfg = NULL;
	struct text whole = { 0 };
	bool head = false;
	char *text;

	put(&whole, "%s %s\n", at->head, line);
	text = text_finish(&whole);
	if (text)
		cfg = ios_parse("line", text, whole.len, 0);
	ios_text_free(text);
	if (cfg) {
		resolve_peers(cfg);
		head = cfg->head;
	}
	ios_free(cfg);
	return head;
}

/*
 * configure_line() for what counts by itself. Where it is refused its section stays open, as on
 * IOS, unless it was to open another one: what follows is meant for that, and would change this one.
 */
static bool take_line(struct configure *at, const char *line, size_t offset, FILE *out,
		      bool foreign)
{
	struct args args = { .out = out, .foreign = foreign };
	bool head, done = false;
	int lock;

	head = look_ahead(at, line);
	lock = lock_loads(0);
	if (lock >= 0) {
		done = change_running(at, line, offset, &args);
		close(lock);
	}
	resolve_forget();
	if (!done && head)
		configure_leave(at, out);
	return done;
}

/*
 * configure_line() for a line of a certificate. With its end the certificate is changed as if it
 * were one line; whatever comes of that, the section goes on.
 */
static bool take_bytes(struct configure *at, const char *line, size_t offset, FILE *out,
		       bool foreign)
{
	struct configure next = *at;
	struct ios_config *cfg;
	char *lines = NULL;
	bool done = true;

	if (asprintf(&lines, "%s\n %s", at->certificate, line) < 0) {
		fputs("% Out of memory\n", out);
		return false;
	}
	cfg = parse_here(&next, "", lines, offset, out);
	if (!cfg) {
		free(lines);
		return false;
	}
	if (!strcmp(next.section, IOS_SECTION_CERTIFICATE)) {
		next.certificate = lines;
	} else {
		done = take_line(at, lines, offset, out, foreign);
		next.certificate = NULL;
		free(lines);
	}
	ios_free(cfg);
	free(at->certificate);
	*at = next;
	return done;
}

bool configure_line(struct configure *at, const char *line, size_t offset, FILE *out,
		    bool foreign)
{
	bool done;

	if (at->certificate)
		return take_bytes(at, line, offset, out, foreign);
	done = take_line(at, line, offset, out, foreign);
	if (!done || !at->section || strcmp(at->section, IOS_SECTION_CERTIFICATE))
		return done;
	fputs("Enter the certificate in hexadecimal, and quit behind it.\n", out);
	at->certificate = strdup(line);
	if (at->certificate)
		return true;
	fputs("% Out of memory\n", out);
	configure_leave(at, out);
	return false;
}

/* Writes what is in force, and what was typed here and is not whole yet. Return: 0, or less after saying why */
static int write_known(struct nl *nl, FILE *out)
{
	uint64_t generation = 0;
	char *text;
	int ret;

	if (transaction_begin_change(nl, &generation) || !refresh(nl, generation, stderr))
		return -1;
	text = known_whole(&known) ? NULL : ios_print(known.cfg, IOS_PRINT_ALL, NULL);
	if (!text) {
		fputs("% Out of memory\n", stderr);
		return -1;
	}
	ret = -1;
	if (manual_keys_known(known.cfg, stderr)) {
		fputs("Building configuration...\n", out);
		ret = file_replace(CONFIG_FILE, text, 0600);
	}
	ios_text_free(text);
	return ret;
}

/* A load in between would pair the phase 1 of one configuration with the rest of another. */
int run_write(const struct args *args)
{
	struct nl *nl = NULL;
	int lock, ret = -1;

	if (args->foreign) {
		fputs("% " CONFIG_FILE " is the host's, not that of the namespace of -n: nothing was written\n",
		      stderr);
		return REFUSED;
	}
	lock = lock_loads(0);
	if (lock < 0)
		return REFUSED;
	if (to_keep(stderr))
		nl = nl_open();
	if (nl)
		ret = write_known(nl, args->out);
	nl_close(nl);
	close(lock);
	if (ret)
		return REFUSED;
	fputs("[OK]\n", args->out);
	return DONE;
}
