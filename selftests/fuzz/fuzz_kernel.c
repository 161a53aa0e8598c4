// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any messages as answers of the kernel module to each of the tool's questions, and all
 * that show commands make of them. The input is messages one after the other; each
 * answers those questions that have its command.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "metrics.h"
#include "monitor.h"
#include "no_module.h"
#include "vrf.h"

#define MESSAGE_MAX (64u << 10)

static const uint8_t *answers;
static size_t answers_len;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
void __wrap_vrf_find(struct flows *flows);
int __wrap_ctl_isakmp_list(struct isakmp_sas *sas, bool quiet);
int __wrap_nl_dump(struct nl *nl, uint8_t cmd, nl_row_fn row, void *data);
int __wrap_nl_request(struct nl *nl, struct nlmsghdr *nlh, nl_row_fn row, void *data, const int *quiet);
struct nlmsghdr *__wrap_nl_message(struct nl *nl, void *buf, uint8_t cmd, uint16_t flags);

/* Gives the messages of this command to @row, each in memory of its own size, padded. */
static int answer(uint8_t cmd, nl_row_fn row, void *data)
{
	const uint8_t *at = answers, *end = answers + answers_len;
	struct nlmsghdr *nlh;
	uint32_t len;
	int ret = 0;

	while (!ret && (size_t)(end - at) >= NLMSG_HDRLEN + GENL_HDRLEN) {
		memcpy(&len, at, sizeof(len));
		if (len < NLMSG_HDRLEN + GENL_HDRLEN || len > MESSAGE_MAX || len > end - at)
			len = end - at;
		nlh = calloc(1, NLMSG_ALIGN(len));
		memcpy(nlh, at, len);
		nlh->nlmsg_len = len;
		if (((struct genlmsghdr *)mnl_nlmsg_get_payload(nlh))->cmd == cmd)
			ret = row(nlh, data);
		free(nlh);
		at += NLMSG_ALIGN(len) < end - at ? NLMSG_ALIGN(len) : end - at;
	}
	return ret;
}

/* VRFs are of the host, ISAKMP SAs of a daemon. */
void __wrap_vrf_find(struct flows *flows)
{
	(void)flows;
}

int __wrap_ctl_isakmp_list(struct isakmp_sas *sas, bool quiet)
{
	(void)sas;
	(void)quiet;
	return 0;
}

int __wrap_nl_dump(struct nl *nl, uint8_t cmd, nl_row_fn row, void *data)
{
	(void)nl;
	return answer(cmd, row, data);
}

struct nlmsghdr *__wrap_nl_message(struct nl *nl, void *buf, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	(void)nl;
	(void)flags;
	genl->cmd = cmd;
	return nlh;
}

int __wrap_nl_request(struct nl *nl, struct nlmsghdr *nlh, nl_row_fn row, void *data, const int *quiet)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	(void)nl;
	(void)quiet;
	return answer(genl->cmd, row, data);
}

static void show_state(void)
{
	struct metrics m = { 0 };
	struct algs algs = { 0 };

	if (!kernel_attachments(NULL, &m.attachments) && !kernel_flows(NULL, &m.flows) &&
	    !kernel_sas(NULL, &m.sas) && !kernel_algs(NULL, &algs) && !kernel_stats(NULL, &m.stats)) {
		print_ipsec_sas(stdout, &m.flows, &m.sas, &m.attachments, true);
		print_sessions(stdout, &m.flows, &m.sas, &m.isakmp, NULL, NULL, SESSION_DETAIL);
		print_ruleset(stdout, &m.attachments);
		print_engine(stdout, &algs, &m.stats);
		print_metrics(stdout, &m, true);
	}
	free(m.attachments.v);
	free(m.flows.v);
	free(m.sas.v);
	free(algs.v);
}

static void show_config(void)
{
	struct ios_config *cfg = kernel_config(NULL);
	struct flows flows = { 0 };

	if (!cfg)
		return;
	print_maps(stdout, cfg, &flows);
	print_dynamics(stdout, cfg);
	print_access_lists(stdout, cfg);
	print_tsets(stdout, cfg);
	ios_text_free(ios_print(cfg, IOS_PRINT_ALL, NULL));
	ios_free(cfg);
}

/* Commands whole, in text and as JSON. */
static void ask(const char *words, bool json)
{
	struct input input = { .shell = true, .out = stdout, .err = stdout };
	char copy[sizeof(input.line)];
	char *word, *rest;

	snprintf(input.line, sizeof(input.line), "%s%s", words, json ? " --json" : "");
	strcpy(copy, input.line);
	for (word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		input.word[input.n++] = word;
	execute(&input, false);
}

static int show_event(const struct nlmsghdr *nlh, void *data)
{
	json_t *event = monitor_event(nlh);

	(void)data;
	if (event)
		print_event(stdout, event);
	json_decref(event);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const commands[] = {
		"show crypto ipsec sa detail", "show crypto session detail", "show crypto ruleset statistics",
		"show crypto ruleset memory", "show crypto engine", "show drops", "show crypto map",
		"show crypto dynamic-map", "show crypto ipsec transform-set", "show access-lists",
		"show crypto ipsec security-association lifetime",
		"packet-tracer input eth0 tcp 10.0.0.1 1 10.0.0.2 2",
	};
	unsigned int cmd;
	size_t i;

	answers = data;
	answers_len = len;
	show_state();
	show_config();
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		ask(commands[i], false);
		ask(commands[i], true);
	}
	for (cmd = 0; cmd <= UINT8_MAX; cmd++)
		answer(cmd, show_event, NULL);
	return 0;
}
