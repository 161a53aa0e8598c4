/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_who.h"

#include "kernel_cryptomap_pair.h"
#include "kernel_cryptomap_peer.h"

/*
 * See header.
 */
kernel_cryptomap_who_t *kernel_cryptomap_who_create(ike_sa_t *ike_sa)
{
	host_t *local = ike_sa->get_my_host(ike_sa);
	host_t *remote = ike_sa->get_other_host(ike_sa);
	identification_t *name = ike_sa->get_other_id(ike_sa);
	kernel_cryptomap_who_t *who;

	INIT(who,
		.local = local->clone(local),
		.remote = remote->clone(remote),
		.name = name->clone(name),
		.profile = strdup(kernel_cryptomap_peer_profile(ike_sa)),
	);
	return who;
}

/*
 * See header.
 */
bool kernel_cryptomap_who_is(kernel_cryptomap_who_t *who, ike_sa_t *ike_sa)
{
	host_t *remote = ike_sa->get_other_host(ike_sa);
	identification_t *name = ike_sa->get_other_id(ike_sa);

	if (!who->local->ip_equals(who->local, ike_sa->get_my_host(ike_sa)) ||
		!who->remote->ip_equals(who->remote, remote) ||
		!streq(who->profile, kernel_cryptomap_peer_profile(ike_sa)))
	{
		return FALSE;
	}
	return name->get_type(name) == ID_ANY ?
				kernel_cryptomap_pair_same_port(who->remote, remote) :
				who->name->equals(who->name, name);
}

/*
 * See header.
 */
void kernel_cryptomap_who_destroy(kernel_cryptomap_who_t *who)
{
	who->local->destroy(who->local);
	who->remote->destroy(who->remote);
	who->name->destroy(who->name);
	free(who->profile);
	free(who);
}
