#include "tests/integration/broker/mosquitto_program.hpp"

#include <algorithm>
#include <csignal>
#include <deque>
#include <map>
#include <poll.h>
#include <sstream>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "harness/net/url.hpp"
#include "tests/integration/broker/hex.hpp"
#include "tests/integration/broker/piped_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace gauntlet::broker {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using words = std::vector<std::string>;

constexpr std::string_view message_form =
    R"({"event":"message","topic":"%t","payload":"%x","qos":%q,"retain":%r,"content_type":"%C",)"
    R"("response_topic":"%R","correlation_data":"%D","message_expiry_interval":"%E",)"
    R"("payload_format_indicator":"%F","subscription_identifiers":"%S","user_properties":"%P"})";

std::string text(const object& of, std::string_view key) {
  return std::string(of.at(key).as_string());
}

std::string number_text(const boost::json::value& value) {
  return std::to_string(value.to_number<int>());
}

void append(words& list, const words& more) { list.insert(list.end(), more.begin(), more.end()); }

/// What both tools need to connect.
words connection_words(const object& connect) {
  const auto url = net::parse_url(text(connect, "url"));
  words list = {"-h", url->where.host,
                "-p", std::to_string(url->where.port),
                "-V", connect.at("version") == 5 ? "mqttv5" : "mqttv311"};
  if (url->where.transport == net::transport::tls) {
    append(list, {"--cafile", text(connect, "ca_file")});
  }
  if (connect.contains("user_name")) {
    append(list, {"-u", text(connect, "user_name"), "-P", text(connect, "password")});
  }
  return list;
}

/// The properties of a PUBLISH as options.
words property_words(const object& command) {
  const std::map<std::string, std::string> names = {
      {"content_type", "content-type"},
      {"response_topic", "response-topic"},
      {"message_expiry_interval", "message-expiry-interval"},
      {"payload_format_indicator", "payload-format-indicator"},
      {"correlation_data", "correlation-data"}};
  words list;
  for (const auto& [ours, theirs] : names) {
    if (!command.contains(ours)) continue;
    const auto& value = command.at(ours);
    std::string as_text = value.is_string() ? text(command, ours) : number_text(value);
    if (ours == "correlation_data") as_text = from_hex(as_text);
    append(list, {"-D", "publish", theirs, as_text});
  }
  if (command.contains("user_properties")) {
    for (const auto& pair : command.at("user_properties").as_array()) {
      append(list, {"-D", "publish", "user-property", std::string(pair.at(0).as_string()),
                    std::string(pair.at(1).as_string())});
    }
  }
  return list;
}

/// mosquitto_sub's line as the event of the other programs: what is absent it prints as empty.
object message_event(object line) {
  for (const char* const key : {"content_type", "response_topic", "correlation_data"}) {
    if (line.at(key).as_string().empty()) line.erase(key);
  }
  for (const char* const key : {"message_expiry_interval", "payload_format_indicator"}) {
    const std::string digits = text(line, key);
    line.erase(key);
    if (!digits.empty()) line[key] = std::stoi(digits);
  }
  if (line.contains("correlation_data")) {
    line["correlation_data"] = to_hex(text(line, "correlation_data"));
  }
  boost::json::array identifiers;
  std::istringstream numbers(text(line, "subscription_identifiers"));
  for (int each = 0; numbers >> each;) identifiers.emplace_back(each);
  line["subscription_identifiers"] = std::move(identifiers);
  boost::json::array pairs;
  std::istringstream user(text(line, "user_properties"));
  for (std::string each; user >> each;) {
    const std::size_t colon = each.find(':');
    pairs.push_back(boost::json::array{each.substr(0, colon), each.substr(colon + 1)});
  }
  line["user_properties"] = std::move(pairs);
  line["retain"] = line.at("retain") == 1;
  return line;
}

class mosquitto_program final : public foreign_program {
 public:
  void command(const object& what) override;
  std::optional<object> next(clock::time_point deadline) override;
  void kill() override { subscribers_.clear(); }
  void forget_clients() override {
    subscribers_.clear();
    filters_.clear();
    connects_.clear();
  }

 private:
  struct subscriber {
    std::unique_ptr<test::temporary_directory> folder;
    piped_process process;
    bool announces_connack = false;
  };

  void connect(const object& what);
  void subscribe(const std::string& client, const words& filters);
  void publish(const object& what);
  void disconnect(const std::string& client);
  bool read_subscribers();
  void understand(const std::string& client, const subscriber& from, const std::string& line);
  void tell(const char* event, const std::string& client, object more = {}) {
    more["event"] = event;
    more["client"] = client;
    events_.push_back(std::move(more));
  }

  std::map<std::string, object> connects_;         // by client
  std::map<std::string, words> filters_;           // of stored sessions, by Client Identifier
  std::map<std::string, subscriber> subscribers_;  // by client
  std::deque<object> events_;
  test::temporary_directory payloads_;
};

void mosquitto_program::command(const object& what) {
  const std::string verb = text(what, "do");
  const std::string client = text(what, "client");
  if (verb == "connect") {
    connect(what);
  } else if (verb == "subscribe") {
    words filters;
    for (const auto& each : what.at("filters").as_array()) {
      append(filters, {"-t", std::string(each.at("filter").as_string())});
    }
    append(filters, {"-q", number_text(what.at("filters").at(0).at("qos"))});
    if (what.contains("subscription_identifier")) {
      append(filters, {"-D", "subscribe", "subscription-identifier",
                       number_text(what.at("subscription_identifier"))});
    }
    subscribe(client, filters);
  } else if (verb == "publish") {
    publish(what);
  } else if (verb == "disconnect") {
    disconnect(client);
  }
}

