#include "harness/config/diagnostic.hpp"

#include <algorithm>
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

void diagnostics::add(place at, std::string message) {
  all_.push_back({file_, at, std::move(message)});
}

void diagnostics::add(const node& at, const std::string& message) {
  add(at.at, at.path.empty() ? message : at.path + ": " + message);
}

std::vector<diagnostic> diagnostics::take() {
  std::stable_sort(all_.begin(), all_.end(),
                   [](const diagnostic& a, const diagnostic& b) { return a.at < b.at; });
  if (all_.size() > shown_max) {
    const std::string left_out = std::to_string(all_.size() - shown_max);
    all_.resize(shown_max);
    all_.push_back({file_, {}, "and " + left_out + " more errors"});
  }
  return std::move(all_);
}

}  // namespace gauntlet::config
