/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_SELFTEST_H
#define _CMAP_SELFTEST_H

/**
 * cmap_selftest() - check every algorithm with a known answer
 *
 * A packet of each is encrypted, compared, decrypted, compared, and tampered with,
 * with the transforms and the layout of requests of the data path. Algorithms that
 * fail, or that the kernel does not have, are not used (cmap_alg_resolve()).
 *
 * Context: may sleep; before anything is configured.
 */
void cmap_selftest(void);

#endif /* _CMAP_SELFTEST_H */
