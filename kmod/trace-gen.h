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
		{ 23, "host-pair-limit" }, \
		{ 24, "output-loop" }, \
		{ 25, "clear-text" }, \
		{ 26, "invalid-spi" }, \
		{ 27, "larval-full" }, \
		{ 28, "bad-length" }, \
		{ 29, "replay" }, \
		{ 30, "zero-sequence" }, \
		{ 31, "auth-failed" }, \
		{ 32, "in-crypto-error" }, \
		{ 33, "in-crypto-busy" }, \
		{ 34, "in-no-memory" }, \
		{ 35, "bad-padding" }, \
		{ 36, "bad-next-header" }, \
		{ 37, "dummy" }, \
		{ 38, "bad-inner" }, \
		{ 39, "selector-mismatch" }, \
		{ 40, "inner-fragment" }, \
		{ 41, "access-group-in" }, \
		{ 42, "udp-checksum" }, \
		{ 43, "encap-mismatch" }, \
		{ 44, "in-sa-expired" }, \
		{ 45, "ecn" }, \
		{ 46, "receive-queue" })

#endif /* _CMAP_TRACE_GEN_H */
