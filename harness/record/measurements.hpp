#pragma once

// What a run measured: the figures that each worker keeps for its own devices and that add up.
// Plain structs; every field says what it includes and what it leaves out. Figures that only the
// whole run has (expectations, verdict, environment) are in run_result.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record/counted_reasons.hpp"
#include "harness/record/event_log.hpp"
#include "harness/record/histogram.hpp"
#include "harness/record/time_series.hpp"

namespace gauntlet::record {

/// The account of the application messages that one group published at one QoS. The figures of the
/// publishing side count at the QoS of the PUBLISH, those of the receiving side at the lower of
/// that and the one granted: a loss at QoS 0 is permitted, whatever it was published at. Every
/// message of the plan is in `sent` or `not_sent`; every expected delivery is in `delivered`,
/// `lost` or `uncertain`. Counters are filled where they are seen: those of the publishing side by
/// the publisher's worker, those of the receiving side by the subscriber's.
struct delivery_account {
  /// Messages that the scenario called for in the time that ran.
  std::uint64_t planned = 0;
  /// Messages handed to the transport at least once; retransmissions are not counted again.
  std::uint64_t sent = 0;
  /// Sent at QoS 1 or 2 and answered by PUBACK or PUBCOMP with a success code. Always 0 at QoS 0.
  std::uint64_t acknowledged = 0;
  /// Sent at QoS 1 or 2 and answered by PUBACK or PUBREC with a reason code of 0x80 or above.
  std::uint64_t rejected = 0;
  /// Planned but never handed to the transport: no connection, no free packet identifier, generator
  /// too late. Part of the plan, hence never silent.
  std::uint64_t not_sent = 0;
  /// Of `not_sent`, those that became due while the device had no connection and that its offline
  /// buffer had no room for.
  std::uint64_t dropped_offline = 0;
  /// Deliveries that our subscriptions ask for: each sent message once for each device of ours that
  /// has a matching subscription when it is sent. Messages that were rejected are not included.
  std::uint64_t expected_deliveries = 0;
  /// Expected deliveries that arrived, each counted once however often it came.
  std::uint64_t delivered = 0;
  /// Expected deliveries that must have arrived by now and did not. At QoS 0 the standard allows
  /// it; it is counted all the same.
  std::uint64_t lost = 0;
  /// Further copies of a delivery that had already arrived. At QoS 1 the standard allows it.
  std::uint64_t duplicated = 0;
  /// First copies that arrived after a later message of the same publisher, topic and QoS.
  std::uint64_t reordered = 0;
  /// Expected deliveries whose fate cannot be told: not acknowledged, sent while a connection
  /// broke, or still under way when the run ended.
  std::uint64_t uncertain = 0;
  /// Deliveries of such messages to a device that had no matching subscription, or with a payload
  /// other than the one sent.
  std::uint64_t unexpected = 0;
  /// Receipts of messages that the scenario sends without a stamp, every copy counted. They cannot
  /// be matched with what was sent, so they are in no other figure of the receiving side but the
  /// bytes received.
  std::uint64_t unjudged = 0;
  /// Application payload of `sent`, without topic, properties and framing.
  std::uint64_t payload_bytes_sent = 0;
  /// Application payload of `delivered`, `duplicated` and `unjudged`.
  std::uint64_t payload_bytes_received = 0;

  bool operator==(const delivery_account&) const = default;
};

/// The messages of one publishing group at one QoS (of the PUBLISH, not of the subscription), due
/// in one stage.
struct message_flow {
  std::string group;
  std::uint8_t qos = 0;
  /// Name of the stage; empty if the scenario has none.
  std::string stage;
  delivery_account account;
  /// From the time the plan scheduled the publication to its receipt by a subscriber, one
  /// observation for each of `delivered`. A stalled broker or sender cannot hide here.
  histogram latency_from_schedule;
  /// From the hand-over to the transport to receipt, one observation for each of `delivered`.
  histogram latency_from_send;
  /// From the hand-over to the transport to PUBACK or PUBCOMP, one for each of `acknowledged`.
  histogram acknowledgement_time;

