/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_ipsec.h"

#include "compat.h"
#include "kernel_cryptomap_algs.h"
#include "kernel_cryptomap_child.h"
#include "kernel_cryptomap_flow.h"
#include "kernel_cryptomap_release.h"
#include "kernel_cryptomap_xfrm.h"

#include <daemon.h>
#include <threading/thread_value.h>

#include <errno.h>

/** SPIs that are asked for; charon's XFRM backend uses others */
#define SPI_MIN 0x100
#define SPI_MAX 0xbfffffff

typedef struct private_kernel_cryptomap_ipsec_t private_kernel_cryptomap_ipsec_t;

/**
 * A listener that knows whose it is.
 */
typedef struct {
	/** public interface */
	listener_t public;
	/** the backend */
	private_kernel_cryptomap_ipsec_t *ipsec;
} private_listener_t;

struct private_kernel_cryptomap_ipsec_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_ipsec_t public;

	/**
	 * Listens for this.
	 */
	private_listener_t listener;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * SAs and reserved SPIs that charon knows.
	 */
	kernel_cryptomap_sas_t *sas;

	/**
	 * SAs that it left to the kernel.
	 */
	kernel_cryptomap_sas_t *left;

	/**
	 * Peers that have none of the SAs of before.
	 */
	kernel_cryptomap_contacts_t *contacts;

	/**
	 * What peers say of lifetimes.
	 */
	kernel_cryptomap_lifetimes_t *lifetimes;

	/**
	 * child_t of the CHILD_SA that a thread installs or destroys.
	 */
	thread_value_t *child;

	/**
	 * The daemon terminates: nothing shall stay.
	 */
	bool shutdown;
};

/**
 * The CHILD_SA a thread is working on.
 */
typedef struct {
	/** flow, 0 if it is not ours */
	uint32_t flow;
	/** SPIs, network order; the outbound one may not be known yet */
	uint32_t spi_in, spi_out;
	/** group of PFS, 0 for none */
	uint16_t group;
	/** it is destroyed and the peer does not know */
	bool orphan;
	/** the kernel shall follow the UDP port of the peer */
	bool follow;
} child_t;

/**
 * The CHILD_SA that this thread is working on.
 */
static child_t *get_child(private_kernel_cryptomap_ipsec_t *this)
{
	child_t *child;

	child = this->child->get(this->child);
	if (!child)
	{
		INIT(child);
		this->child->set(this->child, child);
	}
	return child;
}

/**
 * Put what identifies an SA.
 */
static void put_sa_id(struct nlmsghdr *nlh, uint32_t spi, host_t *src,
					  host_t *dst, bool inbound)
{
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_SPI, ntohl(spi));
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_DIR,
					 inbound ? CRYPTO_MAP_SA_DIR_IN : CRYPTO_MAP_SA_DIR_OUT);
	kernel_cryptomap_put_host(nlh, CRYPTO_MAP_A_SA_LOCAL, inbound ? dst : src);
	kernel_cryptomap_put_host(nlh, CRYPTO_MAP_A_SA_REMOTE, inbound ? src : dst);
}

/**
 * Put the UDP ports of ESP in UDP.
 */
static void put_encap(struct nlmsghdr *nlh, host_t *src, host_t *dst,
					  bool inbound)
{
	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_SA_ENCAP_SPORT,
					 (inbound ? dst : src)->get_port(inbound ? dst : src));
	mnl_attr_put_u16(nlh, CRYPTO_MAP_A_SA_ENCAP_DPORT,
					 (inbound ? src : dst)->get_port(inbound ? src : dst));
}

/**
 * Put the limits of a lifetime.
 */
static void put_limits(struct nlmsghdr *nlh, uint16_t type, uint64_t seconds,
					   uint64_t bytes, uint64_t packets)
{
	struct nlattr *nest;

	nest = mnl_attr_nest_start(nlh, type);
	mnl_attr_put_u64(nlh, CRYPTO_MAP_A_LIMITS_SECONDS, seconds);
	mnl_attr_put_u64(nlh, CRYPTO_MAP_A_LIMITS_BYTES, bytes);
	mnl_attr_put_u64(nlh, CRYPTO_MAP_A_LIMITS_PACKETS, packets);
	mnl_attr_nest_end(nlh, nest);
}

