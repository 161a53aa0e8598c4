/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_states.h"

#include "compat.h"
#include "kernel_cryptomap_algs.h"

#include <daemon.h>
#include <collections/hashtable.h>
#include <processing/jobs/callback_job.h>
#include <sa/ikev1/tasks/isakmp_delete.h>
#include <sa/ikev1/tasks/quick_delete.h>
#include <threading/mutex.h>

/** IOS numbers ISAKMP SAs from here */
#define CONN_ID_FIRST 1001
/** Deleted ISAKMP SAs that are kept... */
#define TOMBSTONES_MAX 64
/** ...and for how many seconds */
#define TOMBSTONE_TIME 60

typedef struct private_kernel_cryptomap_states_t private_kernel_cryptomap_states_t;

struct private_kernel_cryptomap_states_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_states_t public;

	/**
	 * Protects what follows. The bus may be locked when this is taken, not
	 * the other way round.
	 */
	mutex_t *mutex;

	/**
	 * ISAKMP SAs, row_t by unique id.
	 */
	hashtable_t *rows;

	/**
	 * Deleted ones, row_t, oldest first.
	 */
	linked_list_t *tombstones;

	/**
	 * Number of the last one.
	 */
	uint32_t conn_id;
};

/**
 * States of an ISAKMP SA.
 */
typedef enum {
	NO_STATE,
	SA_SETUP,
	KEY_EXCH,
	KEY_AUTH,
	QM_IDLE,
} state_t;

/**
 * Names of the states in main and aggressive mode.
 */
static const char *const names[][2] = {
	[NO_STATE] = { "MM_NO_STATE", "AG_NO_STATE" },
	[SA_SETUP] = { "MM_SA_SETUP", "AG_NO_STATE" },
	[KEY_EXCH] = { "MM_KEY_EXCH", "AG_INIT_EXCH" },
	[KEY_AUTH] = { "MM_KEY_AUTH", "AG_AUTH" },
	[QM_IDLE] = { "QM_IDLE", "QM_IDLE" },
};

/**
 * An ISAKMP SA.
 */
typedef struct {
	/** id in the IKE_SA manager */
	ike_sa_id_t *id;
	/** charon's number */
	uint32_t unique;
	/** our number */
	uint32_t conn_id;
	/** addresses and ports */
	host_t *local, *remote;
	/** this side started it */
	bool initiator;
	/** aggressive mode */
	bool aggressive;
	/** how far it is */
	state_t state;
	/** when it was deleted, 0 if it was not */
	time_t deleted;
	/** when it was established, 0 if it was not */
	time_t established;
	/** when it was created */
	time_t created;
	/** when it expires, 0 while not established */
	time_t expires;
	/** algorithms, "" while not negotiated */
	const char *encr, *hash;
	/** length of the key, Diffie-Hellman group */
	uint16_t key_bits, group;
	/** the peer does dead peer detection; there is a NAT */
	bool dpd, nat;
	/** authenticated by RSA signatures */
	bool rsa;
	/** what the peer calls itself, "" while unknown */
	char peer_id[128];
} row_t;

/**
 * Destroy a row.
 */
static void destroy_row(row_t *row)
{
	DESTROY_IF(row->id);
	DESTROY_IF(row->local);
	DESTROY_IF(row->remote);
	free(row);
}

/**
 * Key of the table.
 */
static void *row_key(uint32_t unique)
{
	return (void*)(uintptr_t)unique;
}

/**
 * Take over what an IKE_SA knows about itself. Mutex held.
 */
static void update_row(row_t *row, ike_sa_t *ike_sa)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	host_t *local = ike_sa->get_my_host(ike_sa);
	host_t *remote = ike_sa->get_other_host(ike_sa);
	proposal_t *proposal = ike_sa->get_proposal(ike_sa);

	DESTROY_IF(row->id);
	DESTROY_IF(row->local);
	DESTROY_IF(row->remote);
	row->id = id->clone(id);
	row->local = local->clone(local);
	row->remote = remote->clone(remote);
	row->initiator = id->is_initiator(id);
	row->nat = ike_sa->has_condition(ike_sa, COND_NAT_ANY);
	row->dpd = ike_sa->supports_extension(ike_sa, EXT_DPD);
	if (proposal)
	{
		kernel_cryptomap_ike_words(proposal, &row->encr, &row->key_bits,
								   &row->hash, &row->group);
	}
}

