#include "conformance/vectors/all_vectors.hpp"

namespace gauntlet::conformance {

void add_all_vectors(suite& to) {
  to.begin_theme("Fixed header");
  add_fixed_header_vectors(to);
  add_remaining_length_vectors(to);
  add_truncation_vectors(to);
  to.begin_theme("Text");
  add_bad_text_vectors(to);
  add_good_text_vectors(to);
  to.begin_theme("Properties");
  add_property_vectors(to);
  add_property_length_vectors(to);
  add_property_value_vectors(to);
  to.begin_theme("CONNECT fields");
  add_connect_flag_vectors(to);
  add_protocol_vectors(to);
  add_packet_order_vectors(to);
  to.begin_theme("Codes and options");
  add_reason_code_vectors(to);
  add_subscription_option_vectors(to);
  to.begin_theme("Topics");
  add_topic_matching_vectors(to);
  add_topic_validity_vectors(to);
  to.begin_theme("Segmentation");
  add_segmentation_vectors(to);
}

}  // namespace gauntlet::conformance
