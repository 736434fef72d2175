# gauntlet_embed(TARGET FUNCTION ns::name FILES file...)
#
# Compiles text files into TARGET, behind a function that whoever needs them declares and calls:
#     std::vector<gauntlet::embedded_file> ns::name();
# Names are the files' own, without folders; the order is that given here.
function(gauntlet_embed target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FUNCTION" "FILES")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_FUNCTION OR NOT arg_FILES)
    message(FATAL_ERROR "gauntlet_embed(${target}): FUNCTION or FILES missing, or unknown arguments")
  endif()
  set(files "")
  foreach(file IN LISTS arg_FILES)
    cmake_path(ABSOLUTE_PATH file)
    list(APPEND files ${file})
  endforeach()
  string(REPLACE "::" "_" name ${arg_FUNCTION})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DFUNCTION=${arg_FUNCTION} -DOUTPUT=${output} "-DFILES=${files}" -P
            ${script}
    DEPENDS ${script} ${files}
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
  # No compiler of ours minds a long string; the standard promises 64 KB only.
  set_source_files_properties(${output} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
endfunction()
