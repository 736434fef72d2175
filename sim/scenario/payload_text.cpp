#include "sim/scenario/payload_text.hpp"

#include <optional>
#include <utility>

namespace gauntlet::sim {
namespace {

constexpr std::string_view sensor_lead = "sensor:";

/// The insert that a placeholder's inside names, if it is one of ours.
std::optional<payload_text::piece> insert_named(std::string_view inside) {
  using insert = payload_text::insert;
  if (inside == "sequence") return payload_text::piece{.before = {}, .what = insert::sequence};
  if (inside == "time") return payload_text::piece{.before = {}, .what = insert::time};
  if (!inside.starts_with(sensor_lead)) return std::nullopt;
  return payload_text::piece{.before = {},
                             .what = insert::sensor,
                             .sensor = std::string(inside.substr(sensor_lead.size()))};
}

bool is_known(std::string_view inside) {
  const std::string_view name = inside.substr(0, inside.find(':'));
  return name == "group" || name == "index" || name == "device" || name == "seed" ||
         name == "client_id";
}

}  // namespace

unit_result<payload_text> payload_text::parse(std::string_view source) {
  payload_text made;
  made.source_ = source;
  std::size_t begin = 0;  // of the part that no piece holds yet
  const auto take = [&](std::size_t end) -> unit_result<text_template> {
    return text_template::parse(source.substr(begin, end - begin));
  };
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] != '{') continue;
    if (source.substr(i).starts_with("{{")) {
      ++i;
      continue;
    }
    const std::size_t end = source.find('}', i);
    if (end == std::string_view::npos) break;  // the template complains
    const std::string_view inside = source.substr(i + 1, end - i - 1);
    auto insert = insert_named(inside);
    if (!insert && !is_known(inside)) {
      return unit_error{"'" + std::string(source.substr(0, 60)) + "': there is no placeholder {" +
                        std::string(inside) +
                        "}; there are {group}, {index}, {device}, {seed}, {client_id}, {sequence}, "
                        "{time} and {sensor:NAME}, and {{ for the brace itself"};
    }
    if (insert) {
      auto before = take(i);
      if (!before) return before.error();
      insert->before = std::move(*before);
      made.pieces_.push_back(std::move(*insert));
      begin = end + 1;
    }
    i = end;
  }
  auto rest = take(source.size());
  if (!rest) return rest.error();
  if (!rest->source().empty()) made.pieces_.push_back({.before = std::move(*rest)});
  return made;
}

payload_text payload_text::with_client_id(const text_template& client_id) const {
  payload_text made = *this;
  for (piece& each : made.pieces_) each.before = each.before.with_client_id(client_id);
  return made;
}

config::reader<payload_text> payload_text_reader(std::size_t length_min) {
  const auto written = config::text({.length_min = length_min});
  config::reader<payload_text> made;
  made.schema = written.schema;
  made.read = [read = written.read](const config::node& from, payload_text& to,
                                    config::diagnostics& wrong) {
    std::string source;
    if (!read(from, source, wrong)) return false;
    auto parsed = payload_text::parse(source);
    if (!parsed) {
      wrong.add(from, parsed.error().message);
      return false;
    }
    to = std::move(*parsed);
    return true;
  };
  return made;
}

}  // namespace gauntlet::sim
