// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show crypto map, show crypto dynamic-map
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "ios/print.h"

/* behind the last number that an entry can have */
#define FIRST_TEMPORARY 65536

/* ------------------------------------------------------------------------- text */

/* @what: what the list is for, "list" or more */
static void print_acl(FILE *f, const struct ios_config *cfg, const struct ios_map *map,
		      const char *what, const char *name)
{
	const struct ios_acl *acl = ios_acl_find(cfg, name, map->family);
	bool six = map->family == AF_INET6;
	const struct ios_ace *ace;
	char text[IOS_ACE_TEXT];

	if (!*name)
		return;
	fprintf(f, "\t%s access %s %s\n", acl ? ios_acl_word(acl) : six ? "IPv6" : "Extended IP", what,
		name);
	for (ace = acl ? acl->aces : NULL; ace; ace = ace->next) {
		if (ace->action == IOS_REMARK)
			continue;
		ios_ace_text(text, sizeof(text), ace, true);
		if (six)
			fprintf(f, "\t    %s sequence %u\n", text, ace->seq);
		else
			fprintf(f, "\t    access-list %s %s\n", acl->name, text);
	}
}

static bool bound(const struct ios_config *cfg, const struct ios_map *map)
{
	const struct ios_interface *ifc;

	for (ifc = cfg->interfaces; ifc; ifc = ifc->next)
		if (ios_interface_has(ifc, map->name))
			return true;
	return false;
}

/* struct used - flows with a peer, those of an entry together, in their order */
struct used {
	const struct flow **v;
	size_t n;
};

static int compare_entries(const struct flow *flow, const char *map, uint16_t seq)
{
	int order = strcmp(flow->map, map);

	return order ? order : (flow->entry_seq > seq) - (flow->entry_seq < seq);
}

static int compare_used(const void *a, const void *b)
{
	const struct flow *x = *(const struct flow *const *)a, *y = *(const struct flow *const *)b;
	int order = compare_entries(x, y->map, y->entry_seq);

	return order ? order : (x > y) - (x < y);
}

/* When memory is exhausted there are none. */
static struct used used_of(const struct flows *flows)
{
	struct used used = { .v = calloc(flows->n + 1, sizeof(*used.v)) };
	const struct flow *flow;

	for (flow = flows->v; used.v && flow < flows->v + flows->n; flow++)
		if (flow->remote.family)
			used.v[used.n++] = flow;
	if (used.n)
		qsort(used.v, used.n, sizeof(*used.v), compare_used);
	return used;
}

/* The peer in use: that of the entry's flows, else the first. */
static struct ios_peer current_peer(const struct ios_map *map, const struct ios_entry *entry,
				    const struct used *used)
{
	size_t low = 0, high = used->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare_entries(used->v[middle], map->name, entry->seq) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < used->n && !compare_entries(used->v[low], map->name, entry->seq))
		return (struct ios_peer){ .addr = used->v[low]->remote };
	return entry->peers[0];
}

static void print_entry_lifetime(FILE *f, const struct ios_config *cfg,
				 const struct ios_entry *entry)
{
	uint32_t kb = entry->life_kilobytes == IOS_KB_UNSET ? cfg->ipsec.life_kilobytes :
							      entry->life_kilobytes;
	uint32_t seconds = entry->life_seconds ? entry->life_seconds : cfg->ipsec.life_seconds;
	uint32_t idle = entry->idle ? entry->idle : cfg->ipsec.idle;

	fputc('\t', f);
	print_lifetime(f, kb, seconds);
	if (idle)
		fprintf(f, "\tSecurity association idletime: %u seconds%s\n", idle,
			entry->idle_default ? " default" : "");
	if (entry->per_host)
		fputs("\tSecurity association level: per-host\n", f);
}

static void print_manual(FILE *f, const struct ios_entry *entry)
{
	fprintf(f, "\tInbound esp spi: %u,\n\t cipher key: (not shown),\n\t auth_key: (not shown),\n",
		entry->in.spi);
	fprintf(f, "\tOutbound esp spi: %u,\n\t cipher key: (not shown),\n\t auth_key: (not shown),\n",
		entry->out.spi);
}

