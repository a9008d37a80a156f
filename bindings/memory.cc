// Running out of memory ends the call with an exception of JavaScript's that core.ts knows by its
// message.

#include <emscripten/em_js.h>

#include <new>

EM_JS(void, andon_throw_out_of_memory, (), { throw new Error("OutOfMemory"); })

namespace {

// Without exceptions of C++ a failing `new` would abort and not say why.
[[maybe_unused]] const std::new_handler previous =
    std::set_new_handler([] { andon_throw_out_of_memory(); });

}  // namespace
