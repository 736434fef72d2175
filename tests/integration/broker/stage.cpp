#include "tests/integration/broker/stage.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "harness/target/port_choice.hpp"
#include "tests/integration/broker/stage_words.hpp"

namespace gauntlet::broker {
namespace {

using boost::json::object;
using clock = foreign_program::clock;

constexpr std::array transports = {net::transport::tcp, net::transport::tls, net::transport::ws,
                                   net::transport::wss};

// The topic of a client's fence messages; a session that is resumed keeps it.
std::string fence_of(const stage_client& client) {
  return "fence/" + (client.client_id.empty() ? client.name : client.client_id);
}

bool is_acceptance(const object& answer) {
  return answer.at("event") == "connack" && answer.at("reason") == 0;
}

std::vector<int> codes_of(const object& event) {
  std::vector<int> codes;
  for (const auto& code : event.at("codes").as_array()) codes.push_back(code.to_number<int>());
  return codes;
}

// A name for a client that no other stage of this process has used: late events of a client that a
// former stage left behind must find nobody.
std::string next_name() {
  static std::atomic<int> names = 0;
  return "c" + std::to_string(++names);
}

std::string_view to_string(net::transport transport) {
  switch (transport) {
    case net::transport::tcp:
      return "tcp";
    case net::transport::tls:
      return "tls";
    case net::transport::ws:
      return "ws";
    case net::transport::wss:
      return "wss";
  }
  return "";
}

}  // namespace

std::string to_string(const client_end& end) {
  return std::string(to_string(end.kind)) + (end.is_v5() ? "_v5_" : "_v3_") +
         std::string(to_string(end.transport));
}

stage::stage(const certificate_set& certificates, options broker_options, player reads,
             player writes, std::chrono::milliseconds patience)
    : reader(reads), writer(writes), certificates_(certificates), patience_(patience) {
  start_broker(std::move(broker_options));
}

stage::~stage() {
  reader.program->forget_clients();
  writer.program->forget_clients();
}

void stage::start_broker(options broker_options) {
  const net::tls_server_options identity{.certificate_file = certificates_.broker.certificate_file,
                                         .key_file = certificates_.broker.key_file};
  // Between the choice of a port and its use another program may take it.
  for (int attempt = 0; attempt < 10; ++attempt) {
    const auto free = target::choose_ports(transports.size());
    if (!free) throw std::runtime_error(free.error().message);
    server_options chosen{.broker = broker_options};
    for (std::size_t i = 0; i < transports.size(); ++i) {
      listen_address address{
          .where = {.transport = transports[i], .host = "127.0.0.1", .port = (*free)[i]}};
      if (client_end{.transport = transports[i]}.is_secure()) address.tls = identity;
      chosen.listen.push_back(address);
      ports_[transports[i]] = (*free)[i];
    }
    auto started = embedded_broker::start(std::move(chosen));
    if (!started) continue;
    broker_ = std::move(*started);
    return;
  }
  throw std::runtime_error("the broker found no free ports");
}

object stage::base_command(const char* verb, const stage_client& client) const {
  return {{"do", verb}, {"client", client.name}, {"version", client.by.end.is_v5() ? 5 : 4}};
}

std::pair<stage_client*, object> stage::try_connect(const player& by, const connect_request& how) {
  stage_client& client = clients_.emplace_back(stage_client{next_name(), how.client_id, by});
  const net::endpoint where{
      .transport = by.end.transport, .host = "127.0.0.1", .port = ports_.at(by.end.transport)};
  object command = base_command("connect", client);
  command["url"] = net::to_string(where);
  if (by.end.is_secure()) {
    command["ca_file"] =
        how.wrong_authority ? certificates_.stranger.ca_file() : certificates_.authority.ca_file();
  }
  command["client_id"] = how.client_id;
  command["clean"] = how.clean;
  if (by.end.is_v5()) command["session_expiry_interval"] = how.session_expiry_interval;
  if (how.user_name) {
    command["user_name"] = *how.user_name;
    command["password"] = how.password;
  }
  if (how.will) command["will"] = to_command(*how.will);
  by.program->command(command);

  const auto deadline = clock::now() + patience_;
  for (;;) {
    // What a resumed session brings may be told before CONNACK is.
    for (auto each = client.events.begin(); each != client.events.end(); ++each) {
      const auto& event = each->at("event");
      if (event == "connack" || event == "failed" || event == "closed") {
        object answer = std::move(*each);
        client.events.erase(each);
        client.online = by.end.takes_commands() && is_acceptance(answer);
        return {&client, std::move(answer)};
      }
    }
    if (!pump(*by.program, deadline)) throw scenario_over("no answer to CONNECT");
  }
}

stage_client& stage::connect(const player& by, const connect_request& how) {
  auto [client, answer] = try_connect(by, how);
  if (!is_acceptance(answer)) {
    throw scenario_over("could not connect: " + boost::json::serialize(answer));
  }
  client->events.push_front(std::move(answer));
  return *client;
}

std::vector<int> stage::subscribe(stage_client& client,
                                  const std::vector<subscription_request>& wanted,
                                  std::optional<int> identifier) {
  object command = base_command("subscribe", client);
  boost::json::array filters;
  for (const subscription_request& each : wanted) filters.push_back(to_command(each));
  filters.push_back(to_command(subscription_request{.filter = fence_of(client), .qos = 2}));
  command["filters"] = std::move(filters);
  if (identifier) command["subscription_identifier"] = *identifier;
  client.by.program->command(command);
  std::vector<int> codes = codes_of(await(client, "suback"));
  client.online = true;
  codes.resize(wanted.size());
  return codes;
}

std::vector<int> stage::unsubscribe(stage_client& client, const std::string& filter) {
  object command = base_command("unsubscribe", client);
  command["filters"] = boost::json::array{filter};
  client.by.program->command(command);
  return codes_of(await(client, "unsuback"));
}

void stage::publish(stage_client& client, const std::vector<message>& messages) {
  for (const message& each : messages) {
    object command = to_command(each);
    for (const auto& pair : base_command("publish", client)) command.insert(pair);
    client.by.program->command(command);
  }
  for (std::size_t i = 0; i < messages.size(); ++i) await(client, "published");
}

void stage::disconnect(stage_client& client) {
  client.by.program->command(base_command("disconnect", client));
  await(client, "closed");
  client.online = false;
  await_connections();
}

player stage::start_another(const player& like) {
  auto started = start_program(like.end.kind);
  if (!started) throw std::runtime_error(started.error().message);
  more_programs_.push_back(std::move(*started));
  return {more_programs_.back().get(), like.end};
}

void stage::kill(player& victim, stage_client& client) {
  victim.program->kill();
  client.online = false;
  await_connections();
}

// Until the broker has exactly the connections of those who are online: it has seen the others go.
void stage::await_connections() {
  const auto online =
      static_cast<std::size_t>(std::ranges::count(clients_, true, &stage_client::online));
  const auto deadline = clock::now() + patience_;
  while (broker_->statistics().connections != online) {
    if (clock::now() > deadline) {
      throw scenario_over("the broker has " + std::to_string(broker_->statistics().connections) +
                          " connections instead of " + std::to_string(online));
    }
    std::this_thread::yield();
  }
}

bool stage::pump(foreign_program& program, clock::time_point deadline) {
  auto event = program.next(deadline);
  if (!event) return false;
  if (!event->contains("client")) throw std::runtime_error(boost::json::serialize(*event));
  const std::string name(event->at("client").as_string());
  const auto whose = std::ranges::find(clients_, name, &stage_client::name);
  if (whose != clients_.end()) whose->events.push_back(std::move(*event));
  return true;
}

object stage::await(stage_client& client, const std::string& name) {
  const auto deadline = clock::now() + patience_;
  for (;;) {
    const auto found = std::ranges::find_if(client.events, [&name](const object& event) {
      return event.at("event").as_string() == name;
    });
    if (found != client.events.end()) {
      object event = std::move(*found);
      client.events.erase(found);
      return event;
    }
    if (!pump(*client.by.program, deadline)) {
      throw scenario_over(
          "\"" + name + "\" did not come" +
          (client.events.empty() ? "" : ", but " + boost::json::serialize(client.events.front())));
    }
  }
}

message stage::await_message(stage_client& client) { return message_of(await(client, "message")); }

std::vector<message> stage::messages(stage_client& client, stage_client& by, int fence_qos) {
  const std::string number = std::to_string(++fences_);
  publish(by, {{.topic = fence_of(client), .payload = number, .qos = fence_qos}});
  std::vector<message> seen;
  for (;;) {
    message each = await_message(client);
    if (each.topic != fence_of(client)) {
      seen.push_back(std::move(each));
    } else if (each.payload == number) {
      return seen;
    }
  }
}

void stage::expect(bool holds, const std::string& otherwise) {
  if (!holds) complain(otherwise);
}

void stage::expect_same(const std::vector<message>& seen, const std::vector<message>& expected,
                        const std::string& of_what) {
  if (seen == expected) return;
  std::string complaint = of_what + ": expected";
  for (const message& each : expected) complaint += "\n  " + describe(each);
  complaint += "\nseen";
  for (const message& each : seen) complaint += "\n  " + describe(each);
  complain(std::move(complaint));
}

}  // namespace gauntlet::broker
