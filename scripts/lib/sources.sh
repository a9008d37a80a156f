# Third-party sources: Debian source packages, pinned in cmake/third_party/sources.lock and unpacked
# (with Debian's patches) into the cache. Sourced after common.sh and debian.sh.

SOURCES_LOCK=$ROOT/cmake/third_party/sources.lock
SOURCES_DIR=$CACHE/src/$(sha256sum "$SOURCES_LOCK" | cut -c1-16)

fetch_sources() {
  [ ! -e "$SOURCES_DIR/.done" ] || return 0
  local tmp name version sha256
  tmp=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$tmp'" EXIT
  say 'fetching third-party sources'
  private_apt "$tmp/apt" 'deb-src bookworm' 'deb-src bookworm-updates' 'deb-src bookworm-security' \
    'deb-src trixie' # for what Debian 12 has in a version that reads valid files wrongly
  rm -rf "$SOURCES_DIR"
  mkdir -p "$SOURCES_DIR" "$tmp/files"
  while read -r name version sha256; do
    (
      cd "$tmp/files" || exit
      APT_CONFIG="$tmp/apt/apt.conf" apt-get source -qq --download-only "$name=$version" ||
        die "Debian no longer has $name $version: move the pin in cmake/third_party/sources.lock."
      sha256sum -c --quiet <<< "$sha256  ${name}_${version#*:}.dsc"
      dpkg-source --no-check -q -x "${name}_${version#*:}.dsc" "$SOURCES_DIR/$name" # checks each file's hash
    )
  done < <(grep -v '^#' "$SOURCES_LOCK")
  touch "$SOURCES_DIR/.done"
}
