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
		{ 19, "access-group-out" }, \
		{ 20, "out-malformed" }, \
		{ 21, "hooks-gone" }, \
		{ 22, "clear-text" }, \
		{ 23, "invalid-spi" }, \
		{ 24, "larval-full" }, \
		{ 25, "bad-length" }, \
		{ 26, "replay" }, \
		{ 27, "zero-sequence" }, \
		{ 28, "auth-failed" }, \
		{ 29, "in-crypto-error" }, \
		{ 30, "in-crypto-busy" }, \
		{ 31, "in-no-memory" }, \
		{ 32, "bad-padding" }, \
		{ 33, "bad-next-header" }, \
		{ 34, "dummy" }, \
		{ 35, "bad-inner" }, \
		{ 36, "selector-mismatch" }, \
		{ 37, "inner-fragment" }, \
		{ 38, "access-group-in" }, \
		{ 39, "udp-checksum" }, \
		{ 40, "encap-mismatch" }, \
		{ 41, "in-sa-expired" }, \
		{ 42, "ecn" }, \
		{ 43, "receive-queue" })

#endif /* _CMAP_TRACE_GEN_H */
