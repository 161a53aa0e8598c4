// SPDX-License-Identifier: GPL-2.0-only
/* ESP inbound: replay, decryption, trailer, inner packet. */

#include <crypto/aead.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/dsfield.h>
#include <net/esp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "aead.h"
#include "drop.h"
#include "esp_input.h"
#include "flow.h"
#include "natt.h"
#include "net.h"
#include "pkt.h"
#include "policy.h"
#include "reasm.h"
#include "reinject.h"
#include "sa.h"

/* Bytes between IV and ICV. */
static unsigned int cmap_esp_in_crypt(const struct cmap_sa *sa,
				      const struct sk_buff *skb)
{
	return skb->len - sizeof(struct ip_esp_hdr) - sa->alg.iv - sa->alg.icv;
}

static bool cmap_esp_in_length_ok(const struct cmap_sa *sa,
				  const struct sk_buff *skb)
{
	unsigned int crypt;

	if (skb->len < sizeof(struct ip_esp_hdr) + sa->alg.iv + sa->alg.icv)
		return false;
	crypt = cmap_esp_in_crypt(sa, skb);
	return crypt >= sa->alg.block && !(crypt % sa->alg.block);
}

/**
 * struct cmap_esp_trailer - end of a decrypted packet
 * @plain: bytes before padding; 0 if the padding is longer than the packet
 * @next: next header
 * @valid: the padding is 1, 2, 3, ... (RFC 4303 2.4)
 */
struct cmap_esp_trailer {
	unsigned int	plain;
	u8		next;
	bool		valid;
};

static void cmap_esp_in_trailer(const struct cmap_sa *sa,
				const struct sk_buff *skb,
				struct cmap_esp_trailer *t)
{
	unsigned int crypt = cmap_esp_in_crypt(sa, skb);
	unsigned int end = skb->len - sa->alg.icv;
	u8 pad[255], tail[2], i;

	t->plain = 0;
	t->valid = false;
	if (skb_copy_bits(skb, end - 2, tail, 2))
		return;
	t->next = tail[1];
	if (tail[0] + 2u > crypt ||
	    skb_copy_bits(skb, end - 2 - tail[0], pad, tail[0]))
		return;
	t->plain = crypt - 2 - tail[0];
	for (i = 0; i < tail[0]; i++)
		if (pad[i] != i + 1)
			return;
	t->valid = true;
}

/* Header of the inner packet at skb->data, linear after this. */
static bool cmap_esp_in_header4(struct sk_buff *skb)
{
	const struct iphdr *iph;

	if (!pskb_may_pull(skb, sizeof(*iph)))
		return false;
	iph = (const struct iphdr *)skb->data;
	return iph->version == 4 && iph->ihl >= 5 &&
	       ntohs(iph->tot_len) >= iph->ihl * 4 &&
	       ntohs(iph->tot_len) <= skb->len &&
	       pskb_may_pull(skb, iph->ihl * 4);
}

static bool cmap_esp_in_header6(struct sk_buff *skb)
{
	const struct ipv6hdr *iph;

	if (!pskb_may_pull(skb, sizeof(*iph)))
		return false;
	iph = (const struct ipv6hdr *)skb->data;
	return iph->version == 6 &&
	       ntohs(iph->payload_len) + sizeof(*iph) <= skb->len;
}

/* Return: -1, or why the packet that was in the tunnel cannot be used. */
static int cmap_esp_in_tunnel(struct cmap_sa *sa, struct sk_buff *skb, u8 next)
{
	u8 outer_tos, inner_tos;
	bool ok;

	if (next != (sa->sel.family == AF_INET ? IPPROTO_IPIP : IPPROTO_IPV6))
		return CRYPTO_MAP_DROP_REASON_BAD_NEXT_HEADER;
	outer_tos = sa->family == AF_INET ? ip_hdr(skb)->tos :
					    ipv6_get_dsfield(ipv6_hdr(skb));

	__skb_pull(skb, sizeof(struct ip_esp_hdr) + sa->alg.iv);
	ok = next == IPPROTO_IPIP ? cmap_esp_in_header4(skb) :
				    cmap_esp_in_header6(skb);
	if (!ok)
		return CRYPTO_MAP_DROP_REASON_BAD_INNER;
	skb_reset_network_header(skb);
	skb_reset_transport_header(skb);
	if (next == IPPROTO_IPIP) {
		skb->protocol = htons(ETH_P_IP);
		inner_tos = ip_hdr(skb)->tos;
	} else {
		skb->protocol = htons(ETH_P_IPV6);
		inner_tos = ipv6_get_dsfield(ipv6_hdr(skb));
	}
	if (INET_ECN_decapsulate(skb, outer_tos, inner_tos) > 1)
		return CRYPTO_MAP_DROP_REASON_ECN;
	return -1;
}