METHOD(kernel_ipsec_t, get_features, kernel_feature_t,
	private_kernel_cryptomap_ipsec_t *this)
{
	return KERNEL_NO_POLICY_UPDATES | KERNEL_SA_USE_TIME;
}

/**
 * Take the SPI of a reply.
 */
static void on_spi(void *user, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	uint32_t *spi = user;

	kernel_cryptomap_attrs(nlh, tb, CRYPTO_MAP_A_SA_MAX);
	*spi = htonl(kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_SPI]));
}

/**
 * Choose an SPI that no SA or reservation of ours has.
 *
 * @return				FALSE without random numbers
 */
static bool choose_spi(private_kernel_cryptomap_ipsec_t *this, host_t *dst,
					   uint32_t *spi)
{
	bool chosen;
	rng_t *rng;

	rng = lib->crypto->create_rng(lib->crypto, RNG_WEAK);
	do
	{
		chosen = rng && rng->get_bytes(rng, sizeof(*spi), (void*)spi);
		*spi = chosen ? htonl(SPI_MIN + *spi % (SPI_MAX - SPI_MIN + 1)) : 0;
	}
	while (chosen && this->sas->get(this->sas, dst, *spi, NULL));
	DESTROY_IF(rng);
	return chosen;
}

METHOD(kernel_ipsec_t, get_spi, status_t,
	private_kernel_cryptomap_ipsec_t *this, host_t *src, host_t *dst,
	uint8_t protocol, uint32_t *spi)
{
	kernel_cryptomap_sa_t sa = {
		.inbound = TRUE,
		.larval = TRUE,
	};
	kernel_cryptomap_msg_t msg;
	int error;

	*spi = 0;
	if (protocol != IPPROTO_ESP)
	{
		DBG1(DBG_KNL, "crypto maps don't do protocol %hhu", protocol);
		return NOT_SUPPORTED;
	}
	this->socket->init(this->socket, &msg, CRYPTO_MAP_CMD_SPI_ALLOC, FALSE);
	kernel_cryptomap_put_host(msg.nlh, CRYPTO_MAP_A_SA_LOCAL, dst);
	kernel_cryptomap_put_host(msg.nlh, CRYPTO_MAP_A_SA_REMOTE, src);
	mnl_attr_put_u32(msg.nlh, CRYPTO_MAP_A_SA_SPI_MIN, SPI_MIN);
	mnl_attr_put_u32(msg.nlh, CRYPTO_MAP_A_SA_SPI_MAX, SPI_MAX);
	error = this->socket->call(this->socket, &msg, on_spi, spi);
	if (error || !*spi)
	{	/* without one charon would give up the ISAKMP SA of a quick mode that it starts, and
		 * all others with it. The kernel takes an SA without; if it does not, as for want of
		 * memory, that is the end of this quick mode only */
		DBG1(DBG_KNL, "reserving an SPI for %H from %H failed: %s", dst, src,
			 error ? msg.error : "no SPI in the reply");
		if (!choose_spi(this, dst, spi))
		{
			return FAILED;
		}
	}
	this->sas->add(this->sas, src, dst, *spi, &sa);
	DBG2(DBG_KNL, "reserved SPI %.8x for %H from %H", ntohl(*spi), dst, src);
	return SUCCESS;
}

METHOD(kernel_ipsec_t, get_cpi, status_t,
	private_kernel_cryptomap_ipsec_t *this, host_t *src, host_t *dst,
	uint16_t *cpi)
{
	DBG1(DBG_KNL, "crypto maps don't do IPComp");
	return NOT_SUPPORTED;
}

/**
 * Put algorithms and keys.
 *
 * @return				FALSE if the module does not have them
 */
static bool put_algs(struct nlmsghdr *nlh, kernel_ipsec_sa_id_t *id,
					 kernel_ipsec_add_sa_t *data)
{
	kernel_cryptomap_tset_t algs = {};

	if (!kernel_cryptomap_esp_algs(data->enc_alg, data->int_alg, &algs))
	{
		DBG1(DBG_KNL, "SA %.8x: crypto maps don't do %N with %N",
			 ntohl(id->spi), encryption_algorithm_names, data->enc_alg,
			 integrity_algorithm_names, data->int_alg);
		return FALSE;
	}
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_CIPHER, algs.cipher);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_AUTH, algs.auth);
	if (algs.icv_bytes)
	{
		mnl_attr_put_u8(nlh, CRYPTO_MAP_A_SA_ICV_BYTES, algs.icv_bytes);
	}
	if (data->enc_key.len)
	{
		mnl_attr_put(nlh, CRYPTO_MAP_A_SA_ENC_KEY, data->enc_key.len,
					 data->enc_key.ptr);
	}
	if (data->int_key.len)
	{
		mnl_attr_put(nlh, CRYPTO_MAP_A_SA_AUTH_KEY, data->int_key.len,
					 data->int_key.ptr);
	}
	return TRUE;
}

