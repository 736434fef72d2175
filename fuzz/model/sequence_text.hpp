#pragma once

// A sequence as a file that people read and `--replay` plays: a line with the versions of the
// clients, then a line an operation, as to_text writes them.

#include <set>
#include <string>
#include <string_view>

#include "fuzz/model/operation.hpp"
#include "fuzz/model/rule.hpp"
#include "harness/base/result.hpp"

namespace gauntlet::fuzz::model {

/// "clients 5.0 3.1.1" and the operations.
std::string to_text(const sequence_plan& plan);

/// The failure names the first line that cannot be read. Empty lines and those that begin with "#"
/// are passed over.
outcome<sequence_plan> parse_sequence(std::string_view text);

/// A comment for such a text: a replay passes over these rules, as the run did that found it. Empty
/// for none.
std::string passing_text(const std::set<rule>& rules);
/// The rules of that comment, wherever it stands.
std::set<rule> parse_passing(std::string_view text);

}  // namespace gauntlet::fuzz::model
