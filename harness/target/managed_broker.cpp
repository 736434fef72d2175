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
constexpr auto preparation_limit = 60s;  // a Java program may make the key
constexpr std::string_view own_host = "127.0.0.1";

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
    const profile& broker, const std::filesystem::path& folder, net::network& network,
    std::optional<placement> place, std::optional<std::uint64_t> disk_bytes) {
  if (!find_command(broker.command)) {
    return bad_input(broker.title + " is not installed; install it with: " + broker.install);
  }
  const auto ports = choose_ports(broker.listeners.size() + (broker.guarded ? 1 : 0) +
                                  broker.further_ports.size());
  if (!ports) return ports.error();

  // The broker runs in that folder, so a relative name would mean something else to it.
  std::unique_ptr<managed_broker> made(
      new managed_broker(broker, std::filesystem::absolute(folder), network, std::move(place)));
  made->take_ports(*ports);
  if (const auto there = made->make_folder(); !there) return there.error();
  if (disk_bytes) made->disk_ = small_disk::make(made->folder_, *disk_bytes);
  if (const auto written = made->write_files(); !written) return written.error();
  if (const auto done = made->run_preparation(); !done) return done.error();
  made->note_own_files();
  return made;
}

managed_broker::managed_broker(const profile& broker, const std::filesystem::path& folder,
                               net::network& network, std::optional<placement> place)
    : profile_(broker),
      folder_(folder),
      log_file_(folder / (broker.name + ".log")),
      network_(network),
      place_(std::move(place)),
      watch_timer_(network.loop().make_timer([this] { watch(); })) {}

managed_broker::~managed_broker() = default;

void managed_broker::take_ports(const std::vector<std::uint16_t>& ports) {
  const std::string host = place_ ? place_->address : std::string(own_host);
  values_["directory"] = folder_.string();
  values_["cache"] = broker_cache().string();
  auto next = ports.begin();
  const auto take = [this, &next](const std::string& placeholder) {
    values_[placeholder] = std::to_string(*next);
    return *next++;
  };
  for (const profile_listener& listener : profile_.listeners) {
    endpoints_.push_back({.transport = listener.transport,
                          .host = host,
                          .port = take(listener.port),
                          .path = listener.path});
  }
  if (profile_.guarded) {
    guarded_endpoint_ = net::endpoint{.host = host, .port = take(profile_.guarded->port)};
  }
  for (const std::string& port : profile_.further_ports) take(port);
}

std::string managed_broker::authority_file() const {
  const std::string& file = profile_.certificate_authority;
  return file.empty() ? std::string() : (seen_folder() / file).string();
}

outcome<void> managed_broker::make_folder() const {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) {
    return environment_failed("cannot make the folder " + folder_.string() + ": " +
                              error.message());
  }
  return {};
}

outcome<void> managed_broker::write_files() {
  for (const profile_file& file : profile_.files) {
    const auto content = expand_placeholders(file.content, values_);
    if (!content) return content.error();
    const auto path = seen_folder() / file.name;
    std::ofstream out(path, std::ios::binary);
    if (!(out << *content << std::flush)) {
      return environment_failed("cannot write " + path.string());
    }
  }
  return outcome<void>();
}

outcome<child_options> managed_broker::command_line(const std::vector<std::string>& words) const {
  child_options options{.command = {},
                        .arguments = {},
                        .environment = {},
                        .working_folder = folder_,
                        .output_file = log_file_};
  if (disk_) options.mount_namespace = disk_->mount_namespace();
  for (const std::string& word : words) {
    auto expanded = expand_placeholders(word, values_);
    if (!expanded) return expanded.error();
    options.arguments.push_back(std::move(*expanded));
  }
  options.command = options.arguments.front();
  options.arguments.erase(options.arguments.begin());
  for (const auto& [name, value] : profile_.environment) {
    auto expanded = expand_placeholders(value, values_);
    if (!expanded) return expanded.error();
    options.environment[name] = std::move(*expanded);
  }
  return options;
}

outcome<void> managed_broker::run_preparation() {
  for (const std::vector<std::string>& words : profile_.preparation) {
    const auto options = command_line(words);
    if (!options) return options.error();
    auto started = child_process::start(*options);
    if (!started) return started.error();
    const auto how = started->wait_exit(preparation_limit);
    if (how && !how->signalled && how->code == 0) continue;
    return environment_failed("cannot prepare " + profile_.name + ": " + words.front() + " " +
                              (how ? how->to_string() : "did not end in time") + end_of_log());
  }
  return outcome<void>();
}

void managed_broker::note_own_files() {
  std::error_code ignored;
  for (const auto& each : std::filesystem::recursive_directory_iterator(seen_folder(), ignored)) {
    if (each.is_regular_file()) own_files_.insert(each.path());
  }
}

