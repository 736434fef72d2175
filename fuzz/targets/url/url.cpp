// Fuzz target: a URL that is taken, written out and taken again is the same place, and no message
// tells its password.

#include "harness/net/url.hpp"

#include <string>

#include "harness/base/assert.hpp"
#include "harness/base/bytes.hpp"

namespace gauntlet::fuzz {
namespace {

bool same_place(const net::endpoint& a, const net::endpoint& b) {
  return a.transport == b.transport && a.host == b.host && a.port == b.port && a.path == b.path;
}

/// The password as it stands in the text, by the simplest reading: between the first colon behind
/// "://" and the last "@" before a path begins. Empty if there is none, or if it is a word that may
/// be found elsewhere in the text or in any sentence.
std::string telling_password(const std::string& text) {
  const auto scheme_end = text.find("://");
  if (scheme_end == text.npos) return {};
  const auto begin = scheme_end + 3;
  const auto end = text.find_first_of("/?#", begin);
  const std::string authority = text.substr(begin, end == text.npos ? end : end - begin);
  const auto at = authority.rfind('@');
  const auto colon = authority.find(':');
  if (at == authority.npos || colon == authority.npos || colon > at) return {};
  std::string password = authority.substr(colon + 1, at - colon - 1);
  const bool is_elsewhere = text.find(password) != begin + colon + 1 ||
                            text.find(password, begin + colon + 2) != text.npos;
  return password.size() < 8 || is_elsewhere ? std::string() : password;
}

/// Whether a message holds the password, and would not if the password were another one: words of
/// our messages find their way into a fuzzer's inputs.
bool tells(const std::string& message, const std::string& password, std::string text) {
  if (message.find(password) == message.npos) return false;
  text.replace(text.find(password), password.size(), password.size(), 'q');
  const auto other = net::parse_url(text);
  return other.has_value() || other.error().message.find(password) == message.npos;
}

void check_target(const net::target_url& url, const std::string& password) {
  GAUNTLET_ASSERT(!url.where.host.empty() && url.where.port != 0);
  GAUNTLET_ASSERT(url.where.path.front() == '/');
  GAUNTLET_ASSERT(!url.user_name || url.user_name->find('\0') == std::string::npos);
  const std::string shown = net::to_string(url);
  GAUNTLET_ASSERT(password.empty() || shown.find(password) == shown.npos);

  const auto again = net::parse_url(net::to_string(url.where));
  GAUNTLET_ASSERT(again.has_value() && same_place(again->where, url.where));
}

void run(const std::string& text) {
  const std::string password = telling_password(text);
  const std::string hidden = net::without_password(text);
  GAUNTLET_ASSERT(password.empty() || hidden.find(password) == hidden.npos);

  const auto url = net::parse_url(text);
  if (url) {
    check_target(*url, password);
  } else {
    const std::string& message = url.error().message;
    GAUNTLET_ASSERT(url.error().code == exit_code::bad_input && !message.empty());
    GAUNTLET_ASSERT(password.empty() || !tells(message, password, text));
  }
  const auto listen = net::parse_listen_url(text);
  GAUNTLET_ASSERT(listen.has_value() || !listen.error().message.empty());
  // What can be dialled can be listened on.
  GAUNTLET_ASSERT(!url || (listen && same_place(*listen, url->where)));
}

}  // namespace
}  // namespace gauntlet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gauntlet::fuzz::run(std::string(gauntlet::as_text({data, size})));
  return 0;
}
