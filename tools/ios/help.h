/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may stand next in a line of the configuration that is being typed.
 */
#ifndef CRYPTOMAP_IOS_HELP_H
#define CRYPTOMAP_IOS_HELP_H

#include <stddef.h>

/** enum ios_word_kind - what may stand next: a keyword, a value, or nothing at all */
enum ios_word_kind { IOS_WORD_KEYWORD, IOS_WORD_VALUE, IOS_WORD_END };

/**
 * struct ios_word - a word that may stand next
 * @kind: what it is
 * @word: the keyword; for a value what stands for it on IOS: "WORD", "LINE", "A.B.C.D",
 *        "X:X:X:X::X", "<1-65535>"; "<cr>" for the end of the line
 * @help: what it is for, "" for the end
 */
struct ios_word {
	enum ios_word_kind kind;
	char word[32];
	char help[80];
};

/**
 * struct ios_words - all of them
 * @v: by name, the end last
 * @n: how many; none when the line is wrong already
 */
struct ios_words {
	struct ios_word *v;
	size_t n;
};

/**
 * ios_words() - what may stand next
 * @words: receives them, for free() of @v
 * @head:  lines that lead to the section that is open, zero terminated
 * @line:  words of the line so far, all of them whole
 *
 * It is the parser that reads the line, up to where it ends: what is told is what the
 * parser would have taken.
 *
 * Return: 0, or -ENOMEM.
 */
int ios_words(struct ios_words *words, const char *head, const char *line);

#endif
