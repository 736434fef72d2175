// Runs a fuzz target without libFuzzer: over files and folders of files, and with --mutate N over N
// inputs made from them at random, always the same ones. An input that breaks the target ends the
// process as it would under libFuzzer; if it is not a file yet it becomes one in the working
// folder. Replaying nothing is an error.
//
//   fuzz_url [--mutate N] [--dictionary FILE] FILE|FOLDER...

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

#include "fuzz/targets/replay/blind_mutator.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using gauntlet::byte_buffer;

constexpr const char* broken_by = "broken-by";

/// What the target runs on now, for the handler of fatal signals.
const byte_buffer* running = nullptr;

/// Keeps the input, then lets the signal do its work. Calls only what a signal handler may.
void keep_input(int number) {
  const int file = ::open(broken_by, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644);
  if (file >= 0 && running != nullptr) {
    [[maybe_unused]] const auto written = ::write(file, running->data(), running->size());
  }
  std::signal(number, SIG_DFL);
  std::raise(number);
}

void run(const byte_buffer& input) {
  running = &input;
  LLVMFuzzerTestOneInput(input.data(), input.size());
  running = nullptr;
}

struct replay_options {
  std::uint64_t mutations = 0;
  std::vector<std::string> words;
  std::vector<std::filesystem::path> files;  ///< sorted
};

bool read(const std::filesystem::path& file, byte_buffer& into) {
  std::ifstream in(file, std::ios::binary);
  into.assign(std::istreambuf_iterator<char>(in), {});
  if (in.is_open() && !in.bad()) return true;
  std::fprintf(stderr, "cannot read %s\n", file.c_str());
  return false;
}

void add_files(const std::filesystem::path& given, replay_options& to) {
  if (!std::filesystem::is_directory(given)) return to.files.push_back(given);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(given)) {
    if (entry.is_regular_file()) to.files.push_back(entry.path());
  }
}

bool read_arguments(const std::vector<std::string>& arguments, replay_options& into) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--mutate" && i + 1 < arguments.size()) {
      const std::string& number = arguments[++i];
      const auto end = number.data() + number.size();
      if (std::from_chars(number.data(), end, into.mutations).ptr != end) return false;
    } else if (arguments[i] == "--dictionary" && i + 1 < arguments.size()) {
      byte_buffer text;
      if (!read(arguments[++i], text)) return false;
      into.words = gauntlet::fuzz::words_of_dictionary(gauntlet::as_text(text));
    } else {
      add_files(arguments[i], into);
    }
  }
  std::sort(into.files.begin(), into.files.end());
  return !into.files.empty();
}

}  // namespace

int main(int argc, char** argv) {
  replay_options options;
  if (!read_arguments({argv + 1, argv + argc}, options)) {
    std::fprintf(stderr, "usage: %s [--mutate N] [--dictionary FILE] FILE|FOLDER...\n", argv[0]);
    return 2;
  }
  std::vector<byte_buffer> corpus;
  for (const std::filesystem::path& file : options.files) {
    byte_buffer& input = corpus.emplace_back();
    if (!read(file, input)) return 1;
    std::fprintf(stderr, "%s (%zu bytes)\n", file.c_str(), input.size());
    run(input);
  }
  if (options.mutations > 0) {
    std::fprintf(stderr, "mutating; an input that breaks the target is kept as ./%s\n", broken_by);
    for (const int number : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS}) std::signal(number, keep_input);
    gauntlet::fuzz::blind_mutator mutator(std::move(corpus), std::move(options.words), 1);
    for (std::uint64_t i = 0; i < options.mutations; ++i) run(mutator.next());
  }
  std::printf("%zu inputs replayed, %llu mutated\n", options.files.size(),
              static_cast<unsigned long long>(options.mutations));
  return 0;
}
