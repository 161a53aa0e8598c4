/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel_cryptomap_pki.h"

#include <library.h>
#include <credentials/certificates/x509.h>
#include <credentials/containers/pkcs12.h>
#include <utils/debug.h>

#include <time.h>

/** What a part of a text in PEM begins with, and a certificate */
#define PEM_BEGIN "-----BEGIN"
#define PEM_CERTIFICATE "-----BEGIN CERTIFICATE"

typedef struct private_kernel_cryptomap_pki_t private_kernel_cryptomap_pki_t;

/**
 * What is known by a trustpoint.
 */
typedef struct {
	/** its name */
	char *name;
	/** certificate of this side, NULL for none */
	certificate_t *cert;
	/** certificates of CAs that are trusted, certificate_t */
	linked_list_t *cas;
	/** other certificates, certificate_t: may be of CAs between the two */
	linked_list_t *others;
	/** private key, NULL for none */
	private_key_t *key;
} trustpoint_t;

struct private_kernel_cryptomap_pki_t {

	/**
	 * Public interface.
	 */
	kernel_cryptomap_pki_t public;

	/**
	 * Trustpoints, trustpoint_t.
	 */
	linked_list_t *trustpoints;
};

/**
 * Add a warning about a trustpoint.
 */
static void warn(linked_list_t *warnings, trustpoint_t *point, const char *file,
				 const char *what)
{
	char *text;

	if (asprintf(&text, "trustpoint %s: %s%s%s", point->name, file ?: "",
				 file ? ": " : "", what) >= 0)
	{
		warnings->insert_last(warnings, text);
	}
}

/**
 * Find a trustpoint by name.
 */
