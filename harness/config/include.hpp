#pragma once

// Files made of other files. `include` at the top of a file names one or more others, relative to
// its folder; they are merged first, in this order, and the including file over them:
//   - mappings key by key, to any depth;
//   - lists at the top of the file, such as the groups of a fleet, one after the other;
//   - everything else is replaced.
// A file is taken once, however often it is named; files that include each other are refused.

#include "harness/config/node.hpp"
#include "harness/config/reader.hpp"

namespace gauntlet::config {

/// `include` as it is written: one file or a list.
reader<std::vector<std::string>> include_reader();

/// The whole of a file whose own tree is `root`, without `include`. Nodes keep their places and
/// their paths within their own files. What is wrong with any of the files becomes a diagnostic.
node merge_includes(node root, diagnostics& wrong);

}  // namespace gauntlet::config
