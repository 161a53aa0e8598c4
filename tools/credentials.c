// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "credentials.h"
#include "ios/list.h"
#include "ios/model.h"

/* The whole of an open file; 0 or an errno. */
static int read_contents(int fd, struct ios_blob *blob)
{
	uint8_t bytes[4096];
	ssize_t n;
	int err = 0;

	do {
		n = read(fd, bytes, sizeof(bytes));
		if (n < 0 && errno != EINTR)
			err = errno;
		else if (n > 0 && blob->len + n > IOS_CONTENTS_MAX)
			err = EFBIG;
		else if (n > 0 && ios_blob_add(blob, bytes, n))
			err = ENOMEM;
	} while (n && !err);
	explicit_bzero(bytes, sizeof(bytes));
	if (err)
		ios_blob_free(blob);
	return err;
}

/* Return: 0 or -1 */
static int read_source(struct ios_config *cfg, struct ios_pki_source *source, bool secret)
{
	/* a FIFO must not hold up a load */
	int fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = 0, ret = 0;
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		err = errno;
	else if (!S_ISREG(st.st_mode))
		err = EINVAL;
	else
		err = read_contents(fd, &source->contents);
	if (!err && !source->contents.len)
		err = ENODATA;
	if (err)
		ret = ios_diag(cfg, IOS_ERROR, source->line, "%s: %s", source->path,
			       err == EINVAL ? "not a regular file" : strerror(err));
	else if (secret && st.st_mode & (S_IRWXG | S_IRWXO))
		ret = ios_diag(cfg, IOS_WARNING, source->line,
			       "%s: others than its owner may read this private key, or write it",
			       source->path);
	if (fd >= 0)
		close(fd);
	return ret;
}

int credentials_read(struct ios_config *cfg)
{
	struct ios_trustpoint *point;
	int ret = 0;
	size_t i;

	/* back to the order in which they came, which ios_diags_finish() starts from */
	ios_list_reverse(&cfg->diags);
	for (point = cfg->trustpoints; point; point = point->next)
		for (i = 0; i < IOS_PKI_FILES && !ret; i++)
			if (point->file[i].path && !point->file[i].contents.len)
				ret = read_source(cfg, &point->file[i],
						  i == IOS_PKI_KEY || i == IOS_PKI_PKCS12);
	ios_diags_finish(cfg);
	return ret;
}
