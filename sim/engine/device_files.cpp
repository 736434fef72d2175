#include "sim/engine/device_files.hpp"

#include <cerrno>
#include <cstring>
#include <unistd.h>

#include <fmt/format.h>

namespace gauntlet::sim {

outcome<void> check_device_files(const fleet_plan& plan) {
  for (device_number device = 0; device < plan.device_count(); ++device) {
    const auto files = plan.certificate_of(device);
    if (!files) continue;
    for (const std::string& file : {files->certificate_file, files->key_file}) {
      if (::access(file.c_str(), R_OK) == 0) continue;
      return bad_input(fmt::format(
          "{}, of device {}: {}; 'gauntlet certificates' makes the files that a scenario names",
          file, plan.client_id_of(device), std::strerror(errno)));
    }
  }
  return {};
}

}  // namespace gauntlet::sim
