# gauntlet_library(NAME [PRIVATE_DEPENDS lib...] HEADERS h... SOURCES cpp... [DEPENDS lib...])
#
# One static library a folder, named gauntlet_NAME and linked as gauntlet::NAME. Linking is how the dependency direction
# of docs/architecture.md is enforced, so DEPENDS names exactly the folders that this one may include.
# Each header is also compiled alone by the target all_verify_interface_header_sets.
function(gauntlet_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;SOURCES;DEPENDS;PRIVATE_DEPENDS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "gauntlet_library(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target gauntlet_${name})
  add_library(${target} STATIC)
  add_library(gauntlet::${name} ALIAS ${target})
  target_sources(
    ${target}
    PRIVATE ${arg_SOURCES}
    PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_HEADERS})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON LINKER_LANGUAGE CXX)
  target_link_libraries(${target} PUBLIC gauntlet_flags ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS})
endfunction()
