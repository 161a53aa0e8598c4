/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_exchanges.h"

#include "kernel_cryptomap_checkin.h"
#include "kernel_cryptomap_filter.h"

#include <daemon.h>
#include <collections/hashtable.h>
#include <collections/linked_list.h>
#include <encoding/payloads/sa_payload.h>
#include <processing/jobs/callback_job.h>
#include <sa/ikev1/tasks/quick_mode.h>
#include <threading/mutex.h>

/** Quick modes of an IKE_SA that are followed, and that charon keeps IVs of... */
#define EXCHANGES_MAX 64
/** ...for this many seconds at least, while there are not more */
#define KEEP_TIME 60
/** Seconds after which a second message is repeated, doubled with each time... */
#define REPEAT_TIME 1
/** ...and how often: after 15 seconds in all it is given up. A third message likewise,
 * while the peer does not use the SA */
#define REPEATS_MAX 3
/** From which repeat of a first message on other quick modes go before */
#define SKIP_REPEAT 2
/** Where charon's numbers of messages begin that it repeats as responder */
#define RESPONDING_SEQ INT_MAX

typedef struct private_kernel_cryptomap_exchanges_t private_kernel_cryptomap_exchanges_t;

struct private_kernel_cryptomap_exchanges_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_exchanges_t public;

	/**
	 * Negotiator.
	 */
	kernel_cryptomap_acquire_t *acquire;

	/**
	 * Judge of peers that do not answer.
	 */
	kernel_cryptomap_keepalive_t *keepalive;

	/**
	 * IKE_SAs, sa_t by ike_sa_t. What is in an sa_t belongs to the thread that has
	 * its IKE_SA checked out.
	 */
	hashtable_t *sas;

	/**
	 * Protects sas.
	 */
	mutex_t *mutex;
};

/**
 * The only one, for the methods of IKE_SAs.
 */
static private_kernel_cryptomap_exchanges_t *exchanges;

/**
 * An IKE_SA.
 */
typedef struct {
	/** its own methods */
	status_t (*process_message)(ike_sa_t *this, message_t *message);
	status_t (*retransmit)(ike_sa_t *this, uint32_t seqnr);
	ike_sa_state_t (*get_state)(ike_sa_t *this);
	/** its quick modes, exchange_t, the oldest first */
	linked_list_t *exchanges;
	/** when one was skipped, monotonic */
	time_t skipped;
} sa_t;

/**
 * A quick mode.
 */
typedef struct {
	/** message ID */
	uint32_t mid;
	/** when it began, monotonic */
	time_t begun;
	/** hashes of the peer's last message and of the one before, 0 for none */
	uint32_t last, before;
	/** what we sent since the peer's last message, NULL for nothing */
	packet_t *packet;
	/** SPI of our inbound SA that our first message names, network order; 0 if the peer
	 * began */
	uint32_t ours;
	/** SPI that our second message names, network order, until there is a third;
	 * else 0 */
	uint32_t spi;
	/** it was given up, or its third message was sent: no other message counts any more */
	bool over;
} exchange_t;

/**
 * A quick mode that waits for a message, for a job.
 */
typedef struct {
	private_kernel_cryptomap_exchanges_t *this;
	/** id of the IKE_SA */
	ike_sa_id_t *id;
	/** message ID */
	uint32_t mid;
	/** how often our message was repeated */
	u_int repeats;
} wait_t;

/**
 * Destroy a quick mode.
 */
static void destroy_exchange(exchange_t *exchange)
{
	DESTROY_IF(exchange->packet);
	free(exchange);
}

/**
 * Destroy the data of an IKE_SA.
 */
static void destroy_sa(sa_t *sa)
{
	sa->exchanges->destroy_function(sa->exchanges, (void*)destroy_exchange);
	free(sa);
}

/**
 * Destroy the data of a job.
 */
CALLBACK(destroy_wait, void,
	wait_t *wait)
{
	wait->id->destroy(wait->id);
	free(wait);
}

