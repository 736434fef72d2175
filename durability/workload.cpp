#include "durability/workload.hpp"

#include <utility>

namespace gauntlet::durability {
namespace {

using namespace std::chrono_literals;

constexpr duration patience = 5s;
constexpr std::uint32_t session_expiry_s = 3600;
constexpr std::uint32_t will_delay_s = 3;
constexpr duration notice_time = 200ms;

byte_buffer payload_of(const std::string& text) {
  const byte_view bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

std::string text_of(const byte_buffer& payload) {
  std::string text;
  for (const auto byte : payload) text += static_cast<char>(byte);
  return text;
}

}  // namespace

workload::workload(net::network& network, workload_options options)
    : network_(network), options_(std::move(options)) {}

workload::~workload() = default;

outcome<workload::client> workload::connect(const std::string& id, bool clean_start,
                                            const mqtt::will* will) {
  client made{.id = id,
              .peer = std::make_unique<script::peer>(
                  network_, options_.where,
                  script::peer_options{.name = id, .version = options_.version, .dial = {}})};
  mqtt::connect packet{.protocol_version = options_.version,
                       .client_id = id,
                       .clean_start = clean_start,
                       .keep_alive_s = 600};
  if (options_.version == mqtt::protocol_version::v5 && !clean_start) {
    packet.properties.add({mqtt::property_id::session_expiry_interval, session_expiry_s});
  }
  if (will != nullptr) packet.will = *will;
  if (options_.login) {
    packet.user_name = options_.login->user_name;
    packet.password = payload_of(options_.login->password);
  }
  if (!made.peer->opened()) return environment_failed(id + " cannot connect");
  made.peer->send(packet);
  const script::arrival answer = made.peer->next(patience);
  const auto* const connack = script::packet_of<mqtt::connack>(answer);
  if (connack == nullptr || mqtt::is_error(connack->reason_code)) {
    return environment_failed("the broker answers the CONNECT of " + id + " with " +
                              script::to_text(answer, options_.version));
  }
  made.session_present = connack->session_present;
  return made;
}

outcome<std::vector<workload::client>> workload::connect_all(const std::string& prefix) {
  std::vector<client> all;
  for (std::uint32_t i = 0; i < options_.count; ++i) {
    auto made = connect(prefix + std::to_string(i), false);
    if (!made) return made.error();
    all.push_back(std::move(*made));
  }
  return all;
}

outcome<void> workload::subscribe(client& who, const std::string& filter, mqtt::qos qos) {
  mqtt::subscription asked{.topic_filter = filter, .options = {.maximum_qos = qos}};
  who.peer->send(mqtt::subscribe{.packet_identifier = who.peer->next_packet_identifier(),
                                 .subscriptions = {asked}});
  const script::arrival answer = who.peer->next(patience);
  const auto* const suback = script::packet_of<mqtt::suback>(answer);
  if (suback != nullptr && !mqtt::is_error(suback->reason_codes.front())) return {};
  return environment_failed("the broker answers the SUBSCRIBE of " + who.id + " with " +
                            script::to_text(answer, options_.version));
}

bool workload::publish(client& from, const std::string& topic, mqtt::qos qos,
                       const std::string& payload, bool retain) {
  const std::uint16_t id = from.peer->next_packet_identifier();
  from.peer->send(mqtt::publish{.qos = qos,
                                .retain = retain,
                                .topic_name = topic,
                                .packet_identifier = id,
                                .payload = payload_of(payload)});
  const script::arrival first = from.peer->next(patience);
  if (qos == mqtt::qos::at_least_once) {
    const auto* const puback = script::packet_of<mqtt::puback>(first);
    return puback != nullptr && !mqtt::is_error(puback->reason_code);
  }
  const auto* const pubrec = script::packet_of<mqtt::pubrec>(first);
  if (pubrec == nullptr || mqtt::is_error(pubrec->reason_code)) return false;
  from.peer->send(mqtt::pubrel{.packet_identifier = id});
  const script::arrival second = from.peer->next(patience);
  return script::packet_of<mqtt::pubcomp>(second) != nullptr;
}

void workload::take(std::vector<client*> from, const handler& on_packet, duration at_most) {
  constexpr duration quiet = 700ms;
  event_loop& loop = network_.loop();
  const time_point deadline = loop.now() + at_most;
  const auto has_come = [&from] {
    for (const client* each : from) {
      if (each->peer->stands() && each->peer->waiting() > 0) return true;
    }
    return false;
  };
  while (loop.run_until(has_come, std::min(deadline, loop.now() + quiet))) {
    for (client* each : from) {
      while (each->peer->stands() && each->peer->waiting() > 0) {
        const script::arrival came = each->peer->next(duration::zero());
        if (const auto* packet = std::get_if<script::arrived_packet>(&came)) {
          on_packet(*each, packet->packet);
        }
      }
    }
    if (loop.now() >= deadline) return;
  }
}

void workload::receive(client& who, const mqtt::packet& came, tally& into) {
  if (const auto* rel = std::get_if<mqtt::pubrel>(&came)) {
    who.peer->send(mqtt::pubcomp{.packet_identifier = rel->packet_identifier});
  }
  const auto* const message = std::get_if<mqtt::publish>(&came);
  if (message == nullptr) return;
  ++into[message->topic_name + " " + text_of(message->payload)];
  if (message->qos == mqtt::qos::at_least_once) {
    who.peer->send(mqtt::puback{.packet_identifier = message->packet_identifier});
  }
  if (message->qos == mqtt::qos::exactly_once) {
    who.peer->send(mqtt::pubrec{.packet_identifier = message->packet_identifier});
  }
}

outcome<void> workload::fill() {
  auto publisher = connect("publisher", true);
  if (!publisher) return publisher.error();
  publisher_ = std::move(*publisher);
  auto watcher = connect("watcher-before", true);
  if (!watcher) return watcher.error();
  watcher_ = std::move(*watcher);
  if (auto done = subscribe(watcher_, "in/#", mqtt::qos::exactly_once); !done) return done;
  if (auto done = fill_sleepers(); !done) return done;
  if (auto done = fill_inbound(); !done) return done;
  if (auto done = fill_outbound(); !done) return done;
  if (auto done = fill_wills(); !done) return done;
  for (std::uint32_t i = 0; i < options_.count; ++i) {
    const std::string topic = "kept/" + std::to_string(i);
    publish(publisher_, topic, mqtt::qos::at_least_once, "old", true);
    if (publish(publisher_, topic, mqtt::qos::at_least_once, "new", true)) retained_.insert(topic);
  }
  take(
      {&watcher_},
      [this](client& who, const mqtt::packet& came) { receive(who, came, seen_before_); },
      patience);
  return {};
}

outcome<void> workload::fill_sleepers() {
  auto sleepers = connect_all("sleep-");
  if (!sleepers) return sleepers.error();
  for (std::uint32_t i = 0; i < options_.count; ++i) {
    client& who = (*sleepers)[i];
    const std::string topic = "sleep/" + std::to_string(i);
    if (auto done = subscribe(who, topic, mqtt::qos::exactly_once); !done) return done;
    who.peer->send(mqtt::disconnect{});
    who.peer->next(patience);
    ++sessions_;
    if (publish(publisher_, topic, mqtt::qos::at_least_once, "one")) queued_1_.insert(topic);
    if (publish(publisher_, topic, mqtt::qos::exactly_once, "two")) queued_2_.insert(topic);
  }
  return {};
}

void workload::send_half(client& who, std::uint32_t number, bool again) {
  who.peer->send(mqtt::publish{.dup = again,
                               .qos = mqtt::qos::exactly_once,
                               .topic_name = "in/" + std::to_string(number),
                               .packet_identifier = 1,
                               .payload = payload_of("half")});
}

// PUBREC has come, PUBREL has not been sent.
outcome<void> workload::fill_inbound() {
  auto all = connect_all("in-");
  if (!all) return all.error();
  for (std::uint32_t i = 0; i < options_.count; ++i) {
    const std::string topic = "in/" + std::to_string(i);
    client& who = (*all)[i];
    send_half(who, i, false);
    const script::arrival came = who.peer->next(patience);
    const auto* const pubrec = script::packet_of<mqtt::pubrec>(came);
    if (pubrec != nullptr && !mqtt::is_error(pubrec->reason_code)) inbound_.insert(topic);
    standing_.push_back(std::move(who));
  }
  return {};
}

// PUBREC has been sent and PUBREL has come, PUBCOMP has not been sent.
outcome<void> workload::fill_outbound() {
  auto all = connect_all("out-");
  if (!all) return all.error();
  for (std::uint32_t i = 0; i < options_.count; ++i) {
    const std::string topic = "out/" + std::to_string(i);
    client& who = (*all)[i];
    if (auto done = subscribe(who, topic, mqtt::qos::exactly_once); !done) return done;
    publish(publisher_, topic, mqtt::qos::exactly_once, "half");
    const script::arrival message = who.peer->next(patience);
    if (const auto* came = script::packet_of<mqtt::publish>(message)) {
      who.peer->send(mqtt::pubrec{.packet_identifier = came->packet_identifier});
      const script::arrival release = who.peer->next(patience);
      if (script::packet_of<mqtt::pubrel>(release) != nullptr) outbound_.insert(topic);
    }
    standing_.push_back(std::move(who));
  }
  return {};
}

outcome<void> workload::fill_wills() {
  // Without a delay the will is published while the broker still lives.
  if (options_.version != mqtt::protocol_version::v5) return {};
  for (std::uint32_t i = 0; i < options_.count; ++i) {
    const mqtt::will last{.topic_name = "will/" + std::to_string(i),
                          .payload = payload_of("gone"),
                          .qos = mqtt::qos::at_least_once,
                          .retain = true,
                          .properties = {{mqtt::property_id::will_delay_interval, will_delay_s}}};
    auto made = connect("will-" + std::to_string(i), false, &last);
    if (!made) return made.error();
    doomed_.push_back(std::move(*made));
    ++wills_;
  }
  return {};
}

void workload::vanish() {
  for (client& each : doomed_) each.peer->abort();
  network_.loop().run_until([] { return false; }, network_.loop().now() + notice_time);
  doomed_.clear();
}

}  // namespace gauntlet::durability
