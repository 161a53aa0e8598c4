/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_pairs.h"

#include <collections/hashtable.h>
#include <collections/linked_list.h>
#include <threading/condvar.h>
#include <threading/mutex.h>

/** Active flows of a pair: quick modes that charon may have queued */
#define ACTIVE_MAX 16
/** Flows of a pair that wait, so that a peer which does not answer leaves room for
 * those of others... */
#define WAITING_MAX 1024
/** ...and flows in all */
#define FLOWS_MAX 8192
/** UDP ports of IKE, one of them for peers where there is a NAT */
#define IKE_PORT 500
#define NATT_PORT 4500

typedef struct private_kernel_cryptomap_pairs_t private_kernel_cryptomap_pairs_t;
typedef struct ike_t ike_t;

struct private_kernel_cryptomap_pairs_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_pairs_t public;

	/**
	 * Told about flows.
	 */
	kernel_cryptomap_pairs_cb_t cb;

	/**
	 * First argument of cb.
	 */
	void *user;

	/**
	 * Protects what follows.
	 */
	mutex_t *mutex;

	/**
	 * Signaled when a thread has created an IKE_SA, or could not.
	 */
	condvar_t *done;

	/**
	 * Flows under negotiation, flow_t by id.
	 */
	hashtable_t *flows;

	/**
	 * Pairs of addresses, pair_t by themselves.
	 */
	hashtable_t *pairs;

	/**
	 * IKE_SAs of pairs, ike_t by unique id.
	 */
	hashtable_t *ikes;
};

/**
 * Our address and a peer's, and the ISAKMP profile. Exists while an IKE_SA or a flow refers to it.
 */
typedef struct {
	/** the addresses */
	host_t *local, *remote;
	/** the profile */
	char *profile;
	/** IKE_SA for new quick modes, NULL for none */
	ike_t *current;
	/** all IKE_SAs that there are, ike_t: behind a NAT there may be several peers */
	linked_list_t *ikes;
	/** a thread is creating an IKE_SA, others wait for it */
	bool creating;
	/** flows that have a place: charon has them, or gets them soon, flow_t */
	linked_list_t *active;
	/** flows that wait for a place, flow_t */
	linked_list_t *waiting;
} pair_t;

/**
 * An IKE_SA.
 */
struct ike_t {
	/** its addresses */
	pair_t *pair;
	/** its id, NULL if it can't be used for new quick modes */
	ike_sa_id_t *id;
	/** address and port of the peer, not NULL while there is an id */
	host_t *remote;
	/** it has been established */
	bool established;
	/** the last thing that went wrong, or NULL */
	char *reason;
};

/**
 * A flow under negotiation.
 */
typedef struct {
	/** id of the flow */
	uint32_t id;
	/** addresses, NULL if it has neither a place nor waits for one */
	pair_t *pair;
	/** unique id of its IKE_SA, 0 while there is none */
	uint32_t unique;
	/** its quick mode is under way */
	bool started;
	/** it has a place */
	bool active;
	/** it is being decided about, place() is expected */
	bool undecided;
	/** phase 1 that failed */
	u_int tries;
} flow_t;

/**
 * Hash a pair of addresses, whatever its profile is.
 */
static u_int pair_hash(const void *key)
{
	const pair_t *pair = key;

	return chunk_hash_inc(pair->local->get_address(pair->local),
				chunk_hash(pair->remote->get_address(pair->remote)));
}

/**
 * See header.
 */
bool kernel_cryptomap_pairs_is_mapped(host_t *remote)
{
	uint16_t port = remote->get_port(remote);

	return port && port != IKE_PORT && port != NATT_PORT;
}

/**
 * Whether the port of a peer is known: 500 is also that of one that has no SA.
 */
static bool has_port(host_t *remote)
{
	uint16_t port = remote->get_port(remote);

	return port && port != IKE_PORT;
}

/**
 * Whether an IKE_SA is with the peer at a known port. Mutex held.
 */
