#include "harness/target/broker_fault.hpp"

#include <utility>
#include <vector>

#include "harness/base/units.hpp"

namespace gauntlet::target {
namespace {

constexpr duration look_interval = std::chrono::milliseconds(20);

std::string for_so_long(const std::optional<duration>& lasting) {
  return lasting ? " for " + format_duration(*lasting) : std::string();
}

struct describer {
  std::string operator()(const kill_fault&) const { return "killed"; }
  std::string operator()(const terminate_fault&) const { return "terminated"; }
  std::string operator()(const pause_fault& what) const {
    return "paused" + for_so_long(what.lasting);
  }
  std::string operator()(const restart_fault& what) const {
    return std::string(what.graceful ? "stopped in order" : "killed") +
           " and started again after " + format_duration(what.after) +
           (what.keeps_state ? "" : ", its state lost");
  }
  std::string operator()(const crash_loop_fault& what) const {
    return "killed " + std::to_string(what.times) + " times in a row";
  }
  std::string operator()(const damage_fault& what) const {
    switch (what.how) {
      case store_damage::emptied:
        return "killed, and its files emptied";
      case store_damage::truncated:
        return "killed, and its files truncated";
      case store_damage::flipped:
        return "killed, and a bit of its files flipped";
    }
    return "killed, and its files damaged";
  }
  std::string operator()(const disk_full_fault& what) const {
    return "left without room on its disk" + for_so_long(what.lasting);
  }
  std::string operator()(const scarcity_fault& what) const {
    const std::string most = what.what == scarce_resource::descriptors
                                 ? std::to_string(what.at_most) + " descriptors"
                                 : format_size(what.at_most) + " of memory";
    return "limited to " + most + for_so_long(what.lasting);
  }
  std::string operator()(const reload_fault&) const { return "told to read its configuration"; }
};

}  // namespace

std::string describe(const broker_fault& what) { return std::visit(describer{}, what); }

struct broker_faults::parts {
  /// A fault that ends by itself, or when faults are healed.
  struct lasting_fault {
    std::uint32_t number = 0;
    broker_fault what;
    std::unique_ptr<timer> over;
    bool ended = false;
  };

  /// The one fault that takes the broker away and perhaps brings it back.
  struct outage {
    std::uint32_t number = 0;
    broker_fault what;
    bool comes_back = false;
    duration after{};
    std::optional<store_damage> damage;
    std::uint32_t kills_left = 0;
    bool starting = false;
  };

  void tell(broker_event::moment what, std::uint32_t fault, std::string text) {
    on_event({.what = what, .at = loop.now(), .fault = fault, .text = std::move(text)});
  }
  void fail(std::uint32_t fault, const std::string& why) {
    tell(broker_event::moment::fails, fault, why);
  }

  void begin_outage(outage begun, bool graceful);
  void look();
  void bring_back();
  void take_start(const outcome<void>& how);
  void begin_lasting(std::uint32_t number, const broker_fault& what, const outcome<void>& done,
                     const std::optional<duration>& lasting);
  void end_lasting(lasting_fault& which);
  bool any_lasting() const {
    for (const auto& each : lasting) {
      if (!each->ended) return true;
    }
    return false;
  }

