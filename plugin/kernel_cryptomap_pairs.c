/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_pairs.h"

#include "kernel_cryptomap_pair.h"

#include <collections/hashtable.h>
#include <threading/condvar.h>
#include <threading/mutex.h>

/** Active flows of a pair: quick modes that charon may have queued */
#define ACTIVE_MAX 16
/** Flows of a pair that wait, so that a peer which does not answer leaves room for
 * those of others... */
#define WAITING_MAX 1024
/** ...and flows in all */
#define FLOWS_MAX 8192

typedef struct private_kernel_cryptomap_pairs_t private_kernel_cryptomap_pairs_t;

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
	 * Pairs of addresses, kernel_cryptomap_pair_t by themselves.
	 */
	hashtable_t *pairs;

	/**
	 * IKE_SAs of pairs, kernel_cryptomap_ike_t by unique id.
	 */
	hashtable_t *ikes;
};

/**
 * A flow under negotiation.
 */
typedef struct {
	/** id of the flow */
	uint32_t id;
	/** addresses, NULL if it has neither a place nor waits for one */
	kernel_cryptomap_pair_t *pair;
	/** unique id of its IKE_SA, 0 while there is none */
	uint32_t unique;
	/** unique id of the CHILD_SA of its quick mode, 0 while none is under way */
	uint32_t child;
	/** that is the peer's quick mode, nobody asked for the flow... */
	bool theirs;
	/** ...or somebody did meanwhile */
	bool asked;
	/** it has a place */
	bool active;
	/** it is being decided about, place() is expected */
	bool undecided;
	/** it has a place, but another one of the pair is being handed to charon */
	bool postponed;
	/** phase 1 that failed */
	u_int tries;
	/** the peer refused its quick mode */
	bool refused;
} flow_t;

/**
 * Get a pair of addresses. Mutex held.
 *
 * @param create		TRUE to create it if need be
 */
static kernel_cryptomap_pair_t *get_pair(
								private_kernel_cryptomap_pairs_t *this,
								host_t *local, host_t *remote, char *profile,
								bool create)
{
	kernel_cryptomap_pair_t key = {
		.local = local,
		.remote = remote,
		.profile = profile,
	}, *pair;

	pair = this->pairs->get(this->pairs, &key);
	if (!pair && create)
	{
		pair = kernel_cryptomap_pair_create(local, remote, profile);
		this->pairs->put(this->pairs, pair, pair);
	}
	return pair;
}

/**
 * Forget a pair of addresses that nothing refers to. Mutex held.
 */
static void put_pair(private_kernel_cryptomap_pairs_t *this,
					 kernel_cryptomap_pair_t *pair)
{
	if (!kernel_cryptomap_pair_is_used(pair))
	{
		this->pairs->remove(this->pairs, pair);
		kernel_cryptomap_pair_destroy(pair);
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
static kernel_cryptomap_ike_t *add_ike(private_kernel_cryptomap_pairs_t *this,
									   kernel_cryptomap_pair_t *pair,
									   uint32_t unique)
{
	kernel_cryptomap_ike_t *ike;

	ike = this->ikes->get(this->ikes, num_key(unique));
	if (!ike)
	{
		ike = kernel_cryptomap_ike_create(pair);
		this->ikes->put(this->ikes, num_key(unique), ike);
	}
	return ike;
}

/**
 * Give a flow a place in a pair, or let it wait for one. Mutex held.
 */
static void enter_pair(flow_t *flow, kernel_cryptomap_pair_t *pair)
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
	kernel_cryptomap_pair_t *pair = flow->pair;
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
	flow->postponed = FALSE;
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

/**
 * Add a flow. Mutex held.
 *
 * @return				NULL if there are too many
 */
static flow_t *add_flow(private_kernel_cryptomap_pairs_t *this, uint32_t id)
{
	flow_t *flow;

	if (this->flows->get_count(this->flows) >= FLOWS_MAX)
	{
		return NULL;
	}
	INIT(flow,
		.id = id,
	);
	this->flows->put(this->flows, num_key(id), flow);
	return flow;
}

METHOD(kernel_cryptomap_pairs_t, begin, bool,
	private_kernel_cryptomap_pairs_t *this, uint32_t id, bool *full)
{
	flow_t *flow;
	bool begun = FALSE;

	this->mutex->lock(this->mutex);
	flow = this->flows->get(this->flows, num_key(id));
	if (flow)
	{
		flow->asked = TRUE;
	}
	else if ((flow = add_flow(this, id)))
	{
		flow->undecided = TRUE;
		begun = TRUE;
	}
	*full = !flow;
	this->mutex->unlock(this->mutex);
	return begun;
}

METHOD(kernel_cryptomap_pairs_t, place, bool,
	private_kernel_cryptomap_pairs_t *this, uint32_t id, host_t *local,
	host_t *remote, char *profile)
{
	bool active = FALSE;
	kernel_cryptomap_pair_t *pair;
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
			active = flow->active && !pair->handing;
			flow->postponed = flow->active && pair->handing;
			pair->handing |= active;
		}
	}
	this->mutex->unlock(this->mutex);
	return active;
}

