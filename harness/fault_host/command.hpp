#pragma once

// The programs that set up networks (ip, nft, tc, ss), run inside or outside of a namespace. Each
// call waits for the program's end, which takes milliseconds.

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.hpp"
#include "harness/fault_host/network_namespace.hpp"

namespace gauntlet::fault_host {

/// Runs the words as a program, without a shell, in `where`, or in the machine's own network if
/// that is null. Its output; or a failure that tells command and complaint, and for a program that
/// is not there the package that has it.
outcome<std::string> run_command(const network_namespace* where, std::vector<std::string> words);

/// The same for a program that reads its work from a file, whose name is put behind the words.
outcome<std::string> run_script(const network_namespace* where, std::vector<std::string> words,
                                std::string_view script);

}  // namespace gauntlet::fault_host
