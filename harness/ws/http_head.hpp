#pragma once

// The head of one HTTP/1.1 message: just enough of RFC 9112 for a WebSocket upgrade, and no more
// HTTP than that.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/bytes.hpp"

namespace gauntlet::ws {

/// Heads longer than this are refused by either end.
inline constexpr std::size_t head_bytes_max = 8192;

/// Collects the bytes of a head cut anywhere, up to the blank line that ends it.
class head_collector {
 public:
  enum class progress : std::uint8_t { incomplete, complete, too_long };

  /// Takes bytes off the front of `input`; what follows the blank line is left there.
  progress take(byte_view& input);
  /// What has been collected, the blank line included.
  std::string_view text() const { return text_; }

 private:
  std::string text_;
};

/// A head in its parts; views into the text it was read from.
struct http_head {
  std::string_view start_line;
  std::vector<std::pair<std::string_view, std::string_view>> fields;

  /// The values of all fields of that name, in any case of letters, joined by ", " as RFC 9110
  /// §5.3 allows. None: there is no such field.
  std::optional<std::string> find(std::string_view name) const;
  /// Whether the comma-separated list in the fields of that name has `token`, in any case of
  /// letters.
  bool lists(std::string_view name, std::string_view token) const;
};

/// Splits a complete head. None: some line is not "name: value".
std::optional<http_head> parse_head(std::string_view text);

/// The elements of a comma-separated list without the spaces around them; empty ones are left out.
std::vector<std::string_view> split_list(std::string_view list);

/// Whether two ASCII texts are the same but for the case of letters.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace gauntlet::ws
