/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_halfopen.h"

#include <daemon.h>
#include <collections/linked_list.h>
#include <processing/jobs/delete_ike_sa_job.h>
#include <threading/mutex.h>
#include <threading/thread_value.h>

/** IKE_SAs that are half open: in all, and of an address */
#define HALF_OPEN_MAX 500
#define HALF_OPEN_ADDRESS_MAX 100
/** Which part of these is for those without a third message in any case */
#define NEW_PART 5
/** Those, and first messages that charon has not looked at yet; IOS has 1000 for
 * "crypto call admission limit ike in-negotiation-sa" */
#define CHARON_MAX "1000"
/** First messages of aggressive mode that are answered in a second */
#define AGGRESSIVE_RATE 50

typedef struct private_kernel_cryptomap_halfopen_t private_kernel_cryptomap_halfopen_t;

/**
 * An IKE_SA that a peer started.
 */
typedef struct {
	/** its id in the IKE_SA manager */
	ike_sa_id_t *id;
	/** charon's number */
	uint32_t unique;
	/** where it came from */
	host_t *remote;
	/** a third message came, so that this is its address */
	bool proven;
} half_open_t;

struct private_kernel_cryptomap_halfopen_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_halfopen_t public;

	/**
	 * Exchange type of the message that this thread works on.
	 */
	thread_value_t *exchange;

	/**
	 * IKE_SAs that are half open, half_open_t, oldest first. Short enough to
	 * be searched.
	 */
	linked_list_t *list;

	/**
	 * The second that first messages of aggressive mode are counted in, and
	 * how many came.
	 */
	time_t second;
	u_int aggressive;

	/**
	 * Protects all but exchange.
	 */
	mutex_t *mutex;
};

/**
 * Destroy an entry.
 */
static void destroy_half_open(half_open_t *half)
{
	half->id->destroy(half->id);
	half->remote->destroy(half->remote);
	free(half);
}

/**
 * Forget an entry. Mutex held.
 */
static void forget(private_kernel_cryptomap_halfopen_t *this,
				   half_open_t *half)
{
	this->list->remove(this->list, half, NULL);
	destroy_half_open(half);
}

/**
 * Find the entry of an IKE_SA. Mutex held.
 */
