/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_ADOPT_H_
#define KERNEL_CRYPTOMAP_ADOPT_H_

#include <sa/ike_sa_id.h>

/**
 * Have the successor of an IKE_SA adopt the CHILD_SAs that came up since it has one, as
 * the peer did not know yet or had another one in mind: they would go with the IKE_SA.
 *
 * @param old			id of the IKE_SA
 * @param successor		id of its successor
 * @param established	whether that is established
 */
void kernel_cryptomap_adopt(ike_sa_id_t *old, ike_sa_id_t *successor,
							bool established);

#endif /** KERNEL_CRYPTOMAP_ADOPT_H_ */
