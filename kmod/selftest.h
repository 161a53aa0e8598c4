/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_SELFTEST_H
#define _CMAP_SELFTEST_H

/**
 * cmap_selftest_start() - check every algorithm with a known answer
 *
 * A packet of each is encrypted, compared, decrypted, compared, and tampered with,
 * with the transforms and the layout of requests of the data path. Algorithms that
 * fail, or that the kernel does not have, are not used (cmap_alg_resolve()).
 *
 * This runs in a worker: the first time after boot the crypto API looks for a
 * module behind every name, which takes far longer than the rest of loading.
 * cmap_wq ends after it.
 */
void cmap_selftest_start(void);

/**
 * cmap_selftest_wait() - until the state of every algorithm is known
 *
 * Context: may sleep; before an algorithm is resolved or told of.
 */
void cmap_selftest_wait(void);

#endif /* _CMAP_SELFTEST_H */
