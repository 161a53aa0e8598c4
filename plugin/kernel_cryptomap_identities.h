/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNEL_CRYPTOMAP_IDENTITIES_H_
#define KERNEL_CRYPTOMAP_IDENTITIES_H_

#include "ios.h"

#include <credentials/certificates/certificate.h>
#include <networking/host.h>
#include <utils/identification.h>

/** Most subjectAltNames of a certificate that certificate maps compare */
#define KERNEL_CRYPTOMAP_CERT_NAMES_MAX 64

typedef struct kernel_cryptomap_cert_names_t kernel_cryptomap_cert_names_t;

/**
 * What certificate maps compare of a certificate.
 */
struct kernel_cryptomap_cert_names_t {
	/** the names, which point to what follows */
	struct ios_cert_names names;
	/** texts of them; certificates with longer ones have none */
	char subject[BUF_LEN], issuer[BUF_LEN], serial[64];
	/** subjectAltNames, char* */
	char *alt[KERNEL_CRYPTOMAP_CERT_NAMES_MAX];
};

/**
 * An address in the terms of the configuration.
 */
struct ios_addr kernel_cryptomap_addr(host_t *host);

/**
 * An identity in the terms of the configuration.
 */
struct ios_id kernel_cryptomap_id(identification_t *identity);

/**
 * An identity of the configuration.
 *
 * @param local			our address, for those that are this side's own
 * @return				NULL for none, and for the name in a certificate
 */
identification_t *kernel_cryptomap_identity(const struct ios_id *id,
											host_t *local);

/**
 * Read the names of a certificate.
 *
 * @param cert			NULL for none
 * @param buf			room for them, to be given to kernel_cryptomap_cert_names_free()
 * @return				names, NULL for no certificate or one that has too many
 */
struct ios_cert_names *kernel_cryptomap_cert_names_get(certificate_t *cert,
											kernel_cryptomap_cert_names_t *buf);

/**
 * Free what kernel_cryptomap_cert_names_get() made.
 */
void kernel_cryptomap_cert_names_free(kernel_cryptomap_cert_names_t *buf);

#endif /** KERNEL_CRYPTOMAP_IDENTITIES_H_ */
