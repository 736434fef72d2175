#include "sim/scenario/payload_value_reader.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "sim/scenario/signal_reader.hpp"

namespace gauntlet::sim {
namespace {

/// The scalar as JSON if it is a plain number, true, false or null; else empty.
std::string json_literal(const config::node& from) {
  if (from.is == config::node::type::null) return "null";
  if (from.quoted) return {};
  const bool word = from.scalar == "true" || from.scalar == "false";
  return word || is_json_number(from.scalar) ? from.scalar : std::string();
}

config::reader<constant_value> constant_reader() {
  config::reader<constant_value> made;
  made.schema = R"({"type":["string","number","boolean","null"]})";
  made.read = [text = payload_text_reader()](const config::node& from, constant_value& to,
                                             config::diagnostics& wrong) {
    to.literal = json_literal(from);
    to.is_text = to.literal.empty();
    return !to.is_text || text.read(from, to.text, wrong);
  };
  return made;
}

}  // namespace

bool is_generator(const config::node& from) {
  const std::vector<std::string>& kinds = inline_signal_kinds();
  return from.is == config::node::type::mapping && from.members.size() == 1 &&
         std::find(kinds.begin(), kinds.end(), from.members[0].key) != kinds.end();
}

config::reader<value_generator> value_reader() {
  return config::scalar_or(
      config::converted<value_generator, constant_value>(
          constant_reader(),
          [](constant_value value) { return value_generator(std::move(value)); }),
      config::converted<value_generator, signal_description>(
          inline_signal_reader(),
          [](signal_description signal) { return value_generator(std::move(signal)); }));
}

}  // namespace gauntlet::sim