static void print_entry_tsets(FILE *f, const struct ios_config *cfg, const struct ios_entry *entry)
{
	const struct ios_tset *set;
	char transforms[128];
	size_t i;

	fputs("\tTransform sets={ \n", f);
	for (i = 0; i < entry->n_tsets; i++) {
		set = ios_tset_find(cfg, entry->tsets[i]);
		if (!set)
			continue;
		ios_tset_text(transforms, sizeof(transforms), set, true);
		fprintf(f, "\t\t%s:  { %s  } , \n", set->name, transforms);
	}
	fputs("\t}\n", f);
}

static void print_route(FILE *f, const struct ios_reverse_route *route)
{
	if (!route->line)
		return;
	fprintf(f, "\tReverse Route Injection Enabled%s\n", route->is_static ? " (static)" : "");
	if (route->remote_peer.family)
		fprintf(f, "\t\tremote peer via %s\n", ip_text(&route->remote_peer).s);
	if (route->gateway.family)
		fprintf(f, "\t\tgateway %s\n", ip_text(&route->gateway).s);
	if (route->distance)
		fprintf(f, "\t\tdistance %u\n", route->distance);
	if (route->tag)
		fprintf(f, "\t\ttag %u\n", route->tag);
}

static const char *family_word(const struct ios_map *map)
{
	return map->family == AF_INET6 ? "IPv6" : "IPv4";
}

static void print_peers(FILE *f, const struct ios_entry *entry)
{
	char text[IOS_PEER_TEXT];
	size_t i;

	for (i = 0; i < entry->n_peers; i++)
		fprintf(f, "\tPeer = %s%s%s\n", ios_peer_text(&entry->peers[i], text),
			entry->peers[i].name ? " (resolved on-the-fly)" : "",
			!i && entry->default_peer ? " default" : "");
}

/* Whom and what an entry is for, but its peers. */
static void print_match(FILE *f, const struct ios_config *cfg, const struct ios_map *map,
			const struct ios_entry *entry)
{
	const char *profile = ios_entry_profile(map, entry);

	if (*profile)
		fprintf(f, "\tISAKMP Profile: %s\n", profile);
	if (*entry->acl)
		print_acl(f, cfg, map, "list", entry->acl);
	else
		fputs("\tNo matching address list set.\n", f);
	print_acl(f, cfg, map, "check IN list", entry->filter[IOS_FILTER_IN]);
	print_acl(f, cfg, map, "check OUT list", entry->filter[IOS_FILTER_OUT]);
}

/* What is negotiated. */
static void print_negotiated(FILE *f, const struct ios_config *cfg, const struct ios_entry *entry)
{
	print_entry_lifetime(f, cfg, entry);
	fputs("\tResponder-Only (Y/N): N\n", f);
	fprintf(f, "\tPFS (Y/N): %c\n", entry->pfs_group ? 'Y' : 'N');
	if (entry->pfs_group)
		fprintf(f, "\tDH group:  group%u\n", entry->pfs_group);
	fputs("\tMixed-mode : Disabled\n", f);
}

/* The entry of a dynamic crypto map that a flow of a crypto map came of; NULL for none. */
static const struct ios_entry *template_of(const struct ios_config *cfg, const struct ios_map *map,
					   const struct flow *flow)
{
	const struct ios_map *dynamic;

	if (!*flow->dynamic || strcmp(flow->map, map->name))
		return NULL;
	dynamic = ios_dynamic_find(cfg, flow->dynamic);
	/* it may have gone while the two were read */
	return dynamic ? ios_entry_find(cfg, dynamic, flow->dynamic_seq) : NULL;
}