  bool operator==(const message_flow&) const = default;
};

/// How reports name a flow beside its QoS: the group, and the stage if there is one.
std::string label_of(const message_flow& flow);

/// The connections and subscriptions of one group.
struct connection_account {
  std::string group;
  /// Devices of the group that were to connect in the time that ran.
  std::uint64_t planned = 0;
  /// Connections begun, reconnects included.
  std::uint64_t attempts = 0;
  /// Attempts answered by CONNACK with success.
  std::uint64_t connected = 0;
  /// Of `connected`, those of a device that had been connected before.
  std::uint64_t reconnected = 0;
  /// Attempts that ended without a successful CONNACK, by what failed. `attempts` is `connected`
  /// plus these plus what was under way at the end.
  counted_reasons failures;
  /// Established connections that ended without our asking for it and that no fault of the scenario
  /// explains, by how they ended.
  counted_reasons unexpected_disconnects;
  /// Established connections that a fault of the scenario ended, or that ended after it had taken,
  /// changed or held back what was on its way, by fault and how they ended: "power: connection
  /// reset". Not in `unexpected_disconnects`.
  counted_reasons disconnected_by_faults;
  /// Established connections that we ended as planned: at the end of the run, and
  /// `planned_departures`.
  std::uint64_t closed_by_us = 0;
  /// Of `closed_by_us`, those that the devices' life cycle or a disturbance ended, by how: "clean"
  /// (with DISCONNECT), "abrupt" (closed without), "half-open" (fell silent), "roaming" (left
  /// behind for a new one).
  counted_reasons planned_departures;
  /// Connections that fell silent or were left behind, and that the broker had not closed by the
  /// time it had to: one and a half Keep Alive, or at once when the device was back.
  std::uint64_t left_open = 0;
  /// Reconnects with a session that the broker had to keep, and did.
  std::uint64_t sessions_resumed = 0;
  /// Reconnects with a session that the broker had to keep, and did not.
  std::uint64_t sessions_lost = 0;
  /// From the loss of a connection, planned or not, to the CONNACK of the next one, one for each of
  /// `reconnected`.
  histogram offline_time;
  /// From the start of the attempt to CONNACK, one for each of `connected`: name lookup excluded,
  /// TCP, TLS and WebSocket handshakes included.
  histogram connect_time;

  /// Topic filters sent in SUBSCRIBE; repeats after a reconnect are counted again.
  std::uint64_t subscriptions_requested = 0;
  /// Filters granted by SUBACK at the requested QoS.
  std::uint64_t subscriptions_granted = 0;
  /// Filters granted at a lower QoS than requested.
  std::uint64_t subscriptions_downgraded = 0;
  /// Filters refused by SUBACK, by reason code.
  counted_reasons subscriptions_refused;

  bool operator==(const connection_account&) const = default;
};

/// The requests of one group that ask for an answer (request/response, MQTT 5.0 §4.10; by
/// convention in 3.1.1). Judged by who asked. `requests` is `answered` plus `timed_out` plus
/// `unfinished`.
struct request_account {
  std::string group;
  /// Requests handed to the transport.
  std::uint64_t requests = 0;
  /// Of those, answered within the time-out, each counted once.
  std::uint64_t answered = 0;
  /// Of those, not answered within the time-out.
  std::uint64_t timed_out = 0;
  /// Of `timed_out`, those whose answer came after all.
  std::uint64_t answered_late = 0;
  /// Of `requests`, those whose time-out was still to come when the run ended.
  std::uint64_t unfinished = 0;
  /// Answers to a request that had its answer already, copies of one answer included.
  std::uint64_t answered_twice = 0;
  /// Answers whose correlation is missing, damaged, or that of a request never made here, and
  /// requests that came to a device of ours with another Response Topic or other Correlation Data
  /// than they were sent with.
  std::uint64_t wrong_correlation = 0;
  /// From the time the plan scheduled the request to its first answer, however late it was.
  histogram response_time;
  /// The same from the hand-over of the request to the transport.
  histogram response_time_from_send;

  bool operator==(const request_account&) const = default;
};

/// How devices came back after one disturbance of the scenario.
struct recovery_account {
  /// The disturbance, as in "storm at 1m".
  std::string name;
  /// When it began, since publishing began.
  duration at{};
  /// Devices that lost their connection to it.
  std::uint64_t concerned = 0;
  /// From its beginning until a device was connected and subscribed again, one for each that was.
  histogram back_after;

  /// From its beginning until `percent` of the devices concerned were back; nothing if so many
  /// never were, or none was concerned.
  std::optional<duration> recovered_after(double percent) const;

