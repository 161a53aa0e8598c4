// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show version: what runs here, in lines that scrapers of routers look for.
 */
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli.h"

#ifndef CRYPTOMAP_VERSION
#define CRYPTOMAP_VERSION "unreleased"
#endif

const char tool_version[] = CRYPTOMAP_VERSION;

/* As IOS writes it: what is zero before the first unit that is not is left out. */
static void print_uptime(FILE *f, uint64_t seconds)
{
	static const struct {
		const char *word;
		uint64_t seconds;
	} units[] = {
		{ "year", 31536000 }, { "week", 604800 }, { "day", 86400 }, { "hour", 3600 },
		{ "minute", 60 },
	};
	const char *before = "";
	uint64_t n;
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(*units); i++) {
		n = seconds / units[i].seconds;
		seconds %= units[i].seconds;
		if (!n && !*before && units[i].seconds > 60)
			continue;
		fprintf(f, "%s%llu %s%s", before, (unsigned long long)n, units[i].word,
			n == 1 ? "" : "s");
		before = ", ";
	}
}

void print_version(FILE *f, const struct version *version)
{
	fprintf(f, "cryptomap Software (LINUX-%s), Version %s, kernel module %s\n\n",
		version->kernel, tool_version, *version->module ? version->module : "not loaded");
	fprintf(f, "%s uptime is ", version->host);
	print_uptime(f, version->uptime);
	fputc('\n', f);
}

/* That of the kernel module, empty where it is not loaded, about which nothing is said. */
static void module_version(char *text, size_t size)
{
	FILE *f = fopen("/sys/module/crypto_map/version", "re");

	if (!f || !fgets(text, size, f))
		*text = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (f)
		fclose(f);
}

int run_show_version(const struct args *args)
{
	struct version version = { 0 };
	struct sysinfo info;
	struct utsname name;

	module_version(version.module, sizeof(version.module));
	if (uname(&name) || sysinfo(&info))
		return REFUSED;
	snprintf(version.kernel, sizeof(version.kernel), "%s", name.release);
	snprintf(version.host, sizeof(version.host), "%.*s", (int)strcspn(name.nodename, "."),
		 name.nodename);
	version.uptime = info.uptime;
	if (args->json)
		return json_out(args->out,
				json_pack("{s:s, s:s*, s:s, s:s, s:I}", "version", tool_version,
					  "module-version", *version.module ? version.module : NULL, "kernel",
					  version.kernel, "hostname", version.host, "uptime",
					  (json_int_t)version.uptime));
	print_version(args->out, &version);
	return DONE;
}
