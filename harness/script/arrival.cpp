#include "harness/script/arrival.hpp"

#include "harness/base/units.hpp"
#include "harness/mqtt/packet_text.hpp"

namespace gauntlet::script {
namespace {

struct arrival_text {
  mqtt::protocol_version version;

  std::string operator()(const arrived_packet& what) const {
    return mqtt::to_text(what.packet, version);
  }
  std::string operator()(const arrived_malformed& what) const {
    return "malformed: " + mqtt::describe(what.error);
  }
  std::string operator()(const arrived_end& what) const {
    std::string text(net::to_string(what.end.kind));
    if (!what.end.detail.empty()) text += ": " + what.end.detail;
    if (what.unfinished_bytes != 0) {
      text +=
          " in the middle of a packet, after " + std::to_string(what.unfinished_bytes) + " bytes";
    }
    return text;
  }
  std::string operator()(const arrived_nothing& what) const {
    return "nothing for " +
           format_duration(std::chrono::round<std::chrono::milliseconds>(what.waited));
  }
};

}  // namespace

std::string to_text(const arrival& what, mqtt::protocol_version version) {
  return std::visit(arrival_text{version}, what);
}

bool is_close(const arrival& what) {
  const auto* const ended = std::get_if<arrived_end>(&what);
  return ended != nullptr &&
         (ended->end.kind == net::end_kind::finished || ended->end.kind == net::end_kind::reset);
}

}  // namespace gauntlet::script
