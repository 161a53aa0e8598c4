// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Peers by name and resolvers that fail or say nothing.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "ios_diags.h"
#include "resolve.h"

/* resolvers of these names: "again." fails, and may not later; "hang." never answers, others have an address */
static unsigned int asked, waited;

int __wrap_getaddrinfo_a(int mode, struct gaicb *list[], int n, struct sigevent *event);
int __wrap_gai_suspend(const struct gaicb *const list[], int n, const struct timespec *limit);
int __wrap_gai_error(struct gaicb *request);
int __wrap_gai_cancel(struct gaicb *request);

int __wrap_getaddrinfo_a(int mode, struct gaicb *list[], int n, struct sigevent *event)
{
	asked += tap_ok(mode == GAI_NOWAIT && n == 1 && !event, "%s is asked for", list[0]->ar_name);
	return strncmp(list[0]->ar_name, "good.", 5) ? 0 :
	       getaddrinfo("192.0.2.77", NULL, list[0]->ar_request, &list[0]->ar_result);
}

/* The first wait is ended by a signal. */
int __wrap_gai_suspend(const struct gaicb *const list[], int n, const struct timespec *limit)
{
	(void)list;
	(void)n;
	waited++;
	tap_ok(limit->tv_sec > 0 && limit->tv_sec <= 10, "it is waited for %u times", waited);
	return waited == 1 ? EAI_INTR : EAI_AGAIN;
}

int __wrap_gai_error(struct gaicb *request)
{
	return !strncmp(request->ar_name, "hang.", 5) ? EAI_INPROGRESS :
	       !strncmp(request->ar_name, "again.", 6) ? EAI_AGAIN : 0;
}

int __wrap_gai_cancel(struct gaicb *request)
{
	(void)request;
	return EAI_CANCELED;
}

/* Two entries with one peer each. */
static struct ios_config *resolved(const char *first, const char *second)
{
	struct ios_config *cfg;
	char text[256];

	snprintf(text, sizeof(text), "crypto map M 1 ipsec-isakmp\n set peer %s\n"
		 "crypto map M 2 ipsec-isakmp\n set peer %s\n", first, second);
	cfg = parse(text);
	asked = 0;
	waited = 0;
	tap_ok(!resolve_peers(cfg), "%s and %s", first, second);
	return cfg;
}

int main(void)
{
	struct ios_config *cfg = resolved("again.test", "good.test");
	const struct ios_entry *first = cfg->maps->entries;

	tap_ok(asked == 2 && first->peers[0].dynamic && !first->next->peers[0].dynamic &&
	       first->next->peers[0].addr.v4.s_addr == inet_addr("192.0.2.77"),
	       "a name whose resolver fails says nothing of others");
	ios_free(cfg);
	resolve_forget();

	cfg = resolved("hang.test", "good.test");
	first = cfg->maps->entries;
	tap_ok(asked == 1 && waited == 2 && first->peers[0].dynamic && first->next->peers[0].dynamic,
	       "a resolver that says nothing is asked once");
	ios_free(cfg);
	resolve_forget();

	cfg = resolved("good.test", "good.test");
	tap_ok(asked == 1 && !cfg->maps->entries->next->peers[0].dynamic,
	       "and anew for the next configuration; each name once");
	ios_free(cfg);
	resolve_forget();
	return tap_done();
}
