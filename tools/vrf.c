// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The VRFs that devices are in: of all that is asked of the kernel this alone is not of the family
 * crypto_map.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "vrf.h"

/* struct link - what a message says of a device */
struct link {
	uint32_t master;
	bool vrf;		/* the master is one */
};

static int slave_kind(const struct nlattr *attr, void *data)
{
	struct link *link = data;

	if (mnl_attr_get_type(attr) == IFLA_INFO_SLAVE_KIND &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		link->vrf = !strcmp(mnl_attr_get_str(attr), "vrf");
	return MNL_CB_OK;
}

static int link_attr(const struct nlattr *attr, void *data)
{
	struct link *link = data;

	if (mnl_attr_get_type(attr) == IFLA_MASTER && mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
		link->master = mnl_attr_get_u32(attr);
	else if (mnl_attr_get_type(attr) == IFLA_LINKINFO)
		mnl_attr_parse_nested(attr, slave_kind, link);
	return MNL_CB_OK;
}

uint32_t vrf_of_link(const struct nlmsghdr *nlh)
{
	struct link link = { 0 };

	mnl_attr_parse(nlh, sizeof(struct ifinfomsg), link_attr, &link);
	return link.vrf ? link.master : 0;
}

static int link_row(const struct nlmsghdr *nlh, void *data)
{
	uint32_t *vrf = data;

	if (nlh->nlmsg_type == RTM_NEWLINK)
		*vrf = vrf_of_link(nlh);
	return MNL_CB_OK;
}

static void ask(struct mnl_socket *sk, const char *device, unsigned int seq, char vrf[IF_NAMESIZE])
{
	/* with statistics and all an answer is of some kilobytes */
	char buf[1 << 15] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	uint32_t index = 0;
	ssize_t len;
	int more;

	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = seq;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, device);
	mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	if (mnl_socket_sendto(sk, nlh, nlh->nlmsg_len) < 0)
		return;
	do {
		len = mnl_socket_recvfrom(sk, buf, sizeof(buf));
		/* of a request before, whose answer had no room */
		if (len > 0 && ((struct nlmsghdr *)buf)->nlmsg_seq != seq)
			more = 1;
		else if (len > 0)
			more = mnl_cb_run(buf, len, seq, mnl_socket_get_portid(sk), link_row, &index);
		else
			more = len < 0 && errno == EINTR;
	} while (more > 0);
	if (!index || !if_indextoname(index, vrf))
		*vrf = '\0';
}

void vrf_find(struct flows *flows)
{
	struct mnl_socket *sk = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	struct flow *flow;
	size_t i;

	if (sk && mnl_socket_bind(sk, 0, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(sk);
		sk = NULL;
	}
	/* those of a device come one behind the other */
	for (i = 0; sk && i < flows->n; i++) {
		flow = &flows->v[i];
		if (i && !strcmp(flow[-1].ifname, flow->ifname))
			memcpy(flow->vrf, flow[-1].vrf, sizeof(flow->vrf));
		else
			ask(sk, flow->ifname, i + 1, flow->vrf);
	}
	if (sk)
		mnl_socket_close(sk);
}

static int compare_ends(const void *a, const void *b)
{
	const struct flow *x = *(const struct flow *const *)a, *y = *(const struct flow *const *)b;
	int order = ios_addr_compare(&x->remote, &y->remote);

	return order ? order : ios_addr_compare(&x->local, &y->local);
}

/* A flow between the ends of an ISAKMP SA, or NULL. */
static const struct flow *flow_between(const struct flow **sorted, size_t n, const struct isakmp_sa *sa)
{
	struct flow ends = { 0 }, *key = &ends;
	const struct flow **found;

	if (!parse_address(sa->remote, &ends.remote) || !parse_address(sa->local, &ends.local))
		return NULL;
	found = bsearch(&key, sorted, n, sizeof(*sorted), compare_ends);
	if (!found) {
		/* it has not got its own address yet */
		ends.local = (struct ios_addr){ 0 };
		found = bsearch(&key, sorted, n, sizeof(*sorted), compare_ends);
	}
	return found ? *found : NULL;
}

void vrf_find_isakmp(struct isakmp_sas *sas, const struct flows *flows)
{
	const struct flow **sorted = calloc(flows->n + 1, sizeof(*sorted)), *flow;
	size_t i;

	for (i = 0; sorted && i < flows->n; i++)
		sorted[i] = &flows->v[i];
	if (sorted)
		qsort(sorted, flows->n, sizeof(*sorted), compare_ends);
	for (i = 0; sorted && i < sas->n; i++) {
		flow = flow_between(sorted, flows->n, &sas->v[i]);
		if (flow)
			memcpy(sas->v[i].ivrf, flow->vrf, sizeof(flow->vrf));
	}
	free(sorted);
}
