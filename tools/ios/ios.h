/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration language of cryptomap: the parts of Cisco IOS that say
 * what a crypto map does. One parser makes a model of the text, one printer
 * writes the model back as running-config text that parses to the same model.
 *
 * Readers are the command-line tool (everything) and the charon plugin
 * (phase 1: ISAKMP policies, pre-shared keys, ISAKMP globals).
 *
 * Rules for callers:
 * - A model belongs to who called ios_parse(); ios_free() wipes its keys.
 *   All pointers inside a model live as long as the model.
 * - Lists are in the order told with each; @next is always the first member. They are for
 *   walking forward: @prev is right while the model is made, and private to that.
 * - Strings are zero terminated. Addresses are in network byte order, every
 *   other number in host byte order.
 * - Nothing here has global state; one model may be read by several threads.
 */
#ifndef CRYPTOMAP_IOS_H
#define CRYPTOMAP_IOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acl.h"
#include "base.h"
#include "ipsec.h"
#include "isakmp.h"
#include "map.h"
#include "pki.h"
#include "profile.h"

/** enum ios_severity - weight of a diagnostic */
enum ios_severity { IOS_WARNING, IOS_ERROR };

/**
 * struct ios_diag - something to say about a line
 * @next:     next one, by ascending line
 * @prev:     private to list.c
 * @severity: a model with an error must not be applied
 * @line:     1 is the first line; 0 is the text as a whole
 * @text:     one sentence without newline, owned by the model; never a key
 */
struct ios_diag {
	struct ios_diag *next, *prev;
	enum ios_severity severity;
	unsigned int line;
	char *text;
};

struct bound;
struct ios_index;

/** IOS_SECTION_CERTIFICATE - prompt of the bytes of a certificate, which count only with their end */
#define IOS_SECTION_CERTIFICATE "config-pubkey"

/**
 * struct ios_config - the model of a configuration
 * @file:       name for diagnostics, owned by the model
 * @policies:   ISAKMP policies
 * @psks:       pre-shared keys outside of keyrings
 * @keyrings:   keyrings
 * @profiles:   isakmp profiles
 * @peers:      crypto isakmp peer
 * @trustpoints: trustpoints
 * @cert_maps:  certificate maps
 * @isakmp:     ISAKMP globals
 * @ipsec:      IPsec globals
 * @tsets:      transform sets
 * @groups:     object-groups
 * @acls:       access lists
 * @maps:       crypto maps
 * @dynamics:   dynamic crypto maps
 * @interfaces: those with a crypto map or a netdev line
 * @diags:      diagnostics
 * @n_warnings: how many warnings
 * @n_errors:   how many errors; with any the model must not be applied
 * @n_skipped:  sections (top-level commands) about other things; with
 *              IOS_INTERACTIVE whatever is left out
 * @section:    IOS's prompt of the section that is open at the end of the text
 *              ("config-if"), NULL for none
 * @section_line: line of its head, 0 for none
 * @head:       the last line was to open a section, which it did not if it was refused
 * @section_text: of an entry the line that opens it, whole; an interface's section,
 *              where no crypto map makes it part of the configuration; NULL for all others
 * @bound:      crypto maps that are on interfaces, private
 * @index:      look-up by name, private
 */
struct ios_config {
	char *file;
	struct ios_policy *policies;
	struct ios_psk *psks;
	struct ios_keyring *keyrings;
	struct ios_profile *profiles;
	struct ios_isakmp_peer *peers;
	struct ios_trustpoint *trustpoints;
	struct ios_cert_map *cert_maps;
	struct ios_isakmp isakmp;
	struct ios_ipsec ipsec;
	struct ios_tset *tsets;
	struct ios_group *groups;
	struct ios_acl *acls;
	struct ios_map *maps;
	struct ios_map *dynamics;
	struct ios_interface *interfaces;
	struct ios_diag *diags;
	size_t n_warnings;
	size_t n_errors;
	size_t n_skipped;
	const char *section;
	unsigned int section_line;
	char *section_text;
	bool head;
	struct bound *bound;
	struct ios_index *index;
};

