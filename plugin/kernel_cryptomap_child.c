/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_child.h"

#include "compat.h"
#include "kernel_cryptomap_algs.h"
#include "kernel_cryptomap_compare.h"

#include <daemon.h>
#include <threading/mutex.h>

/** An SA is negotiated anew this many seconds before its end... */
#define REKEY_MARGIN 30
/** ...or this part of its lifetime, if that is shorter */
#define REKEY_PART 10
/** With this part of its volume left: nobody knows how long that will be, and phase 1 may
 * come before */
#define VOLUME_PART 5
/** This part of that is left where the lifetime is the peer's, who goes first */
#define PEER_PART 3

typedef struct private_child_t private_child_t;

struct private_child_t {

	/**
	 * Public interface.
	 */
	child_cfg_t public;

	/**
	 * References.
	 */
	refcount_t ref;

	/**
	 * Name: crypto map, entry and flow. charon takes CHILD_SAs of one name for
	 * those of one configuration, so nothing is in it that can change while a
	 * flow lives, such as the number of the access list entry.
	 */
	char *name;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * Id of the flow.
	 */
	uint32_t id;

	/**
	 * The flow as the kernel told it last.
	 */
	kernel_cryptomap_flow_t *flow;

	/**
	 * Encapsulation mode to negotiate.
	 */
	ipsec_mode_t mode;

	/**
	 * What the flow's transform sets prefer. mode may be another, the peer's
	 * choice, but follows when this changes.
	 */
	ipsec_mode_t preferred;

	/**
	 * Rekeyings that failed in a row.
	 */
	u_int failures;

	/**
	 * Protects what can change.
	 */
	mutex_t *mutex;
};

/**
 * The flow as it is now; as it was while the kernel can't tell.
 */
static kernel_cryptomap_flow_t *get_flow(private_child_t *this)
{
	kernel_cryptomap_flow_t *flow;

	flow = kernel_cryptomap_flow_get(this->socket, this->id);

	this->mutex->lock(this->mutex);
	if (flow)
	{
		kernel_cryptomap_flow_set_peer(flow, this->flow->remote);
		kernel_cryptomap_flow_put(this->flow);
		this->flow = flow;
	}
	flow = kernel_cryptomap_flow_get_ref(this->flow);
	this->mutex->unlock(this->mutex);
	return flow;
}

METHOD(child_cfg_t, get_name, char*,
	private_child_t *this)
{
	return this->name;
}

/**
 * The transform sets of a flow that allow a mode.
 */
static linked_list_t *create_proposals(kernel_cryptomap_flow_t *flow,
									   ipsec_mode_t mode, bool strip_ke)
{
	linked_list_t *list;
	proposal_t *proposal;
	u_int i;

	list = linked_list_create();
	for (i = 0; i < flow->tset_count; i++)
	{
		if (!kernel_cryptomap_flow_allows(flow, &flow->tset[i], mode))
		{
			continue;
		}
		proposal = kernel_cryptomap_esp_proposal(&flow->tset[i],
									list->get_count(list) + 1,
									strip_ke ? 0 : flow->pfs_group);
		if (proposal)
		{
			list->insert_last(list, proposal);
		}
	}
	return list;
}

/**
 * List the proposals of the flow as it is now.
 */
static linked_list_t *list_proposals(private_child_t *this, bool strip_ke)
{
	kernel_cryptomap_flow_t *flow;
	linked_list_t *list;

	flow = get_flow(this);
	list = create_proposals(flow, this->mode, strip_ke);
	kernel_cryptomap_flow_put(flow);
	return list;
}

METHOD(child_cfg_t, get_proposals, linked_list_t*,
	private_child_t *this, bool strip_ke LOG_PROPOSALS)
{
	return list_proposals(this, strip_ke);
}

/**
 * Select one of the peer's proposals with one of ours. Without PFS configured
 * any group of the peer is accepted.
 */
