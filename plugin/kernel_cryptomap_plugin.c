/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_plugin.h"

#include "compat.h"
#include "kernel_cryptomap_acquire.h"
#include "kernel_cryptomap_config.h"
#include "kernel_cryptomap_contacts.h"
#include "kernel_cryptomap_creds.h"
#include "kernel_cryptomap_ctl.h"
#include "kernel_cryptomap_debug.h"
#include "kernel_cryptomap_deletes.h"
#include "kernel_cryptomap_events.h"
#include "kernel_cryptomap_exchanges.h"
#include "kernel_cryptomap_failover.h"
#include "kernel_cryptomap_filter.h"
#include "kernel_cryptomap_halfopen.h"
#include "kernel_cryptomap_ipsec.h"
#include "kernel_cryptomap_keepalive.h"
#include "kernel_cryptomap_lifetimes.h"
#include "kernel_cryptomap_methods.h"
#include "kernel_cryptomap_names.h"
#include "kernel_cryptomap_offers.h"
#include "kernel_cryptomap_orphans.h"
#include "kernel_cryptomap_peers.h"
#include "kernel_cryptomap_reauths.h"
#include "kernel_cryptomap_recovery.h"
#include "kernel_cryptomap_rekeys.h"
#include "kernel_cryptomap_responder.h"
#include "kernel_cryptomap_resync.h"
#include "kernel_cryptomap_routes.h"
#include "kernel_cryptomap_sas.h"
#include "kernel_cryptomap_socket.h"
#include "kernel_cryptomap_split.h"
#include "kernel_cryptomap_stale.h"
#include "kernel_cryptomap_states.h"
#include "kernel_cryptomap_twins.h"

#include <daemon.h>

#include <dlfcn.h>
#include <malloc.h>

#include <jansson.h>

/** Where the phase 1 configuration is mirrored; Debian's AppArmor profiles
 * let charon use files of this form only */
#define CONFIG_PATH "/run/charon.cryptomap.conf"
/** Control socket */
#define CTL_PATH "/run/charon.cryptomap.ctl"

/** Size of charon's table of IKE_SAs, and how many parts of it have a lock of their
 * own */
#define IKE_TABLE_SIZE "4096"
#define IKE_TABLE_SEGMENTS "16"

typedef struct private_kernel_cryptomap_plugin_t private_kernel_cryptomap_plugin_t;

