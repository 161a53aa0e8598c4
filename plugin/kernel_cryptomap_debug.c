/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_debug.h"

#include "compat.h"
#include "kernel_cryptomap_compare.h"

#include <daemon.h>
#include <encoding/payloads/id_payload.h>
#include <encoding/payloads/sa_payload.h>
#include <threading/mutex.h>

#include <errno.h>
#include <jansson.h>
#include <sys/socket.h>

/** First messages whose policies are compared in a second: anybody can send them in
 * a peer's name, and each is many lines, written with the bus locked */
#define COMPARE_RATE 5

typedef struct private_kernel_cryptomap_debug_t private_kernel_cryptomap_debug_t;

/**
 * A logger and who it is of.
 */
typedef struct {
	/** for the bus */
	logger_t logger;
	/** owner */
	private_kernel_cryptomap_debug_t *debug;
} follower_t;

struct private_kernel_cryptomap_debug_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_debug_t public;

	/**
	 * Registered with the bus while there are sockets.
	 */
	follower_t follower;

	/**
	 * Sockets, client_t.
	 */
	linked_list_t *clients;

	/**
	 * Protects clients. The bus has its lock for logging when this is taken:
	 * nothing is logged, and no logger registered, with it.
	 */
	mutex_t *mutex;

	/**
	 * Held while the logger is registered or unregistered.
	 */
	mutex_t *registering;

	/**
	 * The second that comparisons are counted in, and how many there were. Only
	 * used by a hook, thus with the bus locked.
	 */
	time_t second;
	u_int compared;
};

/**
 * A socket.
 */
typedef struct {
	/** the socket */
	int fd;
	/** what it wants */
	kernel_cryptomap_debug_kind_t kind;
	/** only this peer, or NULL */
	host_t *peer;
	/** its address as text */
	char name[64];
	/** rest of a line that was sent in part */
	chunk_t rest;
	/** lines that there was no room for */
	u_int missed;
} client_t;

/**
 * Destroy a client.
 */
static void destroy_client(client_t *client)
{
	DESTROY_IF(client->peer);
	chunk_free(&client->rest);
	free(client);
}

/**
 * Send what there is room for; the rest is kept if a part of it was sent, so that
 * lines stay whole.
 *
 * @return				FALSE if nothing was sent
 */
