#include "harness/broker_config/configuration.hpp"

#include <utility>

#include <fmt/format.h>

#include "harness/broker_config/configuration_reader.hpp"
#include "harness/config/load.hpp"

namespace gauntlet::broker_config {
namespace {

constexpr std::uint16_t usual_port = 1883;

// What a path in the file means.
void resolve(std::string& path, const std::filesystem::path& folder) {
  if (!path.empty()) path = (folder / path).string();
}

void resolve(net::tls_server_options& tls, const std::filesystem::path& folder) {
  for (std::string* path : {&tls.certificate_file, &tls.key_file, &tls.client_ca_file}) {
    resolve(*path, folder);
  }
}

bool is_secure(net::transport carrier) {
  return carrier == net::transport::tls || carrier == net::transport::wss;
}

// A listener's own TLS files, or those of all; a certificate and its key come together.
net::tls_server_options tls_of(const listener& each, const net::tls_server_options& shared) {
  return each.tls.certificate_file.empty() && each.tls.key_file.empty() ? shared : each.tls;
}

}  // namespace

configuration::configuration() {
  listen.push_back({.where = {.host = "127.0.0.1", .port = usual_port}, .tls = {}});
  broker.level = broker::log_level::info;
}

config::loaded<configuration> load_configuration(const std::filesystem::path& file) {
  auto read = config::load_file(file, configuration_reader());
  if (!read) return read;
  const std::filesystem::path folder = file.parent_path();
  resolve(read->tls, folder);
  resolve(read->broker.persistence.directory, folder);
  for (listener& each : read->listen) resolve(each.tls, folder);
  return read;
}

config::loaded<configuration> parse_configuration(std::string_view text, std::string file) {
  return config::load_text(text, std::move(file), configuration_reader());
}

outcome<broker::server_options> to_server_options(const configuration& chosen) {
  if (auto checked = broker::validate(chosen.broker); !checked) return checked.error();
  broker::server_options made;
  made.broker = chosen.broker;
  for (const listener& each : chosen.listen) {
    broker::listen_address address{.where = each.where, .tls = {}};
    if (is_secure(each.where.transport)) {
      address.tls = tls_of(each, chosen.tls);
      if (address.tls->certificate_file.empty() || address.tls->key_file.empty()) {
        return bad_input(fmt::format("{} needs a certificate_file and a key_file (--cert, --key)",
                                     net::to_string(each.where)));
      }
    }
    made.listen.push_back(std::move(address));
  }
  return made;
}

std::string example_configuration() {
  return "# Configuration of the reference broker: every key at its default.\n"
         "# A line whose # has no blank after it, or several, has no default: it shows the form.\n"
         "\n" +
         configuration_reader().example;
}

std::string configuration_json_schema() {
  return config::json_schema_document(configuration_reader().schema, "Gauntlet reference broker");
}

}  // namespace gauntlet::broker_config
