/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_COMPARE_H_
#define KERNEL_CRYPTOMAP_COMPARE_H_

#include <library.h>

/**
 * Tell in the log, proposal by proposal, in which attributes what a peer offers is
 * not what is configured.
 *
 * @param phase			1 or 2
 * @param offered		proposals of the peer, proposal_t
 * @param configured	ours, proposal_t
 */
void kernel_cryptomap_compare(int phase, linked_list_t *offered,
							  linked_list_t *configured);

/**
 * Tell in the log which policies a peer refused, which does not say what it wants;
 * or which transform sets it is offered.
 *
 * @param phase			1 or 2
 * @param ours			proposals, proposal_t
 */
void kernel_cryptomap_compare_ours(int phase, linked_list_t *ours);

#endif /** KERNEL_CRYPTOMAP_COMPARE_H_ */
