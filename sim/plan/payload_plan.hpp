#pragma once

// Makes the payloads of one publication. Every value is a function of (key, sequence, scheduled
// time), with no state from message to message, so that a retransmission can be made anew. The
// formats are in sim/plan/payload/.

#include "harness/base/bytes.hpp"
#include "harness/base/seeded_stream.hpp"
#include "sim/plan/payload/payload_format.hpp"
#include "sim/plan/stamp.hpp"
#include "sim/scenario/payload.hpp"

namespace gauntlet::sim {

/// A payload description made ready.
class payload_plan {
 public:
  explicit payload_plan(const payload_description& what, stamp_place stamp = stamp_place::payload,
                        const text_template& client_id = {});

  /// Where in the payload the stamp stands.
  stamp_layout layout() const { return layout_; }

  /// Appends the payload of message `carries.sequence`. `key` names the stream; equal arguments
  /// give equal bytes. The client id among the values is not looked at.
  void append(const stream_key& key, const template_values& values, const stamp& carries,
              byte_buffer& out) const;

 private:
  format_handle format_;
  stamp_layout layout_;
};

}  // namespace gauntlet::sim
