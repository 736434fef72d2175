#include "harness/history/rule_names.hpp"

#include <array>

namespace gauntlet::history {

std::span<const rule_name> rule_names() {
  static constexpr std::array<rule_name, 42> names{{
      {"D1", "Nothing comes that was not sent, and to nobody who did not subscribe"},
      {"D2", "Nothing is changed on the way"},
      {"D3", "What the broker has taken over at QoS 1 and 2 comes"},
      {"D4", "QoS 2 comes no more than once"},
      {"D5", "QoS 1 comes again only where it must"},
      {"D6", "QoS 0 comes at most once"},
      {"D7", "A resumed session gets again what it had not acknowledged"},
      {"D8", "The broker takes over a QoS 2 message once"},
      {"D9", "No more in flight than agreed, each with an identifier of its own"},
      {"D10", "Something comes: no session is stuck"},
      {"O1", "Messages of one publisher, topic and QoS come in order"},
      {"O2", "With a Receive Maximum of 1 nothing goes back"},
      {"O3", "Acknowledgements come in the order of what they acknowledge"},
      {"O4", "One member of a shared subscription gets its messages in order"},
      {"R1", "The retained message is the last one"},
      {"R2", "Retained messages take no step back"},
      {"R3", "Retained messages come when asked for, once, and marked as such"},
      {"R4", "Retained messages outlive a restart as claimed"},
      {"W1", "A will that is due is published, once and in time"},
      {"W2", "A will that was cancelled is not published"},
      {"W3", "A will on the edge is published at most once"},
      {"W4", "DISCONNECT 0x04 publishes the will"},
      {"W5", "A takeover treats the will as the standard says"},
      {"W6", "A will comes as CONNECT had it"},
      {"W7", "Wills outlive a restart as claimed"},
      {"S1", "Sessions last as long as agreed"},
      {"S2", "A clean start is clean"},
      {"S3", "Session Present means that all of the session is there"},
      {"S4", "A client has one connection"},
      {"S5", "DISCONNECT may change the expiry of the session"},
      {"E1", "Message Expiry Intervals count down"},
      {"E2", "Expired messages do not come"},
      {"E3", "Messages that have not expired come"},
      {"E4", "What was sent once is sent again even when it has expired"},
      {"H1", "A shared subscription gets every message"},
      {"H2", "A QoS 2 message goes to one member only"},
      {"H3", "A QoS 1 message goes to a second member only when the first has failed"},
      {"H4", "What a member refuses is dropped"},
      {"H5", "A shared subscription gets no retained messages"},
      {"Q1", "A queue for an absent session has no holes"},
      {"Q2", "A broker that refuses for want of room has not taken over"},
      {"Q3", "QoS 0 for an absent session comes whole, in part from the end, or not at all"},
  }};
  return names;
}

}  // namespace gauntlet::history
