#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ours as responder to stock strongSwan on XFRM, in transport mode.
mode=transport role=responder
. "$(dirname "$0")/stock.sh"
