// SPDX-License-Identifier: GPL-2.0-only
/* ESP outbound: room, headers, trailer, sequence number, encryption. */

#include <crypto/aead.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/random.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/esp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/sock.h>

#include "aead.h"
#include "drop.h"
#include "esp_output.h"
#include "flow.h"
#include "net.h"
#include "output.h"
#include "pkt.h"
#include "sa.h"

/**
 * struct cmap_esp_out - shape of one outbound ESP packet
 * @hdr: bytes before the ESP header: outer IP header and UDP header
 * @plain: bytes to be encrypted, without trailer
 * @tfc: bytes of @plain that are padding for traffic flow confidentiality
 * @trailer: bytes of padding, pad length and next header
 * @prev: transport mode, offset in the IP header of the byte that tells what
 *	follows it
 * @next: next header
 * @family: AF_INET or AF_INET6, of the packet
 */
struct cmap_esp_out {
	unsigned int	hdr;
	unsigned int	plain;
	unsigned int	tfc;
	unsigned int	trailer;
	unsigned int	prev;
	u8		next;
	u16		family;
};

/* IP headers before ESP in transport mode (RFC 4303 3.1.1), known to be valid. */
static void cmap_esp_out_split(struct sk_buff *skb, struct cmap_esp_out *o)
{
	u8 *prev;

	if (o->family == AF_INET) {
		o->hdr = ip_hdrlen(skb);
		prev = &ip_hdr(skb)->protocol;
	} else {
		o->hdr = ip6_find_1stfragopt(skb, &prev);
	}
	o->prev = prev - skb_network_header(skb);
	o->next = *prev;
}

/*
 * Padding that hides the size of a packet (RFC 4303 2.7), but makes none larger
 * than what fits the path. Only in tunnel mode, where the inner header tells what
 * of it is the packet.
 */
static unsigned int cmap_esp_out_tfc(const struct cmap_sa *sa,
				     struct dst_entry *dst, unsigned int len)
{
	u32 to;

	if (likely(!sa->tfc_pad))
		return 0;
	to = min(sa->tfc_pad, cmap_output_plain_mtu(sa, dst_mtu(dst)));
	return to > len ? to - len : 0;
}

static void cmap_esp_out_shape(const struct cmap_sa *sa, struct dst_entry *dst,
			       struct sk_buff *skb, struct cmap_esp_out *o)
{
	o->family = cmap_skb_family(skb);
	o->prev = 0;
	o->tfc = 0;
	if (sa->mode == CRYPTO_MAP_MODE_TUNNEL) {
		o->hdr = sa->family == AF_INET ? sizeof(struct iphdr) :
						 sizeof(struct ipv6hdr);
		o->tfc = cmap_esp_out_tfc(sa, dst, skb->len);
		o->plain = skb->len + o->tfc;
		o->next = o->family == AF_INET ? IPPROTO_IPIP : IPPROTO_IPV6;
	} else {
		cmap_esp_out_split(skb, o);
		o->plain = skb->len - o->hdr;
	}
	if (sa->encap_dport)
		o->hdr += sizeof(struct udphdr);
	o->trailer = ALIGN(o->plain + 2, sa->alg.block) - o->plain;
}

/* Whether the length fields of IP can tell how long the outer packet is. */
static bool cmap_esp_out_countable(const struct cmap_sa *sa,
				   const struct cmap_esp_out *o)
{
	unsigned int len = o->hdr + sizeof(struct ip_esp_hdr) + sa->alg.iv +
			   o->plain + o->trailer + sa->alg.icv;

	/* in IPv6 the header itself does not count */
	if (sa->family == AF_INET6)
		len -= sizeof(struct ipv6hdr);
	return len <= U16_MAX;
}

/*
 * Let a copy take the place of a packet in its socket's send buffer, so that
 * the socket goes on seeing how much of its data is queued below.
 */
static void cmap_skb_take_owner(struct sk_buff *to, struct sk_buff *from)
{
	struct sock *sk = from->sk;
	int delta;

	if (!sk || !sk_fullsock(sk) || !from->destructor)
		return;
	swap(to->sk, from->sk);
	swap(to->destructor, from->destructor);
	delta = to->truesize - from->truesize;
	if (delta >= 0)
		refcount_add(delta, &sk->sk_wmem_alloc);
	else
		WARN_ON_ONCE(refcount_sub_and_test(-delta, &sk->sk_wmem_alloc));
}

