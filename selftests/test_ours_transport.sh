#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ours to ours in transport mode.
mode=transport
. "$(dirname "$0")/ours.sh"
