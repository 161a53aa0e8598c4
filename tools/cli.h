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

/* options of a command: OPT_LOAD is --dry-run and --confirm-within, OPT_SHELL: in the
 * shell only, OPT_WHOLE: its last word is not abbreviated, so that "conf t" is IOS's,
 * OPT_LIVE: it goes on until it is interrupted, and has no filter; OPT_ENABLED: not after disable
 */
enum { OPT_JSON = 1, OPT_LOAD = 2, OPT_STRICT = 4, OPT_SHELL = 8, OPT_WHOLE = 16,
       OPT_LIVE = 32, OPT_TEXTFILE = 64, OPT_ENABLED = 128, OPT_INTERFACE = 256 };

/* words of a line, and how many of them can be options with a value */
#define INPUT_WORDS 64
#define BINDINGS_MAX (INPUT_WORDS / 2)

struct args;

/**
 * struct command - a command, or the beginning of others
 * @words:   its words, with blanks between; those in capitals stand for values
 * @help:    what the last of them is for
 * @run:     handler, NULL when more words have to follow.
 *           Return: DONE, REFUSED or USAGE
 * @options: OPT_* that it takes
 */
struct command {
	const char *words;
	const char *help;
	int (*run)(const struct args *args);
	unsigned int options;
};

/**
 * struct args - a command as it was given
 * @command: the command
 * @word:    its words, as many as the command has
 * @out:     where the output goes
 * @json:    --json
 * @dry_run: --dry-run
 * @strict:  --strict
 * @confirm_within: seconds of --confirm-within, 0 without it
 * @textfile: path of --textfile, NULL without it
 * @binding: --interface, each
 * @n_bindings: how many
 * @foreign: -n, another network namespace was entered
 */
struct args {
	const struct command *command;
	char **word;
	FILE *out;
	bool json;
	bool dry_run;
	bool strict;
	unsigned int confirm_within;
	const char *textfile;
	struct ios_binding binding[BINDINGS_MAX];
	size_t n_bindings;
	bool foreign;
};

/* In preorder: each command stands behind the one that its words go on from. */
extern const struct command commands[];
extern const size_t n_commands;

/** args_has() - whether this keyword is one of the command's words */
bool args_has(const struct args *args, const char *keyword);
/** args_value() - Return: the value of this name ("ADDRESS"), or NULL when the command has none */
const char *args_value(const struct args *args, const char *name);

/** args_bind() - note a NAME=DEVICE of --interface. Return: whether it is one, after saying why not */
bool args_bind(struct args *args, const char *word, FILE *err);

/** parse_address() - an IPv4 or IPv6 address. Return: whether it is one */
bool parse_address(const char *word, struct ios_addr *addr);
/** parse_small() - 0 to @max, in decimal. Return: whether it is one */
bool parse_small(const char *word, uint32_t max, uint32_t *number);
/** parse_number() - 1 to 4294967295, in hexadecimal after 0x. Return: whether it is one */
bool parse_number(const char *word, uint32_t *number);
/** parse_size() - of the terminal, 0 to 512. Return: whether it is one */
bool parse_size(const char *word, uint32_t *number);

/** commands_limit() - leave out those that are not for who has typed disable, or no longer */
void commands_limit(bool disabled);
/** command_next() - Return: of the commands with one word more than @path (NULL: with one), the one after @after (NULL: the first), or NULL */
const struct command *command_next(const struct command *path, const struct command *after);
/** command_word() - Return: the last word of a command */
const char *command_word(const struct command *command);
/** command_is_value() - Return: whether this word stands for a value */
bool command_is_value(const struct command *command);

/** enum parse_result - what words are */
enum parse_result { PARSED, PARSE_AMBIGUOUS, PARSE_INVALID, PARSE_INCOMPLETE };

/**
 * command_parse() - the command that words name
 * @words: may be abbreviated
 * @n:     how many
 * @path:  receives the command, or as far as it was understood; NULL for nothing
 * @at:    receives how many words were understood
 */
enum parse_result command_parse(char **words, int n, const struct command **path, int *at);

/** command_help() - what may follow @path, a filter too; of keywords only those that begin with @start */
void command_help(FILE *f, const struct command *path, const char *start);

/**
 * command_complain() - say in IOS's words what is wrong
 * @line:   the whole line
 * @column: of the word that was not understood
 */
void command_complain(FILE *f, enum parse_result result, const char *line, size_t column);

/**
 * struct input - a line of words
 * @word:   words
 * @column: where each begins
 * @n:      how many
 * @filter: what follows "|", NULL without it
 * @line:   the line as it was given, but for the filter
 * @offset: columns that stand before it on the screen
 * @echo:   it is not on the screen: show it before what is wrong with it
 * @shell:  it was typed in the shell
 * @out:    where the output goes
 * @err:    where to say what is wrong with the line
 */
struct input {
	char *word[INPUT_WORDS];
	size_t column[INPUT_WORDS];
	int n;
	char *filter;
	char line[4096];
	size_t offset;
	bool echo;
	bool shell;
	FILE *out;
	FILE *err;
};

