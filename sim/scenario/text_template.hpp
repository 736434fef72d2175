#pragma once

// Texts with placeholders, from which each device derives its names: "home/{group}/{index:05}".

#include <bitset>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/base/units.hpp"

namespace gauntlet::sim {

/// What may stand between braces.
enum class placeholder : std::uint8_t {
  group,      ///< the group's name
  index,      ///< the device's number within its group, from 0
  device,     ///< the device's number within the whole fleet, from 0
  seed,       ///< the scenario's seed
  client_id,  ///< the device's client identifier; not within client_id itself
};
inline constexpr std::size_t placeholder_count = 5;

/// One device's values of the placeholders.
struct template_values {
  std::string_view group;
  std::uint32_t index = 0;
  std::uint32_t device = 0;
  std::uint64_t seed = 0;
  std::string_view client_id;
};

/// A parsed template. Numbers may be padded with zeros to 1 to 20 digits, as in "{index:05}"; "{{"
/// and "}}" stand for the braces themselves.
class text_template {
 public:
  /// The empty text.
  text_template() = default;

  /// Parses; the error says which placeholders there are.
  static unit_result<text_template> parse(std::string_view source);

  /// Of each device the text that stands at its index; the list must have one for each. Texts that
  /// are made of it differ by device.
  static text_template listed(std::shared_ptr<const std::vector<std::string>> texts);

  /// The text as the user wrote it.
  const std::string& source() const { return source_; }

  void append_to(std::string& out, const template_values& values) const;
  void append_to(byte_buffer& out, const template_values& values) const;
  std::string expand(const template_values& values) const;

  /// This template with the one of client identifiers in the place of {client_id}, so that nobody
  /// has to make the identifier first.
  text_template with_client_id(const text_template& client_id) const;

  /// The text with `mark` in the place of each number that differs from device to device. The
  /// template must not use {client_id}.
  std::string pattern(const template_values& values, char mark) const;

  bool uses(placeholder which) const { return uses_[static_cast<std::size_t>(which)]; }
  /// Whether it has no placeholder at all.
  bool is_constant() const { return uses_.none(); }
  /// Whether two devices of one group get different texts.
  bool differs_by_device() const {
    return uses(placeholder::index) || uses(placeholder::device) || uses(placeholder::client_id);
  }

  bool operator==(const text_template& other) const { return source_ == other.source_; }

 private:
  /// Literal text, then a placeholder (unless it is the last piece).
  struct piece {
    std::string literal;
    bool has_placeholder = false;
    placeholder which = placeholder::group;
    std::uint8_t digits_min = 0;
    std::shared_ptr<const std::vector<std::string>> listed = nullptr;  ///< in place of the index
  };

  template <class Out>
  void append_pieces(Out& out, const template_values& values) const;
  static unit_result<piece> parse_placeholder(std::string_view source, std::string_view inside);

  std::string source_;
  std::vector<piece> pieces_;
  std::bitset<placeholder_count> uses_;
};

}  // namespace gauntlet::sim
