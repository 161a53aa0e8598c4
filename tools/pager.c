// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

#include "pager.h"

static const char more[] = " --More-- ";
/* from behind that to its first dash, and again to the beginning of the line */
#define BACK "\b\b\b\b\b\b\b\b\b"

/*
 * struct pager - state of the stream
 * @rows, @columns: of the terminal
 * @left:   lines that may still be written before it asks
 * @column: where the present line is
 * @over:   the rest is left out
 */
struct pager {
	unsigned int rows, columns;
	unsigned int left;
	unsigned int column;
	bool over;
};

/* Asks for a key. Return: it, as soon as it is pressed; 0 when there is none, or for an interrupt */
static char ask_key(void)
{
	struct termios before, raw;
	char key = 0;

	if (tcgetattr(STDIN_FILENO, &before))
		return 0;
	raw = before;
	raw.c_lflag &= ~(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	fputs(more, stdout);
	fflush(stdout);
	if (read(STDIN_FILENO, &key, 1) != 1)
		key = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	return key;
}

static void ask(struct pager *pager)
{
	switch (ask_key()) {
	case ' ':
		pager->left = pager->rows - 1;
		break;
	case '\r':
	case '\n':
		pager->left = 1;
		break;
	default:
		pager->over = true;
		break;
	}
	/* what asked goes away as on IOS, with no more than a typewriter can do */
	fputs(BACK "        " BACK, stdout);
}

static void next_line(struct pager *pager)
{
	pager->column = 0;
	pager->left--;
}

static ssize_t pager_write(void *cookie, const char *text, size_t len)
{
	struct pager *pager = cookie;
	size_t i;

	for (i = 0; i < len; i++) {
		if (pager->columns && pager->column == pager->columns && text[i] != '\n')
			next_line(pager);
		if (!pager->left && !pager->over)
			ask(pager);
		if (pager->over)
			break;
		fputc(text[i], stdout);
		pager->column++;
		if (text[i] == '\n')
			next_line(pager);
	}
	return len;
}

static int pager_close(void *cookie)
{
	free(cookie);
	return fflush(stdout);
}

FILE *pager_open(unsigned int rows, unsigned int columns)
{
	static const cookie_io_functions_t functions = {
		.write = pager_write,
		.close = pager_close,
	};
	struct pager *pager = malloc(sizeof(*pager));
	FILE *f;

	if (!pager)
		return NULL;
	*pager = (struct pager){
		.rows = rows < 2 ? 2 : rows,
		.columns = columns,
	};
	pager->left = pager->rows - 1;
	f = fopencookie(pager, "w", functions);
	if (!f)
		free(pager);
	return f;
}
