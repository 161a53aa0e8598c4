#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ours as initiator to stock strongSwan on XFRM, in tunnel mode.
mode=tunnel role=initiator
. "$(dirname "$0")/stock.sh"
