/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_CHILD_H_
#define KERNEL_CRYPTOMAP_CHILD_H_

#include "kernel_cryptomap_flow.h"

#include <config/child_cfg.h>

/**
 * Create the child_cfg_t of a flow.
 *
 * Its reqid is the id of the flow and its traffic selectors are exactly those
 * of the access list entry. Transform sets, mode, PFS and lifetimes are read from
 * the kernel each time they are asked for, so that a rekeying follows a new
 * configuration. No policies are installed.
 *
 * @param socket		client of the kernel module
 * @param flow			flow with known selectors, reference is taken
 * @param mode			MODE_TUNNEL or MODE_TRANSPORT to start with
 * @return				child_cfg_t
 */
child_cfg_t *kernel_cryptomap_child_create(kernel_cryptomap_socket_t *socket,
										   kernel_cryptomap_flow_t *flow,
										   ipsec_mode_t mode);

/**
 * The flow of a child_cfg_t.
 *
 * @param child			any child_cfg_t
 * @return				id of the flow, 0 if this plugin did not create it
 */
uint32_t kernel_cryptomap_child_flow(child_cfg_t *child);

/**
 * The lifetimes of a flow, for hooks, which don't ask the kernel: as it told them last.
 *
 * @param child			child_cfg_t of a flow, nothing else
 * @param seconds		set to them, 0 for none
 * @param bytes
 */
void kernel_cryptomap_child_life(child_cfg_t *child, uint64_t *seconds,
								 uint64_t *bytes);

/**
 * Reduce lifetimes to those of the peer, which is to renew SAs before we do.
 *
 * @param lifetime		lifetimes of a child_cfg_t of a flow
 * @param seconds		limits, 0 for none
 * @param bytes
 */
void kernel_cryptomap_child_limit(lifetime_cfg_t *lifetime, uint64_t seconds,
								  uint64_t bytes);

/**
 * Count failed rekeyings.
 *
 * @param child			child_cfg_t of a flow, nothing else
 * @param success		a CHILD_SA came up, or else its rekeying failed
 * @return				failures since one came up
 */
u_int kernel_cryptomap_child_rekeyed(child_cfg_t *child, bool success);

/**
 * Whether a transform set of a flow is among what a peer proposes.
 *
 * @param flow			the flow, which may be without id
 * @param mode			encapsulation mode of the proposals
 * @param proposals		what the peer proposes, proposal_t
 */
bool kernel_cryptomap_child_accepts(kernel_cryptomap_flow_t *flow,
									ipsec_mode_t mode,
									linked_list_t *proposals);

#endif /** KERNEL_CRYPTOMAP_CHILD_H_ */