/* A flow as the access list entry that it is not of. */
static void selector_text(char *buf, size_t size, const struct selector *sel)
{
	struct ios_ace ace;

	ios_ace_init(&ace, sel->local.family);
	ace.action = IOS_PERMIT;
	if (sel->protocol)
		ace.proto = sel->protocol;
	ace.src = sel->local;
	ace.src_wild = sel->local_wild;
	ace.dst = sel->remote;
	ace.dst_wild = sel->remote_wild;
	if (sel->local_port)
		ace.sport = (struct ios_ports){ IOS_PORT_EQ, 1, { sel->local_port } };
	if (sel->remote_port)
		ace.dport = (struct ios_ports){ IOS_PORT_EQ, 1, { sel->remote_port } };
	ios_ace_text(buf, size, &ace, true);
}

/*
 * The temporary entries that IOS shows for what peers negotiated, behind all others:
 * one for each flow, numbered from FIRST_TEMPORARY.
 */
static void print_temporary(FILE *f, const struct ios_config *cfg, const struct ios_map *map,
			    const struct flows *flows)
{
	const struct ios_entry *template;
	unsigned int seq = FIRST_TEMPORARY;
	const struct flow *flow;
	char text[IOS_ACE_TEXT];

	for (flow = flows->v; flow < flows->v + flows->n; flow++) {
		template = template_of(cfg, map, flow);
		if (!template)
			continue;
		selector_text(text, sizeof(text), &flow->selector);
		fprintf(f, "\nCrypto Map %s \"%s\" %u ipsec-isakmp\n", family_word(map),
			map->name, seq++);
		fprintf(f, "\tPeer = %s\n", ip_text(&flow->remote).s);
		if (map->family == AF_INET6)
			fprintf(f, "\tIPv6 access list \n\t    %s\n", text);
		else
			fprintf(f, "\tExtended IP access list \n\t    access-list  %s\n", text);
		fprintf(f, "\t    dynamic (created from dynamic map %s/%u)\n", flow->dynamic,
			flow->dynamic_seq);
		fprintf(f, "\tCurrent peer: %s\n", ip_text(&flow->remote).s);
		print_negotiated(f, cfg, template);
		print_entry_tsets(f, cfg, template);
	}
}

/* What few entries have. */
static void print_entry_end(FILE *f, const struct ios_entry *entry)
{
	print_route(f, &entry->route);
	if (entry->pre_classify)
		fputs("\tQOS pre-classification\n", f);
}

static void print_entry(FILE *f, const struct ios_config *cfg, const struct ios_map *map,
			const struct ios_entry *entry, const struct used *used)
{
	char text[IOS_PEER_TEXT];
	struct ios_peer peer;

	fprintf(f, "Crypto Map %s \"%s\" %u %s\n", family_word(map), map->name, entry->seq,
		entry->kind == IOS_KIND_MANUAL ? "ipsec-manual" : "ipsec-isakmp");
	if (entry->description)
		fprintf(f, "\tDescription: %s\n", entry->description);
	if (!entry->complete)
		fputs("\tWARNING: This crypto map is in an incomplete state!\n"
		      "\t\t(missing peer or access-list definitions)\n", f);
	if (entry->kind == IOS_KIND_DYNAMIC) {
		fprintf(f, "\tDynamic map template tag: %s\n", entry->dynamic);
		return;
	}
	print_peers(f, entry);
	print_match(f, cfg, map, entry);
	peer = current_peer(map, entry, used);
	if (entry->n_peers && bound(cfg, map))
		fprintf(f, "\tCurrent peer: %s\n", ios_peer_text(&peer, text));
	if (entry->kind == IOS_KIND_MANUAL)
		print_manual(f, entry);
	else
		print_negotiated(f, cfg, entry);
	print_entry_tsets(f, cfg, entry);
	print_entry_end(f, entry);
}

/* Whether a command asks for this map: by its name, by an interface, or for all. */
static bool wanted(const struct args *args, const struct ios_config *cfg,
		   const struct ios_map *map)
{
	const char *name = args_value(args, "NAME"), *label = args_value(args, "INTERFACE");
	const struct ios_interface *ifc;

	if (name)
		return !strcmp(map->name, name);
	if (!label)
		return true;
	for (ifc = cfg->interfaces; ifc; ifc = ifc->next)
		if (ios_interface_has(ifc, map->name) &&
		    (!strcmp(ios_interface_dev(ifc), label) ||
		     ifc == ios_interface_find(cfg, label)))
			return true;
	return false;
}

