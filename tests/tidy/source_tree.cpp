#include "tests/tidy/source_tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace gauntlet::tidy {
namespace {

namespace fs = std::filesystem;

bool is_skipped_folder(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return (name.starts_with('.') && name != ".ci") || name == "build" || name == "results" ||
         fs::exists(folder / "CMakeCache.txt");
}

source_file read_file(const fs::path& file, const fs::path& root) {
  std::ifstream in(file, std::ios::binary);
  return {
      .path = file.lexically_relative(root).generic_string(),
      .text = std::string(std::istreambuf_iterator<char>(in), {}),
      .executable = (fs::status(file).permissions() & fs::perms::owner_exec) != fs::perms::none};
}

}  // namespace

void PrintTo(const finding& found, std::ostream* out) {
  *out << found.path << ':';
  if (found.line > 0) *out << found.line << ':';
  *out << ' ' << found.message << '\n';
}

std::vector<source_file> read_source_tree() {
  const fs::path root = GAUNTLET_SOURCE_FOLDER;
  std::vector<source_file> files;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::end(entry); ++entry) {
    if (entry->is_directory() && is_skipped_folder(entry->path())) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file() && !entry->is_symlink() &&
               entry->path().filename() != ".git") {  // a file in a linked work tree
      source_file file = read_file(entry->path(), root);
      // Pictures and fuzz corpora are not text.
      if (file.text.find('\0') == file.text.npos) files.push_back(std::move(file));
    }
  }
  std::sort(files.begin(), files.end(),
            [](const source_file& a, const source_file& b) { return a.path < b.path; });
  return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view folder_of(std::string_view path) {
  std::size_t end = path.find('/');
  if (end == path.npos) return {};
  // Fuzz targets are tests: not part of what they are about.
  if (constexpr std::string_view targets = "fuzz/targets"; path.starts_with("fuzz/targets/")) {
    return targets;
  }
  if (path.substr(0, end) == "harness") end = path.find('/', end + 1);
  return end == path.npos ? std::string_view("harness") : path.substr(0, end);
}

bool is_header(std::string_view path) { return path.ends_with(".hpp") || path.ends_with(".h"); }

bool is_cpp(std::string_view path) {
  return is_header(path) || path.ends_with(".cpp") || path.ends_with(".cc");
}

}  // namespace gauntlet::tidy
