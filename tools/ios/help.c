// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "parse.h"

bool asked(const struct parser *p)
{
	return p->asked && !p->failed && p->pos >= p->line.n;
}

static struct ios_word *find(const struct ios_words *words, const char *word)
{
	size_t i;

	for (i = 0; i < words->n; i++)
		if (!strcmp(words->v[i].word, word))
			return &words->v[i];
	return NULL;
}

static void append(struct parser *p, const struct ios_word *word)
{
	struct ios_words *words = p->asked;
	struct ios_word *more;

	if (find(words, word->word))
		return;
	more = reallocarray(words->v, words->n + 1, sizeof(*more));
	if (!more) {
		no_memory(p);
		return;
	}
	words->v = more;
	words->v[words->n++] = *word;
}

void offer(struct parser *p, enum ios_word_kind kind, const char *word, const char *fmt, ...)
{
	struct ios_word offered = { .kind = kind };
	va_list ap;

	if (!asked(p))
		return;
	va_start(ap, fmt);
	snprintf(offered.word, sizeof(offered.word), "%s", word);
	vsnprintf(offered.help, sizeof(offered.help), fmt, ap);
	va_end(ap);
	append(p, &offered);
}

void offer_keywords(struct parser *p, const struct kw *table, size_t n)
{
	size_t i;

	for (i = 0; asked(p) && i < n; i++)
		if (table[i].help)
			offer_word(p, table[i].word, "%s", table[i].help);
}

void offer_number(struct parser *p, uint64_t min, uint64_t max, const char *what)
{
	char range[32];

	if (!asked(p))
		return;
	snprintf(range, sizeof(range), "<%llu-%llu>", (unsigned long long)min,
		 (unsigned long long)max);
	offer_value(p, range, "%s", what);
}

void offer_end(struct parser *p)
{
	static const struct ios_word end = { .kind = IOS_WORD_END, .word = "<cr>" };

	if (asked(p))
		append(p, &end);
}

static int compare(const void *a, const void *b)
{
	const struct ios_word *x = a, *y = b;
	int last = (x->kind == IOS_WORD_END) - (y->kind == IOS_WORD_END);

	return last ? last : strcmp(x->word, y->word);
}

int ios_words(struct ios_words *words, const char *head, const char *line)
{
	struct ios_config *cfg = NULL;
	char *text;
	int len;

	*words = (struct ios_words){ 0 };
	len = asprintf(&text, "%s %s", head, line);
	if (len < 0)
		return -ENOMEM;
	cfg = parse_text("help", text, len, IOS_INTERACTIVE, &(struct given){ .words = words });
	ios_text_free(text);
	if (!cfg) {
		free(words->v);
		*words = (struct ios_words){ 0 };
		return -ENOMEM;
	}
	ios_free(cfg);
	if (words->n)
		qsort(words->v, words->n, sizeof(*words->v), compare);
	return 0;
}