struct private_kernel_cryptomap_plugin_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_plugin_t public;

	/**
	 * Client of the kernel module.
	 */
	kernel_cryptomap_socket_t *socket;

	/**
	 * SAs that charon knows.
	 */
	kernel_cryptomap_sas_t *sas;

	/**
	 * SAs that charon left to the kernel.
	 */
	kernel_cryptomap_sas_t *left;

	/**
	 * Backend for SAs, owned by charon's kernel interface; NULL while it is
	 * not registered.
	 */
	kernel_cryptomap_ipsec_t *ipsec;

	/**
	 * Knows the addresses of peers by name.
	 */
	kernel_cryptomap_names_t *names;

	/**
	 * Phase 1 configuration.
	 */
	kernel_cryptomap_config_t *config;

	/**
	 * Pre-shared keys.
	 */
	kernel_cryptomap_creds_t *creds;

	/**
	 * Who starts phase 1 and does not go on.
	 */
	kernel_cryptomap_halfopen_t *halfopen;



	/**
	 * ISAKMP SAs that both sides started at once.
	 */
	kernel_cryptomap_twins_t *twins;

	/**
	 * Negotiates authentication methods.
	 */
	kernel_cryptomap_methods_t *methods;

	/**
	 * What peers propose.
	 */
	kernel_cryptomap_offers_t *offers;

	/**
	 * Has ISAKMP SAs renewed before they end.
	 */
	kernel_cryptomap_reauths_t *reauths;

	/**
	 * Finder of what they may have.
	 */
	kernel_cryptomap_responder_t *responder;

	/**
	 * Maker of configurations.
	 */
	kernel_cryptomap_peers_t *peers;

	/**
	 * Which peers entries are at.
	 */
	kernel_cryptomap_failover_t *failover;

	/**
	 * Negotiator.
	 */
	kernel_cryptomap_acquire_t *acquire;

	/**
	 * Keeper of SAs that charon does not know.
	 */
	kernel_cryptomap_orphans_t *orphans;

	/**
	 * Has jobs about SAs of a peer run one at a time.
	 */
	kernel_cryptomap_turns_t *turns;


	/**
	 * Remover of orphans that are stale.
	 */
	kernel_cryptomap_stale_t *stale;

	/**
	 * Compares charon with the kernel.
	 */
	kernel_cryptomap_resync_t *resync;

	/**
	 * Teller of SPIs that nobody knows.
	 */
	kernel_cryptomap_recovery_t *recovery;

	/**
	 * Peers that have none of the SAs of before.
	 */
	kernel_cryptomap_contacts_t *contacts;

	/**
	 * Lifetimes of IPsec SAs as agreed.
	 */
	kernel_cryptomap_lifetimes_t *lifetimes;

	/**
	 * Dead peer detection.
	 */
	kernel_cryptomap_keepalive_t *keepalive;

	/**
	 * Brings quick modes through.
	 */
	kernel_cryptomap_exchanges_t *exchanges;

	/**
	 * Repeats failed rekeyings.
	 */
	kernel_cryptomap_rekeys_t *rekeys;

	/**
	 * Keeper of reverse routes, NULL while not registered.
	 */
	kernel_cryptomap_routes_t *routes;

	/**
	 * Table of ISAKMP SAs.
	 */
	kernel_cryptomap_states_t *states;

	/**
	 * Follows negotiations.
	 */
	kernel_cryptomap_debug_t *debug;

	/**
	 * Receiver of notifications.
	 */
	kernel_cryptomap_events_t *events;

	/**
	 * Control socket.
	 */
	kernel_cryptomap_ctl_t *ctl;
};

/**
 * The plugin, for the constructor of the backend, which gets no arguments.
 */
static private_kernel_cryptomap_plugin_t *plugin;

METHOD(plugin_t, get_name, char*,
	private_kernel_cryptomap_plugin_t *this)
{
	return "kernel-cryptomap";
}

/**
 * Create the backend for SAs.
 */
static kernel_ipsec_t *create_ipsec()
{
	plugin->ipsec = kernel_cryptomap_ipsec_create(plugin->socket, plugin->sas,
											plugin->left, plugin->contacts,
											plugin->lifetimes);
	return &plugin->ipsec->interface;
}

/**
 * Register all but the backend.
 */
static void register_all(private_kernel_cryptomap_plugin_t *this)
{
	lib->credmgr->add_set(lib->credmgr, &this->creds->set);
	lib->credmgr->add_set(lib->credmgr, &this->config->creds->set);
	charon->backends->add_backend(charon->backends, &this->peers->backend);
	charon->bus->add_listener(charon->bus, &kernel_cryptomap_filter_listener);
	charon->bus->add_listener(charon->bus, &this->debug->listener);
	charon->bus->add_listener(charon->bus, this->ipsec->listener);
	charon->bus->add_listener(charon->bus, &this->halfopen->listener);
	charon->bus->add_listener(charon->bus, &this->twins->listener);
	/* before those that read what was agreed */
	charon->bus->add_listener(charon->bus, &this->methods->incoming);
	charon->bus->add_listener(charon->bus, &this->methods->outgoing);
	charon->bus->add_listener(charon->bus, &this->offers->listener);
	/* before those that tell when an ISAKMP SA ends */
	charon->bus->add_listener(charon->bus, &this->reauths->listener);
	charon->bus->add_listener(charon->bus, this->peers->listener);
	charon->bus->add_listener(charon->bus, &this->states->listener);
	charon->bus->add_listener(charon->bus, this->acquire->listener);
	charon->bus->add_listener(charon->bus, &this->orphans->listener);
	/* after IPsec SAs that the same message deletes */
	charon->bus->add_listener(charon->bus, &kernel_cryptomap_deletes_listener);
	charon->bus->add_listener(charon->bus, &this->contacts->listener);
	charon->bus->add_listener(charon->bus, &this->lifetimes->listener);
	charon->bus->add_listener(charon->bus, &this->exchanges->listener);
	charon->bus->add_listener(charon->bus, &this->rekeys->listener);
	charon->bus->add_listener(charon->bus, &this->keepalive->listener);
	/* all others see whole messages */
	charon->bus->add_listener(charon->bus, &kernel_cryptomap_split_listener);
}

