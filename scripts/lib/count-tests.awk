# Adds up the closing lines of the test runners in a log; prints "PASSED FAILED SKIPPED".
# GoogleTest (also as ctest -V shows it), Jest, Playwright, node:test, scripts/prove, and the plain line
# "N passed, N failed".
{ gsub(/\033\[[0-9;]*[A-Za-z]/, "") }

match($0, /\[  (PASSED|FAILED|SKIPPED)[ ]*\] [0-9]+ tests?(\.|, listed below)/) {
  split(substr($0, RSTART + 1, RLENGTH), word, /[][ ]+/)
  count[word[2]] += word[3]
  next
}
/^ℹ (pass|fail|cancelled|skipped|todo) [0-9]+$/ {
  kind = $2 == "pass" ? "PASSED" : $2 ~ /^(fail|cancelled)$/ ? "FAILED" : "SKIPPED"
  count[kind] += $3
}
/^proved / { count["PASSED"]++ }
/^Tests: / || /^ +[0-9]+ (passed|failed|flaky|skipped|did not run)( \(.*\))?$/ || /^([0-9]+: )?([^ ]+: )?[0-9]+ passed, [0-9]+ failed/ {
  for (i = 1; i < NF; i++) {
    if ($i !~ /^[0-9]+$/) continue
    if ($(i + 1) ~ /^passed/) count["PASSED"] += $i
    if ($(i + 1) ~ /^(failed|flaky|did)/) count["FAILED"] += $i
    if ($(i + 1) ~ /^(skipped|todo)/) count["SKIPPED"] += $i
  }
}
END { print count["PASSED"] + 0, count["FAILED"] + 0, count["SKIPPED"] + 0 }