/**
 * Put the negotiated traffic selectors.
 *
 * @return				FALSE if no access list entry could have them
 */
static bool put_traffic(struct nlmsghdr *nlh, kernel_ipsec_sa_id_t *id,
						kernel_ipsec_add_sa_t *data)
{
	traffic_selector_t *src, *dst;

	if (data->src_ts->get_first(data->src_ts, (void**)&src) != SUCCESS ||
		data->dst_ts->get_first(data->dst_ts, (void**)&dst) != SUCCESS ||
		!kernel_cryptomap_put_selector(nlh, CRYPTO_MAP_A_SA_SELECTOR,
									   data->inbound ? dst : src,
									   data->inbound ? src : dst))
	{
		DBG1(DBG_KNL, "SA %.8x: no traffic selectors that an access list "
			 "entry could have", ntohl(id->spi));
		return FALSE;
	}
	return TRUE;
}

/**
 * Put the attributes of a new SA.
 *
 * @return				FALSE if the module can't do such an SA
 */
static bool put_sa(private_kernel_cryptomap_ipsec_t *this,
				   struct nlmsghdr *nlh, child_t *child,
				   kernel_ipsec_sa_id_t *id, kernel_ipsec_add_sa_t *data)
{
	uint32_t twin = data->inbound ? child->spi_out : child->spi_in;
	lifetime_cfg_t lifetime = *data->lifetime;

	if (id->proto != IPPROTO_ESP || data->ipcomp != IPCOMP_NONE ||
		(data->mode != MODE_TUNNEL && data->mode != MODE_TRANSPORT))
	{
		DBG1(DBG_KNL, "SA %.8x: crypto maps only do ESP in tunnel or transport "
			 "mode, without IPComp", ntohl(id->spi));
		return FALSE;
	}
	put_sa_id(nlh, id->spi, id->src, id->dst, data->inbound);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_FLOW_ID, data->reqid);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_FLAGS,
					 (data->initiator ? CRYPTO_MAP_SA_FLAGS_INITIATOR : 0) |
					 (data->esn ? CRYPTO_MAP_SA_FLAGS_ESN : 0) |
					 (child->follow ? CRYPTO_MAP_SA_FLAGS_FOLLOW_PORT : 0));
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_MODE,
					 data->mode == MODE_TRANSPORT ? CRYPTO_MAP_MODE_TRANSPORT
												  : CRYPTO_MAP_MODE_TUNNEL);
	mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_REPLAY_WINDOW, data->replay_window);
	this->lifetimes->limit(this->lifetimes, &lifetime);
	put_limits(nlh, CRYPTO_MAP_A_SA_SOFT, lifetime.time.rekey,
			   lifetime.bytes.rekey, lifetime.packets.rekey);
	put_limits(nlh, CRYPTO_MAP_A_SA_HARD, lifetime.time.life,
			   lifetime.bytes.life, lifetime.packets.life);
	if (data->encap)
	{
		put_encap(nlh, id->src, id->dst, data->inbound);
	}
	if (!data->inbound && data->initiator)
	{	/* the peer installs its SA after our last message arrives */
		mnl_attr_put(nlh, CRYPTO_MAP_A_SA_STANDBY, 0, NULL);
	}
	if (data->tfc && !data->inbound && data->mode == MODE_TUNNEL)
	{	/* charon's number for the MTU is the kernel's as well */
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_TFC_PAD, data->tfc);
	}
	if (twin)
	{
		mnl_attr_put_u32(nlh, CRYPTO_MAP_A_SA_TWIN_SPI, ntohl(twin));
	}
	if (child->group)
	{
		mnl_attr_put_u16(nlh, CRYPTO_MAP_A_SA_PFS_GROUP, child->group);
	}
	return put_algs(nlh, id, data) && put_traffic(nlh, id, data);
}

