// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

int file_replace(const char *path, const char *text, mode_t mode)
{
	size_t len = strlen(text);
	char temporary[256];
	int fd, err = 0;
	ssize_t n;

	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= (int)sizeof(temporary))
		return -ENAMETOOLONG;
	unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		err = errno;
	while (!err && len) {
		n = write(fd, text, len);
		if (n < 0 && errno != EINTR)
			err = errno;
		if (n > 0) {
			text += n;
			len -= n;
		}
	}
	if (fd >= 0 && fsync(fd) && !err)
		err = errno;
	if (fd >= 0 && close(fd) && !err)
		err = errno;
	if (!err && rename(temporary, path))
		err = errno;
	if (err) {
		fprintf(stderr, "cryptomap: cannot write %s: %s\n", path, strerror(err));
		unlink(temporary);
	}
	return -err;
}
