#pragma once

// Two programs that do the same: `gauntlet proxy` and toxiproxy, each between a port and another,
// and each told over HTTP what to do to the bytes that go to the client.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "harness/base/result.hpp"

namespace gauntlet::fault {

/// One started proxy.
class proxy_program {
 public:
  virtual ~proxy_program() = default;
  /// Has it do something to the bytes towards the client, from now on; the text is in the language
  /// of this proxy. The failure is its answer.
  virtual outcome<void> add(std::string_view fault) = 0;
  /// Takes it out of service: it serves nobody.
  virtual outcome<void> take_down() = 0;
};

/// From where to where, and where it is controlled; the folder for its log.
struct proxy_places {
  std::uint16_t listen = 0;
  std::uint16_t upstream = 0;
  std::uint16_t control = 0;
  std::filesystem::path folder;
};

/// `add` takes a fault without name and direction, such as `"latency": {"by": "200ms"}`.
outcome<std::unique_ptr<proxy_program>> start_ours(const proxy_places& where);

/// The file that starts toxiproxy; empty if it is not installed.
std::string toxiproxy_command();
/// `add` takes a toxic's type and attributes: `"type": "latency", "attributes": {"latency": 200}`.
outcome<std::unique_ptr<proxy_program>> start_toxiproxy(const proxy_places& where);

}  // namespace gauntlet::fault