/**
 * Get the data of an IKE_SA that this thread has checked out, NULL for none.
 */
static sa_t *get_sa(private_kernel_cryptomap_exchanges_t *this,
					ike_sa_t *ike_sa)
{
	sa_t *sa;

	this->mutex->lock(this->mutex);
	sa = this->sas->get(this->sas, ike_sa);
	this->mutex->unlock(this->mutex);
	return sa;
}

/**
 * Find a quick mode of an IKE_SA.
 */
static exchange_t *find(sa_t *sa, uint32_t mid)
{
	exchange_t *current, *found = NULL;
	enumerator_t *enumerator;

	enumerator = sa->exchanges->create_enumerator(sa->exchanges);
	while (!found && enumerator->enumerate(enumerator, &current))
	{
		if (current->mid == mid)
		{
			found = current;
		}
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Forget the oldest quick modes of an IKE_SA to have room for another one.
 */
static void make_room(sa_t *sa, time_t now)
{
	exchange_t *oldest;

	while (sa->exchanges->get_first(sa->exchanges,
									(void**)&oldest) == SUCCESS &&
		   (sa->exchanges->get_count(sa->exchanges) >= EXCHANGES_MAX ||
			now - oldest->begun > KEEP_TIME))
	{
		sa->exchanges->remove_first(sa->exchanges, (void**)&oldest);
		destroy_exchange(oldest);
	}
}

/**
 * Find a quick mode of an IKE_SA, or begin to follow it.
 */
static exchange_t *find_or_add(sa_t *sa, uint32_t mid)
{
	time_t now = time_monotonic(NULL);
	exchange_t *exchange;

	exchange = find(sa, mid);
	if (!exchange)
	{
		make_room(sa, now);
		INIT(exchange,
			.mid = mid,
			.begun = now,
		);
		sa->exchanges->insert_last(sa->exchanges, exchange);
	}
	return exchange;
}

/**
 * Send our last message of a quick mode again.
 */
static void send_again(exchange_t *exchange)
{
	if (exchange->packet)
	{
		DBG1(DBG_IKE, "sending the last message of quick mode %u again",
			 exchange->mid);
		charon->sender->send(charon->sender,
							 exchange->packet->clone(exchange->packet));
	}
}

/**
 * Give a quick mode up.
 */
static void end(exchange_t *exchange)
{
	DESTROY_IF(exchange->packet);
	exchange->packet = NULL;
	exchange->spi = 0;
	exchange->over = TRUE;
}

/**
 * Deal with a message that came before.
 *
 * @return				FALSE if it is another one
 */
static bool process_again(sa_t *sa, message_t *message)
{
	exchange_t *exchange;
	uint32_t hash;

	if (message->get_exchange_type(message) != QUICK_MODE)
	{
		return FALSE;
	}
	exchange = find(sa, message->get_message_id(message));
	if (!exchange)
	{
		return FALSE;
	}
	hash = chunk_hash(message->get_packet_data(message));
	if (hash == exchange->last)
	{
		send_again(exchange);
		return TRUE;
	}
	return hash == exchange->before || exchange->over;
}

/**
 * Whether a message is a notification in clear although there are keys: anybody on the
 * path may have sent it (RFC 2409 section 5.7). charon would follow it, and send what
 * comes next where it came from.
 */
static bool is_forged(ike_sa_t *ike_sa, message_t *message)
{
	return message->get_exchange_type(message) == INFORMATIONAL_V1 &&
		   ike_sa->get_state(ike_sa) != IKE_CONNECTING &&
		   message->get_first_payload_type(message) != PLV1_FRAGMENT &&
		   !kernel_cryptomap_is_encrypted(message);
}

/**
 * Method of IKE_SAs that are being replaced, for a message of a quick mode.
 */
static ike_sa_state_t get_state(ike_sa_t *ike_sa)
{
	sa_t *sa = get_sa(exchanges, ike_sa);
	ike_sa_state_t state = sa->get_state(ike_sa);

	return state == IKE_REKEYING ? IKE_ESTABLISHED : state;
}

/**
 * Process a message of a quick mode. Until phase 1 with the next IKE_SA is done the peer
 * has the old one only, and many go on with it then; charon would destroy it for this,
 * and the quick mode with it.
 */
static status_t process_quick_mode(ike_sa_t *ike_sa, sa_t *sa,
								   message_t *message)
{
	status_t status;

	ike_sa->get_state = get_state;
	status = sa->process_message(ike_sa, message);
	ike_sa->get_state = sa->get_state;
	return status;
}

/**
 * Method of IKE_SAs: process a message.
 */
static status_t process_message(ike_sa_t *ike_sa, message_t *message)
{
	sa_t *sa = get_sa(exchanges, ike_sa);

	if (is_forged(ike_sa, message))
	{
		DBG1(DBG_IKE, "ignoring a notification in clear from %#H, phase 1 is "
			 "complete", message->get_source(message));
		return SUCCESS;
	}
	if (process_again(sa, message))
	{
		return SUCCESS;
	}
	if (message->get_exchange_type(message) == QUICK_MODE)
	{
		return process_quick_mode(ike_sa, sa, message);
	}
	return sa->process_message(ike_sa, message);
}

/**
 * Method of IKE_SAs: repeat a message. charon would repeat its last second message
 * of a quick mode, and destroy the IKE_SA when there is no third. One of ours that is
 * not answered is the end of it.
 */
static status_t retransmit(ike_sa_t *ike_sa, uint32_t seqnr)
{
	sa_t *sa = get_sa(exchanges, ike_sa);
	status_t status;

	if (seqnr > RESPONDING_SEQ &&
		ike_sa->get_state(ike_sa) != IKE_CONNECTING)
	{
		return INVALID_STATE;
	}
	status = sa->retransmit(ike_sa, seqnr);
	if (status == DESTROY_ME)
	{
		exchanges->keepalive->given_up(exchanges->keepalive, ike_sa);
	}
	return status;
}

/**
 * Take the task of a quick mode that the peer began off its IKE_SA. With it goes
 * the SPI.
 */
static void destroy_task(ike_sa_t *ike_sa, uint32_t mid)
{
	enumerator_t *enumerator;
	task_t *task, *found = NULL;
	quick_mode_t *quick;

	enumerator = ike_sa->create_task_enumerator(ike_sa, TASK_QUEUE_PASSIVE);
	while (!found && enumerator->enumerate(enumerator, &task))
	{
		quick = (quick_mode_t*)task;
		if (task->get_type(task) == TASK_QUICK_MODE &&
			quick->get_mid(quick) == mid)
		{
			ike_sa->remove_task(ike_sa, enumerator);
			found = task;
		}
	}
	enumerator->destroy(enumerator);
	DESTROY_IF(found);
}

/**
 * The third message does not come: the peer may have an SA that we don't have. The
 * IKE_SA is checked in.
 */
static void give_up(private_kernel_cryptomap_exchanges_t *this,
					ike_sa_t *ike_sa, exchange_t *exchange)
{
	host_t *local = ike_sa->get_my_host(ike_sa);
	host_t *remote = ike_sa->get_other_host(ike_sa);
	uint32_t spi = exchange->spi;

	DBG1(DBG_IKE, "%H does not finish quick mode %u, deleting the SA %.8x that "
		 "it may have", remote, exchange->mid, ntohl(spi));
	end(exchange);
	destroy_task(ike_sa, exchange->mid);
	local = local->clone(local);
	remote = remote->clone(remote);
	charon->ike_sa_manager->checkin(charon->ike_sa_manager, ike_sa);
	/* it may have been replaced by another IKE_SA */
	this->acquire->send_delete(this->acquire, local, remote, spi, NULL);
	local->destroy(local);
	remote->destroy(remote);
}

/**
 * The third message should have come.
 */
CALLBACK(repeat_job, job_requeue_t,
	wait_t *wait)
{
	private_kernel_cryptomap_exchanges_t *this = wait->this;
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	exchange_t *exchange;
	ike_sa_t *ike_sa;
	u_int delay;

	ike_sa = manager->checkout(manager, wait->id);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	exchange = find(get_sa(this, ike_sa), wait->mid);
	if (exchange && !exchange->spi)
	{
		manager->checkin(manager, ike_sa);
		return JOB_REQUEUE_NONE;
	}
	if (exchange && wait->repeats == REPEATS_MAX)
	{
		give_up(this, ike_sa, exchange);
		return JOB_REQUEUE_NONE;
	}
	if (wait->repeats == REPEATS_MAX)
	{	/* forgotten for later ones; if it was done it has no task */
		destroy_task(ike_sa, wait->mid);
		manager->checkin(manager, ike_sa);
		return JOB_REQUEUE_NONE;
	}
	wait->repeats++;
	delay = REPEAT_TIME << wait->repeats;
	if (exchange)
	{
		send_again(exchange);
	}
	manager->checkin(manager, ike_sa);
	return JOB_RESCHEDULE(delay);
}

/**
 * Whether an SA of ours is gone, or the peer sent something by it.
 */
static bool is_used(ike_sa_t *ike_sa, uint32_t spi)
{
	kernel_ipsec_query_sa_t query = {};
	kernel_ipsec_sa_id_t id = {
		.src = ike_sa->get_other_host(ike_sa),
		.dst = ike_sa->get_my_host(ike_sa),
		.spi = spi,
		.proto = IPPROTO_ESP,
	};
	uint64_t packets = 0;

	return charon->kernel->query_sa(charon->kernel, &id, &query, NULL, &packets,
									NULL) != SUCCESS || packets;
}

/**
 * Nothing answers a third message but the first packet by the SA. A peer that did not
 * get it may have gone on to the next quick mode, and not repeat its second one.
 */
CALLBACK(third_job, job_requeue_t,
	wait_t *wait)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	exchange_t *exchange;
	ike_sa_t *ike_sa;
	bool repeat;

	ike_sa = manager->checkout(manager, wait->id);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	exchange = find(get_sa(wait->this, ike_sa), wait->mid);
	repeat = exchange && !is_used(ike_sa, exchange->ours);
	if (repeat)
	{
		send_again(exchange);
	}
	manager->checkin(manager, ike_sa);
	if (repeat && ++wait->repeats < REPEATS_MAX)
	{
		return JOB_RESCHEDULE(REPEAT_TIME << wait->repeats);
	}
	return JOB_REQUEUE_NONE;
}

/**
 * Whether there are quick modes that wait for one which is not answered by a peer
 * that lives: it was heard of since that was done last.
 */
static bool is_to_skip(ike_sa_t *ike_sa, sa_t *sa)
{
	return ike_sa->get_state(ike_sa) == IKE_ESTABLISHED &&
		   kernel_cryptomap_quick_modes(ike_sa, TASK_QUEUE_ACTIVE) &&
		   kernel_cryptomap_quick_modes(ike_sa, TASK_QUEUE_QUEUED) &&
		   ike_sa->get_statistic(ike_sa, STAT_INBOUND) >= sa->skipped;
}

/**
 * A quick mode is not answered. charon would have all others wait until it gives the
 * peer up. It fails here, and its flow is negotiated again after them.
 */
CALLBACK(skip_job, job_requeue_t,
	wait_t *wait)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;
	status_t status = SUCCESS;
	exchange_t *exchange;
	ike_sa_t *ike_sa;
	sa_t *sa;

	ike_sa = manager->checkout(manager, wait->id);
	if (!ike_sa)
	{
		return JOB_REQUEUE_NONE;
	}
	sa = get_sa(wait->this, ike_sa);
	exchange = find(sa, wait->mid);
	/* it may have failed meanwhile, and the next one be under way */
	if (exchange && !exchange->last &&
		ike_sa->get_message_id(ike_sa, TRUE) == wait->mid &&
		is_to_skip(ike_sa, sa))
	{
		DBG1(DBG_IKE, "quick mode %u is not answered, others go before",
			 wait->mid);
		sa->skipped = time_monotonic(NULL);
		end(exchange);
		ike_sa->flush_queue(ike_sa, TASK_QUEUE_ACTIVE);
		status = ike_sa->initiate(ike_sa, NULL, NULL);
	}
	kernel_cryptomap_checkin(ike_sa, status);
	return JOB_REQUEUE_NONE;
}