/*
 * A linear packet that nobody else looks at, with room before and behind:
 * the packet itself if it is one, else a copy. Its fragments may belong to
 * TCP's retransmit queue or the page cache, so they are never encrypted in
 * place. NULL without memory; then the packet is still the caller's.
 */
static struct sk_buff *cmap_esp_out_room(struct sk_buff *skb, unsigned int head,
					 unsigned int tail)
{
	struct sk_buff *copy;

	if (!skb_cloned(skb) && !skb_is_nonlinear(skb) &&
	    skb_headroom(skb) >= head && skb_tailroom(skb) >= tail)
		return skb;

	copy = skb_copy_expand(skb, head, tail, GFP_ATOMIC);
	if (!copy)
		return NULL;
	cmap_skb_take_owner(copy, skb);
	consume_skb(skb);
	return copy;
}

/**
 * struct cmap_inner - what the outer header takes from the inner one
 * @tos: traffic class
 * @df: it must not be fragmented
 * @flow_label: of IPv6, network byte order, else 0
 */
struct cmap_inner {
	u8	tos;
	bool	df;
	__be32	flow_label;
};

static void cmap_esp_out_inner(const struct sk_buff *skb, u16 family,
			       struct cmap_inner *inner)
{
	if (family == AF_INET) {
		inner->tos = ip_hdr(skb)->tos;
		inner->df = ip_hdr(skb)->frag_off & htons(IP_DF);
		inner->flow_label = 0;
	} else {
		inner->tos = ipv6_get_dsfield(ipv6_hdr(skb));
		inner->df = true;
		inner->flow_label = ip6_flowlabel(ipv6_hdr(skb));
	}
}

static u8 cmap_esp_out_proto(const struct cmap_sa *sa)
{
	return sa->encap_dport ? IPPROTO_UDP : IPPROTO_ESP;
}

/* IPv6 packets count as having DF set: nobody on their way fragments them. */
static bool cmap_esp_out_df(const struct cmap_inner *inner, u8 df_bit)
{
	switch (df_bit) {
	case CRYPTO_MAP_DF_BIT_SET:
		return true;
	case CRYPTO_MAP_DF_BIT_CLEAR:
		return false;
	}
	return inner->df;
}

/* Outer header of tunnel mode: RFC 4301 5.1.2; ECN copied, RFC 6040 4.1. */
static void cmap_esp_out_tunnel4(const struct cmap_sa *sa,
				 struct dst_entry *dst, u8 df_bit,
				 struct sk_buff *skb,
				 const struct cmap_inner *inner)
{
	struct iphdr *iph = ip_hdr(skb);

	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = inner->tos;
	iph->protocol = cmap_esp_out_proto(sa);	/* before the ID is chosen */
	iph->ttl = ip4_dst_hoplimit(dst);
	iph->saddr = sa->local.ip4;
	iph->daddr = sa->remote.ip4;
	if (cmap_esp_out_df(inner, df_bit)) {
		iph->frag_off = htons(IP_DF);
		iph->id = 0;	/* RFC 6864: an atomic datagram needs none */
	} else {
		iph->frag_off = 0;
		__ip_select_ident(sa->cn->net, iph, 1);
	}
}

static void cmap_esp_out_tunnel6(const struct cmap_sa *sa,
				 struct dst_entry *dst, struct sk_buff *skb,
				 const struct cmap_inner *inner)
{
	struct ipv6hdr *iph = ipv6_hdr(skb);

	ip6_flow_hdr(iph, inner->tos, inner->flow_label);
	iph->nexthdr = cmap_esp_out_proto(sa);
	iph->hop_limit = ip6_dst_hoplimit(dst);
	memcpy(&iph->saddr, &sa->local, sizeof(iph->saddr));
	memcpy(&iph->daddr, &sa->remote, sizeof(iph->daddr));
}

/* Outer header of transport mode: the packet's own, but for the DF policy. */
static void cmap_esp_out_transport4(const struct cmap_sa *sa, u8 df_bit,
				    const struct cmap_inner *inner,
				    struct iphdr *iph)
{
	bool df = cmap_esp_out_df(inner, df_bit);

	if (df == inner->df)
		return;
	iph->frag_off ^= htons(IP_DF);
	if (!df)
		__ip_select_ident(sa->cn->net, iph, 1);
}

