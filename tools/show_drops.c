// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show drops: packets that were dropped, by reason.
 */
#include <inttypes.h>

#include "cli.h"

/* Names and texts are those of the netlink specification. */
static const struct {
	const char *name;
	const char *text;
} reasons[] = {
#include "drops.inc"
};

#define DROP_REASONS (sizeof(reasons) / sizeof(*reasons))

_Static_assert(DROP_REASONS <= DROP_REASONS_MAX, "more drop reasons than struct stats holds");

const char *drop_reason(uint32_t reason, const char **text)
{
	bool known = reason < DROP_REASONS;

	if (text)
		*text = known ? reasons[reason].text : "of a newer kernel module";
	return known ? reasons[reason].name : "unknown";
}

uint32_t drop_reasons(void)
{
	return DROP_REASONS;
}

int run_show_drops(const struct args *args)
{
	struct nl *nl = nl_open();
	struct stats stats;
	json_t *object;
	size_t i;
	int ret;

	if (!nl)
		return REFUSED;
	ret = kernel_stats(nl, &stats);
	nl_close(nl);
	if (ret)
		return REFUSED;
	if (args->json) {
		object = json_object();
		for (i = 0; i < DROP_REASONS; i++)
			json_object_set_new(object, reasons[i].name, json_integer(stats.drop[i]));
		return json_out(args->out, object);
	}
	fprintf(args->out, "%-20s %12s  %s\n", "reason", "packets", "meaning");
	for (i = 0; i < DROP_REASONS; i++)
		fprintf(args->out, "%-20s %12" PRIu64 "  %s\n", reasons[i].name, stats.drop[i],
		       reasons[i].text);
	return DONE;
}