/**
 * Delete an SA that charon does not know any more, or leave it as an orphan; or give back
 * its SPI if it has no keys yet.
 */
static void release_sa(private_kernel_cryptomap_ipsec_t *this,
					   kernel_ipsec_sa_id_t *id, kernel_cryptomap_sa_t *sa,
					   bool orphan, bool stays)
{
	kernel_cryptomap_left_t ends = {
		.socket = this->socket,
		.sas = this->sas,
		.left = this->left,
		.local = sa->inbound ? id->dst : id->src,
		.remote = sa->inbound ? id->src : id->dst,
	};

	if (sa->inbound && sa->larval)
	{
		kernel_cryptomap_release_spi(&ends, id->spi, sa);
	}
	else if (kernel_cryptomap_release(&ends, id->spi, sa, orphan, stays) && stays)
	{
		this->left->add(this->left, id->src, id->dst, id->spi, sa);
	}
}

METHOD(kernel_ipsec_t, add_sa, status_t,
	private_kernel_cryptomap_ipsec_t *this, kernel_ipsec_sa_id_t *id,
	kernel_ipsec_add_sa_t *data)
{
	kernel_cryptomap_sa_t sa = {
		.inbound = data->inbound,
		.initiator = data->initiator,
	};
	kernel_cryptomap_msg_t msg;
	child_t *child;
	bool fresh;
	int error;

	child = get_child(this);
	if (!child->flow || child->flow != data->reqid)
	{
		DBG1(DBG_KNL, "refused an SA that belongs to no crypto map: this "
			 "charon serves crypto maps only, other connections can't be "
			 "used with the kernel-cryptomap plugin");
		return FAILED;
	}
	if (data->inbound)
	{	/* it comes first. If another pair came up meanwhile charon makes a
		 * responder's CHILD_SA anew, which has no SPI before this */
		child->spi_in = id->spi;
	}
	else
	{
		sa.twin = child->spi_in;
	}
	this->socket->init(this->socket, &msg, CRYPTO_MAP_CMD_SA_NEW, FALSE);
	if (!put_sa(this, msg.nlh, child, id, data))
	{
		memwipe(msg.buf, sizeof(msg.buf));
		return NOT_SUPPORTED;
	}
	fresh = !this->sas->get(this->sas, id->dst, id->spi, NULL);
	if (fresh)
	{	/* before the kernel shows it, else it could be taken for an orphan */
		sa.larval = TRUE;
		this->sas->add(this->sas, id->src, id->dst, id->spi, &sa);
	}
	error = this->socket->call(this->socket, &msg, NULL, NULL);
	if (error)
	{
		if (fresh)
		{
			this->sas->remove(this->sas, id->dst, id->spi, &sa);
		}
		if (fresh && (error == ETIMEDOUT || error == ENOBUFS))
		{	/* that was the answer, which is lost; charon forgets it */
			release_sa(this, id, &sa, FALSE, FALSE);
		}
		DBG1(DBG_KNL, "adding %s SA %.8x for flow %u failed: %s",
			 data->inbound ? "inbound" : "outbound", ntohl(id->spi),
			 data->reqid, msg.error);
		return FAILED;
	}
	DBG2(DBG_KNL, "added %s SA %.8x for flow %u",
		 data->inbound ? "inbound" : "outbound", ntohl(id->spi), data->reqid);
	sa.larval = FALSE;
	this->sas->add(this->sas, id->src, id->dst, id->spi, &sa);
	return SUCCESS;
}

METHOD(kernel_ipsec_t, update_sa, status_t,
	private_kernel_cryptomap_ipsec_t *this, kernel_ipsec_sa_id_t *id,
	kernel_ipsec_update_sa_t *data)
{
	kernel_cryptomap_msg_t msg;
	kernel_cryptomap_sa_t sa;

	if (!this->sas->get(this->sas, id->dst, id->spi, &sa))
	{
		return NOT_FOUND;
	}
	if (!data->new_encap || !data->encap ||
		!id->src->ip_equals(id->src, data->new_src) ||
		!id->dst->ip_equals(id->dst, data->new_dst))
	{	/* only ports can change, charon negotiates a new one otherwise */
		return NOT_SUPPORTED;
	}
	this->socket->init(this->socket, &msg, CRYPTO_MAP_CMD_SA_SET, FALSE);
	put_sa_id(msg.nlh, id->spi, id->src, id->dst, sa.inbound);
	put_encap(msg.nlh, data->new_src, data->new_dst, sa.inbound);
	if (this->socket->call(this->socket, &msg, NULL, NULL))
	{
		DBG1(DBG_KNL, "changing the ports of SA %.8x failed: %s",
			 ntohl(id->spi), msg.error);
		return FAILED;
	}
	return SUCCESS;
}

