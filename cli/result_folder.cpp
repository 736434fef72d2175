#include "cli/result_folder.hpp"

#include <cerrno>
#include <chrono>
#include <ctime>
#include <fstream>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/record/json.hpp"
#include "reports/html.hpp"
#include "reports/junit.hpp"
#include "reports/markdown.hpp"

namespace gauntlet::cli {

outcome<std::filesystem::path> make_result_folder(const std::filesystem::path& wanted,
                                                  std::string_view name) {
  std::filesystem::path folder = wanted;
  std::error_code error;
  if (folder.empty()) {
    const std::string stem =
        fmt::format("results/{}-{:%Y%m%d-%H%M%S}", name, fmt::gmtime(std::time(nullptr)));
    folder = stem;
    for (int i = 2; std::filesystem::exists(folder, error); ++i) {
      folder = fmt::format("{}-{}", stem, i);
    }
  }
  if (std::filesystem::exists(folder / "result.json", error)) {
    return bad_input(fmt::format("{} already holds a result; choose another folder with --out",
                                 folder.string()));
  }
  std::filesystem::create_directories(folder, error);
  if (error) {
    return bad_input(
        fmt::format("cannot make the folder {}: {}", folder.string(), error.message()));
  }
  // Better now than after an hour's run.
  const std::filesystem::path attempt = folder / "result.json.attempt";
  const auto written = write_text(attempt, "");
  std::filesystem::remove(attempt, error);
  if (!written) {
    return bad_input(fmt::format("the results have no place: {}; choose another folder with --out",
                                 written.error().message));
  }
  return folder;
}

void remove_if_empty(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::remove(folder / "broker", ignored);  // neither is removed if it holds something
  std::filesystem::remove(folder, ignored);
}

outcome<void> write_text(const std::filesystem::path& file, std::string_view text) {
  errno = 0;
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (out) return {};
  const std::string reason = std::generic_category().message(errno == 0 ? EIO : errno);
  return environment_failed(fmt::format("cannot write {}: {}", file.string(), reason));
}

outcome<void> write_results(const std::filesystem::path& folder, const record::run_result& run) {
  if (const auto done = record::write_run_result(folder / "result.json", run); !done) return done;
  if (const auto done = write_text(folder / "report.html", reports::to_html(run)); !done) {
    return done;
  }
  if (const auto done = write_text(folder / "junit.xml", reports::to_junit(run)); !done) {
    return done;
  }
  return write_text(folder / "summary.md", reports::to_markdown(run));
}

}  // namespace gauntlet::cli
