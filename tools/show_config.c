// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show access-lists, show running-config, show startup-config
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "file.h"
#include "say.h"
#include "ios/print.h"
#include "ios/wipe.h"

/* ----------------------------------------------------------------- access lists */

static void print_hits(FILE *f, uint64_t hits)
{
	if (hits)
		fprintf(f, " (%" PRIu64 " match%s)", hits, hits == 1 ? "" : "es");
}

void print_access_lists(FILE *f, const struct ios_config *cfg)
{
	const struct ios_acl *acl;
	const struct ios_ace *ace;
	char text[IOS_ACE_TEXT];

	for (acl = cfg->acls; acl; acl = acl->next) {
		bool six = acl->family == AF_INET6;

		fprintf(f, "%s access list %s\n", ios_acl_word(acl), acl->name);
		for (ace = acl->aces; ace; ace = ace->next) {
			if (ace->action == IOS_REMARK)
				continue;
			ios_ace_text(text, sizeof(text), ace, true);
			fputs("    ", f);
			if (!six)
				fprintf(f, "%u ", ace->seq);
			fputs(text, f);
			print_hits(f, ace->hits);
			if (six)
				fprintf(f, " sequence %u", ace->seq);
			fputc('\n', f);
		}
	}
}

static json_t *json_acl(const struct ios_acl *acl)
{
	json_t *list = json_array();
	const struct ios_ace *ace;
	char text[IOS_ACE_TEXT];

	for (ace = acl->aces; ace; ace = ace->next) {
		if (ace->action == IOS_REMARK) {
			json_array_append_new(list, json_pack("{s:I, s:s}", "seq",
							      (json_int_t)ace->seq, "remark",
							      ace->remark));
			continue;
		}
		ios_ace_text(text, sizeof(text), ace, true);
		json_array_append_new(list, json_pack("{s:I, s:s, s:I}", "seq",
						      (json_int_t)ace->seq, "rule", text,
						      "matches", (json_int_t)ace->hits));
	}
	return json_pack("{s:s, s:s, s:o}", "name", acl->name, "family",
			 acl->family == AF_INET6 ? "IPv6" : "IPv4", "entries", list);
}

/* Leaves the access lists of one name, NULL for any, and family, AF_UNSPEC for both. */
static void keep_acls(struct ios_config *cfg, const char *name, int family)
{
	struct ios_acl *acl, *next;

	for (acl = cfg->acls; acl; acl = next) {
		next = acl->next;
		if ((name && strcmp(acl->name, name)) || (family && acl->family != family))
			ios_acl_remove(cfg, acl);
	}
}

static json_t *json_access_lists(const struct ios_config *cfg)
{
	const struct ios_acl *acl;
	json_t *list = json_array();

	for (acl = cfg->acls; acl; acl = acl->next)
		json_array_append_new(list, json_acl(acl));
	return list;
}

int run_show_access_lists(const struct args *args)
{
	int family = args_has(args, "ip") ? AF_INET : args_has(args, "ipv6") ? AF_INET6 : AF_UNSPEC;
	struct ios_config *cfg = kernel_config_once();

	if (cfg)
		keep_acls(cfg, args_value(args, "NAME"), family);
	return show_model(args, cfg, json_access_lists, print_access_lists);
}

/* --------------------------------------------------------------- running-config */

static void label_local(const struct ios_config *cfg, struct ios_local *local)
{
	const struct ios_interface *ifc = ios_interface_of(cfg, local->ifname);

	if (ifc)
		strcpy(local->ifname, ifc->name);
}

/* The daemon knows the devices of local-address; the text has their interfaces. */
static void label_phase1(struct ios_config *cfg)
{
	struct ios_profile *profile;
	struct ios_keyring *ring;

	for (ring = cfg->keyrings; ring; ring = ring->next)
		label_local(cfg, &ring->local);
	for (profile = cfg->profiles; profile; profile = profile->next)
		label_local(cfg, &profile->local);
}

bool add_phase1(struct ios_config *cfg, const char *text)
{
	struct ios_config *phase1 = ios_parse(CTL_MIRROR, text, strlen(text), IOS_PHASE1_ONLY);
	const struct ios_diag *diag;
	bool whole;

	if (!phase1) {
		say_no_memory();
		return false;
	}
	whole = !phase1->n_errors;
	if (whole) {
		ios_take_phase1(cfg, phase1);
		label_phase1(cfg);
	}
	for (diag = phase1->diags; diag; diag = diag->next)
		if (diag->severity == IOS_ERROR)
			fprintf(stderr, "cryptomap: phase 1 of charon, or of %s, cannot be read: line %u: %s\n",
				CTL_MIRROR, diag->line, diag->text);
	ios_free(phase1);
	return whole;
}

/* Of the kernel module, and phase 1 of the daemon. */
struct ios_config *running_config(void)
{
	struct ios_config *cfg = kernel_config_once();
	char *text = cfg ? ctl_config_get() : NULL;

	if (!text || !add_phase1(cfg, text)) {
		ios_free(cfg);
		cfg = NULL;
	}
	ios_text_free(text);
	return cfg;
}

/* Return: DONE or REFUSED */
static int show_text(const struct args *args, const char *text, size_t len)
{
	json_t *value;

	if (!args->json) {
		fwrite(text, 1, len, args->out);
		return DONE;
	}
	value = json_pack("{s:s%}", "text", text, len);
	if (value)
		return json_out(args->out, value);
	fputs("cryptomap: the configuration is not in UTF-8, as JSON has to be\n", stderr);
	return REFUSED;
}

int run_show_config(const struct args *args)
{
	struct ios_config *cfg = running_config();
	char *text;
	int ret;

	if (!cfg)
		return REFUSED;
	text = ios_print(cfg, IOS_PRINT_ALL, NULL);
	ios_free(cfg);
	if (!text) {
		say_no_memory();
		return REFUSED;
	}
	ret = show_text(args, text, strlen(text));
	ios_text_free(text);
	return ret;
}

/* --------------------------------------------------------------- startup-config */

int run_show_startup(const struct args *args)
{
	size_t len;
	char *text;
	int ret;

	if (args->foreign) {
		fputs("cryptomap: " CONFIG_FILE " is the host's, not that of the namespace of -n\n", stderr);
		return REFUSED;
	}
	if (access(CONFIG_FILE, F_OK) && errno == ENOENT) {
		fputs("cryptomap: startup-config is not present: there is no " CONFIG_FILE "\n", stderr);
		return REFUSED;
	}
	text = file_read(CONFIG_FILE, &len);
	if (!text)
		return REFUSED;
	ret = show_text(args, text, len);
	wipe_free(text, len);
	return ret;
}
