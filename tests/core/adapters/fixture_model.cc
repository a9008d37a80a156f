#include "tests/core/adapters/fixture_model.h"

namespace andon {

Bytes AdapterFixture(const std::string& name) {
  return ReadFile(ANDON_SOURCE_DIR "/tests/fixtures/adapters/" + name).value_or(Bytes());
}

}  // namespace andon
