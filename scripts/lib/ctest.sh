# Running ctest. Sourced after common.sh.

# run_ctests PRESET: shows what the test programs print (their counts are read from it), not what ctest does.
run_ctests() {
  ctest --preset "$1" --verbose --parallel "$(nproc)" |
    grep -vE '^(UpdateCTest|Constructing|Done constructing|Updating test list|Added [0-9]|Checking test dep|Test project|test [0-9]|    +Start|$)|^[0-9]+: (Test command|Working Directory|Test timeout|Running main|Environment)'
}
