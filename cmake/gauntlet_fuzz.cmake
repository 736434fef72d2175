# gauntlet_fuzz(NAME SOURCES cpp... [DEPENDS lib...])
#
# One fuzz target, fuzz_NAME, around LLVMFuzzerTestOneInput. The fuzz preset links it with libFuzzer; every other build
# links it with a plain main that replays files, so that targets never rot, serve as reproducers, and run their corpus
# (the folder `corpus` beside the sources) as the test fuzz.NAME.
function(gauntlet_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "gauntlet_fuzz(${name}): SOURCES missing or unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target fuzz_${name})
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE gauntlet_flags ${arg_DEPENDS})
  if(GAUNTLET_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    return()
  endif()
  target_link_libraries(${target} PRIVATE gauntlet_fuzz_replay)
  if(GAUNTLET_TESTS)
    add_test(NAME fuzz.${name} COMMAND ${target} ${CMAKE_CURRENT_SOURCE_DIR}/corpus)
    set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 60)
  endif()
endfunction()
