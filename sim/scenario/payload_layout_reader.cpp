// Binary layouts: "u16be temperature * 100", "text GNT1", "pad 2", or a mapping with a value to be
// generated.

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "harness/config/object.hpp"
#include "sim/scenario/payload_parts_reader.hpp"
#include "sim/scenario/payload_value_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;
using type = layout_field::type;

constexpr std::uint32_t field_bytes_max = 4096;
constexpr std::size_t fields_max = 500;

/// The field that a word like "u16be", "i8", "f32le" or "u3" names.
std::optional<layout_field> number_type(std::string_view word) {
  layout_field made;
  if (word.empty()) return std::nullopt;
  switch (word[0]) {
    case 'u':
      made.as = type::unsigned_integer;
      break;
    case 'i':
      made.as = type::signed_integer;
      break;
    case 'f':
      made.as = type::real;
      break;
    default:
      return std::nullopt;
  }
  word.remove_prefix(1);
  const auto width = std::from_chars(word.data(), word.data() + word.size(), made.width_bits);
  if (width.ec != std::errc{}) return std::nullopt;
  word.remove_prefix(static_cast<std::size_t>(width.ptr - word.data()));
  const std::uint32_t bits = made.width_bits;
  made.little_endian = word == "le";
  if (made.as == type::real) {
    return (bits == 32 || bits == 64) && (word == "be" || word == "le") ? std::optional(made)
                                                                        : std::nullopt;
  }
  if (word.empty()) {
    const std::uint32_t least = made.as == type::signed_integer ? 2 : 1;
    return bits >= least && bits <= 8 ? std::optional(made) : std::nullopt;
  }
  const bool whole = bits == 16 || bits == 24 || bits == 32 || bits == 64;
  return whole && (word == "be" || word == "le") ? std::optional(made) : std::nullopt;
}

std::string unknown_type(std::string_view word) {
  std::vector<std::string> known{"text", "pad"};
  for (const char* letter : {"u", "i"}) {
    for (const char* width :
         {"8", "16be", "16le", "24be", "24le", "32be", "32le", "64be", "64le"}) {
      known.push_back(std::string(letter) + width);
    }
  }
  for (const char* real : {"f32be", "f32le", "f64be", "f64le"}) known.emplace_back(real);
  return "there is no field type '" + std::string(word) + "'" + config::suggest(word, known) +
         "; bit fields are u1 to u7 and i2 to i7";
}

/// A field whose type is known, as it is written in a mapping.
struct written_field {
  std::string type_word;
  value_generator value = constant_value{.literal = "0"};
  bool has_value = false;
  double times = 1;
  std::optional<std::uint32_t> size;
  payload_text text;
};

/// Turns the words of a "text" or a "pad" into what they are.
bool finish(const written_field& written, const config::node& from, layout_field& to,
            config::diagnostics& wrong) {
  const bool is_text = written.type_word == "text";
  if (is_text || written.type_word == "pad") {
    to.as = is_text ? type::text : type::padding;
    to.text = written.text;
    to.width_bits = 8 * written.size.value_or(is_text ? 0 : 1);
    return true;
  }
  const auto number = number_type(written.type_word);
  if (!number) {
    wrong.add(from, unknown_type(written.type_word));
    return false;
  }
  if (written.size) {
    wrong.add(from, "'size' is for text and pad; the type says how large a number is");
    return false;
  }
  to = *number;
  to.value = written.value;
  to.factor = written.times;
  return true;
}

/// What stands behind the type of a number: a number, or an expression of sensors.
bool read_expression(std::string_view text, written_field& to, const config::node& from,
                     config::diagnostics& wrong) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (text.empty()) {
    wrong.add(from,
              "a number or an expression is missing after the type, as in "
              "'u16be temperature * 100'");
    return false;
  }
  if (read.ec == std::errc{} && read.ptr == end) {
    to.value = constant_value{.text = {}, .literal = std::string(text)};
    return true;
  }
  auto formula = expression::parse(text);
  if (!formula) {
    wrong.add(from, formula.error().message);
    return false;
  }
  to.value = expression_signal{.formula = std::move(*formula), .decimals = 9};
  return true;
}

