// Every limit on what a file may ask for, each with its reason. Callers may lower them.
//
// Together they keep two promises: validating needs at most 2 x input + 16 MiB, and a hostile file
// below 1 MB never takes more than 64 MiB.

#ifndef ANDON_COMMON_LIMITS_H_
#define ANDON_COMMON_LIMITS_H_

#include <cstdint>

namespace andon::limits {

inline constexpr uint64_t kKiB = 1024;
inline constexpr uint64_t kMiB = 1024 * kKiB;
inline constexpr uint64_t kGiB = 1024 * kMiB;

// A classic model lies in wasm32 memory (4 GiB) beside its working space.
inline constexpr uint64_t kMaxAprenderBytes = 2 * kGiB;

// ZIP and tar. A package has a handful of entries; 1,024 leaves room for training curves, tests and
// pictures.
inline constexpr uint64_t kMaxArchiveEntries = 1024;
// Longest entry name in bytes; longer ones do not unpack on common file systems.
inline constexpr uint64_t kMaxEntryNameBytes = 255;
// Deflate cannot expand more than 1,032:1; a larger claim is a lie (zlib's technical notes).
inline constexpr uint64_t kMaxZipEntryRatio = 1032;
// The whole archive, ZIP or gzip: free up to 10 MB, then 100:1, and beyond 32 MiB no more than
// 32:1, which real weights never reach; it bounds what a small hostile file can make us allocate.
inline constexpr uint64_t kFreeExpansionBytes = 10'000'000;
inline constexpr uint64_t kMaxTotalRatio = 100;
inline constexpr uint64_t kLargeExpansionBytes = 32 * kMiB;
inline constexpr uint64_t kMaxLargeRatio = 32;

// .expert of version 1 lies in wasm32 memory (4 GiB) packed and expanded, and again when it is
// converted.
inline constexpr uint64_t kMaxExpertV1Bytes = 1 * kGiB;

// JSON documents of ours (manifests, descriptions) are flat; 16 levels is generous.
inline constexpr uint64_t kMaxJsonDepth = 16;
inline constexpr uint64_t kMaxManifestBytes = 1 * kMiB;
inline constexpr uint64_t kMaxJsonValues = 100'000;
// Of white space, a number, or whatever else lies between texts and punctuation: the JSON parser
// takes up to fifty times its bytes when it reports an error there.
inline constexpr uint64_t kMaxJsonSpaceBytes = 64 * kKiB;
// A description to pack may hold weights as JSON numbers.
inline constexpr uint64_t kMaxDescriptionBytes = 64 * kMiB;

// Safetensors. The reference implementation caps the header at 100 MB; 16 MB holds the index of any
// published model. Callers may raise the limit up to the hard cap.
inline constexpr uint64_t kMaxSafetensorsHeaderBytes = 16'000'000;
inline constexpr uint64_t kHardMaxSafetensorsHeaderBytes = 100'000'000;
// The JSON parser takes eight times the bytes of a text when it reports an error there.
inline constexpr uint64_t kMaxSafetensorsTextBytes = 2 * kMiB;
// A member of __metadata__ of a few bytes takes a hundred in memory.
inline constexpr uint64_t kMaxSafetensorsMetadata = 4096;
inline constexpr uint64_t kMaxTensors = 65'536;
inline constexpr uint64_t kMaxTensorNameBytes = 1024;
inline constexpr uint64_t kMaxRank = 8;

// metadata.pb. A parsed message can take 40 times its bytes, so the bytes are kept small.
inline constexpr uint64_t kMaxMetadataBytes = 1 * kMiB;
inline constexpr uint64_t kMaxFeatures = 65'536;
inline constexpr uint64_t kMaxFeatureNameBytes = 1024;
// Each class without a label is given one, which takes more memory than its weights may.
inline constexpr uint64_t kMaxClasses = 65'536;

// zstd frames of .expert files are made with windows of at most 8 MiB.
inline constexpr uint64_t kMaxZstdWindowBytes = 8 * kMiB;

// .expert version 2. Read by ranges and never whole: room for the adapters of any published model.
inline constexpr uint64_t kMaxExpertBytes = 64 * kGiB;
// Metadata of kMaxManifestBytes that does not compress, its frame's overhead, the fixed header.
inline constexpr uint64_t kMaxExpertHeaderBytes = kMaxManifestBytes + 8 * kKiB;
// A layer, its attachments and texts; an index of 4,096 takes half a megabyte.
inline constexpr uint64_t kMaxExpertSections = 4096;
// A section is held whole, stored and expanded, in the 4 GiB of wasm32.
inline constexpr uint64_t kMaxSectionBytes = 1 * kGiB;
// Four certificates of 420 bytes: read before the signature was judged.
inline constexpr uint64_t kMaxSigningCertBytes = 1680;
// All sections together expand to 4 MiB and 20 times the file at most. Weights never reach that,
// and a file of 1 MB takes at most 2 x 24 MB, shuffled and unshuffled.
inline constexpr uint64_t kExpertFreeExpansionBytes = 4 * kMiB;
inline constexpr uint64_t kMaxExpertRatio = 20;
// Decoded sections that an open expert keeps, unless the caller says otherwise: that of an adapter
// of rank 16 for a model of 0.6 billion parameters.
inline constexpr uint64_t kExpertCacheBytes = 64 * kMiB;

// Of experts on a language model that are not in use: some of rank 16 for a model of 0.6 billion
// weights, which take 40 MB each.
inline constexpr uint64_t kIdleExpertBytes = 256 * kMiB;

// Adapters. Vocabularies reach a quarter million; sizes of tensors then fit in 64 bits by far.
inline constexpr uint64_t kMaxAdapterFeatures = 1 << 24;
// Published ranks end at 512; the norm of an update takes rank^2 numbers of 8 bytes.
inline constexpr uint64_t kMaxAdapterRank = 1024;
// A weight whose update is decomposed: 1 GiB in float64, with room in wasm32 for its base.
inline constexpr uint64_t kMaxOsdEntries = uint64_t{1} << 27;

// Times in certificates, revocation lists and rotations: the last second of the year 9999, beyond
// which programs disagree on how to show a date.
inline constexpr uint64_t kMaxTimeSeconds = 253'402'300'799;
// Numbers that only grow (of lists, of releases): beyond it JSON readers disagree on the value.
inline constexpr uint64_t kMaxCounter = (uint64_t{1} << 53) - 1;

// GGUF. The largest published models have some thousands of tensors and a hundred pairs.
inline constexpr uint64_t kMaxGgufTensors = 65'536;
inline constexpr uint64_t kMaxGgufPairs = 4096;
inline constexpr uint64_t kMaxGgufKeyBytes = 65'535;     // of the specification
inline constexpr uint64_t kMaxGgufTensorNameBytes = 64;  // likewise
inline constexpr uint64_t kMaxGgufDimensions = 4;        // likewise
// A chat template or the text of a licence.
inline constexpr uint64_t kMaxGgufTextBytes = 4 * kMiB;
// Vocabularies and merges have some hundred thousand members.
inline constexpr uint64_t kMaxGgufArray = 2'000'000;
// Vocabulary, merges and their punctuation; published heads stay below 20 MB.
inline constexpr uint64_t kMaxGgufHeadBytes = 128 * kMiB;
inline constexpr uint64_t kMaxGgufAlignment = 64 * kKiB;

// Language models, several times what any published one of a size that fits in wasm memory has.
inline constexpr uint64_t kMaxLayers = 1024;
inline constexpr uint64_t kMaxFeatureWidth = 1 << 20;
inline constexpr uint64_t kMaxHeads = 1024;
inline constexpr uint64_t kMaxHeadDim = 1024;
inline constexpr uint64_t kMaxContext = 1 << 24;
inline constexpr uint64_t kMaxVocabulary = 1 << 20;

// Tokenizers. The longest tokens are runs of spaces, of 128 times two bytes; a vocabulary of
// 262,144 has 3 MB of text.
inline constexpr uint64_t kMaxTokenBytes = 1024;
inline constexpr uint64_t kMaxVocabularyBytes = 32 * kMiB;
inline constexpr uint64_t kMaxMerges = 1'000'000;
// tokenizer.json of a vocabulary of 262,144 has 33 MB.
inline constexpr uint64_t kMaxTokenizerJsonBytes = 64 * kMiB;
// Of an object with the vocabulary in it; there are ten.
inline constexpr uint64_t kMaxTokenizerMembers = 64;
// A rule of tokenizer.json, which is built in memory: some hundred bytes.
inline constexpr uint64_t kMaxTokenizerRuleBytes = 64 * kKiB;

// Grammars. Published ones have some hundred rules; those made of JSON Schemas some thousand.
inline constexpr uint64_t kMaxGrammarBytes = 1 * kMiB;
inline constexpr uint64_t kMaxGrammarRules = 65'536;
// Groups in groups: parsing recurses, on stacks of 1 MB.
inline constexpr uint64_t kMaxGrammarDepth = 128;
inline constexpr uint64_t kMaxStackedRepetitions = 8;
// Of a JSON Schema, in all that "allOf", "anyOf" and references make copies of.
inline constexpr uint64_t kMaxSchemaValues = 1'000'000;
// Of a property's name where others are not named: telling them apart recurses for each byte.
inline constexpr uint64_t kMaxSchemaNameBytes = 256;
// Characters of texts and classes, references and all else that rules are written with: each takes
// a hundred bytes.
inline constexpr uint64_t kMaxGrammarParts = 200'000;
// A repetition is written out, {0,1000} of any character takes 8,000 states; an edge takes 12
// bytes.
inline constexpr uint64_t kMaxGrammarStates = 200'000;
inline constexpr uint64_t kMaxGrammarEdges = 1'000'000;
// What completes a text is held whole, and written by nobody who asked for it.
inline constexpr uint64_t kMaxShortestText = 64 * kKiB;
// Readings of a text at once: ambiguous grammars that are useful stay below a hundred.
inline constexpr uint64_t kMaxGrammarItems = 4096;
// What matchers over one grammar remember of texts seen: beyond the first they begin anew between
// two tokens, beyond the second a token is refused.
inline constexpr uint64_t kGrammarCacheBytes = 32 * kMiB;
inline constexpr uint64_t kMaxGrammarCacheBytes = 64 * kMiB;

}  // namespace andon::limits

#endif  // ANDON_COMMON_LIMITS_H_
