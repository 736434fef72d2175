#include "harness/history/evidence_builder.hpp"

#include <algorithm>
#include <utility>

#include "harness/history/evidence_maker.hpp"

namespace gauntlet::history {

struct evidence_builder::parts {
  explicit parts(message_namer namer) : maker(std::move(namer)) {}

  evidence_maker maker;
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

evidence_builder::evidence_builder(message_namer namer)
    : parts_(std::make_unique<parts>(std::move(namer))) {}
evidence_builder::~evidence_builder() = default;

void evidence_builder::begin_observer() { parts_->first_connection = parts_->connection_count; }

void evidence_builder::on_open(connection_index connection, time_point at) {
  const std::uint32_t number = parts_->first_connection + connection;
  parts_->connection_count = std::max(parts_->connection_count, number + 1);
  parts_->maker.open(number, at);
}

void evidence_builder::on_packet(const packet_seen& packet) {
  packet_seen numbered = packet;
  numbered.connection += parts_->first_connection;
  parts_->maker.take(numbered);
}

void evidence_builder::on_end(const end_seen& end) {
  parts_->maker.end(parts_->first_connection + end.connection, end);
}

void evidence_builder::on_fault(const fault_seen& fault) {
  parts_->maker.name_fault(fault.fault, fault.text);
}

void evidence_builder::on_broker_event(const broker_event& event) {
  parts_->maker.made.broker_events.push_back(event);
}

evidence evidence_builder::finish(time_point ended, time_point drain_began,
                                  declared_promises promises) {
  evidence made = parts_->maker.finish();
  made.ended = ended;
  made.drain_began = drain_began;
  made.promises = promises;
  *parts_ = parts(message_namer{});
  return made;
}

}  // namespace gauntlet::history
