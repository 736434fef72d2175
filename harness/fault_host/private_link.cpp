#include "harness/fault_host/private_link.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/fault_host/command.hpp"

namespace gauntlet::fault_host {
namespace {

// 198.18.0.0/15 is set apart for measurements of networks (RFC 2544): /29 networks of it.
constexpr std::uint32_t networks = 16'384;
constexpr std::uint32_t attempts = 32;
// A socket filter of so many ports is a command line that every system takes.
constexpr std::size_t ports_at_once = 500;
// The share of packets lost is counted in these parts.
constexpr long loss_parts = 1'000'000;
constexpr std::uint64_t burst_bytes_min = 4096;
constexpr const char* relay_device = "relay";
constexpr int relay_table = 7;  // of routes, in the wire

std::string address_in(std::uint32_t number, std::uint32_t host) {
  const std::uint32_t low = number * 8 + host;
  return fmt::format("198.{}.{}.{}", 18 + (low >> 16U), (low >> 8U) & 0xffU, low & 0xffU);
}

/// One of the kernel's settings, as the namespace has it.
outcome<void> write_setting(const network_namespace& where, const std::string& name,
                            const char* value) {
  bool done = false;
  where.within([&] {
    std::ofstream file("/proc/sys/net/ipv4/" + name);
    done = static_cast<bool>(file << value << std::flush);
  });
  if (done) return {};
  return environment_failed("cannot write below /proc/sys/net in a namespace of our own");
}

outcome<void> without_output(outcome<std::string> from) {
  if (!from) return from.error();
  return {};
}

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Static neighbours, so that an end does not learn from ARP that the other is away.
constexpr const char* wire_setup =
    "link add w0 address 02:00:00:00:00:02 type veth peer name {name} netns {own} "
    "address 02:00:00:00:00:01\n"
    "link add w1 address 02:00:00:00:00:03 type veth peer name eth0 netns {far_place} "
    "address 02:00:00:00:00:04\n"
    "addr add {near_gate}/30 dev w0\n"
    "addr add {far_gate}/30 dev w1\n"
    "link set w0 up\n"
    "link set w1 up\n"
    "route add blackhole default\n";
constexpr const char* near_setup =
    "addr add {near}/30 dev {name}\n"
    "link set {name} up\n"
    "neigh replace {near_gate} lladdr 02:00:00:00:00:02 dev {name} nud permanent\n"
    "route add {far}/32 via {near_gate}\n";
constexpr const char* far_setup =
    "link set lo up\n"
    "addr add {far}/30 dev eth0\n"
    "link set eth0 up\n"
    "neigh replace {far_gate} lladdr 02:00:00:00:00:03 dev eth0 nud permanent\n"
    "route add default via {far_gate}\n";
constexpr const char* wire_filter =
    "table inet gauntlet {\n"
    "  set gone { type inet_service; }\n"
    "  chain forward { type filter hook forward priority 0; }\n"
    "}\n";
constexpr const char* far_translation =
    "table ip gauntlet {\n"
    "  chain arriving {\n"
    "    type nat hook prerouting priority -100;\n"
    "    iifname \"eth0\" dnat to 127.0.0.1\n"
    "  }\n"
    "}\n";

}  // namespace

private_link::private_link(network_namespace wire, network_namespace far, std::uint64_t seed)
    : wire_(std::move(wire)), far_(std::move(far)), seed_(seed) {}

private_link::~private_link() {
  // The kernel would do it, some time after the namespace is gone; this does it now.
  if (!interface_.empty()) run_command(nullptr, {"ip", "link", "del", interface_});
}

outcome<std::unique_ptr<private_link>> private_link::make(std::uint64_t seed) {
  auto wire = network_namespace::make();
  if (!wire) return wire.error();
  auto far = network_namespace::make();
  if (!far) return far.error();
  std::unique_ptr<private_link> made(new private_link(std::move(*wire), std::move(*far), seed));
  const auto first = static_cast<std::uint32_t>(::getpid());
  for (std::uint32_t i = 0;; ++i) {
    const std::uint32_t number = (first + i) % networks;
    const auto routes =
        run_command(nullptr, {"ip", "-4", "route", "show", "root", address_in(number, 0) + "/29"});
    if (!routes) return routes.error();
    const bool is_taken =
        !routes->empty() ||
        ::access(fmt::format("/sys/class/net/gauntlet{}", number).c_str(), F_OK) == 0;
    if (is_taken && i < attempts) continue;
    if (is_taken) return environment_failed("no network of 198.18.0.0/15 is free here");
    if (const auto laid = made->lay(number); !laid) return laid.error();
    return made;
  }
}

outcome<void> private_link::lay(std::uint32_t number) {
  interface_ = fmt::format("gauntlet{}", number);
  near_address_ = address_in(number, 1);
  far_address_ = address_in(number, 6);
  const auto filled = [&](const char* script) {
    return fmt::format(fmt::runtime(script), fmt::arg("name", interface_),
                       fmt::arg("own", ::getpid()), fmt::arg("near", near_address_),
                       fmt::arg("near_gate", address_in(number, 2)),
                       fmt::arg("far_gate", address_in(number, 5)), fmt::arg("far", far_address_),
                       fmt::arg("far_place", far_.path()));
  };
  struct step {
    const network_namespace* where;
    std::vector<std::string> words;
    std::string script;
  };
  const std::vector<step> steps = {
      {&wire_, {"ip", "-batch"}, filled(wire_setup)},
      {nullptr, {"ip", "-batch"}, filled(near_setup)},
      {&far_, {"ip", "-batch"}, filled(far_setup)},
      {&wire_, {"nft", "-f"}, wire_filter},
      {&far_, {"nft", "-f"}, far_translation},
  };
  for (const step& each : steps) {
    const auto done = run_script(each.where, each.words, each.script);
    if (!done) return done.error();
  }
  if (auto written = write_setting(wire_, "ip_forward", "1"); !written) return written;
  return write_setting(far_, "conf/eth0/route_localnet", "1");
}

outcome<void> private_link::shape(const link_state& wanted) {
  if (wanted.loss != state_.loss || wanted.rejects != state_.rejects) {
    const link_state before = state_;
    state_.loss = wanted.loss;
    state_.rejects = wanted.rejects;
    if (const auto done = set_filter(); !done) {
      state_ = before;
      return done.error();
    }
  }
  if (wanted.bytes_per_s != state_.bytes_per_s) {
    if (const auto done = set_rate(wanted.bytes_per_s); !done) return done.error();
    state_.bytes_per_s = wanted.bytes_per_s;
  }
  if (wanted.treatment != state_.treatment) {
    if (const auto done = set_treatment(wanted.treatment); !done) return done.error();
    state_.treatment = wanted.treatment;
  }
  if (wanted.down != state_.down) {
    const char* to = wanted.down ? "down" : "up";
    const auto done = run_script(&wire_, {"ip", "-batch"},
                                 fmt::format("link set w0 {}\nlink set w1 {}\n", to, to));
    if (!done) return done.error();
    state_.down = wanted.down;
  }
  return {};
}

outcome<void> private_link::set_filter() {
  std::string rules =
      "flush chain inet gauntlet forward\n"
      "add rule inet gauntlet forward iifname \"w0\" tcp sport @gone drop\n"
      "add rule inet gauntlet forward iifname \"w1\" tcp dport @gone drop\n";
  if (state_.rejects) {
    rules += "add rule inet gauntlet forward meta l4proto tcp reject with tcp reset\n";
  }
  const auto lost = std::lround(std::clamp(state_.loss, 0.0, 1.0) * loss_parts);
  if (lost == loss_parts) {
    rules += "add rule inet gauntlet forward drop\n";
  } else if (lost > 0) {
    // Once for each packet: the relay's device makes it pass here twice.
    rules += fmt::format(
        "add rule inet gauntlet forward iifname != \"{}\" numgen random mod {} < {} drop\n",
        relay_device, loss_parts, lost);
  }
  return without_output(run_script(&wire_, {"nft", "-f"}, rules));
}

outcome<void> private_link::set_rate(std::optional<std::uint64_t> bytes_per_s) {
  for (const char* device : {"w0", "w1"}) {
    std::vector<std::string> words = {"tc", "qdisc", "del", "dev", device, "root"};
    if (bytes_per_s) {
      // A bucket of a hundredth of a second, and a queue of half a second behind it.
      const std::uint64_t burst = std::max(burst_bytes_min, *bytes_per_s / 100);
      words = {"tc",
               "qdisc",
               "replace",
               "dev",
               device,
               "root",
               "tbf",
               "rate",
               fmt::format("{}bit", *bytes_per_s * 8),
               "burst",
               fmt::format("{}b", burst),
               "latency",
               "500ms"};
    }
    const auto done = run_command(&wire_, std::move(words));
    if (!done) return done.error();
  }
  return {};
}

outcome<void> private_link::open_relay() {
  auto made = packet_relay::make(wire_, relay_device, far_address_, seed_);
  if (!made) return made.error();
  // Packets come from the device on another way than the one back to where they came from.
  for (const char* each : {"all", relay_device}) {
    const auto done = write_setting(wire_, fmt::format("conf/{}/rp_filter", each), "0");
    if (!done) return done.error();
  }
  const auto done = run_script(&wire_, {"ip", "-batch"},
                               fmt::format("link set {0} up\nroute add default dev {0} table {1}\n",
                                           relay_device, relay_table));
  if (!done) return done.error();
  relay_ = std::move(*made);
  return {};
}

outcome<void> private_link::set_treatment(const packet_treatment& wanted) {
  if (!relay_) {
    if (const auto done = open_relay(); !done) return done.error();
  }
  if (state_.treatment.is_none() != wanted.is_none()) {
    const char* verb = wanted.is_none() ? "del" : "add";
    const auto done = run_script(&wire_, {"ip", "-batch"},
                                 fmt::format("rule {0} iif w0 lookup {1}\n"
                                             "rule {0} iif w1 lookup {1}\n",
                                             verb, relay_table));
    if (!done) return done.error();
  }
  relay_->treat(wanted);
  return {};
}

outcome<std::size_t> private_link::kill_sockets(link_end whose) {
  const bool is_near = whose == link_end::near;
  const auto killed = run_command(
      is_near ? nullptr : &far_,
      {"ss", "-K", "-Htn", "state", "established", "dst", is_near ? far_address_ : near_address_});
  if (!killed) return killed.error();
  return count_lines(*killed);
}

outcome<std::vector<std::uint16_t>> private_link::near_ports() const {
  const auto listed =
      run_command(nullptr, {"ss", "-Htn", "state", "established", "dst", far_address_});
  if (!listed) return listed.error();
  std::vector<std::uint16_t> ports;
  const std::string mark = near_address_ + ":";
  for (std::size_t at = 0; (at = listed->find(mark, at)) != listed->npos;) {
    at += mark.size();
    std::uint16_t port = 0;
    std::from_chars(listed->data() + at, listed->data() + listed->size(), port);
    ports.push_back(port);
  }
  std::sort(ports.begin(), ports.end());
  return ports;
}

outcome<std::size_t> private_link::vanish(double share, seeded_stream& draws) {
  auto ports = near_ports();
  if (!ports) return ports.error();
  std::vector<std::uint16_t> chosen;
  for (const std::uint16_t port : *ports) {
    if (share >= 1 || draws.chance(share)) chosen.push_back(port);
  }
  if (chosen.empty()) return std::size_t{0};
  std::string elements;
  for (const std::uint16_t port : chosen) {
    elements += (elements.empty() ? "" : ", ") + std::to_string(port);
  }
  const auto deaf =
      run_script(&wire_, {"nft", "-f"}, "add element inet gauntlet gone { " + elements + " }\n");
  if (!deaf) return deaf.error();
  if (const auto done = set_filter(); !done) return done.error();
  return kill_near(chosen);
}

outcome<std::size_t> private_link::kill_near(const std::vector<std::uint16_t>& ports) const {
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < ports.size(); begin += ports_at_once) {
    std::vector<std::string> words = {"ss", "-K", "-Htn", "dst", far_address_, "and", "("};
    const std::size_t end = std::min(ports.size(), begin + ports_at_once);
    for (std::size_t i = begin; i < end; ++i) {
      if (i > begin) words.push_back("or");
      words.insert(words.end(), {"sport", "=", ":" + std::to_string(ports[i])});
    }
    words.push_back(")");
    const auto killed = run_command(nullptr, std::move(words));
    if (!killed) return killed.error();
    count += count_lines(*killed);
  }
  return count;
}

outcome<void> private_link::bring_back() {
  return without_output(run_script(&wire_, {"nft", "-f"}, "flush set inet gauntlet gone\n"));
}

}  // namespace gauntlet::fault_host
