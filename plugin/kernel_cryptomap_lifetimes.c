/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_lifetimes.h"

#include "compat.h"
#include "kernel_cryptomap_child.h"

#include <daemon.h>
#include <bio/bio_reader.h>
#include <bio/bio_writer.h>
#include <collections/hashtable.h>
#include <encoding/payloads/notify_payload.h>
#include <encoding/payloads/sa_payload.h>
#include <threading/mutex.h>
#include <threading/thread_value.h>

/** RFC 2407 section 4.6.3.1 */
#define RESPONDER_LIFETIME 24576

/** Attributes of RFC 2407 section 4.5, and types of lifetime */
#define LIFE_TYPE 1
#define LIFE_DURATION 2
/** The same of RFC 2409 appendix A: of ISAKMP SAs, which have none of these numbers in
 * the former */
#define ISAKMP_LIFE_TYPE 11
#define ISAKMP_LIFE_DURATION 12
#define LIFE_SECONDS 1
#define LIFE_KILOBYTES 2
/** The attribute has a value of two bytes, and no length */
#define ATTRIBUTE_SHORT 0x8000

/** Seconds and bytes of an IPsec SA at least, whatever the peer says: there would be one
 * quick mode after the other (IOS has no less than 120, and 2,560 kilobytes) */
#define SECONDS_MIN 10
#define BYTES_MIN 2560000

typedef struct private_kernel_cryptomap_lifetimes_t private_kernel_cryptomap_lifetimes_t;

/**
 * Lifetimes of an SA, 0 for no limit.
 */
typedef struct {
	uint64_t seconds, bytes;
} life_t;

/**
 * What a thread works on.
 */
typedef struct {
	/** what the peer says in the message */
	life_t told;
	/** what to tell it in the answer */
	life_t answer;
	/** what it said of the CHILD_SA that is installed */
	life_t agreed;
	/** what it offered for a CHILD_SA that was destroyed for the message, and its
	 * configuration */
	life_t dropped;
	child_cfg_t *config;
} work_t;

struct private_kernel_cryptomap_lifetimes_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_lifetimes_t public;

	/**
	 * work_t of a thread.
	 */
	thread_value_t *work;

	/**
	 * What initiators offered, life_t by the number of a CHILD_SA that is not
	 * installed yet.
	 */
	hashtable_t *offers;

	/**
	 * Protects offers.
	 */
	mutex_t *mutex;
};

/**
 * What this thread works on.
 */
static work_t *get_work(private_kernel_cryptomap_lifetimes_t *this)
{
	work_t *work;

	work = this->work->get(this->work);
	if (!work)
	{
		INIT(work);
		this->work->set(this->work, work);
	}
	return work;
}

/**
 * The smaller of two limits.
 */
static uint64_t get_smaller(uint64_t a, uint64_t b)
{
	return a && b ? min(a, b) : a ?: b;
}

/**
 * Add limits.
 */
static void add_limits(life_t *life, uint64_t seconds, uint64_t bytes)
{
	life->seconds = get_smaller(life->seconds, seconds);
	life->bytes = get_smaller(life->bytes, bytes);
}

/**
 * What a peer proposes, or accepts: proposals differ in algorithms only.
 */
static void read_sa(sa_payload_t *sa, life_t *life)
{
	linked_list_t *proposals;
	enumerator_t *enumerator;
	proposal_t *proposal;

	proposals = sa->get_proposals(sa);
	enumerator = proposals->create_enumerator(proposals);
	while (enumerator->enumerate(enumerator, &proposal))
	{
		add_limits(life, sa->get_lifetime(sa, proposal),
				   sa->get_lifebytes(sa, proposal));
	}
	enumerator->destroy(enumerator);
	proposals->destroy_offset(proposals, offsetof(proposal_t, destroy));
}

/**
 * Read the number of an attribute that is not short.
 *
 * @return				FALSE if it has none
 */
static bool read_number(bio_reader_t *reader, uint32_t *number)
{
	chunk_t value;

	if (!reader->read_data16(reader, &value) || !value.len ||
		value.len > sizeof(*number))
	{
		return FALSE;
	}
	for (*number = 0; value.len; value = chunk_skip(value, 1))
	{
		*number = *number << 8 | *value.ptr;
	}
	return TRUE;
}

