/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_ESP_OUTPUT_H
#define _CMAP_ESP_OUTPUT_H

#include <linux/types.h>

struct cmap_sa;
struct dst_entry;
struct sk_buff;

/**
 * cmap_esp_output() - encapsulate, encrypt and send one packet
 * @sa: outbound SA
 * @dst: route to the peer; the caller keeps its reference
 * @df_bit: enum crypto_map_df_bit
 * @skb: inner packet that fits the mode of the SA, checksums complete; consumed
 *
 * RFC 4303, tunnel and transport mode, in UDP if the SA says so (RFC 3948).
 *
 * Context: RCU read side, BH disabled.
 */
void cmap_esp_output(struct cmap_sa *sa, struct dst_entry *dst, u8 df_bit,
		     struct sk_buff *skb);

#endif /* _CMAP_ESP_OUTPUT_H */