/**
 * Usage of an SA.
 */
typedef struct {
	uint64_t bytes, packets;
	time_t time;
} usage_t;

/**
 * Take the usage of a reply.
 */
static void on_usage(void *user, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	const struct nlattr *used[CRYPTO_MAP_A_LIMITS_MAX + 1];
	usage_t *usage = user;

	kernel_cryptomap_attrs(nlh, tb, CRYPTO_MAP_A_SA_MAX);
	kernel_cryptomap_nest(tb[CRYPTO_MAP_A_SA_USED], used,
						  CRYPTO_MAP_A_LIMITS_MAX);
	usage->bytes = kernel_cryptomap_num(used[CRYPTO_MAP_A_LIMITS_BYTES]);
	usage->packets = kernel_cryptomap_num(used[CRYPTO_MAP_A_LIMITS_PACKETS]);
	if (tb[CRYPTO_MAP_A_SA_IDLE])
	{
		usage->time = time_monotonic(NULL) -
						kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_IDLE]);
	}
}

METHOD(kernel_ipsec_t, query_sa, status_t,
	private_kernel_cryptomap_ipsec_t *this, kernel_ipsec_sa_id_t *id,
	kernel_ipsec_query_sa_t *data, uint64_t *bytes, uint64_t *packets,
	time_t *time)
{
	kernel_cryptomap_msg_t msg;
	usage_t usage = {};
	kernel_cryptomap_sa_t sa;

	if (!this->sas->get(this->sas, id->dst, id->spi, &sa))
	{
		return NOT_FOUND;
	}
	this->socket->init(this->socket, &msg, CRYPTO_MAP_CMD_SA_GET, FALSE);
	put_sa_id(msg.nlh, id->spi, id->src, id->dst, sa.inbound);
	if (this->socket->call(this->socket, &msg, on_usage, &usage))
	{
		DBG3(DBG_KNL, "reading SA %.8x failed: %s", ntohl(id->spi), msg.error);
		return FAILED;
	}
	if (bytes)
	{
		*bytes = usage.bytes;
	}
	if (packets)
	{
		*packets = usage.packets;
	}
	if (time)
	{
		*time = usage.time;
	}
	return SUCCESS;
}

/**
 * Whether an SA shall go on working without charon.
 */
static bool is_orphan(private_kernel_cryptomap_ipsec_t *this, uint32_t spi,
					  kernel_cryptomap_sa_t *sa)
{
	child_t *child = get_child(this);

	return !sa->larval && !this->shutdown && child->orphan &&
		   spi == (sa->inbound ? child->spi_in : child->spi_out);
}

/**
 * Whether an SA is the outbound one of a CHILD_SA that was rekeyed and stays: the kernel
 * may go on with it until the peer has the new one.
 */
static bool is_rekeyed(private_kernel_cryptomap_ipsec_t *this, uint32_t spi,
					   kernel_cryptomap_sa_t *sa)
{
	return !sa->inbound && spi != get_child(this)->spi_out;
}

/**
 * Whether an SA is of another CHILD_SA than the one that this thread destroys: the peer
 * chose the SPI of another one behind its NAT, or one that it has already, and the kernel
 * refused that.
 */
static bool is_others(private_kernel_cryptomap_ipsec_t *this, uint32_t spi,
					  kernel_cryptomap_sa_t *sa)
{
	child_t *child = get_child(this);

	return spi == child->spi_out && sa->twin && sa->twin != child->spi_in;
}

METHOD(kernel_ipsec_t, del_sa, status_t,
	private_kernel_cryptomap_ipsec_t *this, kernel_ipsec_sa_id_t *id,
	kernel_ipsec_del_sa_t *data)
{
	child_t *child = get_child(this);
	kernel_cryptomap_sa_t sa, out;
	bool orphan;

	if (!this->sas->get(this->sas, id->dst, id->spi, &sa) ||
		is_others(this, id->spi, &sa) ||
		!this->sas->remove(this->sas, id->dst, id->spi, &sa))
	{
		return NOT_FOUND;
	}
	orphan = is_orphan(this, id->spi, &sa);
	release_sa(this, id, &sa, orphan,
			   orphan || is_rekeyed(this, id->spi, &sa));
	if (sa.inbound && id->spi == child->spi_in)
	{	/* the outbound SA of a CHILD_SA that was rekeyed goes with it */
		this->left->remove(this->left, id->src, child->spi_out, &out);
	}
	return SUCCESS;
}

