#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Print what a kernel log says of trouble, each with some lines of context;
# exit status 0 when there is any.
#
#   selftests/splat.sh FILE        or a log on standard input
exec grep -a -m 20 -A 30 -E \
	-e 'WARNING:|BUG:|BUG |Oops|general protection|kernel panic|Kernel panic' \
	-e 'KASAN|UBSAN|kmemleak: [0-9]+ new|KFENCE' \
	-e 'possible (circular|recursive) locking|inconsistent lock state|suspicious RCU' \
	-e 'INFO: (task|rcu)|rcu: INFO|self-detected stall|soft lockup|hung_task' \
	-e 'unregister_netdevice: waiting|refcount_t:|ref_tracker:|list_(add|del) corruption' \
	-e 'sleeping function called|scheduling while atomic|bad unlock balance' \
	-e 'crypto_map: .*(leak|still in use)' \
	-- "${1:--}"
