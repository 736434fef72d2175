#pragma once

// What each device is and does, derived on demand from (scenario, device number): nothing is stored
// for a device. The same scenario gives the same plan, whoever asks and in whatever order.
//
// Times are on the plan's time line. Arrivals count from the start of the run. Publications count
// from the moment publishing starts (publishing_start::after_arrival) or from the start of the run
// (on_arrival); they never depend on what happens while running.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/base/event_loop.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/mqtt/protocol.hpp"
#include "sim/plan/payload_plan.hpp"
#include "sim/plan/property_plan.hpp"
#include "sim/plan/schedule_plan.hpp"
#include "sim/plan/sensor_plan.hpp"
#include "sim/plan/stage_plan.hpp"
#include "sim/plan/stamp.hpp"
#include "sim/scenario/scenario.hpp"

namespace gauntlet::sim {

/// A device's number within the fleet, in the order of the file.
using device_number = std::uint32_t;

/// Where a device stands in the scenario.
struct device_position {
  std::uint32_t group = 0;  ///< index into scenario::fleet
  std::uint32_t index = 0;  ///< within the group
};

/// What a device says in CONNECT.
struct device_identity {
  std::string client_id;
  mqtt::protocol_version version = mqtt::protocol_version::v5;
  std::optional<std::string> user_name;
  std::optional<std::string> password;
};

/// The files of the certificate that a device shows.
struct device_certificate {
  std::string certificate_file;
  std::string key_file;
};

/// A device's will with its texts made.
struct device_will {
  std::string topic;
  std::string payload;
  std::string stamp;  ///< for the user property stamp_name; empty: it does not stand there
};

/// The plan of a fleet. Immutable; safe to share between threads.
class fleet_plan {
 public:
  /// The scenario must have been loaded without diagnostics.
  explicit fleet_plan(scenario what);

  const scenario& described() const { return scenario_; }
  const stage_plan& stages() const { return stages_; }
  /// The stage in which a message is due: accounts are kept by it. The last one after the end.
  std::size_t stage_of(duration due) const { return stages_.at(due); }

  std::uint32_t device_count() const { return device_count_; }
  /// Streams of all devices: (device, publication) pairs.
  std::uint32_t stream_count() const { return stream_count_; }

  device_position position_of(device_number device) const;
  const device_group& group_of(device_number device) const {
    return scenario_.fleet[position_of(device).group];
  }
  device_number first_of_group(std::size_t group) const { return groups_[group].first_device; }

  device_identity identity_of(device_number device) const;
  std::string client_id_of(device_number device) const;
  mqtt::protocol_version version_of(device_number device) const;
  std::optional<device_certificate> certificate_of(device_number device) const;
  /// The will of one connection, stamped as the scenario says with the run and the connection's
  /// number.
  std::optional<device_will> will_of(device_number device, std::uint32_t run_id = 0,
                                     std::uint32_t connection = 0) const;
  /// A template with the device's values.
  std::string expand(device_number device, const text_template& text) const;
  /// The filter to send: with "$share/name/" if shared.
  std::string filter_of(device_number device, std::size_t subscription) const;
  std::string topic_of(device_number device, std::size_t publication) const;
  void append_topic(device_number device, std::size_t publication, std::string& out) const;

  /// Appends the properties of each message of a publication, as on the wire without their length.
  void append_properties(device_number device, std::size_t publication, byte_buffer& out) const;

  /// When a device is to begin to connect, since the start of the run.
  duration arrival_of(device_number device) const;
  /// When the last one is.
  duration arrival_end() const;

  /// The global number of a stream, dense from 0, device by device.
  std::uint32_t stream_of(device_number device, std::size_t publication) const;
  struct stream_source {
    device_number device = 0;
    std::uint32_t publication = 0;
  };
  /// The reverse.
  stream_source source_of(std::uint32_t stream) const;

  /// The first message of a stream, or nothing if none fits into the scenario's duration, or if its
  /// messages are triggered.
  std::optional<due_message> first_message(device_number device, std::size_t publication) const;
  /// The message after `last`, or nothing.
  std::optional<due_message> next_message(device_number device, std::size_t publication,
                                          const due_message& last) const;
  /// The number of the first message due at `from` or later; UINT32_MAX if there is none. Quick
  /// where intervals are neither random nor a sensor's.
  std::uint32_t first_due_from(device_number device, std::size_t publication, duration from) const;
  /// How many messages of a stream are due before `end`. Exact if is_regular(); of random intervals
  /// the mean; of changes of a sensor an estimate from the beginning.
  double count_before(device_number device, std::size_t publication, duration end) const;
  /// Whether the times of a publication's messages follow from their numbers alone.
  bool is_regular(std::size_t group, std::size_t publication) const {
    return groups_[group].schedules[publication].is_regular();
  }

  /// The sensors of a group's devices, which are asked by the device's index within the group.
  const sensor_plan& sensors_of(std::size_t group) const { return groups_[group].sensors; }

  /// Where the stamp stands in payloads of this publication.
  stamp_layout layout_of(std::size_t group, std::size_t publication) const;
  /// Appends the payload of one message, which is the same each time it is asked for. Its stamp has
  /// run id and send time zero: write_stamp() over it before sending.
  /// `memory` is what the device remembers of its sensors, if anybody keeps that.
  void append_payload(device_number device, std::size_t publication, const due_message& message,
                      byte_buffer& out, sensor_memory* memory = nullptr) const;

 private:
  struct group_plan {
    device_number first_device = 0;
    std::uint32_t first_stream = 0;
    std::vector<payload_plan> payloads;     // by publication
    std::vector<property_plan> properties;  // by publication
    std::vector<schedule_plan> schedules;   // by publication
    sensor_plan sensors;
    stream_key schedule;  // of the seed, the purpose and the group's name
    stream_key content;
  };

  template_values values_of(device_number device, device_position at) const;
  void append_expanded(device_number device, device_position at, const text_template& text,
                       std::string& out) const;
  schedule_plan::stream schedule_of(device_number device, device_position at,
                                    std::size_t publication) const;

  scenario scenario_;
  stage_plan stages_;
  std::vector<group_plan> groups_;
  std::uint32_t device_count_ = 0;
  std::uint32_t stream_count_ = 0;
};

}  // namespace gauntlet::sim
