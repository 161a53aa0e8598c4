/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_IKE_KEY_H_
#define KERNEL_CRYPTOMAP_IKE_KEY_H_

#include <sa/ike_sa.h>

/**
 * Key of an IKE_SA in a hashtable_t with hashtable_hash_ptr() and
 * hashtable_equals_ptr(): its unique id, of which there is no 0.
 */
static inline void *kernel_cryptomap_ike_key(ike_sa_t *ike_sa)
{
	return (void*)(uintptr_t)ike_sa->get_unique_id(ike_sa);
}

#endif /** KERNEL_CRYPTOMAP_IKE_KEY_H_ */
