#include "grammar/integer_range.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace andon {
namespace {

Expression Digit(char first, char last) {
  return Characters({{static_cast<uint32_t>(first), static_cast<uint32_t>(last)}});
}

Expression AnyDigits(size_t count) {
  const auto times = static_cast<uint32_t>(count);
  return Repetition(Digit('0', '9'), times, times);
}

// Numbers of as many digits as both bounds have.
Expression SameLength(std::string_view least, std::string_view most) {
  if (least.empty()) return Sequence({});
  if (least[0] == most[0])
    return Sequence({Digit(least[0], least[0]), SameLength(least.substr(1), most.substr(1))});
  const size_t rest = least.size() - 1;
  const std::string zeros(rest, '0');
  const std::string nines(rest, '9');
  if (least == "0" + zeros && most == "9" + nines) return AnyDigits(rest + 1);
  std::vector<Expression> ways;
  ways.push_back(Sequence({Digit(least[0], least[0]), SameLength(least.substr(1), nines)}));
  if (least[0] + 1 < most[0]) {
    const Expression between =
        Digit(static_cast<char>(least[0] + 1), static_cast<char>(most[0] - 1));
    ways.push_back(Sequence({between, AnyDigits(rest)}));
  }
  ways.push_back(Sequence({Digit(most[0], most[0]), SameLength(zeros, most.substr(1))}));
  return Choice(std::move(ways));
}

// REQUIRES: 0 <= least <= most.
Expression Natural(int64_t least, int64_t most) {
  std::vector<Expression> ways;
  std::string first = std::to_string(least);
  const std::string last = std::to_string(most);
  for (; first.size() < last.size(); first = "1" + std::string(first.size(), '0'))
    ways.push_back(SameLength(first, std::string(first.size(), '9')));
  ways.push_back(SameLength(first, last));
  return Choice(std::move(ways));
}

}  // namespace

Expression IntegerRange(int64_t least, int64_t most) {
  std::vector<Expression> ways;
  if (least < 0 && least <= most)
    ways.push_back(Sequence({Literal("-"), Natural(std::max<int64_t>(-most, 1), -least)}));
  if (most >= 0 && least <= most) ways.push_back(Natural(std::max<int64_t>(least, 0), most));
  return Choice(std::move(ways));
}

}  // namespace andon
