# Language, warnings and code generation for Andon's own targets.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE ccache)
if(CCACHE)
  set(launcher ${CMAKE_COMMAND} -E env)
  if(NOT ANDON_COVERAGE) # a second clone may share objects; coverage data names the folder it was made in
    list(APPEND launcher CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1)
  endif()
  if(EMSCRIPTEN) # emcc itself starts ccache around the clang it calls
    list(APPEND launcher EM_COMPILER_WRAPPER=${CCACHE})
  else()
    list(APPEND launcher ${CCACHE})
  endif()
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

# One thing to link for every target of ours; generated and third-party code does not get it.
add_library(andon_options INTERFACE)
target_compile_options(andon_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wdouble-promotion -Wshadow -Wcast-qual -Wcast-align
  -Wformat=2 -Wundef -Wnon-virtual-dtor -Wold-style-cast -Wextra-semi -Wimplicit-fallthrough -Wunused -Wvla
  -Wno-gnu-zero-variadic-macro-arguments) # gtest's TYPED_TEST_SUITE(name, types) with no third argument

# Code generation is set for the whole project, so that objects agree with each other.
add_compile_options(
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions> $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>
  -ffp-contract=off) # the same rounding natively and in wasm: no fused multiply-add behind our back

if(EMSCRIPTEN)
  add_compile_options(-msimd128)
  if(ANDON_WASM_THREADS)
    add_compile_options(-pthread)
    add_link_options(-pthread)
  endif()
  # What reads a file runs once and is compiled on the user's machine first: small is fast. The layers
  # that compute ask for speed (src/CMakeLists.txt).
  string(REPLACE -O3 -Os CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
  set(CMAKE_EXE_LINKER_FLAGS_RELEASE -O3)
else()
  add_compile_options(-march=x86-64-v2 -ffunction-sections -fdata-sections)
  add_link_options(-fuse-ld=lld -Wl,--gc-sections -pthread)
  if(CMAKE_BUILD_TYPE STREQUAL Debug)
    add_compile_definitions(_GLIBCXX_ASSERTIONS)
  endif()
endif()
if(ANDON_SANITIZE)
  set(sanitize -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_compile_options(${sanitize})
  add_link_options(${sanitize})
endif()
if(ANDON_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