/**
 * The SPI that a first or second message names, 0 for none.
 */
static uint32_t get_spi(message_t *message)
{
	linked_list_t *proposals;
	proposal_t *proposal;
	sa_payload_t *sa;
	uint32_t spi = 0;

	sa = (sa_payload_t*)message->get_payload(message, PLV1_SECURITY_ASSOCIATION);
	if (!sa)
	{
		return 0;
	}
	proposals = sa->get_proposals(sa);
	if (proposals->get_first(proposals, (void**)&proposal) == SUCCESS)
	{
		spi = proposal->get_spi(proposal);
	}
	proposals->destroy_offset(proposals, offsetof(proposal_t, destroy));
	return spi;
}

/**
 * Create a job about a quick mode.
 */
static job_t *create_job(private_kernel_cryptomap_exchanges_t *this,
						 ike_sa_t *ike_sa, uint32_t mid, callback_job_cb_t cb)
{
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	wait_t *wait;

	INIT(wait,
		.this = this,
		.id = id->clone(id),
		.mid = mid,
	);
	return (job_t*)callback_job_create(cb, wait, destroy_wait, NULL);
}

/**
 * A message of a quick mode was received and is authentic.
 */
static void on_received(exchange_t *exchange, message_t *message)
{
	exchange->before = exchange->last;
	exchange->last = chunk_hash(message->get_packet_data(message));
	DESTROY_IF(exchange->packet);
	exchange->packet = NULL;
	exchange->spi = 0;
}

