// A range of wasm memory as JavaScript sees it.

#ifndef ANDON_BINDINGS_SPAN_H_
#define ANDON_BINDINGS_SPAN_H_

#include <cstddef>
#include <cstdint>

namespace andon {

// Address 0 is no range. REQUIRES: read or written before the owner changes or goes.
struct Span {
  uintptr_t address = 0;
  size_t size = 0;  // bytes
};

template <typename Container>
Span SpanOf(const Container& values) {
  return {reinterpret_cast<uintptr_t>(values.data()), values.size() * sizeof(*values.data())};
}

}  // namespace andon

#endif  // ANDON_BINDINGS_SPAN_H_
