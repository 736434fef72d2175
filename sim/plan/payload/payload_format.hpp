#pragma once

// The formats of payloads, a file each. A format makes all of a payload but the stamp itself.

#include <memory>

#include "harness/base/bytes.hpp"
#include "sim/plan/payload/message_context.hpp"
#include "sim/plan/payload/value_source.hpp"
#include "sim/plan/stamp.hpp"
#include "sim/scenario/payload.hpp"

namespace gauntlet::sim {

/// One publication's payloads. Immutable.
class payload_format {
 public:
  virtual ~payload_format() = default;

  /// Appends the payload of one message, with room for a stamp where layout() says.
  virtual void append(const message_context& of, byte_buffer& out) const = 0;
  /// Where the stamp stands.
  virtual stamp_layout layout() const = 0;
};

/// What the makers of formats are told beside the description.
struct format_setting {
  stamp_place stamp = stamp_place::payload;
  const group_parts& group;

  /// Whether the payload itself carries the stamp.
  bool in_payload() const { return stamp == stamp_place::payload || stamp == stamp_place::compact; }
};

/// The layout of a binary stamp after everything else.
stamp_layout layout_at_end(const format_setting& how);

using format_handle = std::shared_ptr<const payload_format>;

format_handle make_format(const text_payload& what, const format_setting& how);
format_handle make_format(const document_payload& what, const format_setting& how);
format_handle make_format(const layout_payload& what, const format_setting& how);
format_handle make_format(const random_payload& what, const format_setting& how);
format_handle make_format(const file_payload& what, const format_setting& how);

}  // namespace gauntlet::sim
