// Files as payloads, read when the scenario is loaded.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "harness/base/units.hpp"
#include "sim/scenario/payload_parts_reader.hpp"

namespace gauntlet::sim {
namespace {

namespace fs = std::filesystem;

/// All files of one publication together.
constexpr std::uint64_t all_files_max = 64U << 20U;

class file_gatherer {
 public:
  explicit file_gatherer(config::diagnostics& wrong) : wrong_(wrong) {}

  /// A file, or the files of a folder in the order of their names.
  bool add(const config::node& from) {
    if (from.is != config::node::type::scalar || from.scalar.empty()) {
      wrong_.add(from, "expected the path of a file or folder, not " + from.describe());
      return false;
    }
    const fs::path path = config::resolve_path(from, from.scalar, wrong_);
    std::error_code error;
    if (!fs::is_directory(path, error)) return read(from, path);
    std::vector<fs::path> inside;
    for (fs::directory_iterator each(path, error), end; !error && each != end;
         each.increment(error)) {
      if (each->is_regular_file(error)) inside.push_back(each->path());
    }
    if (inside.empty()) {
      wrong_.add(from, "there is no file in the folder '" + path.string() + "'");
      return false;
    }
    std::sort(inside.begin(), inside.end());
    return std::all_of(inside.begin(), inside.end(),
                       [&](const fs::path& file) { return read(from, file); });
  }

  file_payload take() {
    return {.names = std::move(names_),
            .contents = std::make_shared<const std::vector<byte_buffer>>(std::move(contents_))};
  }

 private:
  bool read(const config::node& from, const fs::path& file) {
    std::error_code error;
    const std::uint64_t size = fs::file_size(file, error);
    std::ifstream in(file, std::ios::binary);
    if (error || !in) {
      wrong_.add(from, "the file '" + file.string() +
                           "' cannot be read: " + (error ? error.message() : "no permission"));
      return false;
    }
    all_bytes_ += size;
    if (size > payload_size_max || all_bytes_ > all_files_max) {
      wrong_.add(from, "'" + file.string() + "' is too large: a payload has at most " +
                           format_size(payload_size_max) + ", all files of a publication " +
                           format_size(all_files_max));
      return false;
    }
    byte_buffer bytes(size);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
    if (static_cast<std::uint64_t>(in.gcount()) != size) {
      wrong_.add(from, "the file '" + file.string() + "' cannot be read whole");
      return false;
    }
    names_.push_back(file.filename().string());
    contents_.push_back(std::move(bytes));
    return true;
  }

  config::diagnostics& wrong_;
  std::vector<std::string> names_;
  std::vector<byte_buffer> contents_;
  std::uint64_t all_bytes_ = 0;
};

}  // namespace

config::reader<file_payload> file_reader() {
  config::reader<file_payload> made;
  made.schema = R"({"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"},)"
                R"("minItems":1}]})";
  made.read = [](const config::node& from, file_payload& to, config::diagnostics& wrong) {
    file_gatherer files(wrong);
    bool good = true;
    if (from.is != config::node::type::sequence) {
      good = files.add(from);
    } else if (from.items.empty()) {
      wrong.add(from, "expected at least one file");
      return false;
    }
    for (const config::node& each : from.items) good = files.add(each) && good;
    if (good) to = files.take();
    return good;
  };
  return made;
}

}  // namespace gauntlet::sim
