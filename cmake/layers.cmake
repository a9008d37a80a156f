# andon_layer(NAME [DEPS layer...] [LIBS library...])
# A layer is src/NAME/*.cc as the static library andon_NAME. DEPS are the layers it may include
# (scripts/check-layers holds the sources to it), LIBS the third-party libraries it calls.
set(ANDON_LAYERS "" CACHE INTERNAL "")
function(andon_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPS;LIBS")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cc)
  list(TRANSFORM arg_DEPS PREPEND andon_)
  set(target andon_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} PRIVATE andon_options PUBLIC ${arg_DEPS} ${arg_LIBS})
  else() # headers alone
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} INTERFACE ${arg_DEPS} ${arg_LIBS})
  endif()
  set(ANDON_LAYERS ${ANDON_LAYERS} ${name} CACHE INTERNAL "")
endfunction()

# andon_proto(NAME): proto/NAME.proto as the library NAME_proto, for protobuf-lite, without our warnings.
function(andon_proto name)
  set(proto ${PROJECT_SOURCE_DIR}/proto/${name}.proto)
  set(out ${PROJECT_BINARY_DIR}/proto)
  file(MAKE_DIRECTORY ${out})
  add_custom_command(OUTPUT ${out}/${name}.pb.cc ${out}/${name}.pb.h
    COMMAND ${PROTOC} --proto_path=${PROJECT_SOURCE_DIR}/proto --cpp_out=lite:${out} ${proto} DEPENDS ${proto} VERBATIM)
  add_library(${name}_proto STATIC ${out}/${name}.pb.cc)
  target_compile_options(${name}_proto PRIVATE -w)
  target_include_directories(${name}_proto SYSTEM PUBLIC ${out})
  target_link_libraries(${name}_proto PUBLIC third_party::protobuf)
endfunction()
