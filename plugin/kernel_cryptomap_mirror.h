/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_MIRROR_H_
#define KERNEL_CRYPTOMAP_MIRROR_H_

#include <library.h>

typedef struct kernel_cryptomap_mirror_t kernel_cryptomap_mirror_t;

/**
 * The file that a text is mirrored to, for a daemon that is restarted. Only its owner
 * can read it.
 */
struct kernel_cryptomap_mirror_t {

	/**
	 * Replace the text, atomically.
	 *
	 * @param text		the text
	 * @return			NULL if done, else why not, to be freed
	 */
	char *(*write)(kernel_cryptomap_mirror_t *this, chunk_t text);

	/**
	 * Map the file; what is wrong with it is logged.
	 *
	 * @return			text, to be given to chunk_unmap(); NULL if there is none
	 */
	chunk_t *(*map)(kernel_cryptomap_mirror_t *this);

	/**
	 * Name of the file.
	 */
	const char *(*get_path)(kernel_cryptomap_mirror_t *this);

	/**
	 * Destroy; the file stays.
	 */
	void (*destroy)(kernel_cryptomap_mirror_t *this);
};

/**
 * Create.
 *
 * @param path			name of the file; one of this name with ".new" appended is
 *						written first
 * @return				mirror, NULL if there is no memory
 */
kernel_cryptomap_mirror_t *kernel_cryptomap_mirror_create(const char *path);

#endif /** KERNEL_CRYPTOMAP_MIRROR_H_ */
