/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_PLUGIN_H_
#define KERNEL_CRYPTOMAP_PLUGIN_H_

#include <plugins/plugin.h>

typedef struct kernel_cryptomap_plugin_t kernel_cryptomap_plugin_t;

/**
 * Negotiates the SAs of crypto maps with IKEv1.
 */
struct kernel_cryptomap_plugin_t {

	/**
	 * Implements plugin interface.
	 */
	plugin_t plugin;
};

#endif /** KERNEL_CRYPTOMAP_PLUGIN_H_ */
