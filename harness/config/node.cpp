#include "harness/config/node.hpp"

#include <fstream>
#include <iterator>
#include <system_error>

namespace gauntlet::config {

const node* node::find(std::string_view key) const {
  for (const member& each : members) {
    if (each.key == key) return &each.value;
  }
  return nullptr;
}

std::string node::describe() const {
  switch (is) {
    case type::null:
      return "nothing";
    case type::sequence:
      return "a list";
    case type::mapping:
      return "a mapping";
    case type::scalar:
      break;
  }
  constexpr std::size_t shown_max = 60;
  if (scalar.size() <= shown_max) return "'" + scalar + "'";
  std::size_t shown = shown_max;
  while ((static_cast<unsigned char>(scalar[shown]) & 0xc0U) == 0x80U) --shown;
  return "'" + scalar.substr(0, shown) + "...'";
}

bool read_text_file(const std::filesystem::path& file, std::size_t size_bytes_max,
                    std::string& text, diagnostics& wrong, std::uint32_t number) {
  const place whole{.file = number};
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) {
    wrong.add(whole, "there is no such file");
    return false;
  }
  if (!std::filesystem::is_regular_file(status)) {
    wrong.add(whole, "this is not a regular file");
    return false;
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    wrong.add(whole, "the file cannot be opened for reading");
    return false;
  }
  text.resize(size_bytes_max + 1);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) {
    wrong.add(whole, "the file cannot be read");
    return false;
  }
  // A file over the limit is refused by parse_yaml, which sees one byte too many.
  return true;
}

}  // namespace gauntlet::config
