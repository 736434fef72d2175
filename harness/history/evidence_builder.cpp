#include "harness/history/evidence_builder.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/history/evidence_maker.hpp"
#include "harness/history/operation_log.hpp"

namespace gauntlet::history {

struct evidence_builder::parts {
  parts(message_namer with, time_point zero)
      : namer(std::move(with)), origin(zero.time_since_epoch()) {}

  time_point shifted(time_point at) const { return at == never ? never : at - origin; }

  void count(const packet_seen& packet) {
    const byte_view bytes = packet.sent.empty() ? packet.passed : packet.sent;
    if (bytes.empty() || mqtt::packet_type_of(bytes[0]) != mqtt::packet_type::publish) return;
    ++(packet.direction == direction::to_broker ? published : delivered);
  }

  message_namer namer;
  duration origin;
  operation_log log;
  std::size_t published = 0, delivered = 0;  // PUBLISH in the log, by direction
  std::vector<broker_event> broker_events;
  std::uint32_t first_connection = 0;  // of the present observer
  std::uint32_t connection_count = 0;
};

message_key digest_of(std::string_view topic, byte_view payload) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : topic) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
  hash = (hash ^ 0x100U) * 0x100000001b3U;
  for (const std::uint8_t byte : payload) hash = (hash ^ byte) * 0x100000001b3U;
  return hash;
}

evidence_builder::evidence_builder(message_namer namer, time_point origin)
    : parts_(std::make_unique<parts>(std::move(namer), origin)) {}
evidence_builder::~evidence_builder() = default;

void evidence_builder::begin_observer() { parts_->first_connection = parts_->connection_count; }

void evidence_builder::on_open(connection_index connection, time_point at) {
  const std::uint32_t number = parts_->first_connection + connection;
  parts_->connection_count = std::max(parts_->connection_count, number + 1);
  parts_->log.on_open(number, parts_->shifted(at));
}

void evidence_builder::on_packet(const packet_seen& packet) {
  packet_seen numbered = packet;
  numbered.connection += parts_->first_connection;
  numbered.sent_at = parts_->shifted(packet.sent_at);
  numbered.passed_at = parts_->shifted(packet.passed_at);
  parts_->count(packet);
  parts_->log.on_packet(numbered);
}

void evidence_builder::on_end(const end_seen& end) {
  end_seen numbered = end;
  numbered.connection += parts_->first_connection;
  numbered.at = parts_->shifted(end.at);
  parts_->log.on_end(numbered);
}

void evidence_builder::on_fault(const fault_seen& fault) {
  fault_seen numbered = fault;
  numbered.at = parts_->shifted(fault.at);
  if (fault.connection != fault_seen::no_connection) {
    numbered.connection += parts_->first_connection;
  }
  parts_->log.on_fault(numbered);
}

void evidence_builder::on_broker_event(const broker_event& event) {
  parts_->broker_events.push_back(event);
  parts_->broker_events.back().at = parts_->shifted(event.at);
}

void evidence_builder::add(const operation_log& log) {
  begin_observer();
  log.replay(*this);
}

evidence evidence_builder::finish(time_point ended, time_point drain_began,
                                  declared_promises promises) {
  evidence_maker maker(parts_->namer);
  maker.made.broker_events = std::move(parts_->broker_events);
  maker.made.publications.reserve(parts_->published);
  maker.made.deliveries.reserve(parts_->delivered);
  parts_->log.replay(maker);
  parts_->log = operation_log();  // a run of millions has no room for both
  evidence made = maker.finish();
  made.ended = parts_->shifted(ended);
  made.drain_began = parts_->shifted(drain_began);
  made.promises = promises;
  const time_point origin{parts_->origin};
  *parts_ = parts(std::move(parts_->namer), origin);
  return made;
}

}  // namespace gauntlet::history
