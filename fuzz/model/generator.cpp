#include "fuzz/model/generator.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "harness/base/assert.hpp"
#include "harness/base/seeded_stream.hpp"
#include "harness/mqtt/topic.hpp"

namespace gauntlet::fuzz::model {
namespace {

constexpr std::uint32_t expiry_never_s = 0xFFFFFFFF;

// The kinds in the order of operation_kind.
constexpr std::size_t kinds = std::variant_size_v<operation_kind>;
using weights = std::array<std::uint64_t, kinds>;

// What the generator has to know of a client, to ask for nothing that is a protocol error.
struct client_state {
  bool connected = false;
  bool holds = false;
  std::uint32_t session_expiry_s = 0;
};

class sequence_drawer {
 public:
  sequence_drawer(const generator_options& options, std::uint64_t number)
      : options_(options), draws_(options.seed, "model", "sequence", number) {}

  sequence_plan draw() {
    const auto clients = static_cast<std::size_t>(draws_.below(options_.clients_max)) + 1;
    for (std::size_t i = 0; i < clients; ++i) plan_.clients.push_back(draw_version());
    states_.resize(clients);
    is_timed_ = draws_.chance(options_.timed_share);
    draw_weights();
    const auto length = static_cast<std::size_t>(draws_.below(options_.operations_max)) + 1;
    while (plan_.operations.size() < length) plan_.operations.push_back(draw_operation());
    return std::move(plan_);
  }

 private:
  mqtt::protocol_version draw_version() {
    if (options_.versions == version_choice::v3_1_1) return mqtt::protocol_version::v3_1_1;
    if (options_.versions == version_choice::v5) return mqtt::protocol_version::v5;
    return draws_.chance(0.5) ? mqtt::protocol_version::v5 : mqtt::protocol_version::v3_1_1;
  }

  // connect, subscribe, unsubscribe, publish, hold, drop, disconnect, wait. Without the first two
  // and publish nothing happens at all; the rest may be left out.
  void draw_weights() {
    constexpr weights usual = {6, 8, 2, 14, 3, 4, 3, 3};
    for (std::size_t i = 0; i < kinds; ++i) {
      const bool needed = i == 0 || i == 1 || i == 3;
      const bool is_wait = i == 7;
      const bool left_out = is_wait ? !is_timed_ : !needed && draws_.chance(0.25);
      weights_[i] = left_out ? 0 : usual[i] * (draws_.below(3) + 1);
    }
  }

  std::size_t draw_kind() {
    std::uint64_t at =
        draws_.below(std::accumulate(weights_.begin(), weights_.end(), std::uint64_t{}));
    for (std::size_t i = 0; i < kinds; ++i) {
      if (at < weights_[i]) return i;
      at -= weights_[i];
    }
    GAUNTLET_ASSERT(false);
    return 0;
  }

  operation draw_operation() {
    operation step;
    const std::size_t kind = draw_kind();
    step.client = draw_client(kind == 0);
    client_state& state = states_[step.client];
    const bool is_v5 = plan_.clients[step.client] == mqtt::protocol_version::v5;
    if (kind == 7) {
      step = {.client = 0, .what = wait_operation{.seconds = draw_seconds()}};
    } else if (!state.connected || kind == 0) {
      step.what = draw_connect(state, is_v5);
    } else {
      step.what = draw_of_connected(kind, state, is_v5);
    }
    return step;
  }

  // Who is away stays away until a connection is drawn for him.
  std::uint8_t draw_client(bool any) {
    std::vector<std::uint8_t> choices;
    for (std::uint8_t i = 0; i < states_.size(); ++i) {
      if (any || states_[i].connected) choices.push_back(i);
    }
    if (choices.empty()) return static_cast<std::uint8_t>(draws_.below(states_.size()));
    return choices[static_cast<std::size_t>(draws_.below(choices.size()))];
  }

  operation_kind draw_of_connected(std::size_t kind, client_state& state, bool is_v5) {
    switch (kind) {
      case 1:
        return draw_subscribe(is_v5);
      case 2:
        return unsubscribe_operation{.filter = draw_filter()};
      case 4:
        return hold_operation{.hold = state.holds = !state.holds};
      case 5:
        state.connected = false;
        return drop_operation{};
      case 6:
        return draw_disconnect(state, is_v5);
      default:
        return draw_publish(is_v5);
    }
  }