/*
 * Move the IP headers up to the payload, so that they are those of the inner
 * packet. ESP does not authenticate them: the source has to be the peer.
 *
 * Return: -1, or why the packet cannot be used.
 */
static int cmap_esp_in_transport(struct cmap_sa *sa, struct sk_buff *skb,
				 u8 next)
{
	union cmap_addr saddr, daddr;
	unsigned int ip_len = skb_network_header_len(skb);
	unsigned int prev = IP6CB(skb)->nhoff;
	struct iphdr *iph;

	cmap_skb_addrs(skb, sa->family, &saddr, &daddr);
	if (!cmap_sa_addr_equal(sa->family, &saddr, &sa->remote))
		return CRYPTO_MAP_DROP_REASON_SELECTOR_MISMATCH;

	if (sa->encap_dport)
		ip_len -= sizeof(struct udphdr);
	__skb_pull(skb, sizeof(struct ip_esp_hdr) + sa->alg.iv);
	memmove(skb->data - ip_len, skb_network_header(skb), ip_len);
	skb_reset_transport_header(skb);
	__skb_push(skb, ip_len);
	skb_reset_network_header(skb);
	if (sa->family == AF_INET) {
		iph = ip_hdr(skb);
		iph->protocol = next;
		iph->tot_len = htons(skb->len);
		ip_send_check(iph);
	} else {
		skb_network_header(skb)[prev] = next;
		ipv6_hdr(skb)->payload_len =
			htons(skb->len - sizeof(struct ipv6hdr));
	}
	return -1;
}

/* An authenticated packet. Consumes it. */
static void cmap_esp_in_deliver(struct cmap_sa *sa, struct sk_buff *skb,
				u64 seq)
{
	struct cmap_esp_trailer t;
	bool newest, checked;
	int drop;

	cmap_esp_in_trailer(sa, skb, &t);
	drop = cmap_sa_account_in(sa, seq, t.plain, &newest);
	if (drop < 0 && newest && sa->encap_dport)
		cmap_natt_seen(sa, skb);
	if (drop < 0 && !t.valid)
		drop = CRYPTO_MAP_DROP_REASON_BAD_PADDING;
	if (drop < 0 && t.next == IPPROTO_NONE)
		drop = CRYPTO_MAP_DROP_REASON_DUMMY;
	if (drop >= 0)
		goto drop;

	/* only ever shortens, so it cannot fail but for want of memory */
	if (pskb_trim(skb, sizeof(struct ip_esp_hdr) + sa->alg.iv + t.plain)) {
		drop = CRYPTO_MAP_DROP_REASON_IN_NO_MEMORY;
		goto drop;
	}
	if (sa->mode == CRYPTO_MAP_MODE_TUNNEL)
		drop = cmap_esp_in_tunnel(sa, skb, t.next);
	else
		drop = cmap_esp_in_transport(sa, skb, t.next);
	if (drop >= 0)
		goto drop;
	if (cmap_reasm(sa, skb))
		return;
	drop = cmap_policy_check_inner(sa, skb);
	if (drop >= 0)
		goto drop;

	checked = sa->mode == CRYPTO_MAP_MODE_TRANSPORT && sa->encap_dport &&
		  cmap_natt_checksum(skb);
	if (!cmap_reinject(skb, checked))
		cmap_drop_sa(sa, NULL, CRYPTO_MAP_DROP_REASON_RECEIVE_QUEUE,
			     seq);
	return;

drop:
	cmap_drop_sa(sa, skb, drop, seq);
}

