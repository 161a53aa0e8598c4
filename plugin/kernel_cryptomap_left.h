/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_LEFT_H_
#define KERNEL_CRYPTOMAP_LEFT_H_

#include "kernel_cryptomap_sas.h"
#include "kernel_cryptomap_socket.h"

#include <linux/crypto_map.h>

typedef struct kernel_cryptomap_left_t kernel_cryptomap_left_t;
typedef struct kernel_cryptomap_left_info_t kernel_cryptomap_left_info_t;

/*
 * Requests to the kernel about SAs that charon left to it.
 */

/**
 * Where SAs with a peer are.
 */
struct kernel_cryptomap_left_t {
	/** client of the kernel module */
	kernel_cryptomap_socket_t *socket;
	/** SAs that charon knows, and those that it left to the kernel */
	kernel_cryptomap_sas_t *sas, *left;
	/** tunnel end points */
	host_t *local, *remote;
};

/**
 * What the kernel says about an SA.
 */
struct kernel_cryptomap_left_info_t {
	/** SPI of its twin, network order */
	uint32_t twin;
	/** CRYPTO_MAP_SA_STATE_* */
	uint32_t state;
	/** CRYPTO_MAP_SA_FLAGS_* */
	uint32_t flags;
	/** UDP port of the peer, 0 for plain ESP */
	uint16_t port;
	/** seconds since a packet used it, or since it is there if none did */
	uint64_t idle;
};

/**
 * Copy ends, with hosts of their own, as data of a job.
 */
kernel_cryptomap_left_t kernel_cryptomap_left_clone(
										const kernel_cryptomap_left_t *ends);

/**
 * Free the hosts of a copy.
 */
void kernel_cryptomap_left_clear(kernel_cryptomap_left_t *ends);

/**
 * Start a request about an SA.
 *
 * @param ends			where it is
 * @param msg			initialized by this
 * @param cmd			CRYPTO_MAP_CMD_SA_*
 * @param spi			SPI, network order
 * @param dir			CRYPTO_MAP_SA_DIR_*
 */
void kernel_cryptomap_left_init(kernel_cryptomap_left_t *ends,
								kernel_cryptomap_msg_t *msg, uint8_t cmd,
								uint32_t spi, uint32_t dir);

/**
 * Ask the kernel about an SA.
 *
 * @param info			set to what it says
 * @return				FALSE if it does not have it
 */
bool kernel_cryptomap_left_get(kernel_cryptomap_left_t *ends, uint32_t spi,
							   uint32_t dir, kernel_cryptomap_left_info_t *info);

/**
 * Whether an SA is with the peer at the port of some ends, others may be behind its NAT.
 * Phase 1 begins at another port than ESP has once there is a NAT; a peer behind that is
 * not reached there.
 *
 * @param info			what the kernel says about it
 */
bool kernel_cryptomap_left_is_at(kernel_cryptomap_left_t *ends,
								 kernel_cryptomap_left_info_t *info);

/**
 * Remove an SA from the kernel, now or soon, and from the table of those left to it.
 */
void kernel_cryptomap_left_remove(kernel_cryptomap_left_t *ends, uint32_t spi,
								  uint32_t dir);

#endif /** KERNEL_CRYPTOMAP_LEFT_H_ */
