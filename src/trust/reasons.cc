#include "trust/reasons.h"

#include <algorithm>
#include <chrono>

#include "common/status.h"

namespace andon {
namespace {

// `value` in decimal, with zeros in front up to `digits`.
std::string Padded(uint64_t value, size_t digits) {
  const std::string text = std::to_string(value);
  return std::string(digits - text.size(), '0') + text;
}

std::string NameText(const Ancestor& ancestor) {
  return ancestor.name.empty() ? "a key without a name" : Quoted(ancestor.name);
}

}  // namespace

std::string DateText(uint64_t unix_seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds{unix_seconds}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const auto count = [](auto duration) { return static_cast<uint64_t>(duration.count()); };
  return Padded(static_cast<uint64_t>(static_cast<int>(date.year())), 4) + "-" +
         Padded(static_cast<unsigned>(date.month()), 2) + "-" +
         Padded(static_cast<unsigned>(date.day()), 2) + " " + Padded(count(clock.hours()), 2) +
         ":" + Padded(count(clock.minutes()), 2) + ":" + Padded(count(clock.seconds()), 2) + " UTC";
}

std::string LineageText(const Lineage& lineage, size_t last) {
  std::string text = NameText(lineage.ancestors.front());
  for (size_t place = 1; place <= last; ++place) {
    text += ", certified by " + NameText(lineage.ancestors[place]);
  }
  return text;
}

std::string AncestorText(const Lineage& lineage, const Ed25519PublicKey& key) {
  return NameText(*std::ranges::find(lineage.ancestors, key, &Ancestor::key));
}

std::string_view RevocationReasonText(RevocationReason reason) {
  constexpr std::string_view kTexts[] = {"no reason is given", "a key was compromised",
                                         "it was superseded", "it was withdrawn",
                                         "it is malicious"};
  return kTexts[static_cast<size_t>(reason)];
}

}  // namespace andon
