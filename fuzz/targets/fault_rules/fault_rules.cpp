// Fuzz target: any text is a list of faults or a list of complaints; and a link under those faults
// tells of every packet what really became of it, lets go what it holds back once it is healed, and
// does the same again from the same seed.
//
//   up to the first zero byte   faults, as YAML
//   the rest                    decisions about what the two ends do, one after the other

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/targets/parts/input_reader.hpp"
#include "fuzz/targets/parts/packet_maker.hpp"
#include "harness/base/assert.hpp"
#include "harness/base/virtual_loop.hpp"
#include "harness/fault/injector.hpp"
#include "harness/fault/link.hpp"
#include "harness/fault_config/rule_reader.hpp"
#include "harness/mqtt/codec.hpp"

namespace gauntlet::fuzz {
namespace {

using history::direction;
using history::packet_fate;
using history::side;
using std::chrono::milliseconds;

constexpr std::array both_sides{side::client, side::broker};
constexpr std::size_t index_of(side who) { return static_cast<std::size_t>(who); }

/// What an end of the link got.
struct recording_end final : fault::link_end {
  void send(byte_view bytes) override {
    GAUNTLET_ASSERT(!over && !bytes.empty());
    received.insert(received.end(), bytes.begin(), bytes.end());
  }
  std::size_t backlog_bytes() const override { return 0; }
  void close() override { end(); }
  void abort() override { end(); }
  void pause_reading() override { told_to_pause = true; }
  void resume_reading() override { told_to_pause = false; }
  void end() {
    GAUNTLET_ASSERT(!over);
    over = true;
  }

  byte_buffer received;
  bool over = false;  ///< by the link
  bool told_to_pause = false;
};

/// What the link told of one direction.
struct told_direction {
  byte_buffer passed;
  std::map<byte_buffer, int> sent;  ///< how often each packet
};

struct recording_observer final : history::packet_observer {
  void on_open(history::connection_index, time_point) override {}
  void on_packet(const history::packet_seen& packet) override {
    told_direction& told = by_direction[static_cast<std::size_t>(packet.direction)];
    told.passed.insert(told.passed.end(), packet.passed.begin(), packet.passed.end());
    const bool is_own = packet.fate != packet_fate::forged && packet.fate != packet_fate::copied;
    if (is_own) ++told.sent[byte_buffer(packet.sent.begin(), packet.sent.end())];
    GAUNTLET_ASSERT(packet.fate == packet_fate::forged || packet.passed_at >= packet.sent_at);
    GAUNTLET_ASSERT(packet.passed.empty() == (packet.fate == packet_fate::swallowed) ||
                    packet.fate == packet_fate::truncated);
    GAUNTLET_ASSERT(packet.fate != packet_fate::passed ||
                    std::equal(packet.sent.begin(), packet.sent.end(), packet.passed.begin(),
                               packet.passed.end()));
  }
  void on_end(const history::end_seen&) override {}
  void on_fault(const history::fault_seen&) override {}

  std::array<told_direction, 2> by_direction;
};

class exercise {
 public:
  exercise(const std::vector<fault::rule>& rules, input_reader input)
      : rules_(rules),
        input_(input),
        faults_(loop_, {.seed = 7,
                        .observer = &observer_,
                        .trace = [this](std::string_view line) { trace.append(line) += '\n'; }}),
        link_(std::make_unique<fault::link>(faults_, ends_[0], ends_[1])) {}

  void run() {
    for (const fault::rule& each : rules_) GAUNTLET_ASSERT(faults_.add(each).has_value());
    faults_.start(loop_.now());
    link_->open();
    send_packet(side::client, maker(side::client).make_connect());
    for (int steps = 0; !input_.empty() && steps < 200; ++steps) step();
    finish();
  }

  std::string trace;
  std::array<recording_end, 2> ends_;

 private:
  packet_maker maker(side who) {
    const auto from = who == side::client ? mqtt::sender::client : mqtt::sender::server;
    return packet_maker(input_, {.from = from, .small_world = true});
  }

  void pass(duration time) {
    loop_.run_until([] { return false; }, loop_.now() + time);
  }

  void send_packet(side who, const mqtt::packet& packet) {
    byte_buffer bytes;
    GAUNTLET_ASSERT(mqtt::encode(packet, mqtt::protocol_version::v5, bytes).has_value());
    if (!send(who, bytes)) return;
    ++sent_[index_of(who)][bytes];
  }

