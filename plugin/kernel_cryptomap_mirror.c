/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_mirror.h"

#include <daemon.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/** Largest file that is read */
#define MIRROR_MAX (64 * 1024 * 1024)

typedef struct private_kernel_cryptomap_mirror_t private_kernel_cryptomap_mirror_t;

struct private_kernel_cryptomap_mirror_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_mirror_t public;

	/**
	 * Name of the file, and the name it is first written under.
	 */
	char *path, *path_new;
};

/**
 * Write the file.
 */
static bool write_file(private_kernel_cryptomap_mirror_t *this, chunk_t text)
{
	size_t done = 0;
	ssize_t len;
	int fd;

	unlink(this->path_new);
	fd = open(this->path_new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			  S_IRUSR | S_IWUSR);
	if (fd < 0)
	{
		return FALSE;
	}
	while (done < text.len)
	{
		len = write(fd, text.ptr + done, text.len - done);
		if (len < 0 && errno != EINTR)
		{
			break;
		}
		done += max(len, 0);
	}
	if (close(fd) < 0 || done < text.len ||
		rename(this->path_new, this->path) < 0)
	{
		unlink(this->path_new);
		return FALSE;
	}
	return TRUE;
}

METHOD(kernel_cryptomap_mirror_t, write_text, char*,
	private_kernel_cryptomap_mirror_t *this, chunk_t text)
{
	char *error;

	if (write_file(this, text))
	{
		return NULL;
	}
	if (asprintf(&error, "writing %s failed: %s", this->path,
				 strerror(errno)) < 0)
	{
		error = strdup("writing the configuration failed");
	}
	return error;
}

METHOD(kernel_cryptomap_mirror_t, map, chunk_t*,
	private_kernel_cryptomap_mirror_t *this)
{
	struct stat st;
	chunk_t *file;

	if (stat(this->path, &st) < 0)
	{
		DBG1(DBG_CFG, "no phase 1 configuration yet, waiting for "
			 "'cryptomap load'");
		return NULL;
	}
	if (st.st_size > MIRROR_MAX)
	{
		DBG1(DBG_CFG, "%s is too large", this->path);
		return NULL;
	}
	if (!st.st_size)
	{
		return NULL;
	}
	file = chunk_map(this->path, FALSE);
	if (!file)
	{
		DBG1(DBG_CFG, "reading %s failed: %s", this->path, strerror(errno));
	}
	return file;
}

METHOD(kernel_cryptomap_mirror_t, get_path, const char*,
	private_kernel_cryptomap_mirror_t *this)
{
	return this->path;
}

METHOD(kernel_cryptomap_mirror_t, destroy, void,
	private_kernel_cryptomap_mirror_t *this)
{
	free(this->path_new);
	free(this->path);
	free(this);
}

/**
 * See header.
 */
kernel_cryptomap_mirror_t *kernel_cryptomap_mirror_create(const char *path)
{
	private_kernel_cryptomap_mirror_t *this;

	INIT(this,
		.public = {
			.write = _write_text,
			.map = _map,
			.get_path = _get_path,
			.destroy = _destroy,
		},
		.path = strdup(path),
	);
	if (asprintf(&this->path_new, "%s.new", path) < 0)
	{
		this->path_new = NULL;
		destroy(this);
		return NULL;
	}
	return &this->public;
}
