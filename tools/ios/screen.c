// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the log of a terminal shows.
 */
#include <string.h>

#include "screen.h"
#include "wipe.h"

#define BELL '\a'
#define ESCAPE '\x1b'
/* a byte of a line that is not there any more, as no bell ever is */
#define GONE BELL

bool screen_needed(const char *text, size_t len)
{
	return memchr(text, '\b', len) || memchr(text, ESCAPE, len) || memchr(text, BELL, len);
}

/*
 * struct screen_line - the line that the terminal is on
 * @cell:   its bytes
 * @len:    how many
 * @cursor: where the next one goes
 */
struct screen_line {
	char *cell;
	size_t len;
	size_t cursor;
};

/* Whether a byte is one of a character (UTF-8), but not its first. */
static bool goes_on(char c)
{
	return (c & 0xc0) == 0x80;
}

/* One to the left, over the whole of a character. */
static void step_back(struct screen_line *line)
{
	while (line->cursor && (goes_on(line->cell[--line->cursor]) || line->cell[line->cursor] == GONE))
		;
}

/* Over what is there: a byte of another character is not to be left of it. */
static void write_byte(struct screen_line *line, char c)
{
	size_t at;

	line->cell[line->cursor++] = c;
	if (line->len < line->cursor)
		line->len = line->cursor;
	for (at = line->cursor; at < line->len && goes_on(line->cell[at]); at++)
		line->cell[at] = GONE;
}

/* "ESC [ 0 K" erases the rest of the line; others, such as colours, change no text. Return: its end */
static const char *control(struct screen_line *line, const char *s, const char *end)
{
	if (s == end || *s != '[')
		return s;
	for (s++; s < end && *s >= 0x20 && *s <= 0x3f; s++)
		;
	if (s < end && *s == 'K' && (s[-1] == '[' || s[-1] == '0'))
		line->len = line->cursor;
	return s + (s < end);
}

/* Writes what is left of a line. Return: how many bytes */
static size_t show_line(char *out, const char *s, const char *end)
{
	struct screen_line line = { .cell = out };
	size_t n = 0, i;

	while (s < end) {
		char c = *s++;

		if (c == '\b') {
			step_back(&line);
		} else if (c == '\r') {
			line.cursor = 0;
		} else if (c == ESCAPE) {
			s = control(&line, s, end);
		} else if (c != BELL) {
			write_byte(&line, c);
		}
	}
	for (i = 0; i < line.len; i++)
		if (line.cell[i] != GONE)
			out[n++] = line.cell[i];
	return n;
}

char *screen_text(const char *text, size_t len, char newline, size_t *shown)
{
	const char *end = text + len, *stop;
	char *out = malloc(len + 1);
	size_t at = 0;

	*shown = 0;
	while (out && text < end) {
		stop = memchr(text, newline, end - text);
		at += show_line(out + at, text, stop ? stop : end);
		if (stop)
			out[at++] = newline;
		text = stop ? stop + 1 : end;
	}
	*shown = at;
	return out;
}
