#include "harness/config/diagnostic.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "harness/config/node.hpp"

namespace gauntlet::config {

std::string to_string(const diagnostic& what) {
  std::string text = what.file + ":";
  if (what.at.line != 0) {
    text += std::to_string(what.at.line) + ":" + std::to_string(what.at.column) + ":";
  }
  return text + " " + what.message;
}

failure to_failure(std::span<const diagnostic> all) {
  std::string text;
  for (const diagnostic& one : all) {
    if (!text.empty()) text += '\n';
    text += to_string(one);
  }
  return bad_input(std::move(text));
}

std::uint32_t diagnostics::add_file(std::string file) {
  files_.push_back(std::move(file));
  return static_cast<std::uint32_t>(files_.size() - 1);
}

void diagnostics::add(place at, std::string message) { all_.push_back({at, std::move(message)}); }

void diagnostics::add(const node& at, const std::string& message) {
  add(at.at, at.path.empty() ? message : at.path + ": " + message);
}

std::vector<diagnostic> diagnostics::take() {
  std::stable_sort(all_.begin(), all_.end(), [](const entry& a, const entry& b) {
    return std::tie(a.at.file, a.at) < std::tie(b.at.file, b.at);
  });
  const std::size_t shown = std::min(all_.size(), shown_max);
  std::vector<diagnostic> taken;
  for (std::size_t i = 0; i < shown; ++i) {
    taken.push_back({files_[all_[i].at.file], all_[i].at, std::move(all_[i].message)});
  }
  if (all_.size() > shown) {
    taken.push_back({files_[0], {}, "and " + std::to_string(all_.size() - shown) + " more errors"});
  }
  all_.clear();
  return taken;
}

std::filesystem::path resolve_path(const node& from, std::string_view given,
                                   const diagnostics& wrong) {
  return std::filesystem::path(wrong.files()[from.at.file]).parent_path() / given;
}

}  // namespace gauntlet::config
