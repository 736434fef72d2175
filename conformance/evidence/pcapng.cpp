#include "conformance/evidence/pcapng.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "conformance/evidence/capture_file.hpp"
#include "conformance/evidence/exchange.hpp"
#include "conformance/evidence/tcp_frame.hpp"
#include "harness/record/atomic_file.hpp"

namespace gauntlet::conformance {
namespace {

using script::wire_event;

constexpr std::size_t segment_size_max = 1'460;
constexpr std::size_t filled_size_max = 1U << 20U;
constexpr std::uint16_t mqtt_port = 1'883;
constexpr std::uint32_t broker_address = 0xC0'00'02'01;  // 192.0.2.1, of documentation
constexpr std::uint32_t client_address = 0xC0'00'02'64;  // 192.0.2.100 and so on

// One connection of the capture.
struct stream {
  tcp_end client;
  tcp_end broker{broker_address, mqtt_port};
  std::uint32_t client_next = 1'000;
  std::uint32_t broker_next = 5'000;
  bool is_open = false;
  std::string remark;  ///< goes with the next frame
};

class capture {
 public:
  explicit capture(const evidence_input& from)
      : from_(from), file_(about(from)), streams_(from.result.transcripts.size()) {
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      streams_[i].client = {client_address + static_cast<std::uint32_t>(i % 100),
                            static_cast<std::uint16_t>(50'000 + i % 10'000)};
    }
  }

  byte_buffer make() {
    for (const exchange_step& step : story_of(from_, exchange_scope::whole)) add(step);
    return file_.bytes();
  }

 private:
  static std::string about(const evidence_input& from) {
    const case_result& result = from.result;
    std::string text = fmt::format("{} on MQTT {}: {}", result.id,
                                   mqtt::version_name(result.version), to_string(result.verdict));
    if (!from.title.empty()) text += "\n" + from.title;
    if (!from.statement.empty()) text += "\n" + from.statement;
    if (const std::string what = divergence_text(result); !what.empty()) text += "\n" + what;
    return text + "\nFrames are made up around the bytes; the broker's port is always 1883.";
  }

  void add(const exchange_step& step) {
    stream& on = streams_[step.connection];
    const script::transcript_entry& entry = *step.entry;
    at_ns_ = from_.epoch_ns + entry.at.time_since_epoch() / std::chrono::nanoseconds(1);
    switch (entry.what) {
      case wire_event::opened:
        return open(on, step.connection);
      case wire_event::open_failed:
        on.remark = "no connection: " + entry.text;
        return put(on, true, tcp_flag::syn, {}, 0);
      case wire_event::sent:
        return carry(on, true, entry);
      case wire_event::received:
        return carry(on, false, entry);
      case wire_event::peer_finished:
        return end(on, false, tcp_flag::fin | tcp_flag::ack);
      case wire_event::peer_reset:
        return end(on, false, tcp_flag::rst | tcp_flag::ack);
      case wire_event::we_closed:
        return end(on, true, tcp_flag::fin | tcp_flag::ack);
      case wire_event::we_aborted:
        return end(on, true, tcp_flag::rst | tcp_flag::ack);
      case wire_event::waited:
        on.remark += "nothing came for " + entry.text + "\n";
        return;
      case wire_event::remark:
        on.remark += entry.text + "\n";
        return;
    }
  }

  void open(stream& on, std::size_t connection) {
    const script::transcript& log = from_.result.transcripts[connection];
    on.remark = fmt::format("{} to {}", log.name(), log.where()) + "\n" + on.remark;
    put(on, true, tcp_flag::syn, {}, 0);
    ++on.client_next;
    put(on, false, tcp_flag::syn | tcp_flag::ack, {}, 0);
    ++on.broker_next;
    put(on, true, tcp_flag::ack, {}, 0);
    on.is_open = true;
  }

  void carry(stream& on, bool from_client, const script::transcript_entry& entry) {
    on.remark += entry.text;
    byte_buffer known = entry.bytes;
    if (known.size() < entry.size_bytes) {
      on.remark += fmt::format("\nOf {} bytes {} were kept; zeros stand for the rest.",
                               entry.size_bytes, known.size());
      // Packets behind one that is not whole could not be told apart.
      known.resize(std::min(entry.size_bytes, filled_size_max));
    }
    const byte_view bytes(known);
    for (std::size_t done = 0; done < entry.size_bytes;) {
      const std::size_t size = std::min(entry.size_bytes - done, segment_size_max);
      const std::size_t first = std::min(done, bytes.size());
      const byte_view part = bytes.subspan(first, std::min(size, bytes.size() - first));
      done += size;
      const bool is_last = done == entry.size_bytes;
      put(on, from_client, static_cast<std::uint8_t>(tcp_flag::ack | (is_last ? tcp_flag::psh : 0)),
          part, size);
      (from_client ? on.client_next : on.broker_next) += static_cast<std::uint32_t>(size);
    }
  }

  void end(stream& on, bool from_client, std::uint8_t flags) {
    if (!on.is_open) return;
    put(on, from_client, flags, {}, 0);
    ++(from_client ? on.client_next : on.broker_next);
    if ((flags & tcp_flag::rst) != 0) on.is_open = false;
  }

  void put(stream& on, bool from_client, std::uint8_t flags, byte_view payload, std::size_t size) {
    const bool answers = (flags & tcp_flag::ack) != 0;
    const std::uint32_t peer_next = from_client ? on.broker_next : on.client_next;
    const byte_buffer frame = to_frame({.from = from_client ? on.client : on.broker,
                                        .to = from_client ? on.broker : on.client,
                                        .sequence = from_client ? on.client_next : on.broker_next,
                                        .acknowledged = answers ? peer_next : 0,
                                        .flags = flags,
                                        .payload = payload,
                                        .payload_size = size});
    file_.add(at_ns_, frame, tcp_headers_size + size, std::exchange(on.remark, {}));
  }

  const evidence_input& from_;
  capture_file file_;
  std::vector<stream> streams_;
  std::int64_t at_ns_ = 0;
};

}  // namespace

byte_buffer to_pcapng(const evidence_input& from) { return capture(from).make(); }

outcome<void> write_pcapng(const std::filesystem::path& file, const evidence_input& from) {
  return record::write_file_atomically(file, as_text(to_pcapng(from)));
}

}  // namespace gauntlet::conformance
