/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_responder.h"

#include "kernel_cryptomap_child.h"

#include <daemon.h>
#include <threading/mutex.h>

/** Flows to tell of when a proposal fits none... */
#define FLOWS_TOLD 4
/** ...which means to read them all: at most once in so many seconds */
#define TELL_TIME 10

typedef struct private_kernel_cryptomap_responder_t private_kernel_cryptomap_responder_t;

struct private_kernel_cryptomap_responder_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_responder_t public;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * Knows the addresses of peers by name.
	 */
	kernel_cryptomap_names_t *names;

	/**
	 * Knows what the peer of this thread proposes.
	 */
	kernel_cryptomap_offers_t *offers;

	/**
	 * When flows were last told of.
	 */
	time_t told;

	/**
	 * Protects told.
	 */
	mutex_t *mutex;
};

/**
 * What tell_flow() counts.
 */
typedef struct {
	host_t *remote;
	int told;
	int more;
} tell_t;

/**
 * Log the selectors of a flow to this peer.
 */
static void tell_flow(void *user, kernel_cryptomap_flow_t *flow)
{
	tell_t *tell = user;

	if (!flow->remote || !flow->remote->ip_equals(flow->remote, tell->remote))
	{
		return;
	}
	if (tell->told == FLOWS_TOLD)
	{
		tell->more++;
		return;
	}
	tell->told++;
	if (flow->local_ts && flow->remote_ts)
	{
		DBG1(DBG_CFG, "  crypto map %s %u protects: %R === %R", flow->map,
			 flow->entry_seq, flow->local_ts, flow->remote_ts);
	}
	else
	{
		DBG1(DBG_CFG, "  crypto map %s %u: access list entry %u can't be "
			 "negotiated", flow->map, flow->entry_seq, flow->ace_seq);
	}
}

/**
 * Whether it is time to tell of flows again.
 */
static bool may_tell(private_kernel_cryptomap_responder_t *this)
{
	time_t now = time_monotonic(NULL);
	bool may;

	this->mutex->lock(this->mutex);
	may = !this->told || now - this->told >= TELL_TIME;
	if (may)
	{
		this->told = now;
	}
	this->mutex->unlock(this->mutex);
	return may;
}

/**
 * Log why a proposal is refused.
 */
static void tell_refusal(private_kernel_cryptomap_responder_t *this,
						 host_t *remote, traffic_selector_t *local_ts,
						 traffic_selector_t *remote_ts)
{
	tell_t tell = {
		.remote = remote,
	};

	DBG1(DBG_CFG, "peer %H proposes: %R === %R, which is exactly no access "
		 "list entry of its crypto maps, and no dynamic crypto map takes it",
		 remote, local_ts, remote_ts);
	if (!may_tell(this))
	{
		return;
	}
	kernel_cryptomap_flow_dump(this->socket, 0, tell_flow, &tell);
	if (tell.more)
	{
		DBG1(DBG_CFG, "  and %d more", tell.more);
	}
}

/**
 * Whether any transform set of a flow allows a mode.
 */
static bool allows_mode(kernel_cryptomap_flow_t *flow, ipsec_mode_t mode)
{
	u_int i;

	for (i = 0; i < flow->tset_count; i++)
	{
		if (kernel_cryptomap_flow_allows(flow, &flow->tset[i], mode))
		{
			return TRUE;
		}
	}
	return FALSE;
}

/**
 * Whether the peer is of the ISAKMP profile that a flow is for, if it is for one.
 */
static bool fits_profile(kernel_cryptomap_ends_t *ends,
						 kernel_cryptomap_flow_t *flow)
{
	if (!flow->profile[0] || streq(flow->profile, ends->profile))
	{
		return TRUE;
	}
	DBG1(DBG_CFG, "peer %H proposes %R === %R of crypto map %s %u, which is for "
		 "isakmp profile %s: its ISAKMP SA is of %s%s", ends->remote,
		 flow->local_ts, flow->remote_ts, flow->map, flow->entry_seq,
		 flow->profile, ends->profile[0] ? "isakmp profile " : "none",
		 ends->profile);
	return FALSE;
}

/**
 * Whether the peer may have a flow by an entry of a dynamic crypto map.
 */
