#include "sim/scenario/client_certificate.hpp"

#include "harness/config/object.hpp"
#include "sim/scenario/field_readers.hpp"

namespace gauntlet::sim {

config::reader<client_certificate> client_certificate_reader() {
  return config::object<client_certificate>(
             "The certificate of each device; the files are PEM, 'gauntlet certificates' makes "
             "them")
      .required("certificate_file", &client_certificate::certificate_file, path_template(),
                "Path with placeholders, from the folder of this file")
      .required("key_file", &client_certificate::key_file, path_template(),
                "Path with placeholders of the private key")
      .build();
}

}  // namespace gauntlet::sim
