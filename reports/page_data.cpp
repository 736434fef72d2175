#include "reports/page_data.hpp"

#include <array>
#include <utility>

namespace gauntlet::reports {
namespace {

constexpr std::array tone_names{"plain", "quiet", "notice", "alarm"};

}  // namespace

page_data& page_data::text(std::string_view key, std::string value) {
  texts_.insert_or_assign(std::string(key), std::move(value));
  return *this;
}

page_data& page_data::flag(std::string_view key, bool value) {
  flags_.insert_or_assign(std::string(key), value);
  return *this;
}

page_data& page_data::add(std::string_view key) { return lists_[std::string(key)].emplace_back(); }

page_data& page_data::figure(std::string_view key, const quantity& shown, std::string path,
                             std::string raw, tone how) {
  add(key)
      .text("number", shown.number)
      .text("unit", shown.unit)
      .flag("has_unit", !shown.unit.empty())
      .flag("has_path", !path.empty())
      .text("path", std::move(path))
      .text("raw", std::move(raw))
      .text("tone", tone_names[static_cast<std::size_t>(how)]);
  return *this;
}

}  // namespace gauntlet::reports
