/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: the table of commands and what its handlers share.
 */
#ifndef CRYPTOMAP_CLI_H
#define CRYPTOMAP_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "ctl.h"
#include "kernel.h"

/* exit status */
enum { DONE = 0, REFUSED = 1, USAGE = 2 };

/**
 * struct args - what follows the words of a command
 * @n:       words
 * @word:    them
 * @json:    --json
 * @dry_run: --dry-run
 * @strict:  --strict
 * @confirm_within: seconds of --confirm-within, 0 without it
 * @foreign: -n, another network namespace was entered
 */
struct args {
	int n;
	char **word;
	bool json;
	bool dry_run;
	bool strict;
	unsigned int confirm_within;
	bool foreign;
};

/**
 * struct command - a command
 * @words: its words, with blanks between; each may be abbreviated
 * @args:  what may follow, for the help
 * @help:  one line
 * @run:   handler. Return: DONE, REFUSED or USAGE
 */
struct command {
	const char *words;
	const char *args;
	const char *help;
	int (*run)(const struct args *args);
};

extern const struct command commands[];
extern const size_t n_commands;

/**
 * command_find() - the command that words name
 * @words: may be abbreviated
 * @n:     how many
 * @used:  receives how many belong to the command
 *
 * Return: the command, or NULL after saying why.
 */
const struct command *command_find(char **words, int n, int *used);

/* handlers */
int run_check(const struct args *args);
int run_load(const struct args *args);
int run_confirm(const struct args *args);
int run_rollback(const struct args *args);
int run_show_rollback(const struct args *args);
int run_show_isakmp_sa(const struct args *args);
int run_show_isakmp_policy(const struct args *args);
int run_show_ipsec_sa(const struct args *args);
int run_show_tset(const struct args *args);
int run_show_lifetime(const struct args *args);
int run_show_session(const struct args *args);
int run_show_map(const struct args *args);
int run_show_dynamic(const struct args *args);
int run_show_access_lists(const struct args *args);
int run_show_config(const struct args *args);
int run_show_drops(const struct args *args);
int run_clear_sa(const struct args *args);
int run_clear_isakmp(const struct args *args);
int run_clear_session(const struct args *args);

/**
 * lock_loads() - one load at a time: kernel and daemon are changed one after the other
 * @flags: LOCK_NB to say nothing and not to wait when another one is under way
 *
 * Return: descriptor that holds the lock until it is closed, or -1.
 */
int lock_loads(int flags);

/* ---- out.c: pieces of text and JSON ---- */

/** struct ip - an address as text */
struct ip {
	char s[IOS_ADDR_TEXT];
};

struct ip ip_text(const struct ios_addr *addr);	/* "0.0.0.0" when there is none */
struct ip ip_shown(const char *text);		/* an address that the daemon wrote */
/* The mask that belongs to a wildcard; of IPv6 the length of the prefix. */
struct ip mask_text(const struct ios_addr *wild);

/** json_out() - print a JSON value, whose reference is taken. Return: DONE or REFUSED */
int json_out(json_t *value);
/** json_ip() - an address (IPv6 as in RFC 5952), or null when there is none */
json_t *json_ip(const struct ios_addr *addr);
/** json_mask() - the mask that belongs to a wildcard; of IPv6 the length of the prefix */
json_t *json_mask(const struct ios_addr *wild);
/** json_network() - an object with the address and the mask that belongs to the wildcard */
json_t *json_network(const struct ios_addr *addr, const struct ios_addr *wild);

/** print_lifetime() - a line about the lifetime of SAs; @kilobytes is 0 for none */
void print_lifetime(FILE *f, uint32_t kilobytes, uint32_t seconds);

/** print_permit() - a flow as a permit of an access list: "permit ip NETWORK NETWORK" */
void print_permit(FILE *f, const struct selector *sel);

/* ---- the layouts, for tests without a kernel ---- */

void print_isakmp_sas(FILE *f, const struct isakmp_sas *sas);
void print_isakmp_policies(FILE *f, const struct ios_config *cfg);
void print_ipsec_sas(FILE *f, const struct flows *flows, const struct sas *sas,
		     const struct attachments *attachments);
void print_tsets(FILE *f, const struct ios_config *cfg);
void print_ipsec_lifetime(FILE *f, const struct ios_config *cfg);
void print_sessions(FILE *f, const struct flows *flows, const struct sas *sas,
		    const struct isakmp_sas *isakmp);
void print_maps(FILE *f, const struct ios_config *cfg, const struct flows *flows);
void print_dynamics(FILE *f, const struct ios_config *cfg);
void print_access_lists(FILE *f, const struct ios_config *cfg);

/** session_status() - IOS's word for a session, of what it has */
const char *session_status(bool isakmp_active, bool isakmp_inactive, bool sas);

#endif
