#!/bin/sh
# Measures photo quality with ssimulacra2. The tool is taken from PATH, or from Debian 13's libjxl-devtools, which is
# unpacked (not installed) into a temporary directory and run with its own C library, so Debian 12 can run it too.
set -eu
cd "$(dirname "$0")/.."
node=node_modules/.bin/node
[ -x "$node" ] || node=node
node tools/build.js --if-stale

if command -v ssimulacra2 > /dev/null; then
  exec "$node" dist/bench/photo-quality.js ssimulacra2
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/lists/partial" "$root/archives/partial" "$root/files"
: > "$root/status"
echo 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main' \
  > "$root/sources.list"
cat > "$root/apt.conf" << CONF
Dir::Etc::sourcelist "$root/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$root/lists";
Dir::State::status "$root/status";
Dir::Cache "$root";
Dir::Cache::archives "$root/archives";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Debug::NoLocking "true";
CONF
export APT_CONFIG="$root/apt.conf"
apt-get -qq update
apt-get -qq -y --download-only install libjxl-devtools > /dev/null
for archive in "$root"/archives/*.deb; do dpkg -x "$archive" "$root/files"; done

libraries=$(dirname "$(find "$root/files" -name 'libc.so.6' | head -n 1)")
loader=$(find "$root/files" -name 'ld-linux*.so.*' | head -n 1)
"$node" dist/bench/photo-quality.js "$loader" --library-path "$libraries" "$root/files/usr/bin/ssimulacra2"
