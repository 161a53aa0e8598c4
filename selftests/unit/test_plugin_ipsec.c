/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_ipsec.c, kernel_cryptomap_lifetimes.c and
 * kernel_cryptomap_release.c: a CHILD_SA that charon makes anew for the third message of a
 * quick mode, since another one came up meanwhile; SAs that the kernel does not delete at
 * once; an SPI that two peers choose; and a kernel that reserves none.
 */
#include "plugin.h"
#include "tap.h"

#include "kernel_cryptomap_child.h"
#include "kernel_cryptomap_ipsec.h"

#include <errno.h>
#include <linux/crypto_map.h>

#define FLOW	7

/** SPIs, network order */
#define SPI_IN	htonl(0x1111)
#define SPI_OUT	htonl(0x2222)
#define SPI_OTHER	htonl(0x3333)

/**
 * What the kernel is told of an SA.
 */
static struct {
	uint32_t spi, twin;
	uint64_t seconds;
} added;

/** How often the kernel is asked to delete the outbound SA, the inbound one, and to make the
 * former an orphan; how many requests it does not answer first */
static u_int deleted, deleted_in, orphaned, unanswered;

/** It refuses new SAs */
static bool refused;

/** How often the kernel is asked about the flow */
static u_int calls;

METHOD(kernel_cryptomap_socket_t, call_in_vain, int,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg,
	kernel_cryptomap_reply_t cb, void *user)
{
	calls++;
	return ENOTCONN;
}

/** Configuration of both CHILD_SAs */
static child_cfg_t *config;

/**
 * A CHILD_SA.
 */
typedef struct {
	child_sa_t public;
	uint32_t unique, spi;
} child_t;

METHOD(kernel_cryptomap_socket_t, init_message, void,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg, uint8_t cmd,
	bool dump)
{
	struct genlmsghdr *genl;

	msg->nlh = mnl_nlmsg_put_header(msg->buf);
	genl = mnl_nlmsg_put_extra_header(msg->nlh, sizeof(*genl));
	genl->cmd = cmd;
}

METHOD(kernel_cryptomap_socket_t, call_kernel, int,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg,
	kernel_cryptomap_reply_t cb, void *user)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	const struct nlattr *hard[CRYPTO_MAP_A_LIMITS_MAX + 1];
	struct genlmsghdr *genl = mnl_nlmsg_get_payload(msg->nlh);

	kernel_cryptomap_attrs(msg->nlh, tb, CRYPTO_MAP_A_SA_MAX);
	if (htonl(kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_SPI])) == SPI_OUT)
	{
		deleted += genl->cmd == CRYPTO_MAP_CMD_SA_DEL;
		orphaned += genl->cmd == CRYPTO_MAP_CMD_SA_SET;
	}
	else
	{
		deleted_in += genl->cmd == CRYPTO_MAP_CMD_SA_DEL;
	}
	if (refused && genl->cmd == CRYPTO_MAP_CMD_SA_NEW)
	{
		return EEXIST;
	}
	if (unanswered)
	{
		unanswered--;
		return ETIMEDOUT;
	}
	kernel_cryptomap_nest(tb[CRYPTO_MAP_A_SA_HARD], hard, CRYPTO_MAP_A_LIMITS_MAX);
	added.spi = htonl(kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_SPI]));
	added.twin = htonl(kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_TWIN_SPI]));
	added.seconds = kernel_cryptomap_num(hard[CRYPTO_MAP_A_LIMITS_SECONDS]);
	return 0;
}

METHOD(child_sa_t, get_config, child_cfg_t*,
	child_t *child)
{
	return config;
}

METHOD(child_sa_t, get_unique_id, uint32_t,
	child_t *child)
{
	return child->unique;
}

METHOD(child_sa_t, get_spi, uint32_t,
	child_t *child, bool inbound)
{
	return inbound ? child->spi : SPI_OUT;
}

METHOD(child_sa_t, get_installed, child_sa_state_t,
	child_t *child)
{
	return CHILD_INSTALLED;
}

/** What was agreed */
static proposal_t *proposal;

METHOD(child_sa_t, get_proposal, proposal_t*,
	child_t *child)
{
	return proposal;
}

/**
 * A CHILD_SA.
 */
static child_t create_child(uint32_t unique, uint32_t spi)
{
	return (child_t){
		.public = {
			.get_config = _get_config,
			.get_unique_id = _get_unique_id,
			.get_spi = _get_spi,
			.get_proposal = _get_proposal,
			/* CHILD_CREATED */
			.get_state = (void*)return_null,
		},
		.unique = unique,
		.spi = spi,
	};
}

