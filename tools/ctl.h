/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket of the charon plugin, and the file in which the plugin
 * mirrors the phase-1 configuration.
 */
#ifndef CRYPTOMAP_CTL_H
#define CRYPTOMAP_CTL_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>

#define CTL_SOCKET "/run/charon.cryptomap.ctl"
#define CTL_MIRROR "/run/charon.cryptomap.conf"

/** struct isakmp_sa - a phase-1 SA as the plugin tells it */
struct isakmp_sa {
	uint32_t conn_id;
	char local[46], remote[46];
	uint16_t local_port, remote_port;
	bool initiator;
	char state[16];			/* MM_NO_STATE ... QM_IDLE */
	bool deleted;
	char encr[8], hash[8], auth[8];
	uint16_t key_bits;
	uint16_t group;
	int64_t lifetime;		/* seconds left */
	int64_t uptime;			/* seconds */
	bool dpd, nat;
	char id[256];
	char ivrf[16];			/* of the packets in clear, as of vrf_find_isakmp(); empty for none */
};

struct isakmp_sas {
	struct isakmp_sa *v;
	size_t n;
};

/**
 * ctl_isakmp_list() - the phase-1 SAs; free @sas->v with free()
 * @quiet: say nothing when no daemon answers
 *
 * Return: 0; -ENOENT when no daemon answers; another negative errno.
 */
int ctl_isakmp_list(struct isakmp_sas *sas, bool quiet);

/** ctl_set_foreign_netns() - another network namespace was entered: use no CTL_MIRROR */
void ctl_set_foreign_netns(void);

/**
 * ctl_set_patience() - how long who is asked from now on may take to accept, or to go on with an answer
 * @seconds: 0 is what it is from the start, 30: charon reads a long configuration before it answers
 */
void ctl_set_patience(unsigned int seconds);

/**
 * ctl_connect() - connect to a UNIX stream socket, with the limits of ctl_set_patience()
 *
 * Return: descriptor; -ENOENT when nobody listens; another negative errno.
 */
int ctl_connect(const char *path);
/** ctl_send() - send all of a text. Return: 0 or a negative errno */
int ctl_send(int fd, const char *text, size_t len);

/** ctl_isakmp_clear() - delete one (0: all) phase-1 SA. Return: how many, or a negative errno */
int ctl_isakmp_clear(uint32_t conn_id);

/**
 * ctl_debug() - follow negotiations
 * @crypto: "isakmp" or "ipsec"
 * @peer:   address, or NULL for all
 *
 * Return: a descriptor from which objects come, a line each, with "ok" once, or "line",
 * "peer" and "missed"; or a negative errno after saying why.
 */
int ctl_debug(const char *crypto, const char *peer);

/**
 * ctl_config_set() - hand over the phase-1 configuration, and say what charon can't do of it
 * @text:    IOS text
 * @running: set to whether the daemon took it; otherwise it was written to
 *           CTL_MIRROR, which the daemon reads when it starts
 * @anew:    say all of it, not only what was not said of the one before
 *
 * Return: 0 or a negative errno after saying why.
 */
int ctl_config_set(const char *text, bool *running, bool anew);

/**
 * ctl_config_get() - the phase-1 configuration in use, else that of CTL_MIRROR
 *
 * Return: text for ios_text_free() (empty when there is none), or NULL after
 * saying why.
 */
char *ctl_config_get(void);

#endif
