# gauntlet_test(NAME LABEL label [TIMEOUT s] [SHARDS n] SOURCES cpp... [SEPARATE cpp...]
#               [DEPENDS lib...])
#
# One GoogleTest program; each of its tests becomes a ctest named LABEL.Suite.Test with that label. With SHARDS, for
# programs of thousands of quick tests, n ctests named LABEL.NAME.i/n run a share of them each.
# Labels: unit, tidy, fuzz (corpus replay), loopback (sockets, processes), slow, browser, long (only with --long),
# proof (only with --proof). SEPARATE as for gauntlet_library. Under sanitizers TIMEOUT is three times as long.
function(gauntlet_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;TIMEOUT;SHARDS" "SOURCES;SEPARATE;DEPENDS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_LABEL)
    message(FATAL_ERROR "gauntlet_test(${name}): LABEL missing or unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 20)
  endif()
  if(GAUNTLET_SANITIZE)
    math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 3")
  endif()
  add_executable(${name} ${arg_SOURCES} ${arg_SEPARATE})
  compile_separately(${arg_SEPARATE})
  # Optimising what runs once takes most of the time that a build takes; what is tested is optimised.
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(${name} PRIVATE -O0)
  endif()
  target_link_libraries(${name} PRIVATE gauntlet_flags ${arg_DEPENDS} GTest::gmock GTest::gtest_main)
  if(arg_SHARDS)
    math(EXPR last_shard "${arg_SHARDS} - 1")
    foreach(shard RANGE ${last_shard})
      set(test_name ${arg_LABEL}.${name}.${shard}/${arg_SHARDS})
      add_test(NAME ${test_name} COMMAND ${name})
      set_tests_properties(
        ${test_name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} ENVIRONMENT
                                "GTEST_TOTAL_SHARDS=${arg_SHARDS};GTEST_SHARD_INDEX=${shard}")
    endforeach()
    return()
  endif()
  gtest_discover_tests(
    ${name}
    TEST_PREFIX ${arg_LABEL}.
    DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()
