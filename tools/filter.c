// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filter.h"

static const struct {
	const char *word;
	const char *help;
} kinds[] = {
	[FILTER_BEGIN] = { "begin", "from the first line that matches on" },
	[FILTER_COUNT] = { "count", "how many lines match" },
	[FILTER_EXCLUDE] = { "exclude", "lines that do not match" },
	[FILTER_INCLUDE] = { "include", "lines that match" },
	[FILTER_SECTION] = { "section", "lines that match, with those indented below them" },
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

/* each doubles what regcomp() needs at worst */
#define GROUPS_MAX 5

/* Bytes of the bracket expression that @s begins with. */
static size_t bracket(const char *s)
{
	size_t i = 1 + (s[1] == '^');
	const char *end;

	/* the first one does not close it */
	i += s[i] == ']';
	while (s[i] && s[i] != ']') {
		end = s[i] == '[' && s[i + 1] && strchr(":.=", s[i + 1]) ?
		      strchr(s + i + 2, ']') : NULL;
		i = end ? (size_t)(end - s) + 1 : i + 1;
	}
	return s[i] ? i + 1 : i;
}

/*
 * What "_" stands for within a line. IOS does not have itself among it, but names do, and
 * are looked for as they are.
 */
#define DELIMITER "[][ ,(){}_]"
#define DELIMITER_MAX 20

/*
 * Writes what "_" of a pattern, @at, stands for. It is the begin and the end of the line only
 * where the pattern, or an alternative of it, has its own: regcomp() takes long for many of
 * these in a row, and no end when they are repeated.
 * Return: the end of what was written.
 */
static char *delimiter(char *to, const char *pattern, const char *at, int depth)
{
	bool begin = (at == pattern || (!depth && at[-1] == '|')) && (!at[1] || !strchr("*+?", at[1]));
	bool end = !at[1] || (!depth && at[1] == '|');

	if (!begin && !end)
		return stpcpy(to, DELIMITER);
	return stpcpy(stpcpy(stpcpy(to, begin ? "(^|" : "("), DELIMITER), end ? "|$)" : ")");
}

/* Whether this of a pattern, of @n bytes, is a place in a line and no character of it. */
static bool is_anchor(const char *s, size_t n)
{
	return n == 1 ? *s == '^' || *s == '$' : n == 2 && *s == '\\' && strchr("<>bB`'", s[1]);
}

/*
 * A regular expression of IOS as one of POSIX: braces stand for themselves, and "_" for what
 * stands between words. That also bounds the memory that regcomp() takes, which copies what is
 * repeated: so do groups with "+", of which no more than GROUPS_MAX are taken. Where groups have
 * anchors it takes as long for any operator, and longer: two are taken. What is repeated by two
 * operators in a row is repeated by one, since regcomp() takes twice the time for each more.
 *
 * Return: for free(); NULL when memory is exhausted, or, with *groups, of too many groups.
 */
static char *posix_pattern(const char *s, unsigned int *groups)
{
	char *pattern = malloc(DELIMITER_MAX * strlen(s) + 1), *to = pattern;
	const char *start = s;
	char last = '\0';
	bool anchored = false;
	int depth = 0;
	size_t n;

	*groups = 0;
	while (pattern && *s) {
		if (strchr("*+?", *s) && last && strchr("*+?", last)) {
			if (last != *s)
				to[-1] = last = '*';
			s++;
			continue;
		}
		n = *s == '[' ? bracket(s) : *s == '\\' && s[1] ? 2 : 1;
		if (last == ')' && strchr("*+?", *s))
			*groups += anchored ? GROUPS_MAX / 2 : *s == '+';
		anchored |= depth > 0 && is_anchor(s, n);
		last = n == 1 ? *s : '\0';
		depth += (last == '(') - (last == ')');
		if (*s == '{' || *s == '}')
			*to++ = '\\';
		to = *s == '_' ? delimiter(to, start, s, depth) : mempcpy(to, s, n);
		s += n;
	}
	if (!pattern)
		return NULL;
	*to = '\0';
	if (*groups <= GROUPS_MAX)
		return pattern;
	free(pattern);
	return NULL;
}

static bool begins(size_t kind, const char *word, size_t len)
{
	return len <= strlen(kinds[kind].word) && !strncasecmp(kinds[kind].word, word, len);
}

void filter_help(const char *text, FILE *f)
{
	const char *word = text + strspn(text, " \t");
	size_t len = strcspn(word, " \t"), i;

	if (word[len]) {
		if (len && begins(FILTER_SECTION, word, len))
			fputs("  exclude  lines that are in no such section\n"
			      "  include  lines that are in one\n", f);
		fputs("  LINE  a regular expression\n", f);
		return;
	}
	for (i = 0; i < KINDS; i++)
		if (begins(i, word, len))
			fprintf(f, "  %-7s  %s\n", kinds[i].word, kinds[i].help);
}

bool filter_complete(const char *text, char *rest, size_t size)
{
	const char *word = text + strspn(text, " \t");
	size_t len = strlen(word), i;

	for (i = 0; i < KINDS; i++) {
		if (!len || !begins(i, word, len))
			continue;
		snprintf(rest, size, "%s ", kinds[i].word + len);
		return true;
	}
	return false;
}

/* "include" and "exclude" after section, if something follows. Return: what follows */
static const char *section_kind(const char *pattern, bool *others)
{
	size_t len = strcspn(pattern, " \t"), blanks = strspn(pattern + len, " \t");

	*others = begins(FILTER_EXCLUDE, pattern, len);
	if (!pattern[len + blanks] || (!*others && !begins(FILTER_INCLUDE, pattern, len))) {
		*others = false;
		return pattern;
	}
	return pattern + len + blanks;
}

bool filter_parse(struct filter *filter, const char *text, FILE *err)
{
	const char *word = text + strspn(text, " \t"), *pattern;
	size_t len = strcspn(word, " \t"), i;
	unsigned int groups;
	char why[128], *posix;
	int error;

	/* no two begin with the same letter */
	for (i = 0; i < KINDS; i++)
		if (len && begins(i, word, len))
			break;
	if (i == KINDS) {
		fputs("% Expected begin, count, exclude, include or section after |\n", err);
		return false;
	}
	pattern = word + len + strspn(word + len, " \t");
	if (!*pattern) {
		fprintf(err, "%% Expected a regular expression after | %s\n", kinds[i].word);
		return false;
	}
	filter->others = false;
	if (i == FILTER_SECTION)
		pattern = section_kind(pattern, &filter->others);
	posix = posix_pattern(pattern, &groups);
	if (!posix) {
		if (groups > GROUPS_MAX)
			fprintf(err, "%% Too many repeated groups in '%s'\n", pattern);
		else
			fputs("% Out of memory\n", err);
		return false;
	}
	filter->kind = i;
	error = regcomp(&filter->regex, posix, REG_EXTENDED | REG_NOSUB);
	free(posix);
	if (!error)
		return true;
	regerror(error, &filter->regex, why, sizeof(why));
	fprintf(err, "%% Bad regular expression '%s': %s\n", pattern, why);
	return false;
}

void filter_free(struct filter *filter)
{
	regfree(&filter->regex);
}

/* struct sieve - what a filter has seen; @indent: of the open section, -1 for none */
struct sieve {
	bool begun;
	unsigned int count;
	int indent;
};

static bool in_section(struct sieve *sieve, const char *line, bool matches)
{
	int indent = strspn(line, " \t");

	if (sieve->indent >= 0 && indent > sieve->indent)
		return true;
	sieve->indent = matches ? indent : -1;
	return matches;
}

static bool passes(const struct filter *filter, struct sieve *sieve, const char *line)
{
	bool matches = !regexec(&filter->regex, line, 0, NULL, 0);

	sieve->count += matches;
	sieve->begun |= matches;
	switch (filter->kind) {
	case FILTER_BEGIN:
		return sieve->begun;
	case FILTER_EXCLUDE:
		return !matches;
	case FILTER_INCLUDE:
		return matches;
	case FILTER_SECTION:
		return in_section(sieve, line, matches) != filter->others;
	case FILTER_COUNT:
		break;
	}
	return false;
}

void filter_print(const struct filter *filter, FILE *f, char *text)
{
	struct sieve sieve = { .indent = -1 };
	char *line = text, *end;

	for (; *line; line = end + 1) {
		end = strchrnul(line, '\n');
		if (!*end) {
			if (passes(filter, &sieve, line))
				fputs(line, f);
			break;
		}
		*end = '\0';
		if (passes(filter, &sieve, line))
			fprintf(f, "%s\n", line);
		*end = '\n';
	}
	if (filter->kind == FILTER_COUNT)
		fprintf(f, "Number of lines which match regexp = %u\n", sieve.count);
}
