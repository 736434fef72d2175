#include "harness/net/error_texts.hpp"

#include <cerrno>
#include <sys/resource.h>
#include <system_error>

namespace gauntlet::net {
namespace {

std::string system_text(int error) { return std::generic_category().message(error); }

}  // namespace

bool out_of_descriptors(int error) { return error == EMFILE || error == ENFILE; }

std::string out_of_descriptors_text(int error) {
  if (error == ENFILE) return "too few descriptors: the machine's limit (fs.file-max) is reached";
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return "too few descriptors: this process may have " + std::to_string(limit.rlim_cur) +
         " open (raise it with ulimit -n)";
}

std::string dial_error_text(dial_step step, int error, const std::string& peer,
                            const std::string& source) {
  if (out_of_descriptors(error)) return out_of_descriptors_text(error);
  if (step == dial_step::bind_source) {
    if (error == EADDRNOTAVAIL) return source + " is not an address of this machine";
    return "cannot use the source address " + source + ": " + system_text(error);
  }
  switch (error) {
    case ECONNREFUSED:
      return "connection refused by " + peer;
    case ETIMEDOUT:
      return "no answer from " + peer;
    case ENETUNREACH:
    case EHOSTUNREACH:
      return "no route to " + peer;
    case EADDRNOTAVAIL:
      return "no local port left for connections " +
             (source.empty() ? std::string() : "from " + source + ' ') + "to " + peer +
             ": ports are exhausted (use more source addresses)";
    case EACCES:
    case EPERM:
      return "connections to " + peer + " are forbidden by this machine's firewall";
    default:
      return "cannot connect to " + peer + ": " + system_text(error);
  }
}

std::string broken_text(int error, const std::string& peer) {
  switch (error) {
    case ECONNRESET:
    case EPIPE:
      return "connection reset by " + peer;
    case ETIMEDOUT:
      return "connection lost: " + peer + " stopped acknowledging";
    default:
      return "connection to " + peer + " broken: " + system_text(error);
  }
}

std::string listen_error_text(int error, const std::string& address) {
  if (out_of_descriptors(error)) return out_of_descriptors_text(error);
  switch (error) {
    case EADDRINUSE:
      return "cannot listen on " + address + ": the port is in use";
    case EADDRNOTAVAIL:
      return "cannot listen on " + address + ": not an address of this machine";
    case EACCES:
      return "cannot listen on " + address + ": this port needs more privileges";
    default:
      return "cannot listen on " + address + ": " + system_text(error);
  }
}

}  // namespace gauntlet::net
