#!/usr/bin/env bash
# activitypub.bot, a server of the fediverse that nobody here wrote, from npm: what tests federate with, beside snac.
#
#   tools/activitypub-bot.sh install           fetches it (70 MB) into TRIPTYCH_CI_CACHE, unless it is there
#   tools/activitypub-bot.sh is-installed      says so by its exit code
#   tools/activitypub-bot.sh serve SETTINGS    runs one bot, which is told by its standard input what to do: see
#                                              tools/activitypub-bot/serve.js
set -euo pipefail

own=/var/cache
[ "$(id -u)" = 0 ] || own=${XDG_CACHE_HOME:-$HOME/.cache}
cache=${TRIPTYCH_CI_CACHE:-$own/triptych-ci}
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
here=$tools/activitypub-bot
# other versions are another folder
wanted=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -c 1-12)
root=$cache/activitypub-bot-$wanted

is_installed() { [ -f "$root/node_modules/@evanp/activitypub-bot/package.json" ]; }

# No script of a package runs and nothing is compiled, as SQLite would have to be: PostgreSQL keeps its data.
install() {
  is_installed && return
  mkdir -p "$cache"
  exec 9>"$cache/activitypub-bot.lock"
  flock 9
  is_installed && return
  local attempt work
  for attempt in 1 2 3; do
    work=$(mktemp -d "$cache/activitypub-bot.XXXXXX")
    cp "$here/package.json" "$here/package-lock.json" "$work"
    if (cd "$work" && npm ci --ignore-scripts --omit=optional --no-audit --no-fund 9>&-); then
      mv "$work" "$root"
      return
    fi
    rm -rf "$work"
    echo "activitypub.bot could not be fetched from the npm registry (attempt $attempt of 3)" >&2
    sleep $((attempt * 5))
  done
  return 1
}

# By the Node that npm installed for the server, as it wants 22 or later; it ends with whoever started this script.
serve() {
  local node=$tools/../node_modules/.bin/node
  [ -x "$node" ] || node=node
  exec setpriv --pdeathsig KILL "$node" "$here/serve.js" "$root" "$@"
}

case ${1:-} in
  install) install ;;
  is-installed) is_installed ;;
  serve) shift && serve "$@" ;;
  *) sed -n '2,7p' "${BASH_SOURCE[0]}" && exit 1 ;;
esac