  bool send(side who, byte_view bytes) {
    if (ends_[index_of(who)].over || gone_[index_of(who)] || bytes.empty()) return false;
    byte_buffer& all = all_sent_[index_of(who)];
    all.insert(all.end(), bytes.begin(), bytes.end());
    link_->from(who, bytes);
    return true;
  }

  void end(side who, bool reset) {
    if (ends_[index_of(who)].over || gone_[index_of(who)]) return;
    gone_[index_of(who)] = true;
    ends_[index_of(who)].over = true;  // the link has nothing to say to it any more
    link_->ended(who, reset);
  }

  void step() {
    static constexpr std::array<int, 8> times_ms{0, 1, 5, 20, 100, 500, 1000, 7000};
    const std::uint8_t choice = input_.byte();
    const side who = (choice & 0x80U) != 0 ? side::broker : side::client;
    switch (choice % 16U) {
      case 8:
      case 9:
        return pass(milliseconds(input_.one_of(times_ms)));
      case 10:
        raw_ = send(who, input_.short_bytes()) || raw_;
        return;
      case 11:
        return end(who, input_.flag());
      case 12:
        return link_->pause(who, input_.flag());
      case 13:
        return change_rules();
      case 14:
        return faults_.heal();
      case 15:
        return link_->drained(who);
      default:
        return send_packet(who, who == side::broker && input_.below(8) == 0
                                    ? mqtt::packet(mqtt::connack{})
                                    : maker(who).make());
    }
  }

  void change_rules() {
    if (rules_.empty()) return;
    const fault::rule& which = rules_[input_.below(rules_.size())];
    switch (input_.below(4)) {
      case 0:
        faults_.remove(which.name);
        return;
      case 1:
        faults_.change(which.name, which);
        return;
      case 2:
        faults_.enable(which.name, false);
        return;
      default:
        faults_.enable(which.name, true);
        return;
    }
  }

  /// Everything is let go, both ends go, and the books have to agree.
  void finish() {
    for (const side who : both_sides) link_->pause(who, false);
    faults_.clear();
    pass(std::chrono::seconds(1));
    for (const side who : both_sides) {
      end(who, false);
      pass(std::chrono::seconds(1));
    }
    GAUNTLET_ASSERT(link_->is_over());
    link_.reset();
    GAUNTLET_ASSERT(faults_.links() == 0);
    for (const side who : both_sides) check_books(who);
  }

  void check_books(side receiver) {
    const side sender = receiver == side::client ? side::broker : side::client;
    const auto towards = receiver == side::client ? direction::to_client : direction::to_broker;
    const told_direction& told = observer_.by_direction[static_cast<std::size_t>(towards)];
    const byte_buffer& received = ends_[index_of(receiver)].received;
    if (rules_.empty()) {
      // Less only if the receiver has gone.
      const byte_buffer& all = all_sent_[index_of(sender)];
      GAUNTLET_ASSERT(received.size() <= all.size());
      GAUNTLET_ASSERT(std::equal(received.begin(), received.end(), all.begin()));
    }
    if (raw_) return;  // what is no packet is not told
    GAUNTLET_ASSERT(told.passed == received);
    for (const auto& [packet, count] : told.sent) {
      GAUNTLET_ASSERT(count <= sent_[index_of(sender)][packet]);
    }
  }

  const std::vector<fault::rule>& rules_;
  input_reader input_;
  virtual_loop loop_;
  recording_observer observer_;
  fault::injector faults_;
  std::unique_ptr<fault::link> link_;
  std::array<std::map<byte_buffer, int>, 2> sent_;  ///< packets, by their sender
  std::array<byte_buffer, 2> all_sent_;
  std::array<bool, 2> gone_{};  ///< by themselves
  bool raw_ = false;
};

void run(byte_view bytes) {
  input_reader input(bytes);
  const auto rules = fault_config::parse_rules(input.text_until(0), "faults.yaml");
  if (!rules) {
    GAUNTLET_ASSERT(!rules.error().empty());
    for (const config::diagnostic& each : rules.error()) GAUNTLET_ASSERT(!each.message.empty());
    return;
  }
  for (const fault::rule& each : *rules) {
    GAUNTLET_ASSERT(!each.name.empty() && !fault::describe(each).empty());
  }
  exercise once(*rules, input);
  once.run();
  exercise again(*rules, input);
  again.run();
  GAUNTLET_ASSERT(once.trace == again.trace);
  for (const side who : both_sides) {
    GAUNTLET_ASSERT(once.ends_[index_of(who)].received == again.ends_[index_of(who)].received);
  }
}

}  // namespace
}  // namespace gauntlet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gauntlet::fuzz::run({data, size});
  return 0;
}
