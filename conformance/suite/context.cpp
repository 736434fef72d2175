#include "conformance/suite/context.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/seeded_stream.hpp"
#include "harness/base/units.hpp"

namespace gauntlet::conformance {
namespace {

std::string key_of(const arena& where, const test_case& of, mqtt::protocol_version version,
                   std::uint64_t serial) {
  const auto bits = stream_key(serial)
                        .with(where.prefix)
                        .with(of.id)
                        .with(static_cast<std::uint64_t>(version))
                        .bits();
  return fmt::format("{:010x}", bits & 0xFF'FFFF'FFFFU);
}

}  // namespace

context::context(arena& where, const test_case& of, mqtt::protocol_version version,
                 std::uint64_t serial)
    : arena_(where),
      case_(of),
      version_(version),
      key_(key_of(where, of, version, serial)),
      started_(where.network.loop().now()) {
  result_.id = of.id;
  result_.version = version;
}

context::~context() = default;

std::string context::topic(std::string_view tail) const {
  return fmt::format("{}/{}/{}", arena_.prefix, key_, tail);
}

std::string context::client_id(std::string_view name) const {
  return fmt::format("g{}{:08x}", key_, stream_key(0).with(name).bits() & 0xFFFF'FFFFU);
}

client& context::open(std::string_view name) { return open(name, version_); }

client& context::open(std::string_view name, mqtt::protocol_version version) {
  return open_at(arena_.endpoint_for(version), name, version);
}

client& context::open_at(const net::endpoint& where, std::string_view name,
                         std::optional<mqtt::protocol_version> version) {
  client& opened =
      clients_.emplace_back(*this, std::string(name), version.value_or(version_), where);
  if (!over() && !opened.peer_->opened()) {
    opened.diverge(client::stake::setup, "a network connection", opened.peer_->next({}));
  }
  return opened;
}

void context::expect_served() {
  if (over()) return;
  client& last =
      clients_.emplace_back(*this, "afterwards", version_, arena_.endpoint_for(version_));
  if (!over() && !last.peer_->opened()) {
    last.diverge(client::stake::test, "a broker that still serves others", last.peer_->next({}));
  }
  last.send(last.prepared({.client_id = client_id("afterwards")}));
  last.expect_connack();
}

client& context::connecting(std::string_view name, mqtt::connect packet) {
  client& opened = open(name);
  if (packet.client_id.empty()) packet.client_id = client_id(name);
  opened.send_connect(std::move(packet));
  return opened;
}

client& context::connected(std::string_view name, mqtt::connect packet) {
  return connected(name, std::move(packet), version_);
}

client& context::connected(std::string_view name, mqtt::connect packet,
                           mqtt::protocol_version version) {
  return connected_at(arena_.endpoint_for(version), name, std::move(packet), version);
}

client& context::connected_at(const net::endpoint& where, std::string_view name,
                              mqtt::connect packet, std::optional<mqtt::protocol_version> version) {
  client& opened = open_at(where, name, version);
  if (packet.client_id.empty()) packet.client_id = client_id(name);
  opened.connect(std::move(packet));
  return opened;
}

void context::restart_broker() {
  if (over()) return;
  for (client& each : clients_) {
    if (each.peer_) each.peer_->remark("the broker is stopped and started again");
  }
  const auto done = arena_.restart();
  if (done) return;
  block({.client = {},
         .expected = "the broker to serve again after its restart",
         .observed = done.error().message,
         .signature = "no restart"});
}

void context::pause(duration how_long, std::string_view what_for) {
  if (over()) return;
  for (client& each : clients_) {
    if (each.peer_)
      each.peer_->remark(fmt::format("wait {} {}", format_duration(how_long), what_for));
  }
  event_loop& loop = arena_.network.loop();
  loop.run_until([] { return false; }, loop.now() + allowed(how_long));
  result_.waited_for_nothing += how_long;
}

duration context::scaled(duration of) const {
  return std::chrono::duration_cast<duration>(of * arena_.timeout_scale);
}

duration context::allowed(duration wanted) {
  if (is_stopped()) leave_undecided("the run was stopped");
  const duration spent = arena_.network.loop().now() - started_;
  const duration left = scaled(case_.limit) - spent;
  if (wanted <= left) return wanted;
  leave_undecided(fmt::format("the test's limit of {} was reached", format_duration(case_.limit)));
  return duration{};
}

bool context::is_stopped() const { return arena_.stopping != nullptr && arena_.stopping->load(); }

void context::decide(verdict what) {
  decided_ = true;
  result_.verdict = what;
}

void context::fail(divergence how) {
  if (is_stopped()) leave_undecided("the run was stopped");
  if (over()) return;
  decide(verdict::fail);
  result_.first_divergence = std::move(how);
}

void context::block(divergence how) {
  if (is_stopped()) leave_undecided("the run was stopped");
  if (over()) return;
  decide(verdict::blocked);
  result_.reason = fmt::format("expected {}, saw {}", how.expected, how.observed);
  result_.first_divergence = std::move(how);
}

void context::skip(std::string reason) {
  if (over()) return;
  decide(verdict::skipped);
  result_.reason = std::move(reason);
}

void context::call_variant(std::string reason) {
  if (over()) return;
  decide(verdict::variant);
  result_.reason = std::move(reason);
}

void context::leave_undecided(std::string reason) {
  if (over()) return;
  decide(verdict::inconclusive);
  result_.reason = std::move(reason);
}

void context::note_control(std::string what) {
  if (!over()) result_.control = std::move(what);
}

void context::note_manner(std::string expected, std::string observed) {
  if (over()) return;
  result_.manners.push_back({std::move(expected), std::move(observed)});
}

// What a broker keeps for good: retained messages, and sessions that outlive their connection.
void context::clean_up() {
  const auto wait = [this](script::peer& cleaner) {
    return cleaner.next(scaled(std::chrono::seconds(1)));
  };
  sessions_.insert(client_id("clean-up"));
  for (const std::string& id : sessions_) {
    script::peer cleaner(arena_.network, arena_.endpoint_for(version_),
                         {.name = "clean-up",
                          .version = version_,
                          .dial = {.timeout = answer_limit(), .tls = arena_.tls}});
    cleaner.send(with_login(arena_, {.protocol_version = version_, .client_id = id}));
    if (script::packet_of<mqtt::connack>(wait(cleaner)) == nullptr) continue;
    for (const std::string& topic : std::exchange(retained_, {})) {
      cleaner.send(mqtt::publish{.retain = true, .topic_name = topic});
    }
    cleaner.send(mqtt::pingreq{});
    wait(cleaner);
    cleaner.send(mqtt::disconnect{});
    cleaner.close();
  }
}

case_result context::finish() {
  if (is_stopped()) leave_undecided("the run was stopped");
  for (client& each : clients_) {
    if (!each.peer_) continue;
    if (each.stands()) {
      each.peer_->send(mqtt::disconnect{});
      each.peer_->close();
    }
    result_.transcripts.push_back(each.peer_->take_log());
  }
  result_.took = arena_.network.loop().now() - started_;
  if (!retained_.empty() || !sessions_.empty()) clean_up();
  result_.breaches = watch_.breaches();
  result_.invariants_checked = watch_.checked();
  return std::move(result_);
}

}  // namespace gauntlet::conformance
