// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Send many hostile packets to a gateway, as frames, as fast as it goes.
 *
 *   hostile DEVICE MAC COUNT SEED CORPUS
 *
 * CORPUS (helpers/hostile_corpus.py) holds IP packets whose ESP verifies, and
 * parameters: what it is made of goes out as it is, damaged, cut, in overlapping
 * fragments, behind IP options or extension headers; the rest is made up. The
 * same SEED sends the same packets. Prints how many went out of each kind.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#define FRAME_MAX	4096
#define BATCH		64
#define ETHER		14
#define ESP		50

struct frame {
	unsigned int	len;
	uint8_t		data[FRAME_MAX];
};

static struct frame batch[BATCH];
static unsigned int batched;
static int sock;
static unsigned long long sent, refused;
static struct ether_header ether;

/* packets of the corpus: length in network byte order, then the packet */
static const uint8_t **packet;
static uint16_t *packet_len;
static unsigned int packets;

static uint64_t state;

/* splitmix64 */
static uint64_t rnd(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static unsigned int below(unsigned int n)
{
	return rnd() % n;
}

static bool one_in(unsigned int n)
{
	return !below(n);
}

static void fill(uint8_t *to, unsigned int len)
{
	uint64_t word;

	for (; len >= 8; len -= 8, to += 8) {
		word = rnd();
		memcpy(to, &word, 8);
	}
	word = rnd();
	memcpy(to, &word, len);
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void flush(void)
{
	struct mmsghdr msg[BATCH] = {};
	struct iovec iov[BATCH];
	unsigned int i;
	int n;

	for (i = 0; i < batched; i++) {
		iov[i].iov_base = batch[i].data;
		iov[i].iov_len = batch[i].len;
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
	for (i = 0; i < batched; i += n) {
		n = sendmmsg(sock, msg + i, batched - i, 0);
		if (n > 0) {
			sent += n;
		} else if (errno == ENOBUFS || errno == EAGAIN) {
			n = 0;
		} else {
			refused++;	/* longer than the device takes, say */
			n = 1;
		}
	}
	batched = 0;
}

static uint16_t sum(const uint8_t *data, unsigned int len)
{
	uint32_t total = 0;
	unsigned int i;

	for (i = 0; i + 1 < len; i += 2)
		total += data[i] << 8 | data[i + 1];
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~total;
}

static bool is_ipv4(const struct frame *f)
{
	return f->data[12] == 8;
}

static uint8_t *ip_of(struct frame *f)
{
	return f->data + ETHER;
}

static unsigned int header_len(struct frame *f)
{
	return is_ipv4(f) ? (ip_of(f)[0] & 15) * 4 : 40;
}

static void put16(uint8_t *to, unsigned int value)
{
	to[0] = value >> 8;
	to[1] = value;
}

static void put32(uint8_t *to, uint32_t value)
{
	put16(to, value >> 16);
	put16(to + 2, value);
}

static void checksum(struct frame *f)
{
	uint8_t *ip = ip_of(f);

	if (!is_ipv4(f) || header_len(f) < 20 || f->len < ETHER + header_len(f))
		return;
	put16(ip + 10, 0);
	put16(ip + 10, sum(ip, header_len(f)));
}

/* Length fields and checksum of the frame as it is. */
static void settle(struct frame *f)
{
	if (is_ipv4(f))
		put16(ip_of(f) + 2, f->len - ETHER);
	else
		put16(ip_of(f) + 4, f->len - ETHER - 40);
	checksum(f);
}

/* The next frame of the batch, with a packet of the corpus. */
static struct frame *genuine(void)
{
	struct frame *f = &batch[batched];
	unsigned int i = below(packets);

	memcpy(f->data, &ether, ETHER);
	memcpy(f->data + ETHER, packet[i], packet_len[i]);
	f->len = ETHER + packet_len[i];
	put16(f->data + 12, packet[i][0] >> 4 == 4 ? ETHERTYPE_IP : ETHERTYPE_IPV6);
	return f;
}

static void done(void)
{
	if (++batched == BATCH)
		flush();
}

/*
 * Kinds of packets. Each sends one, or a few.
 */

static void send_genuine(void)
{
	genuine();
	done();
}

static void send_damaged(void)
{
	struct frame *f = genuine();
	unsigned int n = 1 + below(4);

	while (n--)
		f->data[ETHER + below(f->len - ETHER)] = rnd();
	if (!one_in(4))
		checksum(f);
	done();
}

/* Cut anywhere; mostly with lengths that say so. */
static void send_cut(void)
{
	struct frame *f = genuine();
	unsigned int head = header_len(f);

	f->len = ETHER + (one_in(8) ? below(f->len - ETHER) + 1 :
			  head + below(f->len - ETHER - head));
	if (f->len >= ETHER + head && !one_in(4))
		settle(f);
	done();
}

static void send_longer(void)
{
	struct frame *f = genuine();
	unsigned int more = 1 + below(one_in(4) ? 2000 : 40);

	fill(f->data + f->len, more);
	f->len += more;
	if (!one_in(3))
		settle(f);
	done();
}

/* An SPI of ours, or one that is not, before anything. */
static void send_made_up(void)
{
	struct frame *f = genuine();
	unsigned int head = header_len(f), len = below(one_in(4) ? 2000 : 64);
	uint8_t *esp = ip_of(f) + head;
	uint32_t number = below(1000);

	fill(esp + 8, len);
	put32(esp + 4, one_in(4) ? rnd() : number);
	if (one_in(2))
		put32(esp, one_in(2) ? below(256) : rnd());
	f->len = ETHER + head + 8 + len;
	if (one_in(16))
		f->len = ETHER + head + below(9);
	settle(f);
	done();
}

/* Random bytes where options or extension headers are, some in good form. */
static void send_options(void)
{
	static const uint8_t extensions[] = { 0, 43, 44, 51, 60, 59, 135 };
	struct frame *f = genuine();
	unsigned int head = header_len(f), more = is_ipv4(f) ? 4 * (1 + below(10)) :
						  8 * (1 + below(16));
	uint8_t *ip = ip_of(f), *options = ip + head;

	memmove(options + more, options, f->len - ETHER - head);
	f->len += more;
	fill(options, more);
	if (is_ipv4(f)) {
		ip[0] = 0x40 | (head + more) / 4;
		if (!one_in(4)) {
			memset(options, 1, more);
			options[0] = one_in(2) ? 7 : rnd();	/* record route */
			options[1] = one_in(2) ? more : below(more + 4);
			options[2] = one_in(2) ? 4 : below(more + 4);
		}
	} else {
		options[0] = one_in(4) ? rnd() : ip[6];
		ip[6] = extensions[below(sizeof(extensions))];
		if (!one_in(4)) {
			options[1] = more / 8 - 1;
			options[2] = 1;		/* PadN */
			options[3] = more - 4;
			memset(options + 4, 0, more - 4);
		}
	}
	settle(f);
	done();
}

/* Two to four fragments that overlap, or leave holes, or fit. */
static void send_fragments(void)
{
	unsigned int n = 2 + below(3), i, at, len, step, head, total;
	static struct frame whole;
	struct frame *f;
	uint8_t *ip;
	uint32_t id = rnd();
	uint8_t proto;

	whole = *genuine();
	head = header_len(&whole);
	total = whole.len - ETHER - head;
	step = (total / n / 8 + 1) * 8;
	proto = is_ipv4(&whole) ? 0 : ip_of(&whole)[6];
	for (i = 0; i < n; i++) {
		f = &batch[batched];
		at = one_in(6) ? below(total / 8 + 1) * 8 : i * step;
		if (at >= total)
			break;
		len = one_in(6) ? below(total - at) + 1 : step;
		if (len > total - at)
			len = total - at;
		ip = ip_of(f);
		memcpy(f->data, whole.data, ETHER + head);
		if (is_ipv4(f)) {
			put16(ip + 4, id);
			put16(ip + 6, at / 8 | (at + len < total ? IP_MF : 0));
		} else {
			ip[6] = 44;
			ip[head] = proto;
			ip[head + 1] = 0;
			put16(ip + head + 2, at | (at + len < total));
			put32(ip + head + 4, id);
		}
		memcpy(ip + head + (is_ipv4(f) ? 0 : 8),
		       whole.data + ETHER + head + at, len);
		f->len = ETHER + head + len + (is_ipv4(f) ? 0 : 8);
		settle(f);
		done();
	}
}

/* Any header at all before any content, some of it to the protected side. */
static void send_anything(void)
{
	struct frame *f = genuine();
	uint8_t *ip = ip_of(f);

	if (is_ipv4(f)) {
		if (one_in(2))
			ip[9] = rnd();
		if (one_in(4))
			fill(ip + 1, 11);
		if (one_in(4))
			put32(ip + 16, 0x0a010000 | below(4));	/* 10.1.0.x */
		if (one_in(4))
			put32(ip + 12, 0x0a020000 | below(4));	/* 10.2.0.x */
		if (one_in(16))
			ip[0] = rnd();
	} else {
		if (one_in(2))
			ip[6] = rnd();
		if (one_in(4))
			fill(ip, 8);
	}
	fill(ip + 40, below(64));
	if (!one_in(8))
		settle(f);
	done();
}

static const struct kind {
	const char	*name;
	unsigned int	weight;
	void		(*send)(void);
} kinds[] = {
	{ "genuine", 40, send_genuine },
	{ "damaged", 15, send_damaged },
	{ "cut", 8, send_cut },
	{ "longer", 5, send_longer },
	{ "made up", 12, send_made_up },
	{ "options", 8, send_options },
	{ "fragments", 6, send_fragments },
	{ "anything", 6, send_anything },
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static const struct kind *choose(void)
{
	unsigned int total = 0, i, at;

	for (i = 0; i < KINDS; i++)
		total += kinds[i].weight;
	at = below(total);
	for (i = 0; at >= kinds[i].weight; i++)
		at -= kinds[i].weight;
	return &kinds[i];
}

static void read_corpus(const char *path)
{
	int fd = open(path, O_RDONLY);
	const uint8_t *p, *end;
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		die(path);
	p = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		die(path);
	packet = calloc(st.st_size, sizeof(*packet));
	packet_len = calloc(st.st_size, sizeof(*packet_len));
	if (!packet || !packet_len)
		die("memory");
	for (end = p + st.st_size; p + 2 < end; p += 2 + packet_len[packets++]) {
		packet_len[packets] = p[0] << 8 | p[1];
		packet[packets] = p + 2;
	}
}

static void open_socket(const char *device, const char *mac)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(device),
	};

	if (!to.sll_ifindex || !ether_aton_r(mac, (void *)ether.ether_dhost))
		die(device);
	memcpy(ether.ether_shost, "\2\0\0\0\0\1", ETH_ALEN);
	sock = socket(AF_PACKET, SOCK_RAW, 0);
	if (sock < 0 || bind(sock, (void *)&to, sizeof(to)))
		die("socket");
}

int main(int argc, char **argv)
{
	unsigned long long count, of[KINDS] = {};
	const struct kind *kind;
	unsigned int i;

	if (argc != 6) {
		fprintf(stderr, "usage: hostile DEVICE MAC COUNT SEED CORPUS\n");
		return 2;
	}
	open_socket(argv[1], argv[2]);
	count = strtoull(argv[3], NULL, 0);
	state = strtoull(argv[4], NULL, 0);
	read_corpus(argv[5]);

	while (sent + refused < count) {
		kind = choose();
		of[kind - kinds]++;
		kind->send();
	}
	flush();
	printf("sent %llu, refused %llu:", sent, refused);
	for (i = 0; i < KINDS; i++)
		printf(" %s %llu", kinds[i].name, of[i]);
	printf("\n");
	return 0;
}
