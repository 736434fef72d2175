#include "sim/plan/property_plan.hpp"

#include <string_view>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/property.hpp"

namespace gauntlet::sim {
namespace {

void put(mqtt::property_id id, mqtt::property_value_view value, byte_buffer& out) {
  const auto encoded = mqtt::encode_property({id, value}, out);
  GAUNTLET_ASSERT(encoded.has_value());  // the scenario was checked
}

void put_user_property(std::string_view name, std::string_view value, byte_buffer& out) {
  put(mqtt::property_id::user_property, mqtt::string_pair_view{name, value}, out);
}

}  // namespace

property_plan::property_plan(message_properties what) {
  if (what.is_utf8) put(mqtt::property_id::payload_format_indicator, std::uint8_t{1}, constant_);
  if (what.expiry) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*what.expiry).count();
    put(mqtt::property_id::message_expiry_interval, static_cast<std::uint32_t>(seconds), constant_);
  }
  if (what.content_type && what.content_type->is_constant()) {
    put(mqtt::property_id::content_type, what.content_type->expand({}), constant_);
  } else if (what.content_type) {
    uses_client_id_ = what.content_type->uses(placeholder::client_id);
    varying_.content_type = std::move(what.content_type);
  }
  // In their order: once one of them varies, all after it are kept.
  for (auto& [name, value] : what.user_properties) {
    if (value.is_constant() && varying_.user_properties.empty()) {
      put_user_property(name, value.expand({}), constant_);
      continue;
    }
    uses_client_id_ = uses_client_id_ || value.uses(placeholder::client_id);
    varying_.user_properties.emplace_back(std::move(name), std::move(value));
  }
}

void property_plan::append(const template_values& values, byte_buffer& out) const {
  out.insert(out.end(), constant_.begin(), constant_.end());
  if (varying_.content_type) {
    put(mqtt::property_id::content_type, varying_.content_type->expand(values), out);
  }
  for (const auto& [name, value] : varying_.user_properties) {
    put_user_property(name, value.expand(values), out);
  }
}

}  // namespace gauntlet::sim
