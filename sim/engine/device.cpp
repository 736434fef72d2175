#include "sim/engine/device.hpp"

#include "sim/engine/fleet_worker.hpp"

namespace gauntlet::sim {

void device::on_open(net::channel&) { worker->on_open(*this); }

void device::on_bytes(net::channel&, byte_view bytes) { worker->on_bytes(*this, bytes); }

void device::on_drained(net::channel&) { worker->on_drained(*this); }

void device::on_end(net::channel&, const net::channel_end& end) { worker->on_end(*this, end); }

}  // namespace gauntlet::sim