static proposal_t *select_one(proposal_t *mine, proposal_t *supplied,
							  proposal_selection_flag_t flags)
{
	proposal_t *candidate, *selected;
	uint16_t group;

	candidate = mine->clone(mine, 0);
	if (!mine->get_algorithm(mine, KEY_EXCHANGE_METHOD, NULL, NULL) &&
		supplied->get_algorithm(supplied, KEY_EXCHANGE_METHOD, &group, NULL))
	{
		candidate->add_algorithm(candidate, KEY_EXCHANGE_METHOD, group, 0);
	}
	selected = candidate->select(candidate, supplied, flags);
	candidate->destroy(candidate);
	return selected;
}

/**
 * Select the first of our proposals that is one of the peer's.
 */
static proposal_t *select_first(linked_list_t *list, linked_list_t *proposals,
								proposal_selection_flag_t flags)
{
	enumerator_t *outer, *inner;
	proposal_t *mine, *supplied, *selected = NULL;

	outer = list->create_enumerator(list);
	while (!selected && outer->enumerate(outer, &mine))
	{
		inner = proposals->create_enumerator(proposals);
		while (!selected && inner->enumerate(inner, &supplied))
		{
			selected = select_one(mine, supplied, flags);
		}
		inner->destroy(inner);
	}
	outer->destroy(outer);
	return selected;
}

METHOD(child_cfg_t, select_proposal, proposal_t*,
	private_child_t *this, linked_list_t *proposals,
	proposal_selection_flag_t flags)
{
	proposal_t *selected;
	linked_list_t *list;

	list = list_proposals(this, FALSE);
	selected = select_first(list, proposals, flags);
	if (selected)
	{
		DBG2(DBG_CFG, "selected proposal: %P", selected);
	}
	else
	{
		DBG1(DBG_CFG, "%s in %N mode: received proposals: %#P", this->name,
			 ipsec_mode_names, this->mode, proposals);
		DBG1(DBG_CFG, "%s in %N mode: transform sets: %#P", this->name,
			 ipsec_mode_names, this->mode, list);
		kernel_cryptomap_compare(2, proposals, list);
	}
	list->destroy_offset(list, offsetof(proposal_t, destroy));
	return selected;
}

METHOD(child_cfg_t, select_traffic_selectors, linked_list_t*,
	private_child_t *this, bool local, linked_list_t *supplied,
	linked_list_t *hosts LOG_SELECTORS)
{
	kernel_cryptomap_flow_t *flow;
	traffic_selector_t *ts, *other;
	enumerator_t *enumerator;
	linked_list_t *list;
	bool found = FALSE;

	this->mutex->lock(this->mutex);
	flow = kernel_cryptomap_flow_get_ref(this->flow);
	this->mutex->unlock(this->mutex);

	list = linked_list_create();
	ts = local ? flow->local_ts : flow->remote_ts;
	if (supplied)
	{
		enumerator = supplied->create_enumerator(supplied);
		while (!found && enumerator->enumerate(enumerator, &other))
		{
			found = ts->equals(ts, other);
		}
		enumerator->destroy(enumerator);
	}
	if (!supplied || found)
	{
		list->insert_last(list, ts->clone(ts));
	}
	kernel_cryptomap_flow_put(flow);
	return list;
}

/**
 * How many seconds of a lifetime are left for a renegotiation.
 */
static uint64_t get_margin(uint64_t seconds)
{
	return min((uint64_t)REKEY_MARGIN, seconds / REKEY_PART);
}

/**
 * When to start a renegotiation, so that two peers seldom do it at once.
 */
static uint64_t get_rekey(uint64_t life, uint64_t margin, bool jitter)
{
	if (jitter && margin)
	{
		margin += random() % (margin / 2 + 1);
	}
	return life - margin;
}

/**
 * The lifetime of a flow in bytes.
 */
static uint64_t get_bytes(kernel_cryptomap_flow_t *flow)
{
	return (uint64_t)flow->life_kilobytes * 1000;
}

METHOD(child_cfg_t, get_lifetime, lifetime_cfg_t*,
	private_child_t *this, bool jitter)
{
	kernel_cryptomap_flow_t *flow;
	lifetime_cfg_t *lifetime;
	uint64_t bytes;

	flow = get_flow(this);
	bytes = get_bytes(flow);
	INIT(lifetime,
		.time = {
			.life = flow->life_seconds,
			.rekey = get_rekey(flow->life_seconds,
							   get_margin(flow->life_seconds), jitter),
		},
		.bytes = {
			.life = bytes,
			.rekey = get_rekey(bytes, bytes / VOLUME_PART, jitter),
		},
	);
	kernel_cryptomap_flow_put(flow);
	return lifetime;
}

