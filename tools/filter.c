// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <strings.h>

#include "filter.h"

static const char *const kinds[] = {
	[FILTER_BEGIN] = "begin",
	[FILTER_COUNT] = "count",
	[FILTER_EXCLUDE] = "exclude",
	[FILTER_INCLUDE] = "include",
	[FILTER_SECTION] = "section",
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

bool filter_parse(struct filter *filter, const char *text, FILE *err)
{
	const char *word = text + strspn(text, " \t"), *pattern;
	size_t len = strcspn(word, " \t"), i;
	char why[128];
	int error;

	/* no two begin with the same letter */
	for (i = 0; i < KINDS; i++)
		if (len && len <= strlen(kinds[i]) && !strncasecmp(kinds[i], word, len))
			break;
	if (i == KINDS) {
		fputs("% Expected begin, count, exclude, include or section after |\n", err);
		return false;
	}
	pattern = word + len + strspn(word + len, " \t");
	if (!*pattern) {
		fprintf(err, "%% Expected a regular expression after | %s\n", kinds[i]);
		return false;
	}
	filter->kind = i;
	error = regcomp(&filter->regex, pattern, REG_EXTENDED | REG_NOSUB);
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
		return in_section(sieve, line, matches);
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
