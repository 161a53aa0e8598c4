/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_WHO_H_
#define KERNEL_CRYPTOMAP_WHO_H_

#include <sa/ike_sa.h>

typedef struct kernel_cryptomap_who_t kernel_cryptomap_who_t;

/**
 * Who an IKE_SA is with, for a job that finds others later. Several peers may be behind
 * one NAT.
 */
struct kernel_cryptomap_who_t {
	/** addresses */
	host_t *local, *remote;
	/** what the peer calls itself */
	identification_t *name;
	/** ISAKMP profile, "" for none */
	char *profile;
};

/**
 * Note who an IKE_SA is with.
 *
 * @param ike_sa		IKE_SA
 */
kernel_cryptomap_who_t *kernel_cryptomap_who_create(ike_sa_t *ike_sa);

/**
 * Whether another IKE_SA is with the same peer: by addresses, profile and identity, or by
 * port while phase 1 is under way and the peer has not told its identity.
 *
 * @param ike_sa		the other one
 */
bool kernel_cryptomap_who_is(kernel_cryptomap_who_t *who, ike_sa_t *ike_sa);

/**
 * Destroy.
 */
void kernel_cryptomap_who_destroy(kernel_cryptomap_who_t *who);

#endif /** KERNEL_CRYPTOMAP_WHO_H_ */