/*
 * See header.
 */
void kernel_cryptomap_child_life(child_cfg_t *child, uint64_t *seconds,
								 uint64_t *bytes)
{
	private_child_t *this = (private_child_t*)child;

	this->mutex->lock(this->mutex);
	*seconds = this->flow->life_seconds;
	*bytes = get_bytes(this->flow);
	this->mutex->unlock(this->mutex);
}

/*
 * See header.
 */
void kernel_cryptomap_child_limit(lifetime_cfg_t *lifetime, uint64_t seconds,
								  uint64_t bytes)
{
	uint64_t margin;

	if (seconds && (!lifetime->time.life || seconds < lifetime->time.life))
	{
		margin = get_margin(seconds);
		lifetime->time.life = seconds;
		lifetime->time.rekey = seconds - margin / PEER_PART;
	}
	if (bytes && (!lifetime->bytes.life || bytes < lifetime->bytes.life))
	{
		margin = bytes / VOLUME_PART;
		lifetime->bytes.life = bytes;
		lifetime->bytes.rekey = bytes - margin / PEER_PART;
	}
}

/**
 * charon asks for the mode when it starts a quick mode: only then it may be
 * another one than before.
 */
METHOD(child_cfg_t, get_mode, ipsec_mode_t,
	private_child_t *this)
{
	kernel_cryptomap_flow_t *flow;
	ipsec_mode_t mode;

	flow = get_flow(this);
	this->mutex->lock(this->mutex);
	if (kernel_cryptomap_flow_mode(flow, &mode) && mode != this->preferred)
	{
		this->preferred = mode;
		this->mode = mode;
	}
	mode = this->mode;
	this->mutex->unlock(this->mutex);
	kernel_cryptomap_flow_put(flow);
	return mode;
}

METHOD(child_cfg_t, get_action, action_t,
	private_child_t *this)
{
	return ACTION_NONE;
}

METHOD(child_cfg_t, get_hw_offload, hw_offload_t,
	private_child_t *this)
{
	return HW_OFFLOAD_NO;
}

METHOD(child_cfg_t, get_copy_dscp, dscp_copy_t,
	private_child_t *this)
{
	return DSCP_COPY_OUT_ONLY;
}

METHOD(child_cfg_t, get_algorithm, uint16_t,
	private_child_t *this, transform_type_t type)
{
	linked_list_t *list;
	proposal_t *proposal;
	uint16_t alg = 0;

	list = list_proposals(this, FALSE);
	if (list->get_first(list, (void**)&proposal) == SUCCESS)
	{
		proposal->get_algorithm(proposal, type, &alg, NULL);
	}
	list->destroy_offset(list, offsetof(proposal_t, destroy));
	return alg;
}

METHOD(child_cfg_t, get_reqid, uint32_t,
	private_child_t *this)
{
	return this->id;
}

METHOD(child_cfg_t, get_zero, uint32_t,
	private_child_t *this)
{
	return 0;
}

METHOD(child_cfg_t, get_if_id, uint32_t,
	private_child_t *this, bool inbound)
{
	return 0;
}

METHOD(child_cfg_t, get_mark, mark_t,
	private_child_t *this, bool inbound)
{
	return (mark_t){};
}

METHOD(child_cfg_t, get_label_mode, sec_label_mode_t,
	private_child_t *this)
{
	return SEC_LABEL_MODE_SIMPLE;
}

METHOD(child_cfg_t, select_label, bool,
	private_child_t *this, linked_list_t *labels, bool log,
	sec_label_t **label, bool *exact)
{
	if (label)
	{
		*label = NULL;
	}
	if (exact)
	{
		*exact = TRUE;
	}
	return !labels || !labels->get_count(labels);
}

