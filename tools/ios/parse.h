/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside of the parser: lines and their words, tables of keywords, and the
 * state that the parts of the grammar share.
 *
 * The grammar is a set of tables of struct kw. A handler reads the words after
 * its keyword, changes the model, and calls end_of_line(). The first problem
 * of a line is reported; the rest of the line is then left alone.
 */
#ifndef CRYPTOMAP_IOS_PARSE_H
#define CRYPTOMAP_IOS_PARSE_H

#include <stdarg.h>

#include "help.h"
#include "model.h"

/* Words of a line that are kept; text (remark, description) may have more. */
#define LINE_WORDS 64

/* struct tok - a word, a piece of the text that is not zero terminated */
struct tok {
	const char *s;
	size_t len;
};

/*
 * struct line - a line of text
 * @no:      number, from 1
 * @indent:  columns of white space before the first word
 * @comment: it is nothing but a comment
 * @prompt:  a prompt stood before it
 * @exec:    it was typed outside of the configuration
 * @end:     first byte after the line, trailing white space taken off
 * @tok:     its words
 * @n:       how many; 0 for an empty line or a comment
 * @more:    there were more words than @tok holds
 */
struct line {
	unsigned int no;
	size_t indent;
	bool comment;
	bool prompt;
	bool exec;
	const char *end;
	struct tok tok[LINE_WORDS];
	size_t n;
	bool more;
};

enum mode {
	MODE_TOP,
	MODE_SKIP,		/* a section about something else */
	MODE_POLICY,
	MODE_PEER,
	MODE_KEYRING,
	MODE_PROFILE,
	MODE_TRUSTPOINT,
	MODE_CHAIN,
	MODE_CERT_MAP,
	MODE_TSET,
	MODE_ENTRY,
	MODE_GROUP,
	MODE_ACL,
	MODE_INTERFACE,
};

enum problem_of {
	PROBLEM_ACL,		/* an access list entry that could not be understood */
	PROBLEM_ENTRY,		/* something that an entry of a crypto map needs */
	PROBLEM_TEMPLATE,	/* the same of a dynamic crypto map */
	PROBLEM_MAPS,		/* something that all crypto maps need */
	PROBLEM_POINT,		/* something of a trustpoint */
};

/*
 * struct trouble - what has problems
 * @next, @prev: others
 * @of:       kind of them
 * @name:     access list, crypto map, dynamic crypto map or trustpoint
 * @bound:    a map on an interface, as known at the end
 * @problems: the problems, the last one first
 */
struct trouble {
	struct trouble *next, *prev;
	enum problem_of of;
	char name[IOS_NAME_MAX + 1];
	bool bound;
	struct problem *problems;
};

/*
 * struct problem - a problem whose weight is known only at the end
 * @next, @prev: others of the same trouble, and at the end of all
 * @of:    what has it
 * @seq:   sequence number of the entry; address family of the access list
 * @topic: words of the command that brought it, and that "no" takes back
 * @line:  line of it
 * @text:  what is wrong
 */
struct problem {
	struct problem *next, *prev;
	struct trouble *of;
	uint32_t seq;
	char topic[IOS_NAME_MAX + 1];
	unsigned int line;
	char *text;
};

/*
 * struct offered - what may stand where a word is that is something else
 * @what: a keyword, or what a value is; it lasts as long as the line is read
 * @min, @max: from and to, of a number
 */
struct offered {
	const char *what;
	uint64_t min, max;
};

/* More than the options of an access list entry, which are the most. */
#define OFFERED_MAX 40