bool read_line(const config::node& from, layout_field& to, config::diagnostics& wrong) {
  const std::string_view line = from.scalar;
  const std::size_t gap = line.find(' ');
  const std::string_view rest =
      gap == std::string_view::npos ? std::string_view() : line.substr(gap + 1);
  written_field written{.type_word = std::string(line.substr(0, gap)), .size = {}, .text = {}};
  if (written.type_word == "text") {
    auto text = payload_text::parse(rest);
    if (!text) {
      wrong.add(from, text.error().message);
      return false;
    }
    written.text = std::move(*text);
  } else if (written.type_word == "pad") {
    std::uint32_t bytes = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), bytes);
    if (read.ec != std::errc{} || read.ptr != rest.data() + rest.size() || bytes == 0 ||
        bytes > field_bytes_max) {
      wrong.add(from, "write how many bytes of padding there are, from 1 to " +
                          std::to_string(field_bytes_max) + ", as in 'pad 2'");
      return false;
    }
    written.size = bytes;
  } else if (number_type(written.type_word) && !read_expression(rest, written, from, wrong)) {
    return false;
  }
  return finish(written, from, to, wrong);
}

config::reader<written_field> mapping_reader() {
  return object<written_field>("A field with a value that is generated")
      .required("type", &written_field::type_word, config::text({.length_min = 1}),
                "u8, u16be, i32le, f64be, ..., text or pad")
      .derived<value_generator>(
          "value", value_reader(),
          [](written_field& to, value_generator value) {
            to.value = std::move(value);
            to.has_value = true;
          },
          "A constant or a generator")
      .optional("times", &written_field::times, config::real(-1e12, 1e12),
                "The value is multiplied by it")
      .optional("size", &written_field::size, config::integer<std::uint32_t>(1, field_bytes_max),
                "Bytes of a text or of padding")
      .check([](const written_field& made, const config::node& from, config::diagnostics& wrong) {
        const auto* constant = std::get_if<constant_value>(&made.value);
        const bool text_value = constant != nullptr && constant->is_text;
        if (made.type_word == "pad") return;
        if (!made.has_value) {
          wrong.add(from, "the key 'value' is missing");
        } else if (text_value != (made.type_word == "text")) {
          wrong.add(*from.find("value"),
                    text_value ? "a number is wanted here, not a text" : "a text is wanted here");
        }
      })
      .build();
}

config::reader<layout_field> field_reader() {
  const config::reader<written_field> written = mapping_reader();
  config::reader<layout_field> made;
  made.schema = R"({"anyOf":[{"type":"string"},)" + written.schema + "]}";
  made.read = [read = written.read](const config::node& from, layout_field& to,
                                    config::diagnostics& wrong) {
    if (from.is == config::node::type::scalar) return read_line(from, to, wrong);
    written_field field;
    if (!read(from, field, wrong)) return false;
    if (const auto* constant = std::get_if<constant_value>(&field.value)) {
      field.text = constant->text;
    }
    return finish(field, from, to, wrong);
  };
  return made;
}

/// Bit fields fill whole bytes before anything else comes.
bool check_alignment(const std::vector<layout_field>& fields, const config::node& from,
                     config::diagnostics& wrong) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const layout_field& each = fields[i];
    if (each.width_bits % 8 == 0 && bits % 8 != 0) {
      wrong.add(from.items[i],
                "this field would begin in the middle of a byte; fill the byte with "
                "a bit field of " +
                    std::to_string(8 - bits % 8) + " bits, like 'u" + std::to_string(8 - bits % 8) +
                    " 0'");
      return false;
    }
    bits += each.width_bits;
  }
  if (bits % 8 == 0) return true;
  wrong.add(from, "the last byte is not full; add a bit field of " + std::to_string(8 - bits % 8) +
                      " bits, like 'u" + std::to_string(8 - bits % 8) + " 0'");
  return false;
}

}  // namespace

config::reader<layout_payload> layout_reader() {
  const auto all = config::list_of(field_reader(), 1, fields_max);
  config::reader<layout_payload> made;
  made.schema = all.schema;
  made.read = [read = all.read](const config::node& from, layout_payload& to,
                                config::diagnostics& wrong) {
    return read(from, to.fields, wrong) && check_alignment(to.fields, from, wrong);
  };
  return made;
}

}  // namespace gauntlet::sim
