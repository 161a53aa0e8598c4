/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A packet made of what a command says of it.
 */
#ifndef CRYPTOMAP_PACKET_H
#define CRYPTOMAP_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ios/ios.h"

/* of a netlink attribute, whose length counts its header */
#define PACKET_MAX 65531

/**
 * struct packet - the headers of a packet
 * @src:      of the family of @dst
 * @protocol: IP protocol; of TCP, UDP, ICMP and ESP what follows is used
 * @sport:    TCP, UDP
 * @type:     ICMP
 * @spi:      ESP
 * @in_udp:   ESP in UDP, from @sport to @dport
 * @size:     bytes of all of it, 0 for no more than the headers
 * @df:       it must not be fragmented
 */
struct packet {
	struct ios_addr src, dst;
	uint8_t protocol;
	uint16_t sport, dport;
	uint8_t type, code;
	uint32_t spi;
	bool in_udp;
	uint32_t size;
	bool df;
};

/**
 * packet_build() - the bytes of a packet, from its IP header on
 * @buf: of PACKET_MAX bytes
 *
 * TCP has the flag SYN. Checksums are zero, since nobody looks at them.
 *
 * Return: its length; 0 if @size is less than its headers or more than PACKET_MAX.
 */
size_t packet_build(const struct packet *packet, uint8_t *buf);

#endif
