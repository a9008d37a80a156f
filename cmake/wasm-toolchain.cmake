# Emscripten: the emcc on PATH if it is new enough, else the one that scripts/setup installed.
execute_process(COMMAND bash -c ". ${CMAKE_CURRENT_LIST_DIR}/../scripts/lib/common.sh && . \"$ROOT/scripts/lib/emscripten.sh\" && emscripten_root"
                OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
if(NOT EXISTS ${root}/cmake/Modules/Platform/Emscripten.cmake)
  message(FATAL_ERROR "Emscripten is not installed: run scripts/setup")
endif()
include(${root}/cmake/Modules/Platform/Emscripten.cmake)
