// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What load --dry-run says.
 */
#include <string.h>

#include "cli.h"
#include "transaction.h"

static const char *action_word(const struct planned *p)
{
	static const char *const word[] = {
		[CRYPTO_MAP_CHANGE_ACTION_ADDED] = "added",
		[CRYPTO_MAP_CHANGE_ACTION_REMOVED] = "removed",
		[CRYPTO_MAP_CHANGE_ACTION_CHANGED] = "changed",
	};

	return p->action <= CRYPTO_MAP_CHANGE_ACTION_CHANGED ? word[p->action] : "unknown";
}

/* struct reason - why a flow or an SA goes: for JSON, and for people */
struct reason {
	const char *word, *text;
};

static const struct reason *reason(const struct planned *p)
{
	static const struct reason unknown = { "unknown", "for an unknown reason" };
	static const struct reason reasons[] = {
		[CRYPTO_MAP_REMOVAL_DETACHED] = {
			"detached", "the crypto map is not on the interface any more" },
		[CRYPTO_MAP_REMOVAL_ENTRY_GONE] = {
			"entry-gone", "the crypto map entry is removed" },
		[CRYPTO_MAP_REMOVAL_ENTRY_INCOMPLETE] = {
			"entry-incomplete", "the crypto map entry is not complete any more" },
		[CRYPTO_MAP_REMOVAL_ACE_GONE] = {
			"ace-gone", "its permit is not in the access list, or not about it, any more" },
		[CRYPTO_MAP_REMOVAL_LEVEL_CHANGED] = {
			"level-changed", "the crypto map entry has SAs of another level" },
		[CRYPTO_MAP_REMOVAL_PEER_GONE] = {
			"peer-gone", "the crypto map entry has not this peer any more" },
		[CRYPTO_MAP_REMOVAL_KEYS_CHANGED] = {
			"keys-changed", "the keys are others" },
		[CRYPTO_MAP_REMOVAL_KEYS_MOVED] = {
			"keys-moved", "the keys are for a permit before its own" },
	};

	return p->why <= CRYPTO_MAP_REMOVAL_KEYS_MOVED ? &reasons[p->why] : &unknown;
}

/* ------------------------------------------------------------------------- text */

static void print_ident(FILE *f, const struct ios_addr *addr, const struct ios_addr *wild,
			uint8_t protocol, uint16_t port)
{
	fprintf(f, "%s/%s/%u/%u", ip_text(addr).s, mask_text(wild).s, protocol, port);
}

static void print_planned_flow(FILE *f, const struct planned *p)
{
	const struct selector *sel = &p->selector;

	fprintf(f, "flow on %s, crypto map %s %u, access list %s %u: ", p->label, p->name, p->seq,
		p->acl, p->ace_seq);
	fprintf(f, "%s, %s\n    ",
		p->action == CRYPTO_MAP_CHANGE_ACTION_REMOVED ? "removed" : "loses SAs",
		reason(p)->text);
	print_ident(f, &sel->local, &sel->local_wild, sel->protocol, sel->local_port);
	fputs(" -> ", f);
	print_ident(f, &sel->remote, &sel->remote_wild, sel->protocol, sel->remote_port);
	fputc('\n', f);
}

static void print_planned(FILE *f, const struct planned *p)
{
	const char *action = action_word(p);

	switch (p->object) {
	case CRYPTO_MAP_CHANGE_OBJECT_GLOBALS:
		fprintf(f, "global crypto ipsec settings: %s\n", action);
		break;
	case CRYPTO_MAP_CHANGE_OBJECT_ACL:
		fprintf(f, "%s %s: %s\n",
			p->family == AF_INET6 ? "ipv6 access-list" :
			p->family == AF_INET ? "ip access-list" : "object-group",
			p->name, action);
		break;
	case CRYPTO_MAP_CHANGE_OBJECT_TSET:
		fprintf(f, "crypto ipsec transform-set %s: %s\n", p->name, action);
		break;
	case CRYPTO_MAP_CHANGE_OBJECT_MAP:
		fprintf(f, "crypto map %s: %s\n", p->name, action);
		break;
	case CRYPTO_MAP_CHANGE_OBJECT_ENTRY:
		fprintf(f, "crypto map %s %u: %s\n", p->name, p->seq, action);
		break;
	case CRYPTO_MAP_CHANGE_OBJECT_DYNAMIC_MAP:
		fprintf(f, "crypto dynamic-map %s: %s\n", p->name, action);
		break;
	case CRYPTO_MAP_CHANGE_OBJECT_TEMPLATE:
		fprintf(f, "crypto dynamic-map %s %u: %s\n", p->name, p->seq, action);
		break;
	case CRYPTO_MAP_CHANGE_OBJECT_ATTACH:
		fprintf(f, "interface %s, crypto map %s: %s\n", p->ifname, p->name, action);
		break;
	case CRYPTO_MAP_CHANGE_OBJECT_FLOW:
		print_planned_flow(f, p);
		break;
	case CRYPTO_MAP_CHANGE_OBJECT_SA:
		fprintf(f, "    %sbound SA, spi 0x%X(%u), peer %s: removed\n",
			p->dir == CRYPTO_MAP_SA_DIR_IN ? "in" : "out", p->spi, p->spi,
			ip_text(&p->remote).s);
		break;
	}
}

