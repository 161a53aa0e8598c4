#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Asynchronous crypto on the same CPU, in its own time. Not around an algorithm that
# the kernel has known answers for: before 6.3 cryptd fails that test.
template=cryptd
algorithm='authenc(hmac(sha256),ecb(cipher_null))'
transforms='esp-null esp-sha256-hmac'
keys() { echo "authenticator $(random_key 32)"; }
. "$(dirname "$0")/async.sh"
