#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <kainjow/mustache.hpp>

#include "harness/base/assert.hpp"
#include "harness/base/embedded_file.hpp"
#include "reports/page_data.hpp"

namespace gauntlet::reports {

// Defined by the build: the files of reports/templates that end in .mustache, and the others with
// Chart.js.
std::vector<embedded_file> templates();
std::vector<embedded_file> assets();

namespace {

namespace ms = kainjow::mustache;

constexpr std::string_view ending = ".mustache";

ms::data converted(const page_data& from) {
  ms::data to;
  for (const auto& [key, value] : from.texts()) to.set(key, value);
  for (const auto& [key, value] : from.flags()) to.set(key, value);
  for (const auto& [key, items] : from.lists()) {
    ms::data list(ms::data::type::list);
    for (const auto& item : items) list << converted(item);
    to.set(key, list);
  }
  return to;
}

}  // namespace

std::string render(std::string_view name, const page_data& data) {
  auto root = converted(data);
  std::string whole;
  for (const auto& file : templates()) {
    const auto file_name = file.name.substr(0, file.name.size() - ending.size());
    const std::string content(file.content);
    if (file_name == name) whole = content;
    // Partials and data share one name space; a list of that name would silently vanish.
    GAUNTLET_ASSERT(!data.lists().contains(file_name) && !data.texts().contains(file_name));
    root.set(std::string(file_name), ms::partial([content] { return content; }));
  }
  ms::mustache page(whole);
  GAUNTLET_ASSERT(!whole.empty() && page.is_valid());
  return page.render(root);
}

std::string asset(std::string_view name) {
  const auto files = assets();
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const embedded_file& file) { return file.name == name; });
  GAUNTLET_ASSERT(found != files.end());
  return std::string(found->content);
}

}  // namespace gauntlet::reports
