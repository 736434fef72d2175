#include "sim/scenario/text_template.hpp"

#include <array>
#include <optional>
#include <utility>

namespace gauntlet::sim {
namespace {

constexpr std::array<std::pair<std::string_view, placeholder>, placeholder_count> names{
    {{"group", placeholder::group},
     {"index", placeholder::index},
     {"device", placeholder::device},
     {"seed", placeholder::seed},
     {"client_id", placeholder::client_id}}};

std::optional<placeholder> placeholder_named(std::string_view name) {
  for (const auto& [known, which] : names) {
    if (known == name) return which;
  }
  return std::nullopt;
}

bool is_number(placeholder which) {
  return which == placeholder::index || which == placeholder::device || which == placeholder::seed;
}

unit_error wrong(std::string_view source, const std::string& what) {
  return {"'" + std::string(source.substr(0, 60)) + "': " + what};
}

template <class Out>
void append(Out& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

template <class Out>
void append_number(Out& out, std::uint64_t number, std::size_t digits_min) {
  std::array<char, 20> digits;
  std::size_t begin = digits.size();
  do {
    digits[--begin] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (digits.size() - begin < digits_min) digits[--begin] = '0';
  append(out, std::string_view(digits.data() + begin, digits.size() - begin));
}

}  // namespace

unit_result<text_template> text_template::parse(std::string_view source) {
  text_template made;
  made.source_ = source;
  std::string literal;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const char c = source[i];
    const bool doubled = i + 1 < source.size() && source[i + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
      literal += c;
      ++i;
    } else if (c == '{') {
      const std::size_t end = source.find('}', i);
      if (end == std::string_view::npos) return wrong(source, "a '{' is never closed");
      auto made_piece = parse_placeholder(source, source.substr(i + 1, end - i - 1));
      if (!made_piece) return made_piece.error();
      made_piece->literal = std::exchange(literal, {});
      made.uses_.set(static_cast<std::size_t>(made_piece->which));
      made.pieces_.push_back(std::move(*made_piece));
      i = end;
    } else if (c == '}') {
      return wrong(source, "a '}' without its '{'; write }} for the brace itself");
    } else {
      literal += c;
    }
  }
  if (!literal.empty()) made.pieces_.push_back({.literal = std::move(literal)});
  return made;
}

unit_result<text_template::piece> text_template::parse_placeholder(std::string_view source,
                                                                   std::string_view inside) {
  const std::size_t colon = inside.find(':');
  const std::string_view name = inside.substr(0, colon);
  const auto which = placeholder_named(name);
  if (!which) {
    return wrong(source, "there is no placeholder {" + std::string(name) +
                             "}; there are {group}, {index}, {device}, {seed} and {client_id}, and "
                             "{{ for the brace itself");
  }
  piece made{.has_placeholder = true, .which = *which};
  if (colon == std::string_view::npos) return made;
  const std::string_view padding = inside.substr(colon + 1);
  unsigned digits = 0;
  bool good = padding.size() >= 2 && padding.size() <= 3 && padding[0] == '0';
  for (const char c : padding) {
    good = good && c >= '0' && c <= '9';
    digits = digits * 10 + static_cast<unsigned char>(c - '0');
  }
  if (!good || !is_number(*which) || digits < 1 || digits > 20) {
    return wrong(source,
                 "after the colon only zero padding to 1 to 20 digits of a number is "
                 "possible, like {index:05}");
  }
  made.digits_min = static_cast<std::uint8_t>(digits);
  return made;
}

text_template text_template::listed(std::shared_ptr<const std::vector<std::string>> texts) {
  text_template made;
  made.source_ = "(of the file)";
  made.uses_.set(static_cast<std::size_t>(placeholder::index));
  made.pieces_.push_back(
      {.has_placeholder = true, .which = placeholder::index, .listed = std::move(texts)});
  return made;
}

text_template text_template::with_client_id(const text_template& client_id) const {
  if (!uses(placeholder::client_id)) return *this;
  text_template made;
  made.source_ = source_;
  for (const piece& each : pieces_) {
    made.pieces_.push_back(each);
    if (!each.has_placeholder || each.which != placeholder::client_id) continue;
    made.pieces_.back().has_placeholder = false;
    made.pieces_.insert(made.pieces_.end(), client_id.pieces_.begin(), client_id.pieces_.end());
  }
  made.uses_ = uses_ | client_id.uses_;
  made.uses_.reset(static_cast<std::size_t>(placeholder::client_id));
  return made;
}

std::string text_template::pattern(const template_values& values, char mark) const {
  std::string out;
  for (const piece& each : pieces_) {
    out += each.literal;
    if (!each.has_placeholder) continue;
    if (each.which == placeholder::group) {
      out += values.group;
    } else if (each.which == placeholder::seed) {
      append_number(out, values.seed, each.digits_min);
    } else {
      out += mark;
    }
  }
  return out;
}

template <class Out>
void text_template::append_pieces(Out& out, const template_values& values) const {
  for (const piece& each : pieces_) {
    append(out, each.literal);
    if (!each.has_placeholder) continue;
    switch (each.which) {
      case placeholder::group:
        append(out, values.group);
        break;
      case placeholder::index:
        if (each.listed) {
          if (values.index < each.listed->size()) append(out, (*each.listed)[values.index]);
          break;
        }
        append_number(out, values.index, each.digits_min);
        break;
      case placeholder::device:
        append_number(out, values.device, each.digits_min);
        break;
      case placeholder::seed:
        append_number(out, values.seed, each.digits_min);
        break;
      case placeholder::client_id:
        append(out, values.client_id);
        break;
    }
  }
}

void text_template::append_to(std::string& out, const template_values& values) const {
  append_pieces(out, values);
}

void text_template::append_to(byte_buffer& out, const template_values& values) const {
  append_pieces(out, values);
}

std::string text_template::expand(const template_values& values) const {
  std::string out;
  append_to(out, values);
  return out;
}

}  // namespace gauntlet::sim
