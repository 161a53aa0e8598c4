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
		{ 24, "clear-text" }, \
		{ 25, "invalid-spi" }, \
		{ 26, "larval-full" }, \
		{ 27, "bad-length" }, \
		{ 28, "replay" }, \
		{ 29, "zero-sequence" }, \
		{ 30, "auth-failed" }, \
		{ 31, "in-crypto-error" }, \
		{ 32, "in-crypto-busy" }, \
		{ 33, "in-no-memory" }, \
		{ 34, "bad-padding" }, \
		{ 35, "bad-next-header" }, \
		{ 36, "dummy" }, \
		{ 37, "bad-inner" }, \
		{ 38, "selector-mismatch" }, \
		{ 39, "inner-fragment" }, \
		{ 40, "access-group-in" }, \
		{ 41, "udp-checksum" }, \
		{ 42, "encap-mismatch" }, \
		{ 43, "in-sa-expired" }, \
		{ 44, "ecn" }, \
		{ 45, "receive-queue" })

#endif /* _CMAP_TRACE_GEN_H */
