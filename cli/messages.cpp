#include "cli/messages.hpp"

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

#include <fmt/format.h>

namespace gauntlet::cli {

exit_code fail(const failure& why) {
  fmt::print(stderr, "gauntlet: {}\n", why.message);
  return why.code;
}

std::vector<std::string> without_passwords(std::vector<std::string> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--password" && i + 1 < words.size()) words[i + 1] = "***";
    if (words[i].starts_with("--password=")) words[i] = "--password=***";
    const std::size_t scheme = words[i].find("://");
    const std::size_t at = words[i].find('@', scheme == std::string::npos ? 0 : scheme);
    if (scheme == std::string::npos || at == std::string::npos) continue;
    const std::size_t colon = words[i].find(':', scheme + 3);
    if (colon < at) words[i].replace(colon + 1, at - colon - 1, "***");
  }
  return words;
}

bool stderr_is_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

bool stdout_is_colourful() {
  const char* refused = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) == 1 && (refused == nullptr || *refused == '\0');
}

}  // namespace gauntlet::cli
