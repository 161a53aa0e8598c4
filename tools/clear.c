// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clear crypto sa, clear crypto isakmp, clear crypto session
 */
#include <stdlib.h>

#include "cli.h"

/* struct target - what to clear; nothing set: all */
struct target {
	bool one_peer;
	struct ios_addr peer;
	const char *map;
	uint32_t flow_id;
};

/* Removes negotiated SAs. Return: DONE or REFUSED */
static int flush(const struct target *target)
{
	char buf[NL_MESSAGE_MAX];
	struct nl *nl = nl_open();
	struct nlmsghdr *nlh;
	int ret;

	if (!nl)
		return REFUSED;
	nlh = nl_message(nl, buf, CRYPTO_MAP_CMD_SA_FLUSH, 0);
	if (target->one_peer)
		nl_put_addr(nlh, CRYPTO_MAP_A_SA_REMOTE, &target->peer);
	if (target->map)
		mnl_attr_put_strz(nlh, CRYPTO_MAP_A_SA_MAP, target->map);
	if (target->flow_id)
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_FLOW_ID, target->flow_id);
	ret = nl_request(nl, nlh, NULL, NULL, NULL);
	nl_close(nl);
	return ret < 0 ? REFUSED : DONE;
}

int run_clear_counters(const struct args *args)
{
	char buf[NL_MESSAGE_MAX];
	struct nl *nl = nl_open();
	int ret;

	(void)args;
	if (!nl)
		return REFUSED;
	ret = nl_request(nl, nl_message(nl, buf, CRYPTO_MAP_CMD_COUNTERS_CLEAR, 0), NULL, NULL, NULL);
	nl_close(nl);
	return ret < 0 ? REFUSED : DONE;
}

/* The peer of a command, if it has one. */
static struct target target_of(const struct args *args)
{
	const char *peer = args_value(args, "ADDRESS");
	struct target target = { .map = args_value(args, "NAME") };

	target.one_peer = peer && parse_address(peer, &target.peer);
	return target;
}

int run_clear_sa(const struct args *args)
{
	struct target target = target_of(args);

	return flush(&target);
}

/* The flow of the SA with this destination and SPI; 0 after saying that there is none. */
static uint32_t flow_of_sa(const struct ios_addr *dst, uint32_t spi)
{
	struct nl *nl = nl_open();
	struct sas sas = { 0 };
	uint32_t flow_id = 0;
	const struct sa *sa;

	if (nl && !kernel_sas(nl, &sas)) {
		for (sa = sas.v; sa < sas.v + sas.n && !flow_id; sa++)
			if (sa->spi == spi &&
			    ios_addr_same(dst, sa->dir == CRYPTO_MAP_SA_DIR_IN ? &sa->local :
										 &sa->remote))
				flow_id = sa->flow_id;
		if (!flow_id)
			fprintf(stderr, "cryptomap: there is no SA to %s with SPI 0x%X(%u)\n",
				ip_text(dst).s, spi, spi);
	}
	free(sas.v);
	nl_close(nl);
	return flow_id;
}

int run_clear_entry(const struct args *args)
{
	struct target target = { 0 };
	struct ios_addr dst;
	uint32_t spi;

	if (!parse_address(args_value(args, "ADDRESS"), &dst) ||
	    !parse_number(args_value(args, "SPI"), &spi))
		return USAGE;
	if (args_has(args, "ah")) {
		fprintf(stderr, "cryptomap: there is no SA of AH to %s with SPI 0x%X(%u): all are of ESP\n",
			ip_text(&dst).s, spi, spi);
		return REFUSED;
	}
	target.flow_id = flow_of_sa(&dst, spi);
	return target.flow_id ? flush(&target) : REFUSED;
}

int run_clear_isakmp(const struct args *args)
{
	const char *word = args_value(args, "CONN-ID");
	uint32_t id = 0;
	int count;

	if (word && !parse_number(word, &id))
		return USAGE;
	count = ctl_isakmp_clear(id);
	if (count < 0)
		return REFUSED;
	if (id && !count) {
		fprintf(stderr, "cryptomap: there is no ISAKMP SA %u\n", id);
		return REFUSED;
	}
	return DONE;
}

/* Deletes the ISAKMP SAs with one peer. Return: DONE or REFUSED */
static int clear_isakmp_of(const struct ios_addr *peer)
{
	struct ios_addr remote;
	struct isakmp_sas sas;
	int ret = DONE;
	size_t i;

	if (ctl_isakmp_list(&sas, false))
		return REFUSED;
	for (i = 0; i < sas.n; i++)
		if (parse_address(sas.v[i].remote, &remote) && ios_addr_same(peer, &remote) &&
		    ctl_isakmp_clear(sas.v[i].conn_id) < 0)
			ret = REFUSED;
	free(sas.v);
	return ret;
}

int run_clear_session(const struct args *args)
{
	struct target target = target_of(args);

	/* phase 2 first, while phase 1 can still tell the peer */
	if (flush(&target))
		return REFUSED;
	if (target.one_peer)
		return clear_isakmp_of(&target.peer);
	return ctl_isakmp_clear(0) < 0 ? REFUSED : DONE;
}
