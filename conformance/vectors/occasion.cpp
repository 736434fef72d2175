#include "conformance/vectors/occasion.hpp"

namespace gauntlet::conformance {
namespace {

// Names are as long in every run, so that a packet cut at a byte is cut in the same field.
constexpr std::size_t topic_size = 56;

std::string of_usual_size(std::string topic) {
  if (topic.size() < topic_size) topic.append(topic_size - topic.size(), 'x');
  return topic;
}

}  // namespace

occasion sample_occasion(mqtt::protocol_version version) {
  return {.version = version,
          .client_id = "g0123456789abcdef01",
          .topic = of_usual_size("gauntlet/0123456789/client")};
}

occasion occasion_of(context& test, const client& of) {
  return {.version = of.version(),
          .client_id = test.client_id(of.name()),
          .topic = of_usual_size(test.topic(of.name())),
          .login = test.where().login};
}

target::credentials login_of(const occasion& at) {
  return at.login.value_or(target::credentials{.user_name = "gauntlet", .password = "gauntlet"});
}

}  // namespace gauntlet::conformance
