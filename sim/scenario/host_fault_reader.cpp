#include "sim/scenario/host_fault_reader.hpp"

#include <utility>

#include "harness/config/object.hpp"

namespace gauntlet::sim {
namespace {

using config::object;
using namespace fault_host;

// Slower links than this do not carry a handshake in any time worth waiting for.
constexpr std::uint64_t rate_min = 100;
constexpr std::uint64_t rate_max = std::uint64_t{1} << 34U;
constexpr duration delay_max = std::chrono::minutes(1);

config::reader<double> part_reader() {
  return config::converted<double, share>(config::percentage(),
                                          [](share part) { return part.fraction(); });
}

template <class T>
config::reader<host_fault> as_fault(const object<T>& table) {
  return config::converted<host_fault, T>(table.build(), [](T made) { return host_fault(made); });
}

template <class T>
config::reader<host_fault> plain(const char* doc) {
  return as_fault(object<T>(doc));
}

config::reader<host_fault> rate_reader() {
  object<link_rate> table("The network passes so many bytes a second in each direction");
  table.required("rate", &link_rate::rate, config::size_in_bytes(rate_min, rate_max),
                 "How many, as a size");
  return as_fault(table);
}

config::reader<host_fault> delay_reader() {
  object<link_delay> table("The network is far: packets arrive late, in each direction");
  table.optional("delay", &link_delay::delay, config::time_span(duration{}, delay_max), "How late");
  table.optional("jitter", &link_delay::jitter, config::time_span(duration{}, delay_max),
                 "Each packet so much earlier or later; none overtakes another");
  return as_fault(table);
}

template <class T>
config::reader<host_fault> share_reader(const char* doc) {
  object<T> table(doc);
  table.optional("share", &T::share, part_reader(), "How many of them");
  return as_fault(table);
}

config::reader<host_fault> kill_reader() {
  object<sockets_killed> table("All connections of one end are destroyed at once");
  table.optional("at", &sockets_killed::at,
                 config::one_of<link_end>({{"broker", link_end::far}, {"clients", link_end::near}}),
                 "Whose");
  return as_fault(table);
}

}  // namespace

std::vector<host_fault_key> host_fault_keys() {
  return {
      {"link_down", "The network between devices and broker is away",
       plain<link_down>("The network between devices and broker is away")},
      {"link_loss", "The network loses packets",
       share_reader<link_loss>("The network loses packets at random")},
      {"link_reject", "The network answers packets with resets",
       plain<link_reject>("The network answers packets with resets")},
      {"link_rate", "The network is slow", rate_reader()},
      {"link_delay", "The network is far", delay_reader()},
      {"link_duplicate", "The network doubles packets",
       share_reader<link_duplicate>("The network delivers packets twice")},
      {"link_reorder", "The network changes the order of packets",
       share_reader<link_reorder>("The network lets packets overtake others")},
      {"link_corrupt", "The network spoils packets",
       share_reader<link_corrupt>("The network turns over one bit of packets")},
      {"sockets_killed", "Connections are destroyed by the system", kill_reader()},
      {"vanish", "Clients are gone without a word",
       share_reader<vanish>("Clients lose their power: no FIN, no reset")},
  };
}

}  // namespace gauntlet::sim
