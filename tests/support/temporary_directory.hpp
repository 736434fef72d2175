#pragma once

// A folder for the files of one test.

#include <filesystem>
#include <string>
#include <string_view>

namespace gauntlet::test {

/// A new, empty folder, removed with all its files at the end.
class temporary_directory {
 public:
  temporary_directory();
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  ~temporary_directory();

  const std::filesystem::path& path() const { return path_; }
  /// The path of a file in it, which need not exist.
  std::string file(std::string_view name) const { return (path_ / name).string(); }
  /// Writes a file and answers its path.
  std::string write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

}  // namespace gauntlet::test