void mosquitto_program::connect(const object& what) {
  const std::string client = text(what, "client");
  connects_[client] = what;
  const auto known = filters_.find(text(what, "client_id"));
  if (what.at("clean") == false && known != filters_.end()) {
    subscribe(client, words(known->second));
    subscribers_.at(client).announces_connack = true;
  } else {
    tell("connack", client, {{"reason", 0}, {"session_present", false}});
  }
}

void mosquitto_program::subscribe(const std::string& client, const words& filters) {
  const object& how = connects_.at(client);
  words list = connection_words(how);
  append(list, {"-d", "-i", text(how, "client_id"), "-F", std::string(message_form)});
  if (how.at("clean") == false) {
    filters_[text(how, "client_id")] = filters;
    append(list, {"-c"});
    if (how.contains("session_expiry_interval")) {
      append(list, {"-x", number_text(how.at("session_expiry_interval"))});
    }
  }
  if (how.contains("will")) {
    const object& will = how.at("will").as_object();
    append(list, {"--will-topic", text(will, "topic"), "--will-payload",
                  from_hex(text(will, "payload")), "--will-qos", number_text(will.at("qos"))});
    if (will.at("retain") == true) append(list, {"--will-retain"});
  }
  append(list, filters);
  auto folder = std::make_unique<test::temporary_directory>();
  // Through a pipe it would keep its lines until it ends.
  words wrapped = {"-oL", "mosquitto_sub"};
  append(wrapped, list);
  auto started = piped_process::start(
      {.command = "stdbuf", .arguments = wrapped, .environment = {}, .folder = folder->path()});
  if (!started) return tell("failed", client, {{"why", started.error().message}});
  subscribers_.erase(client);
  subscribers_.emplace(client, subscriber{std::move(folder), std::move(*started)});
}

void mosquitto_program::publish(const object& what) {
  const std::string client = text(what, "client");
  words list = connection_words(connects_.at(client));
  append(list, {"-t", text(what, "topic"), "-q", number_text(what.at("qos"))});
  append(list, property_words(what));
  const std::string payload = from_hex(text(what, "payload"));
  if (payload.empty()) {
    append(list, {"-n"});
  } else {
    append(list, {"-f", payloads_.write("payload", payload)});
  }
  if (what.at("retain") == true) append(list, {"-r"});
  auto started = target::child_process::start({.command = "mosquitto_pub",
                                               .arguments = list,
                                               .working_folder = payloads_.path(),
                                               .output_file = payloads_.file("errors")});
  if (!started) return tell("failed", client, {{"why", started.error().message}});
  const auto ended = started->wait_exit(5s);
  if (ended && !ended->signalled && ended->code == 0) tell("published", client, {{"reason", 0}});
}

void mosquitto_program::disconnect(const std::string& client) {
  const auto found = subscribers_.find(client);
  if (found != subscribers_.end()) {
    found->second.process.process().signal(SIGTERM);
    found->second.process.process().wait_exit(5s);
    subscribers_.erase(found);
  }
  tell("closed", client, {{"reason", 0}});
}

std::optional<object> mosquitto_program::next(clock::time_point deadline) {
  for (;;) {
    if (!events_.empty()) {
      object event = std::move(events_.front());
      events_.pop_front();
      return event;
    }
    if (read_subscribers()) continue;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
    if (left <= 0ms) return std::nullopt;
    std::vector<pollfd> outputs;
    for (const auto& [client, each] : subscribers_) {
      outputs.push_back({.fd = each.process.output(), .events = POLLIN, .revents = 0});
    }
    ::poll(outputs.data(), outputs.size(), static_cast<int>(left.count()));
  }
}

bool mosquitto_program::read_subscribers() {
  bool any = false;
  for (auto& [client, each] : subscribers_) {
    while (const auto line = each.process.read_line()) {
      understand(client, each, *line);
      any = true;
    }
  }
  return any;
}

// Messages come in our form; of what -d adds, two kinds of line are of use.
void mosquitto_program::understand(const std::string& client, const subscriber& from,
                                   const std::string& line) {
  constexpr std::string_view subscribed = "Subscribed (mid: ";
  if (line.starts_with('{')) {
    object event = message_event(boost::json::parse(line).as_object());
    event["client"] = client;
    events_.push_back(std::move(event));
  } else if (line.find(" received CONNACK (0)") != std::string::npos && from.announces_connack) {
    tell("connack", client, {{"reason", 0}});
  } else if (line.starts_with(subscribed)) {
    boost::json::array codes;
    std::string list = line.substr(line.find("): ") + 3);
    std::ranges::replace(list, ',', ' ');
    std::istringstream numbers(list);
    for (int code = 0; numbers >> code;) codes.emplace_back(code);
    tell("suback", client, {{"codes", std::move(codes)}});
  }
}

}  // namespace

outcome<std::unique_ptr<foreign_program>> start_mosquitto() {
  if (!target::find_command("mosquitto_sub") || !target::find_command("mosquitto_pub")) {
    return environment_failed("mosquitto is not here: apt-get install mosquitto-clients");
  }
  return std::unique_ptr<foreign_program>(std::make_unique<mosquitto_program>());
}

}  // namespace gauntlet::broker
