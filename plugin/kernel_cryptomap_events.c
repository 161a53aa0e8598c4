/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_events.h"

#include "kernel_cryptomap_rekeys.h"

#include <daemon.h>
#include <processing/jobs/delete_child_sa_job.h>
#include <threading/mutex.h>

#include <errno.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

/** Multicast group of the generic netlink controller, fixed by the kernel */
#define CTRL_GROUP GENL_ID_CTRL
/** Receive buffer, for storms of acquires */
#define RECEIVE_BUFFER (1024 * 1024)
/** Largest notification */
#define EVENT_SIZE 8192
/** Seconds until connecting is tried again after an unexpected error */
#define RETRY_TIME 5

typedef struct private_kernel_cryptomap_events_t private_kernel_cryptomap_events_t;

struct private_kernel_cryptomap_events_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_events_t public;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * SAs that charon knows.
	 */
	kernel_cryptomap_sas_t *sas;

	/**
	 * Negotiator.
	 */
	kernel_cryptomap_acquire_t *acquire;

	/**
	 * Which peers entries are at.
	 */
	kernel_cryptomap_failover_t *failover;

	/**
	 * Knows the addresses of peers by name.
	 */
	kernel_cryptomap_names_t *names;

	/**
	 * Keeper of SAs that charon does not know.
	 */
	kernel_cryptomap_orphans_t *orphans;

	/**
	 * Compares charon with the kernel.
	 */
	kernel_cryptomap_resync_t *resync;

	/**
	 * Has jobs about SAs of a peer run one at a time.
	 */
	kernel_cryptomap_turns_t *turns;

	/**
	 * Teller of SPIs that nobody knows.
	 */
	kernel_cryptomap_recovery_t *recovery;

	/**
	 * Keeper of reverse routes.
	 */
	kernel_cryptomap_routes_t *routes;

	/**
	 * Netlink socket for notifications.
	 */
	struct mnl_socket *nl;

	/**
	 * Timer for another try to connect.
	 */
	int timer;

	/**
	 * Held while connecting and disconnecting.
	 */
	mutex_t *mutex;

	/**
	 * The module is there.
	 */
	bool connected;
};

/**
 * What the module knew is gone: flows, so that negotiations for them are about
 * nothing, and SAs.
 */
static void reset(private_kernel_cryptomap_events_t *this)
{
	this->acquire->reset(this->acquire);
	this->resync->reset(this->resync);
	this->routes->reset(this->routes);
}

/**
 * Tell the module that packets may wait for us from now on.
 */
static int announce(private_kernel_cryptomap_events_t *this)
{
	kernel_cryptomap_msg_t msg;

	this->socket->init(this->socket, &msg, CRYPTO_MAP_CMD_DAEMON_SET, FALSE);
	mnl_attr_put_u8(msg.nlh, CRYPTO_MAP_A_STATS_DAEMON, TRUE);
	return this->socket->call(this->socket, &msg, NULL, NULL);
}

/**
 * Find the module and ask it what waits. Mutex held.
 */
static void do_connect(private_kernel_cryptomap_events_t *this)
{
	struct itimerspec retry = {
		.it_value.tv_sec = RETRY_TIME,
	};
	kernel_cryptomap_groups_t groups;
	bool reloaded;
	int error;

	error = this->socket->connect(this->socket, &groups, &reloaded);
	if (!error &&
		(mnl_socket_setsockopt(this->nl, NETLINK_ADD_MEMBERSHIP, &groups.ike,
							   sizeof(groups.ike)) < 0 ||
		 mnl_socket_setsockopt(this->nl, NETLINK_ADD_MEMBERSHIP, &groups.events,
							   sizeof(groups.events)) < 0))
	{
		error = errno;
	}
	if (!error)
	{
		/* acquires are heard by now */
		error = announce(this);
	}
	if (error)
	{
		this->socket->disconnect(this->socket);
	}
	this->connected = !error;
	if (this->connected)
	{
		DBG1(DBG_KNL, "connected to the kernel module crypto_map");
		if (reloaded)
		{
			reset(this);
		}
		this->acquire->resync(this->acquire);
		this->names->resync(this->names);
		this->failover->resync(this->failover);
		this->resync->resync(this->resync);
		this->routes->resync(this->routes);
	}
	else if (error == ENOENT)
	{
		DBG1(DBG_KNL, "kernel module crypto_map is not loaded, waiting for it; "
			 "no SA can be negotiated before");
		/* those of an earlier daemon */
		this->routes->reset(this->routes);
	}
	else
	{
		DBG1(DBG_KNL, "connecting to the kernel module crypto_map failed: %s, "
			 "trying again in %d seconds", strerror(error), RETRY_TIME);
		timerfd_settime(this->timer, 0, &retry, NULL);
	}
}

