// A request with Response Topic and Correlation Data, and the response to it; Response Information.
// MQTT 5.0 §4.10, §3.1.2.11.6

#include "conformance/cases/request_response/request_response_cases.hpp"
#include "conformance/cases/support/message_path.hpp"

namespace gauntlet::conformance {
namespace {

using mqtt::property_id;
using mqtt::qos;

// One who asks and one who answers what the broker delivers to him.
struct exchange {
  context& test;
  qos level;
  client& requester;
  client& responder;

  exchange(context& of, qos with_level)
      : test(of),
        level(with_level),
        requester(of.connected("requester")),
        responder(of.connected("responder")) {
    requester.subscribe(test.topic("Answers"), level);
    responder.subscribe(test.topic("requests"), level);
  }

  void ask(std::string_view question, byte_buffer correlation) {
    requester.publish(with(publish_of(test.topic("requests"), question, level),
                           {mqtt::response_topic(test.topic("Answers")),
                            mqtt::correlation_data(std::move(correlation))}));
  }
  // The responder knows where to answer, and to what, from the broker alone.
  mqtt::publish take(std::string_view question) {
    auto request = responder.expect_publish(
        question,
        [](const auto& came) {
          return came.properties.contains(property_id::response_topic) &&
                 came.properties.contains(property_id::correlation_data);
        },
        "Response Topic and Correlation Data");
    responder.acknowledge(request);
    return request;
  }
  void answer(const mqtt::publish& request, std::string_view text) {
    if (test.over()) return;
    const auto where = request.properties.find<property_id::response_topic>();
    const auto what = request.properties.find<property_id::correlation_data>();
    responder.publish(with(publish_of(std::string(*where), text, level),
                           {mqtt::correlation_data(byte_buffer(what->begin(), what->end()))}));
  }
  void expect_answer(client& by, std::string_view text, const byte_buffer& correlation) {
    by.acknowledge(by.expect_publish(
        text,
        [&](const auto& came) {
          const auto data = came.properties.template find<property_id::correlation_data>();
          return data && byte_buffer(data->begin(), data->end()) == correlation;
        },
        "the Correlation Data of the request"));
  }
};

void request_is_answered(context& test, qos level) {
  exchange story(test, level);
  const byte_buffer correlation = {0x01, 0x00, 0x02};
  story.ask("?", correlation);
  story.answer(story.take("?"), "!");
  story.expect_answer(story.requester, "!", correlation);
}

// Two requests are under way, and the second is answered first.
void answers_find_their_requests(context& test) {
  exchange story(test, qos::at_least_once);
  story.ask("first?", {0x00, 0x01});
  story.ask("second?", {0x00, 0x02});
  const auto first = story.take("first?");
  const auto second = story.take("second?");
  story.answer(second, "second!");
  story.answer(first, "first!");
  story.expect_answer(story.requester, "second!", {0x00, 0x02});
  story.expect_answer(story.requester, "first!", {0x00, 0x01});
}

// Each with a Response Topic of its own.
void two_requesters(context& test) {
  exchange story(test, qos::at_least_once);
  client& other = test.connected("other");
  other.subscribe(test.topic("Answers/Other"), qos::at_least_once);
  story.ask("mine?", {0x07});
  other.publish(
      with(publish_of(test.topic("requests"), "other?", qos::at_least_once),
           {mqtt::response_topic(test.topic("Answers/Other")), mqtt::correlation_data({0x07})}));
  const auto mine = story.take("mine?");
  const auto others = story.take("other?");
  story.answer(others, "other!");
  story.answer(mine, "mine!");
  story.expect_answer(story.requester, "mine!", {0x07});
  story.expect_answer(other, "other!", {0x07});
  story.requester.expect_no_publish();
}

void two_responders(context& test) {
  exchange story(test, qos::at_least_once);
  client& second = test.connected("second");
  second.subscribe(test.topic("requests"), qos::at_least_once);
  story.ask("?", {0x05});
  story.answer(story.take("?"), "first!");
  const auto request = second.expect_publish(
      "?", [](const auto& came) { return came.properties.contains(property_id::response_topic); },
      "Response Topic");
  second.acknowledge(request);
  story.answer(request, "second!");
  story.expect_answer(story.requester, "first!", {0x05});
  story.expect_answer(story.requester, "second!", {0x05});
}

// The responder comes later; the request waits in its session.
void responder_is_away(context& test) {
  client& requester = test.connected("requester");
  requester.subscribe(test.topic("Answers"), qos::at_least_once);
  client& before = test.connected("responder", resumable(test));
  before.subscribe(test.topic("requests"), qos::at_least_once);
  before.drop();
  requester.publish(with(publish_of(test.topic("requests"), "?", qos::at_least_once),
                         {mqtt::response_topic(test.topic("Answers"))}));
  client& after = test.connected("responder", resumable(test));
  const auto request = after.expect_publish(
      "?",
      [&](const auto& came) {
        return came.properties.template find<property_id::response_topic>() ==
               std::string_view(test.topic("Answers"));
      },
      "the Response Topic of the request");
  if (test.over()) return;
  after.publish(test.topic("Answers"), "!", qos::at_least_once);
  requester.expect_publish("!");
}

void request_without_correlation(context& test) {
  exchange story(test, qos::at_least_once);
  story.requester.publish(with(publish_of(test.topic("requests"), "?", qos::at_least_once),
                               {mqtt::response_topic(test.topic("Answers"))}));
  story.responder.expect_publish(
      "?",
      [](const auto& came) {
        return came.properties.contains(property_id::response_topic) &&
               !came.properties.contains(property_id::correlation_data);
      },
      "Response Topic and no Correlation Data");
}

// An ordinary message, which the broker does not make a request of.
void answer_is_no_request(context& test) {
  exchange story(test, qos::at_least_once);
  story.ask("?", {0x01});
  story.answer(story.take("?"), "!");
  story.requester.expect_publish(
      "!",
      [](const auto& came) {
        return !came.properties.contains(property_id::response_topic) &&
               came.properties.contains(property_id::correlation_data);
      },
      "Correlation Data and no Response Topic");
}

void no_response_information(context& test, mqtt::property_list asks) {
  client& a = test.open("modest");
  mqtt::connect packet{.client_id = test.client_id("modest"), .properties = std::move(asks)};
  a.send(a.prepared(packet));
  const auto answer = a.expect_connack();
  if (answer.properties.contains(property_id::response_information)) {
    return deviate(test, a, "CONNACK without Response Information", "Response Information");
  }
  prove_delivery(test, a);
}

}  // namespace

void add_exchange_cases(suite& to) {
  const std::vector<statement_name> both = {v5("MQTT-3.3.2-15"), v5("MQTT-3.3.2-16")};
  const auto add = [&](std::string id, std::string title, need needed,
                       std::vector<caught_defect> defects, std::function<void(context&)> body) {
    to.add({.id = std::move(id),
            .title = std::move(title),
            .covers = both,
            .needs = {needed},
            .defects = std::move(defects),
            .body = std::move(body)});
  };
  add("MQTT-3.3.2-15/request-qos0", "A request and its response go through at QoS 0", need::qos1,
      {"drop-response-topic", "drop-correlation-data"},
      [](context& test) { request_is_answered(test, qos::at_most_once); });
  add("MQTT-3.3.2-15/request-qos1", "A request and its response go through at QoS 1", need::qos1,
      {"put-response-topic-in-lower-case", "cut-correlation-data-at-zero-byte"},
      [](context& test) { request_is_answered(test, qos::at_least_once); });
  add("MQTT-3.3.2-15/request-qos2", "A request and its response go through at QoS 2", need::qos2,
      {"drop-response-topic", "drop-correlation-data"},
      [](context& test) { request_is_answered(test, qos::exactly_once); });
  add("MQTT-3.3.2-16/two-requests", "Correlation Data tells two responses apart", need::qos1,
      {"cut-correlation-data-at-zero-byte", "drop-correlation-data"}, answers_find_their_requests);
  add("MQTT-3.3.2-15/two-requesters", "Response Topics bring responses to who has asked",
      need::qos1, {"put-response-topic-in-lower-case", "drop-response-topic"}, two_requesters);
  add("MQTT-3.3.2-15/two-responders", "Each of two responders learns where to answer", need::qos1,
      {"drop-response-topic"}, two_responders);
  add("MQTT-3.3.2-15/responder-away", "A request that waited has its Response Topic", need::qos1,
      {"drop-response-topic", "put-response-topic-in-lower-case"}, responder_is_away);
  add("MQTT-3.3.2-15/no-correlation", "A request without Correlation Data gets none", need::qos1,
      {"drop-response-topic"}, request_without_correlation);
  add("MQTT-3.3.2-16/response", "A response has Correlation Data and no Response Topic", need::qos1,
      {"drop-correlation-data"}, answer_is_no_request);
  to.add({.id = "MQTT-3.1.2-28/absent",
          .title = "A client that does not ask for Response Information gets none",
          .covers = {v5("MQTT-3.1.2-28")},
          .defects = {"send-unrequested-response-information"},
          .body = [](context& test) { no_response_information(test, {}); }});
  to.add({.id = "MQTT-3.1.2-28/zero",
          .title = "A client with Request Response Information 0 gets none",
          .covers = {v5("MQTT-3.1.2-28")},
          .defects = {"send-unrequested-response-information"},
          .body = [](context& test) {
            no_response_information(test, {mqtt::request_response_information(0)});
          }});
}

}  // namespace gauntlet::conformance
