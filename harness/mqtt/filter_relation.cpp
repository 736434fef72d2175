#include "harness/mqtt/filter_relation.hpp"

#include <algorithm>

namespace gauntlet::mqtt {
namespace {

// The levels of a filter, one after the other.
class levels {
 public:
  explicit levels(std::string_view filter) : rest_(filter) {}

  bool at_end() const { return at_end_; }
  std::string_view current() const { return rest_.substr(0, rest_.find('/')); }
  void next() {
    const std::size_t slash = rest_.find('/');
    at_end_ = slash == std::string_view::npos;
    rest_.remove_prefix(at_end_ ? rest_.size() : slash + 1);
  }
  /// "#" stands for its parent level as well.
  bool nothing_but_wildcard_left() const { return !at_end_ && rest_ == "#"; }

 private:
  std::string_view rest_;
  bool at_end_ = false;
};

// A wildcard in the first level never reaches a name that begins with "$" [MQTT-4.7.2-1].
bool parted_by_dollar(std::string_view with_wildcard, std::string_view with_dollar) {
  return with_dollar.starts_with('$') &&
         (with_wildcard.starts_with('+') || with_wildcard.starts_with('#'));
}

}  // namespace

bool covers(std::string_view wide, std::string_view narrow) {
  if (parted_by_dollar(wide, narrow)) return false;
  levels of_wide(wide);
  levels of_narrow(narrow);
  for (; !of_wide.at_end() && !of_narrow.at_end(); of_wide.next(), of_narrow.next()) {
    const std::string_view wide_level = of_wide.current();
    const std::string_view narrow_level = of_narrow.current();
    if (wide_level == "#") return true;
    if (narrow_level == "#") return false;
    if (wide_level != "+" && wide_level != narrow_level) return false;
  }
  return of_narrow.at_end() && (of_wide.at_end() || of_wide.nothing_but_wildcard_left());
}

bool overlap(std::string_view a, std::string_view b) {
  if (parted_by_dollar(a, b) || parted_by_dollar(b, a)) return false;
  // All they have in common is the empty name, which no message has.
  if ((a == "+" && b == "/#") || (a == "/#" && b == "+")) return false;
  levels of_a(a);
  levels of_b(b);
  for (; !of_a.at_end() && !of_b.at_end(); of_a.next(), of_b.next()) {
    const std::string_view a_level = of_a.current();
    const std::string_view b_level = of_b.current();
    if (a_level == "#" || b_level == "#") return true;
    if (a_level != "+" && b_level != "+" && a_level != b_level) return false;
  }
  return (of_a.at_end() || of_a.nothing_but_wildcard_left()) &&
         (of_b.at_end() || of_b.nothing_but_wildcard_left());
}

}  // namespace gauntlet::mqtt