/**
 * Get the row of an IKE_SA, create it if need be, and bring it up to date.
 * Mutex held.
 */
static row_t *get_row(private_kernel_cryptomap_states_t *this,
					  ike_sa_t *ike_sa)
{
	uint32_t unique = ike_sa->get_unique_id(ike_sa);
	row_t *row;

	row = this->rows->get(this->rows, row_key(unique));
	if (!row)
	{
		INIT(row,
			.unique = unique,
			.conn_id = this->conn_id++,
			.created = time_monotonic(NULL),
			.encr = "",
			.hash = "",
		);
		this->rows->put(this->rows, row_key(unique), row);
	}
	update_row(row, ike_sa);
	return row;
}

/**
 * Get a row some way on, never back. The last states before QM_IDLE pass at
 * once: only the log has them. Mutex held.
 */
static void set_state(row_t *row, state_t state)
{
	if (row->state < state)
	{
		row->state = state;
		DBG2(DBG_IKE, "ISAKMP SA %u with %H: %s", row->conn_id, row->remote,
			 names[state][row->aggressive]);
	}
}

/**
 * Get an IKE_SA some way on, never back.
 */
static void advance(private_kernel_cryptomap_states_t *this, ike_sa_t *ike_sa,
					state_t state)
{
	this->mutex->lock(this->mutex);
	set_state(get_row(this, ike_sa), state);
	this->mutex->unlock(this->mutex);
}

/**
 * An ISAKMP SA is established.
 */
static void on_established(private_kernel_cryptomap_states_t *this,
						   ike_sa_t *ike_sa)
{
	row_t *row;

	this->mutex->lock(this->mutex);
	row = get_row(this, ike_sa);
	if (row->state != QM_IDLE)
	{
		set_state(row, QM_IDLE);
		row->established = time_monotonic(NULL);
		row->expires = ike_sa->get_statistic(ike_sa, STAT_DELETE);
		snprintf(row->peer_id, sizeof(row->peer_id), "%Y",
				 ike_sa->get_other_id(ike_sa));
	}
	this->mutex->unlock(this->mutex);
}

/**
 * The peer may have said that an ISAKMP SA ends earlier.
 */
