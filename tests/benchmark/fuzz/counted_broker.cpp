// The reference broker that counts the edges of its code, for campaigns guided by them:
//
//   counted_broker --listen mqtt://127.0.0.1:PORT [--defect NAME]...
//
// The preset coverage builds it, beside a profile that starts it.

#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "harness/broker/process_harm.hpp"
#include "harness/broker/server.hpp"
#include "harness/net/asio_loop.hpp"
#include "harness/net/asio_network.hpp"
#include "harness/net/url.hpp"

namespace {

using namespace gauntlet;

[[noreturn]] void give_up(const failure& why) {
  fmt::print(stderr, "counted_broker: {}\n", why.message);
  std::exit(static_cast<int>(why.code));
}

broker::server_options read_words(int argc, char** argv) {
  broker::server_options chosen;
  chosen.broker.harm = broker::harm_in_earnest();
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string word = argv[i];
    if (word == "--listen") {
      auto address = net::parse_url(argv[i + 1]);
      if (!address) give_up(address.error());
      chosen.listen.push_back({.where = address->where, .tls = {}});
    } else if (word == "--defect") {
      const auto defect = broker::parse_defect(argv[i + 1]);
      if (!defect) give_up(defect.error());
      chosen.broker.defects.push_back(*defect);
    } else {
      give_up(bad_input("unknown flag " + word));
    }
  }
  return chosen;
}

}  // namespace

int main(int argc, char** argv) {
  net::asio_loop loop;
  net::asio_network network(loop);
  auto started = broker::server::start(network, read_words(argc, argv));
  if (!started) give_up(started.error());
  for (const int number : {SIGINT, SIGTERM}) loop.on_signal(number, [&loop] { loop.stop(); });
  loop.run();
}
