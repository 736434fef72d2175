#pragma once

// Rules that need to see several files at once.

#include "tests/tidy/source_tree.hpp"

namespace gauntlet::tidy {

/// Every .cpp stands in a CMake list, every header of a library in one too, every other
/// header is included by somebody, and every CMakeLists.txt is reached from the root: what is not
/// built is not tested.
findings check_registration(const std::vector<source_file>& tree);

/// Every file of the scenario library is named by a test.
findings check_scenario_tests(const std::vector<source_file>& tree);

/// Files with more lines than `lines_max`: a hint that they hold two ideas, not a breach.
findings list_long_files(const std::vector<source_file>& tree, std::size_t lines_max);

}  // namespace gauntlet::tidy
