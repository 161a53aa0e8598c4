#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Keys, certificates and what their CA says of them for test_rsa_sig.sh, into a folder. Made
# before the VM starts, in which RSA keys take long.
#
#   certs.sh FOLDER
set -e
folder=$(realpath -m "$1")
mkdir -p "$folder.new"
cd "$folder.new"
exec 3>&2 >log 2>&1
trap 'cat log >&3' EXIT

key() { # NAME
	openssl genrsa -out "$1.pem" 2048
	openssl rsa -in "$1.pem" -traditional -out "$1.key"
	rm "$1.pem"
	chmod 600 "$1.key"
}

ca() { # NAME SUBJECT [KEY]: with a key of its own it is by the root
	openssl req -x509 -new -key "${3:-ca}.key" ${3:+-CA root.crt -CAkey ca.key} -subj "$2" -days 3650 -out "$1.crt" -config /dev/stdin <<-EOT
		[req]
		distinguished_name = dn
		x509_extensions = ext
		[dn]
		[ext]
		basicConstraints = critical, CA:true
		keyUsage = critical, keyCertSign, cRLSign
		subjectKeyIdentifier = hash
	EOT
}

far=20491231000000Z
past=20210101000000Z
cert() { # NAME KEY CA SUBJECT END [EXTENSION]
	cat >ca.cnf <<-EOT
		[ca]
		default_ca = ca
		[ca]
		database = index.txt
		unique_subject = no
		serial = serial
		new_certs_dir = .
		certificate = $3.crt
		private_key = ca.key
		default_md = sha256
		policy = policy
		x509_extensions = ext
		[policy]
		countryName = optional
		organizationName = optional
		organizationalUnitName = optional
		commonName = optional
		[ext]
		basicConstraints = CA:false
		keyUsage = digitalSignature
		${6:-}
	EOT
	openssl req -new -key "$2.key" -subj "$4" -out req.csr
	openssl ca -batch -notext -config ca.cnf -in req.csr -out "$1.crt" \
		-startdate 20200101000000Z -enddate "$5"
}

# two certificates that tell where to ask; one is revoked then
two_certs() { # NAME REASON EXTENSION
	cert "$1" b root "/C=DE/O=Example/CN=$1" $far "$3"
	cert "$1-revoked" b root "/C=DE/O=Example/CN=$1-revoked" $far "$3"
	openssl ca -config ca.cnf -revoke "$1-revoked.crt" -crl_reason "$2"
}

: >index.txt
echo 1000 >serial
key ca
key a
key b
ca root '/C=DE/O=Example/CN=Root'
ca branches '/C=DE/O=Example/CN=Branches' b
ca foreign '/C=DE/O=Others/CN=Root'
cert foreign-b b foreign '/C=DE/O=Example/CN=foreign' $far
cert a a root '/C=DE/O=Example/CN=gw-a' $far 'subjectAltName = IP:192.0.2.1'
cert b b root '/C=DE/O=Example/OU=Branch/CN=gw-b' $far 'subjectAltName = DNS:gw-b.example.org'
cert expired b root '/C=DE/O=Example/CN=expired' $past
two_certs crl keyCompromise 'crlDistributionPoints = URI:http://192.0.2.254:8000/root.crl'
two_certs ocsp superseded 'authorityInfoAccess = OCSP;URI:http://192.0.2.254:8001'
openssl ca -config ca.cnf -gencrl -crldays 3650 -out root.pem
openssl crl -in root.pem -outform DER -out root.crl
openssl pkcs12 -export -in a.crt -inkey a.key -certfile root.crt -passout pass:p12-secret -out a.p12
chmod 600 a.p12
rm -f req.csr ca.cnf index.txt.* index.txt.old serial* ./*.pem
cd /
rm -rf "$folder"
mv "$folder.new" "$folder"
trap - EXIT
