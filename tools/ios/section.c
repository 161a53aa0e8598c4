// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What there is of each kind of section: who reads its lines, what is expected there, and what
 * IOS's prompt calls it.
 */
#include "parse.h"
#include "print.h"

bool section_line(struct parser *p)
{
	switch (p->mode) {
	case MODE_POLICY:
		return policy_line(p);
	case MODE_PEER:
		return peer_line(p);
	case MODE_KEYRING:
		return keyring_line(p);
	case MODE_PROFILE:
		return profile_line(p);
	case MODE_TRUSTPOINT:
		return trustpoint_line(p);
	case MODE_CHAIN:
		return chain_line(p);
	case MODE_CERT_MAP:
		return cert_map_line(p);
	case MODE_TSET:
		return tset_line(p);
	case MODE_ENTRY:
		return entry_line(p);
	case MODE_GROUP:
		return group_line(p);
	case MODE_ACL:
		return acl_line(p);
	case MODE_INTERFACE:
		return interface_line(p);
	case MODE_TOP:
	case MODE_SKIP:
		break;
	}
	return false;
}

const char *section_expected(enum mode mode)
{
	switch (mode) {
	case MODE_POLICY:
		return policy_expected;
	case MODE_PEER:
		return peer_expected;
	case MODE_KEYRING:
		return keyring_expected;
	case MODE_PROFILE:
		return profile_expected;
	case MODE_TRUSTPOINT:
		return trustpoint_expected;
	case MODE_CHAIN:
		return chain_expected;
	case MODE_CERT_MAP:
		return cert_map_expected;
	case MODE_TSET:
		return tset_expected;
	case MODE_ENTRY:
		return entry_expected;
	case MODE_GROUP:
		return group_expected;
	case MODE_ACL:
		return acl_expected;
	default:
		return NULL;
	}
}

/* The section in the words of IOS's prompt, NULL for none of ours. */
static const char *section_prompt(const struct parser *p)
{
	switch (p->mode) {
	case MODE_POLICY:
		return "config-isakmp";
	case MODE_PEER:
		return "config-isakmp-peer";
	case MODE_KEYRING:
		return "conf-keyring";
	case MODE_PROFILE:
		return "conf-isa-prof";
	case MODE_TRUSTPOINT:
		return "ca-trustpoint";
	case MODE_CHAIN:
		return "config-cert-chain";
	case MODE_CERT_MAP:
		return "ca-certificate-map";
	case MODE_TSET:
		return "cfg-crypto-trans";
	case MODE_ENTRY:
		return "config-crypto-map";
	case MODE_GROUP:
		if (p->group->family == AF_INET6)
			return p->group->service ? "config-v6service-group" : "config-v6network-group";
		return p->group->service ? "config-service-group" : "config-network-group";
	case MODE_ACL:
		if (p->acl->family == AF_INET6)
			return "config-ipv6-acl";
		return p->acl->standard ? "config-std-nacl" : "config-ext-nacl";
	case MODE_INTERFACE:
		return "config-if";
	case MODE_TOP:
	case MODE_SKIP:
		break;
	}
	return NULL;
}

/* Whether an interface is in the configuration that the module has. */
static bool bound(const struct ios_config *cfg, const struct ios_interface *ifc)
{
	return ios_dev_valid(ios_interface_dev(ifc)) &&
	       (ios_map_find(cfg, ifc->map) || ios_map_find(cfg, ifc->map6));
}

void tell_section(struct parser *p)
{
	p->cfg->section = chain_pending(p) ? IOS_SECTION_CERTIFICATE : section_prompt(p);
	if (!p->cfg->section)
		return;
	p->cfg->section_line = p->section_line;
	if (p->mode == MODE_ENTRY)
		p->cfg->section_text = ios_entry_head_text(p->map, p->entry);
	else if (p->mode == MODE_INTERFACE && !bound(p->cfg, p->ifc))
		p->cfg->section_text = ios_interface_text(p->ifc);
	else
		return;
	if (!p->cfg->section_text)
		no_memory(p);
}
