#pragma once

// What is wrong with an input file, each with its place. Loading goes on after an error, so that a
// user sees all of them at once.

#include <compare>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "harness/base/result.hpp"

namespace gauntlet::config {

/// Line and column in a file, both counted from 1; line 0 means the file as a whole.
struct place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t file = 0;  ///< which of the files of diagnostics::files()
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

/// Collects what is wrong while one file is loaded, and the files that it includes.
class diagnostics {
 public:
  explicit diagnostics(std::string file) : files_{std::move(file)} {}

  /// Another file that is read now; the answer is its number in places.
  std::uint32_t add_file(std::string file);
  /// Names of all files, by their number in places.
  const std::vector<std::string>& files() const { return files_; }

  void add(place at, std::string message);
  /// At the node's place, with its path in front: "fleet[0].count: message".
  void add(const node& at, const std::string& message);

  bool empty() const { return all_.empty(); }
  std::size_t count() const { return all_.size(); }
  /// File by file, each in its order; past the first `shown_max` only their number is told.
  std::vector<diagnostic> take();

  static constexpr std::size_t shown_max = 100;

 private:
  struct entry {
    place at;
    std::string message;
  };

  std::vector<std::string> files_;
  std::vector<entry> all_;
};

/// A path that stands in a file of the user's: relative to that file's folder, not to where the
/// program runs.
std::filesystem::path resolve_path(const node& from, std::string_view given,
                                   const diagnostics& wrong);

}  // namespace gauntlet::config
