// How a fuzz target says that a promise was broken.

#ifndef ANDON_FUZZ_REQUIRE_H_
#define ANDON_FUZZ_REQUIRE_H_

namespace andon {

// Ends the program, with a stack that names the line, where the promise is broken.
inline void Require(bool promise) {
  if (!promise) __builtin_trap();
}

}  // namespace andon

#endif  // ANDON_FUZZ_REQUIRE_H_
