// SPDX-License-Identifier: GPL-2.0-or-later
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <string.h>

#include "packet.h"

#define TTL 64

/* Protocols without a header of their own here have so many bytes of data. */
#define RAW_BYTES 8

/* struct esp - the header of ESP (RFC 4303) */
struct esp {
	uint32_t spi;
	uint32_t seq;
};

static size_t put_udp(const struct packet *packet, uint8_t *buf, size_t len)
{
	struct udphdr udp = {
		.source = htons(packet->sport), .dest = htons(packet->dport), .len = htons(len),
	};

	memcpy(buf, &udp, sizeof(udp));
	return sizeof(udp);
}

/*
 * Writes the headers behind that of IP. @len: bytes there, 0 if not known yet.
 * Return: their length.
 */
static size_t put_transport(const struct packet *packet, uint8_t *buf, size_t len)
{
	struct tcphdr tcp = { .doff = sizeof(tcp) / 4, .syn = 1 };
	struct esp esp = { .spi = htonl(packet->spi), .seq = htonl(1) };
	size_t udp = 0;

	switch (packet->protocol) {
	case IPPROTO_TCP:
		tcp.source = htons(packet->sport);
		tcp.dest = htons(packet->dport);
		memcpy(buf, &tcp, sizeof(tcp));
		return sizeof(tcp);
	case IPPROTO_UDP:
		return put_udp(packet, buf, len);
	case IPPROTO_ESP:
		if (packet->in_udp)
			udp = put_udp(packet, buf, len);
		memcpy(buf + udp, &esp, sizeof(esp));
		return udp + sizeof(esp);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		buf[0] = packet->type;
		buf[1] = packet->code;
		return sizeof(struct icmphdr);
	}
	return RAW_BYTES;
}

static uint8_t ip_protocol(const struct packet *packet)
{
	return packet->in_udp ? IPPROTO_UDP : packet->protocol;
}

static void put_ipv4(const struct packet *packet, uint8_t *buf, size_t len)
{
	struct iphdr ip = {
		.version = 4, .ihl = sizeof(ip) / 4, .tot_len = htons(len), .ttl = TTL,
		.protocol = ip_protocol(packet), .frag_off = htons(packet->df ? IP_DF : 0),
		.saddr = packet->src.v4.s_addr, .daddr = packet->dst.v4.s_addr,
	};

	memcpy(buf, &ip, sizeof(ip));
}

static void put_ipv6(const struct packet *packet, uint8_t *buf, size_t len)
{
	struct ip6_hdr ip = { .ip6_src = packet->src.v6, .ip6_dst = packet->dst.v6 };

	ip.ip6_flow = htonl(6u << 28);
	ip.ip6_plen = htons(len - sizeof(ip));
	ip.ip6_nxt = ip_protocol(packet);
	ip.ip6_hlim = TTL;
	memcpy(buf, &ip, sizeof(ip));
}

size_t packet_build(const struct packet *packet, uint8_t *buf)
{
	bool six = packet->dst.family == AF_INET6;
	size_t header = six ? sizeof(struct ip6_hdr) : sizeof(struct iphdr), len;

	memset(buf, 0, PACKET_MAX);
	len = header + put_transport(packet, buf + header, 0);
	if (packet->size && (packet->size < len || packet->size > PACKET_MAX))
		return 0;
	if (packet->size)
		len = packet->size;
	put_transport(packet, buf + header, len - header);
	if (six)
		put_ipv6(packet, buf, len);
	else
		put_ipv4(packet, buf, len);
	return len;
}
