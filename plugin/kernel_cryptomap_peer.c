/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_peer.h"

#include "compat.h"
#include "kernel_cryptomap_child.h"
#include "kernel_cryptomap_recent.h"

#include <daemon.h>
#include <collections/hashtable.h>
#include <encoding/payloads/sa_payload.h>
#include <threading/mutex.h>
#include <threading/thread_value.h>

/** Flows to tell of when a proposal fits none... */
#define FLOWS_TOLD 4
/** ...which means to read them all: at most once in so many seconds */
#define TELL_TIME 10

/** Seconds that an address is known to be no peer */
#define STRANGER_TIME 1

/** Entries of dynamic crypto maps whose profiles are tried for a peer by its address */
#define PROFILES_MAX 16

/** Part of the lifetime of an ISAKMP SA that reauthentication gets... */
#define REAUTH_PART 10
/** ...and its limit in seconds */
#define REAUTH_MARGIN 540U
/** Retry intervals that charon waits for a peer, more than we do */
#define DPD_RETRIES 10

typedef struct private_kernel_cryptomap_peers_t private_kernel_cryptomap_peers_t;
typedef struct private_peer_t private_peer_t;

/**
 * What a peer proposes in a quick mode.
 */
typedef struct {
	/** encapsulation mode */
	ipsec_mode_t mode;
	/** proposals, proposal_t */
	linked_list_t *proposals;
} offer_t;

/**
 * A listener that knows whose it is.
 */
typedef struct {
	/** public interface */
	listener_t public;
	/** the maker of configurations */
	private_kernel_cryptomap_peers_t *peers;
} private_listener_t;

struct private_kernel_cryptomap_peers_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_peers_t public;

	/**
	 * Listens for this.
	 */
	private_listener_t listener;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * Phase 1 configuration.
	 */
	kernel_cryptomap_config_t *config;

	/**
	 * Which of those that start phase 1 are answered.
	 */
	kernel_cryptomap_halfopen_t *halfopen;

	/**
	 * Which IKE_SAs stay although the peer started another one.
	 */
	kernel_cryptomap_twins_t *twins;

	/**
	 * The offer that this thread is working on, offer_t.
	 */
	thread_value_t *offered;

	/**
	 * Who is no peer.
	 */
	kernel_cryptomap_recent_t *strangers;

	/**
	 * When flows were last told of.
	 */
	time_t told;

	/**
	 * Lifetimes of ISAKMP SAs that were agreed, uint32_t by unique id.
	 */
	hashtable_t *lifetimes;

	/**
	 * Addresses that the keys of IKE_SAs were derived at, keyed_t by unique id.
	 */
	hashtable_t *keyed;

	/**
	 * Protects told, lifetimes and keyed.
	 */
	mutex_t *mutex;
};

/**
 * Where an IKE_SA was when its keys were derived.
 */
typedef struct {
	/** our address and the peer's */
	host_t *local, *remote;
} keyed_t;

/**
 * A peer_cfg_t.
 */
struct private_peer_t {

	/**
	 * Public interface.
	 */
	peer_cfg_t public;

	/**
	 * References.
	 */
	refcount_t ref;

	/**
	 * Who made it.
	 */
	private_kernel_cryptomap_peers_t *peers;

	/**
	 * Our address and the peer's.
	 */
	host_t *local, *remote;

	/**
	 * ISAKMP profile, "" for none.
	 */
	char *profile;

	/**
	 * In aggressive mode.
	 */
	bool aggressive;

	/**
	 * This side started.
	 */
	bool started;

	/**
	 * The peer's address, for logs.
	 */
	char name[64];

	/**
	 * Authentication of this side and of the peer.
	 */
	auth_cfg_t *local_auth, *remote_auth;

	/**
	 * ike_cfg_t objects, the current one first. Callers borrow them, so that
	 * old ones stay as long as this.
	 */
	linked_list_t *ike_cfgs;

	/**
	 * Phase 1 configuration that the current one was made of.
	 */
	u_int generation;

	/**
	 * Protects ike_cfgs and generation.
	 */
	mutex_t *mutex;
};

METHOD(peer_cfg_t, get_name, char*,
	private_peer_t *this)
{
	return this->name;
}

METHOD(peer_cfg_t, get_ike_version, ike_version_t,
	private_peer_t *this)
{
	return IKEV1;
}

