// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the log of a terminal shows (ECMA-48): each line is written to cells as the terminal did.
 */
#include <stdint.h>
#include <string.h>

#include "screen.h"
#include "utf8.h"
#include "wipe.h"

#define BELL '\a'
#define ESCAPE '\x1b'
/* no line of a terminal is longer: such a one stays as it is */
#define CELLS 65536
/* nor is a prompt */
#define PROMPT 128

bool screen_needed(const char *text, size_t len)
{
	return memchr(text, '\b', len) || memchr(text, ESCAPE, len) || memchr(text, BELL, len);
}

/* struct cell - a character of the text */
struct cell {
	const char *s;
	uint8_t len;
};

/*
 * struct screen_line - the line that the terminal is on
 * @cell:   its characters
 * @len:    how many
 * @cursor: where the next one goes, @len at most
 */
struct screen_line {
	struct cell *cell;
	size_t len;
	size_t cursor;
};

static void erase(struct screen_line *line, size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to && i < line->len; i++)
		line->cell[i] = (struct cell){ .s = " ", .len = 1 };
}

/* A control sequence with its number, 0 for none. Others, such as colours, change no text. */
static void control(struct screen_line *line, char final, size_t n)
{
	size_t by = n ? n : 1, left = line->len - line->cursor;

	switch (final) {
	case 'C':
		line->cursor += by < left ? by : left;
		break;
	case 'D':
		line->cursor -= by < line->cursor ? by : line->cursor;
		break;
	case 'G':
		line->cursor = by - 1 < line->len ? by - 1 : line->len;
		break;
	case 'K':
		if (n)
			erase(line, 0, n == 1 ? line->cursor + 1 : line->len);
		else
			line->len = line->cursor;
		break;
	case 'P':
		by = by < left ? by : left;
		memmove(&line->cell[line->cursor], &line->cell[line->cursor + by],
			(left - by) * sizeof(*line->cell));
		line->len -= by;
		break;
	}
}

/* What follows an escape. Return: its end */
static const char *escape(struct screen_line *line, const char *s, const char *end)
{
	size_t n = 0;

	if (s < end && *s == '[') {
		for (s++; s < end && *s >= 0x20 && *s <= 0x3f; s++)
			n = *s >= '0' && *s <= '9' && n < CELLS ? n * 10 + (*s - '0') : n;
		if (s < end)
			control(line, *s, n);
		return s + (s < end);
	}
	if (s < end && *s == ']') {
		/* the title of the window, up to a bell or another escape, which goes on with a backslash */
		while (s < end && *s != BELL && *s != ESCAPE)
			s++;
		return s + (s < end) + (s + 1 < end && *s == ESCAPE);
	}
	while (s < end && *s >= 0x20 && *s <= 0x2f)
		s++;
	return s + (s < end);
}

/*
 * Whether what follows a carriage return is written over the line: blanks that take a pager's
 * prompt away, or a line that is shown again. Others are the ends of lines of an old text.
 */
static bool written_over(const struct screen_line *line, const char *s, const char *end)
{
	const char *at = s;
	size_t i;

	while (at < end && (*at == ' ' || !*at))
		at++;
	if (at == end || *at == '\r' || *at == '\b' || *at == ESCAPE || (size_t)(at - s) >= line->len)
		return true;
	for (i = 0; i < line->len && i < PROMPT && line->cell[i].len <= end - s; s += line->cell[i++].len) {
		if (memcmp(s, line->cell[i].s, line->cell[i].len))
			break;
		/* as far as the end of a prompt */
		if (*s == '#' || *s == '>')
			return true;
	}
	return false;
}

/* Writes what is left of a line of up to CELLS bytes. Return: how many bytes */
static size_t show_line(struct cell *cells, char *out, const char *s, const char *end)
{
	struct screen_line line = { .cell = cells };
	size_t i, n, at = 0;

	while (s < end) {
		char c = *s++;

		if (c == '\b') {
			line.cursor -= line.cursor > 0;
		} else if (c == '\r' && written_over(&line, s, end)) {
			line.cursor = 0;
		} else if (c == ESCAPE) {
			s = escape(&line, s, end);
		} else if (c != BELL && c) {
			n = utf8_length(s - 1, end - s + 1);
			n += !n;
			line.cell[line.cursor++] = (struct cell){ .s = s - 1, .len = n };
			if (line.len < line.cursor)
				line.len = line.cursor;
			s += n - 1;
		}
	}
	for (i = 0; i < line.len; at += line.cell[i++].len)
		memcpy(out + at, line.cell[i].s, line.cell[i].len);
	return at;
}

char *screen_text(const char *text, size_t len, char newline, size_t *shown)
{
	struct cell *cells = calloc(CELLS, sizeof(*cells));
	const char *end = text + len, *stop;
	char *out = cells ? malloc(len + 1) : NULL;
	size_t at = 0;

	while (out && text < end) {
		stop = memchr(text, newline, end - text);
		stop = stop ? stop : end;
		if (stop - text <= CELLS) {
			at += show_line(cells, out + at, text, stop);
		} else {
			memcpy(out + at, text, stop - text);
			at += stop - text;
		}
		if (stop < end)
			out[at++] = newline;
		text = stop + (stop < end);
	}
	free(cells);
	*shown = at;
	return out;
}
