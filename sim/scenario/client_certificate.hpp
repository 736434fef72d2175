#pragma once

// The certificate that each device shows to the broker.

#include "harness/config/reader.hpp"
#include "sim/scenario/text_template.hpp"

namespace gauntlet::sim {

/// PEM files of one device, by their paths; made by `gauntlet certificates`.
struct client_certificate {
  text_template certificate_file;
  text_template key_file;
};

config::reader<client_certificate> client_certificate_reader();

}  // namespace gauntlet::sim