METHOD(peer_cfg_t, get_ike_cfg, ike_cfg_t*,
	private_peer_t *this)
{
	kernel_cryptomap_config_t *config = this->peers->config;
	ike_cfg_t *ike_cfg = NULL;
	u_int generation;

	this->mutex->lock(this->mutex);
	generation = config->get_generation(config);
	if (this->ike_cfgs->get_first(this->ike_cfgs,
								  (void**)&ike_cfg) != SUCCESS ||
		this->generation != generation)
	{
		ike_cfg = config->create_ike_cfg(config, this->local, this->remote,
										 this->aggressive);
		this->ike_cfgs->insert_first(this->ike_cfgs, ike_cfg);
		this->generation = generation;
	}
	this->mutex->unlock(this->mutex);
	return ike_cfg;
}

/**
 * The two ends of a peer.
 */
static kernel_cryptomap_ends_t get_ends(private_peer_t *this)
{
	return (kernel_cryptomap_ends_t){
		.local = this->local,
		.remote = this->remote,
		.profile = this->profile,
	};
}

/**
 * See header.
 */
char *kernel_cryptomap_peer_profile(ike_sa_t *ike_sa)
{
	peer_cfg_t *peer_cfg = ike_sa->get_peer_cfg(ike_sa);

	/* only objects of this plugin have this method */
	return peer_cfg && peer_cfg->get_ike_cfg == _get_ike_cfg ?
								((private_peer_t*)peer_cfg)->profile : "";
}

METHOD(peer_cfg_t, create_child_cfg_enumerator, enumerator_t*,
	private_peer_t *this)
{
	return enumerator_create_empty();
}

METHOD(peer_cfg_t, replace_child_cfgs, enumerator_t*,
	private_peer_t *this, peer_cfg_t *other)
{
	return enumerator_create_empty();
}

/*
 * See header.
 */
void kernel_cryptomap_peer_hosts(ike_sa_t *ike_sa, host_t **local,
								 host_t **remote)
{
	peer_cfg_t *peer_cfg = ike_sa->get_peer_cfg(ike_sa);
	private_peer_t *peer = (private_peer_t*)peer_cfg;

	*local = ike_sa->get_my_host(ike_sa);
	*remote = ike_sa->get_other_host(ike_sa);
	if (peer_cfg && peer_cfg->get_ike_cfg == _get_ike_cfg)
	{
		*local = peer->local;
		*remote = peer->remote;
	}
}

/*
 * See header.
 */
