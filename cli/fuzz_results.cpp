#include "cli/fuzz_results.hpp"

#include <utility>

#include "cli/result_folder.hpp"
#include "reports/fuzz/fuzz_reports.hpp"

namespace gauntlet::cli {

outcome<void> write_fuzz_results(const std::filesystem::path& folder,
                                 const record::fuzz_result& result) {
  for (const auto& [name, text] : {std::pair("result.json", record::to_json(result)),
                                   std::pair("report.html", reports::to_html(result)),
                                   std::pair("junit.xml", reports::to_junit(result)),
                                   std::pair("summary.md", reports::to_markdown(result))}) {
    if (auto written = write_text(folder / name, text); !written) return written;
  }
  return {};
}

}  // namespace gauntlet::cli