/* Leaves the maps of a list that a command asks for. */
static void keep_maps(const struct args *args, struct ios_config *cfg, struct ios_map *map)
{
	struct ios_map *next;

	for (; map; map = next) {
		next = map->next;
		if (!wanted(args, cfg, map))
			ios_map_remove(cfg, map);
	}
}

void print_maps(FILE *f, const struct ios_config *cfg, const struct flows *flows)
{
	struct used used = used_of(flows);
	const struct ios_interface *ifc;
	const struct ios_entry *entry;
	const struct ios_map *map;

	if (!cfg->maps)
		fputs("No crypto maps found.\n", f);
	for (map = cfg->maps; map; map = map->next) {
		for (entry = map->entries; entry; entry = entry->next) {
			print_entry(f, cfg, map, entry, &used);
			if (entry->next)
				fputc('\n', f);
		}
		print_temporary(f, cfg, map, flows);
		fprintf(f, "\tInterfaces using crypto map %s:\n", map->name);
		for (ifc = cfg->interfaces; ifc; ifc = ifc->next)
			if (ios_interface_has(ifc, map->name))
				fprintf(f, "\t\t%s\n", ifc->name);
		fputc('\n', f);
	}
	free(used.v);
}

/* The missing blank in the head is IOS's. */
static void print_template(FILE *f, const struct ios_config *cfg, const struct ios_map *map,
			   const struct ios_entry *entry)
{
	fprintf(f, "Crypto Map Template\"%s\" %u\n", map->name, entry->seq);
	if (entry->description)
		fprintf(f, "\tDescription: %s\n", entry->description);
	if (!entry->complete)
		fputs("\tWARNING: This crypto map is in an incomplete state!\n"
		      "\t\t(missing transform set or access-list definitions)\n", f);
	print_peers(f, entry);
	print_match(f, cfg, map, entry);
	print_negotiated(f, cfg, entry);
	print_entry_tsets(f, cfg, entry);
	print_entry_end(f, entry);
}

void print_dynamics(FILE *f, const struct ios_config *cfg)
{
	const struct ios_entry *entry;
	const struct ios_map *map;

	for (map = cfg->dynamics; map; map = map->next) {
		for (entry = map->entries; entry; entry = entry->next) {
			print_template(f, cfg, map, entry);
			fputc('\n', f);
		}
	}
}

/* ------------------------------------------------------------------------- JSON */

static json_t *json_route(const struct ios_reverse_route *route)
{
	json_t *value = json_pack("{s:b}", "static", route->is_static);

	if (route->remote_peer.family)
		json_object_set_new(value, "remote-peer", json_ip(&route->remote_peer));
	if (route->gateway.family)
		json_object_set_new(value, "gateway", json_ip(&route->gateway));
	if (route->distance)
		json_object_set_new(value, "distance", json_integer(route->distance));
	if (route->tag)
		json_object_set_new(value, "tag", json_integer(route->tag));
	return value;
}

static json_t *json_peer(const struct ios_peer *peer)
{
	return peer->name ? json_string(peer->name) : json_ip(&peer->addr);
}

