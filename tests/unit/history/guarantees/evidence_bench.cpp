#include "tests/unit/history/guarantees/evidence_bench.hpp"

#include <algorithm>
#include <set>

namespace gauntlet::history::proof {
namespace {

std::uint32_t index_in(std::vector<std::string>& list, const std::string& text) {
  const auto found = std::ranges::find(list, text);
  if (found != list.end()) return static_cast<std::uint32_t>(found - list.begin());
  list.push_back(text);
  return static_cast<std::uint32_t>(list.size() - 1);
}

}  // namespace

std::uint32_t evidence_bench::topic(const std::string& name) { return index_in(all.topics, name); }
std::uint32_t evidence_bench::client(const std::string& id) { return index_in(all.clients, id); }

std::uint32_t evidence_bench::connect(const std::string& id, int when, bool present,
                                      std::uint32_t expiry_s) {
  const auto number = static_cast<std::uint32_t>(all.connections.size());
  all.connections.push_back({.number = number,
                             .client = client(id),
                             .opened = at(when),
                             .connect = sent_at(when),
                             .clean_start = false,
                             .connack = sent_at(when + 1),
                             .session_present = present,
                             .session_expiry_s = expiry_s});
  return number;
}

void evidence_bench::end(std::uint32_t connection, int when) {
  all.connections[connection].client_end = {.at = at(when)};
  all.connections[connection].broker_end = {.at = at(when), .by_link = true};
}

void evidence_bench::disconnect(std::uint32_t connection, int when, mqtt::reason_code code) {
  all.connections[connection].disconnect = sent_at(when);
  all.connections[connection].disconnect_code = code;
  end(connection, when);
}

connection_record& evidence_bench::with_will(std::uint32_t connection, std::uint32_t delay_s) {
  connection_record& of = all.connections[connection];
  of.will = will_record{.key = 1'000'000 + connection,
                        .topic = topic("w/" + std::to_string(connection)),
                        .content = {.payload_digest = 77, .payload_size = 4},
                        .qos = mqtt::qos::at_least_once,
                        .delay_s = delay_s};
  return of;
}

subscription_record& evidence_bench::subscribe(std::uint32_t connection, const std::string& filter,
                                               int when, unsigned granted,
                                               const std::string& share) {
  all.subscriptions.push_back(
      {.connection = connection,
       .client = all.connections[connection].client,
       .filter = filter,
       .share_name = share,
       .options = {.maximum_qos = static_cast<mqtt::qos>(std::min(granted, 2U))},
       .subscribe = sent_at(when),
       .suback = sent_at(when + 1),
       .granted = static_cast<std::uint8_t>(granted)});
  return all.subscriptions.back();
}

std::uint32_t evidence_bench::publish(std::uint32_t connection, const std::string& name, int when,
                                      mqtt::qos qos, bool retain) {
  const auto number = static_cast<std::uint32_t>(all.publications.size());
  publication_record made{
      .key = number + 1,
      .client = all.connections[connection].client,
      .topic = topic(name),
      .content = {.payload_digest = number + 1U, .payload_size = 8},
      .qos = qos,
      .retain = retain,
      .outcome = qos == mqtt::qos::at_most_once ? publish_outcome::maybe : publish_outcome::owned};
  publish_attempt attempt{
      .connection = connection, .packet_identifier = next_identifier_++, .publish = sent_at(when)};
  if (qos != mqtt::qos::at_most_once) attempt.answer = sent_at(when + 1);
  if (qos == mqtt::qos::exactly_once) {
    attempt.pubrel = sent_at(when + 2);
    attempt.pubcomp = sent_at(when + 3);
  }
  made.attempts.push_back(attempt);
  all.publications.push_back(std::move(made));
  return number;
}

std::uint32_t evidence_bench::deliver(std::uint32_t connection, std::uint32_t number, int when,
                                      bool retain) {
  const publication_record& message = all.publications[number];
  delivery_record made{.connection = connection,
                       .client = all.connections[connection].client,
                       .publication = number,
                       .key = message.key,
                       .topic = message.topic,
                       .content = message.content,
                       .packet_identifier = next_identifier_++,
                       .qos = message.qos,
                       .retain = retain,
                       .expiry_s = message.expiry_s,
                       .publish = sent_at(when)};
  if (made.qos != mqtt::qos::at_most_once) made.answer = sent_at(when + 1);
  if (made.qos == mqtt::qos::exactly_once) {
    made.pubrel = sent_at(when + 2);
    made.pubcomp = sent_at(when + 3);
  }
  all.deliveries.push_back(std::move(made));
  return static_cast<std::uint32_t>(all.deliveries.size() - 1);
}

std::uint32_t evidence_bench::deliver_will(std::uint32_t connection, std::uint32_t of, int when) {
  const will_record& will = *all.connections[of].will;
  all.deliveries.push_back({.connection = connection,
                            .client = all.connections[connection].client,
                            .will_of = of,
                            .key = will.key,
                            .topic = will.topic,
                            .content = will.content,
                            .packet_identifier = next_identifier_++,
                            .qos = will.qos,
                            .publish = sent_at(when),
                            .answer = sent_at(when + 1)});
  return static_cast<std::uint32_t>(all.deliveries.size() - 1);
}

std::string evidence_bench::verdict() const {
  const findings found = judge(all);
  std::set<std::string> lines;
  for (const finding& each : found.kept()) {
    std::string line = std::string(each.rule) + " " + std::string(each.class_name);
    if (each.verdict == guarantee_verdict::warn) line += " WARN";
    if (each.verdict == guarantee_verdict::indeterminate) line += " INDETERMINATE";
    lines.insert(line);
  }
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : ", ") + line;
  return text;
}

}  // namespace gauntlet::history::proof