/**
 * A message of a quick mode is about to be sent for the first time.
 */
static void on_sending(private_kernel_cryptomap_exchanges_t *this,
					   ike_sa_t *ike_sa, exchange_t *exchange,
					   message_t *message)
{
	uint32_t spi = get_spi(message);
	callback_job_cb_t repeat = NULL;

	if (message->get_request(message) && spi)
	{
		exchange->ours = spi;
	}
	else if (spi)
	{
		exchange->spi = spi;
		repeat = repeat_job;
	}
	else if (exchange->ours)
	{	/* a peer that set the commit bit (RFC 2408 section 3.1) has one more to send,
		 * which charon would take for the first one of another quick mode */
		exchange->over = TRUE;
		repeat = third_job;
	}
	if (repeat)
	{
		lib->scheduler->schedule_job(lib->scheduler,
				create_job(this, ike_sa, exchange->mid, repeat), REPEAT_TIME);
	}
}

/**
 * It is sent. It is one packet: our configurations take fragments, and send none.
 */
static void on_sent(exchange_t *exchange, message_t *message)
{
	DESTROY_IF(exchange->packet);
	exchange->packet = message->get_packet(message);
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_exchanges_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	exchange_t *exchange;
	sa_t *sa;

	if (message->get_exchange_type(message) != QUICK_MODE ||
		(incoming && !plain) || !(sa = get_sa(this, ike_sa)))
	{
		return TRUE;
	}
	exchange = find_or_add(sa, message->get_message_id(message));
	if (incoming)
	{
		on_received(exchange, message);
	}
	else if (plain)
	{
		on_sending(this, ike_sa, exchange, message);
	}
	else
	{
		on_sent(exchange, message);
	}
	return TRUE;
}

