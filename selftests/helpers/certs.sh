#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Keys and certificates for test_rsa_sig.sh, into a folder. Made before the VM starts, in which
# RSA keys take long.
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

ca() { # NAME SUBJECT
	openssl req -x509 -new -key ca.key -subj "$2" -days 3650 -out "$1.crt" -config /dev/stdin <<-EOT
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

serial=1000
cert() { # NAME KEY CA SUBJECT SUBJECT-ALT-NAME START END
	serial=$((serial + 1))
	: >index.txt
	echo $serial >serial
	cat >ca.cnf <<-EOT
		[ca]
		default_ca = ca
		[ca]
		database = index.txt
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
		${5:+subjectAltName = $5}
	EOT
	openssl req -new -key "$2.key" -subj "$4" -out req.csr
	openssl ca -batch -notext -config ca.cnf -in req.csr -out "$1.crt" \
		-startdate "${6:-20200101000000Z}" -enddate "${7:-20491231000000Z}"
}

key ca
key a
key b
ca root '/C=DE/O=Example/CN=Root'
ca foreign '/C=DE/O=Others/CN=Root'
cert a a root '/C=DE/O=Example/CN=gw-a' IP:192.0.2.1
cert b b root '/C=DE/O=Example/OU=Branch/CN=gw-b' DNS:gw-b.example.org
cert expired b root '/C=DE/O=Example/CN=expired' '' 20200101000000Z 20210101000000Z
cert foreign-b b foreign '/C=DE/O=Example/CN=foreign' ''
openssl pkcs12 -export -in a.crt -inkey a.key -certfile root.crt -passout pass:p12-secret -out a.p12
chmod 600 a.p12
rm -f req.csr ca.cnf index.txt* serial* [0-9]*.pem
cd /
rm -rf "$folder"
mv "$folder.new" "$folder"
trap - EXIT
