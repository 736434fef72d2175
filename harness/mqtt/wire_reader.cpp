#include "harness/mqtt/wire_reader.hpp"

namespace gauntlet::mqtt {

void wire_reader::fail(const rule& broken, std::size_t offset, std::string_view subject) noexcept {
  if (error_) return;
  const citation& cited = is_v5() ? broken.v5 : broken.v3_1_1;
  error_ = decode_error{.rule = broken.says,
                        .section = cited.section,
                        .statement = cited.statement,
                        .subject = subject,
                        .offset = offset,
                        .kind = broken.kind,
                        .reason_code = broken.reason_code,
                        .version = version_};
  // Nothing is left to read, so that what comes next answers zero.
  at_ = end_;
}

std::uint32_t wire_reader::long_variable_byte_integer(std::string_view field) noexcept {
  const std::size_t start = at_;
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const std::uint8_t part = byte(field);
    if (!ok()) return 0;
    value |= static_cast<std::uint32_t>(part & 0x7FU) << shift;
    if ((part & 0x80U) == 0) {
      if (part == 0 && shift != 0) fail(rules::shortest_length, start, field);
      return value;
    }
  }
  fail(rules::four_length_bytes, start, field);
  return 0;
}

void wire_reader::check(std::string_view text, std::size_t offset,
                        std::string_view field) noexcept {
  const text_check found = check_text(text);
  if (found.fault == text_fault::none) return;
  fail(found.fault == text_fault::ill_formed ? rules::well_formed_text : rules::no_null_character,
       offset + found.offset, field);
}

void wire_reader::check_topic_name(std::string_view text, std::size_t offset,
                                   std::string_view field, const rule& no_wildcard) noexcept {
  check(text, offset, field);
  const std::size_t wildcard = find_wildcard(text);
  if (wildcard != std::string_view::npos) fail(no_wildcard, offset + wildcard, field);
}

}  // namespace gauntlet::mqtt
