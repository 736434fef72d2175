#pragma once

// A text file that is part of the program; cmake/gauntlet_embed.cmake puts it there.

#include <string_view>

namespace gauntlet {

/// Both views are valid for the life of the program.
struct embedded_file {
  std::string_view name;  ///< of the file, without its folder
  std::string_view content;
};

}  // namespace gauntlet
