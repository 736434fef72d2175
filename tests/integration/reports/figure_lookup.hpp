#pragma once

// Finds the figures on a page, and in a record what each of them must be.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "harness/record/run_result.hpp"

namespace gauntlet::reports {

/// A `data` element of a page: where in result.json it says that it stands, its value, and what is
/// written on the page.
struct page_figure {
  std::string path;
  std::string value;
  std::string text;
};

/// All figures with a path, in the order of the page.
std::vector<page_figure> figures_on(const std::string& dom);

/// The numbers in the JSON of a run. With one `*` in the path, the sum over the list or object
/// there, or, for a figure of a histogram, that of all of them together. Nothing if there is no
/// such number.
class figure_truth {
 public:
  explicit figure_truth(record::run_result run);

  std::optional<double> at(std::string_view path) const;

 private:
  record::run_result run_;
  boost::json::value json_;
};

/// The number that "1.39 ms", "7.3 MiB" or "47,220" stands for, in nanoseconds, bytes or as it is.
std::optional<double> number_of_text(std::string_view text);

}  // namespace gauntlet::reports
