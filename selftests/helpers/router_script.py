#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Drives the shell over SSH as netmiko's driver for Cisco IOS does a router.

    router_script.py KEY

Logs in as operator at 127.0.0.1 with this key. Prints points, "ok WHAT" or
"not ok WHAT".
"""
import os
import sys

from netmiko import ConnectHandler


def check(what, good, *why):
    print(("ok " if good else "not ok ") + what)
    if not good:
        print(*[repr(reason) for reason in why])


# what scrapers read with templates of theirs: some values of the first row
PARSED = {
    "show crypto isakmp sa": {"state": "QM_IDLE", "status": "ACTIVE"},
    "show crypto isakmp sa detail": {"encr": "aes", "hash": "sha256", "dh": "14"},
    "show crypto session detail": {"interface": "wan", "status": "UP-ACTIVE", "sas": "2",
                                   "encrypted": "3"},
    "show crypto ipsec sa detail": {"map": "VPN", "encaps": "3", "no_sa": "0", "mode": "Tunnel",
                                    "direction": "inbound", "window": "64",
                                    "status": "ACTIVE(ACTIVE)"},
    "show ip access-lists": {"name": "VPN-ACL", "seq": "10", "action": "permit"},
}


def check_parsed(router):
    os.environ["NET_TEXTFSM"] = os.path.join(os.path.dirname(os.path.dirname(
        os.path.abspath(__file__))), "textfsm")
    for command, wanted in PARSED.items():
        rows = router.send_command(command, use_textfsm=True)
        good = isinstance(rows, list) and all(rows[0].get(key) == value
                                              for key, value in wanted.items())
        check(f"netmiko: {command}, by a template", good, rows)


def main():
    router = ConnectHandler(device_type="cisco_ios", host="127.0.0.1", username="operator",
                            use_keys=True, key_file=sys.argv[1])
    prompt = router.find_prompt()
    check("netmiko: the prompt is found", prompt == router.base_prompt + "#", prompt)
    router.enable()
    check("netmiko: enable needs no password", router.check_enable_mode())

    out = router.send_command("show version")
    check("netmiko: show version", router.base_prompt + " uptime is " in out, out)
    out = router.send_command("show crypto isakmp sa")
    check("netmiko: show crypto isakmp sa", "QM_IDLE" in out and prompt not in out, out)
    out = router.send_command("show running-config | section crypto map VPN 10")
    check("netmiko: a filter", out.split("\n")[0] == "crypto map VPN 10 ipsec-isakmp ", out)
    out = router.send_command("show running-config " + "x" * 300)
    check("netmiko: a line as long as the terminal is wide is not broken",
          "% Invalid input detected" in out and "x" not in out, out)

    check_parsed(router)

    out = router.send_config_set(["crypto map VPN 10", "description by a script", "nonsense"])
    check("netmiko: configure terminal", "(config-crypto-map)#" in out and
          "% Invalid input: unexpected 'nonsense'; expected" in out, out)
    check("netmiko: it is left again", not router.check_config_mode())
    out = router.send_command("show running-config | include description")
    check("netmiko: the line is in force", out.strip() == "description by a script", out)
    out = router.save_config()
    check("netmiko: write memory", "[OK]" in out, out)
    router.disconnect()
    check("netmiko: exit", not router.is_alive())


if __name__ == "__main__":
    main()
