// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random configurations: what is printed of each loads back as it was, and other ways to
 * write it mean the same. CONFIGS=n in the environment for more than by default.
 */
#include <ctype.h>
#include <string.h>

#include "ios_diags.h"
#include "ios_random.h"
#include "ios_same.h"

#define CONFIGS 150

/* struct style - a way to write a configuration; zero is the one of running-config */
struct style {
	const char *name;
	bool shortest;		/* keywords as short as they may be */
	bool upper;		/* keywords in capitals */
	bool indent;		/* each section by another amount */
	bool comments;		/* lines of comment and empty ones anywhere */
	bool prompts;		/* as pasted from a terminal */
	bool crlf;		/* lines end as on other systems */
};

static void put_prompt(FILE *f, const char *line)
{
	fprintf(f, "R1(config%s)#", *line == ' ' ? "-any" : "");
}

static void put_comment(FILE *f)
{
	fputs(ANY("!\n", "\n", "! crypto map X 10 ipsec-isakmp\n", "   \n", " ! text\n", "#\n"), f);
}

static void put_word(FILE *f, const struct style *style, const char *word, size_t len)
{
	const char *mark = memchr(word, '|', len), *end = word + len, *s;

	for (s = word; s < (mark && style->shortest ? mark : end); s++)
		if (s != mark)
			fputc(mark && style->upper ? toupper((unsigned char)*s) : *s, f);
}

static void put_line(FILE *f, const struct style *style, const char *line, const char *indent)
{
	size_t len;

	if (style->prompts)
		put_prompt(f, line);
	else if (*line == ' ')
		fputs(indent, f);
	line += strspn(line, " ");
	while (*line) {
		len = strcspn(line, " ");
		put_word(f, style, line, len);
		line += len;
		for (; *line == ' '; line++)
			fputc(' ', f);
	}
	fputs(style->crlf ? " \r\n" : "\n", f);
}

/* The text of a style, for free(). */
static char *styled(const char *config, const struct style *style)
{
	char *copy = strdup(config), *next = copy, *text, *line;
	const char *indent = " ";
	size_t len;
	FILE *f = open_memstream(&text, &len);

	while ((line = strsep(&next, "\n")) && next) {
		if (style->comments && ONCE_IN(3))
			put_comment(f);
		if (style->indent && *line != ' ')
			indent = ANY(" ", "  ", "   ", "\t", "        ");
		put_line(f, style, line, indent);
	}
	fclose(f);
	free(copy);
	return text;
}

static struct ios_config *parse_all(const char *text)
{
	return ios_parse("random", text, strlen(text), IOS_INTERACTIVE);
}

/* Tells what is not as it should be; @text is shown once. */
static bool fine(bool good, const char *what, const struct ios_config *cfg, const char *text)
{
	if (!good) {
		printf("# %s:\n", what);
		show_diags(cfg);
		printf("%s\n", text);
	}
	return good;
}

/* Nothing is refused or left out. */
static bool whole(const struct ios_config *cfg)
{
	const struct ios_group *group;
	const struct ios_acl *acl;
	size_t lost = cfg->n_errors + cfg->n_skipped;

	for (acl = cfg->acls; acl; acl = acl->next)
		lost += acl->n_lost;
	for (group = cfg->groups; group; group = group->next)
		lost += !!group->fault;
	return !lost;
}

/* What is printed of a model is all accepted, is printed the same and is the same model. */
static bool loads_back(const struct ios_config *cfg)
{
	char *once = ios_print(cfg, IOS_PRINT_ALL, NULL), *twice;
	struct ios_config *again = parse_all(once);
	bool good;

	twice = ios_print(again, IOS_PRINT_ALL, NULL);
	good = whole(again) && !strcmp(once, twice) && same_config(cfg, again);
	fine(good, "what is printed is another configuration", again, once);
	ios_text_free(once);
	ios_text_free(twice);
	ios_free(again);
	return good;
}

static bool means_same(const struct ios_config *cfg, const char *config, const struct style *style)
{
	char *text = styled(config, style);
	struct ios_config *other = parse_all(text);
	bool good = whole(other) && same_config(cfg, other);

	fine(good, style->name, other, text);
	ios_free(other);
	free(text);
	return good;
}

int main(void)
{
	static const struct style plain, styles[] = {
		{ .name = "shortest forms of keywords", .shortest = true },
		{ .name = "keywords in capitals", .upper = true },
		{ .name = "other indentation", .indent = true },
		{ .name = "comments and empty lines", .comments = true },
		{ .name = "pasted prompts", .prompts = true },
		{ .name = "lines that end with CR", .crlf = true },
		{ .name = "all of it", .shortest = true, .upper = true, .comments = true,
		  .prompts = true, .crlf = true },
	};
	unsigned int configs = getenv("CONFIGS") ? atoi(getenv("CONFIGS")) : CONFIGS, i, j;
	unsigned int valid = 0, back = 0, same[7] = { 0 };
	struct ios_config *cfg;
	char *config, *text;

	cfg = parse_all("object-group service S\n tcp range 2 2\n");
	tap_ok(loads_back(cfg), "a range of one port loads back as that port");
	ios_free(cfg);

	tap_random_init();
	for (i = 0; i < configs && valid == i && back == i; i++) {
		config = random_config();
		text = styled(config, &plain);
		cfg = parse_all(text);
		valid += fine(whole(cfg), "not valid", cfg, text);
		back += loads_back(cfg);
		for (j = 0; j < 7 && same[j] == i; j++)
			same[j] += means_same(cfg, config, &styles[j]);
		ios_free(cfg);
		free(text);
		free(config);
	}
	tap_ok(valid == configs, "random configurations are without errors");
	tap_ok(back == configs, "what is printed of them loads back as it was");
	for (j = 0; j < 7; j++)
		tap_ok(same[j] == configs, "the same configurations: %s", styles[j].name);
	return tap_done();
}
