// SPDX-License-Identifier: GPL-2.0-only
/* Crypto maps: policy-based IPsec bound to network interfaces. */

#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>

#include "aead.h"
#include "attach.h"
#include "flow.h"
#include "input.h"
#include "net.h"
#include "netlink.h"
#include "reinject.h"
#include "selftest.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

struct workqueue_struct *cmap_wq;

static int __init cmap_init(void)
{
	int err;

	err = cmap_flow_init();
	if (err)
		return err;
	cmap_wq = alloc_workqueue("crypto_map", WQ_UNBOUND, 0);
	if (!cmap_wq) {
		err = -ENOMEM;
		goto exit_flow;
	}
	err = cmap_reinject_init();
	if (err)
		goto destroy_wq;
	err = cmap_net_register();
	if (err)
		goto exit_reinject;
	err = cmap_attach_register_notifiers();
	if (err)
		goto unregister_net;
	err = cmap_input_register();
	if (err)
		goto unregister_notifiers;
	/* before somebody asks for its result */
	cmap_selftest_start();
	err = cmap_nl_register();
	if (err)
		goto unregister_input;
	return 0;

unregister_input:
	cmap_input_unregister();
unregister_notifiers:
	cmap_attach_unregister_notifiers();
unregister_net:
	cmap_net_unregister();
exit_reinject:
	cmap_reinject_exit();
destroy_wq:
	destroy_workqueue(cmap_wq);
	cmap_req_exit();
exit_flow:
	cmap_flow_exit();
	return err;
}

/*
 * First nobody can configure, then no packet comes in, then the namespaces are
 * emptied, which waits for packets in crypto. What is left are grace periods of
 * objects (the first barrier), the works they queue, and the grace periods that
 * those start (the second).
 */
static void __exit cmap_exit(void)
{
	cmap_nl_unregister();
	cmap_input_unregister();
	cmap_attach_unregister_notifiers();
	cmap_net_unregister();
	rcu_barrier();
	destroy_workqueue(cmap_wq);
	rcu_barrier();
	cmap_reinject_exit();
	cmap_req_exit();
	cmap_flow_exit();
}

module_init(cmap_init);
module_exit(cmap_exit);

MODULE_DESCRIPTION("Crypto maps: policy-based IPsec bound to interfaces");
MODULE_LICENSE("GPL");
MODULE_VERSION(CMAP_VERSION);
MODULE_ALIAS_GENL_FAMILY(CRYPTO_MAP_FAMILY_NAME);
