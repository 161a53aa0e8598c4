/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_ESP_INPUT_H
#define _CMAP_ESP_INPUT_H

struct cmap_sa;
struct sk_buff;

/**
 * cmap_esp_input() - decrypt, check and pass on one ESP packet
 * @sa: inbound SA with keys
 * @skb: packet, skb->data at the ESP header, its IP header in front; consumed
 *
 * RFC 4303 3.4: replay check, integrity, replay window, padding, next header,
 * then the selectors of the SA (RFC 4301 5.2).
 *
 * Context: RCU read side, BH disabled.
 */
void cmap_esp_input(struct cmap_sa *sa, struct sk_buff *skb);

#endif /* _CMAP_ESP_INPUT_H */
