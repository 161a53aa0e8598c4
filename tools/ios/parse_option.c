// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What access list entries may end with: conditions on single packets, and log.
 */
#include <string.h>

#include "parse.h"

#define SEQ_MAX 2147483647u

enum {
	OPTION_FOREIGN,
	OPTION_ALL,
	OPTION_ANY,
	OPTION_DSCP,
	OPTION_ESTABLISHED,
	OPTION_FLAG,
	OPTION_FRAGMENTS,
	OPTION_LOG,
	OPTION_LOG_INPUT,
	OPTION_PRECEDENCE,
	OPTION_TOS,
	OPTION_TTL,
};

/* IPv6 has some more and lacks others. */
static const struct kw options[] = {
	{ .word = "ack", .id = OPTION_FLAG, .help = "TCP flag ACK" }, { .word = "dscp", .id = OPTION_DSCP,
	  .help = "packets with this DSCP" },
	{ .word = "established", .id = OPTION_ESTABLISHED,
	  .help = "TCP of a connection: ACK or RST" }, { .word = "evaluate" },
	{ .word = "fin", .id = OPTION_FLAG, .help = "TCP flag FIN" }, { .word = "fragments", .id = OPTION_FRAGMENTS,
	  .help = "fragments but the first" },
	{ .word = "log", .min = 3, .id = OPTION_LOG, .help = "without effect" },
	{ .word = "log-input", .min = 4, .id = OPTION_LOG_INPUT, .help = "without effect" },
	{ .word = "match-all", .id = OPTION_ALL, .help = "TCP flags that must all be so" }, { .word = "match-any", .id = OPTION_ANY,
	  .help = "TCP flags of which one must be so" },
	{ .word = "option" }, { .word = "precedence", .id = OPTION_PRECEDENCE,
	  .help = "packets with this precedence" },
	{ .word = "psh", .id = OPTION_FLAG, .help = "TCP flag PSH" }, { .word = "reflect" },
	{ .word = "rst", .id = OPTION_FLAG, .help = "TCP flag RST" }, { .word = "syn", .id = OPTION_FLAG,
	  .help = "TCP flag SYN" },
	{ .word = "time-range" }, { .word = "tos", .id = OPTION_TOS,
	  .help = "packets with this type of service" },
	{ .word = "ttl", .id = OPTION_TTL, .help = "packets with this TTL" },
	{ .word = "urg", .id = OPTION_FLAG, .help = "TCP flag URG" },
};

static const struct kw options6[] = {
	{ .word = "ack", .id = OPTION_FLAG, .help = "TCP flag ACK" }, { .word = "dest-option" },
	{ .word = "dest-option-type" }, { .word = "dscp", .id = OPTION_DSCP,
	  .help = "packets with this DSCP" },
	{ .word = "established", .id = OPTION_ESTABLISHED,
	  .help = "TCP of a connection: ACK or RST" },
	{ .word = "fin", .id = OPTION_FLAG, .help = "TCP flag FIN" }, { .word = "flow-label" },
	{ .word = "fragments", .id = OPTION_FRAGMENTS, .help = "fragments but the first" }, { .word = "hbh" },
	{ .word = "log", .min = 3, .id = OPTION_LOG, .help = "without effect" },
	{ .word = "log-input", .min = 4, .id = OPTION_LOG_INPUT, .help = "without effect" },
	{ .word = "match-all", .id = OPTION_ALL, .help = "TCP flags that must all be so" }, { .word = "match-any", .id = OPTION_ANY,
	  .help = "TCP flags of which one must be so" },
	{ .word = "mobility" }, { .word = "mobility-type" },
	{ .word = "psh", .id = OPTION_FLAG, .help = "TCP flag PSH" }, { .word = "reflect" }, { .word = "routing" },
	{ .word = "routing-type" }, { .word = "rst", .id = OPTION_FLAG, .help = "TCP flag RST" },
	{ .word = "syn", .id = OPTION_FLAG, .help = "TCP flag SYN" }, { .word = "time-range" },
	{ .word = "undetermined-transport" }, { .word = "urg", .id = OPTION_FLAG,
	  .help = "TCP flag URG" },
};

static bool of_tcp(const struct kw *option)
{
	return option->id == OPTION_ALL || option->id == OPTION_ANY ||
	       option->id == OPTION_ESTABLISHED || option->id == OPTION_FLAG;
}

static const struct kw *options_of(const struct ios_ace *ace, size_t *n)
{
	bool six = ace->src.family == AF_INET6;

	*n = six ? ARRAY_SIZE(options6) : ARRAY_SIZE(options);
	return six ? options6 : options;
}

const struct kw *next_option(struct parser *p, const struct ios_ace *ace, bool *ambiguous)
{
	const struct kw *table;
	size_t n;

	table = options_of(ace, &n);
	return kw_match(table, n, tok_peek(p), ambiguous);
}

static void offer_options(struct parser *p, const struct ios_ace *ace)
{
	const struct kw *table;
	size_t n, i;

	table = options_of(ace, &n);
	for (i = 0; i < n; i++)
		if (!of_tcp(&table[i]) || ace->proto == IPPROTO_TCP)
			offer_keywords(p, &table[i], 1);
}

/* +FLAG and -FLAG, as long as there are any */
static void signed_flags(struct parser *p, struct ios_ace *ace)
{
	const struct tok *t;
	struct tok name;
	uint8_t flag;

	offer_word(p, "+", "and a flag that is set: +syn");
	offer_word(p, "-", "and a flag that is not set: -ack");
	while ((t = tok_peek(p)) && (*t->s == '+' || *t->s == '-')) {
		name = (struct tok){ .s = t->s + 1, .len = t->len - 1 };
		flag = tcp_flag(&name);
		if (!flag) {
			p_expected(p, t, "+ or - and ack, fin, psh, rst, syn or urg");
			return;
		}
		if (*t->s == '+')
			ace->tcp_set |= flag;
		else
			ace->tcp_clear |= flag;
		p->pos++;
	}
	if (!ace->tcp_set && !ace->tcp_clear)
		p_fail(p, "expected TCP flags (+ack -syn)");
}

