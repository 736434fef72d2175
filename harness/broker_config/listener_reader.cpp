#include "harness/broker_config/listener_reader.hpp"

#include <utility>

#include "harness/broker_config/field_readers.hpp"
#include "harness/config/object.hpp"
#include "harness/net/url.hpp"

namespace gauntlet::broker_config {
namespace {

using config::object;

config::reader<net::endpoint> address() {
  return config::parsed_scalar<net::endpoint>(
      R"({"type":"string"})",
      [](std::string_view text) -> unit_result<net::endpoint> {
        auto where = net::parse_listen_url(text);
        if (!where) return unit_error{where.error().message};
        return std::move(*where);
      },
      [](const net::endpoint& where) { return net::to_string(where); });
}

config::reader<net::tls_version> version() {
  auto made = config::one_of<net::tls_version>(
      {{"1.2", net::tls_version::tls1_2}, {"1.3", net::tls_version::tls1_3}});
  made.schema = R"({"enum":["1.2","1.3",1.2,1.3]})";
  return made;
}

}  // namespace

config::reader<net::tls_server_options> tls() {
  using options = net::tls_server_options;
  return object<options>("TLS of the listeners mqtts and wss; files are PEM")
      .optional("certificate_file", &options::certificate_file, file_path(),
                "The server's certificate, and the chain above it; needed by mqtts and wss")
      .optional("key_file", &options::key_file, file_path(), "The key of the certificate")
      .optional("client_ca_file", &options::client_ca_file, file_path(),
                "Demand a client certificate signed by one of these authorities; empty: none is "
                "asked for")
      .optional("version_min", &options::version_min, version(), "Lowest TLS version")
      .optional("version_max", &options::version_max, version(), "Highest TLS version")
      .check([](const options& read, const config::node& from, config::diagnostics& wrong) {
        if (read.version_min > read.version_max) {
          wrong.add(from, "version_min is above version_max");
        }
      })
      .build();
}

config::reader<std::vector<listener>> listeners() {
  auto url = config::converted<listener, net::endpoint>(
      address(), [](net::endpoint where) { return listener{.where = std::move(where)}; });
  url.show = [shown = address().show](const listener& each) { return shown(each.where); };
  auto whole = object<listener>("A place to listen on")
                   .required("url", &listener::where, address(),
                             "mqtt, mqtts, ws or wss://HOST:PORT[/PATH]; port 0 picks a free one")
                   .shown_as("wss://127.0.0.1:8884/mqtt")
                   .optional("tls", &listener::tls, tls(), "TLS of this listener alone")
                   .build();
  auto all = config::list_of(config::scalar_or(url, whole), 1, 1'000);
  all.show = [show = url.show](const std::vector<listener>& list) {
    std::string shown;
    for (const listener& each : list) shown += (shown.empty() ? "" : ", ") + show(each);
    return '[' + shown + ']';
  };
  return all;
}

}  // namespace gauntlet::broker_config
