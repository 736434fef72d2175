#pragma once

// What is wrong with an input file, each with its place. Loading goes on after an error, so that a
// user sees all of them at once.

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

#include "harness/base/result.hpp"

namespace gauntlet::config {

/// Line and column in a file, both counted from 1; line 0 means the file as a whole.
struct place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const place&) const = default;
};

/// One thing that is wrong.
struct diagnostic {
  std::string file;
  place at;
  std::string message;
  bool operator==(const diagnostic&) const = default;
};

/// "file:line:column: message", or "file: message" without a line.
std::string to_string(const diagnostic& what);

/// A loaded model, or everything that is wrong with its file (never empty, in file order).
template <class T>
using loaded = boost::system::result<T, std::vector<diagnostic>>;

/// All diagnostics, one a line, as the failure that ends a command with exit code 2.
failure to_failure(std::span<const diagnostic> all);

struct node;

/// Collects what is wrong while one file is loaded.
class diagnostics {
 public:
  explicit diagnostics(std::string file) : file_(std::move(file)) {}

  void add(place at, std::string message);
  /// At the node's place, with its path in front: "fleet[0].count: message".
  void add(const node& at, const std::string& message);

  bool empty() const { return all_.empty(); }
  std::size_t count() const { return all_.size(); }
  /// In file order; past the first `shown_max` only their number is told.
  std::vector<diagnostic> take();

  static constexpr std::size_t shown_max = 100;

 private:
  std::string file_;
  std::vector<diagnostic> all_;
};

}  // namespace gauntlet::config
