#include "sim/scenario/field_readers.hpp"

#include <algorithm>

namespace gauntlet::sim {

config::reader<std::string> identifier() {
  auto made = config::checked<std::string>(
      config::text({.length_min = 1, .length_max = 64}), [](const std::string& value) {
        const bool good = std::all_of(value.begin(), value.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '.' || c == '-' || c == '_';
        });
        return good ? std::string()
                    : "'" + value + "' may hold only letters, digits, '.', '-' and '_'";
      });
  made.schema = R"({"type":"string","pattern":"^[A-Za-z0-9._-]{1,64}$"})";
  return made;
}

config::reader<mqtt::qos> qos_level() {
  config::reader<mqtt::qos> made = config::converted<mqtt::qos, std::int64_t>(
      config::whole_number(0, 2), [](std::int64_t level) { return static_cast<mqtt::qos>(level); });
  made.schema = R"({"enum":[0,1,2]})";
  made.show = [](const mqtt::qos& level) { return std::to_string(static_cast<unsigned>(level)); };
  return made;
}

config::reader<text_template> template_text(std::size_t length_min) {
  const auto written = config::text({.length_min = length_min});
  config::reader<text_template> made;
  made.schema = written.schema;
  made.read = [read = written.read](const config::node& from, text_template& to,
                                    config::diagnostics& wrong) {
    std::string source;
    if (!read(from, source, wrong)) return false;
    auto parsed = text_template::parse(source);
    if (!parsed) {
      wrong.add(from, parsed.error().message);
      return false;
    }
    to = std::move(*parsed);
    return true;
  };
  made.show = [](const text_template& value) { return config::json_quote(value.source()); };
  return made;
}

config::reader<std::string> file_path() {
  config::reader<std::string> made = config::text({.length_min = 1});
  made.read = [text = std::move(made.read)](const config::node& from, std::string& to,
                                            config::diagnostics& wrong) {
    if (!text(from, to, wrong)) return false;
    to = config::resolve_path(from, to, wrong).string();
    return true;
  };
  return made;
}

config::reader<text_template> path_template() {
  config::reader<text_template> made = template_text();
  made.read = [path = file_path().read, parse = std::move(made.read)](
                  const config::node& from, text_template& to, config::diagnostics& wrong) {
    if (!parse(from, to, wrong)) return false;
    // The folder's own name may hold braces.
    std::string whole;
    if (!path(from, whole, wrong)) return false;
    std::string escaped;
    for (const char c : whole.substr(0, whole.size() - to.source().size())) {
      escaped += c;
      if (c == '{' || c == '}') escaped += c;
    }
    to = *text_template::parse(escaped + to.source());
    return true;
  };
  return made;
}

config::reader<user_property_list> user_properties_reader() {
  return config::mapping_of(template_text(0), 1, 100);
}

config::reader<duration> whole_seconds(duration max) {
  return config::checked<duration>(config::time_span(duration::zero(), max),
                                   [](const duration& value) {
                                     return value % std::chrono::seconds(1) == duration::zero()
                                                ? std::string()
                                                : "MQTT counts this in whole seconds, so " +
                                                      format_duration(value) + " cannot be sent";
                                   });
}

config::reader<std::uint32_t> count_from(std::uint32_t min, std::uint32_t max) {
  return config::integer<std::uint32_t>(min, max);
}

}  // namespace gauntlet::sim
