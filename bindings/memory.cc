// Running out of memory ends the call with a trap that JavaScript can tell from any other.

#include <emscripten/bind.h>

#include <new>

namespace {

bool exhausted = false;

// Without exceptions a failing `new` would otherwise abort without saying why.
const std::new_handler previous_handler = std::set_new_handler([] {
  exhausted = true;
  __builtin_trap();
});

bool MemoryExhausted() { return exhausted; }

}  // namespace

EMSCRIPTEN_BINDINGS(memory) { emscripten::function("memoryExhausted", &MemoryExhausted); }
