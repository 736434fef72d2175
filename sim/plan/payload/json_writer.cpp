// JSON, RFC 8259. A decimal has the digits that were asked for, trailing zeros included.

#include <algorithm>
#include <string>

#include "harness/config/json_text.hpp"
#include "sim/plan/payload/document_writer.hpp"

namespace gauntlet::sim {
namespace {

void append(byte_buffer& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

class json final : public document_writer {
 public:
  void open_object(std::size_t, byte_buffer& out) const override { out.push_back('{'); }
  void open_list(std::size_t, byte_buffer& out) const override { out.push_back('['); }
  void next(byte_buffer& out) const override { out.push_back(','); }
  void name(std::string_view text, byte_buffer& out) const override {
    append(out, config::json_quote(text));
    out.push_back(':');
  }
  void close_object(byte_buffer& out) const override { out.push_back('}'); }
  void close_list(byte_buffer& out) const override { out.push_back(']'); }

  void put(const payload_value& value, byte_buffer& out) const override {
    switch (value.is) {
      case payload_value::type::null:
        return append(out, "null");
      case payload_value::type::boolean:
        return append(out, value.truth ? "true" : "false");
      case payload_value::type::integer:
      case payload_value::type::decimal: {
        value_digits digits;
        return append(out, write_number(value, digits));
      }
      case payload_value::type::text: {
        const std::size_t begin = out.size();
        append(out, value.text);
        return seal_text(out, begin);
      }
    }
  }

  void seal_text(byte_buffer& out, std::size_t begin) const override {
    const byte_view text = byte_view(out).subspan(begin);
    const bool plain = std::none_of(
        text.begin(), text.end(), [](std::uint8_t c) { return c < 0x20 || c == '"' || c == '\\'; });
    if (plain) {
      out.insert(out.begin() + static_cast<std::ptrdiff_t>(begin), '"');
      out.push_back('"');
      return;
    }
    const std::string quoted = config::json_quote(as_text(text));
    out.resize(begin);
    append(out, quoted);
  }

  std::uint32_t open_stamped(std::size_t, byte_buffer& out) const override {
    append(out, json_stamp_prefix);
    const std::size_t at = out.size();
    out.resize(at + stamp_size_digits);
    out.push_back('"');
    return static_cast<std::uint32_t>(at);
  }
  stamp_layout::encoding stamp_encoding() const override {
    return stamp_layout::encoding::hexadecimal;
  }
};

}  // namespace

const document_writer& json_writer() {
  static const json writer;
  return writer;
}

}  // namespace gauntlet::sim
