#include "conformance/evidence/netcat.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "conformance/evidence/exchange.hpp"

namespace gauntlet::conformance {
namespace {

struct line {
  std::size_t connection = 0;
  std::string octal;
};

// printf of every shell knows octal; letters that mean nothing to it stay readable.
std::string octal_of(byte_view bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    const char letter = static_cast<char>(byte);
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       letter == '/' || letter == '_' || letter == '$' || letter == '#';
    text += plain ? std::string(1, letter) : fmt::format("\\{:03o}", byte);
  }
  return text;
}

std::vector<line> lines_of(const evidence_input& from) {
  std::vector<line> lines;
  for (const exchange_step& step : story_of(from, exchange_scope::minimal)) {
    if (step.entry->what != script::wire_event::sent) continue;
    if (lines.empty() || lines.back().connection != step.connection) {
      // All that a connection sends is one line, at the place of its first packet.
      const auto known = std::find_if(lines.begin(), lines.end(), [&](const line& each) {
        return each.connection == step.connection;
      });
      if (known != lines.end()) {
        known->octal += octal_of(step.entry->bytes);
        continue;
      }
      lines.push_back({step.connection, {}});
    }
    lines.back().octal += octal_of(step.entry->bytes);
  }
  return lines;
}

std::string program_for(const net::endpoint& where) {
  if (where.transport == net::transport::tls) {
    return fmt::format("openssl s_client -quiet -connect {}:{}", where.host, where.port);
  }
  return fmt::format("nc {} {}", where.host, where.port);
}

}  // namespace

std::string to_netcat(const evidence_input& from) {
  const std::vector<line> lines = lines_of(from);
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const net::endpoint where = endpoint_of(from, lines[i].connection);
    if (where.transport == net::transport::ws || where.transport == net::transport::wss) return {};
    // The end of input would end the connection before the answers come.
    const std::size_t stays_s = 2 + lines.size() - i;
    if (i > 0) text += "sleep 1\n";
    text += fmt::format("(printf '{}'; sleep {}) | {} | od -An -tx1", lines[i].octal, stays_s,
                        program_for(where));
    if (lines.size() > 1) {
      text += fmt::format(" &  # {}", from.result.transcripts[lines[i].connection].name());
    }
    text += '\n';
  }
  if (lines.size() > 1) text += "wait\n";
  return text;
}

}  // namespace gauntlet::conformance
