#include "sim/plan/payload_plan.hpp"

#include <variant>

namespace gauntlet::sim {

payload_plan::payload_plan(const payload_description& what, stamp_place stamp,
                           const text_template& client_id)
    : format_(std::visit(
          [&](const auto& each) {
            return make_format(each, {.stamp = stamp, .client_id = client_id});
          },
          what)),
      layout_(format_->layout()) {}

void payload_plan::append(const stream_key& key, const template_values& values,
                          const stamp& carries, byte_buffer& out) const {
  const std::size_t begin = out.size();
  format_->append({.key = key, .values = values, .carries = carries}, out);
  write_stamp(std::span(out).subspan(begin), layout_, carries);
}

}  // namespace gauntlet::sim
