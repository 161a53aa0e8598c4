// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "ios/wipe.h"

#define FILE_MAX (256u << 20)

char *file_read(const char *name, size_t *len)
{
	int fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	size_t size = 64u << 10;
	char *text = NULL, *bigger;
	ssize_t n;

	*len = 0;
	if (fd < 0)
		goto fail;
	text = malloc(size);
	while (text) {
		n = read(fd, text + *len, size - *len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			goto fail;
		*len += n;
		if (!n) {
			if (fd != STDIN_FILENO)
				close(fd);
			return text;
		}
		if (*len < size)
			continue;
		errno = EFBIG;
		if (size >= FILE_MAX)
			goto fail;
		bigger = wipe_grow(text, size, size * 2);
		if (!bigger)
			goto fail;
		text = bigger;
		size *= 2;
	}
fail:
	fprintf(stderr, "cryptomap: cannot read %s: %s\n", name, strerror(errno));
	wipe_free(text, *len);
	if (fd > STDIN_FILENO)
		close(fd);
	return NULL;
}

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
