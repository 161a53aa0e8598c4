/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_identities.h"

#include <asn1/asn1.h>
#include <credentials/certificates/x509.h>

#include <limits.h>
#include <unistd.h>

/**
 * See header.
 */
struct ios_addr kernel_cryptomap_addr(host_t *host)
{
	struct ios_addr addr = { .family = host->get_family(host) };
	chunk_t bytes = host->get_address(host);

	memcpy(addr.bytes, bytes.ptr, min(bytes.len, sizeof(addr.bytes)));
	return addr;
}

/**
 * See header.
 */
struct ios_id kernel_cryptomap_id(identification_t *identity)
{
	struct ios_id id = { .kind = IOS_ID_OTHER };
	chunk_t text = identity->get_encoding(identity);

	switch (identity->get_type(identity))
	{
		case ID_IPV4_ADDR:
		case ID_IPV6_ADDR:
			id.kind = IOS_ID_ADDRESS;
			id.addr.family = text.len == 4 ? AF_INET : AF_INET6;
			memcpy(id.addr.bytes, text.ptr,
				   min(text.len, sizeof(id.addr.bytes)));
			return id;
		case ID_FQDN:
			id.kind = IOS_ID_FQDN;
			break;
		case ID_RFC822_ADDR:
			id.kind = IOS_ID_USER;
			break;
		case ID_KEY_ID:
			id.kind = IOS_ID_GROUP;
			break;
		default:
			return id;
	}
	if (text.len > IOS_HOST_MAX || memchr(text.ptr, 0, text.len))
	{
		id.kind = IOS_ID_OTHER;
		return id;
	}
	memcpy(id.text, text.ptr, text.len);
	return id;
}

/**
 * See header.
 */
identification_t *kernel_cryptomap_identity(const struct ios_id *id,
											host_t *local)
{
	char name[HOST_NAME_MAX + 1] = "";
	const char *text = id->text;
	id_type_t type = ID_FQDN;

	switch (id->kind)
	{
		case IOS_ID_ADDRESS:
			if (!id->addr.family)
			{
				return identification_create_from_sockaddr(
												local->get_sockaddr(local));
			}
			return identification_create_from_encoding(
						id->addr.family == AF_INET6 ? ID_IPV6_ADDR :
													  ID_IPV4_ADDR,
						chunk_create((u_char*)id->addr.bytes,
									 id->addr.family == AF_INET6 ? 16 : 4));
		case IOS_ID_USER:
			type = ID_RFC822_ADDR;
			break;
		case IOS_ID_FQDN:
			if (!*text && gethostname(name, sizeof(name) - 1) == 0)
			{
				text = name;
			}
			break;
		default:
			break;
	}
	return *text ? identification_create_from_encoding(type,
										chunk_from_str((char*)text)) : NULL;
}

/**
 * Count the attributes of a distinguished name.
 */
static u_int count_attributes(identification_t *dn)
{
	chunk_t rdns, rest = dn->get_encoding(dn), rdn, attribute;
	u_int count = 0;

	if (asn1_unwrap(&rest, &rdns) != ASN1_SEQUENCE)
	{
		return 0;
	}
	while (asn1_unwrap(&rdns, &rdn) == ASN1_SET)
	{
		while (asn1_unwrap(&rdn, &attribute) == ASN1_SEQUENCE)
		{
			count++;
		}
	}
	return count;
}

/**
 * Count a character of a text.
 */
static u_int count_chars(const char *text, char c)
{
	u_int count = 0;

	for (; *text; text++)
	{
		count += *text == c;
	}
	return count;
}

/**
 * Write a distinguished name as text.
 *
 * @return				FALSE if it is too long, or a value has a comma or an equals sign
 *						in it, by which it could pass for several attributes
 */
static bool write_dn(identification_t *dn, char buf[BUF_LEN])
{
	u_int count = count_attributes(dn);

	return snprintf(buf, BUF_LEN, "%Y", dn) < BUF_LEN &&
		   count_chars(buf, ',') == (count ?: 1) - 1 &&
		   count_chars(buf, '=') == count;
}

/**
 * See header.
 */
struct ios_cert_names *kernel_cryptomap_cert_names_get(certificate_t *cert,
											kernel_cryptomap_cert_names_t *buf)
{
	x509_t *x509 = (x509_t*)cert;
	identification_t *id;
	enumerator_t *enumerator;
	chunk_t serial;
	bool fits;
	char *text;

	*buf = (kernel_cryptomap_cert_names_t){};
	if (!cert || cert->get_type(cert) != CERT_X509)
	{
		return NULL;
	}
	serial = x509->get_serial(x509);
	fits = write_dn(cert->get_subject(cert), buf->subject) &&
		   write_dn(cert->get_issuer(cert), buf->issuer) &&
		   serial.len < sizeof(buf->serial) / 2;
	if (fits)
	{
		chunk_to_hex(serial, buf->serial, FALSE);
	}
	enumerator = x509->create_subjectAltName_enumerator(x509);
	while (fits && enumerator->enumerate(enumerator, &id))
	{
		fits = buf->names.n_alt < KERNEL_CRYPTOMAP_CERT_NAMES_MAX &&
			   asprintf(&text, "%Y", id) >= 0;
		if (fits)
		{
			buf->alt[buf->names.n_alt++] = text;
		}
	}
	enumerator->destroy(enumerator);
	buf->names.subject = buf->subject;
	buf->names.issuer = buf->issuer;
	buf->names.serial = buf->serial;
	buf->names.alt = (const char *const*)buf->alt;
	return fits ? &buf->names : NULL;
}

/**
 * See header.
 */
void kernel_cryptomap_cert_names_free(kernel_cryptomap_cert_names_t *buf)
{
	size_t i;

	for (i = 0; i < buf->names.n_alt; i++)
	{
		free(buf->alt[i]);
	}
}