static bool send_some(client_t *client, chunk_t data)
{
	ssize_t len;

	len = send(client->fd, data.ptr, data.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (len <= 0)
	{
		return FALSE;
	}
	data = chunk_clone(chunk_skip(data, len));
	chunk_free(&client->rest);
	client->rest = data;
	return TRUE;
}

/**
 * Send a line, or count it as missed.
 */
static void send_line(client_t *client, const char *peer, const char *message)
{
	char *text, *line = NULL;
	json_t *object;

	if (client->rest.len && (!send_some(client, client->rest) ||
							 client->rest.len))
	{
		client->missed++;
		return;
	}
	object = json_pack("{s:s, s:s, s:i}", "peer", peer, "line", message,
					   "missed", (int)client->missed);
	text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	json_decref(object);
	if (text && asprintf(&line, "%s\n", text) > 0 &&
		send_some(client, chunk_from_str(line)))
	{
		client->missed = 0;
	}
	else
	{
		client->missed++;
	}
	free(line);
	free(text);
}

/**
 * Groups of charon's log, by what they are about.
 */
static bool is_about(debug_t group, kernel_cryptomap_debug_kind_t kind)
{
	switch (group)
	{
		case DBG_IKE:
		case DBG_ENC:
		case DBG_CFG:
			return TRUE;
		case DBG_NET:
			return kind == KERNEL_CRYPTOMAP_DEBUG_ISAKMP;
		case DBG_CHD:
		case DBG_KNL:
			return kind == KERNEL_CRYPTOMAP_DEBUG_IPSEC;
		default:
			return FALSE;
	}
}

/**
 * Whether a text has an address, and not as a part of a longer one.
 */
static bool names(const char *text, const char *address)
{
	const char *found, *digits = "0123456789abcdef";
	size_t len = strlen(address);

	for (found = strstr(text, address); found;
		 found = strstr(found + 1, address))
	{
		if ((found == text || !strchr(digits, found[-1])) &&
			(!found[len] || !strchr(digits, found[len])))
		{
			return TRUE;
		}
	}
	return FALSE;
}

/**
 * Whether a line is for a client. Before charon knows whose a message is, it is
 * the peer's that it names.
 *
 * @param host			peer of the IKE_SA, NULL if not known
 */
static bool is_for(client_t *client, debug_t group, host_t *host,
				   const char *message)
{
	if (!is_about(group, client->kind))
	{
		return FALSE;
	}
	return !client->peer ||
		   (host ? client->peer->ip_equals(client->peer, host) :
				   names(message, client->name));
}

METHOD(logger_t, log_, void,
	follower_t *follower, debug_t group, level_t level, int thread,
	ike_sa_t *ike_sa, const char *message)
{
	private_kernel_cryptomap_debug_t *this = follower->debug;
	enumerator_t *enumerator;
	char peer[64] = "";
	client_t *client;
	host_t *host;

	host = ike_sa ? ike_sa->get_other_host(ike_sa) : NULL;
	if (host && host->is_anyaddr(host))
	{
		host = NULL;
	}
	if (host)
	{
		snprintf(peer, sizeof(peer), "%H", host);
	}
	this->mutex->lock(this->mutex);
	enumerator = this->clients->create_enumerator(this->clients);
	while (enumerator->enumerate(enumerator, &client))
	{
		if (is_for(client, group, host, message))
		{
			send_line(client, peer, message);
		}
	}
	enumerator->destroy(enumerator);
	this->mutex->unlock(this->mutex);
}

METHOD(logger_t, get_level, level_t,
	follower_t *follower, debug_t group)
{
	return is_about(group, KERNEL_CRYPTOMAP_DEBUG_ISAKMP) ||
		   is_about(group, KERNEL_CRYPTOMAP_DEBUG_IPSEC) ? LEVEL_CTRL :
														   LEVEL_SILENT;
}

/**
 * Whether one of the proposals is one of the others.
 */
static bool have_match(linked_list_t *offered, linked_list_t *configured)
{
	enumerator_t *outer, *inner;
	proposal_t *theirs, *ours;
	bool found = FALSE;

	outer = offered->create_enumerator(offered);
	while (!found && outer->enumerate(outer, &theirs))
	{
		inner = configured->create_enumerator(configured);
		while (!found && inner->enumerate(inner, &ours))
		{
			found = ours->matches(ours, theirs, 0);
		}
		inner->destroy(inner);
	}
	outer->destroy(outer);
	return found;
}

/**
 * Whether policies may be compared once more.
 */
static bool may_compare(private_kernel_cryptomap_debug_t *this)
{
	time_t now = time_monotonic(NULL);

	if (this->second != now)
	{
		this->second = now;
		this->compared = 0;
	}
	return this->compared++ < COMPARE_RATE;
}

/**
 * What a peer offers in its first message.
 */
static void offers(private_kernel_cryptomap_debug_t *this,
				   sa_payload_t *sa, ike_cfg_t *cfg)
{
	linked_list_t *offered, *configured;

	offered = sa->get_proposals(sa);
	configured = ike_cfg_proposals(cfg);
	if (!have_match(offered, configured) && may_compare(this))
	{
		kernel_cryptomap_compare(1, offered, configured);
	}
	offered->destroy_offset(offered, offsetof(proposal_t, destroy));
	configured->destroy_offset(configured, offsetof(proposal_t, destroy));
}

/**
 * A peer takes none of ours.
 */
static void refuses(private_kernel_cryptomap_debug_t *this, host_t *peer,
					ike_cfg_t *cfg)
{
	linked_list_t *configured;

	if (may_compare(this))
	{
		configured = ike_cfg_proposals(cfg);
		DBG1(DBG_CFG, "%H takes none of our policies, and does not say what it "
			 "has", peer);
		kernel_cryptomap_compare_ours(1, configured);
		configured->destroy_offset(configured, offsetof(proposal_t, destroy));
	}
}

/**
 * Whether anybody follows.
 */
static bool followed(private_kernel_cryptomap_debug_t *this)
{
	bool any;

	this->mutex->lock(this->mutex);
	any = this->clients->get_count(this->clients) > 0;
	this->mutex->unlock(this->mutex);
	return any;
}

/**
 * The first message of a quick mode of ours: a peer that refuses it does not say
 * what it has.
 */
static void proposes(host_t *peer, message_t *message, sa_payload_t *sa)
{
	linked_list_t *offered;
	enumerator_t *enumerator;
	traffic_selector_t *ts[2] = {};
	payload_t *payload;
	u_int n = 0;

	enumerator = message->create_payload_enumerator(message);
	while (n < countof(ts) && enumerator->enumerate(enumerator, &payload))
	{
		if (payload->get_type(payload) == PLV1_ID)
		{
			ts[n] = ((id_payload_t*)payload)->get_ts((id_payload_t*)payload);
			n++;
		}
	}
	enumerator->destroy(enumerator);
	if (ts[0] && ts[1])
	{
		DBG1(DBG_CHD, "quick mode with %H proposes: %R === %R", peer, ts[0],
			 ts[1]);
	}
	DESTROY_IF(ts[0]);
	DESTROY_IF(ts[1]);
	offered = sa->get_proposals(sa);
	kernel_cryptomap_compare_ours(2, offered);
	offered->destroy_offset(offered, offsetof(proposal_t, destroy));
}

METHOD(listener_t, message_hook, bool,
	private_kernel_cryptomap_debug_t *this, ike_sa_t *ike_sa,
	message_t *message, bool incoming, bool plain)
{
	exchange_type_t exchange = message->get_exchange_type(message);
	ike_sa_id_t *id = ike_sa->get_id(ike_sa);
	sa_payload_t *sa;
	ike_cfg_t *cfg;

	cfg = ike_sa->get_ike_cfg(ike_sa);
	if (!plain || !cfg || ike_sa->get_version(ike_sa) != IKEV1)
	{
		return TRUE;
	}
	sa = (sa_payload_t*)message->get_payload(message,
											 PLV1_SECURITY_ASSOCIATION);
	if (!incoming)
	{
		if (sa && exchange == QUICK_MODE && message->get_request(message) &&
			followed(this))
		{
			proposes(ike_sa->get_other_host(ike_sa), message, sa);
		}
		return TRUE;
	}
	if (sa && !id->is_initiator(id) &&
		(exchange == ID_PROT || exchange == AGGRESSIVE))
	{
		offers(this, sa, cfg);
	}
	if (exchange == INFORMATIONAL_V1 && id->is_initiator(id) &&
		ike_sa->get_state(ike_sa) == IKE_CONNECTING &&
		message->get_notify(message, NO_PROPOSAL_CHOSEN))
	{
		refuses(this, ike_sa->get_other_host(ike_sa), cfg);
	}
	return TRUE;
}

METHOD(listener_t, alert, bool,
	private_kernel_cryptomap_debug_t *this, ike_sa_t *ike_sa, alert_t alert,
	va_list args)
{
	/* in phase 1 the key decrypts the third pair of messages */
	if (alert == ALERT_PARSE_ERROR_BODY && ike_sa &&
		ike_sa->get_version(ike_sa) == IKEV1 &&
		ike_sa->get_state(ike_sa) == IKE_CONNECTING)
	{
		DBG1(DBG_IKE, "what %H sent cannot be decrypted: most likely the "
			 "pre-shared keys differ", ike_sa->get_other_host(ike_sa));
	}
	return TRUE;
}

METHOD(kernel_cryptomap_debug_t, add, void,
	private_kernel_cryptomap_debug_t *this, int fd,
	kernel_cryptomap_debug_kind_t kind, host_t *peer)
{
	client_t *client;
	bool first;

	INIT(client,
		.fd = fd,
		.kind = kind,
		.peer = peer ? peer->clone(peer) : NULL,
	);
	if (peer)
	{
		snprintf(client->name, sizeof(client->name), "%H", peer);
	}
	this->registering->lock(this->registering);
	this->mutex->lock(this->mutex);
	first = !this->clients->get_count(this->clients);
	this->clients->insert_last(this->clients, client);
	this->mutex->unlock(this->mutex);
	if (first)
	{
		charon->bus->add_logger(charon->bus, &this->follower.logger);
	}
	this->registering->unlock(this->registering);
}

METHOD(kernel_cryptomap_debug_t, remove_, void,
	private_kernel_cryptomap_debug_t *this, int fd)
{
	enumerator_t *enumerator;
	client_t *client;
	bool last;

	this->registering->lock(this->registering);
	this->mutex->lock(this->mutex);
	enumerator = this->clients->create_enumerator(this->clients);
	while (enumerator->enumerate(enumerator, &client))
	{
		if (client->fd == fd)
		{
			this->clients->remove_at(this->clients, enumerator);
			destroy_client(client);
		}
	}
	enumerator->destroy(enumerator);
	last = !this->clients->get_count(this->clients);
	this->mutex->unlock(this->mutex);
	if (last)
	{
		charon->bus->remove_logger(charon->bus, &this->follower.logger);
	}
	this->registering->unlock(this->registering);
}

METHOD(kernel_cryptomap_debug_t, destroy, void,
	private_kernel_cryptomap_debug_t *this)
{
	this->clients->destroy_function(this->clients, (void*)destroy_client);
	this->mutex->destroy(this->mutex);
	this->registering->destroy(this->registering);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_debug_t *kernel_cryptomap_debug_create()
{
	private_kernel_cryptomap_debug_t *this;

	INIT(this,
		.public = {
			.listener = {
				.message = _message_hook,
				.alert = _alert,
			},
			.add = _add,
			.remove = _remove_,
			.destroy = _destroy,
		},
		.follower = {
			.logger = {
				.log = _log_,
				.get_level = _get_level,
			},
		},
		.clients = linked_list_create(),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
		.registering = mutex_create(MUTEX_TYPE_DEFAULT),
	);
	this->follower.debug = this;
	return &this->public;
}
