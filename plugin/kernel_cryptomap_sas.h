/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_SAS_H_
#define KERNEL_CRYPTOMAP_SAS_H_

#include <library.h>
#include <networking/host.h>

typedef struct kernel_cryptomap_sas_t kernel_cryptomap_sas_t;
typedef struct kernel_cryptomap_sa_t kernel_cryptomap_sa_t;

/**
 * What is known about an SA in the kernel.
 */
struct kernel_cryptomap_sa_t {
	/** inbound, else outbound */
	bool inbound;
	/** only the SPI is reserved so far */
	bool larval;
	/** this side initiated the negotiation */
	bool initiator;
};

/**
 * Table of the SAs and reserved SPIs that charon knows. The kernel may have
 * others: orphans, and those of a daemon that was killed. Thread-safe.
 */
struct kernel_cryptomap_sas_t {

	/**
	 * Add an SA, in place of its reserved SPI.
	 *
	 * @param dst		destination of the SA
	 * @param spi		SPI, network order
	 * @param sa		what is known about it, copied
	 */
	void (*add)(kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
				kernel_cryptomap_sa_t *sa);

	/**
	 * Look an SA up.
	 *
	 * @param dst		destination of the SA
	 * @param spi		SPI, network order
	 * @param sa		set to what is known about it, or NULL
	 * @return			FALSE if charon does not know it
	 */
	bool (*get)(kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
				kernel_cryptomap_sa_t *sa);

	/**
	 * Look an SA up and remove it, see get().
	 */
	bool (*remove)(kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
				   kernel_cryptomap_sa_t *sa);

	/**
	 * Destroy.
	 */
	void (*destroy)(kernel_cryptomap_sas_t *this);
};

/**
 * Create an empty table.
 */
kernel_cryptomap_sas_t *kernel_cryptomap_sas_create();

#endif /** KERNEL_CRYPTOMAP_SAS_H_ */