/**
 * execute() - do what a line says
 * @foreign: another network namespace was entered
 *
 * Return: DONE, REFUSED or USAGE.
 */
int execute(const struct input *input, bool foreign);

/** run_shell_line() - one line as if it was typed in the shell. Return: as execute() */
int run_shell_line(const char *line, bool foreign);

/** shell_trim() - a typed line without the blanks around it. Return: whether there is room */
bool shell_trim(char *line, size_t size, const char *text);

/** shell_holds_key() - Return: whether a line of the configuration, abbreviated perhaps, has a key */
bool shell_holds_key(const char *line);

/** tool_version - version of the tool */
extern const char tool_version[];

/** CONFIG_FILE - the configuration that the service loads */
#define CONFIG_FILE "/etc/cryptomap/cryptomap.conf"

/** running_config() - all of the configuration in use; NULL after saying why */
struct ios_config *running_config(void);
/** phase1_config() - what the daemon has of phase 1; NULL after saying why */
struct ios_config *phase1_config(void);
/**
 * add_phase1() - put the phase 1 of a text, as ctl_config_get() returns it, into a model
 *
 * Return: whether it could be read as a whole; if not, after saying why.
 */
bool add_phase1(struct ios_config *cfg, const char *text);
/**
 * load_config() - make a model the running configuration
 * @lock: of lock_loads()
 *
 * Return: DONE, or REFUSED after saying why.
 */
int load_config(struct ios_config *cfg, const struct args *args, int lock);

/* handlers */
int run_shell(const struct args *args);
int run_configure(const struct args *args);
int run_exit(const struct args *args);
int run_enable(const struct args *args);
int run_disable(const struct args *args);
int run_nothing(const struct args *args);
int run_terminal_length(const struct args *args);
int run_terminal_width(const struct args *args);
int run_write(const struct args *args);
int run_check(const struct args *args);
int run_load(const struct args *args);
int run_confirm(const struct args *args);
int run_metrics(const struct args *args);
int run_rollback(const struct args *args);
int run_show_rollback(const struct args *args);
int run_show_isakmp_sa(const struct args *args);
int run_show_isakmp_policy(const struct args *args);
int run_show_isakmp_default(const struct args *args);
int run_show_ipsec_sa(const struct args *args);
int run_show_tset(const struct args *args);
int run_show_lifetime(const struct args *args);
int run_show_isakmp_key(const struct args *args);
int run_show_isakmp_profile(const struct args *args);
int run_show_isakmp_peers(const struct args *args);
int run_show_engine(const struct args *args);
int run_show_ruleset(const struct args *args);
int run_show_session(const struct args *args);
int run_show_map(const struct args *args);
int run_show_dynamic(const struct args *args);
int run_show_access_lists(const struct args *args);
int run_show_config(const struct args *args);
int run_show_startup(const struct args *args);
int run_show_drops(const struct args *args);
int run_show_version(const struct args *args);
int run_packet_tracer(const struct args *args);
int run_monitor(const struct args *args);
int run_debug(const struct args *args);
int run_clear_sa(const struct args *args);
int run_clear_isakmp(const struct args *args);
int run_clear_counters(const struct args *args);
int run_clear_entry(const struct args *args);
int run_clear_session(const struct args *args);
int run_test_map(const struct args *args);

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
/** flow_vrf() - Return: the VRF of a flow as IOS has it, "(none)" for none */
const char *flow_vrf(const struct flow *flow);
/** flow_peer() - Return: the peer of a flow by its address, in @room, or by its name while it has none */
const char *flow_peer(const struct flow *flow, struct ip *room);
struct ip ip_shown(const char *text);		/* an address that the daemon wrote; as ip_text() */
json_t *json_shown(const char *text);		/* the same; null when there is none */
/** id_shown() - Return: an identity; one that is an IPv6 address as ip_text() has it, in @room */
const char *id_shown(const char *id, struct ip *room);
/* The mask that belongs to a wildcard; of IPv6 the length of the prefix. */
struct ip mask_text(const struct ios_addr *wild);

/** json_out() - print a JSON value, whose reference is taken. Return: DONE or REFUSED */
int json_out(FILE *f, json_t *value);
/**
 * show_model() - print a part of a model, as text or as JSON
 * @args:  command
 * @cfg:   model, which is freed; NULL if there is none, which was said
 * @json:  the part as JSON
 * @print: the part as text
 *
 * Return: DONE or REFUSED
 */
int show_model(const struct args *args, struct ios_config *cfg,
	       json_t *(*json)(const struct ios_config *cfg),
	       void (*print)(FILE *f, const struct ios_config *cfg));
/** json_ip() - an address (IPv6 as in RFC 5952), or null when there is none */
json_t *json_ip(const struct ios_addr *addr);
/** json_mask() - the mask that belongs to a wildcard; of IPv6 the length of the prefix */
json_t *json_mask(const struct ios_addr *wild);
/** json_network() - an object with the address and the mask that belongs to the wildcard */
json_t *json_network(const struct ios_addr *addr, const struct ios_addr *wild);