METHOD(child_cfg_t, get_replay_window, uint32_t,
	private_child_t *this)
{
	kernel_cryptomap_flow_t *flow;
	uint32_t window;

	flow = get_flow(this);
	window = flow->replay_window;
	kernel_cryptomap_flow_put(flow);
	return window;
}

METHOD(child_cfg_t, has_option, bool,
	private_child_t *this, child_cfg_option_t option)
{
	return option == OPT_NO_POLICIES;
}

METHOD(child_cfg_t, equals, bool,
	private_child_t *this, child_cfg_t *other)
{
	return kernel_cryptomap_child_flow(other) == this->id;
}

METHOD(child_cfg_t, get_ref, child_cfg_t*,
	private_child_t *this)
{
	ref_get(&this->ref);
	return &this->public;
}

METHOD(child_cfg_t, destroy, void,
	private_child_t *this)
{
	if (ref_put(&this->ref))
	{
		kernel_cryptomap_flow_put(this->flow);
		this->mutex->destroy(this->mutex);
		free(this->name);
		free(this);
	}
}

/**
 * See header.
 */
child_cfg_t *kernel_cryptomap_child_create(kernel_cryptomap_socket_t *socket,
										   kernel_cryptomap_flow_t *flow,
										   ipsec_mode_t mode)
{
	private_child_t *this;

	INIT(this,
		.public = {
			.get_name = _get_name,
			.add_proposal = (void*)nop,
			.get_proposals = _get_proposals,
			.select_proposal = _select_proposal,
			.add_traffic_selector = (void*)nop,
			CHILD_CFG_SELECTORS
			.get_updown = (void*)return_null,
			.get_lifetime = _get_lifetime,
			.get_mode = _get_mode,
			.get_start_action = _get_action,
			.get_dpd_action = _get_action,
			.get_hw_offload = _get_hw_offload,
			.get_copy_dscp = _get_copy_dscp,
			.get_close_action = _get_action,
			.get_algorithm = _get_algorithm,
			.get_inactivity = _get_zero,
			.get_reqid = _get_reqid,
			.get_if_id = _get_if_id,
			.get_mark = _get_mark,
			.get_set_mark = _get_mark,
			.get_label = (void*)return_null,
			.get_label_mode = _get_label_mode,
			.select_label = _select_label,
			.get_tfc = _get_zero,
			.get_manual_prio = _get_zero,
			.get_interface = (void*)return_null,
			.get_replay_window = _get_replay_window,
			.set_replay_window = (void*)nop,
			.has_option = _has_option,
			.equals = _equals,
			.get_ref = _get_ref,
			.destroy = _destroy,
		},
		.ref = 1,
		.socket = socket,
		.id = flow->id,
		.flow = kernel_cryptomap_flow_get_ref(flow),
		.mutex = mutex_create(MUTEX_TYPE_DEFAULT),
		.mode = mode,
		.preferred = mode,
	);
	kernel_cryptomap_flow_mode(flow, &this->preferred);
	if (asprintf(&this->name, "%s/%u/flow-%u", flow->map, flow->entry_seq,
				 flow->id) < 0)
	{
		this->name = strdup(flow->map);
	}
	return &this->public;
}

/**
 * See header.
 */
uint32_t kernel_cryptomap_child_flow(child_cfg_t *child)
{
	return child->destroy == _destroy ? child->get_reqid(child) : 0;
}

/**
 * See header.
 */
u_int kernel_cryptomap_child_rekeyed(child_cfg_t *child, bool success)
{
	private_child_t *this = (private_child_t*)child;
	u_int failures;

	this->mutex->lock(this->mutex);
	this->failures = success ? 0 : this->failures + 1;
	failures = this->failures;
	this->mutex->unlock(this->mutex);
	return failures;
}

/**
 * See header.
 */
bool kernel_cryptomap_child_accepts(kernel_cryptomap_flow_t *flow,
									ipsec_mode_t mode,
									linked_list_t *proposals)
{
	proposal_t *selected;
	linked_list_t *list;

	list = create_proposals(flow, mode, FALSE);
	selected = select_first(list, proposals, 0);
	list->destroy_offset(list, offsetof(proposal_t, destroy));
	DESTROY_IF(selected);
	return selected != NULL;
}
