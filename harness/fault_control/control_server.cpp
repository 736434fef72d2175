#include "harness/fault_control/control_server.hpp"

#include <list>
#include <utility>

namespace gauntlet::fault_control {
namespace {

/// A visitor that has not said what he wants by then is sent away.
constexpr duration patience = std::chrono::seconds(10);
/// More of them at once are not let in.
constexpr std::size_t visitors_max = 64;

}  // namespace

struct control_server::parts {
  explicit parts(control_subject about_) : about(std::move(about_)) {}

  struct visitor;
  control_subject about;
  std::list<std::unique_ptr<visitor>> visitors{};
  std::unique_ptr<net::listener> listener{};
};

struct control_server::parts::visitor final : net::channel_handler {
  visitor(parts& whose, std::unique_ptr<net::channel> from)
      : owner(whose),
        channel(std::move(from)),
        limit(owner.about.faults.loop().make_timer([this] { leave(); })) {
    channel->set_handler(*this);
    limit->arm(owner.about.faults.loop().now() + patience);
  }

  void on_bytes(net::channel&, byte_view bytes) override {
    switch (reader.take(bytes)) {
      case http_reader::state::unfinished:
        return;
      case http_reader::state::malformed:
        return reply({400, "{\"error\":\"no HTTP request\"}\n"});
      case http_reader::state::complete:
        break;
    }
    const auto request = reader.request();
    reply(request ? answer(owner.about, *request)
                  : http_answer{400, "{\"error\":\"no HTTP request\"}\n"});
  }
  void on_end(net::channel&, const net::channel_end&) override { leave(); }

  void reply(const http_answer& what) {
    const std::string text = to_text(what);
    channel->send(as_bytes(text));
    channel->close();
    leave();
  }

  // This is the end of the visitor.
  void leave() {
    owner.visitors.remove_if([this](const auto& each) { return each.get() == this; });
  }

  parts& owner;
  std::unique_ptr<net::channel> channel;
  std::unique_ptr<timer> limit;
  http_reader reader;
};

control_server::control_server(std::unique_ptr<parts> made) : parts_(std::move(made)) {}

control_server::~control_server() = default;

std::uint16_t control_server::port() const { return parts_->listener->port(); }

outcome<std::unique_ptr<control_server>> control_server::start(net::network& network,
                                                               const net::endpoint& where,
                                                               control_subject about) {
  auto made = std::make_unique<parts>(std::move(about));
  auto listening = network.listen(
      where, std::nullopt, [raw = made.get()](std::unique_ptr<net::channel> channel) {
        if (raw->visitors.size() >= visitors_max) return;
        raw->visitors.push_back(std::make_unique<parts::visitor>(*raw, std::move(channel)));
      });
  if (!listening) return listening.error();
  made->listener = std::move(*listening);
  return std::unique_ptr<control_server>(new control_server(std::move(made)));
}

namespace {

struct question final : net::channel_handler {
  void on_open(net::channel& channel) override { channel.send(as_bytes(text)); }
  void on_bytes(net::channel&, byte_view bytes) override {
    over = reader.take(bytes) != http_reader::state::unfinished;
  }
  void on_end(net::channel&, const net::channel_end& end) override {
    over = true;
    why = end.detail;
    reader.take_end();
  }

  std::string text;
  std::string why = "no answer in time";
  http_reader reader;
  bool over = false;
};

}  // namespace

outcome<http_answer> ask(net::network& network, const net::endpoint& where,
                         const http_request& request, duration timeout) {
  question asked;
  asked.text = to_text(request, where.host + ":" + std::to_string(where.port));
  const auto channel = network.dial(where, {.timeout = timeout}, asked);
  event_loop& loop = network.loop();
  loop.run_until([&] { return asked.over; }, loop.now() + timeout);
  if (auto answered = asked.over ? asked.reader.answer() : std::nullopt) return *answered;
  return environment_failed("no proxy answers at " + where.host + ":" + std::to_string(where.port) +
                            ": " + asked.why);
}

}  // namespace gauntlet::fault_control
