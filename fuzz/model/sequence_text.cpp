#include "fuzz/model/sequence_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>
#include <vector>

namespace gauntlet::fuzz::model {
namespace {

constexpr std::string_view passing_words = "# passes over:";

// A line as its words; commas and a unit of seconds say nothing.
class words {
 public:
  explicit words(std::string_view line) {
    while (!line.empty()) {
      const std::size_t end = std::min(line.find_first_of(" ,"), line.size());
      if (end > 0) all_.emplace_back(line.substr(0, end));
      line.remove_prefix(std::min(end + 1, line.size()));
    }
  }

  std::size_t size() const { return all_.size(); }
  const std::string& operator[](std::size_t i) const { return all_[i]; }
  bool has(std::string_view word, std::size_t from = 0) const {
    return std::find(all_.begin() + static_cast<std::ptrdiff_t>(std::min(from, all_.size())),
                     all_.end(), word) != all_.end();
  }
  std::size_t place_of(std::string_view word) const {
    return static_cast<std::size_t>(std::find(all_.begin(), all_.end(), word) - all_.begin());
  }
  /// The number behind "key=", among the words from `from` on.
  std::optional<std::uint32_t> number(std::string_view key, std::size_t from = 0) const {
    for (std::size_t i = from; i < all_.size(); ++i) {
      const std::string_view word = all_[i];
      if (!word.starts_with(key) || word.substr(key.size(), 1) != "=") continue;
      return to_number(word.substr(key.size() + 1));
    }
    return std::nullopt;
  }
  static std::optional<std::uint32_t> to_number(std::string_view text) {
    if (text.ends_with("s")) text.remove_suffix(1);
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
  }

 private:
  std::vector<std::string> all_;
};

std::optional<std::uint8_t> index_in(const std::vector<std::string>& names,
                                     const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::uint8_t>(found - names.begin());
}

mqtt::qos qos_in(const words& line, std::size_t from = 0) {
  return static_cast<mqtt::qos>(std::min(line.number("qos", from).value_or(0), 2U));
}

connect_operation read_connect(const words& line) {
  connect_operation what;
  what.clean_start = line.number("clean_start").value_or(1) != 0;
  what.session_expiry_s = line.number("session_expiry").value_or(0);
  what.receive_maximum = static_cast<std::uint16_t>(line.number("receive_maximum").value_or(0));
  if (const std::size_t will = line.place_of("will"); will < line.size()) {
    what.will = will_plan{.qos = qos_in(line, will),
                          .retain = line.number("retain", will).value_or(0) != 0,
                          .delay_s = line.number("delay", will).value_or(0)};
  }
  return what;
}

bool read_subscribe(const words& line, const std::string& filter, operation_kind& into) {
  const auto index = index_in(filters(), filter);
  if (!index) return false;
  subscribe_operation what{.filter = *index};
  what.options.maximum_qos = qos_in(line);
  what.options.no_local = line.has("no_local");
  what.options.retain_as_published = line.has("retain_as_published");
  what.options.retain_handling =
      static_cast<mqtt::retain_handling>(std::min(line.number("retain_handling").value_or(0), 2U));
  what.identifier = line.number("identifier").value_or(0);
  into = what;
  return true;
}

bool read_publish(const words& line, const std::string& topic, operation_kind& into) {
  const auto index = index_in(topics(), topic);
  if (!index) return false;
  into = publish_operation{.topic = *index,
                           .qos = qos_in(line),
                           .retain = line.has("retain"),
                           .empty = line.has("payload"),
                           .expiry_s = line.number("expiry").value_or(0),
                           .unfinished = line.has("PUBREL")};
  return true;
}

// The words from the verb on, which stands behind "client 0 (5.0):".
bool read_kind(const words& line, operation_kind& into) {
  constexpr std::size_t verb = 3;
  if (line.size() <= verb) return false;
  const std::string object = line.size() > verb + 1 ? line[verb + 1] : "";
  if (line[verb] == "SUBSCRIBE") return read_subscribe(line, object, into);
  if (line[verb] == "PUBLISH") return read_publish(line, object, into);
  if (line[verb] == "CONNECT") {
    into = read_connect(line);
  } else if (line[verb] == "UNSUBSCRIBE") {
    const auto index = index_in(filters(), object);
    if (!index) return false;
    into = unsubscribe_operation{.filter = *index};
  } else if (line[verb] == "acknowledges") {
    into = hold_operation{.hold = object == "nothing"};
  } else if (line[verb] == "breaks") {
    into = drop_operation{};
  } else if (line[verb] == "DISCONNECT") {
    into = disconnect_operation{.with_will = line.has("will"),
                                .session_expiry_s = line.number("session_expiry")};
  } else {
    return false;
  }
  return true;
}

bool read_operation(std::string_view text, std::size_t clients, operation& into) {
  const words line(text);
  if (line.size() < 2) return false;
  const auto number = words::to_number(line[1]);
  if (!number) return false;
  if (line[0] == "wait") {
    into.what = wait_operation{*number};
    return true;
  }
  if (line[0] != "client" || *number >= clients) return false;
  into.client = static_cast<std::uint8_t>(*number);
  return read_kind(line, into.what);
}

bool read_clients(std::string_view text, sequence_plan& plan) {
  const words line(text);
  if (line.size() < 2 || line.size() > 9 || line[0] != "clients") return false;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] != "5.0" && line[i] != "3.1.1") return false;
    plan.clients.push_back(line[i] == "5.0" ? mqtt::protocol_version::v5
                                            : mqtt::protocol_version::v3_1_1);
  }
  return true;
}

}  // namespace

std::string to_text(const sequence_plan& plan) {
  std::string text = "clients";
  for (const auto each : plan.clients) text += " " + std::string(mqtt::version_name(each));
  text += "\n";
  for (const operation& each : plan.operations) text += to_text(each, plan) + "\n";
  return text;
}

outcome<sequence_plan> parse_sequence(std::string_view text) {
  sequence_plan plan;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.starts_with("#")) continue;
    if (plan.clients.empty()) {
      if (read_clients(line, plan)) continue;
    } else if (operation step; read_operation(line, plan.clients.size(), step)) {
      plan.operations.push_back(std::move(step));
      continue;
    }
    return bad_input("line " + std::to_string(number) +
                     " of the sequence means nothing: " + std::string(line));
  }
  if (plan.operations.empty()) return bad_input("the sequence has no operations");
  return plan;
}

std::string passing_text(const std::set<rule>& rules) {
  if (rules.empty()) return "";
  std::string text(passing_words);
  for (const rule each : rules) text += " " + std::string(info_of(each).name);
  return text + "\n";
}

std::set<rule> parse_passing(std::string_view text) {
  std::set<rule> rules;
  const std::size_t begin = text.find(passing_words);
  if (begin == std::string_view::npos) return rules;
  text.remove_prefix(begin + passing_words.size());
  std::istringstream names(std::string(text.substr(0, text.find('\n'))));
  for (std::string name; names >> name;) {
    if (const auto known = parse_rule(name)) rules.insert(*known);
  }
  return rules;
}

}  // namespace gauntlet::fuzz::model
