#include "engine/expert_signing.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/limits.h"
#include "crypto/sha256.h"
#include "trust/certificate.h"
#include "trust/scope.h"

namespace andon {
namespace {

constexpr uint64_t kSelfIssuedSeconds = uint64_t{3652} * 24 * 3600;  // ten years

// The serial is of the key, the name and the time: the same input gives the same package.
Result<Bytes> SelfIssued(const ExpertSigning& signing, std::string_view name) {
  Certificate certificate;
  certificate.subject = Ed25519PublicKeyOf(signing.seed);
  certificate.not_before = signing.now;
  certificate.not_after = std::min(signing.now + kSelfIssuedSeconds, limits::kMaxTimeSeconds);
  certificate.name = name;
  certificate.scope = name;
  Bytes identity;
  AppendBytes(identity, certificate.subject);
  AppendU64(identity, signing.now);
  AppendBytes(identity, AsBytes(name));
  std::ranges::copy_n(Sha256Of(identity).begin(), std::ssize(certificate.serial),
                      certificate.serial.begin());
  return IssueCertificate(std::move(certificate), signing.seed);
}

std::string Padded(int number, size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

}  // namespace

Result<Bytes> SigningCertificates(const ExpertSigning& signing, std::string_view expert_name) {
  if (signing.now > limits::kMaxTimeSeconds) {
    return Error(ErrorCode::kInvalidArgument, "signing: time ", signing.now);
  }
  if (signing.chain.empty()) return SelfIssued(signing, expert_name);
  ANDON_ASSIGN_OR_RETURN(const std::vector<Certificate> chain, ParseChain(signing.chain));
  if (chain.front().subject != Ed25519PublicKeyOf(signing.seed)) {
    return Error(ErrorCode::kChainBroken, "signing: the first certificate is for another key");
  }
  if (!ScopeMatches(chain.front().scope, expert_name)) {
    return Error(ErrorCode::kScopeMismatch, "signing: the certificate covers ",
                 Quoted(chain.front().scope), ", not ", Quoted(expert_name));
  }
  return signing.chain;
}

std::string IsoTime(uint64_t unix_seconds) {
  using namespace std::chrono;
  const sys_seconds time{seconds(unix_seconds)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return Padded(static_cast<int>(date.year()), 4) + "-" +
         Padded(static_cast<int>(static_cast<unsigned>(date.month())), 2) + "-" +
         Padded(static_cast<int>(static_cast<unsigned>(date.day())), 2) + "T" +
         Padded(static_cast<int>(clock.hours().count()), 2) + ":" +
         Padded(static_cast<int>(clock.minutes().count()), 2) + ":" +
         Padded(static_cast<int>(clock.seconds().count()), 2) + "Z";
}

}  // namespace andon
