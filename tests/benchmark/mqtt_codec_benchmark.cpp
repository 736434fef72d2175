// Decoding and encoding of the packets that matter for speed, in packets and bytes per second,
// beside a memcpy of the same bytes.

#include <cstring>
#include <string>

#include <benchmark/benchmark.h>

#include "harness/mqtt/codec.hpp"
#include "harness/mqtt/publish_view.hpp"

namespace gauntlet::mqtt {
namespace {

constexpr std::string_view topic = "fleet/thermostats/000123/temp";

const byte_buffer& payload() {
  static const byte_buffer bytes(64, 'x');
  return bytes;
}

publish_view some_publish(qos level) {
  publish_view view{.qos = level, .topic_name = topic, .payload = payload()};
  if (level != qos::at_most_once) view.packet_identifier = 4711;
  return view;
}

/// Eight of the nine properties that CONNECT may carry.
connect some_connect() {
  return {.client_id = "thermostat-000123",
          .keep_alive_s = 60,
          .properties = {session_expiry_interval(3600), receive_maximum(100),
                         maximum_packet_size(65536), topic_alias_maximum(10),
                         request_response_information(0), request_problem_information(1),
                         user_property("firmware", "1.4.2"), user_property("site", "north-7")}};
}

byte_buffer encoded(const publish_view& view, protocol_version version) {
  byte_buffer bytes;
  if (!encode_publish(view, version, bytes)) std::abort();
  return bytes;
}

byte_buffer encoded(const connect& source) {
  byte_buffer bytes;
  if (!encode(source, protocol_version::v5, bytes)) std::abort();
  return bytes;
}

void count(benchmark::State& state, std::size_t packet_size) {
  const auto packets = static_cast<std::int64_t>(state.iterations());
  state.SetItemsProcessed(packets);
  state.SetBytesProcessed(packets * static_cast<std::int64_t>(packet_size));
}

void copy(benchmark::State& state, const byte_buffer& bytes) {
  byte_buffer to(bytes.size());
  for (auto _ : state) {
    std::memcpy(to.data(), bytes.data(), bytes.size());
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  count(state, bytes.size());
}

void copy_publish(benchmark::State& state, qos level, protocol_version version) {
  copy(state, encoded(some_publish(level), version));
}

void decode_publish_view(benchmark::State& state, qos level, protocol_version version) {
  const byte_buffer bytes = encoded(some_publish(level), version);
  for (auto _ : state) {
    auto view = decode_publish(bytes, version, sender::server);
    benchmark::DoNotOptimize(view);
  }
  count(state, bytes.size());
}

void decode_publish_owned(benchmark::State& state, qos level, protocol_version version) {
  const byte_buffer bytes = encoded(some_publish(level), version);
  for (auto _ : state) {
    auto decoded = decode(bytes, version, sender::server);
    benchmark::DoNotOptimize(decoded);
  }
  count(state, bytes.size());
}

void encode_publish_view(benchmark::State& state, qos level, protocol_version version) {
  const publish_view view = some_publish(level);
  byte_buffer out;
  for (auto _ : state) {
    out.clear();
    auto written = encode_publish(view, version, out);
    benchmark::DoNotOptimize(written);
    benchmark::DoNotOptimize(out.data());
  }
  count(state, out.size());
}

void copy_connect(benchmark::State& state) { copy(state, encoded(some_connect())); }

void decode_connect(benchmark::State& state) {
  const byte_buffer bytes = encoded(some_connect());
  for (auto _ : state) {
    auto decoded = decode(bytes, protocol_version::v5, sender::client);
    benchmark::DoNotOptimize(decoded);
  }
  count(state, bytes.size());
}

void encode_connect(benchmark::State& state) {
  const connect source = some_connect();
  byte_buffer out;
  for (auto _ : state) {
    out.clear();
    auto written = encode(source, protocol_version::v5, out);
    benchmark::DoNotOptimize(written);
    benchmark::DoNotOptimize(out.data());
  }
  count(state, out.size());
}

constexpr auto qos_0 = qos::at_most_once;
constexpr auto qos_1 = qos::at_least_once;
constexpr auto v3_1_1 = protocol_version::v3_1_1;
constexpr auto v5 = protocol_version::v5;

BENCHMARK_CAPTURE(copy_publish, qos_0_v5, qos_0, v5);
BENCHMARK_CAPTURE(decode_publish_view, qos_0_v5, qos_0, v5);
BENCHMARK_CAPTURE(decode_publish_owned, qos_0_v5, qos_0, v5);
BENCHMARK_CAPTURE(encode_publish_view, qos_0_v5, qos_0, v5);
BENCHMARK_CAPTURE(copy_publish, qos_1_v5, qos_1, v5);
BENCHMARK_CAPTURE(decode_publish_view, qos_1_v5, qos_1, v5);
BENCHMARK_CAPTURE(decode_publish_owned, qos_1_v5, qos_1, v5);
BENCHMARK_CAPTURE(encode_publish_view, qos_1_v5, qos_1, v5);
BENCHMARK_CAPTURE(decode_publish_view, qos_1_v3_1_1, qos_1, v3_1_1);
BENCHMARK_CAPTURE(encode_publish_view, qos_1_v3_1_1, qos_1, v3_1_1);
BENCHMARK(copy_connect);
BENCHMARK(decode_connect);
BENCHMARK(encode_connect);

}  // namespace
}  // namespace gauntlet::mqtt