static bool is_with(ike_t *ike, host_t *remote)
{
	/* between the other two it changes when a NAT is found */
	return ike->remote->get_port(ike->remote) == remote->get_port(remote) ||
		   (!kernel_cryptomap_pairs_is_mapped(remote) &&
			!kernel_cryptomap_pairs_is_mapped(ike->remote));
}

/**
 * The IKE_SA of a pair for new quick modes: the last one, or the last one with the
 * peer if its port is known, as there may be others behind the same NAT. Mutex held.
 *
 * @return				IKE_SA, NULL if there is none
 */
static ike_t *choose_ike(const pair_t *pair, host_t *remote)
{
	ike_t *ike, *found = NULL;
	enumerator_t *enumerator;

	if (!has_port(remote) ||
		(pair->current && is_with(pair->current, remote)))
	{
		return pair->current;
	}
	enumerator = pair->ikes->create_enumerator(pair->ikes);
	while (enumerator->enumerate(enumerator, &ike))
	{
		if (ike->id && is_with(ike, remote))
		{
			found = ike;
		}
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Compare two pairs of addresses; without a profile one equals each that has an
 * IKE_SA for new quick modes with its peer.
 */
static bool pair_equals(const void *a, const void *b)
{
	const pair_t *one = a, *two = b;

	if (!one->local->ip_equals(one->local, two->local) ||
		!one->remote->ip_equals(one->remote, two->remote))
	{
		return FALSE;
	}
	if (!one->profile)
	{
		return choose_ike(two, one->remote) != NULL;
	}
	if (!two->profile)
	{
		return choose_ike(one, two->remote) != NULL;
	}
	return streq(one->profile, two->profile);
}

/**
 * Get a pair of addresses. Mutex held.
 *
 * @param create		TRUE to create it if need be
 */
static pair_t *get_pair(private_kernel_cryptomap_pairs_t *this, host_t *local,
						host_t *remote, char *profile, bool create)
{
	pair_t key = {
		.local = local,
		.remote = remote,
		.profile = profile,
	}, *pair;

	pair = this->pairs->get(this->pairs, &key);
	if (!pair && create)
	{
		INIT(pair,
			.local = local->clone(local),
			.remote = remote->clone(remote),
			.profile = strdup(profile),
			.ikes = linked_list_create(),
			.active = linked_list_create(),
			.waiting = linked_list_create(),
		);
		this->pairs->put(this->pairs, pair, pair);
	}
	return pair;
}

/**
 * Destroy a pair of addresses.
 */
static void destroy_pair(pair_t *pair)
{
	pair->local->destroy(pair->local);
	pair->remote->destroy(pair->remote);
	free(pair->profile);
	pair->ikes->destroy(pair->ikes);
	pair->active->destroy(pair->active);
	pair->waiting->destroy(pair->waiting);
	free(pair);
}

/**
 * Whether something refers to a pair of addresses. Mutex held.
 */
static bool is_used(pair_t *pair)
{
	return pair->ikes->get_count(pair->ikes) || pair->creating ||
		   pair->active->get_count(pair->active) ||
		   pair->waiting->get_count(pair->waiting);
}

/**
 * Forget a pair of addresses that nothing refers to. Mutex held.
 */
static void put_pair(private_kernel_cryptomap_pairs_t *this, pair_t *pair)
{
	if (!is_used(pair))
	{
		this->pairs->remove(this->pairs, pair);
		destroy_pair(pair);
	}
}

/**
 * Key of a table by number.
 */
static void *num_key(uint32_t num)
{
	return (void*)(uintptr_t)num;
}

/**
 * Note an IKE_SA. Mutex held.
 */
static ike_t *add_ike(private_kernel_cryptomap_pairs_t *this, pair_t *pair,
					  uint32_t unique)
{
	ike_t *ike;

	ike = this->ikes->get(this->ikes, num_key(unique));
	if (!ike)
	{
		INIT(ike,
			.pair = pair,
		);
		this->ikes->put(this->ikes, num_key(unique), ike);
		pair->ikes->insert_last(pair->ikes, ike);
	}
	return ike;
}

/**
 * Note what went wrong with an IKE_SA, NULL for nothing. Mutex held.
 */
static void note_reason(ike_t *ike, const char *reason)
{
	free(ike->reason);
	ike->reason = reason ? strdup(reason) : NULL;
}

/**
 * Destroy an IKE_SA.
 */
static void destroy_ike(ike_t *ike)
{
	DESTROY_IF(ike->id);
	DESTROY_IF(ike->remote);
	free(ike->reason);
	free(ike);
}

/**
 * Note where the peer of an IKE_SA is. Mutex held.
 */
static void set_remote(ike_t *ike, host_t *remote)
{
	remote = remote->clone(remote);
	DESTROY_IF(ike->remote);
	ike->remote = remote;
}

/**
 * Make an IKE_SA the one for new quick modes of its pair. Mutex held.
 *
 * @param remote		the peer's address and port
 */
static void set_current(ike_t *ike, ike_sa_id_t *id, host_t *remote)
{
	DESTROY_IF(ike->id);
	ike->id = id->clone(id);
	set_remote(ike, remote);
	ike->pair->current = ike;
}

/**
 * An IKE_SA can't be used for new quick modes. Mutex held.
 */
static void clear_current(ike_t *ike)
{
	DESTROY_IF(ike->id);
	ike->id = NULL;
	if (ike->pair->current == ike)
	{
		ike->pair->current = NULL;
	}
}

/**
 * Give a flow a place in a pair, or let it wait for one. Mutex held.
 */
static void enter_pair(flow_t *flow, pair_t *pair)
{
	flow->pair = pair;
	flow->active = pair->active->get_count(pair->active) < ACTIVE_MAX;
	if (flow->active)
	{
		pair->active->insert_last(pair->active, flow);
	}
	else
	{
		pair->waiting->insert_last(pair->waiting, flow);
	}
}

/**
 * Take a flow off its pair. Its place goes to the first one that waits, which
 * is decided about again, as things may have changed. Mutex held.
 */
static void leave_pair(private_kernel_cryptomap_pairs_t *this, flow_t *flow)
{
	pair_t *pair = flow->pair;
	flow_t *next;

	pair->active->remove(pair->active, flow, NULL);
	pair->waiting->remove(pair->waiting, flow, NULL);
	if (flow->active &&
		pair->waiting->remove_first(pair->waiting, (void**)&next) == SUCCESS)
	{
		next->active = TRUE;
		next->undecided = TRUE;
		pair->active->insert_last(pair->active, next);
		this->cb(this->user, next->id, NULL, NULL, 0);
	}
	flow->pair = NULL;
	flow->active = FALSE;
	put_pair(this, pair);
}

/**
 * Forget a flow. Mutex held.
 */
static void end_flow(private_kernel_cryptomap_pairs_t *this, flow_t *flow)
{
	this->flows->remove(this->flows, num_key(flow->id));
	if (flow->pair)
	{
		leave_pair(this, flow);
	}
	free(flow);
}

METHOD(kernel_cryptomap_pairs_t, begin, bool,
	private_kernel_cryptomap_pairs_t *this, uint32_t id, bool *full)
{
	flow_t *flow;
	bool new;

	this->mutex->lock(this->mutex);
	new = !this->flows->get(this->flows, num_key(id));
	*full = new && this->flows->get_count(this->flows) >= FLOWS_MAX;
	if (new && !*full)
	{
		INIT(flow,
			.id = id,
			.undecided = TRUE,
		);
		this->flows->put(this->flows, num_key(id), flow);
	}
	this->mutex->unlock(this->mutex);
	return new && !*full;
}

METHOD(kernel_cryptomap_pairs_t, place, bool,
	private_kernel_cryptomap_pairs_t *this, uint32_t id, host_t *local,
	host_t *remote, char *profile)
{
	bool active = FALSE;
	pair_t *pair;
	flow_t *flow;

	this->mutex->lock(this->mutex);
	flow = this->flows->get(this->flows, num_key(id));
	if (flow && flow->undecided)
	{
		flow->undecided = FALSE;
		pair = get_pair(this, local, remote, profile, TRUE);
		if (flow->pair && flow->pair != pair)
		{	/* the addresses or profile changed while it waited */
			leave_pair(this, flow);
		}
		if (!flow->pair &&
			pair->waiting->get_count(pair->waiting) >= WAITING_MAX)
		{
			this->cb(this->user, id, "too many negotiations with this peer", NULL,
					 0);
			end_flow(this, flow);
		}
		else
		{
			if (!flow->pair)
			{
				enter_pair(flow, pair);
			}
			active = flow->active;
		}
	}
	this->mutex->unlock(this->mutex);
	return active;
}

METHOD(kernel_cryptomap_pairs_t, get_tries, u_int,
	private_kernel_cryptomap_pairs_t *this, uint32_t id)
{
	flow_t *flow;
	u_int tries;

	this->mutex->lock(this->mutex);
	flow = this->flows->get(this->flows, num_key(id));
	tries = flow ? flow->tries : 0;
	this->mutex->unlock(this->mutex);
	return tries;
}

/**
 * Note the IKE_SA of a flow.
 */
static void set_ike(private_kernel_cryptomap_pairs_t *this, uint32_t id,
					uint32_t unique, bool started)
{
	flow_t *flow;

	this->mutex->lock(this->mutex);
	flow = this->flows->get(this->flows, num_key(id));
	if (flow)
	{
		flow->unique = unique;
		flow->started = started;
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, assign, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t id, uint32_t unique)
{
	set_ike(this, id, unique, FALSE);
}

METHOD(kernel_cryptomap_pairs_t, started, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t id, uint32_t unique)
{
	set_ike(this, id, unique, TRUE);
}

METHOD(kernel_cryptomap_pairs_t, end, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t id)
{
	flow_t *flow;

	this->mutex->lock(this->mutex);
	flow = this->flows->get(this->flows, num_key(id));
	if (flow)
	{
		end_flow(this, flow);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, fail, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t id, uint32_t unique)
{
	flow_t *flow;
	ike_t *ike;

	this->mutex->lock(this->mutex);
	flow = this->flows->get(this->flows, num_key(id));
	if (flow && flow->unique == unique)
	{
		ike = this->ikes->get(this->ikes, num_key(unique));
		this->cb(this->user, id, ike && ike->reason ? ike->reason
													   : "quick mode failed",
				 NULL, 0);
		if (ike)
		{
			note_reason(ike, NULL);
		}
		end_flow(this, flow);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, get_ike, ike_sa_id_t*,
	private_kernel_cryptomap_pairs_t *this, host_t *local, host_t *remote,
	char *profile, bool create)
{
	ike_sa_id_t *id = NULL;
	pair_t *pair;
	ike_t *ike;

	this->mutex->lock(this->mutex);
	while ((pair = get_pair(this, local, remote, profile, create)) && pair->creating)
	{
		this->done->wait(this->done, this->mutex);
	}
	ike = pair ? choose_ike(pair, remote) : NULL;
	if (ike)
	{
		id = ike->id->clone(ike->id);
	}
	else if (pair && create)
	{
		pair->creating = TRUE;
	}
	this->mutex->unlock(this->mutex);
	return id;
}

METHOD(kernel_cryptomap_pairs_t, created, void,
	private_kernel_cryptomap_pairs_t *this, host_t *local, host_t *remote,
	char *profile, ike_sa_id_t *id, uint32_t unique)
{
	pair_t *pair;

	this->mutex->lock(this->mutex);
	pair = get_pair(this, local, remote, profile, TRUE);
	if (id)
	{
		set_current(add_ike(this, pair, unique), id, remote);
	}
	pair->creating = FALSE;
	put_pair(this, pair);
	this->done->broadcast(this->done);
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, established, void,
	private_kernel_cryptomap_pairs_t *this, host_t *local, host_t *remote,
	char *profile, ike_sa_id_t *id, uint32_t unique)
{
	ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->get(this->ikes, num_key(unique));
	if (!ike)
	{
		ike = add_ike(this, get_pair(this, local, remote, profile, TRUE), unique);
	}
	ike->established = TRUE;
	note_reason(ike, NULL);
	set_current(ike, id, remote);
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, migrated, void,
	private_kernel_cryptomap_pairs_t *this, host_t *local, host_t *remote,
	char *profile, uint32_t old, ike_sa_id_t *id, uint32_t unique, bool childless)
{
	enumerator_t *enumerator;
	flow_t *flow;
	pair_t *pair;
	ike_t *ike;

	this->mutex->lock(this->mutex);
	pair = get_pair(this, local, remote, profile, TRUE);
	ike = add_ike(this, pair, unique);
	set_current(ike, id, remote);
	enumerator = pair->active->create_enumerator(pair->active);
	while ((ike->established || childless) &&
		   enumerator->enumerate(enumerator, &flow))
	{
		if (flow->unique == old && !flow->started)
		{
			flow->unique = unique;
		}
	}
	enumerator->destroy(enumerator);
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, redecide, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t unique)
{
	enumerator_t *enumerator;
	linked_list_t *active;
	flow_t *flow;
	ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->get(this->ikes, num_key(unique));
	if (ike)
	{
		active = ike->pair->active;
		enumerator = active->create_enumerator(active);
		while (enumerator->enumerate(enumerator, &flow))
		{
			if (flow->unique == unique && !flow->started)
			{
				flow->unique = 0;
				flow->undecided = TRUE;
				this->cb(this->user, flow->id, NULL, NULL, 0);
			}
		}
		enumerator->destroy(enumerator);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, moved, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t unique, host_t *remote)
{
	ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->get(this->ikes, num_key(unique));
	if (ike)
	{
		set_remote(ike, remote);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, unusable, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t unique)
{
	ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->get(this->ikes, num_key(unique));
	if (ike)
	{
		clear_current(ike);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, lost, void,
	private_kernel_cryptomap_pairs_t *this, host_t *local, host_t *remote,
	char *profile, ike_sa_id_t *id)
{
	pair_t *pair;
	ike_t *ike;

	this->mutex->lock(this->mutex);
	pair = get_pair(this, local, remote, profile, FALSE);
	ike = pair ? choose_ike(pair, remote) : NULL;
	if (ike && ike->id->equals(ike->id, id))
	{
		clear_current(ike);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * The next flow that fails with an IKE_SA: one that it had, or, as the peer
 * does not even complete phase 1, one that waits for a place. Mutex held.
 */
static flow_t *find_failed(ike_t *ike, uint32_t unique)
{
	flow_t *current, *found = NULL;
	enumerator_t *enumerator;
	pair_t *pair = ike->pair;

	if (!ike->established &&
		pair->waiting->get_first(pair->waiting, (void**)&found) == SUCCESS)
	{
		return found;
	}
	enumerator = pair->active->create_enumerator(pair->active);
	while (!found && enumerator->enumerate(enumerator, &current))
	{
		if (current->unique == unique)
		{
			found = current;
		}
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * A flow fails with its IKE_SA. Mutex held.
 */
static void fail_flow(private_kernel_cryptomap_pairs_t *this, ike_t *ike,
					  flow_t *flow)
{
	if (!ike->established && ike->reason)
	{
		leave_pair(this, flow);
		flow->unique = 0;
		flow->started = FALSE;
		flow->undecided = TRUE;
		flow->tries++;
		this->cb(this->user, flow->id, ike->reason, ike->pair->remote,
				 flow->tries);
	}
	else
	{
		this->cb(this->user, flow->id, ike->reason ?:
				 "the ISAKMP SA was deleted", NULL, 0);
		end_flow(this, flow);
	}
}

METHOD(kernel_cryptomap_pairs_t, destroyed, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t unique)
{
	flow_t *flow;
	ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->remove(this->ikes, num_key(unique));
	if (ike)
	{
		clear_current(ike);
		while ((flow = find_failed(ike, unique)))
		{
			fail_flow(this, ike, flow);
		}
		ike->pair->ikes->remove(ike->pair->ikes, ike, NULL);
		put_pair(this, ike->pair);
		destroy_ike(ike);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, set_reason, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t unique,
	const char *reason)
{
	ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->get(this->ikes, num_key(unique));
	if (ike)
	{
		note_reason(ike, reason);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * Empty a list of flows.
 */
static void clear_list(linked_list_t *list)
{
	flow_t *flow;

	while (list->remove_first(list, (void**)&flow) == SUCCESS)
	{
		/* the table of flows owns it */
	}
}

METHOD(kernel_cryptomap_pairs_t, clear, void,
	private_kernel_cryptomap_pairs_t *this)
{
	enumerator_t *enumerator;
	flow_t *flow;
	pair_t *pair;

	this->mutex->lock(this->mutex);
	enumerator = this->pairs->create_enumerator(this->pairs);
	while (enumerator->enumerate(enumerator, NULL, &pair))
	{
		clear_list(pair->active);
		clear_list(pair->waiting);
		if (!is_used(pair))
		{
			this->pairs->remove_at(this->pairs, enumerator);
			destroy_pair(pair);
		}
	}
	enumerator->destroy(enumerator);
	enumerator = this->flows->create_enumerator(this->flows);
	while (enumerator->enumerate(enumerator, NULL, &flow))
	{
		this->flows->remove_at(this->flows, enumerator);
		free(flow);
	}
	enumerator->destroy(enumerator);
	this->mutex->unlock(this->mutex);
}

/**
 * Destroy a table and what is in it.
 */
static void destroy_table(hashtable_t *table, void (*destroy_item)(void*))
{
	enumerator_t *enumerator;
	void *item;

	enumerator = table->create_enumerator(table);
	while (enumerator->enumerate(enumerator, NULL, &item))
	{
		destroy_item(item);
	}
	enumerator->destroy(enumerator);
	table->destroy(table);
}

METHOD(kernel_cryptomap_pairs_t, destroy, void,
	private_kernel_cryptomap_pairs_t *this)
{
	destroy_table(this->flows, free);
	destroy_table(this->ikes, (void*)destroy_ike);
	destroy_table(this->pairs, (void*)destroy_pair);
	this->done->destroy(this->done);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_pairs_t *kernel_cryptomap_pairs_create(
								kernel_cryptomap_pairs_cb_t cb, void *user)
{
	private_kernel_cryptomap_pairs_t *this;

	INIT(this,
		.public = {
			.begin = _begin,
			.place = _place,
			.get_tries = _get_tries,
			.assign = _assign,
			.started = _started,
			.end = _end,
			.fail = _fail,
			.get_ike = _get_ike,
			.created = _created,
			.established = _established,
			.migrated = _migrated,
			.redecide = _redecide,
			.moved = _moved,
			.unusable = _unusable,
			.lost = _lost,
			.destroyed = _destroyed,
			.set_reason = _set_reason,
			.clear = _clear,
			.destroy = _destroy,
		},
		.cb = cb,
		.user = user,
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
		.done = condvar_create(CONDVAR_TYPE_DEFAULT),
		.flows = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr, 32),
		.pairs = hashtable_create(pair_hash, pair_equals, 32),
		.ikes = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr, 32),
	);
	return &this->public;
}
