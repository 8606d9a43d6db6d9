# Fetches packages of another release of Debian, to run their programs from a folder: nothing is installed. To be sourced.

# The mirror of Debian that this machine uses, whatever its release.
mirror() {
  # shellcheck disable=SC2016 -- a format of apt
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E -m 1 '/debian/?$' || {
    echo 'No source of apt on this machine is a mirror of Debian.' >&2
    return 1
  }
}

# download WORK SUITE PACKAGE…: the packages and all that they need, into WORK/archives. apt resolves and verifies them as
# for a machine of its own, on which nothing is installed yet. Of two suites, as `trixie trixie-backports`, the last wins.
download() {
  local work=$1 suites=$2 suite
  shift 2
  mkdir -p "$work"/{root,lists/partial,archives/partial,sources}
  : >"$work/status"
  for suite in $suites; do
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$(mirror)" "$suite"
  done >"$work/sources/debian.list"
  cat >"$work/apt.conf" <<EOF
Dir::State "$work";
Dir::State::status "$work/status";
Dir::State::extended_states "$work/extended_states";
Dir::State::lists "$work/lists";
Dir::Cache "$work";
Dir::Cache::archives "$work/archives";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$work/sources";
Dir::Etc::preferencesparts "/dev/null";
APT::Install-Recommends "false";
APT::Sandbox::User "";
APT::Default-Release "${suites##* }";
Acquire::Languages "none";
Acquire::Retries "3";
EOF
  export APT_CONFIG=$work/apt.conf
  apt-get -q update
  apt-get -q -y install --download-only "$@" >"$work/apt.log" || {
    cat "$work/apt.log" >&2
    return 1
  }
}