  connect_operation draw_connect(client_state& state, bool is_v5) {
    connect_operation what;
    what.clean_start = draws_.chance(0.35);
    if (is_v5) {
      what.session_expiry_s = draw_session_expiry();
      if (draws_.chance(0.3))
        what.receive_maximum = static_cast<std::uint16_t>(draws_.below(3) + 1);
    }
    if (draws_.chance(0.4)) {
      what.will = will_plan{.qos = draw_qos(),
                            .retain = options_.abilities.retain && draws_.chance(0.3),
                            .delay_s = is_v5 && draws_.chance(0.4) ? draw_interval() : 0};
    }
    state = {.connected = true, .holds = false, .session_expiry_s = what.session_expiry_s};
    return what;
  }

  subscribe_operation draw_subscribe(bool is_v5) {
    subscribe_operation what;
    what.filter = draw_filter();
    what.options.maximum_qos = static_cast<mqtt::qos>(draws_.below(3));
    if (!is_v5) return what;
    what.options.no_local = draws_.chance(0.2);
    what.options.retain_as_published = draws_.chance(0.3);
    if (draws_.chance(0.4)) {
      what.options.retain_handling = static_cast<mqtt::retain_handling>(draws_.below(2) + 1);
    }
    if (options_.abilities.subscription_identifiers && draws_.chance(0.3)) {
      what.identifier = static_cast<std::uint32_t>(draws_.below(200) + 1);
    }
    return what;
  }

  publish_operation draw_publish(bool is_v5) {
    publish_operation what;
    what.topic = static_cast<std::uint8_t>(draws_.below(topics().size()));
    what.qos = draw_qos();
    what.retain = options_.abilities.retain && draws_.chance(0.3);
    what.empty = what.retain && draws_.chance(0.2);
    if (is_v5 && draws_.chance(is_timed_ ? 0.3 : 0.1)) what.expiry_s = draw_interval();
    what.unfinished = what.qos == mqtt::qos::exactly_once && draws_.chance(0.15);
    return what;
  }

  disconnect_operation draw_disconnect(client_state& state, bool is_v5) {
    disconnect_operation what;
    if (is_v5) {
      what.with_will = draws_.chance(0.4);
      if (state.session_expiry_s != 0 && draws_.chance(0.25)) {
        what.session_expiry_s = draw_session_expiry();
      }
    }
    state.connected = false;
    return what;
  }

  std::uint8_t draw_filter() {
    for (;;) {  // ends: some filters have no wildcard
      const auto index = static_cast<std::uint8_t>(draws_.below(filters().size()));
      if (options_.abilities.wildcards || !mqtt::has_wildcard(filters()[index])) return index;
    }
  }

  mqtt::qos draw_qos() {
    return static_cast<mqtt::qos>(
        draws_.below(static_cast<std::uint64_t>(options_.abilities.maximum_qos) + 1));
  }

  std::uint32_t draw_session_expiry() {
    constexpr std::array<std::uint32_t, 5> choices = {0, 3, 60, 60, expiry_never_s};
    const std::uint32_t choice = choices[static_cast<std::size_t>(draws_.below(choices.size()))];
    return choice == 3 && !is_timed_ ? 60 : choice;
  }

  // Of a deadline: soon, if time is to pass at all, else never reached.
  std::uint32_t draw_interval() {
    return is_timed_ ? static_cast<std::uint32_t>(draws_.below(3) + 2) : 60;
  }

  std::uint32_t draw_seconds() { return static_cast<std::uint32_t>(draws_.below(3) + 1); }

  const generator_options& options_;
  seeded_stream draws_;
  sequence_plan plan_;
  std::vector<client_state> states_;
  weights weights_{};
  bool is_timed_ = false;
};

}  // namespace

sequence_plan generate(const generator_options& options, std::uint64_t number) {
  GAUNTLET_ASSERT(options.operations_max >= 1 && options.clients_max >= 1);
  return sequence_drawer(options, number).draw();
}

}  // namespace gauntlet::fuzz::model