METHOD(kernel_cryptomap_pairs_t, placed, void,
	private_kernel_cryptomap_pairs_t *this, host_t *local, host_t *remote,
	char *profile)
{
	kernel_cryptomap_pair_t *pair;
	enumerator_t *enumerator;
	flow_t *flow;

	this->mutex->lock(this->mutex);
	pair = get_pair(this, local, remote, profile, FALSE);
	if (pair)
	{
		pair->handing = FALSE;
		/* all, as the first one may not be handed over after all */
		enumerator = pair->active->create_enumerator(pair->active);
		while (enumerator->enumerate(enumerator, &flow))
		{
			if (flow->postponed)
			{
				flow->postponed = FALSE;
				flow->undecided = TRUE;
				this->cb(this->user, flow->id, NULL, NULL, 0);
			}
		}
		enumerator->destroy(enumerator);
		put_pair(this, pair);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, is_refused, bool,
	private_kernel_cryptomap_pairs_t *this, uint32_t id)
{
	flow_t *flow;
	bool refused;

	this->mutex->lock(this->mutex);
	flow = this->flows->get(this->flows, num_key(id));
	refused = flow && flow->refused;
	this->mutex->unlock(this->mutex);
	return refused;
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
 * Note the IKE_SA of a flow, and the CHILD_SA of its quick mode.
 */
static void set_ike(private_kernel_cryptomap_pairs_t *this, uint32_t id,
					uint32_t unique, uint32_t child)
{
	flow_t *flow;

	this->mutex->lock(this->mutex);
	flow = this->flows->get(this->flows, num_key(id));
	if (flow)
	{
		flow->unique = unique;
		flow->child = child;
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, assign, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t id, uint32_t unique)
{
	set_ike(this, id, unique, 0);
}

METHOD(kernel_cryptomap_pairs_t, started, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t id, uint32_t unique,
	uint32_t child)
{
	set_ike(this, id, unique, child);
}

METHOD(kernel_cryptomap_pairs_t, respond, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t id, uint32_t unique,
	uint32_t child)
{
	flow_t *flow;

	this->mutex->lock(this->mutex);
	flow = this->flows->get(this->flows, num_key(id));
	flow = flow ? NULL : add_flow(this, id);
	if (flow)
	{
		flow->unique = unique;
		flow->child = child;
		flow->theirs = TRUE;
	}
	this->mutex->unlock(this->mutex);
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

/**
 * A flow has no quick mode any more, and is to be decided about. Mutex held.
 */
static void reset_flow(flow_t *flow)
{
	flow->unique = 0;
	flow->child = 0;
	flow->undecided = TRUE;
}

/**
 * The peer's quick mode for a flow came to nothing. Mutex held.
 */
static void fail_theirs(private_kernel_cryptomap_pairs_t *this, flow_t *flow)
{
	if (!flow->asked)
	{
		end_flow(this, flow);
		return;
	}
	reset_flow(flow);
	flow->theirs = FALSE;
	this->cb(this->user, flow->id, NULL, NULL, 0);
}

/**
 * Our quick mode for a flow failed. Mutex held.
 */
static void fail_ours(private_kernel_cryptomap_pairs_t *this, flow_t *flow)
{
	kernel_cryptomap_ike_t *ike;
	bool again;

	ike = this->ikes->get(this->ikes, num_key(flow->unique));
	again = ike && ike->refused && !flow->refused;
	this->cb(this->user, flow->id,
			 ike && ike->reason ? ike->reason : "quick mode failed", NULL, again);
	if (ike)
	{
		kernel_cryptomap_ike_set_reason(ike, NULL, FALSE);
	}
	if (again)
	{
		reset_flow(flow);
		flow->refused = TRUE;
	}
	else
	{
		end_flow(this, flow);
	}
}

METHOD(kernel_cryptomap_pairs_t, fail, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t id, uint32_t child)
{
	flow_t *flow;

	this->mutex->lock(this->mutex);
	flow = this->flows->get(this->flows, num_key(id));
	if (flow && flow->child == child)
	{
		if (flow->theirs)
		{
			fail_theirs(this, flow);
		}
		else
		{
			fail_ours(this, flow);
		}
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, get_ike, ike_sa_id_t*,
	private_kernel_cryptomap_pairs_t *this, host_t *local, host_t *remote,
	char *profile, bool create)
{
	ike_sa_id_t *id = NULL;
	kernel_cryptomap_pair_t *pair;
	kernel_cryptomap_ike_t *ike;

	this->mutex->lock(this->mutex);
	while ((pair = get_pair(this, local, remote, profile, create)) && pair->creating)
	{
		this->done->wait(this->done, this->mutex);
	}
	ike = pair ? kernel_cryptomap_pair_choose(pair, remote) : NULL;
	if (ike)
	{
		id = profile || ike->established ? ike->id->clone(ike->id) : NULL;
	}
	else if (pair && create)
	{
		pair->creating = TRUE;
	}
	this->mutex->unlock(this->mutex);
	return id;
}

METHOD(kernel_cryptomap_pairs_t, get_successor, ike_sa_id_t*,
	private_kernel_cryptomap_pairs_t *this, uint32_t unique, bool *established)
{
	kernel_cryptomap_ike_t *ike, *current = NULL;
	ike_sa_id_t *id = NULL;

	this->mutex->lock(this->mutex);
	ike = this->ikes->get(this->ikes, num_key(unique));
	if (ike && ike->remote)
	{
		current = kernel_cryptomap_pair_choose(ike->pair, ike->remote);
	}
	if (current && current != ike)
	{
		*established = current->established;
		id = current->id->clone(current->id);
	}
	this->mutex->unlock(this->mutex);
	return id;
}

METHOD(kernel_cryptomap_pairs_t, created, void,
	private_kernel_cryptomap_pairs_t *this, host_t *local, host_t *remote,
	char *profile, ike_sa_id_t *id, uint32_t unique)
{
	kernel_cryptomap_pair_t *pair;

	this->mutex->lock(this->mutex);
	pair = get_pair(this, local, remote, profile, TRUE);
	if (id)
	{
		kernel_cryptomap_ike_use(add_ike(this, pair, unique), id, remote);
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
	kernel_cryptomap_ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->get(this->ikes, num_key(unique));
	if (!ike)
	{
		ike = add_ike(this, get_pair(this, local, remote, profile, TRUE), unique);
	}
	ike->established = TRUE;
	kernel_cryptomap_ike_set_reason(ike, NULL, FALSE);
	kernel_cryptomap_ike_use(ike, id, remote);
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, migrated, void,
	private_kernel_cryptomap_pairs_t *this, host_t *local, host_t *remote,
	char *profile, uint32_t old, ike_sa_id_t *id, uint32_t unique, bool childless)
{
	enumerator_t *enumerator;
	flow_t *flow;
	kernel_cryptomap_pair_t *pair;
	kernel_cryptomap_ike_t *ike;

	this->mutex->lock(this->mutex);
	pair = get_pair(this, local, remote, profile, TRUE);
	ike = add_ike(this, pair, unique);
	kernel_cryptomap_ike_use(ike, id, remote);
	enumerator = pair->active->create_enumerator(pair->active);
	while ((ike->established || childless) &&
		   enumerator->enumerate(enumerator, &flow))
	{
		if (flow->unique == old && !flow->child)
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
	kernel_cryptomap_ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->get(this->ikes, num_key(unique));
	if (ike)
	{
		active = ike->pair->active;
		enumerator = active->create_enumerator(active);
		while (enumerator->enumerate(enumerator, &flow))
		{
			if (flow->unique == unique && !flow->child)
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
	kernel_cryptomap_ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->get(this->ikes, num_key(unique));
	if (ike)
	{
		kernel_cryptomap_ike_set_remote(ike, remote);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, unusable, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t unique)
{
	kernel_cryptomap_ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->get(this->ikes, num_key(unique));
	if (ike)
	{
		kernel_cryptomap_ike_stop(ike);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, lost, void,
	private_kernel_cryptomap_pairs_t *this, host_t *local, host_t *remote,
	char *profile, ike_sa_id_t *id)
{
	kernel_cryptomap_pair_t *pair;
	kernel_cryptomap_ike_t *ike;

	this->mutex->lock(this->mutex);
	pair = get_pair(this, local, remote, profile, FALSE);
	ike = pair ? kernel_cryptomap_pair_choose(pair, remote) : NULL;
	if (ike && ike->id->equals(ike->id, id))
	{
		kernel_cryptomap_ike_stop(ike);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * The next flow that fails with an IKE_SA: one that it had, or, as the peer
 * does not even complete phase 1, one that waits for a place. Mutex held.
 */
static flow_t *find_failed(kernel_cryptomap_ike_t *ike, uint32_t unique)
{
	flow_t *current, *found = NULL;
	enumerator_t *enumerator;
	kernel_cryptomap_pair_t *pair = ike->pair;

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
static void fail_flow(private_kernel_cryptomap_pairs_t *this,
					  kernel_cryptomap_ike_t *ike, flow_t *flow)
{
	if (!ike->established && ike->reason)
	{
		leave_pair(this, flow);
		reset_flow(flow);
		flow->refused = FALSE;
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
	kernel_cryptomap_ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->remove(this->ikes, num_key(unique));
	if (ike)
	{
		kernel_cryptomap_ike_stop(ike);
		while ((flow = find_failed(ike, unique)))
		{
			fail_flow(this, ike, flow);
		}
		ike->pair->ikes->remove(ike->pair->ikes, ike, NULL);
		put_pair(this, ike->pair);
		kernel_cryptomap_ike_destroy(ike);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(kernel_cryptomap_pairs_t, set_reason, void,
	private_kernel_cryptomap_pairs_t *this, uint32_t unique,
	const char *reason, bool refused)
{
	kernel_cryptomap_ike_t *ike;

	this->mutex->lock(this->mutex);
	ike = this->ikes->get(this->ikes, num_key(unique));
	if (ike)
	{
		kernel_cryptomap_ike_set_reason(ike, reason, refused);
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
	kernel_cryptomap_pair_t *pair;

	this->mutex->lock(this->mutex);
	enumerator = this->pairs->create_enumerator(this->pairs);
	while (enumerator->enumerate(enumerator, NULL, &pair))
	{
		clear_list(pair->active);
		clear_list(pair->waiting);
		if (!kernel_cryptomap_pair_is_used(pair))
		{
			this->pairs->remove_at(this->pairs, enumerator);
			kernel_cryptomap_pair_destroy(pair);
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
	destroy_table(this->ikes, (void*)kernel_cryptomap_ike_destroy);
	destroy_table(this->pairs, (void*)kernel_cryptomap_pair_destroy);
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
			.placed = _placed,
			.is_refused = _is_refused,
			.get_tries = _get_tries,
			.assign = _assign,
			.started = _started,
			.respond = _respond,
			.end = _end,
			.fail = _fail,
			.get_ike = _get_ike,
			.get_successor = _get_successor,
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
		.pairs = hashtable_create(kernel_cryptomap_pair_hash,
								  kernel_cryptomap_pair_equals, 32),
		.ikes = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr, 32),
	);
	return &this->public;
}
