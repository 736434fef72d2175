#pragma once

// What a template is filled with: texts, flags and lists by name. Says nothing of how it will look;
// private to reports.

#include <list>
#include <map>
#include <string>
#include <string_view>

#include "reports/figures.hpp"

namespace gauntlet::reports {

/// One level of a template's data. A name not found is looked up one level out, as in all mustache
/// templates; figures therefore always carry all their names.
class page_data {
 public:
  page_data& text(std::string_view key, std::string value);
  page_data& flag(std::string_view key, bool value);

  /// A new item at the end of list `key`; the reference holds as long as this level. A list of one
  /// serves for a part that may be missing.
  page_data& add(std::string_view key);

  /// How a figure is shown: as any other; dimmed, for a zero that is as it should be; marked, for
  /// one that had better be zero; marked more strongly, for one that must be zero and is not.
  enum class tone { plain, quiet, notice, alarm };

  /// A number on the page that a test can find: `path` says where in result.json it stands (a JSON
  /// pointer, `*` for the sum over a list), `raw` is its value there.
  page_data& figure(std::string_view key, const quantity& shown, std::string path, std::string raw,
                    tone how = tone::plain);

  const std::map<std::string, std::string, std::less<>>& texts() const { return texts_; }
  const std::map<std::string, bool, std::less<>>& flags() const { return flags_; }
  const std::map<std::string, std::list<page_data>, std::less<>>& lists() const { return lists_; }

 private:
  std::map<std::string, std::string, std::less<>> texts_;
  std::map<std::string, bool, std::less<>> flags_;
  std::map<std::string, std::list<page_data>, std::less<>> lists_;
};

/// Fills the template `name` (of reports/templates, without its ending); the others are its
/// partials. Texts are escaped for HTML but where the template says `{{{`.
std::string render(std::string_view name, const page_data& data);

/// A style sheet or script of reports/templates by its file name, which must be one.
std::string asset(std::string_view name);

}  // namespace gauntlet::reports