static bool fits_template(kernel_cryptomap_ends_t *ends,
						  kernel_cryptomap_flow_t *flow,
						  kernel_cryptomap_offer_t *offer)
{
	if (!fits_profile(ends, flow))
	{
		return FALSE;
	}
	if (kernel_cryptomap_child_accepts(flow, offer->mode, offer->proposals))
	{
		return TRUE;
	}
	DBG1(DBG_CFG, "peer %H proposes for %R === %R no transform set of "
		 "dynamic crypto map %s %u in %N mode: %#P", ends->remote,
		 flow->local_ts, flow->remote_ts, flow->dynamic, flow->dynamic_seq,
		 ipsec_mode_names, offer->mode, offer->proposals);
	return FALSE;
}

/**
 * Have a flow made by a dynamic crypto map: by its first entry with a transform set
 * that the peer proposes, and for its ISAKMP profile or any; or one between two hosts.
 *
 * @param flow			what the peer may have by the first entry; consumed
 * @param offer			what the peer proposes
 * @return				flow with an id, NULL if there can't be one
 */
static kernel_cryptomap_flow_t *make_flow(
								private_kernel_cryptomap_responder_t *this,
								kernel_cryptomap_ends_t *ends,
								kernel_cryptomap_flow_t *flow,
								kernel_cryptomap_offer_t *offer)
{
	kernel_cryptomap_flow_t *last;

	/* there is only one entry with two hosts, whose pairs are limited; the mode is
	 * looked at later */
	if (!flow->dynamic_seq && !fits_profile(ends, flow))
	{
		kernel_cryptomap_flow_put(flow);
		return NULL;
	}
	while (flow && flow->dynamic_seq && !fits_template(ends, flow, offer))
	{
		last = flow;
		flow = this->names->find_flow(this->names, ends->local, ends->remote,
									  last->local_ts, last->remote_ts, last);
		kernel_cryptomap_flow_put(last);
	}
	if (flow)
	{
		last = flow;
		kernel_cryptomap_flow_set_peer(last, ends->remote);
		flow = this->names->new_flow(this->names, last);
		kernel_cryptomap_flow_put(last);
	}
	return flow;
}

METHOD(kernel_cryptomap_responder_t, select_child, child_cfg_t*,
	private_kernel_cryptomap_responder_t *this, kernel_cryptomap_ends_t *ends,
	traffic_selector_t *local_ts, traffic_selector_t *remote_ts)
{
	kernel_cryptomap_offer_t *offer = this->offers->get(this->offers);
	kernel_cryptomap_flow_t *flow;
	child_cfg_t *child = NULL;

	if (!offer)
	{
		return NULL;
	}
	flow = this->names->find_flow(this->names, ends->local, ends->remote,
								  local_ts, remote_ts, NULL);
	if (flow && !flow->id)
	{
		flow = make_flow(this, ends, flow, offer);
	}
	if (flow)
	{
		kernel_cryptomap_flow_set_peer(flow, ends->remote);
	}
	if (!flow || flow->narrow || !flow->local_ts || !flow->remote_ts)
	{
		tell_refusal(this, ends->remote, local_ts, remote_ts);
		kernel_cryptomap_flow_put(flow);
		return NULL;
	}
	if (!fits_profile(ends, flow))
	{
		/* told */
	}
	else if (allows_mode(flow, offer->mode))
	{
		child = kernel_cryptomap_child_create(this->socket, flow, offer->mode);
	}
	else
	{
		DBG1(DBG_CFG, "peer %H proposes %N mode for %R === %R, no transform "
			 "set of crypto map %s %u allows that", ends->remote,
			 ipsec_mode_names, offer->mode, local_ts, remote_ts, flow->map,
			 flow->entry_seq);
	}
	kernel_cryptomap_flow_put(flow);
	return child;
}

METHOD(kernel_cryptomap_responder_t, destroy, void,
	private_kernel_cryptomap_responder_t *this)
{
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_responder_t *kernel_cryptomap_responder_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_names_t *names,
										kernel_cryptomap_offers_t *offers)
{
	private_kernel_cryptomap_responder_t *this;

	INIT(this,
		.public = {
			.select = _select_child,
			.destroy = _destroy,
		},
		.socket = socket,
		.names = names,
		.offers = offers,
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
