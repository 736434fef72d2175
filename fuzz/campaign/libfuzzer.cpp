#include "fuzz/campaign/libfuzzer.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

// The interface of libFuzzer, whose names are fixed.
extern "C" {
int LLVMFuzzerRunDriver(int* argc, char*** argv,
                        int (*callback)(const std::uint8_t* data, std::size_t size));
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);
std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                    unsigned int seed);
std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                      const std::uint8_t* other, std::size_t other_size,
                                      std::uint8_t* out, std::size_t out_size_max,
                                      unsigned int seed);
}

namespace {

using gauntlet::fuzz::answer_counters;
using gauntlet::fuzz::edge_counters;

// libFuzzer finds counters by the name of their section and calls plain functions: the two pieces
// of state that are not passed as arguments.
__attribute__((section("__libfuzzer_extra_counters"), used))
std::array<std::uint8_t, answer_counters + edge_counters>
    counters;
const gauntlet::fuzz::fuzzed* driven = nullptr;

int play_one(const std::uint8_t* data, std::size_t size) {
  counters[0] = 1;  // without any, libFuzzer takes the corpus for useless and ends
  driven->play({data, size}, counters);
  return 0;
}

gauntlet::seeded_stream draws_of(unsigned int seed) {
  return gauntlet::seeded_stream(seed, "mutation", "", 0);
}

}  // namespace

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                    unsigned int seed) {
  auto draws = draws_of(seed);
  return driven->mutate(data, size, size_max, draws);
}

std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                      const std::uint8_t* other, std::size_t other_size,
                                      std::uint8_t* out, std::size_t out_size_max,
                                      unsigned int seed) {
  auto draws = draws_of(seed);
  const auto made = driven->cross({one, one_size}, {other, other_size}, draws);
  const std::size_t size = std::min(made.size(), out_size_max);
  if (size > 0) std::memcpy(out, made.data(), size);
  return size;
}

namespace gauntlet::fuzz {

std::size_t change_bytes(std::uint8_t* data, std::size_t size, std::size_t size_max) {
  return LLVMFuzzerMutate(data, size, size_max);
}

void run_libfuzzer(const libfuzzer_options& options, const fuzzed& what) {
  driven = &what;
  std::vector<std::string> words = {
      "gauntlet",
      "-seed=" + std::to_string(options.seed),
      "-max_len=" + std::to_string(options.input_size_max),
      "-len_control=0",
      "-reduce_inputs=0",  // another run of an input that does the same in fewer bytes pays little
      "-use_cmp=0",
      "-timeout=3600",
      "-report_slow_units=3600",  // or it leaves a file where the user happens to be
      "-rss_limit_mb=0",
      "-detect_leaks=0",
      "-verbosity=0",
      "-print_final_stats=0",
      "-handle_abrt=0",
      "-handle_bus=0",
      "-handle_fpe=0",
      "-handle_ill=0",
      "-handle_int=0",
      "-handle_segv=0",
      "-handle_term=0",
      "-handle_xfsz=0",
      "-handle_usr1=0",
      "-handle_usr2=0",
      options.corpus.string()};
  for (const auto& each : options.seeds) words.push_back(each.string());
  std::vector<char*> pointers;
  for (std::string& each : words) pointers.push_back(each.data());
  pointers.push_back(nullptr);
  int count = static_cast<int>(words.size());
  char** values = pointers.data();
  LLVMFuzzerRunDriver(&count, &values, play_one);
  std::abort();  // it does not come back while `play` goes on
}

}  // namespace gauntlet::fuzz
