// A hostile file, why somebody would make it, and what Andon must answer.

#ifndef ANDON_TESTS_ATTACKS_ATTACK_H_
#define ANDON_TESTS_ATTACKS_ATTACK_H_

#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"

namespace andon::attacks {

struct Attack {
  std::string name;  // of the test
  std::string why;   // what somebody would gain by it
  ErrorCode code;    // the answer
  Bytes file;
};

inline std::vector<Attack> Joined(const std::vector<std::vector<Attack>>& groups) {
  std::vector<Attack> all;
  for (const auto& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

}  // namespace andon::attacks

#endif  // ANDON_TESTS_ATTACKS_ATTACK_H_
