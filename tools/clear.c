// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clear crypto sa, clear crypto isakmp, clear crypto session
 */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "resolve.h"
#include "vrf.h"

/*
 * struct target - what to clear; nothing set: all
 * @peer, @local: ends of it, AF_UNSPEC for any
 * @port:    UDP port of the peer, 0 for any
 * @vrf:     of the device that the crypto map is on, NULL for any
 * @map:     crypto map, NULL for any
 * @flow_id: 0 for any
 */
struct target {
	struct ios_addr peer, local;
	uint32_t port;
	const char *vrf;
	const char *map;
	uint32_t flow_id;
};

/* Removes negotiated SAs by what the kernel selects itself. Return: DONE or REFUSED */
static int flush(struct nl *nl, const struct target *target)
{
	char buf[NL_MESSAGE_MAX];
	struct nlmsghdr *nlh = nl_message(nl, buf, CRYPTO_MAP_CMD_SA_FLUSH, 0);

	if (target->peer.family)
		nl_put_addr(nlh, CRYPTO_MAP_A_SA_REMOTE, &target->peer);
	if (target->map)
		mnl_attr_put_strz(nlh, CRYPTO_MAP_A_SA_MAP, target->map);
	if (target->flow_id)
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_FLOW_ID, target->flow_id);
	return nl_request(nl, nlh, NULL, NULL, NULL) < 0 ? REFUSED : DONE;
}

/* Whether an end, the peer's port and the VRF, "" for none, are those of a target. */
static bool fits(const struct target *target, const struct ios_addr *local,
		 const struct ios_addr *remote, uint16_t port, const char *vrf)
{
	return (!target->local.family || ios_addr_same(&target->local, local)) &&
	       (!target->peer.family || ios_addr_same(&target->peer, remote)) &&
	       (!target->port || target->port == port) &&
	       (!target->vrf || !strcmp(target->vrf, vrf));
}

/* Removes the negotiated SAs of a target, of flows one after the other if need be. */
static int clear_ipsec(struct nl *nl, const struct target *target, const struct flows *flows)
{
	const struct flow *flow;
	int ret = DONE;

	if (!target->local.family && !target->port && !target->vrf)
		return flush(nl, target);
	for (flow = flows->v; flow < flows->v + flows->n; flow++)
		if (fits(target, &flow->local, &flow->remote, flow->remote_port, flow->vrf) &&
		    flush(nl, &(struct target){ .flow_id = flow->id }))
			ret = REFUSED;
	return ret;
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

/* What the values of a command select. */
static struct target target_of(const struct args *args)
{
	struct target target = { .map = args_value(args, "NAME"), .vrf = args_value(args, "VRF") };
	const char *address = args_value(args, "ADDRESS"), *port = args_value(args, "PORT");

	if (address)
		parse_address(address, args_has(args, "local") ? &target.local : &target.peer);
	if (port)
		parse_small(port, UINT16_MAX, &target.port);
	return target;
}

/* Clears the IPsec SAs of each address that a host name has. */
static int clear_host(struct nl *nl, const char *name)
{
	struct ios_addr addrs[RESOLVE_MAX];
	int err, ret = DONE;
	size_t n, i;

	resolve_forget();
	err = resolve_name(name, addrs, &n);
	if (err) {
		fprintf(stderr, "cryptomap: peer %s cannot be resolved (%s)\n", name,
			gai_strerror(err));
		return REFUSED;
	}
	for (i = 0; i < n; i++)
		if (flush(nl, &(struct target){ .peer = addrs[i] }))
			ret = REFUSED;
	return ret;
}

int run_clear_sa(const struct args *args)
{
	struct target target = target_of(args);
	const char *peer = args_value(args, "PEER");
	struct nl *nl = nl_open();
	struct flows flows = { 0 };
	int ret;

	if (!nl)
		return REFUSED;
	if (peer && !parse_address(peer, &target.peer)) {
		ret = clear_host(nl, peer);
	} else if (target.vrf && kernel_flows(nl, &flows)) {
		ret = REFUSED;
	} else {
		if (target.vrf)
			vrf_find(&flows);
		ret = clear_ipsec(nl, &target, &flows);
	}
	free(flows.v);
	nl_close(nl);
	return ret;
}

/* The flow of the SA with this destination and SPI; 0 after saying that there is none. */
static uint32_t flow_of_sa(struct nl *nl, const struct ios_addr *dst, uint32_t spi)
{
	struct sas sas = { 0 };
	uint32_t flow_id = 0;
	const struct sa *sa;

	if (!kernel_sas(nl, &sas)) {
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
	return flow_id;
}

int run_clear_entry(const struct args *args)
{
	struct target target = { 0 };
	struct ios_addr dst;
	struct nl *nl;
	uint32_t spi;
	int ret;

	if (!parse_address(args_value(args, "ADDRESS"), &dst) ||
	    !parse_number(args_value(args, "SPI"), &spi))
		return USAGE;
	if (args_has(args, "ah")) {
		fprintf(stderr, "cryptomap: there is no SA of AH to %s with SPI 0x%X(%u): all are of ESP\n",
			ip_text(&dst).s, spi, spi);
		return REFUSED;
	}
	nl = nl_open();
	if (!nl)
		return REFUSED;
	target.flow_id = flow_of_sa(nl, &dst, spi);
	ret = target.flow_id ? flush(nl, &target) : REFUSED;
	nl_close(nl);
	return ret;
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

/* Deletes the ISAKMP SAs of a target, of all that there were. Return: DONE or REFUSED */
static int clear_isakmp(const struct target *target, const struct isakmp_sas *sas)
{
	struct ios_addr local, remote;
	const struct isakmp_sa *sa;
	int ret = DONE;

	for (sa = sas->v; sa < sas->v + sas->n; sa++) {
		/* one that has only begun may have no address of its own yet */
		if (!parse_address(sa->local, &local))
			local = (struct ios_addr){ 0 };
		if (parse_address(sa->remote, &remote) &&
		    fits(target, &local, &remote, sa->remote_port, sa->ivrf) &&
		    ctl_isakmp_clear(sa->conn_id) < 0)
			ret = REFUSED;
	}
	return ret;
}

/* Those of a target, by what there is: flows of dynamic crypto maps go with their SAs. */
static int clear_session(struct nl *nl, const struct target *target)
{
	struct isakmp_sas isakmp = { 0 };
	struct flows flows = { 0 };
	int ret = REFUSED, err;

	if (!kernel_flows(nl, &flows)) {
		err = ctl_isakmp_list(&isakmp, false);
		vrf_find(&flows);
		vrf_find_isakmp(&isakmp, &flows);
		/* phase 2 first, while phase 1 can still tell the peer */
		ret = clear_ipsec(nl, target, &flows);
		if (!ret)
			ret = err ? REFUSED : clear_isakmp(target, &isakmp);
	}
	free(isakmp.v);
	free(flows.v);
	return ret;
}

int run_clear_session(const struct args *args)
{
	struct target target = target_of(args);
	struct nl *nl = nl_open();
	int ret;

	if (!nl)
		return REFUSED;
	if (target.peer.family || target.local.family || target.vrf)
		ret = clear_session(nl, &target);
	else if (!(ret = flush(nl, &target)))
		ret = ctl_isakmp_clear(0) < 0 ? REFUSED : DONE;
	nl_close(nl);
	return ret;
}