/**
 * What a responder tells: types, each with its duration. Ends at what it can't read.
 *
 * @param isakmp		of an ISAKMP SA: by either numbers, nobody says which are meant
 */
static void read_attributes(chunk_t data, bool isakmp, life_t *life)
{
	bio_reader_t *reader;
	uint16_t type, value;
	uint32_t number;
	u_int unit = 0;

	reader = bio_reader_create(data);
	while (reader->read_uint16(reader, &type))
	{
		if (type & ATTRIBUTE_SHORT)
		{
			if (!reader->read_uint16(reader, &value))
			{
				break;
			}
			number = value;
		}
		else if (!read_number(reader, &number))
		{
			break;
		}
		type &= ~ATTRIBUTE_SHORT;
		if (isakmp && (type == ISAKMP_LIFE_TYPE || type == ISAKMP_LIFE_DURATION))
		{
			type -= ISAKMP_LIFE_TYPE - LIFE_TYPE;
		}
		switch (type)
		{
			case LIFE_TYPE:
				unit = number;
				break;
			case LIFE_DURATION:
				add_limits(life, unit == LIFE_SECONDS ? number : 0,
						unit == LIFE_KILOBYTES ? (uint64_t)number * 1000 : 0);
				break;
			default:
				break;
		}
	}
	reader->destroy(reader);
}

/**
 * Read the notifications by which a responder tells lifetimes. One message may have them
 * of both kinds of SAs.
 *
 * @param isakmp		those of the ISAKMP SA, else of IPsec SAs
 */
static void read_notifies(message_t *message, bool isakmp, life_t *life)
{
	notify_payload_t *notify;
	enumerator_t *enumerator;
	payload_t *payload;

	enumerator = message->create_payload_enumerator(message);
	while (enumerator->enumerate(enumerator, &payload))
	{
		notify = (notify_payload_t*)payload;
		if (payload->get_type(payload) == PLV1_NOTIFY &&
			notify->get_notify_type(notify) == RESPONDER_LIFETIME &&
			(notify->get_protocol_id(notify) == PROTO_IKE) == isakmp)
		{
			read_attributes(notify->get_notification_data(notify), isakmp, life);
		}
	}
	enumerator->destroy(enumerator);
}

/**
 * What a peer says in a message of quick mode.
 */
static void read_message(message_t *message, life_t *life)
{
	sa_payload_t *sa;

	*life = (life_t){};
	sa = (sa_payload_t*)message->get_payload(message,
											 PLV1_SECURITY_ASSOCIATION);
	if (sa)
	{
		read_sa(sa, life);
	}
	read_notifies(message, FALSE, life);
}

/*
 * See header.
 */
uint32_t kernel_cryptomap_lifetimes_told(message_t *message)
{
	life_t life = {};

	read_notifies(message, TRUE, &life);
	return life.seconds;
}

/**
 * Write a type and its duration, if there is a limit.
 */
static void write_limit(bio_writer_t *writer, uint16_t unit, uint64_t limit)
{
	if (limit)
	{
		writer->write_uint16(writer, LIFE_TYPE | ATTRIBUTE_SHORT);
		writer->write_uint16(writer, unit);
		writer->write_uint16(writer, LIFE_DURATION);
		writer->write_uint16(writer, sizeof(uint32_t));
		writer->write_uint32(writer, min(limit, UINT32_MAX));
	}
}

/**
 * A notification that tells limits of an SA.
 */
static notify_payload_t *create_notify(protocol_id_t protocol, life_t *life)
{
	notify_payload_t *notify;
	bio_writer_t *writer;

	writer = bio_writer_create(24);
	write_limit(writer, LIFE_SECONDS, life->seconds);
	write_limit(writer, LIFE_KILOBYTES, life->bytes / 1000);
	notify = notify_payload_create_from_protocol_and_type(PLV1_NOTIFY, protocol,
														  RESPONDER_LIFETIME);
	notify->set_notification_data(notify, writer->get_buf(writer));
	writer->destroy(writer);
	return notify;
}

/*
 * See header.
 */
