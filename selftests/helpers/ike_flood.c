// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Send first messages of IKEv1 from addresses that are not ours.
 *
 *   ike_flood KIND TO FROM ADDRESSES COUNT RATE
 *
 * KIND is main or aggressive (RFC 2409), fragment: the first part of one of main mode, or
 * garbage: every other message is noise, the others have a header of ISAKMP. Sources are ADDRESSES many from FROM on, in turn.
 * RATE is in messages a second. Prints how many went out.
 */
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define IKE_PORT	500
#define HEADER		28	/* of ISAKMP, RFC 2408 3.1 */
#define EXCHANGE	18	/* where it has the exchange type */
#define LENGTH		24	/* and the length */
#define PUBLIC_VALUE	256	/* of group 14 */
#define FRAGMENT_TYPE	132	/* of a payload, as peers have it that know no RFC for it */

enum kind { MAIN, AGGRESSIVE, FRAGMENT, GARBAGE };

struct packet {
	struct iphdr	ip;
	struct udphdr	udp;
	uint8_t		ike[1024];
} __attribute__((packed));

/* One policy: AES-256, SHA-256, pre-shared key, group 14, 28,800 seconds. */
static const uint8_t sa[] = {
	0, 0, 0, 56, 0, 0, 0, 1, 0, 0, 0, 1,
	0, 0, 0, 44, 1, 1, 0, 1,
	0, 0, 0, 36, 1, 1, 0, 0,
	0x80, 1, 0, 7, 0x80, 14, 1, 0, 0x80, 2, 0, 4, 0x80, 3, 0, 1,
	0x80, 4, 0, 14, 0x80, 11, 0, 1, 0x80, 12, 0x70, 0x80,
};

static void fill(void *to, size_t len)
{
	if (getrandom(to, len, 0) != (ssize_t)len)
		exit(1);
}

/* Add a payload whose body is random. Returns the end of the message. */
static size_t add_random(uint8_t *ike, size_t at, uint8_t next, uint16_t body)
{
	ike[at] = next;
	ike[at + 1] = 0;
	ike[at + 2] = (body + 4) >> 8;
	ike[at + 3] = body + 4;
	fill(ike + at + 4, body);
	return at + 4 + body;
}

/* Write a message. Returns its length. */
static size_t write_ike(uint8_t *ike, enum kind kind, bool noise, uint32_t from)
{
	const uint8_t id[] = { 0, 0, 0, 12, 1, 17, IKE_PORT >> 8, IKE_PORT & 0xff };
	size_t len = HEADER;

	fill(ike, HEADER + 64);
	if (noise)
		return HEADER + 64;
	memset(ike + 8, 0, HEADER - 8);
	ike[16] = 1;
	ike[17] = 0x10;
	ike[EXCHANGE] = kind == AGGRESSIVE ? 4 : 2;
	if (kind == GARBAGE) {
		len += 64;
	} else if (kind == FRAGMENT) {
		ike[16] = FRAGMENT_TYPE;
		len = add_random(ike, len, 0, 512);
		/* number 1, and there are more */
		memcpy(ike + HEADER + 4, "\0\1\1", 4);
	} else {
		memcpy(ike + len, sa, sizeof(sa));
		len += sizeof(sa);
	}
	if (kind == AGGRESSIVE) {
		ike[HEADER] = 4;
		len = add_random(ike, len, 10, PUBLIC_VALUE);
		ike[len - PUBLIC_VALUE] &= 0x7f;	/* smaller than the prime */
		len = add_random(ike, len, 5, 20);
		memcpy(ike + len, id, sizeof(id));
		memcpy(ike + len + sizeof(id), &from, sizeof(from));
		len += sizeof(id) + sizeof(from);
	}
	ike[LENGTH + 2] = len >> 8;
	ike[LENGTH + 3] = len;
	return len;
}

/* Let the messages sent so far take as long as the rate says. */
static void keep_rate(const struct timespec *start, unsigned long sent,
		      unsigned long rate)
{
	struct timespec until = *start;

	until.tv_sec += sent / rate;
	until.tv_nsec += sent % rate * 1000000000 / rate;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	unsigned long addresses, count, rate, sent;
	struct timespec start;
	struct packet packet;
	struct in_addr from;
	enum kind kind;
	uint32_t src;
	size_t len;
	int sock;

	if (argc != 7 || !inet_aton(argv[2], &to.sin_addr) || !inet_aton(argv[3], &from)) {
		fprintf(stderr, "usage: ike_flood KIND TO FROM ADDRESSES COUNT RATE\n");
		return 2;
	}
	kind = !strcmp(argv[1], "main") ? MAIN :
	       !strcmp(argv[1], "aggressive") ? AGGRESSIVE :
	       !strcmp(argv[1], "fragment") ? FRAGMENT : GARBAGE;
	addresses = strtoul(argv[4], NULL, 10);
	count = strtoul(argv[5], NULL, 10);
	rate = strtoul(argv[6], NULL, 10);
	sock = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	if (sock < 0 || !addresses || !rate) {
		perror("ike_flood");
		return 1;
	}

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (sent = 0; sent < count; sent++) {
		src = htonl(ntohl(from.s_addr) + sent % addresses);
		len = write_ike(packet.ike, kind, kind == GARBAGE && sent % 2, src);
		packet.ip = (struct iphdr) {
			.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP,
			.saddr = src, .daddr = to.sin_addr.s_addr,
		};
		packet.udp = (struct udphdr) {
			.source = htons(IKE_PORT), .dest = htons(IKE_PORT),
			.len = htons(sizeof(packet.udp) + len),
		};
		if (sendto(sock, &packet, sizeof(packet.ip) + sizeof(packet.udp) + len, 0,
			   (struct sockaddr *)&to, sizeof(to)) < 0) {
			perror("ike_flood: sendto");
			return 1;
		}
		keep_rate(&start, sent + 1, rate);
	}
	printf("%lu messages\n", sent);
	return 0;
}
