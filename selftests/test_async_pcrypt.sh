#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Asynchronous crypto on several CPUs, which returns packets in their order.
template=pcrypt
algorithm='rfc4106(gcm(aes))'
transforms='esp-gcm 128'
keys() { echo "cipher $(random_key 20)"; }
. "$(dirname "$0")/async.sh"
