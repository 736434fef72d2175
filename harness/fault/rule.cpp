#include "harness/fault/rule.hpp"

#include <array>
#include <type_traits>

#include <fmt/format.h>

#include "harness/base/units.hpp"

namespace gauntlet::fault {
namespace {

struct namer {
  std::string_view operator()(const cut&) const { return "cut"; }
  std::string_view operator()(const drop&) const { return "drop"; }
  std::string_view operator()(const delay&) const { return "delay"; }
  std::string_view operator()(const duplicate&) const { return "duplicate"; }
  std::string_view operator()(const reorder&) const { return "reorder"; }
  std::string_view operator()(const hold&) const { return "hold"; }
  std::string_view operator()(const withhold&) const { return "withhold"; }
  std::string_view operator()(const rewrite&) const { return "rewrite"; }
  std::string_view operator()(const corrupt&) const { return "corrupt"; }
  std::string_view operator()(const inject&) const { return "inject"; }
  std::string_view operator()(const split&) const { return "split"; }
  std::string_view operator()(const coalesce&) const { return "coalesce"; }
  std::string_view operator()(const stall&) const { return "stall"; }
  std::string_view operator()(const half_open&) const { return "half_open"; }
  std::string_view operator()(const latency&) const { return "latency"; }
  std::string_view operator()(const bandwidth&) const { return "bandwidth"; }
  std::string_view operator()(const slow_close&) const { return "slow_close"; }
  std::string_view operator()(const timeout&) const { return "timeout"; }
  std::string_view operator()(const reset_peer&) const { return "reset_peer"; }
  std::string_view operator()(const slicer&) const { return "slicer"; }
  std::string_view operator()(const limit_data&) const { return "limit_data"; }
  std::string_view operator()(const packet_loss&) const { return "packet_loss"; }
  std::string_view operator()(const slow_reader&) const { return "slow_reader"; }
  std::string_view operator()(const down&) const { return "down"; }
  std::string_view operator()(const partition&) const { return "partition"; }
};

std::string_view word(ending how) {
  switch (how) {
    case ending::fin:
      return "fin";
    case ending::reset:
      return "reset";
    case ending::silent:
      return "silent";
  }
  return "";
}

// What only some faults have to add to their name.
std::string details_of(const action& what) {
  if (const auto* it = std::get_if<cut>(&what)) {
    constexpr std::array<std::string_view, 3> moments{"before", "in the middle of", "after"};
    return fmt::format(" {} ({})", moments[static_cast<std::size_t>(it->when)], word(it->how));
  }
  if (const auto* it = std::get_if<delay>(&what)) return " by " + format_duration(it->by) + " of";
  if (const auto* it = std::get_if<latency>(&what)) return " of " + format_duration(it->by) + " on";
  if (const auto* it = std::get_if<duplicate>(&what)) {
    return fmt::format(" ({} {}) of", it->copies, it->copies == 1 ? "copy" : "copies");
  }
  return " of";
}

}  // namespace

std::string_view name_of(const action& what) { return std::visit(namer(), what); }

bool matches_glob(std::string_view glob, std::string_view text) {
  if (glob.empty()) return true;
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t star = std::string_view::npos;
  std::size_t from = 0;
  while (in < text.size()) {
    if (at < glob.size() && glob[at] == '*') {
      star = at++;
      from = in;
    } else if (at < glob.size() && (glob[at] == '?' || glob[at] == text[in])) {
      ++at;
      ++in;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in = ++from;
    } else {
      return false;
    }
  }
  while (at < glob.size() && glob[at] == '*') ++at;
  return at == glob.size();
}

std::string describe(const rule& what) {
  std::string text = std::string(name_of(what.what)) + details_of(what.what);
  if (what.who.packets.empty()) {
    text += " everything";
  } else {
    for (std::size_t i = 0; i < what.who.packets.size(); ++i) {
      text += (i == 0 ? " " : ", ") + std::string(mqtt::packet_type_name(what.who.packets[i]));
    }
  }
  if (what.who.towards) {
    text +=
        *what.who.towards == history::direction::to_broker ? " to the broker" : " to the client";
  }
  return text;
}

}  // namespace gauntlet::fault
