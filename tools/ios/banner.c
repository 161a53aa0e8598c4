// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Texts within a configuration, which are no commands: banners, messages of lines and of web
 * authentication, menus and macros.
 */
#include <ctype.h>
#include <string.h>

#include "parse.h"

/* Steps over the words before the text of a banner or the like; false when it is none. */
static bool banner_words(struct parser *p)
{
	/* "text" is of web authentication, the title of which is one line */
	static const char *const types[] = {
		"config-save", "exec", "incoming", "login", "motd", "prompt-timeout", "slip-ppp",
		"text", NULL,
	};
	static const char *const messages[] = { "banner", "fail-message", NULL };
	/* of lines; the name of a host comes before the text of the last one */
	static const char *const lines[] = { "refuse-message", "vacant-message", "busy-message", NULL };
	static const char *const menus[] = { "prompt", "title", NULL };
	static const char *const proxies[] = { "admission", "auth-proxy", NULL };
	static const char *const by[] = { "ftp", "http", "telnet", NULL };

	if (skip_word(p, "ip", 2))
		return skip_one(p, proxies, 4) && skip_word(p, "auth-proxy-banner", 4) && skip_one(p, by, 3) &&
		       tok_peek(p);
	if (skip_word(p, "aaa", 3))
		return skip_word(p, "authentication", 6) && skip_one(p, messages, 4);
	if (skip_word(p, "menu", 4) && tok_peek(p)) {
		p->pos++;
		return skip_one(p, menus, 5);
	}
	if (skip_one(p, lines, 6)) {
		p->pos += tok_is(&p->line.tok[0], lines[2]) && tok_peek(p);
		return true;
	}
	if (!skip_word(p, "banner", 3))
		return false;
	skip_one(p, types, 3);
	return true;
}

/* The text of "macro name M" ends with the line "@". */
static bool open_macro(struct parser *p)
{
	if (!tok_is(&p->line.tok[0], "macro") || p->line.n < 2 || !tok_is(&p->line.tok[1], "name"))
		return false;
	p->delim[0] = '@';
	p->delim_len = 1;
	p->delim_line = p->line.no;
	return true;
}

bool begins_text(struct parser *p)
{
	size_t start = p->pos;
	bool begins;

	p->pos = 0;
	begins = banner_words(p) || (tok_is(&p->line.tok[0], "macro") && p->line.n > 1);
	p->pos = start;
	return begins;
}

void open_banner(struct parser *p)
{
	size_t start = p->pos, len, n = 1;
	const struct tok *first = NULL;
	const char *text;

	if (open_macro(p))
		return;
	if (banner_words(p))
		first = tok_raw(p);
	p->pos = start;
	if (!first)
		return;
	text = first->s;
	len = p->line.end - text;
	/* a running-config shows the control character as two */
	if (len > 1 && text[0] == '^' && text[1] == 'C')
		n = 2;
	if (memmem(text + n, len - n, text, n))
		return;
	/* more likely of the text, its delimiter having been lost on the way, or a word that is to end it */
	if (isalnum((unsigned char)text[0]) && first->len > 1)
		p_warn(p, "the first character behind these words is the delimiter: the text ends at the next '%c'",
		       text[0]);
	memcpy(p->delim, text, n);
	p->delim_len = n;
	p->delim_line = p->line.no;
}

/* What IOS says on a terminal before a text is typed; it names the delimiter. */
static bool asks_text(const struct parser *p)
{
	return p->line.no == p->delim_line + 1 && p->line.n > 2 && tok_is(&p->line.tok[0], "Enter") &&
	       tok_is(&p->line.tok[1], "TEXT") && tok_is(&p->line.tok[2], "message.");
}

void banner_line(struct parser *p, const char *text, const char *end)
{
	if (asks_text(p))
		return;
	if (memmem(text, end - text, p->delim, p->delim_len))
		p->delim_len = 0;
}
