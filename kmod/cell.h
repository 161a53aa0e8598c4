/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _CMAP_CELL_H
#define _CMAP_CELL_H

/*
 * Cells: a queue of decrypted packets for each CPU, with a NAPI context, so that
 * GRO joins them before IP sees them.
 *
 * As the kernel's gro_cells, but for devices that are not ours: packets in a cell
 * hold no reference to the device that they came by. The owner of a gro_cells is
 * that device and destroys them first, and the kernel empties its own backlog
 * when a device goes, but not what others keep. So these cells watch devices.
 */

#include <linux/types.h>

struct sk_buff;

int cmap_cell_init(void);
void cmap_cell_exit(void);

/**
 * cmap_cell_receive() - put a packet into the cell of this CPU
 * @skb: packet, skb->data at its IP header; consumed
 *
 * Context: BH disabled, RCU read side.
 * Return: false if the packet was dropped: the cell is full or the device down.
 */
bool cmap_cell_receive(struct sk_buff *skb);

#endif /* _CMAP_CELL_H */
