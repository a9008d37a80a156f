# Debian packages and a private view of Debian's archive. Sourced after common.sh.

is_debian_12() { [ -r /etc/os-release ] && ( . /etc/os-release; [ "${ID:-}:${VERSION_ID:-}" = debian:12 ] ); }

# missing_packages NAME...: prints those that are not installed.
missing_packages() {
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' || true)
  printf '%s\n' "$@" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

# private_apt DIR LINE...: a throw-away apt under DIR that reads only the archive lines given, each
# "deb|deb-src SUITE", from the mirror this machine already uses, checked with Debian's own key.
# The machine's own apt sources and package state are neither read for choice nor changed.
private_apt() {
  local dir=$1 uri security line kind suite
  shift
  local key=/usr/share/keyrings/debian-archive-keyring.gpg
  local -a uris
  mapfile -t uris < <({
    awk '/^URIs:/ { for (i = 2; i <= NF; i++) print $i }' /etc/apt/sources.list.d/*.sources
    awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^[a-z+]+:\/\//) print $i }' \
      /etc/apt/sources.list /etc/apt/sources.list.d/*.list
  } 2>/dev/null)
  uri=$(printf '%s\n' "${uris[@]}" | grep -E -m1 '/debian/?$' || true)
  security=$(printf '%s\n' "${uris[@]}" | grep -E -m1 '/debian-security/?$' || true)
  [ -n "$uri" ] || die 'No Debian mirror is configured in /etc/apt.'

  mkdir -p "$dir"/{lists/partial,cache/archives/partial,state}
  : > "$dir/status"
  for line in "$@"; do
    read -r kind suite <<< "$line"
    if [[ $suite == *-security ]]; then
      [ -z "$security" ] || echo "$kind [signed-by=$key] $security $suite main"
    else
      echo "$kind [signed-by=$key] $uri $suite main"
    fi
  done > "$dir/sources.list"
  cat > "$dir/apt.conf" <<CONF
Dir::Etc::sourcelist "$dir/sources.list"; Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null"; Dir::Etc::preferencesparts "/dev/null";
Dir::State "$dir/state"; Dir::State::Lists "$dir/lists"; Dir::State::status "$dir/status";
Dir::Cache "$dir/cache"; Acquire::Languages "none"; Acquire::Retries "3";
APT::Sandbox::User "$(id -un)";
CONF
  APT_CONFIG="$dir/apt.conf" apt-get update -qq
}
