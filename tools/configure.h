/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * configure terminal: lines that change the running configuration one by one.
 */
#ifndef CRYPTOMAP_CONFIGURE_H
#define CRYPTOMAP_CONFIGURE_H

#include <stdbool.h>
#include <stdio.h>

#include "ios/ios.h"

#define CONFIGURE_HEAD 4096

/**
 * struct configure - where the next line is read
 * @section: IOS's prompt of the open section ("config-if"), NULL at the top
 * @head:    lines that lead to it: the head of the section and, of an interface
 *           without a crypto map, which is not part of the configuration, the rest
 * @certificate: the lines so far of a certificate of the section, which count only together with
 *           its end; NULL outside of one
 */
struct configure {
	const char *section;
	char head[CONFIGURE_HEAD];
	char *certificate;
};

/**
 * configure_parse() - what a configuration becomes by a line
 * @at:      where the line is read; where the next one is, if this one is taken
 * @running: the configuration as text
 * @line:    the line
 * @offset:  columns that stand before it on the screen
 * @out:     where warnings, and why it is not taken, are told
 *
 * Return: the new configuration, for ios_free(); NULL when the line is not taken.
 */
struct ios_config *configure_parse(struct configure *at, const char *running, const char *line,
				   size_t offset, FILE *out);

/**
 * configure_help() - tell what may follow a line
 * @line: words so far; the last one is only begun if no blank is behind it
 */
void configure_help(const struct configure *at, const char *line, FILE *out);

/**
 * configure_complete() - complete the word that ends a line
 * @rest: receives the rest of the word, with a blank behind it
 *
 * Return: whether there is one that it can be.
 */
bool configure_complete(const struct configure *at, const char *line, char *rest, size_t size);

/**
 * configure_leave() - leave the section
 * @out: where what gets lost by that is told
 */
void configure_leave(struct configure *at, FILE *out);

/** configure_end() - forget the running configuration, which may have keys in it */
void configure_end(void);

/**
 * configure_line() - change the running configuration by a line, at once
 * @foreign: another network namespace was entered
 *
 * Return: whether it was taken.
 */
bool configure_line(struct configure *at, const char *line, size_t offset, FILE *out,
		    bool foreign);

#endif
