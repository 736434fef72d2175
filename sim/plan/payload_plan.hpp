#pragma once

// Makes the payloads of one publication. Every value is a function of (key, sequence, scheduled
// time, sensors), with no state from message to message, so that a retransmission can be made anew.
// The formats are in sim/plan/payload/.

#include <span>

#include "harness/base/bytes.hpp"
#include "sim/plan/payload/payload_format.hpp"
#include "sim/plan/stamp.hpp"
#include "sim/scenario/payload.hpp"

namespace gauntlet::sim {

/// A payload description made ready.
class payload_plan {
 public:
  explicit payload_plan(const payload_description& what, stamp_place stamp = stamp_place::payload,
                        const text_template& client_id = {}, std::span<const sensor> sensors = {});

  /// Where in the payload the stamp stands.
  stamp_layout layout() const { return layout_; }

  /// Appends the payload of one message. Equal contexts give equal bytes.
  void append(const message_context& of, byte_buffer& out) const;

 private:
  format_handle format_;
  stamp_layout layout_;
};

}  // namespace gauntlet::sim
