#include "engine/expert_pack_v1.h"

#include "archive/gzip.h"
#include "archive/tar.h"
#include "crypto/sha256.h"
#include "engine/expert_signing.h"
#include "formats/expert_v1.h"

namespace andon {
namespace {

Result<Bytes> Archive(const std::vector<TarEntry>& entries,
                      const std::optional<ExpertSigning>& signing) {
  if (signing) return WriteExpertV1(entries, signing->seed, IsoTime(signing->now));
  ANDON_ASSIGN_OR_RETURN(const Bytes tar, WriteTar(entries));
  return Gzip(tar);
}

std::string Describe(const ExpertV1& package, const ExpertPackReport& report,
                     bool signature_dropped) {
  Json files = Json::array();
  for (const TarEntry& entry : package.files) {
    files.push_back({{"path", entry.name}, {"bytes", entry.content.size()}});
  }
  return DumpJson({{"format", "expert"},
                   {"formatVersion", "1.0"},
                   {"name", package.manifest.name},
                   {"version", package.manifest.version},
                   {"releaseCounter", package.manifest.release_counter},
                   {"rawBytes", report.raw_bytes},
                   {"storedBytes", report.stored_bytes},
                   {"sha256", ToHex(report.sha256)},
                   {"signed", package.signature.has_value()},
                   {"signatureDropped", signature_dropped},
                   {"files", std::move(files)}});
}

}  // namespace

Result<ExpertPackReport> WriteV1(const OwnedFiles& files,
                                 const std::optional<ExpertSigning>& signing,
                                 bool signature_dropped, OutputFile& out) {
  if (signing && !signing->chain.empty()) {
    return Error(ErrorCode::kInvalidArgument, "signing: version 1 has no place for certificates");
  }
  std::vector<TarEntry> entries;
  for (const auto& [path, content] : files) entries.push_back({path, content});
  ANDON_ASSIGN_OR_RETURN(const Bytes file, Archive(entries, signing));
  ANDON_ASSIGN_OR_RETURN(const ExpertV1 package, ReadExpertV1(file));
  ANDON_RETURN_IF_ERROR(out.Append(file));
  ExpertPackReport report{.stored_bytes = file.size(), .sha256 = Sha256Of(file)};
  for (const TarEntry& entry : package.files) report.raw_bytes += entry.content.size();
  report.description = Describe(package, report, signature_dropped);
  return report;
}

}  // namespace andon