METHOD(kernel_ipsec_t, flush_sas, status_t,
	private_kernel_cryptomap_ipsec_t *this)
{
	kernel_cryptomap_msg_t msg;
	int error;

	this->socket->init(this->socket, &msg, CRYPTO_MAP_CMD_SA_FLUSH, FALSE);
	error = this->socket->call(this->socket, &msg, NULL, NULL);
	if (error && error != ENOTCONN)
	{
		DBG1(DBG_KNL, "flushing SAs failed: %s", msg.error);
		return FAILED;
	}
	return SUCCESS;
}

METHOD(kernel_ipsec_t, add_policy, status_t,
	private_kernel_cryptomap_ipsec_t *this, kernel_ipsec_policy_id_t *id,
	kernel_ipsec_manage_policy_t *data)
{
	DBG1(DBG_KNL, "refused the policy %R === %R: this charon serves crypto "
		 "maps only, other connections can't be used with the "
		 "kernel-cryptomap plugin", id->src_ts, id->dst_ts);
	return FAILED;
}

METHOD(kernel_ipsec_t, query_policy, status_t,
	private_kernel_cryptomap_ipsec_t *this, kernel_ipsec_policy_id_t *id,
	kernel_ipsec_query_policy_t *data, time_t *use_time)
{
	return NOT_SUPPORTED;
}

METHOD(kernel_ipsec_t, del_policy, status_t,
	private_kernel_cryptomap_ipsec_t *this, kernel_ipsec_policy_id_t *id,
	kernel_ipsec_manage_policy_t *data)
{
	return NOT_FOUND;
}

METHOD(kernel_ipsec_t, flush_policies, status_t,
	private_kernel_cryptomap_ipsec_t *this)
{
	return SUCCESS;
}

METHOD(kernel_ipsec_t, bypass_socket, bool,
	private_kernel_cryptomap_ipsec_t *this, int fd, int family)
{
	return kernel_cryptomap_xfrm_bypass(fd, family);
}

METHOD(kernel_ipsec_t, enable_udp_decap, bool,
	private_kernel_cryptomap_ipsec_t *this, int fd, int family, uint16_t port)
{
	return kernel_cryptomap_xfrm_udp(fd, port);
}

/**
 * The peer answered with traffic selectors, compare them to those proposed.
 */
static bool is_exact(child_sa_t *child_sa, linked_list_t *list, bool local)
{
	traffic_selector_t *mine, *answer;
	child_cfg_t *config;
	linked_list_t *proposed;
	bool exact;

	config = child_sa->get_config(child_sa);
	proposed = child_cfg_get_ts(config, local);
	exact = proposed->get_first(proposed, (void**)&mine) == SUCCESS &&
			list->get_first(list, (void**)&answer) == SUCCESS &&
			mine->equals(mine, answer);
	proposed->destroy_offset(proposed, offsetof(traffic_selector_t, destroy));
	return exact;
}

/**
 * Remove all traffic selectors, which makes quick mode fail.
 */
static void refuse(linked_list_t *list)
{
	traffic_selector_t *ts;

	while (list->remove_first(list, (void**)&ts) == SUCCESS)
	{
		ts->destroy(ts);
	}
}

/**
 * Whether the port of a peer is to be followed, as charon does with that of IKE:
 * RFC 3947 section 6 wants it of a peer behind a NAT, and forbids it to a host
 * behind one. When both are, the NAT of the responder is taken for a static one.
 */
static bool is_followed(ike_sa_t *ike_sa)
{
	return ike_sa->has_condition(ike_sa, COND_NAT_THERE) &&
		   !(ike_sa->has_condition(ike_sa, COND_NAT_HERE) &&
			 ike_sa->has_condition(ike_sa, COND_ORIGINAL_INITIATOR));
}

/**
 * The CHILD_SA is about to be installed by this thread.
 */