/*
 * struct parser - state of a parse
 * @cfg:      the model
 * @line:     present line
 * @pos:      next word of it
 * @negate:   the line starts with "no", or with "default", which is the same but for what is on
 *            by default
 * @reset:    with "default"
 * @output:   line of a command of which what it printed follows until there is a prompt; or 0
 * @output_parted: a comment ends it as well
 * @failed:   a problem of this line was reported
 * @nomem:    memory is exhausted, the parse ends
 * @interactive: count whatever is left out as skipped
 * @mode:     section that the line is in
 * @section_line: line that opened it
 * @indent:   indentation of the line that opened the section
 * @own:      indentation of the first line of the section that has more than
 *            its head; 0 as long as there is none
 * @indented: a line was indented more than the head of its section
 * @flat:     the last line of the section was not indented more than its head
 * @parted:   a comment, such as the "!" that ends a section of a
 *            running-config, stood after the head of the section
 * @refused:  the router refused the present line
 * @taken_line: last line that was a command of ours
 * @broken:   section of ours that the present one, which is skipped, or the last line of
 *            the top, cut off; MODE_TOP for none
 * @broken_line: line that did
 * @broken_service: of an object-group, whether it is one of services
 * @headless: what the last line that is of no section known here belonged to, NULL if it was another one
 * @hostname: the last name of the router, of no length if there was none
 * @delim:    end of the banner or macro that is being skipped, @delim_len bytes of it
 *            (0 for no banner), which began in line @delim_line
 * @policy, @peer, @ring, @profile, @point, @cert_map, @tset, @entry, @group, @acl, @ifc: object of the section
 * @point_told: it was said of @point what has no effect
 * @cert:     certificate whose bytes follow, NULL for none
 * @cert_file: its first line names a file, and its bytes need not follow
 * @cert_aside: it is left out
 * @in_rsa:   an RSA key of @ring is being left out, whose line was indented by @rsa_indent
 * @map:      map of @entry
 * @range_line: line of the interface range whose section, which is left out, is open; else 0
 * @offered:  what may stand where the word @offered_at of the line is, as far as it was read
 * @n_offered: how many
 * @renumbered: entries that resequence numbered anew, in all
 * @renumbered_told: there were too many of them
 * @in_acl:   an entry of this list is being read: p_fail() adds to its problems
 * @in_group: a line of this object-group is being read: p_fail() tells the group
 * @troubles: what has problems, which are to be weighed at the end
 * @problem:  the last one, unless that was taken back
 * @asked:    the line is asked about: receives what may follow its last word
 * @shown:    buffers of shown()
 */
struct parser {
	struct ios_config *cfg;
	struct line line;
	size_t pos;
	bool negate;
	bool reset;
	unsigned int output;
	bool output_parted;
	bool failed;
	bool nomem;
	bool interactive;
	enum mode mode;
	unsigned int section_line;
	size_t indent;
	size_t own;
	bool indented;
	bool flat;
	bool parted;
	enum mode broken;
	unsigned int broken_line;
	unsigned int taken_line;
	bool refused;
	bool broken_service;
	const char *headless;
	struct tok hostname;
	char delim[2];
	size_t delim_len;
	unsigned int delim_line;
	struct ios_policy *policy;
	struct ios_isakmp_peer *peer;
	struct ios_keyring *ring;
	struct ios_profile *profile;
	struct ios_trustpoint *point;
	bool point_told;
	struct ios_certificate *cert;
	bool cert_file;
	bool cert_aside;
	bool in_rsa;
	size_t rsa_indent;
	struct ios_cert_map *cert_map;
	struct ios_tset *tset;
	struct ios_map *map;
	struct ios_entry *entry;
	struct ios_group *group;
	struct ios_acl *acl;
	struct ios_interface *ifc;
	unsigned int range_line;
	struct offered offered[OFFERED_MAX];
	size_t n_offered;
	size_t offered_at;
	size_t renumbered;
	bool renumbered_told;
	const struct ios_acl *in_acl;
	struct ios_group *in_group;
	struct trouble *troubles;
	struct problem *problem;
	struct ios_words *asked;
	char shown[4][64];
	unsigned int shown_next;
};

/*
 * struct kw - a keyword
 * @word: in lower case
 * @min:  shortest abbreviation accepted; 0 for any unambiguous one
 * @run:  handler of what follows
 * @id:   value, where there is no handler
 * @text: further text, by table
 * @help: what it is for; NULL for what is not supported, which help leaves out
 */
struct kw {
	const char *word;
	unsigned int min;
	void (*run)(struct parser *p);
	int id;
	const char *text;
	const char *help;
};

/* struct slip - a word that is written elsewhere, and what IOS has instead */
struct slip {
	const char *word;
	const char *instead;
};

#define ASA "which is of the ASA: "

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* ---- lexer.c ---- */

/*
 * Splits the line that starts at @text (at most @len bytes) and ends with @newline; returns the
 * start of the next.
 */
const char *line_split(struct line *line, const char *text, size_t len, char newline);

