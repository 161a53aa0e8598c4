// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show crypto engine, show crypto ruleset: of the kernel module itself.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "cli.h"

static const char *state_word(enum crypto_map_alg_state state)
{
	static const char *const word[] = {
		[CRYPTO_MAP_ALG_STATE_PASSED] = "passed",
		[CRYPTO_MAP_ALG_STATE_FAILED] = "failed",
		[CRYPTO_MAP_ALG_STATE_ABSENT] = "absent",
	};

	return state <= CRYPTO_MAP_ALG_STATE_ABSENT ? word[state] : "unknown";
}

void print_engine(FILE *f, const struct algs *algs, const struct stats *stats)
{
	const struct alg *alg;

	fprintf(f, "crypto_map %s, software engine\n", stats->version);
	fprintf(f, "SAs: %u, flows: %u, packets that wait for an SA: %u\n\n", stats->sas,
		stats->flows, stats->held);
	fprintf(f, "%-22s %-14s %8s %9s  %s\n", "algorithm", "kind", "key bits", "ICV bytes",
		"self-test");
	for (alg = algs->v; alg < algs->v + algs->n; alg++)
		fprintf(f, "%-22s %-14s %8u %9u  %s%s\n", alg->name,
			alg->cipher ? "cipher" : "authenticator", alg->key_bits, alg->icv_bytes,
			state_word(alg->state), alg->weak ? ", weak" : "");
}

static json_t *json_engine(const struct algs *algs, const struct stats *stats)
{
	json_t *list = json_array();
	const struct alg *alg;

	for (alg = algs->v; alg < algs->v + algs->n; alg++)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:i, s:i, s:b, s:s}", "name", alg->name, "kind",
				  alg->cipher ? "cipher" : "authenticator", "key-bits",
				  alg->key_bits, "icv-bytes", alg->icv_bytes, "weak", alg->weak,
				  "self-test", state_word(alg->state)));
	return json_pack("{s:s, s:I, s:I, s:I, s:o}", "version", stats->version, "sas",
			 (json_int_t)stats->sas, "flows", (json_int_t)stats->flows, "held",
			 (json_int_t)stats->held, "algorithms", list);
}

int run_show_engine(const struct args *args)
{
	struct nl *nl = nl_open();
	struct algs algs = { 0 };
	struct stats stats;
	int ret = REFUSED;

	if (!nl)
		return REFUSED;
	if (!kernel_stats(nl, &stats) && !kernel_algs(nl, &algs)) {
		ret = DONE;
		if (args->json)
			ret = json_out(args->out, json_engine(&algs, &stats));
		else
			print_engine(args->out, &algs, &stats);
	}
	free(algs.v);
	nl_close(nl);
	return ret;
}

/* ---------------------------------------------------------------------- rule sets */

void print_ruleset(FILE *f, const struct attachments *attachments)
{
	const struct attachment *a;

	fprintf(f, "%-20s %-20s %10s %10s %7s %8s %6s %12s\n", "interface", "crypto map", "rules",
		"indexed", "tables", "longest", "worst", "bytes");
	for (a = attachments->v; a < attachments->v + attachments->n; a++)
		fprintf(f, "%-20s %-20s %10u %10u %7u %8u %6u %12" PRIu64 "\n", a->label, a->map,
			a->rules, a->indexed, a->tables, a->longest, a->worst, a->bytes);
}

int run_show_ruleset(const struct args *args)
{
	struct attachments attachments = { 0 };
	struct nl *nl = nl_open();
	const struct attachment *a;
	int ret = REFUSED;
	json_t *list;

	if (!nl)
		return REFUSED;
	if (!kernel_attachments(nl, &attachments)) {
		ret = DONE;
		if (args->json) {
			list = json_array();
			for (a = attachments.v; a < attachments.v + attachments.n; a++)
				json_array_append_new(list,
					json_pack("{s:s, s:s, s:s, s:o}", "interface", a->label,
						  "device", a->ifname, "map", a->map, "classifier",
						  json_classifier(a)));
			ret = json_out(args->out, list);
		} else {
			print_ruleset(args->out, &attachments);
		}
	}
	free(attachments.v);
	nl_close(nl);
	return ret;
}
