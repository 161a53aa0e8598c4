/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_CHECKIN_H_
#define KERNEL_CRYPTOMAP_CHECKIN_H_

#include <daemon.h>

/**
 * Check an IKE_SA in after what was done with it, as charon's own jobs do.
 *
 * @param ike_sa		IKE_SA that this thread has checked out
 * @param status		what that came to; it is destroyed for DESTROY_ME
 */
static inline void kernel_cryptomap_checkin(ike_sa_t *ike_sa, status_t status)
{
	ike_sa_manager_t *manager = charon->ike_sa_manager;

	if (status == DESTROY_ME)
	{
		manager->checkin_and_destroy(manager, ike_sa);
	}
	else
	{
		manager->checkin(manager, ike_sa);
	}
}

#endif /** KERNEL_CRYPTOMAP_CHECKIN_H_ */
