// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole configurations of routers (pasted/NAME.cfg) and what is said of each
 * (pasted/NAME.expected): what has nothing to do with crypto maps is skipped and
 * counted, what has and is not supported is named with its line, a slip with what was
 * expected. What is said now is left in the folder that the program is in.
 */
#include <dirent.h>
#include <string.h>
#include <time.h>

#include "ios_diags.h"

#define MEGABYTE 1000000

static char *read_text(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!f || getdelim(&text, &size, '\0', f) < 0) {
		free(text);
		text = strdup("");
	}
	if (f)
		fclose(f);
	return text;
}

/* What cryptomap check says, for free(). */
static char *said_of(const char *text)
{
	struct ios_config *cfg = ios_parse("pasted", text, strlen(text), IOS_ADVICE);
	const struct ios_diag *diag;
	char *said = NULL;
	size_t len;
	FILE *f = open_memstream(&said, &len);

	for (diag = cfg->diags; diag; diag = diag->next)
		fprintf(f, "%u: %s%s\n", diag->line,
			diag->severity == IOS_WARNING ? "warning: " : "", diag->text);
	fprintf(f, "%zu skipped\n", cfg->n_skipped);
	fclose(f);
	ios_free(cfg);
	return said;
}

static void leave(const char *folder, const char *name, const char *said)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.said", folder, name);
	f = fopen(path, "w");
	if (!f)
		return;
	fputs(said, f);
	fclose(f);
	printf("# differs from %s\n", path);
}

static void one(const char *folder, char *name, FILE *all)
{
	char path[512], *text, *wanted, *said;

	snprintf(path, sizeof(path), PASTED "/%s", name);
	text = read_text(path);
	fputs(text, all);
	*strrchr(name, '.') = '\0';
	snprintf(path, sizeof(path), PASTED "/%s.expected", name);
	wanted = read_text(path);
	said = said_of(text);
	if (!tap_ok(!strcmp(said, wanted), "pasted: %s", name))
		leave(folder, name, said);
	free(said);
	free(wanted);
	free(text);
}

/* Also with sanitizers. */
static void test_speed(const char *texts)
{
	size_t len = strlen(texts), copies = MEGABYTE / len + 1, i;
	char *text = malloc(copies * len + 1);
	clock_t start;

	*text = '\0';
	for (i = 0; i < copies; i++)
		memcpy(text + i * len, texts, len + 1);
	start = clock();
	free(said_of(text));
	tap_ok(clock() - start < CLOCKS_PER_SEC, "a megabyte in less than a second");
	free(text);
}

/* Keys and peers that are found by a hash: a megabyte of each, and the second of two the same. */
static void test_keys(void)
{
	static const char *const lines[] = {
		"crypto isakmp key k hostname h%zu.example.org\n",
		"crypto isakmp key k address ipv6 2001:db8:%zx::/64\n",
		" pre-shared-key hostname h%zu.example.org key k\n",
		"crypto isakmp peer hostname h%zu.example.org\n",
		"crypto isakmp peer address ipv6 2001:db8::%zx\n",
	};
	char *text = malloc(MEGABYTE + 256);
	struct ios_config *cfg;
	clock_t start;
	size_t at, i, n;

	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		at = sprintf(text, "crypto keyring R\n");
		for (n = 1; n < 65536 && at < MEGABYTE; n++)
			at += sprintf(text + at, lines[i], n);
		start = clock();
		cfg = ios_parse("keys", text, at, 0);
		ios_free(cfg);
		tap_ok(clock() - start < CLOCKS_PER_SEC, "many of %.*s", (int)strcspn(lines[i], "%"), lines[i]);
	}
	free(text);
	cfg = parse("crypto isakmp key a hostname One.example.org\ncrypto isakmp key b hostname one.EXAMPLE.org\n"
		    "crypto isakmp key a address ipv6 2001:db8::/32\ncrypto isakmp key b address ipv6 2001:DB8::/32\n"
		    "crypto isakmp key c address ipv6 2001:db8::/48\nno crypto isakmp key c address ipv6 2001:db8::/48\n"
		    "crypto isakmp peer hostname p\ncrypto isakmp peer hostname P\n description d\n");
	tap_ok(has_diag(cfg, IOS_WARNING, 2, "in line 1 already") && cfg->psks->next &&
	       has_diag(cfg, IOS_WARNING, 4, "in line 3 already") && !cfg->psks->next->next &&
	       cfg->peers && !cfg->peers->next && cfg->peers->description, "one key and one peer of each");
	ios_free(cfg);
}

int main(int argc, char **argv)
{
	DIR *dir = opendir(PASTED);
	struct dirent *entry;
	char *texts = NULL, *slash = strrchr(argv[0], '/');
	size_t len;
	FILE *all = open_memstream(&texts, &len);

	(void)argc;
	if (slash)
		*slash = '\0';
	while (dir && (entry = readdir(dir)))
		if (strstr(entry->d_name, ".cfg"))
			one(slash ? argv[0] : ".", entry->d_name, all);
	fclose(all);
	test_speed(texts);
	test_keys();
	free(texts);
	if (dir)
		closedir(dir);
	return tap_done();
}
