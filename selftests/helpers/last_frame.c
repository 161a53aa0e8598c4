// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * last_frame DEVICE: send the frame by which a capture knows that it has all there was:
 * a broadcast of the experimental ethertype 0x88b5.
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	unsigned char frame[ETH_ZLEN] = { [ETH_ALEN] = 2, [12] = 0x88, [13] = 0xb5 };
	int sock;

	if (argc != 2)
		errx(2, "usage: last_frame DEVICE");
	memset(frame, 0xff, ETH_ALEN);
	to.sll_ifindex = if_nametoindex(argv[1]);
	sock = socket(AF_PACKET, SOCK_RAW, 0);
	if (sock < 0 || sendto(sock, frame, sizeof(frame), 0, (struct sockaddr *)&to,
			       sizeof(to)) != sizeof(frame))
		err(1, "%s", argv[1]);
	return 0;
}