void print_plan(FILE *f, const struct plan *plan, const struct change *change, bool phase1)
{
	size_t i;

	if (phase1)
		fputs("ISAKMP policies, settings or keys: changed\n", f);
	for (i = 0; i < plan->n; i++)
		print_planned(f, &plan->v[i]);
	fprintf(f, "flows: %u kept, %u added, %u removed\nSAs: %u removed\n", change->flows_kept,
		change->flows_added, change->flows_removed, change->sas_removed);
}

/* ------------------------------------------------------------------------- JSON */

static json_t *json_planned_flow(const struct planned *p)
{
	const struct selector *sel = &p->selector;

	return json_pack("{s:I, s:s, s:s, s:s, s:i, s:s, s:I, s:o, s:o, s:i, s:i, s:i, s:b, s:s, s:[]}",
			 "flow", (json_int_t)p->flow_id, "interface", p->label, "device", p->ifname,
			 "map", p->name, "seq", p->seq, "acl", p->acl, "ace",
			 (json_int_t)p->ace_seq, "local-ident",
			 json_network(&sel->local, &sel->local_wild), "remote-ident",
			 json_network(&sel->remote, &sel->remote_wild), "protocol", sel->protocol,
			 "local-port", sel->local_port, "remote-port", sel->remote_port, "removed",
			 p->action == CRYPTO_MAP_CHANGE_ACTION_REMOVED, "why", reason(p)->word,
			 "sas");
}

static json_t *json_planned_sa(const struct planned *p)
{
	return json_pack("{s:I, s:s, s:o, s:o}", "spi", (json_int_t)p->spi, "direction",
			 p->dir == CRYPTO_MAP_SA_DIR_IN ? "in" : "out", "local", json_ip(&p->local),
			 "peer", json_ip(&p->remote));
}

static json_t *json_planned_object(const struct planned *p)
{
	static const char *const word[] = {
		[CRYPTO_MAP_CHANGE_OBJECT_GLOBALS] = "globals",
		[CRYPTO_MAP_CHANGE_OBJECT_ACL] = "access-list",
		[CRYPTO_MAP_CHANGE_OBJECT_TSET] = "transform-set",
		[CRYPTO_MAP_CHANGE_OBJECT_MAP] = "map",
		[CRYPTO_MAP_CHANGE_OBJECT_ENTRY] = "entry",
		[CRYPTO_MAP_CHANGE_OBJECT_DYNAMIC_MAP] = "dynamic-map",
		[CRYPTO_MAP_CHANGE_OBJECT_TEMPLATE] = "dynamic-map entry",
		[CRYPTO_MAP_CHANGE_OBJECT_ATTACH] = "interface",
	};
	bool group = p->object == CRYPTO_MAP_CHANGE_OBJECT_ACL && !p->family;
	json_t *value = json_pack("{s:s, s:s}", "object", group ? "object-group" : word[p->object],
				  "action", action_word(p));

	if (*p->name)
		json_object_set_new(value, "name", json_string(p->name));
	if (p->family)
		json_object_set_new(value, "family",
				    json_string(p->family == AF_INET6 ? "IPv6" : "IPv4"));
	if (p->seq)
		json_object_set_new(value, "seq", json_integer(p->seq));
	if (*p->ifname)
		json_object_set_new(value, "device", json_string(p->ifname));
	return value;
}

json_t *json_plan(const struct plan *plan, const struct change *change, bool phase1)
{
	json_t *changes = json_array(), *flows = json_array(), *flow = NULL;
	const struct planned *p;

	for (p = plan->v; p < plan->v + plan->n; p++) {
		if (p->object == CRYPTO_MAP_CHANGE_OBJECT_FLOW) {
			flow = json_planned_flow(p);
			json_array_append_new(flows, flow);
		} else if (p->object == CRYPTO_MAP_CHANGE_OBJECT_SA) {
			json_array_append_new(json_object_get(flow, "sas"), json_planned_sa(p));
		} else if (p->object < CRYPTO_MAP_CHANGE_OBJECT_FLOW) {
			json_array_append_new(changes, json_planned_object(p));
		}
	}
	return json_pack("{s:b, s:o, s:o, s:I, s:I, s:I, s:I}", "isakmp-changed", phase1, "changes",
			 changes, "flows", flows, "flows-kept", (json_int_t)change->flows_kept,
			 "flows-added", (json_int_t)change->flows_added, "flows-removed",
			 (json_int_t)change->flows_removed, "sas-removed",
			 (json_int_t)change->sas_removed);
}
