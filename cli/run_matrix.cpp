#include "cli/run_matrix.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "cli/interrupt.hpp"
#include "cli/messages.hpp"
#include "cli/result_folder.hpp"
#include "harness/net/url.hpp"
#include "harness/record/run_matrix.hpp"
#include "reports/run_matrix_page.hpp"
#include "reports/text.hpp"

namespace gauntlet::cli {
namespace {

/// "2-devices=100,qos=1": what of the values may stand in a folder's name, with a number that tells
/// apart what that leaves the same.
std::string folder_name(std::size_t number, std::size_t count,
                        const std::vector<config::parameter_value>& values) {
  std::string name = fmt::format("{:0{}}", number + 1, std::to_string(count).size());
  for (const auto& [parameter, value] : values) {
    name += (name.find('=') == name.npos ? "-" : ",") + parameter + "=";
    for (const char letter : value.substr(0, 40)) {
      const bool is_plain = std::isalnum(static_cast<unsigned char>(letter)) != 0;
      name += is_plain || letter == '.' ? letter : '-';
    }
  }
  return name;
}

std::vector<record::matrix_value> to_record(const std::vector<config::parameter_value>& values) {
  std::vector<record::matrix_value> made;
  for (const auto& [name, value] : values) made.push_back({name, value});
  return made;
}

/// The combinations one after the other.
class matrix_run {
 public:
  matrix_run(const run_flags& flags, const chosen_scenarios& chosen, const invocation& called,
             std::filesystem::path folder)
      : flags_(flags), chosen_(chosen), called_(called), folder_(std::move(folder)) {
    matrix_.tool_version = GAUNTLET_VERSION;
    matrix_.command_line = without_passwords(called.words);
    matrix_.scenario = chosen.variants.front().described.name;
  }

  exit_code run(std::vector<sim::scenario_variant>& variants) {
    const interrupt_guard interrupts;
    for (std::size_t i = 0; i < variants.size(); ++i) {
      const std::vector<record::matrix_value> values = to_record(variants[i].varied);
      if (interrupt_guard::requested()) {
        matrix_.rows.push_back({.values = values, .remark = "the user stopped before"});
        worst_ = std::max(worst_, exit_code::expectation_failed);
        continue;
      }
      const std::string name = folder_name(i, variants.size(), variants[i].varied);
      if (!flags_.quiet) {
        fmt::print("\n[{} of {}] {}\n", i + 1, variants.size(),
                   config::to_string(variants[i].varied));
      }
      auto row = run_one(std::move(variants[i].described), values, name);
      if (!row) {
        worst_ = std::max(worst_, fail(row.error()));
        matrix_.rows.push_back(
            {.values = values, .exit_code = row.error().code, .remark = row.error().message});
        continue;
      }
      worst_ = std::max(worst_, row->exit_code);
      matrix_.rows.push_back(std::move(*row));
    }
    return worst_;
  }

  outcome<void> write() const {
    std::string lines;
    for (const auto& row : matrix_.rows) lines += record::to_json_line(row) + "\n";
    if (const auto done = write_text(folder_ / "matrix.jsonl", lines); !done) return done;
    if (const auto done = write_text(folder_ / "matrix.md", reports::to_markdown(matrix_)); !done) {
      return done;
    }
    return write_text(folder_ / "matrix.html", reports::to_html(matrix_));
  }

  const record::run_matrix& matrix() const { return matrix_; }

 private:
  outcome<record::run_matrix_row> run_one(sim::scenario described,
                                          std::vector<record::matrix_value> values,
                                          const std::string& name) {
    if (flags_.seed) described.seed = *flags_.seed;
    auto options = make_run_options(flags_, chosen_, described, called_);
    if (!options) return options.error();
    matrix_.target = flags_.simulate ? "the simulated reference broker"
                                     : net::without_password(options->target.target);
    const duration publishing = described.publish_for;
    const sim::fleet_plan plan(std::move(described));
    options->target.run_folder = folder_ / name;
    std::error_code error;
    std::filesystem::create_directories(folder_ / name, error);
    if (!flags_.quiet) print_start(flags_, plan, *options);
    const auto result = run_fleet(flags_, plan, *options);
    if (!result) return result.error();
    if (const auto written = write_results(folder_ / name, *result); !written) {
      return written.error();
    }
    if (!flags_.quiet) {
      fmt::print("{}", reports::to_text(*result, {.colour = stdout_is_colourful()}));
    }
    return record::matrix_row_of(std::move(values), name, *result, publishing);
  }

  const run_flags& flags_;
  const chosen_scenarios& chosen_;
  const invocation& called_;
  std::filesystem::path folder_;
  record::run_matrix matrix_;
  exit_code worst_ = exit_code::ok;
};

}  // namespace

outcome<void> check_matrix_flags(const run_flags& flags) {
  if (flags.json) {
    return bad_input("--json and a matrix do not go together: matrix.jsonl is in the folder");
  }
  return {};
}

exit_code run_matrix(const run_flags& flags, chosen_scenarios chosen, const invocation& called) {
  if (const auto good = check_matrix_flags(flags); !good) return fail(good.error());
  auto folder = make_result_folder(flags.out, chosen.variants.front().described.name);
  if (!folder) return fail(folder.error());
  std::vector<sim::scenario_variant> variants = chosen.variants;
  matrix_run all(flags, chosen, called, *folder);
  const exit_code worst = all.run(variants);
  const auto written = all.write();
  fmt::print("{}", reports::to_text(all.matrix()));
  if (!written) return fail(written.error());
  fmt::print("\nmatrix: {}\n", (*folder / "matrix.html").string());
  return worst;
}

}  // namespace gauntlet::cli
