#pragma once

// Makes the payloads of one publication. Every value is a function of (key, sequence), with no
// state from message to message, so that a retransmission can be made anew.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/base/seeded_stream.hpp"
#include "sim/plan/stamp.hpp"
#include "sim/scenario/payload.hpp"

namespace gauntlet::sim {

/// A payload description made ready.
class payload_plan {
 public:
  explicit payload_plan(const payload_description& what);

  stamp_layout layout() const { return layout_; }
  /// Whether append() looks at the client id among the values.
  bool uses_client_id() const { return uses_client_id_; }

  /// Appends the payload of message `carries.sequence`. `key` names the stream; equal arguments
  /// give equal bytes.
  void append(const stream_key& key, const template_values& values, const stamp& carries,
              byte_buffer& out) const;

 private:
  /// A member of the JSON object: what comes before its value, and the value's generator.
  struct member {
    std::string lead;  // ,"name":
    value_generator make;
  };

  void append_json(const stream_key& key, const template_values& values, const stamp& carries,
                   byte_buffer& out) const;

  payload_description what_;
  std::vector<member> members_;
  stamp_layout layout_;
  bool uses_client_id_ = false;
};

/// A Gaussian random walk with unit steps and W(0) = 0, at any place in O(log n) draws: the walk is
/// drawn at powers of two first and then refined between them.
double unit_walk(const stream_key& key, std::uint32_t at);

}  // namespace gauntlet::sim
