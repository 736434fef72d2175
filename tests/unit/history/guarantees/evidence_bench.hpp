#pragma once

// Evidence made by hand, with a few verbs, so that a case of a checker is a story of some lines.
// Times are milliseconds since the beginning of the run.

#include <string>

#include "harness/history/evidence.hpp"
#include "harness/history/evidence_builder.hpp"
#include "harness/history/judge.hpp"

namespace gauntlet::history::proof {

inline time_point at(int milliseconds) {
  return time_point(std::chrono::milliseconds(milliseconds));
}

/// A packet that passes at once; a millisecond of travel where both sides matter.
inline packet_times sent_at(int milliseconds) {
  return {.sent = at(milliseconds), .passed = at(milliseconds)};
}
inline packet_times swallowed_at(int milliseconds) { return {.sent = at(milliseconds)}; }

class evidence_bench {
 public:
  evidence_bench() { all.ended = at(200'000); }

  /// A connection that is accepted at once.
  std::uint32_t connect(const std::string& client, int when, bool present = false,
                        std::uint32_t expiry_s = 600);
  /// It ends for both sides: a FIN of the client.
  void end(std::uint32_t connection, int when);
  void disconnect(std::uint32_t connection, int when,
                  mqtt::reason_code code = mqtt::reason_code::success);
  connection_record& with_will(std::uint32_t connection, std::uint32_t delay_s = 0);

  subscription_record& subscribe(std::uint32_t connection, const std::string& filter, int when,
                                 unsigned granted = 2, const std::string& share = {});
  /// Owned at once unless the test changes it.
  std::uint32_t publish(std::uint32_t connection, const std::string& topic, int when,
                        mqtt::qos qos = mqtt::qos::at_least_once, bool retain = false);
  publication_record& publication(std::uint32_t index) { return all.publications[index]; }
  /// Acknowledged by the client at once.
  std::uint32_t deliver(std::uint32_t connection, std::uint32_t publication, int when,
                        bool retain = false);
  delivery_record& delivery(std::uint32_t index) { return all.deliveries[index]; }
  std::uint32_t deliver_will(std::uint32_t connection, std::uint32_t of, int when);

  /// "R1 stale-retained", with the verdict after it if it is not FAIL; several with commas.
  std::string verdict() const;

  evidence all;

 private:
  std::uint32_t topic(const std::string& name);
  std::uint32_t client(const std::string& id);
  std::uint16_t next_identifier_ = 1;
};

}  // namespace gauntlet::history::proof