/**
 * Undo register_all().
 */
static void unregister_all(private_kernel_cryptomap_plugin_t *this)
{
	charon->bus->remove_listener(charon->bus, &kernel_cryptomap_split_listener);
	charon->bus->remove_listener(charon->bus, &this->keepalive->listener);
	charon->bus->remove_listener(charon->bus, &this->rekeys->listener);
	charon->bus->remove_listener(charon->bus, &this->exchanges->listener);
	charon->bus->remove_listener(charon->bus, &this->lifetimes->listener);
	charon->bus->remove_listener(charon->bus, &this->contacts->listener);
	charon->bus->remove_listener(charon->bus, &kernel_cryptomap_deletes_listener);
	charon->bus->remove_listener(charon->bus, &this->orphans->listener);
	charon->bus->remove_listener(charon->bus, this->acquire->listener);
	charon->bus->remove_listener(charon->bus, &this->states->listener);
	charon->bus->remove_listener(charon->bus, this->peers->listener);
	charon->bus->remove_listener(charon->bus, &this->reauths->listener);
	charon->bus->remove_listener(charon->bus, &this->offers->listener);
	charon->bus->remove_listener(charon->bus, &this->methods->outgoing);
	charon->bus->remove_listener(charon->bus, &this->methods->incoming);
	charon->bus->remove_listener(charon->bus, &this->twins->listener);
	charon->bus->remove_listener(charon->bus, &this->halfopen->listener);
	charon->bus->remove_listener(charon->bus, this->ipsec->listener);
	charon->bus->remove_listener(charon->bus, &this->debug->listener);
	charon->bus->remove_listener(charon->bus, &kernel_cryptomap_filter_listener);
	charon->backends->remove_backend(charon->backends, &this->peers->backend);
	lib->credmgr->remove_set(lib->credmgr, &this->config->creds->set);
	lib->credmgr->remove_set(lib->credmgr, &this->creds->set);
}

/**
 * Open what talks to the kernel and to the tool.
 */
static bool open_all(private_kernel_cryptomap_plugin_t *this)
{
	this->routes = kernel_cryptomap_routes_create(this->socket);
	if (this->routes)
	{
		this->events = kernel_cryptomap_events_create(this->socket, this->sas,
									this->acquire, this->names, this->failover,
									this->orphans, this->resync, this->turns,
									this->recovery, this->routes);
	}
	if (this->events)
	{
		this->ctl = kernel_cryptomap_ctl_create(CTL_PATH, this->config,
												this->states, this->debug);
	}
	return this->ctl != NULL;
}

/**
 * Undo open_all(), or what it did.
 */
static void close_all(private_kernel_cryptomap_plugin_t *this)
{
	DESTROY_IF(this->ctl);
	DESTROY_IF(this->events);
	DESTROY_IF(this->routes);
	this->ctl = NULL;
	this->events = NULL;
	this->routes = NULL;
}

/**
 * Start or stop to serve crypto maps.
 */
static bool plugin_cb(private_kernel_cryptomap_plugin_t *this,
					  plugin_feature_t *feature, bool reg, void *cb_data)
{
	if (!reg)
	{
		close_all(this);
		unregister_all(this);
		return TRUE;
	}
	if (!this->ipsec)
	{
		DBG1(DBG_LIB, "another plugin installs IPsec SAs, crypto maps get "
			 "none: set 'load = yes' for kernel-cryptomap and for no other "
			 "kernel-ipsec plugin");
		return FALSE;
	}
	if (!open_all(this))
	{
		close_all(this);
		return FALSE;
	}
	register_all(this);
	return TRUE;
}