static ike_sa_t ike_sa = {
	.has_condition = (void*)return_false,
};

static kernel_cryptomap_ipsec_t *ipsec;
static kernel_cryptomap_lifetimes_t *lifetimes;

/**
 * A hook of charon's.
 */
static void narrow(child_t *child, narrow_hook_t type)
{
	lifetimes->listener.narrow(&lifetimes->listener, &ike_sa, &child->public, type, NULL,
							   NULL);
	ipsec->listener->narrow(ipsec->listener, &ike_sa, &child->public, type, NULL, NULL);
}

/**
 * charon destroys a CHILD_SA.
 */
static void destroy_child(child_t *child)
{
	lifetimes->listener.child_state_change(&lifetimes->listener, &ike_sa, &child->public,
										   CHILD_DESTROYING);
	ipsec->listener->child_state_change(ipsec->listener, &ike_sa, &child->public,
										CHILD_DESTROYING);
}

/**
 * A message of quick mode comes; the first one offers an hour.
 */
static void receive(bool first)
{
	u_char hour[] = { 0x80, 1, 0, 1, 0x80, 2, 0x0e, 0x10 };
	message_t *message;

	message = message_create(IKEV1_MAJOR_VERSION, IKEV1_MINOR_VERSION);
	message->set_exchange_type(message, QUICK_MODE);
	if (first)
	{
		message->add_notify(message, FALSE, 24576, chunk_from_thing(hour));
	}
	lifetimes->listener.message(&lifetimes->listener, NULL, message, TRUE, TRUE);
	message->destroy(message);
}

/**
 * Install an SA.
 */
static void add_sa(host_t *local, host_t *remote, bool inbound)
{
	traffic_selector_t *ts;
	linked_list_t *list;
	lifetime_cfg_t lifetime = {
		.time = { .life = 86400, .rekey = 86000 },
	};
	kernel_ipsec_sa_id_t id = {
		.src = inbound ? remote : local,
		.dst = inbound ? local : remote,
		.spi = inbound ? SPI_IN : SPI_OUT,
		.proto = IPPROTO_ESP,
	};
	kernel_ipsec_add_sa_t data = {
		.reqid = FLOW,
		.mode = MODE_TUNNEL,
		.lifetime = &lifetime,
		.enc_alg = ENCR_AES_CBC,
		.int_alg = AUTH_HMAC_SHA2_256_128,
		.inbound = inbound,
	};

	ts = traffic_selector_create_from_cidr("10.0.0.0/8", 0, 0, 65535);
	list = linked_list_create_with_items(ts, NULL);
	data.src_ts = data.dst_ts = list;
	added.spi = 0;
	ipsec->interface.add_sa(&ipsec->interface, &id, &data);
	list->destroy_offset(list, offsetof(traffic_selector_t, destroy));
}

/**
 * charon gives the outbound SA up, and the kernel does not answer so many requests.
 */
static void del_sa(host_t *local, host_t *remote, u_int many)
{
	kernel_ipsec_sa_id_t id = {
		.src = local,
		.dst = remote,
		.spi = SPI_OUT,
		.proto = IPPROTO_ESP,
	};
	kernel_ipsec_del_sa_t data = {};

	deleted = orphaned = 0;
	unanswered = many;
	ipsec->interface.del_sa(&ipsec->interface, &id, &data);
}

/**
 * Run jobs until there are none.
 *
 * @return				how often that took, 100 at most
 */
static u_int run_all_jobs()
{
	u_int count;

	for (count = 0; count < 100 && run_jobs(); count++)
	{
		/* they are to be run again */
	}
	return count;
}

