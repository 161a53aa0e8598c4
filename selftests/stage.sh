#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Build everything and install it to build/root, for the VM to use.
#
#   selftests/stage.sh [KDIR]
set -e
cd "$(dirname "$0")/.."
make -j"$(nproc)" all helpers ${1:+"KDIR=$1"}
rm -rf build/root
make install ${1:+"KDIR=$1"} DESTDIR="$PWD/build/root" >build/install.log 2>&1 || {
	cat build/install.log >&2
	exit 1
}
