// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Make network namespaces, each with a mount namespace that has a /run of its own.
 *
 *   make_ns FOLDER NAME...
 *
 * The network namespace is kept where `ip netns` looks, the mount namespace by
 * FOLDER/NAME.mnt, for nsenter. IPv6 is off, lo is up, and ping has datagram sockets. One
 * program for all of it: with ip, unshare, mount and a shell for each namespace most of a
 * short test goes by in an emulated machine.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* what a namespace is bound to has to exist */
static void make_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CREAT | O_EXCL, 0600);

	if (fd < 0)
		err(1, "%s", path);
	close(fd);
}

static void bind_to(const char *namespace, const char *path)
{
	make_file(path);
	if (mount(namespace, path, NULL, MS_BIND, NULL))
		err(1, "bind %s to %s", namespace, path);
}

static void set(const char *sysctl, const char *value)
{
	int fd = open(sysctl, O_WRONLY);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		err(1, "%s", sysctl);
	close(fd);
}

static void set_lo_up(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo))
		err(1, "lo");
	close(fd);
}

static void enter_new(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	if (unshare(CLONE_NEWNET))
		err(1, "network namespace");
	bind_to("/proc/self/ns/net", path);

	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/run", "tmpfs", 0, "mode=755"))
		err(1, "mount namespace");
	set("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
	set("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	set("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
	set_lo_up();
}

/* A mount namespace cannot be bound from within: a child is in it meanwhile. */
static void make(const char *folder, const char *name)
{
	int ready[2], bound[2], status;
	char path[4096], ns[64], byte = 0;
	pid_t child;

	if (pipe(ready) || pipe(bound))
		err(1, "pipe");
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (!child) {
		close(ready[0]);
		close(bound[1]);
		enter_new(name);
		_exit(write(ready[1], &byte, 1) != 1 || read(bound[0], &byte, 1) < 0);
	}
	close(ready[1]);
	close(bound[0]);
	if (read(ready[0], &byte, 1) == 1) {
		snprintf(ns, sizeof(ns), "/proc/%d/ns/mnt", child);
		snprintf(path, sizeof(path), "%s/%s.mnt", folder, name);
		bind_to(ns, path);
	}
	close(bound[1]);
	close(ready[0]);
	if (waitpid(child, &status, 0) != child || status)
		errx(1, "%s: not made", name);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: make_ns FOLDER NAME...\n");
		return 2;
	}
	mkdir("/run/netns", 0755);
	for (int i = 2; i < argc; i++)
		make(argv[1], argv[i]);
	return 0;
}
