#pragma once

// Makes evidence from what links tell: keeps it all, and relates it at the end, in the order in
// which the broker saw it.

#include <cstdint>
#include <functional>
#include <memory>

#include "harness/history/evidence.hpp"
#include "harness/history/operation_log.hpp"
#include "harness/mqtt/publish_view.hpp"

namespace gauntlet::history {

/// Names the application message that a PUBLISH carries, such as by the stamp in its payload;
/// nullopt: it has no name of its own, and a digest of topic and payload serves.
using message_namer = std::function<std::optional<message_key>(const mqtt::publish_view&)>;

/// The name that a message without one gets.
message_key digest_of(std::string_view topic, byte_view payload);

/// Observes links; keeps what they tell until finish().
class evidence_builder final : public packet_observer {
 public:
  /// Times of the evidence count from `origin` on.
  explicit evidence_builder(message_namer namer = {}, time_point origin = {});
  ~evidence_builder() override;
  evidence_builder(const evidence_builder&) = delete;
  evidence_builder& operator=(const evidence_builder&) = delete;

  /// What follows is told by another observer, whose connections are numbered from 0 again.
  void begin_observer();
  /// What another observer, perhaps in another process, was told.
  void add(const operation_log& log);

  void on_open(connection_index connection, time_point at) override;
  void on_packet(const packet_seen& packet) override;
  void on_end(const end_seen& end) override;
  void on_fault(const fault_seen& fault) override;

  /// Something was done to the broker.
  void on_broker_event(const broker_event& event);

  /// The evidence so far; the builder is empty afterwards. `drain_began` as in evidence.
  evidence finish(time_point ended, time_point drain_began = never,
                  declared_promises promises = {});

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace gauntlet::history
