#!/usr/bin/env bash
# A real S3 server for tests: Ceph of Debian 13 as any account, with nothing installed. Objects live in memory.
#
#   tools/s3-server.sh install                    fetches it (100 MB) into TRIPTYCH_CI_CACHE, unless it is there
#   tools/s3-server.sh is-installed               says so by its exit code
#   tools/s3-server.sh serve DIR PORT ID:SECRET…  serves http://127.0.0.1:PORT to these keys in the foreground; its
#                                                 own files are in DIR, which must not exist or be empty
#
# Any S3 client with such a key makes the bucket. A server on it wants S3_FORCE_PATH_STYLE=true.
set -euo pipefail

own=/var/cache
[ "$(id -u)" = 0 ] || own=${XDG_CACHE_HOME:-$HOME/.cache}
cache=${TRIPTYCH_CI_CACHE:-$own/triptych-ci}
root=$cache/ceph

is_installed() { [ -x "$root/usr/bin/radosgw" ]; }

# shellcheck source=tools/debian-packages.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian-packages.sh"

# The programs are only unpacked: they need neither the packages' scripts nor a chroot.
fetch() {
  local work=$1
  download "$work" trixie ceph-mon ceph-osd radosgw
  local kept='--wildcards ./usr/lib/*-linux-gnu* ./usr/bin/ceph-mon ./usr/bin/ceph-osd ./usr/bin/*maptool ./usr/bin/radosgw*'
  # tar complains about every package that lacks one of these
  printf '%s\0' "$work"/archives/*.deb | xargs -0 -P 2 -I '{}' sh -c \
    'dpkg-deb --fsys-tarfile "$1" >"$1.tar" && { tar -xf "$1.tar" -C "$2" $3 2>/dev/null; rm "$1" "$1.tar"; }' \
    sh '{}' "$work/root" "$kept"
  # what runs here once will run for the tests
  root=$work/root
  for program in ceph-mon ceph-osd radosgw radosgw-admin; do ceph "$program" --version; done
}

install() {
  is_installed && return
  mkdir -p "$cache"
  exec 9>"$cache/ceph.lock"
  flock 9
  is_installed && return
  local attempt work
  for attempt in 1 2 3; do
    work=$(mktemp -d "$cache/ceph.XXXXXX")
    # a shell of its own: errors do not end a function whose result is looked at
    if "${BASH_SOURCE[0]}" fetch "$work" 9>&-; then
      mv "$work/root" "$root"
      rm -rf "$work"
      return
    fi
    rm -rf "$work"
    echo "Ceph could not be fetched (attempt $attempt of 3)" >&2
    sleep $((attempt * 5))
  done
  return 1
}

# Runs a program of the root with the libraries of the root; whatever ends this script ends the program, too.
ceph() { (exec_ceph "$@"); }

# A server of this script is its own child only when nothing stands between: start it by (exec_ceph …) &
exec_ceph() {
  local program=$1 loader libraries
  shift
  loader=$(echo "$root"/usr/lib/*-linux-gnu*/ld-linux*.so.*)
  libraries=${loader%/*}
  exec setpriv --pdeathsig KILL "$loader" --library-path "$libraries:$libraries/ceph" "$root/usr/bin/$program" "$@"
}

# A port that nobody listens on, below those that the system hands out.
free_port() {
  local port
  for _ in {1..100}; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# One monitor and one OSD without redundancy or authentication, for this machine only.
configure() {
  local directory=$1 port=$2 cluster=$3 monitor=$4 libraries
  libraries=$(echo "$root"/usr/lib/*-linux-gnu*)
  cat <<EOF
[global]
fsid = $cluster
mon host = [v2:127.0.0.1:$monitor/0]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 4294967296
osd class dir = $libraries/rados-classes
erasure code dir = $libraries/ceph/erasure-code
plugin dir = $libraries/ceph
mon allow pool size one = true
mon data avail crit = 0
mon data avail warn = 0
paxos propose interval = 0.02
paxos min wait = 0.01
run dir = $directory
admin socket =
pid file =
keyring = $directory/keyring
mon data = $directory/mon
osd data = $directory/osd
rgw data = $directory/rgw
log file = $directory/\$name.log
mon cluster log file = $directory/cluster.log
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port
EOF
}

serve() {
  local directory=$1 port=$2 cluster monitor key
  shift 2
  is_installed || {
    echo "There is no S3 server in $cache: run tools/s3-server.sh install" >&2
    exit 3
  }
  mkdir -p "$directory"/{mon,osd,rgw}
  directory=$(realpath "$directory")
  cd "$directory"
  cluster=$(cat /proc/sys/kernel/random/uuid)
  monitor=$(free_port)
  export CEPH_CONF=$directory/ceph.conf
  configure "$directory" "$port" "$cluster" "$monitor" >"$CEPH_CONF"
  ceph monmaptool --create --fsid "$cluster" --addv a "[v2:127.0.0.1:$monitor]" monmap
  ceph osdmaptool --createsimple 1 osdmap
  ceph ceph-mon --mkfs -i a --monmap monmap --osdmap osdmap --fsid "$cluster"
  (exec_ceph ceph-mon -f -i a) &
  ceph ceph-osd --mkfs -i 0
  (exec_ceph ceph-osd -f -i 0) &
  for key in "$@"; do
    ceph radosgw-admin -n client.rgw --no-mon-config user create --uid="${key%%:*}" --display-name="${key%%:*}" \
      --access-key="${key%%:*}" --secret="${key#*:}" >/dev/null
  done
  (exec_ceph radosgw -f -n client.rgw --no-mon-config --ms-mon-client-mode=crc) &
  # one without the others is of no use
  wait -n
  exit 1
}

case ${1:-} in
  install) install ;;
  is-installed) is_installed ;;
  fetch) fetch "$2" ;;
  serve) exec setpriv --pdeathsig KILL "${BASH_SOURCE[0]}" serve-until-killed "${@:2}" ;;
  serve-until-killed) serve "${@:2}" ;;
  *)
    sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 2
    ;;
esac
