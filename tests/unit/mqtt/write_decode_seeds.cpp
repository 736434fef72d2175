// Writes the seed corpus of the fuzz target `decode` into the folder named by its only argument.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/unit/mqtt/decode_seeds.hpp"

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::fprintf(stderr, "usage: mqtt_write_decode_seeds FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  for (const auto& [name, bytes] : gauntlet::mqtt::decode_seeds()) {
    std::ofstream file(folder / name, std::ios::binary);
    file << gauntlet::as_text(bytes);
    if (!file.flush()) {
      std::fprintf(stderr, "cannot write %s\n", (folder / name).c_str());
      return 1;
    }
  }
  return 0;
}
