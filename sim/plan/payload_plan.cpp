#include "sim/plan/payload_plan.hpp"

#include <variant>

namespace gauntlet::sim {

payload_plan::payload_plan(const payload_description& what, stamp_place stamp,
                           const text_template& client_id, std::span<const sensor> sensors) {
  const group_parts group{.client_id = client_id, .sensors = sensors};
  const format_setting how{.stamp = stamp, .group = group};
  format_ = std::visit([&](const auto& each) { return make_format(each, how); }, what);
  layout_ = format_->layout();
}

void payload_plan::append(const message_context& of, byte_buffer& out) const {
  const std::size_t begin = out.size();
  format_->append(of, out);
  write_stamp(std::span(out).subspan(begin), layout_, of.carries);
}

}  // namespace gauntlet::sim
