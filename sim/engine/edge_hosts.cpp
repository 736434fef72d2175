#include "sim/engine/edge_hosts.hpp"

#include <fmt/format.h>

namespace gauntlet::sim {

std::optional<std::string> edge_hosts::on_message(const device& who,
                                                  const mqtt::publish_view& message,
                                                  time_point now) {
  // Nodes may be born before it only if it comes when it likes.
  const bool late =
      plan_.described().publishing == publishing_start::on_arrival || were_cut_.contains(who.local);
  const auto [entry, fresh] = hosts_.try_emplace(who.local, late);
  sparkplug::host_application& host = entry->second;
  const std::size_t found = host.findings().size();
  auto rebirth = host.on_message(message.topic_name, message.payload, message.retain);
  for (std::size_t i = found; i < host.findings().size(); ++i) {
    const sparkplug::fault_finding& each = host.findings()[i];
    books_.note(record::event_level::warning,
                fmt::format("{}: {}{}{}", each.topic, to_string(each.what),
                            each.detail.empty() ? "" : ": ", each.detail),
                now);
  }
  return rebirth;
}

void edge_hosts::on_connection_lost(const device& who) {
  if (!is_host(who)) return;
  were_cut_[who.local] = true;
  const auto found = hosts_.find(who.local);
  if (found == hosts_.end()) return;
  enter(found->second);
  hosts_.erase(found);
}

void edge_hosts::finish() {
  for (const auto& [local, host] : hosts_) enter(host);
  hosts_.clear();
}

void edge_hosts::enter(const sparkplug::host_application& host) {
  record::sparkplug_account& account = books_.measured.sparkplug;
  for (const auto type : {sparkplug::message_type::nbirth, sparkplug::message_type::dbirth,
                          sparkplug::message_type::ndata, sparkplug::message_type::ddata,
                          sparkplug::message_type::ndeath, sparkplug::message_type::ddeath}) {
    account.messages += host.messages(type);
  }
  for (std::size_t i = 0; i < sparkplug::fault_count; ++i) {
    const auto what = static_cast<sparkplug::fault>(i);
    if (host.count(what) > 0) account.faults.add(to_string(what), host.count(what));
  }
  account.rebirths_requested += host.rebirths_requested();
}

}  // namespace gauntlet::sim
