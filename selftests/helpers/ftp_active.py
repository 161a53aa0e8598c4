#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""As much of FTP as a file in active mode takes.

    ftp_active.py serve             answer one client after the other
    ftp_active.py fetch ADDRESS     a file; the server connects for it
"""

import socket
import sys

FILE = bytes(range(256)) * 200


def serve():
    listener = socket.create_server(("", 21))
    while True:
        control, _ = listener.accept()
        with control, control.makefile("r", newline="\r\n") as lines:
            control.send(b"220 here\r\n")
            for line in lines:
                command, _, argument = line.strip().partition(" ")
                if command == "USER":
                    control.send(b"230 welcome\r\n")
                elif command == "PORT":
                    *host, high, low = argument.split(",")
                    client = ".".join(host), int(high) << 8 | int(low)
                    control.send(b"200 so\r\n")
                elif command == "RETR":
                    with socket.create_connection(client, 10) as data:
                        data.sendall(FILE)
                    control.send(b"226 done\r\n")


def fetch(server):
    control = socket.create_connection((server, 21), 20)
    listener = socket.create_server((control.getsockname()[0], 0))
    listener.settimeout(20)
    with control.makefile("r", newline="\r\n") as lines:
        def expect(code):
            line = lines.readline()
            if not line.startswith(code):
                sys.exit(f"the server said {line!r}")
        expect("220")
        # conntrack looks at lines only after a first one
        control.send(b"USER anonymous\r\n")
        expect("230")
        host, port = listener.getsockname()
        where = host.replace(".", ",") + f",{port >> 8},{port & 255}"
        # the second answer shows that the sequence numbers still agree
        for _ in range(2):
            control.send(f"PORT {where}\r\n".encode())
            expect("200")
            control.send(b"RETR file\r\n")
            data, _ = listener.accept()
            with data, data.makefile("rb") as content:
                if content.read() != FILE:
                    sys.exit("another file")
            expect("226")


def main():
    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["fetch", server]:
            fetch(server)
        case _:
            sys.exit(__doc__)


main()
