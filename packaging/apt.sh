# SPDX-License-Identifier: GPL-2.0-or-later
# Packages and sources of Debian, without changing the machine's package sources.
# Sourced by scripts that run with `set -eu`.

export DEBIAN_FRONTEND=noninteractive LC_ALL=C
top=$(cd "$(dirname "$0")/.." && pwd)

die() { echo "${0##*/}: $*" >&2; exit 1; }

# A folder of our own at $tmp until the script ends, then undo() is called.
begin() {
	[ "$(id -u)" = 0 ] || die "not root, and these are missing: $*"
	command -v apt-get >/dev/null || die "no apt-get here; this script knows Debian only"
	tmp=$(mktemp -d)
	chmod 755 "$tmp"
	trap 'undo; rm -rf "$tmp"' EXIT
	trap 'exit 1' HUP INT TERM
}

undo() { :; }

# Run a command silently; what it said comes out only when it fails.
quietly() {
	"$@" >"$tmp/log" 2>&1 || { cat "$tmp/log" >&2; die "failed: $*"; }
}

apt() { quietly apt-get -q -y -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@"; }

# apt-get with a private list of sources ($tmp/NAME.list) and private indexes.
private_apt() {
	name=$1; shift
	mkdir -p "$tmp/$name/partial"
	apt -o Dir::Etc::sourcelist="$tmp/$name.list" -o Dir::Etc::sourceparts=- \
		-o Dir::State::lists="$tmp/$name" -o Dir::Cache::pkgcache= \
		-o Dir::Cache::srcpkgcache= -o Acquire::Languages=none \
		-o APT::Sandbox::User=root "$@"
}

# Debian's own repositories that the machine uses: URI and suite, a line each.
repositories() {
	apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
		'Created-By: Packages' 'Origin: Debian' 'Component: main' | sort -u
}

keyring() {
	for k in /usr/share/keyrings/debian-archive-keyring.gpg \
		/usr/share/keyrings/debian-archive-keyring.pgp; do
		[ ! -f "$k" ] || { echo "$k"; return; }
	done
	die "package debian-archive-keyring is not installed"
}

# Archive of strongSwan's sources, from the repository in src.list: its path, or nothing.
fetch_source() { # VERSION
	rm -rf "$tmp/tar" "$tmp/src"
	mkdir "$tmp/tar"
	(
		cd "$tmp/tar"
		private_apt src update
		private_apt src source --download-only --tar-only strongswan
	) >>"$tmp/fetch.log" 2>&1 || true
	ls "$tmp"/tar/strongswan_"$1".orig.tar.* 2>/dev/null || true
}

# Unpack strongSwan's sources of a version to a folder, from the first that has it of the
# repositories that standard input lists as repositories() does. Each by itself: a version that
# several list may be missing in one of them.
unpack_source() { # VERSION FOLDER
	tar=
	while [ -z "$tar" ] && read -r uri suite; do
		echo "deb-src [signed-by=$(keyring)] $uri $suite main" >"$tmp/src.list"
		tar=$(fetch_source "$1")
	done
	[ -n "$tar" ] || {
		cat "$tmp/fetch.log" >&2
		die "no package source has strongSwan $1"
	}
	rm -rf "$2" "$2.tmp"
	mkdir -p "$2.tmp"
	tar -C "$2.tmp" --strip-components=1 --no-same-owner -xf "$tar"
	echo "$1" >"$2.tmp/.version"
	mv "$2.tmp" "$2"
}
