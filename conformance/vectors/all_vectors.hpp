#pragma once

// Vectors: tests made from data, thousands of them. One file a family; each is added by a plain
// call.

#include "conformance/suite/suite.hpp"

namespace gauntlet::conformance {

void add_fixed_header_vectors(suite& to);         ///< all 256 first bytes
void add_remaining_length_vectors(suite& to);     ///< its forms, its limits, and lengths that lie
void add_truncation_vectors(suite& to);           ///< each kind of packet cut at each byte
void add_bad_text_vectors(suite& to);             ///< what is no UTF-8, in each string
void add_good_text_vectors(suite& to);            ///< unusual text that is legal
void add_property_vectors(suite& to);             ///< each property in each packet
void add_property_length_vectors(suite& to);      ///< the Property Length, and values cut short
void add_property_value_vectors(suite& to);       ///< limits of values and what lies beyond
void add_connect_flag_vectors(suite& to);         ///< all 256 bytes of Connect Flags
void add_protocol_vectors(suite& to);             ///< protocol names and versions
void add_packet_order_vectors(suite& to);         ///< first packets, second CONNECTs
void add_reason_code_vectors(suite& to);          ///< all 256 codes in each packet of a client
void add_subscription_option_vectors(suite& to);  ///< all 256 option bytes
void add_topic_matching_vectors(suite& to);       ///< names and filters against the matcher
void add_topic_validity_vectors(suite& to);       ///< names and filters that are not allowed
void add_segmentation_vectors(suite& to);         ///< the same bytes in other segments

/// All of them.
void add_all_vectors(suite& to);

}  // namespace gauntlet::conformance
