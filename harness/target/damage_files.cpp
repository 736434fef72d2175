#include "harness/target/damage_files.hpp"

#include <fstream>
#include <system_error>

namespace gauntlet::target {
namespace {

/// One bit in the middle becomes another.
bool flip_bit(const std::filesystem::path& file, std::uintmax_t size) {
  std::fstream content(file, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(size / 2);
  char byte = 0;
  if (!content.seekg(middle).get(byte)) return false;
  byte = static_cast<char>(static_cast<unsigned char>(byte) ^ 0x10U);
  return static_cast<bool>(content.seekp(middle).put(byte) << std::flush);
}

}  // namespace

outcome<void> damage_files(const std::vector<std::filesystem::path>& files, store_damage how) {
  for (const std::filesystem::path& file : files) {
    std::error_code error;
    if (how == store_damage::emptied) {
      std::filesystem::remove(file, error);
    } else {
      const std::uintmax_t size = std::filesystem::file_size(file, error);
      if (error || size == 0) continue;
      if (how == store_damage::truncated) std::filesystem::resize_file(file, size / 2, error);
      if (how == store_damage::flipped && !flip_bit(file, size)) {
        error = std::make_error_code(std::errc::io_error);
      }
    }
    if (error) {
      return environment_failed("cannot damage " + file.string() + ": " + error.message());
    }
  }
  return {};
}

outcome<void> damage_folder(const std::filesystem::path& folder, store_damage how) {
  std::vector<std::filesystem::path> files;
  std::error_code ignored;
  for (const auto& each : std::filesystem::recursive_directory_iterator(folder, ignored)) {
    if (each.is_regular_file(ignored)) files.push_back(each.path());
  }
  return damage_files(files, how);
}

}  // namespace gauntlet::target