/*
 * UDP header of RFC 3948; the checksum is zero there, but IPv6 wants one, which
 * takes the whole packet.
 */
static void cmap_esp_out_udp(const struct cmap_sa *sa, struct sk_buff *skb,
			     unsigned int at)
{
	struct udphdr *uh = (struct udphdr *)(skb->data + at);

	uh->source = READ_ONCE(sa->encap_sport);
	uh->dest = READ_ONCE(sa->encap_dport);
	uh->len = htons(skb->len - at);
	uh->check = 0;
}

/*
 * Turn the packet into [outer IP header][UDP][ESP header][IV][plaintext][TFC
 * padding][trailer][room for the ICV], all but sequence number and IV filled in.
 */
static void cmap_esp_out_build(const struct cmap_sa *sa, struct dst_entry *dst,
			       u8 df_bit, const struct cmap_esp_out *o,
			       struct sk_buff *skb)
{
	unsigned int esp_len = sizeof(struct ip_esp_hdr) + sa->alg.iv;
	unsigned int ip_len = o->hdr;
	struct cmap_inner inner;
	struct ip_esp_hdr *esp;
	u8 *tail, *iph, i;

	tail = skb_put(skb, o->tfc + o->trailer + sa->alg.icv);
	memset(tail, 0, o->tfc);
	tail += o->tfc;
	for (i = 0; i < o->trailer - 2; i++)
		tail[i] = i + 1;	/* RFC 4303 2.4 */
	tail[i++] = o->trailer - 2;
	tail[i] = o->next;

	if (sa->encap_dport)
		ip_len -= sizeof(struct udphdr);
	cmap_esp_out_inner(skb, o->family, &inner);
	if (sa->mode == CRYPTO_MAP_MODE_TUNNEL) {
		skb_push(skb, o->hdr + esp_len);
		skb_reset_network_header(skb);
		if (sa->family == AF_INET)
			cmap_esp_out_tunnel4(sa, dst, df_bit, skb, &inner);
		else
			cmap_esp_out_tunnel6(sa, dst, skb, &inner);
	} else {
		iph = skb_network_header(skb);
		skb_push(skb, o->hdr - ip_len + esp_len);
		memmove(skb->data, iph, ip_len);
		skb_reset_network_header(skb);
		skb_network_header(skb)[o->prev] = cmap_esp_out_proto(sa);
		if (sa->family == AF_INET)
			cmap_esp_out_transport4(sa, df_bit, &inner,
						ip_hdr(skb));
	}

	skb_set_transport_header(skb, ip_len);
	if (sa->encap_dport)
		cmap_esp_out_udp(sa, skb, ip_len);
	esp = (struct ip_esp_hdr *)(skb->data + o->hdr);
	esp->spi = htonl(sa->spi);
}

/* The packet as the stack sees it: ours, and nothing left of the inner one. */
static void cmap_esp_out_metadata(const struct cmap_sa *sa, struct sk_buff *skb,
				  struct dst_entry *dst)
{
	skb_dst_drop(skb);
	dst_hold(dst);
	skb_dst_set(skb, dst);
	skb->protocol = sa->family == AF_INET ? htons(ETH_P_IP) :
						htons(ETH_P_IPV6);
	skb->ip_summed = CHECKSUM_NONE;
	skb->encapsulation = 0;
	skb->inner_protocol = 0;
	skb->ignore_df = 0;
	skb_reset_inner_headers(skb);
}

/*
 * IV into the packet and the request. CBC wants it unpredictable; counter modes
 * want it unique, which the sequence number is, and the salt also keeps SAs of
 * one manual key apart.
 */
static void cmap_esp_out_iv(const struct cmap_sa *sa, struct cmap_req *req,
			    u8 *iv, u64 seq)
{
	u64 word;
	u8 i;

	for (i = 0; i < sa->alg.iv; i += sizeof(word)) {
		word = sa->alg.random_iv ? get_random_u64() :
		       sa->iv_salt ^ (__force u64)cpu_to_be64(seq);
		memcpy(iv + i, &word, sizeof(word));
	}
	memcpy(req->iv, iv, sa->alg.iv);
}

