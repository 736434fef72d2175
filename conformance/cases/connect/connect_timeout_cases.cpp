// Connections on which no CONNECT comes. MQTT 5.0 §3.1.4

#include "conformance/cases/connect/connect_cases.hpp"
#include "conformance/cases/support/message_path.hpp"
#include "conformance/cases/support/raw_connect.hpp"

namespace gauntlet::conformance {
namespace {

using namespace std::chrono_literals;

// "A reasonable time" is not laid down; a quarter of a minute is more than a client needs.
constexpr auto reasonable = 15s;

void ended_without_connect(context& test, std::size_t bytes_sent) {
  client& control = test.connected("control");
  prove_delivery(test, control, mqtt::qos::at_most_once);
  client& silent = test.open("silent");
  if (bytes_sent > 0) {
    silent.send_bytes(byte_view(right_connect(test, silent).bytes()).first(bytes_sent));
  }
  silent.expect_close_within(reasonable);
}

}  // namespace

void add_connect_timeout_cases(suite& to) {
  const auto add = [&](std::string word, std::string title, std::size_t bytes_sent) {
    to.add({.id = "PR5-3.1.4-a/" + std::move(word),
            .title = std::move(title),
            .covers = {v5("PR5-3.1.4-a"), v3("PR3-3.1.4-a")},
            .defects = {"ignore-connect-timeout"},
            .level = requirement_level::should,
            .limit = 40s,
            .body = [bytes_sent](context& test) { ended_without_connect(test, bytes_sent); }});
  };
  add("silence", "A connection on which nothing comes is ended within 15 s", 0);
  add("half-connect", "A connection on which half a CONNECT comes is ended within 15 s", 8);
}

}  // namespace gauntlet::conformance
