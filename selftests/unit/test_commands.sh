#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is made of the table of commands: the completion for bash, docs/commands.md, and
# what --help prints.
#
#   selftests/unit/test_commands.sh: wants tools/cryptomap to be built
cd "$(dirname "$0")/../../tools" || exit 1
n=0 failed=0

point() { # WHAT GOT WANTED
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		failed=1
		echo "not ok $n - $1"
		printf '# got: %s\n# wanted: %s\n' "$2" "$3"
	fi
}

gen=$(mktemp) || exit 1
trap 'rm -f "$gen"' EXIT
${CC:-cc} -O1 -Wall -Wextra -Werror -o "$gen" gen.c || exit 1
. <("$gen" bash)

completes() { # LINE WANTED: the last word is what is completed
	IFS=' ' read -ra COMP_WORDS <<<"cryptomap $1"
	[[ $1 == *' ' ]] && COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_cryptomap
	point "completion: $1" "${COMPREPLY[*]}" "$2"
}

completes "sh" "shell show"
completes "show crypto is" "isakmp"
completes "sh cry isakmp " "default key peers policy profile sa"
completes "show crypto ipsec sa peer 192.0.2.1 " "detail"
completes "-n gw show ru" "running-config"
completes "--json clear crypto sa " "counters entry map peer vrf"
completes "show --js" "--json"
completes "metrics " "detail http"
completes "metrics --t" "--textfile"
completes "metrics --" "--help --textfile"
completes "load x --" "--help --json --dry-run --confirm-within --strict --interface"
completes "monitor map M --" "--help --json"
completes "clear crypto isakmp --" "--help"
completes "--n" "--netns"
completes "e" ""
completes "co" "confirm copy"
completes "metrics --textfile gen." "gen.c"
completes "check gen.c --inter" "--interface"
completes "check gen.c --interface Gi0/1 = l" "lo"
completes "check gen.c --interface Gi0/1 = lo --st" "--strict"
completes "check --interface Gi0/1 = lo gen." "gen.c"
completes "bogus " ""
completes "load gen." "gen.c"
point "docs/commands.md is made of the table" "$("$gen" md)" "$(cat ../docs/commands.md)"

# words PATTERN: keywords of the commands of the table that match, each once
words() { sed -n "s/^COMMAND(\"\($1\( [^\"]*\)*\)\".*/\1/p" commands.inc | tr ' ' '\n' | grep -v '[A-Z]' | sort -u; }
# page SED-SCRIPT: words of what it leaves of cryptomap(1)
page() { sed -n "$1" man/cryptomap.1 | sed 's/\\-/-/g' | grep -oE '[a-z0-9-]+' | sort -u; }
point "the table has what clear is followed by" "$(words clear | grep -xc 'session\|counters')" 2
point "and show" "$(words show | grep -xc 'session\|running-config')" 2
point "cryptomap(1) has what clear is followed by" \
	"$(comm -23 <(words clear) <(page '/^\.SS Clearing/,/^\.SS Trying/p') | xargs)" ''
point "and what show is" "$(comm -23 <(words show) <(page '/^\.B/p') | xargs)" ''

# help [WORD...]: what --help behind them prints, and the exit status
help() {
	./cryptomap "$@" --help 2>&1 </dev/null
	echo $?
}
point "--help has the commands, and what each is for" \
	"$(help | sed -n '/^Commands/,/^$/p' | sed '1d; $d')" \
	"$(sed -n 's/^COMMAND("\([^"]*\)", "\([^"]*\)", run_/\1\t\2\t/p' commands.inc | grep -v OPT_SHELL |
		awk -F '\t' '{ printf "  %-47s %s\n", $1, $2 }')"
point "and succeeds" "$(help | tail -n 1)" 0
examples=$(help | sed -n '/^Examples:/,/^$/s/^  cryptomap \(-n gw \)*\([a-z].*\)/\2/p')
point "it has examples" "$(grep -c . <<<"$examples")" 5
while read -r line; do
	read -ra words <<<"${line%%" '|'"*}"
	point "which are commands: $line" "$(./cryptomap "${words[@]}" '?' >/dev/null 2>&1; echo $?)" 0
done <<<"$examples"
point "--help behind the beginning of a command: what may follow" "$(help clear cry)" \
	"  isakmp   delete ISAKMP SAs
  sa       delete IPsec SAs, which come back when they are needed
  session  delete all IPsec and ISAKMP SAs
0"
point "behind a command that is whole: its end as well" "$(help metrics http)" \
	"  detail  with those of each flow and session
  <cr>
0"
point "behind what is no command" "$(help nonsense | tail -n 1)" 2
echo "1..$n"
exit $failed
