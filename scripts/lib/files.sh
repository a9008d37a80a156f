# Which files are ours to format and lint: those git tracks or would track. Sourced after common.sh.
listed() { git -C "$ROOT" ls-files -z --cached --others --exclude-standard -- "$@" | while IFS= read -r -d '' file; do [ ! -f "$ROOT/$file" ] || printf '%s\0' "$file"; done; }
cxx_files() { listed '*.cc' '*.h' '*.c'; }
# Shell scripts have no ending: they are known by their first line.
shell_files() { listed scripts .ci '*.sh' proofs bench fuzz examples | xargs -r -0 grep -lZE '^#!/usr/bin/env bash|^# .*[Ss]ourced' -- || true; }
