/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_fib.h"

#include <collections/array.h>
#include <collections/hashtable.h>

typedef struct private_kernel_cryptomap_fib_t private_kernel_cryptomap_fib_t;
typedef struct route_t route_t;

/**
 * A route that is wanted, or was and is there still.
 */
struct route_t {
	/** where to */
	kernel_cryptomap_dst_t dst;
	/** those who want it; the first one gets its way */
	TAILQ_HEAD(, kernel_cryptomap_claim_t) claims;
	/** which way it goes now, nowhere if it is not there */
	kernel_cryptomap_hop_t installed;
	/** in the list of those to look at */
	bool dirty;
	/** the next one in that list */
	STAILQ_ENTRY(route_t) next;
	/** why the kernel refused it last, told once; or "" */
	char error[80];
};

struct private_kernel_cryptomap_fib_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_fib_t public;

	/**
	 * Client of the routing tables.
	 */
	kernel_cryptomap_rtnl_t *rtnl;

	/**
	 * Routes, kernel_cryptomap_dst_t => route_t.
	 */
	hashtable_t *routes;

	/**
	 * Routes to look at.
	 */
	STAILQ_HEAD(, route_t) dirty;
};

/**
 * Hash what a route is known by.
 */
static u_int hash(const void *key)
{
	return chunk_hash(chunk_create((u_char*)key,
								   sizeof(kernel_cryptomap_dst_t)));
}

/**
 * Compare what two routes are known by.
 */
static bool equals(const void *a, const void *b)
{
	return memeq(a, b, sizeof(kernel_cryptomap_dst_t));
}

/**
 * What a route is known by as text.
 */
static void get_text(const kernel_cryptomap_dst_t *dst, char *buf, size_t len)
{
	chunk_t addr = chunk_create((u_char*)dst->net,
								dst->family == AF_INET ? 4 : 16);
	host_t *net;

	net = host_create_from_chunk(dst->family, addr, 0);
	snprintf(buf, len, "to %H/%u, metric %u", net, dst->bits, dst->metric);
	net->destroy(net);
}

/**
 * See header.
 */
void kernel_cryptomap_route_failed(char *last, size_t size, const char *what,
								   const char *error)
{
	char now[80];

	snprintf(now, sizeof(now), "%s", error ?: "");
	if (error && !strneq(last, now, size))
	{
		DBG1(DBG_KNL, "no reverse route %s: %s", what, error);
	}
	snprintf(last, size, "%s", now);
}

/**
 * Have a route looked at.
 */
static void touch(private_kernel_cryptomap_fib_t *this, route_t *route)
{
	if (!route->dirty)
	{
		route->dirty = TRUE;
		STAILQ_INSERT_TAIL(&this->dirty, route, next);
	}
}

/**
 * Get a route, made if need be.
 */
static route_t *get_route(private_kernel_cryptomap_fib_t *this,
						  const kernel_cryptomap_dst_t *dst)
{
	route_t *route;

	route = this->routes->get(this->routes, dst);
	if (!route)
	{
		INIT(route,
			.dst = *dst,
		);
		TAILQ_INIT(&route->claims);
		this->routes->put(this->routes, &route->dst, route);
	}
	return route;
}

/**
 * Make a route go the way that the first one wants.
 */
static void apply_route(private_kernel_cryptomap_fib_t *this,
						route_t *route)
{
	kernel_cryptomap_claim_t *claim = TAILQ_FIRST(&route->claims);
	const char *error;
	char net[80];

	get_text(&route->dst, net, sizeof(net));
	if (!claim)
	{
		if (route->installed.ifindex)
		{
			DBG2(DBG_KNL, "deleting reverse route %s", net);
			this->rtnl->del(this->rtnl, &route->dst, &route->installed);
		}
		this->routes->remove(this->routes, &route->dst);
		free(route);
		return;
	}
	if (memeq(&claim->want.hop, &route->installed, sizeof(claim->want.hop)))
	{
		return;
	}
	DBG2(DBG_KNL, "adding reverse route %s", net);
	error = this->rtnl->add(this->rtnl, &route->dst, &claim->want.hop,
							route->installed.ifindex != 0);
	if (!error)
	{
		route->installed = claim->want.hop;
	}
	kernel_cryptomap_route_failed(route->error, sizeof(route->error), net,
								  error);
}

METHOD(kernel_cryptomap_fib_t, claim_, void,
	private_kernel_cryptomap_fib_t *this, kernel_cryptomap_claim_t *claim)
{
	route_t *route;

	route = get_route(this, &claim->want.dst);
	TAILQ_INSERT_TAIL(&route->claims, claim, next);
	touch(this, route);
}

METHOD(kernel_cryptomap_fib_t, release, void,
	private_kernel_cryptomap_fib_t *this, kernel_cryptomap_claim_t *claim)
{
	route_t *route;

	route = get_route(this, &claim->want.dst);
	TAILQ_REMOVE(&route->claims, claim, next);
	touch(this, route);
}

METHOD(kernel_cryptomap_fib_t, apply, void,
	private_kernel_cryptomap_fib_t *this)
{
	route_t *route;

	while ((route = STAILQ_FIRST(&this->dirty)))
	{
		STAILQ_REMOVE_HEAD(&this->dirty, next);
		route->dirty = FALSE;
		apply_route(this, route);
	}
}

/**
 * Keep a route of a dump.
 */
static void collect_route(void *user, kernel_cryptomap_route_t *route)
{
	array_insert(user, ARRAY_TAIL, route);
}

METHOD(kernel_cryptomap_fib_t, reread, void,
	private_kernel_cryptomap_fib_t *this)
{
	enumerator_t *enumerator;
	kernel_cryptomap_route_t one;
	array_t *there;
	route_t *route;

	there = array_create(sizeof(kernel_cryptomap_route_t), 0);
	if (!this->rtnl->dump(this->rtnl, collect_route, there))
	{
		array_destroy(there);
		return;
	}
	enumerator = this->routes->create_enumerator(this->routes);
	while (enumerator->enumerate(enumerator, NULL, &route))
	{
		route->installed = (kernel_cryptomap_hop_t){};
		touch(this, route);
	}
	enumerator->destroy(enumerator);
	while (array_remove(there, ARRAY_TAIL, &one))
	{	/* nobody wants one that is new here, so it goes */
		route = get_route(this, &one.dst);
		if (route->installed.ifindex)
		{	/* somebody appended a second one */
			this->rtnl->del(this->rtnl, &one.dst, &one.hop);
			continue;
		}
		route->installed = one.hop;
		touch(this, route);
	}
	array_destroy(there);
}

METHOD(kernel_cryptomap_fib_t, destroy, void,
	private_kernel_cryptomap_fib_t *this)
{
	enumerator_t *enumerator;
	route_t *route;

	enumerator = this->routes->create_enumerator(this->routes);
	while (enumerator->enumerate(enumerator, NULL, &route))
	{
		free(route);
	}
	enumerator->destroy(enumerator);
	this->routes->destroy(this->routes);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_fib_t *kernel_cryptomap_fib_create(
											kernel_cryptomap_rtnl_t *rtnl)
{
	private_kernel_cryptomap_fib_t *this;

	INIT(this,
		.public = {
			.claim = _claim_,
			.release = _release,
			.reread = _reread,
			.apply = _apply,
			.destroy = _destroy,
		},
		.rtnl = rtnl,
		.routes = hashtable_create(hash, equals, 32),
	);
	STAILQ_INIT(&this->dirty);
	return &this->public;
}
