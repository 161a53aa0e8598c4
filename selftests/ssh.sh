# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# cryptomap as a login shell behind sshd, inside the VM only: its /etc is thrown away.
# Sourced by tests after lib.sh.

# ssh_server NAMESPACE: sshd on loopback there, with keys of its own. Whoever has the key
# $tmp/ssh/user logs in as operator, who is root by number, or as visitor, who is nobody;
# both get the shell.
ssh_server() {
	local dir=$tmp/ssh
	mkdir -p "$dir"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/host"
	# as old clients read it
	ssh-keygen -q -t ecdsa -m PEM -N '' -f "$dir/user"
	echo /usr/sbin/cryptomap >>/etc/shells
	ssh_user operator 0
	ssh_user visitor 65534
	cat >"$dir/conf" <<-EOT
	ListenAddress 127.0.0.1
	HostKey $dir/host
	AuthorizedKeysFile $dir/user.pub
	PermitRootLogin prohibit-password
	StrictModes no
	UsePAM no
	PrintMotd no
	PidFile none
	EOT
	chmod 711 "$tmp"
	chmod 755 "$dir"
	on "$1" mkdir -p /run/sshd
	background "$1" sshd /usr/sbin/sshd -f "$dir/conf" -D -e
	wait_for 20 on "$1" sh -c "ss -Hltn 'sport = :22' | grep -q ." ||
		bail "sshd in $1" "$(cat "$tmp/sshd.log")"
}

# ssh_user NAME UID: without a password, but not locked
ssh_user() {
	useradd --non-unique --uid "$2" --gid "$2" --password '*' --home-dir "$tmp/ssh" \
		--shell /usr/sbin/cryptomap "$1"
}

# by_ssh NAMESPACE USER COMMAND...: log in, to run a command
by_ssh() {
	local ns=$1 user=$2
	shift 2
	on "$ns" ssh -q -F none -i "$tmp/ssh/user" -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null "$user@127.0.0.1" "$@"
}
