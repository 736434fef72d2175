#include "harness/target/managed_broker.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <utility>

#include "harness/base/assert.hpp"
#include "harness/base/units.hpp"
#include "harness/target/placeholders.hpp"
#include "harness/target/port_choice.hpp"
#include "harness/target/probe.hpp"

namespace gauntlet::target {
namespace {

using namespace std::chrono_literals;

constexpr duration watch_interval = 50ms;
constexpr duration sample_interval = 1s;
constexpr duration probe_pause = 50ms;
constexpr duration probe_timeout_max = 2s;
constexpr std::string_view host = "127.0.0.1";

std::string indented(const std::string& lines) {
  std::string text = "\n  ";
  for (const char c : lines) {
    text += c;
    if (c == '\n') text += "  ";
  }
  return text;
}

}  // namespace

outcome<std::unique_ptr<managed_broker>> managed_broker::prepare(
    const profile& broker, const std::filesystem::path& folder, net::network& network) {
  if (!find_command(broker.command)) {
    return bad_input(broker.title + " is not installed; install it with: " + broker.install);
  }
  const auto ports = choose_ports(broker.listeners.size());
  if (!ports) return ports.error();

  // The broker runs in that folder, so a relative name would mean something else to it.
  std::unique_ptr<managed_broker> made(
      new managed_broker(broker, std::filesystem::absolute(folder), network));
  made->values_["directory"] = made->folder_.string();
  for (std::size_t i = 0; i < broker.listeners.size(); ++i) {
    const profile_listener& listener = broker.listeners[i];
    made->values_[listener.port] = std::to_string((*ports)[i]);
    made->endpoints_.push_back({.transport = listener.transport,
                                .host = std::string(host),
                                .port = (*ports)[i],
                                .path = listener.path});
  }
  if (const auto written = made->write_files(); !written) return written.error();
  return made;
}

managed_broker::managed_broker(const profile& broker, const std::filesystem::path& folder,
                               net::network& network)
    : profile_(broker),
      folder_(folder),
      log_file_(folder / (broker.name + ".log")),
      network_(network),
      watch_timer_(network.loop().make_timer([this] { watch(); })) {}

managed_broker::~managed_broker() = default;

outcome<void> managed_broker::write_files() {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) {
    return environment_failed("cannot make the folder " + folder_.string() + ": " +
                              error.message());
  }
  for (const profile_file& file : profile_.files) {
    const auto content = expand_placeholders(file.content, values_);
    if (!content) return content.error();
    const auto path = folder_ / file.name;
    std::ofstream out(path, std::ios::binary);
    if (!(out << *content << std::flush)) {
      return environment_failed("cannot write " + path.string());
    }
  }
  return outcome<void>();
}

outcome<void> managed_broker::start(mqtt::protocol_version probe_version, duration ready_within) {
  GAUNTLET_ASSERT(!process_);
  for (const net::endpoint& where : endpoints_) {
    if (!is_port_free(where.host, where.port)) {
      return environment_failed("cannot start " + profile_.name + ": port " +
                                std::to_string(where.port) + " of " + where.host + " is taken");
    }
  }

  child_options options{.command = profile_.command,
                        .arguments = {},
                        .environment = {},
                        .working_folder = folder_,
                        .output_file = log_file_};
  for (const std::string& argument : profile_.arguments) {
    auto expanded = expand_placeholders(argument, values_);
    if (!expanded) return expanded.error();
    options.arguments.push_back(std::move(*expanded));
  }
  for (const auto& [name, value] : profile_.environment) {
    auto expanded = expand_placeholders(value, values_);
    if (!expanded) return expanded.error();
    options.environment[name] = std::move(*expanded);
  }
  auto started = child_process::start(options);
  if (!started) return started.error();

  process_.emplace(std::move(*started));
  last_exit_.reset();
  ending_ = false;
  next_sample_ = network_.loop().now();
  watch();
  return wait_until_ready(probe_version, std::max(ready_within, profile_.ready_within));
}

std::pair<net::endpoint, mqtt::protocol_version> managed_broker::probed_address(
    mqtt::protocol_version version) const {
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    const auto& versions = profile_.listeners[i].versions;
    if (std::find(versions.begin(), versions.end(), version) != versions.end()) {
      return {endpoints_[i], version};
    }
  }
  return {endpoints_.front(), profile_.listeners.front().versions.front()};
}

outcome<void> managed_broker::wait_until_ready(mqtt::protocol_version version,
                                               duration ready_within) {
  const auto [where, asked_version] = probed_address(version);
  event_loop& loop = network_.loop();
  const time_point deadline = loop.now() + ready_within;
  for (;;) {
    const duration left = deadline - loop.now();
    const probe_result last = probe(network_, where,
                                    {.version = asked_version,
                                     .login = profile_.login,
                                     .tls = nullptr,
                                     .timeout = std::min(left, probe_timeout_max)});
    if (last.answer == probe_answer::accepted) return outcome<void>();
    if (last.answer == probe_answer::refused) {
      return environment_failed(profile_.name + " on " + net::to_string(where) + " " + last.detail);
    }
    const auto has_ended = [this] { return !process_; };
    if (loop.run_until(has_ended, std::min(deadline, loop.now() + probe_pause))) {
      return environment_failed(profile_.name + " " + last_exit_->to_string() +
                                " before it was ready; its log " + log_file_.string() +
                                " ends with:" + indented(log_tail()));
    }
    if (loop.now() >= deadline) {
      return environment_failed(profile_.name + " was not ready within " +
                                format_duration(ready_within) + ": " + net::to_string(where) + " " +
                                last.detail + "; its log " + log_file_.string() +
                                " ends with:" + indented(log_tail()));
    }
  }
}

void managed_broker::stop() {
  if (!process_) return;
  ending_ = true;
  process_->signal(SIGTERM);
  process_->signal(SIGCONT);  // a frozen process does not hear the first
  event_loop& loop = network_.loop();
  loop.run_until([this] { return !process_; }, loop.now() + profile_.stop_within);
  kill();
}

void managed_broker::kill() {
  if (!process_) return;
  ending_ = true;
  note_exit(process_->kill());
}

void managed_broker::pause() {
  if (process_) process_->signal(SIGSTOP);
}

void managed_broker::resume() {
  if (process_) process_->signal(SIGCONT);
}

void managed_broker::watch() {
  if (const auto how = process_->poll_exit()) return note_exit(*how);
  const time_point now = network_.loop().now();
  if (now >= next_sample_) {
    if (const auto usage = read_process_usage(process_->pid())) usage_.push_back({now, *usage});
    next_sample_ += sample_interval;
  }
  watch_timer_->arm(now + watch_interval);
}

void managed_broker::note_exit(const process_exit& how) {
  watch_timer_->cancel();
  last_exit_ = how;
  process_.reset();
  if (on_exit_) on_exit_(how, ending_);
}

std::string managed_broker::log_tail(std::size_t lines_max) const {
  constexpr std::streamoff tail_bytes = 8192;
  std::ifstream file(log_file_, std::ios::binary | std::ios::ate);
  if (!file) return {};
  file.seekg(std::max<std::streamoff>(0, file.tellg() - tail_bytes));
  std::string text(std::istreambuf_iterator<char>(file), {});
  while (text.ends_with('\n')) text.pop_back();
  std::size_t begin = text.size();
  for (std::size_t line = 0; line < lines_max && begin != text.npos; ++line) {
    begin = begin == 0 ? text.npos : text.rfind('\n', begin - 1);
  }
  return begin == text.npos ? text : text.substr(begin + 1);
}

}  // namespace gauntlet::target
