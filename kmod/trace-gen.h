/* SPDX-License-Identifier: GPL-2.0-only */
/* Do not edit directly, auto-generated from: */
/*	uapi/specs/crypto_map.yaml */

#ifndef _CMAP_TRACE_GEN_H
#define _CMAP_TRACE_GEN_H

#define cmap_trace_sa_dir(value) \
	__print_symbolic(value, \
		{ 0, "in" }, \
		{ 1, "out" })

#define cmap_trace_sa_state(value) \
	__print_symbolic(value, \
		{ 0, "larval" }, \
		{ 1, "standby" }, \
		{ 2, "active" }, \
		{ 3, "retiring" })

#define cmap_trace_drop_reason(value) \
	__print_symbolic(value, \
		{ 0, "no-sa" }, \
		{ 1, "no-daemon" }, \
		{ 2, "no-sa-manual" }, \
		{ 3, "acquire-failed" }, \
		{ 4, "acquire-timeout" }, \
		{ 5, "flow-gone" }, \
		{ 6, "hold-full" }, \
		{ 7, "no-route" }, \
		{ 8, "too-big" }, \
		{ 9, "segment-failed" }, \
		{ 10, "fragment-port" }, \
		{ 11, "transport-mismatch" }, \
		{ 12, "out-no-memory" }, \
		{ 13, "out-crypto-error" }, \
		{ 14, "out-crypto-busy" }, \
		{ 15, "out-sa-expired" }, \
		{ 16, "seq-exhausted" }, \
		{ 17, "out-selector" }, \
		{ 18, "icmp-quote" }, \
		{ 19, "out-malformed" }, \
		{ 20, "hooks-gone" }, \
		{ 21, "clear-text" }, \
		{ 22, "invalid-spi" }, \
		{ 23, "larval-full" }, \
		{ 24, "bad-length" }, \
		{ 25, "replay" }, \
		{ 26, "zero-sequence" }, \
		{ 27, "auth-failed" }, \
		{ 28, "in-crypto-error" }, \
		{ 29, "in-crypto-busy" }, \
		{ 30, "in-no-memory" }, \
		{ 31, "bad-padding" }, \
		{ 32, "bad-next-header" }, \
		{ 33, "dummy" }, \
		{ 34, "bad-inner" }, \
		{ 35, "selector-mismatch" }, \
		{ 36, "inner-fragment" }, \
		{ 37, "udp-checksum" }, \
		{ 38, "encap-mismatch" }, \
		{ 39, "in-sa-expired" }, \
		{ 40, "ecn" }, \
		{ 41, "receive-queue" })

#endif /* _CMAP_TRACE_GEN_H */
