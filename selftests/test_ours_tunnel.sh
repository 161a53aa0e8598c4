#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ours to ours in tunnel mode.
mode=tunnel
. "$(dirname "$0")/ours.sh"