static json_t *json_entry(const struct ios_config *cfg, const struct ios_map *map,
			  const struct ios_entry *entry)
{
	static const char *const kind[] = {
		[IOS_KIND_ISAKMP] = "ipsec-isakmp",
		[IOS_KIND_MANUAL] = "ipsec-manual",
		[IOS_KIND_TEMPLATE] = "template",
	};
	json_t *peers, *tsets, *value;
	uint32_t kb = entry->life_kilobytes == IOS_KB_UNSET ? cfg->ipsec.life_kilobytes :
							      entry->life_kilobytes;
	size_t i;

	if (entry->kind == IOS_KIND_DYNAMIC)
		return json_pack("{s:i, s:s, s:b, s:s}", "seq", entry->seq, "kind", "dynamic",
				 "complete", entry->complete, "dynamic-map", entry->dynamic);
	peers = json_array();
	tsets = json_array();
	for (i = 0; i < entry->n_peers; i++)
		json_array_append_new(peers, json_peer(&entry->peers[i]));
	for (i = 0; i < entry->n_tsets; i++)
		json_array_append_new(tsets, json_string(entry->tsets[i]));
	value = json_pack("{s:i, s:s, s:b, s:o, s:o, s:I, s:I, s:i}", "seq", entry->seq, "kind",
			  kind[entry->kind], "complete", entry->complete, "peers", peers, "transform-sets", tsets,
			  "lifetime-seconds",
			  (json_int_t)(entry->life_seconds ? entry->life_seconds :
							     cfg->ipsec.life_seconds),
			  "lifetime-kilobytes", (json_int_t)kb, "pfs-group", entry->pfs_group);
	if (*entry->acl)
		json_object_set_new(value, "acl", json_string(entry->acl));
	if (*entry->filter[IOS_FILTER_IN])
		json_object_set_new(value, "access-group-in",
				    json_string(entry->filter[IOS_FILTER_IN]));
	if (*entry->filter[IOS_FILTER_OUT])
		json_object_set_new(value, "access-group-out",
				    json_string(entry->filter[IOS_FILTER_OUT]));
	if (entry->idle || cfg->ipsec.idle)
		json_object_set_new(value, "idle-seconds",
				    json_integer(entry->idle ? entry->idle : cfg->ipsec.idle));
	if (entry->idle_default)
		json_object_set_new(value, "idle-default", json_true());
	if (entry->per_host)
		json_object_set_new(value, "per-host", json_true());
	if (entry->pre_classify)
		json_object_set_new(value, "qos-pre-classify", json_true());
	if (entry->route.line)
		json_object_set_new(value, "reverse-route", json_route(&entry->route));
	if (entry->df != IOS_DF_UNSET)
		json_object_set_new(value, "df-bit", json_string(ios_df_word(entry->df)));
	if (*ios_entry_profile(map, entry))
		json_object_set_new(value, "isakmp-profile",
				    json_string(ios_entry_profile(map, entry)));
	if (entry->description)
		json_object_set_new(value, "description", json_string(entry->description));
	return value;
}

/*
 * An interface with a map, and what its packets are looked up in; settings that
 * it inherits are filled in.
 */
static json_t *json_interface(const struct ios_config *cfg, const struct ios_map *map,
			      const struct ios_interface *ifc,
			      const struct attachments *attachments)
{
	const char *device = ios_interface_dev(ifc);
	const struct attachment *a;
	json_t *value;
	size_t i;

	value = json_pack("{s:s, s:s, s:s, s:s}", "name", ifc->name, "device", device, "df-bit",
			  ios_df_word(ifc->df != IOS_DF_UNSET ? ifc->df : cfg->ipsec.df),
			  "fragmentation",
			  ios_frag_word(ifc->frag != IOS_FRAG_UNSET ? ifc->frag :
								      cfg->ipsec.frag));
	for (i = 0; i < attachments->n; i++) {
		a = &attachments->v[i];
		if (strcmp(a->ifname, device) || strcmp(a->map, map->name))
			continue;
		json_object_set_new(value, "classifier", json_classifier(a));
	}
	return value;
}

/* @used: of a crypto map that is on an interface, else NULL */
static json_t *json_entries(const struct ios_config *cfg, const struct ios_map *map,
			    const struct used *used)
{
	const struct ios_entry *entry;
	json_t *list = json_array(), *value;
	struct ios_peer peer;

	for (entry = map->entries; entry; entry = entry->next) {
		value = json_entry(cfg, map, entry);
		if (used && entry->n_peers) {
			peer = current_peer(map, entry, used);
			json_object_set_new(value, "current-peer", json_peer(&peer));
		}
		json_array_append_new(list, value);
	}
	return list;
}