static void test_release(kernel_cryptomap_sas_t *sas, kernel_cryptomap_sas_t *left,
						 host_t *local, host_t *remote)
{
	child_t child = create_child(4, SPI_IN);
	kernel_cryptomap_sa_t sa = {};

	narrow(&child, NARROW_RESPONDER_POST);
	add_sa(local, remote, FALSE);
	destroy_child(&child);
	del_sa(local, remote, 3);
	tap_ok(deleted == 1 && jobs->get_count(jobs) == 1,
		   "an SA that the kernel does not delete is deleted later");
	/* as a comparison finds it */
	left->add(left, local, remote, SPI_OUT, &sa);
	run_all_jobs();
	tap_ok(deleted == 4 && !left->get(left, remote, SPI_OUT, NULL),
		   "until it is gone, also if it was found meanwhile: %u", deleted);

	sas->add(sas, local, remote, SPI_OUT, &sa);
	del_sa(local, remote, 1000);
	tap_ok(run_all_jobs() == 5 && deleted == 6, "not for ever: %u", deleted);

	sas->add(sas, local, remote, SPI_OUT, &sa);
	del_sa(local, remote, 1);
	sas->add(sas, local, remote, SPI_OUT, &sa);
	run_all_jobs();
	tap_ok(deleted == 1 && sas->get(sas, remote, SPI_OUT, NULL),
		   "not if the peer has another one of this name by then");
	sas->remove(sas, remote, SPI_OUT, &sa);

	narrow(&child, NARROW_RESPONDER_POST);
	deleted = 0;
	unanswered = 1;
	add_sa(local, remote, FALSE);
	run_all_jobs();
	tap_ok(deleted && !sas->get(sas, remote, SPI_OUT, NULL),
		   "what may have been added all the same is deleted, too");

	narrow(&child, NARROW_RESPONDER_POST);
	add_sa(local, remote, FALSE);
	child.public.get_state = _get_installed;
	ipsec->listener->child_state_change(ipsec->listener, NULL, &child.public,
										CHILD_DESTROYING);
	del_sa(local, remote, 2);
	run_all_jobs();
	tap_ok(orphaned == 3 && !deleted && left->get(left, remote, SPI_OUT, NULL),
		   "an SA that is to be an orphan is one at last");
}

/**
 * charon gives back the SPI that it reserved.
 */
static void del_spi(kernel_cryptomap_sas_t *sas, host_t *local, host_t *remote)
{
	kernel_cryptomap_sa_t reserved = {
		.inbound = TRUE,
		.larval = TRUE,
	};
	kernel_ipsec_sa_id_t id = {
		.src = remote,
		.dst = local,
		.spi = SPI_IN,
		.proto = IPPROTO_ESP,
	};
	kernel_ipsec_del_sa_t data = {};

	sas->add(sas, remote, local, SPI_IN, &reserved);
	deleted_in = 0;
	ipsec->interface.del_sa(&ipsec->interface, &id, &data);
}

/**
 * The peer may have sent by an SPI that has no keys yet.
 */
static void test_reserved(kernel_cryptomap_sas_t *sas, host_t *local, host_t *remote)
{
	child_t child = create_child(7, 0);
	kernel_cryptomap_sa_t sa;

	del_spi(sas, local, remote);
	tap_ok(!deleted_in && !sas->get(sas, local, SPI_IN, NULL),
		   "an SPI without keys is kept in the kernel");
	narrow(&child, NARROW_RESPONDER_POST);
	add_sa(local, remote, TRUE);
	run_all_jobs();
	tap_ok(added.spi == SPI_IN && !deleted_in && sas->get(sas, local, SPI_IN, NULL),
		   "for a CHILD_SA that is made anew");
	sas->remove(sas, local, SPI_IN, &sa);
	del_spi(sas, local, remote);
	run_all_jobs();
	tap_ok(deleted_in == 1, "without one it goes a little later");
	destroy_child(&child);
}

/**
 * A peer chooses the SPI of another one's CHILD_SA, behind the same NAT.
 */
static void test_same_spi(kernel_cryptomap_sas_t *sas, host_t *local, host_t *remote)
{
	child_t child = create_child(5, SPI_IN), other = create_child(6, SPI_OTHER);

	narrow(&child, NARROW_RESPONDER_POST);
	add_sa(local, remote, FALSE);
	narrow(&other, NARROW_RESPONDER_POST);
	refused = TRUE;
	add_sa(local, remote, FALSE);
	refused = FALSE;
	destroy_child(&other);
	del_sa(local, remote, 0);
	tap_ok(!deleted && sas->get(sas, remote, SPI_OUT, NULL),
		   "an SA that is refused takes none of its name with it");
	destroy_child(&child);
	del_sa(local, remote, 0);
	tap_ok(deleted == 1 && !sas->get(sas, remote, SPI_OUT, NULL),
		   "that goes with its own CHILD_SA");
}

METHOD(rng_t, get_bytes, bool,
	rng_t *rng, size_t len, uint8_t *buffer)
{
	static u_int count;

	/* everything twice */
	memset(buffer, 1 + count++ / 2, len);
	return TRUE;
}

/**
 * Create what makes random numbers.
 */
