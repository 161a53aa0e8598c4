/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_left.h"

#include "kernel_cryptomap_release.h"

#include <daemon.h>

/*
 * See header.
 */
kernel_cryptomap_left_t kernel_cryptomap_left_clone(
										const kernel_cryptomap_left_t *ends)
{
	kernel_cryptomap_left_t copy = *ends;

	copy.local = copy.local->clone(copy.local);
	copy.remote = copy.remote->clone(copy.remote);
	return copy;
}

/*
 * See header.
 */
void kernel_cryptomap_left_clear(kernel_cryptomap_left_t *ends)
{
	ends->local->destroy(ends->local);
	ends->remote->destroy(ends->remote);
}

/*
 * See header.
 */
void kernel_cryptomap_left_init(kernel_cryptomap_left_t *ends,
								kernel_cryptomap_msg_t *msg, uint8_t cmd,
								uint32_t spi, uint32_t dir)
{
	ends->socket->init(ends->socket, msg, cmd, FALSE);
	mnl_attr_put_u32(msg->nlh, CRYPTO_MAP_A_SA_SPI, ntohl(spi));
	mnl_attr_put_u32(msg->nlh, CRYPTO_MAP_A_SA_DIR, dir);
	kernel_cryptomap_put_host(msg->nlh, CRYPTO_MAP_A_SA_LOCAL, ends->local);
	kernel_cryptomap_put_host(msg->nlh, CRYPTO_MAP_A_SA_REMOTE, ends->remote);
}

/**
 * Take what a reply says about an SA.
 */
static void on_info(void *user, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[CRYPTO_MAP_A_SA_MAX + 1];
	const struct nlattr *used[CRYPTO_MAP_A_LIMITS_MAX + 1];
	kernel_cryptomap_left_info_t *info = user;

	kernel_cryptomap_attrs(nlh, tb, CRYPTO_MAP_A_SA_MAX);
	info->twin = htonl(kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_TWIN_SPI]));
	info->state = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_STATE]);
	info->flags = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_FLAGS]);
	info->port = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_ENCAP_DPORT]);
	kernel_cryptomap_nest(tb[CRYPTO_MAP_A_SA_USED], used,
						  CRYPTO_MAP_A_LIMITS_MAX);
	info->idle = kernel_cryptomap_num(tb[CRYPTO_MAP_A_SA_IDLE] ?:
									  used[CRYPTO_MAP_A_LIMITS_SECONDS]);
}

/*
 * See header.
 */
bool kernel_cryptomap_left_get(kernel_cryptomap_left_t *ends, uint32_t spi,
							   uint32_t dir, kernel_cryptomap_left_info_t *info)
{
	kernel_cryptomap_msg_t msg;

	*info = (kernel_cryptomap_left_info_t){};
	kernel_cryptomap_left_init(ends, &msg, CRYPTO_MAP_CMD_SA_GET, spi, dir);
	return !ends->socket->call(ends->socket, &msg, on_info, info);
}

/*
 * See header.
 */
bool kernel_cryptomap_left_is_at(kernel_cryptomap_left_t *ends,
								 kernel_cryptomap_left_info_t *info)
{
	uint16_t port = ends->remote->get_port(ends->remote);

	return !info->port || info->port == port ||
		   (port == IKEV2_UDP_PORT && info->port == IKEV2_NATT_PORT &&
			!(info->flags & CRYPTO_MAP_SA_FLAGS_FOLLOW_PORT));
}

/*
 * See header.
 */
void kernel_cryptomap_left_remove(kernel_cryptomap_left_t *ends, uint32_t spi,
								  uint32_t dir)
{
	kernel_cryptomap_sa_t sa = {
		.inbound = dir == CRYPTO_MAP_SA_DIR_IN,
	}, known;

	ends->left->remove(ends->left, sa.inbound ? ends->local : ends->remote, spi,
					   &known);
	kernel_cryptomap_release(ends, spi, &sa, FALSE, FALSE);
}
