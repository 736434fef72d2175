# Most of the time that a file takes to compile goes into the headers that it shares with its neighbours: presets that
# set CMAKE_UNITY_BUILD compile the files of a target a dozen at a time, which takes a quarter of the time for the whole
# tree. Names in anonymous namespaces must then differ within such a dozen; files that would rather keep short names
# are named SEPARATE where their target is made. The preset debug, and clang-tidy, compile each file by itself.

if(CMAKE_UNITY_BUILD)
  # g++ warns of private types in "headers", which it takes every file of a group for; clang of local names that the
  # private ones of another file of the group hide. Each is on where the other compiles, and in builds without groups.
  target_compile_options(
    gauntlet_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>
                             $<$<CXX_COMPILER_ID:Clang>:-Wno-shadow>)
endif()

# compile_separately(cpp...): keeps files out of groups.
function(compile_separately)
  if(ARGN)
    set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
endfunction()