METHOD(plugin_t, get_features, int,
	private_kernel_cryptomap_plugin_t *this, plugin_feature_t *features[])
{
	static plugin_feature_t f[] = {
		PLUGIN_CALLBACK(kernel_ipsec_register, create_ipsec),
			PLUGIN_PROVIDE(CUSTOM, "kernel-ipsec"),
		PLUGIN_CALLBACK((plugin_feature_callback_t)plugin_cb, NULL),
			PLUGIN_PROVIDE(CUSTOM, "kernel-cryptomap"),
				PLUGIN_DEPENDS(CUSTOM, "kernel-ipsec"),
	};
	*features = f;
	return countof(f);
}

/**
 * Settings that the administrator may have set otherwise: how long a peer is waited
 * for, and what kernel-netlink would do for tunnels of its own, and for IKE_SAs that can
 * move: with many routes and IKE_SAs, such as reverse routes come with, that
 * costs a lot, and IKEv1 has no use for it.
 */
static void set_defaults()
{
	/* with a routing table of its own it reads all routes for each look-up */
	lib->settings->set_default_str(lib->settings, "%s.install_routes", "no",
								   lib->ns);
	/* an IOS router gives a peer up after a minute, then the next one is tried */
	lib->settings->set_default_str(lib->settings, "%s.retransmit_tries", "3",
								   lib->ns);
	/* in its table, without these, each look-up goes over all IKE_SAs, one thread
	 * at a time */
	lib->settings->set_default_str(lib->settings, "%s.ikesa_table_size",
								   IKE_TABLE_SIZE, lib->ns);
	lib->settings->set_default_str(lib->settings, "%s.ikesa_table_segments",
								   IKE_TABLE_SEGMENTS, lib->ns);
	/* looks at every IKE_SA whenever a route changes */
	lib->settings->set_default_str(lib->settings,
					"%s.plugins.kernel-netlink.roam_events", "no", lib->ns);
	kernel_cryptomap_halfopen_set_defaults();
	kernel_cryptomap_exchanges_set_defaults();
}

METHOD(plugin_t, reload, bool,
	private_kernel_cryptomap_plugin_t *this)
{
	/* reading its configuration charon forgot what was set by program */
	set_defaults();
	this->config->set_options(this->config);
	return TRUE;
}

/**
 * Free memory of JSON: configurations hold keys.
 */
static void free_wiped(void *ptr)
{
	if (ptr)
	{
		memwipe(ptr, malloc_usable_size(ptr));
	}
	free(ptr);
}

METHOD(plugin_t, destroy, void,
	private_kernel_cryptomap_plugin_t *this)
{
	json_set_alloc_funcs(malloc, free);
	DESTROY_IF(this->debug);
	DESTROY_IF(this->states);
	DESTROY_IF(this->keepalive);
	DESTROY_IF(this->rekeys);
	DESTROY_IF(this->exchanges);
	DESTROY_IF(this->lifetimes);
	DESTROY_IF(this->contacts);
	DESTROY_IF(this->recovery);
	DESTROY_IF(this->resync);
	DESTROY_IF(this->stale);
	DESTROY_IF(this->orphans);
	DESTROY_IF(this->turns);
	DESTROY_IF(this->acquire);
	DESTROY_IF(this->failover);
	DESTROY_IF(this->creds);
	DESTROY_IF(this->peers);
	DESTROY_IF(this->responder);
	DESTROY_IF(this->reauths);
	DESTROY_IF(this->offers);
	DESTROY_IF(this->methods);
	DESTROY_IF(this->twins);
	DESTROY_IF(this->halfopen);
	DESTROY_IF(this->config);
	DESTROY_IF(this->names);
	DESTROY_IF(this->left);
	DESTROY_IF(this->sas);
	DESTROY_IF(this->socket);
	free(this);
	plugin = NULL;
}

/**
 * Whether this libcharon is the one that the plugin was built for. Structures
 * differ between releases and with the option for mediation, and nothing else
 * notices.
 */