std::vector<std::filesystem::path> managed_broker::state_files() const {
  std::vector<std::filesystem::path> found;
  std::error_code ignored;
  for (const auto& each : std::filesystem::recursive_directory_iterator(seen_folder(), ignored)) {
    const bool is_state = each.is_regular_file(ignored) && !own_files_.contains(each.path()) &&
                          each.path().filename() != log_file_.filename();
    if (is_state) found.push_back(each.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

outcome<void> managed_broker::start(mqtt::protocol_version probe_version, duration ready_within) {
  if (const auto launched = launch(); !launched) return launched.error();
  return wait_until_ready(probe_version, std::max(ready_within, profile_.ready_within));
}

outcome<void> managed_broker::launch() {
  GAUNTLET_ASSERT(!process_);
  std::vector<net::endpoint> needed = endpoints_;
  if (guarded_endpoint_) needed.push_back(*guarded_endpoint_);
  for (const net::endpoint& where : needed) {
    // Elsewhere nobody else is.
    if (!place_ && !is_port_free(where.host, where.port)) {
      return environment_failed("cannot start " + profile_.name + ": port " +
                                std::to_string(where.port) + " of " + where.host + " is taken");
    }
  }

  std::vector<std::string> words = {profile_.command};
  words.insert(words.end(), profile_.arguments.begin(), profile_.arguments.end());
  auto options = command_line(words);
  if (!options) return options.error();
  if (place_) options->network_namespace = place_->network_namespace;
  auto started = child_process::start(*options);
  if (!started) return started.error();

  process_.emplace(std::move(*started));
  last_exit_.reset();
  ending_ = false;
  next_sample_ = network_.loop().now();
  watch();
  return outcome<void>();
}

std::vector<managed_broker::question> managed_broker::questions(
    mqtt::protocol_version version) const {
  std::vector<question> all;
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    const profile_listener& listener = profile_.listeners[i];
    const net::endpoint& where = endpoints_[i];
    if (where.transport == net::transport::tls || where.transport == net::transport::wss) continue;
    const bool is_spoken = speaks(listener, version);
    all.push_back({.where = where,
                   .version = is_spoken ? version : listener.versions.front(),
                   .login = profile_.login});
  }
  std::stable_partition(all.begin(), all.end(),
                        [version](const question& each) { return each.version == version; });
  if (guarded_endpoint_ && !all.empty()) {
    all.push_back({.where = *guarded_endpoint_,
                   .version = all.front().version,
                   .login = profile_.guarded->user});
  }
  return all;
}

outcome<void> managed_broker::wait_until_ready(mqtt::protocol_version version,
                                               duration ready_within) {
  const time_point deadline = network_.loop().now() + ready_within;
  for (const question& each : questions(version)) {
    const auto answered = wait_for_answer(each, deadline, ready_within);
    if (!answered) return answered.error();
  }
  return outcome<void>();
}

outcome<void> managed_broker::wait_for_answer(const question& asked, time_point deadline,
                                              duration ready_within) {
  event_loop& loop = network_.loop();
  const std::string where = net::to_string(asked.where);
  for (;;) {
    const duration left = std::max(deadline - loop.now(), probe_pause);
    const probe_result last = probe(network_, asked.where,
                                    {.version = asked.version,
                                     .login = asked.login,
                                     .tls = nullptr,
                                     .timeout = std::min(left, probe_timeout_max)});
    if (last.answer == probe_answer::accepted) return outcome<void>();
    if (last.answer == probe_answer::refused) {
      return environment_failed(profile_.name + " on " + where + " " + last.detail);
    }
    const auto has_ended = [this] { return !process_; };
    if (loop.run_until(has_ended, std::min(deadline, loop.now() + probe_pause))) {
      return environment_failed(profile_.name + " " + last_exit_->to_string() +
                                " before it was ready" + end_of_log());
    }
    if (loop.now() >= deadline) {
      return environment_failed(profile_.name + " was not ready within " +
                                format_duration(ready_within) + ": " + where + " " + last.detail +
                                end_of_log());
    }
  }
}

std::string managed_broker::end_of_log() const {
  return "; its log " + log_file_.string() + " ends with:" + indented(log_tail());
}

void managed_broker::stop() {
  if (!process_) return;
  terminate();
  event_loop& loop = network_.loop();
  loop.run_until([this] { return !process_; }, loop.now() + profile_.stop_within);
  kill();
}

void managed_broker::terminate() {
  if (!process_) return;
  ending_ = true;
  process_->signal(SIGTERM);
  process_->signal(SIGCONT);  // a frozen process does not hear the first
}

void managed_broker::signal(int number) {
  if (process_) process_->signal(number);
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