bool tok_is(const struct tok *t, const char *word);	/* equal but for case */
bool tok_number(const struct tok *t, uint64_t *value);	/* decimal, no sign */
bool tok_ipv4(const struct tok *t, struct in_addr *addr);
bool tok_ipv6(const struct tok *t, struct in6_addr *addr);
/* ADDRESS/LENGTH; bits that are not of the prefix become zero. */
bool tok_prefix6(const struct tok *t, struct ios_addr *addr, unsigned int *prefix);
bool tok_digits(const struct tok *t);
bool tok_comment(const struct tok *t);			/* what begins with "!", "#" or "//" */
bool tok_text(const struct tok *t);			/* UTF-8 without control characters */
bool tok_word(const struct tok *t);			/* one word: text without blanks */
/* Whether these are @len hexadecimal digits, two for each byte; @bytes, unless NULL, gets those. */
bool hex_bytes(const char *s, size_t len, uint8_t *bytes);

/* ---- words.c ---- */

/* The next word; NULL at the end, which a comment ("! text", "# text", "// text") is too. */
const struct tok *tok_peek(const struct parser *p);
const struct tok *tok_next(struct parser *p);		/* the same, and step over it */
const struct tok *tok_raw(const struct parser *p);	/* next word, where "!" may begin a text or key */
const char *shown(struct parser *p, const struct tok *t);	/* a word, fit to be printed */
const char *rest_of_line(struct parser *p, size_t *len);	/* text from the next word on */

