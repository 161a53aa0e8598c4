// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is shown of many things takes as long as there are things, and no square of that.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "examples.h"
#include "printed.h"
#include "tap.h"

static double cpu_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

/* A crypto map of @n entries with two peers each, the second one in use. Return: the time it took */
static double print_many(unsigned int n)
{
	struct flows flows = { calloc(n, sizeof(struct flow)), n };
	unsigned int right = 0, i;
	char line[64], *text, *got;
	struct ios_config *cfg;
	const char *at;
	double start;
	size_t len;
	FILE *f;

	f = open_memstream(&text, &len);
	for (i = 1; i <= n; i++) {
		fprintf(f, "crypto map M %u ipsec-isakmp\n set peer 192.0.2.1\n set peer 10.0.%u.%u\n",
			i, i >> 8, i & 255);
		snprintf(line, sizeof(line), "10.0.%u.%u", i >> 8, i & 255);
		flows.v[n - i] = (struct flow){ .map = "M", .entry_seq = i, .remote = addr(line) };
	}
	fputs("interface eth0\n crypto map M\n", f);
	fclose(f);
	cfg = ios_parse("t", text, len, IOS_PHASE1_ONLY);
	f = open_memstream(&got, &len);
	start = cpu_ms();
	print_maps(f, cfg, &flows);
	fclose(f);
	start = cpu_ms() - start;
	for (i = 1, at = got; at && i <= n; i++) {
		snprintf(line, sizeof(line), "\tCurrent peer: 10.0.%u.%u\n", i >> 8, i & 255);
		at = strstr(at, line);
		right += at != NULL;
	}
	tap_ok(right == n, "show crypto map: the peers in use of %u entries", n);
	ios_free(cfg);
	free(flows.v);
	free(text);
	free(got);
	return start;
}

/* Each peer with two SAs; the second one of each comes after the first ones of all. Return: the time it took */
static double print_peers(unsigned int n)
{
	struct isakmp_sas sas = { calloc(n, 2 * sizeof(struct isakmp_sa)), 2 * n };
	char *got, *wanted;
	double start;
	unsigned int i;
	size_t len;
	FILE *f;

	f = open_memstream(&wanted, &len);
	for (i = 0; i < n; i++) {
		struct isakmp_sa sa = { .local = "192.0.2.1", .remote_port = 500, .id = "one" };

		snprintf(sa.remote, sizeof(sa.remote), "10.0.%u.%u", i % 251, i / 251);
		fprintf(f, "Peer: %s Port: 500 Local: 192.0.2.1\n Phase1 id: one\n", sa.remote);
		sas.v[i] = sa;
		strcpy(sa.id, "other");
		sas.v[2 * n - 1 - i] = sa;
	}
	fclose(f);
	f = open_memstream(&got, &len);
	start = cpu_ms();
	print_isakmp_peers(f, &sas);
	start = cpu_ms() - start;
	is("show crypto isakmp peers: many, each once", f, &got, wanted);
	free(wanted);
	free(sas.v);
	return start;
}

/* The least time of some tries, since others use the machine, too. */
static double least(double (*print)(unsigned int n), unsigned int n)
{
	double ms = print(n), again;
	int i;

	for (i = 0; i < 2; i++) {
		again = print(n);
		if (again < ms)
			ms = again;
	}
	return ms;
}

int main(void)
{
	double few, many;

	few = least(print_peers, 1000);
	many = least(print_peers, 8000);
	if (!tap_ok(many < 24 * few, "show crypto isakmp peers: eight times as many take not much more than eight times as long"))
		printf("# %.1f ms, %.1f ms\n", few, many);
	few = least(print_many, 2000);
	many = least(print_many, 16000);
	if (!tap_ok(many < 24 * few, "show crypto map: eight times as many take not much more than eight times as long"))
		printf("# %.1f ms, %.1f ms\n", few, many);
	return tap_done();
}
