#include "sim/engine/worker_orders.hpp"

#include <utility>

#include "harness/base/compact.hpp"

namespace gauntlet::sim {
namespace {

void write_endpoint(const net::endpoint& where, compact_writer& out) {
  out.number(static_cast<std::uint8_t>(where.transport));
  out.text(where.host);
  out.number(where.port);
  out.text(where.path);
}

net::endpoint read_endpoint(compact_reader& in) {
  net::endpoint where;
  where.transport = static_cast<net::transport>(in.number() & 3);
  where.host = in.text();
  where.port = in.number16();
  where.path = in.text();
  return where;
}

void write_optional(const std::optional<std::string>& text, compact_writer& out) {
  out.flag(text.has_value());
  if (text) out.text(*text);
}

std::optional<std::string> read_optional(compact_reader& in) {
  if (!in.flag()) return std::nullopt;
  return in.text();
}

void write_tls(const std::optional<net::tls_client_options>& tls, compact_writer& out) {
  out.flag(tls.has_value());
  if (!tls) return;
  for (const std::string* text :
       {&tls->ca_file, &tls->certificate_file, &tls->key_file, &tls->server_name, &tls->alpn}) {
    out.text(*text);
  }
  out.number(static_cast<std::uint8_t>(tls->version_min));
  out.number(static_cast<std::uint8_t>(tls->version_max));
  out.flag(tls->insecure);
}

std::optional<net::tls_client_options> read_tls(compact_reader& in) {
  if (!in.flag()) return std::nullopt;
  net::tls_client_options tls;
  for (std::string* text :
       {&tls.ca_file, &tls.certificate_file, &tls.key_file, &tls.server_name, &tls.alpn}) {
    *text = in.text();
  }
  tls.version_min = static_cast<net::tls_version>(in.number() & 1);
  tls.version_max = static_cast<net::tls_version>(in.number() & 1);
  tls.insecure = in.flag();
  return tls;
}

}  // namespace

void write_orders(const worker_orders& orders, byte_buffer& out) {
  compact_writer to(out);
  to.number(orders.run_id);
  write_endpoint(orders.target_v3_1_1, to);
  write_endpoint(orders.target_v5, to);
  write_optional(orders.user_name, to);
  write_optional(orders.password, to);
  to.number(static_cast<std::uint64_t>(orders.connect_timeout.count()));
  write_tls(orders.tls, to);
  to.number(orders.source_addresses.size());
  for (const std::string& address : orders.source_addresses) to.text(address);
  to.time(orders.run_start);
}

outcome<worker_orders> read_orders(byte_view bytes) {
  compact_reader in(bytes);
  worker_orders orders;
  orders.run_id = in.number32();
  orders.target_v3_1_1 = read_endpoint(in);
  orders.target_v5 = read_endpoint(in);
  orders.user_name = read_optional(in);
  orders.password = read_optional(in);
  orders.connect_timeout = duration(static_cast<std::int64_t>(in.number()));
  orders.tls = read_tls(in);
  for (std::uint64_t n = in.count(); n > 0; --n) orders.source_addresses.push_back(in.text());
  orders.run_start = in.time();
  if (in.failed() || !in.at_end()) {
    return failure{exit_code::internal_error, "the coordinator's orders are cut or damaged"};
  }
  return orders;
}

outcome<worker_settings> make_settings(const worker_orders& orders, sim::shard shard,
                                       net::network& network) {
  worker_settings settings{.shard = shard,
                           .run_id = orders.run_id,
                           .target_v3_1_1 = orders.target_v3_1_1,
                           .target_v5 = orders.target_v5,
                           .user_name = orders.user_name,
                           .password = orders.password,
                           .connect_timeout = orders.connect_timeout,
                           .source_addresses = orders.source_addresses,
                           .run_start = orders.run_start};
  if (orders.tls) {
    auto context = network.prepare_tls(*orders.tls);
    if (!context) return context.error();
    settings.tls = std::move(*context);
  }
  return settings;
}

}  // namespace gauntlet::sim
