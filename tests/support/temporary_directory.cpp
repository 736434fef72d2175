#include "tests/support/temporary_directory.hpp"

#include <cstdlib>
#include <fstream>
#include <system_error>

#include "harness/base/assert.hpp"

namespace gauntlet::test {

temporary_directory::temporary_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "gauntlet-test-XXXXXX").string();
  GAUNTLET_ASSERT(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

temporary_directory::~temporary_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string temporary_directory::write(std::string_view name, std::string_view content) const {
  std::string path = file(name);
  std::ofstream out(path, std::ios::binary);
  out << content;
  out.close();
  GAUNTLET_ASSERT(out.good());
  return path;
}

}  // namespace gauntlet::test
