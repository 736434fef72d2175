#pragma once

// Looks one scalar up in a JSON text by a JSON Pointer (RFC 6901). Reads only as far as it must,
// stores no document, and is bounded in depth: fit for payloads of strangers.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace gauntlet {

/// null, true or false, a whole number that fits 64 bits, another number, a text.
using json_scalar = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// Arrays and objects within each other, at most; deeper texts have no answer.
inline constexpr unsigned json_depth_max = 64;

/// Whether `pointer` is written as RFC 6901 says: empty, or parts that each begin with '/', in
/// which
/// "~0" stands for '~' and "~1" for '/'.
bool is_json_pointer(std::string_view pointer);

/// The scalar at `pointer`; none if there is none, if an array or object stands there, or if the
/// text up to there is no JSON. Of equal names in one object the first counts.
std::optional<json_scalar> find_json(std::string_view json, std::string_view pointer);

}  // namespace gauntlet
