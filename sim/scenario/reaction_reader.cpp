#include "sim/scenario/reaction_reader.hpp"

#include <string>
#include <utility>

#include "harness/base/json_pointer.hpp"
#include "harness/base/units.hpp"
#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"
#include "sim/scenario/limits.hpp"
#include "sim/scenario/payload_reader.hpp"
#include "sim/scenario/signal_reader.hpp"

namespace gauntlet::sim {
namespace {

using config::object;

constexpr duration interval_min = std::chrono::milliseconds(1);
constexpr duration interval_max = std::chrono::hours(24);
constexpr duration delay_max = std::chrono::hours(24);
/// So many messages wait in one stream at most (triggered_messages::waiting_max).
constexpr std::uint32_t repeats_max = 1000;

bool read_pointer(const config::node& from, json_pointer& to, config::diagnostics& wrong) {
  if (!is_json_pointer(from.scalar)) {
    wrong.add(from, "'" + from.scalar +
                        "' is no JSON pointer: '/' and a name for each level, as /target/value; in "
                        "names, '~1' stands for '/' and '~0' for '~'");
    return false;
  }
  to.text = from.scalar;
  return true;
}

bool is_pointer(const config::node& from) {
  return from.is == config::node::type::scalar && from.scalar.starts_with('/');
}

/// A value, or where in the message it stands: a text that begins with '/'.
template <class T>
config::reader<std::variant<T, json_pointer>> value_or_pointer(config::reader<T> constant) {
  config::reader<std::variant<T, json_pointer>> made;
  made.schema = R"({"anyOf":[{"type":"string","pattern":"^/"},)" + constant.schema + "]}";
  made.read = [read = std::move(constant.read)](const config::node& from,
                                                std::variant<T, json_pointer>& to,
                                                config::diagnostics& wrong) {
    if (is_pointer(from)) return read_pointer(from, to.template emplace<json_pointer>(), wrong);
    T value{};
    if (!read(from, value, wrong)) return false;
    to = std::move(value);
    return true;
  };
  return made;
}

using change_list = std::vector<std::pair<std::string, std::variant<literal_value, json_pointer>>>;

config::reader<interval_change> interval_change_reader() {
  return object<interval_change>("Changes how often the device publishes something")
      .required("publication", &interval_change::publication, config::text({.length_min = 1}),
                "The name of a publication of the group, or its topic as written there")
      .required("every", &interval_change::every,
                value_or_pointer(config::time_span(interval_min, interval_max)),
                "The new interval; or where it stands in the message, as /interval: a number of "
                "seconds or a text as \"500ms\"")
      .optional("for", &interval_change::lasting,
                config::time_span(interval_min, scenario_time_max),
                "How long; by default to the end")
      .build();
}

object<reaction_publication> reaction_publication_table(const std::string& doc) {
  object<reaction_publication> table(doc);
  table
      .required("payload", &reaction_publication::payload, payload_reader(),
                "What the message carries")
      .optional("qos", &reaction_publication::qos, qos_level(), "QoS of the message")
      .optional("retain", &reaction_publication::retain, config::boolean(),
                "Whether the broker keeps it")
      .optional("after", &reaction_publication::after,
                config::time_span(duration::zero(), delay_max),
                "How long after the message that it reacts to")
      .derived<share>(
          "jitter", config::percentage(),
          [](reaction_publication& to, share part) { to.jitter = part.fraction(); },
          "Late by a random part of 'after' up to this")
      .optional("count", &reaction_publication::count, count_from(1, repeats_max),
                "So many messages, as for a report of progress")
      .optional("every", &reaction_publication::every,
                config::time_span(interval_min, interval_max), "Time between them")
      .placed(&reaction_publication::where)
      .check([](const reaction_publication& made, const config::node& from,
                config::diagnostics& wrong) {
        const bool repeats = made.count > 1;
        if (repeats && from.find("every") == nullptr) {
          wrong.add(from, "the key 'every' is missing: how long between the " +
                              std::to_string(made.count) + " messages?");
        } else if (!repeats && from.find("every") != nullptr) {
          wrong.add(*from.find("every"), "one message has no interval; add 'count'");
        }
        if (from.find("jitter") != nullptr && made.after == duration::zero()) {
          wrong.add(*from.find("jitter"), "the jitter is a part of 'after', which is missing");
        }
      });
  return table;
}

config::reader<reaction_publication> message_reader() {
  return reaction_publication_table("Messages that a reaction sends")
      .derived<text_template>(
          "topic", template_text(),
          [](reaction_publication& to, text_template topic) { to.topic = std::move(topic); },
          "Topic name, with placeholders")
      .exactly_one({"topic"})
      .build();
}

config::reader<reaction_publication> answer_reader() {
  return reaction_publication_table(
             "The answer to a request; goes to its Response Topic, with its Correlation Data")
      .derived<text_template>(
          "topic", template_text(),
          [](reaction_publication& to, text_template topic) { to.topic = std::move(topic); },
          "Where answers go to requests without a Response Topic, which MQTT 3.1.1 does not have; "
          "they carry the stamp of the request at their end")
      .build();
}

}  // namespace

std::optional<duration> interval_of(const literal_value& value) {
  std::optional<duration> made;
  const auto from_seconds = [&made](double seconds) {
    if (seconds > 0 && seconds <= 86'400) {
      made = std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
    }
  };
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    from_seconds(static_cast<double>(*whole));
  } else if (const auto* number = std::get_if<decimal_number>(&value)) {
    from_seconds(number->value);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    if (const auto parsed = parse_duration(*text)) made = *parsed;
  }
  if (made && (*made < interval_min || *made > interval_max)) made.reset();
  return made;
}

config::reader<reaction> reaction_reader() {
  object<reaction> table("What the device does when a message comes");
  table
      .required("filter", &reaction::filter, template_text(),
                "To which messages: a topic filter with placeholders, within one of the group's "
                "subscriptions")
      .derived<change_list>(
          "set", config::mapping_of(value_or_pointer(literal_reader()), 1),
          [](reaction& to, change_list all) {
            for (auto& [name, value] : all) to.set.push_back({name, std::move(value)});
          },
          "Sensors, and the value each gets: a constant, or where it stands in the message, as "
          "/value")
      .derived<interval_change>(
          "interval", interval_change_reader(),
          [](reaction& to, interval_change what) { to.interval.push_back(std::move(what)); },
          "A publication that gets another interval")
      .derived<reaction_publication>(
          "publish", message_reader(),
          [](reaction& to, reaction_publication what) { to.publish.push_back(std::move(what)); },
          "A message to send, or several of a kind")
      .optional("answer", &reaction::answer, answer_reader(), "The answer to a request")
      .placed(&reaction::where)
      .check([](const reaction& made, const config::node& from, config::diagnostics& wrong) {
        if (made.set.empty() && made.interval.empty() && made.publish.empty() && !made.answer) {
          wrong.add(from,
                    "this reaction does nothing; add 'set', 'interval', 'publish' or 'answer'");
        }
      });
  return table.build();
}

config::reader<request_settings> request_reader() {
  return object<request_settings>("Makes each message a request that wants an answer")
      .required("response_topic", &request_settings::response_topic, template_text(),
                "Where the answer is awaited, with placeholders; the device is subscribed to it")
      .optional("timeout", &request_settings::timeout,
                config::time_span(interval_min, interval_max), "How long the answer may take")
      .build();
}

}  // namespace gauntlet::sim