/* What print_temporary() prints: entries like that which they came of, but for whom and what they are for. */
static void json_temporary(json_t *list, const struct ios_config *cfg, const struct ios_map *map,
			   const struct flows *flows)
{
	const struct ios_entry *template;
	unsigned int seq = FIRST_TEMPORARY;
	const struct selector *sel;
	const struct flow *flow;
	json_t *value;

	for (flow = flows->v; flow < flows->v + flows->n; flow++) {
		template = template_of(cfg, map, flow);
		if (!template)
			continue;
		sel = &flow->selector;
		value = json_entry(cfg, ios_dynamic_find(cfg, flow->dynamic), template);
		json_object_del(value, "acl");
		json_object_update_new(value,
			json_pack("{s:i, s:s, s:[o], s:o, s:s, s:i, s:I, s:o, s:o, s:i, s:i, s:i}", "seq",
				  seq++, "kind", "temporary", "peers", json_ip(&flow->remote),
				  "current-peer", json_ip(&flow->remote), "dynamic-map",
				  flow->dynamic, "dynamic-seq", flow->dynamic_seq, "flow",
				  (json_int_t)flow->id, "local-ident",
				  json_network(&sel->local, &sel->local_wild), "remote-ident",
				  json_network(&sel->remote, &sel->remote_wild), "protocol",
				  sel->protocol, "local-port", sel->local_port, "remote-port",
				  sel->remote_port));
		json_array_append_new(list, value);
	}
}

static json_t *json_map(const struct ios_config *cfg, const struct ios_map *map,
			const struct flows *flows, const struct used *used,
			const struct attachments *attachments)
{
	json_t *entries = json_entries(cfg, map, bound(cfg, map) ? used : NULL);
	json_t *interfaces = json_array();
	const struct ios_interface *ifc;

	for (ifc = cfg->interfaces; ifc; ifc = ifc->next)
		if (ios_interface_has(ifc, map->name))
			json_array_append_new(interfaces,
					      json_interface(cfg, map, ifc,
							     attachments));
	json_temporary(entries, cfg, map, flows);
	return json_pack("{s:s, s:s, s:o, s:o}", "name", map->name, "family", family_word(map),
			 "entries", entries, "interfaces", interfaces);
}

json_t *json_maps(const struct ios_config *cfg, const struct flows *flows,
		  const struct attachments *attachments)
{
	struct used used = used_of(flows);
	json_t *list = json_array();
	const struct ios_map *map;

	for (map = cfg->maps; map; map = map->next)
		json_array_append_new(list, json_map(cfg, map, flows, &used, attachments));
	free(used.v);
	return list;
}

static json_t *json_dynamics(const struct ios_config *cfg)
{
	const struct ios_map *map;
	json_t *list = json_array();

	for (map = cfg->dynamics; map; map = map->next)
		json_array_append_new(list, json_pack("{s:s, s:o}", "name", map->name, "entries",
						      json_entries(cfg, map, NULL)));
	return list;
}

int run_show_dynamic(const struct args *args)
{
	struct ios_config *cfg = kernel_config_once();

	if (cfg)
		keep_maps(args, cfg, cfg->dynamics);
	return show_model(args, cfg, json_dynamics, print_dynamics);
}

int run_show_map(const struct args *args)
{
	struct attachments attachments = { 0 };
	struct flows flows = { 0 };
	struct ios_config *cfg;
	int ret = REFUSED;
	struct nl *nl;

	nl = nl_open();
	if (!nl)
		return REFUSED;
	cfg = kernel_config(nl);
	if (cfg && !kernel_flows(nl, &flows) && !kernel_attachments(nl, &attachments)) {
		ret = DONE;
		keep_maps(args, cfg, cfg->maps);
		if (args->json)
			ret = json_out(args->out, json_maps(cfg, &flows, &attachments));
		else
			print_maps(args->out, cfg, &flows);
	}
	free(attachments.v);
	free(flows.v);
	ios_free(cfg);
	nl_close(nl);
	return ret;
}
