# gauntlet_library(NAME [PRIVATE_DEPENDS lib...] HEADERS h... SOURCES cpp... [SEPARATE cpp...] [DEPENDS lib...])
#
# One static library a folder, named gauntlet_NAME and linked as gauntlet::NAME. Linking is how the dependency direction
# of docs/architecture.md is enforced, so DEPENDS names exactly the folders that this one may include.
# Sources are compiled in groups where the preset says so, see unity.cmake; those named SEPARATE never are.
#
# A header is compiled alone in two ways: first in its own source, which clang-tidy sees by itself (./check --tidy); and
# where it has no source, by the target all_verify_interface_header_sets.
function(gauntlet_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;SOURCES;SEPARATE;DEPENDS;PRIVATE_DEPENDS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "gauntlet_library(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target gauntlet_${name})
  add_library(${target} STATIC)
  add_library(gauntlet::${name} ALIAS ${target})
  set(with_source "")
  set(without_source "")
  foreach(header IN LISTS arg_HEADERS)
    string(REGEX REPLACE "hpp$" "cpp" source ${header})
    if(source IN_LIST arg_SOURCES OR source IN_LIST arg_SEPARATE)
      list(APPEND with_source ${header})
    else()
      list(APPEND without_source ${header})
    endif()
  endforeach()
  target_sources(
    ${target}
    PRIVATE ${arg_SOURCES} ${arg_SEPARATE}
    PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${with_source}
           FILE_SET headers_alone TYPE HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${without_source})
  set_target_properties(
    ${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON INTERFACE_HEADER_SETS_TO_VERIFY headers_alone
                         LINKER_LANGUAGE CXX)
  compile_separately(${arg_SEPARATE})
  target_link_libraries(${target} PUBLIC gauntlet_flags ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS})
endfunction()
