/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin/kernel_cryptomap_ipsec.c and kernel_cryptomap_lifetimes.c: a CHILD_SA that charon
 * makes anew for the third message of a quick mode, since another one came up meanwhile.
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

/**
 * What the kernel is told of an SA.
 */
static struct {
	uint32_t spi, twin;
	uint64_t seconds;
} added;

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
	msg->nlh = mnl_nlmsg_put_header(msg->buf);
	mnl_nlmsg_put_extra_header(msg->nlh, sizeof(struct genlmsghdr));
}

METHOD(kernel_cryptomap_socket_t, call_kernel, int,
	kernel_cryptomap_socket_t *socket, kernel_cryptomap_msg_t *msg,
	kernel_cryptomap_reply_t cb, void *user)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	const struct nlattr *hard[CRYPTO_MAP_A_LIMITS_MAX + 1];

	kernel_cryptomap_attrs(msg->nlh, tb, CRYPTO_MAP_A_SA_MAX);
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
	return inbound ? child->spi : 0;
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
