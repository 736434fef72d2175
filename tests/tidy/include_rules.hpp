#pragma once

// Which folder may include what: the dependency direction of docs/architecture.md, and the walls
// around third-party libraries.

#include <string_view>

#include "tests/tidy/source_tree.hpp"

namespace gauntlet::tidy {

/// Includes of our own files: written from the root of the tree, and only along the dependency
/// direction.
findings check_include_direction(std::string_view path, std::string_view text);

/// Includes of libraries: each library only where docs/architecture.md lets it in, and no header
/// that pulls in all of a large one.
findings check_third_party_walls(std::string_view path, std::string_view text);

}  // namespace gauntlet::tidy
