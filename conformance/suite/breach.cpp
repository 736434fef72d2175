#include "conformance/suite/breach.hpp"

#include "conformance/suite/context.hpp"

namespace gauntlet::conformance {
namespace {

client& begin(context& test, breach_stage stage, std::string_view name) {
  return stage == breach_stage::opened ? test.open(name) : test.connected(name);
}

}  // namespace

void expect_refused(context& test, const breach& of) {
  client& control = begin(test, of.stage, "control");
  of.control(control);
  control.ping();
  control.disconnect();
  test.note_control("the same steps without the error, on a connection of their own, were served");

  client& breaker = begin(test, of.stage, "breaker");
  of.commit(breaker);
  if (of.stage == breach_stage::connected) {
    breaker.expect_close(of.manner);
  } else {
    // A PINGREQ would be one more breach here, and may be what ends the connection.
    breaker.expect_close_within(test.answer_limit(), of.manner);
  }

  test.expect_served();
}

}  // namespace gauntlet::conformance
