// Fuzz target: the reference broker's whole session machine, without a socket. Up to four
// connections of both versions do anything in any order; every packet that comes back is asked
// every invariant of the conformance suite, and a witness must not notice any of it.
//
//   byte 0   the broker's settings, a bit each
//   others   steps: a byte that says what (low half) and on which connection (high half), and the
//            decisions of that step

#include <array>

#include "fuzz/targets/broker_session/fuzzed_broker.hpp"
#include "fuzz/targets/parts/packet_maker.hpp"
#include "harness/base/assert.hpp"

namespace gauntlet::fuzz {
namespace {

using namespace gauntlet::mqtt;
using std::chrono::milliseconds;
using std::chrono::seconds;

broker::options settings_of(std::uint8_t choice) {
  const auto has = [choice](unsigned bit) { return (choice >> bit & 1U) != 0; };
  broker::options made;
  made.level = broker::log_level::none;
  made.sys_interval = has(0) ? seconds(1) : seconds(0);
  if (has(1)) {
    made.limits.inflight_max = 2;
    made.limits.queued_messages_max = 3;
    made.limits.retained_messages_max = 2;
    made.limits.subscriptions_per_session_max = 2;
    made.limits.outbound_topic_aliases_max = 1;
  }
  if (has(2)) {
    made.capabilities.receive_maximum = 2;
    made.capabilities.maximum_packet_size = 128;
    made.capabilities.topic_alias_maximum = 2;
    made.capabilities.maximum_qos = 1;
  }
  if (has(3)) {
    made.capabilities.retain_available = false;
    made.capabilities.wildcard_subscription_available = false;
    made.capabilities.subscription_identifier_available = false;
    made.capabilities.shared_subscription_available = false;
  }
  if (has(4)) {
    made.capabilities.session_expiry_interval_max_s = 10;
    made.capabilities.keep_alive_max_s = 5;
  }
  if (has(5)) made.limits.output_bytes_max = 64;
  if (has(6)) made.explain_problems = false;
  if (has(7)) made.capabilities.response_information_prefix = "answers";
  return made;
}

class session_fuzzer {
 public:
  explicit session_fuzzer(input_reader input)
      : input_(input), broker_(settings_of(input_.byte())) {}

  void run() {
    for (int steps = 0; !input_.empty() && steps < 300; ++steps) {
      step();
      broker_.settle();
    }
    broker_.finish();
  }

 private:
  void step() {
    const std::uint8_t choice = input_.byte();
    const std::size_t slot = choice >> 4U & 3U;
    fuzzed_client* const client = broker_.at(slot);
    const unsigned what = choice % 16U;
    if (what == 15) return pass_time();
    if (what == 0 || client == nullptr || !client->is_open()) return connect_anew(slot);
    act(*client, what);
  }

  void connect_anew(std::size_t slot) {
    const auto version = input_.flag() ? protocol_version::v5 : protocol_version::v3_1_1;
    fuzzed_client& client = broker_.open(slot, version);
    if (input_.below(16) == 0) return;  // it keeps silent for now
    client.send(maker(client, true).make_connect(), broker_.now());
  }

  void act(fuzzed_client& client, unsigned what) {
    switch (what) {
      case 9:
      case 10:
        return client.answer(broker_.now());
      case 11:
        return send_illegal(client);
      case 12:
        return client.send_raw(input_.short_bytes(), broker_.now());
      case 13:
        return client.drop(broker_.now());
      case 14:
        return client.block(input_.flag(), broker_.now());
      default:
        return send_packet(client, what == 1);
    }
  }

  packet_maker maker(const fuzzed_client& client, bool legal) {
    return packet_maker(input_, {.version = client.version(), .legal = legal, .small_world = true});
  }

  void send_packet(fuzzed_client& client, bool in_two_pieces) {
    const packet made = maker(client, true).make();
    if (!in_two_pieces) return client.send(made, broker_.now());
    byte_buffer bytes;
    GAUNTLET_ASSERT(encode(made, client.version(), bytes).has_value());
    const byte_view whole = bytes;
    const std::size_t first = input_.below(std::min<std::size_t>(whole.size(), 256));
    client.send_raw(whole.first(first), broker_.now());
    broker_.settle();
    client.send_raw(whole.subspan(first), broker_.now());
  }

  void send_illegal(fuzzed_client& client) {
    byte_buffer bytes;
    const packet made = maker(client, false).make();
    if (encode(made, client.version(), bytes)) client.send_raw(bytes, broker_.now());
  }

  void pass_time() {
    static constexpr std::array<int, 8> times_ms{1, 100, 1000, 1500, 5000, 11'000, 61'000, 400'000};
    broker_.advance(milliseconds(input_.one_of(times_ms)));
  }

  input_reader input_;
  fuzzed_broker broker_;
};

void run(byte_view bytes) {
  // A fuzzer that reads comparisons learns the witness's name.
  if (as_text(bytes).find(witness_name) != std::string_view::npos) return;
  session_fuzzer(input_reader(bytes)).run();
}

}  // namespace
}  // namespace gauntlet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gauntlet::fuzz::run({data, size});
  return 0;
}