static void update_end(private_kernel_cryptomap_states_t *this,
					   ike_sa_t *ike_sa)
{
	row_t *row;

	this->mutex->lock(this->mutex);
	row = this->rows->get(this->rows, row_key(ike_sa->get_unique_id(ike_sa)));
	if (row)
	{
		row->expires = ike_sa->get_statistic(ike_sa, STAT_DELETE);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * Drop the deleted ones that are too many or too old. Mutex held.
 */
static void sweep(private_kernel_cryptomap_states_t *this)
{
	time_t now = time_monotonic(NULL);
	row_t *row;

	while (this->tombstones->get_first(this->tombstones,
									   (void**)&row) == SUCCESS &&
		   (now - row->deleted > TOMBSTONE_TIME ||
			this->tombstones->get_count(this->tombstones) > TOMBSTONES_MAX))
	{
		this->tombstones->remove_first(this->tombstones, (void**)&row);
		destroy_row(row);
	}
}

/**
 * An ISAKMP SA is gone. IOS shows a deleted one without state.
 */
static void on_deleted(private_kernel_cryptomap_states_t *this,
					   ike_sa_t *ike_sa)
{
	row_t *row;

	this->mutex->lock(this->mutex);
	row = this->rows->remove(this->rows,
							 row_key(ike_sa->get_unique_id(ike_sa)));
	if (row)
	{
		row->state = NO_STATE;
		row->deleted = time_monotonic(NULL);
		this->tombstones->insert_last(this->tombstones, row);
		sweep(this);
	}
	this->mutex->unlock(this->mutex);
}

METHOD(listener_t, ike_state_change, bool,
	private_kernel_cryptomap_states_t *this, ike_sa_t *ike_sa,
	ike_sa_state_t state)
{
	if (ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	switch (state)
	{
		case IKE_CONNECTING:
			advance(this, ike_sa, NO_STATE);
			break;
		case IKE_ESTABLISHED:
			on_established(this, ike_sa);
			break;
		case IKE_DELETING:
		case IKE_DESTROYING:
			on_deleted(this, ike_sa);
			break;
		default:
			break;
	}
	return TRUE;
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_states_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	exchange_type_t exchange = message->get_exchange_type(message);
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	bool answer;
	row_t *row;

	if (incoming && plain && ike_sa->get_state(ike_sa) == IKE_ESTABLISHED)
	{
		update_end(this, ike_sa);
	}
	if (!plain || (exchange != ID_PROT && exchange != AGGRESSIVE))
	{
		return TRUE;
	}
	/* the policy is agreed with the second message */
	answer = incoming == id->is_initiator(id) &&
			 message->get_payload(message, PLV1_SECURITY_ASSOCIATION);

	this->mutex->lock(this->mutex);
	/* before charon says anything of an IKE_SA that the peer started: the mode
	 * is known by the message only */
	row = get_row(this, ike_sa);
	row->aggressive = exchange == AGGRESSIVE;
	if (answer)
	{
		set_state(row, SA_SETUP);
	}
	this->mutex->unlock(this->mutex);
	return TRUE;
}

METHOD(listener_t, ike_keys, bool,
	private_kernel_cryptomap_states_t *this, ike_sa_t *ike_sa,
	IKE_KEYS_EXCHANGES *kes, chunk_t dh_other, chunk_t nonce_i, chunk_t nonce_r,
	ike_sa_t *rekey, shared_key_t *shared, auth_method_t method)
{
	if (ike_sa->get_version(ike_sa) == IKEV1)
	{
		advance(this, ike_sa, KEY_EXCH);
		this->mutex->lock(this->mutex);
		get_row(this, ike_sa)->rsa = method == AUTH_RSA;
		this->mutex->unlock(this->mutex);
	}
	return TRUE;
}

METHOD(listener_t, authorize, bool,
	private_kernel_cryptomap_states_t *this, ike_sa_t *ike_sa, bool final,
	bool *success)
{
	/* called once the peer's last message of phase 1 was verified */
	if (ike_sa->get_version(ike_sa) == IKEV1)
	{
		advance(this, ike_sa, KEY_AUTH);
	}
	return TRUE;
}

/**
 * A row as JSON.
 */
static json_t *row_to_json(row_t *row, time_t now)
{
	char local[64], remote[64];
	time_t since;

	snprintf(local, sizeof(local), "%H", row->local);
	snprintf(remote, sizeof(remote), "%H", row->remote);
	since = row->established ?: row->created;
	return json_pack("{s:i, s:i, s:s, s:i, s:s, s:i, s:b, s:s, s:b, s:s, s:i, "
					 "s:s, s:s, s:i, s:I, s:b, s:b, s:s, s:I}",
		"conn-id", (int)row->conn_id,
		"unique-id", (int)row->unique,
		"local", local,
		"local-port", (int)row->local->get_port(row->local),
		"remote", remote,
		"remote-port", (int)row->remote->get_port(row->remote),
		"initiator", (int)row->initiator,
		"state", names[row->state][row->aggressive],
		"deleted", (int)(row->deleted != 0),
		"encr", row->encr,
		"key-bits", (int)row->key_bits,
		"hash", row->hash,
		"auth", row->rsa ? "rsig" : "psk",
		"group", (int)row->group,
		"lifetime", (json_int_t)max(row->expires - now, 0),
		"dpd", (int)row->dpd,
		"nat", (int)row->nat,
		"id", row->peer_id,
		"uptime", (json_int_t)(now - since));
}

METHOD(kernel_cryptomap_states_t, list, json_t*,
	private_kernel_cryptomap_states_t *this)
{
	time_t now = time_monotonic(NULL);
	enumerator_t *enumerator;
	json_t *array;
	row_t *row;

	array = json_array();
	this->mutex->lock(this->mutex);
	sweep(this);
	enumerator = this->rows->create_enumerator(this->rows);
	while (enumerator->enumerate(enumerator, NULL, &row))
	{
		json_array_append_new(array, row_to_json(row, now));
	}
	enumerator->destroy(enumerator);
	enumerator = this->tombstones->create_enumerator(this->tombstones);
	while (enumerator->enumerate(enumerator, &row))
	{
		json_array_append_new(array, row_to_json(row, now));
	}
	enumerator->destroy(enumerator);
	this->mutex->unlock(this->mutex);
	return array;
}

/**
 * Queue DELETEs for the CHILD_SAs that are gone from the kernel already, as
 * when the operator clears both: their own jobs may come too late.
 */
static void queue_deletes(ike_sa_t *ike_sa)
{
	kernel_ipsec_query_sa_t query = {};
	kernel_ipsec_sa_id_t id = {
		.src = ike_sa->get_other_host(ike_sa),
		.dst = ike_sa->get_my_host(ike_sa),
		.proto = IPPROTO_ESP,
	};
	enumerator_t *enumerator;
	quick_delete_t *task;
	child_sa_t *child_sa;

	enumerator = ike_sa->create_child_sa_enumerator(ike_sa);
	while (enumerator->enumerate(enumerator, &child_sa))
	{
		id.spi = child_sa->get_spi(child_sa, TRUE);
		if (charon->kernel->query_sa(charon->kernel, &id, &query, NULL, NULL,
									 NULL) != SUCCESS)
		{
			task = quick_delete_create(ike_sa, PROTO_ESP, id.spi, FALSE, FALSE);
			ike_sa->queue_task(ike_sa, &task->task);
		}
	}
	enumerator->destroy(enumerator);
}

/**
 * Delete an ISAKMP SA. charon's own way would delete its CHILD_SAs first.
 */
CALLBACK(delete_job, job_requeue_t,
	ike_sa_id_t *id)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	ike_sa_state_t state;
	isakmp_delete_t *task;
	ike_sa_t *ike_sa;

	ike_sa = manager->checkout(manager, id);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	state = ike_sa->get_state(ike_sa);
	if (state == IKE_ESTABLISHED || state == IKE_REKEYING)
	{
		ike_sa->flush_queue(ike_sa, TASK_QUEUE_ACTIVE);
		if (state == IKE_ESTABLISHED)
		{	/* else its successor has the CHILD_SAs */
			queue_deletes(ike_sa);
		}
		task = isakmp_delete_create(ike_sa, TRUE);
		ike_sa->queue_task(ike_sa, &task->task);
		ike_sa->initiate(ike_sa, NULL, NULL);
	}
	manager->checkin_and_destroy(manager, ike_sa);
	return JOB_REQUEUE_NONE;
}

METHOD(kernel_cryptomap_states_t, clear, u_int,
	private_kernel_cryptomap_states_t *this, uint32_t conn_id)
{
	enumerator_t *enumerator;
	u_int count = 0;
	row_t *row;

	this->mutex->lock(this->mutex);
	enumerator = this->rows->create_enumerator(this->rows);
	while (enumerator->enumerate(enumerator, NULL, &row))
	{
		if (!conn_id || row->conn_id == conn_id)
		{
			lib->processor->queue_job(lib->processor, (job_t*)
					callback_job_create(delete_job, row->id->clone(row->id),
										(void*)row->id->destroy, NULL));
			count++;
		}
	}
	enumerator->destroy(enumerator);
	this->mutex->unlock(this->mutex);
	return count;
}

METHOD(kernel_cryptomap_states_t, destroy, void,
	private_kernel_cryptomap_states_t *this)
{
	enumerator_t *enumerator;
	row_t *row;

	enumerator = this->rows->create_enumerator(this->rows);
	while (enumerator->enumerate(enumerator, NULL, &row))
	{
		destroy_row(row);
	}
	enumerator->destroy(enumerator);
	this->rows->destroy(this->rows);
	this->tombstones->destroy_function(this->tombstones, (void*)destroy_row);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_states_t *kernel_cryptomap_states_create()
{
	private_kernel_cryptomap_states_t *this;

	INIT(this,
		.public = {
			.listener = {
				.ike_state_change = _ike_state_change,
				.message = _message_hook,
				.ike_keys = _ike_keys,
				.authorize = _authorize,
			},
			.list = _list,
			.clear = _clear,
			.destroy = _destroy,
		},
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
		.rows = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr, 32),
		.tombstones = linked_list_create(),
		.conn_id = CONN_ID_FIRST,
	);
	return &this->public;
}
