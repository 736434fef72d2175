#pragma once

// A store that forgets everything but how much it was told, and that fails when told to.

#include "harness/broker/durable_store.hpp"

namespace gauntlet::broker {

/// Counts of one store; put and erased records of each kind, messages apart.
class counting_store final : public durable_store {
 public:
  outcome<void> read_all(record_reader&) override { return {}; }

  void put_assigned_identifiers(std::uint64_t) override { change(); }
  void put(const message_record&) override { change(), ++messages; }
  void put(const session_record&) override { change(), ++sessions; }
  void put(const subscription_record&) override { change(); }
  void put(const delivery_record&) override { change(), ++deliveries; }
  void put(const inbound_record&) override { change(); }
  void put(const will_record&) override { change(); }
  void put(const retained_record&) override { change(); }
  void erase_message(std::uint64_t) override { change(), --messages; }
  void erase_session(std::uint64_t) override { change(); }
  void erase_subscription(std::uint64_t, std::string_view) override { change(); }
  void erase_delivery(std::uint64_t) override { change(); }
  void erase_inbound(std::uint64_t, std::uint16_t) override { change(); }
  void erase_will(std::uint64_t) override { change(); }
  void erase_retained(std::string_view) override { change(); }

  outcome<void> commit() override {
    if (fails) return environment_failed("the disk is full");
    if (uncommitted > 0) ++commits;
    uncommitted = 0;
    return {};
  }

  bool fails = false;
  int changes = 0;
  int uncommitted = 0;  ///< changes since the last commit
  int commits = 0;      ///< that had something to commit
  int messages = 0;     ///< there now
  int sessions = 0;     ///< put, again or not
  int deliveries = 0;   ///< put, again or not

 private:
  void change() { ++changes, ++uncommitted; }
};

}  // namespace gauntlet::broker
