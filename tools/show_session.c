// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show crypto session: one block for each interface and peer.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "ios/print.h"
#include "vrf.h"

const char *session_status(bool isakmp_active, bool isakmp_inactive, bool sas)
{
	if (isakmp_active)
		return sas ? "UP-ACTIVE" : "UP-IDLE";
	if (sas)
		return "UP-NO-IKE";
	return isakmp_inactive ? "DOWN-NEGOTIATING" : "DOWN";
}

static int compare_peers(const struct ios_addr *a, const struct ios_addr *b)
{
	int order = (a->family > b->family) - (a->family < b->family);

	return order ? order : memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

/*
 * Flows of one session stand together after sorting; a session is a run of
 * flows with equal interface and peer.
 */
static int compare_flows(const void *a, const void *b)
{
	const struct flow *x = *(const struct flow *const *)a, *y = *(const struct flow *const *)b;
	int order = strcmp(x->ifname, y->ifname);

	if (!order)
		order = compare_peers(&x->remote, &y->remote);
	if (!order)
		order = strcmp(x->peer_name, y->peer_name);
	if (!order)
		order = (x->entry_seq > y->entry_seq) - (x->entry_seq < y->entry_seq);
	if (!order)
		order = (x->ace_seq > y->ace_seq) - (x->ace_seq < y->ace_seq);
	return order ? order : (x->id > y->id) - (x->id < y->id);
}

static bool same_session(const struct flow *a, const struct flow *b)
{
	return !strcmp(a->ifname, b->ifname) && ios_addr_same(&a->remote, &b->remote) &&
	       !strcmp(a->peer_name, b->peer_name);
}

/* struct ike - an ISAKMP SA that is not deleted, and its ends */
struct ike {
	const struct isakmp_sa *sa;
	struct ios_addr local, remote;
};

/* Those with one peer stand together, in the order of the daemon. */
static int compare_ikes(const void *a, const void *b)
{
	const struct ike *x = a, *y = b;
	int order = compare_peers(&x->remote, &y->remote);

	return order ? order : (x->sa > y->sa) - (x->sa < y->sa);
}

/* struct sessions - what sessions are made of, in their order */
struct sessions {
	const struct flow **flow;
	size_t n;
	struct ike *ike;
	size_t n_ikes;
	const struct sas *sas;
};

/* When memory is exhausted there are none. */
static void sessions_init(struct sessions *all, const struct flows *flows, const struct sas *sas,
			  const struct isakmp_sas *isakmp)
{
	struct ike ike;
	size_t i;

	*all = (struct sessions){
		.flow = calloc(flows->n + 1, sizeof(*all->flow)),
		.ike = calloc(isakmp->n + 1, sizeof(*all->ike)),
		.sas = sas,
	};
	if (!all->flow || !all->ike)
		return;
	while (all->n < flows->n) {
		all->flow[all->n] = &flows->v[all->n];
		all->n++;
	}
	qsort(all->flow, all->n, sizeof(*all->flow), compare_flows);
	for (i = 0; i < isakmp->n; i++) {
		ike = (struct ike){ .sa = &isakmp->v[i] };
		if (ike.sa->deleted || !parse_address(ike.sa->remote, &ike.remote))
			continue;
		/* not known yet at times, as that of the flow is not then */
		parse_address(ike.sa->local, &ike.local);
		all->ike[all->n_ikes++] = ike;
	}
	qsort(all->ike, all->n_ikes, sizeof(*all->ike), compare_ikes);
}

static void sessions_free(struct sessions *all)
{
	free(all->flow);
	free(all->ike);
}

/* The first ISAKMP SA with a peer, or where it would be. */
static size_t first_ike(const struct sessions *all, const struct ios_addr *remote)
{
	size_t low = 0, high = all->n_ikes, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare_peers(&all->ike[middle].remote, remote) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool active(const struct isakmp_sa *sa)
{
	return !strcmp(sa->state, "QM_IDLE");
}

static unsigned int count_sas(const struct sas *sas, const struct flow *flow)
{
	unsigned int count = 0;
	const struct sa *sa;
	size_t n;

	for (sa = sas_of_flow(sas, flow->id, &n); n; n--, sa++)
		count += sa->state != CRYPTO_MAP_SA_STATE_LARVAL;
	return count;
}

/* struct session - a run of flows, and what it has */
struct session {
	const struct flow **flow;
	size_t n;
	/* ISAKMP SAs with the peer, of this session or another one */
	const struct ike *ike;
	size_t n_ikes;
	bool isakmp_active;
	bool isakmp_inactive;
	bool has_sas;
};

/* Whether the @i-th ISAKMP SA with the peer is of the session. */
static bool serves(const struct session *session, size_t i)
{
	const struct ios_addr *local = &session->flow[0]->local;

	return local->family == AF_UNSPEC || ios_addr_same(local, &session->ike[i].local);
}

/* The session that begins with the @i-th flow. */
static struct session session_of(const struct sessions *all, size_t i)
{
	const struct ios_addr *remote = &all->flow[i]->remote;
	size_t first = first_ike(all, remote), last = first;
	struct session session = { .flow = all->flow + i, .ike = all->ike + first };

	while (i + session.n < all->n && same_session(all->flow[i], session.flow[session.n]))
		session.has_sas |= count_sas(all->sas, session.flow[session.n++]) > 0;
	while (last < all->n_ikes && ios_addr_same(&all->ike[last].remote, remote))
		last++;
	session.n_ikes = last - first;
	for (i = 0; i < session.n_ikes; i++) {
		if (!serves(&session, i))
			continue;
		session.isakmp_active |= active(session.ike[i].sa);
		session.isakmp_inactive |= !active(session.ike[i].sa);
	}
	return session;
}

static const char *status_of(const struct session *session)
{
	return session_status(session->isakmp_active, session->isakmp_inactive, session->has_sas);
}

/* ------------------------------------------------------------------------- text */

/* As IOS does here: with masks. */
static void print_network(FILE *f, const struct ios_addr *addr, const struct ios_addr *wild,
			  uint16_t port)
{
	if (ios_wild_prefix(wild) == (int)ios_addr_bits(wild->family))
		fprintf(f, " host %s", ip_text(addr).s);
	else
		fprintf(f, " %s/%s", ip_text(addr).s, mask_text(wild).s);
	if (port)
		fprintf(f, " port %u", port);
}

void print_permit(FILE *f, const struct selector *sel)
{
	fputs("permit ", f);
	if (sel->protocol)
		fprintf(f, "%u", sel->protocol);
	else
		fputs(sel->local.family == AF_INET6 ? "ipv6" : "ip", f);
	print_network(f, &sel->local, &sel->local_wild, sel->local_port);
	print_network(f, &sel->remote, &sel->remote_wild, sel->remote_port);
}

/* The newest SA of a direction that is in use, or NULL. */
static const struct sa *newest_sa(const struct flow *flow, const struct sas *sas,
				  enum crypto_map_sa_dir dir)
{
	const struct sa *sa, *newest = NULL;
	size_t n;

	for (sa = sas_of_flow(sas, flow->id, &n); n; n--, sa++)
		if (sa->dir == dir && sa->state == CRYPTO_MAP_SA_STATE_ACTIVE)
			newest = sa;
	return newest;
}

/* What is left of it. */
static void print_life(FILE *f, const struct flow *flow, const struct sas *sas,
		       enum crypto_map_sa_dir dir)
{
	const struct sa *newest = newest_sa(flow, sas, dir);

	if (!newest)
		fputs("life (KB/Sec) 0/0\n", f);
	else if (newest->hard_bytes)
		fprintf(f, "life (KB/Sec) %" PRIu64 "/%" PRIu64 "\n", sa_kilobytes_left(newest),
			sa_seconds_left(newest));
	else
		fprintf(f, "life (KB/Sec) KB Vol Rekey Disabled/%" PRIu64 "\n",
			sa_seconds_left(newest));
}

static void print_session_flow(FILE *f, const struct flow *flow, const struct sas *sas,
			       bool detail)
{
	fputs("  IPSEC FLOW: ", f);
	print_permit(f, &flow->selector);
	fprintf(f, " \n        Active SAs: %u, origin: %scrypto map\n", count_sas(sas, flow),
		*flow->dynamic ? "dynamic " : "");
	if (!detail)
		return;
	fprintf(f, "        Inbound:  #pkts dec'ed %" PRIu64 " drop %" PRIu64 " ", flow->traffic.in_packets,
		flow->traffic.recv_errors);
	print_life(f, flow, sas, CRYPTO_MAP_SA_DIR_IN);
	fprintf(f, "        Outbound: #pkts enc'ed %" PRIu64 " drop %" PRIu64 " ",
		flow->traffic.out_packets, flow->traffic.send_errors);
	print_life(f, flow, sas, CRYPTO_MAP_SA_DIR_OUT);
}

/* IOS breaks the line between the ends of IPv6. */
static void print_isakmp(FILE *f, const struct isakmp_sa *sa, bool detail)
{
	bool six = strchr(sa->remote, ':');

	fputs("  Session ID: 0  \n", f);
	fprintf(f, "  IKEv1 SA: local %s/%u%sremote %s/%u %s \n", ip_shown(sa->local).s,
		sa->local_port, six ? "\n          " : " ", ip_shown(sa->remote).s,
		sa->remote_port, active(sa) ? "Active" : "Inactive");
	if (detail)
		fprintf(f, "          Capabilities:%s connid:%u lifetime:%s\n",
			*isakmp_capabilities(sa) ? isakmp_capabilities(sa) : "(none)",
			sa->conn_id, active(sa) ? time_text(sa->lifetime).s : "0");
}

/* The established ISAKMP SA of a session, or NULL. */
static const struct isakmp_sa *isakmp_of(const struct session *session)
{
	size_t i;

	for (i = 0; i < session->n_ikes; i++)
		if (serves(session, i) && active(session->ike[i].sa))
			return session->ike[i].sa;
	return NULL;
}

/*
 * Seconds that a session is up: it outlives the ISAKMP SAs that are replaced, and the SAs of
 * a flow. 0 when it is not.
 */
static uint64_t session_uptime(const struct session *session)
{
	const struct isakmp_sa *ike = isakmp_of(session);
	uint64_t uptime = ike ? ike->uptime : 0;
	size_t i;

	for (i = 0; i < session->n; i++)
		if (session->flow[i]->up_seconds > uptime)
			uptime = session->flow[i]->up_seconds;
	return uptime;
}

static bool is_up(const struct session *session)
{
	return session->isakmp_active || session->has_sas;
}

/* That of crypto isakmp peer, by the peer's address, else by the name that it is configured by; NULL without one. */
static const char *peer_description(const struct ios_config *cfg, const struct flow *flow)
{
	struct ios_id id = { .kind = IOS_ID_ADDRESS, .addr = flow->remote };
	const struct ios_isakmp_peer *peer;

	if (!cfg)
		return NULL;
	peer = ios_isakmp_peer_find(cfg, &id);
	if (peer || !*flow->peer_name)
		return peer ? peer->description : NULL;
	id.kind = IOS_ID_FQDN;
	snprintf(id.text, sizeof(id.text), "%s", flow->peer_name);
	peer = ios_isakmp_peer_find(cfg, &id);
	return peer ? peer->description : NULL;
}

/* Without an identity IOS has its two lines the other way round. */
static void print_peer_detail(FILE *f, const struct flow *flow, const struct isakmp_sa *sa,
			      const char *description)
{
	struct ip room;

	if (!description)
		description = "(none)";
	/* what is decrypted goes on where it came in */
	fprintf(f, "fvrf: %s ivrf: %s\n", flow_vrf(flow), flow_vrf(flow));
	if (sa && *sa->id)
		fprintf(f, "      Phase1_id: %s\n      Desc: %s\n", id_shown(sa->id, &room),
			description);
	else
		fprintf(f, "      Desc: %s\n      Phase1_id: (none)\n", description);
}

static const char *brief_status(const struct session *session)
{
	if (session->isakmp_active)
		return session->has_sas ? "UA" : "UI";
	if (session->has_sas)
		return "UK";
	return session->isakmp_inactive ? "DN" : "D";
}

static const char brief_columns[] =
	"Peer            I/F          Username        Group/Phase1_id          Uptime   Status\n";

/* Above the sessions of a VRF. */
static void print_brief_head(FILE *f, const char *vrf)
{
	fprintf(f, "ivrf = %s\n%s", vrf, brief_columns);
}

static void print_brief(FILE *f, const struct session *session)
{
	const struct isakmp_sa *sa = isakmp_of(session);
	char label[IOS_NAME_MAX + 1];
	struct ip room, id;

	ios_interface_short(session->flow[0]->label, label);
	fprintf(f, "%-15s %-12s %-15s %-24s %-8s %s\n", flow_peer(session->flow[0], &room),
		label, "", sa ? id_shown(sa->id, &id) : "",
		is_up(session) ? time_text(session_uptime(session)).s : "", brief_status(session));
}

static void print_session(FILE *f, const struct session *session, const struct sas *sas,
			  const struct ios_config *cfg, bool detail)
{
	const struct isakmp_sa *ike = isakmp_of(session);
	const struct flow *flow = session->flow[0];
	const char *status = status_of(session);
	struct ip room;
	size_t i;

	fprintf(f, "\nInterface: %s\n", flow->label);
	if (detail && is_up(session))
		fprintf(f, "Uptime: %s\n", time_text(session_uptime(session)).s);
	/* the blanks behind UP-ACTIVE, and no other word, are IOS's */
	fprintf(f, "Session status: %s%s\n", status, strcmp(status, "UP-ACTIVE") ? "" : "     ");
	fprintf(f, "Peer: %s port %u ", flow_peer(flow, &room), flow->remote_port);
	if (detail)
		print_peer_detail(f, flow, ike, peer_description(cfg, flow));
	else
		fputc('\n', f);
	for (i = 0; i < session->n_ikes; i++)
		if (serves(session, i))
			print_isakmp(f, session->ike[i].sa, detail);
	for (i = 0; i < session->n; i++)
		print_session_flow(f, session->flow[i], sas, detail);
}

static const char legend[] =
	"Code: C - IKE Configuration mode, D - Dead Peer Detection     \n"
	"K - Keepalives, N - NAT-traversal, T - cTCP encapsulation     \n"
	"X - IKE Extended Authentication, F - IKE Fragmentation\n"
	"R - IKE Auto Reconnect, U - IKE Dynamic Route Update\n"
	"S - SIP VPN\n";

static const char brief_legend[] =
	"Status: A- Active, U - Up, D - Down, I - Idle, S - Standby, N - Negotiating \n"
	"        K - No IKE\n";

void print_sessions(FILE *f, const struct flows *flows, const struct sas *sas,
		    const struct isakmp_sas *isakmp, const struct ios_config *cfg,
		    const struct ios_addr *peer, enum session_form form)
{
	const char *vrf = NULL;
	struct session session;
	struct sessions all;
	size_t i;

	sessions_init(&all, flows, sas, isakmp);
	if (form == SESSION_BRIEF)
		fputs(brief_legend, f);
	else
		fprintf(f, "Crypto session current status\n%s%s", form == SESSION_DETAIL ? "\n" : "",
			form == SESSION_DETAIL ? legend : "");
	for (i = 0; i < all.n; i += session.n) {
		session = session_of(&all, i);
		if (peer && !ios_addr_same(peer, &all.flow[i]->remote))
			continue;
		if (form == SESSION_BRIEF && (!vrf || strcmp(vrf, session.flow[0]->vrf))) {
			vrf = session.flow[0]->vrf;
			print_brief_head(f, flow_vrf(session.flow[0]));
		}
		if (form == SESSION_BRIEF)
			print_brief(f, &session);
		else
			print_session(f, &session, sas, cfg, form == SESSION_DETAIL);
	}
	if (form == SESSION_BRIEF && !vrf)
		print_brief_head(f, "(none)");
	sessions_free(&all);
}

/* ------------------------------------------------------------------------- JSON */

static json_t *json_isakmp(const struct isakmp_sa *sa)
{
	return json_pack("{s:I, s:o, s:i, s:s, s:i, s:b, s:s, s:I, s:I, s:b, s:b}", "conn-id",
			 (json_int_t)sa->conn_id, "local", json_shown(sa->local), "local-port",
			 sa->local_port, "remote", sa->remote, "remote-port", sa->remote_port,
			 "active", active(sa), "id", sa->id, "lifetime", (json_int_t)sa->lifetime,
			 "uptime", (json_int_t)sa->uptime, "dpd", sa->dpd, "nat", sa->nat);
}

static void json_life(json_t *value, const struct sa *newest, const char *seconds,
		      const char *kilobytes)
{
	if (newest && newest->hard_seconds)
		json_object_set_new(value, seconds, json_integer(sa_seconds_left(newest)));
	if (newest && newest->hard_bytes)
		json_object_set_new(value, kilobytes, json_integer(sa_kilobytes_left(newest)));
}

static json_t *json_session_flow(const struct flow *flow, const struct sas *sas)
{
	const struct selector *sel = &flow->selector;
	json_t *value;

	value = json_pack("{s:I, s:i, s:o, s:o, s:i, s:o, s:o, s:i, s:i, s:I, s:I, s:I, s:I}", "flow",
			  (json_int_t)flow->id, "protocol", sel->protocol, "local",
			  json_ip(&sel->local), "local-mask", json_mask(&sel->local_wild),
			  "local-port", sel->local_port, "remote", json_ip(&sel->remote),
			  "remote-mask", json_mask(&sel->remote_wild), "remote-port",
			  sel->remote_port, "active-sas", (int)count_sas(sas, flow), "encaps",
			  (json_int_t)flow->traffic.out_packets, "decaps",
			  (json_int_t)flow->traffic.in_packets, "send-errors",
			  (json_int_t)flow->traffic.send_errors, "recv-errors",
			  (json_int_t)flow->traffic.recv_errors);
	json_life(value, newest_sa(flow, sas, CRYPTO_MAP_SA_DIR_IN), "in-seconds-left",
		  "in-kilobytes-left");
	json_life(value, newest_sa(flow, sas, CRYPTO_MAP_SA_DIR_OUT), "out-seconds-left",
		  "out-kilobytes-left");
	if (*flow->dynamic)
		json_object_set_new(value, "dynamic-map", json_string(flow->dynamic));
	return value;
}

static json_t *json_session(const struct session *session, const struct sas *sas,
			    const struct ios_config *cfg)
{
	json_t *value, *flows = json_array(), *ikes = json_array();
	const struct flow *flow = session->flow[0];
	const char *description = peer_description(cfg, flow);
	size_t i;

	for (i = 0; i < session->n_ikes; i++)
		if (serves(session, i))
			json_array_append_new(ikes, json_isakmp(session->ike[i].sa));
	for (i = 0; i < session->n; i++)
		json_array_append_new(flows, json_session_flow(session->flow[i], sas));
	value = json_pack("{s:s, s:s, s:s, s:o, s:i, s:o, s:o}", "interface", flow->label, "device",
			  flow->ifname, "status", status_of(session), "peer",
			  json_ip(&flow->remote), "peer-port", flow->remote_port, "isakmp-sas", ikes,
			  "flows", flows);
	if (is_up(session))
		json_object_set_new(value, "uptime", json_integer(session_uptime(session)));
	if (*flow->vrf)
		json_object_set_new(value, "vrf", json_string(flow->vrf));
	if (*flow->peer_name)
		json_object_set_new(value, "peer-name", json_string(flow->peer_name));
	if (description)
		json_object_set_new(value, "description", json_string(description));
	return value;
}

json_t *json_sessions(const struct flows *flows, const struct sas *sas,
		      const struct isakmp_sas *isakmp, const struct ios_config *cfg,
		      const struct ios_addr *peer)
{
	json_t *list = json_array();
	struct session session;
	struct sessions all;
	size_t i;

	sessions_init(&all, flows, sas, isakmp);
	for (i = 0; i < all.n; i += session.n) {
		session = session_of(&all, i);
		if (peer && !ios_addr_same(peer, &all.flow[i]->remote))
			continue;
		json_array_append_new(list, json_session(&session, sas, cfg));
	}
	sessions_free(&all);
	return list;
}

void each_session(const struct flows *flows, const struct sas *sas,
		  const struct isakmp_sas *isakmp,
		  void (*fn)(const struct flow *flow, const char *status, void *data), void *data)
{
	struct session session;
	struct sessions all;
	size_t i;

	sessions_init(&all, flows, sas, isakmp);
	for (i = 0; i < all.n; i += session.n) {
		session = session_of(&all, i);
		fn(all.flow[i], status_of(&session), data);
	}
	sessions_free(&all);
}

int run_show_session(const struct args *args)
{
	struct ios_config *cfg = NULL;
	struct isakmp_sas isakmp = { 0 };
	struct flows flows = { 0 };
	struct sas sas = { 0 };
	int ret = REFUSED, err;
	const char *word = args_value(args, "ADDRESS");
	struct ios_addr addr, *peer = word && parse_address(word, &addr) ? &addr : NULL;
	struct nl *nl;

	nl = nl_open();
	if (!nl)
		return REFUSED;
	/* without a daemon there are SAs without phase 1, which is what is shown */
	err = ctl_isakmp_list(&isakmp, true);
	if ((!err || err == -ENOENT) && !kernel_flows(nl, &flows) && !kernel_sas(nl, &sas)) {
		ret = DONE;
		/* the state of the peers is shown with or without their descriptions */
		cfg = phase1_config();
		vrf_find(&flows);
		if (args->json)
			ret = json_out(args->out, json_sessions(&flows, &sas, &isakmp, cfg, peer));
		else
			print_sessions(args->out, &flows, &sas, &isakmp, cfg, peer,
				       args_has(args, "brief")  ? SESSION_BRIEF :
				       args_has(args, "detail") ? SESSION_DETAIL : SESSION_PLAIN);
	}
	free(flows.v);
	free(sas.v);
	free(isakmp.v);
	ios_free(cfg);
	nl_close(nl);
	return ret;
}