static half_open_t *find(private_kernel_cryptomap_halfopen_t *this,
						 ike_sa_t *ike_sa)
{
	uint32_t unique = ike_sa->get_unique_id(ike_sa);
	half_open_t *current, *found = NULL;
	enumerator_t *enumerator;

	enumerator = this->list->create_enumerator(this->list);
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
 * The one that has to go of those that are too many: the oldest without a third message.
 * But who has a few addresses of his own can send third messages in masses, too, and would
 * leave no place where others wait for theirs.
 *
 * @param oldest		the oldest without a third message, and with one
 * @param proven		how many have one
 * @param max			how many there may be in all
 */
static half_open_t *choose(half_open_t *oldest[2], u_int proven, u_int max)
{
	if (!oldest[FALSE] || proven > max - max / NEW_PART)
	{
		return oldest[TRUE];
	}
	return oldest[FALSE];
}

/**
 * The one that has to go before one from an address can come, NULL for none.
 * Mutex held.
 */
static half_open_t *find_victim(private_kernel_cryptomap_halfopen_t *this,
								host_t *remote)
{
	half_open_t *current, *oldest[2] = {}, *same[2] = {};
	u_int all[2] = {}, count[2] = {};
	enumerator_t *enumerator;

	enumerator = this->list->create_enumerator(this->list);
	while (enumerator->enumerate(enumerator, &current))
	{
		if (!all[current->proven]++)
		{
			oldest[current->proven] = current;
		}
		if (current->remote->ip_equals(current->remote, remote) &&
			!count[current->proven]++)
		{
			same[current->proven] = current;
		}
	}
	enumerator->destroy(enumerator);
	if (count[FALSE] + count[TRUE] >= HALF_OPEN_ADDRESS_MAX)
	{
		return choose(same, count[TRUE], HALF_OPEN_ADDRESS_MAX);
	}
	if (all[FALSE] + all[TRUE] >= HALF_OPEN_MAX)
	{
		return choose(oldest, all[TRUE], HALF_OPEN_MAX);
	}
	return NULL;
}

/**
 * A peer starts phase 1.
 */
static void enter(private_kernel_cryptomap_halfopen_t *this, ike_sa_t *ike_sa)
{
	host_t *remote = ike_sa->get_other_host(ike_sa);
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	half_open_t *half, *victim;

	INIT(half,
		.id = id->clone(id),
		.unique = ike_sa->get_unique_id(ike_sa),
		.remote = remote->clone(remote),
	);
	this->mutex->lock(this->mutex);
	victim = find_victim(this, remote);
	if (victim)
	{	/* unless it is established meanwhile */
		lib->processor->queue_job(lib->processor, (job_t*)
							delete_ike_sa_job_create(victim->id, FALSE));
		forget(this, victim);
	}
	this->list->insert_last(this->list, half);
	this->mutex->unlock(this->mutex);
}

/**
 * Phase 1 is complete, or has failed.
 */
static void leave(private_kernel_cryptomap_halfopen_t *this, ike_sa_t *ike_sa)
{
	half_open_t *half;

	this->mutex->lock(this->mutex);
	half = find(this, ike_sa);
	if (half)
	{
		forget(this, half);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(listener_t, ike_state_change, bool,
	private_kernel_cryptomap_halfopen_t *this, ike_sa_t *ike_sa,
	ike_sa_state_t state)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);

	if (ike_sa->get_version(ike_sa) != IKEV1 || id->is_initiator(id))
	{
		return TRUE;
	}
	switch (state)
	{
		case IKE_CONNECTING:
			enter(this, ike_sa);
			break;
		case IKE_ESTABLISHED:
		case IKE_DELETING:
		case IKE_DESTROYING:
			leave(this, ike_sa);
			break;
		default:
			break;
	}
	return TRUE;
}

/**
 * A message comes to an IKE_SA that did not get a whole one yet. Of a fragment charon makes
 * an IKE_SA for whoever sends it, which counts nowhere and stays for ever. Nobody knows
 * whether a peer takes fragments before it answered.
 */
static void refuse_fragment(ike_sa_t *ike_sa, message_t *message)
{
	if (message->get_first_payload_type(message) == PLV1_FRAGMENT)
	{
		DBG1(DBG_IKE, "a fragment of a first message from %#H is ignored",
			 message->get_source(message));
		lib->processor->queue_job(lib->processor, (job_t*)
					delete_ike_sa_job_create(ike_sa->get_id(ike_sa), TRUE));
	}
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_halfopen_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	exchange_type_t exchange = message->get_exchange_type(message);
	half_open_t *half;

	if (incoming && !plain)
	{
		this->exchange->set(this->exchange, (void*)(uintptr_t)exchange);
		if (ike_sa->get_version(ike_sa) == IKEV1 &&
			ike_sa->get_state(ike_sa) == IKE_CREATED)
		{
			refuse_fragment(ike_sa, message);
		}
	}
	if (!incoming || !plain || (exchange != ID_PROT && exchange != AGGRESSIVE))
	{
		return TRUE;
	}
	/* its first message is told of before its state changes */
	this->mutex->lock(this->mutex);
	half = find(this, ike_sa);
	if (half)
	{
		half->proven = TRUE;
	}
	this->mutex->unlock(this->mutex);
	return TRUE;
}

METHOD(kernel_cryptomap_halfopen_t, admits, bool,
	private_kernel_cryptomap_halfopen_t *this)
{
	time_t now = time_monotonic(NULL);
	bool admits;

	if ((uintptr_t)this->exchange->get(this->exchange) != AGGRESSIVE)
	{
		return TRUE;
	}
	this->mutex->lock(this->mutex);
	if (this->second != now)
	{
		this->second = now;
		this->aggressive = 0;
	}
	admits = this->aggressive < AGGRESSIVE_RATE;
	if (this->aggressive++ == AGGRESSIVE_RATE)
	{
		DBG1(DBG_IKE, "more than %u first messages of aggressive mode in a "
			 "second: others are refused", AGGRESSIVE_RATE);
	}
	this->mutex->unlock(this->mutex);
	return admits;
}

METHOD(kernel_cryptomap_halfopen_t, destroy, void,
	private_kernel_cryptomap_halfopen_t *this)
{
	this->list->destroy_function(this->list, (void*)destroy_half_open);
	this->exchange->destroy(this->exchange);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
void kernel_cryptomap_halfopen_set_defaults()
{
	/* its limit for an address is by far too small for many clients behind a
	 * NAT, and who spoofs a peer's address would lock that peer out with it */
	lib->settings->set_default_str(lib->settings, "%s.dos_protection", "no",
								   lib->ns);
	lib->settings->set_default_str(lib->settings, "%s.init_limit_half_open",
								   CHARON_MAX, lib->ns);
}

/**
 * See header.
 */
kernel_cryptomap_halfopen_t *kernel_cryptomap_halfopen_create()
{
	private_kernel_cryptomap_halfopen_t *this;

	INIT(this,
		.public = {
			.listener = {
				.ike_state_change = _ike_state_change,
				.message = _message_hook,
			},
			.admits = _admits,
			.destroy = _destroy,
		},
		.exchange = thread_value_create(NULL),
		.list = linked_list_create(),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