static bool check_libcharon()
{
#ifdef ME
	bool mediation = TRUE;
#else
	bool mediation = FALSE;
#endif

	if (!dlsym(RTLD_DEFAULT, "main_mode_create"))
	{
		DBG1(DBG_LIB, "this charon was built without IKEv1, which crypto maps "
			 "need: install or build one with --enable-ikev1");
		return FALSE;
	}
	if (!is_release_of_headers())
	{
		DBG1(DBG_LIB, "kernel-cryptomap was built for strongSwan "
			 VERSION ", this is another release: build it again");
		return FALSE;
	}
	if (mediation != (dlsym(RTLD_DEFAULT, "connect_manager_create") != NULL))
	{
		DBG1(DBG_LIB, "kernel-cryptomap was built for a libcharon with other "
			 "options (mediation): build it again");
		return FALSE;
	}
	return TRUE;
}

/*
 * See header.
 */
PLUGIN_DEFINE(kernel_cryptomap)
{
	kernel_cryptomap_peer_context_t context;
	private_kernel_cryptomap_plugin_t *this;

	if (!check_libcharon())
	{
		return NULL;
	}
	if (!lib->caps->keep(lib->caps, CAP_NET_ADMIN))
	{
		DBG1(DBG_KNL, "kernel-cryptomap needs the capability CAP_NET_ADMIN");
		return NULL;
	}

	set_defaults();
	/* harmless to others that use jansson: memory is allocated as ever */
	json_set_alloc_funcs(malloc, free_wiped);

	INIT(this,
		.public = {
			.plugin = {
				.get_name = _get_name,
				.get_features = _get_features,
				.reload = _reload,
				.destroy = _destroy,
			},
		},
		.socket = kernel_cryptomap_socket_create(),
		.sas = kernel_cryptomap_sas_create(),
		.left = kernel_cryptomap_sas_create(),
	);
	if (!this->socket)
	{
		destroy(this);
		return NULL;
	}
	this->names = kernel_cryptomap_names_create(this->socket);
	this->config = kernel_cryptomap_config_create(CONFIG_PATH, this->names);
	if (!this->config)
	{
		destroy(this);
		return NULL;
	}
	this->halfopen = kernel_cryptomap_halfopen_create();
	this->twins = kernel_cryptomap_twins_create();
	this->methods = kernel_cryptomap_methods_create();
	this->offers = kernel_cryptomap_offers_create(this->config, this->methods);
	this->reauths = kernel_cryptomap_reauths_create(this->offers);
	this->responder = kernel_cryptomap_responder_create(this->socket,
											this->names, this->offers);
	context = (kernel_cryptomap_peer_context_t){
		.config = this->config,
		.methods = this->methods,
		.offers = this->offers,
		.responder = this->responder,
		.twins = this->twins,
	};
	this->peers = kernel_cryptomap_peers_create(this->names, this->halfopen,
												&context);
	this->creds = kernel_cryptomap_creds_create(this->config, this->peers);
	this->failover = kernel_cryptomap_failover_create(this->socket,
													  this->names);
	this->acquire = kernel_cryptomap_acquire_create(this->socket, this->sas,
							this->config, this->peers, this->names,
							this->failover);
	this->turns = kernel_cryptomap_turns_create();
	this->orphans = kernel_cryptomap_orphans_create(this->socket, this->sas,
													this->left, this->acquire,
													this->turns);
	this->stale = kernel_cryptomap_stale_create(this->socket, this->sas,
												this->left);
	this->resync = kernel_cryptomap_resync_create(this->socket, this->sas,
												this->left, this->stale, this->turns);
	this->recovery = kernel_cryptomap_recovery_create(this->names,
												this->config, this->acquire);
	this->keepalive = kernel_cryptomap_keepalive_create(this->socket,
							this->config, this->failover, this->stale);
	this->exchanges = kernel_cryptomap_exchanges_create(this->acquire,
														this->keepalive);
	this->rekeys = kernel_cryptomap_rekeys_create(this->twins,
												   this->turns);
	this->contacts = kernel_cryptomap_contacts_create(this->sas,
												this->left, this->stale);
	this->lifetimes = kernel_cryptomap_lifetimes_create();
	this->states = kernel_cryptomap_states_create();
	this->debug = kernel_cryptomap_debug_create();
	plugin = this;
	return &this->public.plugin;
}