notify_payload_t *kernel_cryptomap_lifetimes_tell(ike_sa_id_t *id,
												  uint32_t seconds)
{
	uint64_t spi_i = id->get_initiator_spi(id), spi_r = id->get_responder_spi(id);
	life_t life = { .seconds = seconds };
	notify_payload_t *notify;

	notify = create_notify(PROTO_IKE, &life);
	notify->set_spi_data(notify, chunk_cata("cc", chunk_from_thing(spi_i),
											chunk_from_thing(spi_r)));
	return notify;
}

/**
 * Have the notification after all else: charon would put it first, but the SA payload
 * is to follow the hash (RFC 2409 section 5.5). As they were added payloads are in
 * order, but for original addresses.
 */
static void keep_order(message_t *message)
{
	payload_t *payload, *moved[2];
	enumerator_t *enumerator;
	u_int i, count = 0;

	enumerator = message->create_payload_enumerator(message);
	while (count < countof(moved) && enumerator->enumerate(enumerator, &payload))
	{
		if (payload->get_type(payload) == PLV1_NAT_OA ||
			payload->get_type(payload) == PLV1_NAT_OA_DRAFT_00_03)
		{
			message->remove_payload_at(message, enumerator);
			moved[count++] = payload;
		}
	}
	enumerator->destroy(enumerator);
	for (i = 0; i < count; i++)
	{
		message->add_payload(message, moved[i]);
	}
	message->disable_sort(message);
}

/**
 * Tell the initiator of smaller lifetimes. The SA payload has our SPI.
 */
static void write_message(message_t *message, life_t *life)
{
	linked_list_t *proposals;
	notify_payload_t *notify;
	proposal_t *proposal;
	sa_payload_t *sa;

	sa = (sa_payload_t*)message->get_payload(message,
											 PLV1_SECURITY_ASSOCIATION);
	if (!sa || (!life->seconds && !life->bytes))
	{
		return;
	}
	proposals = sa->get_proposals(sa);
	if (proposals->get_first(proposals, (void**)&proposal) == SUCCESS)
	{
		notify = create_notify(PROTO_ESP, life);
		notify->set_spi(notify, proposal->get_spi(proposal));
		message->add_payload(message, (payload_t*)notify);
		keep_order(message);
	}
	proposals->destroy_offset(proposals, offsetof(proposal_t, destroy));
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_lifetimes_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	work_t *work;

	if (!plain || message->get_exchange_type(message) != QUICK_MODE)
	{
		return TRUE;
	}
	work = get_work(this);
	if (incoming)
	{
		read_message(message, &work->told);
	}
	else
	{
		write_message(message, &work->answer);
	}
	work->answer = (life_t){};
	work->config = NULL;
	return TRUE;
}

/**
 * Key of what was offered for a CHILD_SA.
 */
static void *offer_key(child_sa_t *child_sa)
{
	return (void*)(uintptr_t)child_sa->get_unique_id(child_sa);
}

/**
 * Keep what is offered for a CHILD_SA until it is installed, and answer.
 */
static void keep_offer(private_kernel_cryptomap_lifetimes_t *this,
					   child_sa_t *child_sa)
{
	work_t *work = get_work(this);
	life_t *offer, mine;

	/* quick mode has just asked the kernel for them */
	kernel_cryptomap_child_life(child_sa->get_config(child_sa), &mine.seconds,
								&mine.bytes);
	if (mine.seconds && mine.seconds < work->told.seconds)
	{
		work->answer.seconds = mine.seconds;
	}
	if (mine.bytes && (!work->told.bytes || mine.bytes < work->told.bytes))
	{
		work->answer.bytes = mine.bytes;
	}

	INIT(offer);
	*offer = work->told;
	this->mutex->lock(this->mutex);
	offer = this->offers->put(this->offers, offer_key(child_sa), offer);
	this->mutex->unlock(this->mutex);
	free(offer);
}

/**
 * Take what was offered for a CHILD_SA.
 *
 * @param life			set to that
 * @return				FALSE if it is not known
 */
static bool take_offer(private_kernel_cryptomap_lifetimes_t *this,
					   child_sa_t *child_sa, life_t *life)
{
	life_t *offer;

	this->mutex->lock(this->mutex);
	offer = this->offers->remove(this->offers, offer_key(child_sa));
	this->mutex->unlock(this->mutex);
	if (!offer)
	{
		return FALSE;
	}
	*life = *offer;
	free(offer);
	return TRUE;
}

