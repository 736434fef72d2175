#pragma once

// Makes the properties of one publication's messages. What is the same for all devices is encoded
// once.

#include "harness/base/bytes.hpp"
#include "sim/scenario/message_properties.hpp"

namespace gauntlet::sim {

/// The encoder of one publication's properties.
class property_plan {
 public:
  explicit property_plan(message_properties what);

  bool empty() const {
    return constant_.empty() && varying_.user_properties.empty() && !varying_.content_type;
  }
  /// Whether append() looks at template_values::client_id.
  bool uses_client_id() const { return uses_client_id_; }

  /// Appends the properties of one device, as on the wire without the Property Length.
  void append(const template_values& values, byte_buffer& out) const;

 private:
  byte_buffer constant_;
  message_properties varying_;  ///< only what holds placeholders
  bool uses_client_id_ = false;
};

}  // namespace gauntlet::sim