METHOD(listener_t, alert, bool,
	private_kernel_cryptomap_exchanges_t *this, ike_sa_t *ike_sa, alert_t alert,
	va_list args)
{
	if (alert == ALERT_RETRANSMIT_SEND && ike_sa && get_sa(this, ike_sa))
	{
		va_arg(args, packet_t*);
		if (va_arg(args, u_int) >= SKIP_REPEAT)
		{
			lib->processor->queue_job(lib->processor,
				create_job(this, ike_sa, ike_sa->get_message_id(ike_sa, TRUE),
						   skip_job));
		}
	}
	return TRUE;
}

/**
 * An IKE_SA is begun.
 */
static void on_created(private_kernel_cryptomap_exchanges_t *this,
					   ike_sa_t *ike_sa)
{
	sa_t *sa;

	this->mutex->lock(this->mutex);
	if (!this->sas->get(this->sas, ike_sa))
	{
		INIT(sa,
			.process_message = ike_sa->process_message,
			.retransmit = ike_sa->retransmit,
			.get_state = ike_sa->get_state,
			.exchanges = linked_list_create(),
		);
		this->sas->put(this->sas, ike_sa, sa);
		ike_sa->process_message = process_message;
		ike_sa->retransmit = retransmit;
	}
	this->mutex->unlock(this->mutex);
}