/**
 * Connect to the module.
 *
 * @param again			TRUE to do so even if it is connected
 */
static void connect_module(private_kernel_cryptomap_events_t *this, bool again)
{
	this->mutex->lock(this->mutex);
	if (again || !this->connected)
	{
		do_connect(this);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * The module may have gone.
 */
static void disconnect_module(private_kernel_cryptomap_events_t *this)
{
	this->mutex->lock(this->mutex);
	if (this->connected)
	{
		this->connected = FALSE;
		this->socket->disconnect(this->socket);
		DBG1(DBG_KNL, "kernel module crypto_map was unloaded, waiting for it");
		reset(this);
		this->failover->resync(this->failover);
	}
	this->mutex->unlock(this->mutex);
}

/**
 * A family came or went.
 */
static void on_ctrl(private_kernel_cryptomap_events_t *this,
					const struct nlmsghdr *nlh, uint8_t cmd)
{
	const struct nlattr *tb[CTRL_ATTR_FAMILY_NAME + 1];

	kernel_cryptomap_attrs(nlh, tb, CTRL_ATTR_FAMILY_NAME);
	if (!streq(kernel_cryptomap_str(tb[CTRL_ATTR_FAMILY_NAME]),
			   CRYPTO_MAP_FAMILY_NAME))
	{
		return;
	}
	switch (cmd)
	{
		case CTRL_CMD_NEWFAMILY:
			connect_module(this, FALSE);
			break;
		case CTRL_CMD_DELFAMILY:
			disconnect_module(this);
			break;
		default:
			break;
	}
}

/**
 * A flow needs an SA.
 */
static void on_acquire(private_kernel_cryptomap_events_t *this,
					   const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CRYPTO_MAP_A_FLOW_MAX + 1];

	kernel_cryptomap_attrs(nlh, tb, CRYPTO_MAP_A_FLOW_MAX);
	this->acquire->acquire(this->acquire,
						kernel_cryptomap_num(tb[CRYPTO_MAP_A_FLOW_ID]));
}

/**
 * An SA of charon expired or was removed.
 */
static void expire_child(private_kernel_cryptomap_events_t *this,
						 kernel_cryptomap_expire_t *expire)
{
	host_t *dst = expire->inbound ? expire->local : expire->remote;
	job_t *job;

	DBG2(DBG_KNL, "SA %.8x with %H expired or was removed (%u)",
		 ntohl(expire->spi), expire->remote, expire->kind);
	switch (expire->kind)
	{
		case CRYPTO_MAP_EXPIRE_KIND_SOFT:
			job = kernel_cryptomap_rekeys_create_job(expire->spi, dst);
			break;
		case CRYPTO_MAP_EXPIRE_KIND_HARD:
			job = (job_t*)delete_child_sa_job_create(PROTO_ESP, expire->spi, dst,
													 TRUE);
			break;
		case CRYPTO_MAP_EXPIRE_KIND_REMOVED:
		case CRYPTO_MAP_EXPIRE_KIND_IDLE:
			job = (job_t*)delete_child_sa_job_create(PROTO_ESP, expire->spi, dst,
													 FALSE);
			break;
		default:
			return;
	}
	this->turns->queue(this->turns, expire->remote, job, 0);
}

/**
 * The peer of an SA, with its UDP port under NAT traversal, else 0.
 */
static host_t *get_remote(const struct nlattr **tb)
{
	return kernel_cryptomap_host(tb[CRYPTO_MAP_A_SA_REMOTE],
						kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_ENCAP_DPORT]));
}

/**
 * An SA expired or was removed.
 */