/**
 * A CHILD_SA is destroyed. If another one came up meanwhile charon does that for the
 * third message of a quick mode, to make it anew.
 */
static void drop_offer(private_kernel_cryptomap_lifetimes_t *this,
					   child_sa_t *child_sa)
{
	work_t *work = get_work(this);

	if (take_offer(this, child_sa, &work->dropped))
	{
		work->config = child_sa->get_config(child_sa);
	}
}

/**
 * Raise the limits of a CHILD_SA that is about to be installed to what is bearable. A
 * peer that has no more may renew or delete it before.
 */
static void raise_limits(life_t *life)
{
	if (life->seconds && life->seconds < SECONDS_MIN)
	{
		DBG1(DBG_IKE, "the peer has a lifetime of %llu seconds, taking %d",
			 (unsigned long long)life->seconds, SECONDS_MIN);
		life->seconds = SECONDS_MIN;
	}
	if (life->bytes && life->bytes < BYTES_MIN)
	{
		DBG1(DBG_IKE, "the peer has a lifetime of %llu kilobytes, taking %d",
			 (unsigned long long)life->bytes / 1000, BYTES_MIN / 1000);
		life->bytes = BYTES_MIN;
	}
}

/**
 * A CHILD_SA of a responder is about to be installed.
 */
static void agree(private_kernel_cryptomap_lifetimes_t *this,
				  child_sa_t *child_sa)
{
	work_t *work = get_work(this);

	work->agreed = (life_t){};
	if (!take_offer(this, child_sa, &work->agreed) && work->config &&
		work->config == child_sa->get_config(child_sa))
	{
		work->agreed = work->dropped;
	}
	raise_limits(&work->agreed);
	work->config = NULL;
}

METHOD(listener_t, narrow, bool,
	private_kernel_cryptomap_lifetimes_t *this, ike_sa_t *ike_sa,
	child_sa_t *child_sa, narrow_hook_t type, linked_list_t *local,
	linked_list_t *remote)
{
	switch (type)
	{
		case NARROW_RESPONDER:
			if (kernel_cryptomap_child_flow(child_sa->get_config(child_sa)))
			{
				keep_offer(this, child_sa);
			}
			break;
		case NARROW_RESPONDER_POST:
			agree(this, child_sa);
			break;
		case NARROW_INITIATOR_POST_AUTH:
		case NARROW_INITIATOR_POST_NOAUTH:
			get_work(this)->agreed = get_work(this)->told;
			raise_limits(&get_work(this)->agreed);
			break;
		default:
			break;
	}
	return TRUE;
}

METHOD(listener_t, child_state_change, bool,
	private_kernel_cryptomap_lifetimes_t *this, ike_sa_t *ike_sa,
	child_sa_t *child_sa, child_sa_state_t state)
{
	if (state == CHILD_DESTROYING)
	{
		drop_offer(this, child_sa);
	}
	return TRUE;
}

METHOD(kernel_cryptomap_lifetimes_t, limit, void,
	private_kernel_cryptomap_lifetimes_t *this, lifetime_cfg_t *lifetime)
{
	life_t *agreed = &get_work(this)->agreed;

	kernel_cryptomap_child_limit(lifetime, agreed->seconds, agreed->bytes);
}

METHOD(kernel_cryptomap_lifetimes_t, destroy, void,
	private_kernel_cryptomap_lifetimes_t *this)
{
	enumerator_t *enumerator;
	life_t *offer;

	enumerator = this->offers->create_enumerator(this->offers);
	while (enumerator->enumerate(enumerator, NULL, &offer))
	{
		free(offer);
	}
	enumerator->destroy(enumerator);
	this->offers->destroy(this->offers);
	this->work->destroy(this->work);
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_lifetimes_t *kernel_cryptomap_lifetimes_create()
{
	private_kernel_cryptomap_lifetimes_t *this;

	INIT(this,
		.public = {
			.listener = {
				.message = _message_hook,
				.narrow = _narrow,
				.child_state_change = _child_state_change,
			},
			.limit = _limit,
			.destroy = _destroy,
		},
		.work = thread_value_create(free),
		.offers = hashtable_create(hashtable_hash_ptr, hashtable_equals_ptr,
								   32),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	return &this->public;
}