/**
 * An IKE_SA goes, which may not be one of these.
 */
static void on_gone(private_kernel_cryptomap_exchanges_t *this,
					ike_sa_t *ike_sa)
{
	sa_t *sa;

	this->mutex->lock(this->mutex);
	sa = this->sas->remove(this->sas, ike_sa);
	this->mutex->unlock(this->mutex);
	if (sa)
	{
		ike_sa->process_message = sa->process_message;
		ike_sa->retransmit = sa->retransmit;
		destroy_sa(sa);
	}
}

METHOD(listener_t, ike_state_change, bool,
	private_kernel_cryptomap_exchanges_t *this, ike_sa_t *ike_sa,
	ike_sa_state_t state)
{
	if (state == IKE_CONNECTING && ike_sa->get_version(ike_sa) == IKEV1)
	{
		on_created(this, ike_sa);
	}
	else if (state == IKE_DESTROYING)
	{
		on_gone(this, ike_sa);
	}
	return TRUE;
}

METHOD(kernel_cryptomap_exchanges_t, destroy, void,
	private_kernel_cryptomap_exchanges_t *this)
{
	/* charon destroyed its IKE_SAs before */
	this->sas->destroy(this->sas);
	this->mutex->destroy(this->mutex);
	free(this);
	exchanges = NULL;
}

/**
 * See header.
 */
u_int kernel_cryptomap_quick_modes(ike_sa_t *ike_sa, task_queue_t queue)
{
	enumerator_t *enumerator;
	u_int count = 0;
	task_t *task;

	enumerator = ike_sa->create_task_enumerator(ike_sa, queue);
	while (enumerator->enumerate(enumerator, &task))
	{
		count += task->get_type(task) == TASK_QUICK_MODE;
	}
	enumerator->destroy(enumerator);
	return count;
}

/**
 * See header.
 */
void kernel_cryptomap_exchanges_set_defaults()
{
	char max[12];

	snprintf(max, sizeof(max), "%d", EXCHANGES_MAX);
	lib->settings->set_default_str(lib->settings, "%s.max_ikev1_exchanges", max,
								   lib->ns);
}

/**
 * See header.
 */
kernel_cryptomap_exchanges_t *kernel_cryptomap_exchanges_create(
									kernel_cryptomap_acquire_t *acquire,
									kernel_cryptomap_keepalive_t *keepalive)
{
	private_kernel_cryptomap_exchanges_t *this;

	INIT(this,
		.public = {
			.listener = {
				.message = _message_hook,
				.alert = _alert,
				.ike_state_change = _ike_state_change,
			},
			.destroy = _destroy,
		},
		.acquire = acquire,
		.keepalive = keepalive,
		.sas = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr, 32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	exchanges = this;
	return &this->public;
}