/** IOS_PHASE1_ONLY - ios_parse(): skip the checks of what phase 2 refers to */
#define IOS_PHASE1_ONLY 0x1u
/** IOS_ADVICE - ios_parse(): warn of what can be done and is most likely not meant as well */
#define IOS_ADVICE 0x2u
/** IOS_INTERACTIVE - ios_parse(): the last line is typed by someone who waits for an answer */
#define IOS_INTERACTIVE 0x4u

/**
 * ios_parse() - make a model of configuration text
 * @file:  name for diagnostics; copied
 * @text:  the text; any bytes, need not be zero terminated
 * @len:   its length in bytes, at most 256 MB
 * @flags: 0 or any of IOS_PHASE1_ONLY, IOS_ADVICE and IOS_INTERACTIVE
 *
 * Every problem found is in the list of diagnostics; the model holds what
 * could be understood even if there are errors.
 *
 * Return: a model, to be given to ios_free(); NULL only when memory is
 * exhausted (errno ENOMEM) or the text is too long (EFBIG).
 */
struct ios_config *ios_parse(const char *file, const char *text, size_t len, unsigned int flags);

/**
 * ios_parse_bound() - ios_parse() of a text whose interfaces get Linux devices from elsewhere
 * @bindings: each as a netdev line in the section of its interface, in whose place it goes with
 *            a warning; an interface that the text does not have is an error
 * @n:        how many
 */
struct ios_config *ios_parse_bound(const char *file, const char *text, size_t len,
				   unsigned int flags, const struct ios_binding *bindings,
				   size_t n);

/**
 * ios_new() - an empty model with IOS's defaults
 * @file: name for diagnostics; copied
 *
 * Return: a model, to be given to ios_free(); NULL when memory is exhausted.
 */
struct ios_config *ios_new(const char *file);

/**
 * ios_free() - free a model and wipe its keys
 * @cfg: the model; may be NULL
 */
void ios_free(struct ios_config *cfg);

/**
 * IOS_PRINT_PHASE1 - ios_print(): ISAKMP policies, keys and globals; alone, where there are no
 * interfaces, local-address by Linux devices
 */
#define IOS_PRINT_PHASE1 0x1u
/** IOS_PRINT_PHASE2 - ios_print(): all the rest */
#define IOS_PRINT_PHASE2 0x2u
/** IOS_PRINT_CONTENTS - ios_print(): with ISAKMP policies and keys what is in the files of trustpoints */
#define IOS_PRINT_CONTENTS 0x4u
/**
 * IOS_PRINT_PICKED - ios_print(): of entries of crypto maps and access lists those that are picked;
 * alone, those and nothing else
 */
#define IOS_PRINT_PICKED 0x8u
/** IOS_PRINT_ALL - ios_print(): the whole running-config */
#define IOS_PRINT_ALL (IOS_PRINT_PHASE1 | IOS_PRINT_PHASE2)

/**
 * ios_print() - write a model as canonical running-config text
 * @cfg:  the model
 * @what: IOS_PRINT_*
 * @len:  receives the length without the terminating zero; may be NULL
 *
 * Parsing the text gives the same model. It holds keys in clear.
 *
 * Return: text to be given to ios_text_free(); NULL when memory is exhausted.
 */
char *ios_print(const struct ios_config *cfg, unsigned int what, size_t *len);

/**
 * ios_text_free() - wipe and free a text
 * @text: from ios_print(); may be NULL
 */
void ios_text_free(char *text);

/**
 * ios_config_empty() - whether a model has nothing in it
 * @cfg: the model
 *
 * Return: true when it has no object, whatever its settings are.
 */
bool ios_config_empty(const struct ios_config *cfg);

#endif