static trustpoint_t *find(private_kernel_cryptomap_pki_t *this, const char *name)
{
	enumerator_t *enumerator;
	trustpoint_t *point, *found = NULL;

	enumerator = this->trustpoints->create_enumerator(this->trustpoints);
	while (!found && enumerator->enumerate(enumerator, &point))
	{
		if (streq(point->name, name))
		{
			found = point;
		}
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * The next trustpoint of a profile.
 *
 * @param at			the one before, NULL for the first; set to the next one
 */
static trustpoint_t *next_point(private_kernel_cryptomap_pki_t *this,
								const struct ios_config *ios,
								const struct ios_profile *profile,
								const struct ios_trustpoint **at)
{
	trustpoint_t *point = NULL;

	while (!point && (*at = ios_trustpoint_next(ios, profile, *at)))
	{
		point = find(this, (*at)->name);
	}
	return point;
}

/**
 * The next trustpoint of a profile by which this side can authenticate itself.
 *
 * @param at			see next_point()
 */
static trustpoint_t *next_ready(private_kernel_cryptomap_pki_t *this,
								const struct ios_config *ios,
								const struct ios_profile *profile,
								const struct ios_trustpoint **at)
{
	trustpoint_t *point;

	do
	{
		point = next_point(this, ios, profile, at);
	}
	while (point && !(point->cert && point->key &&
					  point->cas->get_count(point->cas)));
	return point;
}

METHOD(kernel_cryptomap_pki_t, is_ready, bool,
	private_kernel_cryptomap_pki_t *this, const struct ios_config *ios,
	const struct ios_profile *profile)
{
	const struct ios_trustpoint *at = NULL;

	return next_ready(this, ios, profile, &at) != NULL;
}

METHOD(kernel_cryptomap_pki_t, get_subject, identification_t*,
	private_kernel_cryptomap_pki_t *this, const struct ios_config *ios,
	const struct ios_profile *profile)
{
	const struct ios_trustpoint *at = NULL;
	identification_t *subject;
	trustpoint_t *point;

	point = next_ready(this, ios, profile, &at);
	if (!point)
	{
		return NULL;
	}
	subject = point->cert->get_subject(point->cert);
	return subject->clone(subject);
}

/**
 * Add the CAs by which a peer may have its certificate.
 */
static void add_cas(private_kernel_cryptomap_pki_t *this, auth_cfg_t *auth,
					const struct ios_config *ios,
					const struct ios_profile *profile)
{
	const struct ios_trustpoint *at = NULL;
	enumerator_t *enumerator;
	certificate_t *ca;
	trustpoint_t *point;

	while ((point = next_point(this, ios, profile, &at)))
	{
		enumerator = point->cas->create_enumerator(point->cas);
		while (enumerator->enumerate(enumerator, &ca))
		{
			auth->add(auth, AUTH_RULE_CA_CERT, ca->get_ref(ca));
		}
		enumerator->destroy(enumerator);
	}
}

METHOD(kernel_cryptomap_pki_t, create_auth, auth_cfg_t*,
	private_kernel_cryptomap_pki_t *this, const struct ios_config *ios,
	const struct ios_profile *profile, identification_t *id)
{
	const struct ios_trustpoint *at = NULL;
	trustpoint_t *point;
	auth_cfg_t *auth;
	bool by_name;

	point = next_ready(this, ios, profile, &at);
	if (!point)
	{
		DESTROY_IF(id);
		return NULL;
	}
	auth = auth_cfg_create();
	auth->add(auth, AUTH_RULE_AUTH_CLASS, AUTH_CLASS_PUBKEY);
	if (!id)
	{
		add_cas(this, auth, ios, profile);
		return auth;
	}
	/* a distinguished name is that of one certificate; of several charon takes the
	 * one by a CA that the peer asks for */
	by_name = id->get_type(id) == ID_DER_ASN1_DN;
	auth->add(auth, AUTH_RULE_IDENTITY, id);
	do
	{
		auth->add(auth, AUTH_RULE_SUBJECT_CERT,
				  point->cert->get_ref(point->cert));
		point = next_ready(this, ios, profile, &at);
	}
	while (point && !by_name);
	return auth;
}

/**
 * Whether a check of revocation was done, and done well.
 */
static bool is_good(enum ios_revocation way, auth_cfg_t *auth)
{
	auth_rule_t rule = way == IOS_REVOCATION_OCSP ? AUTH_RULE_OCSP_VALIDATION :
													AUTH_RULE_CRL_VALIDATION;

	return way == IOS_REVOCATION_NONE ||
		   (uintptr_t)auth->get(auth, rule) == VALIDATION_GOOD;
}

/**
 * Whether a CA is one of a trustpoint.
 */
static bool has_ca(trustpoint_t *point, certificate_t *ca)
{
	enumerator_t *enumerator;
	certificate_t *current;
	bool found = FALSE;

	enumerator = point->cas->create_enumerator(point->cas);
	while (!found && enumerator->enumerate(enumerator, &current))
	{
		found = current->equals(current, ca);
	}
	enumerator->destroy(enumerator);
	return found;
}

METHOD(kernel_cryptomap_pki_t, is_checked, bool,
	private_kernel_cryptomap_pki_t *this, const struct ios_config *ios,
	const struct ios_profile *profile, auth_cfg_t *auth)
{
	const struct ios_trustpoint *at = NULL;
	certificate_t *ca;
	trustpoint_t *point;
	u_int i;

	ca = auth->get(auth, AUTH_RULE_CA_CERT);
	while (ca && (point = next_point(this, ios, profile, &at)))
	{
		if (!has_ca(point, ca))
		{
			continue;
		}
		for (i = 0; i < IOS_REVOCATIONS && at->revocation[i]; i++)
		{
			if (is_good(at->revocation[i], auth))
			{
				return TRUE;
			}
		}
	}
	return FALSE;
}

METHOD(kernel_cryptomap_pki_t, serve, void,
	private_kernel_cryptomap_pki_t *this, mem_cred_t *creds)
{
	enumerator_t *points, *certs;
	certificate_t *cert;
	trustpoint_t *point;
	mem_cred_t *new;

	new = mem_cred_create();
	points = this->trustpoints->create_enumerator(this->trustpoints);
	while (points->enumerate(points, &point))
	{
		certs = point->cas->create_enumerator(point->cas);
		while (certs->enumerate(certs, &cert))
		{
			new->add_cert(new, TRUE, cert->get_ref(cert));
		}
		certs->destroy(certs);
		certs = point->others->create_enumerator(point->others);
		while (certs->enumerate(certs, &cert))
		{
			new->add_cert(new, FALSE, cert->get_ref(cert));
		}
		certs->destroy(certs);
		if (point->cert && point->key)
		{
			new->add_cert(new, FALSE, point->cert->get_ref(point->cert));
			new->add_key(new, point->key->get_ref(point->key));
		}
	}
	points->destroy(points);
	creds->replace_certs(creds, new, FALSE);
	creds->replace_secrets(creds, new, FALSE);
	new->destroy(new);
}

/**
 * Destroy a trustpoint.
 */
static void destroy_trustpoint(trustpoint_t *point)
{
	DESTROY_IF(point->cert);
	DESTROY_IF(point->key);
	point->cas->destroy_offset(point->cas, offsetof(certificate_t, destroy));
	point->others->destroy_offset(point->others,
								  offsetof(certificate_t, destroy));
	free(point->name);
	free(point);
}

METHOD(kernel_cryptomap_pki_t, destroy, void,
	private_kernel_cryptomap_pki_t *this)
{
	this->trustpoints->destroy_function(this->trustpoints,
										(void*)destroy_trustpoint);
	free(this);
}

/**
 * The contents of a file.
 */
static chunk_t get_contents(const struct ios_blob *blob)
{
	return chunk_create(blob->data, blob->len);
}

/**
 * Whether a certificate is that of a CA.
 */
static bool is_ca(certificate_t *cert)
{
	return ((x509_t*)cert)->get_flags((x509_t*)cert) & X509_CA;
}

/**
 * Add a certificate that a trustpoint has: the first that is not of a CA is this
 * side's own.
 *
 * @param cert			consumed
 * @param trusted		whether one of a CA is trusted
 */
static void add_cert(trustpoint_t *point, certificate_t *cert, bool trusted)
{
	if (is_ca(cert) && trusted)
	{
		point->cas->insert_last(point->cas, cert);
	}
	else if (is_ca(cert) || point->cert)
	{
		point->others->insert_last(point->others, cert);
	}
	else
	{
		point->cert = cert;
	}
}

/**
 * A text from its first part in PEM on, empty if there is none.
 */
static chunk_t find_pem(chunk_t text)
{
	u_char *at;

	at = memmem(text.ptr, text.len, PEM_BEGIN, strlen(PEM_BEGIN));
	return at ? chunk_skip(text, at - text.ptr) : chunk_empty;
}

/**
 * Whether a text begins with a certificate in PEM.
 */
static bool is_pem_certificate(chunk_t text)
{
	return text.len >= strlen(PEM_CERTIFICATE) &&
		   memeq(text.ptr, PEM_CERTIFICATE, strlen(PEM_CERTIFICATE));
}

/**
 * Add the certificates of a file, one in DER or several in PEM.
 *
 * @param ca			whether they are of CAs that are trusted
 * @return				FALSE if one can't be read, is not of a CA, or there is none
 */
static bool add_certs(trustpoint_t *point, chunk_t contents, bool ca)
{
	certificate_t *cert;

	do
	{
		cert = lib->creds->create(lib->creds, CRED_CERTIFICATE, CERT_X509,
								  BUILD_BLOB_PEM, contents, BUILD_END);
		if (!cert)
		{
			return FALSE;
		}
		if (ca && !is_ca(cert))
		{
			cert->destroy(cert);
			return FALSE;
		}
		add_cert(point, cert, ca);
		/* charon read the first one, before which there may be other text */
		contents = find_pem(chunk_skip(find_pem(contents), 1));
	}
	while (is_pem_certificate(contents));
	return TRUE;
}

/**
 * Read a private key.
 */
static bool add_key(trustpoint_t *point, chunk_t contents)
{
	DESTROY_IF(point->key);
	point->key = lib->creds->create(lib->creds, CRED_PRIVATE_KEY, KEY_ANY,
									BUILD_BLOB_PEM, contents, BUILD_END);
	return point->key != NULL;
}

/**
 * Read PKCS#12: a key, its certificate, and certificates of CAs, which are trusted
 * if no file has others.
 */
static bool add_pkcs12(trustpoint_t *point, chunk_t contents, bool trusted)
{
	enumerator_t *enumerator;
	certificate_t *cert;
	private_key_t *key;
	pkcs12_t *pkcs12;

	pkcs12 = lib->creds->create(lib->creds, CRED_CONTAINER, CONTAINER_PKCS12,
								BUILD_BLOB, contents, BUILD_END);
	if (!pkcs12)
	{
		return FALSE;
	}
	enumerator = pkcs12->create_cert_enumerator(pkcs12);
	while (enumerator->enumerate(enumerator, &cert))
	{
		if (cert->get_type(cert) == CERT_X509)
		{
			add_cert(point, cert->get_ref(cert), trusted);
		}
	}
	enumerator->destroy(enumerator);
	enumerator = pkcs12->create_key_enumerator(pkcs12);
	if (!point->key && enumerator->enumerate(enumerator, &key))
	{
		point->key = key->get_ref(key);
	}
	enumerator->destroy(enumerator);
	pkcs12->container.destroy(&pkcs12->container);
	return TRUE;
}

/**
 * Check the certificate of this side, or of a CA.
 */
static void check_validity(trustpoint_t *point, certificate_t *cert,
						   const char *expired, const char *early,
						   linked_list_t *warnings)
{
	time_t not_before, not_after;

	if (cert->get_validity(cert, NULL, &not_before, &not_after))
	{
		return;
	}
	warn(warnings, point, NULL, time(NULL) < not_before ? early : expired);
}

/**
 * Check what a trustpoint has; a key that is of no use is forgotten.
 */
static void check(trustpoint_t *point, linked_list_t *warnings)
{
	public_key_t *public = NULL;
	enumerator_t *enumerator;
	certificate_t *ca;

	if (point->key && point->key->get_type(point->key) != KEY_RSA)
	{
		warn(warnings, point, NULL, "its private key is not for RSA");
		point->key->destroy(point->key);
		point->key = NULL;
	}
	if (point->cert)
	{
		check_validity(point, point->cert, "its certificate has expired",
					   "its certificate is not valid yet", warnings);
		public = point->cert->get_public_key(point->cert);
	}
	if (public && point->key && !point->key->belongs_to(point->key, public))
	{
		warn(warnings, point, NULL,
			 "its private key is not that of its certificate");
		point->key->destroy(point->key);
		point->key = NULL;
	}
	DESTROY_IF(public);
	enumerator = point->cas->create_enumerator(point->cas);
	while (enumerator->enumerate(enumerator, &ca))
	{
		check_validity(point, ca, "the certificate of its CA has expired",
					   "the certificate of its CA is not valid yet", warnings);
	}
	enumerator->destroy(enumerator);
}

/**
 * Whether a trustpoint has the certificate of who issued that of a CA.
 */
static bool has_issuer(trustpoint_t *point, certificate_t *ca)
{
	enumerator_t *enumerator;
	certificate_t *issuer;
	bool found = FALSE;

	enumerator = point->cas->create_enumerator(point->cas);
	while (!found && enumerator->enumerate(enumerator, &issuer))
	{
		found = ca->issued_by(ca, issuer, NULL);
	}
	enumerator->destroy(enumerator);
	return found;
}

/**
 * Check that what a CA has issued can be traced to one that signed its own
 * certificate, which is all that charon trusts in the end.
 */
static void check_issuer(private_kernel_cryptomap_pki_t *this,
						 trustpoint_t *point, certificate_t *ca,
						 linked_list_t *warnings)
{
	enumerator_t *enumerator;
	trustpoint_t *other;
	bool found = FALSE;
	char text[BUF_LEN];

	enumerator = this->trustpoints->create_enumerator(this->trustpoints);
	while (!found && enumerator->enumerate(enumerator, &other))
	{
		found = has_issuer(other, ca);
	}
	enumerator->destroy(enumerator);
	if (!found)
	{
		snprintf(text, sizeof(text), "no certificate of the CA by which '%Y' is: "
				 "no peer can be authenticated by this one alone",
				 ca->get_subject(ca));
		warn(warnings, point, NULL, text);
	}
}

/**
 * Check that peers can be authenticated by the CAs of all trustpoints.
 */
static void check_issuers(private_kernel_cryptomap_pki_t *this,
						  linked_list_t *warnings)
{
	enumerator_t *points, *cas;
	trustpoint_t *point;
	certificate_t *ca;

	points = this->trustpoints->create_enumerator(this->trustpoints);
	while (points->enumerate(points, &point))
	{
		cas = point->cas->create_enumerator(point->cas);
		while (cas->enumerate(cas, &ca))
		{
			check_issuer(this, point, ca, warnings);
		}
		cas->destroy(cas);
	}
	points->destroy(points);
}

/**
 * Read the files of a trustpoint.
 */
static void read_files(trustpoint_t *point, const struct ios_trustpoint *from,
					   linked_list_t *warnings)
{
	bool has_ca = from->file[IOS_PKI_CA].contents.len != 0, done = FALSE;
	chunk_t contents;
	u_int i;

	for (i = 0; i < IOS_PKI_FILES; i++)
	{
		contents = get_contents(&from->file[i].contents);
		if (!contents.len)
		{
			continue;
		}
		switch ((enum ios_pki_file)i)
		{
			case IOS_PKI_CERTIFICATE:
				done = add_certs(point, contents, FALSE);
				break;
			case IOS_PKI_CA:
				done = add_certs(point, contents, TRUE);
				break;
			case IOS_PKI_KEY:
				done = add_key(point, contents);
				break;
			default:
				done = add_pkcs12(point, contents, !has_ca);
				break;
		}
		if (!done)
		{
			warn(warnings, point, from->file[i].path,
				 i == IOS_PKI_PKCS12 ?
				 "no PKCS#12 that charon can read by the password" :
				 i == IOS_PKI_KEY ? "no private key that charon can read" :
				 i == IOS_PKI_CA ? "no certificate of a CA that charon can read" :
				 "no certificate that charon can read");
		}
	}
}

/**
 * Read the certificates of a trustpoint that are in the text.
 */
static void read_chain(trustpoint_t *point, const struct ios_trustpoint *from,
					   linked_list_t *warnings)
{
	const struct ios_certificate *cert;

	for (cert = from->chain; cert; cert = cert->next)
	{
		if (!add_certs(point, get_contents(&cert->contents), cert->ca))
		{
			warn(warnings, point, cert->serial,
				 "no certificate that charon can read");
		}
	}
}

/**
 * Read a trustpoint.
 */
static trustpoint_t *create_trustpoint(const struct ios_trustpoint *from,
									   linked_list_t *warnings)
{
	mem_cred_t *passwords;
	trustpoint_t *point;

	INIT(point,
		.name = strdup(from->name),
		.cas = linked_list_create(),
		.others = linked_list_create(),
	);
	passwords = mem_cred_create();
	passwords->add_shared(passwords, shared_key_create(
				SHARED_PRIVATE_KEY_PASS,
				chunk_clone(chunk_from_str((char*)from->password))), NULL);
	lib->credmgr->add_local_set(lib->credmgr, &passwords->set, FALSE);
	read_files(point, from, warnings);
	lib->credmgr->remove_local_set(lib->credmgr, &passwords->set);
	passwords->destroy(passwords);
	read_chain(point, from, warnings);
	check(point, warnings);
	return point;
}

/**
 * See header.
 */
kernel_cryptomap_pki_t *kernel_cryptomap_pki_create(
										const struct ios_config *ios,
										linked_list_t *warnings)
{
	const struct ios_trustpoint *point;
	private_kernel_cryptomap_pki_t *this;

	INIT(this,
		.public = {
			.is_ready = _is_ready,
			.get_subject = _get_subject,
			.create_auth = _create_auth,
			.is_checked = _is_checked,
			.serve = _serve,
			.destroy = _destroy,
		},
		.trustpoints = linked_list_create(),
	);
	for (point = ios ? ios->trustpoints : NULL; point; point = point->next)
	{
		this->trustpoints->insert_last(this->trustpoints,
									   create_trustpoint(point, warnings));
	}
	check_issuers(this, warnings);
	return &this->public;
}
