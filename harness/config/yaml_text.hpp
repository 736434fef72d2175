#pragma once

// A tree written as YAML again, for files that Gauntlet makes out of files. Comments and layout of
// the original are gone; every value is as it was.

#include <string>

#include "harness/config/node.hpp"

namespace gauntlet::config {

/// The tree in block style, two spaces a level, with a line break at the end. parse_yaml() reads
/// the same tree back, but for the places.
std::string to_yaml(const node& root);

}  // namespace gauntlet::config