static void tcp_option(struct parser *p, const struct kw *kw, struct ios_ace *ace)
{
	const struct tok flag = { .s = kw->word, .len = 3 };

	if (ace->proto != IPPROTO_TCP) {
		p_fail(p, "'%s' is of tcp", kw->word);
		return;
	}
	/* of the words without a sign any may match, as of match-any */
	if (ace->tcp_all || (kw->id == OPTION_ALL && ace->tcp_set)) {
		p_fail(p, "match-all does not go with other TCP flags");
		return;
	}
	switch (kw->id) {
	case OPTION_ESTABLISHED:
		ace->tcp_set |= IOS_TCP_ESTABLISHED;
		break;
	case OPTION_FLAG:
		ace->tcp_set |= tcp_flag(&flag);
		break;
	case OPTION_ALL:
		ace->tcp_all = true;
		/* fall through */
	case OPTION_ANY:
		signed_flags(p, ace);
		break;
	}
}

/* A name or number of one of the fields of the TOS byte, none of which is there yet. */
static void tos_option(struct parser *p, enum tos_field field, struct ios_ace *ace)
{
	const struct tok *t = tok_next(p);
	int value = tos_number(field, t);

	if (!t)
		offer_tos(p, field);
	if (value < 0) {
		p_expected(p, t, "%s", tos_expected(field));
		return;
	}
	if (ace->tos_mask & tos_mask(field)) {
		p_fail(p, "dscp, precedence and tos are about the same bits");
		return;
	}
	ace->tos |= value;
	ace->tos_mask |= tos_mask(field);
}

/* The first of several must be one. */
static bool ttl_operand(struct parser *p, int proto, bool first, uint16_t *value)
{
	uint32_t ttl;

	(void)proto;
	if ((!first && !tok_digits(tok_peek(p))) || !next_number(p, "a TTL", 0, UINT8_MAX, &ttl))
		return false;
	*value = ttl;
	return true;
}

/* eq|neq TTL..., lt|gt TTL, range TTL TTL */
static void ttl_option(struct parser *p, struct ios_ace *ace)
{
	const struct kw *kw = kw_next(p, port_operators, PORT_OPERATORS);
	struct ios_ports *ttl = &ace->ttl;

	if (!kw)
		return;
	if (ttl->op != IOS_PORT_ANY) {
		p_fail(p, "one ttl is possible");
		return;
	}
	next_operands(p, kw->id, ttl_operand, IOS_PROTO_ANY, "TTLs", ttl);
	if (!p->failed && ((kw->id == IOS_PORT_LT && !ttl->port[0]) ||
			   (kw->id == IOS_PORT_GT && ttl->port[0] == UINT8_MAX)))
		p_fail(p, "no TTL is %s %u", kw->word, ttl->port[0]);
}

static void fragments_option(struct parser *p, struct ios_ace *ace)
{
	if (ace->sport.op != IOS_PORT_ANY || ace->dport.op != IOS_PORT_ANY ||
	    ace->icmp_type != IOS_ICMP_ANY || ace->group[IOS_PLACE_SERVICE])
		p_fail(p, "fragments show neither ports nor ICMP types");
	ace->fragments = true;
}

void log_tag(struct parser *p, struct ios_ace *ace)
{
	char tag[IOS_NAME_MAX + 1];

	if (!tok_peek(p) || ace->tag || !next_name(p, "a word for the log", tag))
		return;
	ace->tag = strdup(tag);
	if (!ace->tag)
		no_memory(p);
}

static void option(struct parser *p, const struct kw *kw, struct ios_ace *ace)
{
	bool ambiguous;

	switch (kw->id) {
	case OPTION_FOREIGN:
		p_fail(p, "'%s' is not supported in this version", kw->word);
		break;
	case OPTION_DSCP:
		tos_option(p, TOS_DSCP, ace);
		break;
	case OPTION_PRECEDENCE:
		tos_option(p, TOS_PRECEDENCE, ace);
		break;
	case OPTION_TOS:
		tos_option(p, TOS_TOS, ace);
		break;
	case OPTION_TTL:
		ttl_option(p, ace);
		break;
	case OPTION_FRAGMENTS:
		fragments_option(p, ace);
		break;
	case OPTION_LOG:
	case OPTION_LOG_INPUT:
		ace->log = kw->id == OPTION_LOG ? IOS_LOG : IOS_LOG_INPUT;
		if (!next_option(p, ace, &ambiguous) && !tok_is(tok_peek(p), "sequence"))
			log_tag(p, ace);
		break;
	default:
		tcp_option(p, kw, ace);
		break;
	}
}

void ace_options(struct parser *p, struct ios_ace *ace, uint32_t *seq)
{
	int family = ace->src.family;
	const struct kw *kw;
	bool ambiguous;

	while (!p->failed) {
		if (family == AF_INET6 && !*seq &&
		    option_word(p, "sequence", 3, "the number of the entry")) {
			next_number(p, "a sequence number", 1, SEQ_MAX, seq);
			continue;
		}
		offer_options(p, ace);
		kw = next_option(p, ace, &ambiguous);
		if (!kw)
			break;
		p->pos++;
		option(p, kw, ace);
	}
	if (ace->fragments && (ace->tcp_set || ace->tcp_clear))
		p_fail(p, "fragments show no TCP flags");
	end_of_line(p);
}
