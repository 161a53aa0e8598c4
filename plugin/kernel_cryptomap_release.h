/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_RELEASE_H_
#define KERNEL_CRYPTOMAP_RELEASE_H_

#include "kernel_cryptomap_left.h"

/**
 * Delete an SA that charon has no longer, or make it an orphan. If the kernel does not
 * do that now, as for want of memory, or its answer is lost, it is asked again for half a
 * minute, unless charon has an SA of this name by then: else the SA would stay until
 * charon and the kernel are compared, and for an orphan then.
 *
 * @param ends			where it is; hosts are cloned
 * @param spi			SPI, network order
 * @param sa			what is known about it
 * @param orphan		it is to be an orphan
 * @param stays			it is in the table of those left to the kernel for longer than
 *						this
 * @return				FALSE if the kernel does not have it
 */
bool kernel_cryptomap_release(kernel_cryptomap_left_t *ends, uint32_t spi,
							  kernel_cryptomap_sa_t *sa, bool orphan, bool stays);

/**
 * Give back an SPI that was reserved, a second later unless charon has an SA of this name
 * by then: packets that the peer sent by it already wait in the kernel for the keys, and
 * charon makes a CHILD_SA anew when another pair came up meanwhile.
 *
 * @param ends			where it is; hosts are cloned
 * @param spi			SPI, network order
 * @param sa			what is known about it
 */
void kernel_cryptomap_release_spi(kernel_cryptomap_left_t *ends, uint32_t spi,
								  kernel_cryptomap_sa_t *sa);

#endif /** KERNEL_CRYPTOMAP_RELEASE_H_ */
