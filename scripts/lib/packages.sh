# The Debian packages Andon is built and tested with. Sourced after common.sh and debian.sh.

PACKAGES=(
  # native build: compiler, sanitizer runtimes, coverage and format tools
  clang-14 libclang-rt-14-dev llvm-14 lld-14 clang-format-14 clang-tidy-14 cmake ninja-build ccache
  # wasm build: Emscripten's compiler back end
  clang-19 lld-19 llvm-19
  # libraries used as headers or built from /usr/src, and the schema compiler
  nlohmann-json3-dev libsimde-dev googletest libbenchmark-dev protobuf-compiler
  # third-party sources are unpacked and patched with these
  dpkg-dev patch xz-utils ca-certificates
  # tests: a browser, and independent readers and writers to compare with
  chromium python3 unzip zip openssl git
  # lint
  shellcheck
)

install_packages() {
  local -a missing
  mapfile -t missing < <(missing_packages "${PACKAGES[@]}")
  [ ${#missing[@]} -gt 0 ] || return 0
  local command="apt-get install --no-install-recommends ${missing[*]}"
  say "$command"
  as_root true || die 'These Debian packages are missing, and neither root nor sudo is at hand. Run as root:' "  $command"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}
