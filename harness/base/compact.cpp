#include "harness/base/compact.hpp"

namespace gauntlet {

void compact_writer::number(std::uint64_t value) {
  while (value >= 0x80) {
    out_.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out_.push_back(static_cast<std::uint8_t>(value));
}

void compact_writer::text(std::string_view value) {
  number(value.size());
  out_.insert(out_.end(), value.begin(), value.end());
}

std::uint64_t compact_reader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
    const std::uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return failed_ ? 0 : value;
  }
  failed_ = true;
  return 0;
}

std::uint64_t compact_reader::count() {
  const std::uint64_t value = number();
  if (value > bytes_.size()) failed_ = true;
  return failed_ ? 0 : value;
}

std::string compact_reader::text() {
  const std::uint64_t size = count();
  std::string value(as_text(bytes_.first(size)));
  bytes_ = bytes_.subspan(size);
  return value;
}

}  // namespace gauntlet
