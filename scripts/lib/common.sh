# Shared by the scripts: sourced, never run. Sets ROOT (the clone) and CACHE (outside it, so a second
# clone builds fast), and a few one-line helpers.
set -euo pipefail
export LC_ALL=C.UTF-8
# shellcheck disable=SC2034 # used by those who source this
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${ANDON_CACHE:-$HOME/.cache/andon}
export ANDON_CACHE=$CACHE

say() { printf '[%4ss] %s\n' "$SECONDS" "$*" >&2; }
die() { printf '%s\n' "$@" >&2; exit 1; }

# with_lock NAME COMMAND...: two clones (or a build and a set-up) must not fill the cache at once. The
# command runs in a shell of its own, so a trap it sets is its own too.
with_lock() {
  mkdir -p "$CACHE"
  local lock="$CACHE/$1.lock"
  shift
  ( flock 9; "$@" 9>&- ) 9>"$lock"
}

# as_root COMMAND...: the only step that needs root is installing Debian packages.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else return 127
  fi
}