/** json_isakmp_sa() - an ISAKMP SA, as show crypto isakmp sa has it */
json_t *json_isakmp_sa(const struct isakmp_sa *sa);

/** json_isakmp_keys() - who has a pre-shared key, as show crypto isakmp key has them */
json_t *json_isakmp_keys(const struct ios_config *cfg);

/** json_isakmp_profiles() - ISAKMP profiles, as show crypto isakmp profile has them */
json_t *json_isakmp_profiles(const struct ios_config *cfg);

/** json_tsets() - transform sets, as show crypto ipsec transform-set has them */
json_t *json_tsets(const struct ios_config *cfg);

/** json_flow() - a flow with its SAs, as show crypto ipsec sa has it */
json_t *json_flow(const struct flow *flow, const struct sas *sas);

/** json_maps() - crypto maps, as show crypto map has them */
json_t *json_maps(const struct ios_config *cfg, const struct flows *flows,
		  const struct attachments *attachments);

/**
 * json_sessions() - sessions, as show crypto session has them
 * @cfg:  has the descriptions of peers; NULL for none
 * @peer: only its one; NULL for all
 */
json_t *json_sessions(const struct flows *flows, const struct sas *sas,
		      const struct isakmp_sas *isakmp, const struct ios_config *cfg,
		      const struct ios_addr *peer);

/** json_classifier() - what the packets of an interface are looked up in */
json_t *json_classifier(const struct attachment *a);

/** struct time_text - a time as IOS writes it: 00:27:42, 3d18h or 7w0d */
struct time_text {
	char s[32];
};

struct time_text time_text(int64_t seconds);
/** isakmp_capabilities() - Return: IOS's letters: D for dead peer detection, N for NAT traversal */
const char *isakmp_capabilities(const struct isakmp_sa *sa);

/** interface_is() - whether a word is the device, or the name to show, perhaps abbreviated */
bool interface_is(const char *word, const char *ifname, const char *label);

/**
 * drop_reason() - the name of a drop reason
 * @reason: enum crypto_map_drop_reason
 * @text:   set to what it means; NULL if that is not wanted
 */
const char *drop_reason(uint32_t reason, const char **text);
/** drop_reasons() - Return: how many drop reasons have a name */
uint32_t drop_reasons(void);

/** print_lifetime() - a line about the lifetime of SAs; @kilobytes is 0 for none */
void print_lifetime(FILE *f, uint32_t kilobytes, uint32_t seconds);

/** print_permit() - a flow as a permit of an access list: "permit ip NETWORK NETWORK" */
void print_permit(FILE *f, const struct selector *sel);

/* ---- the layouts, for tests without a kernel ---- */

void print_isakmp_sas(FILE *f, const struct isakmp_sas *sas);
void print_isakmp_policies(FILE *f, const struct ios_config *cfg);
void print_isakmp_defaults(FILE *f, const struct ios_config *cfg);
void print_isakmp_details(FILE *f, const struct isakmp_sas *sas);
void print_isakmp_keys(FILE *f, const struct ios_config *cfg);
void print_isakmp_profiles(FILE *f, const struct ios_config *cfg);
void print_isakmp_peers(FILE *f, const struct isakmp_sas *sas);
void print_engine(FILE *f, const struct algs *algs, const struct stats *stats);
void print_ruleset(FILE *f, const struct attachments *attachments);
/* @sas: NULL for the idents and counters alone */
void print_ipsec_sas(FILE *f, const struct flows *flows, const struct sas *sas,
		     const struct attachments *attachments, bool detail);
void print_tsets(FILE *f, const struct ios_config *cfg);
void print_ipsec_lifetime(FILE *f, const struct ios_config *cfg);
/** enum session_form - show crypto session [brief | detail] */
enum session_form { SESSION_PLAIN, SESSION_BRIEF, SESSION_DETAIL };

/* @cfg: has the descriptions of peers, NULL for none; @peer: only its session, NULL for all */
void print_sessions(FILE *f, const struct flows *flows, const struct sas *sas,
		    const struct isakmp_sas *isakmp, const struct ios_config *cfg,
		    const struct ios_addr *peer, enum session_form form);
void print_maps(FILE *f, const struct ios_config *cfg, const struct flows *flows);
void print_dynamics(FILE *f, const struct ios_config *cfg);
void print_access_lists(FILE *f, const struct ios_config *cfg);

/**
 * struct version - what runs here
 * @module: version of the kernel module, empty where it is not loaded
 * @kernel: release of Linux
 * @uptime: seconds since it was booted
 */
struct version {
	char module[64];
	char kernel[65];
	char host[65];
	uint64_t uptime;
};

void print_version(FILE *f, const struct version *version);

/** each_session() - call @fn for each session, with its first flow and IOS's word for its status */
void each_session(const struct flows *flows, const struct sas *sas,
		  const struct isakmp_sas *isakmp,
		  void (*fn)(const struct flow *flow, const char *status, void *data), void *data);

/** session_status() - IOS's word for a session, of what it has */
const char *session_status(bool isakmp_active, bool isakmp_inactive, bool sas);

#endif
