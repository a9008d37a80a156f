# CBMC, the bounded model checker of the proofs, from the Debian release after 12. Sourced after
# common.sh and debian.sh.
#
# It needs a newer C library than Debian 12 has, which is unpacked beside it. No system package is
# upgraded and no apt source is added.

CBMC_VERSION=6.6.0-4
CBMC_SHA256=02560859a17049c976961c232c4fc58f0747b57f9b751a466b1f368a438b0e41
MINISAT_VERSION=1:2.2.1-8
MINISAT_SHA256=0b3a870202e022bea8b04d140ded40d9137363566706750b4540518bc0eb63d7
CBMC_DIR=$CACHE/cbmc-$CBMC_VERSION
CBMC_STAMP="1 $CBMC_VERSION $MINISAT_VERSION"

# cbmc ARGUMENT...: started through the unpacked loader, with the unpacked libraries.
cbmc() {
  local lib=$CBMC_DIR/usr/lib/x86_64-linux-gnu
  "$lib/ld-linux-x86-64.so.2" --library-path "$lib:$CBMC_DIR/usr/lib" "$CBMC_DIR/usr/bin/cbmc" "$@"
}

install_cbmc() {
  [ "$(cat "$CBMC_DIR/.stamp" 2> /dev/null || true)" != "$CBMC_STAMP" ] || return 0
  [ "$(uname -m)" = x86_64 ] || die 'The proofs need an x86-64 machine: the packaged CBMC is for it.'
  local tmp deb
  tmp=$(mktemp -d)
  say "installing CBMC $CBMC_VERSION into $CBMC_DIR"
  private_apt "$tmp/apt" 'deb trixie'
  mkdir "$tmp/debs"
  (cd "$tmp/debs" && APT_CONFIG="$tmp/apt/apt.conf" apt-get download -qq \
    "cbmc=$CBMC_VERSION" "minisat=$MINISAT_VERSION" libc6 libgcc-s1 libstdc++6)
  sha256sum -c --quiet <<< "$CBMC_SHA256  $(echo "$tmp"/debs/cbmc_*.deb)
$MINISAT_SHA256  $(echo "$tmp"/debs/minisat_*.deb)"
  rm -rf "$CBMC_DIR"
  mkdir -p "$CBMC_DIR"
  for deb in "$tmp"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$CBMC_DIR" --exclude=./usr/share --exclude=./usr/include --exclude='*/gconv'
  done
  rm -rf "$tmp"
  echo "$CBMC_STAMP" > "$CBMC_DIR/.stamp"
}
