/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_REPLAY_H
#define _CMAP_REPLAY_H

/*
 * Anti-replay window of RFC 4303 3.4.3, kept as a ring of words (RFC 6479) so
 * that moving it never shifts bits. Free of packets and netlink: the same file
 * is built into the module and into the unit tests.
 *
 * cmap_replay_check() may run without the lock, as a cheap first test;
 * cmap_replay_advance() decides and runs under the lock of the SA, after the
 * packet was authenticated.
 *
 * Numbers have 64 bits. Those of a packet are the low 32; the high ones are zero,
 * or with extended numbers (RFC 4303 2.2.1) what cmap_replay_extend() says.
 */

#include <linux/types.h>

#define CMAP_REPLAY_MAX	4096

/**
 * enum cmap_replay_result - outcome of a replay check
 * @CMAP_REPLAY_OK: new
 * @CMAP_REPLAY_ZERO: sequence number zero, which no sender uses
 * @CMAP_REPLAY_OLD: left of the window
 * @CMAP_REPLAY_SEEN: seen before
 */
enum cmap_replay_result {
	CMAP_REPLAY_OK,
	CMAP_REPLAY_ZERO,
	CMAP_REPLAY_OLD,
	CMAP_REPLAY_SEEN,
};

/**
 * struct cmap_replay - an anti-replay window
 * @top: highest sequence number accepted
 * @window: size in packets; 0 for no check
 * @words: words in @ring, a power of two
 * @ring: one bit for each of the last @words * BITS_PER_LONG numbers
 */
struct cmap_replay {
	u64		top;
	u32		window;
	u32		words;
	unsigned long	ring[];
};

/**
 * cmap_replay_words() - words that a window needs
 * @window: size in packets, at most CMAP_REPLAY_MAX
 *
 * Return: length of the ring, a power of two.
 */
u32 cmap_replay_words(u32 window);

/**
 * cmap_replay_init() - start a window in which nothing was seen
 * @r: window with room for cmap_replay_words(@window) words
 * @window: size in packets
 */
void cmap_replay_init(struct cmap_replay *r, u32 window);

/**
 * cmap_replay_start() - go on from a number, as if all up to it had been seen
 * @r: window, after cmap_replay_init()
 * @top: highest sequence number seen
 */
void cmap_replay_start(struct cmap_replay *r, u64 top);

/**
 * cmap_replay_extend() - the extended sequence number of a packet
 * @r: window
 * @low: what the packet says, the low 32 bits
 *
 * RFC 4303 appendix A2: the one that lies in the window or, when none does, the
 * next one right of it. Without a window the one nearest to the top.
 *
 * Context: any.
 * Return: number, for the check of integrity to confirm.
 */
u64 cmap_replay_extend(const struct cmap_replay *r, u32 low);

enum cmap_replay_result cmap_replay_check(const struct cmap_replay *r, u64 seq);

/**
 * cmap_replay_advance() - accept a sequence number
 * @r: window
 * @seq: sequence number of an authenticated packet
 *
 * Context: the lock of the SA.
 * Return: CMAP_REPLAY_OK when it was new and is remembered now, else why not.
 */
enum cmap_replay_result cmap_replay_advance(struct cmap_replay *r, u64 seq);

#endif /* _CMAP_REPLAY_H */