bool kernel_cryptomap_peer_is_at(ike_sa_t *ike_sa)
{
	host_t *local, *remote;

	kernel_cryptomap_peer_hosts(ike_sa, &local, &remote);
	return local->ip_equals(local, ike_sa->get_my_host(ike_sa)) &&
		   remote->ip_equals(remote, ike_sa->get_other_host(ike_sa));
}

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
static bool may_tell(private_kernel_cryptomap_peers_t *this)
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
static void tell_refusal(private_peer_t *this, traffic_selector_t *local_ts,
						 traffic_selector_t *remote_ts)
{
	tell_t tell = {
		.remote = this->remote,
	};

	DBG1(DBG_CFG, "peer %H proposes: %R === %R, which is exactly no access "
		 "list entry of its crypto maps, and no dynamic crypto map takes it",
		 this->remote, local_ts, remote_ts);
	if (!may_tell(this->peers))
	{
		return;
	}
	kernel_cryptomap_flow_dump(this->peers->socket, 0, tell_flow, &tell);
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
static bool fits_profile(private_peer_t *this, kernel_cryptomap_flow_t *flow)
{
	if (!flow->profile[0] || streq(flow->profile, this->profile))
	{
		return TRUE;
	}
	DBG1(DBG_CFG, "peer %H proposes %R === %R of crypto map %s %u, which is for "
		 "isakmp profile %s: its ISAKMP SA is of %s%s", this->remote,
		 flow->local_ts, flow->remote_ts, flow->map, flow->entry_seq,
		 flow->profile, this->profile[0] ? "isakmp profile " : "none",
		 this->profile);
	return FALSE;
}

/**
 * Whether the peer may have a flow by an entry of a dynamic crypto map.
 */
static bool fits_template(private_peer_t *this, kernel_cryptomap_flow_t *flow,
						  offer_t *offer)
{
	if (!fits_profile(this, flow))
	{
		return FALSE;
	}
	if (kernel_cryptomap_child_accepts(flow, offer->mode, offer->proposals))
	{
		return TRUE;
	}
	DBG1(DBG_CFG, "peer %H proposes for %R === %R no transform set of "
		 "dynamic crypto map %s %u in %N mode: %#P", this->remote,
		 flow->local_ts, flow->remote_ts, flow->dynamic, flow->dynamic_seq,
		 ipsec_mode_names, offer->mode, offer->proposals);
	return FALSE;
}

/**
 * Have a flow made by a dynamic crypto map: by its first entry with a transform set
 * that the peer proposes, and for its ISAKMP profile or any.
 *
 * @param flow			what the peer may have by the first entry; consumed
 * @param offer			what the peer proposes
 * @return				flow with an id, NULL if there can't be one
 */
static kernel_cryptomap_flow_t *make_flow(private_peer_t *this,
								kernel_cryptomap_flow_t *flow, offer_t *offer)
{
	kernel_cryptomap_socket_t *socket = this->peers->socket;
	kernel_cryptomap_flow_t *last;

	while (flow && !fits_template(this, flow, offer))
	{
		last = flow;
		flow = kernel_cryptomap_flow_find(socket, this->local, this->remote,
										  last->local_ts, last->remote_ts,
										  last);
		kernel_cryptomap_flow_put(last);
	}
	if (flow)
	{
		last = flow;
		flow = kernel_cryptomap_flow_new(socket, last);
		kernel_cryptomap_flow_put(last);
	}
	return flow;
}

METHOD(peer_cfg_t, select_child_cfg, child_cfg_t*,
	private_peer_t *this, linked_list_t *my_ts, linked_list_t *other_ts,
	linked_list_t *my_hosts, linked_list_t *other_hosts,
	linked_list_t *my_labels, linked_list_t *other_labels)
{
	kernel_cryptomap_socket_t *socket = this->peers->socket;
	traffic_selector_t *local_ts, *remote_ts;
	kernel_cryptomap_flow_t *flow;
	child_cfg_t *child = NULL;
	offer_t *offer;

	offer = this->peers->offered->get(this->peers->offered);
	if (!offer ||
		my_ts->get_first(my_ts, (void**)&local_ts) != SUCCESS ||
		other_ts->get_first(other_ts, (void**)&remote_ts) != SUCCESS)
	{
		return NULL;
	}
	flow = kernel_cryptomap_flow_find(socket, this->local, this->remote,
									  local_ts, remote_ts, NULL);
	if (flow && !flow->id)
	{
		flow = make_flow(this, flow, offer);
	}
	if (flow)
	{
		kernel_cryptomap_flow_set_peer(flow, this->remote);
	}
	if (!flow || flow->narrow || !flow->local_ts || !flow->remote_ts)
	{
		tell_refusal(this, local_ts, remote_ts);
		kernel_cryptomap_flow_put(flow);
		return NULL;
	}
	if (!fits_profile(this, flow))
	{
		/* told */
	}
	else if (allows_mode(flow, offer->mode))
	{
		child = kernel_cryptomap_child_create(socket, flow, offer->mode);
	}
	else
	{
		DBG1(DBG_CFG, "peer %H proposes %N mode for %R === %R, no transform "
			 "set of crypto map %s %u allows that", this->remote,
			 ipsec_mode_names, offer->mode, local_ts, remote_ts, flow->map,
			 flow->entry_seq);
	}
	kernel_cryptomap_flow_put(flow);
	return child;
}

METHOD(peer_cfg_t, create_auth_cfg_enumerator, enumerator_t*,
	private_peer_t *this, bool local)
{
	return enumerator_create_single(local ? this->local_auth :
											this->remote_auth, NULL);
}

METHOD(peer_cfg_t, get_cert_policy, cert_policy_t,
	private_peer_t *this)
{
	return CERT_NEVER_SEND;
}

METHOD(peer_cfg_t, get_unique_policy, unique_policy_t,
	private_peer_t *this)
{
	return UNIQUE_NO;
}

METHOD(peer_cfg_t, get_keyingtries, uint32_t,
	private_peer_t *this)
{
	return 1;
}

METHOD(peer_cfg_t, get_rekey_time, uint32_t,
	private_peer_t *this, bool jitter)
{
	/* IKEv1 reauthenticates */
	return 0;
}

/**
 * Key of the lifetime of an IKE_SA.
 */
static void *lifetime_key(ike_sa_t *ike_sa)
{
	return (void*)(uintptr_t)ike_sa->get_unique_id(ike_sa);
}

/**
 * The lifetime that was agreed for the IKE_SA that this thread works on, else
 * that to offer.
 */
static uint32_t get_lifetime(private_kernel_cryptomap_peers_t *this)
{
	ike_sa_t *ike_sa = charon->bus->get_sa(charon->bus);
	uint32_t lifetime = 0;

	if (ike_sa)
	{
		this->mutex->lock(this->mutex);
		lifetime = (uintptr_t)this->lifetimes->get(this->lifetimes,
												   lifetime_key(ike_sa));
		this->mutex->unlock(this->mutex);
	}
	return lifetime ?: this->config->get_lifetime(this->config, NULL);
}

/**
 * The answer to an offer of ISAKMP policies came or goes: the lifetime is the
 * smaller of the two sides. charon takes that of the initiator, and answers
 * with it.
 */
static void agree_lifetime(private_kernel_cryptomap_peers_t *this,
						   ike_sa_t *ike_sa, sa_payload_t *sa)
{
	linked_list_t *proposals;
	uint32_t mine, offered;
	proposal_t *agreed;

	proposals = sa->get_proposals(sa);
	if (proposals->get_first(proposals, (void**)&agreed) == SUCCESS)
	{
		mine = this->config->get_lifetime(this->config, agreed);
		offered = sa->get_lifetime(sa, agreed);
		this->mutex->lock(this->mutex);
		this->lifetimes->put(this->lifetimes, lifetime_key(ike_sa),
							 (void*)(uintptr_t)min(mine, offered ?: mine));
		this->mutex->unlock(this->mutex);
	}
	proposals->destroy_offset(proposals, offsetof(proposal_t, destroy));
}

METHOD(peer_cfg_t, get_over_time, uint32_t,
	private_peer_t *this)
{
	return min(get_lifetime(this->peers) / REAUTH_PART, REAUTH_MARGIN);
}

METHOD(peer_cfg_t, get_reauth_time, uint32_t,
	private_peer_t *this, bool jitter)
{
	uint32_t life, margin;

	life = get_lifetime(this->peers);
	margin = min(life / REAUTH_PART, REAUTH_MARGIN);
	if (jitter && margin)
	{
		life -= random() % margin;
	}
	return life - margin;
}

METHOD(peer_cfg_t, get_zero, uint32_t,
	private_peer_t *this)
{
	return 0;
}

/**
 * charon's own judgement, for each probe that is sent: later than ours.
 */
METHOD(peer_cfg_t, get_dpd_timeout, uint32_t,
	private_peer_t *this)
{
	kernel_cryptomap_config_t *config = this->peers->config;
	struct ios_isakmp isakmp;

	config->get_isakmp(config, this->profile, &isakmp);
	return isakmp.keepalive_retry * DPD_RETRIES;
}

METHOD(peer_cfg_t, get_if_id, uint32_t,
	private_peer_t *this, bool inbound)
{
	return 0;
}

/*
 * See header.
 */
bool kernel_cryptomap_peer_is_aggressive(peer_cfg_t *public)
{
	private_peer_t *this = (private_peer_t*)public;
	kernel_cryptomap_config_t *config = this->peers->config;
	kernel_cryptomap_ends_t ends = get_ends(this);
	struct ios_isakmp isakmp;

	if (!this->aggressive)
	{
		return FALSE;
	}
	/* asked again for each reauthentication, by what is configured then */
	if (this->started)
	{
		return config->starts_aggressive(config, &ends);
	}
	config->get_isakmp(config, this->profile, &isakmp);
	return !isakmp.no_aggressive;
}

METHOD(peer_cfg_t, create_empty_enumerator, enumerator_t*,
	private_peer_t *this)
{
	return enumerator_create_empty();
}

/**
 * charon asks whether a new IKE_SA, which the peer started, is the successor of
 * the one that this thread has checked out.
 */
METHOD(peer_cfg_t, equals, bool,
	private_peer_t *this, peer_cfg_t *other)
{
	private_peer_t *peer = (private_peer_t*)other;
	ike_sa_t *ike_sa;

	ike_sa = charon->bus->get_sa(charon->bus);
	if (ike_sa && this->peers->twins->stays(this->peers->twins, ike_sa))
	{
		return FALSE;
	}
	return other->get_ike_cfg == _get_ike_cfg &&
		   streq(this->profile, peer->profile) &&
		   this->local->ip_equals(this->local, peer->local) &&
		   this->remote->ip_equals(this->remote, peer->remote);
}

METHOD(peer_cfg_t, get_ref, peer_cfg_t*,
	private_peer_t *this)
{
	ref_get(&this->ref);
	return &this->public;
}

METHOD(peer_cfg_t, destroy_peer, void,
	private_peer_t *this)
{
	if (ref_put(&this->ref))
	{
		this->ike_cfgs->destroy_offset(this->ike_cfgs,
									   offsetof(ike_cfg_t, destroy));
		this->local_auth->destroy(this->local_auth);
		this->remote_auth->destroy(this->remote_auth);
		this->local->destroy(this->local);
		this->remote->destroy(this->remote);
		free(this->profile);
		this->mutex->destroy(this->mutex);
		free(this);
	}
}

/**
 * Authentication with a pre-shared key.
 *
 * @param id			identity, consumed; NULL to accept any
 */
static auth_cfg_t *create_auth_cfg(identification_t *id)
{
	auth_cfg_t *auth;

	auth = auth_cfg_create();
	auth->add(auth, AUTH_RULE_AUTH_CLASS, AUTH_CLASS_PSK);
	if (id)
	{
		auth->add(auth, AUTH_RULE_IDENTITY, id);
	}
	return auth;
}

/**
 * Create the configuration of a peer for main or aggressive mode.
 *
 * @param ends			the two ends
 * @param started		whether this side starts
 */
static peer_cfg_t *create_peer(private_kernel_cryptomap_peers_t *this,
							   kernel_cryptomap_ends_t *ends, bool aggressive,
							   bool started)
{
	kernel_cryptomap_config_t *config = this->config;
	private_peer_t *peer;

	INIT(peer,
		.public = {
			.get_name = _get_name,
			.get_ike_version = _get_ike_version,
			.get_ike_cfg = _get_ike_cfg,
			.add_child_cfg = (void*)nop,
			.remove_child_cfg = (void*)nop,
			.replace_child_cfgs = _replace_child_cfgs,
			.create_child_cfg_enumerator = _create_child_cfg_enumerator,
			.select_child_cfg = _select_child_cfg,
			.add_auth_cfg = (void*)nop,
			.create_auth_cfg_enumerator = _create_auth_cfg_enumerator,
			.get_cert_policy = _get_cert_policy,
			PEER_CFG_OCSP
			.get_unique_policy = _get_unique_policy,
			.get_keyingtries = _get_keyingtries,
			.get_rekey_time = _get_rekey_time,
			.get_reauth_time = _get_reauth_time,
			.get_over_time = _get_over_time,
			PEER_CFG_OPTIONS
			.get_dpd = _get_zero,
			.get_dpd_timeout = _get_dpd_timeout,
			.add_virtual_ip = (void*)nop,
			.create_virtual_ip_enumerator = _create_empty_enumerator,
			.add_pool = (void*)nop,
			.create_pool_enumerator = _create_empty_enumerator,
			.get_if_id = _get_if_id,
			.get_ppk_id = (void*)return_null,
#ifdef ME
			.is_mediation = (void*)return_false,
			.get_mediated_by = (void*)return_null,
			.get_peer_id = (void*)return_null,
#endif /* ME */
			.equals = _equals,
			.get_ref = _get_ref,
			.destroy = _destroy_peer,
		},
		.ref = 1,
		.peers = this,
		.local = ends->local->clone(ends->local),
		.remote = ends->remote->clone(ends->remote),
		.profile = strdup(ends->profile),
		.aggressive = aggressive,
		.started = started,
		.local_auth = create_auth_cfg(config->get_self(config, ends,
													   aggressive)),
		.remote_auth = create_auth_cfg(NULL),
		.ike_cfgs = linked_list_create(),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	snprintf(peer->name, sizeof(peer->name), "%H", ends->remote);
	return &peer->public;
}

METHOD(kernel_cryptomap_peers_t, create_peer_cfg, peer_cfg_t*,
	private_kernel_cryptomap_peers_t *this, host_t *local, host_t *remote,
	char *profile)
{
	kernel_cryptomap_ends_t ends = {
		.local = local,
		.remote = remote,
		.profile = profile,
	};

	return create_peer(this, &ends,
					   this->config->starts_aggressive(this->config, &ends),
					   TRUE);
}

/**
 * The ISAKMP profile that a peer is held against before it tells who it is: that of
 * the first entry that has it, and for which there is a key by its address; else
 * of the first for which it may have one by its name.
 *
 * @return				name, "" for none, to be freed; NULL if no crypto map entry has
 *						the peer, or phase 1 with it is not possible, which is logged
 */
static char *find_profile(private_kernel_cryptomap_peers_t *this,
						  host_t *local, host_t *remote)
{
	kernel_cryptomap_ends_t ends = {
		.local = local,
		.remote = remote,
	};
	kernel_cryptomap_flow_t *flow, *last;
	const char *reason = NULL;
	char *profile = NULL;
	bool has_key = FALSE;
	u_int left = PROFILES_MAX;

	if (this->strangers->has(this->strangers, local, remote))
	{
		return NULL;
	}
	flow = kernel_cryptomap_flow_find(this->socket, local, remote, NULL, NULL,
									  NULL);
	if (!flow)
	{
		this->strangers->add(this->strangers, local, remote);
		DBG1(DBG_CFG, "no crypto map entry has the peer %H for %H", remote,
			 local);
		return NULL;
	}
	while (flow)
	{
		ends.profile = flow->profile;
		has_key = !this->config->refuses(this->config, &ends);
		if (has_key || !profile)
		{
			reason = this->config->rejects(this->config, &ends);
			free(profile);
			profile = reason ? NULL : strdup(flow->profile);
		}
		last = flow;
		/* after a static entry there is no next one */
		flow = has_key || last->id || !--left ? NULL :
						kernel_cryptomap_flow_find(this->socket, local, remote,
												   NULL, NULL, last);
		kernel_cryptomap_flow_put(last);
	}
	if (!profile)
	{
		DBG1(DBG_CFG, "can't negotiate with %H: %s", remote, reason);
	}
	return profile;
}

METHOD(kernel_cryptomap_peers_t, get_profile, char*,
	private_kernel_cryptomap_peers_t *this, ike_sa_t *ike_sa)
{
	if (ike_sa->get_peer_cfg(ike_sa))
	{
		return strdup(kernel_cryptomap_peer_profile(ike_sa));
	}
	return find_profile(this, ike_sa->get_my_host(ike_sa),
						ike_sa->get_other_host(ike_sa));
}

/**
 * Log that a peer is not of the profile that it is to be of.
 */
static void tell_stranger(host_t *remote, identification_t *id, char *profile)
{
	DBG1(DBG_CFG, "peer %H is refused: isakmp profile %s of its crypto map entry "
		 "has no match identity for '%Y', which it calls itself", remote, profile,
		 id);
}

/**
 * Whether the keys by a peer's address are the same for two profiles.
 */
static bool same_key(private_kernel_cryptomap_peers_t *this, host_t *local,
					 host_t *remote, char *one, char *two)
{
	kernel_cryptomap_ends_t a = {
		.local = local,
		.remote = remote,
		.profile = one,
	}, b = {
		.local = local,
		.remote = remote,
		.profile = two,
	};
	shared_key_t *first, *second;
	bool same;

	first = this->config->get_psk(this->config, &a, FALSE, NULL);
	second = this->config->get_psk(this->config, &b, FALSE, NULL);
	same = first && second && chunk_equals_const(first->get_key(first),
												 second->get_key(second));
	DESTROY_IF(first);
	DESTROY_IF(second);
	return same;
}

/**
 * Destroy the object of an enumerator over one object.
 */
CALLBACK(destroy_ike_cfg, void,
	ike_cfg_t *ike_cfg)
{
	ike_cfg->destroy(ike_cfg);
}

METHOD(backend_t, create_ike_cfg_enumerator, enumerator_t*,
	private_kernel_cryptomap_peers_t *this, host_t *me, host_t *other)
{
	ike_cfg_t *ike_cfg;
	char *profile;

	/* who is no peer does not count: others could be kept out by any address */
	profile = me && other ? find_profile(this, me, other) : NULL;
	if (!profile || !this->halfopen->admits(this->halfopen))
	{
		free(profile);
		return enumerator_create_empty();
	}
	free(profile);
	ike_cfg = this->config->create_ike_cfg(this->config, me, other, FALSE);
	return enumerator_create_single(ike_cfg, destroy_ike_cfg);
}

/**
 * Destroy the objects of an enumerator over peer_cfg_t.
 */
CALLBACK(destroy_peer_cfgs, void,
	linked_list_t *list)
{
	list->destroy_offset(list, offsetof(peer_cfg_t, destroy));
}

/**
 * The configurations for a peer that tells who it is.
 *
 * It is of the profile of its entry if that has its identity, else of the first
 * that has it; in main mode only if that has the same key, which was chosen before,
 * in aggressive mode also if it may start that by this one alone.
 *
 * @param profile		as of find_profile()
 */
static linked_list_t *create_known_peers(private_kernel_cryptomap_peers_t *this,
										 host_t *local, host_t *remote,
										 identification_t *id, char *profile)
{
	kernel_cryptomap_ends_t ends = {
		.local = local,
		.remote = remote,
		.profile = profile,
	};
	linked_list_t *list;
	char *matched;
	bool has;

	list = linked_list_create();
	has = !*profile || this->config->has_peer(this->config, profile, local, id);
	matched = this->config->get_profile(this->config, local, id);
	if (!has && !matched)
	{
		tell_stranger(remote, id, profile);
	}
	if (!has && matched && same_key(this, local, remote, profile, matched))
	{
		ends.profile = matched;
	}
	/* charon takes the one for the mode that the peer started */
	list->insert_last(list, create_peer(this, &ends, FALSE, FALSE));

	ends.profile = profile;
	if (matched &&
		!(has && this->config->accepts_aggressive(this->config, &ends, id)))
	{
		ends.profile = matched;
	}
	if ((has || matched) &&
		this->config->accepts_aggressive(this->config, &ends, id))
	{
		list->insert_last(list, create_peer(this, &ends, TRUE, FALSE));
	}
	free(matched);
	return list;
}

METHOD(backend_t, create_peer_cfg_enumerator, enumerator_t*,
	private_kernel_cryptomap_peers_t *this, identification_t *me,
	identification_t *other)
{
	kernel_cryptomap_ends_t ends;
	linked_list_t *list;
	ike_sa_t *ike_sa;

	/* keys and entries belong to addresses: of identities only that of the peer
	 * counts, for profiles and aggressive mode */
	ike_sa = charon->bus->get_sa(charon->bus);
	if (!ike_sa || ike_sa->get_version(ike_sa) != IKEV1)
	{
		return enumerator_create_empty();
	}
	ends.local = ike_sa->get_my_host(ike_sa);
	ends.remote = ike_sa->get_other_host(ike_sa);
	ends.profile = find_profile(this, ends.local, ends.remote);
	if (!ends.profile)
	{
		return enumerator_create_empty();
	}
	list = other ?
			create_known_peers(this, ends.local, ends.remote, other, ends.profile) :
			linked_list_create_with_items(create_peer(this, &ends, FALSE, FALSE),
										  NULL);
	free(ends.profile);
	return enumerator_create_cleaner(list->create_enumerator(list),
									 destroy_peer_cfgs, list);
}

/**
 * Forget where the keys of an IKE_SA were derived.
 */
static void destroy_keyed(keyed_t *keyed)
{
	keyed->local->destroy(keyed->local);
	keyed->remote->destroy(keyed->remote);
	free(keyed);
}

/**
 * charon follows a peer from message to message, in phase 1, too. The pre-shared
 * key is that of the address that it had when the keys were derived.
 */
METHOD(listener_t, ike_keys, bool,
	private_listener_t *this, ike_sa_t *ike_sa, IKE_KEYS_EXCHANGES *kes,
	chunk_t dh_other, chunk_t nonce_i, chunk_t nonce_r, ike_sa_t *rekey,
	shared_key_t *shared, auth_method_t method)
{
	private_kernel_cryptomap_peers_t *peers = this->peers;
	host_t *local = ike_sa->get_my_host(ike_sa);
	host_t *remote = ike_sa->get_other_host(ike_sa);
	keyed_t *keyed;

	if (ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	INIT(keyed,
		.local = local->clone(local),
		.remote = remote->clone(remote),
	);
	peers->mutex->lock(peers->mutex);
	keyed = peers->keyed->put(peers->keyed, lifetime_key(ike_sa), keyed);
	peers->mutex->unlock(peers->mutex);
	if (keyed)
	{
		destroy_keyed(keyed);
	}
	return TRUE;
}

/**
 * Whether all of phase 1 that counts was between the addresses that the IKE_SA is
 * configured for.
 */
static bool has_stayed(private_kernel_cryptomap_peers_t *this, ike_sa_t *ike_sa)
{
	host_t *local = ike_sa->get_my_host(ike_sa);
	host_t *remote = ike_sa->get_other_host(ike_sa);
	keyed_t *keyed;
	bool stayed;

	this->mutex->lock(this->mutex);
	keyed = this->keyed->get(this->keyed, lifetime_key(ike_sa));
	stayed = !keyed || (keyed->local->ip_equals(keyed->local, local) &&
						keyed->remote->ip_equals(keyed->remote, remote));
	this->mutex->unlock(this->mutex);
	return stayed && kernel_cryptomap_peer_is_at(ike_sa);
}

METHOD(listener_t, authorize, bool,
	private_listener_t *this, ike_sa_t *ike_sa, bool final, bool *success)
{
	kernel_cryptomap_config_t *config = this->peers->config;
	identification_t *id = ike_sa->get_other_id(ike_sa);
	char *profile = kernel_cryptomap_peer_profile(ike_sa);

	if (ike_sa->get_version(ike_sa) == IKEV1 && !has_stayed(this->peers, ike_sa))
	{
		DBG1(DBG_CFG, "peer %H is refused: phase 1 began with another address",
			 ike_sa->get_other_host(ike_sa));
		*success = FALSE;
		return TRUE;
	}
	if (*profile && !config->has_peer(config, profile,
									  ike_sa->get_my_host(ike_sa), id))
	{
		tell_stranger(ike_sa->get_other_host(ike_sa), id, profile);
		*success = FALSE;
	}
	return TRUE;
}

/**
 * Destroy an offer.
 */
static void destroy_offer(offer_t *offer)
{
	offer->proposals->destroy_offset(offer->proposals,
									 offsetof(proposal_t, destroy));
	free(offer);
}

/**
 * Keep what a peer proposes in a quick mode.
 */
static void keep_offer(private_kernel_cryptomap_peers_t *this, sa_payload_t *sa)
{
	offer_t *offer, *last;
	bool udp;

	INIT(offer,
		.mode = sa->get_encap_mode(sa, &udp),
		.proposals = sa->get_proposals(sa),
	);
	last = this->offered->get(this->offered);
	this->offered->set(this->offered, offer);
	if (last)
	{
		destroy_offer(last);
	}
}

METHOD(listener_t, message_hook, bool,
	private_listener_t *this, ike_sa_t *ike_sa, message_t *message,
	bool incoming, bool plain)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	sa_payload_t *sa;

	if (!plain || ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	sa = (sa_payload_t*)message->get_payload(message, PLV1_SECURITY_ASSOCIATION);
	if (!sa)
	{
		return TRUE;
	}
	switch (message->get_exchange_type(message))
	{
		case QUICK_MODE:
			if (incoming)
			{
				keep_offer(this->peers, sa);
			}
			break;
		case ID_PROT:
		case AGGRESSIVE:
			if (incoming == id->is_initiator(id))
			{
				agree_lifetime(this->peers, ike_sa, sa);
			}
			break;
		default:
			break;
	}
	return TRUE;
}

METHOD(listener_t, ike_state_change, bool,
	private_listener_t *this, ike_sa_t *ike_sa, ike_sa_state_t state)
{
	private_kernel_cryptomap_peers_t *peers = this->peers;
	keyed_t *keyed;

	if (state == IKE_DESTROYING)
	{
		peers->mutex->lock(peers->mutex);
		peers->lifetimes->remove(peers->lifetimes, lifetime_key(ike_sa));
		keyed = peers->keyed->remove(peers->keyed, lifetime_key(ike_sa));
		peers->mutex->unlock(peers->mutex);
		if (keyed)
		{
			destroy_keyed(keyed);
		}
	}
	return TRUE;
}

METHOD(kernel_cryptomap_peers_t, destroy, void,
	private_kernel_cryptomap_peers_t *this)
{
	enumerator_t *enumerator;
	keyed_t *keyed;

	enumerator = this->keyed->create_enumerator(this->keyed);
	while (enumerator->enumerate(enumerator, NULL, &keyed))
	{
		destroy_keyed(keyed);
	}
	enumerator->destroy(enumerator);
	this->keyed->destroy(this->keyed);
	this->strangers->destroy(this->strangers);
	this->offered->destroy(this->offered);
	this->lifetimes->destroy(this->lifetimes);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_peers_t *kernel_cryptomap_peers_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_config_t *config,
										kernel_cryptomap_halfopen_t *halfopen,
										kernel_cryptomap_twins_t *twins)
{
	private_kernel_cryptomap_peers_t *this;

	INIT(this,
		.public = {
			.backend = {
				.create_ike_cfg_enumerator = _create_ike_cfg_enumerator,
				.create_peer_cfg_enumerator = _create_peer_cfg_enumerator,
				.get_peer_cfg_by_name = (void*)return_null,
			},
			.create_peer_cfg = _create_peer_cfg,
			.get_profile = _get_profile,
			.destroy = _destroy,
		},
		.listener = {
			.public = {
				.authorize = _authorize,
				.ike_keys = _ike_keys,
				.ike_state_change = _ike_state_change,
				.message = _message_hook,
			},
		},
		.socket = socket,
		.config = config,
		.halfopen = halfopen,
		.twins = twins,
		.offered = thread_value_create((thread_cleanup_t)destroy_offer),
		.strangers = kernel_cryptomap_recent_create(STRANGER_TIME),
		.lifetimes = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr,
									  32),
		.keyed = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr, 32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	this->listener.peers = this;
	this->public.listener = &this->listener.public;
	return &this->public;
}
