// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clear crypto sa, clear crypto isakmp, clear crypto session
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static int count_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];

	nl_attrs(nlh, tb, CRYPTO_MAP_A_SA_MAX);
	*(uint32_t *)data = nl_u32(tb[CRYPTO_MAP_A_SA_COUNT], 0);
	return 0;
}

/* Removes the negotiated SAs of a peer, of a map, or all. Return: how many, or -1. */
static int64_t flush(const struct ios_addr *peer, const char *map)
{
	char buf[NL_MESSAGE_MAX];
	struct nl *nl = nl_open();
	struct nlmsghdr *nlh;
	uint32_t count = 0;
	int ret;

	if (!nl)
		return -1;
	nlh = nl_message(nl, buf, CRYPTO_MAP_CMD_SA_FLUSH, 0);
	if (peer)
		nl_put_addr(nlh, CRYPTO_MAP_A_SA_REMOTE, peer);
	if (map)
		mnl_attr_put_strz(nlh, CRYPTO_MAP_A_SA_MAP, map);
	ret = nl_request(nl, nlh, count_row, &count, 0);
	nl_close(nl);
	return ret < 0 ? -1 : (int64_t)count;
}

static int clear_counters(void)
{
	char buf[NL_MESSAGE_MAX];
	struct nl *nl = nl_open();
	int ret;

	if (!nl)
		return REFUSED;
	ret = nl_request(nl, nl_message(nl, buf, CRYPTO_MAP_CMD_COUNTERS_CLEAR, 0), NULL, NULL, 0);
	nl_close(nl);
	return ret < 0 ? REFUSED : DONE;
}

static bool is(const char *word, const char *keyword)
{
	return *word && !strncmp(word, keyword, strlen(word));
}

static bool get_peer(const char *word, struct ios_addr *peer)
{
	*peer = (struct ios_addr){ .family = strchr(word, ':') ? AF_INET6 : AF_INET };
	if (inet_pton(peer->family, word, peer->bytes) == 1)
		return true;
	fprintf(stderr, "cryptomap: '%s' is not an address\n", word);
	return false;
}

int run_clear_sa(const struct args *args)
{
	struct ios_addr peer;

	if (!args->n)
		return flush(NULL, NULL) < 0 ? REFUSED : DONE;
	if (args->n == 1 && is(args->word[0], "counters"))
		return clear_counters();
	if (args->n == 2 && is(args->word[0], "peer")) {
		if (!get_peer(args->word[1], &peer))
			return USAGE;
		return flush(&peer, NULL) < 0 ? REFUSED : DONE;
	}
	if (args->n == 2 && is(args->word[0], "map")) {
		if (strlen(args->word[1]) > IOS_NAME_MAX) {
			fputs("cryptomap: the name of the crypto map is too long\n", stderr);
			return USAGE;
		}
		return flush(NULL, args->word[1]) < 0 ? REFUSED : DONE;
	}
	fputs("cryptomap: expected peer ADDRESS, map NAME or counters\n", stderr);
	return USAGE;
}

int run_clear_isakmp(const struct args *args)
{
	unsigned long id = 0;
	char *end;
	int count;

	if (args->n > 1)
		return USAGE;
	if (args->n) {
		errno = 0;
		id = strtoul(args->word[0], &end, 10);
		if (*end || errno || !id || id > UINT32_MAX) {
			fprintf(stderr, "cryptomap: '%s' is not the number of a connection\n",
				args->word[0]);
			return USAGE;
		}
	}
	count = ctl_isakmp_clear(id);
	if (count < 0)
		return REFUSED;
	if (id && !count) {
		fprintf(stderr, "cryptomap: there is no ISAKMP SA %lu\n", id);
		return REFUSED;
	}
	return DONE;
}

int run_clear_session(const struct args *args)
{
	if (args->n)
		return USAGE;
	/* phase 2 first, while phase 1 can still tell the peer */
	if (flush(NULL, NULL) < 0)
		return REFUSED;
	return ctl_isakmp_clear(0) < 0 ? REFUSED : DONE;
}