/* The end of decryption, synchronous or not. Consumes the request. */
static void cmap_esp_in_done(struct cmap_req *req, int err)
{
	struct net_device *dev = req->dev;
	struct sk_buff *skb = req->skb;
	struct cmap_sa *sa = req->sa;
	u64 seq = req->seq;

	cmap_req_remove_seqhi(req);
	cmap_req_free(req);
	__skb_pull(skb, cmap_alg_spare(&sa->alg));
	if (likely(!err))
		cmap_esp_in_deliver(sa, skb, seq);
	else if (err == -EBADMSG)
		cmap_drop_sa(sa, skb, CRYPTO_MAP_DROP_REASON_AUTH_FAILED, seq);
	else
		cmap_drop_sa(sa, skb, err == -ENOSPC ?
			     CRYPTO_MAP_DROP_REASON_IN_CRYPTO_BUSY :
			     CRYPTO_MAP_DROP_REASON_IN_CRYPTO_ERROR, seq);
	dev_put(dev);
	cmap_sa_put(sa);
}

CMAP_AEAD_COMPLETION(cmap_esp_in_complete, cmap_esp_in_done);

/*
 * Make the packet ours to decrypt in place.
 *
 * Return: scatterlist entries that it needs, or a negative error.
 */
static int cmap_esp_in_writable(struct sk_buff *skb)
{
	struct sk_buff *trailer;

	if (!skb_cloned(skb)) {
		if (!skb_is_nonlinear(skb))
			return 1;
		if (!skb_has_frag_list(skb) && !skb_has_shared_frag(skb))
			return skb_shinfo(skb)->nr_frags + 1;
	}
	return skb_cow_data(skb, 0, &trailer);
}

void cmap_esp_input(struct cmap_sa *sa, struct sk_buff *skb)
{
	unsigned int ad = sizeof(struct ip_esp_hdr) + sa->alg.iv;
	enum crypto_map_drop_reason reason;
	enum cmap_replay_result replay;
	struct ip_esp_hdr *esp;
	unsigned int spare = cmap_alg_spare(&sa->alg);
	struct cmap_req *req;
	int nents, err;
	u64 seq = 0;

	reason = CRYPTO_MAP_DROP_REASON_BAD_LENGTH;
	if (!cmap_esp_in_length_ok(sa, skb) || !pskb_may_pull(skb, ad))
		goto drop;

	esp = (struct ip_esp_hdr *)skb->data;
	seq = ntohl(esp->seq_no);
	if (sa->alg.esn)
		seq = cmap_replay_extend(sa->replay, seq);
	replay = cmap_replay_check(sa->replay, seq);
	if (replay != CMAP_REPLAY_OK) {
		reason = replay == CMAP_REPLAY_ZERO ?
			 CRYPTO_MAP_DROP_REASON_ZERO_SEQUENCE :
			 CRYPTO_MAP_DROP_REASON_REPLAY;
		goto drop;
	}

	reason = CRYPTO_MAP_DROP_REASON_IN_NO_MEMORY;
	nents = cmap_esp_in_writable(skb);
	if (nents < 0)
		goto drop;
	req = cmap_req_alloc(sa->tfm, nents);
	if (!req)
		goto drop;
	sg_init_table(req->sg, nents);
	__skb_push(skb, spare);		/* into the IP or UDP header */
	if (skb_to_sgvec(skb, req->sg, 0, skb->len) < 0) {
		__skb_pull(skb, spare);
		cmap_req_free(req);
		goto drop;
	}

	/* found under RCU: it may have been removed since */
	if (!cmap_sa_get_rcu(sa)) {
		__skb_pull(skb, spare);
		cmap_req_free(req);
		reason = CRYPTO_MAP_DROP_REASON_IN_SA_EXPIRED;
		goto drop;
	}
	req->sa = sa;
	req->skb = skb;
	dev_hold(skb->dev);
	req->dev = skb->dev;
	req->seq = seq;
	memcpy(req->iv, skb->data + spare + sizeof(*esp), sa->alg.iv);
	if (spare)
		cmap_req_insert_seqhi(req, skb->data + spare, seq >> 32);
	aead_request_set_callback(req->aead, 0, cmap_esp_in_complete, req);
	cmap_req_set_crypt(req, &sa->alg, skb->len - spare - ad);

	err = crypto_aead_decrypt(req->aead);
	if (err != -EINPROGRESS)
		cmap_esp_in_done(req, err);
	return;

drop:
	cmap_drop_sa(sa, skb, reason, seq);
}
