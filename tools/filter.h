/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Filters of output: what follows "|" of a command.
 */
#ifndef CRYPTOMAP_FILTER_H
#define CRYPTOMAP_FILTER_H

#include <regex.h>
#include <stdbool.h>
#include <stdio.h>

enum filter_kind { FILTER_BEGIN, FILTER_COUNT, FILTER_EXCLUDE, FILTER_INCLUDE, FILTER_SECTION };

/** struct filter - a filter, for filter_free(); @others: what is not of the sections */
struct filter {
	enum filter_kind kind;
	bool others;
	regex_t regex;
};

/**
 * filter_parse() - read a filter
 * @text: begin, count, exclude, include or section, which may be abbreviated, and a
 *        regular expression, which is the rest of the text: POSIX extended, but as on
 *        IOS braces stand for themselves, and "_" for a blank, a comma, a brace, a
 *        parenthesis, and begin and end of the line. After section may stand include,
 *        which changes nothing, or exclude
 * @err:  where to say what is wrong with it
 *
 * Return: whether it is one.
 */
bool filter_parse(struct filter *filter, const char *text, FILE *err);
void filter_free(struct filter *filter);

/** filter_help() - tell what may follow what stands behind "|" so far */
void filter_help(const char *text, FILE *f);

/**
 * filter_complete() - complete the word that is begun behind "|"
 * @rest: receives the rest of it, with a blank behind it
 *
 * Return: whether there is one that it can be.
 */
bool filter_complete(const char *text, char *rest, size_t size);

/**
 * filter_print() - print what a filter leaves of a text
 * @text: whole lines; is written to, and is as before when it returns
 *
 * begin: from the first line that matches on. section: lines that match, each with
 * those after it that are indented more; section exclude: the others. count: how many lines match.
 */
void filter_print(const struct filter *filter, FILE *f, char *text);

#endif
