/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the language share: texts, and what is said of them.
 */
#ifndef UNIT_IOS_DIAGS_H
#define UNIT_IOS_DIAGS_H

#include <arpa/inet.h>
#include <string.h>

#include "ios/ios.h"
#include "tap.h"

/* commands that other texts refer to */
#define TSET "crypto ipsec transform-set TS esp-aes esp-sha-hmac\n"
#define KEYS "crypto isakmp policy 1\n authentication pre-share\ncrypto isakmp key k address 0.0.0.0\n"

static inline struct ios_config *parse(const char *text)
{
	return ios_parse("test", text, strlen(text), 0);
}

static inline bool has_diag(const struct ios_config *cfg, enum ios_severity severity,
			    unsigned int line, const char *part)
{
	const struct ios_diag *diag;

	for (diag = cfg->diags; diag; diag = diag->next)
		if (diag->severity == severity && diag->line == line && strstr(diag->text, part))
			return true;
	return false;
}

static inline bool any_diag(const struct ios_config *cfg, enum ios_severity severity, const char *part)
{
	const struct ios_diag *diag;

	for (diag = cfg->diags; diag; diag = diag->next)
		if (diag->severity == severity && strstr(diag->text, part))
			return true;
	return false;
}

static inline void show_diags(const struct ios_config *cfg)
{
	const struct ios_diag *diag;

	for (diag = cfg->diags; diag; diag = diag->next)
		printf("# %s %u: %s\n", diag->severity == IOS_ERROR ? "error" : "warning",
		       diag->line, diag->text);
}

/* The text has this error or warning, and no other error than @errors in all. */
static inline void expect(const char *what, const char *text, enum ios_severity severity,
			  unsigned int line, const char *part, size_t errors)
{
	struct ios_config *cfg = parse(text);

	if (!tap_ok(has_diag(cfg, severity, line, part) && cfg->n_errors == errors, "%s", what))
		show_diags(cfg);
	ios_free(cfg);
}

static inline void expect_error(const char *what, const char *text, unsigned int line,
				const char *part)
{
	expect(what, text, IOS_ERROR, line, part, 1);
}

static inline void expect_warning(const char *what, const char *text, unsigned int line,
				  const char *part)
{
	expect(what, text, IOS_WARNING, line, part, 0);
}

static inline struct in_addr ip(const char *text)
{
	struct in_addr addr;

	inet_pton(AF_INET, text, &addr);
	return addr;
}

static inline bool six(const struct ios_addr *addr, const char *text)
{
	struct ios_addr wanted = { .family = AF_INET6 };

	inet_pton(AF_INET6, text, &wanted.v6);
	return ios_addr_same(addr, &wanted);
}

/* No diagnostics at all. */
static inline struct ios_config *clean(const char *what, const char *text)
{
	struct ios_config *cfg = parse(text);

	if (!tap_ok(!cfg->diags, "%s", what))
		show_diags(cfg);
	return cfg;
}

#endif