static rng_t *create_rng(rng_quality_t quality)
{
	static rng_t rng = {
		.destroy = (void*)nop,
	};

	rng.get_bytes = _get_bytes;
	return &rng;
}

/**
 * The kernel has no SPI for us: charon would give up the whole ISAKMP SA.
 */
static void test_no_spi(kernel_cryptomap_sas_t *sas, host_t *local, host_t *remote)
{
	kernel_cryptomap_sa_t sa;
	uint32_t spi, other;
	status_t status;

	unanswered = 3;
	status = ipsec->interface.get_spi(&ipsec->interface, remote, local, IPPROTO_ESP, &spi);
	tap_ok(status == FAILED && !spi, "without random numbers there is none");
	lib->crypto->add_rng(lib->crypto, RNG_WEAK, "test", create_rng);
	status = ipsec->interface.get_spi(&ipsec->interface, remote, local, IPPROTO_ESP, &spi);
	tap_ok(status == SUCCESS && ntohl(spi) >= 0x100 && ntohl(spi) <= 0xbfffffff,
		   "an SPI is had without the kernel: %.8x", ntohl(spi));
	tap_ok(sas->get(sas, local, spi, &sa) && sa.larval && sa.inbound, "and is known as reserved");
	status = ipsec->interface.get_spi(&ipsec->interface, remote, local, IPPROTO_ESP, &other);
	tap_ok(status == SUCCESS && other != spi, "the next one is another one");
	sas->remove(sas, local, spi, &sa);
	sas->remove(sas, local, other, &sa);
	lib->crypto->remove_rng(lib->crypto, create_rng);
}

int main()
{
	kernel_cryptomap_socket_t socket = {
		.init = _init_message,
		.call = _call_kernel,
	};
	/* the flow is what it was */
	kernel_cryptomap_socket_t gone = {
		.init = _init_message,
		.call = _call_in_vain,
	};
	child_t first = create_child(1, SPI_IN), anew = create_child(2, 0),
			other = create_child(3, SPI_IN);
	kernel_cryptomap_sas_t *sas, *left;
	kernel_cryptomap_flow_t *flow;
	host_t *local, *remote;

	plugin_init();
	proposal = proposal_create(PROTO_ESP, 1);
	local = host_create_from_string("192.0.2.1", 500);
	remote = host_create_from_string("198.51.100.2", 500);
	sas = kernel_cryptomap_sas_create();
	left = kernel_cryptomap_sas_create();
	lifetimes = kernel_cryptomap_lifetimes_create();
	ipsec = kernel_cryptomap_ipsec_create(&socket, sas, left, NULL, lifetimes);
	INIT(flow,
		.ref = 1,
		.id = FLOW,
		.map = "VPN",
		.life_seconds = 86400,
	);
	config = kernel_cryptomap_child_create(&gone, flow, MODE_TUNNEL);
	kernel_cryptomap_flow_put(flow);

	receive(TRUE);
	narrow(&first, NARROW_RESPONDER);
	tap_ok(!calls, "no hook waits for the kernel");
	receive(FALSE);
	destroy_child(&first);
	narrow(&anew, NARROW_RESPONDER_POST);
	add_sa(local, remote, TRUE);
	tap_ok(added.spi == SPI_IN && added.seconds == 3600,
		   "one that is made anew has the lifetime of the peer: %llu",
		   (unsigned long long)added.seconds);
	add_sa(local, remote, FALSE);
	tap_ok(added.spi == SPI_OUT && added.seconds == 3600 && added.twin == SPI_IN,
		   "and its SAs are twins: %.8x", ntohl(added.twin));

	/* what is destroyed with no other one in its place */
	receive(TRUE);
	narrow(&first, NARROW_RESPONDER);
	destroy_child(&first);
	receive(FALSE);
	narrow(&other, NARROW_RESPONDER_POST);
	add_sa(local, remote, TRUE);
	tap_ok(added.spi == SPI_IN && added.seconds == 86400,
		   "what was offered for one is forgotten with it: %llu",
		   (unsigned long long)added.seconds);

	test_same_spi(sas, local, remote);
	test_reserved(sas, local, remote);
	test_release(sas, left, local, remote);
	test_no_spi(sas, local, remote);

	proposal->destroy(proposal);
	ipsec->interface.destroy(&ipsec->interface);
	lifetimes->destroy(lifetimes);
	config->destroy(config);
	sas->destroy(sas);
	left->destroy(left);
	local->destroy(local);
	remote->destroy(remote);
	plugin_deinit();
	return tap_done();
}
