/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stand-ins for charon's ISAKMP SAs and CHILD_SAs, with the methods that most tests of the
 * plugin need. A test adds what it needs else to their public parts, or sets others.
 */
#ifndef _UNIT_IKE_H
#define _UNIT_IKE_H

#include "plugin.h"

/**
 * An ISAKMP SA.
 */
typedef struct {
	ike_sa_t public;
	ike_sa_id_t *id;
	uint32_t unique;
	ike_sa_state_t state;
	host_t *local, *remote;
	/** who the peer is */
	identification_t *name;
	/** messages that are not answered, and what is counted of it else: all the same */
	uint32_t statistic;
	/** its CHILD_SAs, child_sa_t, NULL for none */
	linked_list_t *children;
	/** tasks by task_queue_t, task_t, NULL for none */
	linked_list_t *tasks[TASK_QUEUE_QUEUED + 1];
	/** how often it is checked out */
	int out;
} test_ike_t;

METHOD(ike_sa_t, test_ike_get_version, ike_version_t,
	test_ike_t *this)
{
	return IKEV1;
}

METHOD(ike_sa_t, test_ike_get_id, ike_sa_id_t*,
	test_ike_t *this)
{
	return this->id;
}

METHOD(ike_sa_t, test_ike_get_unique_id, uint32_t,
	test_ike_t *this)
{
	return this->unique;
}

METHOD(ike_sa_t, test_ike_get_state, ike_sa_state_t,
	test_ike_t *this)
{
	return this->state;
}

METHOD(ike_sa_t, test_ike_set_state, void,
	test_ike_t *this, ike_sa_state_t state)
{
	this->state = state;
}

METHOD(ike_sa_t, test_ike_get_my_host, host_t*,
	test_ike_t *this)
{
	return this->local;
}

METHOD(ike_sa_t, test_ike_get_other_host, host_t*,
	test_ike_t *this)
{
	return this->remote;
}

METHOD(ike_sa_t, test_ike_get_other_id, identification_t*,
	test_ike_t *this)
{
	return this->name;
}

METHOD(ike_sa_t, test_ike_get_statistic, uint32_t,
	test_ike_t *this, statistic_t kind)
{
	return this->statistic;
}

METHOD(ike_sa_t, test_ike_get_child_count, int,
	test_ike_t *this)
{
	return this->children ? this->children->get_count(this->children) : 0;
}

METHOD(ike_sa_t, test_ike_create_child_sa_enumerator, enumerator_t*,
	test_ike_t *this)
{
	return this->children ? this->children->create_enumerator(this->children)
						  : enumerator_create_empty();
}

METHOD(ike_sa_t, test_ike_create_task_enumerator, enumerator_t*,
	test_ike_t *this, task_queue_t queue)
{
	return this->tasks[queue] ? this->tasks[queue]->create_enumerator(this->tasks[queue])
							  : enumerator_create_empty();
}

/**
 * Set the methods of an ISAKMP SA, its id and its hosts; it is up. All else is the test's.
 *
 * @param spi			cookie of the initiator, its number as well; that of the responder is
 *						the next one
 * @param remote		address of the peer
 * @param port			UDP port of both
 */
static inline void test_ike_init(test_ike_t *ike, uint32_t spi, char *remote, uint16_t port)
{
	*ike = (test_ike_t){
		.public = {
			.get_version = _test_ike_get_version,
			.get_id = _test_ike_get_id,
			.get_unique_id = _test_ike_get_unique_id,
			.get_name = (void*)return_null,
			.get_state = _test_ike_get_state,
			.set_state = _test_ike_set_state,
			.get_my_host = _test_ike_get_my_host,
			.get_other_host = _test_ike_get_other_host,
			.get_my_id = _test_ike_get_other_id,
			.get_other_id = _test_ike_get_other_id,
			.get_peer_cfg = (void*)return_null,
			.get_statistic = _test_ike_get_statistic,
			.get_child_count = _test_ike_get_child_count,
			.create_child_sa_enumerator = _test_ike_create_child_sa_enumerator,
			.create_task_enumerator = _test_ike_create_task_enumerator,
		},
		.id = ike_sa_id_create(IKEV1_MAJOR_VERSION, spi, spi + 1, TRUE),
		.unique = spi,
		.state = IKE_ESTABLISHED,
		.local = host_create_from_string("192.0.2.1", port),
		.remote = host_create_from_string(remote, port),
	};
}

/**
 * Free what an ISAKMP SA has.
 */
static inline void test_ike_deinit(test_ike_t *ike)
{
	ike->id->destroy(ike->id);
	ike->local->destroy(ike->local);
	ike->remote->destroy(ike->remote);
	DESTROY_IF(ike->name);
}

/**
 * Method of the manager of ISAKMP SAs: one is checked in.
 */
static inline void test_ike_checkin(ike_sa_manager_t *manager, ike_sa_t *ike_sa)
{
	((test_ike_t*)ike_sa)->out--;
}

/**
 * A CHILD_SA.
 */
typedef struct {
	child_sa_t public;
	uint32_t unique;
	child_sa_state_t state;
	child_cfg_t *config;
	/** SPIs, network order */
	uint32_t spi_in, spi_out;
} test_child_t;

METHOD(child_sa_t, test_child_get_unique_id, uint32_t,
	test_child_t *this)
{
	return this->unique;
}

METHOD(child_sa_t, test_child_get_name, char*,
	test_child_t *this)
{
	return "child";
}

METHOD(child_sa_t, test_child_get_state, child_sa_state_t,
	test_child_t *this)
{
	return this->state;
}

METHOD(child_sa_t, test_child_set_state, void,
	test_child_t *this, child_sa_state_t state)
{
	this->state = state;
}

METHOD(child_sa_t, test_child_get_config, child_cfg_t*,
	test_child_t *this)
{
	return this->config;
}

METHOD(child_sa_t, test_child_get_spi, uint32_t,
	test_child_t *this, bool inbound)
{
	return inbound ? this->spi_in : this->spi_out;
}

/**
 * Set the methods of a CHILD_SA. All else is the test's.
 */
static inline void test_child_init(test_child_t *child)
{
	child->public = (child_sa_t){
		.get_unique_id = _test_child_get_unique_id,
		.get_name = _test_child_get_name,
		.get_state = _test_child_get_state,
		.set_state = _test_child_set_state,
		.get_config = _test_child_get_config,
		.get_spi = _test_child_get_spi,
	};
}

#endif /* _UNIT_IKE_H */