/* The checksum that UDP over IPv6 has to have, once all is encrypted. */
static void cmap_esp_out_udp6_sum(struct sk_buff *skb)
{
	unsigned int off = skb_transport_offset(skb), len = skb->len - off;
	const struct ipv6hdr *iph = ipv6_hdr(skb);
	struct udphdr *uh = udp_hdr(skb);

	uh->check = csum_ipv6_magic(&iph->saddr, &iph->daddr, len, IPPROTO_UDP,
				    skb_checksum(skb, off, len, 0));
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
}

/* The end of encryption, synchronous or not. Consumes the request. */
static void cmap_esp_out_done(struct cmap_req *req, int err)
{
	struct cmap_sa *sa = req->sa;
	struct sk_buff *skb = req->skb;
	u64 seq = req->seq;

	cmap_req_remove_seqhi(req);
	cmap_req_free(req);
	if (likely(!err)) {
		if (sa->family == AF_INET6 && sa->encap_dport)
			cmap_esp_out_udp6_sum(skb);
		cmap_output_xmit(sa->cn->net, skb, sa->family);
	} else {
		cmap_drop_sa(sa, skb, err == -ENOSPC ?
			     CRYPTO_MAP_DROP_REASON_OUT_CRYPTO_BUSY :
			     CRYPTO_MAP_DROP_REASON_OUT_CRYPTO_ERROR, seq);
	}
	cmap_sa_put(sa);
}

CMAP_AEAD_COMPLETION(cmap_esp_out_complete, cmap_esp_out_done);

static void cmap_esp_out_encrypt(struct cmap_sa *sa, struct cmap_req *req,
				 const struct cmap_esp_out *o,
				 struct sk_buff *skb)
{
	unsigned int spare = cmap_alg_spare(&sa->alg);
	int err;

	req->skb = skb;
	sg_init_one(req->sg, skb->data + o->hdr - spare,
		    skb->len - o->hdr + spare);
	aead_request_set_callback(req->aead, 0, cmap_esp_out_complete, req);
	cmap_req_set_crypt(req, &sa->alg, o->plain + o->trailer);

	err = crypto_aead_encrypt(req->aead);
	if (err != -EINPROGRESS)
		cmap_esp_out_done(req, err);
}

void cmap_esp_output(struct cmap_sa *sa, struct dst_entry *dst, u8 df_bit,
		     struct sk_buff *skb)
{
	unsigned int inner_len = skb->len;
	struct ip_esp_hdr *esp;
	struct cmap_esp_out o;
	struct sk_buff *room;
	struct cmap_req *req;
	int drop;
	u64 seq;

	cmap_esp_out_shape(sa, dst, skb, &o);
	if (!cmap_esp_out_countable(sa, &o)) {
		cmap_drop_sa(sa, skb, CRYPTO_MAP_DROP_REASON_TOO_BIG, 0);
		return;
	}
	req = cmap_req_alloc(sa->tfm, 1);
	if (!req) {
		cmap_drop_sa(sa, skb, CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY, 0);
		return;
	}
	room = cmap_esp_out_room(skb, LL_RESERVED_SPACE(dst->dev) + o.hdr +
				 sizeof(*esp) + sa->alg.iv,
				 o.tfc + o.trailer + sa->alg.icv);
	drop = CRYPTO_MAP_DROP_REASON_OUT_NO_MEMORY;
	if (!room)
		goto free_drop;
	skb = room;

	/* found under RCU: it may have been removed since */
	drop = CRYPTO_MAP_DROP_REASON_OUT_SA_EXPIRED;
	if (!cmap_sa_get_rcu(sa))
		goto free_drop;
	/* last: from here on only the crypto API can fail */
	drop = cmap_sa_account_out(sa, inner_len, &seq);
	if (drop >= 0)
		goto put_sa;
	req->sa = sa;
	req->seq = seq;

	cmap_esp_out_build(sa, dst, df_bit, &o, skb);
	cmap_esp_out_metadata(sa, skb, dst);
	esp = (struct ip_esp_hdr *)(skb->data + o.hdr);
	esp->seq_no = htonl((u32)seq);
	cmap_esp_out_iv(sa, req, esp->enc_data, seq);
	if (sa->alg.esn)
		cmap_req_insert_seqhi(req, esp, seq >> 32);
	cmap_esp_out_encrypt(sa, req, &o, skb);
	return;

put_sa:
	cmap_sa_put(sa);	/* RCU keeps it for the count of the drop */
free_drop:
	cmap_req_free(req);
	cmap_drop_sa(sa, skb, drop, 0);
}
