// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the log of a terminal has of lines that were no commands yet, or that the router
 * refused: it did not do what they say, and the line that took their place follows.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "parse.h"

/* The answer to a question mark has no more lines than that. */
#define HELP_LINES 256

/* struct piece - a line of the text that is yet to come, without blanks at either end */
struct piece {
	const char *s;
	size_t len;
};

/* The line at @text. Return: what is behind it */
static const char *piece_next(struct piece *piece, const char *text, const char *end, char newline)
{
	const char *stop = memchr(text, newline, end - text), *after = stop ? stop + 1 : end;

	stop = stop ? stop : end;
	while (text < stop && (*text == ' ' || *text == '\t'))
		text++;
	while (stop > text && (stop[-1] == ' ' || stop[-1] == '\t' || stop[-1] == '\r'))
		stop--;
	*piece = (struct piece){ .s = text, .len = stop - text };
	return after;
}

static bool begins(const struct piece *piece, const char *words)
{
	return piece->len >= strlen(words) && !strncasecmp(piece->s, words, strlen(words));
}

/* What refers to the mark in the line before it. */
static bool refusal_marked(const struct piece *piece)
{
	return begins(piece, "% Invalid input detected");
}

static bool refusal(const struct piece *piece)
{
	return begins(piece, "ERROR: ") || begins(piece, "% Duplicate sequence number") ||
	       begins(piece, "% Incomplete command") || begins(piece, "% Ambiguous command") ||
	       begins(piece, "% Unrecognized command") || begins(piece, "% Unknown command") ||
	       begins(piece, "% Crypto-map ");
}

/* The mark under what is wrong. */
static bool mark(const struct piece *piece)
{
	return piece->len == 1 && *piece->s == '^';
}

bool refused_line(struct parser *p, const char *next, const char *end, char newline)
{
	struct piece piece;

	/* an answer, and what a show printed, are no commands to begin with; text of a banner is no answer */
	if (!p->line.n || tok_is(&p->line.tok[0], "do") || answer_line(p) || begins_text(p))
		return false;
	next = piece_next(&piece, next, end, newline);
	if (!mark(&piece))
		return refusal(&piece);
	piece_next(&piece, next, end, newline);
	return refusal_marked(&piece);
}

bool answer_line(const struct parser *p)
{
	const struct tok *t = p->line.tok;
	struct piece piece;
	size_t n = p->line.n;

	if (!n || p->line.prompt)
		return false;
	piece = (struct piece){ .s = t[0].s, .len = p->line.end - t[0].s };
	return mark(&piece) || refusal(&piece) || refusal_marked(&piece) ||
	       (n > 3 && tok_is(&t[0], "crypto") && tok_is(&t[n - 3], "debugging") &&
		tok_is(&t[n - 2], "is") && (tok_is(&t[n - 1], "on") || tok_is(&t[n - 1], "off")));
}

/*
 * Whether a line is the prompt and the command of the present one, but for its last @cut
 * bytes, and whatever follows. @text: where the present line begins
 */
static bool goes_on(const struct parser *p, const char *text, size_t cut, const char *next,
		    const char *end)
{
	size_t len = p->line.end - cut - text;

	return (size_t)(end - next) > len && !memcmp(next, text, len);
}

bool helped_line(const struct parser *p, const char *text, const char *next, const char *end,
		 char newline)
{
	struct piece piece;
	size_t i;

	if (!p->line.prompt || !p->line.n || p->line.end[-1] != '?')
		return false;
	for (i = 0; i < HELP_LINES && next < end; i++) {
		if (goes_on(p, text, 1, next, end))
			return true;
		next = piece_next(&piece, next, end, newline);
	}
	return false;
}

/* Takes back what was said of the present line. */
static void retract(struct parser *p)
{
	struct ios_config *cfg = p->cfg;
	struct ios_diag *diag;

	problem_retract(p);
	while ((diag = cfg->diags) && diag->line == p->line.no) {
		cfg->diags = diag->next;
		if (diag->severity == IOS_ERROR)
			cfg->n_errors--;
		else
			cfg->n_warnings--;
		free(diag->text);
		free(diag);
	}
}

bool completed_line(const struct parser *p, const char *text, const char *next, const char *end)
{
	return p->line.prompt && p->line.n && goes_on(p, text, 0, next, end);
}

void forget_line(struct parser *p, const struct parser *before)
{
	struct parser now;

	retract(p);
	/* what "no" took away is gone, and maybe the section with it */
	if (p->negate)
		return;
	now = *p;
	*p = *before;
	p->troubles = now.troubles;
	p->problem = now.problem;
	/* a certificate that the line was behind has ended */
	p->cert = now.cert;
	p->cert_file = now.cert_file;
	p->cert_aside = now.cert_aside;
}
