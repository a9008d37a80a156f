# Tables of character classes, generated from the Unicode Character Database of Debian's package unicode-data.
find_file(UNICODE_DATA UnicodeData.txt PATHS /usr/share/unicode NO_CMAKE_FIND_ROOT_PATH REQUIRED)
find_program(NODE node REQUIRED)
set(ANDON_UNICODE_DIR ${PROJECT_BINARY_DIR}/unicode)
add_custom_command(OUTPUT ${ANDON_UNICODE_DIR}/unicode_tables.inc
  COMMAND ${CMAKE_COMMAND} -E make_directory ${ANDON_UNICODE_DIR}
  COMMAND ${NODE} ${PROJECT_SOURCE_DIR}/scripts/generate-unicode-tables.mjs ${UNICODE_DATA} ${ANDON_UNICODE_DIR}/unicode_tables.inc
  DEPENDS ${PROJECT_SOURCE_DIR}/scripts/generate-unicode-tables.mjs ${UNICODE_DATA} VERBATIM)
target_sources(andon_transformer PRIVATE ${ANDON_UNICODE_DIR}/unicode_tables.inc)
target_include_directories(andon_transformer PRIVATE ${ANDON_UNICODE_DIR})
