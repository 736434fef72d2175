#include "harness/fault_host/host_fault.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "harness/base/units.hpp"

namespace gauntlet::fault_host {
namespace {

struct describer {
  std::string operator()(const link_down&) const { return "the link is down"; }
  std::string operator()(const link_loss& what) const {
    return fmt::format("the link loses {:.4g} % of packets", what.share * 100);
  }
  std::string operator()(const link_reject&) const { return "the link answers with resets"; }
  std::string operator()(const link_rate& what) const {
    return "the link passes " + format_size(what.rate) + " a second";
  }
  std::string operator()(const link_delay& what) const {
    const auto delay = "the link delays packets by " + format_duration(what.delay);
    return what.jitter.count() == 0 ? delay : delay + " ± " + format_duration(what.jitter);
  }
  std::string operator()(const link_duplicate& what) const {
    return fmt::format("the link doubles {:.4g} % of packets", what.share * 100);
  }
  std::string operator()(const link_reorder& what) const {
    return fmt::format("the link lets others overtake {:.4g} % of packets", what.share * 100);
  }
  std::string operator()(const link_corrupt& what) const {
    return fmt::format("the link spoils a bit of {:.4g} % of packets", what.share * 100);
  }
  std::string operator()(const sockets_killed& what) const {
    return what.at == link_end::far ? "the broker's sockets are killed"
                                    : "the clients' sockets are killed";
  }
  std::string operator()(const vanish& what) const {
    return fmt::format("{:.4g} % of the clients vanish without a FIN", what.share * 100);
  }
};

struct worsener {
  link_state& state;

  void operator()(const link_down&) const { state.down = true; }
  void operator()(const link_loss& what) const { worsen(state.loss, what); }
  void operator()(const link_reject&) const { state.rejects = true; }
  void operator()(const link_rate& what) const {
    state.bytes_per_s = std::min(state.bytes_per_s.value_or(what.rate), what.rate);
  }
  void operator()(const link_delay& what) const {
    state.treatment.delay = std::max(state.treatment.delay, what.delay);
    state.treatment.jitter = std::max(state.treatment.jitter, what.jitter);
  }
  void operator()(const link_duplicate& what) const { worsen(state.treatment.duplicated, what); }
  void operator()(const link_reorder& what) const { worsen(state.treatment.reordered, what); }
  void operator()(const link_corrupt& what) const { worsen(state.treatment.corrupted, what); }
  void operator()(const sockets_killed&) const {}
  void operator()(const vanish&) const {}

 private:
  template <class Shared>
  static void worsen(double& share, const Shared& what) {
    share = std::max(share, what.share);
  }
};

}  // namespace

std::string_view name_of(const host_fault& what) {
  static constexpr std::array<std::string_view, 10> names = {
      "link_down",      "link_loss",    "link_reject",  "link_rate",      "link_delay",
      "link_duplicate", "link_reorder", "link_corrupt", "sockets_killed", "vanish"};
  static_assert(names.size() == std::variant_size_v<host_fault>);
  return names[what.index()];
}

std::string describe(const host_fault& what) { return std::visit(describer{}, what); }

link_state combined(const std::vector<host_fault>& active) {
  link_state state;
  for (const host_fault& each : active) std::visit(worsener{state}, each);
  return state;
}

}  // namespace gauntlet::fault_host
