/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_SAS_H_
#define KERNEL_CRYPTOMAP_SAS_H_

#include <library.h>
#include <collections/array.h>
#include <networking/host.h>

typedef struct kernel_cryptomap_sas_t kernel_cryptomap_sas_t;
typedef struct kernel_cryptomap_sa_t kernel_cryptomap_sa_t;
typedef struct kernel_cryptomap_sa_name_t kernel_cryptomap_sa_name_t;

/**
 * What is known about an SA in the kernel.
 */
struct kernel_cryptomap_sa_t {
	/** inbound, else outbound */
	bool inbound;
	/** only the SPI is reserved so far, or the kernel is just being told */
	bool larval;
	/** this side initiated the negotiation */
	bool initiator;
	/** of an outbound one, SPI of the inbound SA of its CHILD_SA, network order; 0 if that
	 * is not known */
	uint32_t twin;
};

/**
 * What names an SA.
 */
struct kernel_cryptomap_sa_name_t {
	/** destination */
	host_t *dst;
	/** SPI, network order */
	uint32_t spi;
	/** inbound, else outbound */
	bool inbound;
};

/**
 * Table of SAs. There is one of the SAs and reserved SPIs that charon knows,
 * and one of those that it left to the kernel. The kernel may have others: of
 * a daemon that was killed. Thread-safe.
 *
 * Tables and kernel are compared from time to time, as notifications get lost:
 * compare(), then found() for each SA that the kernel tells of, then, if it
 * told of all, get_missing(). SAs added after compare() are not missing.
 */
struct kernel_cryptomap_sas_t {

	/**
	 * Add an SA, in place of its reserved SPI.
	 *
	 * @param src		source of the SA
	 * @param dst		destination of the SA
	 * @param spi		SPI, network order
	 * @param sa		what is known about it, copied
	 */
	void (*add)(kernel_cryptomap_sas_t *this, host_t *src, host_t *dst,
				uint32_t spi, kernel_cryptomap_sa_t *sa);

	/**
	 * Look an SA up.
	 *
	 * @param dst		destination of the SA
	 * @param spi		SPI, network order
	 * @param sa		set to what is known about it, or NULL
	 * @return			FALSE if it is not in the table
	 */
	bool (*get)(kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
				kernel_cryptomap_sa_t *sa);

	/**
	 * Look an SA up and remove it, see get().
	 */
	bool (*remove)(kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
				   kernel_cryptomap_sa_t *sa);

	/**
	 * Whether there is any SA to a peer.
	 *
	 * @param remote	the peer's address
	 */
	bool (*has_peer)(kernel_cryptomap_sas_t *this, host_t *remote);

	/**
	 * Get the SAs with a peer, reserved SPIs among them.
	 *
	 * @param remote	the peer's address
	 * @return			array of kernel_cryptomap_sa_name_t; it and the hosts
	 *					belong to the caller
	 */
	array_t *(*get_of_peer)(kernel_cryptomap_sas_t *this, host_t *remote);

	/**
	 * Start a comparison, before the kernel is asked.
	 *
	 * @return			number of the comparison
	 */
	u_int (*compare)(kernel_cryptomap_sas_t *this);

	/**
	 * The kernel has an SA.
	 *
	 * @param dst		destination of the SA
	 * @param spi		SPI, network order
	 * @param number	number of the comparison
	 * @return			FALSE if it is not in the table
	 */
	bool (*found)(kernel_cryptomap_sas_t *this, host_t *dst, uint32_t spi,
				  u_int number);

	/**
	 * Get the SAs that the kernel did not tell of, those added after the
	 * comparison began and reserved SPIs excepted.
	 *
	 * @param number	number of the comparison
	 * @return			array of kernel_cryptomap_sa_name_t; it and the hosts
	 *					belong to the caller
	 */
	array_t *(*get_missing)(kernel_cryptomap_sas_t *this, u_int number);

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
