// What a message costs in a client session, network and timers apart: publishing and reading the
// acknowledgements, and receiving and answering, with a window of messages in flight.

#include <array>
#include <cstdlib>
#include <vector>

#include <benchmark/benchmark.h>

#include "harness/mqtt/client_session.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::mqtt {
namespace {

/// A handler that keeps the compiler honest and does nothing else.
class counting_handler final : public session_handler {
 public:
  void on_publish(const publish_view& message, bool) override { sum += message.payload.size(); }
  void on_acknowledged(std::uint64_t tag, mqtt::qos, mqtt::reason_code) override { sum += tag; }
  publish_view on_resend(std::uint64_t, std::uint16_t) override { return {}; }
  void on_discarded(std::uint64_t, mqtt::qos, bool) override {}
  std::uint64_t sum = 0;
};

client_session open_session(protocol_version version, session_handler& handler) {
  client_session session(version);
  byte_buffer out;
  byte_buffer answer;
  if (!session.connect({.protocol_version = version, .client_id = "c"}, out) ||
      !encode(connack{}, version, answer) || !session.receive(answer, handler, out)) {
    std::abort();
  }
  return session;
}

protocol_version version_of(const benchmark::State& state) {
  return state.range(0) == 5 ? protocol_version::v5 : protocol_version::v3_1_1;
}

const byte_buffer payload(64, 'x');
constexpr std::string_view topic = "site7/device123/temperature";

void append_identifier(byte_buffer& bytes, std::uint8_t first, std::uint16_t identifier) {
  const std::array<std::uint8_t, 4> packet{first, 2, static_cast<std::uint8_t>(identifier >> 8),
                                           static_cast<std::uint8_t>(identifier)};
  bytes.insert(bytes.end(), packet.begin(), packet.end());
}

/// One turn fills the window and reads the answers to all of it, as one read of the socket would.
void publish(benchmark::State& state, qos at) {
  counting_handler handler;
  client_session session = open_session(version_of(state), handler);
  const auto window = static_cast<std::size_t>(state.range(1));
  const publish_view message{.qos = at, .topic_name = topic, .payload = payload};
  byte_buffer out;
  byte_buffer answers;
  for (auto _ : state) {
    out.clear();
    answers.clear();
    for (std::size_t i = 0; i < window; ++i) {
      const auto identifier = session.publish(message, i, out);
      if (!identifier) return state.SkipWithError("refused");
      if (at == qos::at_least_once) append_identifier(answers, 0x40, *identifier);
      if (at == qos::exactly_once) append_identifier(answers, 0x50, *identifier);
      if (at == qos::exactly_once) append_identifier(answers, 0x70, *identifier);
    }
    if (!session.receive(answers, handler, out)) return state.SkipWithError("refused");
  }
  benchmark::DoNotOptimize(handler.sum);
  state.SetItemsProcessed(state.iterations() * state.range(1));
}
BENCHMARK_CAPTURE(publish, qos_0, qos::at_most_once)->ArgsProduct({{3, 5}, {1, 20}});
BENCHMARK_CAPTURE(publish, qos_1, qos::at_least_once)->ArgsProduct({{3, 5}, {1, 20, 1000}});
BENCHMARK_CAPTURE(publish, qos_2, qos::exactly_once)->ArgsProduct({{3, 5}, {1, 20, 1000}});

/// One turn reads a window of messages, and the PUBRELs of QoS 2.
void receive(benchmark::State& state, qos at) {
  counting_handler handler;
  const protocol_version version = version_of(state);
  client_session session = open_session(version, handler);
  byte_buffer input;
  for (std::uint16_t identifier = 1; identifier <= state.range(1); ++identifier) {
    const publish_view message{
        .qos = at, .packet_identifier = identifier, .topic_name = topic, .payload = payload};
    if (!encode_publish(message, version, input)) std::abort();
  }
  for (std::uint16_t identifier = 1; identifier <= state.range(1); ++identifier) {
    if (at == qos::exactly_once) append_identifier(input, 0x62, identifier);
  }
  byte_buffer out;
  for (auto _ : state) {
    out.clear();
    if (!session.receive(input, handler, out)) return state.SkipWithError("refused");
  }
  benchmark::DoNotOptimize(handler.sum);
  state.SetItemsProcessed(state.iterations() * state.range(1));
}
BENCHMARK_CAPTURE(receive, qos_0, qos::at_most_once)->ArgsProduct({{3, 5}, {1, 20}});
BENCHMARK_CAPTURE(receive, qos_1, qos::at_least_once)->ArgsProduct({{3, 5}, {1, 20}});
BENCHMARK_CAPTURE(receive, qos_2, qos::exactly_once)->ArgsProduct({{3, 5}, {1, 20, 1000}});

}  // namespace
}  // namespace gauntlet::mqtt