  event_loop& loop;
  broker_control* control;
  std::function<void(const broker_event&)> on_event;
  std::uint32_t last_number = 0;
  std::optional<outage> out;
  time_point back_at{};
  bool seen_down = false;
  bool lost = false;
  std::vector<std::unique_ptr<lasting_fault>> lasting;
  std::unique_ptr<timer> look_timer;
  /// Tells a start that ends later whether this is still there.
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

void broker_faults::parts::begin_outage(outage begun, bool graceful) {
  if (out) {
    return fail(begun.number, "the broker is away already, so it was not " + describe(begun.what));
  }
  const auto done = graceful ? control->terminate() : control->kill();
  if (!done) return fail(begun.number, done.error().message);
  tell(broker_event::moment::begins, begun.number, "the broker was " + describe(begun.what));
  out = std::move(begun);
  seen_down = false;
  look();
}

// Waits until the broker has gone, and then for its time to come back.
void broker_faults::parts::look() {
  if (!out || out->starting) return;
  if (control->is_running()) return look_timer->arm(loop.now() + look_interval);
  if (!std::exchange(seen_down, true)) {
    back_at = loop.now() + out->after;
    tell(broker_event::moment::gone, out->number, "the broker has ended");
  }
  if (!out->comes_back) return;
  if (loop.now() < back_at) return look_timer->arm(back_at);
  bring_back();
}

void broker_faults::parts::bring_back() {
  if (out->damage) {
    const auto done = control->damage_store(*std::exchange(out->damage, std::nullopt));
    if (!done) fail(out->number, done.error().message);
  }
  out->starting = true;
  control->start([this, still = std::weak_ptr<bool>(alive)](const outcome<void>& how) {
    if (!still.expired()) take_start(how);
  });
}

void broker_faults::parts::take_start(const outcome<void>& how) {
  if (!how) {
    lost = true;
    const std::uint32_t number = out->number;
    out.reset();
    return fail(number, "the broker did not come back: " + how.error().message);
  }
  out->starting = false;
  if (out->kills_left > 0) {
    --out->kills_left;
    seen_down = false;
    if (const auto killed = control->kill(); killed) return look();
  }
  const std::uint32_t number = out->number;
  out.reset();
  tell(broker_event::moment::ends, number, "the broker answers again");
}

void broker_faults::parts::begin_lasting(std::uint32_t number, const broker_fault& what,
                                         const outcome<void>& done,
                                         const std::optional<duration>& how_long) {
  if (!done) return fail(number, done.error().message);
  tell(broker_event::moment::begins, number, "the broker was " + describe(what));
  auto made = std::make_unique<lasting_fault>();
  made->number = number;
  made->what = what;
  lasting_fault& kept = *made;
  made->over = loop.make_timer([this, &kept] { end_lasting(kept); });
  if (how_long) made->over->arm(loop.now() + *how_long);
  lasting.push_back(std::move(made));
}

void broker_faults::parts::end_lasting(lasting_fault& which) {
  if (std::exchange(which.ended, true)) return;
  which.over->cancel();
  outcome<void> done;
  if (std::holds_alternative<pause_fault>(which.what)) done = control->resume();
  if (std::holds_alternative<disk_full_fault>(which.what)) done = control->free_disk();
  if (const auto* scarce = std::get_if<scarcity_fault>(&which.what)) {
    // A broker that has gone took its limits with it.
    if (control->is_running()) done = control->limit(scarce->what, 0);
  }
  if (!done) return fail(which.number, done.error().message);
  tell(broker_event::moment::ends, which.number, "the broker is no longer " + describe(which.what));
}

broker_faults::broker_faults(event_loop& loop, broker_control* control,
                             std::function<void(const broker_event&)> on_event)
    : parts_(new parts{.loop = loop,
                       .control = control,
                       .on_event = std::move(on_event),
                       .out = {},
                       .lasting = {},
                       .look_timer = nullptr}) {
  parts_->look_timer = loop.make_timer([this] { parts_->look(); });
}

broker_faults::~broker_faults() = default;

std::uint32_t broker_faults::apply(const broker_fault& what) {
  const std::uint32_t number = ++parts_->last_number;
  broker_control* const control = parts_->control;
  if (control == nullptr) {
    parts_->fail(number, "the broker is not ours, so it was not " + describe(what));
    return number;
  }
  const auto out = [number, &what] {
    parts::outage made;
    made.number = number;
    made.what = what;
    return made;
  };
  if (std::holds_alternative<kill_fault>(what)) parts_->begin_outage(out(), false);
  if (std::holds_alternative<terminate_fault>(what)) parts_->begin_outage(out(), true);
  if (const auto* again = std::get_if<restart_fault>(&what)) {
    auto made = out();
    made.comes_back = true;
    made.after = again->after;
    if (!again->keeps_state) made.damage = store_damage::emptied;
    parts_->begin_outage(std::move(made), again->graceful);
  }
  if (const auto* crashes = std::get_if<crash_loop_fault>(&what)) {
    auto made = out();
    made.comes_back = true;
    made.after = crashes->after;
    made.kills_left = crashes->times > 0 ? crashes->times - 1 : 0;
    parts_->begin_outage(std::move(made), false);
  }
  if (const auto* spoilt = std::get_if<damage_fault>(&what)) {
    auto made = out();
    made.comes_back = true;
    made.after = spoilt->after;
    made.damage = spoilt->how;
    parts_->begin_outage(std::move(made), false);
  }
  if (const auto* frozen = std::get_if<pause_fault>(&what)) {
    parts_->begin_lasting(number, what, control->pause(), frozen->lasting);
  }
  if (const auto* full = std::get_if<disk_full_fault>(&what)) {
    parts_->begin_lasting(number, what, control->fill_disk(), full->lasting);
  }
  if (const auto* scarce = std::get_if<scarcity_fault>(&what)) {
    parts_->begin_lasting(number, what, control->limit(scarce->what, scarce->at_most),
                          scarce->lasting);
  }
  if (std::holds_alternative<reload_fault>(what)) {
    parts_->begin_lasting(number, what, control->reload(), duration::zero());
  }
  return number;
}

void broker_faults::heal() {
  for (const auto& each : parts_->lasting) parts_->end_lasting(*each);
  if (!parts_->out) return;
  parts_->out->comes_back = true;
  parts_->out->kills_left = 0;
  parts_->out->after = duration::zero();
  parts_->back_at = parts_->loop.now();
  parts_->look();
}

bool broker_faults::is_whole() const {
  return !parts_->out && !parts_->any_lasting() && !parts_->lost;
}

bool broker_faults::is_lost() const { return parts_->lost; }

}  // namespace gauntlet::target
