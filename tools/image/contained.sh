#!/usr/bin/env bash
# Runs a command on the files of an image as `docker run --read-only --tmpfs /tmp -v DATA:/data --cap-drop ALL
# --security-opt no-new-privileges` does. Wants root, and process and mount namespaces of its own (unshare).
#   contained.sh <root of the image> <directory for /data> <user>:<group> <working directory> <command> [argument...]
set -euo pipefail
root=$1 data=$2 account=$3 directory=$4
shift 4

mount --bind "$root" "$root"
mount --bind "$data" "$root/data"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 dev "$root/dev"
for device in null zero full random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
for stream in 0/stdin 1/stdout 2/stderr; do ln -s "/proc/self/fd/${stream%/*}" "$root/dev/${stream#*/}"; done
mkdir "$root/dev/shm"
mount -t tmpfs -o mode=1777,size=64m shm "$root/dev/shm"
mount -o remount,bind,ro "$root"

exec chroot "$root" env --chdir="$directory" setpriv --reuid="${account%:*}" --regid="${account#*:}" --clear-groups \
  --inh-caps=-all --bounding-set=-all --no-new-privs "$@"
