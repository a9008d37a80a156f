# Third-party libraries as imported targets third_party::{zlib,zstd,sodium,protobuf,json,simde,eigen,gtest},
# built outside the clone by scripts/third-party (the first time takes a minute or two).
if(ANDON_WASM_THREADS)
  set(flavour wasm-threads)
elseif(EMSCRIPTEN)
  set(flavour wasm)
elseif(ANDON_SANITIZE)
  set(flavour asan)
else()
  set(flavour native)
endif()
execute_process(COMMAND ${PROJECT_SOURCE_DIR}/scripts/third-party ${flavour}
                OUTPUT_VARIABLE ANDON_THIRD_PARTY OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  scripts/third-party cmake/third_party/CMakeLists.txt cmake/third_party/sources.lock)
include(${ANDON_THIRD_PARTY}/cmake/third_party.cmake)

find_program(PROTOC protoc REQUIRED)
