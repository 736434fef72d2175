# The build step of gauntlet_embed: writes OUTPUT, which defines FUNCTION with the contents of FILES.
string(REGEX REPLACE "::[^:]*$" "" space ${FUNCTION})
string(REGEX REPLACE "^.*::" "" name ${FUNCTION})
set(rows "")
foreach(file IN LISTS FILES)
  file(READ ${file} content)
  get_filename_component(file_name ${file} NAME)
  string(APPEND rows "      {\"${file_name}\", R\"embedded(${content})embedded\"},\n")
endforeach()
file(
  WRITE ${OUTPUT}
  "#include <vector>

#include \"harness/base/embedded_file.hpp\"

namespace ${space} {

std::vector<gauntlet::embedded_file> ${name}();

std::vector<gauntlet::embedded_file> ${name}() {
  return {
${rows}  };
}

}  // namespace ${space}
")
