# The Debian packages Andon is built and tested with. Sourced after common.sh and debian.sh.

BUILD_PACKAGES=(
  cmake ninja-build ccache clang-19 lld-19 llvm-19                       # Emscripten and its back end
  nlohmann-json3-dev libsimde-dev libeigen3-dev googletest protobuf-compiler # headers, sources, schema compiler
  unicode-data                                                           # classes of characters, for tokenizers
  python3 dpkg-dev patch xz-utils bzip2 ca-certificates                  # to run emcc; to unpack and patch sources
)
TEST_PACKAGES=(
  clang-14 libclang-rt-14-dev llvm-14 lld-14 libbenchmark-dev            # native build, sanitizers, coverage
  clang-format-14 clang-tidy-14 shellcheck                               # lint
  chromium                                                               # end-to-end tests
  unzip zip openssl git                                                  # independent readers and writers
)

install_packages() {
  local -a missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  local command="apt-get install --no-install-recommends ${missing[*]}"
  as_root true || die 'These Debian packages are missing, and neither root nor sudo is at hand. Run as root:' "  $command"
  say "$command"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

# Set-up installs Debian packages of release 12 by name and version; elsewhere it can only say what is needed.
other_system() {
  die 'This set-up knows Debian 12. On another system, run it in a Debian 12 container, for example' \
    "  docker run --rm -it -v \"\$PWD\":/andon -w /andon debian:12" \
    'with Node.js 20 or later installed in it. The packages it would install:' \
    "  ${BUILD_PACKAGES[*]}" "  ${TEST_PACKAGES[*]}" 'and Emscripten 3.1.60 or later.'
}
