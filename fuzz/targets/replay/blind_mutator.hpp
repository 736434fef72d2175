#pragma once

// Changes inputs at random, without coverage to guide it: what any build can do with a corpus in a
// few seconds. libFuzzer does better; see cmake/fuzz_tree.sh.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/bytes.hpp"
#include "harness/base/seeded_stream.hpp"

namespace gauntlet::fuzz {

/// Words of a dictionary as libFuzzer takes it: one in quotes a line, with \xNN.
std::vector<std::string> words_of_dictionary(std::string_view text);

/// The same corpus, words and seed make the same inputs.
class blind_mutator {
 public:
  static constexpr std::size_t input_bytes_max = 2048;

  blind_mutator(std::vector<byte_buffer> corpus, std::vector<std::string> words,
                std::uint64_t seed);

  /// An input of the corpus with one to eight changes.
  byte_buffer next();

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(draws_.below(bound)); }
  const byte_buffer& any_input() { return corpus_[below(corpus_.size())]; }
  void change(byte_buffer& input);
  void insert(byte_buffer& input, byte_view what);
  void change_byte(byte_buffer& input);

  std::vector<byte_buffer> corpus_;
  std::vector<std::string> words_;
  seeded_stream draws_;
};

}  // namespace gauntlet::fuzz