static void on_expire(private_kernel_cryptomap_events_t *this,
					  const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	kernel_cryptomap_expire_t expire;

	kernel_cryptomap_attrs(nlh, tb, CRYPTO_MAP_A_SA_MAX);
	expire = (kernel_cryptomap_expire_t){
		.flow = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_FLOW_ID]),
		.spi = htonl(kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_SPI])),
		.inbound = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_DIR]) ==
														CRYPTO_MAP_SA_DIR_IN,
		.kind = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_EXPIRE]),
		.local = kernel_cryptomap_host(tb[CRYPTO_MAP_A_SA_LOCAL], 0),
		.remote = get_remote(tb),
	};
	if (expire.kind == CRYPTO_MAP_EXPIRE_KIND_IDLE)
	{
		this->acquire->idle(this->acquire, expire.flow);
	}
	if (expire.local && expire.remote)
	{
		if (this->sas->get(this->sas, expire.inbound ? expire.local
													 : expire.remote,
						   expire.spi, NULL))
		{
			expire_child(this, &expire);
		}
		else
		{
			this->orphans->expire(this->orphans, &expire);
		}
	}
	DESTROY_IF(expire.local);
	DESTROY_IF(expire.remote);
}

/**
 * A peer is seen at another port, or address. The kernel has followed the port;
 * charon does so with all that belongs to the same IKE_SA. An address is that
 * of the configuration.
 */
static void on_mapping(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	host_t *local, *remote, *seen;
	uint32_t spi;

	kernel_cryptomap_attrs(nlh, tb, CRYPTO_MAP_A_SA_MAX);
	spi = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_SPI]);
	local = kernel_cryptomap_host(tb[CRYPTO_MAP_A_SA_LOCAL], 0);
	remote = kernel_cryptomap_host(tb[CRYPTO_MAP_A_SA_REMOTE], 0);
	seen = kernel_cryptomap_host(tb[CRYPTO_MAP_A_SA_SEEN],
				kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_ENCAP_DPORT]));
	if (local && remote && seen)
	{
		if (seen->ip_equals(seen, remote))
		{
			charon->kernel->mapping(charon->kernel, IPPROTO_ESP, htonl(spi),
									local, seen);
		}
		else
		{
			DBG1(DBG_KNL, "peer %H of SA %.8x is seen at %#H: not followed, the "
				 "crypto map has another address", remote, spi, seen);
		}
	}
	DESTROY_IF(local);
	DESTROY_IF(remote);
	DESTROY_IF(seen);
}

/**
 * ESP came for an SPI that nobody knows.
 */
static void on_invalid_spi(private_kernel_cryptomap_events_t *this,
						   const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	host_t *local, *remote;

	kernel_cryptomap_attrs(nlh, tb, CRYPTO_MAP_A_SA_MAX);
	local = kernel_cryptomap_host(tb[CRYPTO_MAP_A_SA_LOCAL], 0);
	remote = get_remote(tb);
	if (local && remote)
	{
		this->recovery->invalid_spi(this->recovery, local, remote,
						htonl(kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_SPI])));
	}
	DESTROY_IF(local);
	DESTROY_IF(remote);
}

/**
 * A flow came up or went down.
 */
static void on_flow(private_kernel_cryptomap_events_t *this,
					const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CRYPTO_MAP_A_FLOW_MAX + 1];

	kernel_cryptomap_attrs(nlh, tb, CRYPTO_MAP_A_FLOW_MAX);
	if (tb[CRYPTO_MAP_A_FLOW_ROUTED])
	{
		this->routes->update(this->routes,
						kernel_cryptomap_num(tb[CRYPTO_MAP_A_FLOW_ID]));
	}
}

/**
 * A notification.
 */
