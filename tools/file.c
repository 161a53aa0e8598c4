// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* All of a text to an open file, and from there to the disk. Return: 0 or an errno */
static int write_text(int fd, const char *text, mode_t mode)
{
	size_t len = strlen(text);
	ssize_t n;

	while (len) {
		n = write(fd, text, len);
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0) {
			text += n;
			len -= n;
		}
	}
	return fchmod(fd, mode) || fsync(fd) ? errno : 0;
}

/* A file that was renamed has its name for good when its folder is written, too, where that can be. */
static void sync_folder(char *path)
{
	char *slash = strrchr(path, '/');
	int fd;

	if (slash)
		slash[1] = '\0';
	fd = open(slash ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/* Each writer has a file of its own, whose name does not end as @path does, which others may look for. */
int file_replace(const char *path, const char *text, mode_t mode)
{
	char temporary[PATH_MAX];
	int fd = -1, err = ENAMETOOLONG;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) < (int)sizeof(temporary)) {
		fd = mkostemp(temporary, O_CLOEXEC);
		err = fd < 0 ? errno : write_text(fd, text, mode);
	}
	if (fd >= 0) {
		if (close(fd) && !err)
			err = errno;
		if (!err && rename(temporary, path))
			err = errno;
		if (err)
			unlink(temporary);
	}
	if (!err)
		sync_folder(temporary);
	else
		fprintf(stderr, "cryptomap: cannot write %s: %s\n", path, strerror(err));
	return -err;
}
