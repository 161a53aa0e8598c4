// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "parse.h"
#include "text.h"

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

void tell(struct parser *p, enum ios_word_kind kind, const char *word, const char *fmt, ...)
{
	struct ios_word told = { .kind = kind };
	va_list ap;

	if (!asked(p))
		return;
	va_start(ap, fmt);
	snprintf(told.word, sizeof(told.word), "%s", word);
	vsnprintf(told.help, sizeof(told.help), fmt, ap);
	va_end(ap);
	append(p, &told);
}

/* Keeps what may stand where the next word is, for the case that it is something else. */
static void keep(struct parser *p, const struct offered *offered)
{
	size_t i;

	if (!tok_peek(p))
		return;
	if (p->offered_at != p->pos)
		p->n_offered = 0;
	p->offered_at = p->pos;
	for (i = 0; i < p->n_offered; i++)
		if (!strcmp(p->offered[i].what, offered->what))
			return;
	if (p->n_offered < OFFERED_MAX)
		p->offered[p->n_offered++] = *offered;
}

void offer_word(struct parser *p, const char *word, const char *help)
{
	keep(p, &(struct offered){ .what = word });
	tell(p, IOS_WORD_KEYWORD, word, "%s", help);
}

void offer_value(struct parser *p, const char *word, const char *what)
{
	keep(p, &(struct offered){ .what = what });
	tell(p, IOS_WORD_VALUE, word, "%s", what);
}

void offer_keywords(struct parser *p, const struct kw *table, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (table[i].help)
			offer_word(p, table[i].word, table[i].help);
}

void offer_number(struct parser *p, uint64_t min, uint64_t max, const char *what)
{
	char range[32];

	keep(p, &(struct offered){ .what = what, .min = min, .max = max });
	if (!asked(p))
		return;
	snprintf(range, sizeof(range), "<%llu-%llu>", (unsigned long long)min,
		 (unsigned long long)max);
	tell(p, IOS_WORD_VALUE, range, "%s", what);
}

void offer_end(struct parser *p)
{
	static const struct ios_word end = { .kind = IOS_WORD_END, .word = "<cr>" };

	keep(p, &(struct offered){ .what = "the end of the line" });
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
	struct text whole = { 0 };
	char *text;

	*words = (struct ios_words){ 0 };
	put(&whole, "%s %s", head, line);
	text = text_finish(&whole);
	if (!text)
		return -ENOMEM;
	cfg = parse_text("help", text, whole.len, IOS_INTERACTIVE, &(struct given){ .words = words });
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