static int on_event(const struct nlmsghdr *nlh, void *data)
{
	private_kernel_cryptomap_events_t *this = data;
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl))
	{
		return MNL_CB_OK;
	}
	if (nlh->nlmsg_type == GENL_ID_CTRL)
	{
		on_ctrl(this, nlh, genl->cmd);
		return MNL_CB_OK;
	}
	switch (genl->cmd)
	{
		case CRYPTO_MAP_CMD_ACQUIRE_NTF:
			on_acquire(this, nlh);
			break;
		case CRYPTO_MAP_CMD_EXPIRE_NTF:
			on_expire(this, nlh);
			break;
		case CRYPTO_MAP_CMD_INVALID_SPI_NTF:
			on_invalid_spi(this, nlh);
			break;
		case CRYPTO_MAP_CMD_MAPPING_NTF:
			on_mapping(nlh);
			break;
		case CRYPTO_MAP_CMD_FLOW_NTF:
			on_flow(this, nlh);
			break;
		case CRYPTO_MAP_CMD_CONFIG_NTF:
			this->names->resync(this->names);
			this->failover->resync(this->failover);
			this->routes->resync(this->routes);
			break;
		default:
			break;
	}
	return MNL_CB_OK;
}

/**
 * Notifications were lost, maybe those about the module itself.
 */
static void on_lost(private_kernel_cryptomap_events_t *this)
{
	DBG1(DBG_KNL, "notifications of the kernel were lost, asking again");
	connect_module(this, TRUE);
}

/**
 * There is something to read.
 */
CALLBACK(on_readable, bool,
	private_kernel_cryptomap_events_t *this, int fd, watcher_event_t event)
{
	char buf[EVENT_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	ssize_t len;

	while ((len = mnl_socket_recvfrom(this->nl, buf, sizeof(buf))) >= 0)
	{
		mnl_cb_run(buf, len, 0, 0, on_event, this);
	}
	if (errno == ENOBUFS)
	{
		on_lost(this);
	}
	return TRUE;
}

/**
 * It is time to connect again.
 */
CALLBACK(on_timer, bool,
	private_kernel_cryptomap_events_t *this, int fd, watcher_event_t event)
{
	uint64_t expirations;

	if (read(fd, &expirations, sizeof(expirations)) == sizeof(expirations))
	{
		connect_module(this, FALSE);
	}
	return TRUE;
}

METHOD(kernel_cryptomap_events_t, destroy, void,
	private_kernel_cryptomap_events_t *this)
{
	if (this->nl)
	{
		lib->watcher->remove(lib->watcher, mnl_socket_get_fd(this->nl));
		mnl_socket_close(this->nl);
	}
	if (this->timer >= 0)
	{
		lib->watcher->remove(lib->watcher, this->timer);
		close(this->timer);
	}
	this->mutex->destroy(this->mutex);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_events_t *kernel_cryptomap_events_create(
										kernel_cryptomap_socket_t *socket,
										kernel_cryptomap_sas_t *sas,
										kernel_cryptomap_acquire_t *acquire,
										kernel_cryptomap_names_t *names,
										kernel_cryptomap_failover_t *failover,
										kernel_cryptomap_orphans_t *orphans,
										kernel_cryptomap_resync_t *resync,
										kernel_cryptomap_turns_t *turns,
										kernel_cryptomap_recovery_t *recovery,
										kernel_cryptomap_routes_t *routes)
{
	private_kernel_cryptomap_events_t *this;
	int fd, size = RECEIVE_BUFFER, group = CTRL_GROUP;

	INIT(this,
		.public = {
			.destroy = _destroy,
		},
		.socket = socket,
		.sas = sas,
		.acquire = acquire,
		.names = names,
		.failover = failover,
		.orphans = orphans,
		.resync = resync,
		.turns = turns,
		.recovery = recovery,
		.routes = routes,
		.nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC | SOCK_NONBLOCK),
		.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
	);

	if (!this->nl || this->timer < 0 || mnl_socket_bind(this->nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
		mnl_socket_setsockopt(this->nl, NETLINK_ADD_MEMBERSHIP, &group,
							  sizeof(group)) < 0)
	{
		DBG1(DBG_KNL, "listening to the kernel failed: %s", strerror(errno));
		destroy(this);
		return NULL;
	}
	fd = mnl_socket_get_fd(this->nl);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
	{
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	}
	connect_module(this, FALSE);
	lib->watcher->add(lib->watcher, fd, WATCHER_READ, on_readable, this);
	lib->watcher->add(lib->watcher, this->timer, WATCHER_READ, on_timer, this);
	return &this->public;
}
