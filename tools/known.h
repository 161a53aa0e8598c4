/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running configuration while it is edited: kept so that a line costs what it has to do
 * with, not what there is.
 */
#ifndef CRYPTOMAP_KNOWN_H
#define CRYPTOMAP_KNOWN_H

#include "ios/ios.h"

/**
 * struct known - the running configuration, NULL pointers for none
 * @cfg:  what lines are read with; all of a small configuration
 * @text: the same, with the contents of the files of trustpoints
 * @cold: access lists and entries of crypto maps that no line had to do with as yet; of its
 *        other objects nothing counts. NULL when @cfg is all
 */
struct known {
	struct ios_config *cfg;
	char *text;
	struct ios_config *cold;
};

/* Each returns 0; -1 when memory is exhausted, and nothing is known. */

/** known_set() - know a whole configuration, which is given away */
int known_set(struct known *known, struct ios_config *cfg);
/** known_change() - know what became of @cfg, which is given away; @cold is as it was */
int known_change(struct known *known, struct ios_config *cfg);
/**
 * known_warm() - make @cfg and @text what a line has to be read with
 * @head: lines that open the section that it is in, empty at the top
 * @line: the line
 */
int known_warm(struct known *known, const char *head, const char *line);
/** known_whole() - make @cfg and @text the whole configuration */
int known_whole(struct known *known);
/** known_forget() - know nothing */
void known_forget(struct known *known);

#endif