void p_warn(struct parser *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void p_fail(struct parser *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/*
 * Reports @t, a word or NULL for the end of the line, and what was expected there: a noun, and
 * after a colon or in parentheses what it may be.
 */
void p_expected(struct parser *p, const struct tok *t, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void no_memory(struct parser *p);

/*
 * The keyword that @t is or abbreviates: an equal one, else the only one that
 * starts with it. NULL for none; *ambiguous is set when several do.
 */
const struct kw *kw_match(const struct kw *table, size_t n, const struct tok *t, bool *ambiguous);
/* kw_match() of the next word; whoever asks what may stand there is told of the table. */
const struct kw *kw_peek(struct parser *p, const struct kw *table, size_t n, bool *ambiguous);
/* The next word as a keyword; reports what was expected and returns NULL if it is none. */
const struct kw *kw_next(struct parser *p, const struct kw *table, size_t n);
/* Likewise, and runs it. */
void kw_run_next(struct parser *p, const struct kw *table, size_t n);
/* Runs the next word if it is a keyword; says nothing and returns false if it is none. */
bool kw_run(struct parser *p, const struct kw *table, size_t n);
/* Reports the next word if it is a known slip; says nothing and returns false if it is none. */
bool known_slip(struct parser *p, const struct slip *table, size_t n);
/* Steps over the next word if it is (an abbreviation of) this one. */
bool skip_word(struct parser *p, const char *word, unsigned int min);
/* skip_word() of the first of these that it is; the last one is NULL. */
bool skip_one(struct parser *p, const char *const *words, unsigned int min);
/* Likewise; whoever asks what may stand there is told of it. */
bool option_word(struct parser *p, const char *word, unsigned int min, const char *help);

/* Each of these reports what was expected, and returns false, if the next word is not it. */
bool next_number(struct parser *p, const char *what, uint64_t min, uint64_t max, uint32_t *value);
bool next_name(struct parser *p, const char *what, char name[IOS_NAME_MAX + 1]);
bool next_ipv4(struct parser *p, const char *what, struct in_addr *addr);
bool next_ipv6(struct parser *p, const char *what, struct in6_addr *addr);
/* An address of either family; *addr is all zero but for what is read. */
bool next_addr(struct parser *p, const char *what, struct ios_addr *addr);
/* A letter in front, as in a host name: neither an address nor a slip in one. */
bool looks_like_host(const struct tok *t);
bool end_of_line(struct parser *p);
/* The next words as text of at most IOS_TEXT_MAX bytes into *text (replaced). */
bool next_text(struct parser *p, const char *what, char **text);

/* Says that a command of the domain is not supported, and leaves the rest of the line. */
void unsupported(struct parser *p, const char *what);
/* The same of the word before the next one, with what stands before and behind it. */
void unsupported_setting(struct parser *p, const char *before, const char *behind);

/* ---- help.c: what may stand next ---- */

/* Whether the line ends here, and what may stand next is asked. */
bool asked(const struct parser *p);
/* Tells whoever asks of a word, and what it is for. */
void tell(struct parser *p, enum ios_word_kind kind, const char *word, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/*
 * What may stand next but need not: it is told to whoever asks, and by end_of_line() and kw_next()
 * of a word that is something else. The texts last as long as the line is read.
 */
void offer_word(struct parser *p, const char *word, const char *help);
void offer_value(struct parser *p, const char *word, const char *what);
void offer_keywords(struct parser *p, const struct kw *table, size_t n);
void offer_number(struct parser *p, uint64_t min, uint64_t max, const char *what);
void offer_end(struct parser *p);

/* ---- parse.c ---- */

/* struct given - what is known beside a text; @words: the last line is asked about */
struct given {
	struct ios_words *words;
	const struct ios_binding *bindings;
	size_t n_bindings;
};

/* ios_parse() with it */
struct ios_config *parse_text(const char *file, const char *text, size_t len, unsigned int flags,
			      const struct given *given);

/* ---- the parts of the grammar ---- */

/* The command of the line is one that opens a section, even where it is refused, unless negated. */
void heads_section(struct parser *p);
void open_section(struct parser *p, enum mode mode);		/* the line opens a section */
/* Whether the indentation of the line says that the open section has ended before it. */
bool outside_section(const struct parser *p);
/* "vrf definition V", which is of the top, where "vrf V" is of the section */
bool defines_vrf(const struct parser *p);

bool acl_extended(uint64_t number);			/* of an extended access list? */
bool acl_standard(uint64_t number);			/* of a standard one? */
void parse_access_list(struct parser *p);		/* access-list N ... */
#define PORT_OPERATORS 5
extern const struct kw port_operators[PORT_OPERATORS];	/* .id is an enum ios_port_op */
/* Reads an operand of an operator; one that is not the first may be missing. */
typedef bool (*operand_fn)(struct parser *p, int proto, bool first, uint16_t *value);
/* P..., P or P P, as @op has them; @noun is what they are when there are too many */
void next_operands(struct parser *p, enum ios_port_op op, operand_fn operand, int proto,
		   const char *noun, struct ios_ports *ports);
/* eq P... | neq P... | lt P | gt P | range P P | nothing; where @proto has ports */
void next_ports(struct parser *p, int proto, struct ios_ports *ports);
bool next_port(struct parser *p, int proto, uint16_t *port);	/* reports if it is none */
void next_icmp(struct parser *p, struct ios_ace *ace);	/* a name, TYPE [CODE] or nothing */
/* The next word as an option of an entry; *ambiguous is set when it may be several. */
const struct kw *next_option(struct parser *p, const struct ios_ace *ace, bool *ambiguous);
/* All of them. *seq, if it is 0, may be told at the end of an IPv6 entry, as old trains do. */
void ace_options(struct parser *p, struct ios_ace *ace, uint32_t *seq);
/* The word that may follow log, which the log shows with each match. */
void log_tag(struct parser *p, struct ios_ace *ace);
void parse_group(struct parser *p);			/* object-group ... */
void parse_ip(struct parser *p);			/* ip access-list ... */
void parse_ipv6(struct parser *p);			/* ipv6 access-list ... */
void parse_crypto(struct parser *p);			/* crypto ... */
bool crypto_word(const struct tok *t);			/* whether "crypto" can go on with it */
bool crypto_own_word(const struct tok *t);		/* the same, with what is supported */
void parse_isakmp_peer(struct parser *p);		/* crypto isakmp peer ... */
/*
 * The next words as a secret: [0|6|7] KEY, where the key may be 0, 6 or 7 if @after is what follows.
 * @encrypted is set when it is of type 6. No message shows a word that might be part of it.
 */
bool next_secret(struct parser *p, const struct kw *after, size_t n, uint8_t key[IOS_PSK_MAX + 1],
		 size_t *len, bool *encrypted);
/* The next word as a host name of at most IOS_HOST_MAX bytes. */
bool next_host(struct parser *p, char name[IOS_HOST_MAX + 1]);
bool next_user(struct parser *p, char name[IOS_HOST_MAX + 1]);	/* as name@domain */
/* A [MASK] or ipv6 P: peers by network. */
bool next_peer_network(struct parser *p, struct ios_addr *addr, unsigned int *prefix);
void parse_isakmp_key(struct parser *p);		/* crypto isakmp key ... */
void parse_keyring(struct parser *p);			/* crypto keyring ... */
void parse_isakmp_profile(struct parser *p);		/* crypto isakmp profile ... */
/* description and local-address of a section; "no" takes them back. */
void section_description(struct parser *p, char **text);
void section_local(struct parser *p, struct ios_local *local);
void parse_pki(struct parser *p);			/* crypto pki ... */
void parse_isakmp(struct parser *p);			/* crypto isakmp ... */
void parse_ipsec(struct parser *p);			/* crypto ipsec ... */
uint16_t next_key_bits(struct parser *p);		/* 128, 192, 256 or nothing, after AES */
void parse_map(struct parser *p);			/* crypto map ... */
void parse_dynamic(struct parser *p);			/* crypto dynamic-map ... */
void parse_dynamic_families(struct parser *p);		/* at the end of the text */
/* What follows crypto ipsec df-bit and fragmentation; after "no" the value is @none. */
void df_words(struct parser *p, enum ios_df *df, enum ios_df none);
void frag_words(struct parser *p, enum ios_frag *frag, enum ios_frag none);
void parse_entry_sa(struct parser *p);			/* set security-association ... */
void parse_interface(struct parser *p);			/* interface ... */
void bind_interfaces(struct parser *p, const struct given *given);	/* to their Linux devices */
bool next_interface(struct parser *p, char name[IOS_NAME_MAX + 1]);	/* the name of one */

/* A line inside a section; false when it is no command of the section. */
bool policy_line(struct parser *p);
bool peer_line(struct parser *p);
bool keyring_line(struct parser *p);
bool profile_line(struct parser *p);
bool trustpoint_line(struct parser *p);
bool chain_line(struct parser *p);
/* What follows is no part of a certificate. */
void chain_end(struct parser *p);
/* Whether a certificate that is typed has no end yet: so far it is none, and taken off. */
bool chain_pending(struct parser *p);
bool cert_map_line(struct parser *p);
bool tset_line(struct parser *p);
bool entry_line(struct parser *p);
bool group_line(struct parser *p);
bool acl_line(struct parser *p);
/* At the end: numbers all lists as resequence has told. */
void settle_lists(struct parser *p);
/* At the end: tells of certificate maps that cannot be compared, and leaves out those that nobody names. */
void settle_cert_maps(struct parser *p);
bool interface_line(struct parser *p);
/* range_line() - refuses the crypto map of an interface range; false where no such section is open */
bool range_line(struct parser *p);

/* "expected ..." of a section, for a line that is no command of it */
extern const char policy_expected[], peer_expected[], keyring_expected[], profile_expected[],
	trustpoint_expected[], chain_expected[], cert_map_expected[],
	tset_expected[], entry_expected[], group_expected[], acl_expected[];

/* ---- problems.c ---- */

/* The kind of an entry's problem; @dynamic: of a dynamic crypto map. */
static inline enum problem_of problem_of(bool dynamic)
{
	return dynamic ? PROBLEM_TEMPLATE : PROBLEM_ENTRY;
}

/* Keeps what is wrong with an entry of an access list. Return: 0 or -1 (no memory) */
int problem_acl(struct parser *p, const struct ios_acl *acl, const char *fmt, va_list ap);
/*
 * Keeps "X is", which is not supported, for an entry of this map, or for all
 * maps (PROBLEM_MAPS, ""), and leaves the rest of the line.
 */
void problem_map(struct parser *p, enum problem_of of, const char *map, uint32_t seq,
		 const char *topic, const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* Forgets those with this name, number (0 for any) and start of the topic. */
/* What a trustpoint of a router has and this one lacks: of interest to who uses certificates. */
void problem_point(struct parser *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void problem_undo(struct parser *p, enum problem_of of, const char *name, uint32_t seq,
		  const char *topic);
/* Forgets the last one if it is of the present line. */
void problem_retract(struct parser *p);
/* Turns them into diagnostics. */
void problems_report(struct parser *p);

/* Keeps the first thing that is wrong with an object-group. Return: 0 or -1 (no memory) */
int problem_group(struct ios_group *group, unsigned int line, const char *fmt, va_list ap);

/* ---- expand.c ---- */

/* Makes the parts of entries that name object-groups; what is wrong becomes a problem. */
void expand_groups(struct parser *p);

/* ---- stray.c: lines that are no commands where they stand ---- */

/* Reports a word that is this one but for a slip or two; false when it is not. */
bool misspelled(struct parser *p, const struct tok *t, const char *word);
/* Likewise, of the first word of the line, of the commands of the open section: "a, b or c". */
bool misspelled_command(struct parser *p, const char *expected);
/* Reports a line of an interface that has the words crypto map, or nearly so, at another place. */
bool misspelled_binding(struct parser *p);
/* Reports a line that begins with a word of ours, but for a slip or two; false when none does. */
bool near_miss(struct parser *p);
/* Whether it is a line of what IOS answers to a new crypto map entry, which lacks all as yet. */
bool entry_note(const struct parser *p);
/* Reports a line that begins with the mark of a terminal too narrow for it; false when none does. */
bool cut_line(struct parser *p);
/* Reports a line that is the end of the command before it, which was broken; false when it is none. */
bool wrapped_line(struct parser *p);
/* Whether it is a line of a router's log. */
bool log_line(const struct parser *p);
/* Whether it is no command of anything: a log line, a line of an output. */
bool stray_line(const struct parser *p);
/* Reports a line of the domain whose first word was forgotten; false when it is none. */
bool forgotten_word(struct parser *p);
/* Likewise, of a line of an entry of a crypto map, a keyring or an access list where none is open. */
bool forgotten_head(struct parser *p);
/* Reports what follows access-list and is no list of another protocol: @number that is none of IPv4, 0 for a word. */
bool wrong_list(struct parser *p, uint64_t number);
/* Whether the line looks like a command of such a section, and of few others. */
bool resembles(struct parser *p, enum mode mode, bool service);

/* ---- section.c: what there is of each kind of section ---- */

/* A line of the open section; false when it is no command of it. */
bool section_line(struct parser *p);
/* "a, b or c" of a section; NULL for none, and for an interface, where most lines are not of ours */
const char *section_expected(enum mode mode);
/* Tells in the model which section is open. */
void tell_section(struct parser *p);

/* ---- banner.c: texts that are no commands ---- */

/* Notes the delimiter of a banner, or a macro, whose text goes on in the next line. */
void open_banner(struct parser *p);
/* Whether the line is one that a text of its own follows, to a delimiter. */
bool begins_text(struct parser *p);
/* A line of such a text. */
void banner_line(struct parser *p, const char *text, const char *end);

/* ---- terminal.c: lines of a terminal's log that the router did not do ---- */

/* Whether the router refused the present line, as what follows says. @next, @end: the text behind it */
bool refused_line(struct parser *p, const char *next, const char *end, char newline);
/* Whether the line is what a router answers to one that it refuses, or to debug. */
bool answer_line(const struct parser *p);
/* Whether the line ends where a question mark was typed: behind the answer it goes on. @text: it begins there */
bool helped_line(const struct parser *p, const char *text, const char *next, const char *end,
		 char newline);
/* Whether the next line completes the present one: the tabulator was typed in it, if it is none yet. */
bool completed_line(const struct parser *p, const char *text, const char *next, const char *end);
/* Takes back what came of such a line, which failed. @before: how it was before it */
void forget_line(struct parser *p, const struct parser *before);

/* ---- names.c: protocols, ports, ICMP, TCP flags, TOS ---- */

/* Number of a protocol (-2 if it is none), port (-1), ICMP type (false); names may be abbreviated. */
int protocol_number(int family, const struct tok *t);
int port_number(int proto, const struct tok *t, bool abbreviated);
bool icmp_number(int family, const struct tok *t, int *type, int *code);
/* The name that IOS writes for a number; NULL when it writes the number. */
const char *protocol_name(int family, int proto);
const char *port_name(int proto, uint16_t port);
const char *icmp_name(int family, int type, int code);
/* established: ACK or RST */
#define IOS_TCP_ESTABLISHED 0x14
/* A TCP flag; 0 if it is none. The name of a bit of @flags, of which there is one. */
uint8_t tcp_flag(const struct tok *t);
const char *tcp_flag_name(uint8_t flags);

/* What IOS has words for in the TOS byte. */
enum tos_field { TOS_DSCP, TOS_PRECEDENCE, TOS_TOS };

uint8_t tos_mask(enum tos_field field);
/* Bits of the TOS byte by a name or number; -1 if it is none. */
int tos_number(enum tos_field field, const struct tok *t);
/* The name, or NULL, and number that IOS writes for them. */
const char *tos_name(enum tos_field field, uint8_t tos, unsigned int *number);
const char *tos_expected(enum tos_field field);
/* The protocol number of ICMP. */
int icmp_protocol(int family);
/* The names, and the range of numbers, for whoever asks what may stand next. */
void offer_protocols(struct parser *p, int family);
void offer_ports(struct parser *p, int proto);
void offer_icmp(struct parser *p, int family);
void offer_tos(struct parser *p, enum tos_field field);

#endif