METHOD(listener_t, narrow, bool,
	private_listener_t *this, ike_sa_t *ike_sa,
	child_sa_t *child_sa, narrow_hook_t type, linked_list_t *local,
	linked_list_t *remote)
{
	proposal_t *proposal;
	child_t *child;

	if (type != NARROW_INITIATOR_POST_AUTH &&
		type != NARROW_INITIATOR_POST_NOAUTH && type != NARROW_RESPONDER_POST)
	{
		return TRUE;
	}
	proposal = child_sa->get_proposal(child_sa);
	child = get_child(this->ipsec);
	*child = (child_t){
		.flow = kernel_cryptomap_child_flow(child_sa->get_config(child_sa)),
		.spi_in = child_sa->get_spi(child_sa, TRUE),
		.follow = is_followed(ike_sa),
	};
	proposal->get_algorithm(proposal, KEY_EXCHANGE_METHOD, &child->group, NULL);
	if (child->flow && type != NARROW_RESPONDER_POST)
	{	/* the proposal is the peer's answer, with its SPI */
		child->spi_out = proposal->get_spi(proposal);
		if (!is_exact(child_sa, local, TRUE) ||
			!is_exact(child_sa, remote, FALSE))
		{
			DBG1(DBG_IKE, "the peer's answer %#R === %#R is not what %s "
				 "proposed, refused", local, remote,
				 child_sa->get_name(child_sa));
			refuse(local);
			refuse(remote);
		}
	}
	return TRUE;
}

/**
 * The CHILD_SA is about to be destroyed by this thread.
 */
METHOD(listener_t, child_state_change, bool,
	private_listener_t *this, ike_sa_t *ike_sa,
	child_sa_t *child_sa, child_sa_state_t state)
{
	kernel_cryptomap_contacts_t *contacts = this->ipsec->contacts;
	child_t *child;

	if (state != CHILD_DESTROYING)
	{
		return TRUE;
	}
	child = get_child(this->ipsec);
	*child = (child_t){
		.spi_in = child_sa->get_spi(child_sa, TRUE),
		.spi_out = child_sa->get_spi(child_sa, FALSE),
	};
	switch (child_sa->get_state(child_sa))
	{
		case CHILD_INSTALLED:
		case CHILD_REKEYING:
		case CHILD_REKEYED:
			/* no DELETE was sent or received: the IKE_SA goes */
			child->orphan = !ike_sa ||
					!contacts->is_forgotten(contacts, ike_sa);
			break;
		default:
			break;
	}
	return TRUE;
}

METHOD(listener_t, alert, bool,
	private_listener_t *this, ike_sa_t *ike_sa, alert_t alert,
	va_list args)
{
	if (alert == ALERT_SHUTDOWN_SIGNAL)
	{
		this->ipsec->shutdown = TRUE;
	}
	return TRUE;
}

METHOD(kernel_ipsec_t, destroy, void,
	private_kernel_cryptomap_ipsec_t *this)
{
	/* orphans included */
	flush_sas(this);
	this->child->destroy(this->child);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_ipsec_t *kernel_cryptomap_ipsec_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_sas_t *left,
										kernel_cryptomap_contacts_t *contacts,
										kernel_cryptomap_lifetimes_t *lifetimes)
{
	private_kernel_cryptomap_ipsec_t *this;

	INIT(this,
		.public = {
			.interface = {
				.get_features = _get_features,
				.get_spi = _get_spi,
				.get_cpi = _get_cpi,
				.add_sa = _add_sa,
				.update_sa = _update_sa,
				.query_sa = _query_sa,
				.del_sa = _del_sa,
				.flush_sas = _flush_sas,
				.add_policy = _add_policy,
				.query_policy = _query_policy,
				.del_policy = _del_policy,
				.flush_policies = _flush_policies,
				.bypass_socket = _bypass_socket,
				.enable_udp_decap = _enable_udp_decap,
				.destroy = _destroy,
			},
		},
		.listener = {
			.public = {
				.narrow = _narrow,
				.child_state_change = _child_state_change,
				.alert = _alert,
			},
		},
		.socket = socket,
		.sas = sas,
		.left = left,
		.contacts = contacts,
		.lifetimes = lifetimes,
		.child = thread_value_create(free),
	);
	this->listener.ipsec = this;
	kernel_cryptomap_xfrm_load();
	this->public.listener = &this->listener.public;
	return &this->public;
}
