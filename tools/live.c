// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "live.h"

bool live_begin(struct live *live)
{
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	live->fd = signalfd(-1, &blocked, SFD_CLOEXEC | SFD_NONBLOCK);
	if (live->fd < 0) {
		fprintf(stderr, "cryptomap: signals: %s\n", strerror(errno));
		return false;
	}
	sigprocmask(SIG_BLOCK, &blocked, &live->mask);
	return true;
}

void live_end(const struct live *live)
{
	struct signalfd_siginfo info;

	/* what ended the command is not to end the process as well */
	while (read(live->fd, &info, sizeof(info)) > 0)
		;
	close(live->fd);
	sigprocmask(SIG_SETMASK, &live->mask, NULL);
}

int live_poll(const struct live *live, int fd, int ms)
{
	struct pollfd poll_fd[2] = {
		{ .fd = live->fd, .events = POLLIN }, { .fd = fd, .events = POLLIN },
	};
	int n;

	while ((n = poll(poll_fd, 2, ms)) < 0)
		if (errno != EINTR)
			return -1;
	return poll_fd[0].revents ? -1 : n > 0;
}

bool live_wait(const struct live *live, int fd)
{
	return live_poll(live, fd, -1) > 0;
}
