#!/usr/bin/env bash
# snac, a small server of the fediverse that nobody here wrote, from Debian's backports: what tests federate with.
#
#   tools/snac.sh install        fetches it (14 MB) into TRIPTYCH_CI_CACHE, unless it is there
#   tools/snac.sh is-installed   says so by its exit code
#   tools/snac.sh run WORD…      runs it
set -euo pipefail

own=/var/cache
[ "$(id -u)" = 0 ] || own=${XDG_CACHE_HOME:-$HOME/.cache}
cache=${TRIPTYCH_CI_CACHE:-$own/triptych-ci}
root=$cache/snac

# shellcheck source=tools/debian-packages.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian-packages.sh"

is_installed() { [ -x "$root/usr/bin/snac" ]; }

install() {
  is_installed && return
  mkdir -p "$cache"
  exec 9>"$cache/snac.lock"
  flock 9
  is_installed && return
  local work
  work=$(mktemp -d "$cache/snac.XXXXXX")
  download "$work" 'trixie trixie-backports' snac2
  printf '%s\0' "$work"/archives/*.deb | xargs -0 -I '{}' dpkg-deb -x '{}' "$work/root"
  mv "$work/root" "$root"
  rm -rf "$work"
}

# With the libraries of its own release; it ends with whoever started this script.
run() {
  local loader
  loader=$(echo "$root"/usr/lib/*-linux-gnu*/ld-linux*.so.*)
  exec setpriv --pdeathsig KILL "$loader" --library-path "${loader%/*}" "$root/usr/bin/snac" "$@"
}

case ${1:-} in
  install) install ;;
  is-installed) is_installed ;;
  run) shift && run "$@" ;;
  *) sed -n '2,7p' "${BASH_SOURCE[0]}" && exit 1 ;;
esac