  bool operator==(const recovery_account&) const = default;
};

/// Wills of our devices, judged at our subscribers. Connections that ended unexpectedly do not
/// count, for the broker may have been the one that went.
struct will_account {
  /// Wills that had to be published: connections of devices with a will that ended as planned
  /// without a DISCONNECT, times the subscribers that match.
  std::uint64_t expected = 0;
  /// Of those, received.
  std::uint64_t delivered = 0;
  /// Of those, not received although their time had come.
  std::uint64_t missing = 0;
  /// Wills received although the device disconnected properly or is still connected.
  std::uint64_t unexpected = 0;

  bool operator==(const will_account&) const = default;
};

/// Retained messages. The first four are what a late joiner saw that subscribed to every topic once
/// the run had drained; they stay 0 if no expectation asks for them.
struct retained_account {
  /// Topics whose last message the broker acknowledged and had to retain.
  std::uint64_t expected = 0;
  /// Of those, received with that message.
  std::uint64_t delivered = 0;
  /// Of those, not received.
  std::uint64_t missing = 0;
  /// Of those, received with another message.
  std::uint64_t stale = 0;
  /// Retained messages that subscriptions of the fleet got and that had been sent before the
  /// subscription stood. Not judged.
  std::uint64_t replayed = 0;

  bool operator==(const retained_account&) const = default;
};

/// What host applications of Sparkplug among our devices saw of edge nodes, ours or others.
struct sparkplug_account {
  /// Births, data and deaths that came to a host application, counted by each.
  std::uint64_t messages = 0;
  /// Of those, or of what should have come before them, what breaks a rule of Sparkplug 3.0.
  counted_reasons faults;
  /// Rebirths that host applications asked for, because they had lost the picture.
  std::uint64_t rebirths_requested = 0;

  bool operator==(const sparkplug_account&) const = default;
};

/// One worker process and what it cost.
struct worker_account {
  std::uint32_t id = 0;
  /// Its process id on its host.
  std::int64_t pid = 0;
  std::uint64_t devices = 0;
  /// User and system time of the process from its start to its last report.
  duration cpu{};
  /// Largest resident memory seen.
  std::uint64_t rss_bytes_max = 0;
  /// False if it died or stopped reporting: then its figures end with its last report.
  bool finished = false;

  bool operator==(const worker_account&) const = default;
};

/// Whether the generator kept up with its own plan.
struct generator_account {
  std::vector<worker_account> workers;
  /// From the time the plan scheduled a publication to its hand-over to the transport, one for each
  /// message sent.
  histogram schedule_lag;
  /// How late the event loop served its own 10 ms tick.
  histogram loop_lag;

  bool operator==(const generator_account&) const = default;
};

/// All that one worker measured, or several together.
struct measurements {
  /// In the order of the scenario's groups, then by QoS, then in the order of the stages.
  std::vector<message_flow> flows;
  /// In the order of the scenario's groups; each group once.
  std::vector<connection_account> connections;
  /// Groups that send requests, in the order of the scenario; each once.
  std::vector<request_account> requests;
  /// In the order of the scenario's disturbances.
  std::vector<recovery_account> recoveries;
  will_account wills;
  retained_account retained;
  sparkplug_account sparkplug;
  /// PUBLISH packets received that carry no stamp of this run: somebody else's messages.
  std::uint64_t foreign_messages = 0;
  /// Packets from the broker that broke the protocol, by the rule broken.
  counted_reasons protocol_errors;
  generator_account generator;
  time_series series;
  event_log events;

  /// The entry for that group, QoS and stage, made at the end if there is none. The reference holds
  /// until the next call.
  message_flow& flow(std::string_view group, std::uint8_t qos, std::string_view stage = {});
  /// The entry for that group, made at the end if there is none; as above.
  connection_account& connection(std::string_view group);
  request_account& requests_of(std::string_view group);
  /// The entry of that name and time, made at the end if there is none; as above.
  recovery_account& recovery(std::string_view name, duration at);

  bool operator==(const measurements&) const = default;
};

/// Adds `other`, measured by other workers in the same run, to `into`. Associative, so that partial
/// merges on other hosts give the same. Workers are kept side by side.
void merge(measurements& into, const measurements& other);
void merge(delivery_account& into, const delivery_account& other);
void merge(connection_account& into, const connection_account& other);
void merge(request_account& into, const request_account& other);

/// The account of all groups at `qos`, or of everything.
delivery_account total_of(const measurements& all, std::uint8_t qos);
delivery_account total_of(const measurements& all);

}  // namespace gauntlet::record
