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
		{ 3, "no-sa-dynamic" }, \
		{ 4, "acquire-failed" }, \
		{ 5, "acquire-timeout" }, \
		{ 6, "flow-gone" }, \
		{ 7, "hold-full" }, \
		{ 8, "no-route" }, \
		{ 9, "too-big" }, \
		{ 10, "segment-failed" }, \
		{ 11, "fragment-port" }, \
		{ 12, "transport-mismatch" }, \
		{ 13, "out-no-memory" }, \
		{ 14, "out-crypto-error" }, \
		{ 15, "out-crypto-busy" }, \
		{ 16, "out-sa-expired" }, \
		{ 17, "seq-exhausted" }, \
		{ 18, "out-selector" }, \
		{ 19, "icmp-quote" }, \
		{ 20, "access-group-out" }, \
		{ 21, "out-malformed" }, \
		{ 22, "hooks-gone" }, \
		{ 23, "clear-text" }, \
		{ 24, "invalid-spi" }, \
		{ 25, "larval-full" }, \
		{ 26, "bad-length" }, \
		{ 27, "replay" }, \
		{ 28, "zero-sequence" }, \
		{ 29, "auth-failed" }, \
		{ 30, "in-crypto-error" }, \
		{ 31, "in-crypto-busy" }, \
		{ 32, "in-no-memory" }, \
		{ 33, "bad-padding" }, \
		{ 34, "bad-next-header" }, \
		{ 35, "dummy" }, \
		{ 36, "bad-inner" }, \
		{ 37, "selector-mismatch" }, \
		{ 38, "inner-fragment" }, \
		{ 39, "access-group-in" }, \
		{ 40, "udp-checksum" }, \
		{ 41, "encap-mismatch" }, \
		{ 42, "in-sa-expired" }, \
		{ 43, "ecn" }, \
		{ 44, "receive-queue" })

#endif /* _CMAP_TRACE_GEN_H */
